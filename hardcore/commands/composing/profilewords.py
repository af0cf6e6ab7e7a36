"""The words of a profile: styles, parts and things as they are typed and told."""

from typing import TYPE_CHECKING, Literal

from hardcore.commands.composing.genre import find
from hardcore.commands.core.kinds import number
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.roles import ROLES

if TYPE_CHECKING:
    from hardcore.profile.model import Profile

Field = Literal["style", "part", "what"]
Word = tuple[Field, str]

_OF_THE_PIECE = ("tempo", "key", "mode")
# what can be said, for whoever completes a line
WHATS = {
    "gain": "its level, dB",
    "pan": "its place, right above 0",
    "send:reverb": "how much of it goes to a return, dB",
    "mix:delay": "how wet an effect of it is, points",
    "effect:chorus": "an effect that it has or not",
    "mute": "it rests",
    "instrument": "what plays it",
    "tempo": "of the piece, %",
    "key": "of the piece",
    "mode": "of the piece: major or minor",
}
PARTS: dict[str, str] = {
    "piece": "the whole: tempo, key, mode",
    "hats": "closed hats",
    "reverb": "a return",
    "delay": "a return",
    "master": "the master",
} | {str(role): "a role" for role in ROLES if role != "hat_closed"}


def name_of(part: str) -> str:
    """Return what a part is called: hats, not hat_closed."""
    from hardcore.compose.producer import TRACK_NAMES

    return TRACK_NAMES.get(part, part)  # type: ignore[call-overload, no-any-return]


def known_word(profile: "Profile", text: str, field: Field | None = None) -> Word:
    """Return what a word is: a thing that is learned, a part, or a style. Raises NotFound naming the nearest."""
    from hardcore.compose.producer import TRACK_NAMES
    from hardcore.profile.quantities import is_learned

    word = text.strip()
    folded = word.casefold()
    places = profile.places()
    parts = {name.casefold(): name for name in (*(part for _, part, _ in places), *PARTS, *ROLES)}
    parts |= {name: role for role, name in TRACK_NAMES.items()}
    whats = {what.casefold(): what for what in (*(what for *_, what in places), *WHATS, "take")}
    if field in (None, "what") and (folded in whats or is_learned(word)):
        return "what", whats.get(folded, word)
    if field in (None, "part") and folded in parts:
        return "part", parts[folded]
    if field is None:
        try:
            return "style", find(word)
        except NotFound as error:
            choices = (*parts, *whats, *(style for style, _, _ in places if style))
            raise NotFound(f"no style, part or thing '{word}'", nearest(word, choices)) from error
    raise NotFound(f"no {field} '{word}'", nearest(word, parts if field == "part" else whats))


def in_words(what: str, value: float | str) -> str:
    """Return a value as it is told: -2.5 dB, removed in 80 %, F minor."""
    from hardcore.profile.quantities import quantity

    measure = quantity(what)
    if measure is None or isinstance(value, str):
        return str(value)
    if measure.unit:
        return f"{value:+.3g} {measure.unit}"
    kind = what.partition(":")[0]
    done = {"mute": ("muted", "heard"), "take": ("made anew", ""), "effect": ("added", "removed")}[kind][value < 0]
    return f"{done} in {abs(value):.0%}"


def parse_value(part: str, what: str, text: str) -> float | str:
    """Return the value that text means for a thing. Raises UserError that says what would be one."""
    from hardcore.music.scale import Key
    from hardcore.profile.quantities import PIECE, QUANTITIES

    kind, word = what.partition(":")[0], text.strip()
    if (part == PIECE) != (kind in _OF_THE_PIECE):
        raise UserError(f"{what} is not of {name_of(part)}", f"of the piece: {', '.join(_OF_THE_PIECE)}")
    if kind == "key":
        return Key.parse(word).name
    if kind == "mode":
        if word.casefold() not in ("major", "minor"):
            raise UserError(f"'{word[:40]}' is no mode here", "major or minor")
        return word.casefold()
    if kind == "instrument":
        from hardcore.project import devices
        from hardcore.project.samples import sample

        device, _, sound = word.partition(" ")
        return " ".join(filter(None, (devices.instrument(device).id, sound and sample(sound.strip()).name)))
    if kind not in QUANTITIES:
        raise UserError(f"{what} is only told, not set", "gain, pan, send:reverb, effect:chorus, instrument")
    if kind in ("effect", "mute"):
        return _switch(kind, word)
    value, most = number(word, r"(?:db|%)?"), QUANTITIES[kind].most
    if abs(value) > most:
        raise UserError(f"{word[:40]} is too far: a profile moves {kind} by at most {most:g} {QUANTITIES[kind].unit}")
    return value


def _switch(kind: str, word: str) -> float:
    ways = {"on": 1.0, "off": -1.0} if kind == "effect" else {"on": 1.0}
    if word.casefold() not in ways:
        raise UserError(f"'{word[:40]}' is neither", " or ".join(ways))
    return ways[word.casefold()]
