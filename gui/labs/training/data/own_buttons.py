"""The ways to data of one's own: a folder of pictures, a table, a text, drawings. Called by the settings and by the view of the
data."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

OwnKind: TypeAlias = Literal["pictures", "table", "text", "draw"]
OWN_KINDS: tuple[OwnKind, ...] = get_args(OwnKind)


class OwnButtons(QWidget):
    """`asked` carries the kind that the user wants to choose."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {kind: QPushButton() for kind in OWN_KINDS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for number, (kind, button) in enumerate(self.buttons.items()):
            button.setProperty("role", "link")
            button.clicked.connect(lambda _on=False, kind=kind: self.asked.emit(kind))
            grid.addWidget(button, number // 2, number % 2, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(2, 1)
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        texts = {
            "pictures": (
                self.tr("Own pictures..."),
                self.tr("A folder of pictures, with a folder for each class in it. Dropping it onto the lab works too."),
            ),
            "table": (
                self.tr("Own table..."),
                self.tr("A CSV or TSV file: its columns of numbers and words are read, one of them is to be answered."),
            ),
            "text": (self.tr("Own text..."), self.tr("A text file, character by character, for a recurrent network")),
            "draw": (
                self.tr("Draw them..."),
                self.tr("Draw pictures and label them: a data set of your own, kept as a folder"),
            ),
        }
        for kind, button in self.buttons.items():
            button.setText(texts[kind][0])
            button.setToolTip(texts[kind][1])
