"""Reading: what has been gathered from a prompt, in order; of two things that contradict each other the later wins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hardcore.language.prompt.pieces import Piece
from hardcore.project.roles import DRUMS, Role


class Level(NamedTuple):
    """A level asked for: its value, the words that said so, and whether it is what they are mainly about."""

    value: float
    words: str
    main: bool
    bound: bool  # to an instrument: "dark pad" colours the whole only where nothing else does


@dataclass
class Asked:
    """A section that is asked for: its words, name, length in bars where one is said, and who is said to play.

    sole     "breakdown only": nothing but that section, with the parts that it usually has
    wished   it stands after "with": of a song; else it may be all that is asked for: "an outro of 12 seconds"
    """

    piece: Piece
    name: str
    bars: int | None = None
    wished: bool = False
    sole: bool = False
    roles: tuple[Role, ...] = ()
    only: bool = False


@dataclass
class Reading:
    """What has been read so far.

    places      words and meaning by position in the text; said   the positions of words
    lost        (position, words, reason)
    leans       moods that lean to a style; mode   major or minor, as the last mood says
    unwanted    sections that it is not to have, by position in the text
    song        words for a whole song; asked   its sections; lift   a key change; spent   where their lengths are
    styles      those that are named; plain_styles   whose words mean nothing else; last_style   where the last is
    """

    levels: dict[str, Level] = field(default_factory=dict)
    include: dict[Role, str] = field(default_factory=dict)
    exclude: dict[Role, str] = field(default_factory=dict)
    only: dict[Role, str] = field(default_factory=dict)
    groups: set[Role] = field(default_factory=set)
    devices: dict[Role, str] = field(default_factory=dict)
    traits: dict[Role, tuple[str, ...]] = field(default_factory=dict)
    quantities: dict[str, Piece] = field(default_factory=dict)
    genre: Piece | None = None
    groove: Piece | None = None
    chords: Piece | None = None
    harmony: list[str] = field(default_factory=list)
    song: list[Piece] = field(default_factory=list)
    lift: Piece | None = None
    asked: list[Asked] = field(default_factory=list)
    unwanted: list[tuple[int, str]] = field(default_factory=list)
    spent: frozenset[int] = frozenset()
    leaning: Piece | None = None
    leans: list[Piece] = field(default_factory=list)
    mode: str | None = None
    styles: set[str] = field(default_factory=set)
    plain_styles: set[str] = field(default_factory=set)
    last_style: int = 0
    avoid: set[str] = field(default_factory=set)
    avoid_meter: tuple[int, int] | None = None
    swing: tuple[float, str] | None = None
    pace: tuple[float, Piece] | None = None
    places: dict[int, tuple[str, str]] = field(default_factory=dict)
    said: dict[str, list[int]] = field(default_factory=dict)
    lost: list[tuple[int, str, str]] = field(default_factory=list)

    def understand(self, at: int, words: str, meaning: str) -> None:
        """Note what words of the prompt were taken for."""
        self.places[at] = (words, meaning)
        self.said.setdefault(words, []).append(at)

    def lose(self, at: int, words: str, why: str = "") -> None:
        """Note words that don't count, and why if it is known."""
        self.lost.append((at, words, why))

    def overrule(self, words: str, later: str) -> None:
        """Move words that were understood to those that don't count: `later` contradicts them."""
        for at in self.said.pop(words, ()):
            if self.places.get(at, ("",))[0] == words:
                del self.places[at]
                self.lose(at, words, f"{later} comes later")

    def set_level(self, name: str, level: Level) -> None:
        """Take a level: what a word is mainly about beats what it brings along; of two opposites the later wins."""
        before = self.levels.get(name)
        if before is None or (level.main, not level.bound) > (before.main, not before.bound):
            self.levels[name] = level
        elif (level.main, level.bound) == (before.main, before.bound):
            same_side = (level.value - 0.5) * (before.value - 0.5) > 0
            if same_side and abs(level.value - 0.5) <= abs(before.value - 0.5):
                return
            self.levels[name] = level
            if not same_side and level.main and not level.bound and before.words.casefold() != level.words.casefold():
                self.overrule(before.words, level.words)


def name(role: Role) -> str:
    """Return a role as people say it: closed hat, open hat, bass."""
    return {"hat_closed": "closed hat", "hat_open": "open hat"}.get(role, role)


def names(roles: Sequence[Role]) -> str:
    """Return roles as people say them, joined by "and"; both hats are hats."""
    if set(roles) == {"hat_closed", "hat_open"}:
        return "hats"
    said = [name(role) for role in roles]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def said_parts(roles: Sequence[Role], group: bool) -> str:
    """Return roles as people say them; all the drums are drums."""
    return "drums" if group and set(roles) == set(DRUMS) else names(roles)
