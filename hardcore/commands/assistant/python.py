"""Python that lives: code runs in a process beside the studio (hardcore/kernel), and its names stay."""

from functools import reduce
from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.assistant.kernelcalls import KernelCalls, kernel_of
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result
from hardcore.commands.core.types import Flag, Kind
from hardcore.escaping import escaped
from hardcore.kernel.kernel import MEMORY, Kernel
from hardcore.project import rules
from hardcore.project.rule import CallAction
from hardcore.rules.runner import RuleRunner

LIMIT_S = 10.0
Code = Annotated[
    str, Field(min_length=1, max_length=100_000), Kind("code", "Python: an expression or statements", raw=True)
]
Seconds = Annotated[float, Field(ge=0.1, le=3600), Kind("seconds", f"how long it may compute, {LIMIT_S:g} by default")]
Topic = Literal["api", "session", "scheduler", "examples"]


class Evaluated(Result):
    """What code came to.

    kind   `expression` where it ends with one, else `statement`
    value  of that expression, as Python writes it; null: None, or there is none
    error  what went wrong, in one line; null: nothing
    traceback  the way to it through the code; null where there is none
    """

    kind: Literal["expression", "statement"]
    value: str | None
    stdout: str
    stderr: str
    error: str | None
    traceback: str | None

    def text(self) -> str:
        """Return what was printed, then the value or what went wrong, with nothing in it that steers a terminal."""
        parts = [self.stdout.rstrip(), self.stderr.rstrip(), self.value or "", self.error or ""]
        shown = "\n".join(filter(None, parts)) or "done"
        return escaped(shown).rstrip()

    @property
    def failed(self) -> bool:
        """Return whether it went wrong."""
        return self.error is not None


class PythonReset(Result):
    """Python begins anew: whether a process of it ran, the functions of rules that are gone, and rules that are."""

    ran: bool
    functions: tuple[str, ...]
    rules: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what is gone."""
        gone = ", ".join(self.functions)
        rules = f"; rules removed: {', '.join(self.rules)}" if self.rules else ""
        return f"Python begins anew: no names{f', {gone} gone' if gone else ''}{rules}"


class PythonHelp(Result):
    """What Python finds here, by topic, and its limits."""

    topics: dict[Topic, str]
    seconds: float = LIMIT_S
    megabytes: int = MEMORY >> 20

    def text(self) -> str:
        """Return the topics, then the limits."""
        limits = f"Code may compute {self.seconds:g} s (--seconds) and take {self.megabytes} MB."
        return "\n".join([*self.topics.values(), limits])


@command("py", "py [n * n for n in range(5)]", effects={"code"}, aliases=("python",))
async def py(call: Call, code: Code, *, seconds: Seconds = LIMIT_S) -> Evaluated:
    """Run Python in a process beside the studio; names stay until `py reset`. Options stand before the code.

    `studio` reaches every command, `/py help` says what else there is. Code that computes longer than --seconds is
    stopped; it may take 512 MB. It is Python with all it can do: only whoever may type commands here may run it, other
    programs and agents where the server was started with --allow-eval.
    """
    done = await KernelCalls(call.studio, call.caller).run(kernel_of(call.studio), {"code": code}, seconds)
    return Evaluated(**done)


@command(
    "py reset",
    "py reset",
    effects={"code"},
    where={"clear_session": {"project"}},
    about={"clear_session": "remove the rules that call its functions as well"},
)
def py_reset(call: Call, *, clear_session: Flag = False) -> PythonReset:
    """Begin anew: the process is ended with all its names, and whatever it does; the studio stays as it is."""
    kernel, runner = call.studio.recall(Kernel), call.studio.recall(RuleRunner)
    functions = runner.functions if runner is not None else {}
    reset = PythonReset(ran=kernel is not None and kernel.pid != 0, functions=tuple(functions))
    functions.clear()
    if kernel is not None:
        kernel.close()
    if not clear_session or not (calling := [one for one in call.project.rules if isinstance(one.action, CallAction)]):
        return reset
    call.edit(lambda project: reduce(rules.remove, [one.id for one in calling], project))
    return reset.model_copy(update={"rules": tuple(one.name for one in calling)})


HELP: dict[Topic, str] = {
    "api": """studio.do("/tempo 140")                  a line, as it is typed; a sentence without the slash
studio.track.gain("kick", -3)            any command, its arguments in order and by name; dir(studio.track)
studio.call("track gain", "kick", -3)    the same by name
studio.batch([("tempo", {"bpm": 140})])  several as one step, all or nothing
await gather(f(), g())                   code may await; so may answers be
An answer shows its text, its fields are attributes; what the studio refuses raises StudioError.
chord("Fm7"), scale("F minor")           MIDI pitches
euclid(3, 8), drums("x..x"), humanize(drums("x.x."))   a pattern; hits as (beat, velocity)""",
    "session": """session(), session(name=…, vibe=…, load=…)   what one has to know to go on
tempo(138), marker("drop", 64), timeline.markers, schedule("bass:A", 16, duration=8, gain=0.8)
sample("bass", seed=3), audition("kick909_punch")      what a space makes (/spaces); a sound beside the music
play(), pause(), stop(), seek(16); transport.state, transport.position, beat.current""",
    "scheduler": """@on_beat(4)            def f(beat): …        called on every fourth beat while it stays open
@on_marker("drop")     def f(name, beat): …  called where the marker is
@on_artifact("wav")    def f(artifact): …    called with what was made: its id, content_hash and tags
@live_loop(4)          def f(beat): …        the same, and a version that fails gives way to the last that did not
stop_loop("f")                               ends it
latent("bass", "a rolling line", deadline=64, priority="high")   made in time for a beat; .cancel(), .materialize()
Each is a rule of the project (/rules); its function lives in this Python until py reset.""",
    "examples": """/py studio.tempo(140)
/py studio.rhythm.set("hats", euclid(5, 16))
/py [studio.track.gain(name, -6) for name in ("kick", "snare")]
/py studio.batch([("note add", {"clip": "lead:A", "at": "1.1.1", "pitch": p}) for p in chord("F")])""",
}


@command("py help", "py help api", effects=(), about={"topic": "api, session, scheduler or examples; all by default"})
def py_help(call: Call, topic: Topic | None = None) -> PythonHelp:
    """Say what Python finds here: api, session, scheduler, examples."""
    return PythonHelp(topics={one: HELP[one] for one in ([topic] if topic else HELP)})
