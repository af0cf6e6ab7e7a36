"""Rest: the mixer of a stopped player is paused once nothing rings any more, and costs nothing until it is needed."""

from dataclasses import dataclass

# So long all meters are at the floor first: a delay between two echoes is silent for less.
REST_S = 4.0


@dataclass
class Rest:
    """Whether the mixer is paused, and since when it has been silent (seconds of a steady clock)."""

    after_s: float = REST_S
    on: bool = False
    _silent_s: float | None = None

    def due(self, silent: bool, now_s: float) -> bool:
        """Note whether it is silent now; return whether the rest begins with that."""
        if self.on:
            return False
        if not silent:
            self._silent_s = None
        elif self._silent_s is None:
            self._silent_s = now_s
        self.on = self._silent_s is not None and now_s - self._silent_s >= self.after_s
        return self.on

    def end(self) -> bool:
        """Note that something plays or changes; return whether that ends a rest."""
        was, self.on, self._silent_s = self.on, False, None
        return was
