"""Pieces: the cheapest cover of a description of music, each span in the one sense that it has there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from hardcore.compose.styles import Style
from hardcore.knowledge.groove import groove_words
from hardcore.knowledge.vocabulary import Said, plural, vocabulary
from hardcore.language.chart import cheapest, edges, respelled
from hardcore.language.keyphrases import keys
from hardcore.language.lexicon import Phrases, lexicon
from hardcore.language.numbers import Quantity, bare_tempo, quantities
from hardcore.language.referents import aliases
from hardcore.language.spans import Sense, Span
from hardcore.language.spelling import corrected
from hardcore.language.typedchords import typed_chords
from hardcore.language.words import STOPS, Token, tokens

LINKS = frozenset({",", "and", "&", "+", "/", "or", "nor", "plus", "n"})
# of the senses of a span the first of these is meant; "other" is what is meant beside a style
ORDER = ("chords", "quantity", "style", "groove", "absent", "nothing_else", "only", "harmony", "leaning", "part",
         "trait", "mood", "swing", "pace", "degree", "neg", "song", "lift", "form", "unavailable", "link", "stop",
         "bare", "filler", "unknown")  # fmt: skip
_OTHER = {"style": ("part", "trait", "mood", "swing", "pace"), "leaning": ("part", "trait", "mood", "swing", "pace"),
          "part": ("form",)}  # fmt: skip
_COST = {"filler": 0.12, "link": 0.1, "stop": 0.1, "unknown": 10.0, "degree": 0.2, "neg": 0.2, "only": 0.3, "lift": 0.2,
         "quantity": 0.2, "chords": 0.2, "song": 0.2, "nothing_else": 0.1, "absent": 0.1, "bare": 1.5}  # fmt: skip
# of covers that cost the same the one whose phrases are longer at the right, where the head of a compound stands
_RIGHT = 1e-7
# letters of a phrase that may be written as one word: "deephouse"
_TOGETHER = 8
_MODES = {"minor": "minor", "major": "major", "moll": "minor", "dur": "major", "mineur": "minor", "majeur": "major",
          "menor": "minor", "mayor": "major", "minore": "minor", "maggiore": "major", "maior": "major"}  # fmt: skip
_TUNES, _MUSIC = frozenset(("tune", "tunes")), frozenset(("style", "leaning", "mood", "pace"))
_LONG_FILLER = 3
_LINES = frozenset(("riff", "riffs", "melody", "tune", "hook", "arpeggio", "arpeggios", "solo"))
# what a misspelt word may have been
_SPELT = frozenset({"style", "part", "mood", "trait", "leaning", "pace", "groove", "harmony", "form", "quantity"})
_SAYS_GROOVE = ("groove", "swing", "feel", "mpc", "shuffle")
# "a full trance song"
_WHOLE_SONG = re.compile(
    r"\b(?:full|whole|entire|complete|finished)(?:[ -]length)?(?= (?:[\w&-]+ ){1,3}(?:song|track|tune|arrangement)\b)",
    re.IGNORECASE,
)


# "a key change in the last chorus": semitones by the words that name them
_KEY_LIFT = re.compile(
    r"\b(?:a )?(?:key[ -](?:change|lift)|modulation)(?: up)?"
    r"(?: (?:by )?an? (semitone|half[ -](?:step|tone)|tone|step))?"
    r"(?: (?:in|at|for|before) the (?:last|final) (?:chorus|hook|drop))?\b",
    re.IGNORECASE,
)


# small things in a piece: what stands before them is of them alone
DEVICES = ("turnaround", "turnarounds", "walkdown", "walkup", "lick", "licks", "cadence", "run", "runs", "tag",
           "ending", "bridge", "fill", "fills", "vamp", "line", "lines", "descent")  # fmt: skip
# "with a chromatic bass": its article and mode are no key
_NO_KEY = re.compile(
    r"\ban? (?:chromatic|blues|minor|major|dorian|phrygian|lydian|mixolydian|locrian)"
    rf"(?= (?:{'|'.join(DEVICES)}|bass|bassline|melody|lead|riff|passage|scale|intro|outro)\b)",
    re.IGNORECASE,
)


class Piece(NamedTuple):
    """A stretch of the text: as typed, and what it is.

    entry    the entry of the vocabulary, a quantity, chords, the id of a groove or a style
    other    what it means beside another style ("acid" is a bass there) or beside sections ("break")
    slip     it is not spelled so
    """

    kind: str
    text: str
    start: int
    entry: Any = None
    other: Sense | None = None
    slip: bool = False

    @property
    def word(self) -> str:
        """Return the text as it is compared."""
        return self.text.casefold()

    @property
    def style(self) -> str:
        """Return the id of the style that is named or leant to, or nothing."""
        return self.entry if self.kind == "style" else self.entry.style if self.kind == "leaning" else ""


def pieces(text: str, styles: Sequence[Style]) -> list[Piece]:
    """Return the pieces of a cleaned text, in order; every word is in one of them."""
    book = phrasebook(tuple((style.id, style.phrases) for style in styles))
    row = tokens(text)
    if not row:
        return []
    built = _built(text)
    right, slips = corrected(row, (book,), built, _targets(book))
    wrong = {token.start for token, other in zip(row, right, strict=True) if token.word != other.word}
    if slips:
        typed, text = text, respelled(text, row, right)
        at = {other.start: token for token, other in zip(row, tokens(text), strict=True)}
        found = _covered(text, tokens(text), _built(text), book)
        return _sure([_as_typed(piece, at, typed, wrong) for piece in found])
    return _covered(text, row, built, book)


def _sure(row: list[Piece]) -> list[Piece]:
    """Return the pieces with no misspelt style where one is written right: "gabber with a huose feel"."""
    if not any(piece.kind == "style" and not piece.slip and piece.other is None for piece in row):
        return row
    return [piece._replace(kind="unknown") if piece.kind == "style" and piece.slip else piece for piece in row]


def _as_typed(piece: Piece, at: dict[int, Token], typed: str, wrong: set[int]) -> Piece:
    """Return a piece of the corrected text with the words as they are typed."""
    inside = [token for start, token in at.items() if piece.start <= start < piece.start + max(len(piece.text), 1)]
    start, end = inside[0].start, inside[-1].end
    slip = any(token.start in wrong for token in inside)
    # what says nothing only because of what it was taken for is told
    kind = "unknown" if slip and piece.kind == "filler" and end - start > _LONG_FILLER else piece.kind
    return piece._replace(kind=kind, text=typed[start:end], start=start, slip=slip)


def _covered(text: str, row: Sequence[Token], built: Sequence[Span], book: Phrases) -> list[Piece]:
    alone = [_bare(text, token) or _mode(token) for token in row]
    spans = [*built, *(span for span in alone if span is not None), *(_sign(token) for token in row if _is_sign(token))]
    spans += _joined(text, row, book)
    known = edges(text, row, spans, (book,))
    keyed = [span.start for span in built for sense in span.senses if sense.key == "key"]
    for at, found in enumerate(known):  # "a funk groove in E": the "in" is the key's
        known[at] = [one for one in found if not any(one[1].start < start < one[1].end for start in keyed)]
    cover = cheapest(known, lambda span: _cost(span), 1)
    return _tunes(_waltzes([_piece(span) for span in cover[0].spans]))


def _tunes(row: list[Piece]) -> list[Piece]:
    """Return the pieces with "a funk tune" as the music and not its melody, "a guitar riff" as the guitar's."""
    found: list[Piece] = []
    for piece in row:
        before = found[-1] if found else Piece("", "", 0)
        beside = piece.start == before.start + len(before.text) + 1
        if piece.word in _LINES and before.kind == "part" and beside:
            found[-1] = before._replace(text=f"{before.text} {piece.text}")
        elif piece.word in _TUNES and before.kind in _MUSIC:
            found.append(piece._replace(kind="filler"))
        else:
            found.append(piece)
    return found


