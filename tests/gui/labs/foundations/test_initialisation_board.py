"""The board of first weights: what it shows is what torch and numpy say, every control does something, presets open as in the
book, training goes on beside the window."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.books.all_experiments import experiment_named
from engine.figures import UNKNOWN, fixed, measured
from engine.foundations.boards.initialisation.initialisation_numbers import (
    STACK_ACTIVATIONS,
    STACK_WEIGHTS,
    Stack,
)
from engine.words import LANGUAGES, table
from gui.labs.foundations.board_presets import board_preset, preset_names
from gui.labs.foundations.initialisation.initialisation_board import FlowPage, InitialisationBoard
from gui.labs.foundations.initialisation.starts_page import StartsPage
from gui.labs.foundations.initialisation.state import BOOKS, LINKS, InitialisationState
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.state import FoundationsState
from gui.shell import language
from tests.gui.labs.foundations.lent_boards import BoardLender

SMALL = InitialisationState(layers=3, units=12, samples=60)


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("initialisation", 1000, 640)


@pytest.fixture
def board(lab: FoundationsLab) -> InitialisationBoard:
    """In the lab, which hands back what the user edits."""
    lab.set_state(FoundationsState(board="initialisation", initialisation=SMALL))
    assert isinstance(lab.board, InitialisationBoard)
    return lab.board


def flow_page(board: InitialisationBoard) -> FlowPage:
    page = board.page_of("layer_by_layer")
    assert isinstance(page, FlowPage)
    return page


def starts_page(board: InitialisationBoard) -> StartsPage:
    page = board.page_of("trained_starts")
    assert isinstance(page, StartsPage)
    return page


def outputs(stack: Stack) -> list[torch.Tensor]:
    """Each layer's, from the same draws, in torch."""
    random = np.random.default_rng(stack.seed)
    value, found = torch.tensor(random.standard_normal((stack.samples, stack.units))), []
    deviation = {"xavier": math.sqrt(1 / stack.units), "he": math.sqrt(2 / stack.units), "own_deviation": stack.deviation}
    for _ in range(stack.layers):
        weight = random.standard_normal((stack.units, stack.units)) * deviation[stack.first_weights]
        value = getattr(torch, stack.activation)(value @ torch.tensor(weight))
        found.append(value)
    return found


def test_histograms_lines_and_figures_are_those_of_torchs_layers(board: InitialisationBoard, qtbot: QtBot) -> None:
    view = flow_page(board).view
    for number, (panel, value) in enumerate(zip(view.panels.panels, outputs(SMALL.stack), strict=True)):
        assert panel.title == f"Layer {number + 1}"
        assert panel.note == fixed(value.std(correction=0).item(), 3)
        counts, _ = np.histogram(value.numpy(), 30, (0, 1))
        np.testing.assert_allclose(panel.heights, counts / value.numel())
    lines = {line.name: line.values for line in view.lines.lines}
    assert list(lines) == [
        "all",
        "between samples",
        "gradients",
        "all, theory",
        "between samples, theory",
        "gradients, theory",
    ]
    values = outputs(SMALL.stack)
    assert lines["all"] == pytest.approx([value.std(correction=0).item() for value in values])
    assert lines["between samples"] == pytest.approx([value.std(0, correction=0).mean().item() for value in values])
    cells = {title: value for _, title, value, _ in board.answers()}
    assert cells["Layer 3: deviation"] == fixed(values[-1].std(correction=0).item(), 3)
    assert cells["between samples"] == fixed(values[-1].std(0, correction=0).mean().item(), 3)
    assert cells["Saturated"] == "0.0%"


def test_a_layer_is_chosen_by_its_panel_and_told(board: InitialisationBoard, qtbot: QtBot) -> None:
    panels = flow_page(board).view.panels
    qtbot.mouseClick(panels.viewport(), Qt.MouseButton.LeftButton, pos=panels.panel_area(0).center().toPoint())
    assert board.state.layer == 1
    assert board.answers()[0][1] == "Layer 1: deviation"
    qtbot.keyClick(panels, Qt.Key.Key_Right)
    assert board.state.layer == 2
    assert panels.chosen == 1


