"""Formulas as graphs: the books' examples, torch's autograd on random formulas, and what is no formula."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.foundations.formula_graph import Formula, FormulaError, PassedBack, backward, forward, read_formula
from engine.foundations.surfaces import SURFACES, own_surface
from engine.words import LANGUAGES


def _through(text: str, **values: object) -> tuple[float, dict[str, np.ndarray], Formula, PassedBack]:
    formula = read_formula(text)
    found = forward(formula, values)
    passed = backward(formula, found)
    of = {node.name: passed.of_nodes[place] for place, node in enumerate(formula.nodes) if node.name is not None}
    return float(found[-1].sum()), of, formula, passed


def test_two_apples_with_tax() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 5.1."""
    price, of, formula, passed = _through("apple * count * tax", apple=100, count=2, tax=1.1)
    assert price == pytest.approx(220)
    assert (of["apple"], of["count"], of["tax"]) == pytest.approx((2.2, 110, 200))
    product = formula.nodes[-1].inputs[0]
    assert passed.of_nodes[product] == pytest.approx(1.1), "what is passed back between the two products"


def test_apples_and_oranges() -> None:
    price, of, _, _ = _through("(apple * apples + orange * oranges) * tax", apple=100, apples=2, orange=150, oranges=3, tax=1.1)
    assert price == pytest.approx(715)
    assert [float(of[name]) for name in ("apple", "apples", "orange", "oranges", "tax")] == pytest.approx(
        [2.2, 110, 3.3, 165, 650]
    )


def test_a_name_that_stands_twice_is_one_leaf_whose_gradients_add_up() -> None:
    value, of, formula, passed = _through("x * x + x", x=3.0)
    assert value == 12
    assert of["x"] == 7
    assert formula.leaves == ("x",)
    product = next(place for place, node in enumerate(formula.nodes) if node.operation == "multiply")
    assert [float(one) for one in passed.of_edges[0, product]] == [3.0, 3.0]


