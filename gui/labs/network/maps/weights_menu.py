"""The menu of weights for the maps: random ones, drawn anew on demand, those of a run or of a file. Shown in the maps' card."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from engine.runs.first_filters import run_title, sees_pictures, trained_runs
from engine.runs.looked_at import BROUGHT
from engine.words import printable
from gui.labs.network.state import RANDOM
from gui.shell.language import language
from gui.widgets.labels import literal, shortened
from gui.widgets.menu_button import MenuButton

NAME_PX = 176  # a longer name of a run is elided: it would widen the card
MOST_LETTERS = 60  # of a name in the menu


class WeightsMenu(MenuButton):
    """`chosen` carries "random" or a run's folder, `redrawn` asks for other random weights."""

    chosen = Signal(str)
    redrawn = Signal()

    def __init__(self, runs_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_folder = runs_folder
        self._weights, self._seed = RANDOM, 0
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.setMenu(self.list)
        self.list.aboutToShow.connect(self.fill)
        self.retranslate()

    def show_weights(self, weights: str, seed: int) -> None:
        """Name the weights in use."""
        if (weights, seed) != (self._weights, self._seed):
            self._weights, self._seed = weights, seed
            self._write()

    @Slot()
    def fill(self) -> None:
        """List the weights that there are, when the menu is opened."""
        self.list.clear()
        self._add(self.tr("Random weights"), RANDOM)
        again = self.list.addAction(self.tr("Draw others (Ctrl+R)"))
        again.triggered.connect(lambda _on=False: self.redrawn.emit())
        runs = trained_runs(self._runs_folder, sees_pictures, language())
        self.list.addSeparator()  # with a style sheet, Qt does not draw the text of a section
        none = self.tr("No trained runs yet. Train in the training lab and they appear here.")
        self.list.addAction(self.tr("Weights of a trained run") if runs else none).setEnabled(False)
        for folder, title in runs:
            self._add(title, str(folder))
        brought = trained_runs(self._runs_folder.parent / BROUGHT, sees_pictures, language())
        if brought:
            self.list.addSeparator()
            self.list.addAction(self.tr("Weights from a file")).setEnabled(False)
        for folder, title in brought:
            self._add(title, str(folder))

    def _add(self, text: str, weights: str) -> QAction:
        short = shortened(text, MOST_LETTERS)
        action = self.list.addAction(literal(short))
        action.setToolTip(printable(text) if short != text else "")
        action.setData(weights)
        action.setCheckable(True)
        action.setChecked(weights == self._weights)
        action.triggered.connect(lambda _on=False: self.chosen.emit(weights))
        return action

    def _write(self) -> None:
        folder = Path(self._weights)
        name = "" if self._weights == RANDOM else run_title(folder, sees_pictures, language()) or folder.name
        if self._weights == RANDOM:
            self.setText(self.tr("Random weights · seed {seed}").format(seed=self._seed))
        else:
            shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_PX)
            self.setText(literal(shown))
        about = self.tr("Whose weights the maps are of: random ones, or those of a trained run")
        self.setToolTip(about if self._weights == RANDOM else f"{printable(name)}\n{about}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._write()