def test_many_layers_are_columns_with_the_chosen_ones_histogram_beside(board: InitialisationBoard) -> None:
    board.show_state(msgspec.structs.replace(SMALL, layers=14, activation="relu", first_weights="he"))
    view = flow_page(board).view
    assert view.heat.isVisible()
    assert len(view.panels.panels) == 1
    view.heat.cell_chosen.emit(3, 4)
    assert board.state.layer == 5
    assert view.panels.panels[0].title == "Layer 5"
    value = outputs(board.state.stack)[4]
    counts = np.histogram(value.numpy(), view.panels.panels[0].edges)[0] / value.numel()
    np.testing.assert_allclose(view.panels.panels[0].heights, counts)
    table_of_columns = view.heat.columns()
    np.testing.assert_allclose(table_of_columns["5"], counts[::-1], atol=1e-6)
    assert view.heat.cell is not None
    assert view.heat.cell[1] == 4
    board.show_state(SMALL)
    assert not view.heat.isVisible()


def test_all_combinations_come_and_a_click_chooses_one(board: InitialisationBoard, qtbot: QtBot) -> None:
    page = flow_page(board)
    qtbot.waitUntil(lambda: not page.page_busy())
    cells = page.view.table
    row, column = STACK_WEIGHTS.index("he"), STACK_ACTIVATIONS.index("relu")
    values = outputs(Stack("he", "relu", 3, 12, 60))
    spreads = [value.std(0, correction=0).mean().item() for value in values]
    assert cells.text(row, column) == measured(spreads[-1] / spreads[0], 2)
    assert cells.text(STACK_WEIGHTS.index("zeros"), 0) == "–"
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(row, column).center().toPoint())
    assert (board.state.first_weights, board.state.activation) == ("he", "relu")
    assert cells.chosen == (row, column)
    cells.setFocus()
    qtbot.keyClick(cells, Qt.Key.Key_Up)
    qtbot.keyClick(cells, Qt.Key.Key_Left)
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    assert (board.state.first_weights, board.state.activation) == ("xavier", "tanh")
    cells.set_values({(0, 0): 68_591.0, (0, 1): 0.0123}, (0, 0))
    assert (cells.text(0, 0), cells.text(0, 1)) == ("69,000", "0.012")
    before = cells.text(row, column)
    page.view.side.button("gradients").click()
    assert cells.text(row, column) != before
    assert board.state.side == "gradients"


def test_a_combination_is_one_number_whether_it_is_chosen_or_not(board: InitialisationBoard, qtbot: QtBot) -> None:
    """The number of the batch of the picture, as torch finds it."""
    samples = 300
    board.show_state(msgspec.structs.replace(SMALL, samples=samples, activation="tanh", first_weights="1"))
    page = flow_page(board)
    qtbot.waitUntil(lambda: not page.page_busy())
    cells = page.view.table
    he, relu = STACK_WEIGHTS.index("he"), STACK_ACTIVATIONS.index("relu")

    def left(of: int) -> str:
        spreads = [value[:of].std(0, correction=0).mean().item() for value in outputs(Stack("he", "relu", 3, 12, samples))]
        return measured(spreads[-1] / spreads[0], 2)

    assert left(100) != left(samples)
    before = {(row, column): cells.text(row, column) for row in range(len(STACK_WEIGHTS)) for column in range(3)}
    assert before[he, relu] == left(samples)
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(he, relu).center().toPoint())
    qtbot.waitUntil(lambda: not page.page_busy())
    assert cells.chosen == (he, relu)
    assert {place: cells.text(*place) for place in before} == before


def test_white_is_kept_blue_is_lost_red_is_swollen(board: InitialisationBoard) -> None:
    cells = flow_page(board).view.table
    cells.set_values({(0, 0): 1.0, (0, 1): 1e-4, (0, 2): 1e4, (1, 0): math.nan, (1, 1): 0.0}, (0, 0))
    white, blue, red, lost = (cells.colour(*place) for place in ((0, 0), (0, 1), (0, 2), (1, 1)))
    assert white is not None and white.saturation() < 10
    assert blue is not None and blue.blue() > blue.red()
    assert red is not None and red.red() > red.blue()
    assert lost == blue
    assert cells.colour(1, 0) is None
    assert (cells.text(1, 0), cells.text(2, 0)) == ("–", "")


