"""The sounds of a DAWproject: which files lie in it, and where they come from."""

import re
from typing import NamedTuple

from hardcore.project.artifact import SoundRef
from hardcore.project.region import AudioRegion

FOLDER = "audio"


class Sound(NamedTuple):
    """A sound that lies in the file at `path`: an artifact, perhaps turned round."""

    path: str
    sound: SoundRef
    reverse: bool = False


class Media:
    """The sounds of a project, each once."""

    def __init__(self) -> None:
        self.sounds: dict[tuple[str, bool], Sound] = {}

    def path_of(self, region: AudioRegion) -> str:
        """Return where the sound of a region lies."""
        return self._taken(region.sound, region.reverse).path

    def _taken(self, sound: SoundRef, reverse: bool) -> Sound:
        key = (sound.artifact, reverse)
        if key not in self.sounds:
            name = re.sub(r"[^\w.-]+", "-", sound.name)[:40].strip("-.") or "sound"
            turned = "-reversed" if reverse else ""
            self.sounds[key] = Sound(f"{FOLDER}/{name}-{sound.artifact[:12]}{turned}.wav", sound, reverse)
        return self.sounds[key]
