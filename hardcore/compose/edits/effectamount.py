"""More and less of an effect, or of one of its parameters, wherever a part has it."""

from collections.abc import Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.chain import Heard, has, heard, kinds_of, return_of
from hardcore.compose.edits.effects import add
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameters import Place, moved
from hardcore.compose.edits.sends import MOST_DB, STEP_DB, send, send_level, turn_send
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import effect_called, parameter_called, parameter_words, plain
from hardcore.project.parts import device_of, plays
from hardcore.project.roles import Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# what is more of an effect: a parameter that goes up, or down after a minus; the first that still can move
AMOUNTS = {
    "filter": ("-cutoff",), "ladder": ("-cutoff", "resonance"), "drive": ("drive", "mix"),
    "bitcrusher": ("-bits", "-rate"), "wavefolder": ("fold",), "exciter": ("amount",), "sub_enhancer": ("amount",),
    "width": ("width",), "utility": ("gain",), "compressor": ("-threshold", "ratio"), "sidechain": ("range",),
    "limiter": ("gain",), "multiband": ("-threshold", "ratio"), "gate": ("threshold",), "transient": ("attack",),
    "tremolo": ("depth",), "autopan": ("depth",), "trance_gate": ("depth",), "phaser": ("depth", "feedback", "mix"),
    "radio": ("drive", "mix"), "beat_repeat": ("-time",),
}  # fmt: skip
USUAL = ("mix", "depth", "feedback")
BEGIN_DB = -16.0
# they stay dry unless they are named
LOW: tuple[Role, ...] = ("kick", "sub", "bass")

Made = tuple[ProjectState, str, str]


def change(
    project: ProjectState, tracks: Sequence[Track], words: str, parameter: str | None, move: Move, *, named: bool = True
) -> Outcome:
    """Return the project with more or less of an effect on the tracks, or with a parameter of it moved.

    It is looked for, in that order, as an insert, as a send to a return of its kind (whose level is its amount, and
    whose effect has the parameters, moved once), and as a parameter of the instrument by that name. Where it is not and
    more is asked for, it begins as `effects.add` has it. Tracks that were not `named` one by one are left alone where
    they have none; where none of them has any, those of groups, returns and the master are meant, and where there is
    none either it begins, on all but kick and bass.
    """
    if not named:
        tracks = _having(project, tracks, words, parameter, move)
    said: list[str] = []
    failed: list[str] = []
    done: set[str] = set()  # what several tracks hear through a return is moved once
    for track in tracks:
        there = heard(project, track, words)
        if there is None or (parameter is None and there.through):
            outcome = _without_insert(project, track, there, words, parameter, move)
        elif there.effect.id in done:
            continue
        else:
            done.add(there.effect.id)
            outcome = _outcome(_of_effect(project, there, parameter, move))
        project = outcome.project
        said += outcome.said
        failed += outcome.failed
    if not said and not failed:
        failed.append(f"nothing has a {words} to {'turn down' if parameter is None else 'change'}")
    return Outcome(project, tuple(said), tuple(failed))


def _having(
    project: ProjectState, tracks: Sequence[Track], words: str, parameter: str | None, move: Move
) -> Sequence[Track]:
    """Return which of the tracks are meant that were not named one by one."""
    here = [track for track in tracks if heard(project, track, words) or _own(track, words)]
    # the amount of a return is how much is sent to it
    kinds = ("group", "master") if parameter is None else ("group", "return", "master")
    buses = [track for track in project.tracks if track.kind in kinds and heard(project, track, words)]
    if here or buses:
        return here or buses
    begins = parameter is None and _is_more(move)
    return [track for track in tracks if plays(track) and track.role not in LOW] if begins else []


def _without_insert(
    project: ProjectState, track: Track, there: Heard | None, words: str, parameter: str | None, move: Move
) -> Outcome:
    """Return the project with a send, the instrument's own parameter, or a new effect of a track moved."""
    if there is not None:
        return turn_send(project, track, there.track, move)
    own = _own(track, words)
    if own is not None and parameter is None:
        return _outcome(moved(project, track, own, move))
    if parameter is None and _is_more(move) and not _is_place(words):
        return _begun(project, track, words, move)
    return Outcome(project, (), (f"{track.name} has no {words}{has(track)}",))


def _outcome(made: Made) -> Outcome:
    project, line, why = made
    return Outcome(project, (line,) if line else (), (why,) if why else ())


def _is_place(words: str) -> bool:
    return words.isdecimal() or (words[:1] == "e" and words[1:].isdecimal())


def _is_more(move: Move) -> bool:
    """Return whether a move asks for more of what need not be there."""
    if move.steps is not None:
        return move.steps > 0
    return (move.by is not None and move.by.value > 0) or (move.to is not None and move.to.value != 0)


def _own(track: Track, words: str) -> Place | None:
    """Return the instrument's parameter that has the name of an effect, such as a kick's drive or an organ's rotary."""
    if not plays(track):
        return None
    known = [parameter for parameter in device_of(track).shown if plain(parameter.id) == plain(words)]
    if not known and not _is_place(words):
        same = effect_called(words).device
        known = [parameter for parameter in device_of(track).shown if parameter.id == same]
    return Place(track.id, device_of(track), known[0]) if known else None


def _of_effect(project: ProjectState, there: Heard, parameter: str | None, move: Move) -> Made:
    device = there.effect.definition
    if parameter is not None:
        found = parameter_called(device, parameter)
        if found is None:
            raise UserError(f"{device.id} has no parameter '{parameter}'", nearest(parameter, parameter_words(device)))
        return moved(project, there.track, Place(there.effect.id, device, found), move)
    made: Made = (project, "", f"{there.track.name} {device.name}: set one of its parameters, it has no amount")
    ids = [one.id for one in device.shown]
    wanted = AMOUNTS.get(device.id, USUAL)
    for name in (name for name in wanted if name.removeprefix("-") in ids):
        place = Place(there.effect.id, device, device.parameter(name.removeprefix("-")))
        made = moved(project, there.track, place, _turned(move) if name.startswith("-") else move)
        if made[1] or move.steps is None:
            return made
    return made


def _turned(move: Move) -> Move:
    """Return a move of an amount for a parameter that is less the more of it there is."""
    if move.steps is not None:
        return move._replace(steps=-move.steps)
    return move._replace(by=move.by._replace(value=-move.by.value)) if move.by is not None else move


def _begun(project: ProjectState, track: Track, words: str, move: Move) -> Outcome:
    """Return the project with an effect on a track that had none: at its beginning, or as far as was said."""
    term = effect_called(words)
    bus = return_of(project, kinds_of(term)) if term.send else None
    if bus is None or track.kind in ("return", "master"):
        outcome = add(project, [track], words)
        if move.steps is not None or not outcome.said:
            return outcome
        there = heard(outcome.project, outcome.project.find_track(track.id), words)
        assert there is not None
        turned = _outcome(_of_effect(outcome.project, there, None, move))
        return turned if turned.said else outcome
    level = BEGIN_DB + STEP_DB * (move.steps - 1) if move.steps is not None else send_level(move)(BEGIN_DB)
    return send(project, [track], bus, Amount(to=min(level, MOST_DB)))
