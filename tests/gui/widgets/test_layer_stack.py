"""The stack: what is read in it, what hand and keyboard ask of it, what stays while it shows something new, and its drawing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path as FilePath
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.networks.trace import Path
from gui.shell import theme
from gui.shell.language import set_language
from gui.widgets.stack.layer_stack import LayerStack
from gui.widgets.stack.stack_painting import INDENT_PX, ROW_PX, SIDE_PX
from gui.widgets.stack.stack_rows import StackRow
from tests.engine.known_networks import ALEXNET_ONE_TOWER
from tests.gui.widgets.stacks import BRANCHED, BROKEN, DEEP, rows_of

ALEXNET = rows_of(ALEXNET_ONE_TOWER, (3, 224, 224))
REPAIRS = (("kernel", "Make the filter 7×7"), ("padding", "Set padding to 1"))
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def stack(qtbot: QtBot) -> LayerStack:
    made = LayerStack()
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show_rows(ALEXNET)
    made.set_title("AlexNet", "61,100,840 parameters")
    made.show()
    made.setFocus()
    return made


class Heard:
    """All that a stack asks for, in order."""

    def __init__(self, stack: LayerStack) -> None:
        self.all: list[tuple[object, ...]] = []
        for name in ("chosen", "edited", "moved", "removed", "duplicated", "toggled", "folded", "all_folded", "repaired"):
            getattr(stack, name).connect(lambda *values, name=name: self.all.append((name, *values)))
        stack.insertion_asked.connect(lambda path, _point: self.all.append(("insertion_asked", path)))


def mouse(stack: LayerStack, kind: QEvent.Type, point: QPoint, *, held: bool = True) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
    at = QPointF(point)
    event = QMouseEvent(kind, at, stack.viewport().mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stack.viewport(), event)


def drag(stack: LayerStack, path: Path, end: QPoint, *, drop: bool = True) -> None:
    start = stack.place(path).topLeft() + QPoint(60, ROW_PX // 2)
    mouse(stack, QEvent.Type.MouseButtonPress, start)
    mouse(stack, QEvent.Type.MouseMove, start + QPoint(0, 30))
    mouse(stack, QEvent.Type.MouseMove, end)
    if drop:
        mouse(stack, QEvent.Type.MouseButtonRelease, end, held=False)


def below(stack: LayerStack, path: Path, depth: int = 0) -> QPoint:
    """Right under a row, so far right that it means `depth`."""
    return QPoint(SIDE_PX + depth * INDENT_PX + INDENT_PX // 2, stack.place(path).bottom() - 2)


def press(
    qtbot: QtBot, stack: LayerStack, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    for key in keys:
        qtbot.keyClick(stack, key, modifiers)


# --- what is read


def test_a_row_says_its_shape_and_numbers(stack: LayerStack) -> None:
    assert stack.sentence(stack.rows[1]) == (
        "Conv2d 64, 11, 64 × 55 × 55, parameters 23,296, MACs 70.3 M, memory 756 KiB, < 0.1%"
    )
    assert stack.sentence(stack.rows[0]) == "Input, 3 × 224 × 224"
    assert stack.sentence(stack.rows[16]).endswith("61.8%")


def test_branches_are_named_and_an_empty_one_says_what_it_does(stack: LayerStack) -> None:
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32)))
    said = {row.path: stack.sentence(row) for row in stack.rows}
    assert said[1, "layers", 0, "main"] == "main path"
    assert said[1, "layers", 0, "shortcut"] == "shortcut: hands its input on"
    assert said[1, "layers", 2, "shortcut"] == "shortcut"
    assert said[2, "branches", 1] == "branch 2"
    assert said[1,].endswith("unfolded")


def test_what_is_switched_off_has_no_numbers(stack: LayerStack) -> None:
    stack.show_rows(rows_of(ALEXNET_ONE_TOWER, (3, 224, 224), disabled={(1,)}))
    assert stack.sentence(stack.rows[2]) == "ReLU, switched off"


def test_the_chosen_row_is_what_a_screen_reader_says(qtbot: QtBot, stack: LayerStack) -> None:
    assert stack.accessibleName() == "AlexNet"
    stack.set_chosen((3,))
    assert stack.accessibleDescription().startswith("Conv2d 192, 5, 192 × 27 × 27, parameters 307,392")
    press(qtbot, stack, Qt.Key.Key_Down)
    assert stack.accessibleDescription().startswith("ReLU, 192 × 27 × 27")


def test_a_tooltip_has_the_numbers_to_the_last_digit(stack: LayerStack) -> None:
    point = stack.place((0,)).center()
    QApplication.sendEvent(stack.viewport(), QHelpEvent(QEvent.Type.ToolTip, point, stack.viewport().mapToGlobal(point)))
    assert "MACs: 70,276,800" in QToolTip.text()
    QToolTip.hideText()


@pytest.mark.parametrize("width", [900, 600, 500, 420, 330, 250])
def test_columns_never_run_into_each_other_and_what_the_bars_show_stays_longest(stack: LayerStack, width: int) -> None:
    stack.resize(width, 500)
    for measure in ("parameters", "macs", "memory"):
        stack.set_measure(measure)  # type: ignore[arg-type]
        shown = stack.header.columns
        assert shown is not None
        places = sorted([*shown.places.values(), *(each for each in (shown.bar, shown.part) if each)])
        assert all(left + across <= later for (left, across), (later, _) in pairwise(places))
        assert places[0][0] > shown.name_end >= 100
        assert measure in shown.places
        if width == 900:
            assert set(shown.places) == {"output", "parameters", "macs", "memory"}


def test_a_click_on_a_measures_name_asks_for_its_bars(qtbot: QtBot, stack: LayerStack) -> None:
    shown = stack.header.columns
    assert shown is not None
    left, across = shown.places["macs"]
    with qtbot.waitSignal(stack.measure_chosen) as asked:
        qtbot.mouseClick(stack.header, Qt.MouseButton.LeftButton, pos=QPoint(left + across // 2, 10))
    assert asked.args == ["macs"]
    with qtbot.assertNotEmitted(stack.measure_chosen):
        qtbot.mouseClick(stack.header, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))


def bar_px(stack: LayerStack, path: Path) -> int:
    """How many pixels of a row are in the colour of the bars."""
    image = stack.viewport().grab().toImage()
    place, colour = stack.place(path), theme.theme().curves[0].rgb()
    y = place.top() + ROW_PX // 2 + 1
    return sum(image.pixel(x, y) == colour for x in range(image.width()))


def test_bars_are_as_long_as_the_shares(stack: LayerStack) -> None:
    stack.resize(600, 1000)
    largest, half, none = bar_px(stack, (15,)), bar_px(stack, (18,)), bar_px(stack, (1,))
    assert none == 0
    assert largest > 40
    assert abs(half / largest - 16_781_312 / 37_752_832) < 0.06


def test_an_unfolded_composites_bar_is_pale_for_its_layers_have_theirs(stack: LayerStack) -> None:
    stack.resize(600, 1200)
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32)))
    assert bar_px(stack, (1,)) == 0
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32), folded={(1,)}))
    assert bar_px(stack, (1,)) > 40


# --- what cannot be


def test_a_problem_stands_under_its_row_with_its_repairs(qtbot: QtBot, stack: LayerStack) -> None:
    stack.show_rows(rows_of(BROKEN, (1, 28, 28), repairs=REPAIRS))
    assert "larger than its input" in stack.sentence(stack.rows[3])
    assert stack.sentence(stack.rows[4]) == "ReLU"
    place = stack.place((2,))
    assert place.height() > 2 * ROW_PX
    for key, text in REPAIRS:
        button = stack.button((2,), key)
        assert button.text() == text
        assert button.isVisible()
        assert place.contains(button.geometry())
    assert stack.place((3,)).top() == place.bottom() + 1
    heard = Heard(stack)
    qtbot.mouseClick(stack.button((2,), "padding"), Qt.MouseButton.LeftButton)
    assert heard.all == [("repaired", (2,), "padding")]


def test_repairs_break_into_lines_where_it_is_narrow(stack: LayerStack) -> None:
    stack.show_rows(rows_of(BROKEN, (1, 28, 28), repairs=REPAIRS))
    wide = stack.place((2,)).height()
    assert stack.button((2,), "kernel").y() == stack.button((2,), "padding").y()
    stack.resize(260, 500)
    first, second = stack.button((2,), "kernel").geometry(), stack.button((2,), "padding").geometry()
    assert second.top() > first.bottom()
    assert stack.place((2,)).height() > wide
    assert stack.place((2,)).contains(second)


def test_repairs_go_with_their_problem_and_scroll_with_their_row(qtbot: QtBot, stack: LayerStack) -> None:
    rows = rows_of((*DEEP, *BROKEN), (1, 28, 28), repairs=REPAIRS)
    stack.show_rows(rows)
    path = (len(DEEP) + 2,)
    assert stack.place(path).top() > stack.viewport().height()
    stack.set_chosen(path)
    assert stack.viewport().rect().contains(stack.button(path, "kernel").geometry())
    button = stack.button(path, "kernel")
    button.setFocus()
    stack.show_rows(ALEXNET)
    assert not button.isVisible()
    assert stack.hasFocus()
    with pytest.raises(KeyError):
        stack.button(path, "kernel")


def test_a_hint_stands_under_its_row_which_keeps_its_numbers(qtbot: QtBot, stack: LayerStack) -> None:
    plain = stack.place((2,)).height()
    stack.show_rows([replace(row, hint="Is it meant?", repairs=REPAIRS) if row.path == (2,) else row for row in ALEXNET])
    place, button = stack.place((2,)), stack.button((2,), "padding")
    assert place.height() > plain and place.contains(button.geometry())
    assert stack.sentence(stack.rows[3]).endswith(". Is it meant?")
    assert stack.sentence(stack.rows[3]).startswith(stack.sentence(ALEXNET[3]))
    heard = Heard(stack)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.all == [("repaired", (2,), "padding")]


# --- the keyboard


def test_arrows_choose_and_ends_hold(qtbot: QtBot, stack: LayerStack) -> None:
    heard = Heard(stack)
    press(qtbot, stack, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_Home)
    assert heard.all == [("chosen", (0,)), ("chosen", (1,)), ("chosen", (20,)), ("chosen", ())]


def test_the_chosen_row_is_scrolled_into_view(qtbot: QtBot, stack: LayerStack) -> None:
    stack.show_rows(rows_of(DEEP, (3, 32, 32)))
    press(qtbot, stack, Qt.Key.Key_End)
    assert stack.viewport().rect().contains(stack.place((149,)))
    press(qtbot, stack, Qt.Key.Key_PageUp)
    moved = stack.chosen_path
    assert (100,) < moved < (149,)
    stack.set_chosen((0,))
    assert stack.viewport().rect().contains(stack.place((0,)))


@pytest.mark.parametrize(
    ("key", "modifiers", "asked"),
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, ("edited", (3,))),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, ("toggled", (3,))),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, ("removed", (3,))),
        (Qt.Key.Key_D, CONTROL, ("duplicated", (3,))),
        (Qt.Key.Key_Up, ALT, ("moved", (3,), (2,))),
        (Qt.Key.Key_Down, ALT, ("moved", (3,), (5,))),
        (Qt.Key.Key_Insert, Qt.KeyboardModifier.NoModifier, ("insertion_asked", (4,))),
    ],
)
def test_keys_ask_for_what_can_be_done_with_a_layer(
    qtbot: QtBot, stack: LayerStack, key: Qt.Key, modifiers: Qt.KeyboardModifier, asked: tuple[object, ...]
) -> None:
    stack.set_chosen((3,))
    heard = Heard(stack)
    press(qtbot, stack, key, modifiers=modifiers)
    assert heard.all == [asked]


def test_nothing_can_be_done_with_the_input_but_add_below_it(qtbot: QtBot, stack: LayerStack) -> None:
    heard = Heard(stack)
    press(qtbot, stack, Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_Return)
    press(qtbot, stack, Qt.Key.Key_Down, modifiers=ALT)
    press(qtbot, stack, Qt.Key.Key_D, modifiers=CONTROL)
    assert heard.all == []
    press(qtbot, stack, Qt.Key.Key_Insert)
    assert heard.all == [("insertion_asked", (0,))]


def test_what_is_looked_at_stays_in_view_where_the_room_gets_less(stack: LayerStack) -> None:
    stack.show_rows(rows_of(ALEXNET_ONE_TOWER, (3, 224, 224)))
    stack.resize(stack.width(), 14 * ROW_PX)
    stack.verticalScrollBar().setValue(0)
    stack.set_chosen((10,))
    stack.resize(stack.width(), 8 * ROW_PX)
    assert stack.viewport().rect().contains(stack.place((10,)))


def test_an_empty_network_asks_for_its_first_layer(qtbot: QtBot, stack: LayerStack) -> None:
    stack.show_rows(())
    heard = Heard(stack)
    press(qtbot, stack, Qt.Key.Key_Down, Qt.Key.Key_Delete)
    stack.ask_for_layer()
    assert heard.all == [("insertion_asked", (0,))]


def test_left_and_right_fold_and_go_out_and_in(qtbot: QtBot, stack: LayerStack) -> None:
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32), folded={(2,)}))
    stack.set_chosen((1, "layers", 0, "main", 1))
    heard = Heard(stack)
    press(qtbot, stack, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert heard.all == [("chosen", (1, "layers", 0)), ("folded", (1, "layers", 0))]
    stack.set_chosen((2,))
    press(qtbot, stack, Qt.Key.Key_Right)
    assert heard.all[2:] == [("folded", (2,))]
    stack.set_chosen((1,))
    press(qtbot, stack, Qt.Key.Key_Right)
    assert heard.all[3:] == [("chosen", (1, "layers", 0))]


def test_the_keyboard_goes_over_headings_without_choosing_them_and_adds_into_their_branch(
    qtbot: QtBot, stack: LayerStack
) -> None:
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32)))
    stack.set_chosen((1, "layers", 0, "main", 4))
    heard = Heard(stack)
    press(qtbot, stack, Qt.Key.Key_Down)
    assert stack.current_path == (1, "layers", 0, "shortcut")
    assert stack.chosen_path == (1, "layers", 0, "main", 4)
    assert stack.accessibleDescription() == "shortcut: hands its input on"
    press(qtbot, stack, Qt.Key.Key_Delete, Qt.Key.Key_Insert, Qt.Key.Key_Down)
    assert heard.all == [("insertion_asked", (1, "layers", 0, "shortcut", 0)), ("chosen", (1, "layers", 1))]


def test_letters_go_to_the_next_layer_that_begins_with_them(
    qtbot: QtBot, stack: LayerStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("gui.widgets.stack.layer_stack.time.monotonic", lambda: clock[0])
    qtbot.keyClicks(stack, "lin")
    assert stack.chosen_path == (15,)
    clock[0] += 5
    qtbot.keyClicks(stack, "conv2d 2")
    assert _row(stack, stack.chosen_path).text == "Conv2d 256, 3"
    first = stack.chosen_path
    clock[0] += 5
    qtbot.keyClicks(stack, "c")
    assert stack.chosen_path > first
    clock[0] += 5
    before = stack.chosen_path
    qtbot.keyClicks(stack, "q")
    assert stack.chosen_path == before


def _row(stack: LayerStack, path: Path) -> StackRow:
    return next(row for row in stack.rows if row.path == path)


def test_its_keys_are_not_taken_by_the_windows_shortcuts(stack: LayerStack) -> None:
    def overrides(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, text: str = "") -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)
        event.ignore()
        QApplication.sendEvent(stack, event)
        return event.isAccepted()

    assert overrides(Qt.Key.Key_Space, text=" ")
    assert overrides(Qt.Key.Key_D, CONTROL)
    assert overrides(Qt.Key.Key_Up, ALT)
    assert overrides(Qt.Key.Key_T, text="t")
    assert not overrides(Qt.Key.Key_Z, CONTROL)
    assert not overrides(Qt.Key.Key_1, CONTROL)


# --- the hand


def test_a_click_chooses_a_double_click_edits_and_an_arrow_folds(qtbot: QtBot, stack: LayerStack) -> None:
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32), folded={(2,)}))
    heard = Heard(stack)
    qtbot.mouseClick(stack.viewport(), Qt.MouseButton.LeftButton, pos=stack.place((0,)).center())
    qtbot.mouseClick(stack.viewport(), Qt.MouseButton.LeftButton, pos=stack.place((2,)).topLeft() + QPoint(SIDE_PX + 5, 14))
    qtbot.mouseDClick(stack.viewport(), Qt.MouseButton.LeftButton, pos=stack.place((0,)).center())
    assert heard.all == [("chosen", (0,)), ("folded", (2,)), ("edited", (0,))]


def test_the_hand_says_what_it_points_at(qtbot: QtBot, stack: LayerStack) -> None:
    said: list[object] = []
    stack.pointed.connect(said.append)
    mouse(stack, QEvent.Type.MouseMove, stack.place((2,)).center(), held=False)
    mouse(stack, QEvent.Type.MouseMove, stack.place((2,)).center() + QPoint(5, 0), held=False)
    QApplication.sendEvent(stack.viewport(), QEvent(QEvent.Type.Leave))
    assert said == [(2,), None]


def test_a_layer_is_dragged_to_another_place(stack: LayerStack) -> None:
    heard = Heard(stack)
    drag(stack, (0,), below(stack, (2,)))
    assert heard.all == [("chosen", (0,)), ("moved", (0,), (3,))]
    drag(stack, (5,), below(stack, ()))
    assert heard.all[-1] == ("moved", (5,), (0,))


def test_a_layer_dropped_where_it_was_stays(stack: LayerStack) -> None:
    heard = Heard(stack)
    drag(stack, (3,), below(stack, (3,)))
    drag(stack, (3,), below(stack, (2,)))
    assert heard.all == [("chosen", (3,))]


def test_how_far_right_the_hand_is_says_how_deep_a_layer_goes(stack: LayerStack) -> None:
    stack.resize(600, 1100)
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32)))
    heard = Heard(stack)
    drag(stack, (0,), below(stack, (2, "branches", 1, 1), 0))
    drag(stack, (0,), below(stack, (2, "branches", 1, 1), 1))
    drag(stack, (0,), below(stack, (1, "layers", 0, "shortcut"), 5))
    moves = [each for each in heard.all if each[0] == "moved"]
    assert moves == [
        ("moved", (0,), (3,)),
        ("moved", (0,), (2, "branches", 1, 2)),
        ("moved", (0,), (1, "layers", 0, "shortcut", 0)),
    ]


def test_a_composite_cannot_be_dropped_into_itself(stack: LayerStack) -> None:
    stack.resize(600, 1100)
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32)))
    heard = Heard(stack)
    drag(stack, (1,), below(stack, (1, "layers", 0, "main", 2), 2))
    assert [each for each in heard.all if each[0] == "moved"] == []


def test_escape_lets_go_of_a_dragged_layer(qtbot: QtBot, stack: LayerStack) -> None:
    heard = Heard(stack)
    drag(stack, (0,), below(stack, (4,)), drop=False)
    assert stack.slot == (5,)
    press(qtbot, stack, Qt.Key.Key_Escape)
    assert stack.slot is None
    mouse(stack, QEvent.Type.MouseButtonRelease, below(stack, (4,)), held=False)
    assert heard.all == [("chosen", (0,))]


def test_rows_that_change_under_a_drag_end_it_where_the_layer_is_gone(stack: LayerStack) -> None:
    drag(stack, (18,), below(stack, (4,)), drop=False)
    assert stack.slot == (5,)
    stack.show_rows(ALEXNET[:6])
    assert stack.slot is None
    stack.grab()


def test_near_the_edge_a_drag_scrolls(qtbot: QtBot, stack: LayerStack) -> None:
    stack.show_rows(rows_of(DEEP, (3, 32, 32)))
    stack.resize(600, 300)
    drag(stack, (0,), QPoint(60, stack.viewport().height() - 3), drop=False)
    qtbot.waitUntil(lambda: stack.verticalScrollBar().value() > 3 * ROW_PX)
    assert stack.slot is not None
    assert stack.slot > (10,)
    press(qtbot, stack, Qt.Key.Key_Escape)


# --- what stays


def test_the_chosen_layer_and_the_scroll_stay_while_numbers_change(stack: LayerStack) -> None:
    stack.show_rows(rows_of(DEEP, (3, 32, 32)))
    stack.set_chosen((90,))
    before = stack.verticalScrollBar().value()
    assert before > 0
    stack.show_rows(rows_of(DEEP, (3, 48, 48)))
    assert stack.chosen_path == (90,)
    assert stack.current_path == (90,)
    assert stack.verticalScrollBar().value() == before


def test_a_chosen_layer_that_is_gone_leaves_the_keyboard_near_it(qtbot: QtBot, stack: LayerStack) -> None:
    stack.set_chosen((20,))
    stack.show_rows(ALEXNET[:4])
    assert stack.current_path == (2,)
    heard = Heard(stack)
    press(qtbot, stack, Qt.Key.Key_Up)
    assert heard.all == [("chosen", (1,))]


# --- the menu


def test_a_rows_menu_offers_what_the_keys_do_and_the_labs_own(stack: LayerStack) -> None:
    own = QAction("Copy layer", stack)
    stack.addAction(own)
    heard = Heard(stack)
    menu = stack.menu((3,))
    assert own in menu.actions()
    for key in ("edit", "insert", "duplicate", "toggle", "up", "down", "remove"):
        menu.actions_by_key[key].trigger()
    assert heard.all == [
        ("edited", (3,)),
        ("insertion_asked", (4,)),
        ("duplicated", (3,)),
        ("toggled", (3,)),
        ("moved", (3,), (2,)),
        ("moved", (3,), (5,)),
        ("removed", (3,)),
    ]
    assert set(stack.menu(()).actions_by_key) == {"insert", "copy", "save"}


def test_composites_fold_from_the_menu_one_or_all(stack: LayerStack) -> None:
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32), folded={(2,)}))
    heard = Heard(stack)
    menu = stack.menu((2,))
    assert menu.actions_by_key["fold"].text().startswith("Unfold")
    for key in ("fold", "fold_all", "unfold_all"):
        menu.actions_by_key[key].trigger()
    assert heard.all == [("folded", (2,)), ("all_folded", True), ("all_folded", False)]


def test_the_menu_key_and_the_right_button_open_the_menu_of_their_row(
    stack: LayerStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    made = LayerStack.menu
    monkeypatch.setattr(LayerStack, "menu", lambda self, path: opened.append(path) or made(self, path))  # type: ignore[func-returns-value]
    stack.set_chosen((7,))
    for reason, point in (
        (QContextMenuEvent.Reason.Keyboard, QPoint(5, 5)),
        (QContextMenuEvent.Reason.Mouse, stack.place((2,)).center()),
    ):
        QApplication.sendEvent(stack.viewport(), QContextMenuEvent(reason, point, stack.viewport().mapToGlobal(point)))
        popup = QApplication.activePopupWidget()
        assert popup is not None
        popup.close()
    assert opened == [(7,), (2,)]
    assert stack.chosen_path == (2,)


# --- words, colours, the drawing


class Shouting(QTranslator):
    """A language in which all is said loud."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:  # type: ignore[override]
        return re.sub(r"(\{.*?\})|([^{]+)", lambda found: found[1] or found[2].upper(), text)


