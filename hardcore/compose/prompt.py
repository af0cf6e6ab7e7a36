"""Prompt: what a sentence asks for. Every word of it is understood, says nothing (filler), or is told as ignored."""

from collections.abc import Sequence
from typing import Any

from hardcore.compose.chordwords import meaning, merged, spoken_chords
from hardcore.compose.groovewords import Spoken, spoken, without
from hardcore.compose.intent import Intent, Understood
from hardcore.compose.lexicon import Piece, as_meter, pieces
from hardcore.compose.reading import Level, Reading
from hardcore.compose.sentence import read
from hardcore.compose.songwords import LEAST_S, song_words
from hardcore.compose.spelling import respelled
from hardcore.compose.styles import DEFAULT_STYLE, Style, closest
from hardcore.compose.styles import styles as known_styles
from hardcore.compose.typedchords import TypedChords, key_for, typed_chords
from hardcore.compose.words import clean, tokens
from hardcore.errors import UserError
from hardcore.knowledge.groove import groove
from hardcore.knowledge.vocabulary import vocabulary
from hardcore.music.scale import Key
from hardcore.project.roles import DRUMS, ROLES, Role

EXAMPLE = "like: dark warehouse techno, 138 bpm, F minor, rolling bass"
SLOW = 0.15  # of a style's range of tempos, as "slow" says
SLOW_BPM = 72.0
CALM = 0.3
LOUD = 0.6
# where they are all that is named, the music is no club music
ACOUSTIC = frozenset({
    "piano", "harpsichord", "pipe_organ", "nylon_guitar", "harp", "koto", "marimba", "vibraphone", "glockenspiel",
    "music_box", "tubular_bell", "kalimba", "strings", "fiddle", "pizzicato", "brass", "trumpet", "flute", "clarinet",
    "sax", "choir", "electric_guitar",
})  # fmt: skip
LEVELS = ("energy", "density", "ghost", "darkness", "space", "drive", "movement")


def understand(text: str, *, genres: Sequence[Style] | None = None, default_genre: str | None = None) -> Intent:
    """Return what `text` asks for. Raises UserError with an example when there is no word in it.

    genres         the styles that can be named; all of the knowledge base unless given
    default_genre  taken when no style is named; without it, the style nearest to the tempo, moods and instruments
    Of two things that contradict each other the later wins, and `ignored` says so.
    """
    plain = clean(text)
    if not any(token.word[0].isalnum() or not token.word.isascii() for token in tokens(plain)):
        raise UserError("there is nothing to play in that", EXAMPLE)
    known = tuple(genres if genres is not None else known_styles())
    typed = typed_chords(plain)
    rest = without(plain, typed)
    grooves = [one for one in spoken(rest) if not _is_style(one, known)]
    rest = without(rest, grooves)
    wishes = spoken_chords(rest)
    songs = song_words(rest)
    row = _waltzes(respelled(pieces(without(without(rest, wishes), songs), known), known))
    reading = read(row)
    for asked in songs:
        reading.understand(asked.start, asked.words, "a song in sections")
    _grooves(reading, grooves)
    for one in wishes:
        reading.understand(one.start, one.words, meaning(one.wish))
    for chords in typed:
        reading.understand(chords.start, chords.words, f"the chords {' '.join(chords.names)}")
    style = _style(reading, row, known, default_genre)
    levels = {name: level.value for name, level in reading.levels.items()}
    fields: dict[str, Any] = {
        **levels,
        **_tempo(reading, style),
        **_meter(reading),
        **_parts(reading, style),
        "key": _key(reading, style) or _key_of(reading, typed, style),
        "progression": typed[-1].names if typed else (),
        "swing_percent": reading.swing[0] if reading.swing else None,
        "groove": grooves[-1].groove if grooves else None,
        "chords": merged(one.wish for one in wishes),
    }
    fields |= _length(reading, style, fields, bool(songs))
    return Intent(
        prompt=plain.strip(),
        genre=style.id,
        **fields,
        understood=_in_order(reading.places),
        ignored=_ignored(reading.lost, plain),
    )


def _is_style(one: Spoken, known: Sequence[Style]) -> bool:
    """Return whether the words of a groove are the name of a style as well: "blues shuffle"."""
    return any(one.words.casefold() == phrase.casefold() for style in known for phrase in style.phrases)


