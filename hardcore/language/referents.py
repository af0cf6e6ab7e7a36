"""What words can point at in the project that is open: tracks by name, role or instrument, sections, the last plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from hardcore.compose.styles import styles
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.knowledge.vocabulary import InstrumentWords, plural, vocabulary
from hardcore.language.lexicon import Phrases, lexicon
from hardcore.language.plan import CREATED, Call
from hardcore.language.spans import Part, Sense
from hardcore.project import devices
from hardcore.project.device import Parameter
from hardcore.project.roles import DRUMS, UNTUNED
from hardcore.project.scope import section_bars
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# asked for one, the project may have the other
_STAND_IN: Mapping[str, tuple[str, ...]] = {
    "bass": ("sub",),
    "sub": ("bass",),
    "chords": ("keys", "pad"),
    "keys": ("chords",),
}
_MELODIC = (
    "melodic parts", "melodic instruments", "instruments", "synths", "pitched parts", "the music parts", "all synths",
    "everything melodic", "all the melodic parts", "everything tonal", "everything pitched", "all the synths",
    "the melodic stuff",
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """The project a sentence is said to, and what it is already about.

    last    ids of the parts that the last sentence changed: what "it" means
    calls   what the last sentence did: what "a bit more" and "the same for the bass" mean; empty after a command
    """

    project: ProjectState
    last: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()

    def track(self, track_id: str) -> Track:
        """Return a track by id."""
        return self.project.find_track(track_id)

    def parts(self) -> Phrases:
        """Return the phrases that mean tracks: their names, then what the vocabulary calls them."""
        shape = tuple(
            (track.id, track.name, track.kind, track.role, track.output, track.instrument and track.instrument.device)
            for track in self.project.tracks
        ) + tuple(section_bars(self.project))
        if shape not in _books:
            if len(_books) > 16:
                _books.clear()
            _books[shape] = self._book()
        return _books[shape]

    def _book(self) -> Phrases:
        known: dict[str, list[Sense]] = {}
        for track in self.project.tracks:
            if track.kind != "master":
                bus = track.id if track.kind == "group" else ""
                sense = Sense("part", "", Part(track.name, self.members((track.id,)), group=bool(bus), bus=bus))
                known.setdefault(track.name.casefold(), []).append(sense)
                known.setdefault(track.id, [sense])
                if track.kind == "return":  # "the reverb return" is no effect on every part
                    for noun in ("return", "bus", "return track", "channel"):
                        known.setdefault(f"{track.name.casefold()} {noun}", [sense])
        for phrase, entry in _instruments():
            meant = self._meant(phrase, entry)
            named = known.get(phrase)
            # a track called hats is the closed ones; "the hats" are both
            if named is None or (len(entry.roles) > 1 and set(named[0].value.ids) < set(meant.ids)):
                known[phrase] = [Sense("part", "", meant)]
            if entry.device is not None and len(meant.ids) > 1:  # "the lead guitar" is one of several guitars
                for track in map(self.track, meant.ids):
                    own = Part(f"{track.role} {phrase}", (track.id,), (track.role,) if track.role else (), entry.device)
                    known.setdefault(f"{track.role} {phrase}", [Sense("part", "", own)])
        for name, _, _ in section_bars(self.project):
            if name.casefold() not in {track.name.casefold() for track in self.project.tracks}:
                known.pop(name.casefold(), None)  # the break of a song is no drum break
        for alias, phrase in aliases():
            if phrase in known:
                known.setdefault(alias, known[phrase])
        for phrase in _MELODIC:
            ids = tuple(track.id for track in self.project.tracks if track.clips and track.role not in UNTUNED)
            known.setdefault(phrase, [Sense("part", "", Part(phrase, ids, group=True))])
        return Phrases(known)

    def _meant(self, phrase: str, entry: InstrumentWords) -> Part:
        tracks = self._of(entry)
        if entry.device is not None:
            playing = [t for t in self.project.tracks if t.instrument and t.instrument.device == entry.device]
            # "the trumpet" is no other lead; "the stabs" are the chords, whatever plays them
            if playing or not entry.traits:
                tracks = playing
        elif not tracks and not entry.group:
            stand_in = (role for wanted in entry.roles for role in _STAND_IN.get(wanted, ()))
            role = next((role for role in stand_in if any(t.role == role for t in self.project.tracks)), None)
            tracks = [track for track in self.project.tracks if role is not None and track.role == role]
        ids = tuple(track.id for track in tracks)
        buses = {track.output for track in tracks}
        bus = next(iter(buses), None) if entry.group and len(buses) == 1 else None
        shared = bus is not None and self.track(bus).kind == "group" and set(self.members((bus,))) == set(ids)
        return Part(phrase, ids, entry.roles, entry.device, entry.traits, entry.group, bus if shared and bus else "")

    def _of(self, entry: InstrumentWords) -> list[Track]:
        return [track for track in self.project.tracks if track.role in entry.roles]

    def members(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids with groups replaced by the tracks that feed them."""
        found: list[str] = []
        for track_id in ids:
            made = track_id.startswith(CREATED)
            is_group = not made and self.track(track_id).kind == "group"
            fed = [one.id for one in self.project.tracks if one.output == track_id] if is_group else []
            found += fed or [track_id]
        return tuple(dict.fromkeys(found))

    def are_muted(self, ids: Iterable[str]) -> bool:
        """Return whether all of these tracks are muted; one that is still to be made is not."""
        return all(not one.startswith(CREATED) and self.track(one).mixer.mute for one in ids)

    def is_drum(self, track_id: str) -> bool:
        """Return whether a track plays a drum."""
        return not track_id.startswith(CREATED) and self.track(track_id).role in DRUMS

    def parameter(self, track_id: str, parameter: str) -> Parameter | None:
        """Return a parameter of a track's instrument by its id, None where it has no such one."""
        instrument = None if track_id.startswith(CREATED) else self.track(track_id).instrument
        known = instrument.definition.shown if instrument is not None else ()
        return next((one for one in known if one.id == parameter), None)

    def have_clips(self, ids: Iterable[str]) -> bool:
        """Return whether all of these tracks have clips, or will when they are made."""
        return all(one.startswith(CREATED) or self.track(one).clips for one in ids)

    def playing(self) -> tuple[str, ...]:
        """Return the ids of all tracks that have clips."""
        return tuple(track.id for track in self.project.tracks if track.clips)

    def rest(self, but: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the playing tracks that are not among `but`."""
        without = set(self.members(but))
        return tuple(track_id for track_id in self.playing() if track_id not in without)

    def master(self) -> str:
        """Return the id of the master."""
        return next(track.id for track in self.project.tracks if track.kind == "master")


# what the adjectives of prompts set, as dimensions of a mood
_DIMENSIONS = {
    "energy": ("energy", 1),
    "density": ("density", 1),
    "darkness": ("brightness", -1),
    "space": ("space", 1),
    "drive": ("drive", 1),
    "movement": ("movement", 1),
}
# by what the tracks are called and do: most edits change none of that
_books: dict[tuple[object, ...], Phrases] = {}


@cache
def _instruments() -> tuple[tuple[str, InstrumentWords], ...]:
    found: dict[str, InstrumentWords] = {}
    for entry in vocabulary().instruments:
        for phrase in entry.say:
            found[phrase.casefold()] = entry
            found.setdefault(plural(phrase.casefold()), entry)
    return tuple(found.items())


@cache
def aliases() -> tuple[tuple[str, str], ...]:
    """Return other words for parts with the word of the vocabulary that each means."""
    entries = read_yaml(folder() / "language" / "parts.yaml")
    return tuple((str(say).casefold(), str(entry["is"]).split(" ", 1)[1]) for entry in entries for say in entry["say"])


@cache
def fixed_phrases() -> Phrases:
    """Return phrases that need no project: styles, effects and parameters by the catalogue's names."""
    known: dict[str, list[Sense]] = {}
    for words in vocabulary().unavailable:
        for phrase in words.say:
            known.setdefault(phrase.casefold(), []).append(Sense("unavailable", words.why))
            known.setdefault(plural(phrase.casefold()), []).append(Sense("unavailable", words.why))
    for mood in vocabulary().moods:
        first, level = max(mood.sets.items(), key=lambda pair: abs(pair[1] - 0.5))
        dimension, sign = _DIMENSIONS.get(first, ("", 0))
        for phrase in mood.say:
            if dimension and not lexicon().means(phrase.casefold()):
                way = sign if level >= 0.5 else -sign
                known.setdefault(phrase.casefold(), []).append(Sense("adj", dimension, way))
    for trait in vocabulary().traits:
        for phrase in trait.say:
            known.setdefault(phrase.casefold(), []).append(Sense("trait", trait.trait, trait.roles))
    for style in styles():
        for phrase in style.phrases:
            known.setdefault(phrase.casefold(), []).append(Sense("style", style.id, style.name))
    for device in devices.effects().values():
        known.setdefault(device.id.replace("_", " "), []).append(Sense("fx", device.id))
    for device in (*devices.effects().values(), *devices.instruments().values()):
        for parameter in device.shown:
            name = parameter.id.replace("_", " ")
            # "delay" on a part is the effect, "mute" is no parameter of a string
            if len(name) > 2 and name not in known and not lexicon().means(name):
                known.setdefault(name, []).append(Sense("param", parameter.id))
    return Phrases(known)
