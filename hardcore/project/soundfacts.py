"""What the user's library knows about a sound: what analysis heard in it, and what its name says."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from hardcore.errors import UserError
from hardcore.music.pitch import pitch_class
from hardcore.music.scale import Key
from hardcore.project.recording import Recording

TYPES = ("kick", "snare", "clap", "hat", "perc", "bass", "stab", "pad", "vocal", "loop", "fx")
# How people name them, in files and in questions.
_NAMED = {
    "kick": "kick kicks kik bd bassdrum bassdrums",
    "snare": "snare snares snr sd",
    "clap": "clap claps clp",
    "hat": "hat hats hh hihat hihats ch oh cymbal cymbals ride rides crash shaker shakers",
    "perc": "perc percs percussion tom toms rim rims rimshot conga bongo clave cowbell block",
    "bass": "bass basses sub reese",
    "stab": "stab stabs chord chords pluck plucks lead leads keys key piano",
    "pad": "pad pads drone drones atmo texture textures",
    "vocal": "vocal vocals vox voice acapella",
    "loop": "loop loops break breaks breakbeat groove",
    "fx": "fx sfx riser risers sweep sweeps impact impacts noise vinyl",
}
TYPE_OF = {word: kind for kind, words in _NAMED.items() for word in words.split()}
_SIGNS = {"#": 1, "s": 1, "♯": 1, "b": -1, "♭": -1}
# Where in General MIDI a drum lies: patterns play it there, and there it sounds as it is.
_DRUM_NOTES = {"kick": 36, "snare": 38, "clap": 39, "hat": 42, "perc": 75}


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """The content of one sound file, known by its hash; what was heard is as in audio/oneshots.py."""

    sha256: str
    size: int
    frames: int
    rate: int
    channels: int
    type: str
    why: str = ""
    hz: float | None = None
    key: str | None = None
    bpm: float | None = None
    centroid_hz: float = 0.0
    lufs: float | None = None
    peak_dbfs: float | None = None
    words: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Return its length."""
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class SoundFile:
    """One file of the library: where it is, under which added folder, its stamp, and what is in it.

    facts    None for a file that could not be used; `problem` says why
    words    of its name and folders
    """

    path: str
    folder: str
    size: int
    modified_ns: int
    facts: SoundFacts | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """Return what it is called: its file name without the ending."""
        return sound_name(self.path)

    @property
    def id(self) -> str:
        """Return the short form of its hash, which names it among others of its name."""
        return self.facts.sha256[:8] if self.facts else ""

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words of its name and of the folders it is in, up to the one that was added."""
        return name_words(self.path, self.folder)

    @property
    def hz(self) -> float | None:
        """Return the pitch that was heard, else the one that its name says in Hz."""
        return (self.facts.hz if self.facts else None) or said_hz(self.path)

    @property
    def type(self) -> str:
        """Return what its own name says it is, else what was heard; a loop that was heard stays one."""
        assert self.facts is not None
        return self.facts.type if self.facts.type == "loop" else said_type(self.path) or self.facts.type


def sound_file(values: Mapping[str, Any]) -> SoundFile:
    """Return a file of the library from `asdict` of one that went through JSON."""
    facts = values["facts"]
    known = SoundFacts(**{**facts, "words": tuple(facts["words"])}) if facts is not None else None
    return SoundFile(**{**values, "facts": known})


def sound_name(path: str) -> str:
    """Return the name of a sound at a path: its stem, tidied, at most 80 letters."""
    stem = unicodedata.normalize("NFC", PurePath(path).stem)
    tidy = " ".join("".join(letter if letter.isprintable() else " " for letter in stem).split())
    return tidy[:80].strip() or "sound"


def name_words(path: str, folder: str = "") -> tuple[str, ...]:
    """Return the words in a file's name and in its folders, lower case, in order, each once."""
    place = PurePath(path)
    try:
        parts = [PurePath(folder).name, *place.relative_to(folder).parts[:-1]] if folder else []
    except ValueError:
        parts = []
    text = " ".join([*parts, place.stem])
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFC", text))
    found = re.findall(r"[^\W\d_]+|\d+", text.casefold())
    return tuple(dict.fromkeys(found))


