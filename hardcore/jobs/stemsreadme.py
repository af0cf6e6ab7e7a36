"""A text beside stems with what another studio has to be told: tempo, meter, key, bars, and where sections begin."""

from hardcore.jobs.request import Rendered, RenderRequest
from hardcore.project.state import ProjectState

README = "README.txt"
_MOST_CHANGES = 64


def write_readme(request: RenderRequest, made: Rendered) -> None:
    """Write the text into the folder of the stems. Raises OSError."""
    assert request.stems is not None
    text = "\n".join(_lines(request, made)) + "\n"
    (request.stems / README).write_text(text, encoding="utf-8")


def _lines(request: RenderRequest, made: Rendered) -> list[str]:
    project = request.project
    first = made.files[0]
    tail = f", then {made.tail_s:.2f} s of tail" if made.tail_s else ""
    lines = [
        project.title,
        "",
        f"tempo   {_tempos(project)}",
        f"meter   {_meters(project)}",
        f"key     {project.key.name}",
        f"length  {made.bars} bars, {made.body_frames / first.rate:.3f} s{tail}",
        f"sound   {first.rate} Hz, every file as long as the others, from bar 1 on",
        "",
        "Put every file at the beginning of a song with that tempo.",
        "",
    ]
    for stem in made.stems:
        inside = "" if stem.summed else "  (inside a group; leave it out of the sum)"
        lines.append(f"  {stem.path.name}  {stem.track}{inside}")
    if request.marks:
        lines += ["", "places"]
        lines += [f"  bar {_bar(project, tick)}  {name}" for tick, name in request.marks]
    return lines


def _tempos(project: ProjectState) -> str:
    points = project.tempo_map.points
    words = [f"{points[0].bpm:g} BPM"]
    for point in points[1:_MOST_CHANGES]:
        words.append(f"{'evenly to' if point.ramp else 'then'} {point.bpm:g} at bar {_bar(project, point.tick)}")
    return ", ".join(words)


def _meters(project: ProjectState) -> str:
    first, *others = project.meter_map.points
    words = [first.text]
    for point in others[:_MOST_CHANGES]:
        words.append(f"{point.text} from bar {_bar(project, point.tick)}")
    return ", ".join(words)


def _bar(project: ProjectState, tick: int) -> str:
    """Return the bar of a tick, from 1, with its beat where it is not the first."""
    place = project.meter_map.position(tick)
    return f"{place.bar}" if (place.beat, place.sixteenth, place.ticks) == (1, 1, 0) else str(place)
