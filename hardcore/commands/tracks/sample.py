"""Samples: which there are, what they are, and which one a track plays."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, Listing, Row, counted
from hardcore.commands.core.types import Choice, Flag, Kind, SampleRef, TrackRef, Words
from hardcore.commands.tracks.sounds import index_of, sound_called
from hardcore.errors import NotFound, UserError, nearest
from hardcore.music.pitch import note_name
from hardcore.project import recordings, samples, tracks
from hardcore.project.recording import Recording
from hardcore.project.roles import DRUMS, Role
from hardcore.project.samples import Sample
from hardcore.project.soundfacts import TYPES, SoundFile, is_there
from hardcore.project.soundsearch import Match, Query, query, search
from hardcore.project.track import Track

SHOWN = 40
# What plays notes as they are written.
MELODIC: tuple[Role, ...] = ("bass", "sub", "lead", "chords", "pluck", "keys", "pad")

SoundType = Annotated[
    str, Kind("type", f"one of {', '.join(TYPES)}", lambda project, before: (Choice(kind) for kind in TYPES))
]
SoundCount = Annotated[int, Field(ge=1, le=1000), Kind("number", "how many to show, 1 to 1000")]


@command("track sample", "track sample hats hat_tick", aliases=("sample",))
async def track_sample(call: Call, track: TrackRef, sample: SampleRef) -> Edited:
    """Let a track play a sample, the program's or one of yours; the sampler takes the place of another instrument."""
    from hardcore.jobs.preparation import ensure_playable

    found = call.project.find_track(track)
    sound = sound_called(call, sample, pitched=_is_melodic(found))
    if isinstance(sound, Recording):
        await ensure_playable(sound)
        call.edit(lambda project: recordings.set_recording(project, found.id, sound))
    else:
        call.edit(lambda project: tracks.set_sample(project, found.id, sound.name))
    assert found.instrument is not None
    before = found.instrument.sound.name if found.instrument.sound else found.instrument.device
    instead = f" instead of {before}" if before != sound.name else ""
    said = f"{found.name} plays {sound.name}{instead}"
    played = _how_played(call.project.find_track(found.id), sound, call.project.tempo_map.bpm)
    return Edited(message=f"{said}; {played}")


def _is_melodic(track: Track) -> bool:
    """Return whether a track plays notes that should sound as they are written."""
    if track.role is not None:
        return track.role in MELODIC
    roles = track.instrument.definition.roles if track.instrument is not None else ()
    return bool(set(roles) & set(MELODIC)) and not set(roles) & set(DRUMS)


def _how_played(track: Track, sound: Sample | Recording, bpm: float) -> str:
    """Return where a sound lies on the keys, and how it can go with the tempo where it has one."""
    assert track.instrument is not None
    device = track.instrument.definition
    ranges = {parameter.id: parameter for parameter in device.parameters}
    settings = {**{name: one.default for name, one in ranges.items()}, **track.instrument.settings}
    said = f"{note_name(sound.root_note)} is its own pitch"
    if "slices" in settings:
        first = note_name(round(settings["first_note"]))
        said = f"its {counted(round(settings['slices']), 'slice')} lie on the keys from {first} up"
    if not isinstance(sound, Recording) or not sound.loop or sound.bpm is None:
        return said
    if "sync" in settings:
        return f"{said}; {sound.bpm:g} bpm: /track set {track.name} sync 1 lets it go with the tempo"
    if "slices" in settings and ranges["rate"].low <= bpm / sound.bpm <= ranges["rate"].high:
        rate = f"{bpm / sound.bpm:.4g}"
        return f"{said}; {sound.bpm:g} bpm: /track set {track.name} rate {rate} plays them in time at {bpm:g}"
    return f"{said}; {sound.bpm:g} bpm"


class SampleRow(Row):
    """A sample of the program: what it is for, how long, its own pitch (MIDI note), and what it was made from."""

    name: str
    role: str
    seconds: float
    root_note: int
    loop: bool
    device: str
    settings: dict[str, float]
    licence: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        made = " ".join([self.device, *(f"{name}={value:g}" for name, value in self.settings.items())])
        return (self.name, self.role, f"{self.seconds:.2f}", note_name(self.root_note), self.loop, made, self.licence)


