"""Reading: the pieces of a prompt put together: degrees with adjectives, adjectives with instruments, "no" and "only".

A `Reading` gathers what was asked, in order. Of two things that contradict each other the later wins, and the earlier
is told with the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hardcore.compose.lexicon import Piece
from hardcore.knowledge.vocabulary import DegreeWords, InstrumentWords, MoodWords, SwingWords, TraitWords
from hardcore.knowledge.vocabulary import Level as LevelName
from hardcore.project import devices
from hardcore.project.roles import DRUMS, Role

BESIDE = ("moods", "traits", "degrees", "swing")
FROM_NONE = ("ghost",)
BOUND = 0.5  # an adjective of one part colours the whole half as much
SPECIFIC: tuple[Role, ...] = ("kick", "snare", "bass", "lead", "chords")


class Level(NamedTuple):
    """A level asked for: its value, the words that said so, and whether it is what they are mainly about."""

    value: float
    words: str
    main: bool
    bound: bool  # to an instrument: "dark pad" colours the whole only where nothing else does


@dataclass
class Reading:
    """What has been read so far.

    places      words and meaning by position in the text; said   the positions of words
    lost        (position, words, reason)
    styles      the styles that are named; plain_styles   those whose words mean nothing else; last_style   the last's place
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
    styles: set[str] = field(default_factory=set)
    plain_styles: set[str] = field(default_factory=set)
    last_style: int = 0
    avoid: set[str] = field(default_factory=set)
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


def read(row: Sequence[Piece]) -> Reading:
    """Return the reading of a prompt's pieces; styles and quantities are gathered, not yet resolved."""
    named = [(at, piece) for at, piece in enumerate(row) if piece.kind == "genre"]
    reading = Reading(
        styles={piece.style for _, piece in named},
        plain_styles={piece.style for _, piece in named if piece.other is None},
        last_style=max((at for at, _ in named), default=0),
    )
    only = _only_list(row)
    at = 0
    while at < len(row):
        piece = row[at]
        if piece.kind == "negation":
            at = _negated(reading, row, at)
        elif piece.kind in BESIDE:
            at = _described(reading, row, at, only)
        else:
            _single(reading, row, at, only)
            at += 1
    return reading


def _single(reading: Reading, row: Sequence[Piece], at: int, only: frozenset[int]) -> None:
    """Read a piece that stands for itself."""
    piece = row[at]
    if piece.kind == "instruments":
        _instrument(reading, piece, (), at in only)
    elif piece.kind == "genre":
        _style(reading, row, at)
    elif piece.kind == "quantity":
        _quantity(reading, piece)
    elif piece.kind == "pace":
        _pace(reading, piece)
    elif piece.kind == "unavailable":
        reading.lose(piece.start, piece.text, getattr(piece.entry, "why", ""))
    elif piece.kind == "unknown":
        reading.lose(piece.start, piece.text)


def _only_list(row: Sequence[Piece]) -> frozenset[int]:
    """Return the places of the instruments that an "only" is about: the list after it, else the one before it."""
    found: set[int] = set()
    for at, piece in enumerate(row):
        if piece.kind == "only":
            after, before = range(at + 1, len(row)), range(at - 1, -1, -1)
            # "drums only" looks back, "only drums" and "just drums" ahead
            postfix = at > 0 and row[at - 1].kind == "instruments" and piece.text.casefold() == "only"
            found |= set(_listed(row, before if postfix else after))
    return frozenset(found)


def _listed(row: Sequence[Piece], order: range) -> Iterator[int]:
    for at in order:
        if row[at].kind == "instruments":
            yield at
        elif row[at].kind not in ("joiner", "filler", *BESIDE):
            return


def _described(reading: Reading, row: Sequence[Piece], at: int, only: frozenset[int]) -> int:
    """Read adjectives and degrees from `at`, with the instrument they stand before, if any; return what is next."""
    end = at
    while end < len(row) and row[end].kind in BESIDE:
        end += 1
    words = row[at:end]
    instrument = row[end] if end < len(row) and row[end].kind == "instruments" else None
    said = _with_degrees(reading, words, instrument is not None)
    for piece, factor, text in said:
        _adjective(reading, piece, factor, text, instrument)
    if instrument is None:
        return end
    adjectives = tuple(piece.text.casefold() for piece, _, _ in said if piece.kind in ("moods", "swing"))
    _instrument(reading, instrument, adjectives, end in only)
    return end + 1


