"""The board of optimisers: its numbers against the book and by hand, its controls, its pictures."""

from __future__ import annotations

import math
import re

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from engine.books.written_digits import digits_of_mnist
from engine.foundations.boards.optimisers.suited import DIGIT_RATES, SUITED
from engine.foundations.dense_networks import DenseNetwork, DenseShape
from engine.foundations.descent_rules import RuleSettings
from gui.labs.foundations.board_presets import board_preset, preset_names
from gui.labs.foundations.optimisers.descent_pictures import drawn_path
from gui.labs.foundations.optimisers.digit_course import SIZES, DigitsAsked, digit_course
from gui.labs.foundations.optimisers.digits_page import asked_of
from gui.labs.foundations.optimisers.parts.update_terms import term_rows
from gui.labs.foundations.optimisers.shown_descents import around, arrow_factor
from gui.labs.foundations.optimisers.state import OF_RULES, OptimisersState, fitted_optimisers, on_surface, with_rule
from gui.labs.foundations.state import FoundationsState
from gui.shell import theme
from gui.shell.language import set_language
from gui.shell.state_file import from_text

EIGHT = tuple(OF_RULES)


@pytest.fixture
def lab(boards):
    return boards.lend("optimisers", 1000, 640)


@pytest.fixture
def board(lab):
    return lab.board


def value_of(board, title):
    return next(value for _, name, value, _ in board.answers() if name == title)


# --- the book


def test_the_books_four_descents_end_where_it_was_measured(lab, board):
    """『밑바닥부터 시작하는 딥러닝』 1, section 6.1: 30 points from (-7, 2)."""
    lab.panel.open_preset("four-in-a-valley")
    shown = board.page.shown
    assert board.BOOKS[board.state.preset] == "1.20"
    ends = {"gd": (-0.387, -0.094), "momentum": (0.814, 0.273), "adagrad": (-0.136, 0.0), "adam": (0.020, 0.322)}
    assert set(shown.state.rules) == set(ends)
    for rule, end in ends.items():
        assert len(shown.points(rule)) == 30
        assert shown.points(rule)[-1] == pytest.approx(end, abs=6e-4)
        drawn = next(line for line in board.page.plot.picture.lines if line.name == board.page.words().rules[rule])
        np.testing.assert_array_equal(np.stack([drawn.x, drawn.y], axis=1), shown.points(rule))


def test_every_preset_shows_finite_pictures(lab, qtbot, board):
    for name in preset_names("optimisers"):
        lab.panel.open_preset(name)
        qtbot.waitUntil(lambda: not board.busy())
        assert board.topic == board_preset("optimisers", name).topic
        for plot in board.page.plots():
            assert plot.picture.lines or name == "four-on-digits"
            for line in plot.picture.lines:
                there = np.asarray(line.y, float)
                assert np.isfinite(there).any()
                assert np.nanmax(np.abs(there)) < 1e9
        assert all(value for _, _, value, _ in board.answers())


# --- what the user does


def test_the_start_is_dragged_as_one_step(lab, qtbot, board):
    plot = board.page.plot
    handle = plot.picture.handles[0]
    begin = plot.pixel_of(handle.x, handle.y).toPoint()
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    for far in (10, 25, 40):
        QTest.mouseMove(plot.viewport(), begin + QPoint(far, 0))
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=begin + QPoint(40, 0))
    assert board.state.start_x > -7
    assert board.page.shown.points("gd")[0][0] == board.state.start_x
    lab.undo()
    assert (board.state.start_x, board.state.start_y) == (-7.0, 2.0)
    assert not lab.can_undo


def test_arrow_keys_move_the_start(board):
    plot = board.page.plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert board.state.start_x == pytest.approx(-6.8)
    QTest.keyClick(plot, Qt.Key.Key_Up)
    assert board.state.start_y == pytest.approx(2.1)


def test_a_click_beside_all_paths_begins_there_and_one_on_a_path_looks_at_its_rule(board):
    board.page.plot.clicked.emit(6.0, 4.0)
    assert (board.state.start_x, board.state.start_y) == (6.0, 4.0)
    x, y = board.page.shown.points("adagrad")[2]
    board.page.plot.clicked.emit(float(x), float(y))
    assert board.state.looked == "adagrad"


