"""Space does what it does in a lab also after a number was typed, and after a click on a card; a network's first layer leaves
the keyboard with the stack, a button that goes leaves it with the lab; Backspace corrects the number. All with real keys and
clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.fields import edited
from engine.layers.catalog import Softmax
from engine.layers.kinds.convolution import Conv2d
from engine.runs.status import State
from gui.lab.names import LABS
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.optimisers.optimisers_board import OptimisersBoard
from gui.labs.foundations.topic_board import TopicBoard, TopicPage
from gui.labs.network.lab import NetworkLab
from gui.labs.network.state import NetworkState
from gui.labs.training.lab import TrainingLab
from gui.main_window import MainWindow
from gui.running.page_groups import PageGroup
from gui.widgets.forms.kind_form import KindForm
from gui.widgets.forms.number_box import NumberBox
from tests.gui.labs.training.small_runs import small

Key = Qt.Key


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(tmp_path / "settings.json", chosen_language="en")
    qtbot.addWidget(made)
    made.resize(1440, 900)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def press(key: Qt.Key) -> None:
    """Press a key where the keyboard is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def enter(box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    press(Key.Key_Return)


def click_beside(box: NumberBox, text: str, card: QWidget) -> None:
    """Type a number and click on the card's edge instead of Enter."""
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(4, card.height() - 4))


def test_in_the_convolution_lab(window: MainWindow) -> None:
    lab = window.lab("convolution")
    assert isinstance(lab, ConvolutionLab)
    window.show_lab("convolution")
    box = lab.panel.form().linked("kernel_size").rows[0].box
    player = lab.scene_card.player
    enter(box, "5")
    assert lab.state().layer.kernel == (5, 5) and not box.hasFocus()
    press(Key.Key_Space)
    assert player.playing
    press(Key.Key_Space)
    assert not player.playing
    click_beside(box, "3", lab.panel)
    assert lab.state().layer.kernel == (3, 3) and not box.hasFocus()
    press(Key.Key_Space)
    assert player.playing
    press(Key.Key_Space)
    box.setFocus()  # visited, and nothing typed
    press(Key.Key_Space)
    assert player.playing and box.text() == "3"
    player.stop()


def test_in_the_network_lab(window: MainWindow) -> None:
    lab = window.lab("network")
    assert isinstance(lab, NetworkLab)
    window.show_lab("network")
    layers = (Conv2d(out_channels=4, kernel_size=3),)
    lab.set_state(NetworkState(input=(3, 8, 8), layers=layers, chosen=(0,), page="layer"))
    form = lab.layer_card.form
    assert isinstance(form, KindForm)
    box = form.number("out_channels").box
    enter(box, "7")
    assert lab.state().layers == (Conv2d(out_channels=7, kernel_size=3),) and not box.hasFocus()
    press(Key.Key_Space)
    assert lab.state().disabled == ((0,),)
    press(Key.Key_Space)
    click_beside(form.number("out_channels").box, "9", lab.layer_card)
    assert lab.state().layers == (Conv2d(out_channels=9, kernel_size=3),)
    press(Key.Key_Space)
    assert lab.state().disabled == ((0,),)