class SampleList(Listing[SampleRow]):
    """The samples of the program."""

    headings = ("sample", "for", "seconds", "root", "loop", "made from", "licence")


@command("samples", "samples", effects=())
def sample_list(call: Call) -> SampleList:
    """List the samples of the program that a track can play; yours are in `samples list`."""
    names = ("name", "role", "seconds", "root_note", "loop", "device", "licence")
    rows = tuple(
        SampleRow(**{name: getattr(s, name) for name in names}, settings=dict(s.settings))
        for s in samples.samples().values()
    )
    return SampleList(items=rows, note="let a track play one: /track sample TRACK SAMPLE")


class SoundRow(Row):
    """One of your own samples: what it is, where, and what was heard in it.

    bpm, key, hz   null where it has none; `words` how it sounds; `why` why it was found
    """

    name: str
    id: str
    path: str
    type: str
    seconds: float
    bpm: float | None
    key: str | None
    hz: float | None
    words: tuple[str, ...]
    why: str | None = None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        end: tuple[str, ...] = (" ".join(self.words), str(Path(self.path).parent))
        if self.why is not None:
            end = (self.why,)
        return (self.name, self.id, self.type, f"{self.seconds:.2f}", self.music, *end)

    @property
    def music(self) -> str:
        """Return tempo, key and pitch in words."""
        parts = [f"{self.bpm:g} bpm" if self.bpm else "", self.key or "", f"{self.hz:.1f} Hz" if self.hz else ""]
        return ", ".join(filter(None, parts))


class SoundList(Listing[SoundRow]):
    """Your own samples; `total` is how many there are, shown or not."""

    headings = ("sample", "id", "type", "seconds", "tempo, key or pitch", "heard as", "folder")

    total: int


class SoundMatches(Listing[SoundRow]):
    """Your own samples that were looked for, the best first; `whole` says whether the first are all that was asked."""

    headings = ("sample", "id", "type", "seconds", "tempo, key or pitch", "why")

    total: int
    whole: bool


class ProblemRow(Row):
    """A file that could not be used, and why."""

    path: str
    problem: str


class ProblemList(Listing[ProblemRow]):
    """The files that could not be used."""

    headings = ("file", "why")

    total: int


@command(
    "samples list",
    "samples list",
    effects=(),
    about={
        "folder": "only those of a folder",
        "type": "only those of a type, such as kick",
        "problems": "the files that could not be used",
    },
)
def own_list(
    call: Call, folder: Words = "", *, type: SoundType | None = None, count: SoundCount = SHOWN, problems: Flag = False
) -> SoundList | ProblemList:
    """List your own samples, those of a folder or a type, or with --problems the files that could not be used."""
    if type is not None and type not in TYPES:
        raise NotFound(f"no type '{type}'", nearest(type, TYPES))
    files = [file for file in index_of(call).files() if folder.casefold() in file.path.casefold()]
    bad = [file for file in files if file.facts is None]
    if problems:
        items = tuple(ProblemRow(path=file.path, problem=file.problem) for file in bad[:count])
        note = _more(len(bad), count)
        return ProblemList(items=items, total=len(bad), note=note, empty="every file could be used")
    good = [file for file in files if file.facts is not None and (type is None or file.type == type)]
    failed = f"{counted(len(bad), 'file')} could not be used: --problems says why" if bad else ""
    note = "; ".join(filter(None, [_more(len(good), count) or counted(len(good), "sample"), failed]))
    empty = failed or "none of yours yet: samples add FOLDER"
    return SoundList(items=tuple(_row(file) for file in good[:count]), total=len(good), note=note, empty=empty)


def _row(file: SoundFile, why: str | None = None) -> SoundRow:
    facts = file.facts
    assert facts is not None
    return SoundRow(
        name=file.name, id=file.id, path=file.path, type=file.type, seconds=facts.seconds, bpm=facts.bpm or None,
        key=facts.key or None, hz=file.hz or None, words=tuple(facts.words), why=why,
    )  # fmt: skip


