"""The pages of the lab: each is opened without a widget that moves, and the choice between them is always at one place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.layers.catalog import Conv2d
from gui.lab.base import Services
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.state import ConvolutionState
from gui.shell import language
from tests.patience import GIVE_UP_S

SWITCHES = 5_000
FEWEST_TICKS = 1_000  # of each timer
NAMES = ("maps", "why", "tensor")


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> Iterator[ConvolutionLab]:
    """Without torch: no pass is computed."""
    lab = ConvolutionLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab)
    lab.set_state(ConvolutionState(picture="digit", layer=Conv2d(out_channels=2, kernel_size=3)))
    lab.resize(1256, 804)
    lab.show()
    qtbot.waitUntil(lambda: not lab.busy())
    yield lab
    lab.close_lab(GIVE_UP_S)


@pytest.mark.parametrize("tongue", ["en", "ko"])
@pytest.mark.parametrize("size", [(1344, 836), (928, 636), (840, 526)])
def test_the_choice_is_at_one_place_on_every_page(
    qtbot: QtBot, lab: ConvolutionLab, tongue: language.Language, size: tuple[int, int]
) -> None:
    language.set_language(tongue)
    lab.resize(*size)
    names = NAMES if lab._small is False else ("scene", *NAMES)
    places = set()
    for name in names:
        lab.pages.chosen.emit(name)
        choice = lab.pages.choice
        qtbot.waitUntil(lambda choice=choice: not lab.busy() and not choice.size().isEmpty())
        qtbot.waitUntil(lambda choice=choice: choice.size() == choice.sizeHint())  # it is laid out
        corner = choice.mapTo(lab, choice.rect().topLeft())
        texts = tuple(choice.button(each).geometry().getRect() for each in names)
        places.add((corner.toTuple(), choice.size().toTuple(), texts))
        assert choice.isVisible() and choice.current == name
    assert len(places) == 1
    assert [name for name, choice in lab.pages._choices.items() if choice.isVisible()] == [names[-1]]


def parents(lab: ConvolutionLab) -> dict[QWidget, QObject]:
    return {each: each.parent() for each in lab.findChildren(QWidget)}


@pytest.mark.timeout(300)
def test_five_thousand_switches_with_timers_running_leave_every_object_alive_and_at_its_place(
    qtbot: QtBot, lab: ConvolutionLab
) -> None:
    lab.set_state(ConvolutionState(picture="course", layer=Conv2d(out_channels=1, kernel_size=1)))  # few numbers to write
    qtbot.waitUntil(lambda: not lab.busy())
    for name in NAMES:  # pages are made when they are first opened
        lab.pages.chosen.emit(name)
        qtbot.waitUntil(lambda: not lab.busy())
    ticks = [0, 0, 0]
    timers = []
    for number in range(len(ticks)):
        timer = QTimer(lab)
        timer.timeout.connect(lambda number=number: ticks.__setitem__(number, ticks[number] + 1))
        timer.start(0)
        timers.append(timer)
    lab.scene_card.player.toggle()
    lab.setUpdatesEnabled(False)  # to paint takes most of the time
    places = parents(lab)
    objects = [lab, *lab.findChildren(QTimer), *places]
    for number in range(SWITCHES):
        lab.pages.chosen.emit(NAMES[number % 3])
        QApplication.processEvents()
        if number < 2 * len(NAMES):
            assert parents(lab) == places
    assert lab._cards[NAMES[(SWITCHES - 1) % 3]].isVisible()
    assert min(ticks) >= FEWEST_TICKS and all(shiboken6.isValid(each) for each in objects)
    assert parents(lab) == places
