"""What is drawn while a MusicGen renders, in the environment of models: `python -m tests.models.previews FOLDER`."""

import json
import sys
from collections.abc import Callable

import numpy as np

from hardcore.audio.samples import Audio
from hardcore.models import musicgen
from hardcore.models.backend import Wish
from hardcore.models.preview import drawn


class Always:
    """A preview that hears everything."""

    heard: list[Audio] = []

    def line(self, words: str, sound: Callable[[], Audio]) -> str:
        """Return words with what is there."""
        self.heard.append(sound())
        return f"{words} {drawn(self.heard[-1])}"


def main(folder: str) -> None:
    """Print how far what was heard last is from the take, and how its length grew."""
    musicgen.Preview = Always  # type: ignore[assignment, misc]
    told: list[str] = []
    take = musicgen.MusicGen(folder, "cpu").render(Wish("a pad", 1.0, 1), lambda share, words: told.append(words))
    last = Always.heard[-1]
    lengths = [one.shape[1] for one in Always.heard]
    error = float(np.abs(last - take.audio).max()) if last.shape == take.audio.shape else None
    print(json.dumps({"error": error, "grows": lengths == sorted(lengths), "first": told[0], "last": told[-1]}))


if __name__ == "__main__":
    main(sys.argv[1])
