"""The layout of a graph: no plate on another, no wire through one, columns from left to right."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from engine.foundations.boards.backpropagation.graph_walk import walk
from engine.foundations.formula_graph import read_formula
from gui.labs.foundations.backpropagation.graph.graph_layout import GraphLayout, LaidPart, PartSize, laid_out
from gui.labs.foundations.backpropagation.graph.graph_picture import shown_graph


def box(part: LaidPart) -> tuple[float, float, float, float]:
    return part.sign_x - part.sign / 2, part.top, part.right, part.bottom


def crossed(layout: GraphLayout) -> list[str]:
    """What stands on something else: plates on plates, and pieces of wires that run level through a plate."""
    plates = [(f"part {place}", box(part)) for place, part in enumerate(layout.parts)]
    plates += [(f"lane {wire.target}.{wire.turn}", box(wire.plate)) for wire in layout.wires if wire.plate]
    found = []
    for number, (name, (left, top, right, bottom)) in enumerate(plates):
        for other, (left_, top_, right_, bottom_) in plates[number + 1 :]:
            if left < right_ - 0.01 and left_ < right - 0.01 and top < bottom_ - 0.01 and top_ < bottom - 0.01:
                found.append(f"{name} on {other}")
    for wire in layout.wires:
        own = {f"part {wire.source}", f"part {wire.target}", f"lane {wire.target}.{wire.turn}"}
        for (x, y), (x_, y_) in zip(wire.points, wire.points[1:], strict=False):
            for name, (left, top, right, bottom) in plates:
                if name in own:
                    continue
                level = y == y_ and top < y < bottom and x < right - 0.01 and left + 0.01 < x_
                turned = y != y_ and x < right - 0.01 and left + 0.01 < x_ and min(y, y_) < bottom and top < max(y, y_)
                if level or turned:
                    found.append(f"wire {wire.source}-{wire.target} through {name}")
    return found


def random_tree(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.15:
        return random.choice(("a", "b", "c", "d", "e", "f", "g", "h", "2", "0.5"))
    if random.random() < 0.3:
        return f"{random.choice(('exp', 'sigmoid', 'relu'))}({random_tree(random, depth - 1)})"
    return f"({random_tree(random, depth - 1)} {random.choice('+*-/')} {random_tree(random, depth - 1)})"


@pytest.mark.parametrize("leaves_left", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_nothing_stands_on_anything_else(seed: int, leaves_left: bool) -> None:
    random = Random(seed)
    formula = read_formula(f"q * ({random_tree(random, random.randrange(1, 6))})")
    readers = [0] * len(formula.nodes)
    for node in formula.nodes:
        for source in node.inputs:
            readers[source] += 1
    sizes = [
        PartSize(random.uniform(20, 90), random.uniform(30, 200), random.uniform(17, 90), random.uniform(17, 90))
        for _ in formula.nodes
    ]
    lanes = {
        (target, turn): PartSize(0, random.uniform(30, 90), 10, random.uniform(15, 60))
        for target, node in enumerate(formula.nodes)
        for turn, source in enumerate(node.inputs)
        if readers[source] > 1
    }
    constants = [place for place, node in enumerate(formula.nodes) if node.name is None and node.operation is None]
    layout = laid_out([node.inputs for node in formula.nodes], sizes, lanes, leaves_left=leaves_left, near=constants)
    assert crossed(layout) == []
    for wire in layout.wires:
        xs = [x for x, _ in wire.points]
        assert xs == sorted(xs), "wires run from left to right"
    for part in layout.parts:
        left, top, right, bottom = box(part)
        assert left >= 0 and right <= layout.width and top >= 0 and bottom <= layout.height


def test_books_leaves_stand_under_each_other_at_the_left(qapp) -> None:
    formula = read_formula("apple * count * tax")
    layout = shown_graph(walk(formula, {"apple": 100, "count": 2, "tax": 1.1}), 0).layout
    leaves = [part for part, node in zip(layout.parts, formula.nodes, strict=True) if node.name]
    assert len({round(part.sign_x - part.sign / 2) for part in leaves}) == 1
    assert [part.y for part in leaves] == sorted(part.y for part in leaves)


def test_matrices_stand_where_they_are_read_and_the_line_runs_straight(qapp) -> None:
    values = {"x": np.ones((2, 3)), "W": np.ones((3, 2)), "b": np.ones(2)}
    formula = read_formula("relu(x @ W + b)")
    layout = shown_graph(walk(formula, values), 0).layout
    at = {node.name or node.operation: part for node, part in zip(formula.nodes, layout.parts, strict=True)}
    assert at["x"].y == at["matmul"].y == at["add"].y == at["relu"].y
    assert at["W"].plate_left == pytest.approx(at["x"].plate_left, abs=40)
    assert at["b"].sign_x == pytest.approx(at["matmul"].sign_x, abs=20)
    assert crossed(layout) == []


def test_a_shared_leaf_stands_at_the_very_left_with_a_lane_for_each_reading(qapp) -> None:
    formula = read_formula("(a + b) * (b + 1) - b")
    layout = shown_graph(walk(formula, {"a": 2, "b": 1}), 0).layout
    place = next(place for place, node in enumerate(formula.nodes) if node.name == "b")
    assert min(range(len(layout.parts)), key=lambda one: layout.parts[one].sign_x) == place
    lanes = [wire for wire in layout.wires if wire.source == place]
    assert len(lanes) == 3 and all(wire.plate for wire in lanes)
    assert crossed(layout) == []
