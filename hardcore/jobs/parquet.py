"""The manifest of a batch as a table of Parquet, for tools that read data sets; and back, when that is all there is.

Its library (pyarrow, of the extra `cluster`) is loaded in a worker only: it is large, and a table may be from anywhere.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.artifacts import replacing
from hardcore.errors import UserError, without_extra
from hardcore.jobs.manifest import line_of
from hardcore.workers.context import Context, Words

if TYPE_CHECKING:
    import pyarrow

_FORMAT = "a manifest of hardcore"


def write_table(context: Context, source: str, target: str) -> Words:
    """Write the lines of a manifest as a table; return how many rows it has. Raises UserError."""
    arrow, parquet = _libraries()
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    table = arrow.Table.from_pylist([json.loads(line) for line in lines], schema=_schema(arrow))
    with replacing(Path(target)) as file:
        parquet.write_table(table, file, compression="zstd")
    return {"rows": table.num_rows}


def read_table(context: Context, source: str, target: str) -> Words:
    """Write the rows of a table as lines of a manifest; return how many there are. Raises UserError."""
    arrow, parquet = _libraries()
    try:
        table = parquet.read_table(source)
        rows = table.cast(_schema(arrow)).to_pylist()
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise UserError(f"{source} is no {_FORMAT}: {error}", "remove it, or name another folder") from error
    with replacing(Path(target)) as file:
        file.writelines(map(line_of, rows))
    return {"rows": len(rows)}


def _libraries() -> "tuple[pyarrow, pyarrow.parquet]":
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise without_extra("a table of Parquet", error, "cluster") from error
    return pyarrow, parquet


def _schema(arrow: "pyarrow") -> "pyarrow.Schema":
    """Return the columns of the table: those of a manifest's line, by name."""
    text, real, whole = arrow.string(), arrow.float64(), arrow.int64()
    section = arrow.struct([("name", text), ("kind", text), ("bars", whole)])
    heard = arrow.struct(
        [("tempo_bpm", real), ("tempo_confidence", real), ("key", text), ("key_confidence", real),
         ("faults", arrow.list_(text))]
    )  # fmt: skip
    file = arrow.struct([("file", text), ("bytes", whole), ("sha256", text)])
    return arrow.schema(
        [("key", text), ("prompt", text), ("seed", arrow.uint64()), ("title", text), ("style", text),
         ("tempo_bpm", real), ("music_key", text), ("meter", text), ("bars", whole), ("sections", arrow.list_(section)),
         ("length_s", real), ("target", text), ("lufs", real), ("true_peak_dbtp", real), ("heard", heard),
         ("files", arrow.list_(file)), ("made_by", text)]
    )  # fmt: skip
