"""What a model answers, and whether one may be asked: light, for commands that seldom ask one."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.results import Edited, counted


class Asked(Edited):
    """What a model answered and planned.

    commands  the plan as lines; `applied` is whether it was done
    beyond    what it changes that the request did not name; such a plan is never done unseen
    cost_usd  what it cost in US dollars, null where the price is not known
    """

    commands: tuple[str, ...] = ()
    applied: bool = False
    beyond: str | None = None
    model: str
    requests: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None

    def text(self) -> str:
        """Return the words of the model, what each command does, how to accept, and what it took."""
        lines = [self.message] if self.message else []
        lines += [f"  {said}   {line}" for said, line in zip(self.details, self.commands, strict=False)]
        if self.beyond:
            lines.append(f"more than you named: {self.beyond}")
        if self.commands and not self.applied:
            lines.append("nothing is done yet: 1 does it")
        cost = f", ${self.cost_usd:.4f}" if self.cost_usd is not None else ""
        tokens = f"{self.input_tokens:,} + {self.output_tokens:,} tokens"
        lines.append(f"{self.model}: {counted(self.requests, 'request')}, {tokens}{cost}")
        return "\n".join(lines)


def can_consult(call: Call) -> bool:
    """Return whether a model is set up and the caller may ask it.

    It costs the person's money and sends the project to a server: a program that acts for them may not.
    """
    return call.studio.settings.assistant.configured and call.caller.roots is None
