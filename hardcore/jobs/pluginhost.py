"""What plug-ins do, in a process of their own: whatever happens there, the studio goes on. Only this loads their host.

A plug-in that is described shows its parameters; one that plays gets notes or a sound, values from 0 to 1 by name, and
writes what comes out of it, from the first frame on: how late it comes by its own word is taken out.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import UserError
from hardcore.project.plugin import MOST_PARAMETERS, Plugin, PluginParameter, plugin_id
from hardcore.project.pluginsound import RATE
from hardcore.workers.context import Context, Words
from hardcore.workers.worker import Kind

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

# Sampled instruments are large; what leaks is stopped.
HOSTING = Kind("the plug-in", "hardcore.jobs.pluginhost", memory=8 << 30)
_BLOCK = 512
# Frameworks that turn MIDI controllers into parameters have 16 channels of 130 of them.
_CONTROLLER = re.compile(r"MIDI (Ch\.|Channel|CC)\b|\bCC ?#?\d+$|^P?Channel \d+ CC", re.IGNORECASE)
# Values of parameters at which its own words are looked at: a straight line through them is a range.
_LOOKED_AT = (0.0, 0.25, 0.5, 0.75, 1.0)
_NUMBER = re.compile(r"\s*([-+−]?\d+(?:[.,]\d+)?)\s*([^\d\s]{0,12})?\s*$")


def describe(context: Context, path: str) -> Words:
    """Return a plug-in as data (project/plugin.py). Raises UserError where it is none that can be used."""
    from hardcore.jobs.vst3factory import described

    said = described(Path(path))
    _, processor = _loaded(Path(path))
    inputs, outputs = processor.get_num_input_channels(), processor.get_num_output_channels()
    if not outputs:
        raise UserError("it makes no sound: it has no outputs")
    name = said.name if said is not None and said.name else Path(path).stem
    plays = "Instrument" in said.words if said is not None and said.words else inputs == 0
    made = Plugin(
        id=plugin_id(name), name=name[:80], vendor=(said.vendor if said else "")[:80],
        version=(said.version if said else "")[:40], digest=_digest(Path(path)),
        kind="instrument" if plays or not inputs else "effect", inputs=inputs, outputs=outputs,
        latency_frames=max(0, processor.get_latency_samples()), parameters=tuple(_parameters(processor)),
    )  # fmt: skip
    return made.model_dump(mode="json")


def process(
    context: Context, path: str, notes: Sequence[tuple[int, int, int, int]], sound: str | None, frames: int,
    values: Mapping[str, float], moves: Mapping[str, Sequence[tuple[int, float]]], to: str,
) -> Words:  # fmt: skip
    """Write what a plug-in makes of notes or of a sound, `frames` of it, as raw float32 [2, frames] at 48 kHz.

    notes   each as (frame, length in frames, pitch, velocity)
    sound   a file of such raw sound that goes in, for an effect
    values  of parameters from 0 to 1, by the plug-in's own names
    moves   values from frame to frame, of those that are automated
    """
    import numpy as np

    given = None if sound is None else np.fromfile(sound, np.float32).reshape(2, -1)
    engine, processor = _loaded(Path(path))
    late = max(0, processor.get_latency_samples())
    total = frames + late
    _set(processor, values, moves, total)
    if given is None:
        for frame, length, pitch, velocity in notes:
            processor.add_midi_note(pitch, velocity, frame / RATE, length / RATE)
        made = _rendered(engine, processor, None, total)
    else:
        made = _through(engine, processor, given, total)
    out = np.nan_to_num(made[:, late : late + frames], nan=0.0, posinf=0.0, neginf=0.0)
    out = np.repeat(out, 2, axis=0) if out.shape[0] == 1 else out[:2]
    np.ascontiguousarray(out, np.float32).tofile(to)
    return {"latency": late}


def _loaded(path: Path) -> tuple[Any, Any]:
    """Return an engine and a plug-in in it. Raises UserError."""
    try:
        import dawdreamer
    except ImportError as error:
        raise UserError("plug-ins need the extra 'plugins'", "pip install 'hardcore[plugins]'") from error
    engine = dawdreamer.RenderEngine(RATE, _BLOCK)
    try:
        return engine, engine.make_plugin_processor("plugin", str(path))
    except Exception as error:  # whatever the host makes of a file that is none
        raise UserError(f"it cannot be loaded: {' '.join(str(error).split())[:200]}") from error


def _through(engine: Any, processor: Any, given: "Audio", total: int) -> "Audio":
    """Return a sound of two channels through an effect: through one of a single channel each by itself."""
    import numpy as np

    padded = np.zeros((2, total), np.float32)
    padded[:, : given.shape[1]] = given[:, :total]
    inputs = processor.get_num_input_channels()
    if inputs == 1:
        return np.concatenate([_rendered(engine, processor, one[None], total)[:1] for one in padded])
    # a side-chain hears nothing
    fed = np.concatenate([padded, np.zeros((inputs - 2, total), np.float32)]) if inputs > 2 else padded
    return _rendered(engine, processor, fed, total)


def _rendered(engine: Any, processor: Any, given: "Audio | None", total: int) -> "Audio":
    """Return what comes out of a plug-in, [channels, frames]."""
    import numpy as np

    if given is None:
        engine.load_graph([(processor, [])])
    else:
        engine.load_graph([(engine.make_playback_processor("given", given), []), (processor, ["given"])])
    engine.render((total + _BLOCK) / RATE)
    return np.array(engine.get_audio()[:, :total], np.float32)


def _set(
    processor: Any, values: Mapping[str, float], moves: Mapping[str, Sequence[tuple[int, float]]], total: int
) -> None:
    """Set a plug-in's parameters; what it has under no such name any more is left out."""
    import numpy as np

    places = {name: index for name, index, _ in _named(processor)}
    for name, index in places.items():
        if name in values:
            processor.set_parameter(index, values[name])
    for name, steps in moves.items():
        if name in places and steps:
            line = np.full(total, steps[0][1], np.float32)
            for frame, value in steps:
                line[frame:] = value
            processor.set_automation(places[name], line)


