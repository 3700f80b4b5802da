"""The tour is offered once, leads through the real controls, goes on by itself and can be left at any time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.help.callout import BEAK_PX, beside
from gui.help.tour import Tour
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.foundations.boards import BOARDS
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.network.lab import NetworkLab
from gui.labs.sequence.lab import SequenceLab
from gui.labs.training.lab import TrainingLab
from gui.main_window import MainWindow
from gui.shell import theme
from gui.shell.language import set_language


def opened(qtbot: QtBot, home: Path) -> MainWindow:
    made = MainWindow(home / "settings.json", chosen_language="en")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot, own_home: Path) -> Iterator[MainWindow]:
    made = opened(qtbot, own_home)
    yield made
    made.close()


def begun(window: MainWindow) -> Tour:
    window.help.tour_action.trigger()
    window.help.tour.set_pause(0)
    return window.help.tour


def said(tour: Tour) -> str:
    return "" if tour.callout is None else tour.callout.text.text()


def pointed_at(tour: Tour) -> QRect:
    assert tour.callout is not None
    return tour.callout.ring.geometry()


def test_the_first_start_offers_it_without_asking_and_the_second_does_not(qtbot: QtBot, own_home: Path) -> None:
    first = opened(qtbot, own_home)
    assert first.help.offer is not None and first.help.offer.isVisible()
    assert QApplication.activeModalWidget() is None and first.help.offer.window() is first
    first._choose_language("ko")
    qtbot.waitUntil(lambda: first.help.offer is not None and "둘러보기" in first.help.offer.taken.text())
    first.close()
    second = opened(qtbot, own_home)
    assert second.help.offer is None
    second.close()


def test_the_offer_is_declined_for_good(qtbot: QtBot, window: MainWindow) -> None:
    assert window.help.offer is not None
    qtbot.mouseClick(window.help.offer.declined, Qt.MouseButton.LeftButton)
    assert window.help.offer is None and window.help.tour.stop is None


def test_a_whole_tour_done_by_hand(qtbot: QtBot, window: MainWindow) -> None:
    assert window.help.offer is not None
    window.show_lab("training")
    qtbot.mouseClick(window.help.offer.taken, Qt.MouseButton.LeftButton)
    tour = window.help.tour
    tour.set_pause(0)
    assert window.help.offer is None and window.current_lab == "convolution"

    conv = window.lab("convolution")
    assert isinstance(conv, ConvolutionLab) and tour.callout is not None
    row = conv.panel.form().linked("kernel_size").rows[0]
    qtbot.waitUntil(lambda: pointed_at(tour).contains(row.slider.mapTo(window, row.slider.rect().center())))
    assert "1 / 5" in tour.callout.count.text() and "filter size" in said(tour)
    row.slider.setValue(row.slider.value() + 2)

    qtbot.waitUntil(lambda: window.current_lab == "network")
    net = window.lab("network")
    assert isinstance(net, NetworkLab)
    assert "2 / 5" in tour.callout.count.text() and "Delete" in said(tour)
    flatten = next(number for number, layer in enumerate(net.state().layers) if type(layer).__name__ == "Flatten")
    net.stack_card.stack.setFocus()
    while net.state().chosen != (flatten,):
        QTest.keyClick(net.stack_card.stack, Qt.Key.Key_Down)
    QTest.keyClick(net.stack_card.stack, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "no longer fits" in said(tour))
    assert "2 / 5" in tour.callout.count.text()
    net.undo()

    qtbot.waitUntil(lambda: window.current_lab == "training")
    lab = window.lab("training")
    assert isinstance(lab, TrainingLab)
    qtbot.waitUntil(lambda: pointed_at(tour).contains(lab.run_bar.play.mapTo(window, lab.run_bar.play.rect().center())))
    qtbot.waitUntil(lab.run_bar.play.isEnabled)
    qtbot.mouseClick(lab.run_bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "the loss" in said(tour))
    assert "3 / 5" in tour.callout.count.text() and tour.callout.next.text() == "Skip"
    lab.stop()
    qtbot.waitUntil(lambda: not lab.run_in_progress())

    qtbot.waitUntil(lambda: window.current_lab == "sequence")
    sequence = window.lab("sequence")
    assert isinstance(sequence, SequenceLab)
    play = sequence.run_bar.play
    qtbot.waitUntil(lambda: pointed_at(tour).contains(play.mapTo(window, play.rect().center())))
    assert "4 / 5" in tour.callout.count.text() and "sequence" in said(tour)
    qtbot.waitUntil(play.isEnabled)
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "real gates" in said(tour))
    assert "4 / 5" in tour.callout.count.text() and tour.callout.next.text() == "Skip"
    maps = sequence.pages.gates.maps
    qtbot.waitUntil(lambda: maps.direction is not None)
    assert not tour.done
    tour.set_pause(3_600_000)
    QTest.keyClick(maps, Qt.Key.Key_Down)
    assert tour.done and "One step" in said(tour)
    assert sequence.pages.pages["one_step"].short_title() == "One step"
    set_language("ko")
    qtbot.waitUntil(lambda: "계산" in said(tour))
    assert sequence.pages.pages["one_step"].short_title() in said(tour)
    set_language("en")
    qtbot.mouseClick(tour.callout.next, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.current_lab == "foundations")
    boards = window.lab("foundations")
    assert isinstance(boards, FoundationsLab)
    qtbot.waitUntil(lambda: pointed_at(tour).contains(boards.strip.mapTo(window, boards.strip.rect().center())))
    assert "5 / 5" in tour.callout.count.text() and tour.callout.next.text() == "Finish"
    boards.strip.button(list(BOARDS)[5]).click()
    assert tour.done and "Where it is used" in said(tour)
    assert boards.panel.links.text() == "Where it is used"
    qtbot.mouseClick(tour.callout.next, Qt.MouseButton.LeftButton)
    assert tour.stop is None and tour.callout is None
    assert sequence.run_in_progress()  # the run goes on
    sequence.stop()
    qtbot.waitUntil(lambda: not sequence.run_in_progress())


def test_what_a_done_step_says_is_true_and_stays_a_while(qtbot: QtBot, window: MainWindow) -> None:
    tour = begun(window)
    tour.set_pause(3_600_000)
    conv = window.lab("convolution")
    assert isinstance(conv, ConvolutionLab) and tour.callout is not None
    conv.panel.form().linked("kernel_size").rows[0].slider.setValue(5)
    assert tour.done and "16" in said(tour) and tour.callout.next.text() == "Next"
    figures = {conv.answers.value(key).replace(" ", "") for key in ("output", "parameters")}
    assert all(figure in said(tour) for figure in figures), (figures, said(tour))
    qtbot.mouseClick(tour.callout.next, Qt.MouseButton.LeftButton)
    assert window.current_lab == "network"
    tour.end()


def test_escape_leaves_and_nothing_of_it_stays(qtbot: QtBot, window: MainWindow) -> None:
    tour = begun(window)
    before = window.lab("convolution").state()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert tour.stop is None and tour.callout is None
    assert window.lab("convolution").state() == before
    window.help.tour_action.trigger()  # and again
    assert tour.stop is not None and tour.callout is not None
    qtbot.mouseClick(tour.callout.leave, Qt.MouseButton.LeftButton)
    assert tour.stop is None


def test_it_points_at_the_control_of_the_kind_that_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    conv = window.lab("convolution")
    assert isinstance(conv, ConvolutionLab)
    tour = begun(window)
    for kind in ("ConvTranspose2d", "Conv2d"):
        conv.panel.kind.chosen.emit(kind)
        target = conv.panel.form(kind).linked("kernel_size")
        assert tour.callout is not None
        qtbot.waitUntil(lambda: not tour.callout._soon.isActive())  # type: ignore[union-attr]
        assert tour.callout.ring.isVisible()
        assert pointed_at(tour).contains(target.mapTo(window, target.rect().center()))
    assert not tour.done
    tour.end()


def test_it_blocks_nothing_and_takes_no_focus(qtbot: QtBot, window: MainWindow) -> None:
    conv = window.lab("convolution")
    assert isinstance(conv, ConvolutionLab)
    box = conv.panel.form().linked("kernel_size").rows[0].box
    window.activateWindow()
    box.setFocus()
    tour = begun(window)
    assert tour.callout is not None
    assert QApplication.focusWidget() is box and QApplication.activeModalWidget() is None
    qtbot.waitUntil(lambda: not tour.callout.isHidden())  # type: ignore[union-attr]
    assert not pointed_at(tour).intersects(tour.callout.geometry().adjusted(BEAK_PX, BEAK_PX, -BEAK_PX, -BEAK_PX))
    window.show_lab("training")  # something else may be done
    assert tour.callout.isHidden() and tour.stop is not None
    window.show_lab("convolution")
    qtbot.waitUntil(lambda: not tour.callout.isHidden())  # type: ignore[union-attr]
    tour.end()


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_the_callout_stands_in_the_window_at_every_stop(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    tour = begun(window)
    stops = 0
    while tour.stop is not None and tour.callout is not None:
        callout = tour.callout
        qtbot.waitUntil(lambda: not tour.callout.isHidden())  # type: ignore[union-attr]
        assert window.rect().contains(callout.geometry()), stops
        assert callout.text.heightForWidth(callout.text.width()) <= callout.text.height(), said(tour)
        stops += 1
        tour.go_on()
    assert stops == 7  # nothing was broken, so nothing had to be mended


def test_it_follows_language_and_theme(qtbot: QtBot, window: MainWindow) -> None:
    tour = begun(window)
    set_language("ko")
    qtbot.waitUntil(lambda: "필터 크기" in said(tour))
    theme.apply("dark")
    assert tour.callout is not None and tour.callout.leave.text() == "둘러보기 끝내기"
    assert "필터 크기" in tour.callout.accessibleName()
    tour.end()


@pytest.mark.parametrize(
    "target", [QRect(20, 300, 240, 30), QRect(700, 20, 300, 30), QRect(400, 660, 200, 30), QRect(10, 60, 1000, 600)]
)
def test_a_callout_is_beside_its_control_wherever_there_is_room(target: QRect) -> None:
    room, size = QRect(8, 8, 1008, 684), QSize(300, 140)
    place, tip = beside(target, size, room)
    assert room.contains(place)
    free = target != QRect(10, 60, 1000, 600)
    assert place.intersects(target.adjusted(1, 1, -1, -1)) != free
    assert not free or target.contains(tip)
