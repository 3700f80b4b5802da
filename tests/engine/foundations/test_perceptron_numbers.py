"""One unit, two layers, a sigmoid unit and small networks against truth tables, hand-worked sums, torch's autograd and the
books."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.data.made.points import make_arms, make_clouds, make_moons
from engine.foundations.boards.perceptron.perceptron_numbers import (
    GATE_CORNERS,
    TRUTHS,
    TwoLayers,
    corrected,
    gate_rows,
    layers_rows,
    line_foot,
    probabilities,
    sigmoid_descent,
    sigmoid_step,
    through,
    unit_sum,
)
from engine.foundations.boards.perceptron.plane_networks import (
    PlaneLosses,
    PlanePart,
    PlaneShape,
    PlaneTraining,
    answer,
    answers_on,
    batch_at,
    collapsed,
    judged,
    loss_and_slopes,
    separating_line,
    started,
    stepped,
    steps_an_epoch,
)
from engine.foundations.perceptrons import GATES, Perceptron

XOR = TwoLayers(GATES["NAND"], GATES["OR"], GATES["AND"])


def test_a_sum_is_its_terms_and_the_bias() -> None:
    found = unit_sum(Perceptron((0.5, 0.5), -0.7), (1.0, 1.0))
    assert [term.product for term in found.terms] == [0.5, 0.5, -0.7]
    assert found.total == pytest.approx(0.3)
    assert found.fires == 1
    assert unit_sum(Perceptron((1.0, 1.0), -2.0), (1.0, 1.0)).fires == 0  # a sum of 0 does not fire


@pytest.mark.parametrize("gate", ["AND", "NAND", "OR"])
def test_the_books_weights_are_the_gate(gate: str) -> None:
    rows = gate_rows(GATES[gate], gate)
    assert [row.fires for row in rows] == [int(eval_gate(gate, *row.x)) for row in rows]
    assert all(row.is_right for row in rows)


def eval_gate(gate: str, a: int, b: int) -> bool:
    return {"AND": a and b, "NAND": not (a and b), "OR": a or b, "XOR": a != b}[gate]


def test_the_truths_are_those_of_the_words() -> None:
    for gate, truth in TRUTHS.items():
        assert list(truth) == [int(eval_gate(gate, *corner)) for corner in GATE_CORNERS]


def test_no_line_is_right_at_four_corners_of_xor() -> None:
    grid = np.linspace(-2, 2, 21)
    right = [
        sum(row.is_right for row in gate_rows(Perceptron((a, b), c), "XOR")) for a, b, c in itertools.product(grid, repeat=3)
    ]
    assert max(right) == 3


def test_the_foot_is_the_nearest_point_of_the_line() -> None:
    foot = line_foot(Perceptron((3.0, 4.0), -5.0), (0.0, 0.0))
    assert foot == pytest.approx((0.6, 0.8))  # 3 · 0.6 + 4 · 0.8 = 5, and (3, 4) is upright on it
    assert line_foot(Perceptron((0.0, 0.0), 1.0), (0.0, 0.0)) is None
    assert through(Perceptron((3.0, 4.0), 0.0), 0.6, 0.8) == pytest.approx(-5.0)


def test_the_perceptron_rule_finds_and_and_never_xor() -> None:
    def learnt(gate: str) -> bool:
        unit = Perceptron((0.0, 0.0), 0.0)
        for _ in range(200):
            wrong = [row for row in gate_rows(unit, gate) if not row.is_right]
            if not wrong:
                return True
            unit = corrected(unit, wrong[0].x, wrong[0].wanted, 0.1)
        return False

    assert learnt("AND")
    assert learnt("NAND")
    assert learnt("OR")
    assert not learnt("XOR")
    assert corrected(Perceptron((0.5, 0.5), -0.2), (1.0, 0.0), 0, 0.1) == Perceptron((0.4, 0.5), pytest.approx(-0.3))
    assert corrected(Perceptron((0.5, 0.5), -0.2), (1.0, 0.0), 1, 0.1) == Perceptron((0.5, 0.5), -0.2)


def test_two_layers_are_xor_and_the_hidden_plane_has_three_points() -> None:
    rows = layers_rows(XOR, "XOR")
    assert [row.fires for row in rows] == [0, 1, 1, 0]
    assert [row.hidden for row in rows] == [(1, 0), (1, 1), (1, 1), (0, 1)]
    assert rows[1].sums == pytest.approx((0.2, 0.3))
    assert rows[1].total == pytest.approx(0.3)
    assert XOR.fires(np.array(GATE_CORNERS)).tolist() == [0, 1, 1, 0]


def test_the_loss_and_slopes_of_a_sigmoid_unit_are_torchs() -> None:
    x, t = make_moons(np.random.default_rng(0), 60, 0.2)
    given = torch.tensor([0.7, -1.2, 0.3], dtype=torch.float64, requires_grad=True)
    z = torch.tensor(x).double() @ given[:2] + given[2]
    loss = functional.binary_cross_entropy_with_logits(z, torch.tensor(t).double())
    loss.backward()
    found = sigmoid_step((0.7, -1.2, 0.3), x.astype(np.float64), t, 0.5)
    assert found.loss == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(found.slopes, given.grad.numpy(), rtol=1e-10)
    np.testing.assert_allclose(found.step, -0.5 * given.grad.numpy(), rtol=1e-10)
    np.testing.assert_allclose(probabilities((0.7, -1.2, 0.3), x), torch.sigmoid(z).detach().numpy(), rtol=1e-12)
    assert found.accuracy == pytest.approx(float(((z >= 0).int().numpy() == t).mean()))


def test_a_sigmoid_unit_at_0_has_a_loss_of_ln_2() -> None:
    x, t = make_clouds(np.random.default_rng(0), 40, 0.1)
    weights, losses = sigmoid_descent((0, 0, 0), x.astype(np.float64), t, 0.5, 50)
    assert losses[0] == pytest.approx(math.log(2))
    given = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([given], lr=0.5)
    for _ in range(50):
        optimiser.zero_grad()
        z = torch.tensor(x).double() @ given[:2] + given[2]
        functional.binary_cross_entropy_with_logits(z, torch.tensor(t).double()).backward()
        optimiser.step()
    np.testing.assert_allclose(weights, given.detach().numpy(), rtol=1e-10)
    assert losses[-1] < losses[0]
    assert sigmoid_step((1, 2, 3), np.zeros((0, 2)), np.zeros(0, np.int64), 1.0).loss == 0


TORCHS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
}


@pytest.mark.parametrize("activation", TORCHS)
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_loss_and_slopes_of_a_network_are_torchs(activation: str, share: float) -> None:
    x, t = make_arms(np.random.default_rng(1), 31, 0.2)
    shape = PlaneShape((2, 5, 4, 3), activation, share)
    weights = started(shape, PlaneTraining(seed=3, start="he")).weights
    weights = tuple(weight + 0.1 for weight in weights)  # biases too
    given = [torch.tensor(weight, requires_grad=True) for weight in weights]
    value = torch.tensor(x)
    for place in (0, 2):
        z = value @ given[place] + given[place + 1]
        value = (1 - share) * z + share * TORCHS[activation](z)
    scores = value @ given[4] + given[5]
    expected = functional.cross_entropy(scores, torch.tensor(t))
    expected.backward()
    loss, slopes = loss_and_slopes(shape, weights, x, t)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for slope, weight in zip(slopes, given, strict=True):
        np.testing.assert_allclose(slope, weight.grad.numpy(), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(answer(shape, weights, x).scores, scores.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(answers_on(shape, weights, x).scores, scores.detach().numpy(), atol=1e-5)
    found = judged(shape, weights, PlanePart(x, t))
    assert found.loss == pytest.approx(expected.item(), rel=1e-12)
    assert found.predicted.tolist() == scores.argmax(dim=1).tolist()


@pytest.mark.parametrize(("rule", "torchs"), [("gd", torch.optim.SGD), ("adam", torch.optim.Adam)])
def test_thirty_steps_are_torchs(rule: str, torchs: type[torch.optim.Optimizer]) -> None:
    x, t = make_arms(np.random.default_rng(1), 30, 0.2)
    shape, training = PlaneShape((2, 6, 3), "tanh"), PlaneTraining(rate=0.05, rule=rule, batch=8, seed=2)
    moment = started(shape, training)
    given = [torch.tensor(weight, requires_grad=True) for weight in moment.weights]
    optimiser = torchs(given, lr=0.05)
    for step in range(30):
        chosen = batch_at(step, 30, training)
        optimiser.zero_grad()
        scores = torch.tanh(torch.tensor(x[chosen]) @ given[0] + given[1]) @ given[2] + given[3]
        expected = functional.cross_entropy(scores, torch.tensor(t[chosen]))
        expected.backward()
        optimiser.step()
        moment, loss = stepped(shape, training, moment, PlanePart(x, t))
        assert loss.loss == pytest.approx(expected.item(), rel=1e-9)
    assert moment.step == 30
    for mine, other in zip(moment.weights, given, strict=True):
        np.testing.assert_allclose(mine, other.detach().numpy(), rtol=1e-6, atol=1e-9)


def test_an_epoch_sees_every_point_once() -> None:
    training = PlaneTraining(batch=30, seed=4)
    assert steps_an_epoch(100, 30) == 4
    assert steps_an_epoch(100, 0) == steps_an_epoch(20, 30) == 1
    for epoch in (0, 1):
        seen = np.concatenate([batch_at(4 * epoch + place, 100, training) for place in range(4)])
        assert sorted(seen.tolist()) == list(range(100))
    assert batch_at(0, 100, training).tolist() != batch_at(4, 100, training).tolist()


def test_linear_layers_are_their_product() -> None:
    shape = PlaneShape((2, 7, 5, 2), "tanh", 0.0)
    weights = tuple(weight + 0.2 for weight in started(shape, PlaneTraining(seed=1)).weights)
    one = collapsed(weights)
    assert one.matrix.shape == (2, 2)
    assert [factor.shape for factor in one.factors] == [(2, 7), (7, 5), (5, 2)]
    x = np.random.default_rng(0).uniform(-3, 3, (200, 2))
    given = [torch.tensor(weight) for weight in weights]
    by_layers = ((torch.tensor(x) @ given[0] + given[1]) @ given[2] + given[3]) @ given[4] + given[5]
    np.testing.assert_allclose(x @ one.matrix + one.bias, by_layers.numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(answer(shape, weights, x).scores, by_layers.numpy(), rtol=1e-10, atol=1e-12)
    w1, w2, b = separating_line(one.matrix, one.bias)
    apart = (by_layers[:, 1] - by_layers[:, 0]).numpy()
    np.testing.assert_allclose(x @ [w1, w2] + b, apart, rtol=1e-9, atol=1e-12)
    curved = answer(PlaneShape(shape.sizes, "tanh", 0.5), weights, x).scores
    assert np.abs(curved - by_layers.numpy()).max() > 0.1


def test_the_arms_are_the_books() -> None:
    x, t = make_arms(np.random.default_rng(0), 300, 0.2)
    random, expected = np.random.default_rng(0), []
    for arm in range(3):  # point by point, as the book has it
        for i in range(100):
            angle = arm * 4.0 + 4.0 * (i / 100) + 0.2 * random.standard_normal()
            expected.append((i / 100 * math.sin(angle), i / 100 * math.cos(angle)))
    np.testing.assert_allclose(x, expected, rtol=1e-12, atol=1e-15)
    assert t.tolist() == [0] * 100 + [1] * 100 + [2] * 100
    assert np.bincount(make_arms(np.random.default_rng(0), 100, 0.0)[1]).tolist() == [34, 33, 33]


def test_the_books_spiral_is_learnt_as_there_and_not_without_a_hidden_layer() -> None:
    part = PlanePart(*make_arms(np.random.default_rng(0), 300, 0.2))
    training = PlaneTraining(rate=1.0, batch=30, start="0.01", seed=1)
    reached = {}
    for sizes in ((2, 10, 3), (2, 3)):
        shape, losses = PlaneShape(sizes, "sigmoid"), PlaneLosses()
        moment = started(shape, training)
        assert judged(shape, moment.weights, part).loss == pytest.approx(math.log(3), abs=0.02)
        for _ in range(3000):
            moment, loss = stepped(shape, training, moment, part)
            losses.note(loss)
        steps, means = losses.until(3000, 10)
        assert steps[[0, -1]].tolist() == [10, 3000]
        reached[sizes] = means[-1], judged(shape, moment.weights, part).accuracy
    assert 0.08 <= reached[2, 10, 3][0] <= 0.20  # the bands of BOOKS.md
    assert 0.93 <= reached[2, 10, 3][1] <= 0.99
    assert 0.45 <= reached[2, 3][1] <= 0.60


def test_losses_are_means_of_epochs_weighted_by_their_points() -> None:
    losses = PlaneLosses()
    part = PlanePart(*make_arms(np.random.default_rng(0), 10, 0.2))
    shape, training = PlaneShape((2, 3, 3)), PlaneTraining(batch=4)
    moment, kept = started(shape, training), []
    for _ in range(7):
        moment, loss = stepped(shape, training, moment, part)
        losses.note(loss)
        kept.append(loss.loss)
    steps, means = losses.until(7, steps_an_epoch(10, 4))
    assert steps.tolist() == [3, 6]
    assert means[0] == pytest.approx((4 * kept[0] + 4 * kept[1] + 2 * kept[2]) / 10)
    assert losses.until(5, 1)[1].tolist() == kept[:5]
    assert len(losses) == 7
