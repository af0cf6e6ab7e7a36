"""What the keys of a mixer do: one line to run for each press."""

from collections.abc import Sequence

from hardcore.project.track import Track

STEP_DB, STEP_PAN = 1.0, 0.1


def mix(action: str, track: Track) -> Sequence[str]:
    """Return the line that changes a track's place in the mix; none for an action that is no mixing."""
    mixer = track.mixer
    if action in ("louder", "quieter"):
        gain_db = min(24.0, max(-96.0, mixer.gain_db + (STEP_DB if action == "louder" else -STEP_DB)))
        return [f"/track gain {track.id} {gain_db:g}"]
    if action in ("pan-left", "pan-right"):
        pan = min(1.0, max(-1.0, mixer.pan + (STEP_PAN if action == "pan-right" else -STEP_PAN)))
        return [f"/track pan {track.id} {round(pan, 2):g}"]
    if action == "mute" or (action == "solo" and track.kind != "master"):
        return [f"/track {action} {track.id}"]
    return []
