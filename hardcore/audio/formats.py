"""The sound formats that are written: their endings, what they can hold, and about how large they get."""

from dataclasses import dataclass

from hardcore.errors import NotFound, nearest

MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
DEPTHS = {"16": 16, "24": 24, "32f": 32}
_MOST_HZ = 1_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """A sound format.

    endings   of its files, with the dot; the first is the usual one
    channels  at most
    rates     Hz, lowest and highest; MP3 is resampled to the next of its own
    depths    what it can hold; none where it has no bits
    share     of the bytes of plain samples, about, where it has depths
    kbps      of stereo at 44.1 and 48 kHz, about, where it has none
    """

    name: str
    endings: tuple[str, ...]
    channels: int
    rates: tuple[int, int]
    depths: tuple[str, ...] = ()
    share: float = 1.0
    kbps: float = 0.0

    @property
    def is_lossy(self) -> bool:
        """Return whether what is read back is not what was written."""
        return not self.depths

    def depth(self, asked: str) -> str:
        """Return the depth nearest to what was asked that it can hold."""
        return asked if asked in self.depths or self.is_lossy else self.depths[-1]

    def about_bytes(self, seconds: float, rate: int, depth: str) -> int:
        """Return about how large a stereo file gets."""
        plain = 2 * seconds * rate * DEPTHS[self.depth(depth)] / 8
        return round(self.kbps * 1000 / 8 * seconds if self.is_lossy else self.share * plain)


FORMATS: dict[str, Format] = {
    known.name: known
    for known in (
        Format("wav", (".wav",), 64, (1, _MOST_HZ), ("16", "24", "32f")),
        Format("flac", (".flac",), 8, (1, 655_350), ("16", "24"), share=0.65),
        Format("ogg", (".ogg",), 8, (8000, 192_000), kbps=230),
        Format("mp3", (".mp3",), 2, (1, _MOST_HZ), kbps=320),
        Format("aiff", (".aiff", ".aif"), 64, (1, _MOST_HZ), ("16", "24", "32f")),
    )
}


def by_ending() -> dict[str, Format]:
    """Return every format by each of its endings."""
    return {ending: known for known in FORMATS.values() for ending in known.endings}


def sound_format(word: str) -> Format:
    """Return the format that is called so, by its name or an ending of it. Raises NotFound with the nearest."""
    name = word.lower().removeprefix(".")
    found = FORMATS.get(name) or by_ending().get(f".{name}")
    if found is None:
        raise NotFound(f"no sound format '{name}'", nearest(name, FORMATS))
    return found
