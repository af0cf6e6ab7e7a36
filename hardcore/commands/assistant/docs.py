"""The documentation in the studio: its pages listed, searched and read, and questions answered from them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing, Result, Row
from hardcore.commands.core.types import Choice, Kind, Words
from hardcore.errors import NotFound, UserError
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.assistant.answers import Hit

MOST_LINES = 200


def _pages(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.assistant.passages import pages

    return map(Choice, pages())


PageName = Annotated[str, Field(min_length=1, max_length=200), Kind("page", "a page, such as guide/jobs.md", _pages)]
LineNumber = Annotated[int, Field(ge=1, le=1_000_000), Kind("line", "the first line, from 1")]
Lines = Annotated[int, Field(ge=1, le=2000), Kind("lines", "how many lines, 200 by default")]
Limit = Annotated[int, Field(ge=1, le=50), Kind("limit", "how many at most")]


class PageRow(Row):
    """A page of the documentation: its name, its title, how many lines it has."""

    page: str
    title: str
    lines: int


class PageList(Listing[PageRow]):
    """The pages of the documentation."""

    headings = ("page", "title", "lines")


class Source(Row):
    """A passage of the documentation: page, first line, the headings over it, what it says."""

    page: str
    line: int
    headings: tuple[str, ...]
    snippet: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (f"{self.page}:{self.line}", " > ".join(self.headings[1:]), self.snippet.splitlines()[0][:80])


class SourceList(Listing[Source]):
    """Passages that fit a query, the best first."""

    headings = ("place", "under", "says")


class DocAnswer(Result):
    """A question answered from the documentation: the passages that say it, the best first."""

    question: str
    sources: tuple[Source, ...]

    def text(self) -> str:
        """Return each passage with the place where it stands."""
        return "\n".join(line for one in self.sources for line in (one.snippet, f"  ({one.page}:{one.line})"))


class DocPage(Result):
    """Lines of a page; `next` is the line to go on with, null at its end."""

    page: str
    line: int
    body: str
    next: int | None

    def text(self) -> str:
        """Return the lines, and how to go on."""
        more = f"\n… /docs read {self.page} --line {self.next} goes on" if self.next else ""
        return f"{self.body}{more}"


@command("docs list", "docs list", effects=())
def docs_list(call: Call) -> PageList:
    """List the pages of the documentation."""
    from hardcore.assistant.passages import page, pages

    def row(name: str) -> PageRow:
        _, lines = page(name)
        title = next((line.removeprefix("# ") for line in lines if line.startswith("# ")), name)
        return PageRow(page=name, title=title, lines=len(lines))

    return PageList(items=tuple(map(row, pages())))


@command("docs search", "docs search merge a branch", effects=(), about={"query": "what it is about, in any words"})
def docs_search(call: Call, query: Words, *, limit: Limit = 10) -> SourceList:
    """Find passages of the documentation by what they are about, the best first, with page and line."""
    from hardcore.assistant.answers import search

    return SourceList(items=tuple(map(_source, search(query, limit))), empty=f"nothing is said about '{query[:60]}'")


@command("docs read", "docs read guide/jobs.md --lines 20", effects=())
def docs_read(call: Call, page: PageName, *, line: LineNumber = 1, lines: Lines = MOST_LINES) -> DocPage:
    """Read a page of the documentation, or some lines of it."""
    from hardcore.assistant.passages import page as read

    name, every = read(page)
    if line > len(every):
        raise UserError(f"{name} has {len(every)} lines", f"--line 1 to {len(every)}")
    following = line + lines
    body = "\n".join(every[line - 1 : following - 1])
    return DocPage(page=name, line=line, body=body, next=following if following <= len(every) else None)


@command("docs answer", "docs answer how do I cancel a job?", effects=(), about={"question": "in any words"})
def docs_answer(call: Call, question: Words) -> DocAnswer:
    """Answer a question from the guide and the reference, with the places where it is said. No model is asked."""
    found = answered(question)
    if found is None:
        raise NotFound("the guide says nothing of that", "/docs list lists its pages, /help the commands")
    return found


def answered(question: str) -> DocAnswer | None:
    """Return what the documentation says to a question, None where it knows none of its words."""
    from hardcore.assistant.answers import answer

    found = answer(question)
    return DocAnswer(question=question, sources=tuple(map(_source, found))) if found else None


def _source(hit: "Hit") -> Source:
    passage = hit.passage
    return Source(page=passage.page, line=passage.line, headings=passage.headings, snippet=hit.snippet)