def _waltzes(row: list[Piece]) -> list[Piece]:
    """Return the pieces with a waltz beside another style read as its meter: "waltz techno"."""
    if not any(piece.kind == "style" and piece.style != "waltz" for piece in row):
        return row
    meter = Quantity(0, 0, "meter", (3, 4))
    return [piece._replace(kind="quantity", entry=meter) if piece.style == "waltz" else piece for piece in row]


def _is_sign(token: Token) -> bool:
    return len(token.word) == 1 and token.word.isascii() and not token.word.isalnum()


def _sign(token: Token) -> Span:
    kind = "link" if token.word in LINKS else "stop" if token.word in STOPS else "filler"
    return Span(token.start, token.end, token.text, (Sense(kind),))


def _bare(text: str, token: Token) -> Span | None:
    """Return a number that stands alone as a tempo; not one that counts something or is signed ("-60", "#140")."""
    bpm = bare_tempo(text, token.start, token.end)
    if bpm is None or text[max(token.start - 1, 0) : token.start] in ("-", "#", "+", "$", "€", "£"):
        return None
    return Span(token.start, token.end, token.text, (Sense("bare", "", Quantity(0, 0, "tempo", bpm)),))


def _mode(token: Token) -> Span | None:
    """Return "minor" or "major" without a letter as the mode: "minor blues"."""
    mode = _MODES.get(token.word)
    if mode is None:
        return None
    return Span(token.start, token.end, token.text, (Sense("bare", "", Quantity(0, 0, "mode", mode)),))


