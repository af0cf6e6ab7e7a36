"""Audibility: which parts are heard: muted, soloed, or nothing but these."""

from collections.abc import Iterable, Sequence

from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

NAMES = 6  # of tracks in a line


def mute(project: ProjectState, tracks: Sequence[Track], on: bool) -> Outcome:
    """Return the project with tracks silent, or heard again: a solo of theirs ends, beside others' they get one."""
    others = {track.id for track in project.tracks if track.mixer.solo}
    said, failed = [], []
    for track in tracks:
        # what is brought back is to be heard: beside a solo that takes another one
        solo = False if on else track.mixer.solo or (bool(others) and track.kind not in ("return", "master"))
        if (track.mixer.mute, track.mixer.solo) == (on, solo):
            failed.append(f"{track.name} is {'silent already' if on else 'not muted'}")
            continue
        beside = " beside what is soloed" if solo and not track.mixer.solo else ""
        project = project.with_mixer(track.id, mute=on, solo=solo)
        said.append(f"{track.name}: mute {'on' if on else 'off'}{beside}")
    return Outcome(project, tuple(said), tuple(failed))


def solo(project: ProjectState, tracks: Sequence[Track], on: bool) -> Outcome:
    """Return the project with tracks soloed and not muted, or no longer soloed. Raises UserError for the master."""
    _refuse_master(tracks)
    said, failed = [], []
    for track in tracks:
        muted = track.mixer.mute and not on
        if (track.mixer.solo, track.mixer.mute) == (on, muted):
            failed.append(f"{track.name} is {'soloed already' if on else 'not soloed'}")
            continue
        project = project.with_mixer(track.id, solo=on, mute=muted)
        said.append(f"{track.name}: solo {'on' if on else 'off'}")
    return Outcome(project, tuple(said), tuple(failed))


def switch(project: ProjectState, tracks: Sequence[Track], what: str) -> Outcome:
    """Return the project with the switch `mute` or `solo` of tracks flipped and nothing else; on where any is off."""
    if what == "solo":
        _refuse_master(tracks)
    on = not all(getattr(track.mixer, what) for track in tracks)
    changed = [track for track in tracks if getattr(track.mixer, what) != on]
    for track in changed:
        project = project.with_mixer(track.id, **{what: on})
    return Outcome(project, tuple(f"{track.name}: {what} {'on' if on else 'off'}" for track in changed))


def _refuse_master(tracks: Iterable[Track]) -> None:
    if any(track.kind == "master" for track in tracks):
        raise UserError("the master cannot be soloed")


def only(project: ProjectState, tracks: Sequence[Track]) -> Outcome:
    """Return the project with only these parts heard: the others muted, nothing soloed, their groups open.

    Of every part there is: nothing is muted any more. Raises UserError when none of the tracks plays anything.
    """
    heard = {track.id for track in tracks if _plays(track)}
    if not heard:
        raise UserError(f"{_named(tracks)} plays nothing of its own", "name parts")
    silent = [track for track in project.tracks if _plays(track) and track.id not in heard]
    through = {group for track in project.tracks if track.id in heard for group in _groups(project, track)}
    changed = []
    for track in project.tracks:
        muted = track in silent or (bool(silent) and track.mixer.mute and track.id not in heard | through)
        if (track.mixer.mute, track.mixer.solo) != (muted, False):
            project = project.with_mixer(track.id, mute=muted, solo=False)
            changed.append(track)
    if not changed:
        return Outcome(project, (), (f"{'nothing else' if silent else 'everything'} plays already",))
    if not silent:
        return Outcome(project, (f"everything plays: {_named(changed)} back",))
    return Outcome(project, (f"only {_named(tracks)}: {_named(silent)} muted",))


def _groups(project: ProjectState, track: Track) -> set[str]:
    """Return the ids of all that a track flows through."""
    outputs = {other.id: other.output for other in project.tracks}
    found: set[str] = set()
    here = track.output
    while here is not None:
        found.add(here)
        here = outputs[here]
    return found


def _plays(track: Track) -> bool:
    return track.kind in ("midi", "audio")


def _named(tracks: Sequence[Track]) -> str:
    names = [track.name for track in tracks]
    return ", ".join(names[:NAMES]) + (f" and {len(names) - NAMES} more" if len(names) > NAMES else "")
