"""Clips of a layer made by a model of sound: what it is told, and the cell they come into."""

from typing import Any

from hardcore.commands.composing.soundjob import Generating, Part, begin
from hardcore.commands.core.call import Call


def begin_layer(
    call: Call, layer: Any, words: str, bars: int, scene: str | None, *, model: str, seed: int, commercial: bool
) -> Generating:
    """Begin a clip of a layer by a model: from the words, the layer's own, and those of the piece that stands.

    It comes into a cell of an audio track of that layer and model. Raises what `begin` does.
    """
    from hardcore.compose.producer import source_of
    from hardcore.knowledge.planning import planning

    source = source_of(call.project)
    piece = f"for a piece of {source.prompt}" if source is not None else ""
    caption = ", ".join(filter(None, [words, f"{planning().layers[layer].word} alone", piece]))
    length_s = call.project.tempo_map.seconds(call.project.meter_map.bar_start(bars))
    part = Part(f"{layer} {words}"[:40].strip(), {"words": caption}, length_s, track=f"{layer} {model}", scene=scene)
    about = {"words": words or layer, "layer": layer, "bars": bars}
    return begin(call, [part], model=model, seed=seed, commercial=commercial, layer=about)