def test_words_and_places_follow_the_language(stack: LayerStack) -> None:
    stack.show_rows(rows_of(BRANCHED, (3, 32, 32)))
    shown = stack.header.columns
    loud = Shouting()
    QApplication.installTranslator(loud)
    QApplication.processEvents()
    try:
        assert stack.header.titles["parameters"] == "PARAMETERS"
        assert stack.header.columns != shown  # the names are wider
        assert stack.menu((0,)).actions_by_key["remove"].text().startswith("DELETE")
    finally:
        QApplication.removeTranslator(loud)
    heading = next(row for row in stack.rows if row.heading)
    assert stack.sentence(heading) == "main path"
    set_language("ko")
    QApplication.processEvents()
    assert stack.sentence(heading) == "주 경로"


def test_it_is_painted_anew_in_the_other_colours(stack: LayerStack) -> None:
    light = stack.viewport().grab().toImage()
    theme.apply("dark")
    dark = stack.viewport().grab().toImage()
    assert light.pixel(40, 40) != dark.pixel(40, 40)


def test_the_drawing_holds_all_rows_also_those_out_of_view(stack: LayerStack) -> None:
    stack.resize(600, 200)
    root = ElementTree.fromstring(stack.drawing().svg())
    texts = [text.strip() for element in root.iter() if (text := "".join(element.itertext())) and element.tag.endswith("text")]
    for expected in ("AlexNet", "Conv2d 64, 11", "64 × 55 × 55", "37,752,832", "Linear 1000", "61,100,840 parameters"):
        assert expected in texts
    assert texts.count("ReLU") == 7


