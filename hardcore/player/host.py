"""The host: one sequencer, one engine and its clock, brought together. It lives in the player process."""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hardcore.engine import nodes
from hardcore.engine.osc import IMMEDIATELY, Argument, Message, bundle, message
from hardcore.engine.plan import datagrams, plan
from hardcore.engine.server import NONSENSE, Server, now_s
from hardcore.engine.structure import NOTHING_CUED, Cued
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.errors import UserError
from hardcore.player.audition import FIRST_NODE, Audition
from hardcore.player.clock import PROBE_S, Clock, EngineClock, SilentClock
from hardcore.player.cue import CURE, NO_CUE, begun, click_place
from hardcore.player.entryrequests import Timed
from hardcore.player.loader import Loader
from hardcore.player.meters import Meters
from hardcore.player.punctuality import Punctuality
from hardcore.player.rest import Rest
from hardcore.player.sequencer import Sequencer
from hardcore.player.streaming import ahead, is_streamed, landing, resident
from hardcore.player.voices import all_off
from hardcore.player.wire import HUSH, Words
from hardcore.project.multisample import Load
from hardcore.project.playback import Launched
from hardcore.project.state import ProjectState, new_project

# What is sent earlier is placed less exactly, what is sent later may come late: a dozen busy processes on two cores
# have taken 90 ms of it once in five minutes.
LOOK_AHEAD_S = 0.12
PROBE_AHEAD_S = 0.05
LEAD_S = 0.06
# A machine that slept this long goes on from now instead of playing everything at once.
ASLEEP_S = 1.0
SILENT_RATE = 48_000
READY_S = 3.0
# So long an engine that has been asked for everything may take to say that it has it.
PATIENCE_S = 3.0
AGAIN_S = 0.03
# How often it is looked whether tracks fall asleep.
SLEEP_S = 0.5
# How often it is looked which segments of long audio come.
STREAM_S = 0.5
CLOCK_GROUP, CLOCK_NODE = 1_900_000_000, 1_900_000_001
CLOCK_BUS = 4094
_OWN = ("clock", "probe", "click", "guard", "tap", "split")


@dataclass
class _Coming:
    """A project that is on its way. It is adopted when what it needs is loaded: then the engine answers `sync`.

    Another piece than the one that plays waits, once it is loaded and `sync` 0, for the launch grid at tick `until`.
    """

    project: ProjectState
    opening: int
    sync: int
    patience_s: float
    until: int | None = None


