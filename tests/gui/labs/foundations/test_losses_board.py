"""The board of losses: what it shows against the books, sums by hand and torch, and what its controls do."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from torch.nn import functional

from engine.words import table
from gui.labs.foundations.board_presets import preset_names
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.losses.coin_page import CoinPage
from gui.labs.foundations.losses.example_page import ExamplePage
from gui.labs.foundations.losses.gaussian_page import GaussianPage
from gui.labs.foundations.losses.hand_page import HandPage
from gui.labs.foundations.losses.logarithm_page import LogarithmPage
from gui.labs.foundations.losses.losses_board import LossesBoard
from gui.labs.foundations.losses.smoothing_page import SmoothingPage
from gui.labs.foundations.losses.state import BOOKS, TOPIC_FIELDS, LossesState
from gui.labs.foundations.losses.twice_page import TwicePage
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell import language
from tests.gui.labs.foundations.lent_boards import BoardLender


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("losses", 1200, 800, shown=False)


def board_of(lab: FoundationsLab) -> LossesBoard:
    assert isinstance(lab.board, LossesBoard)
    return lab.board


def state_of(lab: FoundationsLab) -> LossesState:
    return board_of(lab).state


def answers(lab: FoundationsLab) -> list[str]:
    return [lab.figures.value(str(place)) for place in range(3)]


def line(plot: GraphPlot, name: str) -> tuple[np.ndarray, np.ndarray]:
    found = next(each for each in plot.picture.lines if each.name == name)
    return np.asarray(found.x, float), np.asarray(found.y, float)


def plots(lab: FoundationsLab) -> list[GraphPlot]:
    return board_of(lab).page.findChildren(GraphPlot)


# --- the same example in each


@pytest.mark.parametrize(
    ("preset", "squared", "crossed"), [("right-answer", "0.0975", "0.5108"), ("wrong-answer", "0.5975", "2.3026")]
)
def test_the_books_example_in_both_losses(lab: FoundationsLab, preset: str, squared: str, crossed: str) -> None:
    lab.panel.open_preset(preset)
    assert answers(lab)[:2] == [squared, crossed]
    page = board_of(lab).page
    assert isinstance(page, ExamplePage)
    rows = page.table.texts()
    y = [float(row[1]) for row in rows[1:11]]
    squares = [(value - (k == 2)) ** 2 for k, value in enumerate(y)]
    assert [float(row[3]) for row in rows[1:11]] == pytest.approx(squares, abs=5e-5)
    assert float(rows[11][3]) == pytest.approx(sum(squares), abs=5e-5)  # the terms add up to what stands below them
    assert [row[4] for row in rows[1:11] if row[4] != "0"] == [crossed]


def test_a_dragged_bar_leaves_room_for_the_others_or_not(lab: FoundationsLab) -> None:
    board = board_of(lab)
    page = board.page
    assert isinstance(page, ExamplePage)
    page.bars.handle_moved.emit("2", 2.0, 0.2)
    assert state_of(lab).answers[2] == 0.2 and sum(state_of(lab).answers) == pytest.approx(1.0)
    assert answers(lab)[1] == f"{-math.log(0.2 + 1e-7):.4f}"
    board.edit(make_room=False)
    page.bars.handle_moved.emit("0", 0.0, 0.9)
    assert sum(state_of(lab).answers) == pytest.approx(1.0 - 0.2 + 0.9)
    assert "add up to 1.7" in board.answers()[1][3]
    page.curves.handle_moved.emit("share", 1.0, 0.0)
    assert answers(lab)[:2] == ["0.0000", "−1×10⁻⁷"]  # ln(1 + 10⁻⁷), as the book has it
    board.edit(book_least=False)
    assert answers(lab)[1] == "0.0000"


def test_both_losses_by_the_share_of_the_truth_are_torchs(lab: FoundationsLab) -> None:
    lab.panel.open_preset("sure-and-wrong")
    page = board_of(lab).page
    assert isinstance(page, ExamplePage)
    answer = torch.tensor(state_of(lab).answers, dtype=torch.float64)
    shares, squared = line(page.curves, "squared error")
    crossed = line(page.curves, "cross-entropy")[1]
    for place in (50, 90, 140):
        moved = answer * (1 - shares[place]) / (1 - answer[2])
        moved[2] = shares[place]
        target = functional.one_hot(torch.tensor(2), 10).double()
        assert squared[place] == pytest.approx(functional.mse_loss(moved, target, reduction="sum").item() / 2)
        assert crossed[place] == pytest.approx(functional.nll_loss(moved.log()[None], torch.tensor([2])).item(), abs=1e-4)
    expected = functional.mse_loss(answer, functional.one_hot(torch.tensor(2), 10).double()).item()
    assert f"{expected:.4g}" in board_of(lab).answers()[0][3]
    assert "class 7: y = 0.7, t = 0" in page.bars.told_at(7.2, 0.5)


# --- the curve of -ln y


def test_minus_ln_y_and_its_tangent(lab: FoundationsLab, qtbot: QtBot) -> None:
    lab.panel.open_preset("minus-logarithm")
    page = board_of(lab).page
    assert isinstance(page, LogarithmPage)
    assert answers(lab) == ["2.3026", "−10", "0.1"]
    x, y = line(page.values, "−ln y")
    there = np.isfinite(y)
    np.testing.assert_allclose(np.exp(-y[there]), x[there], rtol=1e-9)
    page.values.handle_moved.emit("share", 1.7, 0.0)
    assert answers(lab)[0] == "0.0000" and state_of(lab).share == 1.0
    qtbot.keyClick(page.slopes, Qt.Key.Key_Left)
    assert state_of(lab).share < 1.0
    board_of(lab).edit(share=1e-8)
    assert answers(lab)[0] == f"{-math.log(1e-8):.4f}"
    board_of(lab).edit(book_least=True)
    assert answers(lab)[0] == f"{-math.log(1.1e-7):.4f}"


@pytest.mark.parametrize(("least", "name", "slope"), [(False, "−ln y", "−1/y"), (True, "−ln(y + 10⁻⁷)", "−1/(y + 10⁻⁷)")])
def test_all_of_a_picture_has_the_books_10_to_the_minus_7_or_nothing_has(
    lab: FoundationsLab, least: bool, name: str, slope: str
) -> None:
    lab.panel.open_preset("minus-logarithm")
    board_of(lab).edit(share=0.0001, book_least=least)
    page = board_of(lab).page
    assert isinstance(page, LogarithmPage)
    added = 0.0001 + (1e-7 if least else 0.0)
    titles, values = zip(*((title, value) for _, title, value, _ in board_of(lab).answers()), strict=True)
    assert titles[:2] == (name, f"Derivative {slope}")
    assert values[:2] == (f"{-math.log(added):.4f}", f"−{1 / added:,.0f}")
    shown = page.table.texts()
    assert [row[0] for row in shown] == ["y", name, slope]
    assert (shown[1][-1], shown[2][-1]) == values[:2]
    assert (page.values.picture.y_name, page.slopes.picture.y_name) == (name, f"steepness {slope.removeprefix('−')}")
    board_of(lab).edit(topic="example")
    example = board_of(lab).page
    assert isinstance(example, ExamplePage)
    assert ("10⁻⁷" in board_of(lab).answers()[1][1]) == ("10⁻⁷" in example.worked.text()) == least
    assert example.table.texts()[3][1] == board_of(lab).answers()[2][2]  # one number, one writing


# --- likelihoods


def test_own_points_under_a_gaussian_are_torchs(lab: FoundationsLab) -> None:
    lab.panel.open_preset("under-a-gaussian")
    page = board_of(lab).page
    assert isinstance(page, GaussianPage)
    points = torch.tensor(state_of(lab).points, dtype=torch.float64)
    total = torch.distributions.Normal(0.0, 1.0).log_prob(points).sum().item()
    assert answers(lab)[0].replace("−", "-") == f"{total:.4f}"
    mean, deviation = points.mean().item(), points.std(correction=0).item()
    normal = torch.distributions.Normal(points.mean(), points.std(correction=0))
    most = normal.log_prob(points).sum().item()
    assert answers(lab)[1].replace("−", "-") == f"{most:.4f}"
    board_of(lab).most_likely.click()
    assert (state_of(lab).mean, state_of(lab).deviation) == pytest.approx((mean, deviation))
    assert answers(lab)[0] == answers(lab)[1]
    x, density = line(page.density, "density")
    expected = normal.log_prob(torch.tensor(x)).exp().numpy()
    np.testing.assert_allclose(density, expected, rtol=1e-9)
    field = page.surface.picture.field
    assert field is not None
    values = np.asarray(field.values)
    row, column = np.unravel_index(values.argmax(), values.shape)
    assert np.linspace(*field.x, values.shape[1])[column] == pytest.approx(mean, abs=0.15)
    assert np.linspace(*field.y, values.shape[0])[row] == pytest.approx(deviation, abs=0.15)


def test_points_mean_and_deviation_are_dragged_added_and_taken_away(lab: FoundationsLab, qtbot: QtBot) -> None:
    board_of(lab).edit(topic="gaussian")
    page = board_of(lab).page
    assert isinstance(page, GaussianPage)
    field = page.surface.picture.field
    page.density.handle_moved.emit("mean", 0.5, 0.3)
    page.density.handle_moved.emit("deviation", 2.5, 0.1)
    assert (state_of(lab).mean, state_of(lab).deviation) == (0.5, 2.0)
    assert page.surface.picture.field is field  # nothing of the surface has changed
    page.density.handle_moved.emit("1", -2.0, 0.0)
    assert state_of(lab).points == (-1.2, -2.0, 0.8, 1.5, 2.9)
    page.density.clicked.emit(3.333, 0.1)
    assert state_of(lab).points[-1] == 3.33
    page.density.removed.emit(0.8, 0.0)
    assert state_of(lab).points == (-1.2, -2.0, 1.5, 2.9, 3.33)
    before = state_of(lab).points
    page.density.removed.emit(0.5, 0.19)  # the handle of the mean
    assert state_of(lab).points == before
    qtbot.keyClick(page.density, Qt.Key.Key_Delete)
    assert len(state_of(lab).points) == 4
    for _ in range(6):
        page.density.removed.emit(0.0, 0.0)
    assert len(state_of(lab).points) == 1
    page.surface.clicked.emit(-1.0, 0.001)
    assert (state_of(lab).mean, state_of(lab).deviation) == (-1.0, 0.05)


def test_the_parts_of_the_log_likelihood_add_up(lab: FoundationsLab) -> None:
    board_of(lab).edit(topic="gaussian", mean=1.0, deviation=2.0)
    page = board_of(lab).page
    assert isinstance(page, GaussianPage)
    parts = page.terms.text().split("ln 2π = ")[1].replace("−", "-").replace("- ", "-").replace("+ ", "")
    terms, total = parts.split(" = ")
    assert sum(float(each) for each in terms.split()) == pytest.approx(float(total), abs=2e-3)


def test_a_coin_is_torchs_cross_entropy(lab: FoundationsLab) -> None:
    lab.panel.open_preset("seven-heads")
    page = board_of(lab).page
    assert isinstance(page, CoinPage)
    throws = torch.tensor([1.0] * 7 + [0.0] * 3, dtype=torch.float64)
    loss = functional.binary_cross_entropy(torch.full_like(throws, 0.5), throws).item()
    least = functional.binary_cross_entropy(torch.full_like(throws, 0.7), throws).item()
    assert answers(lab) == [f"−{10 * loss:.4f}", f"−{10 * least:.4f}", f"{loss:.4f}"]
    assert f"{least:.4f}" in board_of(lab).answers()[2][3]
    shares, likelihood = line(page.likelihood, "likelihood")
    np.testing.assert_allclose(likelihood, shares**7 * (1 - shares) ** 3, atol=1e-12)
    page.logs.handle_moved.emit("p", 0.2, 0.0)
    assert state_of(lab).heads_share == 0.2
    board_of(lab).most_likely.click()
    assert state_of(lab).heads_share == 0.7


def test_the_ends_of_a_coin(lab: FoundationsLab) -> None:
    lab.panel.open_preset("only-heads")
    board = board_of(lab)
    board.edit(heads_share=1.0)
    assert answers(lab)[:2] == ["0.0000", "0.0000"]
    board.edit(tails=1)
    assert answers(lab)[0] == "−∞"
    board.edit(heads=0, tails=0)
    assert answers(lab)[1:] == ["–", "–"] and not board.most_likely.isEnabled()
    board.edit(heads=900, tails=800, heads_share=0.4)
    page = board.page
    assert isinstance(page, CoinPage)
    likelihood = line(page.likelihood, "likelihood")[1]  # exp(-1174) is no number: its share of the largest is shown
    assert likelihood.max() == pytest.approx(1.0, abs=0.05) and page.likelihood.picture.y_name == "L over its largest"


# --- by hand


def test_the_way_to_y_minus_t_is_torchs(lab: FoundationsLab) -> None:
    lab.panel.open_preset("softmax-by-hand")
    page = board_of(lab).page
    assert isinstance(page, HandPage)
    scores = torch.tensor([0.3, 2.9, 4.0], dtype=torch.float64, requires_grad=True)
    loss = functional.cross_entropy(scores, torch.tensor(1))
    loss.backward()
    assert answers(lab)[:2] == [f"{math.exp(-loss.item()):.4f}", f"{loss.item():.4f}"]
    rows = {row[0]: row[1:] for row in page.table.texts()[1:]}
    expected = [f"{value:.4f}".replace("-", "−") for value in scores.grad.tolist()]
    for name in ("product: ∂E/∂z", "y − t", "difference quotient, h = 10⁻⁴"):
        assert rows[name][:3] == expected
    slopes, products = rows["∂E/∂y = −t/y"], rows["∂y₂/∂z"]
    by_hand = float(slopes[1].replace("−", "-")) * float(products[0].replace("−", "-"))
    assert by_hand == pytest.approx(scores.grad[0].item(), abs=3e-4)
    assert rows["t ln y"][3] == f"−{loss.item():.4f}"
    arrows = [arrow.dy for arrow in page.scores.picture.arrows]
    np.testing.assert_allclose(arrows, -scores.grad.numpy())
    assert "y − t = −0.7548" in page.outputs.told_at(1.0, 0.5)


@pytest.mark.parametrize("preset", ["sigmoid-by-hand", "gaussian-by-hand"])
def test_a_coin_and_a_gaussian_end_in_the_same_gradient(lab: FoundationsLab, preset: str) -> None:
    lab.panel.open_preset(preset)
    state = state_of(lab)
    score = torch.tensor(state.scores[0], dtype=torch.float64, requires_grad=True)
    if state.kind == "sigmoid":
        loss = functional.binary_cross_entropy_with_logits(score, torch.tensor(1.0).double())
    else:
        loss = -torch.distributions.Normal(score, 1.0).log_prob(torch.tensor(1.0))
    loss.backward()
    assert answers(lab)[1] == f"{loss.item():.4f}"
    page = board_of(lab).page
    assert isinstance(page, HandPage)
    rows = {row[0]: row[1:] for row in page.table.texts()[1:]}
    assert rows["y − t"] == rows["product: ∂E/∂z"] == [f"{score.grad.item():.4f}".replace("-", "−")]


def test_scores_and_truth_are_set_by_hand(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.edit(topic="hand")
    page = board.page
    assert isinstance(page, HandPage)
    page.scores.handle_moved.emit("0", 0.0, 5.0)
    assert state_of(lab).scores == (5.0, 2.9, 4.0)
    board.scores.one_chosen.emit(0)
    assert state_of(lab).true_class == 0
    assert answers(lab)[0] == f"{torch.softmax(torch.tensor([5.0, 2.9, 4.0]), 0)[0].item():.4f}"
    board.scores.more.click()
    assert len(state_of(lab).scores) == 4
    board.kind.chosen.emit("sigmoid")
    assert [row.isHidden() for row in board.scores.rows[:2]] == [False, True] and board.scores.more.isHidden()
    assert not board.form.row("label").isHidden() and board.form.row("target").isHidden()
    board.scores.rows[0].box.setValue(-1.0)
    assert state_of(lab).scores == (-1.0, 2.9, 4.0, 0.0)
    board.kind.chosen.emit("identity")
    assert board.form.row("label").isHidden() and not board.form.row("target").isHidden()


# --- floors


def test_label_smoothing_has_torchs_loss_and_its_floor(lab: FoundationsLab) -> None:
    lab.panel.open_preset("smoothed")
    page = board_of(lab).page
    assert isinstance(page, SmoothingPage)
    scores = torch.tensor([[4.0, *[0.0] * 9]], dtype=torch.float64)
    loss = functional.cross_entropy(scores, torch.tensor([0]), label_smoothing=0.1).item()
    assert answers(lab)[:2] == [f"{loss:.4f}", "0.5003"]
    leads, curve = line(page.by_lead, "with smoothed labels")
    assert leads[curve.argmin()] == pytest.approx(math.log(0.91 / 0.01), abs=0.06)
    assert curve.min() == pytest.approx(0.5003, abs=1e-4)
    rows = page.table.texts()
    assert rows[1][2] == "0.9100" and rows[2][2] == "0.0100"
    assert float(rows[1][4]) + float(rows[2][4]) == pytest.approx(float(rows[3][4]), abs=1e-4)
    page.by_smoothing.handle_moved.emit("smoothing", 0.301, 0.0)
    page.by_lead.handle_moved.emit("lead", 2.0, 0.0)
    assert (state_of(lab).smoothing, state_of(lab).lead) == (0.3, 2.0)
    board_of(lab).edit(smoothing=0.0)
    assert answers(lab)[1] == "0.0000" and "∞" in board_of(lab).answers()[1][3]
    board_of(lab).edit(smoothing=0.1, lead=50.0)
    scores[0, 0] = 50.0
    assert answers(lab)[0] == f"{functional.cross_entropy(scores, torch.tensor([0]), label_smoothing=0.1).item():.4f}"
    assert page.table.texts()[2][4] == f"{0.09 * 50:.4f}"  # the others' shares are e^-50


def test_a_softmax_taken_twice_never_goes_below_its_floor(lab: FoundationsLab) -> None:
    lab.panel.open_preset("softmax-twice")
    page = board_of(lab).page
    assert isinstance(page, TwicePage)
    given = torch.tensor([[10.0, *[0.0] * 9]], dtype=torch.float64, requires_grad=True)
    loss = functional.cross_entropy(torch.softmax(given, 1), torch.tensor([0]))
    loss.backward()
    assert answers(lab) == [f"{loss.item():.4f}", "1.4612", f"{abs(given.grad[0, 0].item()):.4g}"]
    assert line(page.losses, "softmax twice")[1].min() > math.log(1 + 9 / math.e)
    assert line(page.losses, "softmax once")[1].min() < 0.01
    page.slopes.clicked.emit(-2.0, 0.0)
    assert state_of(lab).lead == -2.0
    board_of(lab).edit(classes=2)
    assert answers(lab)[1] == f"{math.log(1 + 1 / math.e):.4f}"


# --- the board


def test_every_row_of_the_form_changes_what_is_shown(lab: FoundationsLab) -> None:
    board = board_of(lab)
    others = {
        "truth": 7, "share": 0.3, "mean": 1.0, "deviation": 2.0, "heads": 9, "tails": 9, "heads_share": 0.9, "label": False,
        "target": 3.0, "smoothing": 0.4, "classes": 4, "lead": 1.0, "book_least": False,
    }  # fmt: skip
    for topic, names in TOPIC_FIELDS.items():
        for name in names:
            if name == "make_room":
                continue
            usual = {key: getattr(LossesState(), key) for key in others}
            kind = {"label": "sigmoid", "target": "identity"}.get(name, "softmax")
            empty = (0.5, 0.5, *[0.0] * 8)  # what is added before the logarithm is seen where the truth gets 0
            board.edit(**{**usual, "topic": topic, "kind": kind, "answers": empty, "share": 1e-8 if name != "share" else 0.6})
            before = [*answers(lab), *(plot.columns() for plot in plots(lab))]
            row = board.form.row(name)
            assert not row.isHidden(), (topic, name)
            (row.value_changed if hasattr(row, "value_changed") else row.chosen).emit(others[name])
            assert getattr(state_of(lab), name) == others[name]
            assert [*answers(lab), *(plot.columns() for plot in plots(lab))] != before, (topic, name)


def test_an_edit_is_undone(lab: FoundationsLab) -> None:
    board = board_of(lab)
    before = state_of(lab)
    board.topics.button("coin").click()
    assert not lab.can_undo
    board.edit(heads=20)
    lab.undo()
    assert state_of(lab).heads == before.heads
    lab.redo()
    assert state_of(lab).heads == 20


@pytest.mark.parametrize("preset", preset_names("losses"))
def test_each_preset_opens(lab: FoundationsLab, preset: str) -> None:
    lab.panel.open_preset(preset)
    assert state_of(lab).preset == preset
    assert all(answers(lab))
    assert all(plot.accessibleName() for plot in board_of(lab).page.findChildren(GraphPlot))


def test_the_books_figures_of_losses_are_in_band(lab: FoundationsLab, qtbot: QtBot) -> None:
    for preset in BOOKS:
        lab.panel.open_preset(preset)
        qtbot.waitUntil(lambda: not lab.busy() and bool(lab.panel.book.texts))
        assert "in band" in lab.panel.book._verdict.text()


def test_the_board_speaks_korean(lab: FoundationsLab, qtbot: QtBot) -> None:
    language.set_language("ko")
    board = board_of(lab)
    qtbot.waitUntil(lambda: board.topics.button("gaussian").text() == "정규분포")
    for preset in preset_names("losses"):
        lab.panel.open_preset(preset)
        shown = [*(each[1] for each in board.answers()), board.most_likely.text()]
        shown += [text for plot in plots(lab) for text in (plot.picture.x_name, plot.picture.y_name, *plot.legend)]
        for text in shown:
            assert not any(word in text for word in ("loss", "answer", "lead", "likel", "Floor", "softmax o", "the "))


def test_all_words_are_there() -> None:
    words = table("board_losses")
    for names in TOPIC_FIELDS.values():
        assert all(name in words and f"{name}.help" in words for name in names)
