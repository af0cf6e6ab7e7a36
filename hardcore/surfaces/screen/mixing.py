"""What the keys of a mixer do: one line to run for each press."""

from collections.abc import Sequence

from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.screen.chain import track_word

STEPS = {"louder": "gain {} --by 1", "quieter": "gain {} --by -1", "pan-left": "pan {} --by -0.1"}
STEPS |= {"pan-right": "pan {} --by 0.1", "mute": "mute {}", "solo": "solo {}"}


def mix(action: str, track: Track, project: ProjectState) -> Sequence[str]:
    """Return the line that moves a track's place in the mix; none for an action that is no mixing."""
    if action not in STEPS or (action == "solo" and track.kind == "master"):
        return []
    return [f"/track {STEPS[action].format(track_word(project, track))}"]
