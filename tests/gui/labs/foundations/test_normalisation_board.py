"""The board of normalisation: what its tables, formulas and graphs show is what torch computes, every control does something,
and networks with and without batch normalisation are trained beside the window."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from torch import nn

from engine.books.all_experiments import experiment_named
from engine.figures import fixed, measured
from engine.foundations.boards import normalisation_numbers
from engine.foundations.boards.normalisation_numbers import drawn_batch
from engine.words import LANGUAGES, table
from gui.labs.foundations.board_presets import board_preset, preset_names
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.normalisation.batch_formulas import added, mean_line, variance_line
from gui.labs.foundations.normalisation.norm_page import NormPage
from gui.labs.foundations.normalisation.normalisation_board import NormalisationBoard
from gui.labs.foundations.normalisation.scales_page import ScalesPage
from gui.labs.foundations.normalisation.state import BOOKS, NormalisationState
from gui.labs.foundations.state import FoundationsState
from gui.shell import language
from gui.shell.state_file import from_text, to_text
from tests.gui.labs.foundations.lent_boards import BoardLender

TOPICS = ("batch_norm", "layer_norm", "running_mean", "dropout", "weight_decay", "start_scales")


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("normalisation", 1000, 640)


@pytest.fixture
def board(lab: FoundationsLab) -> NormalisationBoard:
    """In the lab, which hands back what the user edits."""
    assert isinstance(lab.board, NormalisationBoard)
    return lab.board


def shown(lab_or_board: NormalisationBoard, **changes: object) -> NormalisationState:
    """The board with a state that differs so."""
    state = msgspec.structs.replace(lab_or_board.state, **changes)
    lab_or_board.open_state(state)
    return lab_or_board.state


# --- batch and layer normalisation


def test_before_and_after_are_torchs(board: NormalisationBoard) -> None:
    state = shown(board, gamma=1.5, beta=-0.5, epsilon=0.01, cell=(2, 1))
    x = torch.tensor(drawn_batch(6, 4, 0))
    module = nn.BatchNorm1d(4, eps=0.01).double()
    nn.init.constant_(module.weight, 1.5)
    nn.init.constant_(module.bias, -0.5)
    y = module(x).detach().numpy()
    page = board.page
    np.testing.assert_allclose(page.before.picture.values, x.numpy())
    np.testing.assert_allclose(page.after.picture.values, y)
    edges = {edge.name: edge.values for edge in page.before.picture.edges}
    np.testing.assert_allclose(edges["μ"], x.mean(0).numpy())
    np.testing.assert_allclose(edges["σ²"], x.var(0, correction=0).numpy())
    np.testing.assert_allclose(edges["σ², N − 1"], x.var(0).numpy())
    assert page.before.picture.lit == {(row, 1) for row in range(6)}
    assert [value for _, _, value, _ in board.answers()] == [
        measured(x.mean(0)[1].item()),
        measured(x.var(0, correction=0)[1].item()),
        measured(x[2, 1].item()),
        measured(y[2, 1]),
    ]
    lines = page.worked.text().splitlines()
    assert lines[0].endswith(f"/ 6 = {measured(x.mean(0)[1].item())}")
    assert lines[-1].startswith("y = γ x̂ + β = 1.5 × ")
    assert lines[-1].endswith(f"+ (−0.5) = {measured(y[2, 1])}")
    assert state.typed is None


def test_evaluation_uses_what_has_been_gathered(board: NormalisationBoard) -> None:
    assert board.form.row("seen").isHidden()
    shown(board, mode="evaluation", seen=3)
    assert not board.form.row("seen").isHidden()
    module = nn.BatchNorm1d(4).double()
    for draw in (1, 2, 3):
        module(torch.tensor(drawn_batch(6, 4, 0, draw)))
    y = module.eval()(torch.tensor(drawn_batch(6, 4, 0))).detach().numpy()
    np.testing.assert_allclose(board.page.after.picture.values, y)
    edges = board.page.before.picture.edges
    assert [edge.name for edge in edges if edge.strong] == ["running μ", "running σ²"]
    np.testing.assert_allclose(edges[1].values, module.running_var.numpy())
    assert "3 batches" in board.page.worked.text()
    shown(board, seen=0)
    assert "still 0" in board.page.fact.text()


def test_layer_norm_is_torchs_row_by_row(board: NormalisationBoard) -> None:
    shown(board, topic="layer_norm", cell=(1, 3))
    y = nn.LayerNorm(4, elementwise_affine=False)(torch.tensor(drawn_batch(6, 4, 0))).numpy()
    np.testing.assert_allclose(board.page.after.picture.values, y)
    assert board.page.before.picture.across
    assert board.page.before.picture.lit == {(1, column) for column in range(4)}
    assert board.answers()[3][2] == measured(y[1, 3])  # as the formula has it


def test_the_tables_round_a_half_as_the_figures_do(lab: FoundationsLab, board: NormalisationBoard) -> None:
    lab.panel.open_preset("by-rows")
    assert board.answers()[0][2] == "−1.225"  # (2.7 − 1.7 − 2.3 − 3.6) / 4
    means = board.page.before.picture.edges[0].values
    assert [board.page.before.written(float(means[row]), 60) for row in (0, 2)] == ["−1.23", "−3.18"]  # −3.175


def test_one_sample_gives_nothing_but_the_shift(board: NormalisationBoard) -> None:
    shown(board, rows=1, beta=0.7)
    np.testing.assert_allclose(board.page.after.picture.values, 0.7)
    assert "torch refuses" in board.page.fact.text()


def test_a_cell_is_chosen_and_its_number_typed(lab: FoundationsLab, board: NormalisationBoard, qtbot: QtBot) -> None:
    page = board.page
    qtbot.mouseClick(page.before, Qt.MouseButton.LeftButton, pos=page.before.place(3, 2).center().toPoint())
    assert board.state.cell == (3, 2)
    page.before.setFocus()
    qtbot.keyClick(page.before, Qt.Key.Key_Down)
    qtbot.keyClick(page.before, Qt.Key.Key_Left)
    assert board.state.cell == (4, 1)
    assert page.place.text() == "Sample 5, feature 2"
    page.box.setValue(9.5)
    assert board.state.batch[4, 1] == 9.5
    expected = drawn_batch(6, 4, 0).copy()
    expected[4, 1] = 9.5
    y = nn.BatchNorm1d(4, affine=False).double()(torch.tensor(expected)).numpy()
    np.testing.assert_allclose(page.after.picture.values, y, rtol=1e-6)
    assert not page.reset.isHidden()
    lab.undo()
    assert board.state.typed is None
    lab.redo()
    page.reset.click()
    assert board.state.typed is None
    assert page.before.told((6, 0)).startswith("μ, feat. 1: ")


def test_typed_numbers_stay_in_a_batch_of_another_size(board: NormalisationBoard) -> None:
    page = board.page
    assert isinstance(page, NormPage)
    page.before.cell_chosen.emit(1, 2)
    page.box.setValue(7.25)
    for size in (2, 8, 5):
        board.form._changed("rows", size)
        assert board.state.batch[1, 2] == 7.25 and board.state.batch.shape == (size, 4)
    board.form._changed("columns", 3)
    assert board.state.batch[1, 2] == 7.25
    board.form._changed("rows", 1)
    board.form._changed("rows", 6)
    assert board.state.batch[1, 2] == 7.25, "also where it was out of reach in between"


def test_another_seed_draws_another_batch(board: NormalisationBoard) -> None:
    shown(board, typed=((5.0,),))
    assert board.state.batch[0, 0] == 5.0
    board.form._changed("seed", 4)
    assert board.state.typed is None
    np.testing.assert_array_equal(board.state.batch, drawn_batch(6, 4, 4))


def test_formulas_put_negative_numbers_in_brackets() -> None:
    assert added([2.0, -1.5, 0.25]) == "2 − 1.5 + 0.25"
    assert mean_line([1.0, -3.0], -1.0) == "μ = (1 − 3) / 2 = −1"
    assert variance_line([1.0, -3.0], -1.0, 4.0) == "σ² = ((1 − (−1))² + (−3 − (−1))²) / 2 = 4"


# --- running means


def test_the_running_mean_follows_as_torchs(board: NormalisationBoard) -> None:
    shown(board, topic="running_mean", batches=20, batch_size=4)
    generator, module = np.random.default_rng(0), nn.BatchNorm1d(1).double()
    batches = 2.0 + 1.5 * generator.standard_normal((20, 4))
    means, variances = [], []
    for batch in batches:
        module(torch.tensor(batch).reshape(-1, 1))
        means.append(module.running_mean.item())
        variances.append(module.running_var.item())
    page = board.page
    np.testing.assert_allclose(page.mean.picture.lines[1].y, means)
    np.testing.assert_allclose(page.variance.picture.lines[1].y, variances)
    np.testing.assert_allclose(page.mean.picture.points[0].y, batches.mean(axis=1))
    np.testing.assert_allclose(page.variance.picture.points[1].y, batches.var(axis=1, ddof=1))
    assert board.answers()[0][2:] == (fixed(means[-1], 3), "true 2")
    assert f"0.9 × {measured(means[-2])} + 0.1 × {measured(batches[-1].mean())} = {measured(means[-1])}" in page.worked.text()


def test_the_books_nine_tenths_is_torchs_tenth_when_the_convention_is_switched(board: NormalisationBoard) -> None:
    shown(board, topic="running_mean")
    before = np.asarray(board.page.mean.picture.lines[1].y)
    board.form._changed("convention", "book")
    assert board.state.momentum == 0.9
    np.testing.assert_allclose(board.page.mean.picture.lines[1].y, before)
    assert "0.1 as torch writes it" in board.page.fact.text()
    shown(board, convention="torch", momentum=0.9)
    assert "jumps with every batch" in board.page.fact.text()
    shown(board, momentum=0.001)
    assert "remembers where it began" in board.page.fact.text()


# --- dropout


def test_dropout_shows_mask_output_and_what_many_masks_come_to(board: NormalisationBoard, qtbot: QtBot) -> None:
    state = shown(board, topic="dropout", ratio=0.25, cell=(0, 1), masks=4000)
    page, x = board.page, drawn_batch(6, 4, 0)
    mask = page.kept.picture.values
    assert set(np.unique(mask)) == {0.0, 1.0}
    np.testing.assert_allclose(page.after.picture.values, x * mask / 0.75)
    assert page.after.picture.faded == {(int(row), int(column)) for row, column in np.argwhere(mask == 0)}
    assert board.answers()[0][2:] == (str(int(mask.sum())), "of 24")
    line = page.means.picture.lines[3]
    means = np.asarray(line.y)
    assert (np.asarray(line.x)[0], np.asarray(line.x)[-1]) == (1, 4000)
    assert means[-1] == pytest.approx(x[0, 1], abs=4 * abs(x[0, 1]) * (0.25 / 0.75) ** 0.5 / 4000**0.5)
    assert board.play_key()
    assert board.state.draw == state.draw + 1
    assert (page.kept.picture.values != mask).any()
    shown(board, mode="evaluation")
    np.testing.assert_array_equal(page.after.picture.values, x)
    assert not board.play_key()
    board.form._changed("convention", "book")
    np.testing.assert_allclose(page.after.picture.values, 0.75 * x)
    assert page.worked.text().endswith(f"= {measured(0.75 * x[0, 1])}")


# --- weight decay


def adams_way(in_loss: float, decoupled: float) -> list[float]:
    """25 steps at rate 0.05 on ½ (w - 1)², as torch's documentation writes Adam and AdamW."""
    weight, mean, square, way = 2.0, 0.0, 0.0, [2.0]
    for t in range(1, 26):
        gradient = weight - 1 + in_loss * weight
        weight -= 0.05 * decoupled * weight
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weight -= 0.05 * (mean / (1 - 0.9**t)) / ((square / (1 - 0.999**t)) ** 0.5 + 1e-8)
        way.append(weight)
    return way


