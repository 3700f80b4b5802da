"""Pages in one place: a hidden one takes no time."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.page_stack import PageStack


class _Asked(QLabel):
    """A text that counts how often it is asked for its height."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.times = 0

    def heightForWidth(self, width: int) -> int:
        self.times += 1
        return super().heightForWidth(width)


def test_a_hidden_page_is_not_asked_for_its_height_when_its_place_changes(qtbot: QtBot) -> None:
    shown, hidden, above = _Asked("shown " * 40), _Asked("hidden " * 40), QLabel("0")
    above.setWordWrap(True)
    whole, stack = QWidget(), PageStack()
    qtbot.addWidget(whole)
    column = QVBoxLayout(whole)
    column.addWidget(above)
    column.addWidget(stack, 1)
    for text in (shown, hidden):
        page = QWidget()
        QVBoxLayout(page).addWidget(text)
        stack.addWidget(page)
    whole.resize(300, 400)
    with qtbot.waitExposed(whole):
        whole.show()
    qtbot.waitUntil(lambda: shown.times > 0)  # its own page asks for its height
    hidden.times = 0
    for width in (340, 380, 420):
        whole.resize(width, 400)
        qtbot.waitUntil(lambda width=width: shown.width() > width - 60)
        above.setText(above.text() + " more" * 40)
        qtbot.waitUntil(lambda: above.height() >= above.heightForWidth(above.width()))
    assert hidden.times == 0
