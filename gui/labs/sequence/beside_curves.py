"""The loss curves of the cells side by side in one plot: training solid, validation dashed, a colour a cell.

Called by the page of the curves. It is shown histories and knows nothing of workers.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.runs.history import History
from engine.runs.status import Status
from gui.labs.sequence.cell_edits import BESIDE_NAMES, BesideName
from gui.plots.curve_card import CurveCard
from gui.shell.language import say

COLOURS: dict[BesideName, int] = {"LSTM": 0, "RNN": 1, "GRU": 2, "Conv1d": 3}


class BesideCurves(QWidget):
    """`draw` takes over what is new in the history of one cell's run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cursors: dict[str, int] = {}
        self._loss: str = "mean_squared_error"
        self._cells: tuple[BesideName, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.loss = CurveCard("value", log_offered=True)
        self._column.addWidget(self.loss, 1)
        self.retranslate()

    def show_cells(self, cells: Collection[BesideName]) -> None:
        """Which cells run side by side. Of others there are no curves."""
        shown = tuple(cell for cell in BESIDE_NAMES if cell in cells)
        if shown == self._cells:
            return
        self._cells = shown
        self._cursors.clear()
        view, before = self.loss.view, self.loss
        self.loss = CurveCard("value", log_offered=True)
        for cell in shown:
            self.loss.add(f"{cell}.train", COLOURS[cell])
            self.loss.add(f"{cell}.validation", COLOURS[cell], dashed=True, smoothed=False)
        self.loss.set_view(view)
        self._column.replaceWidget(before, self.loss)
        before.hide()
        before.deleteLater()
        self.retranslate()

    def show_kind(self, experiment: Experiment) -> None:
        """What runs of `experiment` make small; where its data cannot be had, nobody knows that."""
        try:
            name = experiment.training.loss or describe(experiment.data).loss
        except DatasetError:
            return
        if name != self._loss:
            self._loss = name
            self.retranslate()

    def forget(self) -> None:
        """Show no curves."""
        self._cursors.clear()
        self.loss.clear()

    def take(self, cell: BesideName, history: History, status: Status) -> None:
        """Take over what the history of a cell's run has got since the last time."""
        if cell not in self._cells:
            return
        for part, curve in (("train", history.train), ("validation", history.validation)):
            key = f"{cell}.{part}"
            steps, losses, _ = curve.since(self._cursors.get(key, 0))
            self._cursors[key] = self._cursors.get(key, 0) + len(steps)
            self.loss.append(key, steps, losses)
        if status.steps:
            self.loss.set_length(status.steps, status.epochs)
        self.loss.data.note_time(status.step, status.seconds)

    def draw(self) -> None:
        self.loss.draw()
        self.loss.read_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        validation = self.tr("{cell}, validation")
        names: dict[str, str] = {}
        for cell in self._cells:
            names |= {f"{cell}.train": cell, f"{cell}.validation": validation.format(cell=cell)}
        self.loss.set_title(self.tr("Loss of the cells ({name}) · dashed: validation").format(name=say("choices", self._loss)))
        self.loss.set_names(names, say("choices", self._loss))
        self.loss.export_name = "cells side by side"
