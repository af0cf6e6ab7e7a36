"""Seeds of chance: drawn by the system, or from words where a second run must come to the same."""

from hashlib import blake2b

from hardcore.controller.studio import Studio


def fresh_seed() -> int:
    """Return a seed drawn by the system, short enough to read aloud."""
    import secrets

    return secrets.randbelow(1_000_000)


def seed_of(words: str) -> int:
    """Return the seed that words get where a second run must give the same: drawn from their letters."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") % 1_000_000


def seed_now(studio: Studio, words: str) -> int:
    """Return the seed of what is asked for in these words now.

    A dry run and the run after it come to the same; asked for again after an undo, it comes to something else.
    """
    return seed_of(f"{words} {studio.controller.history.last}")
