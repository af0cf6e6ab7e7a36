"""The tools of the earlier drum engine under their names: `hardcore mcp --tools legacy`. Each answer has a `code`."""

from collections.abc import Callable, Mapping
from typing import Any

from hardcore.commands.core.call import Caller
from hardcore.commands.legacy import basses, drums, pages
from hardcore.commands.legacy.sandbox import Refusal, Sandbox, sandbox
from hardcore.surfaces.mcp.tools import Answer, Tool
from hardcore.surfaces.service import Service
from hardcore.workers.thread import beside

Earlier = Callable[[Sandbox, Mapping[str, Any]], Mapping[str, Any]]
_TEXT, _WHOLE, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
_FREE = {"type": "object", "additionalProperties": True}
_LIST = {"type": "array", "items": {"type": ["integer", "array"]}}
_SESSION = {"bpm": _NUMBER, "bars": _WHOLE, "seed": _WHOLE, "seed_id": _TEXT, "out": _TEXT}
_LINE = {
    "version": _TEXT, "bpm": _NUMBER, "ppq": _WHOLE, "bars": _WHOLE, "mode": _TEXT, "key": _TEXT, "root_note": _WHOLE,
    "density": _NUMBER, "kick_masks_by_bar": _LIST, "hat_masks_by_bar": _LIST, "clap_masks_by_bar": _LIST,
}  # fmt: skip
_EVENTS = {"type": "array", "items": _FREE}
_DOCS = {"start_line": _WHOLE, "max_lines": _WHOLE}
# Each with its arguments and those that it needs, and whether it only reads.
_EARLIER: tuple[tuple[Earlier, dict[str, Any], tuple[str, ...], bool], ...] = (
    (drums.render_session, {"config_path": _TEXT, "inline_config": _FREE, **_SESSION}, (), False),
    (drums.render_phrase, {"style": _TEXT, **_SESSION}, ("style",), False),
    (drums.create_config, {"name": _TEXT, "params": _FREE}, ("name", "params"), False),
    (drums.list_configs, {}, (), True),
    (drums.list_examples, {}, (), True),
    (drums.read_config, {"name": _TEXT}, ("name",), True),
    (drums.write_config, {"name": _TEXT, "body": {"type": ["string", "object"]}}, ("name", "body"), False),
    (drums.agent_handle, {"prompt": _TEXT}, ("prompt",), False),
    (basses.bass_generate, {**_LINE, "seed": _WHOLE, "min_dur_steps": _NUMBER, "style": _TEXT}, (), True),
    (basses.bass_validate, {**_LINE, "events": _EVENTS}, ("events",), True),
    (basses.make_bass_for_config,
     {"config_path": _TEXT, "drums_out": _TEXT, "bass_out": _TEXT, "key": _TEXT, "mode": _TEXT, "density": _NUMBER,
      "root_note": _WHOLE}, ("config_path",), False),
    (pages.help_text, {}, (), True),
    (pages.list_docs, {}, (), True),
    (pages.read_doc, {"name": _TEXT, **_DOCS}, ("name",), True),
    (pages.search_docs, {"query": _TEXT, "max_results": _WHOLE}, ("query",), True),
    (pages.doc_answer, {"query": _TEXT, "max_sources": _WHOLE, "context_window": _WHOLE}, ("query",), True),
)  # fmt: skip


def legacy() -> tuple[Tool, ...]:
    """Return the earlier tools."""
    return tuple(_tool(*one) for one in _EARLIER)


def _tool(earlier: Earlier, properties: dict[str, Any], required: tuple[str, ...], reads: bool) -> Tool:
    async def work(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
        try:
            _check(given, properties, required)
            done = await beside(earlier, sandbox(service.studio.library), given)
        except Refusal as error:
            return Answer(f"{error.reason}: {error.message}", {"code": error.reason, "error": error.message})
        except (TypeError, ValueError) as error:
            return Answer(f"BAD_ARGS: {error}", {"code": "BAD_ARGS", "error": str(error)})
        text = str(next((done[key] for key in ("summary", "usage", "path", "body") if done.get(key)), "OK"))
        return Answer(text, {"code": "OK", **done})

    schema = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return Tool(earlier.__name__, (earlier.__doc__ or "").splitlines()[0], schema, work, reads=reads)


def _check(given: Mapping[str, Any], properties: Mapping[str, Any], required: tuple[str, ...]) -> None:
    """Raise Refusal for an argument that there is not, or one that is missing."""
    if missing := [name for name in required if name not in given]:
        raise Refusal("BAD_ARGS", f"{missing[0]} is needed")
    if strange := [name for name in given if name not in properties]:
        raise Refusal("BAD_ARGS", f"there is no argument '{strange[0][:40]}'")
