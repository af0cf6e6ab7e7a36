"""Material: the parts of a song as a style has them: drums by role, a bass, a tune, and what sounds in each bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from hardcore.music.midisong import MidiSong
from hardcore.music.scale import Key
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.midiimport import SongPart
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, Role

_BASS_BELOW = 52  # MIDI pitch that a bass lies under on the average
_ONE_VOICE = 0.85  # share of notes of a tune that begin alone


@dataclass(frozen=True)
class Material:
    """A song: its tempo in BPM, meter, the key that its file says, ticks of a bar, bars, and the notes of its parts."""

    bpm: float
    meter: str
    key: Key | None
    bar_ticks: int
    bars: int
    drums: dict[Role, list[Note]]
    bass: list[Note]
    lead: list[Note]
    tonal: list[Note]
    names: dict[str, list[Note]]

    def bar(self, notes: Sequence[Note], number: int) -> list[Note]:
        """Return the notes that begin in a bar."""
        return [note for note in notes if note.start_ticks // self.bar_ticks == number]


def material(song: MidiSong, parts: Sequence[SongPart]) -> Material:
    """Return a song's material: the lowest part is the bass, the highest of one voice the tune."""
    bar_ticks = song.meter_map.bar_ticks()
    drums: dict[Role, list[Note]] = {}
    tonal: list[list[Note]] = []
    for part in parts:
        if part.role in DRUMS:
            drums.setdefault(part.role, []).extend(part.notes)
        else:
            tonal.append(list(part.notes))
    tonal.sort(key=_height)
    bass = tonal[0] if tonal and _height(tonal[0]) < _BASS_BELOW else []
    voices = [row for row in tonal if row is not bass and _alone(row) >= _ONE_VOICE]
    lead = voices[-1] if voices else []
    end = max(part.end_ticks for part in parts)
    rest = [note for row in tonal if row is not bass and row is not lead for note in row]
    names = {**{str(role): hits for role, hits in drums.items()}, "bass": bass, "lead": lead, "keys": rest}
    return Material(
        bpm=round(song.tempo_map.bpm),
        meter=song.meter_map.text,
        key=song.key,
        bar_ticks=bar_ticks,
        bars=max(-(-end // bar_ticks), 1),
        drums=drums,
        bass=sorted(bass),
        lead=sorted(lead),
        tonal=sorted(note for row in tonal for note in row),
        names={name: row for name, row in names.items() if row},
    )


def steps(notes: Sequence[Note], first: int, count: int) -> dict[int, Note]:
    """Return the notes of `count` sixteenths from a tick on, by the sixteenth nearest to their start: the loudest."""
    found: dict[int, Note] = {}
    for note in notes:
        at = round((note.start_ticks - first) / SIXTEENTH)
        if 0 <= at < count and (at not in found or found[at].velocity < note.velocity):
            found[at] = note
    return found


def _height(notes: Sequence[Note]) -> float:
    return fmean(note.pitch for note in notes)


def _alone(notes: Sequence[Note]) -> float:
    starts = [note.start_ticks for note in notes]
    return len(set(starts)) / len(starts)
