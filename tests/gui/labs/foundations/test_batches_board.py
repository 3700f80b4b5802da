"""The board of epochs, batches and iterations: what it shows against counting and numpy's statistics; what its controls do."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from engine.figures import measured
from engine.foundations.boards.batches import batches_speed
from engine.foundations.boards.batches.batches_noise import best_line, line_points, sample_gradients
from engine.words import table
from gui.labs.foundations.batches.batches_board import BatchesBoard
from gui.labs.foundations.batches.epoch_page import EpochPage
from gui.labs.foundations.batches.graph_pair import GraphPair
from gui.labs.foundations.batches.noise_page import NoisePage
from gui.labs.foundations.batches.sample_cells import cell_grid
from gui.labs.foundations.batches.speed_page import SIZES, SpeedPage, TimedDigits, nearest_size
from gui.labs.foundations.batches.state import GRADIENT_BATCHES, ROWS
from gui.labs.foundations.batches.unseen_page import UnseenPage
from gui.labs.foundations.board_presets import preset_names
from gui.labs.foundations.lab import FoundationsLab
from gui.plots.graphs.graph_parts import GraphPicture
from gui.shell import language
from tests.gui.labs.foundations.lent_boards import BoardLender


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("batches", 1200, 800)


def board_of(lab: FoundationsLab) -> BatchesBoard:
    assert isinstance(lab.board, BatchesBoard)
    return lab.board


def epoch_page(lab: FoundationsLab) -> EpochPage:
    page = board_of(lab).page
    assert isinstance(page, EpochPage)
    return page


def pair_of(lab: FoundationsLab) -> GraphPair:
    page = board_of(lab).page
    assert isinstance(page, GraphPair)
    return page


def answers(lab: FoundationsLab) -> list[str]:
    return [lab.figures.value(str(place)) for place in range(5)]


def line(picture: GraphPicture, name: str) -> tuple[np.ndarray, np.ndarray]:
    found = next(each for each in picture.lines if each.name == name)
    return np.asarray(found.x, float), np.asarray(found.y, float)


# --- an epoch


def test_the_courses_55_iterations(lab: FoundationsLab) -> None:
    lab.panel.open_preset("course-55000")
    assert answers(lab)[:3] == ["55", "55", "1,000"]
    assert "⌈55,000 / 1,000⌉ × 1 = 55 × 1 = 55" in epoch_page(lab).formula.text()
    assert answers(lab)[3] == "63.6%"  # 20 of 55 batches have been drawn
    cells = epoch_page(lab).cells
    assert np.bincount(cells.kinds(), minlength=4).tolist() == [35_000, 19_000, 0, 1_000]


def test_a_smaller_last_batch_is_drawn_or_left_out(lab: FoundationsLab) -> None:
    lab.panel.open_preset("last-batch")
    page = epoch_page(lab)
    assert answers(lab) == ["7", "7", "4", "0.0%", "1"]
    assert list(page.strip.sizes) == [16] * 6 + [4] and page.strip.left_out == 0
    assert len(page.cells.current) == 4
    board_of(lab).edit(drop_last=True)
    assert answers(lab)[:3] == ["6", "6", "4"]
    assert list(page.strip.sizes) == [16] * 6 and page.strip.left_out == 4
    assert "⌊100 / 16⌋" in page.formula.text() and "4 samples" in page.said.text()
    assert int((page.cells.counts == 0).sum()) == 4
    lab.undo()
    assert answers(lab)[0] == "7"


def test_batches_are_stepped_played_and_reset(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = epoch_page(lab)
    page.reset.click()
    assert board_of(lab).state.iteration == 0 and page.cells.counts.sum() == 0 and not page.reset.isEnabled()
    page.step.click()
    assert board_of(lab).state.iteration == 1
    assert page.cells.counts.sum() == 16 and (page.cells.counts[page.cells.current] == 1).all()
    seen = [set(page.cells.current.tolist())]
    for _ in range(6):
        page.step.click()
        seen.append(set(page.cells.current.tolist()))
    assert len(set().union(*seen)) == 100 and sum(map(len, seen)) == 100  # an epoch: each once
    page.step.click()
    assert page.cells.counts.max() == 2 and "epoch 2 of 2" in page.place.text()
    page.scrub.setValue(14)
    assert board_of(lab).state.iteration == 14 and not page.step.isEnabled()
    assert (page.cells.counts == 2).all()
    page.play.click()  # from the beginning again
    assert board_of(lab).state.iteration == 1 and page.playing() and page.play.text() == "Pause"
    qtbot.waitUntil(lambda: board_of(lab).state.iteration >= 3)
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert not page.playing() and page.play.text() == "Play"
    board_of(lab).edit(samples=8, batch=4, epochs=1)
    page.reset.click()
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: board_of(lab).state.iteration == 2)
    assert not page.playing() and page.play.text() == "Play"


def test_playing_rests_on_another_page(lab: FoundationsLab) -> None:
    page = epoch_page(lab)
    page.play.click()
    assert page.playing()
    board_of(lab).topics.button("unseen").click()
    assert not page.playing()


def test_a_batch_is_chosen_on_the_strip(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = epoch_page(lab)
    board_of(lab).look(iteration=10)
    width = page.strip.width()
    qtbot.mouseClick(page.strip, Qt.MouseButton.LeftButton, pos=QPoint(round(width * 0.97), 10))
    assert board_of(lab).state.iteration == 14  # the second epoch's last batch
    qtbot.mouseClick(page.strip, Qt.MouseButton.LeftButton, pos=QPoint(2, 10))
    assert board_of(lab).state.iteration == 8
    lab.undo()
    assert board_of(lab).state.iteration == 10 and not lab.can_undo


def test_with_replacement_some_come_twice_and_some_not_at_all(lab: FoundationsLab) -> None:
    lab.panel.open_preset("with-replacement")
    page = epoch_page(lab)
    counts = page.cells.counts
    assert counts.sum() == 100 and counts.max() > 1 and (counts == 0).any()
    assert answers(lab)[3] == f"{(counts == 0).mean() * 100:.1f}%"
    assert lab.board.answers()[3][3] == "expected 36.6%"  # 0.99^100
    twice = int(np.flatnonzero(counts == 2)[0])
    assert "drawn 2 times" in page.cells.told_of(twice)


def test_a_batch_is_never_larger_than_the_data(lab: FoundationsLab) -> None:
    board_of(lab).edit(samples=10, batch=64, epochs=1)
    assert answers(lab)[:3] == ["1", "1", "10"]


@pytest.mark.parametrize("count", [1, 7, 100, 399, 5_000, 55_000, 100_000])
def test_all_cells_have_their_room(count: int) -> None:
    for width, height in ((510, 300), (925, 480), (300, 120)):
        grid = cell_grid(count, width, height)
        assert grid.columns * grid.rows >= count > grid.columns * (grid.rows - 1)
        assert grid.columns * grid.cell <= width + 1e-6 and grid.rows * grid.cell <= height + grid.cell
        assert count < 500 or grid.rows * grid.cell > 0.75 * height


def test_the_cell_under_the_pointer(lab: FoundationsLab) -> None:
    cells = epoch_page(lab).cells
    grid = cells.grid()
    assert cells.sample_at(grid.cell * 2.5, grid.cell * 1.5) == grid.columns + 2
    assert cells.sample_at(grid.cell * 0.5, grid.cell * (grid.rows + 0.5)) is None


# --- never drawn


def test_the_unseen_share_is_exact_and_simulated(lab: FoundationsLab) -> None:
    lab.panel.open_preset("one-over-e")
    page = pair_of(lab)
    assert isinstance(page, UnseenPage)
    assert answers(lab)[0] == "36.77%" and answers(lab)[4] == "36.79%"
    random = np.random.default_rng(99)
    shares = [1 - len(set(random.integers(0, 1000, 1000).tolist())) / 1000 for _ in range(300)]
    assert float(answers(lab)[2].rstrip("%")) == pytest.approx(100 * float(np.mean(shares)), abs=0.35)
    assert float(answers(lab)[3].rstrip("%")) == pytest.approx(100 * float(np.std(shares)), abs=0.2)
    draws, theory = line(page.shown.upper, "(1 − 1/N)ᴰ")
    np.testing.assert_allclose(theory, np.exp(draws * math.log1p(-1 / 1000)), rtol=1e-9)
    _, drawn = line(page.shown.upper, "drawn, with replacement")
    assert drawn[0] == 1 and all(b <= a for a, b in pairwise(drawn.tolist()))
    assert np.abs(drawn - theory).max() < 0.06
    board_of(lab).edit(unseen_samples=10)
    assert answers(lab)[0] == "34.87%"
    assert page.shown.upper.tip is not None and "0%" in page.shown.upper.tip(10.0, 0.0)


def test_how_often_samples_come_is_binomial(lab: FoundationsLab) -> None:
    lab.panel.open_preset("one-over-e")
    picture = pair_of(lab).shown.lower
    (kind,) = picture.points
    expected = np.asarray(kind.y)
    assert expected[0] == pytest.approx(math.exp(-3), rel=0.01) and expected.sum() == pytest.approx(1, abs=1e-4)
    _, outline = line(picture, "drawn, with replacement")
    shares = outline[1::4]
    assert shares.sum() == pytest.approx(1)
    assert (shares * np.arange(len(shares))).sum() == pytest.approx(3)  # as many draws as three epochs have
    assert np.abs(shares - expected[: len(shares)]).max() < 0.06


# --- speed


def _few_digits() -> TimedDigits:
    random = np.random.default_rng(0)
    return TimedDigits(random.random((2100, 6)), np.arange(2100) % 3)


def test_speed_is_timed_beside_and_told(boards: BoardLender, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SpeedPage, "digits", staticmethod(_few_digits))
    monkeypatch.setattr(batches_speed, "LEAST_S", 0.0)
    lab = boards.lend("batches", 1200, 800, patched=True)
    lab.panel.open_preset("speed")
    page = pair_of(lab)
    assert isinstance(page, SpeedPage)
    assert answers(lab) == ["–"] * 5 and page.measure.text() == "Measure"
    assert [text.text for text in page.shown.upper.texts] == ["Press Measure (Space)"]
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert page.timing() and page.measure.text() == "Stop"
    qtbot.waitUntil(lambda: not page.timing())
    found = page.found[50]
    assert [each.batch for each in found] == list(SIZES)
    at = next(each for each in found if each.batch == 128)
    assert answers(lab)[:3] == [
        measured(1 / at.step_s, 3),
        f"{round(128 / at.step_s):,}",
        measured(1000 * at.step_s, 3),
    ]
    assert answers(lab)[3] == measured(4000 / 128 * at.step_s, 3)
    _, steps = line(page.shown.upper, "steps/s")
    _, samples = line(page.shown.lower, "samples/s")
    np.testing.assert_allclose(samples, steps * np.array(SIZES))
    page.below.clicked.emit(30.0, 1.0)
    assert board_of(lab).state.timed == 32 == nearest_size(30.0)
    assert page.shown.upper.tip is not None and "median of" in page.shown.upper.tip(30.0, 1.0)
    board_of(lab).edit(hidden=60)
    assert answers(lab) == ["–"] * 5, "another network has not been timed"
    page.measure.click()
    page.measure.click()
    qtbot.waitUntil(lambda: not page.timing())


# --- the gradient's noise


def test_noise_is_measured_beside_theory(lab: FoundationsLab) -> None:
    lab.panel.open_preset("noise")
    page = pair_of(lab)
    assert isinstance(page, NoisePage)
    state = board_of(lab).state
    points = line_points(state.points, state.spread, state.seed)
    gradients = np.stack([-2 * points.y * points.x, -2 * points.y], axis=1)  # at (0, 0), by hand
    whole = gradients.mean(axis=0)
    square = ((gradients - whole) ** 2).sum(axis=1).mean()
    theory = math.sqrt(square / 8 * (128 - 8) / 127)
    assert answers(lab)[1] == measured(theory, 3)
    assert float(answers(lab)[0]) == pytest.approx(theory, rel=0.15)
    assert answers(lab)[2:] == [
        measured(math.sqrt(120 / 127), 3),
        measured(float(np.hypot(*whole)), 3),
        measured(float(square / (whole @ whole)), 3),
    ]
    (cloud,) = page.shown.upper.points
    assert len(np.asarray(cloud.x)) == GRADIENT_BATCHES
    distance = np.hypot(np.asarray(cloud.x) - whole[0], np.asarray(cloud.y) - whole[1])
    assert measured(float(np.sqrt((distance**2).mean())), 3) == answers(lab)[0]
    (arrow,) = page.shown.upper.arrows
    assert (arrow.dx, arrow.dy) == pytest.approx(tuple(whole))
    sizes, root = line(page.shown.lower, "S / √B")
    np.testing.assert_allclose(root * np.sqrt(sizes), math.sqrt(square))


def test_four_times_the_batch_halves_the_noise(lab: FoundationsLab) -> None:
    lab.panel.open_preset("noise")
    board_of(lab).edit(replacement=True, gradient_batch=8)
    eight = float(answers(lab)[1])
    board_of(lab).edit(gradient_batch=32)
    assert float(answers(lab)[1]) == pytest.approx(eight / 2, rel=0.01)
    assert answers(lab)[2] == "1"
    board_of(lab).edit(replacement=False, gradient_batch=500)  # no more than there are: all of them
    assert answers(lab)[:3] == ["0", "0", "0"]
    pair_of(lab).below.clicked.emit(4.2, 1.0)
    assert board_of(lab).state.gradient_batch == 4


def test_at_the_minimum_only_the_noise_is_left(lab: FoundationsLab) -> None:
    lab.panel.open_preset("noise-at-minimum")
    page = pair_of(lab)
    assert isinstance(page, NoisePage)
    state = board_of(lab).state
    points = line_points(state.points, state.spread, state.seed)
    assert (state.w, state.b) == pytest.approx(best_line(points))
    assert sample_gradients(points, state.w, state.b).mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert answers(lab)[3:] == ["0", "∞"] and float(answers(lab)[0]) > 0.5
    box = board_of(lab).form.number("w").box.lineEdit()
    assert box.text().startswith("1.49") and box.cursorPosition() == 0, "its first digits are seen"
    page.to_start.click()
    assert (board_of(lab).state.w, board_of(lab).state.b) == (0, 0)
    page.to_minimum.click()
    assert (board_of(lab).state.w, board_of(lab).state.b) == pytest.approx(best_line(points))


# --- edges


def test_the_smallest_of_everything_has_a_picture(lab: FoundationsLab) -> None:
    board = board_of(lab)
    board.edit(samples=1, batch=1, epochs=1, iteration=9, unseen_samples=1, unseen_epochs=1, points=2, spread=0.0)
    assert answers(lab) == ["1", "1", "1", "0.0%", "1"]
    board.topics.button("unseen").click()
    assert answers(lab)[0] == "0%"
    board.topics.button("gradient_noise").click()
    page = pair_of(lab)
    assert isinstance(page, NoisePage) and all(answers(lab))
    page.to_minimum.click()
    assert answers(lab)[3] == "0"


# --- all topics


def test_rows_are_those_of_the_topic(lab: FoundationsLab) -> None:
    board = board_of(lab)
    for topic, rows in ROWS.items():
        board.topics.button(topic).click()
        assert {name for name in board.FORM if not board.form.row(name).isHidden()} == set(rows)
        assert len(board.answers()) == 5
    assert not lab.can_undo


def test_it_speaks_korean(lab: FoundationsLab, qtbot: QtBot) -> None:
    language.set_language("ko")
    qtbot.waitUntil(lambda: board_of(lab).topics.button("speed").text() == "속도")
    page = epoch_page(lab)
    assert (page.play.text(), page.step.text(), page.reset.text()) == ("시작", "한 단계", "처음부터")
    assert page.legend.words()[0] == "아직 안 뽑힘"
    english = {words["en"] for words in table("board_batches").values() if words["en"] != words["ko"]}
    for name in preset_names("batches"):
        lab.panel.open_preset(name)
        shown = [title for _, title, _, _ in board_of(lab).answers()]
        if isinstance(board_of(lab).page, GraphPair):
            pair = pair_of(lab)
            shown += [pair.shown.upper_title, pair.shown.lower_title, *pair.above.legend, *pair.below.legend, pair.shown.said]
        assert not set(shown) & english
