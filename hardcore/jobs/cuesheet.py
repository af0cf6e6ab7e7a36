"""Cue sheets: which track begins where in which file, as burning and ripping programs read it (CDRWIN's format)."""

from collections.abc import Sequence
from dataclasses import dataclass

# CD frames a second
CD_FRAMES = 75


@dataclass(frozen=True, slots=True)
class CueTrack:
    """A track with its file; `sound_s` is where the silence after it begins, None where there is none."""

    title: str
    file: str
    sound_s: float | None = None


def cue_sheet(title: str, performer: str, tracks: Sequence[CueTrack]) -> str:
    """Return the cue sheet of an album with a file a track; the gap before a track lies at the end of the file before.

    INDEX 00 is where the gap begins, INDEX 01 where the track does, as `minutes:seconds:frames`.
    """
    lines = [f'PERFORMER "{_quoted(performer)}"'] if performer else []
    lines.append(f'TITLE "{_quoted(title)}"')
    gap: str | None = None
    for number, track in enumerate(tracks, 1):
        head = [f"  TRACK {number:02} AUDIO", f'    TITLE "{_quoted(track.title)}"']
        head += [f'    PERFORMER "{_quoted(performer)}"'] if performer else []
        file = f'FILE "{_quoted(track.file)}" {_kind(track.file)}'
        # a gap belongs to the track after it, and stands in the file before
        lines += [*head, f"    INDEX 00 {gap}", file] if gap else [file, *head]
        lines.append("    INDEX 01 00:00:00")
        gap = None if track.sound_s is None else _time(track.sound_s)
    return "\n".join(lines) + "\n"


def _kind(file: str) -> str:
    ending = file.rpartition(".")[2].lower()
    return {"mp3": "MP3", "aiff": "AIFF", "aif": "AIFF"}.get(ending, "WAVE")


def _time(seconds: float) -> str:
    frames = round(seconds * CD_FRAMES)
    return f"{frames // (60 * CD_FRAMES):02}:{frames // CD_FRAMES % 60:02}:{frames % CD_FRAMES:02}"


def _quoted(text: str) -> str:
    return " ".join(text.replace('"', "'").split())
