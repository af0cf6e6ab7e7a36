"""What things are called inside a project.xml, so that others refer to them."""

from hardcore.project.automation import FADER, SEND
from hardcore.project.track import Track

TEMPO, METER = "tempo", "meter"


def channel(track_id: str) -> str:
    """Return the id of a track's channel."""
    return f"{track_id}.channel"


def parameter(track: Track, owner: str, name: str) -> str:
    """Return the id of what an envelope moves: the fader, a send, or a parameter of the instrument or an effect."""
    if owner == track.id and name in FADER:
        return f"{owner}.{name}"
    if owner == track.id and name.startswith(SEND):
        return f"{owner}.send.{name.removeprefix(SEND)}"
    return f"{owner}.device.{name}"
