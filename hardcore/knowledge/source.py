"""Where knowledge_base/ lies, and how a YAML file in it is read."""

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any

from hardcore.errors import UserError
from hardcore.paths import data_folder


@cache
def folder() -> Path:
    """Return the folder of the knowledge base. Raises UserError when it is missing."""
    return data_folder("knowledge_base")


def read_yaml(path: Path) -> Any:
    """Return the plain data of a YAML file; a key written twice is refused. Raises UserError."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Strict(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
            if twice is not None:
                line = node.start_mark.line + 1
                raise UserError(f"{path.name}: '{twice}' is written twice in the section of line {line}")
            plain: dict[Hashable, Any] = super().construct_mapping(node, deep)
            return plain

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Strict)
    except yaml.YAMLError as error:
        raise UserError(f"{path.name}: {' '.join(str(error).split())[:200]}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
