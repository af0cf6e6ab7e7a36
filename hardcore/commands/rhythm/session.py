"""Drum sessions while it plays: start one, ask how it fares, tell it to change, keep what was heard, stop it."""

from typing import TYPE_CHECKING, Self

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, Result, align, counted
from hardcore.commands.core.types import Bars, ManyBars, NewName, RandomSeed, RhythmRef, Words
from hardcore.commands.performance.playing import asked
from hardcore.commands.rhythm.explorer import Explorer
from hardcore.commands.rhythm.kit import drum_kit
from hardcore.commands.rhythm.live import KEPT, LAYER, RECENT, RhythmSession, in_a_row
from hardcore.commands.rhythm.show import source
from hardcore.errors import UserError

if TYPE_CHECKING:
    from hardcore.rhythm.bands import Band
    from hardcore.rhythm.config import Rhythm


class SessionFigure(Result):
    """One figure of the session: of the last bar, the mean of the last bars, its band, and how it lies in it."""

    name: str
    now: float
    mean: float
    low: float | None = None
    high: float | None = None
    near: float

    @classmethod
    def of(cls, band: "Band", values: list[float]) -> Self:
        """Return the figure whose values of the last bars, the newest last, are given beside its band."""
        mean = sum(values) / len(values)
        return cls(name=band.figure, now=values[-1], mean=mean, low=band.low, high=band.high, near=band.near)

    def row(self) -> tuple[str, ...]:
        """Return it as a line of a table."""
        from hardcore.rhythm.bands import Band

        band = Band(self.name, self.low, self.high, self.near)
        return self.name, f"{self.now:.3g}", f"{self.mean:.3g}", band.text, band.verdict(self.mean)


class SessionView(Result):
    """A session: where it is, what its figures are like, and where it was rescued."""

    rhythm: str
    scene: str
    bar: int
    bars: int | None
    state: str
    seed: int
    figures: tuple[SessionFigure, ...]
    rescues: tuple[int, ...]
    words: tuple[str, ...]

    def text(self) -> str:
        """Return where it is, then the figures, then what was told and rescued."""
        of = f" of {self.bars}" if self.bars else ""
        lines = [f"{self.rhythm} in scene {self.scene}: bar {self.bar}{of}, {self.state}, seed {self.seed}"]
        lines += align([("", "now", "mean", "target", ""), *(figure.row() for figure in self.figures)])
        where = f": bar {', '.join(map(str, self.rescues[-8:]))}" if self.rescues else ""
        lines.append(f"{counted(len(self.rescues), 'rescue')}{where}")
        return "\n".join([*lines, *(f"told: {words}" for words in self.words[-3:])])


@command(
    "rhythm session",
    "rhythm session warehouse --seed 3",
    effects=(),
    where={"rhythm": {"project", "player"}},
    about={"bars": "after how many bars it ends"},
)
async def rhythm_session(
    call: Call, rhythm: RhythmRef | None = None, *, bars: ManyBars | None = None, seed: RandomSeed | None = None
) -> SessionView:
    """Play a rhythm that never repeats and steers itself while it plays, into a new scene; or say how it fares.

    A track a layer; the clips are refilled bar by bar ahead of what is heard, which makes no steps: one undo takes the
    session back. --bars ends it after so many; the last bars then go round. `rhythm session tell` changes it.
    """
    studio = call.studio
    if rhythm is None:
        return view(session_of(call))
    await asked(call, lambda player: player.state())
    player, project = call.player, call.project
    refuse_beside_session(call)
    if (tried := studio.recall(Explorer)) is not None:
        raise UserError(f"variations of {tried.title} are being tried", "rhythm explore keep, or leave")
    found = fitting(call, rhythm)
    from hardcore.rhythm.stream import Stream

    stream = Stream(found, seed=seed, bpm=project.tempo_map.bpm)
    if (before := studio.recall(RhythmSession)) is not None:
        before.stop()
    session = RhythmSession(stream, found.name or rhythm, studio.version, bars)
    kit = session.take(drum_kit(call.controller, found, session.title, session.size * found.bar_ticks))
    call.edit(kit.on)
    studio.keep(session)
    session.start(call.controller.hearing, player)
    player.launch({track: clip.id for track, clip in kit.parts.values()}, "1")
    return view(session)


def fitting(call: Call, name: str) -> "Rhythm":
    """Return the rhythm of a name or file, if it is in the project's meter. Raises UserError."""
    from hardcore.rhythm.session import metronome

    found, meter = source(call, name), call.project.meter_map.text
    if found.meter != meter:
        raise UserError(f"{name} is in {found.meter}, the project in {meter}", f"/meter {found.meter}")
    return metronome(found) if found.mode == "m0" else found


def refuse_beside_session(call: Call) -> None:
    """Raise UserError while a session goes on."""
    session = call.studio.recall(RhythmSession)
    if session is not None and session.running and session.is_on(call.controller.hearing):
        raise UserError(f"a session of {session.title} is going on", "rhythm session stop")


