"""The user's profile: what was learned of their taste, seen, set, forgotten, switched, and carried elsewhere."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from hardcore.commands.composing.genre import GenreRef, find, genres
from hardcore.commands.composing.profilelearner import AsComposed
from hardcore.commands.composing.profilewords import (
    PARTS,
    WHATS,
    Word,
    in_words,
    known_word,
    name_of,
    parse_value,
)
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Listing, Row, counted
from hardcore.commands.core.types import FileName, Words
from hardcore.controller.storeports import ProfileStore
from hardcore.errors import Denied, UserError, why
from hardcore.project.state import ProjectState
from hardcore.settings import change_setting

if TYPE_CHECKING:
    from hardcore.profile.model import Profile

_MOST_BYTES = 8 << 20
_SETTING = "producer.profile"


def _parts(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(name, said) for name, said in PARTS.items())


def _whats(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(name, said) for name, said in WHATS.items())


def _words(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (*_parts(project, before), *_whats(project, before), *genres(project, before))


_KNOWN = "a style, a part or what: techno, hats, gain"
ProfileWord = Annotated[str, Field(min_length=1, max_length=80), Kind("word", _KNOWN, _words)]
PartWord = Annotated[
    str, Field(min_length=1, max_length=80), Kind("part", "a part such as hats or reverb, or piece", _parts)
]
WhatWord = Annotated[
    str, Field(min_length=1, max_length=80), Kind("what", f"what is liked otherwise: {', '.join(WHATS)}", _whats)
]


class ProfileRow(Row):
    """Something that is known of a taste.

    style   the id of a style, empty: in all of them; `part`: a role, a return or group, or the piece
    value   how far from what is composed, in dB, % or as a share of pieces; or a name
    pieces  from how many pieces; 0: it was set by hand. `last`: when the newest was, seconds since 1970
    acts    whether pieces are made so
    """

    style: str
    part: str
    what: str
    value: float | str
    pieces: int
    last: float | None
    acts: bool

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        date = datetime.fromtimestamp(self.last, UTC).astimezone().strftime("%Y-%m-%d") if self.last else ""
        source = self.pieces or "set by hand"
        words = in_words(self.what, self.value)
        return (self.style or "all", name_of(self.part), self.what, words, source, date, self.acts)


class ProfileShown(Listing[ProfileRow]):
    """What is known of a taste; `on` is whether it is used and learned, `pieces` from how many pieces it is."""

    headings = ("style", "part", "what", "how much", "pieces", "last", "acts")

    on: bool
    pieces: int


class ProfileChanged(Done):
    """What became of the profile: from how many pieces it is, and whether it is used and learned."""

    pieces: int
    on: bool


def _store(call: Call) -> ProfileStore:
    """Return the profile's file. Raises Denied for programs and agents: it is the person's alone."""
    if call.caller.outside:
        raise Denied("a profile is its person's alone", "they can type /profile show")
    if call.studio.profile is None:
        raise UserError("this studio keeps no profile")
    return call.studio.profile


def _changed(call: Call, profile: "Profile", message: str) -> ProfileChanged:
    return ProfileChanged(message=message, pieces=len(profile.pieces), on=call.studio.settings.producer.profile)


@command("profile show", "profile show hats", effects=(), aliases=("profile",))
def profile_show(call: Call, style: ProfileWord | None = None, part: ProfileWord | None = None) -> ProfileShown:
    """Show what was learned of your taste: what you change about pieces after they were made, by style and part.

    What acts is certain enough and large enough: at least three pieces, and clear of chance. `profile set` says it
    yourself, `profile forget` takes it back, `profile off` ends it.
    """
    profile = _store(call).read()
    words = [known_word(profile, word) for word in (style, part) if word is not None]
    rows = [row for row in _rows(profile) if all(_is_meant(word, row) for word in words)]
    on = call.studio.settings.producer.profile
    state = "on" if on else "off: nothing is learned or used; /profile on"
    told = f"{counted(len(profile.pieces), 'piece')} known; the profile is {state}"
    empty = f"nothing is known{' of that' if words else ''} yet; {told}"
    return ProfileShown(items=tuple(rows), on=on, pieces=len(profile.pieces), note=told, empty=empty)


def _is_meant(word: Word, row: ProfileRow) -> bool:
    field, value = word
    found = {"style": row.style, "part": row.part, "what": row.what}[field]
    return found in ("", value) if field == "style" else found == value


def _rows(profile: "Profile") -> list[ProfileRow]:
    """Return what is worth showing: choices, and what is moved by at least half of what acts."""
    from hardcore.profile.preferences import bounded, preferences
    from hardcore.profile.quantities import quantity
    from hardcore.profile.statistics import learned

    places = profile.places()
    rows = [
        ProfileRow(
            style=one.style, part=one.part, what=one.what, value=one.value, pieces=0, last=None, acts=True
        )
        for one in profile.chosen
    ]  # fmt: skip
    shown = {(row.style, row.part, row.what) for row in rows}
    acting = {style: {wish[:2] for wish in preferences(profile, style)} for style in {place[0] for place in places}}
    everywhere = {("", part, what) for _, part, what in places}
    for style, part, what in sorted(everywhere | set(places)):
        known, measure = learned(profile.pieces, style, part, what), quantity(what)
        if (style, part, what) in shown or known.value is None:
            continue
        if measure is not None and abs(float(known.value)) < min(measure.least, 0.6) / 2:
            continue
        if not style and not known.holds:
            continue
        acts = (part, what) in acting[style] if style else bounded(what, known.value) is not None
        value = known.value if isinstance(known.value, str) else round(known.value, 2)
        rows.append(
            ProfileRow(
                style=style, part=part, what=what, value=value, pieces=known.pieces, last=known.last, acts=acts
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.style, row.part, row.what))


@command("profile set", "profile set hats gain -3", effects={"settings"}, about={"value": "-3, off, minor, supersaw"})
def profile_set(
    call: Call, part: PartWord, what: WhatWord, value: Words, *, style: GenreRef | None = None
) -> ProfileChanged:
    """Say yourself how you like something: it holds at once, in all styles or one, until it is forgotten.

    A level, send, mix or tempo is moved by so much, up to what a profile may do (6 dB, 30 points, 10 %); an effect is
    on or off, a mute on; an instrument, a key or a mode is named.
    """
    from hardcore.profile.model import Choice

    store = _store(call)
    profile = store.read()
    name, known = known_word(profile, part, "part")[1], known_word(profile, what, "what")[1]
    choice = Choice(
        style=find(style) if style else "", part=name, what=known, value=parse_value(name, known, value)
    )  # fmt: skip
    profile = store.change(lambda now: now.with_choice(choice))
    where = f" in {choice.style}" if choice.style else ""
    return _changed(call, profile, f"{name_of(name)} {known}{where}: {in_words(known, choice.value)}, as you set it")


@command(
    "profile forget",
    "profile forget hats",
    effects={"settings"},
    confirms=True,
    about={"words": "a style, a part, what, or several of them (techno hats gain); or all"},
)
def profile_forget(call: Call, words: Words) -> ProfileChanged:
    """Forget what was learned or set of a style, a part, a thing, or all: pieces are made as if it had never been."""
    store = _store(call)
    if words.strip().casefold() == "all":
        profile = store.change(lambda now: now.without(lambda style, part, what: True))
        return _changed(call, profile, "forgot everything")
    before = store.read()
    meant = [known_word(before, word) for word in words.split()]

    def is_gone(style: str, part: str, what: str) -> bool:
        place = {"style": style, "part": part, "what": what}
        return all(place[field] == value for field, value in meant)

    gone = sum(is_gone(*place) for place in before.places())
    if not gone:
        raise UserError(f"nothing is known of {words.strip()[:60]}", "profile show says what is")
    profile = store.change(lambda now: now.without(is_gone))
    return _changed(call, profile, f"forgot {counted(gone, 'thing')}: {words.strip()}")


@command("profile on", "profile on", effects={"settings"})
def profile_on(call: Call) -> ProfileChanged:
    """Use the profile in the studio, and learn from what you change."""
    return _switched(call, "true", "on: pieces are made as you like them, and what you change about them is learned")


@command("profile off", "profile off", effects={"settings"})
def profile_off(call: Call) -> ProfileChanged:
    """Neither use the profile nor learn; what is known stays until it is forgotten."""
    return _switched(call, "false", "off: pieces are as they are composed, and nothing is learned")


def _switched(call: Call, value: Literal["true", "false"], message: str) -> ProfileChanged:
    profile = _store(call).read()
    call.studio.settings = change_setting(call.studio.settings, _SETTING, value)
    return _changed(call, profile, f"the profile is {message}")


@command("profile export", "profile export taste.json", effects={"files"}, about={"file": "the .json that is written"})
def profile_export(call: Call, file: FileName) -> ProfileChanged:
    """Write the profile to a file of JSON that only you can read."""
    from hardcore.artifacts import PRIVATE, write_whole

    profile, path = _store(call).read(), call.caller.file(file)
    write_whole(path, (profile.model_dump_json(indent=1) + "\n").encode(), PRIVATE)
    return _changed(call, profile, f"{counted(len(profile.pieces), 'piece')} and what you set written to {path.name}")


@command(
    "profile import", "profile import taste.json", effects={"settings"}, about={"file": "what `profile export` wrote"}
)
def profile_import(call: Call, file: FileName) -> ProfileChanged:
    """Take in a profile that was exported: its pieces join those that are known, what was set there holds."""
    store, path = _store(call), call.caller.file(file)
    brought = _imported(path.name, _read(path), call.controller.now())
    profile = store.change(lambda now: now.merged(brought))
    return _changed(call, profile, f"{counted(len(brought.pieces), 'piece')} taken in from {path.name}")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"{path.name} is too large for a profile", f"at most {_MOST_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read: {why(error)}") from error


def _imported(name: str, data: bytes, now: float) -> "Profile":
    """Return a profile from elsewhere, what this version does not know left out. Raises UserError."""
    from pydantic import ValidationError

    from hardcore.errors import complaint
    from hardcore.profile.model import Profile

    try:
        profile = Profile.model_validate_json(data).known_only()
    except ValidationError as error:
        place, reason, _ = complaint(error)
        raise UserError(f"{name} is no profile: {place or 'it'}: {reason}", "profile export writes one") from error
    return profile.evolve(pieces=tuple(one.evolve(at=min(one.at, now)) for one in profile.pieces))


@command("profile toggle", "profile toggle")
def profile_toggle(call: Call) -> Edited:
    """Take off what the profile did to this piece, or put it on again, to compare: one step; later edits stay."""
    from hardcore.compose.edits.preferences import NOTE, NOTE_OFF, noted, notes_of
    from hardcore.project.merge import merge

    on, off = notes_of(call.project), notes_of(call.project, NOTE_OFF)
    pair = call.studio.recall(AsComposed)
    if not (on or off):
        raise UserError("the profile did nothing to this piece", "profile show says what it would do")
    if pair is None or pair.liked.piece != call.project.piece:
        raise UserError("this piece was made in an earlier session", "make it again from its prompt and seed")
    base, other = (pair.liked, pair.composed) if on else (pair.composed, pair.liked)
    merged = merge(base, call.project, other, "ours").project
    call.edit(lambda project: noted(merged, NOTE_OFF if on else NOTE, on or off).evolve(next_id=project.next_id))
    words = ", ".join(str(note["words"]) for note in on or off)
    return Edited(message=f"without the profile: not {words}" if on else f"with the profile: {words}")
