"""The experiment as a PyTorch script, to read, to copy and to save. Opened by the labs that train."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from engine.experiments.scripts.export import to_pytorch
from gui.running.run_standing import Scripted
from gui.shell import saving
from gui.shell.status_line import report

SIZE_PX = (760, 560)


class ScriptDialog(QDialog):
    """Shows the script of an experiment that can be trained, with what was changed in mid-run."""

    def __init__(self, made: Scripted, parent: QWidget) -> None:
        super().__init__(parent)
        self._page, self._name = parent, made.experiment.name
        self.setWindowTitle(self.tr("PyTorch script"))
        self.text = QPlainTextEdit(to_pytorch(made.experiment, made.rates, changes=made.changes))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setProperty("role", "code")
        self.text.setAccessibleName(self.windowTitle())
        self.copy, self.save, self.done_button = QPushButton(), QPushButton(), QPushButton()
        row = QHBoxLayout()
        row.addStretch(1)
        for button, words, slot in (
            (self.copy, self.tr("Copy"), self.copy_text),
            (self.save, self.tr("Save..."), self.ask_and_save),
            (self.done_button, self.tr("Close"), self.accept),
        ):
            button.setText(words)
            button.clicked.connect(slot)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self.finished.connect(self.deleteLater)
        self.resize(*SIZE_PX)

    def copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        report(self._page, self.tr("Copied: the experiment as a PyTorch script"))

    def ask_and_save(self) -> None:
        text = self.text.toPlainText()
        title, kinds = self.tr("Save the script"), [self.tr("Python scripts (*.py)")]
        saving.ask_and_save(self, title, self._name, kinds, lambda _path: text)
