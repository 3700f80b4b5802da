"""Curves in their card: legend, tools, read-out, and that pyqtgraph waits for the first paint."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QToolButton

from gui.plots.cursor import SharedCursor
from gui.plots.curve_card import CurveCard
from gui.plots.numbers.view import CurveView
from gui.shell import language, theme


def fill(card: CurveCard) -> np.ndarray:
    steps = np.arange(1, 1001)
    losses = (2.0 * np.exp(-steps / 200) + 0.1).astype(np.float32)
    card.append("train", steps, losses)
    card.append("validation", steps[99::100], losses[99::100] + 0.05)
    card.draw()
    card.read_out()
    return losses


def actions(tool: QToolButton) -> dict[str, object]:
    """What a tool's menu offers when it opens."""
    tool.menu().aboutToShow.emit()
    return {action.text(): action for action in tool.menu().actions()}


def test_pyqtgraph_is_not_loaded_with_the_card():
    script = "import sys, gui.plots.curve_card, gui.labs.training.lab, gui.labs.network.lab; print('pyqtgraph' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_the_plot_comes_after_the_first_paint_with_all_that_was_said_before(card, qtbot):
    losses = fill(card)
    card.set_view(CurveView(smoothing=0.0, log=True))
    qtbot.waitUntil(lambda: card._plot is not None)
    plot = card.plot
    assert plot.isVisible() and plot.view == CurveView(smoothing=0.0, log=True) and plot.accessibleName() == "Loss"
    assert plot.data.values_at(None)["train"] == losses[-1] and plot.left.name == "cross-entropy"


def test_the_legend_reads_out_the_latest_and_the_cursor(card):
    losses = fill(card)
    card.set_view(CurveView(smoothing=0.0))
    assert card.legend.accessibleName() == f"Training {losses[-1]:.4f}, Validation {losses[-1] + 0.05:.4f}"
    plot = card.plot
    assert plot.accessibleDescription() == card.legend.accessibleName()
    plot.point_at(plot.point_of(300, 0).x())
    step = plot.cursor_step
    assert abs(step - 300) <= 3
    assert card.legend.accessibleName().startswith(f"Training {losses[int(step) - 1]:.4f}, Validation {losses[299] + 0.05:.4f}")
    assert plot.accessibleDescription().endswith(f"Iteration {step:,.0f}")


def test_nothing_is_read_out_before_it_was_measured(card):
    card.append("train", [1, 10, 23], [3.0, 2.0, 1.0])
    card.append("validation", [23], [1.5])
    card.plot._move_cursor(10.0)
    assert card.legend.accessibleName() == "Training 2.0000, Validation –"
    card.plot._move_cursor(23.0)
    assert card.legend.accessibleName() == "Training 1.0000, Validation 1.5000"


def test_the_legend_names_what_guessing_reaches(card):
    fill(card)
    card.set_chance(float(np.log(10)))
    assert card.legend.accessibleName().endswith("Chance 2.3026")
    card.plot.edit(chance=False)
    assert "Chance" not in card.legend.accessibleName()


@pytest.mark.parametrize(
    ("width", "texts"),
    [
        (500, ["Training", "0.1648", "Validation", "0.1902", "Chance", "2.3026"]),
        (330, ["Training", "0.1648", "Validation", "0.1902", "Chance"]),
        (280, ["Training", "0.1648", "Validation", "0.1902"]),
        (230, ["Training", "0.1648", "0.1902"]),
    ],
)
def test_a_narrow_legend_keeps_every_value_and_says_which_curve_is_which_as_long_as_it_can(card, width, texts):
    entries = [("train", "Training", "0.1648"), ("validation", "Validation", "0.1902")]
    card.legend.set_entries(entries, "", [("chance", "Chance", "2.3026")])
    metrics = QFontMetrics(theme.font(12))
    dash, gap, found = card.legend.fitting(metrics, width)
    assert [text for _, name, value in found for text in (name, value) if text] == texts
    assert sum(metrics.horizontalAdvance(text) for text in texts) + len(found) * dash + gap <= width