def test_another_surface_brings_its_start_and_rates(lab, board):
    board.form.row("surface").chosen.emit("rosenbrock")
    assert (board.state.start_x, board.state.start_y) == (-1.5, 2.0)
    assert (board.state.gd_lr, board.state.steps, board.state.step) == (0.001, 200, 200)
    assert board.page.shown.surface.lowest == ((1, 1),)
    lab.undo()
    assert board.state == OptimisersState()


def test_rules_are_switched_and_the_last_one_stays(lab, board):
    board.toggles.button("nesterov").click()
    assert board.state.rules == ("gd", "momentum", "nesterov", "adagrad", "adam")
    assert board.state.looked == "nesterov"
    assert "Nesterov" in board.page.plot.legend
    board.toggles.button("nesterov").click()
    assert board.state.looked == "gd", "one that is drawn"
    for rule in ("gd", "momentum", "adagrad"):
        board.toggles.button(rule).click()
    assert board.state.rules == ("adam",)
    assert not board.toggles.button("adam").isEnabled()
    board.form.row("looked").chosen.emit("adamw")
    assert board.state.rules == ("adam", "adamw"), "who is looked at is drawn"
    lab.undo()
    assert board.state.looked == "adam"


def test_what_changes_nothing_is_grey(board):
    plain = msgspec.structs.replace(OptimisersState(), later_factor=1.0)
    for state, counts in (
        ({"rules": ("gd", "momentum")}, False),
        ({"rules": ("gd", "momentum"), "later_factor": 0.5}, True),
        ({"rules": ("gd", "adam")}, True),
        ({"rules": ("gd", "adam"), "looked": "gd", "topic": "update"}, False),
    ):
        board.open_state(msgspec.structs.replace(plain, **state))
        assert board.form.row("convention").isEnabled() == counts, state
    board.open_state(msgspec.structs.replace(plain, topic="conventions"))
    assert not board.form.row("later_from").isEnabled()
    board.edit(later_factor=0.5)
    assert board.form.row("later_from").isEnabled()


def test_rules_whose_paths_do_not_part_leave_the_table_where_it_is_long(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), topic="conventions", rules=EIGHT, looked="gd"))
    names = [row[0] for row in board.page.table.texts()]
    assert "GD" in names and "SGD" not in names and "Adam" in names


def test_each_rule_has_its_own_settings_in_the_column(board):
    for rule, names in OF_RULES.items():
        board.form.row("looked").chosen.emit(rule)
        shown = {name for name in board.FORM if not board.form.row(name).isHidden()}
        assert set(names) <= shown
        others = {name for other in OF_RULES.values() for name in other} - set(names)
        assert not others & shown


def _drawn(board):
    """All numbers of the page's pictures."""
    found = []
    for plot in board.page.plots():
        picture = plot.picture
        for each in (*picture.lines, *picture.points):
            found += [np.nansum(np.asarray(each.x, float)), np.nansum(np.asarray(each.y, float))]
        found += [picture.x, picture.y, [(mark.at) for mark in picture.marks]]
        found += [(handle.x, handle.y) for handle in picture.handles]
    return repr(found)


CHANGED = {
    "surface": "round_bowl",
    "reach": 6.0,
    "looked": "gd",
    "convention": "book",
    "all_noisy": True,
    "epsilon": 0.1,
    "later_factor": 0.5,
    "later_from": 4,
    "samples": 20,
    "batch": 2,
    "seed": 3,
}


def test_every_setting_changes_what_is_drawn(lab, qtbot, board):
    plain = msgspec.structs.replace(OptimisersState(), rules=EIGHT, looked="adam", later_factor=0.7, steps=40, step=20)
    others = {"formula": "x**2 + y**2", "rules": ("gd",), "log_height": False, **CHANGED}
    places = {
        "reach": {"surface": "formula"},
        "formula": {"surface": "formula"},
        "digit_iterations": {"topic": "digits"},
        "looked": {"topic": "update"},
    }
    for name in set(OptimisersState.__struct_fields__) - {"preset", "topic", "apart", "rates_aside"}:
        begin = msgspec.structs.replace(plain, **places.get(name, {}))
        board.open_state(begin)
        before = _drawn(board), board.answers()
        old = getattr(begin, name)
        new = others.get(name, old * 0.9 if isinstance(old, float) else old)
        new = old + 1 if new == old else new
        board.edit(**{name: new})
        assert (_drawn(board), board.answers()) != before, name


# --- play, step, scrub


