"""Where knowledge_base/ lies, and how a YAML file in it is read."""

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any

from hardcore.errors import UserError
from hardcore.paths import data_folder

# Sections in sections; what comes with the program has seven at most.
DEEPEST = 100


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
            known: set[Hashable] = set()
            for key in keys:
                if isinstance(key, Hashable) and key in known:
                    line = node.start_mark.line + 1
                    raise UserError(f"{path.name}: '{key}' is written twice in the section of line {line}")
                known |= {key} if isinstance(key, Hashable) else set()
            plain: dict[Hashable, Any] = super().construct_mapping(node, deep)
            return plain

    try:
        text = path.read_text(encoding="utf-8")
        if not path.is_relative_to(folder()):
            _ensure_flat(path.name, text, base)
        return yaml.load(text, Loader=Strict)
    except yaml.YAMLError as error:
        raise UserError(f"{path.name}: {' '.join(str(error).split())[:200]}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
    except ValueError as error:  # a number of 5,000 digits, the 99th of a month
        raise UserError(f"{path.name}: a number or a date in it is none: {error}") from error


def _ensure_flat(name: str, text: str, loader: Any) -> None:
    """Raise UserError for a text of unknown origin that is nested so deeply that reading it would end the process."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            raise UserError(f"{name}, line {line}: nested more than {DEEPEST} deep")
