"""The composition root: the only module that sees everything. It builds a studio and starts a surface on it."""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.commands.core.background import Results, job_changed
from hardcore.controller.controller import Controller
from hardcore.controller.events import ArmsFired, HearingChanged, PlaybackChanged, StepMade
from hardcore.controller.hands import HandEvents
from hardcore.controller.playing import PlaybackEvents
from hardcore.controller.playingports import MidiInputs, Player
from hardcore.controller.storeports import ProjectStore
from hardcore.controller.studio import Studio
from hardcore.errors import EngineError
from hardcore.jobs.joblist import JobList
from hardcore.midi.listener import Listener
from hardcore.paths import state_folder, user_folder
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.player.wire import Words
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.settings import load_settings
from hardcore.store import library, sound_index
from hardcore.store.durations import Durations
from hardcore.store.job_records import JobRecords
from hardcore.store.profile import UserProfile
from hardcore.store.projects import Projects
from hardcore.store.trusted_rules import TrustedRules
from hardcore.surfaces.osc.door import OscDoor
from hardcore.surfaces.serverstart import Door
from hardcore.version import __version__

if TYPE_CHECKING:
    from hardcore.surfaces.live import LiveStudio


def build_studio() -> Studio:
    """Return a studio with an empty project. Raises UserError when its folders cannot be used."""
    # The journal's writer thread must get its turn at once, also while the main thread is busy drawing.
    sys.setswitchinterval(0.0005)
    store: ProjectStore = Projects(time.time)
    settings = load_settings()
    controller = Controller(store, time.time)
    studio = Studio(controller, store, library, settings, __version__, sounds=sound_index)
    studio.trust = TrustedRules(state_folder() / "rules.trusted")
    studio.durations = Durations(state_folder() / "durations.json")
    studio.profile = UserProfile(lambda: user_folder() / "profile.db")
    player = studio.player = _player(studio)
    studio.hands = _hands(studio, player)
    studio.door = Door(studio)
    studio.osc = OscDoor(studio)
    jobs = studio.jobs = JobList(JobRecords(lambda: state_folder() / "jobs"), Results(studio))
    jobs.restore()
    jobs.listen(lambda job: controller.events.tell(job_changed(job)))
    return studio


def _player(studio: Studio) -> Player:
    """Return a player that follows the studio's project; its process starts when it is first asked to do something."""

    def choice() -> EngineChoice:
        return EngineChoice(**studio.settings.engine.model_dump(exclude={"latency_ms", "midi_latency_ms"}))

    events, hearing = studio.controller.events, studio.controller.hearing
    playback_events = PlaybackEvents(events, lambda: hearing.project)

    def told(state: Playback) -> None:
        playback_events.take(state)
        if studio.hands is not None:
            studio.hands.keep_time(state)

    project, log = studio.controller.project, lambda: state_folder() / "player.log"

    def midi(frames: Sequence[Words]) -> None:
        if studio.hands is not None:
            studio.hands.send(frames)

    player = Remote(project, choice, log, told, lambda fired: events.tell(ArmsFired(fired=fired)), midi)
    events.subscribe(HearingChanged, lambda event: player.follow(event.heard, opening=event.opening))
    return player


def _hands(studio: Studio, player: Player) -> MidiInputs:
    """Return the MIDI inputs: they are listened to, and the engine runs, from when a track, a rule or a mapping is told
    to hear them; in a project where one does, from the first play on."""
    events, hearing = studio.controller.events, studio.controller.hearing
    told = HandEvents(events)
    hands = Listener(
        studio.controller.project,
        lambda: state_folder() / "midi.log",
        lambda: player.engine,
        told.heard,
        told.news,
        told.clock,
        lambda: state_folder() / "played",
    )
    clock = studio.settings.clock
    hands.sync(clock.ports, clock.offset_ms / 1000, clock.follow)

    def hears(project: ProjectState) -> bool:
        waiting = (rule for rule in project.rules if rule.enabled and rule.trigger.kind == "midi")
        played = any(track.midi_in is not None or track.midi_out is not None for track in project.tracks)
        synced = studio.settings.clock.ports or studio.settings.clock.follow
        return played or bool(project.maps or synced) or any(map(studio.trusts, waiting))

    def meet(event: PlaybackChanged) -> None:
        if player.engine is not None and hears(hearing.project):
            hands.listen()
        hands.meet()

    def told_to_hear(event: StepMade) -> None:
        if studio.hands is not None and hears(event.new) and not hears(event.old):
            hands.listen()
            threading.Thread(target=started, name="starting the engine", daemon=True).start()

    def started() -> None:
        with suppress(EngineError):  # a player that does not start says so itself
            player.state()

    events.subscribe(HearingChanged, lambda event: hands.follow(event.heard))
    events.subscribe(PlaybackChanged, meet)
    events.subscribe(StepMade, told_to_hear)
    return hands


@contextmanager
def open_project(path: Path | None) -> Iterator[Studio]:
    """Yield a studio with the project in `path`, or a new one, and let go of it afterwards. Raises UserError."""
    studio = build_studio()
    try:
        if path is not None:
            studio.controller.open(path)
        # From here on garbage is looked for, but never again in what is loaded and stays.
        gc.freeze()
        gc.enable()
        yield studio
    finally:
        studio.close()


def live_studio(path: str | None, create: bool, profile: bool) -> "LiveStudio":
    """Return the Python surface on a project's file, which is made if there is none and `create`. Raises UserError.

    profile   the user's profile is used and learns, as in a session at the terminal
    """
    from hardcore.surfaces.live import LiveStudio

    def opened() -> Studio:
        studio = build_studio()
        try:
            file = Path(path).absolute() if path is not None else None
            if file is not None and create and not file.exists():
                studio.controller.save(file)
            elif file is not None:
                studio.controller.open(file)
        except BaseException:
            studio.close()
            raise
        return studio

    return LiveStudio(opened, learns=profile)


def run(arguments: Sequence[str]) -> int:
    """Return the exit status of the command line `arguments`."""
    from hardcore.surfaces.cli import main

    # Whoever started the program may have closed a stream; no project's file is to get its number.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    return main(arguments, open_project, sys.stdin, sys.stdout, sys.stderr)
