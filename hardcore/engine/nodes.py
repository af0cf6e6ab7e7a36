"""Numbers for scsynth: node ids derived from the project's own ids, and which bus belongs to whom.

Every track and effect has a number that is never used again ("t7", "e12"), so a tree built step by step has the same
ids as one built at once. A track n has the groups and nodes 16·n … 16·n+7, an effect m the node 16·m+8; sends take
ids above `FIRST_SEND`, notes above `FIRST_NOTE`.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

from hardcore.errors import EngineError
from hardcore.project.mixer import Instrument
from hardcore.project.multisample import Load, whole
from hardcore.project.samples import sample, samples
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

ROOT = 0
FIRST_SEND = 1_000_000_000
FIRST_NOTE = 1_200_000_000
LARGEST_NUMBER = (FIRST_SEND - 16) // 16

GENERATORS = 512
# What is cued goes to two buses of its own, and from this group, which comes after all tracks, to its outputs.
CUE_GROUP, CUE_BUS = 1_900_000_004, 4090
# The program's samples have the buffers below, the user's those from here on.
FIRST_RECORDING, RECORDINGS = 1024, 3072


def number(object_id: str) -> int:
    """Return the number in an id. Raises EngineError when it is too large for a node id."""
    value = int(object_id[1:])
    if value > LARGEST_NUMBER:
        raise EngineError(f"id {object_id} is too large for the engine")
    return value


def track_group(track_id: str) -> int:
    """Return the group that holds everything of a track."""
    return 16 * number(track_id)


def source_group(track_id: str) -> int:
    """Return the group that holds a track's sounding notes."""
    return 16 * number(track_id) + 1


def strip_node(track_id: str) -> int:
    """Return the node of a track's fader."""
    return 16 * number(track_id) + 2


def route_node(track_id: str) -> int:
    """Return the node that feeds a track's output."""
    return 16 * number(track_id) + 3


def tap_node(track_id: str) -> int:
    """Return the node that copies a track to a hardware output, or to the cue."""
    return 16 * number(track_id) + 4


def send_node(track: Track, target_id: str) -> int:
    """Return the node of a track's send to a return; that of none where it has none such."""
    places = (place for place, send in enumerate(track.sends) if send.target == target_id)
    return FIRST_SEND + number(track.id) * 64 + next(places, len(track.sends))


def fade_node(track_id: str) -> int:
    """Return the node by which the crossfader fades a track."""
    return 16 * number(track_id) + 7


def guard_node(track_id: str) -> int:
    """Return the node of the master's guard."""
    return 16 * number(track_id) + 5


def meter_node(track_id: str) -> int:
    """Return the node that measures a track's level."""
    return 16 * number(track_id) + 6


def effect_node(effect_id: str) -> int:
    """Return the node of an effect."""
    return 16 * number(effect_id) + 8


def generator(track_id: str) -> int:
    """Return the random generator of a track's noise: one each, so that tracks do not disturb each other."""
    return number(track_id) % GENERATORS


def buffer(sample_name: str) -> int:
    """Return the buffer of a sample: the same in every project, whichever others it uses. Raises UserError."""
    return sorted(samples()).index(sample(sample_name).name)


def recording_buffers(project: ProjectState) -> Mapping[str, int]:
    """Return the buffer of each stretch of a sound that a project plays, by key, but for whole samples of ours.

    It is derived from the key, so it stays when others come and go; where two meet, the second takes the next free.
    Raises EngineError when there are more than the engine has buffers for.
    """
    return _placed(tuple(key for key, load in project.loads.items() if load.key != whole(load.sample or "")))


@lru_cache(maxsize=8)
def _placed(keys: tuple[str, ...]) -> Mapping[str, int]:
    if len(keys) > RECORDINGS:
        raise EngineError(f"the project plays {len(keys)} sounds; the engine has room for {RECORDINGS}")
    taken: dict[int, str] = {}
    for key in keys:
        place = int(key[:12] if len(key) == 64 else blake2b(key.encode(), digest_size=6).hexdigest(), 16) % RECORDINGS
        while place in taken:
            place = (place + 1) % RECORDINGS
        taken[place] = key
    return MappingProxyType({key: FIRST_RECORDING + place for place, key in taken.items()})


def load_buffer(project: ProjectState, load: Load) -> int:
    """Return the buffer that holds a stretch of a sound."""
    if load.sample is not None and load.key == whole(load.sample):
        return buffer(load.sample)
    return recording_buffers(project)[load.key]


def instrument_buffer(project: ProjectState, instrument: Instrument) -> int | None:
    """Return the buffer that an instrument plays, None when it plays none or one for each zone."""
    if instrument.recording is not None:
        return recording_buffers(project)[instrument.recording.key]
    return buffer(instrument.sample) if instrument.sample else None


def buses(project: ProjectState, outputs: int) -> dict[str, int]:
    """Return the left bus of every track, by id, above the engine's `outputs` hardware channels."""
    return {track.id: outputs + 2 * place for place, track in enumerate(project.tracks)}
