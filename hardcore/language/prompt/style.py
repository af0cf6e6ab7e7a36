"""Style: the one that is named last, else the nearest by stated rules; others that are named colour it.

Where none is named: music that is no style here (a march, soul) leans to one; else instruments, moods and tempo
decide which style is nearest, and where acoustic instruments play alone, it is none of the club styles.
"""

from collections.abc import Sequence
from itertools import pairwise

from hardcore.compose.styles import DEFAULT_STYLE, Style, closest
from hardcore.knowledge.vocabulary import vocabulary
from hardcore.language.prompt.pieces import Piece
from hardcore.language.prompt.reading import Level, Reading
from hardcore.project.roles import DRUMS

SLOW = 0.15
SLOW_BPM, FAST_BPM, FAST = 72.0, 140.0, 0.8
CALM = 0.3
LOUD = 0.6
EXTREME = 0.95
# styles that are meant by name, or by a tempo from there on: a "huge" song is none of them
HARD_BPM = 145.0
HARD = frozenset({"hardcore", "industrial_hardcore", "gabber", "terrorcore", "speedcore", "frenchcore", "uptempo",
                  "happy_hardcore", "hardstyle", "metal", "hard_techno"})  # fmt: skip
_ATMOSPHERE = "ambient"  # "horror ambience": where nothing else is to play
# where they are all that is named, the music is no club music
ACOUSTIC = frozenset({
    "piano", "harpsichord", "pipe_organ", "nylon_guitar", "harp", "koto", "marimba", "vibraphone", "glockenspiel",
    "music_box", "tubular_bell", "kalimba", "strings", "fiddle", "pizzicato", "brass", "trumpet", "flute", "clarinet",
    "sax", "choir", "electric_guitar", "steel_drum", "upright_bass", "timpani", "clave", "tambourine",
})  # fmt: skip
# the styles that such instruments alone may lean to
CHAMBER = frozenset({"cinematic", "waltz", "jazz_trio", "bossa_nova", "ambient", "pop", "rock", "downtempo", "blues",
                     "lofi_hip_hop", "drone", "samba", "funk"})  # fmt: skip

# the styles of songs with words, which one about a feeling is near
SONGS = frozenset({"folk", "pop", "rock", "country", "soul", "indie_rock"})


def style_of(reading: Reading, row: Sequence[Piece], known: Sequence[Style], default: str | None) -> Style:
    """Return the style that is meant, and note what its words were taken for."""
    by_id = {style.id: style for style in known}
    if reading.genre is not None:
        chosen = by_id[reading.genre.style]
        _named(reading, row, chosen)
        return chosen
    if reading.leaning is not None and reading.leaning.style in by_id:
        chosen = by_id[reading.leaning.style]
        piece = reading.leaning
        reading.understand(piece.start, piece.text, f"no style '{piece.word}': nearest {chosen.name}")
        for name, value in piece.entry.sets.items():
            reading.set_level(name, Level(value, piece.text, False, False))
        return chosen
    if reading.groove is not None and reading.groove.entry in by_id:  # "a reggae groove" is of that style
        chosen = by_id[str(reading.groove.entry)]
        reading.understand(reading.groove.start, reading.groove.text, f"style {chosen.name}")
        return chosen
    if default is not None and default in by_id:
        return by_id[default]
    songs = [style for style in known if style.id in SONGS] if _is_song(reading, row) else ()
    chosen = _of_parts(row, known) or _nearest(reading, songs or known)
    if reading.places or reading.quantities or reading.pace or reading.asked:
        reading.understand(-1, "no style named", f"taken as {chosen.name}")
    return chosen


def _is_song(reading: Reading, row: Sequence[Piece]) -> bool:
    """Return whether a prompt is of a song with words: "a song about …", or one of a mood with acoustic instruments."""
    if any(piece.kind == "song" and piece.word.endswith(" about") for piece in row):
        return True
    of_mood = any(one.kind == "mood" and other.word.split()[0] == "song" for one, other in pairwise(row))
    return of_mood and bool(reading.devices) and ACOUSTIC.issuperset(reading.devices.values())


