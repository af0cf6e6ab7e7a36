"""The sequencer: what sounds at which sample. Pure: samples go in, timed requests come out; no clock, no engine.

Everything before the horizon has been handed out and stays as it was; an edit, a launch or a tempo takes effect from
the horizon on. `advance(sample)` moves the horizon and returns what lies between.
"""

from collections.abc import Callable, Iterable
from math import ceil

from hardcore.errors import UserError
from hardcore.music.ticks import MAX_TICKS
from hardcore.player.entryrequests import EntryRequests, Timed
from hardcore.player.epochs import Epoch, Epochs
from hardcore.player.metronome import Metronome
from hardcore.player.outnotes import OutNotes
from hardcore.player.scheduled import Arms
from hardcore.player.session import Session
from hardcore.player.sleep import Sleep
from hardcore.player.timebase import Course
from hardcore.player.voices import CLICK, CUT, MOVE, START, Agenda, Voices, all_off
from hardcore.project.automation import automated, static
from hardcore.project.events import ControlEvent, Span, controls, events
from hardcore.project.launching import launch_of
from hardcore.project.playback import Arm, Launched, LaunchedScene, Loop, Quantum, next_on_grid
from hardcore.project.regionevents import region_events
from hardcore.project.retiming import Retiming, retimed
from hardcore.project.rule import chance
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing

# Far beyond every project, in ticks.
FOREVER = 4 * MAX_TICKS
# The share of time by which music that is nudged goes faster or slower.
BEND = 0.05


