"""Recording sound: an input of the engine into an audio clip that begins on the bar."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.types import Flag, Kind, SceneRef, Where
from hardcore.commands.exchange.importing import taken_in
from hardcore.commands.performance.noterecording import PUNCH, PreRoll, RecordBars, Recording, punched_in
from hardcore.commands.performance.playing import asked, ready
from hardcore.commands.performance.transport import CountIn
from hardcore.controller.events import Notified, acting
from hardcore.controller.playingports import SoundTake
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, UserError
from hardcore.filenames import safe_name
from hardcore.paths import user_folder
from hardcore.project.artifact import Artifact
from hardcore.project.audioclips import Heard, Place, find_audio_track, import_recording
from hardcore.project.playback import next_on_grid
from hardcore.project.state import ProjectState

AudioTrackName = Annotated[
    str, Field(min_length=1, max_length=200), Kind("track", "an audio track, or the name of a new one")
]
InputChannel = Annotated[int, Field(ge=1, le=16), Kind("input", "the first channel of the sound device, from 1")]


class SoundRecorder:
    """A recording of sound that goes on, in the loop in which it was made; it puts the clip where it belongs.

    place   the track and the scene that it comes to
    bars    how many it holds, None: as many as it has when it is stopped
    """

    def __init__(self, studio: Studio, place: Place, start_ticks: int, bars: int | None, path: Path) -> None:
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self._place, self._start, self._bars, self.path = place, start_ticks, bars, path
        self.take: SoundTake | None = None
        self.ended: asyncio.Future[str] = self._loop.create_future()
        self._task: asyncio.Task[None] | None = None

    def done(self, why: str) -> None:
        """Take in, from whatever thread, that the file is whole, and why it ended early."""
        self._loop.call_soon_threadsafe(self._whole, why)

    async def stop(self) -> str:
        """End it, and return in words what became of it."""
        if self._task is None:
            self._loop = asyncio.get_running_loop()
            self.ended = self._loop.create_future()
        assert self.take is not None
        self.take.stop()
        return await asyncio.shield(self.ended)

    def close(self) -> None:
        """End it; what was recorded stays in its file."""
        if self.take is not None:
            self.take.close()
        if self._task is not None:
            self._task.cancel()

    def _whole(self, why: str) -> None:
        self._task = self._loop.create_task(self._keep(why))

    async def _keep(self, why: str) -> None:
        """Put what was recorded into the project, as one step; say how that went."""
        call = Call(self._studio, Caller(permissions=frozenset(("project", "player", "files"))), "record sound")
        try:
            known, _ = await taken_in(call, self.path)
            with acting(call.caller.author, call.caller.cause):
                words = self._put(call, known)
                call.ran("record sound", frozenset(("project",)))
            self.path.unlink(missing_ok=True)  # the artifact has it
        except HardcoreError as error:
            words = f"{error.line()}; {self.path} has what was recorded"
        if self._studio.recall(SoundRecorder) is self:
            self._studio.forget(SoundRecorder)
        said = f"{words}; it ended early: {why}" if why else words
        self._studio.controller.events.tell(Notified(message=said, author="recorder"))
        if not self.ended.done():
            self.ended.set_result(said)

    def _put(self, call: Call, known: Artifact) -> str:
        assert self.take is not None
        begun, settings = self.take.begun, self._studio.settings.engine
        first = round(begun.sample - begun.first + settings.latency_ms / 1000 * begun.rate)
        frames = known.sound.frames - first
        if self._bars is not None and begun.end is not None:
            frames = min(frames, round(begun.end - begun.sample))
        if frames <= 0:
            raise UserError("nothing was recorded: it was stopped before its bar came")
        bpm = call.project.tempo_map.at(self._start)

        def change(project: ProjectState) -> ProjectState:
            return import_recording(project, known, Heard(bpm=bpm), self._place, first, frames)

        new = call.edit(change)
        track = new.find_track(self._place.track or "")
        clip = track.clips[-1]
        bars = f"{clip.length_ticks / new.meter_map.bar_ticks():g} bars"
        return f"recorded {frames / begun.rate:.2f} s on {track.name}: {bars}"


@command(
    "record sound",
    "record sound voice --bars 4",
    effects={"project", "player", "files"},
    about={
        "track": "the audio track; one of that name is made if there is none",
        "bars": "how many bars; without it, until record sound stop",
        "mono": "one channel; else two, from --channel on",
        **PUNCH,
    },
)
async def record_sound(
    call: Call,
    track: AudioTrackName,
    scene: SceneRef | None = None,
    *,
    bars: RecordBars | None = None,
    channel: InputChannel = 1,
    mono: Flag = False,
    count_in: CountIn = 0,
    at: Where | None = None,
    pre_roll: PreRoll = 1,
) -> Recording:
    """Record what the sound device hears into an audio clip, from the next bar on; where nothing plays, it begins to.

    The engine needs inputs: `config engine.inputs 2`. Until it is in the project it is a file in the folder `recorded`
    of the user's data, which can be read at any moment, also after a crash. `engine.latency_ms` moves it back by what
    it takes from what is played to its recording. It is one step; the clip follows the tempo. --at 5 punches in at
    bar 5 of the song, and after --bars out; it comes into the arrangement there, over what is there.
    """
    settings = call.studio.settings.engine
    if channel + (not mono) > settings.inputs:
        raise UserError(f"the engine has {counted(settings.inputs, 'input')}", "/config engine.inputs 2")
    if call.studio.recall(SoundRecorder) is not None:
        raise UserError("sound is being recorded already", "record sound stop")
    project = call.project
    known = find_audio_track(project, track)
    row = None if scene is None else project.find_scene(scene).id
    await ready(call)
    if at is not None:
        start = tick = await punched_in(call, at, pre_roll, count_in)
    else:
        start, tick = await _begun(call, count_in), None
    end = None if bars is None else project.meter_map.bar_start(project.meter_map.bar_of(start) + bars)
    folder = user_folder() / "recorded"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{time.strftime('%Y-%m-%d %H.%M.%S')} {safe_name(track)} {time.monotonic_ns() % 10**6:06d}.wav"
    recorder = SoundRecorder(call.studio, Place(known.name if known else track, row, tick), start, bars, path)
    source, extra_s = (channel, 1 if mono else 2), settings.latency_ms / 1000
    recorder.take = await asked(call, lambda player: player.record(path, (start, end), source, recorder.done, extra_s))
    call.studio.keep(recorder)
    how = counted(bars, "bar") if bars is not None else "until record sound stop"
    words = f"{track} records from {project.meter_map.place(start)}, {how}"
    return Recording(message=words, track=known.id if known else "", scene=row, start_ticks=start, end_ticks=end)


@command("record sound stop", "record sound stop", effects={"project", "player", "files"})
async def record_sound_stop(call: Call) -> Done:
    """Stop recording sound, and keep what was recorded."""
    recorder = call.studio.recall(SoundRecorder)
    if recorder is None:
        raise UserError("no sound is recorded", "record sound voice begins")
    return Done(message=await recorder.stop())


async def _begun(call: Call, count_in: int) -> int:
    """Let the music play where it does not yet; return the tick at which the recording begins."""
    before = call.player.latest()
    if not before.playing:
        await asked(call, lambda player: player.play(None, count_in=count_in))
        return call.player.latest().start_tick
    return next_on_grid(call.project.meter_map, _soon(call), "1")


def _soon(call: Call) -> float:
    """Return the tick where the music will be in a moment: what is asked for now can begin there."""
    return call.player.latest().tick_at(call.project, time.monotonic() + 0.2)
