"""Loudness: how loud a part is in the mix, by what the project says of it; nothing is rendered for it."""

from math import log10

from hardcore.errors import UserError
from hardcore.project.multisample import VELOCITY_CURVE
from hardcore.project.roles import LOUDNESS_LUFS, ROLES, Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def part_lufs(project: ProjectState, track: Track) -> float:
    """Return about how loud a part is before the master, LUFS, momentary at its loudest.

    What its role's instruments are calibrated to, its velocities against 100 by the curve that all instruments follow,
    its fader and those of the groups it goes through. A group is the sum of the parts in it that are not muted.
    Raises UserError for what plays nothing of its own.
    """
    if track.kind == "group":
        inside = [other for other in project.tracks if other.output == track.id and not other.mixer.mute]
        if not inside:
            raise UserError(f"nothing that sounds goes through {track.name}")
        return 10 * log10(sum(10 ** (part_lufs(project, other) / 10) for other in inside))
    role = _role(track)
    if role is None:
        raise UserError(f"{track.name} plays nothing of its own", "balance two parts or groups")
    return LOUDNESS_LUFS[role] + _played_db(track) + _faders_db(project, track)


def _role(track: Track) -> Role | None:
    if track.role is not None or track.instrument is None:
        return track.role
    suited = track.instrument.definition.roles
    return next((role for role in ROLES if role in suited[:1]), None)


def _played_db(track: Track) -> float:
    """Return how loud its notes are against notes of velocity 100: their energies' mean."""
    velocities = [note.velocity for clip in track.clips for note in clip.notes]
    if not velocities:
        return 0.0
    return 10 * log10(sum((velocity / 100) ** (2 * VELOCITY_CURVE) for velocity in velocities) / len(velocities))


def _faders_db(project: ProjectState, track: Track) -> float:
    groups = {other.id: other for other in project.tracks if other.kind == "group"}
    gain, here = track.mixer.gain_db, track
    while here.output in groups:
        here = groups[here.output]
        gain += here.mixer.gain_db
    return gain
