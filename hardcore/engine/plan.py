"""The plan: which requests turn the live engine's mixer from one project into another, and no more than those.

    stages = plan(old, new, outputs=2)       old None: the engine is empty, such as after a crash

Pure. The SynthDefs that a project needs before anything sounds are `prepare`; the engine takes its time for them, so a
`/sync` belongs after them. (The sounds it needs are the player's loader's.) `change` is one instant: buses are numbered
by place in the project, so a bundle must make it whole, together with every note that follows. A tree changed step by
step equals one built at once.
"""

from collections.abc import Iterable
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, message
from hardcore.engine.structure import (
    AFTER,
    AT_HEAD,
    NOTHING_CUED,
    Branch,
    Cued,
    Node,
    branches,
    definitions,
    new_synth,
)
from hardcore.engine.synthdefs.store import parameter_defaults, synthdef_bytes
from hardcore.project.mixer import Instrument
from hardcore.project.state import ProjectState

LARGEST_DATAGRAM = 8000


class Plan(NamedTuple):
    """The requests of one change, in order.

    prepare   SynthDefs; the engine takes them at its leisure: wait for a /sync
    change    the mixer's change, at one instant
    """

    prepare: tuple[bytes, ...]
    change: tuple[bytes, ...]


def plan(
    old: ProjectState | None, new: ProjectState, outputs: int = 2, *, was_cued: Cued = NOTHING_CUED,
    cued: Cued = NOTHING_CUED,
) -> Plan:  # fmt: skip
    """Return the requests from `old` to `new`, and from what was cued to what is. Raises EngineError for a missing
    SynthDef."""
    if old is new and was_cued == cued:
        return Plan((), ())
    before = branches(old, outputs, meters=True, cued=was_cued) if old is not None else []
    after = branches(new, outputs, meters=True, cued=cued)
    had = {*definitions(old), _meter()} if old is not None else set()
    prepare = tuple(request for request in (*definitions(new), _meter()) if request not in had)
    if before == after:
        return Plan(prepare, tuple(_voices(old, new, outputs)))
    change = [*_order_groups(before, after), *_branches(before, after), *_voices(old, new, outputs)]
    return Plan(prepare, tuple(change))


def _meter() -> bytes:
    return message("/d_recv", synthdef_bytes("meter"))


def _order_groups(before: list[Branch], after: list[Branch]) -> Iterable[bytes]:
    """Yield what frees, starts and moves the tracks' groups."""
    kept = {branch.group for branch in after}
    for branch in before:
        if branch.group not in kept:
            yield message("/n_free", branch.group)
    present = [branch.group for branch in before if branch.group in kept]
    sources = {branch.group: branch.source for branch in after}
    for group, action, target, is_new in _placed(present, [branch.group for branch in after], nodes.ROOT):
        if is_new:
            yield message("/g_new", group, action, target)
            yield message("/g_new", sources[group], AT_HEAD, group)
        else:
            yield _move(group, action, target)


def _placed(present: list[int], wanted: list[int], parent: int) -> Iterable[tuple[int, int, int, bool]]:
    """Yield (node, add action, target, is new) for every node that is not where it should be."""
    there, known = list(present), set(present)
    for place, node in enumerate(wanted):
        if place < len(there) and there[place] == node:
            continue
        action, target = (AFTER, wanted[place - 1]) if place else (AT_HEAD, parent)
        if node in known:
            there.remove(node)
        there.insert(place, node)
        yield node, action, target, node not in known


def _move(node: int, action: int, target: int) -> bytes:
    return message("/n_after", node, target) if action == AFTER else message("/g_head", target, node)


def _branches(before: list[Branch], after: list[Branch]) -> Iterable[bytes]:
    old = {branch.group: branch for branch in before}
    for branch in after:
        was = old.get(branch.group, Branch(branch.group, branch.source, ()))
        if was != branch:
            yield from _nodes(was, branch)


def _nodes(was: Branch, now: Branch) -> Iterable[bytes]:
    """Yield what makes one track's synths right: freed, started, moved, set."""
    wanted = {node.id: node for node in now.nodes}
    had = {node.id: node for node in was.nodes}
    same = {node.id for node in was.nodes if node.id in wanted and wanted[node.id].name == node.name}
    for node in was.nodes:
        if node.id not in same:
            yield message("/n_free", node.id)
    # The group of the notes stays first: everything else comes after it.
    present = [now.source, *(node.id for node in was.nodes if node.id in same)]
    for node_id, action, target, is_new in _placed(present, [now.source, *wanted], now.group):
        if is_new:
            yield new_synth(wanted[node_id], action, target)
        else:
            yield _move(node_id, action, target)
    for node_id in sorted(same):
        changed = _changed(had[node_id], wanted[node_id])
        if changed:
            yield message("/n_set", node_id, *changed)


def _changed(was: Node, now: Node) -> list[Argument]:
    """Return the controls that differ, as pairs; what is no longer said goes back to the SynthDef's default."""
    old, new = dict(was.controls), dict(now.controls)
    gone = [name for name in old if name not in new]
    if gone:
        defaults = parameter_defaults(synthdef_bytes(now.name))
        new |= {name: float(defaults[name]) for name in gone}
    return [part for name, value in new.items() if old.get(name) != value for part in (name, value)]


def _voices(old: ProjectState | None, new: ProjectState, outputs: int) -> Iterable[bytes]:
    """Yield what sounding notes must follow: their track's bus, and their instrument's settings."""
    if old is None:
        return
    before, after = nodes.buses(old, outputs), nodes.buses(new, outputs)
    instruments = {track.id: track.instrument for track in old.tracks}
    for track in new.tracks:
        if track.id not in before:
            continue
        changed: list[Argument] = []
        if before[track.id] != after[track.id]:
            changed += ["out", after[track.id]]
        changed += _turned(instruments[track.id], track.instrument)
        if changed:
            yield message("/n_set", nodes.source_group(track.id), *changed)


def _turned(old: Instrument | None, new: Instrument | None) -> list[Argument]:
    if old is None or new is None or old is new or old.device != new.device:
        return []
    was, now = old.chosen, new.chosen
    names = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    return [part for name in names for part in (name, float(new.value(name)))]


def datagrams(requests: Iterable[bytes]) -> list[list[bytes]]:
    """Return the requests in order, in packs that fit a datagram; a larger one stands alone."""
    packs: list[list[bytes]] = []
    room = 0
    for request in requests:
        if not packs or len(request) + 4 > room:
            packs.append([])
            room = LARGEST_DATAGRAM - 16
        packs[-1].append(request)
        room -= len(request) + 4
    return packs
