"""The board of activation functions: what it shows against figures by hand and by torch, and what its controls do."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from torch.nn import functional

from engine.words import table
from gui.labs.foundations.activation.activation_board import ActivationBoard
from gui.labs.foundations.activation.chain_page import ChainPage
from gui.labs.foundations.activation.dead_page import DeadPage
from gui.labs.foundations.activation.overflow_page import OverflowPage
from gui.labs.foundations.activation.softmax_page import SoftmaxPage
from gui.labs.foundations.activation.state import BOOKS, TOPIC_FIELDS, ActivationState
from gui.labs.foundations.activation.temperature_page import TemperaturePage
from gui.labs.foundations.activation.touched_page import TouchedPage
from gui.labs.foundations.board_presets import preset_names
from gui.labs.foundations.lab import FoundationsLab
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell import language
from tests.gui.labs.foundations.lent_boards import BoardLender


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("activation", 1200, 800, shown=False)


def board_of(lab: FoundationsLab) -> ActivationBoard:
    assert isinstance(lab.board, ActivationBoard)
    return lab.board


def state_of(lab: FoundationsLab) -> ActivationState:
    return board_of(lab).state


def answers(lab: FoundationsLab) -> list[str]:
    return [lab.figures.value(str(place)) for place in range(3)]


def line(plot: GraphPlot, name: str) -> tuple[np.ndarray, np.ndarray]:
    found = next(each for each in plot.picture.lines if each.name == name)
    return np.asarray(found.x, float), np.asarray(found.y, float)


# --- curves


def test_curves_and_derivatives_are_torchs_and_touched_at_the_point(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.edit(function="gelu", compared=("sigmoid", "tanh", "leaky_relu"), x=0.5, leak=0.2)
    page = board.page
    assert isinstance(page, TouchedPage)
    for name, function in {
        "GELU": functional.gelu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "leaky ReLU": lambda x: functional.leaky_relu(x, 0.2),
    }.items():
        x, y = line(page.values, name)
        given = torch.tensor(x, requires_grad=True)
        out = function(given)
        out.sum().backward()
        np.testing.assert_allclose(y, out.detach().numpy(), atol=1e-12)
        _, slope = line(page.slopes, name)
        there = np.isfinite(slope)
        np.testing.assert_allclose(slope[there], given.grad.numpy()[there], atol=1e-12)
        assert there.sum() >= len(x) - 1  # a gap where it jumps, and nowhere else
    at = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    value = functional.gelu(at)
    value.backward()
    assert answers(lab)[:2] == [f"{value.item():.4f}", f"{at.grad.item():.4f}"]
    x, y = line(page.values, "tangent")
    there = np.isfinite(y)
    np.testing.assert_allclose(y[there], value.item() + at.grad.item() * (x[there] - 0.5), atol=1e-12)


def test_the_point_is_dragged_along_the_curve_and_by_the_arrow_keys(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = board_of(lab).page
    assert isinstance(page, TouchedPage)
    page.values.handle_moved.emit("x", 2.0, 9.0)
    assert state_of(lab).x == 2.0
    (handle,) = page.values.picture.handles
    assert (handle.x, handle.y) == pytest.approx((2.0, 1 / (1 + math.exp(-2))))
    page.slopes.clicked.emit(-1.0, 0.0)
    assert state_of(lab).x == -1.0
    qtbot.keyClick(page.slopes, Qt.Key.Key_Right)
    assert state_of(lab).x > -1.0
    lab.undo()
    lab.undo()
    assert state_of(lab).x in (1.0, 2.0)  # joined while one thing is dragged


def test_the_axis_goes_along_with_a_far_point(lab: FoundationsLab) -> None:
    board_of(lab).edit(x=30.0)
    page = board_of(lab).page
    assert isinstance(page, TouchedPage)
    assert page.values.picture.x == (-50.0, 50.0)
    for _ in range(3):  # at the edge of the axis neither the axis nor the point runs away
        page.values.handle_moved.emit("x", page.values.picture.x[1], 0.0)
    assert page.values.picture.x == (-50.0, 50.0) and state_of(lab).x == 50.0


def test_several_are_compared_in_numbers(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.choice.boxes["relu"].click()
    board.choice.boxes["tanh"].click()
    assert state_of(lab).compared == ("relu", "tanh")
    page = board.page
    assert isinstance(page, TouchedPage)
    assert [row[:4] for row in page.table.texts()[1:]] == [
        ["sigmoid", "0.7311", "0.1966", "0.2500"],
        ["ReLU", "1.0000", "1.0000", "1.0000"],
        ["tanh", "0.7616", "0.4200", "1.0000"],
    ]
    board.choice.boxes["relu"].click()
    assert state_of(lab).compared == ("tanh",)
    board.choice.row.chosen.emit("step")
    assert answers(lab)[:2] == ["1.0000", "0.0000"]
    assert not board.choice.boxes["step"].isEnabled()


def test_the_leak_has_a_row_where_a_leaky_relu_is_drawn(lab: FoundationsLab) -> None:
    board = board_of(lab)
    assert board.form.row("leak").isHidden()
    board.edit(compared=("leaky_relu",))
    assert not board.form.row("leak").isHidden()


# --- the chain


def test_the_chain_multiplies_what_torch_does(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.edit(topic="chain", function="tanh", compared=("sigmoid",), x=0.8, weight=-1.3, layers=6)
    page = board.page
    assert isinstance(page, ChainPage)
    for name, function in (("tanh", torch.tanh), ("sigmoid", torch.sigmoid)):
        value, read = torch.tensor(0.8, dtype=torch.float64, requires_grad=True), []
        for _ in range(6):
            value.retain_grad()
            read.append(value)
            value = function(-1.3 * value)
        value.backward()
        layers, sizes = line(page.reaching, name)
        assert layers.tolist() == [1, 2, 3, 4, 5, 6]
        np.testing.assert_allclose(sizes, [abs(each.grad.item()) for each in read], rtol=1e-10)
        if name == "tanh":
            assert answers(lab)[0].replace("−", "-") == f"{read[0].grad.item():.4g}"
    assert "(−" in page.written.text()  # a negative factor stands in brackets


def test_a_quarter_to_the_power_of_the_layers(lab: FoundationsLab) -> None:
    lab.panel.open_preset("ten-sigmoids")
    page = board_of(lab).page
    assert isinstance(page, ChainPage)
    assert answers(lab)[1] == "9.537×10⁻⁷"  # 0.25^10
    layers, limits = line(page.reaching, "at most")
    np.testing.assert_allclose(limits, 0.25 ** (11 - layers))
    _, heights = line(page.factors, "sigmoid")
    assert heights.max() == 0.25
    assert "vanishes" in page.note.text()
    board_of(lab).edit(layers=3)
    assert answers(lab)[1] == "0.01562"


def test_a_slope_of_0_lets_nothing_through(lab: FoundationsLab) -> None:
    lab.panel.open_preset("chain-of-relu")
    assert answers(lab)[0] == "1"
    board_of(lab).edit(x=-0.5)
    page = board_of(lab).page
    assert isinstance(page, ChainPage)
    assert answers(lab)[0] == "0"
    assert "No gradient" in page.note.text()
    (zeros,) = page.reaching.picture.points
    assert zeros.name == "exactly 0" and 1.0 in np.asarray(zeros.x)


def test_a_chain_can_explode_and_tells_of_each_layer(lab: FoundationsLab) -> None:
    lab.panel.open_preset("exploding")
    page = board_of(lab).page
    assert isinstance(page, ChainPage)
    assert answers(lab)[0] == "6.376×10⁸"  # 1.5^50
    assert "explodes" in page.note.text()
    assert page.factors.told_at(2.2, 0.0).startswith("Layer 2\nidentity: sum 2.25, output 2.25, w·f′ 1.5")
    assert page.factors.told_at(80.0, 0.0) == ""


# --- dead units


def test_dead_units_are_counted_and_crossed_out(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.edit(topic="dead", bias=-3.0, units=40, samples=16, positive=False, seed=4)
    page = board.page
    assert isinstance(page, DeadPage)
    random = np.random.default_rng(4)
    x, weights = random.standard_normal((16, 20)), random.standard_normal((20, 40)) * math.sqrt(2 / 20)
    dead = [all(float(np.dot(sample, weights[:, unit])) - 3 <= 0 for sample in x) for unit in range(40)]
    assert answers(lab)[0] == str(sum(dead)) and 0 < sum(dead) < 40
    biases, shares = line(page.by_bias, "counted")
    assert shares[np.abs(biases + 3).argmin()] == sum(dead) / 40
    for unit in range(40):
        told = page.squares.told_at(page.squares.place_of(unit).center())
        assert told.startswith(f"Unit {unit + 1}: ") and ("dead" in told) == dead[unit]
    assert page.squares.told_at(page.squares.rect().bottomRight().toPointF()) == ""
    assert f"{sum(dead) * 21} of" in page.note.text()
    assert {each.name for each in page.by_bias.picture.lines} == {"counted", "theory"}


def test_a_large_step_kills_units_whose_inputs_have_no_signs(lab: FoundationsLab) -> None:
    lab.panel.open_preset("dead-by-step")
    page = board_of(lab).page
    assert isinstance(page, DeadPage)
    before, after = 7, int(answers(lab)[0])  # 7: counted by another program for this seed
    rates, shares = line(page.by_rate, "after one step")
    assert shares[0] == before / 100 and after > 25
    assert shares[np.abs(np.log(rates / 10)).argmin()] == after / 100
    assert "theory" not in {each.name for each in page.by_bias.picture.lines}
    page.by_rate.handle_moved.emit("rate", 0.0123, 0.5)
    assert state_of(lab).rate == 0.012 and int(answers(lab)[0]) == before
    board_of(lab).edit(rate=None)
    assert not page.by_rate.picture.handles
    page.by_rate.clicked.emit(100.0, 0.5)
    assert state_of(lab).rate == 100.0
    page.by_bias.handle_moved.emit("bias", 3.0, 0.0)
    assert state_of(lab).bias == 3.0


# --- softmax


def test_softmax_and_its_derivatives_are_torchs(lab: FoundationsLab) -> None:
    lab.panel.open_preset("softmax-by-hand")
    board = board_of(lab)
    board.scores.one_chosen.emit(2)
    page = board.page
    assert isinstance(page, SoftmaxPage)
    assert answers(lab)[0] == "0.7366"
    across, slopes = line(page.slopes, "p₂")
    place = 100
    given = torch.tensor([0.3, 2.9, across[place]], dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda x: torch.softmax(x, 0), given)
    assert slopes[place] == pytest.approx(jacobian[1, 2].item())
    assert line(page.shares, "p₁")[1][place] == pytest.approx(torch.softmax(given, 0)[0].item())
    rows = page.table.texts()
    assert [row[3] for row in rows[1:4]] == ["0.0182", "0.2452", "0.7366"]
    assert rows[4] == ["sum", "1.3576", "1.0000", "0.0000", "0.0000", "0.0000"]
    page.shares.handle_moved.emit("score", -2.0, 0.0)
    assert state_of(lab).scores == (0.3, 2.9, -2.0)


def test_classes_are_added_and_taken_away(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.edit(topic="softmax", moved=2)
    for _ in range(3):
        board.scores.more.click()
    assert state_of(lab).scores == (0.3, 2.9, 4.0, 0.0, 0.0, 0.0) and not board.scores.more.isEnabled()
    board.scores.rows[5].box.setValue(1.5)
    assert state_of(lab).scores[5] == 1.5
    for _ in range(4):
        board.scores.fewer.click()
    assert state_of(lab).scores == (0.3, 2.9) and not board.scores.fewer.isEnabled()
    assert state_of(lab).moved_score == 1  # the last one that there is
    assert [row.isHidden() for row in board.scores.rows] == [False, False, True, True, True, True]


def test_the_books_overflow_is_shown_in_both_precisions(lab: FoundationsLab) -> None:
    lab.panel.open_preset("softmax-overflow")
    page = board_of(lab).page
    assert isinstance(page, OverflowPage)
    assert answers(lab)[:2] == ["NaN", "NaN"] and answers(lab)[2] == "0.99995"
    rows = page.table.texts()
    assert rows[2] == ["x₁", "1,010", "∞", "NaN", "∞", "NaN", "0", "1", "0.99995"]
    assert rows[3][-3:] == ["−10", "4.54×10⁻⁵", "4.54×10⁻⁵"]
    assert rows[4][-1] == "2.06×10⁻⁹"
    assert "both float32 and float64" in page.verdict.text()
    x, sums = line(page.sums, "sum of eˣ, float64")
    top = max(state_of(lab).scores)
    assert x[np.isfinite(sums)].max() == pytest.approx(709.78 - top, abs=5)
    single = line(page.sums, "sum of eˣ, float32")[1]
    assert x[np.isfinite(single)].max() == pytest.approx(88.72 - top, abs=5)


def test_float32_is_lost_first(lab: FoundationsLab) -> None:
    lab.panel.open_preset("float32-first")
    page = board_of(lab).page
    assert isinstance(page, OverflowPage)
    expected = torch.softmax(torch.tensor([1.0, 0.0, -2.0], dtype=torch.float64), 0)[0].item()
    assert answers(lab) == ["NaN", f"{expected:.4g}", f"{expected:.4g}"]
    page.sums.handle_moved.emit("offset", 20.2, 1.0)
    assert state_of(lab).offset == 20.0
    assert answers(lab)[0] == answers(lab)[1] == f"{expected:.4g}"
    assert "Both are right" in page.verdict.text()


def test_the_temperature_moves_the_probabilities(lab: FoundationsLab) -> None:
    lab.panel.open_preset("hot")
    page = board_of(lab).page
    assert isinstance(page, TemperaturePage)
    shares = torch.softmax(torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64) / 10, 0)
    entropy = torch.distributions.Categorical(shares).entropy().item()
    assert answers(lab)[:2] == [f"{shares.max().item():.4f}", f"{entropy:.4f}"]
    temperatures, curve = line(page.curves, "p₁")
    at = torch.softmax(torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64) / temperatures[60], 0)[0].item()
    assert curve[60] == pytest.approx(at)
    page.curves.handle_moved.emit("temperature", 0.20012, 0.5)
    assert state_of(lab).temperature == 0.2
    assert float(answers(lab)[0]) > 0.99
    assert page.bars.told_at(2.1, 0.0).startswith("p₃ = 0.9933")
    assert page.bars.told_at(9.0, 0.0) == ""


# --- the board


def test_every_row_of_the_form_changes_what_is_shown(lab: FoundationsLab) -> None:
    """Each field of each topic: another value is another picture or other figures."""
    board = board_of(lab)
    others = {
        "x": 2.0, "leak": 0.3, "weight": 2.0, "layers": 4, "bias": -2.0, "rate": 30.0, "samples": 10, "units": 30,
        "positive": False, "seed": 9, "offset": 95.0, "temperature": 3.0,
    }  # fmt: skip
    for topic, names in TOPIC_FIELDS.items():
        for name in names:
            usual = {key: getattr(ActivationState(), key) for key in others}
            board.edit(**{**usual, "x": -1.0, "topic": topic, "function": "leaky_relu"})
            before = [*answers(lab), *(plot.columns() for plot in board.page.findChildren(GraphPlot))]
            row = board.form.row(name)
            assert not row.isHidden(), (topic, name)
            (row.value_changed if hasattr(row, "value_changed") else row.chosen).emit(others[name])
            assert getattr(state_of(lab), name) == others[name]
            assert [*answers(lab), *(plot.columns() for plot in board.page.findChildren(GraphPlot))] != before, (topic, name)


def test_topics_are_a_way_of_looking(lab: FoundationsLab) -> None:
    board = board_of(lab)
    undoable = lab.can_undo
    for topic in ("dead", "temperature", "curves"):
        board.topics.button(topic).click()
        assert state_of(lab).topic == topic and board.stack.currentWidget() is board.page
    assert lab.can_undo == undoable


@pytest.mark.parametrize("preset", preset_names("activation"))
def test_each_preset_opens_and_is_the_state_that_it_names(lab: FoundationsLab, preset: str) -> None:
    lab.panel.open_preset(preset)
    assert state_of(lab).preset == preset
    assert all(answers(lab))
    assert all(plot.accessibleName() for plot in board_of(lab).page.findChildren(GraphPlot))


def test_the_books_figures_are_in_band(lab: FoundationsLab, qtbot: QtBot) -> None:
    for preset in BOOKS:
        lab.panel.open_preset(preset)
        qtbot.waitUntil(lambda: not lab.busy() and bool(lab.panel.book.texts))
        assert "in band" in lab.panel.book._verdict.text()


def test_the_board_speaks_korean(lab: FoundationsLab, qtbot: QtBot) -> None:
    language.set_language("ko")
    board = board_of(lab)
    qtbot.waitUntil(lambda: board.topics.button("dead").text() == "죽은 단위")
    for preset in preset_names("activation"):
        lab.panel.open_preset(preset)
        shown = [board.choice.row.head.text(), *(each[1] for each in board.answers())]
        shown += [mark.name for plot in board.page.findChildren(GraphPlot) for mark in plot.picture.marks]
        shown += [plot.picture.x_name for plot in board.page.findChildren(GraphPlot)]
        for text in shown:
            assert not any(word in text for word in ("gradient", "layer", "step", "largest", "Derivative", "Dead", "Function"))


def test_all_words_are_there() -> None:
    words = table("board_activation")
    for name in ActivationState.__struct_fields__:
        if any(name in names for names in TOPIC_FIELDS.values()):
            assert name in words and f"{name}.help" in words
