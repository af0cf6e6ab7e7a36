"""Chords: these, or these in another colour; every part with pitches follows.

Parts made from a prompt are made again from the seeds they have, over the new chords. What was made by hand keeps its
rhythm: its notes go to the nearest notes of each chord. So does everything in a stretch of the piece only.
"""

import json
import re
from collections.abc import Sequence
from typing import Literal, cast

from hardcore.compose.edits.key import set_key
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.revoicing import revoiced
from hardcore.compose.harmony.chordnames import MOST, key_for, parsed
from hardcore.compose.harmony.chordwords import meaning, merged
from hardcore.compose.intent import ChordWord
from hardcore.compose.vary import from_prompt, harmonized
from hardcore.errors import UserError
from hardcore.music.chord import Chord, parse_chord
from hardcore.music.scale import Key
from hardcore.project.clip import CHORDS, Provenance
from hardcore.project.clips import replace_clip
from hardcore.project.parts import device_of, is_melodic, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Colour = Literal["jazzy", "borrowed", "tense", "suspended", "simple", "sevenths", "ninths", "richer", "plainer"]
# how far chords are stacked, from plain to rich; None: as the style has them
RICHNESS: tuple[ChordWord | None, ...] = ("simple", None, "sevenths", "ninths", "jazzy")
EXAMPLE = "Dm Gm Bb A, or i VI III VII"


def chord_names(text: str, key: Key) -> tuple[str, ...]:
    """Return the chords of a row by name: symbols, or numerals in `key`. Raises UserError that names an example."""
    names = tuple(word for word in re.split(r"[\s,|–—]+|->", text.strip()) if word)
    try:
        parsed(names, key)
    except UserError as error:
        apart = tuple(part for word in names for part in word.split("-") if part)
        try:
            parsed(apart, key)
        except UserError:
            raise error from None
        names = apart
    if not 1 <= len(names) <= MOST:
        raise UserError(
            f"{len(names)} chords are no progression" if names else "no chord is named", f"such as {EXAMPLE}"
        )
    return names


def set_chords(project: ProjectState, names: Sequence[str]) -> Outcome:
    """Return the project over these chords, one a bar, round and round, in the key that holds them."""
    tracks = _tracks(project)
    before, said = project.key, []
    key = key_for(names, before)
    if key != before:
        project = set_key(project, key).project
        said.append(f"key {before.name} → {key.name}, which holds them")
    made = any(from_prompt(track, clip) for track in tracks for clip in track.clips)
    if made:
        project = _kept(project, "progression", names)
        project = harmonized(project)
    project, count = _by_hand(project, parsed(names, key))
    if count:
        said.append(f"{count} notes of parts made by hand moved to the nearest of them")
    return Outcome(project, (f"chords: {played(project) or ' | '.join(names)}", *said))


def fit_chords(project: ProjectState, names: Sequence[str]) -> Outcome:
    """Return the project with the notes of every part on the nearest of these chords, one a bar; the key stays."""
    _tracks(project)
    project, count = _by_hand(project, parsed(names, project.key), everything=True)
    if not count:
        raise UserError("every note is one of these chords already")
    return Outcome(project, (f"chords: {' | '.join(names)}, {count} notes moved",))


def colour_chords(project: ProjectState, colour: Colour) -> Outcome:
    """Return the project with its chords in another colour, where they are and how long they are as before.

    richer and plainer go to the next colour of RICHNESS that is heard. Raises UserError where all come out the same.
    """
    _tracks(project)
    before, known = played(project), _wishes(project)
    for wish in _next_to(known, colour) if colour in ("richer", "plainer") else (cast(ChordWord, colour),):
        if colour in ("richer", "plainer"):
            wishes = [*(one for one in known if one not in RICHNESS), *([wish] if wish else [])]
        else:
            wishes = list(merged([*known, cast(ChordWord, wish)]))
        after = harmonized(_kept(project, "chords", wishes))
        if played(after) != before:
            how = meaning(wish) if wish else "as the style has them"
            return Outcome(after, (f"chords: {how}: {before} → {played(after)}",))
    raise UserError(f"the chords came out the same: {before[:80]}", "chords set names them one by one")


def _next_to(wishes: Sequence[ChordWord], way: str) -> Sequence[ChordWord | None]:
    """Return the colours that are richer, or plainer, than the one that is wished, the nearest first."""
    here = max((RICHNESS.index(one) for one in wishes if one in RICHNESS), default=RICHNESS.index(None))
    return RICHNESS[here + 1 :] if way == "richer" else RICHNESS[:here][::-1]


def played(project: ProjectState) -> str:
    """Return the chords of the first clip that knows its own, a bar after the other: `Fm | Db Ab7`."""
    sources = (clip.provenance for track, clip in project.clips() if is_melodic(track))
    return next((source.intent[CHORDS] for source in sources if source and CHORDS in source.intent), "")


def progression_of(project: ProjectState) -> tuple[str, ...]:
    """Return the chords of a piece, one a bar, as they may be typed: so that other parts are made over them."""
    told, found = played(project), list[str]()
    for bar in told.split("|") if told else ():
        words = [word for word in bar.split() if word != "–"]
        name = _readable(words[0]) if words else (found[-1] if found else "")
        found += [name] if name else []
    return tuple(found[:MOST])