def test_the_drawing_is_written_as_svg_and_png(
    stack: LayerStack, tmp_path: FilePath, save_as: Callable[[FilePath], list[str]]
) -> None:
    for name in ("net", "net.png"):
        save_as(tmp_path / name)
        stack.save_dialog()
    assert ElementTree.parse(tmp_path / "net.svg").getroot().tag.endswith("svg")
    image, size = QImage(str(tmp_path / "net.png")), stack.drawing().size()
    assert (image.width(), image.height()) == (2 * size.width(), 2 * size.height())
    assert size.height() > len(ALEXNET) * ROW_PX


def test_the_drawing_shows_a_problem_and_goes_to_the_clipboard(stack: LayerStack) -> None:
    stack.show_rows(rows_of(BROKEN, (1, 28, 28), repairs=REPAIRS))
    text = "".join(ElementTree.fromstring(stack.drawing().svg()).itertext())
    assert "The filter, 9×9" in text
    assert "Set padding" not in text
    stack.copy_drawing()
    assert QGuiApplication.clipboard().image().height() == 2 * stack.drawing().size().height()


def test_a_drawing_that_cannot_be_written_is_said_in_words(
    stack: LayerStack, tmp_path: FilePath, save_as: Callable[[FilePath], list[str]], said: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    save_as(tmp_path / "file" / "net.svg")
    stack.save_dialog()
    assert len(said) == 1
    assert "net.svg" in said[0]
