"""The transport's verbs: what each request of the studio does to the host. A verb gets the words of its frame."""

import time
from math import ceil
from typing import Any

from hardcore.errors import UserError
from hardcore.player.broadcast import written
from hardcore.player.host import LEAD_S, Host
from hardcore.player.soundrecording import AROUND_S, PLACE
from hardcore.player.wire import Receiver, Words
from hardcore.project.playback import Launched, Loop, Playback, Quantum, next_on_grid

# Frames that the engine computes at once.
BLOCK = 64


class Transport:
    """Does what is asked of a host. `do_NAME` answers the frame whose `do` is NAME."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._receiver = Receiver()

    @property
    def quantum(self) -> Quantum:
        """Return the launch grid."""
        return self._host.sequencer.quantum

    def do(self, words: Words) -> Words:
        """Do what a frame asks, and return what is to be answered.

        Raises ValueError, KeyError or HardcoreError for one that cannot be done.
        """
        name = words["do"]
        if name not in VERBS:
            raise ValueError(f"the player knows no '{name}'")
        if name in MOVES:
            self._host.give_up_arriving()
            self._host.take_over()
        answer = VERBS[name](self, words)
        self._host.run()
        return answer or {}

    def _project(self, words: Words) -> None:
        self._host.sequencer.session.provisional = words.get("provisional", False)
        self._host.follow(self._receiver.project(words["project"]), words.get("opening", 0))

    def _ask(self, words: Words) -> None:
        """Do nothing: only the state is wanted."""

    def _play(self, words: Words) -> None:
        sequencer = self._host.sequencer
        if sequencer.playing and words["tick"] is None:
            if words["arrangement"] and sequencer.session.clips and sequencer.project.arrangement:
                sequencer.take_song()
            return
        self._host.take_over()
        self._host.silence()
        if words["arrangement"]:
            sequencer.session.forget()
        tick = sequencer.tick if words["tick"] is None else words["tick"]

        def go() -> None:
            begin = self._host.soon()
            if words.get("at_s") is not None:
                clock = self._host.clock
                begin = max(begin, clock.now() + (words["at_s"] - time.monotonic()) * clock.rate)
            sequencer.play(begin, tick, count_in_bars=words["count_in"])

        self._host.when_there(tick, go)

    def _stop(self, words: Words) -> None:
        sequencer = self._host.sequencer
        if not sequencer.playing:
            sequencer.start_tick = 0
        sequencer.stop()
        self._host.hush()
        self._host.silence()

    def _pause(self, words: Words) -> None:
        self._host.sequencer.pause(self._host.clock.now())
        self._host.silence()

    def _seek(self, words: Words) -> None:
        def go() -> None:
            self._host.silence()
            self._host.sequencer.seek(self._host.soon(), words["tick"])

        self._host.when_there(words["tick"], go)

    def _loop(self, words: Words) -> None:
        self._host.sequencer.loop = Loop.model_validate(words["loop"]) if words["loop"] else None

    def _launch(self, words: Words) -> None:
        """Launch clips by track, each on the grid asked for, else its own, else the launch grid."""
        sequencer = self._host.sequencer
        meters = sequencer.project.meter_map
        own = {clip.id: clip.quantum for _, clip in sequencer.project.clips()}
        asked: dict[str, str | None] = words["clips"]
        again = next(filter(None, (words["quantum"], *(own.get(clip or "") for clip in asked.values()))), self.quantum)

        def place(clip: str | None, tick: int) -> int:
            return next_on_grid(meters, tick, words["quantum"] or own.get(clip or "") or self.quantum)

        repeat = None if not words["repeat"] else "1/16" if again == "none" else again
        sequencer.launch(asked, place, repeat, words["scene"])
        if not sequencer.playing and any(asked.values()):
            sequencer.session.restart(sequencer.tick)
            sequencer.play(self._host.soon(), sequencer.tick)

    def _let_go(self, words: Words) -> None:
        self._host.sequencer.session.let_go(words["tracks"])

    def _quantum(self, words: Words) -> None:
        self._host.sequencer.quantum = Playback(quantum=words["quantum"]).quantum

    def _metronome(self, words: Words) -> None:
        self._host.sequencer.metronome.on = bool(words["on"])

    def _panic(self, words: Words) -> None:
        self._host.panic()

    def _nudge(self, words: Words) -> None:
        self._host.sequencer.nudge(words["seconds"])

    def _prepare(self, words: Words) -> None:
        self._host.prepare(Receiver().project(words["project"]))

    def _reload(self, words: Words) -> None:
        self._host.reload()

    def _audition(self, words: Words) -> None:
        self._host.audition(Receiver().project(words["project"]), cue=words["cue"])

    def _cue(self, words: Words) -> None:
        """Let tracks be heard on the cue; what one of them plays there only is launched on the grid."""
        sequencer = self._host.sequencer
        session = sequencer.session
        played = {track: clip for track, clip in words["tracks"].items() if clip is not None}
        if played and not sequencer.playing:
            raise UserError("nothing plays: a clip is cued along with the music", "/play")
        self._host.hear_on_cue(words["tracks"])
        for track, clip in played.items():
            session.apart.add(track)
            now = session.queue.get(track) or session.clips.get(track)
            if now is None or now.clip != clip:
                session.queue[track] = Launched(clip=clip, tick=sequencer.grid_tick(sequencer.project))

    def _arm(self, words: Words) -> None:
        """Take in what rules do at coming ticks; a sound that one of them plays is made ready."""
        for _, _, _, action in words["add"]:
            if action.get("do") == "audition":
                self._host.audition(Receiver().project(action["project"]), at_once=False)
        self._host.sequencer.arms.change(words["add"], words["drop"])

    def _record(self, words: Words) -> Words:
        """Let an input be written into its ring from a moment before a tick on; answer at which samples that is."""
        sequencer, server = self._host.sequencer, self._host.server
        if server is None or words["input"] + words["channels"] - 1 > server.inputs:
            raise UserError("the engine has no such input", "/config engine.inputs 2")
        if not sequencer.playing:
            raise UserError("nothing plays")
        sample, end = (None if words[name] is None else sequencer.sample_of(words[name]) for name in ("tick", "end"))
        assert sample is not None
        # The first block begins with a sample that is a multiple of its length: its middle is no matter of rounding.
        first = int(max(sample - AROUND_S * self._host.clock.rate, self._host.soon()) // BLOCK) * BLOCK
        bus = server.outputs - server.inputs + words["input"] - 1
        self._host.send_timed(first + BLOCK // 2, [written(PLACE, bus)])
        return {"recording": [first, sample, end, self._host.clock.rate]}

    def _lamps(self, words: Words) -> None:
        self._host.meters.over.clear()

    def _resume(self, words: Words) -> None:
        """Go on where another player was: its last state tells where that is by now."""
        was = Playback.model_validate(words["state"])
        sequencer = self._host.sequencer
        sequencer.loop, sequencer.metronome.on, sequencer.quantum = was.loop, was.metronome, was.quantum
        sequencer.start_tick = sequencer.tick = was.start_tick
        sequencer.continue_epoch(was.epoch, was.lap)
        sequencer.session.clips = {track: Launched.model_validate(launched) for track, launched in was.clips.items()}
        sequencer.session.queue = dict(was.queue)
        sequencer.session.scene, sequencer.session.next_scene = was.scene, was.next_scene
        sequencer.resume_retimings(was.retimings)
        if was.cue and self._host.cue != "off":
            played = {track: one for track, one in was.cue.items() if one is not None}
            sequencer.session.clips |= played
            sequencer.session.apart |= played.keys()
            self._host.hear_on_cue(was.cue)
        if not was.playing:
            sequencer.tick, sequencer.paused = round(was.tick), was.paused
            return

        def go() -> None:
            tempo, rate = sequencer.project.tempo_map, self._host.clock.rate
            here = was.tick_at(sequencer.project, time.monotonic() + LEAD_S)
            tick = ceil(here)
            rest_s = tempo.seconds(tick) - tempo.seconds(here)
            sequencer.resume(self._host.soon() + rest_s * rate, tick)

        self._host.when_there(round(was.tick_at(sequencer.project, time.monotonic())), go)


# What moves the music from where it is: a piece that waits for the grid is then there at once.
MOVES = ("stop", "pause", "seek", "loop", "launch", "panic")
VERBS: dict[str, Any] = {
    "project": Transport._project, "ask": Transport._ask, "play": Transport._play, "stop": Transport._stop,
    "pause": Transport._pause, "seek": Transport._seek, "loop": Transport._loop, "launch": Transport._launch,
    "quantum": Transport._quantum, "metronome": Transport._metronome, "panic": Transport._panic,
    "lamps": Transport._lamps, "audition": Transport._audition, "resume": Transport._resume,
    "arm": Transport._arm, "let_go": Transport._let_go, "reload": Transport._reload,
    "prepare": Transport._prepare, "nudge": Transport._nudge, "cue": Transport._cue, "record": Transport._record,
}  # fmt: skip