def _named(reading: Reading, row: Sequence[Piece], chosen: Style) -> None:
    piece = reading.genre
    assert piece is not None
    reading.understand(piece.start, piece.text, f"{'took' if piece.slip else 'style'} {chosen.name}")
    if (leaning := reading.leaning) is not None and leaning.style == chosen.id:
        reading.understand(leaning.start, leaning.text, f"style {chosen.name}")
    elif leaning is not None:
        reading.lose(leaning.start, leaning.text, f"taken as {chosen.name}")
    for at, piece in enumerate(row):
        negated = at > 0 and row[at - 1].kind == "neg"
        again = piece.style == chosen.id and piece.start not in reading.places
        if piece.kind == "style" and not negated and (piece.other is None or again) and piece is not reading.genre:
            _colour(reading, piece, chosen)


def _nearest(reading: Reading, known: Sequence[Style]) -> Style:
    bpm = reading.quantities.get("tempo")
    pace = reading.pace[0] if reading.pace is not None else 0.5
    levels = {name: level.value for name, level in reading.levels.items()}
    alone = chamber(reading)
    if (leant := _leant(reading, known, alone)) is not None:
        return leant
    atmosphere = next((style for style in known if style.id == _ATMOSPHERE), None)
    if atmosphere is not None and set(reading.include) == {"texture"} and not reading.only:
        return atmosphere
    if "electric_guitar" in reading.devices.values():
        levels.setdefault("drive", LOUD)
    elif alone:
        levels.setdefault("energy", CALM)
    meant = SLOW_BPM if pace <= SLOW else FAST_BPM if pace >= FAST else None
    bpm_said = float(bpm.entry.value) if bpm is not None else meant
    if (bpm_said or 0) < FAST_BPM and levels.get("energy", 0) < EXTREME:
        known = [style for style in known if style.low_bpm < FAST_BPM] or known
    if (bpm_said or 0) < HARD_BPM and levels.get("energy", 0) < EXTREME:
        known = [style for style in known if style.id not in HARD] or known
    roles = tuple(role for role in (*reading.include, *reading.only) if role not in reading.groups)
    return closest(
        [style for style in known if not alone or style.id in CHAMBER] or known,
        DEFAULT_STYLE,
        bpm=bpm_said,
        levels=levels,
        plain=not alone,
        devices=reading.devices.values(),
        roles=roles,
        avoid=reading.avoid,
    )


def _of_parts(row: Sequence[Piece], known: Sequence[Style]) -> Style | None:
    """Return the style that the name of an instrument begins with: "house piano", "techno kick"."""
    by_phrase = {phrase.casefold(): style for style in known for phrase in style.phrases}
    for words in (piece.word.split() for piece in row if piece.kind == "part"):
        for count in range(len(words) - 1, 0, -1):
            if " ".join(words[:count]) in by_phrase:
                return by_phrase[" ".join(words[:count])]
    return None


def _leant(reading: Reading, known: Sequence[Style], alone: bool) -> Style | None:
    """Return the style that the first mood leans to, unless tempo or instruments are none of it."""
    bpm = reading.quantities.get("tempo")
    for piece in reading.leans:
        for style in known:
            if style.id == piece.entry.leans and style.id not in reading.avoid:
                other = bpm is not None and not style.low_bpm <= float(bpm.entry.value) <= style.high_bpm
                if not other and (not alone or style.id in CHAMBER):
                    return style
    return None


def chamber(reading: Reading) -> bool:
    """Return whether a prompt names acoustic instruments and no drums and bass: "solo piano", "violin and harp"."""
    rhythm = {*DRUMS, "bass", "sub"}.intersection((*reading.only, *reading.include))
    return bool(reading.devices) and ACOUSTIC.issuperset(reading.devices.values()) and not rhythm


def _colour(reading: Reading, piece: Piece, chosen: Style) -> None:
    """Read a second style as a colour of the chosen one."""
    if piece.style == chosen.id:
        reading.understand(piece.start, piece.text, f"style {chosen.name}")
        return
    sets = vocabulary().flavours.get(piece.style)
    if not sets:
        reading.lose(piece.start, piece.text, f"taken as {chosen.name}")
        return
    said = ", ".join(f"{name} {value:.2f}" for name, value in sets.items())
    reading.understand(piece.start, piece.text, f"a colour of {chosen.name}: {said}")
    for name, value in sets.items():
        reading.set_level(name, Level(value, piece.text, False, False))
