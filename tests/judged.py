"""`python -m tests.judged`: writes docs/guide/judged.md, the tunes of every style beside those of real music.

What is measured is in tests/compose/judge.py, which shares nothing with what makes the tunes. `make docs` writes the
page too; tests/compose/test_judge.py measures some styles in every run and all of them in `make soak`.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median, pstdev

from hardcore.compose.form.song import composed
from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.music.chord import parse_chord
from hardcore.music.pitch import parse_note
from hardcore.project.clip import CHORDS
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, TRANSITIONS, Role
from hardcore.project.sectionkeys import key_of
from hardcore.project.state import ProjectState
from tests.compose.judge import (
    STEP,
    chord_tone_bars,
    correlation,
    covered,
    deviations,
    figures,
    likeness,
    only,
    song_of,
    tune_of,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "judged.md"
SEEDS = range(100, 108)
ACCOMPANIMENT: tuple[Role, ...] = ("chords", "keys", "pad", "pluck")
FEWEST = 8  # notes of a tune that figures mean something of
# figure: the least and most that is aimed at in styles of songs; POP909, Nottingham, Essen
GOALS: dict[str, tuple[float, float]] = {
    "steps": (0.38, 1), "direction kept": (0.40, 1), "chord-tone bars": (0, 0.20), "bar rhythms": (0.45, 0.85),
    "figures that recur": (0.05, 0.25), "notes a phrase": (6, 99), "phrase length": (1.2, 99),
    "over barlines": (0.01, 0.08), "pickups": (0.15, 0.4), "lead covered": (0, 0.15),
}  # fmt: skip
REFERENCES: dict[str, tuple[str, str, str]] = {
    "steps": (".44", ".55", ".45"), "direction kept": (".45", ".52", ".52"), "chord-tone bars": (".10", "–", "–"),
    "bar rhythms": (".88", ".50", ".62"), "figures that recur": (".06", ".23", ".00"),
    "notes a phrase": ("8.5", "21", "4.3"), "phrase length": ("1.4", "4", "1"), "over barlines": (".02", "0", "0"),
    "pickups": (".25", "0", ".33"), "lead covered": (".23", "–", "–"),
}  # fmt: skip
SONG_FIGURES = ("sections", "unique bars", "repeated", "parts move", "returns", "same", "same tune", "ends on tonic")
# the section that a style's song is about, and the one it is compared with, the first that there is
MAIN = ("chorus", "drop", "hook", "lead", "full", "head", "theme")
OTHER = ("verse", "break", "falling", "solo", "bridge")
# roles of a limb, and what their timing should be like
LIMBS: dict[str, tuple[Role, ...]] = {
    "kick": ("kick",), "snare": ("snare", "clap", "rim"), "hat": ("hat_closed", "ride", "shaker"),
}  # fmt: skip
FEEL: dict[str, tuple[float, float]] = {
    "kick": (5, 13), "snare": (5, 13), "hat": (5, 13), "hat, a step later": (0.3, 1), "hat with kick": (0.4, 1),
}  # fmt: skip
_FEEL = """
## Feel

Eight bars with {seeds} seeds of each style that is played by hands (`human` above 0); machines are on the grid.

- *kick*, *snare*, *hat*: standard deviation of their timing, ms, the mean of each place in the bar removed (drummers of
  Groove MIDI 16, 17, 15, with slow drift)
- *hat, a step later*: correlation of a hat's deviation with that of the next (theirs .73 two sixteenths apart)
- *hat with kick*: of those that are struck together (theirs .68)


"""
_SONGS = """
## The songs

One song of each style, seed 100. *Unique bars*: different bars, all parts together, over bars in which something sounds
(POP909 .61; goal at least .35 in styles of songs, .20 in others). *Repeated*: bars in stretches of four or more that
were heard note for note before (POP909 .35). *Parts move*: of the places inside sections, every four bars, those at
which parts come in or go. *Returns*: what the second chorus, drop, hook or theme shares with the first, note by note
(goal .80). *Same*, *same tune*: what it shares with the verse, break or solo (goal for the tune at most .50).

"""
_HEAD = """\
# Tunes, judged

The tunes of every style, eight bars each with {seeds} seeds, measured from their notes by code that shares nothing with
what makes them (`python -m tests.judged`). Medians. In styles of songs a figure outside its goal is in bold.

