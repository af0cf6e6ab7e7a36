"""Development: what a section does with the clips of its scene that it goes round more than once, and how a song's
last chorus or drop is more than the first.
"""

from collections.abc import Mapping, Sequence

from hardcore.compose.chance import stream
from hardcore.compose.vary import generated, is_as_made, remade
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ
from hardcore.project import clips
from hardcore.project.clip import CHORDS, MOTIF, Clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.parts import device_of
from hardcore.project.roles import ACCOMPANIMENT, DRUMS, TRANSITIONS, Role
from hardcore.project.state import ProjectState

LONGEST = 32  # bars of clips that are made for a section
_SOFTER = 0.8  # its velocity, of the tune's
_VOICES = (2, 5)  # scale steps by which it lies lower: a third, a sixth
_CONSONANT = (3, 4, 5, 7, 8, 9)  # semitones
# who sings the second voice, the first whose instrument has more than one voice
_SINGERS: tuple[Role, ...] = ("lead", "pluck", "keys", "chords", "pad")


def developed(project: ProjectState, scene_id: str, slots: Mapping[str, str], bars: int, seed: int) -> ProjectState:
    """Return the project with a scene of clips that are as long as its section, or a part of that, made of others.

    slots   the clips by track: each is gone round as before, but every round after the first ends otherwise
    Over the same chords: the second half of each bar row is made anew by `seed`, of drums some bars. What was made by
    hand or edited since is shared as it is, and so is what only marks where sections meet.
    """
    ours = set(slots.values())
    there = {made.clip.id: made for made in generated(project) if made.clip.id in ours}
    chosen = [made for made in there.values() if made.role not in TRANSITIONS and is_as_made(project, made)]
    for track_id, clip_id in slots.items():
        if all(made.clip.id != clip_id for made in chosen):
            project = clips.put(project, scene_id, track_id, clip_id)
    for made in chosen:
        own = max(project.meter_map.bar_of(made.clip.length_ticks), 1)
        whole = min(bars, LONGEST) // own * own
        project, clip_id = clips.copy_clip(project, made.clip.id, made.track.id, scene_id)
        if whole > own:
            project = _unrolled(project, clip_id, whole // own)
            project = remade(project, clip_id, seed, only=_ends(made.role, own, whole, seed))
    return project


def _ends(role: Role, own: int, whole: int, seed: int) -> frozenset[int]:
    """Return the bars of a clip that are made anew: where its later rounds end."""
    rng = stream(seed, "development", role)
    found: set[int] = set()
    for first in range(own, whole, own):
        tail = range(first + own // 2, first + own)
        found |= set(rng.sample(tail, max(len(tail) // 2, 1))) if role in DRUMS else set(tail)
    return frozenset(found)


def _unrolled(project: ProjectState, clip_id: str, rounds: int) -> ProjectState:
    """Return the project with a clip that plays what it played in so many rounds."""
    _, clip = project.find_clip(clip_id)
    whole = clip.evolve(length_ticks=clip.length_ticks * rounds)
    source = clip.provenance
    if source is not None:
        told = {name: " | ".join([source.intent[name]] * rounds) for name in (CHORDS, MOTIF) if name in source.intent}
        source = source.evolve(intent={**source.intent, **told})
    return clips.replace_clip(project, whole.evolve(notes=NoteBlock.of(_round(clip, whole)), provenance=source))


def grown(project: ProjectState, scene_id: str) -> ProjectState:
    """Return the project whose scene has a second voice under its tune.

    The tune's instrument sings it where it has voices enough, else an accompanying part does; a tune that was made by
    hand or edited since has none.
    """
    slots = project.find_scene(scene_id).slots
    there = {made.role: made for made in generated(project) if slots.get(made.track.id) == made.clip.id}
    tune = there.get("lead")
    if tune is None or not is_as_made(project, tune):
        return project
    singer = next((there[role] for role in _SINGERS if role in there and not device_of(there[role].track).mono), None)
    if singer is None:
        return project
    chords = [note for role in ACCOMPANIMENT if role in there for note in _round(there[role].clip, tune.clip)]
    voice = [lower for note in tune.clip.notes if (lower := _under(note, project.key, chords)) is not None]
    taken = [*_round(singer.clip, tune.clip)]
    low = device_of(singer.track).low_note
    voice = [note for note in voice if note.pitch >= low and not any(_meet(note, other) for other in taken)]
    project, clip_id = clips.copy_clip(project, singer.clip.id, singer.track.id, scene_id)
    changes = {"notes": NoteBlock.of([*taken, *voice]), "length_ticks": tune.clip.length_ticks}
    return clips.replace_clip(project, project.find_clip(clip_id)[1].evolve(**changes))


def _round(clip: Clip, beside: Clip) -> list[Note]:
    """Return the notes of a clip that goes round while another plays once."""
    rounds = range(0, beside.length_ticks, clip.length_ticks)
    return [
        moved
        for start in rounds
        for note in clip.notes
        if (moved := note._replace(start_ticks=note.start_ticks + start)).start_ticks < beside.length_ticks
    ]


def _under(note: Note, key: Key, chords: Sequence[Note]) -> Note | None:
    """Return the second voice of a note: a third or a sixth below, whichever the chord has; None between beats."""
    if note.length_ticks < PPQ and note.start_ticks % PPQ:
        return None
    heard = {one.pitch % 12 for one in chords if one.start_ticks <= note.start_ticks < one.end_ticks}
    lower = [key.step(note.pitch, -steps) for steps in _VOICES]
    fitting = [pitch for pitch in lower if note.pitch - pitch in _CONSONANT]
    if not fitting:
        return None
    pitch = min(fitting, key=lambda pitch: (pitch % 12 not in heard, note.pitch - pitch))
    return note._replace(pitch=pitch, velocity=max(round(note.velocity * _SOFTER), 1))


def _meet(one: Note, other: Note) -> bool:
    """Return whether two notes are the same pitch at the same time."""
    return one.pitch == other.pitch and one.start_ticks < other.end_ticks and other.start_ticks < one.end_ticks
