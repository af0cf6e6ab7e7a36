"""Losses: what a file of another program could not take or give, each with the reason, and where."""

from collections.abc import Iterable

_MOST_PLACES = 6


class Losses:
    """Collects losses; the same thing lost for the same reason in several places is one of them."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, what: str, why: str, where: str | Iterable[str] = ()) -> None:
        """Note that something is lost, why, and where (names of tracks, clips, scenes)."""
        places = self._places.setdefault((what, why), {})
        places.update(dict.fromkeys([where] if isinstance(where, str) else where))

    def lines(self) -> tuple[str, ...]:
        """Return each loss as a line: `chances of notes (hats, ride): every note sounds`."""
        return tuple(f"{what}{_named([*places])}: {why}" for (what, why), places in self._places.items())


def _named(places: list[str]) -> str:
    if not places:
        return ""
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return f" ({', '.join(places[:_MOST_PLACES])}{more})"
