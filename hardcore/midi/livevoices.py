"""Notes played by hand, as scsynth requests: started and released at once, beside those the player plays in time.

They have node ids of their own. A mono instrument keeps one voice: a key pressed while another is held retunes it, and
letting go of it returns to the one still held. The sustain pedal keeps keys ringing until it is up.
"""

from dataclasses import dataclass, field

from hardcore.engine import nodes, voice
from hardcore.engine.osc import message
from hardcore.music.pitch import frequency
from hardcore.project.automation import static
from hardcore.project.events import NoteEvent
from hardcore.project.knobs import reached, travel
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# Between the notes that the player starts and the nodes of its clock.
FIRST_NODE, NODE_SPAN = 1_750_000_000, 100_000_000
# No more notes than these sound when a process ends.
MOST_LEFT = 256


@dataclass
class _Sound:
    """What a track's notes start with; worked out once for each version of the track."""

    track: Track
    bus: int
    settings: dict[str, float]
    mono: bool
    gated: bool


@dataclass
class _Held:
    """What a track's hands hold: nodes by key, keys in the order they were pressed, keys the pedal keeps, the bend."""

    nodes: dict[int, list[int]] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    pedal: bool = False
    bend: float = 0.0
    bends: dict[int, float] = field(default_factory=dict)