def _waltzes(row: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with a waltz beside another style read as its meter."""
    others = any(piece.kind == "genre" and piece.style != "waltz" for piece in row)
    return [as_meter(one) if others and (one.kind, one.style) == ("genre", "waltz") else one for one in row]


def _key_of(reading: Reading, typed: Sequence[TypedChords], style: Style) -> Key | None:
    """Return the key that holds the typed chords, where no key is said."""
    if not typed or typed[-1].names[0][0] not in "ABCDEFG":
        return None
    key = key_for(typed[-1].names, style.key, keep=False)
    one = typed[-1]
    reading.understand(one.start, one.words, f"the chords {' '.join(one.names)}, in {key.name}")
    return key


def _grooves(reading: Reading, grooves: Sequence[Spoken]) -> None:
    """Note the groove that counts, the last one, and the words it overrules."""
    for one in grooves[:-1]:
        reading.lose(one.start, one.words, f"{grooves[-1].words} is said")
    if grooves:
        reading.understand(grooves[-1].start, grooves[-1].words, f"groove {groove(grooves[-1].groove).name}")
        if reading.swing:
            reading.overrule(reading.swing[1], grooves[-1].words)


def _style(reading: Reading, row: Sequence[Piece], known: Sequence[Style], default: str | None) -> Style:
    """Return the style that is named last, else the default, else the nearest; the others colour it."""
    by_id = {style.id: style for style in known}
    if reading.genre is not None:
        chosen = by_id[reading.genre.style]
        piece = reading.genre
        said = "took" if piece.slip else "style"
        reading.understand(piece.start, piece.text, f"{said} {chosen.name}")
        if reading.leaning is not None:
            reading.lose(reading.leaning.start, reading.leaning.text, f"taken as {chosen.name}")
        for at, piece in enumerate(row):
            negated = at > 0 and row[at - 1].kind == "negation"
            again = piece.style == chosen.id and piece.start not in reading.places
            if piece.kind == "genre" and not negated and (piece.other is None or again) and piece is not reading.genre:
                _colour(reading, piece, chosen)
        return chosen
    if reading.leaning is not None and reading.leaning.style in by_id:
        chosen = by_id[reading.leaning.style]
        word = reading.leaning.text
        reading.understand(reading.leaning.start, word, f"no style '{word.casefold()}': nearest {chosen.name}")
        return chosen
    if default is not None and default in by_id:
        return by_id[default]
    bpm = reading.quantities.get("tempo")
    slow = reading.pace is not None and reading.pace[0] <= SLOW
    levels = {name: level.value for name, level in reading.levels.items()}
    if "electric_guitar" in reading.devices.values():
        levels.setdefault("drive", LOUD)
    elif _chamber(reading):
        levels.setdefault("energy", CALM)
    chosen = closest(
        known,
        DEFAULT_STYLE,
        bpm=float(str(bpm.span.value)) if bpm and bpm.span else SLOW_BPM if slow else None,
        levels=levels,
        plain=not _chamber(reading),
        devices=reading.devices.values(),
        roles=(*reading.include, *reading.only),
        avoid=reading.avoid,
    )
    if reading.places or reading.quantities or reading.pace:
        reading.understand(-1, "no style named", f"taken as {chosen.name}")
    return chosen


def _chamber(reading: Reading) -> bool:
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


def _tempo(reading: Reading, style: Style) -> dict[str, float]:
    """Return the tempo in numbers, else the one that "fast" or "slow" means in the style."""
    piece = reading.quantities.get("tempo")
    if reading.pace:
        place, word = reading.pace
        if piece:
            reading.lose(word.start, word.text, f"{piece.text} is said")
        else:
            reading.understand(word.start, word.text, f"tempo {style.bpm_at(place):g} BPM")
            return {"bpm": style.bpm_at(place)}
    elif piece is None and reading.genre is not None and "slow" in reading.genre.text.casefold().split():
        slow = style.bpm_at(SLOW)
        reading.understand(reading.genre.start, reading.genre.text, f"style {style.name}, tempo {slow:g} BPM")
        return {"bpm": slow}
    if piece is None or piece.span is None:
        return {}
    bpm = float(str(piece.span.value))
    reading.understand(piece.start, piece.text, f"tempo {bpm:g} BPM")
    return {"bpm": bpm}


def _key(reading: Reading, style: Style) -> Key | None:
    """Return the key; a tonic without a mode gets the style's own, a mode without a tonic the style's tonic."""
    piece = reading.quantities.get("key") or reading.quantities.get("mode")
    if piece is None or piece.span is None:
        return None
    value, why = piece.span.value, ""
    if isinstance(value, int) and reading.genre is None and reading.leaning is None and _chamber(reading):
        key, why = Key(tonic=value, mode="major"), " (a letter alone)"
    elif isinstance(value, int):
        key, why = Key(tonic=value, mode=style.key.mode), f" ({style.name} is usually {style.key.mode})"
    elif isinstance(value, str):
        key, why = Key(tonic=style.key.tonic, mode=value), f" ({style.name} is often in {style.key.tonic_name})"
    else:
        assert isinstance(value, Key)
        key = value
    reading.understand(piece.start, piece.text, f"key {key.name}{why}")
    return key


def _meter(reading: Reading) -> dict[str, int]:
    piece = reading.quantities.get("meter")
    if piece is None or piece.span is None:
        return {}
    assert isinstance(piece.span.value, tuple)
    numerator, denominator = piece.span.value
    reading.understand(piece.start, piece.text, f"meter {numerator}/{denominator}")
    return {"numerator": numerator, "denominator": denominator}


def _length(reading: Reading, style: Style, fields: dict[str, Any], song: bool) -> dict[str, Any]:
    """Return the length of the scene; a song, which a length of minutes is as well, has one that is usual."""
    bars = _bars(reading, style, fields)
    timed = None if reading.quantities.get("bars") else reading.quantities.get("seconds")
    if timed is not None and timed.span is not None and float(str(timed.span.value)) >= LEAST_S:
        song = True
    return {"song": True, "song_bars": bars} if song else {"bars": bars}


def _bars(reading: Reading, style: Style, fields: dict[str, Any]) -> int | None:
    """Return the length in bars; seconds are converted at the tempo asked for, or the style's."""
    over, under = fields.get("numerator") or style.meter[0], fields.get("denominator") or style.meter[1]
    beats_per_bar = over * 4 / under
    for kind in ("bars", "beats", "seconds"):
        piece = reading.quantities.get(kind)
        if piece is None or piece.span is None:
            continue
        value = float(str(piece.span.value))
        bpm = fields.get("bpm") or style.default_bpm
        beats = value * bpm / 60 if kind == "seconds" else value
        bars = int(value) if kind == "bars" else min(max(round(beats / beats_per_bar), 1), 512)
        at = f" at {bpm:g} BPM: {bars * beats_per_bar * 60 / bpm:.1f} s" if kind == "seconds" else ""
        reading.understand(piece.start, piece.text, f"{bars} bar{'s' if bars != 1 else ''}{at}")
        return bars
    return None


def _parts(reading: Reading, style: Style) -> dict[str, Any]:
    """Return only, include, exclude, devices and traits; a group such as drums means those the style has."""

    def narrowed(asked: dict[Role, str]) -> tuple[Role, ...]:
        own = {role for role in asked if role not in reading.groups or role in style.roles}
        if not own.intersection(DRUMS) and any(role in reading.groups for role in asked):
            own |= {role for role in ("kick", "snare", "hat_closed") if role in asked}
        return tuple(role for role in ROLES if role in own)

    only = narrowed(reading.only)
    left = {role: words for role, words in reading.include.items() if role not in only}
    if only:
        left = _after_only(reading, left)
    return {
        "only": only,
        "include": narrowed(left),
        "exclude": tuple(role for role in ROLES if role in reading.exclude),
        "devices": {role: reading.devices[role] for role in ROLES if role in reading.devices},
        "traits": {role: reading.traits[role] for role in ROLES if role in reading.traits},
    }


def _after_only(reading: Reading, include: dict[Role, str]) -> dict[Role, str]:
    """Return the parts that are still wanted beside an "only": those named after it; the others are told."""
    places = {words: at for at, (words, meaning) in reading.places.items()}
    said = sorted((at, words) for at, (words, meaning) in reading.places.items() if meaning.startswith("only "))
    first = min(at for at, _ in said) if said else 0
    kept = {role: words for role, words in include.items() if places.get(words, 0) > first}
    for role, words in include.items():
        if role not in kept:
            reading.overrule(words, f"only {said[0][1]}" if said else "only")
            reading.devices.pop(role, None)
            reading.traits.pop(role, None)
    return kept


def _in_order(places: dict[int, tuple[str, str]]) -> tuple[Understood, ...]:
    return tuple(dict.fromkeys(Understood(*places[at]) for at in sorted(places)))


def _ignored(lost: list[tuple[int, str, str]], text: str) -> tuple[str, ...]:
    """Return what does not count, in order; neighbouring unknown words together, a reason in parentheses."""
    runs: list[tuple[int, str, str]] = []
    for at, words, why in sorted(lost):
        if runs and not why and not runs[-1][2]:
            start, before, _ = runs[-1]
            if (
                text[start + len(before) : at] == " "
                and text[start : start + len(before)] == before
                and len(before) < 60
            ):
                runs[-1] = (start, f"{before} {words}", "")
                continue
        runs.append((at, words, why))
    return tuple(dict.fromkeys(f"{words} ({why})" if why else words for _, words, why in runs))
