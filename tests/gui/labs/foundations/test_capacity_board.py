"""The board of over- and underfitting: what it shows against numpy's and scikit-learn's figures, and what its controls do."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from numpy.polynomial import Polynomial
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sklearn.linear_model import Ridge

from engine.figures import measured
from engine.foundations.boards.capacity.capacity_digits import AccuracyEpoch, FewSamples, FewSamplesPlan
from engine.foundations.boards.capacity.capacity_polynomials import legendre_columns
from engine.words import table
from gui.labs.foundations.board_presets import board_preset, preset_names
from gui.labs.foundations.capacity.capacity_board import CapacityBoard
from gui.labs.foundations.capacity.capacity_pages import FitPage, FoldsPage, StoppingPage
from gui.labs.foundations.capacity.curve_shown import shown_curve
from gui.labs.foundations.capacity.few_page import FewPage
from gui.labs.foundations.capacity.few_samples_shown import compared_plans
from gui.labs.foundations.capacity.fit_shown import shown_fit
from gui.labs.foundations.capacity.folds_shown import shown_folds
from gui.labs.foundations.capacity.state import BOOKS, ROWS, CapacityState, few_plan, train_points, validation_points
from gui.labs.foundations.capacity.two_graphs import TwoGraphs
from gui.labs.foundations.lab import FoundationsLab
from gui.plots.graphs.graph_parts import GraphPicture
from gui.shell import language
from tests.gui.labs.foundations.lent_boards import BoardLender


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("capacity", 1200, 800)


def board_of(lab: FoundationsLab) -> CapacityBoard:
    assert isinstance(lab.board, CapacityBoard)
    return lab.board


def page_of(lab: FoundationsLab) -> TwoGraphs:
    page = board_of(lab).page
    assert isinstance(page, TwoGraphs)
    return page


def open_preset(lab: FoundationsLab, name: str) -> TwoGraphs:
    lab.panel.open_preset(name)
    return page_of(lab)


def open_without_book(lab: FoundationsLab, name: str) -> TwoGraphs:
    """A preset of a book without its figures, which are computed beside."""
    board_of(lab).open_state(msgspec.structs.replace(board_preset("capacity", name), preset=""))
    return page_of(lab)


def answers(lab: FoundationsLab) -> list[str]:
    return [lab.figures.value(str(place)) for place in range(5)]


def line(picture: GraphPicture, name: str) -> tuple[np.ndarray, np.ndarray]:
    found = next(each for each in picture.lines if each.name == name)
    return np.asarray(found.x, float), np.asarray(found.y, float)


# --- fits


def test_error_and_gap_are_those_of_numpys_fit(lab: FoundationsLab) -> None:
    for degree in (1, 3, 7):
        board_of(lab).edit(degree=degree)
        state = board_of(lab).state
        (x, y), (x_other, y_other) = train_points(state), validation_points(state)
        fit = Polynomial.fit(x, y, degree, domain=(-1, 1))
        train, validation = np.mean((fit(x) - y) ** 2), np.mean((fit(x_other) - y_other) ** 2)
        dense = np.linspace(-1, 1, 200_001)
        expected = 0.09 + np.trapezoid((fit(dense) - np.sin(np.pi * dense)) ** 2, dense) / 2
        assert answers(lab)[:4] == [measured(float(each), 3) for each in (train, validation, validation - train, expected)]
        shown_x, shown_y = line(page_of(lab).shown.upper, "fit")
        np.testing.assert_allclose(shown_y, fit(shown_x), atol=1e-8)


def test_the_curve_below_has_its_minimum_marked(lab: FoundationsLab) -> None:
    state = board_of(lab).state
    (x, y), (x_other, y_other) = train_points(state), validation_points(state)
    errors = [np.mean((Polynomial.fit(x, y, degree, domain=(-1, 1))(x_other) - y_other) ** 2) for degree in range(8)]
    picture = page_of(lab).shown.lower
    assert picture is not None
    degrees, shown = line(picture, "validation error")
    np.testing.assert_allclose(shown[:8], errors, rtol=1e-6)
    best = int(np.argmin(errors))
    assert degrees[np.argmin(shown)] == best
    assert any(mark.at == best and mark.name == f"best: {best}" for mark in picture.marks)
    assert picture.tip is not None and measured(float(errors[5]), 3) in picture.tip(5.2, 0.0)
    _, train = line(picture, "training error")
    assert all(np.diff(train[:14]) <= 1e-12)


def test_a_presets_verdict_is_what_it_is_named(lab: FoundationsLab) -> None:
    verdicts = {"underfits": "underfits", "fits": "fits", "overfits": "overfits", "double-descent": "overfits"}
    for name, verdict in verdicts.items():
        open_preset(lab, name)
        assert answers(lab)[4] == verdict
    open_preset(lab, "overfits")
    assert float(answers(lab)[1]) > 1000 * float(answers(lab)[0])
    open_preset(lab, "underfits")
    assert float(answers(lab)[2]) < 0.1 * float(answers(lab)[0])  # little gap, large error
    open_preset(lab, "fits")
    assert float(answers(lab)[3]) < 1.2 * 0.09


def test_double_descent_is_worst_where_coefficients_are_as_many_as_points(lab: FoundationsLab) -> None:
    picture = open_preset(lab, "double-descent").shown.lower
    assert picture is not None
    degrees, expected = line(picture, "expected error")
    assert degrees[np.argmax(expected)] == 9  # ten coefficients, ten points
    assert expected[14] < 0.01 * expected[9] and expected[14] > expected[3]


def test_weight_decay_is_ridge_and_the_curve_runs_over_it(lab: FoundationsLab) -> None:
    page = open_preset(lab, "ridge")
    state = board_of(lab).state
    assert state.decay is not None
    points = train_points(state)
    ridge = Ridge(alpha=state.decay * len(points.x), solver="svd").fit(legendre_columns(points.x, 11)[:, 1:], points.y)
    wrong = ridge.predict(legendre_columns(points.x, 11)[:, 1:]) - points.y
    assert answers(lab)[0] == measured(float(np.mean(wrong**2)), 3)
    picture = page.shown.lower
    assert picture is not None and picture.log_x
    decays, validation = line(picture, "validation error")
    _, train = line(picture, "training error")
    assert all(np.diff(train) >= 0)  # more decay, more error on what is learned
    assert 0 < np.argmin(validation) < len(decays) - 1
    assert validation[0] - train[0] > 400 and (validation - train)[decays > 1e-4].max() < 0.4  # as the note says
    page.below.clicked.emit(0.1, 1.0)
    assert board_of(lab).state.decay == 0.1
    assert isinstance(page, FitPage)
    page.scan.button("over_capacity").click()
    assert board_of(lab).state.scan == "over_capacity"
    assert page.shown.lower is not None and not page.shown.lower.log_x


def test_points_are_dragged_added_and_taken_away(lab: FoundationsLab, qtbot: QtBot) -> None:
    page, drawn = page_of(lab), train_points(board_of(lab).state)
    assert not page.again.isVisible()
    page.above.handle_moved.emit("4", 0.25, 1.5)
    points = board_of(lab).state.points
    assert len(points) == 15 and points[4] == (0.25, 1.5)
    assert points[3] == pytest.approx((drawn.x[3], drawn.y[3]))
    assert "samples" not in board_of(lab).rows_of(board_of(lab).state)
    handle = page.shown.upper.handles[4]
    assert (handle.x, handle.y) == (0.25, 1.5)
    page.above.clicked.emit(-0.5, 0.5)
    assert board_of(lab).state.points[-1] == (-0.5, 0.5)
    page.above.removed.emit(-0.5, 0.5)
    assert board_of(lab).state.points == points
    page.above.handle_moved.emit("0", -3.0, 9.0)
    assert board_of(lab).state.points[0] == (-1.0, 3.0)
    before = board_of(lab).state.points[0]
    page.above.setFocus()
    for _ in range(4):
        qtbot.keyClick(page.above, Qt.Key.Key_PageUp)
    qtbot.keyClick(page.above, Qt.Key.Key_Delete)
    assert len(board_of(lab).state.points) == 14
    page.again.click()
    assert board_of(lab).state.points == () and before not in board_of(lab).state.points
    lab.undo()
    assert len(board_of(lab).state.points) == 14


def test_a_place_on_the_curve_is_chosen_by_a_click(lab: FoundationsLab) -> None:
    page_of(lab).below.clicked.emit(6.2, 1.0)
    assert board_of(lab).state.degree == 6
    lab.undo()
    assert board_of(lab).state.degree == 3


def test_networks_are_trained_beside_and_widths_answer_at_once(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = open_preset(lab, "wide-network")
    assert answers(lab)[0] == "–" and board_of(lab).busy()
    qtbot.waitUntil(lambda: not board_of(lab).busy())
    assert isinstance(page, FitPage)
    wide = [float(each) for each in answers(lab)[:2]]
    title = lab.board.answers()[4][1]
    assert title == "97 parameters"
    board_of(lab).edit(width=2)
    assert not board_of(lab).busy()
    narrow = [float(each) for each in answers(lab)[:2]]
    assert wide[0] < narrow[0] and wide[1] > narrow[1]  # learns more of the noise
    assert page.shown.lower is not None and page.shown.lower.log_x
    page.below.clicked.emit(8.1, 1.0)
    assert board_of(lab).state.width == 8
    assert "width" in board_of(lab).rows_of(board_of(lab).state)


# --- learning curves


def test_learning_curves_meet_at_the_noise_or_at_what_a_line_can(lab: FoundationsLab) -> None:
    for name, least in (("more-data", 0.09), ("data-does-not-help", 0.09 + 0.5 - 3 / np.pi**2)):
        page = open_preset(lab, name)
        _, train = line(page.shown.upper, "training error (median)")
        counts, expected = line(page.shown.upper, "expected error (median)")
        assert counts[-1] == 200
        assert train[-1] == pytest.approx(least, rel=0.15)
        assert expected[-1] == pytest.approx(least, rel=0.1)
        assert answers(lab)[3] == measured(least, 3)
        assert float(answers(lab)[2]) == pytest.approx(float(answers(lab)[1]) - float(answers(lab)[0]), abs=2e-3)
    page.above.clicked.emit(40.2, 1.0)
    assert board_of(lab).state.samples == 40
    assert "N = 40" in lab.board.answers()[0][3]
    assert page.shown.upper.tip is not None and page.shown.upper.tip(41.0, 1.0).startswith("N = 40")


# --- folds


def test_folds_by_hand(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = open_preset(lab, "five-folds")
    assert isinstance(page, FoldsPage)
    state = board_of(lab).state
    points = train_points(state)
    fold_of = [handle.colour for handle in page.shown.upper.handles]
    numbers = [int(each.text) for each in page.shown.upper.texts]
    assert sorted(numbers) == sorted([1, 2, 3, 4, 5] * 4)
    assert fold_of == [number - 1 for number in numbers]
    errors = []
    for fold in range(1, 6):
        own = np.array(numbers) == fold
        fit = Polynomial.fit(points.x[~own], points.y[~own], 3, domain=(-1, 1))
        errors.append(float(np.mean((fit(points.x[own]) - points.y[own]) ** 2)))
        assert page.shown.table[fold][3] == measured(errors[-1], 3)
    assert answers(lab)[0] == measured(float(np.mean(errors)), 3)
    assert answers(lab)[1] == measured(float(np.std(errors, ddof=1)), 3)
    assert page.table.text(6, 3) == answers(lab)[0]
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert board_of(lab).state.fold == 2
    assert answers(lab)[2] == measured(errors[1], 3)
    assert [each.name for each in page.shown.upper.points] == ["validates", "predicted"]
    ring = page.shown.upper.points[0]
    assert sorted(np.asarray(ring.x).tolist()) == sorted(points.x[np.array(numbers) == 2].tolist())


def test_folds_that_are_left_out_of_the_table_are_marked(lab: FoundationsLab) -> None:
    page = open_preset(lab, "leave-one-out")

    def firsts() -> list[str]:
        return [row[0].removeprefix("▸ ") for row in page.shown.table[1:-1]]

    assert firsts() == ["1", "2", "3", "4", "5", "⋮"]
    board_of(lab).look(fold=10)
    assert firsts() == ["⋮", "9", "10", "11", "12", "⋮"]
    board_of(lab).look(fold=20)
    assert firsts() == ["⋮", "16", "17", "18", "19", "20"]
    open_preset(lab, "five-folds")
    assert firsts() == ["1", "2", "3", "4", "5"]


def test_the_next_folds_turn_is_undone(lab: FoundationsLab) -> None:
    open_preset(lab, "five-folds")
    assert board_of(lab).play_key() and board_of(lab).state.fold == 2
    lab.undo()
    assert board_of(lab).state.fold == 1 and board_of(lab).state.preset == "five-folds"


def test_leaving_one_out_is_one_fit(lab: FoundationsLab) -> None:
    page = open_preset(lab, "leave-one-out")
    assert answers(lab)[0] == answers(lab)[3]
    assert len(page.shown.table) == 8  # the head, six of twenty, the mean
    board_of(lab).look(fold=20)
    assert page.shown.table[-2][0] == "▸ 20"
    board_of(lab).edit(folds=60)  # more folds than points are as many as points
    assert answers(lab)[0] == answers(lab)[3]
    page.below.clicked.emit(2.0, 0.1)
    assert board_of(lab).state.degree == 2


# --- early stopping


def test_early_stopping_says_where_it_ends_and_what_it_takes_back(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = open_preset(lab, "stops-too-early")
    qtbot.waitUntil(lambda: not board_of(lab).busy())
    assert isinstance(page, StoppingPage) and page._known is not None
    losses = page._known[1].validation.tolist()
    best, ends = _stopped(losses, 50)
    assert answers(lab)[:2] == [str(ends), str(best)]
    assert answers(lab)[2:4] == [measured(losses[best], 3), measured(losses[-1], 3)]
    assert [mark.at for mark in page.shown.upper.marks] == [best, ends]
    assert min(losses) < losses[best] and "lower later" in [each.name for each in page.shown.upper.points]
    x, y = line(page.shown.lower, "restored")
    np.testing.assert_allclose(y, page._known[1].network(best).values(x))
    board_of(lab).edit(patience=300)
    assert not board_of(lab).busy(), "another patience trains nothing"
    best, ends = _stopped(losses, 300)
    assert losses[best] == min(losses[1:])
    assert answers(lab)[:2] == [str(ends), str(best)]
    page.below.handle_moved.emit("2", 0.0, 0.0)
    assert board_of(lab).state.points[2] == (0.0, 0.0)
    qtbot.waitUntil(lambda: not board_of(lab).busy())
    assert answers(lab)[3] != measured(losses[-1], 3)


def _stopped(losses: list[float], patience: int) -> tuple[int, int]:
    """The best epoch so far and the one after which patience is spent, by hand."""
    best = 1
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best == patience:
            return best, epoch
    raise AssertionError("its patience is never spent")


# --- the few digits


def _small_digits() -> FewSamples:
    random = np.random.default_rng(0)
    x = random.random((220, 12))
    classes = (x[:, 0] > 0.5).astype(np.int64)
    return FewSamples(x[:100], classes[:100], x[100:], classes[100:])


def test_digits_are_trained_beside_compared_and_stopped(
    boards: BoardLender, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FewPage, "digits", staticmethod(_small_digits))
    lab = boards.lend("capacity", 1200, 800, patched=True)
    page = open_without_book(lab, "book-overfitting")
    assert isinstance(page, FewPage)
    assert answers(lab) == ["–"] * 5
    assert [text.text for text in page.shown.upper.texts] == ["Press Train to see the accuracies (Space)"]
    board_of(lab).edit(few=100, few_epochs=6)
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert page.training == few_plan(board_of(lab).state) and page.train.text() == "Stop"
    qtbot.waitUntil(lambda: page.training is None)
    course = page.courses[few_plan(board_of(lab).state)]
    assert [each.epoch for each in course] == list(range(7))
    assert answers(lab)[0] == "6" and not page.train.isEnabled()
    board_of(lab).edit(few_epochs=1000)
    page.train.click()
    qtbot.waitUntil(lambda: len(page.courses[few_plan(board_of(lab).state)]) > 2)
    page.train.click()
    qtbot.waitUntil(lambda: page.training is None)
    assert 2 < len(page.courses[few_plan(board_of(lab).state)]) < 1001
    page.compare.click()
    assert page.training == compared_plans(board_of(lab).state)[0]
    page.train.click()
    qtbot.waitUntil(lambda: page.training is None)
    page.forget.click()
    assert page.courses == {} and page.table.isHidden()


def test_the_true_result_is_said(lab: FoundationsLab) -> None:
    """With the figures that were measured of the book: both close the gap, and both lower the test accuracy."""
    page = open_without_book(lab, "book-weight-decay")
    assert isinstance(page, FewPage)
    base = FewSamplesPlan()
    ends = {
        base: (1.0, 0.767),
        base._replace(weight_decay=0.1): (0.897, 0.739),
        base._replace(epochs=301, dropout=0.15): (0.89, 0.713),
        base._replace(epochs=301, dropout=0.2): (0.61, 0.519),
    }
    assert compared_plans(board_of(lab).state) == tuple(ends)
    for plan, (train, test) in ends.items():
        page.courses[plan] = tuple(AccuracyEpoch(epoch, train, test) for epoch in range(plan.epochs + 1))
    page.show_again()
    assert answers(lab) == ["201", "89.7%", "73.9%", "+15.8", "−2.8"]
    assert "test accuracy is lower, too" in page.shown.said
    assert not page.compare.isEnabled()
    rows = {row[0].removeprefix("▸ "): row[1:] for row in page.shown.table[1:]}
    assert rows["plain"] == ("201", "100.0%", "76.7%", "+23.3")
    assert rows["dropout 0.2"] == ("301", "61.0%", "51.9%", "+9.1")
    open_without_book(lab, "book-dropout")
    assert answers(lab)[4] == "−24.8" and "test accuracy is lower, too" in page.shown.said
    points = page.shown.lower.points
    assert [np.asarray(each.y).item() for each in points] == [0.767, 0.739, 0.713, 0.519]
    assert page.shown.upper.tip is not None and "76.7%" in page.shown.upper.tip(100.2, 0.0)


# --- edges


@pytest.mark.parametrize("truth", ["sine_wave", "cubic", "runge", "jump", "straight"])
def test_without_noise_and_with_few_points_there_is_a_picture(truth: str) -> None:
    for samples, degree, decay in ((3, 0, None), (3, 30, None), (4, 5, 10.0), (60, 3, 1e-10), (60, 30, None)):
        state = CapacityState(truth=truth, samples=samples, degree=degree, decay=decay, noise=0.0, others=5, folds=60)  # type: ignore[arg-type]
        for shown in (shown_fit(state, None), shown_curve(state), shown_folds(state)):
            for picture in (shown.upper, shown.lower):
                if picture is not None and picture.y is not None:
                    low, high = picture.y
                    assert np.isfinite([low, high]).all() and low < high
                    assert low > 0 or not picture.log_y
            assert all(value for _, _, value, _ in shown.answers)
    for same in (CapacityState(points=((0.5, 1.0),) * 4, degree=6, folds=4), CapacityState(points=((0.5, 1.0),))):
        for shown in (shown_fit(same, None), shown_folds(same)):
            assert all(value for _, _, value, _ in shown.answers)


# --- all topics


def test_rows_are_those_of_the_topic(lab: FoundationsLab) -> None:
    board = board_of(lab)
    for topic, rows in ROWS.items():
        board.topics.button(topic).click()
        shown = {name for name in board.FORM if not board.form.row(name).isHidden()}
        assert shown == set(rows) - ({"width"} if topic == "fit" else set())
        assert len(board.answers()) == 5
    assert not lab.can_undo, "a topic is a way of looking"


def test_the_books_presets_are_named_so() -> None:
    assert {name for name in preset_names("capacity") if name.startswith("book-")} == set(BOOKS)


def test_it_speaks_korean(lab: FoundationsLab, qtbot: QtBot) -> None:
    language.set_language("ko")
    english = {code: words["en"] for code, words in table("board_capacity").items()}
    for name in ("overfits", "more-data", "five-folds"):
        page = open_preset(lab, name)
        said = [page.shown.upper_title, page.shown.lower_title, page.again.text(), *page.above.legend]
        titles = [title for _, title, _, _ in board_of(lab).answers()]
        assert not set(said + titles) & set(english.values()) - {""}
    qtbot.waitUntil(lambda: board_of(lab).topics.button("folds").text() == "교차 검증")
