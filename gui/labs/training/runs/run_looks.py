"""The looks of the curves that lie over each other: four colours, in four kinds of dashes, so that no two are told by colour
alone.

Called by the table of runs, the overlay and its legend.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from gui.plots.numbers.curve_data import PATTERNS
from gui.shell.theme import theme

COLOURS = 4
SWATCH = QSize(24, 12)


def colour_of(look: int) -> int:
    return look % COLOURS


def dash_of(look: int) -> int:
    return look // COLOURS % len(PATTERNS)


def look_pen(look: int, width: float = 2.0) -> QPen:
    """The pen of a look where it stands alone: in a table, in a menu."""
    pen = QPen(theme().curves[colour_of(look)], width)
    if dash_of(look):
        pen.setDashPattern([part / width * 1.5 for part in PATTERNS[dash_of(look)]])
    return pen


def swatch(look: int | None) -> QPixmap:
    """A short piece of the line; as much room where there is none."""
    picture = QPixmap(SWATCH * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    if look is None:
        return picture
    painter = QPainter(picture)
    painter.setPen(look_pen(look))
    middle = SWATCH.height() // 2
    painter.drawLine(0, middle, SWATCH.width(), middle)
    painter.end()
    return picture
