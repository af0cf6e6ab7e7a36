"""Parts: several tracks of a project in one reference, such as `kick,snare`, `drums` or `all-kick,snare`."""

from collections.abc import Sequence

from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.devices import Device
from hardcore.project.roles import DRUMS, ROLES, TRANSITIONS
from hardcore.project.track import Track

GROUPS = {
    "all": "every part that plays; not returns, groups or the master",
    "drums": "every part that is a drum",
    "melodic": "every part that plays notes of the key",
}


def is_drum(track: Track) -> bool:
    """Return whether a track is a drum: by its role, else by what its instrument is for."""
    return _role(track) in DRUMS


def is_melodic(track: Track) -> bool:
    """Return whether a track plays notes of the key: neither a drum nor a riser or an impact."""
    return track.kind == "midi" and _role(track) not in (*DRUMS, *TRANSITIONS)


def plays(track: Track) -> bool:
    """Return whether a track has an instrument."""
    return track.instrument is not None


def device_of(track: Track) -> Device:
    """Return the instrument of a track that has one."""
    assert track.instrument is not None
    return track.instrument.definition


def _role(track: Track) -> str | None:
    if track.role is not None or track.instrument is None:
        return track.role
    return next(iter(track.instrument.definition.roles), None)


def find_parts(reference: str, tracks: Sequence[Track], *, members: bool = False) -> tuple[Track, ...]:
    """Return the tracks that a reference names, in the order of the project, each once.

    A reference is a list with commas of names (any case), ids and numbers from 1; of the groups `all`, `drums` and
    `melodic`; and of roles, which mean every track of theirs. `all-kick,snare` is all but those: what stands after the
    first hyphen behind a group or role is left out. A name counts before a number, a number before a group, a group
    before a role. `members`: a group track stands for the tracks that feed it, as where notes are meant.

    Raises UserError that names the nearest, or says that the group is empty.
    """
    taken, left_out = _halves(reference, tracks)
    found = _listed(taken, tracks, members or bool(left_out))
    gone = _listed(left_out, tracks, True)
    kept = tuple(track for track in tracks if track.id in found - gone)
    if not kept:
        raise UserError(f"'{reference}' leaves no track", f"there are {_names(tracks)}")
    return kept


def is_group(reference: str) -> bool:
    """Return whether a reference means tracks by what they are, `all` or `drums`, and names none to be meant."""
    first = reference.partition("-")[0]
    return first.strip().casefold() in GROUPS


def _halves(reference: str, tracks: Sequence[Track]) -> tuple[list[str], list[str]]:
    """Return the items of a reference and those that are left out."""
    if _named(reference, tracks):  # imported files have names with commas and hyphens
        return [reference], []
    items = [item.strip() for item in reference.split(",") if item.strip()]
    for at, item in enumerate(items):
        head, hyphen, rest = item.partition("-")
        if hyphen and not _named(item, tracks) and _kind(head, tracks):
            return [*items[:at], head.strip()], [part for part in (rest.strip(), *items[at + 1 :]) if part]
    if not items:
        raise UserError("no track is named", f"there are {_names(tracks)}")
    return items, []


def _listed(items: list[str], tracks: Sequence[Track], members: bool) -> set[str]:
    return {track.id for item in items for track in _item(item, tracks, members)}


def _item(item: str, tracks: Sequence[Track], members: bool) -> list[Track]:
    """Return the tracks of one item. Raises UserError."""
    named = _named(item, tracks)
    if named is None and item.isdecimal() and 1 <= int(item[:9]) <= len(tracks):
        named = tracks[int(item) - 1]
    if named is not None and not (members and named.kind == "group"):
        return [named]
    # where notes are meant, drums are the drums, though there is a bus of that name too
    if found := _kind(item, tracks) or (_inside(named, tracks) if named else []):
        return found
    if named is not None or item.casefold() in (*GROUPS, *ROLES):
        raise NotFound(f"no track is meant by '{item}'", f"there are {_names(tracks)}")
    roles = [track.role for track in tracks if track.role]
    known = dict.fromkeys([*(track.name for track in tracks), *GROUPS, *roles])
    raise NotFound(f"no track '{item}'", nearest(item, known))


def _kind(word: str, tracks: Sequence[Track]) -> list[Track]:
    """Return the tracks of a group or a role; none where the word is neither, or nothing is of it."""
    word = word.strip().casefold()
    if word in GROUPS:
        within = {"all": lambda track: track.kind in ("midi", "audio"), "drums": is_drum, "melodic": is_melodic}[word]
        return [track for track in tracks if within(track)]
    return [track for track in tracks if track.role is not None and track.role == word]


def _inside(group: Track, tracks: Sequence[Track]) -> list[Track]:
    """Return the tracks that feed a group, through others too."""
    feeding = [track for track in tracks if track.output == group.id]
    return [found for track in feeding for found in (_inside(track, tracks) if track.kind == "group" else [track])]


def _named(reference: str, tracks: Sequence[Track]) -> Track | None:
    wanted = reference.strip().casefold()
    by_id = next((track for track in tracks if track.id == wanted), None)
    return by_id or next((track for track in tracks if track.name.casefold() == wanted), None)


def _names(tracks: Sequence[Track]) -> str:
    names = [track.name for track in tracks]
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
