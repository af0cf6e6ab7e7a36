"""A section composed anew from what its scene was made from: its own chords and tune, its texture, the same song."""

import json
from collections.abc import Mapping, Sequence

from hardcore.compose.form.taste import taste_of
from hardcore.compose.vary import HARMONY_SEED, SECTION, SONG_SEED, Made, chords_of, generated, is_as_made, remade
from hardcore.project import clips
from hardcore.project.roles import DRUMS, TRANSITIONS, UNTUNED
from hardcore.project.state import ProjectState

_TRIES = 8  # seeds that are tried for chords that differ
_DIFFERENT = 0.3


def composed(
    project: ProjectState, scene_id: str, shared: Mapping[str, str], kind: str, seed: int, bars: int | None = None
) -> ProjectState:
    """Return the project with a scene that is a section of its kind, composed from clips by track.

    seed   of its tune and parts; the drums keep theirs, so that it is the same groove
    bars   length of its clips; without, as they are
    What was made by hand or edited since is shared as it is, and where that plays pitches the chords stay, too.
    """
    slots = set(shared.values())
    there = [made for made in generated(project) if made.clip.id in slots and made.role not in TRANSITIONS]
    chosen = [made for made in there if is_as_made(project, made)]
    anew = {made.clip.id for made in chosen}
    tonal = [clip.id for track, clip in project.clips() if clip.id in slots and track.role not in UNTUNED]
    own = taste_of(kind).chords == "own" and all(clip_id in anew for clip_id in tonal)
    chords, turned = _other_chords(project, chosen, seed) if own else (None, ())
    for track_id, clip_id in shared.items():
        if clip_id not in anew:
            project = clips.put(project, scene_id, track_id, clip_id)
    for made in chosen:
        project, clip_id = clips.copy_clip(project, made.clip.id, made.track.id, scene_id)
        used = made.source.seed if made.role in DRUMS else seed
        project = remade(project, clip_id, used, chords=chords, words=_words(made, kind, turned), bars=bars)
    return project


def _words(made: Made, kind: str, turned: Sequence[str]) -> Mapping[str, str]:
    """Return what a clip keeps of being part of a section: its kind, its song's taste, chords of its own."""
    words = {SECTION: kind, SONG_SEED: made.source.intent.get(SONG_SEED, str(made.source.seed))}
    return words | ({"progression": json.dumps(turned)} if turned else {})


def _other_chords(project: ProjectState, chosen: list[Made], seed: int) -> tuple[int | None, tuple[str, ...]]:
    """Return a seed whose chords differ from those that are played.

    Where the style has no others in the key, the chords that are played, begun in the middle of their round.
    """
    tonal = next((made for made in chosen if made.role not in UNTUNED), None)
    if tonal is None or "progression" in tonal.source.intent:  # chords that were asked for are those of all sections
        return None, ()
    home = chords_of(project, tonal, int(tonal.source.intent.get(HARMONY_SEED, tonal.source.seed)))
    for place in range(_TRIES):
        if _differ(home, chords_of(project, tonal, seed + place)):
            return seed + place, ()
    plain = [name.split()[0] for name in _held(home)]
    turned = (*plain[2:], *plain[:2])
    return (None, turned) if _differ(plain, turned) and not any("(" in name for name in plain) else (None, ())


def _held(rows: Sequence[str]) -> list[str]:
    """Return the chords of each bar, those of the bar before where one begins nothing."""
    found: list[str] = []
    for row in rows:
        found.append(row if row != "–" or not found else found[-1])
    return found


def _differ(one: Sequence[str], other: Sequence[str]) -> bool:
    held = (_held(one), _held(other))
    return sum(a.split()[0] != b.split()[0] for a, b in zip(*held, strict=True)) >= _DIFFERENT * len(one)