- *steps*: share of intervals of 1–2 semitones; *direction kept*: of two moves in a row, both up or both down
- *chord-tone bars*: bars without any note outside the chord; *bar rhythms*: different rhythms over bars
- *figures that recur*: four intervals in a row that were heard before
- *notes a phrase*, *phrase length* in bars: a phrase ends at a rest of half a beat or a note of a beat and a half
- *over barlines*: notes held over one; *pickups*: phrases that begin in the last 40 % of a bar
- *lead covered*: notes of the lead at or under the top of the accompaniment

References: POP909 (Wang et al., ISMIR 2020; a third of its songs), Nottingham (4/4 tunes, cleaned) and Essen, medians
of eight-bar windows. The tunes are sampled from counts of another part of POP909 ([how](../decisions/melody.md)).

"""


def piece(style: str, seed: int) -> ProjectState:
    """Return eight bars of a style's tune and what accompanies it; in styles of songs nothing asks for a tune."""
    known = genre(style)
    asked: dict[str, object] = {} if known.kind == "song" else {"include": ("lead",)}
    left = tuple(role for role in known.parts if role not in ("lead", *ACCOMPANIMENT))
    return compose(Intent.model_validate({"genre": style, "bars": 8, "exclude": left, **asked}), seed)


def heard(project: ProjectState, *roles: Role) -> list[Note]:
    """Return the notes of some roles."""
    return sorted(note for track, clip in project.clips() if track.role in roles for note in clip.notes)


def chords_of(project: ProjectState) -> list[frozenset[int]]:
    """Return the pitch classes of each bar's chords, up to their sevenths, as the lead's clip tells them."""
    told = next(clip.provenance.intent[CHORDS] for _, clip in project.clips() if clip.provenance)
    found: list[frozenset[int]] = []
    for row in told.split(" | "):
        tones = frozenset(tone for name in row.split() if name != "–" for tone in _tones(name))
        found.append(tones or (found[-1] if found else frozenset()))
    return found


def _tones(name: str) -> set[int]:
    plain = re.fullmatch(r"([A-G][b#]*)\(([\d,]+)\)(?:/.*)?", name)
    if plain:
        root, intervals = parse_note(plain[1] + "4") % 12, [int(one) for one in plain[2].split(",")]
    else:
        chord = parse_chord(name)
        root, intervals = chord.root, list(chord.intervals)
    return {(root + interval) % 12 for interval in intervals if interval < 12}


@cache
def judged(style: str, seeds: Sequence[int] = SEEDS) -> dict[str, float]:
    """Return the medians of a style's figures; empty where its leads are too sparse to be judged."""
    rows: dict[str, list[float]] = {}
    for seed in seeds:
        project = piece(style, seed)
        lead = heard(project, "lead")
        if len(lead) < FEWEST:
            continue
        tune = tune_of(lead, project.meter_map.bar_ticks())
        found = figures(tune)
        found["chord-tone bars"] = chord_tone_bars(tune, chords_of(project))
        found["lead covered"] = covered(lead, heard(project, *ACCOMPANIMENT))
        for name, value in found.items():
            rows.setdefault(name, []).append(value)
    return {name: median(row) for name, row in rows.items()}


def missed(style: str, seeds: Sequence[int] = SEEDS) -> list[str]:
    """Return the figures of a style of songs that are outside their goals."""
    found = judged(style, seeds)
    return [name for name, (low, high) in GOALS.items() if not low <= found[name] <= high]


def page() -> str:
    """Return the page."""
    songs = [name for name in genre_ids() if genre(name).kind == "song"]
    met = sum(len(GOALS) - len(missed(name)) for name in songs)
    worst = sorted(songs, key=lambda name: (-len(missed(name)), name))[:3]
    text = [_HEAD.format(seeds=len(SEEDS)), "## Songs\n\n", _table(songs, True)]
    text.append(f"\n{met} of {len(songs) * len(GOALS)} goals are met. Worst: ")
    text.append("; ".join(f"{name} ({', '.join(missed(name)) or 'none missed'})" for name in worst))
    text.append(
        ".\n\n## Other styles\n\nRiffs, stabs, arpeggios and acid lines are no tunes; they are here to compare.\n\n"
    )
    text.append(_table([name for name in genre_ids() if name not in songs and judged(name)], False))
    text += [_FEEL.format(seeds=len(SEEDS)), _feel(), _SONGS, _songs()]
    return "".join(text)