def _with_degrees(reading: Reading, words: Sequence[Piece], beside: bool) -> list[tuple[Piece, float, str]]:
    """Return the adjectives with the factor of the degrees before them and the words of both."""
    found: list[tuple[Piece, float, str]] = []
    factor, text, start = 1.0, "", 0
    for piece in words:
        if isinstance(piece.entry, DegreeWords):
            # "very very" goes further, "not too very" doesn't turn twice
            factor, start = factor * piece.entry.factor, start if text else piece.start
            text = f"{text} {piece.text}".strip()
            continue
        found.append((piece._replace(start=start if text else piece.start), factor, f"{text} {piece.text}".strip()))
        factor, text = 1.0, ""
    if text and not beside:
        reading.lose(start, text)
    elif text:  # "lots of hats", "a few chords"
        trait = "busy" if factor >= 1.5 else "sparse" if factor < 0 else ""
        if trait:
            entry = TraitWords(say=(text,), trait=trait, roles=("kick",))
            found.append((Piece("traits", text, start, entry), 1.0, text))
        else:
            reading.understand(start, text, "some")
    return found


def scaled(value: float, factor: float, name: str = "") -> float:
    """Return a level moved from the middle by `factor` of its distance, within 0–1; ghost notes count from none."""
    if name in FROM_NONE:
        return round(min(max(value * factor, 0.0), 1.0), 3) if factor > 0 else 0.0
    return round(min(max(0.5 + (value - 0.5) * factor, 0.0), 1.0), 3)


def _adjective(reading: Reading, piece: Piece, factor: float, text: str, beside: Piece | None) -> None:
    """Read one adjective with its degree; beside an instrument a trait is that instrument's."""
    entry = piece.entry
    if isinstance(entry, SwingWords):
        percent = 50.0 if factor < 0 else round(min(50 + (entry.percent - 50) * factor, 75), 1)
        _swing(reading, piece.start, text, percent)
    elif isinstance(entry, MoodWords):
        _levels(reading, piece.start, text, entry.sets, factor, beside is not None)
    elif isinstance(entry, TraitWords):
        roles = entry.roles
        if beside is not None and isinstance(beside.entry, InstrumentWords):
            roles = beside.entry.roles
        if factor < 0:
            reading.lose(piece.start, text, f"a part cannot be made less {entry.trait}")
            return
        for role in roles:
            reading.traits[role] = tuple(dict.fromkeys((*reading.traits.get(role, ()), entry.trait)))
        if entry.sets:
            _levels(reading, piece.start, text, entry.sets, factor, True, note=False)
        reading.understand(piece.start, text, f"{names(roles)}: {entry.trait}")


def _levels(
    reading: Reading, at: int, text: str, sets: Mapping[LevelName, float], factor: float, bound: bool, note: bool = True
) -> None:
    if bound:  # how busy one part is says nothing of the others
        sets, factor = {name: value for name, value in sets.items() if name != "density"}, factor * BOUND
    values = {name: scaled(value, factor, name) for name, value in sets.items()}
    if note:
        meaning = ", ".join(f"{name} {value:.2f}" for name, value in values.items())
        reading.understand(at, text, meaning or "of that part")
    for place, (name, value) in enumerate(values.items()):
        reading.set_level(name, Level(value, text, place == 0, bound))


def _swing(reading: Reading, at: int, text: str, percent: float) -> None:
    if reading.swing and reading.swing[0] != percent:
        reading.overrule(reading.swing[1], text)
    reading.swing = (percent, text)
    reading.understand(at, text, f"swing {percent:g} %")


