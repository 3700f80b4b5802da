"""Curves in their card: the legend that is also the read-out, and the tools for log axis, smoothing, following and export.

Called by the labs. How the curves are looked at is one frozen `CurveView`. pyqtgraph is loaded only after the card's
first paint, or when the plot itself is asked for: the window is on the screen before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QToolTip, QWidget

from engine.figures import full_count
from gui.plots.cursor import SharedCursor
from gui.plots.numbers.curve_data import PATTERNS, CurveData, CurveMark, Entry, Kind, figure_of
from gui.plots.numbers.view import CurveView
from gui.plots.save import FileHeader
from gui.shell.theme import THEME, font, theme
from gui.widgets.card import Card
from gui.widgets.labels import fill_ground
from gui.widgets.menu_button import MenuButton
from gui.widgets.one_line import OneLine

if TYPE_CHECKING:
    from gui.plots.curves import Curves

CHANCE = "chance"  # the key of its line in the legend
CHANCE_DASHES = (2.0, 4.0)
MOST_WIDTHS = 500  # of texts that are kept
LEAST_PX = 160, 56  # of the plot: two of them one below the other in a window of 960x600
LOW_PX = 190  # a lower card has no note

LegendWay: TypeAlias = tuple[int, int, list[Entry]]  # length of a line, gap behind an entry, entries as they are written


class CurveLegend(QWidget):
    """Colour, line, name and value of every curve, in a row on a card. `pen` gives the pen of a key."""

    def __init__(self, pen: Callable[[str], QPen]) -> None:
        super().__init__()
        self._pen = pen
        self._entries: Sequence[Entry] = ()
        self._extra: Sequence[Entry] = ()
        self._at = ""
        self._widths: dict[str, int] = {}  # of texts, on the screen: names come again and again
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_entries(self, entries: Sequence[Entry], at: str, extra: Sequence[Entry] = ()) -> None:
        """Key, name and value of every curve, and where the values are. `extra` entries follow where there is room."""
        if (entries, at, extra) != (self._entries, self._at, self._extra):
            self._entries, self._at, self._extra = entries, at, extra
            self.setAccessibleName(", ".join(f"{name} {value}" for _, name, value in (*entries, *extra)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_ground(self)
        painter = QPainter(self)
        painter.setFont(_font())
        if len(self._widths) > MOST_WIDTHS:
            self._widths.clear()
        self._paint(painter, QRectF(self.rect()), self._widths)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.accessibleName(), self)
            return True
        return super().event(event)

    def _ways(self, pens: Mapping[str, QPen]) -> Iterator[LegendWay]:
        """The ways to write the entries, the best first."""
        named = [(key, name, "") for key, name, _ in self._extra]
        for extra in (self._extra, named):
            for dash, gap in ((22, 12), (14, 4)):
                yield dash, gap, [*self._entries, *extra]
        for dash, gap in ((22, 12), (14, 8), (14, 4)):
            yield dash, gap, [*self._entries]
        dashed = {key for key, pen in pens.items() if pen.style() == Qt.PenStyle.CustomDashLine}
        solid = [(key, "" if key in dashed else name, value) for key, name, value in self._entries]
        bare = [(key, "", value) for key, _, value in self._entries]
        for few in (solid, bare):
            yield 14, 8, [*few, *named]
            yield 14, 8, [*few]

    def fitting(self, metrics: QFontMetrics, room: float) -> LegendWay:
        """Length of a line, gap behind an entry, and which entries, as they are written: the values of the extra ones go first,
        then all of them, then the names of dashed lines, then all names, which an extra one may stand beside. Which curve is
        which matters most; all of it is in the tooltip."""
        return self._fitting(cache(metrics.horizontalAdvance), room, self._pens())

    def _pens(self) -> dict[str, QPen]:
        return {key: self._pen(key) for key, *_ in (*self._entries, *self._extra)}

    def _fitting(self, width: Callable[[str], int], room: float, pens: Mapping[str, QPen]) -> LegendWay:
        for way in self._ways(pens):
            if _across(width, *way) <= room:
                break
        return way

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw it anywhere: on the screen, or in an exported picture."""
        painter.setFont(_font())
        self._paint(painter, area, {})

    def _paint(self, painter: QPainter, area: QRectF, widths: dict[str, int]) -> None:
        """With the painter's font, in which texts have these `widths`, as far as they are known."""
        now, metrics, pens = theme(), painter.fontMetrics(), self._pens()

        def width(text: str) -> int:
            if text not in widths:
                widths[text] = metrics.horizontalAdvance(text)
            return widths[text]

        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        x, line = area.left(), int(area.center().y())
        dash, gap, entries = self._fitting(width, area.width(), pens)
        for key, name, value in entries:
            painter.setPen(pens[key])
            painter.drawLine(int(x), line, int(x) + dash, line)
            x += dash + 6
            for text, colour in ((name, now.muted), (value, now.text)):
                if text:
                    painter.setPen(colour)
                    painter.drawText(QRectF(x, area.top(), width(text) + 2, area.height()), middle, text)
                    x += width(text) + 6
            x += gap
        if self._at and x + width(self._at) < area.right():
            painter.setPen(now.muted)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, right, self._at)


