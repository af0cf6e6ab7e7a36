"""Seeds of rhythms in your library: small recipes that give the same bytes again, and new ones made from them."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationError

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Kept, Listing, Row
from hardcore.commands.core.types import (
    Bars,
    FileName,
    Flag,
    ManyBars,
    NewName,
    RandomSeed,
    RhythmRef,
    Share,
    Tempo,
    TrackList,
)
from hardcore.commands.library.things import find
from hardcore.commands.rhythm.show import MIDI, Rendered, RhythmView, check_suffix, source, viewed
from hardcore.controller.controller import words
from hardcore.errors import NotFound, UserError, nearest
from hardcore.model import Model
from hardcore.workers.thread import beside

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm

Tag = Annotated[str, Field(min_length=1, max_length=40)]


class RhythmSeed(Model):
    """What is kept of a render: all that it needs to be made again, and where it came from."""

    rhythm: dict[str, Any]
    version: str
    metrics: dict[str, float] = {}
    parents: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = Field((), max_length=64)
    prompt: str = ""

    def loaded(self, name: str) -> "Rhythm":
        """Return the rhythm. Raises UserError."""
        from hardcore.rhythm.config import load

        return load(self.rhythm, name)


@command(
    "rhythm seed save",
    "rhythm seed save opener warehouse --seed 3 --tags dark,club",
    effects={"settings"},
    about={
        "name": "what the seed is called in your library",
        "bars": "how many bars its render has",
        "tags": "words to find it by, with commas",
        "prompt": "what was asked for, in words",
    },
)
def seed_save(
    call: Call,
    name: NewName,
    rhythm: RhythmRef,
    *,
    bars: ManyBars | None = None,
    seed: RandomSeed | None = None,
    bpm: Tempo | None = None,
    tags: TrackList = (),
    prompt: NewName | None = None,
) -> Kept:
    """Keep a render of a rhythm as a recipe: the whole rhythm, seed, tempo, version, and what it is like."""
    found = source(call, rhythm)
    given = {"bars": bars, "seed": seed, "bpm": bpm}
    kept = found.evolve(**{key: value for key, value in given.items() if value is not None})
    return keep_seed(call, name, kept, (), tags, prompt or "")


class SeedRow(Row):
    """A rhythm seed: its tempo, bars and chance, how it measures, its tags, and what it was made from."""

    name: str
    bpm: float | None
    bars: int | None
    seed: int | None
    metrics: dict[str, float]
    tags: tuple[str, ...]
    parents: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        figures = (self.metrics.get("E"), self.metrics.get("S"))
        return (self.name, self.bpm, self.bars, self.seed, *figures, " ".join(self.tags), " × ".join(self.parents))


class SeedList(Listing[SeedRow]):
    """The rhythm seeds of your library."""

    headings = ("seed", "bpm", "bars", "chance", "E", "S", "tags", "from")


@command(
    "rhythm seed list",
    "rhythm seed list",
    effects=(),
    aliases=("rhythm seeds",),
    about={"tag": "only those with a tag"},
)
def seed_list(call: Call, *, tag: NewName | None = None) -> SeedList:
    """List the rhythm seeds of your library, all or those with a tag."""
    rows = []
    for name, kept in _seeds(call).items():
        if tag is None or tag in kept.tags:
            numbers = {key: kept.rhythm.get(key) for key in ("bpm", "bars", "seed")}
            rows.append(SeedRow(name=name, **numbers, metrics=kept.metrics, tags=kept.tags, parents=kept.parents))
    return SeedList(items=tuple(rows), empty="no rhythm seeds yet: rhythm seed save NAME RHYTHM")


@command(
    "rhythm seed show",
    "rhythm seed show opener",
    effects=(),
    about={"name": "a seed of your library", "bars": "how many bars are drawn"},
)
async def seed_show(call: Call, name: NewName, *, bars: Bars = 2) -> RhythmView:
    """Draw the first bars of a rhythm seed, and say what it is like."""
    known, kept = _find(call, name)
    return await beside(viewed, kept.loaded(known), known, bars)


@command(
    "rhythm seed render",
    "rhythm seed render opener opener.mid",
    effects={"files"},
    about={"name": "a seed of your library", "file": "the MIDI file, such as drums.mid"},
)
async def seed_render(call: Call, name: NewName, file: FileName | None = None) -> Rendered:
    """Play a rhythm seed into a MIDI file: the same bytes every time."""
    from hardcore.commands.rhythm.writing import write_files
    from hardcore.filenames import safe_name
    from hardcore.rhythm.version import made_by

    known, kept = _find(call, name)
    path = call.caller.path(file or f"{safe_name(known)}.mid")
    check_suffix(path, MIDI, "a rhythm is written as .mid")
    rhythm = kept.loaded(known)
    done = await beside(write_files, path, None, rhythm, bars=None, seed=None, bpm=None)
    old = () if kept.version == made_by(call.studio.version) else (f"it was kept by version {kept.version}",)
    return Rendered(file=str(path), log=None, said=(*rhythm.notes, *old), **done._asdict())


@command(
    "rhythm seed clone",
    "rhythm seed clone opener second",
    effects={"settings"},
    about={"name": "a seed of your library", "to": "what the copy is called"},
)
def seed_clone(call: Call, name: NewName, to: NewName) -> Kept:
    """Keep a copy of a rhythm seed under another name."""
    known, kept = _find(call, name)
    return keep_seed(call, to, kept.loaded(known), (known,), kept.tags, kept.prompt)


@command(
    "rhythm seed tag",
    "rhythm seed tag opener dark,late",
    effects={"settings"},
    about={"name": "a seed of your library", "tags": "words, with commas", "remove": "take the tags away"},
)
def seed_tag(call: Call, name: NewName, tags: TrackList, *, remove: Flag = False) -> Kept:
    """Add tags to a rhythm seed, or take them away."""
    known, kept = _find(call, name)
    left = [tag for tag in kept.tags if tag not in tags]
    now = tuple(left) if remove else (*left, *dict.fromkeys(tags))
    _write(call, known, kept.model_dump(mode="json") | {"tags": now}, over=True)
    return Kept(message=f"{known}: {' '.join(now) or 'no tags'}", kind="rhythm seed", name=known)


@command(
    "rhythm seed delete",
    "rhythm seed delete opener",
    effects={"settings"},
    confirms=True,
    about={"name": "a seed of your library"},
)
def seed_delete(call: Call, name: NewName) -> Kept:
    """Take a rhythm seed out of your library."""
    known, _ = _find(call, name)
    call.studio.library.remove(find(call, known, ("rhythm",)), call.controller.now())
    return Kept(message=f"deleted rhythm seed {known}", kind="rhythm seed", name=known, kept=False)


@command(
    "rhythm seed breed",
    "rhythm seed breed opener second child --seed 4",
    effects={"settings"},
    about={"name": "a seed of your library", "other": "the other one", "to": "what their child is called"},
)
def seed_breed(call: Call, name: NewName, other: NewName, to: NewName, *, seed: RandomSeed = 1) -> Kept:
    """Breed two rhythm seeds: a new one with layers and settings of both, drawn by --seed."""
    from hardcore.rhythm.breeding import breed

    (one, a), (two, b) = _find(call, name), _find(call, other)
    return keep_seed(call, to, breed(a.loaded(one), b.loaded(two), seed), (one, two), (), "")


@command(
    "rhythm seed vary",
    "rhythm seed vary opener near --distance 20 --seed 4",
    effects={"settings"},
    about={
        "name": "a seed of your library",
        "to": "what the variation is called",
        "distance": "how far its numbers move, 0 to 100 %",
    },
)
def seed_vary(call: Call, name: NewName, to: NewName, *, distance: Share = 25, seed: RandomSeed = 1) -> Kept:
    """Keep a variation of a rhythm seed: its numbers moved by up to --distance percent, drawn by --seed."""
    from hardcore.rhythm.breeding import vary

    known, kept = _find(call, name)
    return keep_seed(call, to, vary(kept.loaded(known), distance / 100, seed), (known,), kept.tags, kept.prompt)


def keep_seed(
    call: Call, name: str, rhythm: "Rhythm", parents: tuple[str, ...], tags: tuple[str, ...], prompt: str,
    *, again: bool = False,
) -> Kept:  # fmt: skip
    """Keep a rhythm as a seed; one of its name is an error, or, `again`, the version before it. Raises UserError."""
    from hardcore.rhythm.log import summary
    from hardcore.rhythm.session import perform
    from hardcore.rhythm.version import made_by

    tidy = " ".join(name.split())
    if not again and tidy in {entry.name for entry in call.studio.library.entries("seed")}:
        raise UserError(f"there is a seed '{tidy}' already", "choose another name, or: rhythm seed delete")
    figures = summary(perform(rhythm, bars=32))
    metrics = {name: round(figures[name], 4) for name in ("E", "S", "H", "D", "T_ms")}
    content = {"rhythm": rhythm.model_dump(mode="json"), "version": made_by(call.studio.version), "metrics": metrics}
    _write(call, tidy, content | {"parents": parents, "tags": tags, "prompt": prompt}, over=False)
    said = ", ".join(f"{name} {value:.3g}" for name, value in metrics.items())
    return Kept(message=f"kept rhythm seed {tidy}: {said}", kind="rhythm seed", name=tidy)


def _write(call: Call, name: str, content: dict[str, Any], *, over: bool) -> None:
    try:
        kept = RhythmSeed.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    call.studio.library.add("seed", name, kept.model_dump(mode="json"), call.controller.now(), over=over)


def _seeds(call: Call) -> dict[str, RhythmSeed]:
    """Return the rhythm seeds by name; other seeds of the library, and unreadable ones, are not among them."""
    found = {}
    for entry in call.studio.library.entries("seed"):
        try:
            found[entry.name] = RhythmSeed.model_validate(entry.content)
        except ValidationError:
            continue
    return found


def read_seed(name: str, content: object) -> RhythmSeed:
    """Return a seed of the library. Raises UserError for one that does not fit this version."""
    try:
        return RhythmSeed.model_validate(content)
    except ValidationError as error:
        raise UserError(f"rhythm seed {name} does not fit this version: {words(error)}") from error


def _find(call: Call, name: str) -> tuple[str, RhythmSeed]:
    seeds = _seeds(call)
    known = next((each for each in seeds if each.casefold() == name.strip().casefold()), None)
    if known is None:
        raise NotFound(f"no rhythm seed '{name}'", nearest(name, seeds))
    return known, seeds[known]
