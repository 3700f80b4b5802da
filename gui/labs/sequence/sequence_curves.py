"""The page of the loss curves: how the runs of the sequence lab learn, one alone or three side by side in one plot."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from gui.labs.sequence.beside_curves import BesideCurves
from gui.labs.sequence.cell_edits import BesideName
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.run_curves import RunCurves


class SequenceCurves(SequencePage):
    """`curves` are the experiment's own: loss, and where a class is guessed accuracy. `beside` are the losses of all three."""

    def __init__(self) -> None:
        super().__init__()
        self.curves = RunCurves()
        self.beside = BesideCurves()
        self.beside.hide()
        self.body.addWidget(self.beside, 1)
        self.area = QScrollArea()  # on a low page not both plots have room
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.curves.setProperty("role", "page")
        self.area.setWidget(self.curves)
        self.body.addWidget(self.area, 1)
        self.retranslate()

    def show_cells(self, cells: Collection[BesideName]) -> None:
        """Which cells run side by side; fewer than two: the experiment's own run alone is shown."""
        beside = len(cells) > 1
        if beside:
            self.beside.show_cells(cells)
        self.beside.setVisible(beside)
        self.area.setVisible(not beside)

    def page_title(self) -> str:
        return self.tr("Loss curves")

    def short_title(self) -> str:
        return self.tr("Curves", "choice of pages")
