"""How punctual the player is: how long before their time bundles were sent."""

from dataclasses import dataclass, field

EDGES_MS = (0, 10, 30, 60, 90, 100, 110, 120)


@dataclass
class Punctuality:
    """Counts bundles by the margin they were sent with."""

    count: int = 0
    late: int = 0
    worst_s: float = 1.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(EDGES_MS) + 1))

    def sent(self, margin_s: float) -> None:
        """Count a bundle that was sent so long before its time; below 0 it was late."""
        self.count += 1
        self.late += margin_s < 0
        self.worst_s = min(self.worst_s, margin_s)
        place = sum(margin_s * 1000 >= edge for edge in EDGES_MS)
        self.buckets[place] += 1

    def histogram(self) -> tuple[tuple[int, int], ...]:
        """Return (at most so many ms, how many bundles) without the empty ones; the last has no bound: 1000."""
        return tuple((edge, number) for edge, number in zip((*EDGES_MS, 1000), self.buckets, strict=True) if number)
