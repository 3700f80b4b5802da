"""A lab that tests share is lent again only where it is what it was when it was new."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.lab.base import Lab, Services
from tests.gui.lent_labs import Lender


class SignState(msgspec.Struct, frozen=True):
    text: str = "new"


class SignLab(Lab):
    """Shows its state, and below it a line that is no part of it."""

    name = "sign"
    state_type = SignState

    def __init__(self) -> None:
        super().__init__(Services(runs_folder=Path("nowhere")))
        self._state = SignState()
        self.sign, self.line = QLabel(self._state.text, self), QLabel("", self)
        self.sign.setGeometry(0, 0, 90, 20)
        self.line.setGeometry(0, 20, 90, 20)
        self.closed = False
        self.remember(self._state)
        self.resize(90, 40)
        self.show()

    def state(self) -> SignState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, SignState)
        self._state = state
        self.sign.setText(state.text)

    def busy(self) -> bool:
        return False

    def close_lab(self, deadline_s: float) -> None:
        self.closed = True


def test_what_a_state_brings_back_is_lent_again(qtbot: QtBot, lender: Lender) -> None:
    lab = lender.lend(qtbot, "sign", SignLab)
    assert lab.isVisible() and lab.isActiveWindow() and not lab.can_undo
    lab.step_to(SignState("changed"))
    lab.resize(200, 100)
    assert lab.can_undo
    lender.take_back(failed=False)
    assert not lab.isVisible()
    assert lender.lend(qtbot, "sign", SignLab) is lab
    assert (lab.state().text, lab.width(), lab.can_undo) == ("new", 90, False)
    assert lab.isVisible() and lab.isActiveWindow()


@pytest.mark.parametrize("how", ["it looks otherwise", "its test failed"])
def test_what_does_not_come_back_is_closed_and_another_one_opened(qtbot: QtBot, lender: Lender, how: str) -> None:
    lab = lender.lend(qtbot, "sign", SignLab)
    if how == "it looks otherwise":
        lab.line.setText("left by a test")
    lender.take_back(failed=how == "its test failed")
    other = lender.lend(qtbot, "sign", SignLab)
    assert other is not lab and lab.closed and not other.closed
    assert other.line.text() == ""


def test_a_thread_that_outlives_its_lab_is_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.gui.lent_labs.GIVE_UP_S", 0.01)
    end = threading.Event()
    thread = threading.Thread(target=end.wait, daemon=True)
    thread.start()
    lender = Lender()
    lender.threads.append(thread)
    with pytest.raises(AssertionError, match="threads left behind"):
        lender.close()
    end.set()
    thread.join()
