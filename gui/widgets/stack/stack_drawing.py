"""A stack as a drawing, in SVG or as a picture. Called by `gui.widgets.stack.layer_stack`."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine.networks.trace import Path
from gui.shell.theme import theme
from gui.widgets.pictures.picture_files import png_of
from gui.widgets.stack.stack_painting import (
    HEADER_PX,
    SIDE_PX,
    Arrangement,
    Columns,
    RowLook,
    columns,
    longest_share,
    paint_header,
    paint_row,
    row_height,
    write_line,
)
from gui.widgets.stack.stack_rows import Measure, StackRow

EXPORT_PX, EXPORT_MARGIN, EXPORT_SCALE = 760, 16, 2


@dataclass(frozen=True)
class StackDrawing:
    """A stack as a drawing: all rows, folded as they are in the window. `totals` is a line below them."""

    title: str
    rows: tuple[StackRow, ...]
    measure: Measure
    titles: dict[str, str]
    names: dict[Path, str]
    totals: str = ""

    def size(self) -> QSize:
        inner, arrow = EXPORT_PX - 2 * EXPORT_MARGIN, self._columns().arrow
        height = sum(row_height(row, inner, arrow) for row in self.rows)
        return QSize(EXPORT_PX, height + 2 * EXPORT_MARGIN + 32 + HEADER_PX + (34 if self.totals else 0))

    def _columns(self) -> Columns:
        return columns(self.rows, EXPORT_PX - 2 * EXPORT_MARGIN, self.measure, self.titles)

    def paint(self, painter: QPainter) -> None:
        size, now = self.size(), theme()
        inner = size.width() - 2 * EXPORT_MARGIN
        painter.fillRect(QRect(0, 0, size.width(), size.height()), now.panel)
        painter.translate(EXPORT_MARGIN, EXPORT_MARGIN)
        painter.setPen(now.text)
        write_line(painter, self.title, QRect(SIDE_PX, 0, inner, 24), 15, bold=True)
        shown = self._columns()
        paint_header(painter, QRect(0, 32, inner, HEADER_PX), self.titles, shown, self.measure)
        arrangement = Arrangement(shown, self.measure, longest_share(self.rows), self.names)
        top = 32 + HEADER_PX
        for row in self.rows:
            height = row_height(row, inner, shown.arrow)
            paint_row(painter, row, QRect(0, top, inner, height), arrangement, RowLook())
            top += height
        if self.totals:
            painter.setPen(now.text)
            write_line(painter, self.totals, QRect(SIDE_PX + shown.arrow, top + 6, inner, 24), 13, bold=True)

    def svg(self) -> bytes:
        size, content = self.size(), QByteArray()
        buffer = QBuffer(content)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(size)
        generator.setViewBox(QRect(0, 0, size.width(), size.height()))
        generator.setTitle(self.title)
        painter = QPainter(generator)
        self.paint(painter)
        painter.end()
        return bytes(content.data())

    def picture(self) -> QImage:
        """The drawing at twice the resolution of the screen."""
        image = QImage(self.size() * EXPORT_SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(EXPORT_SCALE)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
        painter.end()
        return image

    def png(self) -> bytes:
        return png_of(self.picture())