def _joined(text: str, row: Sequence[Token], book: Phrases) -> Iterator[Span]:
    """Yield two words that are one phrase when written together: "synth pop", "break beat"."""
    for first, second in pairwise(row):
        word = first.word + second.word
        if word in book.words and first.word.isalpha() and second.word.isalpha():
            senses = tuple(sense for sense in book.means(word) if sense.kind in _SPELT)
            if senses:
                yield Span(first.start, second.end, text[first.start : second.end], senses)


def _cost(span: Span) -> float:
    # a phrase is likelier than words that say nothing, one by one; a style than what its last word begins
    content = (0.2 if " " in span.text else 0.3) - (0.05 if span.of("style") else 0)
    return min(_COST.get(sense.kind, content) for sense in span.senses) + _RIGHT * span.start


def _piece(span: Span) -> Piece:
    known = sorted(span.senses, key=lambda sense: ORDER.index(sense.kind))
    first = known[0]
    kind = "quantity" if first.kind == "bare" else first.kind
    other = next((sense for sense in known[1:] if sense.kind in _OTHER.get(kind, ())), None)
    return Piece(kind, span.text.strip(), span.start, first.value, other)


def _built(text: str) -> list[Span]:
    """Return every stretch that is a quantity, a key or a row of chords; where two overlap the earlier kind."""
    found: list[Span] = []
    covered = bytearray(len(text))
    rows = [(one.start, one.start + len(one.words), Sense("chords", "", one)) for one in typed_chords(text)]
    said = [one for one in quantities(text) if one.kind not in _LENGTHS or not _is_of_less(text, one)]
    rows += [(*match.span(), Sense("unavailable")) for match in _NO_KEY.finditer(text)]
    rows += [(one.start, one.end, Sense("quantity", one.kind, one)) for one in (*said, *keys(text))]
    rows += [(*match.span(), Sense("song")) for match in _WHOLE_SONG.finditer(text)]
    rows += [(*match.span(), Sense("lift", "", _lift(match[1]))) for match in _KEY_LIFT.finditer(text)]
    for start, end, sense in rows:
        if not any(covered[start:end]):
            covered[start:end] = b"\1" * (end - start)
            found.append(Span(start, end, text[start:end], (sense,)))
    return found


_LENGTHS = ("bars", "seconds")
# before a length that is not that of the piece: "a fill every 4 bars", "the last chord held for two bars"
_NO_LENGTH = re.compile(
    r"\b(?:every|each|per|final|last|first|next|opening|closing"
    r"|(?:held|hold|holds|rings?|ringing|sustained|sustain|fades?|fading)(?: (?:in|out))? (?:for|over))(?: the)? $",
    re.IGNORECASE,
)