def _instrument(reading: Reading, piece: Piece, adjectives: tuple[str, ...], only: bool) -> None:
    """Read an instrument that is wanted: alone ("only"), or as well."""
    entry = piece.entry
    assert isinstance(entry, InstrumentWords)
    for role in entry.roles:
        if role in reading.exclude:
            reading.overrule(reading.exclude.pop(role), piece.text)
        if entry.group:
            reading.groups.add(role)
        (reading.only if only else reading.include)[role] = piece.text
        if entry.device:
            if reading.devices.get(role, entry.device) != entry.device:
                reading.overrule(reading.include.get(role, ""), piece.text)
            reading.devices[role] = entry.device
        words = (*reading.traits.get(role, ()), *entry.traits, *adjectives)
        if words:
            reading.traits[role] = tuple(dict.fromkeys(words))
    what = [devices.instrument(entry.device).name] if entry.device else []
    said = ", ".join((*what, *entry.traits, *adjectives))
    parts = "drums" if entry.group and set(entry.roles) == set(DRUMS) else names(entry.roles)
    reading.understand(piece.start, piece.text, f"{'only ' if only else ''}{parts}{': ' + said if said else ''}")


def _style(reading: Reading, row: Sequence[Piece], at: int) -> None:
    """Read a style; where another one is named, a word that is also an instrument or an adjective is read as that."""
    piece = row[at]
    if piece.other and reading.styles - {piece.style} and (reading.plain_styles - {piece.style} or at < reading.last_style):
        meant = piece._replace(kind=piece.other.kind, entry=piece.other.entry)
        if meant.kind == "instruments":
            _instrument(reading, meant, (), False)
        else:
            _adjective(reading, meant, 1.0, meant.text, None)
        return
    reading.genre = piece


def _quantity(reading: Reading, piece: Piece) -> None:
    span = piece.span
    assert span is not None
    if span.kind in ("wrong", "seed"):
        reading.lose(piece.start, piece.text, span.why)
        return
    if span.kind == "swing":
        _swing(reading, piece.start, piece.text, float(str(span.value)))
        return
    kinds = {"bars": ("bars", "seconds", "beats"), "key": ("key", "mode")}
    same = next((group for group in kinds.values() if span.kind in group), (span.kind,))
    for kind in same:
        before = reading.quantities.pop(kind, None)
        if before is not None and before.span and before.span[2:] != span[2:]:
            reading.lose(before.start, before.text, f"{piece.text} comes later")
    reading.quantities[span.kind] = piece


def _pace(reading: Reading, piece: Piece) -> None:
    place = float(getattr(piece.entry, "place", 0.5))
    if reading.pace and reading.pace[0] != place:
        reading.lose(reading.pace[1].start, reading.pace[1].text, f"{piece.text} comes later")
    reading.pace = (place, piece)


def _negated(reading: Reading, row: Sequence[Piece], at: int) -> int:
    """Read "no", "without" and what they are about; return what is next."""
    start, first = at, row[at]
    at += 1
    mild = False
    while at < len(row) and row[at].kind in ("filler", "degrees", "only", "negation"):
        mild = mild or row[at].kind == "degrees" or row[at].text.casefold() == "too"
        at += 1
    if at >= len(row):
        for piece in row[start:at]:
            if piece.kind in ("negation", "degrees"):
                reading.lose(piece.start, piece.text)
        return at
    if row[at].kind in ("moods", "traits", "swing") and not _stands_before(row, at):
        return _not_so(reading, row, at, first, mild)
    skipped = at
    while skipped < len(row) and row[skipped].kind in BESIDE:
        skipped += 1
    if skipped < len(row) and row[skipped].kind == "instruments":
        said = " ".join(piece.text for piece in (first, *row[at:skipped]))
        return _excluded(reading, row, skipped, first._replace(text=said))
    if row[at].kind == "genre":
        reading.avoid.add(row[at].style)
        reading.understand(first.start, f"{first.text} {row[at].text}", f"not {row[at].style.replace('_', ' ')}")
        return at + 1
    if row[at].kind == "unavailable":
        reading.understand(first.start, f"{first.text} {row[at].text}", "there are none")
        return at + 1
    if row[at].kind in ("unknown", "quantity", "pace"):
        reading.lose(first.start, f"{first.text} {row[at].text}")
        return at + 1
    for piece in row[start:at]:
        if piece.kind in ("negation", "degrees"):
            reading.lose(piece.start, piece.text)
    return at


def _stands_before(row: Sequence[Piece], at: int) -> bool:
    """Return whether the adjectives at `at` stand before an instrument."""
    while at < len(row) and row[at].kind in BESIDE:
        at += 1
    return at < len(row) and row[at].kind == "instruments"


