"""A plot as a file: a picture (PNG), a drawing (SVG), a table (CSV). Written whole or not at all.

Called by the curve card's export menu.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine.files import replace_file
from gui.shell.theme import font, theme

if TYPE_CHECKING:
    from gui.widgets.curve_card import CurveCard
    from gui.widgets.plots import CurvePlot

SUFFIXES = ("png", "svg", "csv")
SCALE = 2  # pixels of the picture for one of the screen
MARGIN = 12
HEADER = 48  # title and legend


def save(card: CurveCard, path: Path) -> None:
    """Write the card's plot to `path`; its suffix says as what. Raises OSError, and ValueError for another
    suffix."""
    match path.suffix.lower():
        case ".png":
            content = _png(card)
        case ".svg":
            content = _svg(card)
        case ".csv":
            content = table(card.plot).encode()
        case other:
            raise ValueError(f"{other or path.name!r} is none of .png, .svg, .csv")
    replace_file(path, content)


def table(plot: CurvePlot) -> str:
    """All that was measured, not smoothed and not reduced: a row an iteration, a column a curve, empty where
    a curve has no value there."""
    columns = {key: series.raw for key, series in plot.series.items()}
    steps = np.unique(np.concatenate([curve.x for curve in columns.values()]))
    texts = [steps.astype(str)]
    for curve in columns.values():
        column = np.full(len(steps), "", dtype=object)
        column[np.searchsorted(steps, curve.x)] = [f"{value:.9g}" for value in curve.y.tolist()]  # float32 to the bit
        texts.append(column)
    rows = zip(*(text.tolist() for text in texts), strict=True)
    return "\n".join([",".join(("iteration", *columns)), *(",".join(row) for row in rows)]) + "\n"


def _size(card: CurveCard) -> QSize:
    return QSize(card.plot.width() + 2 * MARGIN, card.plot.height() + HEADER + 2 * MARGIN)


def _png(card: CurveCard) -> bytes:
    size = _size(card)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(card, painter, size)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _svg(card: CurveCard) -> bytes:
    size = _size(card)
    content = QByteArray()
    buffer = QBuffer(content)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(card.title)
    painter = QPainter(generator)
    _paint(card, painter, size)
    painter.end()
    return bytes(content.data())


def _paint(card: CurveCard, painter: QPainter, size: QSize) -> None:
    """Title, legend and plot, on the colour of the panel."""
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme().panel)
    painter.setFont(font(13))
    painter.setPen(theme().text)
    width = size.width() - 2 * MARGIN
    painter.drawText(QRectF(MARGIN, MARGIN, width, 20), Qt.AlignmentFlag.AlignLeft, card.title)
    card.legend.paint(painter, QRectF(MARGIN, MARGIN + 22, width, 20))
    painter.translate(MARGIN, MARGIN + HEADER)
    card.plot.paint(painter)