def test_the_books_gradient_of_a_weight() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.4.2: x (0.6, 0.9) times a weight of 2 x 3, the third class is right."""
    weight = np.array([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]])
    loss, of, _, _ = _through("softmax_loss(x @ W, t)", x=np.array([0.6, 0.9]), W=weight, t=np.array([0, 0, 1]))
    assert loss == pytest.approx(0.92806853663411326)
    np.testing.assert_allclose(
        of["W"], [[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]], atol=1e-7
    )


def test_affine_and_softmax_loss_of_a_batch_are_torchs() -> None:
    random = np.random.default_rng(7)
    x, weight, bias, classes = (
        random.normal(size=(5, 4)),
        random.normal(size=(4, 3)),
        random.normal(size=3),
        np.array([0, 2, 1, 1, 0]),
    )
    given = [torch.tensor(one, requires_grad=True) for one in (x, weight, bias)]
    loss = functional.cross_entropy(torch.relu(given[0] @ given[1] + given[2]), torch.tensor(classes))
    loss.backward()
    ours, of, _, _ = _through("softmax_loss(relu(x @ W + b), t)", x=x, W=weight, b=bias, t=np.eye(3)[classes])
    assert ours == pytest.approx(loss.item(), rel=1e-12)
    for name, one in zip(("x", "W", "b"), given, strict=True):
        np.testing.assert_allclose(of[name], one.grad.numpy(), atol=1e-14)


def test_targets_that_do_not_add_up_to_1_are_torchs_too() -> None:
    scores, truth = (
        torch.tensor([0.3, -1.0, 2.0], dtype=torch.float64, requires_grad=True),
        torch.tensor([0.5, 1.5, 0.7]).double(),
    )
    (-(truth * torch.log_softmax(scores, 0)).sum()).backward()
    _, of, _, _ = _through("softmax_loss(s, t)", s=scores.detach().numpy(), t=truth.numpy())
    np.testing.assert_allclose(of["s"], scores.grad.numpy(), atol=1e-14)


def _random_formula(random: Random, depth: int) -> str:
    if depth == 0:
        return random.choice(("x", "y", "z", "(0*y + 2.5)", "(0.3 - 0*z)"))
    kind = random.randrange(9)
    one, other = _random_formula(random, depth - 1), _random_formula(random, random.randrange(depth))
    if kind < 5:
        return f"({one} {'+-*/*'[kind]} {other})"
    if kind == 5:
        return f"abs({one})**1.5"
    return f"{random.choice(('exp', 'sin', 'cos', 'tanh', 'sigmoid', 'relu', 'gelu', 'mean', '-', 'sqrt'))}({one})"


@pytest.mark.parametrize("seed", range(60))
def test_random_formulas_are_torchs_autograd(seed: int) -> None:
    """y is broadcast along both axes of x, z along one."""
    random = Random(seed)
    text = f"x * y + z + {_random_formula(random, 4)}"
    draws = np.random.default_rng(seed)
    values = {"x": draws.normal(size=(3, 4)), "y": draws.normal(size=()), "z": draws.normal(size=(3, 1))}
    given = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
    words = {name: getattr(torch, name) for name in ("exp", "sin", "cos", "tanh", "sigmoid", "relu", "sqrt", "abs", "mean")}
    out = eval(text, {**words, "gelu": functional.gelu}, given)
    out.sum().backward()
    total, of, _, _ = _through(text, **values)
    np.testing.assert_allclose(total, out.sum().item(), rtol=1e-9, atol=1e-12, equal_nan=True)
    for name, one in given.items():
        assert of[name].shape == values[name].shape
        np.testing.assert_allclose(of[name], one.grad.numpy(), rtol=1e-8, atol=1e-10, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("x +", "unreadable"),
        ("x = 3", "unreadable"),
        ("3 + 4", "no_names"),
        ("sinh(x)", "no_function"),
        ("__import__('os')", "no_function"),
        ("x.real", "not_allowed"),
        ("x[0]", "not_allowed"),
        ("'a' * x", "not_allowed"),
        ("True * x", "not_allowed"),
        ("x if x else 1", "not_allowed"),
        ("x % 2", "not_allowed"),
        ("exp(x, y)", "arguments"),
        ("exp(x=1)", "no_function"),
        ("exp + x", "not_allowed"),
        ("x + 1" + "0" * 400, "large_number"),
        ("-" * 70 + "x", "deep"),
        ("x" + "+x" * 490, "deep"),
        ("x" * 1001, "long"),
    ],
)
def test_what_is_no_formula_is_refused_with_a_sentence(text: str, code: str) -> None:
    with pytest.raises(FormulaError) as refused:
        read_formula(text)
    assert refused.value.code == code
    for language in LANGUAGES:
        assert "{" not in refused.value.message(language)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("  x^2 + sinh(x)", 7),
        ("x^2^2 * y.real", 9),
        ("사과 * 개수[0]", 6),
        ("x^2 + exp(x, x)", 7),
        ("x ^ 2 + ) y", 9),
        ("x ^ 2 *", 7),
        ("x + 1" + "0" * 400, 5),
    ],
)
def test_what_is_wrong_is_said_with_its_place_in_the_text(text: str, place: int) -> None:
    """Counted in letters of what was typed (without spaces at its beginning), whatever ^ and Hangul are to Python."""
    with pytest.raises(FormulaError) as refused:
        read_formula(text)
    assert refused.value.phrase.values["place"] == place


def test_every_node_knows_its_sign_in_the_text() -> None:
    text = "(가격 ^ 2) * exp(-(x) @ W) + 3"
    formula = read_formula(text)
    found = {(node.operation or node.name or "3"): text[node.place - 1] for node in formula.nodes if node.constant != 2}
    assert found == {
        "가격": "가",
        "power": "^",
        "multiply": "*",
        "exp": "e",
        "negate": "-",
        "x": "x",
        "matmul": "@",
        "W": "W",
        "add": "+",
        "3": "3",
    }


def test_many_operations_side_by_side_are_refused() -> None:
    half = "+".join(["x*x"] * 50)
    with pytest.raises(FormulaError) as refused:
        read_formula(f"({half})*({half})*({half})*({half})")
    assert refused.value.code == "many_nodes"


def test_values_that_are_missing_or_do_not_fit_are_said() -> None:
    formula = read_formula("x @ W")
    with pytest.raises(FormulaError, match="W has no value"):
        forward(formula, {"x": [1.0]})
    with pytest.raises(FormulaError, match=r"matmul \(letter 3\) does not fit the shapes 3, 2×2"):
        forward(formula, {"x": np.ones(3), "W": np.ones((2, 2))})


@pytest.mark.parametrize("name", SURFACES)
def test_surfaces_have_torchs_gradients_and_curvatures(name: str) -> None:
    surface = SURFACES[name]

    def height(point: torch.Tensor) -> torch.Tensor:
        return eval(surface.formula.text, {"cos": torch.cos, "x": point[0], "y": point[1]})

    random = np.random.default_rng(11)
    left, right, bottom, top = surface.limits
    points = np.stack([random.uniform(left, right, 20), random.uniform(bottom, top, 20)], axis=-1)
    gradients = surface.gradient(points)
    for point, gradient in zip(points, gradients, strict=True):
        given = torch.tensor(point, requires_grad=True)
        height(given).backward()
        np.testing.assert_allclose(gradient, given.grad.numpy(), rtol=1e-10, atol=1e-10)
        hessian = torch.autograd.functional.hessian(height, torch.tensor(point))
        np.testing.assert_allclose(surface.curvatures(point), torch.linalg.eigvalsh(hessian).numpy(), rtol=1e-4, atol=1e-3)
    for point in surface.lowest:
        assert np.abs(surface.gradient(point)).max() < 1e-9
        assert surface.value(point) <= surface.value(points).min()


def test_an_own_surface_is_a_formula_of_x_and_y() -> None:
    surface = own_surface("x^2 + 3*y", (-1, 1, -2, 2))
    assert surface.value([[1.0, 2.0], [0.0, 0.0]]).tolist() == [7.0, 0.0]
    assert surface.gradient([2.0, 5.0]).tolist() == [4.0, 3.0]
    assert own_surface("x").gradient([[1.0, 2.0]]).tolist() == [[1.0, 0.0]]
    for text, code in (("x + a", "not_of_surface"), ("sum(x * y)", "not_one_number"), ("x * mean(y)", "not_one_number")):
        with pytest.raises(FormulaError) as refused:
            own_surface(text)
        assert refused.value.code == code
