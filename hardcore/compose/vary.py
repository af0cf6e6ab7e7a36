"""Making parts of a project anew from what they were made from: other chances, the same wishes.

The chords stay those of the scene as long as one part that plays pitches stays. Tempo, key and meter are the
project's now, and the bass hears the kick that is there, so a new part fits the old ones.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from pydantic import ValidationError

from hardcore.compose.chance import stream
from hardcore.compose.form.transition import retimed
from hardcore.compose.harmony.chordnames import mixed as mixed_chords
from hardcore.compose.motif.bars import mixed as mixed_bars
from hardcore.compose.parts.part import SceneScore, play, told
from hardcore.compose.plan import Plan, make_plan
from hardcore.compose.producer import PRODUCER, intent_of, provenance
from hardcore.errors import UserError
from hardcore.music.meter import MeterMap
from hardcore.project.clip import CHORDS, MOTIF, Clip, Provenance
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import DRUMS, TRANSITIONS, UNTUNED, Role
from hardcore.project.sectionkeys import key_in
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# in a clip's intent: the seed of the chords it was made over, the kind of section it belongs to, the seed of the song
HARMONY_SEED, SECTION, SONG_SEED = "harmony_seed", "section", "song_seed"


@dataclass(frozen=True)
class Made:
    """A clip that can be made anew, with its track, its role and what it came from."""

    track: Track
    clip: Clip
    role: Role
    source: Provenance


def vary(
    project: ProjectState, seed: int, keep: Collection[str] = (), amount: float = 1.0, scene_id: str | None = None
) -> ProjectState:
    """Return the project with its generated parts made anew, except those to keep.

    keep    track ids, track names or roles that stay as they are, note for note
    amount  0–1: the share of each part's bars that are replaced; at 0 nothing changes
    scene_id   only the clips of one scene; all clips without
    What was made by hand or by another producer stays. Raises UserError when nothing is left to vary.
    """
    kept = {word.casefold() for word in keep}
    wanted = None if scene_id is None else set(project.find_scene(scene_id).slots.values())
    chosen = [
        made
        for made in generated(project)
        if not kept.intersection((made.track.id, made.track.name.casefold(), made.role))
        and (wanted is None or made.clip.id in wanted)
    ]
    if not chosen:
        raise UserError("there is nothing to vary", "parts made from a prompt can be varied, unless they are kept")
    if amount <= 0:
        return project
    chords = seed if amount >= 1 and _all_tonal(project, chosen) else None
    for made in chosen:
        project = remade(project, made.clip.id, seed, amount, chords)
    return project


def regenerate(project: ProjectState, clip_id: str, seed: int) -> ProjectState:
    """Return the project with one clip made anew from its provenance. Raises UserError when it has none."""
    return remade(project, clip_id, seed)


def harmonized(project: ProjectState) -> ProjectState:
    """Return the project with its generated parts with pitches made again from the seeds they have, over the chords
    that their wishes ask for now. Raises UserError when there are none.
    """
    if not any(made.role not in UNTUNED for made in generated(project)):
        raise UserError("there are no chords to change", "parts made from a prompt have chords that words change")
    return made_again(project, UNTUNED)


def made_again(project: ProjectState, but: Collection[Role] = ()) -> ProjectState:
    """Return the project with its generated parts made again from the seeds they have, in the key, meter and chords
    that hold now; those in the roles `but` stay.
    """
    chosen = [made for made in generated(project) if made.role not in but]
    for made in chosen:
        project = remade(project, made.clip.id, made.source.seed)
    return project


def from_prompt(track: Track, clip: Clip) -> bool:
    """Return whether a clip was made by this producer, and so can be made again."""
    return _made(track, clip) is not None


def _order(made: Made) -> tuple[bool, bool]:
    """Return when a part is made: drums first, then the lead: the bass and a counter-melody listen for them."""
    return made.role not in DRUMS, made.role != "lead"


def _all_tonal(project: ProjectState, chosen: list[Made]) -> bool:
    """Return whether every clip that plays pitches is made anew, so that nothing holds on to the old chords."""
    anew = {made.clip.id for made in chosen}
    return all(clip.id in anew for track, clip in project.clips() if track.role not in UNTUNED)


def generated(project: ProjectState) -> list[Made]:
    """Return the clips that can be made anew, in the order they are made: what others listen to comes first."""
    return sorted((made for track, clip in project.clips() if (made := _made(track, clip))), key=_order)


def _made(track: Track, clip: Clip) -> Made | None:
    source = clip.provenance
    if source is None or source.producer != PRODUCER or track.role is None or track.instrument is None:
        return None
    return Made(track, clip, track.role, source)


def remade(
    project: ProjectState,
    clip_id: str,
    seed: int,
    amount: float = 1.0,
    chords: int | None = None,
    words: Mapping[str, str] | None = None,
    bars: int | None = None,
    only: Collection[int] | None = None,
) -> ProjectState:
    """Return the project with a clip's notes made anew in `amount` of its bars. Raises UserError.

    chords   seed of other chords; words   what is kept with the clip from now on; bars   its new length
    only     the bars, from 0, that are made anew, in place of `amount`
    """
    track, clip = project.find_clip(clip_id)
    made = _made(track, clip)
    if made is None or track.instrument is None:
        raise UserError(f"{clip.name} was not made from a prompt", "clips made from a prompt can be made anew")
    if words:
        made = replace(made, source=made.source.evolve(intent={**made.source.intent, **words}))
    if bars:
        made = replace(made, clip=clip.evolve(length_ticks=project.meter_map.bar_start(bars)))
    harmony_seed = _harmony_seed(made.source) if chords is None else chords
    score, device = _score(project, made, seed, harmony_seed), track.instrument.definition
    plan = score.plan
    fresh = play(score, made.role, device)
    chosen = _chosen_bars(plan, seed, amount) if only is None else set(only)
    if made.role in TRANSITIONS:  # what spans bars is replaced as a whole
        chosen = set(range(plan.bars)) if plan.bars - 1 in chosen else set()
    notes = _mixed(list(clip.notes), fresh, plan, chosen)
    known = told(score, made.role, device)
    if len(chosen) < plan.bars:
        known |= {
            name: mix(made.source.intent.get(name, ""), known[name], chosen)
            for name, mix in ((MOTIF, mixed_bars), (CHORDS, mixed_chords))
            if name in known
        }
    kept = {**made.source.intent, **known, HARMONY_SEED: str(harmony_seed)}
    source = provenance(made.source.prompt, seed, kept)
    changes = {"notes": NoteBlock.of(notes), "length_ticks": plan.length_ticks, "provenance": source}
    return retimed(project.with_clip(clip.id, lambda clip: clip.evolve(**changes)), track.id)


def is_as_made(project: ProjectState, made: Made) -> bool:
    """Return whether a clip still plays what was made from its prompt and seed: it was not edited since."""
    if made.track.instrument is None:
        return False
    score = _score(project, made, made.source.seed, _harmony_seed(made.source))
    fresh = play(score, made.role, made.track.instrument.definition)
    return NoteBlock.of(fresh) == made.clip.notes


def chords_of(project: ProjectState, made: Made, harmony_seed: int) -> list[str]:
    """Return the chords of each bar that a seed gives a clip."""
    return _score(project, made, made.source.seed, harmony_seed).progression.told().split(" | ")


def _score(project: ProjectState, made: Made, seed: int, harmony_seed: int) -> SceneScore:
    """Return what a clip is made from in the project as it is now."""
    beside = (_beside(project, made, "kick"), _beside(project, made, "lead"))
    return SceneScore(_plan(project, made, seed), harmony_seed, *beside)


def _harmony_seed(source: Provenance) -> int:
    text = source.intent.get(HARMONY_SEED, "")
    return int(text) if text.isdecimal() else source.seed


def _plan(project: ProjectState, made: Made, seed: int) -> Plan:
    """Return the plan of the clip's wishes in the project as it is now. Raises UserError."""
    point = project.meter_map.points[0]
    meter = MeterMap().with_meter(point.numerator, point.denominator)
    current: dict[str, Any] = {
        "bpm": project.tempo_map.bpm,
        "key": key_in(project, made.track, made.clip),
        "meter": meter,
        "bars": ceil(made.clip.length_ticks / meter.bar_ticks()),
        "roles": tuple(dict.fromkeys(track.role for track in project.tracks if track.role)),
    }
    song_seed = made.source.intent.get(SONG_SEED, "")
    if song_seed.isdecimal():
        current["song_seed"] = int(song_seed)
    try:
        return make_plan(intent_of(made.source), seed, made.source.intent.get(SECTION, ""), **current)
    except (ValidationError, ValueError) as error:
        raise UserError(f"what {made.clip.name} was made from can no longer be read") from error


