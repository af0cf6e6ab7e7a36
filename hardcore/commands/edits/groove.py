"""Grooves: list, show, put on a track, a clip or all, learn from a file, take off, bake into the notes."""

from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Kept, Listing, Result, Row, counted
from hardcore.commands.core.types import Bars, Choice, FileName, Kind, Length, NewName, Share, Tempo
from hardcore.commands.edits import groovechart
from hardcore.commands.library.things import find as find_item
from hardcore.controller.controller import words
from hardcore.errors import NotFound, UserError, nearest
from hardcore.music.groove import GrooveTemplate, swing_percent
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project import baking, grooves
from hardcore.project.clip import Clip
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.values import clean_name

PROJECT = "project"


class Found(NamedTuple):
    """A groove and where it comes from: the program, yours (your library), or the project."""

    template: GrooveTemplate
    where: str


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield Choice(PROJECT, "all that has no groove of its own")
    for track in project.tracks:
        if track.kind == "midi":
            yield Choice(track.name, "track")
    for scene in project.scenes:
        yield from (Choice(f"{t.name}:{scene.name}", "clip") for t in project.tracks if t.id in scene.slots)


def _names(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge import groove as program

    shipped = program.groove_ids()
    yield from (Choice(known, program.groove_file(known).about) for known in shipped)
    yield from (Choice(known.id, known.about or known.name) for known in project.grooves if known.id not in shipped)


GrooveTarget = Annotated[str, Kind("track|clip", "a track, a clip such as bass:A, or project for all", _targets)]
GrooveName = Annotated[
    str, Field(min_length=1, max_length=200), Kind("groove", "a groove; groove list has them", _names)
]
Seconds = Annotated[float, Field(ge=0, le=3600), Kind("seconds", "0 to 3600 seconds")]


class GrooveView(Result):
    """A groove, drawn."""

    id: str
    name: str
    where: str
    about: str
    source: str
    step_ticks: int
    bar_ticks: int
    swing_percent: float
    timing: tuple[int, ...]
    velocity: tuple[float, ...]
    used_by: tuple[str, ...]
    drawing: str

    def text(self) -> str:
        """Return what it is and the drawing."""
        size = (
            f"{counted(len(self.timing), 'step')} of {self.step_ticks / PPQ:g} beats, swing {self.swing_percent:.1f} %"
        )
        lines = [f"{self.name} ({self.id}, {self.where}): {size}", self.about, self.source]
        lines.append(f"played by {', '.join(self.used_by)}" if self.used_by else "")
        return "\n".join([*filter(None, lines), self.drawing])


class GrooveRow(Row):
    """A groove: how far it moves steps (ticks), the factors of its velocities, where it is from, what plays it."""

    id: str
    name: str
    swing_percent: float
    earliest_ticks: int
    latest_ticks: int
    softest: float
    loudest: float
    steps: int
    where: str
    used_by: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (
            self.id, f"{self.swing_percent:.1f}", f"{self.earliest_ticks:+d} {self.latest_ticks:+d}",
            f"{self.softest * 100:.0f}-{self.loudest * 100:.0f}", self.steps, self.where, ", ".join(self.used_by[:4]),
        )  # fmt: skip


class GrooveList(Listing[GrooveRow]):
    """The grooves."""

    headings = ("groove", "swing", "ticks", "velocity", "steps", "from", "played by")


@command("groove list", "groove list", effects=(), aliases=("grooves",))
def groove_list(call: Call) -> GrooveList:
    """List the grooves: those of the program, yours, and those of the project, and what plays them."""
    rows = tuple(
        GrooveRow(
            id=template.id,
            name=template.name,
            swing_percent=swing_percent(template),
            earliest_ticks=min(template.timing),
            latest_ticks=max(template.timing),
            softest=min(template.velocity),
            loudest=max(template.velocity),
            steps=len(template.timing),
            where=where,
            used_by=tuple(grooves.uses(call.project, template.id)),
        )
        for template, where in _known(call)
    )
    return GrooveList(items=rows, note="put one on: /groove set TRACK GROOVE --amount 80")


@command("groove show", "groove show mpc_62", effects=())
def groove_show(call: Call, groove: GrooveName) -> GrooveView:
    """Draw a groove: how far each step is moved, and how loud it is played."""
    from hardcore.knowledge import groove as program

    template, where = _find(call, groove)
    return GrooveView(
        id=template.id,
        name=template.name,
        where=where,
        about=template.about,
        source=program.groove_file(template.id).source if where == "program" else "",
        step_ticks=template.step_ticks,
        bar_ticks=template.bar_ticks,
        swing_percent=swing_percent(template),
        timing=template.timing,
        velocity=template.velocity,
        used_by=tuple(grooves.uses(call.project, template.id)),
        drawing=groovechart.draw(template, call.project.tempo_map.bpm),
    )


@command(
    "groove set",
    "groove set hats mpc_62 --amount 80",
    about={
        "amount": "how much of the groove counts, 0 to 100",
        "timing": "how much of its timing, 0 to 100",
        "velocity": "how much of its velocities, 0 to 100",
    },
)
def groove_set(
    call: Call,
    target: GrooveTarget,
    groove: GrooveName,
    *,
    amount: Share = 100,
    timing: Share | None = None,
    velocity: Share | None = None,
) -> Done:
    """Play a track, a clip or all with a groove; the notes stay as they are, `groove remove` takes it off again.

    --amount is how much of it, in percent; --timing and --velocity say it apart. A clip's groove counts before its
    track's, a track's before the project's. The groove is copied into the project.
    """
    thing = _target(call.project, target)
    template, _ = _find(call, groove)
    much = (amount if timing is None else timing) / 100, (amount if velocity is None else velocity) / 100
    call.edit(lambda project: _put(project, thing, template, *much))
    return Done(message=f"{_said(thing)} plays {template.name}, timing {much[0]:.0%}, velocity {much[1]:.0%}")


def _put(
    project: ProjectState, thing: ProjectState | Track | Clip, template: GrooveTemplate, timing: float, velocity: float
) -> ProjectState:
    if isinstance(thing, Track):
        return grooves.put_on_track(project, thing.id, template, timing, velocity)
    if isinstance(thing, Clip):
        return grooves.put_on_clip(project, thing.id, template, timing, velocity)
    return grooves.put_on_project(project, template, timing, velocity)


def put_on(project: ProjectState, target: str | None, template: GrooveTemplate) -> tuple[ProjectState, str]:
    """Return the project with a groove on a track, a clip or, without a target, on all, and which. Raises UserError."""
    thing = _target(project, target or PROJECT)
    return _put(project, thing, template, 1.0, 1.0), _said(thing)


@command("groove remove", "groove remove hats")
def groove_remove(call: Call, target: GrooveTarget) -> Done:
    """Take the groove off a track, a clip or the project: it plays as it is written, or as the project does."""
    thing = _target(call.project, target)
    call.edit(lambda project: grooves.take_off(project, thing))
    return Done(message=f"{_said(thing)} has no groove of its own now")


@command("groove commit", "groove commit hats")
def groove_commit(call: Call, target: GrooveTarget) -> Done:
    """Bake the groove of a track, a clip or all into the notes, as micro-timing and velocity; it sounds the same.

    A clip that is shorter than the groove is written out until both end together.
    """
    thing = _target(call.project, target)
    before = {clip.id: clip for _, clip in call.project.clips()}
    after = call.edit(lambda project: baking.commit(project, thing))
    changed = [clip for _, clip in after.clips() if clip.notes != before[clip.id].notes]
    notes = sum(len(set(clip.notes) - set(before[clip.id].notes)) for clip in changed)
    return Done(message=f"{_said(thing)}: {counted(notes, 'note')} moved or louder in {counted(len(changed), 'clip')}")


@command(
    "groove learn",
    "groove learn song.mid --name mine",
    effects={"settings"},
    about={
        "file": "a MIDI file or a sound: .mid .wav .flac .ogg .mp3",
        "name": "what it is called in your library",
        "bars": "how many bars it takes from the file",
    },
)
async def groove_learn(
    call: Call,
    file: FileName,
    *,
    name: NewName | None = None,
    bars: Bars = 1,
    grid: Length = SIXTEENTH,
    bpm: Tempo | None = None,
    start: Seconds | None = None,
) -> Kept:
    """Learn a groove from a MIDI file or a sound (.wav, .flac, .ogg, .mp3) and keep it in your library.

    --bars is its length, --grid its step. A MIDI file says its own meter and needs no more; of a sound the project's
    meter is taken, --bpm its tempo if it is known, --start the second where bar 1 begins.
    """
    from hardcore.jobs.learning import LEARNED, LESSON, Lesson, ensure_there

    path = call.caller.path(file)
    shown = clean_name(name or path.stem[:60])
    own = _free_id(shown)
    lesson = Lesson(path, shown, own, call.project.meter_map, grid, bars, bpm, start)
    ensure_there(path)
    done = await work(call, "learn", {"lesson": LESSON.dump_python(lesson, mode="json")})
    learned, said = LEARNED.validate_python(done["learned"]), done["said"]
    template = learned.groove
    call.studio.library.add("groove", template.id, template.model_dump(mode="json"), call.controller.now())
    heard = sum(1 for count in learned.heard if count)
    changes = (
        f"from {said}",
        f"{heard} of {counted(len(template.timing), 'step')} heard, swing {swing_percent(template):.1f} %, "
        f"{min(template.timing):+d} to {max(template.timing):+d} ticks",
        *_doubts(learned.spread_ticks, template.step_ticks),
    )
    told = f"learned {template.id}; put it on: groove set TRACK {template.id}"
    return Kept(message=told, details=changes, kind="groove", name=template.id)


@command("groove delete", "groove delete mine", effects={"project", "settings"}, confirms=True)
def groove_delete(call: Call, groove: GrooveName) -> Edited:
    """Delete a groove from your library, or from the project when it is only there and nothing plays it."""
    template, where = _find(call, groove)
    if where == "program":
        raise UserError(f"{template.id} comes with the program", "groove remove takes it off a track")
    if where == "yours":
        call.studio.library.remove(find_item(call, template.id, ("groove",)), call.controller.now())
        return Edited(message=f"deleted {template.id} from your library; projects that play it keep their copy")
    call.edit(lambda project: grooves.drop(project, template.id))
    return Edited(message=f"deleted {template.id} from the project")


def _doubts(spread_ticks: float, step_ticks: int) -> Iterator[str]:
    if spread_ticks > step_ticks / 12:
        yield f"half of it lies more than {spread_ticks:.0f} ticks off: is the tempo, the grid or bar 1 another one?"


def is_program_groove(name: str) -> bool:
    """Return whether a groove of the program has a name, or all grooves together do."""
    from hardcore.knowledge import groove as program

    return name in program.groove_ids() or name == PROJECT


def _free_id(name: str) -> str:
    """Return the id for a learned groove. Raises UserError when a groove of the program has it."""
    own = grooves.key(name)
    if is_program_groove(own):
        raise UserError(f"{own} is a groove of the program", "give yours another --name")
    if not own:
        raise UserError(f"'{name}' is no name", "letters or digits")
    return own


def _known(call: Call) -> Iterator[Found]:
    """Yield every groove there is: the program's, yours, and those that only the project has."""
    from hardcore.knowledge import groove as program

    seen = set()
    for groove_id in program.groove_ids():
        seen.add(groove_id)
        yield Found(program.groove(groove_id), "program")
    for entry in call.studio.library.entries("groove"):
        seen.add(entry.name)
        yield Found(read_groove(entry.name, entry.content), "yours")
    yield from (Found(known, "project") for known in call.project.grooves if known.id not in seen)


def template_in(call: Call, source: str | None, name: str) -> GrooveTemplate:
    """Return the groove of a name, or the one of a track, a clip or all, under another name. Raises UserError."""
    own = _free_id(name)
    try:
        return _find(call, source or "").template.evolve(id=own, name=name)
    except NotFound:
        thing = _target(call.project, source or PROJECT)
    found = _playing(call.project, thing)
    if found is None:
        raise UserError(f"{_said(thing)} plays straight", "groove set puts a groove on it")
    return found.evolve(id=own, name=name)


def _playing(project: ProjectState, thing: ProjectState | Track | Clip) -> GrooveTemplate | None:
    """Return the groove that a track, a clip or the project plays with, None where that is straight."""
    if isinstance(thing, ProjectState):
        return thing.groove
    track = thing if isinstance(thing, Track) else project.find_clip(thing.id)[0]
    force = grooves.in_force(project, track, thing if isinstance(thing, Clip) else None)
    return force.template if force is not None else None


def read_groove(name: str, content: object) -> GrooveTemplate:
    """Return a groove of the library. Raises UserError for one that does not fit this version."""
    try:
        return GrooveTemplate.model_validate(content)
    except ValidationError as error:
        raise UserError(f"groove {name} of your library does not fit this version: {words(error)}") from error


def _find(call: Call, name: str) -> Found:
    """Return the groove meant by an id, a name or the words of a prompt. Raises UserError naming the nearest."""
    from hardcore.knowledge import groove as program

    wanted, spoken = grooves.key(name), " ".join(name.casefold().split())
    wanted = program.groove_words().get(spoken, wanted)
    known = list(_known(call))
    for found in known:
        if wanted in (grooves.key(found.template.id), grooves.key(found.template.name)):
            return found
    raise NotFound(f"no groove '{name}'", nearest(wanted, [found.template.id for found in known]))


def _target(project: ProjectState, reference: str) -> ProjectState | Track | Clip:
    """Return the project, a track or a clip. Raises UserError naming the nearest."""
    if reference.strip().casefold() == PROJECT:
        return project
    try:
        return project.find_track(reference)
    except UserError as error:
        if ":" not in reference and not any(reference in (clip.id, clip.name) for _, clip in project.clips()):
            names = [PROJECT, *(track.name for track in project.tracks)]
            raise NotFound(f"no track or clip '{reference}'", nearest(reference, names)) from error
    return project.find_clip(reference)[1]


def _said(thing: ProjectState | Track | Clip) -> str:
    return "the project" if isinstance(thing, ProjectState) else thing.name