def said_type(path: str) -> str | None:
    """Return the type that a file's own name says, None when it says none; the last such word counts."""
    said = [TYPE_OF[word] for word in name_words(path) if word in TYPE_OF]
    return "loop" if "loop" in said else said[-1] if said else None


def said_bpm(path: str) -> float | None:
    """Return the tempo that a file's name says, such as `break 174bpm` or `120_BPM_top`."""
    match = re.search(r"(?<!\d)(\d{2,3}(?:\.\d+)?)[\s_-]*bpm|bpm[\s_-]*(\d{2,3})(?!\d)", PurePath(path).stem, re.I)
    value = float(match.group(1) or match.group(2)) if match else 0.0
    return value if 40 <= value <= 300 else None


def said_hz(path: str) -> float | None:
    """Return the pitch that a file's name says in Hz, such as `BD_50hz`."""
    match = re.search(r"(?<![\d.])(\d{2,5}(?:\.\d+)?)[\s_-]*hz(?![a-z])", PurePath(path).stem, re.I)
    value = float(match.group(1)) if match else 0.0
    return value if 20 <= value <= 5000 else None


def said_note(path: str) -> int | None:
    """Return the MIDI note that a file's name says, such as `saw_A2` or `Cmin` (the C nearest to middle C)."""
    note = re.search(r"(?<!\S)([A-G])(#|b|s|♯|♭)?(-?\d)(?!\S)", _spaced(path))
    if note is not None:
        value = 12 * (int(note.group(3)) + 1) + pitch_class(note.group(1)) + _SIGNS.get(note.group(2) or "", 0)
        return value if 0 <= value <= 127 else None
    key = said_key(path)
    return 60 + (key.tonic + 5) % 12 - 5 if key is not None else None


def said_key(path: str) -> Key | None:
    """Return the key that a file's name says, such as `Cmin`, `F#m` or `Bb major`."""
    key = re.search(r"(?<!\S)([A-G](?:#|b|♯|♭)?)\s?(min|maj|minor|major|m)(?![^\W\d_])", _spaced(path))
    if key is None:
        return None
    tonic = key.group(1).replace("♯", "#").replace("♭", "b")
    return Key(tonic=pitch_class(tonic), mode="major" if key.group(2).startswith("maj") else "minor")


def _spaced(path: str) -> str:
    return re.sub(r"[_\-.,()\[\]]+", " ", unicodedata.normalize("NFC", PurePath(path).stem))


def recording_of(file: SoundFile, *, pitched: bool = False) -> Recording:
    """Return the reference to a sound that a project keeps. Raises UserError for one that cannot be played.

    Drums lie where patterns play them and loops at C4, so they sound as recorded; what has a pitch lies on it, and for
    a `pitched` part so does every sound whose pitch was heard or is said in its name.
    """
    facts = file.facts
    if facts is None:
        raise UserError(f"{file.name} cannot be used: {file.problem}", "choose another: samples find WORDS")
    return Recording(
        sha256=facts.sha256,
        name=file.name,
        path=file.path,
        size=facts.size,
        frames=facts.frames,
        rate=facts.rate,
        channels=facts.channels,
        root_note=_root_note(file, pitched),
        loop=file.type == "loop",
        bpm=facts.bpm if facts.bpm is not None and 10 <= facts.bpm <= 1000 else None,
    )


def _root_note(file: SoundFile, pitched: bool) -> int:
    if not pitched and file.type in _DRUM_NOTES:
        return _DRUM_NOTES[file.type]
    own = _own_note(file) if pitched or file.type in ("bass", "stab", "pad", "vocal") else None
    return own if own is not None else _DRUM_NOTES.get(file.type, 60)


def _own_note(file: SoundFile) -> int | None:
    """Return the MIDI note of a sound: the one that was heard, where its name does not know better.

    Ears are most often wrong by a fifth and octaves; of octaves names are often wrong too, for some call middle C C3.
    """
    from math import log2

    said = said_note(file.path)
    if file.hz is None:
        return said
    heard = min(127, max(0, round(69 + 12 * log2(file.hz / 440))))
    return said if said is not None and (heard - said) % 12 in (5, 7) else heard


def is_there(file: SoundFile) -> bool:
    """Return whether a file lies where it was, as it was, by size and date."""
    try:
        found = Path(file.path).stat()
    except (OSError, ValueError):
        return False
    return (found.st_size, found.st_mtime_ns) == (file.size, file.modified_ns)