def test_in_the_training_lab(qtbot: QtBot, window: MainWindow) -> None:
    lab = window.lab("training")
    assert isinstance(lab, TrainingLab)
    window.show_lab("training")
    pressed: list[str] = []
    for action in lab.actions():
        action.triggered.disconnect()
        action.triggered.connect(lambda _on=False, action=action: pressed.append(action.text()))
        action.setEnabled(True)
    box = lab.panel.training.number("lr").box
    enter(box, "0,01")
    assert lab.state().experiment.training.lr == 0.01 and lab.hasFocus()
    press(Key.Key_Space)
    assert pressed == ["Play or pause"]
    press(Key.Key_Right)
    assert pressed == ["Play or pause", "One iteration"]
    click_beside(box, "0.02", lab.run_bar)
    assert lab.state().experiment.training.lr == 0.02 and lab.hasFocus()
    press(Key.Key_Space)
    assert pressed[2:] == ["Play or pause"]
    box.setFocus()
    press(Key.Key_Space)
    assert pressed[3:] == ["Play or pause"] and box.text() == "0.02"
    enter(box, "0.03")
    press(Key.Key_Tab)  # goes on from the box
    focused = QApplication.focusWidget()
    assert focused is not None and focused is not box and lab.panel.isAncestorOf(focused)
    QTest.keyClick(focused, Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert box.hasFocus()


@pytest.mark.parametrize("way", ["palette", "preset"])
def test_the_first_layer_leaves_the_keyboard_with_the_stack(qtbot: QtBot, window: MainWindow, way: str) -> None:
    lab = window.lab("network")
    assert isinstance(lab, NetworkLab)
    window.show_lab("network")
    lab.set_state(NetworkState(input=(3, 8, 8), layers=()))
    card = lab.stack_card
    card.first.setFocus()
    if way == "palette":
        QTest.keyClick(card.first, Key.Key_Space)
        qtbot.waitUntil(card.palette_popup.isVisible)
        QTest.keyClicks(card.palette_popup.query, "relu")
        QTest.keyClick(card.palette_popup.query, Key.Key_Return)
    else:
        card.open_famous.setFocus()
        card._preset_chosen(next(iter(_filled(lab))))
    assert lab.state().layers
    qtbot.waitUntil(card.stack.hasFocus)


def _filled(lab: NetworkLab) -> list[object]:
    lab.stack_card._fill_menu()
    return list(lab.stack_card._actions.actions())


# --- Backspace after a number, which is the box's


def test_backspace_after_enter_corrects_the_number_and_leaves_the_run(qtbot: QtBot, window: MainWindow) -> None:
    lab = window.lab("training")
    assert isinstance(lab, TrainingLab)
    window.show_lab("training")
    lab.open_experiment(small(epochs=2_000))
    lab.step()
    qtbot.waitUntil(lambda: lab.worker.status().state is State.PAUSED)
    box = lab.panel.training.number("lr").box
    enter(box, "0.012")
    press(Key.Key_Backspace)
    assert box.hasFocus() and box.text() == "0.01"
    press(Key.Key_Backspace)
    QTest.keyClicks(box, "2")
    press(Key.Key_Return)
    assert lab.state().experiment.training.lr == 0.02 and lab.hasFocus()
    assert lab.worker.status().state is State.PAUSED and lab.control.experiment is not None
    press(Key.Key_Right)  # another key: from now on Backspace is the lab's again
    qtbot.waitUntil(lambda: lab.worker.status().step == 2)
    press(Key.Key_Backspace)
    assert lab.control.experiment is None


def test_backspace_after_enter_removes_no_layer(window: MainWindow) -> None:
    lab = window.lab("network")
    assert isinstance(lab, NetworkLab)
    window.show_lab("network")
    layers = (Conv2d(out_channels=4, kernel_size=3),)
    lab.set_state(NetworkState(input=(3, 8, 8), layers=layers, chosen=(0,), page="layer"))
    form = lab.layer_card.form
    assert isinstance(form, KindForm)
    box = form.number("out_channels").box
    enter(box, "17")
    press(Key.Key_Backspace)
    assert lab.state().layers == (Conv2d(out_channels=17, kernel_size=3),)
    press(Key.Key_2)
    press(Key.Key_Return)
    assert lab.state().layers == (Conv2d(out_channels=12, kernel_size=3),)
    press(Key.Key_Down)
    press(Key.Key_Backspace)
    assert lab.state().layers == ()


# --- a button that goes while it has the keyboard


def test_a_button_that_has_done_its_work_gives_the_keyboard_back(qtbot: QtBot, window: MainWindow) -> None:
    """Not to the list of presets, where Space and the arrows would choose another experiment."""
    lab = window.lab("training")
    assert isinstance(lab, TrainingLab)
    window.show_lab("training")
    lab.open_experiment(small(epochs=2))
    bar = lab.run_bar
    with qtbot.waitSignal(lab.run_ended):
        QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert lab.hasFocus() or bar.play.hasFocus()  # which is disabled while the run is saved, if only for an instant
    with qtbot.waitSignal(lab.run_ended):
        QTest.mouseClick(bar.other, Qt.MouseButton.LeftButton)  # is hidden meanwhile
    assert lab.hasFocus()
    lab.open_experiment(small(epochs=2_000))
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: lab.worker.status().step > 0)
    with qtbot.waitSignal(lab.run_ended):
        QTest.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    assert lab.hasFocus()
    QTest.mouseClick(bar.reset, Qt.MouseButton.LeftButton)
    assert lab.hasFocus() and lab.control.experiment is None


