"""The map of General MIDI: knowledge_base/general_midi.yaml, loaded and checked once per process."""

from functools import cache

from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.knowledge.source import folder, read_yaml
from hardcore.project.generalmidi import GeneralMidi

FILE = "general_midi.yaml"


@cache
def general_midi() -> GeneralMidi:
    """Return the map of General MIDI. Raises UserError `file: key: what is wrong`."""
    try:
        return GeneralMidi.model_validate(read_yaml(folder() / FILE))
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"{FILE}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