class Sequencer:
    """A transport over one project. `horizon` is the sample up to which everything was handed out."""

    def __init__(self, project: ProjectState, rate: int, outputs: int) -> None:
        # The project as it was told, and as it goes since scenes have brought tempos and meters along.
        self._told = self.project = project
        self.retimings: tuple[Retiming, ...] = ()
        self.rate = rate
        self.session = Session(piece=(0, project.piece))
        self.course: Course | None = None
        # It was stopped where it stands, to go on from there.
        self.paused = False
        self._before: Course | None = None
        self.tick = 0
        self.start_tick = 0
        self.horizon = 0.0
        self.first_sample = 0.0
        # How many samples earlier the music is still to come.
        self._nudge = 0.0
        self.loop: Loop | None = None
        self.metronome = Metronome()
        self.quantum: Quantum = "1"
        # Where the song takes over from what was launched, and where in the song that is.
        self.song_at: tuple[int, int] | None = None
        self.arms = Arms()
        self.sleep = Sleep(rate)
        # The samples at which the sound that was made ready is heard; who plays it takes them out.
        self.auditions: list[float] = []
        self._epochs = Epochs()
        self._heard_from = 0
        self._agenda = Agenda()
        self._voices = Voices(self._agenda, outputs)
        self._out = OutNotes(self._agenda)
        self._requests = EntryRequests(rate, self._agenda, self._voices, self._out, self.sleep, self.metronome)
        self._values: dict[tuple[str, str], float] = {}
        # Tracks whose audio is to go on in its middle: time began here, jumped, or what they play was edited.
        self._resumed: set[str] = set()

    @property
    def playing(self) -> bool:
        """Return whether time runs."""
        return self.course is not None

    def position(self, sample: float) -> float:
        """Return the tick that sounds at a sample, or where the transport stands."""
        if self.course is None:
            return self.tick
        if sample >= self.course.sample:
            return self.course.tick_at(sample)
        # The course begins at the horizon: until then the music follows the one before it.
        return self._before.tick_at(sample) if self._before else self.course.tick

    def epoch(self, sample: float) -> Epoch:
        """Return the epoch that sounds at a sample; of music that stands the last one."""
        if self.course is None:
            return self._epochs.latest
        return self._epochs.at(sample)

    def continue_epoch(self, number: int, lap: int) -> None:
        """Go on in the epoch of a player that has ended."""
        self._epochs = Epochs(number, lap)

    def is_another(self, project: ProjectState, opening: int = 0) -> bool:
        """Return whether this is no version of the piece that plays but another one; see `Session.piece`."""
        return self.session.piece != (opening, project.piece)

    def grid_tick(self, project: ProjectState) -> int:
        """Return the next place of the launch grid that is still to be handed out."""
        tick = next_on_grid(project.meter_map, self.tick, self.quantum)
        return min(tick, self.loop.end_ticks) if self.loop and self.tick < self.loop.end_ticks else tick

    def sample_of(self, tick: int) -> float:
        """Return the sample of a tick that is to come; the horizon where time stands."""
        return self.course.sample_of(tick) if self.course else self.horizon

    def follow(self, project: ProjectState, *, moved: bool = False, opening: int = 0) -> list[bytes]:
        """Go on with another version of the project, from the horizon on; another piece plays from the grid on.

        Return what puts back parameters whose automation is gone. `moved`: the mixer was edited, so whatever is still
        automated is said again. `opening` numbers the projects that were opened.
        """
        old, project = self.project, self._retold(project, opening)
        self.project = project
        again: list[bytes] = []
        if self._values and old is not project:
            again = self._put_back({key for key in self._values if key not in automated(project)})
            if moved:
                self._values.clear()
        if self.course is not None and old.tempo_map != project.tempo_map:
            # Time bends where the horizon is; what was handed out keeps its place.
            self._before = self.course
            self.course = Course(self.course.sample_of(self.tick), self.tick, project.tempo_map, self.rate)
        if self.is_another(project, opening):
            tick = self.grid_tick(project) if self.playing else self.tick
            self.session.change((opening, project.piece), project, tick, self.playing)
        else:
            self.session.follow(project, old)
        self._renew_audio(old, project)
        return again

    def _retold(self, project: ProjectState, opening: int) -> ProjectState:
        """Return what is told as it goes: scenes' tempos stand until another piece comes, or its time is edited."""
        told, self._told = self._told, project
        same = any(
            project.tempo_map == known.tempo_map and project.meter_map == known.meter_map
            for known in (told, self.project)
        )
        if self.is_another(project, opening) or not same:
            self.retimings = ()
        return retimed(project, self.retimings)

    def resume_retimings(self, retimings: tuple[Retiming, ...]) -> None:
        """Go on in the time of a player that has ended."""
        self.retimings = retimings
        self.project = retimed(self._told, retimings)

    def _retime(self, tick: int) -> None:
        """Let the music go by the tempo and meter of the scene that begins at a tick, the horizon."""
        assert self.course is not None
        launched = self.session.scene
        scene = next((one for one in self.project.scenes if launched and one.id == launched.scene), None)
        if scene is None or (scene.bpm is None and scene.meter is None):
            return
        before = (one for one in self.retimings if one.tick < tick)
        self.retimings = (*before, Retiming(tick=tick, bpm=scene.bpm, meter=scene.meter))
        self.project, old = retimed(self._told, self.retimings), self.project
        self._before = self.course
        self.course = Course(self.course.sample_of(tick), tick, self.project.tempo_map, self.rate)
        self._renew_audio(old, self.project)

    def _renew_audio(self, old: ProjectState, new: ProjectState) -> None:
        """Let audio that was edited go on from the horizon as it is now; what followed another tempo, too."""
        if self.course is None or old is new:
            return
        before = {track.id: track for track in old.tracks if track.region_loads}
        for track in new.tracks:
            was = before.pop(track.id, None)
            if was is None and not track.region_loads:
                continue
            same = was is not None and was.clips is track.clips and was.placements is track.placements
            if not same or old.tempo_map != new.tempo_map:
                self._renewed(track.id)
        for gone in before:
            self._agenda.add(self.tick, CUT, gone)

    def _renewed(self, track_id: str) -> None:
        self._agenda.add(self.tick, CUT, track_id)
        self._resumed.add(track_id)

    @property
    def automated(self) -> bool:
        """Return whether automation has moved anything since time runs."""
        return bool(self._values)

    def restored(self) -> list[bytes]:
        """Return what puts back every parameter that automation has moved."""
        return self._put_back(set(self._values))

    def _put_back(self, keys: set[tuple[str, str]]) -> list[bytes]:
        back = [
            request
            for track in self.project.tracks
            for owner, parameter in sorted(keys)
            if (value := static(track, owner, parameter)) is not None
            for request in self._voices.move(self.project, ControlEvent(0, track.id, owner, parameter, value))
        ]
        for key in keys:
            self._values.pop(key, None)
            self._voices.moved.pop(key, None)
        return back

    def play(self, sample: float, tick: int, *, count_in_bars: int = 0) -> None:
        """Let time run: `tick` sounds at `sample`, or after so many bars of clicks."""
        self.start_tick = self._heard_from = tick
        self.song_at = None
        if self.session.by_itself and self.project.arrangement:
            self.session.forget()
        self.retimings, self.project = (), self._told
        self._epochs.begin(sample)
        self.session.leap(self.project, tick - self.tick)
        first = tick - count_in_bars * self.project.meter_map.bar_ticks(tick)
        self._run(sample, first)
        if not self.session.clips and not self.project.arrangement:
            self.session.launch_first(self.project, tick)
        self._retime(first)

    def resume(self, sample: float, tick: int) -> None:
        """Go on after a break as if there had been none: `tick` sounds at `sample`; clips keep their places."""
        self._heard_from = tick
        self._run(sample, tick)

    def _run(self, sample: float, tick: int) -> None:
        self._forget()
        self._values.clear()
        self._voices.moved.clear()
        self._voices.bends.clear()
        self.session.rewind(self.project, tick)
        self._before, self._nudge = None, 0.0
        self.first_sample = sample
        self.course, self.paused = Course(sample, tick, self.project.tempo_map, self.rate), False
        self.tick, self.horizon = tick, sample
        self._resumed = self._audio_tracks()

    def _audio_tracks(self) -> set[str]:
        return {track.id for track in self.project.tracks if track.region_loads}

    def take_song(self) -> None:
        """Let the song take over on the launch grid: from there on where it still plays there, else from its start."""
        at = self.grid_tick(self.project)
        goes_on = any(track.placements and track.placements[-1].end_ticks > at for track in self.project.tracks)
        self.song_at = (at, at if goes_on else 0)

    def _song_now(self) -> None:
        """Wait no longer for the grid: time stops, or goes on elsewhere."""
        if self.song_at is not None:
            self.session.forget()
            self.song_at = None

    def _song(self) -> None:
        """Forget what was launched: the music is where the song takes over."""
        assert self.song_at is not None
        (at, to), self.song_at = self.song_at, None
        for track_id in self.session.clips:
            self._agenda.add(at, CUT, track_id)
        self.session.queue.clear()
        self.session.forget()
        self._resumed |= self._audio_tracks()
        if to != at:
            self.start_tick = to
            self._jump(at, to)
            self._epochs.begin(self.course.sample if self.course else self.horizon)

    def nudge(self, seconds: float) -> None:
        """Let the music come earlier by so much, below 0 later, little by little from the horizon on."""
        if self.course is not None:
            self._nudge += seconds * self.rate

    def _bend(self, sample: float) -> None:
        """Move what is handed out up to a sample against time, as far as it is to be nudged."""
        assert self.course is not None
        most = BEND * max(0.0, sample - self.horizon)
        part = min(max(self._nudge, -most), most)
        self._nudge -= part
        self._before = self.course
        self.course = Course(self.course.sample_of(self.tick) - part, self.tick, self.project.tempo_map, self.rate)

    def stop(self) -> None:
        """Stop, and go back to where play began; what was launched begins anew then."""
        self._song_now()
        self.course, self.paused = None, False
        self.tick = self.start_tick
        self.session.restart(self.start_tick)
        self._forget()

    def pause(self, sample: float) -> None:
        """Stop where the music is at `sample`."""
        self._pause_at(max(self.start_tick, round(self.position(sample))))

    def _pause_at(self, here: int) -> None:
        self._song_now()
        self.paused = self.paused or self.playing
        self.course = None
        self.tick = self.start_tick = here
        self._forget()

    def seek(self, sample: float, tick: int) -> None:
        """Go on at `tick` from `sample`, or begin there at the next play."""
        self._song_now()
        if self.course is None:
            self.tick = self.start_tick = tick
            self.session.rewind(self.project, tick)
        else:
            self.session.leap(self.project, tick - self.tick)
            self.start_tick = tick
            self._epochs.begin(sample)
            self.resume(sample, tick)
            self._retime(tick)

    def advance(self, sample: float) -> list[Timed]:
        """Move the horizon to `sample` and return what happens until then, in order."""
        found: list[Timed] = []
        if self._nudge and self.course is not None:
            self._bend(sample)
        while self.course is not None and sample > self.horizon:
            until = ceil(self.course.tick_at(sample))
            end = self.loop.end_ticks if self.loop and self.tick < self.loop.end_ticks else FOREVER
            if self.song_at is not None and self.song_at[0] <= self.tick:
                self._song()
                continue
            end = min(end, self.song_at[0]) if self.song_at is not None else end
            if self._fire(found):
                continue
            armed = self.arms.next_tick(self._epochs.latest.number, self.tick)
            scene = self.session.next_scene_tick(self.project, self.tick, end)
            target = min(until, end, scene, end if armed is None else armed)
            if target > self.tick:
                self._plan(self.tick, target)
                self.tick = target
            found += self._requests.until(self.project, self.course, self.horizon, target)
            if (self.song_at is not None and self.song_at[0] == target) or (target in (armed, scene) and target < end):
                continue
            if self.loop is None or target != end:
                break
            self._jump(end, self.loop.start_ticks)
            self._epochs.begin(self.course.sample, lap=True)
        if self.course is not None:
            found += self._requests.audio(self.project, sample)
            self.horizon = max(self.horizon, sample)
        return found

    def _fire(self, found: list[Timed]) -> bool:
        """Do what rules have armed up to where the music is handed out; return whether there was any."""
        assert self.course is not None
        tick, sample = self.tick, self.course.sample_of(self.tick)
        due = self.arms.due(self._epochs.latest.number, self._heard_from, tick)
        for arm in due:
            error = ""
            try:
                self._do(arm, sample, found)
            except UserError as refused:
                error = refused.line()
            self.arms.done(arm, sample, tick, error)
        return bool(due)

    def _do(self, arm: Arm, sample: float, found: list[Timed]) -> None:
        """Do what was armed, where the music is handed out. Raises UserError."""
        name = arm.action.get("do")
        if name is not None and (self.course is None or self._epochs.latest.number != arm.epoch):
            raise UserError("another rule has stopped the music there, or taken it elsewhere")
        if name == "launch":
            self._launch_now(arm)
        elif name == "audition":
            self.auditions.append(sample)
        elif name == "seek":
            self.start_tick = int(arm.action["tick"])
            self._jump(self.tick, self.start_tick)
            self._epochs.begin(sample)
        elif name in ("stop", "pause"):
            ending = self._out.cut_all()
            if name == "stop":
                self.stop()
            else:
                self._pause_at(self.tick)
            found.append(Timed(sample, [*all_off(self.project), *self.restored()], ending))

    def _launch_now(self, arm: Arm) -> None:
        """Launch what was armed, in step with its own tick."""
        now = self.session.clips | self.session.queue
        draw = chance(self.project.seed, arm.rule, arm.tick, self._epochs.latest.lap)
        launch = launch_of(self.project, arm.action["target"], now, draw)
        self.song_at, self.session.by_itself = None, False
        if launch.scene is not None:
            self.session.scene, self.session.next_scene = LaunchedScene(scene=launch.scene, tick=arm.tick), None
            self._retime(self.tick)
        for track, clip in launch.clips.items():
            self.session.queue.pop(track, None)
            self._agenda.add(self.tick, CUT, track)
            self.session.clips[track] = Launched(clip=clip, tick=arm.tick)

    def _jump(self, end: int, start: int) -> None:
        """Go from the end of the loop to its start: whatever still rings is released as far after it."""
        assert self.course is not None
        self._before = self.course
        self.course = Course(self.course.sample_of(end), start, self.project.tempo_map, self.rate)
        self.tick = start
        self._heard_from = min(self._heard_from, start)
        self._agenda.shift(start - end)
        self.session.jump(self.project, end, start)
        self._retime(start)
        for track_id in sorted(self._audio_tracks()):
            self._renewed(track_id)

    def fall_asleep(self, sample: float, silent: Iterable[str]) -> list[bytes]:
        """Return what pauses tracks that have nothing to do now; `silent` says whose meters are at the floor."""
        holding = {track for track, _ in self._voices.sounding.values()}
        return self.sleep.fall(self.project, sample, holding, silent)

    def _forget(self) -> None:
        """Forget every note: the engine and the outputs are silent, or were told to be."""
        self._voices.forget()
        self._out.forget()

    def _plan(self, start: int, end: int) -> None:
        """Enter what begins in [start, end); what is launched inside takes effect at its tick."""
        for tick, begins_bar in self.metronome.clicks(self.project.meter_map, start, end, self._heard_from):
            self._agenda.add(tick, CLICK, int(begins_bar))
        start = max(start, self._heard_from)
        while start < end:
            before = self.session.scene
            for track_id in self.session.due(self.project, start):
                self._agenda.add(start, CUT, track_id)
                self._resumed.add(track_id)  # legato audio goes on in its middle
            if self.session.scene is not before:
                self._retime(start)
            after = min(end, self.session.next_tick(self.project, start, end))
            self._enter(start, after)
            start = after

    def _enter(self, start: int, end: int) -> None:
        near = self.session.playing(self.project, start, end, FOREVER)
        for note in events(self.project, near, Span(start, end)):
            self._agenda.add(note.tick, START, note)
        for piece in region_events(self.project, near, Span(start, end), sounding=self._resumed):
            self._agenda.add(piece.tick, START, piece)
        self._resumed.clear()
        for move in controls(self.project, _moving(near), Span(start, end), self.session.along(self.project)):
            if self._values.get((move.owner, move.parameter)) != move.value:
                self._values[move.owner, move.parameter] = move.value
                self._agenda.add(move.tick, MOVE, move)

    def launch(
        self,
        launches: dict[str, str | None],
        place: Callable[[str | None, int], int],
        repeat: Quantum | None = None,
        scene: str | None = None,
    ) -> None:
        """Queue clips by track (None stops the track), each for the tick that `place` gives for it.

        repeat   they begin again on that grid until they are let go of
        scene    the scene that they are
        """
        self.song_at, self.session.by_itself = None, False
        if scene is not None or not any(launches.values()):
            self.session.note_scene(scene, [place(clip, self.tick) for clip in launches.values()])
        for track_id, clip_id in launches.items():
            launched = Launched(clip=clip_id, tick=place(clip_id, self.tick), repeat=repeat)
            self.session.queue[track_id] = launched
        if self.course is None:
            # Nothing runs: they are in place for the next play.
            for track_id in launches:
                self.session.clips[track_id] = self.session.queue.pop(track_id)


def _moving(playing: list[Playing]) -> list[Playing]:
    return [item for item in playing if item.clip.automation]
