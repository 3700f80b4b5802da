"""A monkey at a network: 5,000 random edits, undos and redos end in the state that replaying the surviving edits gives."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import Any, NamedTuple

import pytest

from engine.layers.catalog import Concat, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Residual, Sequential
from engine.layers.kinds.composite import Composite
from engine.layers.network_toml import layers_from_text, layers_to_text
from engine.networks.edits import Edit, EditError, Layers, applied, at, enabled, followed, has, paths
from engine.networks.repairs import repairs
from engine.networks.trace import Path, trace
from gui.shell.undo import UndoHistory  # whole states, and no Qt in it
from tests.engine.known_networks import RESNET_18

EDITS = 5_000
MOST = 60  # layers, so that the monkey has a network that a person could have
KINDS = (
    lambda random: Conv2d(
        out_channels=random.choice((4, 8, 16)), kernel_size=random.choice((1, 3, 5)), padding=random.choice((0, 1))
    ),
    lambda random: Linear(out_features=random.randint(1, 100)),
    lambda random: MaxPool2d(kernel_size=random.choice((2, 3))),
    lambda random: ReLU(),
    lambda random: Flatten(),
    lambda random: Residual(main=(ReLU(),)),
    lambda random: Concat(branches=((Conv2d(out_channels=4, kernel_size=1),), (ReLU(),))),
    lambda random: Sequential(layers=(ReLU(), Flatten())),
)


class State(NamedTuple):
    layers: Layers
    disabled: frozenset[Path] = frozenset()


class Toggled(NamedTuple):
    path: Path


def after(state: State, edit: Edit | Toggled) -> State:
    if isinstance(edit, Toggled):
        return State(state.layers, state.disabled ^ {edit.path})
    kept = (followed(path, state.layers, edit) for path in state.disabled)
    return State(applied(state.layers, edit), frozenset(path for path in kept if path is not None))


def random_edit(random: Random, state: State) -> list[Edit | Toggled]:
    """What a hand would do next: one edit, or those of a repair where there is a problem."""
    known = paths(state.layers)
    target = random.choice((*known, (len(state.layers),)))
    holder = at(state.layers, target) if has(state.layers, target) else None
    if isinstance(holder, Composite) and random.random() < 0.5 and holder.branches_in_order():
        branch = random.choice(holder.branches_in_order())
        target = (*target, *branch.path, len(branch.layers))
    action = random.choice(("inserted", "inserted", "removed", "moved", "moved", "replaced", "toggled", "repaired"))
    if action == "inserted" and len(known) >= MOST:
        action = "removed"
    if not known or action == "inserted":
        return [Edit("inserted", target, random.choice(KINDS)(random))]
    path = random.choice(known)
    match action:
        case "removed":
            return [Edit("removed", path)]
        case "moved":
            return [Edit("moved", path, target=target)]
        case "replaced":
            return [Edit("replaced", path, random.choice(KINDS)(random))]
        case "toggled":
            return [Toggled(path)]
    problem = trace(enabled(state.layers, state.disabled).layers, (3, 32, 32)).problem
    found = repairs(state.layers, (3, 32, 32), problem, disabled=state.disabled) if problem else ()
    return list(random.choice(found).edits) if found else []


@pytest.mark.parametrize("seed", [1, 2])
def test_monkey(seed: int) -> None:
    random, seconds = Random(seed), count()
    start = State(RESNET_18)
    history: UndoHistory[State] = UndoHistory(start, most=EDITS, clock=lambda: float(next(seconds)))
    surviving: list[list[Edit | Toggled]] = []
    undone: list[list[Edit | Toggled]] = []
    refused = 0
    for _ in range(EDITS):
        choice = random.random()
        if choice < 0.2:
            assert (history.undo() is None) == (not surviving)
            if surviving:
                undone.append(surviving.pop())
        elif choice < 0.35:
            assert (history.redo() is None) == (not undone)
            if undone:
                surviving.append(undone.pop())
        else:
            state = history.present
            edits = random_edit(random, state)
            try:
                for edit in edits:
                    state = after(state, edit)
            except EditError:
                refused += 1
                continue
            if state == history.present:
                continue  # an edit that changes nothing is no step
            history.note(state)
            surviving.append(edits)
            undone.clear()
        everywhere: Any = paths(history.present.layers)
        assert history.present.disabled <= set(everywhere)
    replayed = start
    for edits in surviving:
        for edit in edits:
            replayed = after(replayed, edit)
    assert replayed == history.present
    assert len(surviving) > 500
    assert refused > 0  # moves into itself
    assert layers_from_text(layers_to_text(replayed.layers)) == replayed.layers
    while history.undo() is not None:
        pass
    assert history.present == start
