"""The earlier drum tools: configs, sessions, phrases, and the agent that reads a prompt without a model."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.commands.core.seeds import seed_of
from hardcore.commands.legacy.sandbox import Refusal, Sandbox, read_json, write_json
from hardcore.commands.rhythm.writing import Written, write_files
from hardcore.errors import UserError

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm

Given = Mapping[str, Any]
# The earlier engine's limits of tempo, and the styles of phrases by our rhythms.
LOW_BPM, HIGH_BPM, MOST_BARS = 110.0, 150.0, 4096
PHRASES = {"urgent": "urgent", "polymeter": "polymeter", "hard-evolving": "hypnotic", "breakdown": "breakdown"}
HELP = (
    "render_session plays a config (a rhythm file as JSON) into a MIDI file; agent_handle makes one from a prompt such "
    "as 'ben klock, 128 bpm, 32 bars, more ghost, save as night'. Files lie in configs/ and out/."
)


def create_config(box: Sandbox, given: Given) -> Given:
    """Make a config; one that is there stays."""
    path = box.new_config(given["name"])
    if path.exists():
        raise Refusal("BAD_ARGS", f"there is a config '{path.stem}' already")
    _keep(path, given["params"])
    return {"path": str(path)}


def write_config(box: Sandbox, given: Given) -> Given:
    """Write a config, over one that is there."""
    try:
        body = json.loads(given["body"]) if isinstance(given["body"], str) else given["body"]
    except (ValueError, RecursionError) as error:
        raise Refusal("BAD_CONFIG", f"the body is no JSON: {error}") from error
    path = box.new_config(given["name"])
    _keep(path, body)
    return {"path": str(path)}


def read_config(box: Sandbox, given: Given) -> Given:
    """Read a config."""
    path = box.config(given["name"])
    return {"path": str(path), "body": read_json(path)}


def list_configs(box: Sandbox, given: Given) -> Given:
    """List the configs."""
    return {"items": sorted(path.stem for path in box.configs.glob("*.json"))}


def list_examples(box: Sandbox, given: Given) -> Given:
    """List the rhythms of the program."""
    from hardcore.knowledge.rhythms import rhythm_ids

    return {"items": list(rhythm_ids())}


def render_session(box: Sandbox, given: Given) -> Given:
    """Play a config, one that is given inline, an example or a rhythm seed into a MIDI file."""
    rhythm = _session(box, given)
    path = box.result(given.get("out"), "session")
    done = _write(path, rhythm)
    return {"path": str(path), "bpm": done.bpm, "bars": done.bars, "summary": _summary(rhythm, done)}


def render_phrase(box: Sandbox, given: Given) -> Given:
    """Play a phrase of a style into a MIDI file."""
    style = str(given["style"])
    if style not in PHRASES:
        raise Refusal("BAD_ARGS", f"no style '{style[:40]}': one of {', '.join(PHRASES)}")
    return render_session(box, {**given, "config_path": PHRASES[style]})


def agent_handle(box: Sandbox, given: Given) -> Given:
    """Make a config and a MIDI file from a prompt, by its words."""
    from hardcore.knowledge.rhythms import rhythm
    from hardcore.rhythm.intents import tell

    prompt = str(given["prompt"])
    text = prompt.lower()
    name = "ghost_kick" if "ghost" in text and "ben klock" not in text else "ben_klock"
    saved = re.search(r"save (?:this )?as ([\w.-]+)", text)
    words = re.sub(r"save (?:this )?as [\w.-]+|ben klock|\b\d+ ?(?:bpm|bars?)\b|\bseed \d+", " ", text)
    base = rhythm(name)
    told: list[str] = []
    for clause in filter(str.strip, re.split(r"[,;.]| and ", words)):
        try:
            made = tell(base, clause)
        except UserError:
            continue  # as ever, what says nothing changes nothing
        base, told = made.rhythm, [*told, *made.changes]
    patterns = {"bpm": r"(\d+) ?bpm", "bars": r"(\d+) ?bars?\b", "seed": r"seed (\d+)"}
    found = {key: _number(pattern, text) for key, pattern in patterns.items()}
    asked = {"seed": seed_of(prompt)} | {key: value for key, value in found.items() if value is not None}
    base = _clamped(base, asked)
    path = box.new_config(saved[1]) if saved else box.configs / f"agent-{asked['seed']}.json"
    write_json(path, base.model_dump(mode="json", exclude_none=True))
    midi = box.result(None, "agent")
    done = _write(midi, base)
    summary = "; ".join([_summary(base, done), *told])
    return {"summary": summary, "midi_path": str(midi), "config_path": str(path), "config": read_json(path)}


def _number(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1][:9]) if found else None


def session_of(box: Sandbox, name: str) -> "Rhythm":
    """Return the rhythm of a config, or of an example. Raises Refusal."""
    from hardcore.knowledge.rhythms import rhythm, rhythm_ids

    if name in rhythm_ids():
        return rhythm(name)
    path = box.config(name)
    return _loaded(read_json(path), path.name)


def _session(box: Sandbox, given: Given) -> "Rhythm":
    if given.get("seed_id"):
        found = _of_seed(box, str(given["seed_id"]))
    elif given.get("config_path"):
        found = session_of(box, str(given["config_path"]))
    else:
        found = _loaded(_inline(dict(given.get("inline_config") or {})), "inline_config")
    return _clamped(found, given)


def _inline(data: dict[str, Any]) -> dict[str, Any]:
    """Return a config that is given with a call, its figures within what the earlier engine took."""
    mode = data.get("mode")
    ppq = data.get("ppq")
    return {
        **data,
        "mode": mode if mode in ("m1", "m2", "m4") else "m1",
        "ppq": ppq if isinstance(ppq, int) and 24 <= ppq <= 32767 else 1920,
    }


def _of_seed(box: Sandbox, name: str) -> "Rhythm":
    known = {entry.name.casefold(): entry.content for entry in box.library.entries("seed")}
    kept = known.get(name.strip().casefold())
    if kept is None or not isinstance(kept.get("rhythm"), dict):
        raise Refusal("NO_SUCH_SEED", f"no rhythm seed '{name[:60]}'")
    return _loaded(kept["rhythm"], name)


def _clamped(rhythm: "Rhythm", given: Given) -> "Rhythm":
    """Return the rhythm with the tempo, bars and seed that are given, within limits. Raises Refusal."""
    bpm, bars, seed = given.get("bpm", rhythm.bpm), given.get("bars", rhythm.bars), given.get("seed", rhythm.seed)
    try:
        return rhythm.evolve(
            bpm=min(max(float(bpm), LOW_BPM), HIGH_BPM), bars=min(max(int(bars), 1), MOST_BARS), seed=int(seed)
        )
    except (TypeError, ValueError, UserError) as error:
        raise Refusal("BAD_ARGS", f"bpm, bars and seed are numbers: {str(error).splitlines()[0]}") from error


def _loaded(data: Any, where: str) -> "Rhythm":
    from hardcore.rhythm.config import load

    try:
        return load(data, where)
    except UserError as error:
        raise Refusal("BAD_CONFIG", error.line()) from error


def _keep(path: Path, data: Any) -> None:
    if not isinstance(data, dict):
        raise Refusal("BAD_CONFIG", "a config is a JSON object")
    _loaded({"name": path.stem, **data}, path.name)
    write_json(path, data)


def _write(path: Path, rhythm: "Rhythm") -> Written:
    try:
        return write_files(path, None, rhythm, bars=None, seed=None, bpm=None)
    except (OSError, UserError) as error:
        raise Refusal("IO_ERROR", str(error)) from error


def _summary(rhythm: "Rhythm", done: Written) -> str:
    figures = ", ".join(f"{name} {value:g}" for name, value in done.figures.items())
    played = f"{done.bars} bars at {done.bpm:g} bpm, {done.notes} notes, seed {done.seed}"
    return f"{rhythm.name or 'session'}: {played}; {figures}"