def chord_at(project: ProjectState, stretches: Sequence[tuple[int, int]], nth: int) -> tuple[str, list[int]]:
    """Return the nth chord of the progression in stretches of bars (from 1), and the bars in which it plays.

    nth   from 1; below 0 from the end: -1 is the last. A progression that comes round counts once.
    Raises UserError where the chords are not known, differ between the stretches or change within that bar.
    """
    row: list[str] = []
    found: list[int] = []
    for first, last in stretches:
        here = [chord_in(project, bar) for bar in range(first, last + 1)]
        row = here[: _period(here)]
        begins = [at for at, name in enumerate(row) if name and (at == 0 or name != row[at - 1])]
        if not begins or not all(row):
            raise UserError("nothing there says what chords it plays", "chords show lists them")
        if not -len(begins) <= nth <= len(begins):
            raise UserError(f"there are {len(begins)} chords: {' '.join(row[at] for at in begins)}")
        at = begins[nth - 1 if nth > 0 else nth]
        end = next((other for other in begins if other > at), len(row))
        if any(" " in row[place] for place in range(at, end)):
            raise UserError(f"the chord changes within a bar: {row[at]}", "chords set names them one a bar")
        found += [first + place for place in range(len(here)) if at <= place % len(row) < end]
    return row[at], found


def chord_in(project: ProjectState, bar: int) -> str:
    """Return the chords that the parts made from a prompt play in a bar, from 1; nothing where none says."""
    tick = project.meter_map.bar_start(bar - 1)
    for track in project.tracks:
        for clip in track.clips if is_melodic(track) else ():
            if clip.provenance is None or CHORDS not in clip.provenance.intent:
                continue
            inside = _offset(project, track, clip.id, tick)
            if inside is not None:
                bars = [" ".join(_readable(word) for word in one.split() if word != "–")
                        for one in clip.provenance.intent[CHORDS].split("|")]  # fmt: skip
                place = project.meter_map.bar_of(inside % clip.length_ticks) % len(bars)
                return next((one for one in bars[place::-1] if one), "")
    return ""


def _offset(project: ProjectState, track: Track, clip: str, tick: int) -> int | None:
    """Return how far into a clip a tick of the piece is, None where another one or none plays."""
    if not project.arrangement:
        return tick
    here = (one for one in track.placements if one.clip == clip and one.start_ticks <= tick < one.end_ticks)
    return next((tick - one.start_ticks + one.offset_ticks for one in here), None)


def _period(row: Sequence[str]) -> int:
    """Return after how many bars a row comes round; its length where it does not."""
    return next((n for n in range(1, len(row)) if all(a == b for a, b in zip(row, row[n:], strict=False))), len(row))


def _readable(name: str) -> str:
    """Return a chord by a name that can be read: one of odd intervals by its triad."""
    try:
        return parse_chord(name).name
    except UserError:
        root, _, intervals = name.partition("(")
        return root + ("m" if "3" in intervals.rstrip(")").split(",") else "")


def _tracks(project: ProjectState) -> list[Track]:
    """Return the tracks that play pitches. Raises UserError where there are none."""
    found = [track for track in project.tracks if is_melodic(track) and any(len(clip.notes) for clip in track.clips)]
    if not found:
        raise UserError("nothing here plays chords", "part add chords")
    return found


def _by_hand(project: ProjectState, chords: Sequence[Chord], everything: bool = False) -> tuple[ProjectState, int]:
    """Return the project with parts made by hand on the chords, and how many notes that moved."""
    count = 0
    for track in _tracks(project):
        if not plays(track) or not device_of(track).pitched:
            continue
        for clip in track.clips:
            if everything or not from_prompt(track, clip):
                new = revoiced(project, track, clip, chords)
                count += len(new.notes) - len(clip.notes)
                count += sum(a.pitch != b.pitch for a, b in zip(sorted(clip.notes), sorted(new.notes), strict=False))
                project = replace_clip(project, new)
    return project, count


def _wishes(project: ProjectState) -> list[ChordWord]:
    """Return what was asked of the chords so far."""
    sources = (clip.provenance for track, clip in project.clips() if is_melodic(track))
    known = next((source.intent["chords"] for source in sources if source and "chords" in source.intent), "[]")
    found: list[ChordWord] = json.loads(known)
    return found


def _kept(project: ProjectState, field: str, values: Sequence[str]) -> ProjectState:
    """Return the project whose parts with pitches are made from other wishes: one list of their intents replaced."""
    text = json.dumps(list(values))

    def changed(source: Provenance) -> Provenance:
        return source.evolve(intent={**source.intent, field: text})

    for track, clip in list(project.clips()):
        if is_melodic(track) and clip.provenance is not None and _asked(clip.provenance):
            project = replace_clip(project, clip.evolve(provenance=changed(clip.provenance)))
    source = project.provenance
    return project.evolve(provenance=changed(source)) if source is not None and _asked(source) else project


def _asked(source: Provenance) -> bool:
    return "genre" in source.intent
