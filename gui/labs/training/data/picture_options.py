"""What own pictures become for the network: their size, grey or red, green and blue. Called by the card that says what data
are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.info import Data, DataInfo
from engine.fields import edited
from engine.figures import shape_text
from gui.widgets.forms.controls import ChoiceRow, align

SIDES = (8, 16, 24, 28, 32, 48, 64, 96, 128, 192, 256)
USUAL = ""


class PictureOptions(QWidget):
    """`show_data` shows what is set; `edited` carries the whole new Data."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = Data()
        self._info: DataInfo | None = None
        self.sides, self.channels = ChoiceRow(), ChoiceRow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.sides)
        column.addWidget(self.channels)
        self.sides.chosen.connect(self._size_chosen)
        self.channels.chosen.connect(self._channels_chosen)
        self.retranslate()

    def show_data(self, data: Data, info: DataInfo | None) -> None:
        """Show what is set, and of `info` what comes of it; nothing is emitted."""
        self._data, self._info = data, info
        self.retranslate()

    def _size_chosen(self, key: str) -> None:
        self._set(size=_size(key))

    def _channels_chosen(self, key: str) -> None:
        self._set(channels=None if key == USUAL else int(key))

    def _set(self, **changes: object) -> None:
        self.edited.emit(edited(self._data, **changes))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        data, info = self._data, self._info
        usual, sides = self.tr("as it suits them"), [(str(side), f"{side} × {side}") for side in SIDES]
        found = None if info is None else info.size
        if found is not None and data.size is None:
            usual = self.tr("{size} (suits them)").format(size=shape_text(found))
        own = _key(data.size)
        if own not in {USUAL, *(key for key, _ in sides)}:
            sides.insert(0, (own, shape_text(found or data.size)))  # type: ignore[arg-type]
        self.sides.set_label(self.tr("Size"), self.tr("Height and width of all pictures, in pixels; each is scaled to it"))
        self.sides.set_choices([(USUAL, usual), *sides])
        self.sides.set_value(own)
        colours = {1: self.tr("Grey"), 3: self.tr("RGB")}
        usual = self.tr("as they are")
        if info is not None and info.channels is not None and data.channels is None:
            usual = self.tr("{colours} (as they are)").format(colours=colours[info.channels])
        self.channels.set_label(self.tr("Colours"), self.tr("One channel, grey, or three: red, green and blue"))
        self.channels.set_choices([(USUAL, usual), *((str(count), text) for count, text in colours.items())])
        self.channels.set_value(USUAL if data.channels is None else str(data.channels))
        align((self.sides.head, self.channels.head))


def _key(size: int | tuple[int, ...] | None) -> str:
    if size is None:
        return USUAL
    return str(size) if isinstance(size, int) else "×".join(map(str, size)) if len(set(size)) > 1 else str(size[0])


def _size(key: str) -> int | tuple[int, ...] | None:
    if key == USUAL:
        return None
    sides = tuple(int(part) for part in key.split("×"))
    return sides[0] if len(sides) == 1 else sides
