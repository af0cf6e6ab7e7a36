"""Restyling: the piece in another style: new drums, accompaniment, sounds, mix; its key, chords, tune and form stay.

The tune is what leads, and what was made by hand and plays pitches. The tempo stays where the style is played at it,
else it is the style's own; a style of another meter (a waltz) brings its meter, to which the tune is taken bar by bar.
"""

from hardcore.compose.edits.chords import progression_of
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.rebar import Bars, first_meter, rebarred
from hardcore.compose.edits.tempo import set_tempo
from hardcore.compose.edits.wholesale import transplanted
from hardcore.compose.intent import Intent
from hardcore.compose.producer import asked_of, compose, words_of
from hardcore.compose.vary import from_prompt
from hardcore.errors import UserError
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.loader import genre
from hardcore.music.meter import parse_meter
from hardcore.project.grooves import adopt
from hardcore.project.parts import is_melodic
from hardcore.project.routing import ensure_no_loop
from hardcore.project.scope import length_bars
from hardcore.project.state import ProjectState
from hardcore.project.timeline import scene_length
from hardcore.project.track import Track

_LONGEST = 64  # bars of new material; longer clips repeat it


def restyle(project: ProjectState, style: str, seed: int) -> Outcome:
    """Return the project in the style whose id is given. Raises UserError where it has nothing, or is in it already."""
    known, asked = genre(style), asked_of(project)
    if asked is not None and asked.genre == style:
        raise UserError(f"it is {known.name} already", f"part vary makes parts anew, /new {known.name} another piece")
    if not any(clip.notes for _, clip in project.clips()):
        raise UserError("there is nothing to restyle", f"type a prompt, such as: {known.name}")
    said = [f"style {genre(asked.genre).name if asked else 'made by hand'} → {known.name}"]
    project, lines = _in_time(project, known)
    said += lines
    intent = _intent(project, style)
    made = compose(intent, seed)
    kept = {track.id for track in project.tracks if _is_tune(track) or track.kind == "audio"}
    before = {track.id: track.name for track in project.tracks if track.kind == "midi"}
    project = _grooved(transplanted(project, made, kept, seed), made)
    project = _from(project, intent, known.name)
    ensure_no_loop(project)
    return Outcome(project, (*said, *_told(project, before, kept)))


def _in_time(project: ProjectState, known: Genre) -> tuple[ProjectState, list[str]]:
    """Return the project in the style's meter, at a tempo it is played at."""
    said: list[str] = []
    meter, bpm = parse_meter(known.meter), project.tempo_map.bpm
    old = project.meter_map
    if meter != (old.numerator, old.denominator):
        bars = Bars(old, old.with_meter(*meter))
        project = rebarred(project, bars, Bars(first_meter(bars.old), first_meter(bars.new)))
        said.append(f"meter {old.text} → {project.meter_map.text}")
    if not known.tempo.low <= bpm <= known.tempo.high:
        project, lines, _ = set_tempo(project, known.tempo.default)
        said += lines[:1]
    return project, said


def _intent(project: ProjectState, style: str) -> Intent:
    """Return what the style is to make: parts of its own over the chords that are there."""
    source = project.provenance
    first = next((scene for scene in project.scenes if scene.slots), project.scenes[0])
    bars = project.meter_map.bar_of(scene_length(project, first)) or length_bars(project)
    return Intent(
        prompt=source.prompt if source else "",
        genre=style,
        bpm=project.tempo_map.bpm,
        key=project.key,
        numerator=project.meter_map.numerator,
        denominator=project.meter_map.denominator,
        bars=min(max(bars, 1), _LONGEST),
        progression=progression_of(project),
        include=tuple(dict.fromkeys(track.role for track in project.tracks if track.role and _is_tune(track))),
    )


def _is_tune(track: Track) -> bool:
    """Return whether a part's notes are the piece's own: what leads, and what was made by hand."""
    if not is_melodic(track) or not any(len(clip.notes) for clip in track.clips):
        return False
    return track.role == "lead" or not any(from_prompt(track, clip) for clip in track.clips)


def _grooved(project: ProjectState, made: ProjectState) -> ProjectState:
    """Return the project played with the groove of the style."""
    project = project.evolve(active_groove=None, groove_amount=1.0, groove_velocity=None)
    if made.groove is None:
        return project
    project, groove_id = adopt(project, made.groove)
    return project.evolve(active_groove=groove_id, groove_amount=made.groove_amount)


def _from(project: ProjectState, intent: Intent, name: str) -> ProjectState:
    """Return the project that knows what it is made from now; it stays the piece it was, by its prompt and seed."""
    source, old = project.provenance, asked_of(project)
    title = name if old is not None and project.title == genre(old.genre).name else project.title
    if source is None:
        return project.evolve(title=title)
    return project.evolve(title=title, provenance=source.evolve(intent=words_of(intent)))


def _told(project: ProjectState, before: dict[str, str], kept: set[str]) -> list[str]:
    now = {track.id: track.name for track in project.tracks if track.kind == "midi"}
    added = [name for track_id, name in now.items() if track_id not in before]
    gone = [name for track_id, name in before.items() if track_id not in now]
    tune = [name for track_id, name in now.items() if track_id in kept]
    lines = [f"{project.key.name}, {len(progression_of(project))} bars of chords and the form as they were"]
    lines += [f"{', '.join(tune)}: the tune as it was"] if tune else []
    lines += [f"new parts: {', '.join(added)}"] if added else []
    return lines + ([f"gone: {', '.join(gone)}"] if gone else [])
