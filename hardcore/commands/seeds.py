"""Seeds: where none is given one is drawn, or made of the words."""

from hashlib import blake2b


def fresh_seed() -> int:
    """Return a seed drawn by the system, short enough to read aloud."""
    import secrets

    return secrets.randbelow(1_000_000)


def seed_of(words: str) -> int:
    """Return the seed a prompt gets where a second run must give the same file: drawn from its letters."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") % 1_000_000
