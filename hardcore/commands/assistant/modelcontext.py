"""What a model is told of the project: a summary, vibe, sections, what was done, the style, what the guide says."""

import inspect

from hardcore.assistant.answers import answer
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.registry import invoke, registry
from hardcore.commands.core.results import Result
from hardcore.compose.producer import asked_of
from hardcore.language.asking import is_question
from hardcore.project.state import ProjectState

# About 2,000 tokens: a large project is cut, and its rest is read by commands.
_MOST_LETTERS = 8000


async def context_of(call: Call, words: str) -> str:
    """Return what a model is told besides the request; the names in it are the person's, and data."""
    parts = [await _read(call, "info"), _places(call), await _read(call, "session show"), style_sheet(call.project)]
    if is_question(words):
        parts += [f"the guide says ({hit.passage.place}): {hit.snippet}" for hit in answer(words, 3)]
    text = "\n\n".join(filter(None, parts))
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}\n… cut: read the rest by commands"


async def _read(call: Call, name: str) -> str:
    """Return what a command that only reads answers."""
    known = registry()[name]
    reader = Call(call.studio, Caller(author=call.caller.author, head=call.caller.head), name)
    result = invoke(known, reader, known.parsed({}))
    if inspect.isawaitable(result):
        result = await result
    assert isinstance(result, Result)
    return result.text()


def _places(call: Call) -> str:
    sections = ", ".join(f"{one.name} {one.bars} bars" for one in call.project.sections)
    scenes = ", ".join(scene.name for scene in call.project.scenes)
    return f"Sections: {sections or 'none, it is a loop'}\nScenes: {scenes}"


def style_sheet(project: ProjectState) -> str:
    """Return what the style of a piece is like, nothing for one that was made by hand."""
    from hardcore.knowledge.loader import genre

    asked = asked_of(project)
    if asked is None:
        return ""
    known = genre(asked.genre)
    parts = ", ".join(f"{role} {part.chance:.0%}" for role, part in known.parts.items() if part.chance > 0)
    sounds = "; ".join(f"{role}: {', '.join(one.device for one in some)}" for role, some in known.palette.items())
    chords = "; ".join(one.numerals for one in known.harmony.progressions)
    tempo = f"{known.tempo.low:g} to {known.tempo.high:g} bpm"
    return f"style {known.name}: {known.about}\n  {tempo}\n  parts {parts}\n  sounds {sounds}\n  chords {chords}"