def test_it_is_played_stepped_and_scrubbed(lab, qtbot, board):
    player = board.page.player
    player.first.click()
    assert board.state.step == 0
    assert not player.back.isEnabled()
    player.on.click()
    player.on.click()
    player.back.click()
    assert board.state.step == 1
    assert player.count.text() == "step 1 / 29"
    player.scrub.setValue(20)
    assert board.state.step == 20
    line = board.page.plot.picture.lines[0]
    assert len(line.x) == 21, "the path up to there"
    lab.setFocus()
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert player.playing
    qtbot.waitUntil(lambda: board.state.step == 29)
    assert not player.playing
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert board.state.step < 29, "from the start again"
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert not player.playing
    player.toggle()
    lab.board.board_left()
    board.page.page_left()
    assert not player.playing


def test_who_looks_at_the_end_goes_on_looking_at_it(board):
    board.form.number("steps").value_changed.emit(50)
    assert (board.state.steps, board.state.step) == (50, 50)
    board.look(step=10)
    board.form.number("steps").value_changed.emit(60)
    assert (board.state.steps, board.state.step) == (60, 10)


# --- pictures


def test_a_picture_for_each_rule_shows_its_path_alone(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), rules=EIGHT, apart=True))
    for rule in EIGHT:
        plot = board.page.small(rule)
        assert not plot.isHidden()
        assert plot.title.text() == board.page.words().rules[rule]
        assert len(plot.picture.lines) == 1
        np.testing.assert_array_equal(plot.picture.lines[0].x, board.page.shown.points(rule)[:, 0])
    board.page.small("adam").handle_moved.emit("start", 1.0, 1.0)
    assert (board.state.start_x, board.state.start_y) == (1.0, 1.0)


def test_heights_are_those_of_the_formula(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), step=7))
    lines = {line.name: line for line in board.page.heights.picture.lines}
    for rule, name in board.page.words().rules.items():
        if rule in board.state.rules:
            points = board.page.shown.points(rule)
            np.testing.assert_allclose(lines[name].y, points[:, 0] ** 2 / 20 + points[:, 1] ** 2)
    assert board.page.heights.picture.log_y
    assert board.page.heights.picture.marks[0].at == 7
    board.page.log.setChecked(False)
    assert not board.page.heights.picture.log_y
    board.page.heights.clicked.emit(12.2, 1.0)
    assert board.state.step == 12


def test_a_descent_that_leaves_is_drawn_to_the_edge_and_called_lost(board):
    board.edit(gd_lr=50.0, steps=200)
    line = board.page.plot.picture.lines[0]
    assert np.isfinite(np.asarray(line.x)).any()
    assert np.nanmax(np.abs(line.x)) <= 4 * 20
    row = next(row for row in board.page.table.texts() if row[0] == "GD")
    assert row[-1] == "lost"
    high = max(float(np.nanmax(line.y)) for line in board.page.heights.picture.lines)
    assert high < 1e7


def test_what_leads_out_of_the_picture_ends_outside_of_it_and_goes_on_where_it_comes_back():
    limits = (-1.0, 1.0, -1.0, 1.0)
    points = np.array([(0.0, 0.0), (100.0, 50.0), (200.0, np.inf), (0.5, 0.5), (np.nan, 0.0)])
    drawn = drawn_path(points, limits)
    assert drawn[0].tolist() == [0, 0]
    assert drawn[1] == pytest.approx((6.0, 3.0)), "in its direction"
    assert np.isnan(drawn[2]).all()
    assert drawn[3].tolist() == [0.5, 0.5]
    assert np.isnan(drawn[4]).all()
    assert around((-1, 1, -2, 2), (3, 0)) == pytest.approx((-1, 3.1, -2, 2))


def test_the_tooltip_tells_the_height_and_the_step_of_a_path(board):
    x, y = (float(one) for one in board.page.shown.points("adam")[4])
    told = board.page.plot.told_at(x, y)
    assert "Adam  step 4" in told
    assert f"{x * x / 20 + y * y:.3f}"[:4] in told


# --- one step


