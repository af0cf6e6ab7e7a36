"""What a sound file says about its music: title, tempo, key, prompt, seed. Never a date, never anything random."""

import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen.id3
from mutagen.flac import FLAC
from mutagen.oggvorbis import OggVorbis

from hardcore.errors import UserError
from hardcore.music.mode import accidentals, is_minor, parse_key
from hardcore.music.pitch import class_name

# mutagen ships half its types: calls into the untyped half go through Any
_ID3: Any = mutagen.id3
_COMMENTED: dict[str, Callable[[Path], Any]] = {"flac": FLAC, "ogg": OggVorbis}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Tags:
    """The facts written into a file. Empty and None mean not said; `beats` are quarters; `key` is like `F minor`.

    marks   places with names, at so many seconds; WAV and AIFF hold them
    album   what it is a track of; `track` its number from 1, `tracks` how many there are
    """

    title: str = ""
    artist: str = ""
    tempo_bpm: float | None = None
    key: str = ""
    prompt: str = ""
    seed: int | None = None
    bars: int | None = None
    beats: float | None = None
    meter: tuple[int, int] = (4, 4)
    loop: bool = False
    software: str = "hardcore"
    marks: tuple[tuple[float, str], ...] = ()
    album: str = ""
    track: int | None = None
    tracks: int | None = None

    @property
    def tonic(self) -> int | None:
        """Return the pitch class (C is 0) of the key's tonic, or None when there is no key."""
        key = self._parsed_key()
        return None if key is None else key[0]

    @property
    def short_key(self) -> str:
        """Return the key as ID3's TKEY wants it, at most three characters: `Fm`, `Bb`; modes by their third."""
        key = self._parsed_key()
        if key is None:
            return ""
        return class_name(key[0], accidentals(*key) < 0) + ("m" if is_minor(key[1]) else "")

    @property
    def quarters(self) -> float | None:
        """Return the length in quarter notes, from `beats` or else from `bars` and `meter`."""
        if self.beats is not None or self.bars is None:
            return self.beats
        upper, lower = self.meter
        return self.bars * upper * 4 / lower

    @property
    def tempo_text(self) -> str:
        """Return the tempo as text, `138` or `137.5`, or an empty string."""
        return "" if self.tempo_bpm is None else f"{self.tempo_bpm:.3f}".rstrip("0").rstrip(".")

    @property
    def comment(self) -> str:
        """Return one line for players that show only a comment."""
        facts = (
            self.prompt,
            f"{self.tempo_text} bpm" if self.tempo_text else "",
            self.key,
            f"{self.bars} bars" if self.bars is not None else "",
            f"seed {self.seed}" if self.seed is not None else "",
        )
        return " · ".join(clean(fact) for fact in facts if fact)

    def fields(self) -> dict[str, str]:
        """Return the facts that are said, by lower-case name, as clean text."""
        values = {
            "title": self.title,
            "artist": self.artist,
            "album": self.album,
            "tracknumber": "" if self.track is None else str(self.track),
            "tracktotal": "" if self.tracks is None else str(self.tracks),
            "bpm": self.tempo_text,
            "key": self.key,
            "initialkey": self.short_key,
            "prompt": self.prompt,
            "seed": "" if self.seed is None else str(self.seed),
            "bars": "" if self.bars is None else str(self.bars),
            "loop": "1" if self.loop else "",
            "comment": self.comment,
            "encoder": self.software,
        }
        return {name: clean(value) for name, value in values.items() if value}

    def _parsed_key(self) -> tuple[int, str] | None:
        try:
            return parse_key(self.key) if self.key else None
        except UserError:
            return None


def clean(text: str) -> str:
    """Return `text` in NFC without control characters or anything that UTF-8 cannot hold."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROLS.sub(" ", unicodedata.normalize("NFC", whole)).strip()


def embed(path: Path, format: str, tags: Tags) -> None:
    """Write `tags` into a finished flac, ogg or mp3 file; raises mutagen.MutagenError."""
    if format == "mp3":
        _id3(tags).save(path, v1=0, v2_version=4)
        return
    file = _COMMENTED[format](path)
    if file.tags is None:
        file.add_tags()
    for name, value in tags.fields().items():
        file[name.upper()] = value
    file.save()


def id3_bytes(tags: Tags) -> bytes:
    """Return the tags as ID3 2.4, for a chunk of a file."""
    out = io.BytesIO()
    _id3(tags).save(out, v1=0, v2_version=4, padding=lambda info: 0)
    return out.getvalue()


def _id3(tags: Tags) -> Any:
    fields = tags.fields()
    id3 = _ID3.ID3()
    if tags.track is not None:
        number = f"{tags.track}/{tags.tracks}" if tags.tracks else str(tags.track)
        id3.add(_ID3.TRCK(encoding=3, text=number))
    named = (
        ("title", "TIT2"), ("artist", "TPE1"), ("album", "TALB"), ("initialkey", "TKEY"), ("encoder", "TSSE"),
    )  # fmt: skip
    for name, frame in named:
        if name in fields:
            id3.add(_ID3.Frames[frame](encoding=3, text=fields[name]))
    if tags.tempo_bpm is not None:
        # the standard allows whole numbers only; the exact tempo is kept beside it
        id3.add(_ID3.TBPM(encoding=3, text=f"{tags.tempo_bpm:.0f}"))
    for name in ("prompt", "seed", "bars", "bpm", "key", "loop"):
        if name in fields:
            id3.add(_ID3.TXXX(encoding=3, desc=name, text=fields[name]))
    if "comment" in fields:
        id3.add(_ID3.COMM(encoding=3, lang="eng", desc="", text=fields["comment"]))
    return id3
