"""The words of the command line: options that count before and after the verb, and the verb."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hardcore.errors import UserError

VERBS = ("do", "render", "demo", "text", "serve", "mcp", "live", "commands", "completion")
SHELLS = ("bash", "zsh", "fish")
ENGINES = ("embedded", "external", "none")
FLAGS = {
    "--json": ("as_json", "answer with one JSON object a line"),
    "--plain": ("plain", "no colour, no redrawing: for screen readers and logs"),
    "--dry-run": ("dry_run", "say what would happen, change nothing"),
    "--create": ("create", "make the project file when there is none"),
    "--profile": ("profile", "compose as your profile has it: `profile show`"),
    "--wait": ("wait", "wait for a project that is open elsewhere"),
    "-v": ("verbose", "say more: the step, how much changed, how long it took"),
    "-q": ("quiet", "say nothing but errors and what was asked for"),
    "-h": ("help", "this, or the help of a command"),
}
LONG = {"--verbose": "-v", "--quiet": "-q", "--help": "-h"}
VALUES = {
    "--project": ("project", "FILE.hcs", "open this project; what a command makes of it is saved"),
    "--seed": ("seed", "N", "the seed of what is drawn by chance"),
    "--engine": ("engine", "|".join(ENGINES), "what plays, this time only"),
}


class UsageError(UserError):
    """The command line was wrong."""

    code = "usage"


@dataclass(slots=True)
class Options:
    """What counts wherever it stands; `words` are the others: the verb and what it takes."""

    as_json: bool = False
    plain: bool = False
    dry_run: bool = False
    create: bool = False
    profile: bool = False
    wait: bool = False
    verbose: bool = False
    quiet: bool = False
    help: bool = False
    project: str | None = None
    seed: str | None = None
    engine: str | None = None
    words: list[str] = field(default_factory=list)

    @property
    def verb(self) -> str:
        """Return the first word, empty without one."""
        return self.words[0] if self.words else ""

    @property
    def file(self) -> Path | None:
        """Return the project's file: --project, or the one word that is a file's name."""
        if self.project is not None:
            return Path(self.project)
        return Path(self.verb) if self.opens else None

    @property
    def opens(self) -> bool:
        """Return whether the one word is a project's file, which is opened then."""
        return len(self.words) == 1 and self.verb.lower().endswith(".hcs")


def split(arguments: Sequence[str]) -> Options:
    """Return the options and words of a command line; after `--` everything is a word. Raises UsageError."""
    found, rest = Options(), list(arguments)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        name = LONG.get(name, name)
        if word == "--":
            found.words += rest
            break
        if name in FLAGS and not equals:
            setattr(found, FLAGS[name][0], True)
        elif name in VALUES:
            if not equals and not rest:
                raise UsageError(f"{name} needs {VALUES[name][1]}")
            setattr(found, VALUES[name][0], value if equals else rest.pop(0))
        else:
            found.words.append(word)
    if found.engine is not None and found.engine not in ENGINES:
        raise UsageError(f"no engine '{found.engine}'", f"one of: {', '.join(ENGINES)}")
    return found