def test_the_first_step_of_adam_comes_out_by_hand(lab, board):
    lab.panel.open_preset("one-adam-step")
    rows = board.page.terms.rows
    assert [row.formula.split(" ←")[0] for row in rows] == ["g", "m", "v", "m̂", "v̂", "Δw", "w"]
    assert [row.results for row in rows] == [
        ("−0.7", "4"),
        ("−0.07", "0.4"),
        ("0.00049", "0.016"),
        ("−0.7", "4"),
        ("0.49", "16"),
        ("0.3", "−0.3"),
        ("−6.7", "1.7"),
    ]
    assert rows[1].worked == ("0.9·0 + (1 − 0.9)·(−0.7)", "0.9·0 + (1 − 0.9)·4")
    assert rows[3].worked[0] == "(−0.07) / (1 − 0.9¹)"
    assert "Adam, step 1" in board.page.heading.text()
    assert "step 0.424" in board.page.arrow_note.text(), "0.3·√2"


def test_the_arrows_of_momentum_are_the_gradient_and_what_is_carried(lab, board):
    lab.panel.open_preset("one-momentum-step")
    arrows = {arrow.name: arrow for arrow in board.page.plot.picture.arrows}
    step, carried, slope = (arrows[name] for name in board.page.words().arrows[::-1])
    assert (carried.dx + slope.dx, carried.dy + slope.dy) == pytest.approx((step.dx, step.dy))
    points = board.page.shown.points("momentum")
    found, factor = board.page.shown.arrows()
    assert np.array([step.dx, step.dy]) / factor == pytest.approx(points[6] - points[5])
    assert (slope.x, slope.y) == tuple(points[5])
    assert slope.dx / factor == pytest.approx(-0.1 * points[5][0] / 10)
    assert found.step == pytest.approx(tuple(points[6] - points[5]))


def test_arrows_are_drawn_as_long_as_one_sees_them(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), topic="update", looked="gd", gd_lr=1e-4))
    _, factor = board.page.shown.arrows()
    assert factor >= 1000
    assert "drawn" in board.page.arrow_note.text()
    longest = max(math.hypot(arrow.dx / 20, arrow.dy / 10) for arrow in board.page.plot.picture.arrows)
    assert 0.1 <= longest <= 0.3 * 1.001
    assert arrow_factor(board.page.shown.arrows()[0], (0.0, 1e-30, 0.0, 1e-30)) < 1


def test_the_noise_of_a_batch_stands_in_the_lines(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), topic="update", rules=("sgd",), looked="sgd", step=3))
    row = board.page.terms.rows[0]
    assert row.formula == "g ← ∂L/∂w + n"
    for axis, slope in ((0, 0.1), (1, 2.0)):
        exact, sign, off = row.worked[axis].rpartition(" + " if " + " in row.worked[axis] else " − ")
        assert float(exact.replace("−", "-")) == pytest.approx(slope * board.page.shown.points("sgd")[3][axis], rel=1e-3)
        total = float(exact.replace("−", "-")) + (1 if "+" in sign else -1) * float(off)
        assert float(row.results[axis].replace("−", "-")) == pytest.approx(total, abs=2e-3)
    board.edit(batch=64)
    pull = board.page.terms.rows[0].worked
    assert all(text.endswith("+ 0") for text in pull), "all samples: no noise"


def test_a_start_without_a_gradient_is_said(board):
    begin = msgspec.structs.replace(
        OptimisersState(),
        topic="update",
        surface="formula",
        formula="sqrt(x) + y**2",
        start_x=-1.0,
        rules=("adam",),
        looked="adam",
    )
    for topic in ("paths", "update", "stability", "conventions", "batch"):
        board.open_state(msgspec.structs.replace(begin, topic=topic))
        assert board.answers()
    board.open_state(begin)
    assert board.page.heading.text() == "There is no gradient at the start"
    assert board.page.terms.rows == ()


def test_lines_with_numbers_follow_the_convention():
    from engine.foundations.boards.optimisers.descents import DescentRequest, descent
    from engine.foundations.descent_rules import RuleSettings
    from engine.foundations.surfaces import SURFACES

    for convention, formula in (("torch", "v ← β·v + g"), ("book", "v ← β·v − η·g")):
        settings = RuleSettings(lr=0.1, convention=convention)
        gone = descent(DescentRequest("momentum", settings, SURFACES["valley"].formula, (-7.0, 2.0), 3))
        assert term_rows(gone, 1)[1].formula == formula


# --- stability