class LiveVoices:
    """The notes that hands play on a project's tracks. Every method returns the requests to send at once."""

    def __init__(self, project: ProjectState, outputs: int, count: int = 0) -> None:
        """`count`: so many nodes were started on this engine before."""
        self._outputs = outputs
        self.count = count
        self._held: dict[str, _Held] = {}
        self._turns = voice.Turns()
        self.project = project
        self._sounds = self._of(project)

    def follow(self, project: ProjectState) -> list[bytes]:
        """Play this version from now on; the notes of tracks that play something else now are released."""
        before, self.project = self._sounds, project
        self._sounds = self._of(project)
        gone = [track for track in self._held if not _same(before.get(track), self._sounds.get(track))]
        return [request for track in gone for request in self.release_all(track)]

    def _of(self, project: ProjectState) -> dict[str, _Sound]:
        buses = nodes.buses(project, self._outputs)
        found = {}
        for track in project.tracks:
            if track.instrument is not None:
                device = track.instrument.definition
                settings = voice.fixed(project, track.instrument)
                found[track.id] = _Sound(track, buses[track.id], settings, device.mono and device.gated, device.gated)
        return found

    def press(self, track_id: str, key: int, velocity: int) -> list[bytes]:
        """Start a note, or retune the one voice of a mono track; nothing where the track plays no notes."""
        sound = self._sounds.get(track_id)
        if sound is None:
            return []
        held = self._held.setdefault(track_id, _Held())
        note = NoteEvent(self.count, 1, track_id, key, velocity, False)
        requests: list[bytes] = []
        if sound.mono and held.keys:
            begun = held.nodes.pop(held.keys[-1])
            requests += [message("/n_set", node, *voice.tuning(note)) for node in begun]
        else:
            requests += self._ended(held, key, sound)
            begun = self._begin(sound, note, requests)
        held.keys = [*(old for old in held.keys if old != key), key]
        held.kept.discard(key)
        held.nodes[key] = begun
        held.bends.pop(key, None)
        return requests + (self._tuned(held, key) if held.bend else [])

    def lift(self, track_id: str, key: int) -> list[bytes]:
        """Release a key's note, unless the pedal keeps it; a mono voice goes back to the key that is still held."""
        held, sound = self._held.get(track_id), self._sounds.get(track_id)
        if held is None or sound is None or key not in held.keys:
            return []
        if held.pedal:
            held.kept.add(key)
            return []
        held.keys.remove(key)
        if sound.mono and held.keys:
            if key in held.nodes:  # the key that sounds: back to the one below
                held.nodes[held.keys[-1]] = held.nodes.pop(key)
                return self._tuned(held, held.keys[-1])
            return []
        return self._ended(held, key, sound)

    def sustain(self, track_id: str, down: bool) -> list[bytes]:
        """Press or lift the pedal of a track; keys that were let go of meanwhile are released with it."""
        held = self._held.setdefault(track_id, _Held())
        held.pedal = down
        kept, held.kept = held.kept, held.kept if down else set()
        return [] if down else [request for key in sorted(kept) for request in self.lift(track_id, key)]

    def bend(self, track_id: str, semitones: float) -> list[bytes]:
        """Bend the notes of a track, those that sound and those that come."""
        held = self._held.setdefault(track_id, _Held())
        held.bend = semitones
        return [request for key in held.nodes for request in self._tuned(held, key)]

    def bend_key(self, track_id: str, key: int, semitones: float) -> list[bytes]:
        """Bend one note, beside what the wheel bends them all by."""
        held = self._held.setdefault(track_id, _Held())
        held.bends[key] = semitones
        return self._tuned(held, key)

    def express(self, track_id: str, parameter: str, share: float, key: int | None = None) -> list[bytes]:
        """Move a parameter of the notes that sound, or of one key, from where it is (0) to its end (1).

        Nothing happens where the instrument has no such parameter.
        """
        held, sound = self._held.get(track_id), self._sounds.get(track_id)
        now = static(sound.track, track_id, parameter) if sound is not None else None
        if held is None or sound is None or sound.track.instrument is None or now is None:
            return []
        known = sound.track.instrument.definition.parameter(parameter)
        at = travel(known, now)
        value = reached(known, at + (1 - at) * share)
        keys = held.nodes if key is None else (key,)
        return [message("/n_set", node, parameter, value) for one in keys for node in held.nodes.get(one, ())]

    def release_all(self, track_id: str) -> list[bytes]:
        """Release everything that hands hold on a track, and lift its pedal."""
        held, sound = self._held.pop(track_id, None), self._sounds.get(track_id)
        if held is None:
            return []
        nodes_left = [node for begun in held.nodes.values() for node in begun]
        return [message("/n_set", node, "gate", 0) for node in nodes_left if sound is None or sound.gated]

    def release_others(self) -> list[bytes]:
        """Release the latest nodes that were started before us, by a process that ended and left them sounding."""
        first = max(0, self.count - MOST_LEFT)
        return [message("/n_set", _node(count), "gate", 0) for count in range(first + 1, self.count + 1)]

    @property
    def holding(self) -> tuple[str, ...]:
        """Return the tracks on which hands hold anything: notes, the pedal, a bend."""
        return tuple(self._held)

    def _begin(self, sound: _Sound, note: NoteEvent, requests: list[bytes]) -> list[int]:
        """Add what starts a note, and what that cuts, to the requests; return its nodes."""
        starts = self._turns.starts(self.project, sound.track, note, sound.settings)
        requests += self._turns.cuts(note.track_id, starts)
        begun = []
        for start in starts:
            self.count += 1
            begun.append(_node(self.count))
            self._turns.note_down(note.track_id, begun[-1], start)
            requests.append(voice.started(self.project, sound.track, note, begun[-1], sound.bus, start))
        return begun

    def _ended(self, held: _Held, key: int, sound: _Sound) -> list[bytes]:
        begun = held.nodes.pop(key, [])
        return [message("/n_set", node, "gate", 0) for node in begun] if sound.gated else []

    def _tuned(self, held: _Held, key: int) -> list[bytes]:
        pitch = frequency(key + held.bend + held.bends.get(key, 0.0))
        return [message("/n_set", node, "freq", pitch) for node in held.nodes.get(key, ())]


def _node(count: int) -> int:
    return FIRST_NODE + count % NODE_SPAN


def _same(before: _Sound | None, now: _Sound | None) -> bool:
    """Return whether a track's notes still sound as they began."""
    if before is None or now is None:
        return False
    return before.track.instrument == now.track.instrument and before.bus == now.bus