def test_a_repair_that_is_done_gives_the_keyboard_back(window: MainWindow) -> None:
    lab = window.lab("training")
    assert isinstance(lab, TrainingLab)
    window.show_lab("training")
    found = small()
    layers = (*found.network.layers, Softmax())
    lab.open_experiment(edited(found, network=edited(found.network, layers=layers)))
    QTest.mouseClick(lab.panel.repair, Qt.MouseButton.LeftButton)
    assert lab.panel.repair.isHidden() and lab.hasFocus()


def test_a_lab_that_a_button_leads_to_has_the_keyboard_itself(window: MainWindow) -> None:
    lab, network = window.lab("training"), window.lab("network")
    assert isinstance(lab, TrainingLab) and isinstance(network, NetworkLab)
    window.show_lab("training")
    QTest.mouseClick(lab.panel.edit_network, Qt.MouseButton.LeftButton)
    assert network.isVisible() and network.stack_card.stack.hasFocus()


# --- a tab that has been clicked


def click_tab(tab: QWidget) -> None:
    QTest.mouseClick(tab, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("board", "topic", "before"),
    [
        ("perceptron", "logistic", "unit"),
        ("gradient", "descent", "regression"),
        ("optimisers", "paths", "digits"),
        ("batches", "epoch", "speed"),
        ("backpropagation", "graph", "layers"),
    ],
)
def test_space_plays_after_a_click_on_a_topic(window: MainWindow, board: str, topic: str, before: str) -> None:
    window.show_lab("foundations")
    lab = window.lab("foundations")
    assert isinstance(lab, FoundationsLab)
    click_tab(lab.strip.button(board))
    assert lab.hasFocus()
    shown = lab.board
    assert isinstance(shown, TopicBoard)
    click_tab(shown.topics.button(before))
    click_tab(shown.topics.button(topic))
    assert shown.topic == topic and lab.hasFocus()
    step = lab.state()
    press(Key.Key_Space)
    assert lab.state() != step or _plays(shown.page)
    shown.board_left()
    tab = shown.topics.button(before)
    tab.setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_Space)
    assert shown.topic == before and tab.hasFocus(), "whoever reached a tab by keys goes on there"


def _plays(page: TopicPage) -> bool:
    timers = [each for each in page.findChildren(QTimer) if each.isActive() and not each.isSingleShot()]
    return bool(timers)


def test_a_click_on_a_page_of_results_leaves_space_to_the_run(window: MainWindow) -> None:
    lab = window.lab("training")
    assert isinstance(lab, TrainingLab)
    window.show_lab("training")
    lab.open_experiment(small(epochs=2_000))
    group = next(group for group in lab.findChildren(PageGroup) if len(group.offered) > 1)
    first, other = group.offered[:2]
    click_tab(group.choice.choice.button(other))
    assert group.shown == other and lab.hasFocus()
    tab = group.choice.choice.button(first)
    tab.setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_Space)
    assert group.shown == first and group.choice.choice.button(first).hasFocus()


def test_a_switch_of_an_optimizer_leaves_space_to_the_descent(window: MainWindow) -> None:
    window.show_lab("foundations")
    lab = window.lab("foundations")
    assert isinstance(lab, FoundationsLab)
    lab.show_board("optimisers")
    board = lab.board
    assert isinstance(board, OptimisersBoard)
    click_tab(board.toggles.button("rmsprop"))
    assert "rmsprop" in board.state.rules and lab.hasFocus()
    press(Key.Key_Space)
    assert "rmsprop" in board.state.rules and _plays(board.page)
    board.board_left()


def test_a_click_on_a_lab_in_the_list_gives_it_the_keyboard(window: MainWindow) -> None:
    window.show_lab("foundations")
    lab = window.lab("foundations")
    assert isinstance(lab, FoundationsLab)
    window.show_lab("training")
    labs = window._list
    place = labs.visualRect(labs.model().index(list(LABS).index("foundations"), 0)).center()
    QTest.mouseClick(labs.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lab.isVisible() and lab.hasFocus()
    labs.setFocus()
    QTest.keyClick(labs, Key.Key_Up)
    assert labs.hasFocus() and not lab.isVisible(), "the arrows go on through the list"