def test_few_samples_are_shown_first_and_all_of_them_follow(board: InitialisationBoard, qtbot: QtBot) -> None:
    page = flow_page(board)
    seen: list[int] = []
    page.answers_changed.connect(lambda: seen.append(page.shown_pass.samples if page.shown_pass else 0))
    state = InitialisationState(layers=20, units=100, samples=300)
    board.show_state(state)
    page._take_away()  # as where the machine is slow: nothing stays that is not of this state
    assert {value for _, _, value, _ in board.answers()} == {UNKNOWN}
    assert page.view.verdict.text() == "Being computed" and not page.view.panels.panels
    qtbot.waitUntil(lambda: not page.page_busy())
    assert [samples for samples in seen if samples] == [50, 300]
    assert page.view.spread.title == "Activations, 300 samples"
    expected = outputs(state.stack)[-1].std(correction=0).item()
    assert board.answers()[0][2] == fixed(expected, 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [("activation", "relu"), ("first_weights", "1"), ("layers", 6), ("units", 30), ("samples", 50), ("seed", 3)],
)
def test_each_control_changes_the_numbers(board: InitialisationBoard, field: str, value: object) -> None:
    before = board.answers()
    board.form._changed(field, value)
    assert getattr(board.state, field) == value
    assert board.answers() != before


def test_an_own_deviation_has_its_slider_only_then(board: InitialisationBoard) -> None:
    assert board.form.row("deviation").isHidden()
    board.form._changed("first_weights", "own_deviation")
    assert not board.form.row("deviation").isHidden()
    assert board.form.row("iterations").isHidden()
    board.form._changed("deviation", 0.5)
    expected = outputs(board.state.stack)[-1].std(correction=0).item()
    assert board.answers()[0][2] == fixed(expected, 3)


def test_an_axis_of_its_own_shows_the_shape(board: InitialisationBoard) -> None:
    view = flow_page(board).view
    view.axis.button("own_axis").click()
    assert board.state.axis == "own_axis"
    for panel, value in zip(view.panels.panels, outputs(SMALL.stack), strict=True):
        middle, far = value.mean().item(), 4 * value.std(correction=0).item()
        assert panel.x == pytest.approx((middle - far, middle + far))


# --- learning


def test_starts_are_trained_stopped_and_told(board: InitialisationBoard, qtbot: QtBot) -> None:
    board.show_state(msgspec.structs.replace(SMALL, topic="trained_starts", activation="relu", iterations=50))
    page = starts_page(board)
    assert [figure[1] for figure in page.page_answers(board.state)] == ["0", "–", "–", "–"]
    assert board.play_key()
    qtbot.waitUntil(lambda: not page.page_busy())
    assert len(page.losses) == 50
    last = {start: np.mean([losses[start] for losses in page.losses[-20:]]) for start in ("0.01", "xavier", "he")}
    assert [figure[1] for figure in page.page_answers(board.state)] == ["50", *(fixed(value, 3) for value in last.values())]
    assert last["0.01"] == pytest.approx(math.log(10), abs=0.02), "nothing is learned"
    assert last["he"] < last["0.01"]
    assert [row[0] for row in page.view.table.texts()] == ["First weights", "0.01", "Xavier", "He"]
    assert page.view.plot.lines[2].values[-1] == pytest.approx(last["he"])
    board.form._changed("activation", "tanh")
    assert "other settings" in page.told.text()
    board.form._changed("iterations", 10_000)
    page.start.click()
    qtbot.waitUntil(lambda: len(page.losses) > 3)
    assert page.start.text() == "Stop"
    page.start.click()
    qtbot.waitUntil(lambda: not page.page_busy())
    assert 3 < len(page.losses) < 10_000


def test_what_the_book_trains_anyway_is_no_other_setting(board: InitialisationBoard, qtbot: QtBot) -> None:
    board.show_state(msgspec.structs.replace(SMALL, topic="trained_starts", iterations=50, first_weights="xavier"))
    page = starts_page(board)
    page.start.click()
    qtbot.waitUntil(lambda: not page.page_busy())
    for start in ("0.01", "he", "xavier"):
        board.form._changed("first_weights", start)
        assert "other settings" not in page.told.text() and "0.01, Xavier and He" in page.told.text()
        assert board.form.row("deviation").isHidden()
    for start in ("1", "own_deviation"):
        board.form._changed("first_weights", start)
        assert "other settings" in page.told.text()
        assert board.form.row("deviation").isHidden() == (start == "1")


