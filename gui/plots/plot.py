"""What every plot is: a box of two axes in the look of the theme, with its name, its menu and its files.

Hides pyqtgraph's scene and what makes it cheap: limits set only when they change, axes kept as pictures, a
grid of our own, nothing of pyqtgraph's mouse and menus. The kinds of plots derive from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsSimpleTextItem,
    QGraphicsView,
    QMenu,
    QSizePolicy,
    QWidget,
)

from gui.plots.look import pen_of
from gui.plots.numbers.ranges import Range, Tick
from gui.plots.plot_axes import GridLines, PlotAxis
from gui.plots.save import SUFFIXES, FileHeader, content
from gui.shell import saving
from gui.shell.theme import Theme, font, restyle_when_seen, theme

if TYPE_CHECKING:
    Base = QGraphicsView
else:
    Base = pg.GraphicsView

LEFT, TOP, RIGHT, BOTTOM = 62.0, 8.0, 14.0, 38.0  # px around the box
TITLE_PX = 18.0


def _export_title() -> str:
    return QCoreApplication.translate("PlotFile", "Export the plot")


class KeptPicture(Protocol):
    """A part of a plot that Qt keeps a picture of."""

    def keep_picture(self, kept: bool) -> None: ...


class Plot(Base):
    """A box with a figure axis at the left and below. What it shows comes from the class that derives from it, which
    calls `set_limits` and puts items into `box`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=theme().panel)  # type: ignore[call-overload]
        self.margins = (LEFT, TOP, RIGHT, BOTTOM)
        self.export_name = "plot"
        self._box_area = QRectF()
        self._limits: tuple[Range, Range] | None = None
        self._scheme: Theme | None = None  # that it was last painted in
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 110)
        whole: Any = self.centralWidget  # type: ignore[attr-defined]
        whole.setLayout(None)  # everything has its place by `_lay_out`
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.box.setParentItem(whole)  # not in the constructor, where it would not notice the scene
        self.box.disableAutoRange()
        self.box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)  # its border is none, and costs a call a frame
        self.left, self.bottom = PlotAxis("left", whole), PlotAxis("bottom", whole)
        for axis in (self.left, self.bottom):
            axis.linkToView(self.box)
        self.title = QGraphicsSimpleTextItem(whole)
        self.title.setFont(font(11))
        self._ring = QGraphicsRectItem(whole)  # around the plot that has the focus
        self._ring.hide()
        self.grid = GridLines()
        self.add_item(self.grid)
        self._lay_out()
        restyle_when_seen(self, self.restyle)

    def add_item(self, item: QGraphicsItem) -> None:
        """Put `item` into the box; its coordinates are those of the axes."""
        self.box.addItem(item, ignoreBounds=True)

    def close(self) -> bool:
        return QGraphicsView.close(self)  # pyqtgraph's own takes the scene apart, and a hidden plot may be shown again

    def sizeHint(self) -> QSize:
        return QSize(360, 220)

    # --- places

    def _lay_out(self) -> None:
        left, top, right, bottom = self.margins
        if self.title.text():
            top += TITLE_PX
        width, height = max(self.width() - left - right, 1.0), max(self.height() - top - bottom, 1.0)
        self._ring.setRect(QRectF(self.rect()).adjusted(0, 0, -1, -1))
        self.left.setWidth(left)
        self.bottom.setHeight(bottom)
        self.left.place(QRectF(0, top, left, height))
        self.bottom.place(QRectF(left, top + height, width, bottom))
        self.place_box(QRectF(left, top, width, height))

    def place_box(self, area: QRectF) -> None:
        self.box.setGeometry(area)
        self._box_area = self.box.geometry()  # it is asked for often, and the box is slow to say

    @property
    def area(self) -> QRectF:
        """Where the box is, in pixels of the widget."""
        return QRectF(self._box_area)

    @property
    def limits(self) -> tuple[Range, Range]:
        """What the axes show: across, and up."""
        return self._limits or ((0.0, 1.0), (0.0, 1.0))

    @property
    def pixel(self) -> tuple[float, float]:
        """How much of either axis a pixel is."""
        area, (x, y) = self.area, self.limits
        return (x[1] - x[0]) / area.width(), (y[1] - y[0]) / area.height()

    def place_at(self, point: QPointF | QPoint) -> tuple[float, float]:
        """What is at a pixel of the widget."""
        area, (x, y), (across, up) = self.area, self.limits, self.pixel
        return x[0] + (point.x() - area.left()) * across, y[0] + (area.bottom() - point.y()) * up

    def point_of(self, x: float, y: float) -> QPointF:
        """The pixel of a place."""
        area, limits, (across, up) = self.area, self.limits, self.pixel
        return QPointF(area.left() + (x - limits[0][0]) / across, area.bottom() - (y - limits[1][0]) / up)

    def set_limits(self, x: Range, y: Range) -> bool:
        """Show that part. Whether it is another one than before."""
        if (x, y) == self._limits:
            return False
        self._limits = (x, y)
        self.box.setRange(xRange=x, yRange=y, padding=0, update=False, disableAutoRange=False)
        self.box.updateMatrix()  # now: as a part of a painting it would have everything painted once more
        return True

    def set_figures(self, across: Sequence[Tick], up: Sequence[Tick], *, grid_up: bool = False) -> None:
        """The figures of the axes; the grid follows those at the left, and with `grid_up` those below."""
        self.bottom.set_figures(across)
        self.left.set_figures(up)
        x, y = self.limits
        self.grid.show_lines(x, y, at_x=[at for at, _ in across] if grid_up else (), at_y=[at for at, _ in up])

    def set_axis_names(self, across: str, up: str) -> None:
        self.bottom.set_name(across)
        self.left.set_name(up)

    def set_title(self, title: str) -> None:
        """A line above the box; it is also what a screen reader calls the plot."""
        self.setAccessibleName(title)
        if title != self.title.text():
            self.title.setText(title)
            self._lay_out()

    def describe(self, text: str) -> None:
        """What a screen reader says of the plot: its latest values."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    # --- what the kinds of plots fill in

    def draw(self) -> None:
        """Bring the screen to what there is."""

    def columns(self) -> Mapping[str, Sequence[object]]:
        """The data as it came, for a table: every column under its heading. All are of one length."""
        return {}

    def fill_menu(self, menu: QMenu) -> None:
        """Put what this kind of plot can do into its menu."""

    def file_header(self) -> FileHeader | None:
        """What stands above the plot in a file."""
        return None

    def kept_pictures(self) -> Sequence[KeptPicture]:
        """The parts of the plot that are painted from pictures of them."""
        return self.left, self.bottom

    # --- look

    def restyle(self) -> None:
        """In the colours of the theme in force. What follows from these alone is done once for each scheme."""
        if self._scheme is not theme():
            self._scheme = theme()
            self.setBackground(theme().panel)  # type: ignore[attr-defined]
            self.title.setBrush(theme().muted)
            self._ring.setPen(pen_of(theme().accent))
            for part in (self.left, self.bottom, self.grid):
                part.restyle()
        self.draw()

    def retranslate(self) -> None:
        """In the words of the language in force."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if hasattr(self, "title"):  # pyqtgraph resizes in its constructor
            self._lay_out()
            self.draw()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.draw()

    def paint(self, painter: QPainter) -> None:
        """All of it as it is on the screen, without background, at the painter's origin: for a file."""
        lines = [item for item in self.box.childGroup.childItems() if isinstance(item, QGraphicsPathItem) and item.isVisible()]
        kept = self.kept_pictures()
        for part in kept:
            part.keep_picture(False)  # in a file, text stays text
        ring = self._ring.isVisible()
        for item in (*lines, self._ring):
            item.hide()
        whole = QRectF(0, 0, self.width(), self.height())
        self.scene().render(painter, whole, whole)
        for part in kept:
            part.keep_picture(True)
        for item in lines:
            item.show()
        self._ring.setVisible(ring)
        self._paint_lines(painter, lines)

    def _paint_lines(self, painter: QPainter, lines: Sequence[QGraphicsPathItem]) -> None:
        """In pixels: an SVG has six figures of a number only, and not every program scales lines as Qt does."""
        to_pixels = self.box.childTransform() * QTransform.fromTranslate(self.area.left(), self.area.top())
        painter.save()
        painter.setClipRect(self.area.adjusted(-4, -4, 4, 4))
        for item in sorted((item for item in lines if not item.path().isEmpty()), key=lambda item: item.zValue()):
            painter.setPen(item.pen())
            painter.setBrush(item.brush())
            painter.drawPath(to_pixels.map(item.path()))
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.box.updateMatrix()
        QGraphicsView.paintEvent(self, event)  # pyqtgraph's own asks every item through a signal first

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.setVisible(event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    # --- menu

    def menu(self) -> QMenu:
        """A menu in the language in force; whoever asks shows it."""
        menu = QMenu(self)
        self.fill_menu(menu)
        if self.columns():
            self.fill_export(menu.addMenu(self.tr("Export")))
        return menu

    def fill_export(self, menu: QMenu) -> None:
        """Put the kinds of files into a menu."""
        texts = {"png": self.tr("Picture (PNG)"), "svg": self.tr("Drawing (SVG)"), "csv": self.tr("Table (CSV)")}
        for suffix in SUFFIXES:
            menu.addAction(texts[suffix]).setData(suffix)
        menu.triggered.connect(self._export_chosen, Qt.ConnectionType.UniqueConnection)

    @Slot(QAction)
    def _export_chosen(self, action: QAction) -> None:
        self.ask_and_save(str(action.data()))

    def ask_and_save(self, suffix: str) -> bool:
        """Ask for a file of this kind and save the plot to it; says how it went. Returns whether it is written."""
        kinds = [f"{suffix.upper()} (*.{suffix})"]
        return saving.ask_and_save(self, _export_title(), self.export_name, kinds, partial(content, self))

    def save_to(self, path: Path) -> bool:
        """Save the plot to `path`, whose suffix is one of SUFFIXES; says how it went. Returns whether it is written."""
        return saving.save(self, _export_title(), path, partial(content, self))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse or by the menu key."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        menu = self.menu()
        if not menu.isEmpty():
            at = event.globalPos() if by_mouse else self.mapToGlobal(self.area.center().toPoint())
            menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)
        event.accept()

    # --- mouse and keys: pyqtgraph's own scene is asked nothing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.moved(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.wheeled(event):
            event.ignore()  # the page scrolls

    def leaveEvent(self, event: QEvent) -> None:
        self.left_alone()

    def keys(self) -> frozenset[int]:
        """Keys that this plot needs itself: with the focus here they are no shortcuts of the window."""
        return frozenset()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in self.keys():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.key(event):
            event.ignore()

    def pressed(self, event: QMouseEvent) -> None: ...

    def moved(self, event: QMouseEvent) -> None: ...

    def released(self, event: QMouseEvent) -> None: ...

    def double_clicked(self, event: QMouseEvent) -> None: ...

    def wheeled(self, event: QWheelEvent) -> bool:
        return False

    def left_alone(self) -> None: ...

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was for this plot."""
        return False
