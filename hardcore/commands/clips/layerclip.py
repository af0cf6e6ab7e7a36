"""Clips of a layer: `clip bass walking` fills a cell of the grid from the piece that stands."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from hardcore.commands.composing.layersound import begin_layer
from hardcore.commands.composing.soundjob import COMMERCIAL, Generating
from hardcore.commands.composing.soundmodels import SoundModelName
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind, text_as
from hardcore.commands.core.registry import command, registry
from hardcore.commands.core.results import Edited, Row, align, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Flag, RandomSeed, SceneRef, Words
from hardcore.errors import UserError, nearest
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.compose.edits.layerclips import LayerWish
    from hardcore.compose.intent import Intent

NAME = "clip"
# The layers of `knowledge/planning.py`: their names are reserved among the verbs of `clip`.
LAYERS = ("rhythm", "bass", "harmony", "lead", "textures", "vocals")
CLIP_BARS = 4


def _layer(text: str) -> str:
    if text.casefold() in LAYERS:
        return text.casefold()
    verbs = [name.split()[1] for name in registry() if name.startswith(f"{NAME} ")]
    raise UserError(f"'{text[:40]}' is no layer, and clip has no such verb", nearest(text, (*LAYERS, *verbs)))


LayerName = Annotated[
    str,
    text_as(_layer),
    Field(max_length=40),
    Kind("layer", f"one of {', '.join(LAYERS)}", lambda project, before: map(Choice, LAYERS)),
]
ClipBars = Annotated[int, Field(ge=1, le=64), Kind("bars", "1 to 64 bars")]


class CellFilled(Row):
    """A cell of the grid that was filled: its track and clip, and how many notes it has."""

    track: str
    clip: str
    id: str
    notes: int


class ClipsMade(Edited):
    """Clips of a layer that were made, and the scene that they are in."""

    layer: str
    scene: str
    bars: int
    seed: int
    cells: tuple[CellFilled, ...]
    ignored: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what was made, a line a cell."""
        rows = align([(f"  {one.clip}", counted(one.notes, "note")) for one in self.cells])
        left = [f"not understood: {', '.join(self.ignored)}"] if self.ignored else []
        return "\n".join([self.message, *rows, *left])


@command(
    NAME,
    "clip bass walking --seed 4",
    about={
        "layer": f"which layer: {', '.join(LAYERS)}",
        "words": "how it plays, or which of its instruments: walking, busy hats, rhodes",
        "bars": "how long it is, in bars",
        "model": "a model of sound, which makes an audio clip in the background",
        "commercial": COMMERCIAL,
    },
    where={"model": {"jobs", "files"}},
)
def clip(
    call: Call,
    layer: LayerName,
    words: Words = "",
    *,
    bars: ClipBars = CLIP_BARS,
    scene: SceneRef | None = None,
    seed: RandomSeed | None = None,
    model: SoundModelName | None = None,
    commercial: Flag = False,
) -> ClipsMade | Generating:
    """Make clips of a layer for the piece that stands: its tempo, key, chords and theme, as the words say.

    The layers are rhythm, bass, harmony, lead, textures and vocals. They fill the first scene, or --scene, in which
    these tracks have no clip yet; where all have, a new one. A part that the piece lacks is added, in that scene alone.
    With --model a model of sound makes it: its cell is queued, says how far it is, and has the clip when it is there.
    """
    from hardcore.compose.edits.layerclips import Filled, fill

    used = fresh_seed() if seed is None else seed
    if model is not None:
        return begin_layer(call, layer, words, bars, scene, model=model, seed=used, commercial=commercial)
    wish, ignored = read_wish(layer, words, bars, used)
    row = call.project.find_scene(scene).id if scene is not None else None
    made: list[Filled] = []

    def change(project: ProjectState) -> ProjectState:
        made.append(fill(project, wish, row))
        return made[-1].project

    new = call.edit(change)
    name = new.find_scene(made[-1].scene).name
    cells = tuple(_cell(new, track, clip_id) for track, clip_id in made[-1].clips.items())
    said = f"{layer} in scene {name}: {counted(bars, 'bar')}, seed {used}; /launch {name} plays it"
    return ClipsMade(message=said, layer=layer, scene=name, bars=bars, seed=used, cells=cells, ignored=ignored)


def _cell(project: ProjectState, track_id: str, clip_id: str) -> CellFilled:
    track, found = project.find_clip(clip_id)
    return CellFilled(track=track.name, clip=found.name, id=clip_id, notes=len(found.notes))


def read_wish(layer: Any, words: str, bars: int, seed: int) -> "tuple[LayerWish, tuple[str, ...]]":
    """Return what clips of a layer words ask for, and those that say nothing of it. Raises UserError."""
    from hardcore.compose.edits.layerclips import LayerWish
    from hardcore.knowledge.planning import planning

    known = planning().layers[layer]
    if not words.strip():
        return LayerWish(layer, bars, seed), ()
    intent = _read(words)
    named = [role for role in (*intent.only, *intent.include, *intent.devices) if role in known.roles] if intent else []
    if not named:  # adjectives are of the layer's own word
        intent = _read(f"{words} {known.word}")
    traits = {role: said for role, said in intent.traits.items() if role in known.roles} if intent else {}
    devices = {role: device for role, device in intent.devices.items() if role in known.roles} if intent else {}
    ignored = intent.ignored if intent else (words,)
    return LayerWish(layer, bars, seed, tuple(dict.fromkeys(named)), devices, traits), ignored


def _read(words: str) -> "Intent | None":
    from hardcore.language.prompt.understand import understand

    try:
        return understand(words)
    except UserError:
        return None
