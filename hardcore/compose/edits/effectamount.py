"""More and less of an effect, or of one of its parameters, wherever a part has it."""

from collections.abc import Callable, Sequence
from math import log10

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.chain import Heard, has, heard, kinds_of, return_of
from hardcore.compose.edits.effects import add
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameters import Place, moved
from hardcore.compose.edits.sends import OFF_DB, send, sent
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import effect_called, parameter_called, parameter_words, plain
from hardcore.project import devices
from hardcore.project.parts import device_of, plays
from hardcore.project.roles import Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.units import Quantity

# what is more of an effect: a parameter that goes up, or down after a minus; the first that still can move
AMOUNTS = {
    "filter": ("-cutoff",), "ladder": ("-cutoff", "resonance"), "drive": ("drive", "mix"),
    "bitcrusher": ("-bits", "-rate"), "wavefolder": ("fold",), "exciter": ("amount",), "sub_enhancer": ("amount",),
    "width": ("width",), "utility": ("gain",), "compressor": ("-threshold", "ratio"), "sidechain": ("range",),
    "limiter": ("gain",), "multiband": ("-threshold", "ratio"), "gate": ("threshold",), "transient": ("attack",),
    "tremolo": ("depth",), "autopan": ("depth",), "trance_gate": ("depth",), "phaser": ("depth", "feedback", "mix"),
    "radio": ("drive", "mix"),
}  # fmt: skip
USUAL = ("mix", "depth", "feedback")
STEP_DB, BEGIN_DB, MOST_DB, LEAST_DB = 4.0, -16.0, 0.0, -40.0
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
    they have none; only where none of them has any it begins, on all but kick and bass.
    """
    term = effect_called(words) if not _is_place(words) else None
    begin = _begins(move) and parameter is None
    here = [track for track in tracks if heard(project, track, words) or _own(track, words)]
    if not named:
        fit = [track for track in tracks if plays(track) and track.role not in LOW]
        tracks = here or (fit if begin else [])
    said: list[str] = []
    failed: list[str] = []
    done: set[str] = set()
    for track in tracks:
        there = heard(project, track, words)
        if there is not None and not (parameter is None and there.through):
            if there.effect.id not in done:
                done.add(there.effect.id)
                project, line, why = _of_effect(project, there, parameter, move)
                said += [line] if line else []
                failed += [why] if why else []
            continue
        if there is not None:
            outcome = _of_send(project, track, there.track, move)
        elif (own := _own(track, words)) is not None:
            project, line, why = moved(project, track, own, move)
            outcome = Outcome(project, (line,) if line else (), (why,) if why else ())
        elif begin and term is not None:
            outcome = _begun(project, track, words, move)
        else:
            outcome = Outcome(project, (), (f"{track.name} has no {words}{has(track)}",))
        project = outcome.project
        said += outcome.said
        failed += outcome.failed
    if not said and not failed:
        failed.append(f"nothing has a {words} to {'turn down' if parameter is None else 'change'}")
    return Outcome(project, tuple(said), tuple(failed))


def _is_place(words: str) -> bool:
    return words.isdecimal() or (words[:1] == "e" and words[1:].isdecimal())


def _begins(move: Move) -> bool:
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
    device = devices.effect(there.effect.device)
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


def _of_send(project: ProjectState, track: Track, bus: Track, move: Move) -> Outcome:
    """Return the project with a send moved: a step is 4 dB, up to 0 dB, and below −40 dB it is gone."""
    level = _level(move)
    here = sent(track, bus)
    assert here is not None
    if move.steps is None:
        return send(project, [track], bus, Amount(to=round(max(level(here.gain_db), OFF_DB), 1)), here.pre)
    after = min(level(here.gain_db), max(MOST_DB, here.gain_db))
    outcome = send(project, [track], bus, Amount(to=OFF_DB if after < LEAST_DB else round(after, 1)), here.pre)
    stays = (f"{track.name} sends {here.gain_db:g} dB to {bus.name}, as far as it goes",)
    return outcome if outcome.said else outcome._replace(failed=stays)


def _level(move: Move) -> Callable[[float], float]:
    """Return what a move does to a send in dB: steps of 4 dB, decibels, a factor of its amplitude, per cent of 0 dB."""
    if move.steps is not None:
        by = STEP_DB * move.steps
        return lambda before: before + by
    if move.factor is not None:
        more = 20 * log10(move.factor)
        return lambda before: before + more
    if move.by is not None:
        share = 1 + move.by.value / 100 if move.by.unit == "percent" else None
        db = _decibels(move.by, share)
        return lambda before: before + db
    assert move.to is not None
    # "reverb at 40" is 40 % of full, "at -9" decibels
    percent = move.to.unit == "percent" or (not move.to.unit and move.to.value >= 0)
    to = _decibels(move.to, move.to.value / 100 if percent else None)
    return lambda before: to


def _decibels(said: Quantity, share: float | None) -> float:
    """Return decibels that were said, or those of a share of the amplitude."""
    if share is not None:
        return 20 * log10(share) if share > 10 ** (OFF_DB / 20) else OFF_DB
    if said.unit not in ("", "db"):
        raise UserError(f"{said.text()} is no level of a send", "dB, or per cent of 0 dB")
    return said.value


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
        made, line, why = _of_effect(outcome.project, there, None, move)
        return Outcome(made, (line,) if line else outcome.said, (why,) if why else ())
    level = BEGIN_DB + STEP_DB * (move.steps - 1) if move.steps is not None else _level(move)(BEGIN_DB)
    return send(project, [track], bus, Amount(to=min(level, MOST_DB)))
