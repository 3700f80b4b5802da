"""Takes the network along: into the training lab, as code, as a table, as a file. Called by the network lab.

`taking` makes the texts and the experiments; this module asks the user, fills the clipboard and saves.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.scripts.export import network_to_pytorch
from engine.figures import shape_text
from engine.networks import hints
from engine.networks.summary import as_csv, as_markdown, as_table
from gui.labs.network.reading import Reading
from gui.labs.network.taking import adapted, network_file, refusal, trainable
from gui.shell import saving
from gui.shell.language import language, say
from gui.shell.status_line import report
from gui.widgets.labels import shortened


class TakeAlong(QObject):
    """`show_network` says which network. `offered` carries the Experiment that is to be trained."""

    offered = Signal(object)

    def __init__(self, page: QWidget, title: str, reading: Reading) -> None:
        super().__init__(page)
        self._page, self._title, self._reading = page, title, reading

    def show_network(self, title: str, reading: Reading) -> None:
        self._title, self._reading = title, reading

    def train(self) -> None:
        """Ask for the training lab, with this network on data that fit it. Where there are none, offer the network adapted to
        some."""
        title, reading = self._title, self._reading
        if reading.problem is not None:
            return
        found = trainable(title, reading) or self._adapted(adapted(title, reading))
        if found is not None:
            self.offered.emit(found)

    def _adapted(self, offer: Experiment | None) -> Experiment | None:
        """Ask whether the adapted network `offer` is wanted; None where it is not, or where there is none to offer."""
        ask = QMessageBox(QMessageBox.Icon.Question, self.tr("Train this network"), "", parent=self._page)
        shape, output = (shape_text(each) for each in (self._reading.input, self._reading.trace.output))
        text = self.tr("There are no data for inputs of {shape} and outputs of {outputs}.").format(shape=shape, outputs=output)
        ask.setText(text)
        if offer is None:
            ask.setInformativeText(self._why_not())
            ask.addButton(QMessageBox.StandardButton.Ok)
            ask.exec()
            ask.deleteLater()
            return None
        data = say("datasets", offer.data.name)
        fits = self.tr("With an input of {shape} and {outputs} outputs it can be trained on: {data}. Here it stays as it is.")
        info = describe(offer.data)
        ask.setInformativeText(fits.format(shape=shape_text(info.input), outputs=info.outputs, data=data))
        taken = ask.addButton(self.tr("Train on {data}").format(data=data), QMessageBox.ButtonRole.AcceptRole)
        ask.addButton(QMessageBox.StandardButton.Cancel)
        ask.exec()
        ask.deleteLater()
        return offer if ask.clickedButton() is taken else None

    def _why_not(self) -> str:
        """Why no data fit, and what would help."""
        if self._reading.hint is not None:
            return hints.text(self._reading.hint, language())
        found = refusal(self._title, self._reading)
        if found is None:
            return self.tr("No data have such an input.")
        data, why = found
        return self.tr("On {data}: {why}").format(data=say("datasets", data), why=why.sentence(language()))

    def code(self) -> str:
        """The network as PyTorch code."""
        return network_to_pytorch(self._title, self._reading.enabled.layers, self._reading.input)

    def copy_code(self) -> None:
        if self._reading.problem is None:
            QGuiApplication.clipboard().setText(self.code())
            report(self._page, self.tr("Copied: the network as PyTorch code"))

    def copy_table(self, form: Literal["text", "markdown", "csv"]) -> None:
        """The network's table on the clipboard."""
        found, layers, title = self._reading.trace, self._reading.enabled.layers, self._title
        if form == "csv":
            text = as_csv(found, layers)
        else:
            text = (as_markdown if form == "markdown" else as_table)(title, found, layers)
        QGuiApplication.clipboard().setText(text)
        report(self._page, self.tr("Copied: the table of {network}").format(network=shortened(title)))

    def ask_and_save(self) -> None:
        """Save the network as a file."""
        text = network_file(self._title, self._reading)
        title, kinds = self.tr("Save the network"), [self.tr("Networks (*.toml)")]
        saving.ask_and_save(self._page, title, self._title, kinds, lambda _path: text)