def test_the_meter_is_red_past_the_limit_and_says_so(lab, board):
    lab.panel.open_preset("past-the-limit")
    meter = board.page.meter
    assert meter.texts == {"gd": "2.04 ≥ 2", "momentum": "2.04 < 3.8"}
    assert meter.is_red("gd") and not meter.is_red("momentum")
    assert "2.04" in board.page.sentence.text() and "1.04" in board.page.sentence.text()
    assert board.page.sentence.property("role") == "warning"
    image = meter.grab().toImage()
    colours = {image.pixelColor(x, 17).name() for x in range(image.width())}
    assert theme.theme().alarm.name() in colours
    board.page.plot.handle_moved.emit("rate", 0.5, 1.0)
    assert board.state.gd_lr == 0.5
    assert not meter.is_red("gd")
    assert board.page.sentence.property("role") == "fact"
    marks = [mark.at for mark in board.page.plot.picture.marks if mark.along == "x"]
    assert marks == pytest.approx([1.0], rel=1e-3), "2 / λ"


def test_nesterovs_limit_is_lower(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), topic="stability", rules=("nesterov",), looked="nesterov"))
    assert board.page.meter.texts["nesterov"] == "0.2 < 1.36"
    assert "(2 + 2β)/(1 + 2β) = 1.357" in board.page.sentence.text()


def test_a_saddle_is_said_to_be_left(lab, board):
    lab.panel.open_preset("out-of-the-saddle")
    board.look(topic="stability", step=0, looked="gd")
    assert "curves down" in board.page.sentence.text()


# --- conventions


def test_conventions_part_where_the_rate_falls(lab, board):
    lab.panel.open_preset("rate-drop")
    row = next(row for row in board.page.table.texts() if row[0] == "Momentum")
    torchs = books = np.array([-7.0, 2.0])
    v = u = np.zeros(2)
    largest = 0.0
    for step in range(60):
        rate = 0.1 if step < 10 else 0.01
        v = 0.9 * v + torchs * [0.1, 2.0]
        torchs = torchs - rate * v
        u = 0.9 * u - rate * books * [0.1, 2.0]
        books = books + u
        largest = max(largest, float(np.hypot(*(torchs - books))))
    assert row[1] == f"{largest:.3g}"
    assert row[1] in board.page.sentence.text()
    board.page.choice.button("book").click()
    assert board.state.convention == "book"
    assert [body.text().split("\n")[0] for body in board.page.formulas] == ["v ← β·v + g", "v ← β·v − η·g"]


def test_where_the_difference_of_adam_comes_from(lab, board):
    lab.panel.open_preset("tiny-gradients")
    assert "Adam" in board.page.sentence.text()
    assert "where ε is added" in board.page.sentence.text()
    rows = {row[0]: row for row in board.page.table.texts() if row}
    assert rows["AdaGrad"][4] == "0", "the book adds ε in the same place"


# --- batches


def test_the_height_over_the_batch_is_theory_and_measured(lab, qtbot, board):
    lab.panel.open_preset("rate-and-batch")
    qtbot.waitUntil(lambda: not lab.busy())
    variance = 1.0 / 4 * (64 - 4) / 63
    theory = 2 * 0.1 * variance / (2 * (2 - 0.1 * 2))
    assert float(value_of(board, "Height, by theory")) == pytest.approx(theory, rel=1e-2)
    assert float(value_of(board, "Height, measured")) == pytest.approx(theory, rel=0.15)
    assert float(value_of(board, "Noise of a batch")) == pytest.approx(variance**0.5, rel=1e-2)
    board.page.noise.handle_moved.emit("batch", 16.3, 0.1)
    assert board.state.batch == 16
    qtbot.waitUntil(lambda: not lab.busy())
    names = [points.name for points in board.page.heights.picture.points]
    assert names == ["measured", "measured, in proportion"]
    lab.undo()
    assert board.state.batch == 4


def test_a_batch_is_at_most_all_samples(board):
    board.open_state(msgspec.structs.replace(OptimisersState(), topic="batch", batch=60))
    board.form.number("samples").value_changed.emit(20)
    assert board.state.batch == 20


# --- digits


def test_digits_and_surfaces_have_rates_of_their_own(lab, board):
    """At the valley's rates AdaGrad (1.5) and Adam (0.3) stay at ln 10."""
    valley = {rule: board.state.rate(rule) for rule in OF_RULES}
    board.topics.button("digits").click()
    rates = {rule: settings.lr for rule, settings in asked_of(with_rule(board.state, "sgd", True)).runs}
    assert rates == {"sgd": 0.01, "momentum": 0.01, "adagrad": 0.01, "adam": 0.001}, "the book's, section 6.1.8"
    assert board.state.rmsprop_lr == board.state.adamw_lr == 0.001
    board.edit(adam_lr=0.002)
    board.topics.button("update").click()
    assert {rule: board.state.rate(rule) for rule in OF_RULES} == valley
    board.edit(momentum_lr=0.05)
    board.topics.button("digits").click()
    assert (board.state.adam_lr, board.state.momentum_lr) == (0.002, 0.01), "what was set stays"
    board.topics.button("paths").click()
    assert board.state.momentum_lr == 0.05


