"""Finding commands by what they do, in plain words: names, help, arguments, examples, and what people say for them.

What people say is data: `knowledge_base/says.yaml`, a line a command.
"""

from functools import cache

from hardcore.commands.core import registry
from hardcore.commands.core.registry import Command
from hardcore.knowledge.says import says
from hardcore.language.bm25 import Index, words

# From which score on, and how many times that of the second, the best command is named unasked: most of what shares a
# word or two with a sentence stays under both.
_CLEAR, _FAR = (12.0, 1.2), (6.5, 1.4)

# How often words of a name, and words that people say for a command, count.
_NAME, _SAYS = 4, 3


@cache
def _index() -> Index[str]:
    return Index((name, _text(known)) for name, known in registry.registry().items())


def _text(known: Command) -> list[str]:
    help_of = " ".join(f"{argument.name} {argument.kind.help}" for argument in known.arguments)
    names = " ".join((known.name, *known.aliases))
    said = " ".join(says().get(known.name, ()))
    return words(names) * _NAME + words(said) * _SAYS + words(f"{known.doc} {known.example} {help_of}")


def find_commands(query: str, limit: int = 10) -> tuple[Command, ...]:
    """Return the commands that fit a query best, the best first; none where no word of it is known."""
    return tuple(registry.registry()[name] for name, _ in _index().best(query, limit))


def nearest_command(query: str) -> Command | None:
    """Return the one command that a query clearly fits; None where none stands out."""
    ranked = _index().best(query, 2)
    if not ranked:
        return None
    (name, best), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
    stands_out = any(best >= least and best >= times * second for least, times in (_CLEAR, _FAR))
    return registry.registry()[name] if stands_out else None
