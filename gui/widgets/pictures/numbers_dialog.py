"""Numbers of one's own as a picture: typed, or pasted from a table or a program. Opened by the picture picker."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from engine.cells.own_numbers import has_room, numbers, numbers_of, text_of
from engine.figures import shape_text
from engine.pictures import Picture, PictureError
from gui.shell.language import say
from gui.shell.theme import set_role
from gui.widgets.labels import label

SIZE_PX = (420, 380)


class NumbersDialog(QDialog):
    """`taken` carries the key of the numbers. While they are typed, their size or what is wrong with them stands below."""

    taken = Signal(str)

    def __init__(self, picture: Picture | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Numbers of your own"))
        self._key = ""
        about = label("muted", wraps=True)
        about.setText(
            self.tr(
                "A row a line, numbers apart by spaces, commas or tabs; an empty line begins the next channel. Lists of Python "
                "and cells of a table can be pasted too."
            )
        )
        self.text = QPlainTextEdit()
        self.text.setProperty("role", "code")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.windowTitle())
        self.said = label("muted", wraps=True)
        self.said.setMinimumHeight(2 * self.said.fontMetrics().lineSpacing())  # a sentence, or a size: nothing moves
        self.buttons = QDialogButtonBox()
        self.take_button = self.buttons.addButton(self.tr("Use"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part, share in ((about, 0), (self.text, 1), (self.said, 0), (self.buttons, 0)):
            column.addWidget(part, share)
        self.text.textChanged.connect(self._read)
        if picture is not None and has_room(picture):
            self.text.setPlainText(text_of(picture))
        self._read()
        self.text.setFocus()
        self.text.selectAll()
        self.finished.connect(self.deleteLater)
        self.resize(*SIZE_PX)

    @Slot()
    def _read(self) -> None:
        text, self._key = self.text.toPlainText(), ""
        said = ""
        try:
            if text.strip():
                self._key = numbers_of(text)
                said = shape_text(numbers(self._key).shape)
        except PictureError as error:
            said = say("pictures", error.code, **error.values)
        set_role(self.said, "muted" if self._key or not said else "warning")
        self.said.setText(said)
        self.take_button.setEnabled(bool(self._key))

    @Slot()
    def _take(self) -> None:
        if self._key:
            self.taken.emit(self._key)
            self.accept()
