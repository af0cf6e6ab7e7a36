"""An audition: one sound heard once beside the music, into the master, whose guard keeps it at a safe level."""

from dataclasses import dataclass
from pathlib import Path

from hardcore.engine import nodes, voice
from hardcore.engine.osc import Argument, message
from hardcore.engine.server import Server, now_s
from hardcore.engine.structure import ADD_TO_TAIL
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.errors import EngineError
from hardcore.music.pitch import frequency
from hardcore.player.cue import CUE, Place
from hardcore.player.loader import Loader
from hardcore.project.multisample import Load
from hardcore.project.notes import Note
from hardcore.project.recording import decoded_path
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# Between the program's samples and the user's: a sound that is tried takes no buffer of one that plays.
BUFFER = nodes.FIRST_RECORDING - 1
FIRST_NODE = 1_900_000_010
# A loop goes round; for longer than that nobody listens.
LONGEST_S = 60.0
AHEAD_S = 0.03


@dataclass
class Audition:
    """A sound that is being loaded, or plays as a node. `sync` is what the engine answers when it is loaded.

    at_once   whether it is played as soon as it is loaded
    cue       whether it is heard on the cue
    """

    server: Server
    sound: ProjectState
    sync: int
    node: int
    at_once: bool = True
    cue: bool = False

    def load(self, loader: Loader) -> None:
        """Let the engine load the sound. Raises EngineError when its file is not there."""
        track, _ = _part(self.sound)
        assert track.instrument is not None
        (load,) = track.instrument.loads.values()
        if not _is_there(load):
            raise EngineError("the sound's file is not where it was", "samples relink FILE or FOLDER")
        self.server.send(message("/d_recv", synthdef_bytes(track.instrument.device)))
        loader.load_one(BUFFER, load, self.sync)

    def loaded(self, project: ProjectState) -> None:
        """Play it now if that is what it was loaded for."""
        if self.at_once:
            self.play(project, now_s() + AHEAD_S, self.node)

    def play(self, project: ProjectState, begin_s: float, node: int) -> None:
        """Play it at a time into the master of the project that plays, or into the cue, as that node, and release it
        when it is over."""
        self.node = node
        track, note = _part(self.sound)
        assert track.instrument is not None
        master = project.master.id
        settings = voice.fixed(self.sound, track.instrument) | {"buffer": float(BUFFER)}
        controls: list[Argument] = [part for pair in settings.items() for part in pair]
        place = Place(ADD_TO_TAIL, nodes.source_group(master), nodes.buses(project, self.server.outputs)[master])
        action, group, bus = CUE if self.cue else place
        out: list[Argument] = ["out", bus, "rgen", nodes.generator(master)]
        pitch: list[Argument] = ["freq", frequency(note.pitch), "velocity", note.velocity / 127]
        where = (self.node, action, group)
        self.server.send_at(begin_s, [message("/s_new", track.instrument.device, *where, *out, *pitch, *controls)])
        length_s = min(LONGEST_S, self.sound.tempo_map.seconds(note.length_ticks))
        self.server.send_at(begin_s + length_s, [self._released()])

    def stop(self) -> None:
        """Release it, whether it sounds or not."""
        self.server.send(self._released())

    def _released(self) -> bytes:
        return message("/n_set", self.node, "gate", 0)


def _is_there(load: Load) -> bool:
    """Return whether there is a file to play; whether it holds what is meant, the loader sees."""
    if load.recording is None:
        return sample(load.sample or "").path.is_file()
    return any(path.is_file() for path in (decoded_path(load.recording.key), Path(load.recording.path)))


def _part(sound: ProjectState) -> tuple[Track, Note]:
    """Return the track of an audition's project, and its only note."""
    track = next(track for track in sound.tracks if track.clips)
    return track, next(iter(track.clips[0].notes))
