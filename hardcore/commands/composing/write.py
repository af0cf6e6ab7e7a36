"""Writing one clip as words say: by a language model in its notation, or by the composer."""

from hardcore.commands.core.background import Begun, finishes, in_background, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import ClipRef, Flag, RandomSeed, Words, Writer
from hardcore.errors import UserError
from hardcore.jobs.job import Job
from hardcore.project.clips import replace_clip
from hardcore.project.state import ProjectState


class Wrote(Edited):
    """A clip that was written: how many notes it has, by whom, and what of it had to be mended.

    model, requests and tokens are those of a language model, null where the composer wrote
    """

    notes: int
    writer: str
    mended: tuple[str, ...] = ()
    model: str | None = None
    requests: int | None = None
    tokens: int | None = None

    def text(self) -> str:
        """Return what was written, what was mended, and what it took."""
        lines = [self.message, *(f"  mended: {line}" for line in self.mended)]
        if self.model and self.requests is not None:
            lines.append(f"{self.model}: {counted(self.requests, 'request')}, {self.tokens:,} tokens")
        return "\n".join(lines)


@command(
    "write",
    "write bass:A a walking line --with composer --seed 5",
    where={"background": {"jobs"}},
    about={
        "words": "what to write, such as: a walking line that answers the lead",
        "with": "who writes: the composer, or a language model; by default the model where one is set up",
        "background": "go on while the model writes",
    },
)
async def write(
    call: Call,
    clip: ClipRef,
    words: Words,
    *,
    with_: Writer | None = None,
    seed: RandomSeed | None = None,
    background: Flag = False,
) -> Wrote | Begun:
    """Write the notes of a clip anew, as words say.

    A language model is told key, chords, style and what plays beside it; its bars are put right for the clip (bars,
    meter, key, range, density), and what was put right is said. The composer takes the words that it knows and makes
    the part by them; of them all the answer names those that it does not know.
    """
    who = with_ or ("model" if call.studio.settings.assistant.configured and call.caller.roots is None else "composer")
    if who == "composer":
        return _composed(call, clip, words, fresh_seed() if seed is None else seed)
    from hardcore.commands.assistant import modelparts

    track, found = call.project.find_clip(clip)
    arguments = modelparts.request(call, call.project, words, {track.name: (track, found)})
    if background:
        return in_background(call, "write", arguments)
    return _put(call, await work(call, "write", arguments))


@finishes("write")
def written(call: Call, job: Job, done: dict[str, object]) -> Wrote:
    """Take the bars that a job of the background has written."""
    return _put(call, done)


def _put(call: Call, done: dict[str, object]) -> Wrote:
    from hardcore.commands.assistant import modelparts

    made = modelparts.put_in(call.project, call.studio.version, done)
    call.edit(lambda project: modelparts.put_in(project, call.studio.version, done).project)
    usage, about = done["usage"], str(done["about"])
    assert isinstance(usage, dict)
    count = sum(made.notes.values())
    return Wrote(
        message=f"{', '.join(made.notes)}: {counted(count, 'note')} written" + (f": {about[:300]}" if about else ""),
        notes=count,
        writer="model",
        mended=made.mended,
        model=str(done["model"]),
        requests=usage["requests"],
        tokens=usage["input_tokens"] + usage["output_tokens"],
    )


def _composed(call: Call, reference: str, words: str, seed: int) -> Wrote:
    """Return what the composer makes of the words that it knows. Raises UserError for a clip that it did not make."""
    from hardcore.compose.edits.regenerate import renew
    from hardcore.language.prompt.understand import understand

    track, clip = call.project.find_clip(reference)
    intent = understand(words)
    traits = tuple(dict.fromkeys(trait for some in intent.traits.values() for trait in some))

    def change(project: ProjectState) -> ProjectState:
        outcome = renew(project, (project.find_track(track.id),), seed, traits)
        if outcome.failed:
            raise UserError("; ".join(outcome.failed), "a model can write it: config assistant.url")
        return replace_clip(project, outcome.project.find_clip(clip.id)[1])

    made = call.edit(change).find_clip(clip.id)[1]
    unknown = f"; not understood: {', '.join(intent.ignored)}" if intent.ignored else ""
    how = f" ({', '.join(traits)})" if traits else ""
    message = f"{track.name}: {len(made.notes)} notes written{how}, seed {seed}{unknown}"
    return Wrote(message=message, notes=len(made.notes), writer="composer")