def test_both_decays_are_adams_and_the_first_step_is_worked_out(board: NormalisationBoard) -> None:
    shown(board, topic="weight_decay", rule="adam", decay=0.3, lr=0.05, steps=25)
    lines = board.page.graph.picture.lines
    for line, in_loss, decoupled in ((0, 0.0, 0.0), (1, 0.3, 0.0), (2, 0.0, 0.3)):
        np.testing.assert_allclose(lines[line].y, adams_way(in_loss, decoupled), rtol=1e-6)
    rows = board.page.table.texts()
    assert [row[1:] for row in rows[1:3]] == [["1.0000", "1.0000"], ["0.6000", "0.0000"]]
    assert rows[5][1:] == [fixed(np.asarray(lines[1].y)[1]), fixed(np.asarray(lines[2].y)[1])]
    assert "large" in board.page.fact.text()
    shown(board, rule="sgd")
    np.testing.assert_allclose(lines := board.page.graph.picture.lines[1].y, board.page.graph.picture.lines[2].y)
    assert len(lines) == 26


def test_the_weight_is_dragged_on_the_graph(lab: FoundationsLab, board: NormalisationBoard) -> None:
    shown(board, topic="weight_decay")
    board.page.graph.handle_moved.emit("weight", 0.0, -1.234)
    assert board.state.weight == -1.23
    board.page.graph.handle_moved.emit("best", 50.0, 77.0)
    assert board.state.best == 5.0
    lab.undo()
    assert board.state.best == 1.0


