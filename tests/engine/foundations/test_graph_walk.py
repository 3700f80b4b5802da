"""Walks through graphs, node by node: the books' figures, torch's autograd, and the products of each step."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine import words
from engine.foundations.boards.backpropagation.graph_walk import (
    TABLE,
    GraphWalk,
    backward_line,
    checked_by_differences,
    forward_line,
    rule_of,
    walk,
)
from engine.foundations.boards.backpropagation.leaf_arrays import MOST_SIDE, LeafError, array_in, text_of
from engine.foundations.formula_graph import OPERATIONS, FormulaError, read_formula
from engine.words import LANGUAGES

APPLES = {"apple": 100.0, "count": 2.0, "tax": 1.1}


def through(text: str, **values: object) -> GraphWalk:
    return walk(read_formula(text), values)  # type: ignore[arg-type]


def test_two_apples_step_by_step() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, figure 5-15."""
    graph = through("apple * count * tax", **APPLES)
    assert [step.kind for step in graph.steps] == ["leaves", "forward", "forward", "begin", "backward", "backward"]
    inner, outer = graph.steps[1].node, graph.steps[2].node
    assert [forward_line(graph, node) for node in (inner, outer)] == ["100 × 2 = 200", "200 × 1.1 = 220"]
    assert [backward_line(term) for term in graph.steps[4].terms] == ["1 × 1.1 = 1.1", "1 × 200 = 200"]
    assert [backward_line(term) for term in graph.steps[5].terms] == ["1.1 × 2 = 2.2", "1.1 × 100 = 110"]
    assert float(graph.output) == pytest.approx(220)
    assert [float(graph.of_leaf(name)) for name in APPLES] == pytest.approx([2.2, 110, 200])


def test_apples_and_oranges_have_the_books_figures() -> None:
    values = {"apple": 100, "apples": 2, "orange": 150, "oranges": 3, "tax": 1.1}
    graph = through("(apple * apples + orange * oranges) * tax", **values)
    assert float(graph.output) == pytest.approx(715)
    assert [float(graph.of_leaf(name)) for name in values] == pytest.approx([2.2, 110, 3.3, 165, 650])
    total = next(step for step in graph.steps if step.kind == "backward" and graph.formula.nodes[step.node].operation == "add")
    assert [backward_line(term) for term in total.terms] == ["1.1 × 1 = 1.1", "1.1 × 1 = 1.1"], "a sum hands on what it gets"


def test_the_book_s_three_layers_forward() -> None:
    """Section 3.4: by hand in a loop of its own."""
    from engine.books.units_and_gradients import THREE_LAYERS

    graph = through("sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2) @ W3 + b3", x=[1.0, 0.5], **THREE_LAYERS)
    units = [1.0, 0.5]
    for layer in (1, 2, 3):
        weights, bias = np.array(THREE_LAYERS[f"W{layer}"]), THREE_LAYERS[f"b{layer}"]
        sums = [sum(units[i] * weights[i, j] for i in range(len(units))) + bias[j] for j in range(weights.shape[1])]
        units = sums if layer == 3 else [1 / (1 + np.exp(-total)) for total in sums]
    np.testing.assert_allclose(graph.output, units, rtol=1e-14)
    np.testing.assert_allclose(graph.output, [0.31682708, 0.69627909], atol=5e-9)


def test_what_is_known_grows_step_by_step() -> None:
    graph = through("apple * count * tax", **APPLES)
    sizes = [(len(graph.known(done).values), len(graph.known(done).gradients)) for done in range(len(graph.steps))]
    assert sizes == [(3, 0), (4, 0), (5, 0), (5, 1), (5, 3), (5, 5)]


def test_a_leaf_that_is_read_twice_adds_up_what_comes() -> None:
    graph = through("(a + b) * (b + 1)", a=2, b=1)
    assert float(graph.output) == 6
    assert (float(graph.of_leaf("a")), float(graph.of_leaf("b"))) == (2, 5)
    b = next(place for place, node in enumerate(graph.formula.nodes) if node.name == "b")
    come = [float(graph.known(done).gradients[b]) for done in range(len(graph.steps)) if b in graph.known(done).gradients]
    assert come == [3, 5], "first what the right sum hands back, then both together"
    assert [len(readers) for place, readers in graph.readers.items() if place == b] == [2]


FORMULAS = {
    "x * y + z": {"x": (), "y": (), "z": ()},
    "softmax_loss(relu(x @ W + b), t)": {"x": (4, 3), "W": (3, 2), "b": (2,), "t": (4, 2)},
    "sum(tanh(x @ W) / (1 + exp(-y)))": {"x": (3,), "W": (3, 2), "y": (2,)},
    "mean((M @ v - c) ^ 2)": {"M": (3, 2), "v": (2,), "c": (3,)},
    "sum(gelu(x) * row + column)": {"x": (2, 3), "row": (3,), "column": (2, 1)},
    "v @ w * sin(v @ w)": {"v": (3,), "w": (3,)},
    "sqrt(abs(x)) - log(x * x) + cos(y)": {"x": (2, 2), "y": ()},
    "x * x * x": {"x": (2,)},
}


