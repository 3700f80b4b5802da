"""The keyboard in the sequence lab: the order of Tab, Esc, F1 on every page, undo and redo; and settings that are edited while
a run is on, which do not reach it. All with real keys in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.experiments.experiment import Experiment
from gui.help.help_pages import ShortcutsPage
from gui.labs.sequence.lab import SequenceLab
from gui.labs.sequence.sequence_pages import CENTRE, SIDE
from gui.main_window import MainWindow
from tests.gui.labs.sequence.small_models import model_of, small
from tests.gui.layouts import lay_out

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
MOST_STOPS = 200  # of Tab: the lab has far fewer


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(tmp_path / "settings.json", chosen_language="en", lab="sequence")
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def lab_of(window: MainWindow) -> SequenceLab:
    lab = window.lab("sequence")
    assert isinstance(lab, SequenceLab)
    return lab


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def answered(lab: SequenceLab, experiment: Experiment) -> None:
    """The pages show what a network answers, as if a run were on."""
    lab.open_experiment(experiment)
    lab.pages.show_run(experiment)
    model, data = model_of(experiment)
    for name, page in lab.pages.pages.items():
        question = page.question()
        if question is not None:
            lab.pages.show_answer(name, question(model, data))
    lay_out()


def stops(lab: SequenceLab) -> list[QWidget]:
    """Where Tab goes, from the lab on, until it comes back."""
    lab.setFocus()
    found: list[QWidget] = []
    for _ in range(MOST_STOPS):
        press(Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if now in found:
            return found
        found.append(now)
    raise AssertionError("Tab does not come back")


def test_tab_goes_through_the_settings_from_top_to_bottom_and_through_the_pages_after_them(window: MainWindow) -> None:
    lab = lab_of(window)
    answered(lab, small("counting-lstm", length=20))
    lab.pages.chosen.emit("predicting")
    lay_out()
    found = stops(lab)
    assert all(widget.isVisible() and widget.isEnabled() for widget in found)
    inside = [widget for widget in found if lab.panel.isAncestorOf(widget)]
    rows = [widget.mapTo(lab.panel, QPoint(0, widget.height() // 2)).y() for widget in inside]
    assert all(after >= before - 6 for before, after in pairwise(rows[1:])), rows  # the first stands above what scrolls
    names = [widget.accessibleName() for widget in inside]
    assert names[0] == "Task" and "Length T" in names[1:3] and names.index("Hidden size H") < names.index("Optimizer")
    order = [found.index(widget) for widget in inside]
    assert order == list(range(order[0], order[0] + len(order)))  # nothing else comes between
    view = lab.pages.pages["predicting"].text
    wanted = [view.sheet, view.prompt, view.again, view.written, view.temperature.slider]
    assert [widget for widget in found if widget in wanted] == wanted
    assert found.index(view.sheet) > order[-1]
    lab.choose_cell("GRU")  # its rows are made anew
    assert [widget.accessibleName() for widget in stops(lab) if lab.panel.isAncestorOf(widget)][:3] == names[:3]


def test_f1_shows_the_keys_from_every_page_and_from_a_line_that_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    lab = lab_of(window)
    answered(lab, small("counting-lstm", length=20))
    for name in (*CENTRE, *SIDE):
        lab.pages.chosen.emit(name)
        page = lab.pages.pages[name]
        lay_out()
        found = [
            each for each in page.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible()
        ]
        focused = found[-1]
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        focused.setFocus()
        QTest.keyClick(QApplication.focusWidget() or focused, Key.Key_F1)
        shown = next(each for each in window.findChildren(ShortcutsPage))
        assert shown.isVisible(), name
        shown.close()
    view = lab.pages.pages["predicting"].text
    lab.pages.chosen.emit("predicting")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    view.prompt.setFocus()
    press(Key.Key_F1)
    assert window.findChildren(ShortcutsPage)[0].isVisible()
    window.findChildren(ShortcutsPage)[0].close()


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Return])
def test_esc_and_enter_leave_the_beginning_of_a_text_and_the_pages_keys_work_again(window: MainWindow, key: Qt.Key) -> None:
    lab = lab_of(window)
    answered(lab, small("counting-lstm", length=20))
    lab.pages.chosen.emit("predicting")
    lay_out()
    prompt = lab.pages.pages["predicting"].text.prompt
    prompt.setFocus()
    QTest.keyClicks(prompt, " 1")
    assert prompt.text() == " 1"  # Space writes there
    press(key)
    assert not prompt.hasFocus() and lab.hasFocus() and prompt.text() == " 1"


def test_undo_and_redo_go_through_what_was_set_one_after_the_other(window: MainWindow) -> None:
    lab = lab_of(window)
    lab.open_experiment(small(length=12))
    first = lab.experiment()
    box = lab.panel.layer.number("hidden_size").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "7")
    press(Key.Key_Return)
    lab.choose_cell("GRU")
    changed = lab.experiment()
    assert changed.network.layers[0].hidden_size == 7
    press(Key.Key_Z, Ctrl)
    press(Key.Key_Z, Ctrl)
    assert lab.experiment() == first
    press(Key.Key_Y, Ctrl)
    press(Key.Key_Y, Ctrl)
    assert lab.experiment() == changed and lab.cells.current == "GRU"


def test_hidden_size_and_length_do_not_reach_a_run_which_says_that_it_is_of_other_settings(qtbot: QtBot, make_lab) -> None:
    experiment = small(length=12, epochs=10_000)
    lab = make_lab(experiment)
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 2)
    own = lab.control.experiment
    assert own is not None and not lab.results.veil.isVisible() and not lab.panel.pending_box.isVisible()
    lab.panel.layer.number("hidden_size").value_changed.emit(9)
    lab.panel.data.row("length").value_changed.emit(20)
    assert lab.experiment().network.layers[0].hidden_size == 9 and lab.experiment().data.length == 20
    reached = lab.worker.status().step
    qtbot.waitUntil(lambda: lab.worker.status().step > reached)  # it goes on
    assert lab.control.experiment == own and lab.worker.status().folder is not None
    assert lab.results.veil.isVisible() and lab.panel.pending_box.isVisible()
    assert "other settings" in lab.panel.pending_box.text()
    maps = lab.pages.gates.maps
    qtbot.waitUntil(lambda: maps.direction is not None)
    assert maps.direction.arrays["h"].shape == (12, own.network.layers[0].hidden_size)
    lab.undo()
    lab.undo()
    assert lab.experiment() == own and not lab.results.veil.isVisible()
    lab.stop()