def _not_so(reading: Reading, row: Sequence[Piece], at: int, first: Piece, mild: bool) -> int:
    """Read "not dark", "not too bright or busy", "no swing": the other side of the middle, mildly."""
    text, start = first.text, first.start
    while True:
        piece = row[at]
        words = f"{text} {piece.text}"
        if isinstance(piece.entry, MoodWords):
            main = next(iter(piece.entry.sets))
            noun = first.text.casefold() in ("no", "without", "minus", "zero")
            factor = -0.25 if mild else -1.0 if noun else -0.5
            _levels(reading, start, words, {main: piece.entry.sets[main]}, factor, False)
        elif isinstance(piece.entry, SwingWords):
            _swing(reading, start, words, 50.0)
        else:
            reading.lose(start, words, "a part's way to play cannot be excluded")
        if at + 2 < len(row) and _goes_on(row[at + 1]) and row[at + 2].kind in ("moods", "traits", "swing"):
            at, start, text = at + 2, row[at + 2].start, ""
            text = first.text
            continue
        return at + 1


def _goes_on(piece: Piece) -> bool:
    return piece.kind == "joiner" and piece.text.casefold() in ("or", "nor", "and", "&", "/") or piece.text == "nor"


def _excluded(reading: Reading, row: Sequence[Piece], at: int, first: Piece) -> int:
    """Read the instruments after a "no": one, or a list joined by "or", "and", or commas that end in an "or"."""
    commas = not first.text.casefold().startswith("no ") and first.text.casefold() != "no" or _ends_in_or(row, at)
    lead = f"{first.text} "
    while True:
        _exclude_one(reading, row[at], first if lead else row[at], f"{lead}{row[at].text}")
        lead = ""
        step = at + 1
        while step < len(row) and (_goes_on(row[step]) or (commas and row[step].text == "," and _ends_list(row, step))):
            step += 1
        if step == at + 1 or step >= len(row) or row[step].kind != "instruments":
            return at + 1
        at = step


def _ends_in_or(row: Sequence[Piece], at: int) -> bool:
    """Return whether the plain list of instruments at `at` ends in "or"."""
    step = at + 1
    while step + 1 < len(row) and row[step].kind == "joiner":
        if row[step].text.casefold() in ("or", "nor"):
            return True
        if row[step + 1].kind == "instruments":
            step += 2
        elif row[step + 1].kind in ("joiner", "negation"):
            step += 1
        else:
            return False
    return False


def _ends_list(row: Sequence[Piece], at: int) -> bool:
    """Return whether the list that goes on at the comma `at` ends in "or" or "and"."""
    while at + 1 < len(row) and row[at].kind == "joiner":
        if row[at].text != ",":
            return row[at + 1].kind == "instruments"
        at += 2 if row[at + 1].kind == "instruments" else 1
    return False


def _exclude_one(reading: Reading, piece: Piece, first: Piece, words: str) -> None:
    entry = piece.entry
    assert isinstance(entry, InstrumentWords)
    special = bool(entry.traits) or (entry.device is not None and entry.device != entry.roles[0])
    if special and entry.roles[0] in SPECIFIC:
        reading.lose(first.start, words, f"only whole parts can be left out: no {name(entry.roles[0])}")
        return
    for role in entry.roles:
        for asked in (reading.include, reading.only):
            if role in asked:
                reading.overrule(asked.pop(role), words)
                reading.devices.pop(role, None)
                reading.traits.pop(role, None)
        reading.exclude[role] = words
    parts = "drums" if entry.group and set(entry.roles) == set(DRUMS) else names(entry.roles)
    reading.understand(first.start, words, f"without {parts}")


def name(role: Role) -> str:
    """Return a role as people say it: closed hat, open hat, bass."""
    return {"hat_closed": "closed hat", "hat_open": "open hat"}.get(role, role)


def names(roles: Sequence[Role]) -> str:
    """Return roles as people say them, joined by "and"; both hats are hats."""
    if set(roles) == {"hat_closed", "hat_open"}:
        return "hats"
    said = [name(role) for role in roles]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