def judged_song(style: str, seed: int = SEEDS[0]) -> dict[str, float]:
    """Return the figures of a style's song; what it has no two sections for is left out."""
    project, _ = composed(Intent.model_validate({"genre": style, "song": True}), seed)
    song = song_of(project)
    kinds = [kind for kind, _, _ in song.sections]
    main = next(kind for kind in MAIN if kind in kinds)
    other = next((kind for kind in OTHER if kind in kinds), None)
    found = {
        "sections": len(kinds),
        "unique bars": song.unique(),
        "repeated": song.repeated(),
        "parts move": song.movement(),
    }
    if kinds.count(main) > 1:
        found["returns"] = likeness(song.of(main), song.of(main, 1))
    if other:
        found["same"] = likeness(song.of(main), song.of(other))
        tunes = [only(song.of(kind), "lead") for kind in (main, other)]
        if any(any(row) for row in tunes):
            found["same tune"] = likeness(*tunes)
    pitched = {
        track.name for track in project.tracks if track.clips and track.role not in (*DRUMS, *TRANSITIONS, "texture")
    }
    last = [pitch for part, _, _, pitch in song.bars[-1] if part in pitched]
    if pitched:
        found["ends on tonic"] = float(bool(last) and min(last) % 12 == key_of(project, project.sections[-1]).tonic)
    return found


@cache
def judged_feel(style: str, seeds: Sequence[int] = SEEDS) -> dict[str, float]:
    """Return the medians of a style's timing; what it has too few hits for is left out."""
    rows: dict[str, list[float]] = {}
    for seed in seeds:
        project = compose(Intent(genre=style, bars=8), seed)
        bar = project.meter_map.bar_ticks() // STEP
        late = {limb: deviations(heard(project, *roles), bar, project.tempo_map.bpm) for limb, roles in LIMBS.items()}
        for limb, found in late.items():
            if len(found) >= FEWEST:
                rows.setdefault(limb, []).append(pstdev(found.values()))
        hats = late["hat"]
        later = correlation([(hats[a], hats[b]) for a, b in pairwise(sorted(hats))])
        both = correlation([(late["kick"][at], hats[at]) for at in sorted(hats.keys() & late["kick"].keys())])
        for name, value in (("hat, a step later", later), ("hat with kick", both)):
            if value is not None:
                rows.setdefault(name, []).append(value)
    return {name: median(row) for name, row in rows.items()}


def _feel() -> str:
    lines = ["| style | " + " | ".join(FEEL) + " |", "|---" * (len(FEEL) + 1) + "|"]
    lines.append("| *goal* | " + " | ".join(_span(low, high) for low, high in FEEL.values()) + " |")
    for style in genre_ids():
        if genre(style).human and (found := judged_feel(style)):
            cells = [
                "–" if name not in found else _short(found[name]) if low <= found[name] <= high
                else f"**{_short(found[name])}**" for name, (low, high) in FEEL.items()
            ]  # fmt: skip
            lines.append(f"| {genre(style).name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _songs() -> str:
    lines = ["| style | " + " | ".join(SONG_FIGURES) + " |", "|---" * (len(SONG_FIGURES) + 1) + "|"]
    for style in genre_ids():
        found = judged_song(style)
        cells = [_short(found[name]) if name in found else "–" for name in SONG_FIGURES[1:-1]]
        row = [str(int(found["sections"])), *cells, {1.0: "yes", 0.0: "no"}.get(found.get("ends on tonic", -1), "–")]
        lines.append(f"| {genre(style).name} | " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def _table(styles: Sequence[str], goals: bool) -> str:
    lines = ["| style | " + " | ".join(GOALS) + " |", "|---" * (len(GOALS) + 1) + "|"]
    if goals:
        lines.append("| *goal* | " + " | ".join(_span(low, high) for low, high in GOALS.values()) + " |")
        for at, name in enumerate(("POP909", "Nottingham", "Essen")):
            lines.append(f"| *{name}* | " + " | ".join(REFERENCES[figure][at] for figure in GOALS) + " |")
    for style in styles:
        found, out = judged(style), missed(style) if goals else []
        cells = [f"**{_short(found[name])}**" if name in out else _short(found[name]) for name in GOALS]
        lines.append(f"| {genre(style).name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _span(low: float, high: float) -> str:
    if low <= 0:
        return f"≤ {_short(high)}"
    return f"≥ {_short(low)}" if high in (1, 99) else f"{_short(low)}–{_short(high)}"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value < 1 else f"{value:.1f}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
