"""Artifacts: the sounds that were taken in or made, kept by their content with how they came to be."""

import shutil
from pathlib import Path
from typing import Annotated

from pydantic import Field

from hardcore.artifacts import replacing
from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Complete, Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing, Result, Row, counted
from hardcore.commands.core.types import FileName, Flag, Words
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import artifacts
from hardcore.project.artifact import LARGEST_TOTAL, MOST_TAGS, Artifact, Recipe
from hardcore.project.state import ProjectState
from hardcore.project.values import clean_name
from hardcore.workers.thread import beside

# What is younger may be named by a step that is about to be made.
YOUNG_S = 3600.0
_EXPORTED = (".flac",)


def _known(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    return [Choice(known.name, f"{known.kind}, {known.sound.seconds:.2f} s") for known in artifacts.everything()[:200]]


_complete: Complete = _known
ArtifactRef = Annotated[str, Field(min_length=1, max_length=200), Kind("artifact", "its name or id", _complete)]


class ArtifactRow(Row):
    """An artifact: what it is, how it came to be, how long it is (seconds), how large (bytes).

    again   whether the program can make it again
    """

    name: str
    id: str
    kind: str
    seconds: float
    size: int
    rate: int
    channels: int
    licence: str | None
    tags: tuple[str, ...]
    again: bool
    sha256: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        size = f"{self.size / 1e6:.1f}"
        return (self.name, self.id, self.kind, f"{self.seconds:.2f}", size, self.licence, " ".join(self.tags))

    @classmethod
    def of(cls, known: Artifact) -> "ArtifactRow":
        """Return the row of an artifact."""
        sound = known.sound
        return cls(
            name=known.name, id=known.id, kind=known.kind, seconds=sound.seconds, size=sound.size, rate=sound.rate,
            channels=sound.channels, licence=known.licence, tags=known.tags, again=known.again, sha256=known.sha256,
        )  # fmt: skip


class ArtifactList(Listing[ArtifactRow]):
    """Artifacts, the newest first; `total_bytes` is what all of them take."""

    headings = ("artifact", "id", "from", "seconds", "MB", "licence", "tags")

    total_bytes: int


class ArtifactView(Result):
    """All that is known of an artifact: its recipe, what it was made from, where its file lies."""

    artifact: ArtifactRow
    recipe: Recipe
    parents: tuple[str, ...]
    gain_db: float
    made_at: float
    file: str

    def text(self) -> str:
        """Return it a line a fact."""
        row = self.artifact
        sides = "stereo" if row.channels == 2 else "mono"
        facts = {
            "name": row.name, "id": row.id, "from": row.kind, "length": f"{row.seconds:.3f} s",
            "format": f"{row.rate} Hz, {sides}", "licence": row.licence, "tags": " ".join(row.tags),
            "made of": " ".join(parent[:12] for parent in self.parents), "file": self.file, "SHA-256": row.sha256,
        }  # fmt: skip
        facts |= {f"recipe {name}": str(value)[:200] for name, value in self.recipe.items()}
        return "\n".join(f"{what:12}  {value}" for what, value in facts.items() if value)


class ArtifactKept(Result):
    """An artifact that was kept, given other tags, or written to a file."""

    message: str
    artifact: ArtifactRow
    file: str | None = None

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the file that was written, if one was."""
        return (Path(self.file),) if self.file else ()

    def text(self) -> str:
        """Return what was done."""
        return self.message


class ArtifactsCollected(Result):
    """What a collection of artifacts removed, or would remove."""

    message: str
    removed: tuple[ArtifactRow, ...]
    bytes: int
    done: bool

    def text(self) -> str:
        """Return what was done, and each that went."""
        return "\n".join(
            [self.message, *(f"  {row.name} ({row.kind}, {row.size / 1e6:.1f} MB)" for row in self.removed)]
        )


@command("artifacts list", "artifacts list", effects=(), aliases=("artifacts",))
def artifacts_list(call: Call) -> ArtifactList:
    """List the sounds that were taken in or made, the newest first: their kind, length, licence and tags."""
    return _listing(artifacts.everything())


@command(
    "artifacts find", "artifacts find deep", effects=(), about={"words": "what must be in name, kind, tags, recipe"}
)
def artifacts_find(call: Call, words: Words) -> ArtifactList:
    """Find artifacts by words of their name, kind, tags, licence or recipe; all of the words have to be there."""
    wanted = words.casefold().split()
    if not wanted:
        raise UserError("that says nothing to look for", "such as: artifacts find loop")
    return _listing([known for known in artifacts.everything() if all(word in known.words for word in wanted)])


def _listing(found: list[Artifact]) -> ArtifactList:
    total = artifacts.total_bytes()
    note = f"all artifacts take {total / 1e6:.1f} MB of {LARGEST_TOTAL >> 30} GiB"
    rows = tuple(ArtifactRow.of(known) for known in found)
    return ArtifactList(items=rows, total_bytes=total, note=note, empty="no artifacts; artifacts add FILE keeps one")


@command("artifacts show", "artifacts show deep_kick", effects=())
def artifacts_show(call: Call, artifact: ArtifactRef) -> ArtifactView:
    """Say all that is known of an artifact: recipe, what it was made from, licence, tags, where its file lies."""
    known = artifacts.find(artifact)
    return ArtifactView(
        artifact=ArtifactRow.of(known), recipe=known.recipe, parents=known.parents, gain_db=known.gain_db,
        made_at=known.made_at, file=str(artifacts.path_of(known.sha256)),
    )  # fmt: skip


@command("artifacts add", "artifacts add sounds/deep_kick.wav", effects={"files"}, about={"file": "a sound file"})
async def artifacts_add(call: Call, file: FileName) -> ArtifactKept:
    """Keep a sound file as an artifact, as it is: FLAC of 24 bits, by its content. `import` also places it."""
    path = call.caller.path(file)
    if not path.is_file():
        raise NotFound(f"there is no file {path}", "a sound file, such as loop.wav")
    known = artifact_of((await work(call, "take_in", {"path": str(path)}))["artifact"])
    return ArtifactKept(message=f"kept {known.name} ({known.id})", artifact=ArtifactRow.of(known))


def artifact_of(words: object) -> Artifact:
    """Return an artifact as a job hands it over."""
    return Artifact.model_validate(words)


@command(
    "artifacts tag",
    "artifacts tag deep_kick warm,deep",
    effects={"files", "settings"},
    about={"tags": "words with commas: dark,loop", "remove": "take these tags off instead"},
)
def artifacts_tag(call: Call, artifact: ArtifactRef, tags: Words, *, remove: Flag = False) -> ArtifactKept:
    """Tag an artifact, or take tags off with --remove; one that has tags is never collected."""
    known = artifacts.find(artifact)
    given = [clean_name(tag)[:40] for tag in tags.split(",") if tag.strip()]
    if not given:
        raise UserError("that names no tag", "such as: artifacts tag loop dark,warm")
    kept = [tag for tag in known.tags if tag not in given]
    new = tuple(kept if remove else [*kept, *dict.fromkeys(given)])
    if len(new) > MOST_TAGS:
        raise UserError(f"{known.name} would have {len(new)} tags", f"{MOST_TAGS} at most")
    changed = artifacts.change(known, tags=new)
    said = f"tagged {', '.join(changed.tags)}" if changed.tags else "without tags"
    return ArtifactKept(message=f"{changed.name} is {said}", artifact=ArtifactRow.of(changed))


@command("artifacts export", "artifacts export deep_kick kick.flac", effects={"files"}, about={"file": "a .flac file"})
async def artifacts_export(call: Call, artifact: ArtifactRef, file: FileName) -> ArtifactKept:
    """Write an artifact to a FLAC file of your own, the same bytes as are kept."""
    known, path = artifacts.find(artifact), call.caller.file(file)
    if path.suffix.lower() not in _EXPORTED:
        raise NotFound(f"artifacts are FLAC: {path.name} would not be", nearest(path.suffix, _EXPORTED))
    await beside(_copied, artifacts.path_of(known.sha256), path)
    return ArtifactKept(message=f"{path}: {known.name}", artifact=ArtifactRow.of(known), file=str(path))


def _copied(source: Path, target: Path) -> None:
    if not source.is_file():
        raise NotFound(f"the file of that artifact is gone ({source})")
    with source.open("rb") as reading, replacing(target) as writing:
        shutil.copyfileobj(reading, writing, 1 << 20)


@command(
    "artifacts gc",
    "artifacts gc",
    effects={"files", "settings"},
    confirms=True,
    tries=True,
    about={"young": "also what was made within the last hour"},
)
async def artifacts_gc(call: Call, *, young: Flag = False) -> ArtifactsCollected:
    """Remove artifacts that nothing needs: no step of an open or unsaved project, no tag, nothing made from them.

    Saved projects hold what can't be made again in their own files. What is younger than an hour stays, unless --young.
    With --dry-run it only says what would go.
    """
    tried = call.caller.dry_run
    await call.controller.durable()
    needed = await beside(call.studio.store.artifacts)
    age = 0.0 if young else YOUNG_S
    gone = [known for known in unneeded(artifacts.everything(), needed) if call.controller.now() - known.made_at > age]
    size = sum(known.sound.size for known in gone)
    if not tried:
        for known in gone:
            artifacts.remove(known)
        for path in artifacts.left_behind(YOUNG_S):
            path.unlink(missing_ok=True)
    said = "would be removed" if tried else "removed"
    message = f"{counted(len(gone), 'artifact')} {said}, {size / 1e6:.1f} MB" if gone else "nothing to remove"
    return ArtifactsCollected(message=message, removed=tuple(map(ArtifactRow.of, gone)), bytes=size, done=not tried)


def unneeded(known: list[Artifact], needed: set[str]) -> list[Artifact]:
    """Return the artifacts that are neither needed nor tagged, nor what one that stays was made from."""
    by_hash = {one.sha256: one for one in known}
    waiting = [*needed, *(one.sha256 for one in known if one.tags)]
    kept: set[str] = set()
    while waiting:
        sha256 = waiting.pop()
        if sha256 in by_hash and sha256 not in kept:
            kept.add(sha256)
            waiting += by_hash[sha256].parents
    return [one for one in known if one.sha256 not in kept]
