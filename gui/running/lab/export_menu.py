"""The menu "Export" of a lab that trains: what is set as a script or a notebook, the shown run for other programs.

What is written, is written in a thread of its own, one file at a time; a sentence in the status bar says that it is there, a
dialog why it is not. Called by the lab, which has the menu among its entries and in its left column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from engine.experiments.problems import CannotRunError
from engine.files import replace_file
from engine.words import CodedError, Phrase
from gui.bridge import Latest
from gui.running.run_control import RunControl
from gui.running.run_standing import Scripted
from gui.shell import saving
from gui.shell.language import language, say, told
from gui.shell.status_line import report

if TYPE_CHECKING:
    from engine.exports.destinations import Exported

SCRIPT, NOTEBOOK, ONNX = "pytorch", "notebook", "onnx"
OF_SETTINGS = (SCRIPT, NOTEBOOK)
OF_RUN = ("csv", "tensorboard", "weights", ONNX, "zip")
OF_MOMENT = ("weights", ONNX)


@dataclass(frozen=True)
class ExportOrder:
    """What is to be written, and where. `scripted` is what a notebook is of, `folder` the run's; `moment`: whose weights, None
    for the last ones."""

    name: str
    path: Path
    language: str
    scripted: Scripted
    folder: Path | None = None
    moment: int | None = None


@dataclass(frozen=True)
class ExportEnd:
    """How that ended: `notes` are what is not in the file, `error` why there is none."""

    order: ExportOrder
    notes: tuple[Phrase, ...] = ()
    error: Exception | None = None


class ExportMenu(QMenu):
    """`actions_by_name` has an entry for each destination."""

    script_asked = Signal()
    ended = Signal(object)  # an ExportEnd, after it has been said

    def __init__(self, control: RunControl, moment: Callable[[], int | None], page: QWidget) -> None:
        """`moment` says which kept moment of the run is looked at. Dialogs lie over `page`."""
        super().__init__(page)
        self._control, self._moment, self._page = control, moment, page
        self._runnable = self._writes = False
        self._writer: Latest[ExportOrder, ExportEnd] = Latest(_written, self, name="export")
        self._writer.answered.connect(self._tell)
        self.actions_by_name: dict[str, QAction] = {}
        for group in (OF_SETTINGS, OF_RUN[:-1], OF_RUN[-1:]):
            for name in group:
                action = QAction(self)
                action.triggered.connect(lambda _on=False, name=name: self.export(name))
                self.actions_by_name[name] = action
                self.addAction(action)
            self.addSeparator()
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.follow)
        self.retranslate()

    def set_runnable(self, runnable: bool) -> None:
        """Whether the settings make a run, and so a script."""
        self._runnable = runnable

    @Slot()
    def follow(self) -> None:
        """What can be chosen now, and what stands in the way of the rest."""
        tips = self._tips()
        run = self._control.status()
        has_run = self._control.folder is not None and run is not None and run.step > 0
        for name, action in self.actions_by_name.items():
            tip = tips[name]
            can = self._runnable if name in OF_SETTINGS else has_run
            if not can:
                tip = self.tr("The settings make no run.") if name in OF_SETTINGS else self.tr("Train or open a run first.")
            elif self._writes and name != SCRIPT:
                can, tip = False, self.tr("Another file is being written.")
            action.setEnabled(can)
            action.setToolTip(tip)

    @Slot(str)
    def export(self, name: str) -> None:
        """Show the script, or ask for a file and have it written."""
        self.follow()
        if not self.actions_by_name[name].isEnabled():
            return
        if name == SCRIPT:
            self.script_asked.emit()
            return
        scripted, folder = self._control.scripted(), self._control.folder
        moment = self._moment() if name in OF_MOMENT else None
        suggested = (self._control.experiment if name in OF_RUN else None) or scripted.experiment
        stem = suggested.name if moment is None else f"{suggested.name} {moment}"
        path = saving.ask(self._page, self._title(name), stem, [self._kinds()[name]])
        if path is None:
            return
        order = ExportOrder(name, path, language(), scripted, folder if name in OF_RUN else None, moment)
        report(self._page, self.tr("Writing {file}...").format(file=path))
        self._writes = True
        self._writer.ask(order)

    @Slot(object)
    def _tell(self, end: ExportEnd) -> None:
        path, title = end.order.path, self._title(end.order.name)
        self._writes = False
        match end.error:
            case None:
                saving.report_saved(self._page, path)
                if end.notes:
                    said = [say("saving", "saved", file=path), *(note.say(language()) for note in end.notes)]
                    QMessageBox.information(self._page, title, "\n".join(said))
            case CannotRunError():
                QMessageBox.warning(self._page, title, end.error.problem.sentence(language()))
            case CodedError():
                QMessageBox.warning(self._page, title, told(end.error))
            case _:
                saving.refuse(self._page, title, path, end.error)
        self.follow()
        self.ended.emit(end)

    def close_menu(self, timeout_s: float) -> None:
        """End the thread. A file that is being written is written whole or not at all."""
        self._writer.close(timeout_s)

    # --- words

    def _title(self, name: str) -> str:
        return self.actions_by_name[name].text().removesuffix("...")

    def _kinds(self) -> dict[str, str]:
        return {
            NOTEBOOK: self.tr("Jupyter notebooks (*.ipynb)"),
            "csv": self.tr("Tables (*.csv)"),
            "tensorboard": self.tr("TensorBoard files (*.tfevents)"),
            "weights": self.tr("Weights (*.safetensors)"),
            ONNX: self.tr("ONNX networks (*.onnx)"),
            "zip": self.tr("Zip files (*.zip)"),
        }

    def _tips(self) -> dict[str, str]:
        return {
            SCRIPT: self.tr("The whole experiment as a Python script that runs without this program"),
            NOTEBOOK: self.tr("The same as a notebook, with a few words on each part. Its losses are the run's."),
            "csv": self.tr("Losses, accuracies and learning rate of every iteration, for a spreadsheet"),
            "tensorboard": self.tr("The same with the histograms of the weights, for TensorBoard"),
            "weights": self.tr("Of the end of the run, or of the moment that is looked at, in the order of the layers"),
            ONNX: self.tr("For other programs that run or draw networks. It is run once and compared before it is saved."),
            "zip": self.tr("All of the run in one file, to send. File > Open opens it again."),
        }

    def retranslate(self) -> None:
        self.setTitle(self.tr("Export"))
        texts = {
            SCRIPT: self.tr("PyTorch script..."),
            NOTEBOOK: self.tr("Jupyter notebook..."),
            "csv": self.tr("Measurements as a table (CSV)..."),
            "tensorboard": self.tr("TensorBoard file..."),
            "weights": self.tr("Weights (safetensors)..."),
            ONNX: self.tr("Network as ONNX..."),
            "zip": self.tr("Whole run (zip)..."),
        }
        for name, action in self.actions_by_name.items():
            action.setText(texts[name])
        self.follow()


def _written(order: ExportOrder) -> ExportEnd:
    """Write the file. What goes wrong is how it ends."""
    try:
        made = _made(order)
        replace_file(order.path, made.content)
    except Exception as error:
        return ExportEnd(order, error=error.with_traceback(None))
    return ExportEnd(order, made.notes)


def _made(order: ExportOrder) -> Exported:
    from engine.exports.destinations import Exported, Wanted, export
    from engine.exports.outgoing import Outgoing

    if order.folder is None:
        from engine.exports.notebook import notebook

        experiment, rates, changes = order.scripted
        return Exported(notebook(experiment, rates, changes=changes, language=order.language))
    if order.name == ONNX:
        from engine.exports.onnx_process import onnx_elsewhere

        return Exported(onnx_elsewhere(order.folder, order.moment, order.language))
    return export(order.name, Outgoing.of_run(order.folder), Wanted(order.moment, order.language))
