"""Exploring: variations of a rhythm are heard at once, one is kept. Keys, lines and agents use the same commands."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited
from hardcore.commands.core.types import Bars, NewName, RandomSeed, RhythmRef, Share
from hardcore.commands.performance.playing import asked
from hardcore.commands.rhythm.explorer import LAYER, NEAREST, STEP, Explorer, Variation
from hardcore.commands.rhythm.kit import drum_kit
from hardcore.commands.rhythm.seed import keep_seed
from hardcore.commands.rhythm.session import fitting, refuse_beside_session
from hardcore.errors import UserError
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState


@command(
    "rhythm explore",
    "rhythm explore warehouse --distance 30",
    effects=(),
    where={"rhythm": {"player"}},
    about={"bars": "how many bars a variation has", "distance": "how far it is from the rhythm, 0 to 100 %"},
)
async def rhythm_explore(
    call: Call,
    rhythm: RhythmRef | None = None,
    *,
    bars: Bars = 4,
    distance: Share = 25,
    seed: RandomSeed | None = None,
) -> Variation:
    """Try variations of a rhythm: each is heard at once in place of the drums that play; or show the one that is heard.

    `rhythm explore next` and `back` go from one to another, `near` and `far` change how much is varied, `keep` makes it
    a step, `leave` brings back what was. Until then the project stays as it is.
    """
    if rhythm is None:
        return explorer_of(call).view()
    await asked(call, lambda player: player.state())
    player, studio = call.player, call.studio
    refuse_beside_session(call)
    found = fitting(call, rhythm)
    if (before := studio.recall(Explorer)) is not None:
        before.leave(call.controller.hearing, player)
    found = found.evolve(bpm=call.project.tempo_map.bpm)
    title, scene = found.name or rhythm, _scene_that_plays(call.project, player.state())
    kit = drum_kit(call.controller, found, title, bars * found.bar_ticks, scene)
    tried = Explorer(
        found,
        title,
        kit,
        bars,
        found.seed if seed is None else seed,
        studio.version,
        distance=max(NEAREST, round(distance)),
    )
    studio.keep(tried)
    tried.begin(call.controller.hearing, player)
    return tried.view()


def _scene_that_plays(project: ProjectState, state: Playback) -> str | None:
    """Return the scene most clips that play lie in, None while nothing plays."""
    playing = {(track, launched.clip) for track, launched in state.clips.items()} if state.playing else set()
    counts = {scene.id: len(playing & set(scene.slots.items())) for scene in project.scenes}
    best = max(counts, key=lambda scene: counts[scene])
    return best if counts[best] else None


def explorer_of(call: Call) -> Explorer:
    """Return what is being tried. Raises UserError where nothing is."""
    explorer = call.studio.recall(Explorer)
    if explorer is not None and not call.controller.hearing.has(LAYER):
        call.studio.forget(Explorer)  # another project was opened
        explorer = None
    if explorer is None:
        raise UserError("no variations are being tried", "rhythm explore warehouse")
    return explorer


def _heard(call: Call, explorer: Explorer) -> Variation:
    explorer.hear(call.controller.hearing)
    return explorer.view()


@command("rhythm explore next", "rhythm explore next", effects={"player"})
def rhythm_explore_next(call: Call) -> Variation:
    """Hear the next variation."""
    explorer = explorer_of(call)
    explorer.move(1)
    return _heard(call, explorer)


@command("rhythm explore back", "rhythm explore back", effects={"player"})
def rhythm_explore_back(call: Call) -> Variation:
    """Hear the variation before; the first is the rhythm as it is."""
    explorer = explorer_of(call)
    explorer.move(-1)
    return _heard(call, explorer)


@command("rhythm explore near", "rhythm explore near", effects={"player"})
def rhythm_explore_near(call: Call) -> Variation:
    """Hear the same variation nearer to the rhythm: 10 percent less is varied, down to 5."""
    explorer = explorer_of(call)
    explorer.widen(-STEP)
    return _heard(call, explorer)


@command("rhythm explore far", "rhythm explore far", effects={"player"})
def rhythm_explore_far(call: Call) -> Variation:
    """Hear the same variation farther from the rhythm: 10 percent more is varied, up to 100."""
    explorer = explorer_of(call)
    explorer.widen(STEP)
    return _heard(call, explorer)


@command(
    "rhythm explore keep",
    "rhythm explore keep",
    effects={"project", "player"},
    where={"name": {"settings"}},
    about={"name": "what it is called as a rhythm seed"},
)
def rhythm_explore_keep(call: Call, name: NewName | None = None) -> Edited:
    """Keep what is heard in the clips it is heard in, as one step; with a name as a rhythm seed of your library too."""
    explorer = explorer_of(call)
    kept: tuple[str, ...] = ()
    if name:
        rhythm = explorer.tried.rhythm.evolve(seed=explorer.seed, bars=explorer.bars)
        kept = (keep_seed(call, name, rhythm, (explorer.title,), (), "").message,)
    call.edit(explorer.kit.on)
    call.controller.hearing.lift(LAYER)
    call.studio.forget(Explorer)
    what = f"variation {explorer.number} at {explorer.distance} %" if explorer.number else "it as it is"
    scene = call.project.find_scene(explorer.kit.scene.id)
    return Edited(message=f"{explorer.title}: kept {what} in scene {scene.name}", details=kept)


@command("rhythm explore leave", "rhythm explore leave", effects={"player"})
def rhythm_explore_leave(call: Call) -> Done:
    """Leave the variations: everything is heard as it was before, and there is no step."""
    explorer = explorer_of(call)
    call.studio.forget(Explorer)
    explorer.leave(call.controller.hearing, call.player)
    return Done(message=f"left the variations of {explorer.title}")
