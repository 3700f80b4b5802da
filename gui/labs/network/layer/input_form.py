"""The form of the network's input: its kind, and its size along each axis. Shown while the input is chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.fields import Field
from engine.layers.base import Shape
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.forms.number_row import NumberRow

FIRST: dict[str, Shape] = {"3": (3, 224, 224), "2": (100, 1), "1": (784,), "4": (1, 16, 64, 64)}  # by number of axes
MOST, SLIDER = 1_000_000, (1, 512)


class InputForm(QWidget):
    """`edited` carries a whole new shape, without the batch."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape = FIRST["3"]
        self.kind = ChoiceRow([(key, "") for key in FIRST])
        size = Field(name="size", kind="integer", default=1, low=1, high=MOST, slider=SLIDER, scale="log")
        self.sizes = tuple(NumberRow(size) for _ in range(4))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.kind)
        for row in self.sizes:
            column.addWidget(row)
            row.value_changed.connect(self._size_edited)
        self.kind.chosen.connect(self._kind_chosen)
        self.retranslate()

    def show_shape(self, shape: Shape) -> None:
        """Show a shape of one to four axes; nothing is emitted."""
        self._shape = shape
        self.kind.set_value(str(len(shape)))
        for number, row in enumerate(self.sizes):
            row.setVisible(number < len(shape))
            if number < len(shape):
                row.set_value(shape[number])
        self._label()

    @Slot(str)
    def _kind_chosen(self, kind: str) -> None:
        if len(FIRST[kind]) != len(self._shape):
            self.edited.emit(FIRST[kind])

    @Slot()
    def _size_edited(self) -> None:
        self.edited.emit(tuple(int(row.value or 1) for row in self.sizes[: len(self._shape)]))

    def _label(self) -> None:
        channels, height, width = self.tr("Channels"), self.tr("Height"), self.tr("Width")
        names = {
            1: (self.tr("Numbers"),),
            2: (self.tr("Time steps"), self.tr("Features")),
            3: (channels, height, width),
            4: (channels, self.tr("Depth"), height, width),
        }[len(self._shape)]
        for row, name in zip(self.sizes, names, strict=False):
            row.set_label(name)
        align(row.head for row in self.sizes[: len(names)])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        words = {
            "3": self.tr("Picture (C, H, W)"),
            "2": self.tr("Sequence (T, F)"),
            "1": self.tr("Vector, or tokens"),
            "4": self.tr("Film (C, D, H, W)"),
        }
        self.kind.set_choices([(key, words[key]) for key in FIRST])
        self.kind.set_label(self.tr("Kind"))
        self._label()
