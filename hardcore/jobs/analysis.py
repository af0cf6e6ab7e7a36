"""The ears as jobs use them: the functions of analysistasks.py, in a thread beside the loop.

heard = await ask("hear", path="song.wav")
"""

from typing import Any

from hardcore.errors import JobFailed
from hardcore.workers.context import Context, Words
from hardcore.workers.thread import beside


async def ask(task: str, **arguments: Any) -> Words:
    """Return what a function of analysistasks.py answers. Raises UserError, and JobFailed where memory is short."""
    from hardcore.jobs import analysistasks

    try:
        answer: Words = await beside(getattr(analysistasks, task), Context(lambda words: None), **arguments)
    except MemoryError as error:
        raise JobFailed("listening takes more memory than it may", "a shorter or smaller file") from error
    return answer
