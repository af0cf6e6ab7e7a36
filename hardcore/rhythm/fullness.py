"""How full a layer of a draft is: more or fewer of its steps, whichever way it decides them."""

from hardcore.music.ticks import PPQ
from hardcore.rhythm.config import Rhythm, meter_point
from hardcore.rhythm.draft import Draft
from hardcore.rhythm.euclid import euclid
from hardcore.rhythm.masks import step_weights
from hardcore.rhythm.metrics import entropy
from hardcore.rhythm.session import perform

_LISTENED_BARS = 16


def hats_of(draft: Draft) -> list[str]:
    """Return the layers that words mean by hats: the closed ones, else whatever keeps the time like them."""
    for roles in (("hat_closed",), ("hat_open",), ("ride", "shaker")):
        if found := list(draft.with_role(*roles)):
            return found
    return []


def busier(draft: Draft, name: str, amount: float) -> None:
    """Let a layer play `amount` steps more in a bar of sixteen (below 0 fewer), and its chances follow."""
    layer = draft.layers[name]
    whole = max(1, round(abs(amount) * layer["steps"] / 16))
    steps = whole if amount > 0 else -whole
    if layer["markov"]:
        for field in ("ceil", "start", "floor") if amount > 0 else ("floor", "start", "ceil"):
            draft.move(f"{name}.markov.{field}", 0.05 * amount, 0.02, 0.98)
    if draft.rhythm.density_of(name) is not None:
        _aim(draft, name, steps)
    elif layer["pattern"] is not None:
        _repattern(draft, name, steps)
    elif layer["offbeats_only"] and not layer["markov"]:
        _spell(draft, name)
        _repattern(draft, name, steps)
    elif not layer["markov"]:
        draft.move(f"{name}.fills", steps, min(1, layer["fills"]), layer["steps"])
    for number, condition in enumerate(layer["conditions"]):
        if condition["kind"] == "PROB" and not condition["negate"] and condition["p"] > 0:
            draft.move(f"{name}.conditions.{number}.p", 0.1 * amount, 0.1, 1.0)


def _heard(rhythm: Rhythm, name: str) -> float:
    """Return the share of a layer's steps that sound, over some bars."""
    play = perform(rhythm, bars=_LISTENED_BARS)
    notes = play.notes.of_layer(list(rhythm.layers).index(name))
    return len(set(notes.grid.tolist())) / (_LISTENED_BARS * rhythm.layers[name].steps)


def _aim(draft: Draft, name: str, steps: int) -> None:
    """Move the density target by whole steps; the mask and the entropy's band make room for it."""
    layer, targets = draft.layers[name], draft.data["targets"]
    session = layer["density_target"] is None
    path = "targets.hat_density_target" if session else f"{name}.density_target"
    section, field = draft.section(path)
    if section[field] is None:
        aim = draft.rhythm.density_of(name)
        banded = targets["H_low"] is not None or targets["H_high"] is not None
        section[field] = round(_heard(draft.rhythm, name), 4) if banded or aim is None else aim[0]
        if session and targets["hat_density_tol"] is None:
            targets["hat_density_tol"] = 0.05
    if not draft.move(path, steps / layer["steps"], 1 / layer["steps"], 1.0):
        return
    wanted = round(section[field] * layer["steps"])
    if layer["pattern"] is None and not layer["offbeats_only"] and layer["fills"] < wanted:
        draft.put(f"{name}.fills", wanted)
    if session:
        _widen(draft, entropy(wanted / layer["steps"]))


def _widen(draft: Draft, wanted: float) -> None:
    targets = draft.data["targets"]
    if targets["H_low"] is not None and wanted < targets["H_low"]:
        draft.put("targets.H_low", max(0.0, round(wanted - 0.005, 3)))
    if targets["H_high"] is not None and wanted > targets["H_high"]:
        draft.put("targets.H_high", min(1.0, round(wanted + 0.005, 3)))


def _spell(draft: Draft, name: str) -> None:
    """Write a layer that is held to the halves of the beat as a pattern, so that single steps can come and go."""
    layer, part = draft.layers[name], draft.rhythm.layers[name]
    bar = meter_point(part.bar).bar_ticks if part.bar else draft.rhythm.bar_ticks
    mask = euclid(part.steps, part.fills, part.rot)
    places = [step * bar // part.steps % PPQ for step in range(part.steps)]
    marks = ["x" if hit and place == PPQ // 2 else "." for hit, place in zip(mask, places, strict=True)]
    layer.update(pattern="".join(marks), fills=0, rot=0, offbeats_only=False)


def _repattern(draft: Draft, name: str, steps: int) -> None:
    """Fill the strongest silent steps of a pattern, or empty its weakest ones; one hit stays."""
    layer = draft.layers[name]
    marks = list(layer["pattern"])
    bar = meter_point(layer["bar"]).bar_ticks if layer["bar"] else draft.rhythm.bar_ticks
    # a hat between beats adds more than one that a kick covers
    weights = [0.3 if weight == 1.0 else weight for weight in step_weights(len(marks), bar)]
    wanted = "." if steps > 0 else "x"
    free = [place for place, mark in enumerate(marks) if (mark.lower() == "x") == (wanted == "x")]
    free.sort(key=lambda place: (-weights[place] if steps > 0 else weights[place], place))
    if steps < 0:
        free = free[: max(0, sum(mark.lower() == "x" for mark in marks) - 1)]
    for place in free[: abs(steps)]:
        marks[place] = "x" if steps > 0 else "."
    if not free:
        draft.limits.append(f"{name}.pattern is {'full' if steps > 0 else 'down to one hit'} already")
        return
    draft.put(f"{name}.pattern", "".join(marks))


def fixed_hats(draft: Draft, name: str) -> None:
    """Give a layer whose bars are drawn one mask for all of them, as full as it was."""
    layer = draft.layers[name]
    if not layer["markov"]:
        return
    share = _heard(draft.rhythm, name)
    draft.put(f"{name}.markov", None)
    if layer["pattern"] is None and not layer["offbeats_only"]:
        aim = draft.rhythm.density_of(name)
        wanted = round((aim[0] if aim and draft.data["targets"]["H_low"] is None else share) * layer["steps"])
        draft.put(f"{name}.fills", min(max(1, wanted), layer["steps"]))