@cache
def _font() -> QFont:
    return font(12)


class CurveCard(Card):
    """One plot of curves with its legend and tools. `add`, `append` and `draw` are the plot's."""

    view_changed = Signal(object)  # a CurveView, by the user's hand

    def __init__(
        self, kind: Kind, *, log_offered: bool, cursor: SharedCursor | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.kind = kind
        self.data = CurveData(kind)
        self._of_mean = self._without_memory = False  # what the line of chance stands for
        self.export_name = "curves"
        self._value_name = ""
        self._shared = cursor
        self._rest: float | None = None
        self._plot: Curves | None = None
        self.legend = CurveLegend(self._pen)
        self._place = _Place()
        self._place.painted.connect(self._make_plot)
        self.log = self._checkable_tool()
        self.smoothing = self._menu_tool(self._fill_smoothing)
        self.follow = self._checkable_tool()
        self.export = self._menu_tool(self._fill_export)
        self.more = self._menu_tool(self._fill_more)  # all of them in one, where the card is narrow
        self.more.hide()
        self.note = OneLine()
        self.note.hide()
        self._noted = False
        self.body.setSpacing(2)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.note)
        self.body.addWidget(self._place, 1)
        self._log_offered = log_offered
        self.log.setVisible(log_offered)
        self.log.clicked.connect(self._log_clicked)
        self.follow.clicked.connect(self._follow_clicked)
        self._show_view()

    def _checkable_tool(self) -> QToolButton:
        button = self._placed(QToolButton(self))
        button.setProperty("role", "link")
        button.setCheckable(True)
        return button

    def _placed(self, button: QToolButton) -> QToolButton:
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tools.addWidget(button)
        return button

    def _menu_tool(self, fill: Callable[[], None]) -> QToolButton:
        """A tool whose menu is filled when it opens, in the language in force."""
        button = self._placed(MenuButton(self))
        menu = QMenu(button)
        menu.aboutToShow.connect(fill)
        button.setMenu(menu)
        return button

    @Slot()
    def _fill_smoothing(self) -> None:
        self.plot.fill_smoothing(_emptied(self.smoothing))

    @Slot()
    def _fill_export(self) -> None:
        self.plot.export_name = self.export_name
        self.plot.fill_export(_emptied(self.export))

    @Slot()
    def _fill_more(self) -> None:
        self.plot.export_name = self.export_name
        menu = _emptied(self.more)
        self.plot.fill_menu(menu)
        self.plot.fill_export(menu.addMenu(self.export.text()))

    # --- the plot

    @property
    def plot(self) -> Curves:
        """The plot itself, made now if it has not been on the screen."""
        return self._plot or self._make_plot()

    @Slot()
    def _make_plot(self) -> Curves:
        if self._plot is not None:
            return self._plot
        from gui.plots.curves import Curves

        self._plot = plot = Curves(self.kind, self.data, self)
        plot.header = self._file_header
        plot.export_name = self.export_name
        plot.set_names(self.data.names, self._value_name)
        plot.setAccessibleName(self.title)
        plot.view_changed.connect(self._view_edited)
        plot.cursor_placed.connect(self.read_out)
        plot.setMinimumSize(*LEAST_PX)
        self.body.replaceWidget(self._place, plot)
        self.setTabOrder(self.more, plot)  # after the tools
        self._place.hide()
        self._place.deleteLater()
        plot.show()
        if self._shared is not None:
            self._shared.join(plot)
        plot.set_rest(self._rest)
        self.read_out()
        return plot

    def add(self, key: str, colour: int, *, dashed: int = False, smoothed: bool = True) -> None:
        """Add an empty curve in the colour of that number; dashed for what is measured on data held back, or with the dashes of
        that number."""
        self.data.add(key, colour, dashed=dashed, smoothed=smoothed)

    def append(self, key: str, steps: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Put points at the end of a curve; drawn at the next `draw`."""
        self.data.append(key, steps, values)

    def clear(self) -> None:
        """Forget every point, and where the cursor stands."""
        self._rest = None
        if self._plot is None:
            self.data.clear()
        else:
            self._plot.clear()
        self.read_out()

    def draw(self) -> None:
        """Draw what has come, if it is on the screen."""
        if self._plot is not None:
            self._plot.draw()

    def set_length(self, steps: int, epochs: int) -> None:
        """How many iterations and epochs the whole run has; 0 where that is not known."""
        self.data.total = float(steps) if steps else None
        self.data.across.epoch_steps = steps / epochs if steps and epochs else None

    def set_chance(self, value: float | None, *, of_mean: bool = False, without_memory: bool = False) -> None:
        """What pure guessing would reach: a thin line. `of_mean`: by giving the mean of the targets each time;
        `without_memory`: by knowing the time step and nothing else."""
        if (value, of_mean, without_memory) != (self.data.chance, self._of_mean, self._without_memory):
            self._of_mean, self._without_memory = of_mean, without_memory
            self.data.chance = value
            self.draw()
            self.read_out()

    def set_rest(self, step: float | None) -> None:
        """Let the cursor stand at an iteration while nobody moves it; None: nowhere."""
        self._rest = step
        if self._plot is not None:
            self._plot.set_rest(step)

    def set_note(self, *wordings: str, tip: str = "") -> None:
        """A line below the legend, from its longest wording to its shortest; none: no line."""
        self._noted = bool(wordings)
        self._fit_note()
        if wordings:
            self.note.set_text(*wordings, tip=tip)

    def set_marks(self, marks: tuple[CurveMark, ...]) -> None:
        """Mark what happened to the run on its way; drawn at the next `draw`."""
        self.data.marks = marks

    # --- how it is looked at

    @property
    def view(self) -> CurveView:
        return self.data.view

    def set_view(self, view: CurveView) -> None:
        """Show the curves that way; nothing is emitted."""
        if self._plot is None:
            self.data.set_view(view)
        else:
            self._plot.set_view(view)
        self._show_view()

    def _show_view(self) -> None:
        view = self.view
        self.log.setChecked(view.log)
        self.follow.setChecked(view.following)
        self.retranslate()

    @Slot(object)
    def _view_edited(self, view: CurveView) -> None:
        self._show_view()
        self.view_changed.emit(view)

    def _log_clicked(self, log: bool) -> None:
        self.plot.edit(log=log)

    def _follow_clicked(self, following: bool) -> None:
        self.plot.follow(following)

    # --- read-out

    def set_names(self, names: dict[str, str], value_name: str) -> None:
        """What the curves and the values are called."""
        self.data.names, self._value_name = names, value_name
        if self._plot is not None:
            self._plot.set_names(names, value_name)
            self._plot.setAccessibleName(self.title)
        self._fit_tools()
        self.read_out()

    @Slot(object)
    def read_out(self, *_: object) -> None:
        """Write the values at the cursor, or the latest, into the legend."""
        step = None if self._plot is None else self._plot.cursor_step
        entries = self.data.read_out(step)
        extra = []
        if self.view.chance and self.data.chance is not None:
            name = self.tr("Always the mean") if self._of_mean else self.tr("Chance")
            if self._without_memory:
                name = self.tr("Without memory")
            extra.append((CHANCE, name, figure_of(self.kind, self.data.chance)))
        at = "" if step is None else self.tr("Iteration {step}").format(step=full_count(round(step)))
        self.legend.set_entries(entries, at, extra)
        if self._plot is not None:
            self._plot.tell(entries)

    def _pen(self, key: str) -> QPen:
        if key == CHANCE:
            pen = QPen(theme().muted)
            pen.setDashPattern(list(CHANCE_DASHES))
            return pen
        strand = self.data.strands[key]
        pen = QPen(QColor(theme().curves[strand.colour]))
        if strand.dashed:
            pen.setDashPattern(list(PATTERNS[strand.dashed]))
        return pen

    # --- files

    def _file_header(self) -> FileHeader:
        return FileHeader(self.title, self.legend.paint)

    def export_to(self, path: Path) -> bool:
        """Save the plot to a file of the kind that its suffix says; says how it went. Returns whether it is written."""
        return self.plot.save_to(path)

    # --- look and words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        self._fit_note()

    def _fit_note(self) -> None:
        """In a low card the curves take the place of the note."""
        self.note.setVisible(self._noted and self.height() >= LOW_PX)

    def _fit_tools(self) -> None:
        """All tools side by side where they have room, otherwise one menu of them."""
        tools = [self.smoothing, self.follow, self.export]
        if self._log_offered:
            tools.insert(0, self.log)
        needed = sum(tool.sizeHint().width() + 4 for tool in tools) + self.fontMetrics().horizontalAdvance(self.title)
        narrow = needed + 32 > self.width()
        for tool in tools:
            tool.setVisible(not narrow)
        self.more.setVisible(narrow)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.log.setText(self.tr("Log axis"))
        self.log.setToolTip(self.tr("A logarithmic value axis: equal factors are equally far apart"))
        amount = self.view.smoothing
        self.smoothing.setText(
            self.tr("Smoothing {amount}").format(amount=f"{amount:g}") if amount else self.tr("Smoothing: off")
        )
        self.smoothing.setToolTip(
            self.tr("Running mean of the training curve. What was measured stays visible behind it, faintly.")
        )
        self.follow.setText(self.tr("Follow"))
        self.follow.setToolTip(
            self.tr("Keep the latest iteration in sight. Wheel: zoom, drag: move, double click: the whole run")
        )
        self.export.setText(self.tr("Export"))
        self.more.setText(self.tr("View"))
        for button in (self.log, self.smoothing, self.follow, self.export, self.more):
            button.setAccessibleName(button.text())
        self.read_out()


def _across(width: Callable[[str], int], dash: int, gap: int, entries: Sequence[Entry]) -> int:
    """How wide entries are whose texts have that `width`."""
    texts = [text for _, name, value in entries for text in (name, value) if text]
    words = sum(width(text) + 6 for text in texts)
    return words + len(entries) * (dash + 6 + gap) - gap - 6


def _emptied(tool: QToolButton) -> QMenu:
    menu = tool.menu()
    assert isinstance(menu, QMenu)
    menu.clear()
    for inner in menu.findChildren(QMenu):
        inner.deleteLater()
    return menu


class _Place(QWidget):
    """Keeps the place of the plot until the card has been painted."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*LEAST_PX)
        self._told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._told:
            self._told = True
            QTimer.singleShot(0, self.painted.emit)
