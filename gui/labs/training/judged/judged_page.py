"""What the pages of the confusion matrix and of the mistakes have in common: they ask for the answers to the whole validation
set, and go from an overview to some samples, to one sample, and with it into another lab.

The whole set costs more than a few samples: while a run is on, a page that took long rests before it asks again. Derived from
by both pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from engine.data.info import DataInfo, DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.meaning import meaning_of
from engine.figures import full_count
from engine.judging.whole_set import Judge, TakeWeights, Verdicts, WithWeights
from engine.layers.kinds.convolution import Conv2d
from gui.labs.training.judged.judged_sample import JudgedSample
from gui.labs.training.judged.sample_tiles import Gallery, sample_of, written
from gui.labs.training.pages.roomy_page import RoomyPage
from gui.running.result_page import ModelQuestion
from gui.widgets.labels import label
from gui.widgets.page_stack import PageStack


@dataclass(frozen=True, eq=False)
class TakenSample:
    """A sample that is to be shown by the lab `lab`, with the network and the weights that have answered."""

    lab: str
    experiment: Experiment
    weights: dict[str, NDArray[Any]]
    number: int  # in the validation set
    values: NDArray[np.float32]  # (C, H, W)
    truth: int


def same_network(one: Experiment | None, other: Experiment | None) -> bool:
    """Whether the answers of both mean the same, about the same samples."""
    if one is None or other is None:
        return one is other
    return (one.network, one.data, one.seed, one.training.loss) == (other.network, other.data, other.seed, other.training.loss)


class JudgedPage(RoomyPage):
    """A subclass fills `overview` in `_show_verdicts`, and calls `show_group` and `show_sample`."""

    taken = Signal(object)  # a TakenSample
    tried = Signal(int)  # the number of a validation sample

    def __init__(self, overview: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._info: DataInfo | None = None
        self._judge: Judge | None = None
        self._taking: TakeWeights | None = None  # what is asked instead, while a sample is taken to a lab
        self._lab = ""
        self.verdicts: Verdicts | None = None
        self._sample: int | None = None  # the number of the answer that is shown
        self.back = QToolButton()
        self.back.setProperty("role", "link")
        self.back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back.clicked.connect(self.go_back)
        self.head.insertWidget(0, self.back)
        self.note = label("muted", wraps=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.gallery, self.sample = Gallery(), JudgedSample()
        self.overview = overview
        self.places = PageStack()
        for place in (self.note, overview, self.gallery, self.sample):
            self.places.addWidget(place)
        self.column.addWidget(self.places, 1)
        self.gallery.tiles.chosen.connect(self.show_sample)
        self.sample.opened.connect(self._open)
        self.sample.tried.connect(self._try)

    # --- what is asked

    def question(self) -> ModelQuestion | None:
        if self._taking is not None:
            return self._taking
        return None if self.rests() else self._judge

    def show_run(self, experiment: Experiment | None) -> None:
        if same_network(experiment, self._experiment):  # only its learning rate has been changed, say
            self._experiment = experiment
            return
        self._experiment, self._info, self._judge, self._taking = experiment, None, None, None
        self.verdicts = self._sample = None
        if experiment is not None:
            try:
                self._info = describe(experiment.data)
                self._judge = Judge(meaning_of(experiment)) if self._info.task != "regression" else None
            except DatasetError:
                self._info = None
        self._offer_ways()
        self.forget_choice()
        self._show()
        self.question_changed.emit()

    def show_answer(self, answer: Any) -> None:
        if answer is None:  # nor is there a model that could be taken along, or that a rest would be for
            self._taking = None
            self.end_rests()
        if isinstance(answer, WithWeights):
            self._hand_over(answer)
            answer = answer.answer
        if answer is self.verdicts:
            return
        before, self.verdicts = self.verdicts, answer
        if before is not None and answer is not None and _asked_of(before) != _asked_of(answer):
            self.forget_choice()
        if answer is not None and answer.learning:
            self.rest_after(answer.seconds)
        self._show()

    # --- where the page is

    def forget_choice(self) -> None:
        """Show the overview from now on: what was chosen may not be there."""
        self._sample = None

    def in_group(self) -> NDArray[np.int64] | None:
        """The numbers of the answers in the gallery; None: the overview is shown."""
        raise NotImplementedError

    def show_verdicts(self, verdicts: Verdicts) -> None:
        """Bring the overview, and the gallery, to the verdicts."""
        raise NotImplementedError

    def group_text(self) -> tuple[str, ...]:
        """The line above what is shown, the longest wording first."""
        raise NotImplementedError

    @Slot(int)
    def show_sample(self, number: int) -> None:
        """Show one answer."""
        self._sample = number
        self._show()
        self.sample.verticalScrollBar().setValue(0)
        if self.gallery.tiles.hasFocus() or self.focusWidget() is None:
            self.sample.buttons["network"].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def go_back(self) -> None:
        """From the sample to the gallery, from there to the overview."""
        if self._sample is not None:
            self._sample = None
        else:
            self.forget_choice()
        self._show()
        place = self.gallery.tiles if self.places.currentWidget() is self.gallery else self.overview
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def deep(self) -> bool:
        """Whether there is a way back."""
        return self._sample is not None

    def _show(self) -> None:
        problem = self._problem()
        self.note.setText(problem)
        self.back.setVisible(not problem and self.deep)
        if problem or self.verdicts is None:
            self.line.set_text("")
            self.places.setCurrentWidget(self.note)
            return
        self.show_verdicts(self.verdicts)
        if self._sample is not None:
            self.sample.show_sample(self.verdicts, self._sample)
            self.line.set_text(*self._sample_texts(self._sample))
            self.places.setCurrentWidget(self.sample)
            return
        self.line.set_text(*self.group_text())
        self.places.setCurrentWidget(self.overview if self.in_group() is None else self.gallery)

    def _problem(self) -> str:
        """Why there is nothing to show; empty: there is."""
        if self._info is not None and self._info.task == "regression":
            return self.tr(
                "This network answers with numbers, not with classes, so it cannot take one class for another. How far off it "
                "is stands under Predictions."
            )
        if self.verdicts is None:
            return self.none_yet(self.tr("Once a run has begun, its answers to the whole validation set are counted here."))
        if not self.verdicts.is_finite:
            return self.tr("The model's answers are no longer finite numbers.")
        return ""

    def name_of(self, number: int) -> str:
        """A class as it is written."""
        assert self.verdicts is not None
        name = self.verdicts.classes[number]
        return "␣" if name == " " else name

    def counted(self) -> str:
        """How many samples were judged, where that is not all of them."""
        assert self.verdicts is not None
        judged = len(self.verdicts.inputs)
        if judged == self.verdicts.total:
            return ""
        text = self.tr("the first {count} of {total} validation samples")
        return text.format(count=full_count(judged), total=full_count(self.verdicts.total))

    def _sample_texts(self, number: int) -> tuple[str, ...]:
        assert self.verdicts is not None
        truth, guess = int(self.verdicts.truth[number]), int(self.verdicts.predicted[number])
        values = {
            "number": full_count(number // self.verdicts.steps),
            "true": self.name_of(truth),
            "predicted": self.name_of(guess),
            "certainty": written(float(self.verdicts.certainty[number]), self.verdicts),
        }
        return (
            self.tr("Validation sample {number}: true {true}, predicted {predicted} ({certainty})").format(**values),
            self.tr("True {true}, predicted {predicted} ({certainty})").format(**values),
            self.tr("{true} → {predicted}", "a true and a predicted class").format(**values),
        )

    # --- ways out

    def _offer_ways(self) -> None:
        info, experiment = self._info, self._experiment
        pictures = info is not None and info.task == "classification" and len(info.input) == 3
        first = experiment.network.layers[0] if experiment is not None and experiment.network.layers else None
        labs = () if not pictures else ("network", "convolution") if isinstance(first, Conv2d) else ("network",)
        self.sample.offer(labs=labs, tried=pictures)

    @Slot(str)
    def _open(self, lab: str) -> None:
        """Ask for the weights, with which the sample goes to another lab."""
        if self._judge is not None and self._sample is not None:
            self._lab, self._taking = lab, TakeWeights(self._judge)
            self.question_changed.emit()

    def _hand_over(self, answer: WithWeights) -> None:
        self._taking = None
        self.question_changed.emit()
        found, number, experiment = answer.answer, self._sample, self._experiment
        if found is None or number is None or experiment is None:
            return
        values = sample_of(found, number)
        if not isinstance(values, str):
            sample = number // found.steps
            self.taken.emit(TakenSample(self._lab, experiment, answer.weights, sample, values, int(found.truth[number])))

    @Slot()
    def _try(self) -> None:
        if self._sample is not None and self.verdicts is not None:
            self.tried.emit(self._sample // self.verdicts.steps)

    # --- keys and words

    def took_escape(self) -> bool:
        if not self.deep:
            return False
        self.go_back()
        return True

    def event(self, event: QEvent) -> bool:
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride else None
        if pressed == Qt.Key.Key_Escape and self.deep:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.deep:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        super().retranslate()
        self.back.setText("‹ " + self.tr("Back"))
        self.back.setToolTip(self.tr("Back (Esc)"))
        self.back.setAccessibleName(self.tr("Back"))
        self.gallery.tiles.setAccessibleName(self.tr("Samples, the most certain first"))
        self._show()


def _asked_of(verdicts: Verdicts) -> tuple[tuple[str, ...], int]:
    """Which answers there are: those of other data may lack a class or a sample."""
    return verdicts.classes, len(verdicts.truth)
