"""The two directions of a bidirectional layer apart, and "the last output" beside "the last hidden state of each direction".

A page of the sequence lab. A network that reads in one direction is told so, with the offer to have it read in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import full_count, measured, percent
from engine.layers.base import Layer
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.trace import Path
from engine.sequences.directions import DirectionsAnswer
from gui.labs.sequence.directions.directions_drawing import BothDirections, DirectionsDrawing
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.result_page import ModelQuestion
from gui.widgets.labels import label, set_text
from gui.widgets.scrolled_page import ScrolledPage


class DirectionsPage(SequencePage):
    """`bidirectional_asked`: the user wants the recurrent layers to read in both directions."""

    bidirectional_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._answer: DirectionsAnswer | None = None
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.offer = QPushButton()
        self.offer.clicked.connect(lambda _on=False: self.bidirectional_asked.emit())
        self.told = label("fact", wraps=True)
        self.apart = label("plain", wraps=True)
        self.handed = label("small", wraps=True)
        self.drawing = DirectionsDrawing()
        self._nothing, inner = QWidget(), QWidget()
        nothing, column = QVBoxLayout(self._nothing), QVBoxLayout(inner)
        for part in (nothing, column):
            part.setContentsMargins(0, 0, 6, 0)
            part.setSpacing(8)
        nothing.addStretch(1)
        nothing.addWidget(self.empty)
        nothing.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch(1)
        for widget in (self.told, self.drawing, self.apart, self.handed):
            column.addWidget(widget)
        column.addStretch(1)
        self.area = ScrolledPage(inner)
        self.body.addWidget(self._nothing, 1)
        self.body.addWidget(self.area, 1)
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    # --- what is asked

    def page_title(self) -> str:
        return self.tr("Both directions")

    def short_title(self) -> str:
        return self.tr("Directions", "choice of pages")

    @property
    def _reads_both_ways(self) -> bool:
        return self._experiment is not None and reads_both_ways(self._experiment.network.layers)

    def question(self) -> ModelQuestion | None:
        return _question(self.look.sample, self.look.path) if self._reads_both_ways else None

    def show_run(self, experiment: Experiment | None) -> None:
        self._experiment, self._answer = experiment, None
        self._show()
        self.question_changed.emit()

    def show_answer(self, answer: Any) -> None:
        self._answer = answer if isinstance(answer, DirectionsAnswer) else None
        self._show()

    def look_changed(self, before: SequenceLook) -> None:
        if (before.sample, before.path) != (self.look.sample, self.look.path):
            self.question_changed.emit()

    # --- what is shown

    def _show(self) -> None:
        answer = self._answer
        self._nothing.setVisible(answer is None)
        self.area.setVisible(answer is not None)
        one_way = self._experiment is not None and not self._reads_both_ways and _has_recurrent(self._experiment.network.layers)
        self.offer.setVisible(one_way)
        if answer is None:
            set_text(self.empty, self._why_empty(one_way=one_way))
            return
        self.drawing.show_directions(BothDirections(answer.forward, answer.backward, answer.last_output, answer.last_states))
        set_text(self.told, self._explained(len(answer.forward)))
        set_text(self.apart, self._apart(answer))
        if answer.handed_on == "last":
            set_text(self.handed, self.tr("This network hands on the last hidden state of each direction (h_n)."))
        else:
            set_text(self.handed, self.tr("This network hands on the states of all time steps, both directions side by side."))

    def _why_empty(self, *, one_way: bool) -> str:
        if self._experiment is None:
            words = self.tr("Once a run of a bidirectional network has begun, its two directions are shown here.")
            return self.none_yet(words)
        if one_way:
            return self.tr(
                "This network reads in one direction only: its last output is its last hidden state, and there is nothing to "
                "tell apart."
            )
        if not self._reads_both_ways:
            return self.tr("This network has no recurrent layer.")
        return self.tr("The states are being read...")

    def _explained(self, steps: int) -> str:
        if steps == 1:
            return self.tr("With one time step both directions have read the same, and the two summaries are one.")
        return self.tr(
            "The backward direction begins at t = {last}. So the backward half of the last output has read one step only; the "
            "last hidden state of each direction has read all {steps}."
        ).format(last=full_count(steps), steps=full_count(steps))

    def _apart(self, answer: DirectionsAnswer) -> str:
        """How far the backward halves are from each other."""
        half = answer.forward.shape[1]
        first, second = answer.last_output[half:].astype(np.float64), answer.last_states[half:].astype(np.float64)
        apart, length = float(np.linalg.norm(first - second)), float(np.linalg.norm(second))
        if not np.isfinite(apart):
            return self.tr("The states are no longer finite numbers.")
        if length == 0:
            text = self.tr("The forward halves are the same. The backward halves are {apart} apart.")
            return text.format(apart=measured(apart, 3))
        text = self.tr(
            "The forward halves are the same. The backward halves are {apart} apart, {share} of the length of the last state "
            "({length})."
        )
        return text.format(apart=measured(apart, 3), share=percent(apart / length), length=measured(length, 3))

    # --- words

    def retranslate(self) -> None:
        super().retranslate()
        self.offer.setText(self.tr("Switch on both directions"))
        self.offer.setToolTip(self.tr("Sets the recurrent layers of the settings to bidirectional; a new run shows them"))
        self._show()


@lru_cache(maxsize=8)
def _question(sample: int, path: Path | None) -> ModelQuestion:
    from engine.sequences.directions import look_at_directions

    return partial(look_at_directions, sample=sample, path=path)


def reads_both_ways(layers: Sequence[Layer]) -> bool:
    """Whether one of the recurrent layers is bidirectional."""
    return any(layer.bidirectional for layer in _recurrent(layers))


def _has_recurrent(layers: Sequence[Layer]) -> bool:
    return bool(_recurrent(layers))


def _recurrent(layers: Sequence[Layer]) -> list[Recurrent]:
    """The recurrent layers, those inside composites too."""
    found = list[Recurrent]()
    for layer in layers:
        if isinstance(layer, Recurrent):
            found.append(layer)
        elif isinstance(layer, Composite):
            for branch in layer.branches_in_order():
                found += _recurrent(branch.layers)
    return found
