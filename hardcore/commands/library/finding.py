"""Things of a library found by words and by ear, and heard without a change."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from pydantic import ValidationError

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing
from hardcore.commands.core.types import Words
from hardcore.commands.library import ownfiles
from hardcore.commands.library.putting import ensure_sounds
from hardcore.commands.library.things import (
    KINDS,
    SAVED,
    ItemList,
    ItemRef,
    ItemRow,
    ItemVersion,
    at_version,
    excerpt_of,
    find,
    kind_of,
    row_of,
    split,
)
from hardcore.commands.performance.playing import asked
from hardcore.commands.tracks.soundfolder import SoundHeard
from hardcore.commands.tracks.sounds import sound_places
from hardcore.errors import Misused, NotFound, UserError
from hardcore.paths import cache_folder
from hardcore.project import excerpts
from hardcore.project.libraryitem import Item
from hardcore.project.previews import Preview, distance, family, preview
from hardcore.project.recordings import audition
from hardcore.project.state import ProjectState
from hardcore.version import __version__

MOST = 20


class AlikeRow(ItemRow):
    """A thing in the library and how far it sounds from what was asked: 0 the same, 1 one clear difference."""

    distance: float

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (f"{self.distance:.1f}", self.kind, self.name, self.version, self.what, " ".join(self.tags))


class AlikeList(Listing[AlikeRow]):
    """Things in the library, the nearest in sound first; `like` is what they are compared with."""

    headings = ("apart", "kind", "name", "version", "what", "tags")

    like: str


@command(
    "library audition",
    "library audition rubber",
    effects={"player"},
    aliases=("library play",),
    about={"version": "an earlier version, by its number"},
)
async def library_audition(call: Call, item: ItemRef, *, version: ItemVersion | None = None) -> SoundHeard:
    """Hear a thing of your library once beside the music, without a change; stop or panic ends it.

    A sound plays a low note and a high one, effects are heard on a piano; of a clip or a scene two bars are heard.
    """
    found = at_version(call, find(call, item), version)
    ensure_sounds(found)
    made = await _heard(call, excerpt_of(call, found), kind_of(found))
    sound = made.recording.model_copy(update={"name": found.name})
    state = await asked(call, lambda player: player.audition(audition(sound)))
    said = "cannot be heard here" if state.silent else "is heard once"
    return SoundHeard(message=f"{found.name}, {sound.seconds:.2f} s, {said}", name=found.name, seconds=sound.seconds)


async def _heard(call: Call, excerpt: ProjectState, kind: str) -> Preview:
    """Return the preview of an excerpt, rendered where it was not before. Raises UserError, EngineError, JobFailed."""
    shown, rate = preview(excerpt, kind), call.studio.settings.render.rate
    words = f"{__version__} {rate} {shown.model_dump_json()}"
    folder = cache_folder() / "previews"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{blake2b(words.encode(), digest_size=20).hexdigest()}.wav"
    try:
        made = Preview.model_validate_json(file.with_suffix(".json").read_bytes())
        if file.is_file():
            return made
    except (OSError, ValidationError):
        pass
    places = {sha256: str(path) for sha256, path in sound_places(call, shown).items()}
    arguments = {"file": str(file), "rate": rate, "places": places}
    return Preview.model_validate(await work(call, "preview", arguments, project=shown))


@command(
    "library find",
    "library find warm bass",
    effects=(),
    about={
        "words": "name, kind, tags, note, devices, roles",
        "like": "a track, a clip such as bass:A, or a thing of your library that it is to sound like",
    },
)
async def library_find(call: Call, words: Words | None = None, *, like: ItemRef | None = None) -> ItemList | AlikeList:
    """Find things in your library by words of their name, kind, tags, note, instruments, effects and roles.

    --like orders them by how much they sound like something, the nearest first: sounds are compared with sounds,
    effects with effects, clips and scenes with those. Each is rendered once and known from then on.
    """
    if like is None:
        if words is None:
            raise Misused("that says nothing to look for", "such as library find warm bass", "words")
        found = ranked(rows_of(call), words)
        return ItemList(items=tuple(found), total=len(found), empty=f"nothing in your library answers to: {words}")
    excerpt, kind, own = _source(call, like)
    items = [item for item in call.studio.library.items(family(kind))[0] if item.id != own]
    if words is not None:
        answers = {(row.kind, row.name) for row in ranked([ItemRow.of(item) for item in items], words, len(items))}
        items = [item for item in items if (kind_of(item), item.name) in answers]
    rows = await _compared(call, await _heard(call, excerpt, kind), items)
    return AlikeList(items=tuple(rows[:MOST]), like=like, empty="nothing of that kind in your library")


async def _compared(call: Call, wanted: Preview, items: Sequence[Item]) -> list[AlikeRow]:
    """Return the items with their distance from a preview, the nearest first. Raises UserError where that is silent."""
    if wanted.figures is None:
        raise UserError("what it is to sound like is silent")
    silent = replace(call, caller=replace(call.caller, progress=lambda share, words: None))
    rows = []
    for place, item in enumerate(items):
        call.caller.progress(place / len(items), f"hearing {item.name}")
        heard = (await _heard(silent, excerpt_of(call, item), kind_of(item))).figures
        if heard is not None:
            apart = round(distance(wanted.figures, heard), 3)
            rows.append(AlikeRow(**ItemRow.of(item).model_dump(), distance=apart))
    return sorted(rows, key=lambda row: row.distance)


def _source(call: Call, source: str) -> tuple[ProjectState, str, int | None]:
    """Return what is meant as an excerpt, its kind, and the row of an item; a thing of the project is meant first."""
    project = call.project
    try:
        if ":" in source and split(source)[0] == KINDS:
            return excerpts.of_clip(project, project.find_clip(source)[1].id).project, "clip", None
        return excerpts.of_sound(project, project.find_track(source).id).project, "preset", None
    except NotFound:
        item = find(call, source)
        return excerpt_of(call, item), kind_of(item), item.id


def rows_of(call: Call) -> list[ItemRow]:
    """Return everything in the library."""
    items, _ = call.studio.library.items(list(map(row_of, SAVED)))
    return [*map(ItemRow.of, items), *map(ItemRow.of_file, ownfiles.own_files())]


def ranked(rows: Sequence[ItemRow], text: str, most: int = MOST) -> list[ItemRow]:
    """Return the rows that answer to a text best, the best first."""
    from hardcore.language.bm25 import Index, words

    if not rows:
        return []
    index = Index((place, words(row.document)) for place, row in enumerate(rows))
    return [rows[place] for place, _ in index.best(text, most)]