def test_the_preset_of_digits_leaves_for_the_valley_with_the_valleys_rates(lab, board):
    lab.panel.open_preset("four-on-digits")
    assert [board.state.rate(rule) for rule in board.state.rules] == [0.01, 0.01, 0.01, 0.001]
    board.topics.button("paths").click()
    assert (board.state.adagrad_lr, board.state.adam_lr, board.state.gd_lr) == (1.5, 0.3, 0.95)


def test_a_file_of_digits_from_before_means_what_it_says(lab):
    text = 'lab = "foundations"\nboard = "optimisers"\n[optimisers]\ntopic = "digits"\nsgd_lr = 0.05\nrules = ["sgd", "adam"]\n'
    state = from_text(text, "foundations", FoundationsState).optimisers
    assert [settings.lr for _, settings in asked_of(state).runs] == [0.05, 0.3]


def test_a_rate_of_the_digits_trains_where_the_valleys_does_not():
    """The claim that the rates rest on, with Adam: 40 iterations."""
    digits = digits_of_mnist()

    def end(rate):
        course = digit_course(DigitsAsked((("adam", RuleSettings(lr=rate, convention="torch")),), 40, 0), digits)
        return np.mean([each["adam"] for each in course][-10:])

    assert end(DIGIT_RATES["adam"]) < 1.2
    assert end(SUITED["valley"].rates["adam"]) > 2.0


def test_the_network_on_digits_learns_as_torchs(lab):
    """Six iterations of momentum from the same weights, on the same batches, by torch's autograd and optimiser."""
    digits = digits_of_mnist()
    asked = DigitsAsked((("momentum", RuleSettings(lr=0.05)),), 6, 3)
    ours = [each["momentum"] for each in digit_course(asked)]
    random = np.random.default_rng(3)
    network = DenseNetwork(DenseShape(SIZES), random)
    weights = {name: torch.tensor(value, requires_grad=True) for name, value in network.parameters.items()}
    optimizer = torch.optim.SGD(weights.values(), lr=0.05, momentum=0.9)
    for loss in ours:
        batch = random.choice(len(digits.x_train), 128, replace=False)
        value = torch.tensor(digits.x_train[batch])
        for layer in range(1, 6):
            value = value @ weights[f"W{layer}"] + weights[f"b{layer}"]
            value = torch.relu(value) if layer < 5 else value
        theirs = torch.nn.functional.cross_entropy(value, torch.tensor(digits.t_train[batch]))
        assert loss == pytest.approx(theirs.item(), rel=1e-4), "the book adds 1e-7 to each probability"
        optimizer.zero_grad()
        theirs.backward()
        optimizer.step()


def test_digits_are_trained_when_asked_and_stop(lab, qtbot, board):
    lab.panel.open_preset("four-on-digits")
    assert board.BOOKS["four-on-digits"] == "1.21"
    assert board.page.losses == {}
    board.edit(digit_iterations=130, rules=("gd", "sgd", "adam"))
    board.page.train.click()
    assert board.busy()
    assert board.page.train.text() == "Stop"
    qtbot.waitUntil(lambda: not board.busy())
    assert set(board.page.losses) == {"sgd", "adam"}, "GD would read all digits"
    assert [len(each) for each in board.page.losses.values()] == [130, 130]
    lines = {line.name: line.y for line in board.page.plot.picture.lines}
    losses = board.page.losses["adam"]
    assert lines["Adam"][50] == pytest.approx(np.mean(losses[40:61]))
    rows = {row[0]: row for row in board.page.table.texts() if row}
    assert float(rows["Adam"][2]) == pytest.approx(np.mean(losses[90:110]), rel=5e-3)
    assert float(rows["Adam"][3]) < float(rows["SGD"][3])
    assert value_of(board, "Iterations") == "130"
    board.edit(adam_lr=0.01)
    assert "settings before" in board.page.note.text()
    board.edit(digit_iterations=5000)
    assert board.play_key()
    assert board.play_key(), "stopped where it is"
    qtbot.waitUntil(lambda: not board.busy())
    assert len(board.page.losses["adam"]) < 5000