@pytest.mark.parametrize("text", FORMULAS)
def test_every_term_is_upstream_times_local_and_all_together_are_torchs(text: str) -> None:
    draws = np.random.default_rng(len(text))
    values = {name: draws.normal(size=shape) + 0.1 for name, shape in FORMULAS[text].items()}
    if "t" in values:
        values["t"] = np.eye(2)[[0, 1, 1, 0]]
    graph = through(text, **values)
    for step in graph.steps:
        for term in step.terms:
            made = {
                "times": lambda one: one.upstream * one.local,
                "right": lambda one: one.upstream @ one.local,
                "left": lambda one: one.local @ one.upstream,
            }[term.joining](term)
            np.testing.assert_allclose(term.product, made, atol=1e-14)
            assert term.passed.shape == graph.values[term.source].shape
            assert term.passed.sum() == pytest.approx(made.sum(), abs=1e-12), "what was broadcast is summed, nothing is lost"
    last = graph.known(len(graph.steps) - 1)
    given = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
    named = {name: getattr(torch, name) for name in ("exp", "sin", "cos", "tanh", "relu", "sqrt", "abs", "mean", "log", "sum")}
    named |= {"gelu": functional.gelu, "softmax_loss": lambda s, t: functional.cross_entropy(s, t)}
    eval(text.replace("^", "**"), named, given).sum().backward()
    for place, node in enumerate(graph.formula.nodes):
        if node.name is not None and node.name != "t":
            np.testing.assert_allclose(last.gradients[place], given[node.name].grad.numpy(), atol=1e-12)
            np.testing.assert_allclose(graph.gradients[place], given[node.name].grad.numpy(), atol=1e-12)


def test_differences_say_the_same() -> None:
    values = {"x": np.array([[1.0, -0.5], [-2.0, 3.0]]), "W": np.array([[0.1, 0.3], [0.2, -0.4]]), "b": np.array([0.1, 0.2])}
    graph = through("sum(sigmoid(x @ W + b))", **values)
    for name, found in checked_by_differences(graph.formula, values).items():
        np.testing.assert_allclose(found, graph.of_leaf(name), atol=1e-8)


def test_shapes_that_do_not_fit_are_said_with_their_place() -> None:
    with pytest.raises(FormulaError) as refused:
        through("x + y @ W", x=1.0, y=np.ones(3), W=np.ones((2, 2)))
    assert refused.value.code == "shapes"
    assert refused.value.phrase.values["place"] == 7


def test_every_operation_has_a_sentence_forward_and_backward() -> None:
    table = words.table(TABLE)
    for operation in OPERATIONS:
        for way in ("forward", "backward"):
            assert set(table[f"{way}.{operation}"]) == set(LANGUAGES)
    graph = through("x * y", x=[1.0, 2.0], y=3.0)
    for language in LANGUAGES:
        assert all("{" not in rule_of(graph, step).say(language) for step in graph.steps)


@pytest.mark.parametrize(
    ("text", "shape", "numbers"),
    [
        ("2.5", (), [2.5]),
        ("1 -0.5; -2 3", (2, 2), [1, -0.5, -2, 3]),
        ("0.1, 0.2, 0.3", (3,), [0.1, 0.2, 0.3]),
        ("1 2;", (1, 2), [1, 2]),
        ("[0.47355232 0.9977393]", (2,), [0.47355232, 0.9977393]),
        ("1; 2; 3", (3, 1), [1, 2, 3]),
        ("1, 2", (2,), [1, 2]),
        ("1,2,3", (3,), [1, 2, 3]),
        ("0.5,1.5", (2,), [0.5, 1.5]),
    ],
)
def test_a_leaf_is_read_as_it_is_typed_and_written_as_it_is_read(
    text: str, shape: tuple[int, ...], numbers: list[float]
) -> None:
    array = array_in(text)
    assert array.shape == shape
    assert array.reshape(-1).tolist() == numbers
    again = array_in(text_of(array))
    assert again.shape == shape
    assert again.tolist() == array.tolist()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "leaf.empty"),
        ("; ;", "leaf.empty"),
        ("1 2; 3", "leaf.uneven"),
        ("1 x", "leaf.no_number"),
        ("0,5 1,5", "leaf.decimal_comma"),
        ("0,5", "leaf.decimal_comma"),
        ("1 2; 0.5 1,5", "leaf.decimal_comma"),
        ("1e999", "leaf.no_number"),
        ("0 " * (MOST_SIDE + 1), "leaf.many_columns"),
        ("0; " * (MOST_SIDE + 1), "leaf.many_rows"),
    ],
)
def test_what_is_no_array_is_said(text: str, code: str) -> None:
    with pytest.raises(LeafError) as refused:
        array_in(text)
    assert refused.value.code == code
    for language in LANGUAGES:
        assert "{" not in refused.value.message(language)
