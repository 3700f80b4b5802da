"""The small dialogs of the list of runs: a name, a note, how many epochs more. Called by its page."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.experiments.experiment import Training
from engine.fields import fields
from engine.runs.library.run_notes import MOST_LETTERS
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, set_text

MOST_NAME = 200


class RunDialog(QDialog):
    """A line that says what is asked, one control, OK and Cancel."""

    def __init__(self, title: str, asked: str, control: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        said = label("muted", wraps=True)
        set_text(said, asked)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(said)
        column.addWidget(control, 1)
        column.addWidget(buttons)
        self.finished.connect(self.deleteLater)


class NameDialog(RunDialog):
    def __init__(self, name: str, parent: QWidget) -> None:
        self.box = QLineEdit(name)
        self.box.setMaxLength(MOST_NAME)
        super().__init__(self.tr("Rename the run"), self.tr("The run's name. Its folder keeps its own."), self.box, parent)
        self.box.setAccessibleName(self.windowTitle())
        self.box.textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        self.box.selectAll()
        self.setMinimumWidth(380)


class NoteDialog(RunDialog):
    def __init__(self, name: str, note: str, parent: QWidget) -> None:
        self.box = QPlainTextEdit(note)
        super().__init__(self.tr("Note"), self.tr("What you want to remember of “{name}”.").format(name=name), self.box, parent)
        self.box.setAccessibleName(self.windowTitle())
        self.resize(420, 240)

    @property
    def note(self) -> str:
        return self.box.toPlainText()[:MOST_LETTERS]


class EpochsDialog(RunDialog):
    """For how many epochs more a run goes on."""

    def __init__(self, name: str, done: int, proposed: int, parent: QWidget) -> None:
        self.row = NumberRow(fields(Training)["epochs"])
        self.row.slider.hide()
        self.row.head.setMinimumWidth(0)
        self.row.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.row.set_value(proposed)
        self.epochs = proposed
        asked = self.tr("“{name}” has done {done} epochs. For how many more does it go on?").format(name=name, done=done)
        super().__init__(self.tr("Go on with the run"), asked, self.row, parent)
        self.row.set_label(self.tr("More epochs"), "")
        self.row.value_changed.connect(self._set)
        self.setMinimumWidth(380)

    def _set(self, value: object) -> None:
        if isinstance(value, int):
            self.epochs = value