# --- 16 first weights


def test_networks_are_trained_shown_and_stopped(boards: BoardLender, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normalisation_numbers, "COMPARED_DIGITS", 200)
    board = boards.lend("normalisation", 1000, 640, patched=True).board
    assert isinstance(board, NormalisationBoard)
    shown(board, topic="start_scales", epochs=1)
    page = board.page
    assert isinstance(page, ScalesPage)
    assert [panel.title for panel in page.panels.panels][:3] == ["σ = 1", "σ = 0.54", "σ = 0.29"]
    assert board.answers()[0][2] == "–"
    assert board.play_key()
    qtbot.waitUntil(lambda: not page.page_busy())
    assert len(page.readings) == 32
    assert board.answers()[3][2:] == ("1", "of 1")
    for reading in page.readings:
        lines = page.panels.panels[reading.scale].lines
        assert lines[0 if reading.batch_norm else 1].y[-1] == reading.accuracy
    last = {(one.scale, one.batch_norm): one.accuracy for one in page.readings}
    ahead = sum(last[scale, True] > last[scale, False] + 0.01 for scale in range(16))
    assert board.answers()[2][2] == str(ahead)
    qtbot.mouseClick(page.panels.viewport(), Qt.MouseButton.LeftButton, pos=page.panels.panel_area(9).center().toPoint())
    assert board.state.scale == 9
    assert "σ = 0.004" in board.answers()[0][3]
    shown(board, epochs=100)
    assert "other settings" in page.told.text()
    page.start.click()
    qtbot.waitUntil(lambda: len(page.readings) > 0)
    board.topics.button("dropout").click()
    qtbot.waitUntil(lambda: not page.page_busy())
    assert len(page.readings) < 3200


