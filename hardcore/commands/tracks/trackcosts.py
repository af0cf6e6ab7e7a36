"""What tracks cost the engine while they play: measured, each by itself."""

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing, Row
from hardcore.commands.tracks.sounds import sound_places
from hardcore.project.freezing import is_freezable
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.project.track import HOLDS_CLIPS, Track


class TrackCost(Row):
    """What a track takes of a processor core while it plays, effects included, in percent; whether it can be frozen."""

    name: str
    id: str
    percent: float
    freezable: bool

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, f"{self.percent:.1f}", "yes" if self.freezable else "")


class TrackCosts(Listing[TrackCost]):
    """What each track that plays costs, the dearest first."""

    headings = ("track", "% of a core", "can be frozen")


@command("track costs", "track costs", effects=())
async def track_costs(call: Call) -> TrackCosts:
    """Measure what each track takes of a processor core while it plays, effects included; the dearest comes first.

    Each is played alone for six seconds, as it plays now, by an engine of its own that nobody hears.
    """
    project = call.project
    player = call.studio.player
    clips = _playing(project, player.latest() if player is not None else Playback())
    if not clips:
        return TrackCosts(items=(), empty="no track plays; a prompt or a clip makes something")
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    asked = {"clips": clips, "rate": call.studio.settings.engine.rate, "places": places}
    found: dict[str, float] = (await work(call, "costs", asked, project=project))["costs"]
    rows = [_row(project.find_track(track_id), percent) for track_id, percent in found.items()]
    total = sum(found.values())
    return TrackCosts(
        items=tuple(sorted(rows, key=lambda row: -row.percent)),
        note=f"{total:.1f} % of a core together; track freeze NAME lets a track rest",
    )


def _row(track: Track, percent: float) -> TrackCost:
    return TrackCost(name=track.name, id=track.id, percent=percent, freezable=is_freezable(track))


def _playing(project: ProjectState, playback: Playback) -> dict[str, str]:
    """Return the clip that each track plays, by track: launched, in the arrangement here, or the first in a scene."""
    found = {}
    for track in project.tracks:
        if track.kind not in HOLDS_CLIPS or track.frozen is not None or not track.clips:
            continue
        launched = playback.clips.get(track.id)
        placed = (one.clip for one in track.placements if one.start_ticks <= playback.tick < one.end_ticks)
        slots = (scene.slots[track.id] for scene in project.scenes if track.id in scene.slots)
        clip = launched.clip if launched is not None else next(placed, next(slots, None))
        if clip is not None and clip in track.places:
            found[track.id] = clip
    return found