def test_a_training_ends_with_its_page(board: InitialisationBoard, qtbot: QtBot) -> None:
    board.show_state(msgspec.structs.replace(SMALL, topic="trained_starts", iterations=10_000, first_weights="1"))
    page = starts_page(board)
    page.start.click()
    qtbot.waitUntil(lambda: len(page.losses) > 0)
    assert set(page.losses[0]) == {"0.01", "xavier", "he", "1"}
    board.topics.button("layer_by_layer").click()
    qtbot.waitUntil(lambda: not page.page_busy())


# --- presets, undo, words


@pytest.mark.parametrize("name", preset_names("initialisation"))
def test_presets_open_and_their_words_are_there(name: str) -> None:
    state = board_preset("initialisation", name)
    assert isinstance(state, InitialisationState)
    words = table("board_initialisation")
    for code in (f"preset.{name}", f"preset.{name}.about"):
        assert all(words[code][each] for each in LANGUAGES)


def test_presets_are_the_books_and_its_experiments_are_there() -> None:
    assert set(BOOKS) <= set(preset_names("initialisation"))
    assert all(experiment_named(key) is not None for key in BOOKS.values())
    meant = {
        "saturated": ("1", "sigmoid"),
        "relu-small": ("0.01", "relu"),
        "relu-he": ("he", "relu"),
        "tanh": ("xavier", "tanh"),
    }
    for name, (rule, activation) in meant.items():
        state = board_preset("initialisation", name)
        assert isinstance(state, InitialisationState)
        assert (state.first_weights, state.activation, state.layers, state.units) == (rule, activation, 5, 100)
    assert all(table("board_initialisation")[f"link.{link.code}"] for link in LINKS)


def test_the_books_figures_stand_beside_its_preset(lab: FoundationsLab, qtbot: QtBot) -> None:
    lab.panel.open_preset("relu-he")
    board = lab.board
    assert isinstance(board, InitialisationBoard)
    qtbot.waitUntil(lambda: not lab.busy())
    assert lab.panel.book.texts[0][1:] == ["0.4586", "expected: 0.44 to 0.48"]
    assert lab.figures.value("0") == board.answers()[0][2]
    assert 0.78 <= float(flow_page(board).view.panels.panels[0].note) <= 0.88, "the band of experiment 22"


def test_a_choice_on_the_map_is_one_step_and_a_way_of_looking_none(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = lab.board
    assert isinstance(board, InitialisationBoard)
    first = lab.state().initialisation
    flow_page(board).view.side.button("gradients").click()
    assert board.state.side == "gradients"
    flow_page(board).view.table.cell_chosen.emit(4, 2)
    assert (board.state.first_weights, board.state.activation) == ("he", "relu")
    lab.undo()
    assert (board.state.first_weights, board.state.activation) == ("xavier", "sigmoid")
    assert lab.state().initialisation == msgspec.structs.replace(first, side="gradients")


def test_it_speaks_korean(board: InitialisationBoard, qapp: QApplication) -> None:
    language.set_language("ko")
    qapp.processEvents()
    board.retranslate()
    view = flow_page(board).view
    assert [board.topics.button(name).text() for name in board.PAGES] == ["층마다의 흐름", "학습"]
    assert view.panels.panels[0].title == "층 1"
    assert view.verdict.text().startswith("건강합니다")
    assert board.answers()[0][1] == "층 3: 전체 편차"
    assert "표본" in view.spread.title
    assert view.curves.title == "층마다의 편차"
    assert "손실" in starts_page(board).view.card.title


# --- the plot


def test_small_plots_tell_their_bars_and_cut_off_what_rises_above(board: InitialisationBoard) -> None:
    board.show_state(msgspec.structs.replace(SMALL, activation="relu", first_weights="he"))
    panels = flow_page(board).view.panels
    value = outputs(board.state.stack)[0].numpy()
    told = panels.told(0, 0.001)
    counts, edges = np.histogram(value, panels.panels[0].edges)
    assert counts[0] / value.size > panels.up[1]
    share = f"{100 * counts[0] / value.size:.1f}%"
    assert told.splitlines()[1] == f"0 … {measured(edges[1], 3)}: {share}"
    assert f"↑{share}" in panels.written_texts()
    assert panels.panel_at(QPointF(panels.panel_area(2).center())) == 2
    assert panels.panel_at(QPoint(1, 1)) is None
    columns = panels.columns()
    assert len(columns["height"]) == 3 * 30
    assert sum(columns["height"][:30]) == pytest.approx(1, abs=0.02)
