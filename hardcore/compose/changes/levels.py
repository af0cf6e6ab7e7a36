"""Levels: louder and quieter, mute and solo, pan, energy."""

from hardcore.compose.changes.density import density
from hardcore.compose.changes.scope import Outcome, chosen, is_drum, plays
from hardcore.compose.changes.tone import drive, tone
from hardcore.compose.edits import audibility, levels
from hardcore.compose.edits.amount import Amount
from hardcore.compose.orders import Order, Target
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track

STEP_DB = 3.0
MOST_DB, LEAST_DB = 12.0, -60.0
VELOCITY_STEP = 9


def gain(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with faders moved by decibels; without a part, the master's."""
    step = float(order.value[1]) if order.value else STEP_DB * order.amount
    way = order.sign or (order.value[0] if order.value else 0) or 1
    if order.sign < -1:
        return mute(project, order, seed)
    if step > MOST_DB - LEAST_DB:
        return Outcome(
            project, (), (f"{step:g} dB is out of range (a fader goes from {LEAST_DB:g} to {MOST_DB:g} dB)",)
        )
    return _faded(project, order, Amount(by=step * (1 if way > 0 else -1)))


def level(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with faders at a level in decibels."""
    sign, amount = order.value
    if not LEAST_DB <= float(amount) * (sign or 1) <= MOST_DB:
        said = f"{float(amount) * (sign or 1):g} dB is out of range (a fader goes from {LEAST_DB:g} to {MOST_DB:g} dB)"
        return Outcome(project, (), (said,))
    return _faded(project, order, Amount(to=float(amount) * (sign or 1)))


def _faded(project: ProjectState, order: Order, move: Amount) -> Outcome:
    tracks, failed = chosen(project, order, lambda track: track.id == MASTER_ID)
    return _after(levels.gain(project, tracks, move, LEAST_DB, MOST_DB), failed)


def _after(outcome: Outcome, failed: list[str]) -> Outcome:
    return outcome._replace(failed=(*failed, *outcome.failed))


def mute(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts silent."""
    tracks, failed = _named(project, order, "take out")
    outcome = audibility.mute(project, tracks, True)
    said = (f"{line.partition(':')[0]}: muted (bring back the {line.partition(':')[0]})" for line in outcome.said)
    return _after(outcome._replace(said=tuple(said)), failed)


def unmute(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts sounding again; all that are muted when none is named."""
    if not order.targets:
        return everything(project, order, seed)
    tracks, failed = _named(project, order, "bring back")
    return _after(audibility.mute(project, tracks, False), failed)


def everything(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with nothing muted and nothing soloed."""
    silent = [track for track in project.tracks if track.mixer.mute or track.mixer.solo]
    for track in silent:
        project = project.with_mixer(track.id, mute=False, solo=False)
    if not silent:
        return Outcome(project, (), ("everything plays already",))
    return Outcome(project, (f"everything plays: {', '.join(track.name for track in silent)} changed",))


def solo(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with only the named parts sounding."""
    tracks, failed = _named(project, order, "solo")
    if not tracks:
        return Outcome(project, (), tuple(failed))
    wanted = {track.id for track in tracks}
    for track in project.tracks:
        if track.mixer.solo != (track.id in wanted) or (track.id in wanted and track.mixer.mute):
            muted = track.mixer.mute and track.id not in wanted
            project = project.with_mixer(track.id, solo=track.id in wanted, mute=muted)
    return Outcome(project, (f"only {', '.join(track.name for track in tracks)} (everything back)",), tuple(failed))


def _named(project: ProjectState, order: Order, verb: str) -> tuple[list[Track], list[str]]:
    """Return the tracks of the targets without any standing in for another, and what is not there."""
    from hardcore.compose.changes.scope import found, no

    tracks: list[Track] = []
    missing = [] if order.targets else [f"say what to {verb}: {verb} the lead"]
    for target in order.targets:
        here = [track for track in found(project, target, stand_in=False) if track.kind != "master"]
        if not here:
            missing.append(f"{no(target)} to {verb}")
        tracks += [track for track in here if track not in tracks]
    return tracks, missing


def pan(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts at a place between the speakers."""
    if order.value is None or not order.targets:
        return Outcome(project, (), ("say what goes where: pan the hats left",))
    tracks, failed = chosen(project, order, lambda track: False)
    return _after(levels.pan(project, tracks, Amount(to=float(order.value) or 0.0)), failed)


def energy(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or less energy: harder hits, brighter and rougher sounds, denser tops."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips))
    before = _mean_velocity(tracks)
    way = round(VELOCITY_STEP * order.sign * order.amount)
    for track in tracks:
        for clip in track.clips:
            notes = clip.notes.map(lambda note: note._replace(velocity=min(max(note.velocity + way, 1), 127)))
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    after = _mean_velocity([project.find_track(track.id) for track in tracks])
    said = [f"velocity {before:.0f} → {after:.0f}"] if before != after else []
    pitched = _as_targets([track for track in tracks if plays(track) and not is_drum(track)])
    tops = _as_targets([track for track in tracks if track.role in ("hat_closed", "ride", "shaker")])
    half = order._replace(amount=order.amount * 0.5)
    low = _as_targets([track for track in tracks if track.role in ("kick", "bass")])
    for change, targets in ((tone, pitched), (drive, low), (density, tops)):
        if targets:
            outcome = change(project, half._replace(targets=targets), seed)
            project = outcome.project
            said += outcome.said
    return Outcome(project, tuple(said), tuple(failed))


def _as_targets(tracks: list[Track]) -> tuple[Target, ...]:
    return tuple(Target(track.name, track=track.id) for track in tracks)


def _mean_velocity(tracks: list[Track]) -> float:
    velocities = [note.velocity for track in tracks for clip in track.clips for note in clip.notes]
    return sum(velocities) / max(len(velocities), 1)