def session_of(call: Call, *, running: bool = False) -> RhythmSession:
    """Return the session. Raises UserError where there is none, or none that runs."""
    session = call.studio.recall(RhythmSession)
    if session is not None and session.trouble is not None:
        trouble, session.trouble = session.trouble, None
        raise trouble
    if session is None or (running and not (session.running and session.is_on(call.controller.hearing))):
        raise UserError("no session is going on", "rhythm session warehouse")
    return session


def view(session: RhythmSession) -> SessionView:
    """Return how a session fares: figures of the bars that were heard, at first of those that will be."""
    from hardcore.rhythm.bands import bands

    bar = session.bar + 1 if session.last is None else min(session.bar + 1, session.last)
    rows = [bar.figures for bar in session.heard(RECENT) or session.ring()]
    figures = [
        SessionFigure.of(band, values)
        for band in bands(session.stream.rhythm)
        if (values := [row[band.figure] for row in rows if band.figure in row])
    ]
    state = session.over or ("playing" if session.playing else "waiting to be heard")
    return SessionView(
        rhythm=session.title, scene=session.kit.scene.name, bar=bar, bars=session.last,
        state=state if session.running else session.over or "stopped", seed=session.stream.seed,
        figures=tuple(figures), rescues=tuple(number + 1 for number in session.rescues), words=tuple(session.words),
    )  # fmt: skip


@command(
    "rhythm session tell",
    'rhythm session tell "more swing, a bit denser"',
    effects={"project", "player"},
    about={"words": "such as more swing, fewer hats"},
)
def session_tell(call: Call, words: Words) -> Edited:
    """Change the session by words while it plays, from the next bar that is not made yet; `rhythm words` lists them.

    A layer that is new, or another tempo, is a step of the project.
    """
    from hardcore.rhythm.intents import tell

    session, player = session_of(call, running=True), call.player
    bpm = call.project.tempo_map.bpm
    before = session.stream.rhythm.evolve(bpm=bpm)
    told = tell(before, words)
    kit = drum_kit(
        call.controller, told.rhythm, session.title, session.size * session.bar_ticks, session.kit.scene.id, session.kit
    )
    first = session.tell(lambda stream: stream.become(told.rhythm, told.rhythm.bpm), words)
    with call.step():
        if kit.parts.keys() != session.kit.parts.keys():
            call.edit(kit.on)
        if told.rhythm.bpm != bpm:
            call.edit(lambda project: project.evolve(tempo_map=project.tempo_map.with_bpm(told.rhythm.bpm)))
    call.controller.hearing.replace(LAYER, session.take(kit).refreshed)
    new = {track: clip.id for layer, (track, clip) in kit.parts.items() if layer not in before.layers}
    if new:
        player.launch(new, "1")
    return Edited(message=f"from bar {first + 1}: {words}", details=(*told.changes, *told.limits))


@command(
    "rhythm session keep",
    "rhythm session keep drop --bars 8",
    effects={"project", "player"},
    about={"scene": "what the new scene is called", "bars": "how many of the last bars, up to 64"},
)
def session_keep(call: Call, scene: NewName | None = None, *, bars: Bars = 8) -> Edited:
    """Keep the last bars that were heard as clips of a new scene, up to 64 of them: one step; the session goes on.

    Before a bar is over, those that come are kept.
    """
    session = session_of(call)
    heard = session.heard(min(bars, KEPT)) or session.ring()[:bars]
    if scene and scene.casefold() in {known.name.casefold() for known in call.project.scenes}:
        raise UserError(f"there is already a scene named '{scene}'", "name another")
    # Where a bar stood is part of what it is: EVERY_N and its kin count bars.
    length = len(heard) * session.bar_ticks
    kit = drum_kit(call.controller, session.stream.rhythm, scene or f"{session.title} {heard[0].number + 1}", length)
    call.edit(kit.filled(in_a_row(heard, session.bar_ticks), session.about(len(heard), heard[0].number)).on)
    words = f"bars {heard[0].number + 1} to {heard[-1].number + 1}"
    return Edited(message=f"kept {words} of {session.title} in scene {kit.scene.name}")


@command("rhythm session stop", "rhythm session stop", effects={"project", "player"})
def session_stop(call: Call) -> Edited:
    """End the session: its last bars go round, and stay in its clips as a step; `launch stop` silences them."""
    session = session_of(call)
    session.stop()
    hearing, kit = call.controller.hearing, session.kit
    kept = session.is_on(hearing)
    if kept:
        call.edit(kit.refreshed)
    hearing.lift(LAYER)
    call.studio.forget(RhythmSession)
    after = f"bars {session.ring()[0].number + 1} to {session.made} go round in scene {kit.scene.name}"
    return Edited(message=f"the session of {session.title} is over: {after if kept else 'its clips are gone'}")