# --- an own formula


def test_an_own_formula_is_drawn_as_it_is_typed_and_refused_with_a_sentence(lab, qtbot, board):
    lab.panel.open_preset("own-surface")
    assert board.formula.isVisible()
    line = board.formula.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "x**2 + 3*y**2")
    assert board.state.formula == "x**2 + 3*y**2"
    assert board.page.shown.surface.formula.text == "x**2 + 3*y**2"
    assert board.page.shown.floor == pytest.approx(0, abs=1e-9)
    QTest.keyClicks(line, "+z")
    assert board.state.formula == "x**2 + 3*y**2", "as before"
    problem = board.formula.problem
    assert "z is neither x nor y" in problem.text() and problem.isVisible()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClicks(line, "x")
    assert board.state.formula == "x**2 + 3*y**2+x"
    assert not problem.isVisible()
    line.selectAll()
    QTest.keyClicks(line, "2 * (")
    example = problem.text().split("for example ")[1]
    line.selectAll()
    QTest.keyClicks(line, example)
    assert board.state.formula == example and problem.isHidden()


def test_a_file_with_a_formula_that_is_none_says_why(board):
    for topic in ("paths", "update", "stability", "conventions", "batch"):
        state = msgspec.structs.replace(OptimisersState(), topic=topic, surface="formula", formula="x +")
        board.open_state(state)
        texts = [text.text for plot in board.page.plots() for text in plot.picture.texts]
        assert any("cannot be read" in text for text in texts)
        assert board.answers()
    assert "cannot be read" in board.formula.problem.text()


# --- states, words, looks


def test_a_state_from_a_file_is_brought_to_what_there_is(board):
    state = msgspec.structs.replace(OptimisersState(), rules=("adam", "gd", "gd"), looked="sgd", batch=100, step=300)
    assert fitted_optimisers(state).rules == ("gd", "adam")
    assert fitted_optimisers(state).looked == "gd"
    assert fitted_optimisers(state).batch == 64
    board.open_state(state)
    assert board.page.shown.at("gd") == 29
    assert with_rule(OptimisersState(), "gd", False).looked == "momentum"
    assert on_surface(OptimisersState(reach=5.0), "formula").start_y == 3.0


def test_every_topic_speaks_korean(lab, qtbot, board):
    set_language("ko")
    qtbot.waitUntil(lambda: board.topics.button("paths").text() == "경로")
    hangul, english = re.compile("[가-힣]"), re.compile(r"\b(the|and|step|rate|batch|height)\b")
    for topic in board.PAGES:
        board.look(topic=topic)
        qtbot.waitUntil(lambda: not lab.busy())
        titles = [title for _, title, _, _ in board.answers()]
        assert sum(bool(hangul.search(title)) for title in titles) >= 3, titles
        for plot in board.page.plots():
            assert hangul.search(plot.accessibleName()) or not plot.accessibleName()
            for name in (plot.picture.x_name, plot.picture.y_name):
                assert name in ("x", "y", "") or hangul.search(name), name
        for label in board.page.findChildren(QLabel):
            if label.isVisible():
                assert not english.search(label.text()), label.text()


def test_both_themes_and_a_narrow_window_are_drawn(lab, qtbot, board):
    lab.resize(840, 500)
    for scheme in ("dark", "light"):
        theme.apply(scheme)
        for topic in board.PAGES:
            board.look(topic=topic)
            assert not board.grab().isNull()
    qtbot.waitUntil(lambda: not lab.busy())
    board.look(topic="paths", apart=True)
    assert board.page.beside.isHidden(), "small pictures need its room"


def test_momentum_alone_finds_the_deeper_hollow_of_the_own_surface(lab, board):
    lab.panel.open_preset("own-surface")
    shown = board.page.shown
    cross = next(points for points in board.page.plot.picture.points if points.shape == "cross")
    slope = 2 * cross.x[0] / 8 + 2 * math.cos(2 * cross.x[0])
    assert (slope, cross.y[0]) == pytest.approx((0, 0), abs=1e-5), "the gradient by hand"
    ends = {rule: float(shown.points(rule)[-1][0]) for rule in shown.state.rules}
    assert ends["momentum"] == pytest.approx(cross.x[0], abs=0.1)
    assert all(end > 2 for rule, end in ends.items() if rule != "momentum")
