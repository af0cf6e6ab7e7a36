"""The tune: whether there is one, whether it stands clear of what accompanies it, how it moves, how the piece ends."""

from bisect import bisect_right
from collections.abc import Iterator

from hardcore.compose.review.finding import Finding, Remedy, excess, percent, runs, where, within
from hardcore.compose.review.reading import Part, Reading
from hardcore.project.roles import ACCOMPANIMENT, TRANSITIONS
from hardcore.project.sectionkeys import key_at

COVERED, COVERED_BAR = 0.15, 0.5  # of the notes of a tune, of a piece and of a bar
NARROW = 5  # semitones between the lowest and the highest note of a tune
_FEWEST = 8  # notes and bars that say anything
_SONG_BARS = 24
_FADED_DB = -30.0


def missing_tune(reading: Reading) -> Iterator[Finding]:
    """Yield that nothing carries a tune, in a style that sings."""
    if reading.kind != "song" or reading.of("lead") or len(reading.bars) < 4 or not reading.of(*ACCOMPANIMENT):
        return
    first, last = reading.bars[0], reading.bars[-1]
    assert reading.style is not None
    there = next((track for track in reading.project.tracks if track.role == "lead"), None)
    if there is None:
        said, remedy = "there is no tune", Remedy("part add", {"words": "lead"})
    elif there.mixer.mute:
        said, remedy = (
            f"{there.name} has the tune and is muted",
            Remedy("track mute", {"tracks": there.id, "state": "off"}),
        )
    else:
        return
    yield Finding(
        "tune", f"{said}: {reading.style.name} lives of one", 0.9, first, last, (), None, None, None, "", remedy
    )


def covered_tune(reading: Reading) -> Iterator[Finding]:
    """Yield where the accompaniment lies over the tune."""
    for lead in reading.of("lead"):
        by_bar: dict[int, list[str]] = {}  # the track that covers each note, "" where none does
        tops = [(part, [note.tick for note in part.notes]) for part in reading.of(*ACCOMPANIMENT)]
        for note in lead.notes:
            over = [part.track.id for part, ticks in tops if _top(part, ticks, note.tick) >= note.pitch]
            by_bar.setdefault(reading.bar(note.tick), []).append(over[0] if over else "")
        share = sum(bool(one) for row in by_bar.values() for one in row) / max(len(lead.notes), 1)
        under = [bar for bar, row in by_bar.items() if sum(map(bool, row)) > COVERED_BAR * len(row)]
        if len(lead.notes) < _FEWEST or share <= COVERED or not under:
            continue
        first, last = runs(under)[0]
        covering = [one for bar in range(first, last + 1) for one in by_bar.get(bar, ()) if one]
        yield _covered(reading, lead, max(sorted(set(covering)), key=covering.count), share, (first, last))


def _top(part: Part, ticks: list[int], tick: int) -> int:
    """Return the highest pitch of a part that sounds at a tick, −1 where none does."""
    before = part.notes[max(0, bisect_right(ticks, tick) - 24) : bisect_right(ticks, tick)]
    return max((note.pitch for note in before if note.tick + note.length_ticks > tick), default=-1)


def _covered(reading: Reading, lead: Part, by: str, share: float, bars: tuple[int, int]) -> Finding:
    over = next(part for part in reading.parts if part.track.id == by)
    assert lead.track.instrument is not None
    top = max(note.pitch for note in reading.inside(lead, *bars))
    room = top + 12 <= lead.track.instrument.definition.high_note
    moved, octaves = (lead, 1.0) if room else (over, -1.0)
    scope = {} if share > 0.8 else {"in": within(*bars)}
    remedy = Remedy("transpose", {"tracks": moved.track.id, "octaves": octaves, **scope})
    said = (
        f"{lead.track.name} sits under {over.track.name} in {where(*bars)}: {percent(share)} of its notes are covered, "
        f"at most {percent(COVERED)} should be"
    )
    ids = (lead.track.id, by)
    return Finding("tune", said, 0.5 + 0.4 * excess(share, COVERED, 0.8), *bars, ids, share, None, COVERED, "", remedy)


def narrow_tune(reading: Reading) -> Iterator[Finding]:
    """Yield that a tune hardly leaves its note, in a style that sings."""
    for lead in reading.of("lead") if reading.kind == "song" else ():
        pitches = [note.pitch for note in lead.notes]
        span = max(pitches) - min(pitches)
        if len(pitches) >= _FEWEST and len(reading.bars) >= 4 and span < NARROW:
            said = f"{lead.track.name} stays within {span} semitones: a tune wants {NARROW} or more"
            remedy = Remedy("movement", {"tracks": lead.track.id, "by": 1.0})
            first, last = reading.bars[0], reading.bars[-1]
            yield Finding("tune", said, 0.55, first, last, (lead.track.id,), span, NARROW, None, "semitones", remedy)


def ending(reading: Reading) -> Iterator[Finding]:
    """Yield that a song stops away from home."""
    project = reading.project
    if not reading.is_whole or not project.arrangement or len(reading.bars) < _SONG_BARS or _fades(reading):
        return
    bar = reading.bars[-1]
    tones = [part for part in reading.parts if part.pitched and part.role not in (*TRANSITIONS, "texture")]
    start, end = (project.meter_map.bar_start(at) for at in (bar - 1, bar))
    last = [note for part in tones for note in part.notes if note.tick < end and note.tick + note.length_ticks > start]
    lowest = min((note.pitch for note in last), default=-1)
    home = key_at(project, start)
    if not tones or (last and lowest % 12 == home.tonic):
        return
    how = f"on {home.note_name(lowest)} below" if last else "with no tone at all"
    said = f"it ends {how}, not at home on {home.tonic_name}"
    yield Finding("ending", said, 0.6, bar, bar, (), None, None, None, "", Remedy("song end", {}))


def _fades(reading: Reading) -> bool:
    """Return whether the master goes down to nothing at the end."""
    faders = (one for one in reading.project.master.automation if one.parameter in ("gain_db", "gain"))
    return any(one.points[-1].value <= _FADED_DB for one in faders)
