"""What the tests of the producer count in a project."""

import math
from collections.abc import Iterable, Iterator
from statistics import fmean

from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.knowledge.loader import genre_ids
from hardcore.project import devices
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from tests.effort import IS_SOAK

GENRES = genre_ids()
# the first of each family, whose files are whole
DEEP = (
    "acid",
    "ambient",
    "drum_and_bass",
    "gabber",
    "house",
    "industrial_hardcore",
    "lofi_hip_hop",
    "warehouse_techno",
)
SEEDS = range(20)
OFTEN, SELDOM = range(8), range(2)
STEP = 480
# `make test` tries the first of a family with eight seeds, every other style with two, each with others than its
# neighbour; `make soak` tries all with all
CASES = [
    (name, seed)
    for place, name in enumerate(GENRES)
    for seed in SEEDS
    if IS_SOAK or (seed in OFTEN if name in DEEP else seed % 10 == place % 10)
]


def sampled(*values: object) -> list[tuple[str, object]]:
    """Return cases: each style with each value; of styles that are not deep one each, in soak the rest."""
    return [
        (name, value)
        for place, name in enumerate(GENRES)
        for number, value in enumerate(values)
        if IS_SOAK or name in DEEP or number == place % len(values)
    ]


def seeds_of(name: str) -> range:
    """Return the seeds that a style is tried with."""
    return SEEDS if IS_SOAK else OFTEN if name in DEEP else SELDOM


_MADE: dict[tuple[str, int], ProjectState] = {}


def composed(genre: str, seed: int, **fields: object) -> ProjectState:
    """Return a project made from an intent of these fields; made once."""
    intent = Intent.model_validate({"genre": genre, **fields})
    key = (intent.model_dump_json(), seed)
    if key not in _MADE:
        _MADE[key] = compose(intent, seed)
    return _MADE[key]


def parts(project: ProjectState) -> Iterator[tuple[Role, Track, list[Note]]]:
    """Yield role, track and notes of every clip."""
    for track in project.tracks:
        for clip in track.clips:
            assert track.role is not None
            yield track.role, track, list(clip.notes)


def notes_of(project: ProjectState, *roles: Role) -> list[Note]:
    """Return the notes of some roles."""
    return [note for role, _, notes in parts(project) if role in roles for note in notes]


def roles_of(project: ProjectState) -> list[Role]:
    """Return the roles that have a track."""
    return [role for role, _, _ in parts(project)]


def bars_of(project: ProjectState) -> int:
    """Return the bars of the first clip."""
    return next(clip for _, clip in project.clips()).length_ticks // project.meter_map.bar_ticks()


def silent_bars(project: ProjectState) -> list[int]:
    """Return the bars in which nothing sounds."""
    bar = project.meter_map.bar_ticks()
    sounding: set[int] = set()
    for _, _, notes in parts(project):
        for note in notes:
            sounding.update(range(note.start_ticks // bar, (note.end_ticks - 1) // bar + 1))
    return [index for index in range(bars_of(project)) if index not in sounding]


def out_of_key(project: ProjectState) -> float:
    """Return the share of pitched notes outside the key."""
    pitched = [
        note
        for _, track, notes in parts(project)
        if track.instrument and devices.instrument(track.instrument.device).pitched
        for note in notes
    ]
    return sum(not project.key.contains(note.pitch) for note in pitched) / max(len(pitched), 1)


def bar_shapes(project: ProjectState, role: Role) -> list[tuple[tuple[int, int, int], ...]]:
    """Return per bar what a role plays: step, pitch and rounded force of each note."""
    bar = project.meter_map.bar_ticks()
    shapes: dict[int, list[tuple[int, int, int]]] = {index: [] for index in range(bars_of(project))}
    for note in notes_of(project, role):
        shapes[note.start_ticks // bar].append((note.start_ticks % bar, note.pitch, note.velocity // 24))
    return [tuple(shapes[index]) for index in sorted(shapes)]


def setting(project: ProjectState, role: Role, parameter: str) -> float | None:
    """Return the value of a parameter of a role's instrument, None where it has none."""
    for found, track, _ in parts(project):
        if found == role and track.instrument:
            known = devices.instrument(track.instrument.device)
            if any(one.id == parameter for one in known.parameters):
                return track.instrument.value(parameter)
    return None


def features(project: ProjectState) -> dict[str, float]:
    """Return a project's place in a space of rhythm, force and density."""
    bars = bars_of(project)
    tonal = [note for role, _, notes in parts(project) if role not in DRUMS for note in notes]
    drums = [note.velocity for role, _, notes in parts(project) if role in DRUMS for note in notes]
    backs = notes_of(project, "snare", "clap")
    groove = project.groove
    return {
        "tempo": project.tempo_map.bpm,
        "kicks": len(notes_of(project, "kick")) / bars,
        "kicks on beats": _share_on(notes_of(project, "kick"), {0, 4, 8, 12}),
        "backs": len(backs) / bars,
        "backs on 2 and 4": _share_on(backs, {4, 12}),
        "ghosts": sum(note.velocity < 65 for note in [*backs, *notes_of(project, "kick")]) / bars,
        "hats": len(notes_of(project, "hat_closed", "shaker")) / bars,
        "open": len(notes_of(project, "hat_open", "ride")) / bars,
        "swing": groove.timing[1] / STEP if groove else 0.0,
        "force": fmean(drums) if drums else 60.0,
        "bass": len(notes_of(project, "bass", "sub")) / bars,
        "bass offbeat": _share_on(notes_of(project, "bass"), {2, 6, 10, 14}),
        "lead": len(notes_of(project, "lead")) / bars,
        "chords": len(notes_of(project, "chords", "keys", "pad", "pluck")) / bars,
        "length": math.log2(fmean(note.length_ticks for note in tonal)) if tonal else 9.0,
        "slides": sum(note.slide for note in tonal) / bars,
    }


def _share_on(notes: Iterable[Note], steps: set[int]) -> float:
    found = [note.start_ticks // STEP % 16 in steps for note in notes]
    return fmean(found) if found else 0.5