@dataclass
class Host:
    """Plays a project on an engine, or on none (`server` None): then only time passes."""

    server: Server | None
    cue: str = "off"
    click: str = "main"
    clock: Clock = field(init=False)
    sequencer: Sequencer = field(init=False)
    punctuality: Punctuality = field(default_factory=Punctuality)
    meters: Meters = field(default_factory=Meters)
    rest: Rest = field(default_factory=Rest)
    _loader: Loader | None = None
    _project: ProjectState | None = None
    _coming: _Coming | None = None
    _changes: list[tuple[float, list[list[bytes]]]] = field(default_factory=list)
    _probe: int = 0
    _next_probe_s: float = 0.0
    _next_sleep_s: float = 0.0
    _next_stream_s: float = 0.0
    # What waits for sounds of the place that the music is to go to, and the sync that says they are there.
    _arriving: tuple[int, Callable[[], None]] | None = None
    _sync: int = 0
    _cued: Cued = NOTHING_CUED
    _audition: Audition | None = None
    _auditions: int = 0
    # What is to be told to who sends MIDI; who runs the host takes it out.
    midi: list[Words] = field(default_factory=list)

    def __post_init__(self) -> None:
        rate = self.server.rate if self.server else SILENT_RATE
        self.clock = EngineClock(rate) if self.server else SilentClock(rate)
        self.sequencer = Sequencer(new_project(), rate, self.server.outputs if self.server else 2)
        self.sequencer.metronome.place = click_place(self.click)
        if self.server:
            self._loader = Loader(self.server)
            self._start_clock(self.server)

    def _start_clock(self, server: Server) -> None:
        """Start the engine's sample clock and wait for its first answer. Raises EngineError."""
        for name in _OWN:
            server.send(message("/d_recv", synthdef_bytes(name)))
        server.sync(self._next_sync())
        for request in begun(self.cue):
            server.send(request)
        server.send(message("/g_new", CLOCK_GROUP, 0, 0))
        server.send(message("/s_new", "clock", CLOCK_NODE, 3, CLOCK_GROUP, "bus", CLOCK_BUS))
        deadline = time.monotonic() + READY_S
        while not self._is_ready() and time.monotonic() < deadline:
            self.probe()
            server.wait(PROBE_S)
            self.hear(server.received())

    def _is_ready(self) -> bool:
        return not isinstance(self.clock, EngineClock) or self.clock.ready

    def _next_sync(self) -> int:
        self._sync += 1
        return self._sync

    def follow(self, project: ProjectState, opening: int = 0) -> None:
        """Play this version from now on: at once, or as soon as the engine has what it needs.

        Another piece takes over on the launch grid; what plays goes on up to there.
        """
        another = self.sequencer.playing and self.sequencer.is_another(project, opening)
        prepare = plan(self._project, project, self.server.outputs).prepare if self.server else ()
        loads = self._needed(project)
        lacking = self._loader is not None and (self._loader.lacks(loads) or self._drops(project, loads))
        if not (prepare or lacking or another) and (self._coming is None or self.server is None):
            self._coming = None
            self._adopt(project, opening)
            return
        for request in prepare:
            self._send(request)
        sync = self._next_sync()
        if self._loader is not None and lacking:
            self._loader.load(project, loads, sync)
        else:
            self._send(message("/sync", sync))
        if self.server is not None and self._loader is not None and self._project is None:
            # The first one is waited for: what is asked next is about it.
            self._loader.finish()
            self.server.sync(self._next_sync())
            self._adopt(project, opening)
            return
        self._coming = _Coming(project, opening, sync, time.monotonic() + PATIENCE_S)
        if self.server is None:
            self._loaded()

    def prepare(self, project: ProjectState) -> None:
        """Let the engine have what another project plays, as far as it is in the way of nothing that plays now."""
        if self.server is None or self._loader is None or self._project is None:
            return
        for request in plan(self._project, project, self.server.outputs).prepare:
            self._send(request)
        loads = resident(project) if is_streamed(project) else project.loads
        self._loader.load_ahead(project, loads, self._project, self._next_sync())

    def reload(self) -> None:
        """Look again for the sounds that were missing; what plays goes on."""
        if self._loader is not None and self._project is not None:
            self._loader.load(self._project, self._needed(self._project), self._next_sync())

    def _needed(self, project: ProjectState) -> Mapping[str, Load]:
        """Return the sounds that the engine has to have of a project now, by key."""
        if self.server is None or not is_streamed(project):
            return project.loads
        return resident(project) | ahead(self.sequencer, project, self.sequencer.position(self.clock.now()))

    def _drops(self, project: ProjectState, loads: Mapping[str, Load]) -> bool:
        """Return whether there are sounds that the project does not play any more: their copies go."""
        return self._loader is not None and not self._loader.asked.keys() <= loads.keys() and not is_streamed(project)

    def _stream(self) -> None:
        """Let the engine have what comes of long audio, and let go of what is over."""
        project, self._next_stream_s = self._project, time.monotonic() + STREAM_S
        if project is None or self._loader is None or self._coming is not None or not is_streamed(project):
            return
        loads = self._needed(project)
        if self._arriving is None and not self._loader.busy and loads.keys() != self._loader.asked.keys():
            self._loader.load(project, loads, self._next_sync(), frees=project.region_loads.keys())

    def when_there(self, tick: int, go: Callable[[], None]) -> None:
        """Take the music to a tick, at once or as soon as the engine has what sounds there; a later one replaces it."""
        self._arriving, project = None, self._project
        if project is None or self._loader is None or not is_streamed(project):
            go()
            return
        loads = landing(self.sequencer, project, tick)
        if not self._loader.lacks(loads):
            go()
            return
        self._arriving = (self._next_sync(), go)
        self._loader.load(project, {**self._loader.asked, **loads}, self._arriving[0])

    def give_up_arriving(self) -> None:
        """Forget where the music was to go: it goes elsewhere."""
        self._arriving = None

    @property
    def loading(self) -> bool:
        """Return whether the engine still loads what the latest version of the project needs."""
        return self._coming is not None and self._coming.sync > 0

    @property
    def waiting(self) -> dict[str, Launched] | None:
        """Return what a piece that waits for the launch grid will play, by track; None when none waits."""
        if self._coming is None or self._coming.until is None:
            return None
        scene = next((scene for scene in self._coming.project.scenes if scene.slots), None)
        slots = scene.slots if scene else {}
        return {track: Launched(clip=clip, tick=self._coming.until) for track, clip in slots.items()}

    def _adopt(self, project: ProjectState, opening: int) -> None:
        old, self._project = self._project, project
        if self.server is None:
            self.sequencer.follow(project, opening=opening)
            return
        self._rouse()
        change = plan(old, project, self.server.outputs, was_cued=self._cued, cued=self._cued).change
        # What automation moves is said again after an edit of the mixer: an envelope wins over a fader.
        automated = self.sequencer.automated
        again = self.sequencer.follow(project, moved=bool(change), opening=opening)
        self._change(old, project, [*change, *again], automated)

    def _change(self, old: ProjectState | None, new: ProjectState, change: Sequence[bytes], automated: bool) -> None:
        """Send the mixer's change: a setting at once, anything else at the horizon, whole with what follows it."""
        packs = datagrams(change)
        if not packs:
            return
        self._wake(old)
        now = self.clock.now()
        past = now - AGAIN_S * self.clock.rate
        self._changes = [(sample, later) for sample, later in self._changes if sample > past]
        rebuilt = old is None or any(not request.startswith(b"/n_set\0") for request in change)
        moved = old is not None and nodes.buses(old, 2) != nodes.buses(new, 2)
        if self.sequencer.playing and (rebuilt or moved or self._changes or automated):
            sample = max(self.sequencer.horizon, now)
            self._changes.append((sample, packs))
            self._send_at(self.clock.tag(sample), packs)
        else:
            self._send_at(IMMEDIATELY, packs)

    def _send(self, request: bytes) -> None:
        if self.server is not None:
            self.server.send(request)

    def _send_at(self, tag_s: float, packs: list[list[bytes]]) -> None:
        if self.server is not None:
            for pack in packs:
                self.server.send(bundle(tag_s, pack))

    def run(self) -> None:
        """Do what is due: ask the clock, and send what sounds until the look-ahead."""
        if self.server is not None and time.monotonic() >= self._next_probe_s:
            self.probe()
        if self.loading:
            self._mind_patience()
        self._mind_rest()
        now = self.clock.now()
        if self.sequencer.playing and now > self.sequencer.horizon + ASLEEP_S * self.clock.rate:
            self.midi.append(HUSH)
            self.sequencer.resume(now + LEAD_S * self.clock.rate, round(self.sequencer.position(now)))
        self._hand_out(now + LOOK_AHEAD_S * self.clock.rate)
        if time.monotonic() >= self._next_stream_s:
            self._stream()

    def _mind_rest(self) -> None:
        """Pause the mixer when nothing has played or rung for a while; while time runs, it runs."""
        if self.sequencer.playing:
            self._wake(self._project)
            self._mind_sleep()
        elif self._project is not None and self.rest.due(self.meters.silent(self._project.tracks), time.monotonic()):
            self._run_mixer(self._project, False)

    def _mind_sleep(self) -> None:
        """Pause the tracks that are silent while others play, at once: nothing of theirs is on its way."""
        if self._project is None or time.monotonic() < self._next_sleep_s:
            return
        self._next_sleep_s = time.monotonic() + SLEEP_S
        silent = self.meters.at_floor(self._project.tracks)
        self._send_at(IMMEDIATELY, datagrams(self.sequencer.fall_asleep(self.clock.now(), silent)))

    def _rouse(self) -> None:
        """Let every track that sleeps run, before something changes or what was on its way is taken back."""
        self._send_at(IMMEDIATELY, datagrams(self.sequencer.sleep.wake(self.sequencer.horizon)))

    def _wake(self, project: ProjectState | None) -> None:
        """Let the mixer of this version run: something is about to sound, or to change in it."""
        if self.rest.end() and project is not None:
            self._run_mixer(project, True)

    def _run_mixer(self, project: ProjectState, on: bool) -> None:
        groups = [nodes.track_group(track.id) for track in project.tracks]
        self._send_at(IMMEDIATELY, datagrams([message("/n_run", group, int(on)) for group in groups]))

    def _mind_patience(self) -> None:
        """Adopt what is on its way when the engine, asked for everything, does not say that it has it."""
        assert self._coming is not None
        if self._loader is not None and self._loader.busy:
            self._coming.patience_s = time.monotonic() + PATIENCE_S
        elif time.monotonic() > self._coming.patience_s:
            self._loaded()

    def _hand_out(self, sample: float) -> None:
        """Send what sounds until a sample; a piece that waits takes over on its tick."""
        if self._coming is not None and self._coming.until is not None:
            # A sample before the tick: at the tick itself the other piece begins.
            last = self.sequencer.sample_of(self._coming.until) - 1
            if self.sequencer.playing and sample < last:
                self._send_timed(self.sequencer.advance(sample))
                return
            self._send_timed(self.sequencer.advance(last))
            self.take_over()
        self._send_timed(self.sequencer.advance(sample))

    def send_timed(self, sample: float, requests: list[bytes]) -> None:
        """Send requests to be done at a sample."""
        self._send_at(self.clock.tag(sample), [requests])

    def _send_timed(self, found: Sequence[Timed]) -> None:
        self._send_midi(found)
        for timed in found:
            if not timed.requests:
                continue
            tag = self.clock.tag(round(timed.sample))
            if self.server is not None:
                self.punctuality.sent(tag - now_s())
            self._send_at(tag, [timed.requests])
        while self.sequencer.auditions:
            self._audition_at(self.clock.tag(round(self.sequencer.auditions.pop(0))))

    def _send_midi(self, found: Sequence[Timed]) -> None:
        """Let MIDI be sent with what sounds at the same samples, by the steady clock."""
        now, now_s = self.clock.now(), time.monotonic()
        messages = [
            (now_s + (timed.sample - now) / self.clock.rate + one.delay_s, one.port, one.message)
            for timed in found
            for one in timed.midi
        ]
        if messages:
            self.midi.append({"do": "send", "messages": messages})

    def probe(self) -> None:
        """Ask the engine at which sample it does what is due in a moment."""
        if self.server is None or not isinstance(self.clock, EngineClock):
            return
        self._next_probe_s = time.monotonic() + (PROBE_S if self.sequencer.playing else 2 * PROBE_S)
        self._probe = self._probe % 30_000 + 1
        tag = now_s() + PROBE_AHEAD_S
        self.clock.asked(self._probe, tag)
        request = message("/s_new", "probe", -1, 1, CLOCK_GROUP, "bus", CLOCK_BUS, "id", self._probe)
        self.server.send_at(tag, [request])

    def hear(self, answers: Sequence[Message]) -> None:
        """Take in what the engine says."""
        for address, words in answers:
            with contextlib.suppress(*NONSENSE):
                self._hear(address, words)

    def _hear(self, address: str, words: Sequence[Argument]) -> None:
        if address == "/probe" and isinstance(self.clock, EngineClock):
            self.clock.heard(round(float(words[2])), float(words[3]), float(words[4]))
        elif address == "/meter":
            if self.rest.on:  # a mixer that measures is not resting: hands have let it run
                self.rest.end()
            self.meters.take(words)
        elif address == "/synced":
            self._synced(int(words[0]))

    def _synced(self, number: int) -> None:
        if self._coming is not None and number == self._coming.sync:
            self._loaded()
        elif self._arriving is not None and number == self._arriving[0]:
            go, self._arriving = self._arriving[1], None
            go()
        elif self._audition is not None and number == self._audition.sync and self._project is not None:
            self._wake(self._project)
            self._audition.loaded(self._project)

    def _loaded(self) -> None:
        """Adopt what has come, or let it wait for the launch grid."""
        assert self._coming is not None
        self._coming.sync = 0
        if self.sequencer.playing and self.sequencer.is_another(self._coming.project, self._coming.opening):
            self._coming.until = self.sequencer.grid_tick(self.sequencer.project)
        else:
            self.take_over()

    def take_over(self) -> None:
        """Adopt a project that is loaded now, wherever the music is; without one nothing happens."""
        if self._coming is not None and not self.loading:
            coming, self._coming = self._coming, None
            self._adopt(coming.project, coming.opening)

    def soon(self) -> float:
        """Return the sample at which something that is asked for now can still begin."""
        return self.clock.now() + LEAD_S * self.clock.rate

    def hear_on_cue(self, tracks: Iterable[str]) -> None:
        """Let these tracks be heard on the cue, and no others. Raises UserError where there is none."""
        was, self._cued = self._cued, frozenset(tracks)
        if self._cued:
            self.ensure_cue()
        if self.server is not None and self._project is not None:
            change = plan(self._project, self._project, self.server.outputs, was_cued=was, cued=self._cued).change
            self._change(self._project, self._project, change, False)

    def ensure_cue(self) -> None:
        """Raise UserError where nothing can be cued."""
        if self.cue == "off":
            raise UserError(NO_CUE, CURE)

    def heard_on_cue(self) -> dict[str, Launched | None]:
        """Return what is heard on the cue: tracks, and the clip of one that plays it there only."""
        session = self.sequencer.session
        playing = session.clips | session.queue
        there = (track.id for track in self.sequencer.project.tracks if track.id in self._cued)
        return {track: playing.get(track) if track in session.apart else None for track in there}

    def audition(self, sound: ProjectState, *, at_once: bool = True, cue: bool = False) -> None:
        """Play the sound of an audition's project once, beside the music and in place of the one before.

        Without `at_once` it is only made ready, with `cue` it is heard on the cue. Raises EngineError when its file is
        not there, UserError where there is no cue.
        """
        if cue:
            self.ensure_cue()
        if not at_once and self._audition is not None and self._audition.sound == sound:
            return
        self.hush()
        if self.server is None or self._loader is None:
            return
        self._auditions += 1
        audition = Audition(self.server, sound, self._next_sync(), FIRST_NODE + self._auditions, at_once, cue)
        audition.load(self._loader)
        self._audition = audition

    def _audition_at(self, tag_s: float) -> None:
        """Let the sound that was made ready be heard at a tag."""
        if self._audition is not None and self._project is not None and not self._audition.at_once:
            self._auditions += 1
            self._audition.play(self._project, tag_s, FIRST_NODE + self._auditions)

    def hush(self) -> None:
        """Release what is auditioned."""
        if self._audition is not None:
            self._audition.stop()
            self._audition = None

    def silence(self) -> None:
        """Take back what was sent and has not sounded, and release every note; changes of the mixer stand."""
        self.midi.append(HUSH)
        if self.server is None or self._project is None:
            return
        self.server.send(message("/clearSched"))
        self._rouse()
        now = self.clock.now()
        for sample, packs in self._changes:
            # Again, rather than never: those of the last moment may or may not have been done.
            if sample > now - AGAIN_S * self.clock.rate:
                self._send_at(IMMEDIATELY, packs)
        self._changes.clear()
        self._send_at(IMMEDIATELY, datagrams([*all_off(self._project), *self.sequencer.restored()]))

    def panic(self) -> None:
        """Stop everything that sounds, tails too: the mixer is built anew."""
        self.sequencer.stop()
        self.hush()
        self.silence()
        if self.server is None or self._project is None:
            return
        self._wake(self._project)
        self._changes.clear()
        freed = [message("/n_free", nodes.track_group(track.id)) for track in self._project.tracks]
        anew = plan(None, self._project, self.server.outputs, cued=self._cued).change
        self._send_at(IMMEDIATELY, datagrams([*freed, *anew]))
