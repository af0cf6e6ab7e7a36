"""The Model Context Protocol server: lists the tools, runs them, tells progress; resources are what stands."""

import asyncio
import contextlib
from typing import Any, Literal

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from hardcore.bugs import log_bug
from hardcore.commands.core.results import Result
from hardcore.errors import HardcoreError, NotFound
from hardcore.escaping import escaped, escaped_line
from hardcore.surfaces.mcp.prompts import prompt, prompts
from hardcore.surfaces.mcp.tools import FEW, WEAVE, Answer, Tool, caller_of, every
from hardcore.surfaces.service import Service

Context = ServerRequestContext[Any]
Offer = Literal["few", "all", "legacy"]
AUTHOR = "agent"
INSTRUCTIONS = (
    "A music studio. `say` makes music from a sentence or changes what is there; `find_commands` and `run` do what "
    "words cannot. `look` shows the project, `listen` hears it. Every change is one step: `history` takes it back. "
    "Say which step you expect (`expected`) when somebody else may work too."
)


def mcp_server(service: Service, offer: Offer = "few") -> Server[Any]:
    """Return the server of a studio with about ten tools, with every command as one, or with the earlier tools.

    Where its callers may run Python there are the four tools for that, too.
    """
    weave = WEAVE if "code" in service.rights.permissions else ()
    tools = {tool.name: tool for tool in (*_offered(offer), *weave)}
    listed = types.ListToolsResult(tools=[_listed(tool) for tool in tools.values()])

    async def on_list_tools(context: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return listed

    async def on_call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            return _result(Answer(f"error: there is no tool '{params.name[:60]}'"), is_error=True)
        return await _called(service, tool, params.arguments or {}, context)

    async def on_list_resources(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=f"hardcore://{name}", name=name, description=about, mime_type="text/plain")
                for name, (about, _) in RESOURCES.items()
            ]
        )

    async def on_read_resource(context: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        name = str(params.uri).removeprefix("hardcore://").strip("/")
        result = await _read(service, name)
        text = escaped(result.text()) if result is not None else f"there is no {escaped_line(name[:60])}"
        return types.ReadResourceResult(
            contents=[types.TextResourceContents(uri=params.uri, mime_type="text/plain", text=text)]
        )

    async def on_list_prompts(context: Context, params: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=prompts())

    async def on_get_prompt(context: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        return prompt(params.name, params.arguments or {})

    return Server(
        "hardcore",
        version=service.studio.version,
        instructions=INSTRUCTIONS,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        on_list_resources=on_list_resources,
        on_read_resource=on_read_resource,
        on_list_prompts=on_list_prompts,
        on_get_prompt=on_get_prompt,
    )


async def _read(service: Service, name: str) -> Result | None:
    """Return what stands under the name of a resource, or a page of the documentation; None where there is none."""
    caller = service.caller(AUTHOR)
    if name.startswith(PAGES):
        try:
            return await service.run("docs read", {"page": f"{name}.md"}, caller)
        except NotFound:
            return None
    return await service.line(RESOURCES[name][1], caller) if name in RESOURCES else None


def _offered(offer: Offer) -> tuple[Tool, ...]:
    if offer == "legacy":
        from hardcore.surfaces.mcp.legacy import legacy

        return legacy()
    return FEW if offer == "few" else every()


# Pages of the documentation: hardcore://guide/mixing.
PAGES = ("guide/", "reference/")
RESOURCES = {
    "project": ("the project in short", "/info"),
    "session": ("all that one has to know to go on", "/session show"),
    "guide": ("the pages of the guide; each is read as hardcore://guide/NAME", "/docs list"),
    "tracks": ("the tracks", "/track list"),
    "history": ("the steps", "/history list"),
    "commands": ("every command", "/help"),
    "styles": ("the styles that a prompt may name", "/genre list"),
}


async def _called(service: Service, tool: Tool, given: dict[str, Any], context: Context) -> types.CallToolResult:
    loop, sent, reached = asyncio.get_running_loop(), set(), [0.0]

    def progress(share: float, words: str) -> None:
        """Tell the client, from whatever thread, what is more than it knows: the protocol wants it to rise."""

        def tell() -> None:
            if share <= reached[0]:
                return
            reached[0] = share
            task = asyncio.ensure_future(_told(context, share, words))
            sent.add(task)
            task.add_done_callback(sent.discard)

        loop.call_soon_threadsafe(tell)

    try:
        work = tool.work(service, caller_of(service, given, AUTHOR, progress), given)
        return _result(await _apart(asyncio.ensure_future(work)))
    except HardcoreError as error:
        return _result(Answer(f"error: {error.line()}", {"error": error.message, "hint": error.hint}), is_error=True)
    except (KeyError, TypeError, ValueError) as error:
        return _result(Answer(f"error: {tool.name}: the arguments do not fit its schema ({error})"), is_error=True)
    except Exception as error:
        log_bug(error)
        return _result(Answer("error: a bug in hardcore; nothing was lost"), is_error=True)


async def _apart(work: "asyncio.Future[Answer]") -> Answer:
    """Return what comes of work in a task of its own, which is cancelled once where this is.

    The protocol's library cancels again at each await until a call has ended: what the work does to end well would be
    cut short, and the session with it.
    """
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        work.cancel()
        _ENDING.add(work)
        work.add_done_callback(_ended)
        raise


def _ended(work: "asyncio.Future[Answer]") -> None:
    _ENDING.discard(work)
    if not work.cancelled():
        work.exception()  # nobody waits for it any more


# Work that was cancelled and has not ended.
_ENDING: set["asyncio.Future[Answer]"] = set()


async def _told(context: Context, share: float, words: str) -> None:
    with contextlib.suppress(Exception):  # whoever does not listen any more needs no progress
        await context.session.report_progress(round(share, 3), 1.0, words)


def _listed(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=tool.reads, destructive_hint=tool.destroys, idempotent_hint=tool.reads, open_world_hint=False
    )
    return types.Tool(
        name=tool.name, description=tool.about, input_schema=tool.schema, output_schema=tool.answers, annotations=hints
    )


def _result(answer: Answer, *, is_error: bool = False) -> types.CallToolResult:
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=escaped(answer.text))]
    return types.CallToolResult(content=content, structured_content=answer.data or None, is_error=is_error)


async def serve_stdio(service: Service, offer: Offer = "few") -> None:
    """Serve one client on standard input and output, until it goes."""
    server = mcp_server(service, offer)
    async with stdio_server() as (source, sink):
        await server.run(source, sink, server.create_initialization_options())
