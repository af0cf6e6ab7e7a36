"""The job in which a model writes parts. Its process has the key from the environment; no record of the job has it."""

import asyncio

from pydantic import TypeAdapter

from hardcore.assistant import provider, writer
from hardcore.assistant.mending import Frame
from hardcore.assistant.planner import Limits
from hardcore.workers.context import Context, Words

# How the frames of parts come and go as JSON.
FRAMES = TypeAdapter(dict[str, Frame])


def write(
    context: Context, wish: str, piece: str, frames: Words, clips: Words, server: Words, limits: Words
) -> Words:  # fmt: skip
    """Return the bars of parts as a model writes them, what it says, and what it took. Raises ModelFailed.

    clips  the ids of the clips that the parts are for, by the names of the parts: they go along
    """

    def told(words: str) -> None:
        context.progress(0.0, f"{server['model']} writes")

    told("")
    provider.load()
    known = FRAMES.validate_python(frames)

    async def asked() -> writer.Written:
        async with provider.opened(provider.Server(**server)) as model:
            return await writer.write(model, wish, piece, known, Limits(**limits), told)

    written = asyncio.run(asked())
    known_by = {"wish": wish, "clips": clips, "model": server["model"]}
    return {"bars": written.bars, "about": written.about, "usage": written.usage._asdict(), **known_by}