# what a length behind or before it is of: "a four-bar subject", "two bars each"
_LESS = re.compile(
    r"[ -](?:each|apiece|per|subject|theme|motif|motive|phrase|figure|riff|melody|pattern|fill|intro-?phrase)\b",
    re.IGNORECASE,
)


def _is_of_less(text: str, length: Quantity) -> bool:
    """Return whether a length is of something in the piece, and not of the piece."""
    return bool(_NO_LENGTH.search(text[: length.start]) or _LESS.match(text, length.end))


def _lift(size: str | None) -> int:
    """Return how many semitones a key change is: a tone unless said."""
    return 1 if size is not None and size.casefold().startswith(("semi", "half")) else 2


@lru_cache(maxsize=8)
def phrasebook(styles: tuple[tuple[str, tuple[str, ...]], ...]) -> Phrases:
    """Return the phrases of the vocabulary and of the styles, each given as (id, phrases)."""
    known: dict[str, list[Sense]] = {}

    def add(phrases: Iterable[str], sense: Sense) -> None:
        for phrase in phrases:
            for spelling in _spellings(phrase.casefold()):
                if sense not in known.setdefault(spelling, []):
                    known[spelling].append(sense)

    for kind, entry in _entries():
        add(entry.say, Sense(kind, "", entry))
        if kind in ("part", "unavailable"):
            add(map(plural, entry.say), Sense(kind, "", entry))
    for alias, phrase in aliases():
        add((alias,), next(sense for sense in known[phrase] if sense.kind == "part"))
    for style, phrases in styles:
        add(phrases, Sense("style", style, style))
        # "techno minimal": where adjectives follow
        turned = {" ".join(reversed(phrase.split())) for phrase in phrases if phrase.count(" ") == 1}
        add(sorted(turned - known.keys()), Sense("style", style, style))
    for phrase, groove in groove_words().items():
        if any(word in phrase.split() or word in phrase.split("-") for word in _SAYS_GROOVE):
            add((phrase,), Sense("groove", groove, groove))
        add((f"{phrase} {word}" for word in ("groove", "swing", "feel")), Sense("groove", groove, groove))
    for kind in ("neg", "only", "absent", "nothing_else", "song", "filler"):
        add(getattr(vocabulary(), {"neg": "negation"}.get(kind, kind)), Sense(kind))
    add(LINKS, Sense("link"))
    for phrase, senses in lexicon().phrases():
        for sense in senses:
            if sense.kind in ("harmony", "form"):
                add((phrase, plural(phrase)), Sense(sense.kind, "", sense.key))
            elif sense.kind in ("filler", "prep") and phrase not in known:
                add((phrase,), Sense("filler"))
    return Phrases(known)


def _entries() -> Iterable[tuple[str, Said]]:
    words = vocabulary()
    named = (("part", words.instruments), ("trait", words.traits), ("mood", words.moods), ("swing", words.swing),
             ("pace", words.pace), ("degree", words.degrees), ("leaning", words.leanings),
             ("unavailable", words.unavailable))  # fmt: skip
    return ((kind, entry) for kind, entries in named for entry in entries)


def _spellings(phrase: str) -> set[str]:
    """Return the ways to write a phrase: "drum and bass" is "drum & bass", "drum n bass" and "drumnbass", too."""
    found = {phrase}
    words = phrase.split()
    if 1 < len(words) <= 3 and len("".join(words)) >= _TOGETHER and phrase.isascii():
        found.add("".join(words))
    if "and" in words or "&" in words:
        for joined in ("&", "and", "n", "+", "'n'"):
            found.add(" ".join(joined if word in ("and", "&") else word for word in words))
        found.add("".join("n" if word in ("and", "&") else word for word in words))
    return found | {spelling.replace("bass", "base") for spelling in found if "bass" in spelling.split()}


@lru_cache(maxsize=8)
def _targets(book: Phrases) -> frozenset[str]:
    """Return the words that a misspelt one may have been."""
    phrases = (phrase for phrase, senses in book.phrases() if any(sense.kind in _SPELT for sense in senses))
    return frozenset(word for phrase in phrases for word in phrase.split() if word.isalpha())
