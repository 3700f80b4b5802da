"""A live plot of curves: what a run's losses and accuracies are drawn with.

Draws a `CurveData` and lets it be zoomed, moved and read. A frame costs as much as there are pixels, however long
the curves are: each is a path of two points a pixel, of pens one pixel wide. Called by the labs, through
`gui.plots.curve_card` as a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, log10
from time import monotonic

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPathItem, QMenu, QToolTip, QWidget

from engine.figures import full_count
from gui.plots.curve_items import CurveItems
from gui.plots.look import pen_of, segment, shape_path
from gui.plots.numbers.curve_data import CurveData, CurveMark, Entry, Kind
from gui.plots.numbers.ranges import Range, value_ticks
from gui.plots.numbers.view import SMOOTHINGS, CurveView, Unit
from gui.plots.plot import Plot
from gui.plots.save import FileHeader
from gui.shell.theme import theme

ZOOM = 1.25
MARK_PX = 16  # how far from a mark the mouse may be
MOST_TOLD = 5  # marks
TELL_S = 0.5  # what a screen reader says: more often, nobody can hear it
OVER, BEYOND = 0.02, 0.008  # of the axes: room for a dot on the edge
CHANCE_DASHES = (2.0, 4.0)


class Curves(Plot):
    """Curves over iterations, epochs or seconds. The wheel zooms at the pointer, dragging moves, a double click shows
    the whole run.

    With the focus: left and right move the cursor, + and - zoom, 0 shows the whole run, the menu key opens the menu.
    """

    cursor_moved = Signal(object)  # the iteration under the cursor, or None: by the user's hand
    cursor_placed = Signal(object)  # the same, also when `set_cursor` was called
    view_changed = Signal(object)  # a CurveView, by the user's hand

    def __init__(self, kind: Kind = "value", data: CurveData | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.data = data or CurveData(kind)
        self.export_name = "curves"
        self.header: Callable[[], FileHeader] | None = None  # what stands above the plot in a file
        self.line_name = ""  # of the thin line, where it is not that of pure chance
        self._value_name = ""
        self._told_at = 0.0
        self._items: dict[str, CurveItems] = {}
        self._window: Range | None = None  # in the unit that lies across; None: the whole run
        self._cursor: float | None = None
        self._rest: float | None = None  # where the cursor stands while nobody moves it
        self._grabbed: tuple[float, Range] | None = None  # where the mouse took hold
        self._chance, self._cursor_line, self._marks = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        for line, height in ((self._chance, -50), (self._cursor_line, 300), (self._marks, 250)):
            line.setZValue(height)
            line.hide()
            self.add_item(line)
        self.restyle()

    # --- data

    def add(self, key: str, colour: int, *, dashed: int = False, smoothed: bool = True) -> None:
        """Add an empty curve in the colour of that number; dashed for what is measured on data held back."""
        self.data.add(key, colour, dashed=dashed, smoothed=smoothed)

    def append(self, key: str, steps: object, values: object) -> None:
        """Put points at the end of a curve. Drawn at the next `draw`."""
        self.data.append(key, steps, values)  # type: ignore[arg-type]

    def clear(self) -> None:
        """Forget every point, and show the whole of what comes next."""
        self.data.clear()
        self._window = None
        self._rest = None
        self._move_cursor(None)
        self.draw()

    def set_names(self, names: dict[str, str], value_name: str) -> None:
        """What the curves and the values are called."""
        self.data.names, self._value_name = names, value_name
        self._name_axes()

    def columns(self) -> dict[str, list[object]]:
        """A row an iteration, a column a curve, empty where a curve has no measurement there."""
        found = self.data.columns()
        if not found:
            return {}
        steps = np.unique(np.concatenate([x for x, _ in found.values()]))
        table: dict[str, list[object]] = {"iteration": steps.tolist()}
        for key, (x, y) in found.items():
            column = np.full(len(steps), None, dtype=object)
            column[np.searchsorted(steps, x)] = y.tolist()
            table[key] = column.tolist()
        return table

    def file_header(self) -> FileHeader | None:
        return None if self.header is None else self.header()

    # --- how it is looked at

    @property
    def view(self) -> CurveView:
        return self.data.view

    def set_view(self, view: CurveView) -> None:
        """Show the curves that way; nothing is emitted."""
        if self.kind == "rate":
            view = msgspec.structs.replace(view, log=False)
        before, unit = self.data.view, self.data.across.shown
        if view.following != before.following and not view.following and self._window is None:
            self._window = self._across()
        window = self._window and tuple(self.data.across.steps(self._window).tolist())
        self.data.set_view(view)
        if window and self.data.across.shown != unit:  # the same part of the run in another unit
            start, stop = self.data.across.places(window).tolist()
            self._window = start, stop
        self._name_axes()
        self.draw()

    def edit(self, **changes: object) -> None:
        """The same by the user's hand: `view_changed` tells it."""
        self.set_view(msgspec.structs.replace(self.view, **changes))
        self.view_changed.emit(self.view)

    def follow(self, following: bool) -> None:
        """Keep the latest iteration in sight, showing the whole run again; or stand still."""
        if following:
            self._window = None
        self.edit(following=following)

    def show_all(self) -> None:
        """The whole run, following it."""
        self.follow(True)

    @property
    def cursor_step(self) -> float | None:
        return self._cursor

    def set_cursor(self, step: float | None) -> None:
        """Show the cursor at an iteration, without telling anybody: for a second plot beside the first."""
        self._cursor = step
        self._place_cursor()
        self.tell()
        self.cursor_placed.emit(step)

    def set_rest(self, step: float | None) -> None:
        """Let the cursor stand at an iteration while nobody moves it, in the colour of what is chosen; None: nowhere."""
        follows = self._cursor is None or self._cursor == self._rest
        self._rest = step
        if follows:
            self.set_cursor(step)
        else:
            self._place_cursor()

    def _move_cursor(self, step: float | None) -> None:
        if step != self._cursor:
            self.set_cursor(step)
            self.cursor_moved.emit(step)

    def _place_cursor(self) -> None:
        self._cursor_line.setVisible(self._cursor is not None)
        if self._cursor is not None:
            self._cursor_line.setPen(self._cursor_pen())
            _, (low, high) = self.limits
            x = self.data.across.place(self._cursor)
            self._cursor_line.setPath(segment(x, low, x, high))

    def _cursor_pen(self) -> QPen:
        if self._cursor != self._rest:
            return pen_of(theme().muted)
        pen = pen_of(theme().accent)
        pen.setWidth(2)
        return pen

    def tell(self, entries: Sequence[Entry] | None = None) -> None:
        """Bring what a screen reader says to the values at the cursor, or the latest: to `entries`, where they have been read
        out already."""
        self._told_at = monotonic()
        told = [f"{name} {value}" for _, name, value in entries or self.data.read_out(self._cursor)]
        told += [self._of_mark(mark) for mark in self.data.marks[-MOST_TOLD:]]
        if self._cursor is not None:
            told.append(self.tr("Iteration {step}").format(step=full_count(round(self._cursor))))
        self.describe(", ".join(told))

    # --- drawing

    def draw(self) -> None:
        """Show what there is. Costs the same for ten thousand points as for a million."""
        if not self.isVisible():
            return
        data = self.data
        for key in [key for key, items in self._items.items() if data.strands.get(key) is not items.strand]:
            self._items.pop(key).remove(self)  # of a curve that is gone, or another one's now
        for number, (key, strand) in enumerate(data.strands.items()):
            if key not in self._items:
                self._items[key] = CurveItems(self, strand, number)
        across = self._across()
        drawn = data.drawn(across, int(self.area.width()))
        up = data.value_limits(drawn)
        over, beyond = OVER * (up[1] - up[0]), BEYOND * (across[1] - across[0])
        moved = self.set_limits((across[0], across[1] + beyond), (up[0], up[1] + over))
        if self._figures_stale() or moved:
            self._write_figures()
            self._place_chance()
        limits, pixel = self.limits, self.pixel
        for key, found in drawn.items():
            self._items[key].show(found, limits, pixel)
        self._place_marks()
        if self._cursor is not None:
            self._place_cursor()
        if monotonic() - self._told_at > TELL_S:
            self.tell()

    def _figures_stale(self) -> bool:
        """Whether the axes have another length, unit or scale than when their figures were written."""
        area = self.area
        look = (self.view.log, self.data.across.shown, self.data.chance, self.view.chance, bool(self.data.strands))
        shown = (area.width(), area.height(), *look)
        stale = shown != getattr(self, "_written", None)
        self._written = shown
        return stale

    def _write_figures(self) -> None:
        area, (across, up) = self.area, self.limits
        if not self.data.strands:  # an empty plot measures nothing
            self.set_figures((), ())
            self._name_axes()
            return
        up_figures = value_ticks(up, area.height(), log=self.view.log, percent=self.kind == "rate")
        self.set_figures(self.data.across.ticks(across, area.width()), up_figures)
        self._name_axes()

    def _place_chance(self) -> None:
        chance, ((left, right), (low, high)) = self.data.chance, self.limits
        shown = self.view.chance and chance is not None and (chance > 0 or not self.view.log)
        if shown and chance is not None:
            y = log10(chance) if self.view.log else chance
            shown = low <= y <= high
            self._chance.setPath(segment(left, y, right, y))
        self._chance.setVisible(shown)

    def _place_marks(self) -> None:
        """A small triangle at the top for each mark."""
        if not self.data.marks and not self._marks.isVisible():
            return
        (left, right), (_, high) = self.limits
        x = self.data.across.places([mark.step for mark in self.data.marks])
        x = x[(x >= left) & (x <= right)]
        width, height = self.pixel
        self._marks.setPath(shape_path("down", x, np.array(high - 8 * height), (width, height)))
        self._marks.setVisible(len(x) > 0)

    def _of_mark(self, mark: CurveMark) -> str:
        return self.tr("Iteration {step}: {mark}").format(step=full_count(round(mark.step)), mark=mark.text)

    def marked_at(self, point: QPointF) -> str:
        """What the marks say that are that many pixels from the left and from the top; empty where there is none."""
        if not self.data.marks or not 0 <= point.y() - self.area.top() <= MARK_PX:
            return ""
        ends = (self.place_at(point + QPointF(by, 0))[0] for by in (-MARK_PX / 2, MARK_PX / 2))
        near = self.data.marks_near(*(self.data.across.step(end) for end in ends))
        return "\n".join(self._of_mark(mark) for mark in near)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.marked_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _across(self) -> Range:
        latest = self.data.latest()
        if self._window is None:
            return 0.0, self.data.across.limit(latest, self.data.total)
        low, high = self._window
        if self.view.following:
            width = high - low
            part = width / 16
            high = max(ceil(self.data.across.place(latest) / part) * part, width)
            low = high - width
        return low, high

    def _name_axes(self) -> None:
        seconds = self.tr("Time (s)") if self.limits[0][1] < 60 else self.tr("Time (min:s)")
        name = {"iteration": self.tr("Iteration"), "epoch": self.tr("Epoch"), "time": seconds}[self.data.across.shown]
        self.set_axis_names(name, self._value_name)

    def restyle(self) -> None:
        for items in self._items.values():
            items.restyle()
        self._chance.setPen(pen_of(theme().muted, dashes=CHANCE_DASHES))
        self._cursor_line.setPen(self._cursor_pen())
        self._marks.setPen(pen_of(theme().text))
        self._marks.setBrush(theme().text)
        super().restyle()

    def retranslate(self) -> None:
        self._name_axes()
        self.tell()

    def paint(self, painter: QPainter) -> None:
        """All of it without the cursor, for a file."""
        self._cursor_line.hide()
        super().paint(painter)
        self._place_cursor()

    # --- menu

    def fill_menu(self, menu: QMenu) -> None:
        menu.addAction(self.tr("View all")).triggered.connect(self.show_all)
        for text, on, slot in (
            (self.tr("Follow"), self.view.following, self.follow),
            (self.tr("Log axis"), self.view.log, self._log_chosen),
            (self.line_name or self.tr("Line of pure chance"), self.view.chance, self._chance_chosen),
        ):
            if (slot == self._log_chosen and self.kind == "rate") or (slot == self._chance_chosen and self.data.chance is None):
                continue
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(on)
            action.triggered.connect(slot)
        if any(strand.smoothed for strand in self.data.strands.values()):
            self.fill_smoothing(menu.addMenu(self.tr("Smoothing")))
        if len(self.data.across.offered) > 1:
            units = {"iteration": self.tr("Iterations"), "epoch": self.tr("Epochs"), "time": self.tr("Time")}
            across = menu.addMenu(self.tr("Horizontal axis"))
            add_choices(across, [(units[unit], unit) for unit in self.data.across.offered], self.data.across.shown)
            across.triggered.connect(self._unit_chosen)

    def fill_smoothing(self, menu: QMenu) -> None:
        """Put the amounts of smoothing into a menu."""
        amounts = [(self.tr("Off") if amount == 0 else f"{amount:g}", amount) for amount in SMOOTHINGS]
        add_choices(menu, amounts, self.view.smoothing)
        menu.triggered.connect(self._smoothing_chosen, Qt.ConnectionType.UniqueConnection)

    def _log_chosen(self, log: bool) -> None:
        self.edit(log=log)

    def _chance_chosen(self, shown: bool) -> None:
        self.edit(chance=shown)

    @Slot(QAction)
    def _smoothing_chosen(self, action: QAction) -> None:
        self.edit(smoothing=float(action.data()))

    @Slot(QAction)
    def _unit_chosen(self, action: QAction) -> None:
        unit: Unit = action.data()
        self.edit(across=unit)

    # --- mouse and keys

    def zoom(self, factor: float, centre: float | None = None) -> None:
        """Show `factor` times as much around `centre`, in the unit that lies across, or around the latest."""
        low, high = self._across()
        latest = self.data.across.place(self.data.latest())
        middle = latest if centre is None else centre
        new_low, new_high = middle - (middle - low) * factor, middle + (high - middle) * factor
        if new_low <= 0 and new_high >= latest:
            self.show_all()
            return
        start = max(new_low, 0.0)
        self._window = start, max(new_high, start + self.data.across.least())
        self.draw()

    def point_at(self, x: float) -> None:
        """Put the cursor on the measured iteration nearest to that many pixels from the left."""
        place, _ = self.place_at(QPointF(x, 0))
        low, high = self.limits[0]
        self._move_cursor(self.data.nearest(self.data.across.step(place)) if low <= place <= high else None)

    def pressed(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().x(), self._across()

    def moved(self, event: QMouseEvent) -> None:
        if self._grabbed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position().x())
        self.point_at(event.position().x())

    def _drag(self, x: float) -> None:
        assert self._grabbed is not None
        began, (low, high) = self._grabbed
        if abs(began - x) < 3 and self.view.following:
            return
        shift = max((began - x) * (high - low) / self.area.width(), -low)
        if self.view.following:
            self.edit(following=False)
        self._window = low + shift, high + shift
        self.draw()

    def released(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def double_clicked(self, event: QMouseEvent) -> None:
        self.show_all()

    def wheeled(self, event: QWheelEvent) -> bool:
        self.zoom(ZOOM ** (-event.angleDelta().y() / 120), self.place_at(event.position())[0])
        return True

    def left_alone(self) -> None:
        self._move_cursor(self._rest)

    _KEYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_Equal})

    def keys(self) -> frozenset[int]:
        return super().keys() | self._KEYS  # left and right move the cursor here, not the training

    def key(self, event: QKeyEvent) -> bool:
        across = self.data.across
        low, high = self._across()
        latest = across.place(self.data.latest())
        here = latest if self._cursor is None else across.place(self._cursor)
        stride = max((high - low) / 100, across.least() / 4)
        centre = None if self._cursor is None else here
        match event.key():
            case Qt.Key.Key_Left:
                self._move_cursor(across.step(max(here - stride, low)))
            case Qt.Key.Key_Right:
                self._move_cursor(across.step(min(here + stride, latest)))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(1 / ZOOM, centre)
            case Qt.Key.Key_Minus:
                self.zoom(ZOOM, centre)
            case Qt.Key.Key_0:
                self.show_all()
            case _:
                return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._move_cursor(self.data.latest())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._move_cursor(self._rest)

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self._grabbed = None


def add_choices(menu: QMenu, choices: Sequence[tuple[str, object]], chosen: object) -> None:
    """Actions of which one is chosen; each has its value as data."""
    group = QActionGroup(menu)
    for text, value in choices:
        action = menu.addAction(text)
        action.setData(value)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        group.addAction(action)
