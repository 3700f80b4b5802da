"""A plot as a file: a picture (PNG), a drawing (SVG), a table of its data (CSV). Written whole or not at all.

The drawing is made by Qt's own SVG generator, the table from the data as it came: pyqtgraph's exporters fail with
Qt 6.11. Called by the plots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui.shell.theme import font, theme

SUFFIXES = ("png", "svg", "csv")
SCALE = 2  # pixels of the picture for one of the screen
MARGIN = 12
TITLE_PX, LEGEND_PX = 24, 24


@dataclass(frozen=True)
class FileHeader:
    """What stands above a plot in a file: a title, and below it a legend that paints itself into an area."""

    title: str
    paint_legend: Callable[[QPainter, QRectF], None]


class FilePlot(Protocol):
    """What a plot says of itself for a file."""

    def accessibleName(self) -> str: ...

    def width(self) -> int: ...

    def height(self) -> int: ...

    def logicalDpiX(self) -> int: ...

    def file_header(self) -> FileHeader | None: ...

    def columns(self) -> Mapping[str, Sequence[object]]: ...

    def paint(self, painter: QPainter) -> None: ...


def content(plot: FilePlot, path: Path) -> bytes | str:
    """The content of a file of `plot`, by the suffix of `path`. Raises ValueError where that is none of SUFFIXES."""
    match path.suffix.lower():
        case ".png":
            return _png(plot)
        case ".svg":
            return _svg(plot)
        case ".csv":
            return table(plot.columns())
    raise ValueError(f"{path.name!r} is none of {', '.join(SUFFIXES)}")


def table(columns: Mapping[str, Sequence[object]]) -> str:
    """Columns of one length under their headings as comma-separated lines; None is an empty cell. Numbers of 32 bits read
    back to the bit."""
    rows = zip(*(map(_cell, column) for column in columns.values()), strict=True)
    return "\n".join([",".join(map(_cell, columns)), *(",".join(row) for row in rows)]) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.9g}"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n') else text


def _size(plot: FilePlot) -> QSize:
    header = TITLE_PX + LEGEND_PX if plot.file_header() is not None else 0
    return QSize(plot.width() + 2 * MARGIN, plot.height() + header + 2 * MARGIN)


def _png(plot: FilePlot) -> bytes:
    size = _size(plot)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(plot, painter, size)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _svg(plot: FilePlot) -> bytes:
    size = _size(plot)
    content = QByteArray()
    buffer = QBuffer(content)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(plot.logicalDpiX())  # the figures are pictures of the screen, and would be scaled to another
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(plot.accessibleName())
    painter = QPainter(generator)
    _paint(plot, painter, size)
    painter.end()
    return bytes(content.data())


def _paint(plot: FilePlot, painter: QPainter, size: QSize) -> None:
    """Title, legend and plot, on the colour of the panel."""
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme().panel)
    painter.translate(MARGIN, MARGIN)
    if (header := plot.file_header()) is not None:
        width = size.width() - 2 * MARGIN
        painter.setFont(font(13))
        painter.setPen(theme().text)
        painter.drawText(QRectF(0, 0, width, TITLE_PX - 4), Qt.AlignmentFlag.AlignLeft, header.title)
        header.paint_legend(painter, QRectF(0, TITLE_PX - 2, width, LEGEND_PX - 4))
        painter.translate(0, TITLE_PX + LEGEND_PX)
    plot.paint(painter)
