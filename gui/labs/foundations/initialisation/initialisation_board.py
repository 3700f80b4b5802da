"""The board of first weights: what they do to what flows through a deep stack, and to learning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QTimer, Slot

from engine.figures import fixed, percent
from engine.foundations.boards.initialisation.initialisation_numbers import Combination, Stack, StackPass, combinations, passed
from engine.foundations.boards.initialisation.initialisation_theory import of_stack
from gui.bridge import Latest
from gui.labs.foundations.initialisation.layer_flow_view import LayerFlowView
from gui.labs.foundations.initialisation.starts_page import StartsPage
from gui.labs.foundations.initialisation.state import BOOKS, LINKS, InitialisationState
from gui.labs.foundations.long_course import LongCourse
from gui.labs.foundations.topic_board import TopicBoard, TopicFigure, TopicPage

FIRST_VALUES = 100_000  # of a layer's outputs times layers, that the first picture is of
LEAST_SAMPLES = 40  # of the first picture
REST_MS = 150  # without a change, before the combinations are computed


class FlowPage(TopicPage):
    """Layer by layer. A part of the samples is passed at once; all of them, and the other combinations, beside the window."""

    def __init__(self) -> None:
        super().__init__()
        self.view = LayerFlowView()
        self.column.addWidget(self.view, 1)
        self._state: InitialisationState | None = None
        self._pass: StackPass | None = None
        self._compared: Stack | None = None  # what the combinations are of
        self._latest: Latest[Stack, StackPass] = Latest(passed, self, name="stack")
        self._latest.answered.connect(self._arrived)
        self._course: LongCourse[Stack, Combination] = LongCourse(combinations, self, name="combinations")
        self._course.advanced.connect(self.view.show_combinations)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._compare)
        self.view.side_chosen.connect(lambda side: self.looked.emit({"side": side}))
        self.view.axis_chosen.connect(lambda axis: self.looked.emit({"axis": axis}))
        self.view.layer_chosen.connect(lambda layer: self.looked.emit({"layer": layer}))
        self.view.combination_chosen.connect(
            lambda rule, activation: self.edited.emit({"first_weights": rule, "activation": activation})
        )

    @property
    def shown_pass(self) -> StackPass | None:
        """The pass whose numbers are shown."""
        return self._pass

    def show_page(self, state: InitialisationState) -> None:
        self._state = state
        if self._pass is None or self._pass.stack != state.stack:
            few = max(FIRST_VALUES // (state.layers * state.units), LEAST_SAMPLES)
            self._pass = passed(state.stack, few)
            if self._pass.samples < state.samples:
                self._latest.ask(state.stack)
            else:
                self._latest.forget()
        self._draw()
        if _compared(state) != self._compared:
            self._rest.start()

    def _draw(self) -> None:
        assert self._state is not None and self._pass is not None
        self.view.show_pass(self._state, self._pass, of_stack(self._state.stack))

    @Slot(object)
    def _arrived(self, found: StackPass) -> None:
        if self._state is not None and found.stack == self._state.stack:
            self._pass = found
            self._draw()
            self.answers_changed.emit()

    @Slot()
    def _compare(self) -> None:
        if self._state is not None and _compared(self._state) != self._compared:
            self._compared = _compared(self._state)
            self._course.start(self._compared)

    def page_answers(self, state: InitialisationState) -> Sequence[TopicFigure]:
        if self._pass is None:
            return []
        number = state.shown_layer - 1
        sums, theory = self._pass.layers[number], of_stack(state.stack)
        last = (self.tr("Saturated"), sums.saturated) if sums.saturated is not None else (self.tr("Dead units"), sums.dead)
        told = self.tr("theory {value}")
        seen = (
            (self.tr("Layer {number}: deviation").format(number=number + 1), sums.deviation, theory.deviation),
            (self.tr("between samples"), sums.between_samples, theory.between_samples),
            (self.tr("of the gradients"), sums.gradient_deviation, theory.gradient_deviation),
        )
        figures = [(title, fixed(value, 3), told.format(value=fixed(float(said[number]), 3))) for title, value, said in seen]
        return [*figures, (last[0], percent(last[1] or 0.0), "")]

    def page_busy(self) -> bool:
        return self._latest.busy() or self._course.busy or self._rest.isActive()

    def close_page(self, deadline_s: float) -> None:
        self._rest.stop()
        self._course.close(deadline_s / 2)
        self._latest.close(deadline_s / 2)


def _compared(state: InitialisationState) -> Stack:
    """What decides the numbers of all combinations."""
    return state.stack._replace(first_weights="1", activation="sigmoid", deviation=state.deviation)


class InitialisationBoard(TopicBoard[InitialisationState]):
    name = "initialisation"
    state_type = InitialisationState
    FORM = ("activation", "first_weights", "deviation", "layers", "units", "samples", "iterations", "seed")
    PAGES: ClassVar = {"layer_by_layer": FlowPage, "trained_starts": StartsPage}
    TOPIC_FIELDS: ClassVar = {
        "layer_by_layer": ("activation", "first_weights", "deviation", "layers", "units", "samples", "seed"),
        "trained_starts": ("activation", "first_weights", "deviation", "iterations", "seed"),
    }
    BOOKS = BOOKS
    LINKS = LINKS

    def rows_of(self, state: InitialisationState) -> Sequence[str]:
        own = state.first_weights == "own_deviation"
        return [name for name in super().rows_of(state) if own or name != "deviation"]
