"""The menu of the graph, for the right button and the menu key: a node's value and gradient with all digits as a table, and the
graph as a picture.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QMenu

from engine.foundations.boards.backpropagation.graph_walk import sign_of
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.backpropagation.graph.graph_painting import paint_graph
from gui.labs.foundations.backpropagation.graph.graph_picture import GraphShown
from gui.labs.foundations.backpropagation.graph.graph_view import GraphView
from gui.shell import saving
from gui.shell.theme import theme
from gui.widgets.grids.number_table import NumberTable, copy_picture, open_table
from gui.widgets.grids.table_data import Table
from gui.widgets.labels import literal

PIXELS = 2  # of a saved picture for each of the screen


class GraphMenu(QMenu):
    """Belongs to one graph. `place` is the node that it is about: the one under the pointer, or that of the step."""

    def __init__(self, view: GraphView) -> None:
        super().__init__(view)
        self._view = view
        self.place = -1
        self.value, self.gradient, self.copy, self.save = (QAction(self) for _ in range(4))
        self.value.triggered.connect(self.open_value)
        self.gradient.triggered.connect(self.open_gradient)
        self.copy.triggered.connect(self._copy)
        self.save.triggered.connect(self._save)
        self.addActions([self.value, self.gradient])
        self.addSeparator()
        self.addActions([self.copy, self.save])
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._pop_up)
        self.retranslate()

    @Slot(QPoint)
    def _pop_up(self, point: QPoint) -> None:
        if self.prepare(point):
            self.popup(self._view.mapToGlobal(point))

    def prepare(self, point: QPoint) -> bool:
        """Find out which node the menu is about, and whether there is a graph."""
        shown = self._view.shown
        if shown is None:
            return False
        spot = self._view.spot_at(QPointF(point))
        self.place = spot.place if spot is not None else shown.step.node
        known = self.place >= 0
        for action in (self.value, self.gradient):
            action.setEnabled(known)
        self.retranslate()
        return True

    def _name(self) -> str:
        shown = self._view.shown
        if shown is None or self.place < 0:
            return ""
        node = shown.walk.formula.nodes[self.place]
        return sign_of(node) if node.operation is None else f"{sign_of(node)} ({self.place})"

    @Slot()
    def open_value(self) -> NumberTable | None:
        shown = self._view.shown
        return None if shown is None else self._open(shown.walk.values[self.place], self._name())

    @Slot()
    def open_gradient(self) -> NumberTable | None:
        shown = self._view.shown
        return None if shown is None else self._open(shown.walk.gradients[self.place], f"∂/∂{self._name()}")

    def _open(self, array: RealArray, title: str) -> NumberTable:
        rows = np.atleast_2d(array)
        return open_table(Table(title, rows, range(rows.shape[0]), range(rows.shape[1])), self._view)

    @Slot()
    def _copy(self) -> None:
        copy_picture(self._view)

    @Slot()
    def _save(self) -> None:
        shown = self._view.shown
        if shown is not None:
            kinds = ["PNG (*.png)", "SVG (*.svg)"]
            saving.ask_and_save(self._view, self.tr("Save the graph"), "graph", kinds, lambda path: graph_file(shown, path))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        name = literal(self._name())
        self.value.setText(self.tr("Numbers of {name}...").format(name=name))
        self.gradient.setText(self.tr("Gradient of {name}...").format(name=name))
        self.copy.setText(self.tr("Copy picture"))
        self.save.setText(self.tr("Save picture..."))


def graph_file(shown: GraphShown, path: Path) -> bytes:
    """The whole graph, as a drawing (SVG) or a picture, whatever of it is on the screen."""
    size = QSize(round(shown.layout.width), round(shown.layout.height))
    content = QByteArray()
    buffer = QBuffer(content)
    if path.suffix.lower() == ".svg":
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(size)
        generator.setViewBox(QRect(QPoint(), size))
        generator.setTitle(shown.walk.formula.text)
        painter = QPainter(generator)
        _paint_whole(painter, shown, size)
        painter.end()
        return bytes(content.data())
    image = QImage(size * PIXELS, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(PIXELS)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_whole(painter, shown, size)
    painter.end()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _paint_whole(painter: QPainter, shown: GraphShown, size: QSize) -> None:
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme().panel)
    paint_graph(painter, shown, node=None, wire=None, chosen=None)
