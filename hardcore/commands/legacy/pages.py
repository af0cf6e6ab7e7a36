"""The earlier tools of the documentation, by those of the assistant."""

from collections.abc import Mapping
from typing import Any

from hardcore.assistant.answers import answer, search
from hardcore.assistant.passages import page, pages
from hardcore.commands.legacy.drums import HELP
from hardcore.commands.legacy.sandbox import Refusal, Sandbox
from hardcore.errors import NotFound

Given = Mapping[str, Any]
_MOST_LINES = 200


def help_text(box: Sandbox, given: Given) -> Given:
    """Say how these tools are used."""
    return {"usage": HELP}


def list_docs(box: Sandbox, given: Given) -> Given:
    """List the pages of the documentation."""
    return {"items": list(pages())}


def read_doc(box: Sandbox, given: Given) -> Given:
    """Read a page of the documentation, or lines of it."""
    try:
        name, lines = page(str(given["name"]))
    except NotFound as error:
        raise Refusal("IO_ERROR", error.line()) from error
    start = max(int(given.get("start_line", 1)), 1)
    most = min(max(int(given.get("max_lines", _MOST_LINES)), 1), 2000)
    return {"path": name, "body": "\n".join(lines[start - 1 : start - 1 + most])}


def search_docs(box: Sandbox, given: Given) -> Given:
    """Find passages of the documentation."""
    found = search(str(given["query"]), min(max(int(given.get("max_results", 10)), 1), 50))
    return {"results": [{"path": one.passage.page, "line": one.passage.line, "snippet": one.snippet} for one in found]}


def doc_answer(box: Sandbox, given: Given) -> Given:
    """Answer a question from the documentation."""
    found = answer(str(given["query"]), min(max(int(given.get("max_sources", 2)), 1), 10))
    sources = [{"path": one.passage.page, "line": one.passage.line} for one in found]
    return {"summary": "\n\n".join(one.snippet for one in found), "sources": sources}
