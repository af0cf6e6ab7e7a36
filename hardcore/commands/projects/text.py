"""The project as text, for tools that compare lines."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result
from hardcore.project.text import text
from hardcore.workers.thread import beside


class ProjectText(Result):
    """A project as lines of text; see `hardcore.project.text`."""

    lines: tuple[str, ...]

    def text(self) -> str:
        """Return the lines."""
        return "\n".join(self.lines)


@command("project text", "project text", effects=())
async def project_text(call: Call) -> ProjectText:
    """Print the project as text, one line a thing, the same for the same project: for git diff and other line tools.

    What has its default value is left out. From the shell: `hardcore text FILE.hcs`.
    """
    return ProjectText(lines=tuple((await beside(text, call.project)).splitlines()))
