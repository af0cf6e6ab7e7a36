"""Form: a new section for a song, made of what plays in another, thinned to what its kind is."""

from hardcore.compose.planner.form import plays, share
from hardcore.errors import UserError
from hardcore.knowledge.form import SongSection
from hardcore.project import sections
from hardcore.project.section import starts
from hardcore.project.state import ProjectState

# what plays in a section of a kind where no style says so
KINDS = {
    "intro": SongSection(name="intro", bars=8, play=("drums", "texture", "pad")),
    "build": SongSection(name="build", bars=8, rest=("bass", "sub")),
    "drop": SongSection(name="drop", bars=16),
    "chorus": SongSection(name="chorus", bars=8),
    "verse": SongSection(name="verse", bars=8, rest=("lead",)),
    "bridge": SongSection(name="bridge", bars=8, rest=("kick", "lead")),
    "break": SongSection(name="break", bars=8, rest=("drums", "bass", "sub")),
    "breakdown": SongSection(name="breakdown", bars=8, rest=("drums", "bass", "sub")),
    "outro": SongSection(name="outro", bars=8, play=("drums", "bass", "texture")),
    "solo": SongSection(name="solo", bars=8, rest=("pad",)),
}


def add_section(
    project: ProjectState, name: str, to: int, bars: int | None, like: int | None, rule: SongSection | None
) -> tuple[ProjectState, tuple[str, ...]]:
    """Return the project with a new section before the one at place `to` of the list, and the parts that play in it.

    It plays what section `like` plays, without that, the one with the most parts as far as `rule` (the style's section
    of that name) or its kind lets them. Raises UserError where nothing would play.
    """
    kind = sections.kind_of(name)
    known = rule or KINDS.get(kind)
    source = like if like is not None else _fullest(project)
    start, end = sections.ticks_of(project, source)
    length = bars or (known.bars if known and like is None else project.sections[source].bars)
    at = project.meter_map.bar_start(starts(project.sections)[to])
    taken = sections.lift(project, start, end)._replace(markers=())
    if like is None and known is not None:
        kept = {track.id for track in project.tracks if plays(known, track.role)}
        taken = taken._replace(
            placements={key: value if key in kept else () for key, value in taken.placements.items()}
        )
    playing = tuple(track.name for track in project.tracks if taken.placements.get(track.id))
    if not playing:
        raise UserError(f"none of the parts plays in a {kind}", "say what it is like: --like drop")
    project, section_id = project.taken("f")
    new = project.sections[source].evolve(id=section_id, name=sections.free_name(project.sections, name), kind=kind)
    if like is None and known is not None:
        roles = [track.role for track in project.tracks if track.clips]
        new = new.evolve(play=known.play, rest=known.rest, energy=share(known, roles), seed=None)
    project = sections.insert(project, at, taken).evolve(sections=(*project.sections[:to], new, *project.sections[to:]))
    return sections.resize(project, to, length), playing


def _fullest(project: ProjectState) -> int:
    """Return the place of the section in which most parts play, the first of equals."""
    return max(range(len(project.sections)), key=lambda place: (len(sections.playing(project, place)), -place))
