"""Sounds that plug-ins make: rendered clip by clip in a process that may be lost, and kept by what they are made from.

    failures = await make(missing(project), project, folder, progress, play)

What comes before the first plug-in is our engine's, as for freezing; what rings past a clip's end is laid over its
beginning. A plug-in that ends its process, or hangs, costs its own track's sounds only.
"""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hardcore.errors import HardcoreError, UserError
from hardcore.jobs.artifactsound import keep_sound
from hardcore.jobs.pluginhost import HOSTING
from hardcore.jobs.request import Progress
from hardcore.jobs.soundfiles import playable
from hardcore.jobs.trim import wrapped
from hardcore.project import artifacts, pluginlist
from hardcore.project.events import Span, controls, events
from hardcore.project.freezing import bare
from hardcore.project.mixer import Effect, Instrument, Mixer
from hardcore.project.plugin import TAIL_S, Plugin
from hardcore.project.pluginsound import KIND, RATE, Material, steady
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing
from hardcore.project.track import Track
from hardcore.settings import load_settings
from hardcore.workers.worker import Worker

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

# Frames of a loop's beginning that follow its end: a pass may be a frame longer than another.
_SEAM = 8
# How our engine plays a track of a project, alone, as a loop: [2, frames] at `RATE`. Scratch goes to the folder.
Play = Callable[[ProjectState, tuple[Playing, ...], Track, Path], Awaitable["Audio"]]


class Failure(NamedTuple):
    """Why a track's sounds could not be made."""

    track_id: str
    line: str


async def make(
    wanted: Sequence[Material], project: ProjectState, folder: Path, progress: Progress, play: Play
) -> list[Failure]:
    """Make sounds and keep them, ready for the engine; return for which tracks that failed."""
    if not wanted:
        return []
    longest_s = max(one.frames() / RATE for one in wanted) + TAIL_S
    kind = replace(HOSTING, patience_s=load_settings().plugins.patience_s + longest_s)
    failed: dict[str, Failure] = {}
    folder.mkdir(parents=True, exist_ok=True)
    async with Worker(kind) as worker:
        for place, one in enumerate(wanted):
            progress(place / len(wanted), f"rendering {one.part.name}")
            if one.part.id in failed or one.made is not None:
                continue
            try:
                await _Making(worker, one, project, folder, play).keep()
            except HardcoreError as error:
                failed[one.part.id] = Failure(one.part.id, f"{one.part.name}: {error.line()}")
    return list(failed.values())


_numbers = itertools.count()


class _Making:
    """One sound being made."""

    def __init__(self, worker: Worker, one: Material, project: ProjectState, folder: Path, play: Play) -> None:
        self._worker, self._one, self._folder, self._play = worker, one, folder, play
        self._project = _alone(project, one)
        self._length = one.clip.length_ticks
        self._playing = (Playing(one.part.id, one.clip, 0, self._length),)
        self._frames = one.frames()

    async def keep(self) -> None:
        """Make the sound and keep it."""
        import numpy as np

        part = self._one.part
        loop = await self._loop(part)
        seamless = np.concatenate([loop, loop[:, :_SEAM]], axis=1)
        name = f"{part.name} {self._one.clip.name}"
        known = keep_sound(seamless, RATE, name=name, kind=KIND, recipe=self._one.recipe, again=True)
        playable(artifacts.recording_of(known.sound), artifacts.path_of(known.sha256))

    async def _loop(self, part: Track) -> "Audio":
        """Return what a track sounds like after the last of its effects, with what rings on over the beginning."""
        last = part.effects[-1] if part.effects else None
        if last is None and part.instrument is not None and part.instrument.plugin is not None:
            return await self._played(part, part.instrument.plugin, part.instrument, None)
        if last is not None and last.plugin is not None:
            dry = await self._loop(part.evolve(effects=part.effects[:-1]))
            return await self._played(part, last.plugin, last, dry)
        alone = self._project.with_track(part.id, lambda track: track.evolve(effects=part.effects))
        return await self._play(alone, self._playing, part, self._folder / f"{next(_numbers)}")

    async def _played(self, part: Track, plugin: Plugin, thing: Instrument | Effect, dry: "Audio | None") -> "Audio":
        """Return what a plug-in makes of the clip's notes, or of a sound."""
        import numpy as np

        path = pluginlist.file_of(plugin)
        if path is None:
            raise UserError(f"{plugin.id} is not on this machine", "plugins scan")
        given, made = (self._folder / f"{next(_numbers)}-{end}.raw" for end in ("in", "out"))
        if dry is not None:
            dry.astype(np.float32).tofile(given)
        known = {one.id: one for one in plugin.parameters}
        await self._worker.ask(
            "process", path=str(path), notes=self._notes() if dry is None else [],
            sound=str(given) if dry is not None else None, frames=self._frames + round(TAIL_S * RATE), to=str(made),
            values={known[name].name: known[name].share(value) for name, value in thing.settings.items()},
            moves=self._moves(part.id if isinstance(thing, Instrument) else thing.id, plugin),
        )  # fmt: skip
        sound = np.fromfile(made, np.float32).reshape(2, -1)
        given.unlink(missing_ok=True)
        made.unlink()
        return wrapped(sound, self._frames)

    def _frame(self, tick: int) -> int:
        return self._project.tempo_map.frames(tick, RATE)

    def _notes(self) -> list[tuple[int, int, int, int]]:
        found = events(self._project, self._playing, Span(0, self._length))
        spans = ((note, self._frame(note.tick), self._frame(note.tick + note.length_ticks)) for note in found)
        return [(start, max(1, end - start), note.pitch, note.velocity) for note, start, end in spans]

    def _moves(self, owner: str, plugin: Plugin) -> dict[str, list[tuple[int, float]]]:
        """Return how the parameters of a plug-in move, as it takes them."""
        known, found = {one.id: one for one in plugin.parameters}, dict[str, list[tuple[int, float]]]()
        for move in controls(self._project, self._playing, Span(0, self._length)):
            if move.owner == owner and move.parameter in known:
                one = known[move.parameter]
                found.setdefault(one.name, []).append((self._frame(move.tick), one.share(move.value)))
        return found


def _alone(project: ProjectState, one: Material) -> ProjectState:
    """Return the project with only the one clip sounding, at a steady tempo, on the track as it is made into audio."""
    own = one.part.evolve(clips=(one.clip,), placements=(), automation=())
    tracks = tuple(
        own
        if track.id == own.id
        else track.evolve(
            clips=(),
            placements=(),
            effects=(),
            automation=(),
            sends=(),
            frozen=None,
            mixer=Mixer(),
            instrument=Instrument(device="epiano") if track.instrument is not None else None,
        )
        for track in project.tracks
    )
    scenes = tuple(scene.evolve(slots={}) for scene in project.scenes)
    changed = project.evolve(tracks=tracks, scenes=scenes, tempo_map=steady(one.bpm))
    return bare(changed, own.id)