def test_the_narrowest_legend_keeps_the_values_alone(card):
    card.legend.set_entries([("train", "Training", "0.1648")], "", [("chance", "Chance", "2.3026")])
    assert card.legend.fitting(QFontMetrics(theme.font(12)), 60)[2] == [("train", "", "0.1648")]


def test_tools_become_one_menu_where_the_card_is_narrow(card):
    card.resize(700, 300)
    assert card.log.isVisible() and not card.more.isVisible()
    card.resize(240, 300)
    assert card.more.isVisible() and not card.log.isVisible()
    actions(card.more)["Log axis"].trigger()
    assert card.view.log and card.plot.view.log


def test_the_tools_change_the_view_and_say_so(card, qtbot):
    told = []
    card.view_changed.connect(told.append)
    fill(card)
    qtbot.mouseClick(card.log, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card.follow, Qt.MouseButton.LeftButton)
    actions(card.smoothing)["0.99"].trigger()
    assert told == [
        CurveView(log=True),
        CurveView(log=True, following=False),
        CurveView(log=True, following=False, smoothing=0.99),
    ]
    assert card.smoothing.text() == "Smoothing 0.99" and not card.follow.isChecked()
    card.plot.zoom(0.2, 300.0)
    qtbot.mouseClick(card.follow, Qt.MouseButton.LeftButton)  # shows the whole run again
    assert card.plot.limits[0][0] == 0 and told[-1].following


def test_no_smoothing_is_told_in_words(card):
    card.set_view(CurveView(smoothing=0.0))
    assert card.smoothing.text() == card.smoothing.accessibleName() == "Smoothing: off"
    language.set_language("ko")
    QApplication.processEvents()
    assert card.smoothing.text() == "매끄럽게: 끔"


def test_a_menu_is_filled_anew_each_time(card):
    for _ in range(3):
        assert list(actions(card.smoothing)) == ["Off", "0.6", "0.9", "0.97", "0.99"]
        assert len(actions(card.more)) == 5  # view all, follow, log, smoothing, export
    language.set_language("ko")
    QApplication.processEvents()
    assert "끔" in actions(card.smoothing) and card.log.text() == "로그 축"


def test_two_cards_have_one_cursor(qtbot):
    shared = SharedCursor()
    cards = [CurveCard("value", log_offered=True, cursor=shared) for _ in range(2)]
    for card in cards:
        qtbot.addWidget(card)
        card.add("train", 0)
        card.set_names({"train": "Training"}, "loss")
        card.append("train", [1, 2, 3], [3.0, 2.0, 1.0])
        card.set_view(CurveView(smoothing=0.0))
        card.show()
    cards[0].plot._move_cursor(2.0)
    assert cards[1].plot.cursor_step == 2.0 and cards[1].legend.accessibleName() == "Training 2.0000"


def test_a_view_that_was_kept_before_reads_as_it_did():
    kept = {"log": True, "smoothing": 0.6, "following": False}
    assert msgspec.convert(kept, CurveView) == CurveView(log=True, smoothing=0.6, following=False)
    assert msgspec.to_builtins(CurveView()) == {
        "log": False,
        "smoothing": 0.9,
        "following": True,
        "across": "iteration",
        "chance": True,
    }


def test_clearing_forgets_every_point_and_the_time(card):
    fill(card)
    card.data.note_time(10, 3.0)
    card.set_length(2000, 20)
    card.clear()
    assert card.data.latest() == 0 and card.data.across.offered == ("iteration", "epoch")
    assert card.legend.accessibleName() == "Training –, Validation –"


def test_a_plot_without_curves_has_no_figures_and_gets_them_with_the_first(card):
    fill(card)
    plot = card.plot
    assert plot.bottom.figures and plot.left.figures
    card.data.keep(())
    card.read_out()
    card.draw()
    assert not plot.bottom.figures and not plot.left.figures
    card.data.add("new", 0)
    card.append("new", [1, 2, 3], [1.0, 0.5, 0.25])
    card.read_out()
    card.draw()
    assert plot.bottom.figures and plot.left.figures
