"""The producer's own ears: what a prompt made is listened to and its mix corrected, beside whatever goes on.

    mixing = AutoMix(studio)
    …
    await mixing.end()

It subscribes to the steps of a studio that stays open, so it serves a piece whatever surface it was asked for on;
`config producer.listen false` switches it off. How far it is is told as JobChanged of a job labelled LABEL, what it did
as CommandRan.
"""

import asyncio

from hardcore.bugs import log_bug
from hardcore.commands.core.call import Caller
from hardcore.commands.core.registry import registry, run
from hardcore.commands.core.stagelock import StageLock
from hardcore.controller.events import StepMade, caused
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError

LABEL, COMMAND = "listening to the mix", "mix correct"


class AutoMix:
    """Listens to each new piece of a studio, one at a time: a newer one takes the place of one that is listened to.

    It belongs to the loop in which the studio's steps are made.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._task: asyncio.Task[None] | None = None
        self._stop = studio.controller.events.subscribe(StepMade, self._made)

    @property
    def going(self) -> bool:
        """Return whether it listens at present."""
        return self._task is not None and not self._task.done()

    def cancel(self) -> None:
        """Stop what is listened to at present; the next piece is listened to again."""
        if self._task is not None:
            self._task.cancel()

    async def end(self) -> None:
        """Stop for good, and return when nothing of it goes on."""
        self._stop()
        self.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    def _made(self, step: StepMade) -> None:
        unasked = self._studio.settings.producer.listen and self._studio.recall(StageLock) is None
        if unasked and self._studio.unheard is step.new:
            before = self._task
            self.cancel()
            self._task = asyncio.ensure_future(self._listen(step, before))

    async def _listen(self, step: StepMade, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait([before])
        studio = self._studio
        if studio.unheard is not studio.controller.project:
            return  # there is something newer, or it was listened to meanwhile
        try:
            from hardcore.compose.mix.correction import AUTHOR

            caller = Caller(AUTHOR, cause=caused(step.cause, step.label))
            await run(studio, registry()[COMMAND], {}, caller, LABEL)
        except HardcoreError:
            pass  # it is told as the command's end
        except Exception as error:
            log_bug(error)
