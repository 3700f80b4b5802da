"""The small texts and lines of a panel, in the roles of the style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from engine.words import printable
from gui.shell.theme import theme


def label(role: str, *, wraps: bool = False, rich: bool = False) -> QLabel:
    """An empty label with a role: title, muted, small, ... Only a `rich` one may hold HTML, which is the program's own: no name
    and no text from a file."""
    made = QLabel()
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    if rich:
        made.setProperty("rich", True)
    return made


def fill_ground(shown: QWidget) -> None:
    """Begin to paint a widget on a card that changes all the time, with the ground of the card: nothing below the widget is
    painted again each time, which takes three times as long."""
    QPainter(shown).fillRect(shown.rect(), theme().panel)
    shown.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # each time: the style takes it back


class FilledLabel(QLabel):
    """A label on a card whose text changes all the time."""

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_ground(self)
        super().paintEvent(event)


def literal(name: str) -> str:
    """A name from a file as the text of a button or an entry of a menu, where an & would mark a key."""
    return printable(name).replace("&", "&&")


def separator() -> QFrame:
    """A line between two parts of a panel."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def set_text(shown: QLabel, text: str) -> None:
    """Set a text only if it is new: a label lays itself out again for every text."""
    if shown.text() != text:
        shown.setText(text)


def shortened(name: str, most: int = 28) -> str:
    """A name of at most `most` letters: a longer one loses its middle, where names of runs are most alike."""
    if len(name) <= most:
        return name
    end = most // 3
    return f"{name[: most - end - 1]}…{name[-end:]}"


def wrapped(text: str, measure: QFontMetricsF, room: float) -> list[str]:
    """A text in lines of at most `room` pixels. A longer word has a line of its own."""
    lines = list[str]()
    for word in text.split(" "):
        if lines and measure.horizontalAdvance(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
