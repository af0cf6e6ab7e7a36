"""A tour: from one sentence to a file in six steps, each done by typing it."""

from typing import Annotated, NamedTuple

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result
from hardcore.commands.core.types import Kind
from hardcore.controller.studio import Studio


class Step(NamedTuple):
    """A step of the tour: what it is, what to type, and the commands that do it."""

    words: str
    line: str
    commands: tuple[str, ...]


STEPS = (
    Step("one sentence makes clips", "dark warehouse techno, 138 bpm, F minor, 8 bars", ("compose",)),
    Step("hear them; Space does the same while nothing is typed", "/play", ("play", "launch")),
    Step("change what plays in words, or by a command such as /gain kick -3", "more swing", ("compose", "track gain")),
    Step("take the change back; every step is kept, /history lists them", "/undo", ("undo",)),
    Step("keep the project in a file, with its whole history", "/save my-first.hcs", ("save", "save-as")),
    Step("make a sound file", "/export my-first.wav", ("export",)),
)
END = "that was the tour: /help lists the commands, /stop is silence, and every sentence is a beginning"


class Tour(Result):
    """A step of the tour, in words."""

    step: int
    line: str

    def text(self) -> str:
        """Return the step, and what to type for it."""
        if self.step > len(STEPS):
            return END
        return f"tour {self.step} of {len(STEPS)}: {STEPS[self.step - 1].words}\n  {self.line}"


StepNumber = Annotated[int, Field(ge=1, le=len(STEPS)), Kind("step", f"a step of the tour, 1 to {len(STEPS)}")]


@command("tour", "tour", effects={"screen"})
def tour(call: Call, step: StepNumber = 1) -> Tour:
    """Walk from a sentence to a file in six steps; each is said when the one before was done."""
    call.studio.tour = step
    return _at(step)


@command("tour end", "tour end", effects={"screen"})
def tour_end(call: Call) -> Done:
    """End the tour."""
    call.studio.tour = 0
    return Done(message="the tour has ended; /tour begins it anew")


def _at(step: int) -> Tour:
    return Tour(step=step, line=STEPS[step - 1].line if step <= len(STEPS) else "")


def following(studio: Studio, done: str) -> Tour | None:
    """Return what the tour says next after a command was done; None when it was another one, or there is no tour."""
    if not 1 <= studio.tour <= len(STEPS) or done not in STEPS[studio.tour - 1].commands:
        return None
    studio.tour += 1
    said = _at(studio.tour)
    if studio.tour > len(STEPS):
        studio.tour = 0
    return said
