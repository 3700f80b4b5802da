"""Everything on the page "try it": a paper to draw on, what the network gets of it, the answers, the sliders that move it, the
maps. In a narrow place one below the other, in a wide one beside each other.

It draws one `Tried` and knows no model. Called by the page.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.fields import Field
from engine.judging.moving import Motion
from engine.layers.base import Shape
from gui.labs.training.trying.answer_bars import AnswerBars
from gui.labs.training.trying.map_rows import MapRows
from gui.labs.training.trying.seen_picture import SeenPicture
from gui.widgets.forms.controls import ToggleRow
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine
from gui.widgets.pictures.drawing_canvas import Canvas
from gui.widgets.scrolled_page import ScrolledPage

GAP = 10
WIDE_PX = 480  # from this width on, things stand beside each other
LEAST_SQUARE, MOST_SQUARE = 72, 240
BOX_PX = 56  # −256.5
LEAST_SCALE, MOST_SCALE = 0.25, 4.0


class TryBoard(ScrolledPage):
    """`motion_changed`: a slider was moved; `motion` is what they say."""

    motion_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._wide: bool | None = None
        self.canvas, self.seen, self.bars, self.maps = Canvas(), SeenPicture(), AnswerBars(), MapRows()
        self.saliency, self.placed = ToggleRow(), ToggleRow()
        self.saliency.set_value(True)
        self.placed.set_value(True)
        self.about = label("small", wraps=True)
        self.sources = {name: QPushButton() for name in ("clear", "open", "paste", "next")}
        self.rows = {
            "rotation": NumberRow(Field(name="rotation", kind="number", low=-180, high=180, default=0.0, step=1)),
            "across": NumberRow(Field(name="across", kind="number", low=-256, high=256, default=0.0, step=0.5)),
            "down": NumberRow(Field(name="down", kind="number", low=-256, high=256, default=0.0, step=0.5)),
            "scale": NumberRow(
                Field(name="scale", kind="number", low=LEAST_SCALE, high=MOST_SCALE, default=1.0, scale="log"),
            ),
        }
        self.level, self.compare = QPushButton(), QPushButton()
        self._seen_title = OneLine("title")
        self.titles = {"paper": label("title"), "seen": self._seen_title}
        self._build()
        self.set_size((1, 8, 8))
        self.retranslate()

    def _build(self) -> None:
        for button in (*self.sources.values(), self.level, self.compare):
            button.setProperty("role", "link")
        ways = QGridLayout()
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(0)
        for number, button in enumerate(self.sources.values()):
            ways.addWidget(button, number // 2, number % 2, Qt.AlignmentFlag.AlignLeft)
        ways.setColumnStretch(2, 1)
        self._paper = _column(self.titles["paper"], self.canvas)
        self._view = _column(self.titles["seen"], self.seen)
        self._ways, self._switches = _column(ways), _column(self.saliency, self.placed)
        ends = QHBoxLayout()
        ends.setSpacing(0)
        ends.addWidget(self.level)
        ends.addWidget(self.compare)
        ends.addStretch(1)
        self._sliders = _column(*self.rows.values(), ends)
        for row in self.rows.values():
            row.box.setFixedWidth(BOX_PX)
            row.value_changed.connect(lambda _value: self.motion_changed.emit())
        self.level.clicked.connect(self.reset)
        self.saliency.value_changed.connect(lambda _on: self._name_picture())
        page = QWidget()
        page.setProperty("role", "page")
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(8)
        self.setWidget(page)
        self._arrange(wide=False)

    # --- what it says

    @property
    def motion(self) -> Motion:
        """What the sliders say."""
        return Motion(**{name: float(row.value or 0.0) for name, row in self.rows.items()})

    def set_size(self, shape: Shape) -> None:
        """The network's inputs are of `shape` (C, H, W): a shift goes at most out of the picture."""
        for name, cells in (("across", shape[2]), ("down", shape[1])):
            self.rows[name].set_range(-cells, cells)

    def reset(self) -> None:
        """Nothing is moved any more."""
        for name, row in self.rows.items():
            row.set_value(1.0 if name == "scale" else 0.0)
        self.motion_changed.emit()

    # --- places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - 4
        self._arrange(wide=room >= WIDE_PX)
        side = int(0.3 * room) if self._wide else (room - GAP) // 2
        side = max(LEAST_SQUARE, min(side, MOST_SQUARE))
        self.canvas.setFixedSize(side, side)
        self.seen.set_side(side)

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide, grid = wide, self._grid
        below = (self.bars, self.about, self._ways, self._switches, self._sliders, self.maps)
        for part in (self._paper, self._view, *below):
            grid.removeWidget(part)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._paper, 0, 0, top)
        grid.addWidget(self._view, 0, 1, top)
        if wide:
            grid.addWidget(self.bars, 0, 2, top)
            grid.addWidget(self._ways, 1, 0, top)
            grid.addWidget(self._switches, 1, 1, top)
            grid.addWidget(self.about, 2, 0, 1, 2, top)
            grid.addWidget(self._sliders, 3, 0, 1, 2, top)
            grid.addWidget(self.maps, 1, 2, 3, 1, top)
        else:
            for row, part in enumerate(below, 1):
                grid.addWidget(part, row, 0, 1, 2)
        grid.setColumnStretch(2, 1 if wide else 0)
        grid.setRowStretch(3 if wide else len(below) + 1, 1)
        grid.setRowStretch(len(below) + 1 if wide else 3, 0)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _name_picture(self) -> None:
        """What its colours are, while there are any."""
        coloured = bool(self.saliency.value)
        words = (self.tr("Network input · colour: saliency"), self.tr("Saliency")) if coloured else (self.tr("Network input"),)
        self._seen_title.set_text(*words)

    def retranslate(self) -> None:
        self.titles["paper"].setText(self.tr("Draw here"))
        self._name_picture()
        self.canvas.setAccessibleName(self.tr("Paper to draw on"))
        self.seen.setAccessibleName(self.tr("What the network gets"))
        self.bars.setAccessibleName(self.tr("Answers for all classes"))
        self.maps.setAccessibleName(self.tr("Feature maps of each layer"))
        self.saliency.set_label(
            self.tr("Saliency"),
            self.tr(
                "What the answer hangs on: how much the output of the marked class changes with each pixel, as the size of its "
                "gradient. Choose another class among the bars."
            ),
        )
        self.placed.set_label(
            self.tr("Like the data"),
            self.tr("Cut to its ink, scaled and centred as the pictures were that the network has learnt from"),
        )
        texts = {
            "clear": (self.tr("Clear"), self.tr("Clear the paper")),
            "open": (self.tr("Open..."), self.tr("A picture of your own, from a file")),
            "paste": (self.tr("Paste"), self.tr("A picture from the clipboard")),
            "next": (self.tr("Next sample"), self.tr("The next sample of the validation set")),
        }
        for name, (text, tip) in texts.items():
            self.sources[name].setText(text)
            self.sources[name].setToolTip(tip)
        self.rows["rotation"].set_label(self.tr("Rotate"), self.tr("Degrees, clockwise"))
        self.rows["across"].set_label(self.tr("Shift →"), self.tr("Pixels of the network's input, to the right"))
        self.rows["down"].set_label(self.tr("Shift ↓"), self.tr("Pixels of the network's input, downwards"))
        self.rows["scale"].set_label(self.tr("Scale"), self.tr("2 is twice as large"))
        heads: list[QLabel] = [row.head for row in self.rows.values() if isinstance(row.head, QLabel)]
        for head in heads:
            head.setMinimumWidth(max(each.fontMetrics().horizontalAdvance(each.text()) for each in heads) + 2)
        self.level.setText(self.tr("Reset"))
        self.level.setToolTip(self.tr("Neither turned, shifted nor scaled"))
        self.compare.setText(self.tr("MLP against CNN..."))
        self.compare.setToolTip(self.tr("How well two trained networks bear shifted and turned pictures, as curves"))


def _column(*parts: QWidget | QGridLayout | QHBoxLayout) -> QWidget:
    """Parts one below the other, as one widget."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    column.addStretch(1)
    return made
