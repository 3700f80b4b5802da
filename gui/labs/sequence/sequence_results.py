"""What the sequence lab shows of a run: pages in the centre and beside it, under the name of their run. Called by the lab."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from engine.figures import full_count
from gui.labs.sequence.cell_edits import BesideName
from gui.labs.sequence.sequence_pages import SequencePages
from gui.running.lab.lab_results import GAP, LabResults
from gui.widgets.one_line import OneLine

SIDE_PX = (316, 380)  # of the pages beside the centre: at least, at most


class SequenceResults(LabResults):
    """`settings_toggled`: the user wants the settings beside the results, or their room."""

    settings_toggled = Signal(bool)
    pages: SequencePages

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = QToolButton(self)  # before the rest, also for the Tab key
        self.settings.setProperty("role", "link")
        self.settings.setCheckable(True)
        self.settings.setChecked(True)
        self.settings.clicked.connect(self.settings_toggled)
        self.waiting, self.beside = OneLine(), OneLine()
        self._has_side = True
        self._waits: tuple[Collection[str], str] = ((), "")
        self._reached: Mapping[BesideName, tuple[int, int]] = {}
        pages = SequencePages(self.fading)
        curves = pages.curves.curves
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.settings)
        line.addWidget(curves.name_line, 1)
        line.addWidget(self.beside, 2)
        line.addWidget(self.waiting, 2)
        self.column.setSpacing(4)
        self.column.addLayout(line)
        side_by_side: list[tuple[QWidget, int]] = [(pages.centre, 2)]
        if (side := pages.side) is not None:
            side.setMinimumWidth(SIDE_PX[0])
            side.setMaximumWidth(SIDE_PX[1])
            side_by_side.append((side, 1))
        self.show_beside_each_other(curves, pages, side_by_side)
        self.veil.spare(pages.pages["conventions"])
        self.retranslate()

    def set_settings_shown(self, shown: bool) -> None:
        """Whether the settings stand beside the results."""
        self.settings.setChecked(shown)
        self._write_settings()

    def set_side_shown(self, shown: bool) -> None:
        """Whether there is room for the pages beside the centre."""
        if self.pages.side is not None:
            self._has_side = shown
            self.pages.side.setVisible(shown)
            self.pages.questions_changed.emit()
            self._write_settings()

    def set_waiting(self, cells: Collection[str], button: str) -> None:
        """`cells` beside the shown one have no run yet: the button with that text begins it."""
        self._waits = cells, button
        text = self.tr("{cells}: press {button}, and they learn beside it.")
        self.waiting.set_text(text.format(cells=", ".join(cells), button=button))
        self.waiting.setVisible(bool(cells))

    def set_reached(self, reached: Mapping[BesideName, tuple[int, int]]) -> None:
        """How many iterations each cell beside the shown one has done, of how many: each is at one of its own."""
        self._reached = reached
        text = self.tr("{cell}: iteration {step} / {steps}")
        tip = self.tr("The cells take turns, and each one learns from iteration 0: compare them at the same iteration")
        said = [
            text.format(cell=cell, step=full_count(step), steps=full_count(steps)) for cell, (step, steps) in reached.items()
        ]
        self.beside.set_text(" · ".join(said), tip=tip)
        self.beside.setVisible(bool(said))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.settings.setToolTip(self.tr("Make room: hide the settings, or show them again"))
        self._write_settings()
        self.set_waiting(*self._waits)
        self.set_reached(self._reached)

    def _write_settings(self) -> None:
        """In a narrow window the settings have the place of the pages beside the centre, and nobody would look for these."""
        text = self.tr("Show the settings")
        if self.settings.isChecked():
            text = self.tr("Hide the settings") if self._has_side else self.tr("One step, gradient, memory: hide the settings")
        if text != self.settings.text():
            self.settings.setText(text)
            self.settings.setAccessibleName(text)