def _named(processor: Any) -> list[tuple[str, int, Mapping[str, Any]]]:
    """Return the parameters that are a person's to set, as name, place and what is said; equal names are numbered."""
    counts: Counter[str] = Counter()
    found = []
    for said in processor.get_parameters_description():
        name = " ".join(str(said["name"]).split())
        is_fixed = said["numSteps"] < 2 or said["min"] == said["max"]
        if not name or is_fixed or not said["isAutomatable"] or _CONTROLLER.search(name):
            continue
        counts[name] += 1
        called = name if counts[name] == 1 else f"{name} {counts[name]}"
        found.append((called[:80], int(said["index"]), said))
    return found[:MOST_PARAMETERS]


def _parameters(processor: Any) -> list[PluginParameter]:
    ids: Counter[str] = Counter()
    found = []
    for name, index, said in _named(processor):
        base = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "parameter"
        ids[base] += 1
        own = base if ids[base] == 1 else f"{base}_{ids[base]}"
        unit = str(said["label"]).strip()
        low, high, read = _range(processor, index)
        least, most = (f"{said[end]} {unit}".strip()[:40] for end in ("min", "max"))
        # the host has single precision
        default = min(max(float(f"{low + float(said['defaultValue']) * (high - low):.5g}"), low), high)
        shown = {"low": low, "high": high, "default": default, "unit": (unit or read)[:20]}
        found.append(PluginParameter(id=own[:80], name=name, least=least, most=most, **shown))
    return found


def _range(processor: Any, index: int) -> tuple[float, float, str]:
    """Return the range of a parameter in the numbers that it shows, and their unit; 0 to 1 where there is no line."""
    before = processor.get_parameter(index)
    shown = []
    for value in _LOOKED_AT:
        processor.set_parameter(index, value)
        shown.append(_NUMBER.match(processor.get_parameter_text(index)))
    processor.set_parameter(index, before)
    if any(one is None for one in shown):
        return 0.0, 1.0, ""
    numbers = [float(one[1].replace(",", ".").replace("−", "-")) for one in shown if one is not None]
    low, high = numbers[0], numbers[-1]
    straight = all(
        abs(low + value * (high - low) - number) <= 0.005 * abs(high - low)
        for value, number in zip(_LOOKED_AT, numbers, strict=True)
    )
    first = shown[0]
    return (low, high, (first[2] or "") if first is not None else "") if straight and low < high else (0.0, 1.0, "")


def _digest(path: Path) -> str:
    """Return the digest of the file that runs."""
    from hashlib import blake2b

    from hardcore.jobs.vst3factory import binary_of

    digest = blake2b(digest_size=8)
    with (binary_of(path) or path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