def _beside(project: ProjectState, made: Made, role: Role) -> tuple[Note, ...]:
    """Return a role's notes in the scene of the clip, looped over its length; none where it does not play."""
    scene = next((scene for scene in project.scenes if made.clip.id in scene.slots.values()), None)
    found: list[Note] = []
    for track, clip in project.clips():
        if track.role == role and (scene is None or scene.slots.get(track.id) == clip.id):
            for start in range(0, made.clip.length_ticks, clip.length_ticks):
                found += [note._replace(start_ticks=note.start_ticks + start) for note in clip.notes]
    return tuple(note for note in found if note.start_ticks < made.clip.length_ticks)


def _chosen_bars(plan: Plan, seed: int, amount: float) -> set[int]:
    """Return the bars that are replaced: `amount` of them, drawn."""
    order = list(range(plan.bars))
    stream(seed, "vary", "bars").shuffle(order)
    return set(order[: min(plan.bars, ceil(max(amount, 0.0) * plan.bars))])


def _mixed(old: list[Note], fresh: list[Note], plan: Plan, chosen: set[int]) -> list[Note]:
    """Return the old notes with those of some bars replaced by fresh ones; never one over another where bars meet."""
    if len(chosen) == plan.bars:
        return fresh
    bar = plan.bar_ticks
    kept = [note for note in old if note.start_ticks // bar not in chosen]
    new = [note for note in fresh if note.start_ticks // bar in chosen]
    return _cut_at_borders(kept, chosen, bar, False) + _cut_at_borders(new, chosen, bar, True)


def _cut_at_borders(notes: list[Note], chosen: set[int], bar: int, inside: bool) -> list[Note]:
    """Return the notes ending where the bars of the other kind begin."""
    cut = []
    for note in notes:
        bars = range(note.start_ticks // bar + 1, -(-note.end_ticks // bar))
        end = next((at * bar for at in bars if (at in chosen) != inside), note.end_ticks)
        cut.append(note._replace(length_ticks=end - note.start_ticks))
    return cut