# --- the whole board


@pytest.mark.parametrize("topic", TOPICS)
def test_each_row_of_each_topic_changes_what_is_shown(board: NormalisationBoard, topic: str) -> None:
    shown(board, topic=topic, mode="evaluation" if topic == "batch_norm" else "training")
    changed = {"rule": "momentum", "convention": "book", "mode": "evaluation", "decay": 0.7, "steps": 9, "cell": (0, 0)}
    if topic == "batch_norm":
        changed["mode"] = "training"
    for name in board.rows_of(board.state):
        start = board.state
        before = repr(_seen(board))
        value = changed.get(name)
        if value is None:
            now = getattr(start, name)
            value = now + 1 if isinstance(now, int) else now * 0.5 + 0.07
        board.form._changed(name, value)
        assert getattr(board.state, name) == value or name == "convention", name
        assert repr(_seen(board)) != before, f"{topic}: {name} changes nothing"
        board.open_state(start)


def _seen(board: NormalisationBoard) -> object:
    """What the page of the topic shows, as numbers and texts."""
    page, found = board.page, [board.answers()]
    for name in ("before", "kept", "after"):
        if hasattr(page, name):
            picture = getattr(page, name).picture
            found.append((picture.values.tolist(), [edge.values.tolist() for edge in picture.edges]))
    graphs = [getattr(page, name) for name in ("mean", "variance", "means", "graph") if hasattr(page, name)]
    found += [np.asarray(line.y).tolist() for graph in graphs for line in graph.picture.lines]
    if isinstance(page, ScalesPage):
        found.append((board.state.comparing, page.panels.panels[0].x))
    else:
        found.append((page.worked.text(), page.fact.text()))
    return found


