"""The page "why": where a layer's numbers come from, how each setting changes the output's size, and what a fully connected
layer would cost instead.

Drawn from the layer and its input's shape alone, without torch. Called by the convolution lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engine.cells.against_dense import compared
from engine.figures import binary_size, full_count, ratio
from engine.layers.axes import AXIS_LETTERS, AXIS_NAMES
from engine.layers.base import Refusal, Shape
from engine.layers.catalog import Sliding
from engine.layers.kinds.pooling import Pooling
from engine.layers.staircase import (
    SETTINGS,
    Setting,
    Stair,
    current,
    moves_together,
    over_input,
    settings,
    staircase,
    with_value,
)
from engine.networks.trace import Problem, message
from engine.words import readable
from gui.labs.convolution.pages.step_chart import Stairs, StepChart
from gui.plots.bars import Bar, Bars, decades_of
from gui.shell.language import language, say
from gui.shell.theme import theme
from gui.widgets.forms.controls import Segmented
from gui.widgets.formulas import Formulas
from gui.widgets.labels import label, separator, set_text

SYMBOLS: dict[Setting, str] = {"kernel_size": "K", "stride": "S", "padding": "P", "dilation": "D", "output_padding": "Q"}
FIRST: dict[Setting, int] = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
SHOWN: dict[Setting, int] = {"kernel_size": 11, "stride": 7, "padding": 7, "dilation": 7, "output_padding": 5}
MOST = 64  # the largest value that a control reaches
LENGTHS = 25  # input sizes around the present one
CHART_PX = 140  # the least width of a chart
MOST_CHART_COLUMNS = 3
LEAST_FORMULAS_PX, MOST_FORMULAS_PX = 396, 520
NARROW_PAGE_PX = 720  # in a narrower page the parts are one below the other
BESIDE_PX, BELOW_PX = 20, 6  # between parts beside each other, and below each other


class WhyPage(QScrollArea):
    """`show_layer` shows a layer; `edited` asks for its fields to be changed: {"stride": 2}. `tools` says and chooses which
    axis the staircases are of; the owner may put it elsewhere."""

    edited = Signal(object)  # dict[str, int | tuple[int, ...]]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: Sliding | None = None
        self._shape: Shape = ()
        self._unlinked: tuple[str, ...] = ()
        self._axis = 0
        self._shown: tuple[Setting, ...] = ()
        self._places: dict[str, tuple[int, int]] = {}
        self.formulas = Formulas()
        self.charts: dict[str, StepChart] = {setting: StepChart(parent=self) for setting in SETTINGS}
        self.charts["input"] = StepChart(choosable=False, parent=self)
        for setting in SETTINGS:
            self.charts[setting].chosen.connect(self._choose)
        self.axes = Segmented()
        self.axes.chosen.connect(self._turn_to)
        self.parameters, self.macs = _Versus(), _Versus()
        self._head, self._sentence = label("title"), label("muted", wraps=True)
        self.tools = QWidget()
        self._lay_out()
        self.retranslate()

    def show_layer(self, layer: Sliding, input_shape: Shape, unlinked: tuple[str, ...] = ()) -> None:
        """`layer` takes an input of `input_shape`. A setting named in `unlinked`, or whose axes differ, is changed along one
        axis, the others along all of them."""
        if (layer, input_shape, unlinked) == (self._layer, self._shape, self._unlinked):
            return
        if self._layer is None or layer.AXES != self._layer.AXES:
            self._axis = layer.AXES - 1
        self._layer, self._shape, self._unlinked = layer, input_shape, unlinked
        self._write()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._write()

    @property
    def axis(self) -> int:
        """The axis of the staircases."""
        return self._axis

    @property
    def sentence(self) -> str:
        """What the fully connected layer would mean, in words."""
        return self._sentence.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame around the page while arrow keys scroll it; it takes no room from the page."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme().accent, 1))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(920, 330)

    # what is shown

    def _write(self) -> None:
        """Write the page, if it is visible; else it is written when it comes into view."""
        if self._layer is None or not self.isVisible():
            return
        self.formulas.show_layer(self._layer, self._shape)
        axes = AXIS_NAMES[self._layer.AXES]
        self.axes.set_choices([(axis, say("axes", axis).capitalize()) for axis in axes])
        self.axes.set_current(axes[self._axis])
        self.axes.setVisible(len(axes) > 1)
        size = say("quantities", f"output_{axes[self._axis]}")
        set_text(self._head, self.tr("{size} when one setting changes").format(size=size))
        self._write_charts(self._layer, axes[self._axis])
        self._write_comparison(self._layer)

    def _write_charts(self, layer: Sliding, axis: str) -> None:
        if settings(layer) != self._shown:
            self._shown = settings(layer)
            self._arrange()
        for setting in self._shown:
            now = current(layer, self._shape, setting)[self._axis]
            values = _values(FIRST[setting], SHOWN[setting], now)
            stairs = staircase(layer, self._shape, setting, values, axis=self._axis, alone=self._alone(layer, setting))
            side = "window" if isinstance(layer, Pooling) else "kernel"
            name = say("symbols", f"{side}_{axis}").capitalize() if setting == "kernel_size" else say("fields", setting)
            self.charts[setting].set_stairs(_charted(SYMBOLS[setting], name, stairs, now))
        length = self._shape[self._axis + 1]
        first = max(1, length - LENGTHS // 2)
        stairs = over_input(layer, self._shape, range(first, first + LENGTHS), axis=self._axis)
        self.charts["input"].set_stairs(
            _charted(AXIS_LETTERS[axis], say("symbols", f"input_{axis}").capitalize(), stairs, length)
        )

    def _write_comparison(self, layer: Sliding) -> None:
        found = compared(layer, self._shape)
        names = type(layer).__name__, self.tr("Fully connected")
        pairs = [tuple(map(Bar, names, values, (None, 1))) for values in zip(found.layer, found.dense, strict=True)]
        decades = max(map(decades_of, pairs))  # one scale for both
        memory = f"{binary_size(found.layer.weight_bytes)} → {binary_size(found.dense.weight_bytes)}"
        times = [self._times(own.value, dense.value) for own, dense in pairs]
        notes = " · ".join(part for part in (times[0], memory) if part), times[1]
        for versus, bars, quantity, note in zip((self.parameters, self.macs), pairs, found.layer._fields, notes, strict=True):
            versus.show_bars(say("quantities", quantity), note, bars, decades)
        values = {
            "inputs": full_count(found.inputs),
            "outputs": full_count(found.outputs),
            "map": readable(layer.output_shape(self._shape)[1:]),
            "weights": full_count(found.filter_weights),
        }
        text = self.tr("Fully connected, each of the {outputs} output cells has weights of its own, {inputs} each.")
        if found.filter_weights:
            rest = self.tr("Here one filter (weights: {weights}) serves a whole map of {map} cells.")
        else:
            rest = self.tr("A pooling has no weights: there is nothing to learn.")
        set_text(self._sentence, f"{text} {rest}".format(**values))

    def _times(self, own: int, dense: int) -> str:
        """How many times as much the fully connected layer takes; empty where the layer itself takes nothing."""
        if not own:
            return ""
        return self.tr("{ratio} times as many").format(ratio=ratio(dense / own))

    # what is asked for

    def _alone(self, layer: Sliding, setting: Setting) -> bool:
        """Whether a setting is changed along one axis only."""
        return setting in self._unlinked or not moves_together(layer, self._shape, setting)

    @Slot(int)
    def _choose(self, value: int) -> None:
        setting = next(each for each in SETTINGS if self.charts[each] is self.sender())
        if self._layer is not None:
            axis = self._axis if self._alone(self._layer, setting) else None
            self.edited.emit({setting: with_value(self._layer, self._shape, setting, value, axis)})

    @Slot(str)
    def _turn_to(self, axis: str) -> None:
        if self._layer is not None:
            self._axis = AXIS_NAMES[self._layer.AXES].index(axis)
            self._write()

    # how it is laid out

    def _lay_out(self) -> None:
        head = QHBoxLayout(self.tools)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(10)
        head.addWidget(self._head, 1)
        head.addWidget(self.axes)
        self._charts = QGridLayout()
        self._charts.setHorizontalSpacing(14)
        self._charts.setVerticalSpacing(6)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.tools)
        right.addLayout(self._charts, 20)
        right.addStretch(1)  # takes what is left when the charts are at their highest
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.addWidget(self.formulas)
        self._sides.addLayout(right, 1)
        self._bars = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bars.addWidget(self.parameters, 1)
        self._bars.addWidget(self.macs, 1)
        page = QWidget()
        page.setProperty("role", "page")
        for chart in self.charts.values():  # charts that a kind has no use for are in the page, but not in its layout
            chart.setParent(page)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        column.addLayout(self._sides, 1)
        column.addWidget(self.formulas.verdict_line)
        column.addWidget(separator())
        column.addLayout(self._bars)
        column.addWidget(self._sentence)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _arrange(self) -> None:
        """Lay the charts out in as many columns as fit, in rows of even length."""
        narrow = self.width() < NARROW_PAGE_PX
        self._head.setVisible(not narrow)
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        self._sides.setSpacing(BELOW_PX if narrow else BESIDE_PX)
        self._bars.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        self._bars.setSpacing(BELOW_PX if narrow else BESIDE_PX)
        formulas = max(LEAST_FORMULAS_PX, min(int(self.width() * 0.48), MOST_FORMULAS_PX))
        self.formulas.setMinimumWidth(0 if narrow else formulas)
        self.formulas.setMaximumWidth(2**24 - 1 if narrow else formulas)
        room = self.width() - (0 if narrow else formulas) - 40
        names = [*self._shown, "input"]
        rows = -(-len(names) // max(1, min(MOST_CHART_COLUMNS, int(room // CHART_PX))))
        columns = -(-len(names) // rows)
        places = {name: divmod(number, columns) for number, name in enumerate(names)}
        if places != self._places:
            self._places = places
            for name, chart in self.charts.items():
                self._charts.removeWidget(chart)
                chart.setVisible(name in places)
                if name in places:
                    self._charts.addWidget(chart, *places[name])
            for column in range(MOST_CHART_COLUMNS):
                self._charts.setColumnStretch(column, int(column < columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Why"))
        tip = self.tr("Fully connected against this layer; memory of the parameters as float32: this layer → fully connected")
        self.parameters.set_note_tip(tip)
        self.axes.setAccessibleName(self.tr("Axis of the staircases"))
        self._write()


class _Versus(QWidget):
    """A quantity of the layer and of the fully connected one, as two bars."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._note, self.bars = label("title"), label("small"), Bars(log=True)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.bars)

    def show_bars(self, title: str, note: str, bars: tuple[Bar, ...], decades: int) -> None:
        set_text(self._title, title)
        set_text(self._note, note)
        self.bars.setAccessibleName(f"{title} {note}")
        self.bars.set_bars(bars, decades)

    def set_note_tip(self, text: str) -> None:
        self._note.setToolTip(text)

    @property
    def note(self) -> str:
        return self._note.text()


def _values(first: int, count: int, now: int | None) -> range:
    """`count` values of a setting, from `first` on, or further up so that the present value is among them."""
    last = min(max(first + count - 1, (now or 0) + 1), max(MOST, now or 0))
    return range(last - count + 1, last + 1)


def _charted(symbol: str, name: str, stairs: tuple[Stair, ...], now: int | None) -> Stairs:
    reasons = tuple("" if stair.refusal is None else _reason(stair.refusal) for stair in stairs)
    return Stairs(symbol, name, tuple(stair.value for stair in stairs), tuple(stair.size for stair in stairs), reasons, now)


def _reason(refusal: Refusal) -> str:
    """Why a value is not valid, as a sentence."""
    return message(Problem((), refusal.code, refusal.values), language())
