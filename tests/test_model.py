"""Models: what an edit leaves alone stays the same object, and nothing gets in unchecked."""

from typing import Annotated

import pytest
from pydantic import ValidationError

from hardcore.model import Model, Shared


class Leaf(Model):
    number: int


class Tree(Model):
    name: str = ""
    leaves: Annotated[tuple[Leaf, ...], Shared.most(3)] = ()


def test_a_shared_tuple_and_its_items_are_the_same_objects_after_an_edit_of_something_else() -> None:
    tree = Tree(leaves=(Leaf(number=1), Leaf(number=2)))
    other = tree.evolve(name="other")
    assert other.leaves is tree.leaves
    grown = other.evolve(leaves=(*other.leaves, Leaf(number=3)))
    assert grown.leaves is not tree.leaves
    assert grown.leaves[0] is tree.leaves[0]
    assert grown.evolve(name="").leaves is grown.leaves
    assert Tree().evolve(name="x").leaves is Tree().leaves


def test_what_checks_children_is_built_when_there_are_some() -> None:
    class Branch(Model):
        number: int

    class Wood(Model):
        branches: Annotated[tuple[Branch, ...], Shared.most(3)] = ()

    assert Wood().branches == ()
    assert not Branch.__pydantic_complete__
    assert Wood(branches=({"number": 1},)).branches == (Branch(number=1),)


def test_a_shared_tuple_is_a_tuple_to_everyone_else() -> None:
    tree = Tree(leaves=[{"number": 1}])
    assert tree.leaves == (Leaf(number=1),)
    assert tree == Tree.model_validate_json(tree.model_dump_json())
    assert hash(tree.leaves) == hash((Leaf(number=1),))
    assert Tree.model_json_schema()["properties"]["leaves"]["maxItems"] == 3


@pytest.mark.parametrize("wrong", [None, 0, False, "", "abc", [{"number": "x"}], [{}], [Leaf(number=1)] * 4])
def test_what_is_no_such_tuple_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Tree(leaves=wrong)
    with pytest.raises(ValidationError):
        Tree().evolve(leaves=wrong)
