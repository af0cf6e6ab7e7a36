"""Line-up: which of the instruments that a prompt names play alone.

Alone plays what "only", "just" and "solo" are about, or what "nothing else" follows; what is a group of players (a
string quartet); what a loop or a solo is of ("a percussion loop"); what a style stands before ("acid bassline"), and
where no music is named, the instruments that are: "piano and strings". "With" one or two is no line-up but a wish.
"""

from collections.abc import Iterator, Sequence

from hardcore.knowledge.vocabulary import InstrumentWords
from hardcore.language.prompt.adjectives import BESIDE
from hardcore.language.prompt.pieces import Piece
from hardcore.project.roles import Role

WITH = frozenset("with mit avec con com featuring feat ft including plus include includes has have having и с".split())  # noqa: SIM905
_LOOPS = ("loop", "loops", "pattern", "patterns", "riff", "lick", "phrase", "line", "lines", "part", "exercise")
_FOR = ("for", "für", "pour", "para", "per")
_STYLE = ("style", "styled", "type", "-")
_MUSIC = ("beat", "break", "breaks", "breakbeat")
# they go with something
_BACKGROUND: frozenset[Role] = frozenset({"texture", "riser", "impact"})
_MANY = 3


def alone(row: Sequence[Piece], spent: frozenset[int] = frozenset()) -> frozenset[int]:
    """Return the places of the instruments in a prompt that are all that plays; none: they are wanted as well.

    spent  pieces that say something of a section of the piece alone
    """
    named = [at for at, piece in enumerate(row) if piece.kind == "part" and not _denied(row, at)]
    styled = any(piece.kind in ("style", "leaning") for piece in row)
    if any(piece.kind == "nothing_else" for piece in row):
        return frozenset(named)
    if only := _only_list(row, spent):
        return only
    if not any(piece.kind == "style" for piece in row):
        group = frozenset(at for at in named if _entry(row[at]).alone)
        if group or not styled:
            return group or _listed_without_style(row, named)
    loops = [at for at in named if _is_loop(row, at)]
    if loops:
        return frozenset(named)
    return frozenset(named) if len(named) == 1 and _is_head(row, named[0]) else frozenset()


def _entry(piece: Piece) -> InstrumentWords:
    assert isinstance(piece.entry, InstrumentWords)
    return piece.entry


def _denied(row: Sequence[Piece], at: int) -> bool:
    while at > 0 and row[at - 1].kind in (*BESIDE, "filler", "link", "part"):
        at -= 1
    return at > 0 and row[at - 1].kind == "neg"


def _only_list(row: Sequence[Piece], spent: frozenset[int]) -> frozenset[int]:
    """Return the places of the instruments that an "only" is about: the list after it, else the one before it."""
    found: set[int] = set()
    for at, piece in enumerate(row):
        if piece.kind != "only" or at in spent:
            continue
        if piece.word == "solo" and at > 0 and row[at - 1].kind == "part":
            if not any(one.kind in ("style", "leaning") for one in row):
                found |= set(_list(row, range(at - 1, -1, -1)))
            continue  # "techno with a fiddle solo" is no piece for a fiddle alone
        after, before = range(at + 1, len(row)), range(at - 1, -1, -1)
        # "drums only" looks back, "only drums", "just drums" and the only of "no melody only drums" ahead
        postfix = at > 0 and row[at - 1].kind == "part" and piece.word in ("only", "alone", "nur", "seul", "solamente")
        postfix = postfix and not (_denied(row, at - 1) and at + 1 < len(row) and row[at + 1].kind == "part")
        found |= set(_list(row, before if postfix else after))
    return frozenset(_members(row, found) or found)


def _members(row: Sequence[Piece], found: set[int]) -> set[int]:
    """Return the instruments that a prompt names of a group that alone plays: "just drums: kick, toms, shaker"."""
    group = {role for at in found for role in _entry(row[at]).roles}
    if len(found) != 1 or not all(_entry(row[at]).group for at in found):
        return set()
    others = {at for at, piece in enumerate(row) if piece.kind == "part" and at not in found and not _denied(row, at)}
    return {at for at in others if group.issuperset(_entry(row[at]).roles)}


def _list(row: Sequence[Piece], order: range) -> Iterator[int]:
    for at in order:
        if row[at].kind == "part":
            yield at
        elif row[at].kind not in ("link", "filler", *BESIDE):
            return


def _listed_without_style(row: Sequence[Piece], named: Sequence[int]) -> frozenset[int]:
    """Return the instruments where nothing else says what music it is."""
    roles = {role for at in named for role in _entry(row[at]).roles}
    if roles <= _BACKGROUND:
        return frozenset()
    wished = all(_is_wish(row, at) for at in named)
    return frozenset() if wished and len(named) < _MANY else frozenset(named)


def _is_wish(row: Sequence[Piece], at: int) -> bool:
    """Return whether an instrument stands in a list after "with"."""
    while at > 0:
        at -= 1
        piece = row[at]
        if piece.kind in ("filler", "link") and piece.word.split()[-1] in WITH:
            return True
        if piece.kind not in ("filler", "link", "part", *BESIDE):
            return False
    return False


def _is_loop(row: Sequence[Piece], at: int) -> bool:
    """Return whether it is a loop, line or riff of that instrument: "percussion loop", "bass line"."""
    after = row[at + 1] if at + 1 < len(row) else None
    return after is not None and after.kind == "filler" and after.word in _LOOPS and not _is_wish(row, at)


def _is_head(row: Sequence[Piece], at: int) -> bool:
    """Return whether all else in the prompt describes the instrument: "deep house bassline, 8 bars"."""
    music = ("style", "leaning")
    if row[at].word in _MUSIC or "four on the floor" in _entry(row[at]).traits:
        return False
    if not any(piece.kind in music for piece in row):
        return False
    if at + 1 < len(row) and row[at + 1].kind == "filler" and row[at + 1].word.split()[0] in _FOR:
        return all(piece.kind not in (*music, "part") for piece in row[:at])
    before, after = row[:at], row[at + 1 :]
    while before and before[-1].word in _STYLE:
        before = before[:-1]
    if not before or before[-1].kind not in music:
        return False
    if any(piece.kind in music for piece in before[:-1]) and any(piece.kind == "link" for piece in before):
        return False  # "hip hop, boom bap drums" is hip hop
    return all(piece.kind in ("mood", "degree", "filler", "link", "stop", *music) for piece in before) and all(
        piece.kind in ("quantity", "filler", "stop", "link", "pace") for piece in after
    )
