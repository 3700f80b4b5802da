"""The patterns to choose from, and the shape of the one that is shown. Called by the picture picker."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.pictures import (
    MOST_CHANNELS,
    MOST_NUMBERS,
    MOST_SIDE,
    PATTERNS,
    is_pattern,
    pattern_key,
    pattern_parts,
)
from gui.shell.language import say
from gui.shell.theme import set_role
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.pictures.thumb import Thumb

PATTERN_PX = 30
SIZE_BOX_PX = 66
USUAL = (1, 28, 28)
ON_THUMBS = dict.fromkeys(PATTERNS, (1, 8, 8)) | {"impulse": (1, 7, 7), "hangul": (1, 64, 64), "gradient": (1, 24, 24)}
_AXES = ("C", "H", "W")


class PatternRow(QWidget):
    """`asked` carries the key of a pattern. The owner paints the thumbs, and gives a place to `sizes`, the three boxes for the
    pattern's shape. Each box limits the others, so that only valid shapes can be set."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._shape = USUAL
        self.thumbs: dict[str, Thumb] = {}
        thumbs = QHBoxLayout()
        thumbs.setSpacing(6)
        for name in PATTERNS:
            thumb = Thumb(PATTERN_PX)
            thumb.clicked.connect(lambda _on=False, name=name: self._ask(name, self._shape))
            self.thumbs[name] = thumb
            thumbs.addWidget(thumb)
        thumbs.addStretch(1)
        self.sizes = QWidget()
        sizes = QHBoxLayout(self.sizes)
        sizes.setContentsMargins(0, 0, 0, 0)
        sizes.setSpacing(4)
        self.boxes = (NumberBox(), NumberBox(), NumberBox())
        for axis, box in zip(_AXES, self.boxes, strict=True):
            if axis != "C":
                sign = QLabel("×")
                set_role(sign, "muted")
                sizes.addWidget(sign)
            box.setPrefix(f"{axis} ")
            box.setFixedWidth(SIZE_BOX_PX)
            box.valueChanged.connect(self._resized)
            sizes.addWidget(box)
        sizes.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(thumbs)
        self.sizes.hide()
        self.retranslate()

    def show_key(self, key: str) -> None:
        """Show which picture is in use, without emitting a signal. Only a pattern has boxes."""
        shown = is_pattern(key)
        self.sizes.setVisible(shown)
        if not shown:
            return
        self._name, self._shape = pattern_parts(key)
        channels, height, width = self._shape
        mosts = (
            min(MOST_CHANNELS, MOST_NUMBERS // (height * width)),
            min(MOST_SIDE, MOST_NUMBERS // (channels * width)),
            min(MOST_SIDE, MOST_NUMBERS // (channels * height)),
        )
        for box, most, value in zip(self.boxes, mosts, self._shape, strict=True):
            box.setRange(1, most)
            box.show_value(value)

    @Slot()
    def _resized(self) -> None:
        channels, height, width = (int(box.value()) for box in self.boxes)
        self._ask(self._name, (channels, height, width))

    def _ask(self, name: str, shape: tuple[int, int, int]) -> None:
        self.asked.emit(pattern_key(name, shape))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        for name, thumb in self.thumbs.items():
            thumb.setAccessibleName(say("pictures", name))
            thumb.setAccessibleDescription(say("pictures", f"{name}.about"))
            thumb.setToolTip(f"{say('pictures', name)}: {say('pictures', f'{name}.about')}")
        for box, text in zip(self.boxes, (self.tr("Channels"), self.tr("Height"), self.tr("Width")), strict=True):
            box.setAccessibleName(text)
            box.setToolTip(text)
