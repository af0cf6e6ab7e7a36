"""Says: what people say for a command: knowledge_base/says.yaml, loaded once per process."""

from collections.abc import Mapping
from functools import cache

from hardcore.errors import UserError
from hardcore.knowledge.source import folder, read_yaml

FILE = "says.yaml"


@cache
def says() -> Mapping[str, tuple[str, ...]]:
    """Return the words and phrases that people say for commands, by the command's name. Raises UserError."""
    listed = read_yaml(folder() / FILE)
    if not isinstance(listed, dict) or not all(isinstance(said, str) for said in listed.values()):
        raise UserError(f"{FILE}: a command's name with its words, separated by commas, is needed")
    return {str(name): tuple(word.strip() for word in said.split(",")) for name, said in listed.items()}
