"""Adjectives: degrees with moods, traits and swing words, and the levels they set."""

from collections.abc import Mapping, Sequence

from hardcore.knowledge.vocabulary import DegreeWords, InstrumentWords, MoodWords, SwingWords, TraitWords
from hardcore.knowledge.vocabulary import Level as LevelName
from hardcore.language.prompt.pieces import Piece
from hardcore.language.prompt.reading import Level, Reading, names

BESIDE = ("mood", "trait", "degree", "swing")
FROM_NONE = ("ghost",)
# without an adjective after them these say nothing: "some techno"
SILENT = frozenset(
    {"some", "a few", "few", "so", "really", "quite", "rather", "a bit of", "a little", "even", "mostly", "extra"}
)
BOUND = 0.5  # an adjective of one part colours the whole half as much


def with_degrees(reading: Reading, words: Sequence[Piece], beside: bool) -> list[tuple[Piece, float, str]]:
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
    if text and not beside and text.casefold() not in SILENT:
        reading.lose(start, text)
    elif text and beside:  # "lots of hats", "a few chords"
        trait = "busy" if factor >= 1.5 else "sparse" if factor < 0 else ""
        if trait:
            entry = TraitWords(say=(text,), trait=trait, roles=("kick",))
            found.append((Piece("trait", text, start, entry), 1.0, text))
        else:
            reading.understand(start, text, "some")
    return found


def scaled(value: float, factor: float, name: str = "") -> float:
    """Return a level moved from the middle by `factor` of its distance, within 0–1; ghost notes count from none."""
    if name in FROM_NONE:
        return round(min(max(value * factor, 0.0), 1.0), 3) if factor > 0 else 0.0
    return round(min(max(0.5 + (value - 0.5) * factor, 0.0), 1.0), 3)


def adjective(reading: Reading, piece: Piece, factor: float, text: str, beside: Piece | None) -> None:
    """Read one adjective with its degree; beside an instrument a trait is that instrument's."""
    entry = piece.entry
    if isinstance(entry, SwingWords):
        percent = 50.0 if factor < 0 else round(min(50 + (entry.percent - 50) * factor, 75), 1)
        set_swing(reading, piece.start, text, percent)
    elif isinstance(entry, MoodWords):
        set_levels(reading, piece.start, text, entry.sets, factor, beside is not None)
        if factor > 0:
            reading.mode = entry.mode or reading.mode
            reading.leans += [piece] if entry.leans and beside is None else []
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
            set_levels(reading, piece.start, text, entry.sets, factor, True, note=False)
        reading.understand(piece.start, text, f"{names(roles)}: {entry.trait}")


def set_levels(
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


def set_swing(reading: Reading, at: int, text: str, percent: float) -> None:
    """Take a swing in percent; it overrules another one."""
    if reading.swing and reading.swing[0] != percent:
        reading.overrule(reading.swing[1], text)
    reading.swing = (percent, text)
    reading.understand(at, text, f"swing {percent:g} %")
