"""The plan: a tree changed step by step equals one built at once, and what did not change is not touched."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, decode
from hardcore.engine.plan import LARGEST_DATAGRAM, datagrams, plan
from hardcore.engine.synthdefs.store import parameter_defaults, synthdef_bytes
from hardcore.project import tracks
from hardcore.project.state import ProjectState, new_project
from tests.project.edits import random_edit
from tests.song import song


class Tree:
    """A node tree as scsynth keeps it: groups' children in order, synths' names and controls."""

    def __init__(self) -> None:
        self.children: dict[int, list[int]] = {0: []}
        self.synths: dict[int, tuple[str, dict[str, float]]] = {}
        self.parent: dict[int, int] = {}

    def do(self, packet: bytes) -> None:
        """Follow one request. Raises when scsynth would complain."""
        ((address, words),) = decode(packet)[1]
        getattr(self, address[1:])(*words)

    def g_new(self, node: int, action: int, target: int) -> None:
        self._place(node, action, target)
        self.children[node] = []

    def s_new(self, name: str, node: int, action: int, target: int, *controls: Argument) -> None:
        self._place(node, action, target)
        values = parameter_defaults(synthdef_bytes(name))
        self.synths[node] = (name, values | self._pairs(values, controls))

    def n_set(self, node: int, *controls: Argument) -> None:
        if node in self.synths:
            values = self.synths[node][1]
            values |= self._pairs(values, controls)
        else:
            assert node in self.children, f"no node {node}"

    def _pairs(self, known: dict[str, float], controls: tuple[Argument, ...]) -> dict[str, float]:
        found = {str(name): float(value) for name, value in zip(controls[::2], controls[1::2], strict=True)}
        assert set(found) <= set(known), set(found) - set(known)
        return found

    def _place(self, node: int, action: int, target: int) -> None:
        assert node not in self.parent, f"{node} is there already"
        parent = target if action < 2 else self.parent[target]
        row = self.children[parent]
        row.insert({0: 0, 1: len(row)}[action] if action < 2 else row.index(target) + action - 2, node)
        self.parent[node] = parent

    def n_free(self, node: int) -> None:
        self.children[self.parent.pop(node)].remove(node)
        self.synths.pop(node, None)
        for child in list(self.children.get(node, ())):
            self.n_free(child)
        self.children.pop(node, None)

    def n_after(self, node: int, target: int) -> None:
        self.children[self.parent.pop(node)].remove(node)
        self._place(node, 3, target)

    def g_head(self, group: int, node: int) -> None:
        self.children[self.parent.pop(node)].remove(node)
        self._place(node, 0, group)

    def picture(self, node: int = 0) -> object:
        """Return the tree below a node as nested values."""
        if node in self.synths:
            return node, *self.synths[node]
        return node, [self.picture(child) for child in self.children[node]]


def built(project: ProjectState) -> Tree:
    tree = Tree()
    for request in plan(None, project).change:
        tree.do(request)
    return tree


@given(st.integers(0, 2**32))
def test_a_tree_changed_step_by_step_equals_one_built_at_once(seed: int) -> None:
    rng, project = random.Random(seed), song() if seed % 2 else new_project()
    tree = built(project)
    for _ in range(20):
        name, after = random_edit(project, rng)
        for request in plan(project, after).change:
            tree.do(request)
        assert tree.picture() == built(after).picture(), name
        project = after


@given(st.integers(0, 2**32))
def test_undo_of_many_edits_at_once_is_right_too(seed: int) -> None:
    rng, project = random.Random(seed), song()
    later = project
    for _ in range(12):
        later = random_edit(later, rng)[1]
    tree = built(later)
    for request in plan(later, project).change:
        tree.do(request)
    assert tree.picture() == built(project).picture()


def test_nothing_is_asked_where_nothing_changed() -> None:
    project = song()
    assert plan(project, project) == ((), ())
    assert plan(project, project.evolve(title="another")) == ((), ())


def test_a_fader_is_one_request_and_needs_no_preparation() -> None:
    project = song()
    kick = project.find_track("kick").id
    prepare, change = plan(project, project.with_mixer(kick, gain_db=-3))
    assert not prepare
    assert [decode(request)[1] for request in change] == [[("/n_set", [nodes.strip_node(kick), "gain_db", -3.0])]]


def test_a_new_effect_is_prepared_once() -> None:
    project = song()
    one, _ = tracks.add_effect(project, project.find_track("kick").id, "chorus")
    two, _ = tracks.add_effect(one, project.find_track("hats").id, "chorus")
    assert len(plan(project, one).prepare) == 1
    assert plan(one, two).prepare == ()
    assert len(plan(one, two).change) == 1


def test_sounding_notes_follow_their_instruments_settings() -> None:
    project = song()
    bass = project.find_track("bass").id
    after = tracks.set_parameter(project, bass, "cutoff", 500)
    ((address, words),) = decode(plan(project, after).change[0])[1]
    assert (address, words) == ("/n_set", [nodes.source_group(bass), "cutoff", 500.0])
    back = decode(plan(after, project).change[0])[1][0][1]
    assert back[2] == project.find_track("bass").instrument.value("cutoff")  # type: ignore[union-attr]


def test_a_large_change_travels_in_small_datagrams_in_order() -> None:
    project = new_project()
    for number in range(60):
        project, _ = tracks.add_track(project, f"track {number}", instrument="sub")
    change = plan(None, project).change
    packs = datagrams(change)
    assert [request for pack in packs for request in pack] == list(change)
    assert len(packs) > 1
    assert all(16 + sum(4 + len(request) for request in pack) <= LARGEST_DATAGRAM for pack in packs)
