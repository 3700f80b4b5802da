"""A network as rows: which lie in which, where a layer can go between two of them, and one place up or down."""

from __future__ import annotations

import pytest

from engine.networks.trace import Path
from gui.widgets.stack.stack_rows import DropSlot, beside, droppable, inside, is_branch, parent, slots, step
from tests.gui.widgets.stacks import BRANCHED, rows_of

ROWS = rows_of(BRANCHED, (3, 32, 32), folded={(1, "layers", 2)})
PATHS = [row.path for row in ROWS]
RESIDUAL: Path = (1, "layers", 0)


def between(above: Path, below: Path | None) -> tuple[DropSlot, ...]:
    number = PATHS.index(above) + 1
    assert below is None or PATHS[number] == below
    return slots(ROWS, number)


@pytest.mark.parametrize(
    ("path", "branch", "outer"),
    [
        ((), False, ()),
        ((3,), False, ()),
        ((3, "main"), True, (3,)),
        ((3, "branches", 1), True, (3,)),
        ((3, "branches", 1, 0), False, (3,)),
        ((1, "layers", 3), False, (1,)),
        ((1, "layers", 3, "main", 2), False, (1, "layers", 3)),
        ((1, "layers", 3, "main"), True, (1, "layers", 3)),
    ],
)
def test_a_path_says_what_it_leads_to_and_where_it_lies(path: Path, branch: bool, outer: Path) -> None:
    assert is_branch(path) is branch
    assert parent(path) == outer


def test_a_path_lies_in_itself_and_in_what_is_around_it_and_not_in_its_neighbour() -> None:
    assert inside((1, "main", 0), (1,))
    assert inside((1,), (1,))
    assert not inside((10,), (1,))
    assert beside((1, "main", 0), 2) == (1, "main", 2)


def test_under_the_input_a_layer_becomes_the_first() -> None:
    assert between((), (0,)) == (DropSlot((0,), 0),)


def test_under_what_a_composite_opens_a_layer_goes_before_its_first() -> None:
    assert between((1,), RESIDUAL) == (DropSlot((1, "layers", 0), 1),)
    assert between((*RESIDUAL, "main"), (*RESIDUAL, "main", 0)) == (DropSlot((*RESIDUAL, "main", 0), 2),)


def test_between_a_composite_and_the_heading_of_its_first_branch_nothing_can_go() -> None:
    assert between(RESIDUAL, (*RESIDUAL, "main")) == ()


def test_at_the_end_of_a_branch_a_layer_goes_behind_its_last_and_not_out_of_a_composite_that_goes_on() -> None:
    assert between((*RESIDUAL, "main", 4), (*RESIDUAL, "shortcut")) == (DropSlot((*RESIDUAL, "main", 5), 2),)


def test_an_empty_branch_takes_a_layer_and_below_it_the_composite_ends() -> None:
    assert between((*RESIDUAL, "shortcut"), (1, "layers", 1)) == (
        DropSlot((1, "layers", 1), 1),
        DropSlot((*RESIDUAL, "shortcut", 0), 2),
    )


def test_where_composites_end_a_layer_goes_as_deep_as_one_likes() -> None:
    assert between((1, "layers", 3), (2,)) == (DropSlot((2,), 0), DropSlot((1, "layers", 4), 1))
    assert between((2, "branches", 1, 1), (3,)) == (DropSlot((3,), 0), DropSlot((2, "branches", 1, 2), 1))


def test_a_folded_composite_is_passed_like_a_layer() -> None:
    assert between((1, "layers", 2), (1, "layers", 3)) == (DropSlot((1, "layers", 3), 1),)


def test_at_the_very_end_a_layer_becomes_the_last() -> None:
    assert slots(ROWS, len(ROWS)) == (DropSlot((6,), 0),)


def test_a_layer_goes_neither_into_itself_nor_to_where_it_is() -> None:
    assert not droppable(DropSlot((1, "layers", 0), 1), (1,))
    assert not droppable(DropSlot((1,), 0), (1,))
    assert not droppable(DropSlot((2,), 0), (1,))
    assert droppable(DropSlot((3,), 0), (1,))
    assert droppable(DropSlot((1, "layers", 0), 1), (2,))


@pytest.mark.parametrize(
    ("source", "up", "down"),
    [
        ((0,), None, (2,)),
        ((3,), (2,), (5,)),
        ((5,), (4,), None),
        ((*RESIDUAL, "main", 0), RESIDUAL, (*RESIDUAL, "main", 2)),
        ((*RESIDUAL, "main", 4), (*RESIDUAL, "main", 3), (1, "layers", 1)),
        ((2, "branches", 0, 0), (2,), (3,)),
    ],
)
def test_one_place_up_or_down_and_out_of_the_composite_at_its_ends(source: Path, up: Path | None, down: Path | None) -> None:
    assert step(ROWS, source, -1) == up
    assert step(ROWS, source, 1) == down