def _more(total: int, shown: int) -> str:
    return f"{shown} of {total}: --count shows more" if total > shown else ""


@command(
    "samples find",
    "samples find dark kick 50hz",
    effects=(),
    about={"words": "what it is, how it sounds or what it is called: dark kick, 808"},
)
def own_find(call: Call, words: Words, *, count: SoundCount = 20) -> SoundMatches:
    """Find your samples by what they are, how they sound and what they are called, the best first, and say why.

    Types (kick, hat, loop …), dark, bright, short, long, boomy, noisy, tonal, numbers with hz, bpm or s (also from-to),
    a key, and words of file and folder names.
    """
    asked, matches, whole = _matches(call, words)
    rows = tuple(_row(match.file, match.why) for match in matches[:count])
    note = _more(len(matches), count)
    if matches and not whole:
        note = "; ".join(filter(None, [f"nothing is all of: {', '.join(asked.said)}; these come nearest", note]))
    empty = _nothing(asked)
    return SoundMatches(items=rows, total=len(matches), whole=whole, note=note, empty=empty)


def best_match(call: Call, words: str) -> tuple[Match, tuple[str, ...], bool]:
    """Return your sample that answers best to words, what they ask for, and whether it is all of that.

    Raises UserError where none answers.
    """
    asked, matches, whole = _matches(call, words)
    if not matches:
        raise NotFound(_nothing(asked), "samples add FOLDER, samples list")
    return matches[0], asked.said, whole


def _matches(call: Call, words: str) -> tuple[Query, list[Match], bool]:
    asked = query(words)
    if not asked.terms:
        raise UserError("that says nothing to look for", "such as: samples find dark kick 50hz")
    return (asked, *search(index_of(call).files(), asked))


def _nothing(asked: Query) -> str:
    return f"nothing of yours answers to: {', '.join(asked.said)}"


class FactRow(Row):
    """Something that is known, and what."""

    what: str
    value: str


class SoundView(Listing[FactRow]):
    """All that is known of one of your samples: in words, and as data."""

    headings = ("what", "value")

    sound: SoundRow
    there: bool
    rate: int
    channels: int
    heard_type: str
    why: str
    centroid_hz: float
    lufs: float | None
    peak_dbfs: float | None
    sha256: str


@command("samples show", "samples show deep_kick", effects=())
def own_show(call: Call, sample: SampleRef) -> SoundView:
    """Say all that is known of one of your samples: what was heard and why, and where its file is."""
    file = index_of(call).find(sample)
    facts, row = file.facts, _row(file)
    assert facts is not None
    sides = "stereo" if facts.channels == 2 else "mono"
    brightness = f"{facts.centroid_hz:.0f} Hz is the centre of its spectrum"
    loud = "" if facts.lufs is None else f"{facts.lufs:.1f} LUFS at its loudest, peak {facts.peak_dbfs or 0:.1f} dBFS"
    rows = (
        ("name", file.name), ("id", file.id), ("file", file.path + ("" if is_there(file) else "  (not there now)")),
        ("type", file.type), ("heard", f"{facts.type}: {facts.why}"), ("length", f"{facts.seconds:.3f} s"),
        ("format", f"{facts.rate} Hz, {sides}"), ("tempo, key, pitch", row.music), ("sounds", " ".join(facts.words)),
        ("brightness", brightness), ("loudness", loud), ("words", " ".join(file.words)), ("SHA-256", facts.sha256),
    )  # fmt: skip
    return SoundView(
        items=tuple(FactRow(what=what, value=value) for what, value in rows if value), sound=row, there=is_there(file),
        rate=facts.rate, channels=facts.channels, heard_type=facts.type, why=facts.why, centroid_hz=facts.centroid_hz,
        lufs=facts.lufs, peak_dbfs=facts.peak_dbfs, sha256=facts.sha256,
    )  # fmt: skip