def test_topics_have_their_own_rows(board: NormalisationBoard) -> None:
    for topic in TOPICS:
        board.topics.button(topic).click()
        assert board.state.topic == topic
        visible = [name for name in board.FORM if not board.form.row(name).isHidden()]
        assert set(visible) == set(board.rows_of(board.state))
        assert len(board.answers()) == 4


@pytest.mark.parametrize("name", preset_names("normalisation"))
def test_presets_open_and_have_their_words(name: str) -> None:
    assert isinstance(board_preset("normalisation", name), NormalisationState)
    words = table("board_normalisation")
    for code in (f"preset.{name}", f"preset.{name}.about"):
        assert all(words[code][each] for each in LANGUAGES)


def test_the_books_experiment_is_a_preset(lab: FoundationsLab) -> None:
    assert all(experiment_named(key) is not None for key in BOOKS.values())
    state = board_preset("normalisation", "sixteen-scales")
    assert isinstance(state, NormalisationState)
    assert (state.topic, state.epochs, state.seed) == ("start_scales", 20, 0)


def test_what_a_preset_says_is_so(lab: FoundationsLab, board: NormalisationBoard) -> None:
    lab.panel.open_preset("small-batches")
    biased, unbiased = (np.asarray(points.y).mean() for points in board.page.variance.picture.points)
    assert biased == pytest.approx(unbiased / 2)
    lab.panel.open_preset("same-step")
    rest = board.page.graph.picture.marks[1].at
    assert rest == pytest.approx(1 / 1.5)
    assert 0 < rest < board.state.best
    lab.panel.open_preset("judging-early")
    assert board.page.after.picture.values.mean() != pytest.approx(0, abs=0.1)


def test_typed_numbers_and_all_else_survive_a_file(lab: FoundationsLab, board: NormalisationBoard) -> None:
    shown(board, typed=((1.0, 2.0), (3.0, 4.0)), rows=2, columns=2, topic="layer_norm", cell=(1, 1))
    text = to_text(lab.name, lab.state())
    assert from_text(text, lab.name, FoundationsState) == lab.state()


def test_it_speaks_korean(board: NormalisationBoard, qapp: QApplication) -> None:
    language.set_language("ko")
    qapp.processEvents()
    assert [board.topics.button(name).text() for name in TOPICS] == [
        "배치 정규화",
        "층 정규화",
        "이동 평균",
        "드롭아웃",
        "가중치 감소",
        "초깃값 16가지",
    ]
    assert board.page.place.text() == "표본 1, 특징 1"
    assert "각 열의 평균은 β" in board.page.fact.text()
    for topic in TOPICS:
        board.topics.button(topic).click()
        assert all(any(letter >= "가" for letter in title) for _, title, _, _ in board.answers()[:1])
