"""The page "try it": a drawing, a picture of one's own or a validation sample through the network that is looked at, turned,
shifted and scaled, with the answer live.

What the network gets is exact: the question carries the very numbers, and the answer brings them back with it. While an answer
is awaited, a slider that moves on asks nothing: the newest question comes after it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from engine.data.info import DatasetError
from engine.data.source import Framing
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.meaning import meaning_of
from engine.figures import full_count, in_decimals, percent, shape_text
from engine.judging.moving import moved
from engine.judging.own_picture import OwnInput, framing_of, own_input
from engine.judging.tried import Trial, Tried
from engine.layers.base import Shape
from engine.networks.output_meaning import OutputMeaning
from engine.pictures import Picture
from engine.runs.folder import default_root
from engine.words import printable
from gui.labs.training.judged.judged_page import same_network
from gui.labs.training.pages.roomy_page import RoomyPage
from gui.labs.training.trying.try_board import TryBoard
from gui.running.result_page import ModelQuestion
from gui.widgets.labels import label, shortened
from gui.widgets.pictures.drawing_canvas import SIDES, DrawnImage, blank, picture_of
from gui.widgets.pictures.picture_files import LoadedPicture
from gui.widgets.pictures.picture_picker import PicturePicker

PATIENCE_MS = 400  # after so long without an answer, a newer question is asked all the same


class TryPage(RoomyPage):
    """`compare_asked`: the user wants to see how two networks bear what the sliders do."""

    compare_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._classes: tuple[str, ...] = ()
        self._shape: Shape = ()
        self._samples = 1  # of the validation set
        self._layers: tuple[str, ...] = ()
        self._meaning: OutputMeaning = "scores"
        self._framing: Framing | None = None
        self._source: int | Picture = 0  # the number of a validation sample, or a picture
        self._is_drawing = False
        self._asked: int | None = None  # the class whose saliency is shown; None: that of the answer
        self._own: OwnInput | None = None  # what became of the picture
        self._trial: Trial | None = None
        self._told: Trial | None = None  # the question that has been asked, and is not answered yet
        self.tried: Tried | None = None
        self._late = QTimer(self, singleShot=True)
        self._late.setInterval(PATIENCE_MS)
        self._late.timeout.connect(self._tell)
        self.board = TryBoard()
        self.note = label("muted", wraps=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self.board, 1)
        self.column.addWidget(self.note, 1)
        self.setAcceptDrops(True)
        board = self.board
        board.motion_changed.connect(self._ask)
        board.canvas.changed.connect(self._drawn)
        board.canvas.rested.connect(self._drawn)
        board.saliency.value_changed.connect(lambda _on: self._show())
        board.placed.value_changed.connect(lambda _on: self._take_picture())
        board.bars.class_chosen.connect(self._class_chosen)
        board.compare.clicked.connect(self.compare_asked)
        for name, slot in (
            ("clear", self._clear),
            ("open", self._open),
            ("paste", self._paste),
            ("next", self._next),
        ):
            board.sources[name].clicked.connect(slot)
        self.retranslate()

    def page_title(self) -> str:
        return self.tr("Try it")

    def short_title(self) -> str:
        return self.tr("Try", "choice of pages")

    def suits(self, experiment: Experiment | None) -> bool:
        """Whether the network reads pictures: there is something to draw."""
        return experiment is None or bool(_picture_shape(experiment))

    # --- what is asked

    def question(self) -> ModelQuestion | None:
        return self._trial

    def show_run(self, experiment: Experiment | None) -> None:
        if same_network(experiment, self._experiment) and experiment is not None:
            return
        self._experiment = experiment
        self._classes, self._shape, self._trial, self._told, self.tried = (), (), None, None, None
        if experiment is not None:
            try:
                info = describe(experiment.data)
                if info.task == "classification" and len(info.input) == 3:
                    self._classes, self._shape, self._samples = info.classes, info.input, max(1, info.validation)
                    self._meaning = meaning_of(experiment)
                    self._framing = framing_of(info.name)
                    self._layers = tuple(type(layer).__name__ for layer in experiment.network.layers)
                    self.board.set_size(info.input)
            except DatasetError:
                pass
        self._asked = None
        self.board.placed.setVisible(self._framing is not None)
        self._take_picture()
        self._show()

    @Slot()
    def _take_picture(self) -> None:
        """Make the network's input of the picture, and ask."""
        self._own = None
        if self._shape and isinstance(self._source, Picture):
            channels, height, width = self._shape
            self._own = own_input(self._source, (channels, height, width), self._framing if self.board.placed.value else None)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        """Ask about what is there now; while an answer is awaited, after it."""
        if not self._shape:
            return
        values: int | NDArray[np.float32] = self._own.values if self._own is not None else 0
        source = self._source if isinstance(self._source, int) else values
        self._trial = Trial(source, self.board.motion, self._meaning, self._asked)
        if self.tried is None:
            self._show_seen()
        if self._told is None:
            self._tell()
        elif not self._late.isActive():
            self._late.start()

    @Slot()
    def _tell(self) -> None:
        self._told = self._trial
        self.question_changed.emit()

    def show_answer(self, answer: Any) -> None:
        self._late.stop()
        told, self._told = self._told, None
        self.tried = answer
        self._show()
        if answer is not None and told is not None and told is not self._trial:
            self._tell()

    # --- what is shown

    def _show(self) -> None:
        there = bool(self._shape)
        self.board.setVisible(there)
        self.note.setVisible(not there)
        self.enlarge_button.setEnabled(there)
        if not there:
            self.line.set_text("")
            self.note.setText(
                self.none_yet(self.tr("Once a run has begun, its network can be tried here on pictures of your own."))
            )
            return
        self.board.bars.show_answers(self._classes, self.tried)
        self.board.maps.show_maps(() if self.tried is None else self.tried.maps, self._layers)
        self._show_seen()
        self.board.about.setText(self._about())
        self.line.set_text(*self._answer_texts())

    def _show_seen(self) -> None:
        found = self.tried
        if found is not None:
            saliency = found.saliency if self.board.saliency.value and found.is_finite else None
            self.board.seen.show_picture(found.input, saliency)
        else:
            own = None if self._own is None else moved(self._own.values, self.board.motion)
            self.board.seen.show_picture(own, None)

    def _answer_texts(self) -> tuple[str, ...]:
        found = self.tried
        if found is None:
            return (self.tr("No network to ask yet"),)
        if not found.is_finite:
            return (self.tr("The answers are no longer finite numbers."),)
        answer = float(found.answers[found.predicted])
        said = in_decimals(answer, 2) if found.is_values else percent(answer)
        text = self.tr("Answer: {name} ({certainty})").format(name=self._classes[found.predicted], certainty=said)
        if found.label is None:
            return (text,)
        return (text + " · " + self.tr("true: {name}").format(name=self._classes[found.label]), text)

    def _about(self) -> str:
        """What was done to the picture to make it the network's input."""
        size = self.tr("{size}, values from 0 to 1").format(size=shape_text(self._shape))
        if isinstance(self._source, int):
            name = self.tr("Validation sample {number}").format(number=full_count(self._source % self._samples))
            return f"{name} · {size}"
        name = self.tr("Drawing") if self._is_drawing else shortened(printable(self._source.name), 24)
        own = self._own
        if own is None or own.framing is None:
            done = self.tr("cut to the input's proportions and scaled")
        elif own.framing.middle == "mass":
            done = self.tr("cut to its ink, longer side {side} pixels, centre of mass in the middle")
        else:
            done = self.tr("cut to its ink, longer side {side} pixels, in the middle")
        if own is not None and own.framing is not None:
            done = done.format(side=own.framing.side)
        if own is not None and own.turned:
            done += ", " + self.tr("dark and light exchanged")
        return f"{name}: {done} · {size}"

    # --- sources

    def show_sample(self, number: int) -> None:
        """Try the validation sample of this number, as it is."""
        self._source, self._is_drawing, self._asked = number, False, None
        self.board.reset()
        self._take_picture()

    @property
    def source(self) -> int | Picture:
        """The number of a validation sample, or a picture."""
        return self._source

    @Slot()
    def _drawn(self) -> None:
        self._source, self._is_drawing, self._asked = picture_of(self.board.canvas.drawing), True, None
        self._take_picture()

    @Slot()
    def _clear(self) -> None:
        self.board.canvas.show_drawing(DrawnImage(blank(SIDES[0]), white_paper=False))
        self._drawn()

    @Slot()
    def _next(self) -> None:
        self._source = self._source + 1 if isinstance(self._source, int) else 0
        self._is_drawing, self._asked = False, None
        self._take_picture()

    @Slot(int)
    def _class_chosen(self, number: int) -> None:
        self._asked = number
        self._ask()

    @cached_property
    def picker(self) -> PicturePicker:
        """Reads files and the clipboard, in a thread of its own; only its dialog is ever seen."""
        picker = PicturePicker(default_root().parent / "pictures", self)
        picker.hide()
        picker.loaded.connect(self._loaded)
        picker.failed.connect(self._failed)
        return picker

    @Slot()
    def _open(self) -> None:
        self.picker.open_dialog()

    @Slot()
    def _paste(self) -> None:
        self.picker.paste()

    @Slot(object)
    def _loaded(self, loaded: LoadedPicture) -> None:
        self._source, self._is_drawing, self._asked = loaded.picture, False, None
        self._take_picture()

    @Slot()
    def _failed(self) -> None:
        self.board.about.setText(self.picker.warning)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._shape and PicturePicker.offers(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.picker.take(event.mimeData())

    def close_page(self, deadline_s: float) -> None:
        self.bring_back()
        if "picker" in self.__dict__:
            self.picker.close_reader(deadline_s)

    # --- words

    def retranslate(self) -> None:
        super().retranslate()
        self._show()


def _picture_shape(experiment: Experiment) -> Shape:
    """Of the pictures that its network tells classes of; empty where it reads something else, or answers with numbers."""
    try:
        info = describe(experiment.data)
    except DatasetError:
        return ()
    return info.input if info.task == "classification" and len(info.input) == 3 else ()
