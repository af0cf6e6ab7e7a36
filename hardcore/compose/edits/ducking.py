"""Ducking: parts that give way to another one while it is loud, by a side-chain compressor."""

from collections.abc import Sequence

from hardcore.compose.edits.outcome import Outcome
from hardcore.project import devices
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, set_effect

DUCK_DB = devices.effect("sidechain").parameter("range").default


def sidechain(project: ProjectState, tracks: Sequence[Track], side: Track, amount_db: float | None = None) -> Outcome:
    """Return the project with tracks that duck while `side` is loud, by `amount_db` at most (0 to 60).

    A side-chain that is there listens to `side` from now on; without an amount it keeps its own, a new one has 18 dB.
    """
    settings = {} if amount_db is None else {"range": amount_db}
    said, failed = [], []
    for track in tracks:
        there = next((effect for effect in track.effects if effect.device == "sidechain"), None)
        if track.id == side.id:
            failed.append(f"{track.name} cannot listen to itself")
        elif there is None:
            project, _ = add_effect(project, track.id, "sidechain", settings, side.id)
            said.append(f"{track.name} ducks for {side.name}, {settings.get('range', DUCK_DB):g} dB at most")
        elif (there.side, there.bypass) == (side.id, False) and amount_db in (None, there.value("range")):
            failed.append(f"{track.name} ducks for {side.name} already, {there.value('range'):g} dB at most")
        else:
            project = set_effect(project, track.id, there.id, settings, side=side.id, bypass=False)
            before, now = there.value("range"), settings.get("range", there.value("range"))
            said.append(f"{track.name} ducks for {side.name}, {before:g} → {now:g} dB at most")
    return Outcome(project, tuple(said), tuple(failed))
