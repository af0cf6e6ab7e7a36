"""Key lift: from a section on a song is some semitones higher, as the last choruses of pop songs are."""

from collections.abc import Sequence
from functools import partial

from hardcore.compose.chance import stream
from hardcore.compose.edits import key
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.knowledge.form import KeyLift
from hardcore.project import audioclips
from hardcore.project.scope import Scope, Stretch
from hardcore.project.scopededits import scoped
from hardcore.project.section import Section
from hardcore.project.sectionkeys import key_of, raised
from hardcore.project.sections import find_section, ticks_of, with_sections
from hardcore.project.state import ProjectState

USUAL = 2  # semitones
_HEARD = 3  # times a chorus comes where a style lifts the last: it is known by then
_MAIN = ("chorus", "hook", "drop", "head", "theme", "lead", "full")  # sections that a song is about


def lift(project: ProjectState, semitones: int, section: str | None = None) -> Outcome:
    """Return the project so many semitones above its key from a section to the end; 0 is back in its key.

    section   without one, the last chorus, hook, drop or theme; of 0 the first that is lifted
    Notes, chords, tuned drums and audio that has a key move. Raises UserError.
    """
    project = with_sections(project)
    place = _usual(project.sections, semitones) if section is None else find_section(project, section)
    if place is None:
        raise UserError("there is no chorus that comes again", "name the section: song lift bridge")
    if place == 0 and semitones:
        raise UserError(f"{project.sections[0].name} is where the song begins", "transpose all moves the whole song")
    before = project.sections[place]
    if all(one.lift == semitones for one in project.sections[place:]):
        raise UserError(f"{before.name} is in {key_of(project, before).name} already")
    for at in range(place, len(project.sections)):
        project = _moved(project, at, semitones - project.sections[at].lift)
    now = key_of(project, project.sections[place])
    return Outcome(project, (f"from {before.name} on: {key_of(project, before).name} → {now.name}",))


def with_habit(
    row: tuple[Section, ...], habit: KeyLift, seed: int, semitones: int | None = None
) -> tuple[Section, ...]:
    """Return the sections of a song, those from its last chorus on in a higher key where its style has that.

    semitones   asked for in place of the style's habit; 0: none
    """
    rng = stream(seed, "lift")
    drawn = rng.choice(habit.semitones) if rng.random() < habit.chance else 0
    by, place = (drawn, last_main(row, _HEARD)) if semitones is None else (semitones, last_main(row))
    if not by or not place:
        return row
    return (*row[:place], *(one.evolve(lift=by) for one in row[place:]))


def lifted(project: ProjectState) -> ProjectState:
    """Return the project whose sections play in the keys that they have, where all play in that of the project."""
    for at, section in enumerate(project.sections):
        project = _moved(project.evolve(sections=_with_lift(project, at, 0)), at, section.lift)
    return project


def _usual(row: tuple[Section, ...], semitones: int) -> int | None:
    """Return from where a lift is meant that names no section."""
    lifted = next((at for at, one in enumerate(row) if one.lift), None)
    return last_main(row) if semitones or lifted is None else lifted


def last_main(row: Sequence[Section], least: int = 2) -> int | None:
    """Return the place of the last section of the kind that a song is about, None where that comes less often."""
    for kind in _MAIN:
        places = [at for at, one in enumerate(row) if one.kind.casefold() == kind]
        if len(places) >= least:
            return places[-1]
    return None


def _moved(project: ProjectState, place: int, by: int) -> ProjectState:
    """Return the project with a section so many semitones higher than it is."""
    if not by:
        return project
    section = project.sections[place]
    scope = Scope(section.name, (Stretch(*ticks_of(project, place)),), section.name)
    project = scoped(project, scope, partial(_raised, by=by))
    return project.evolve(sections=_with_lift(project, place, section.lift + by))


def _with_lift(project: ProjectState, place: int, semitones: int) -> tuple[Section, ...]:
    row = project.sections
    return (*row[:place], row[place].evolve(lift=semitones), *row[place + 1 :])


def _raised(window: ProjectState, by: int) -> ProjectState:
    """Return what plays in a stretch so many semitones higher; its tracks that do not play there are as they were."""
    made = key.moved(window, raised(window.key, by), lambda pitch: pitch + by).project
    for track in window.tracks:
        if not track.clips:
            made = made.with_track(track.id, lambda _, track=track: track)  # type: ignore[misc]
        for clip in track.clips:
            if clip.region is not None and clip.region.key is not None and clip.region.warp != "repitch":
                made = audioclips.transpose(made, clip.id, by)
    return made.evolve(key=window.key, provenance=window.provenance)
