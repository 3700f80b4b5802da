"""The board of first weights: what they do to what flows through a deep stack, and to learning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from PySide6.QtCore import QTimer, Slot

from engine.figures import UNKNOWN, fixed, percent
from engine.foundations.boards.initialisation.initialisation_numbers import (
    Combination,
    LayerBars,
    Stack,
    StackPass,
    bars,
    combinations,
    passed,
)
from engine.foundations.boards.initialisation.initialisation_theory import of_stack
from gui.bridge import Latest
from gui.labs.foundations.initialisation.layer_flow_view import LayerFlowView
from gui.labs.foundations.initialisation.starts_page import StartsPage
from gui.labs.foundations.initialisation.state import BOOKS, LINKS, InitialisationState
from gui.labs.foundations.long_course import LongCourse
from gui.labs.foundations.topic_board import TopicBoard, TopicFigure, TopicPage

FIRST_VALUES = 100_000  # of a layer's outputs times layers, that the first picture is of
LEAST_SAMPLES = 40  # of the first picture
AT_ONCE = 20_000  # multiplications of one sample and of drawing the weights: so few are no reason to wait
REST_MS = 150  # without a change, before the combinations are computed
LATE_MS = 250  # after which a picture of another state than the one that is set is taken away


class FlowAsked(NamedTuple):
    state: InitialisationState
    samples: int


class FlowFound(NamedTuple):
    """What is drawn: a pass and its histograms, with the state that they are of."""

    state: InitialisationState
    whole: StackPass
    counted: list[LayerBars]


def _found(asked: FlowAsked) -> FlowFound:
    """In a thread, but for small stacks."""
    whole = passed(asked.state.stack, asked.samples)
    return FlowFound(asked.state, whole, bars(whole, asked.state.side, asked.state.axis))


class FlowPage(TopicPage):
    """Layer by layer. A part of the samples is passed first, then all of them, and the other combinations, beside the window.
    While a slider is dragged the last pass that has come is shown, whole: picture, sentence and figures are of one state."""

    def __init__(self) -> None:
        super().__init__()
        self.view = LayerFlowView()
        self.column.addWidget(self.view, 1)
        self._state: InitialisationState | None = None
        self._shown: FlowFound | None = None
        self._compared: Stack | None = None  # what the combinations are of
        self._first: Latest[FlowAsked, FlowFound] = Latest(_found, self, name="stack-part")
        self._all: Latest[FlowAsked, FlowFound] = Latest(_found, self, name="stack")
        self._first.answered.connect(self._part_arrived)
        self._all.answered.connect(self._all_arrived)
        self._course: LongCourse[Stack, Combination] = LongCourse(combinations, self, name="combinations")
        self._course.advanced.connect(self.view.show_combinations)
        self._rest, self._late = QTimer(self), QTimer(self)
        for timer, after_ms, then in ((self._rest, REST_MS, self._compare), (self._late, LATE_MS, self._take_away)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
            timer.timeout.connect(then)
        self.view.side_chosen.connect(lambda side: self.looked.emit({"side": side}))
        self.view.axis_chosen.connect(lambda axis: self.looked.emit({"axis": axis}))
        self.view.layer_chosen.connect(lambda layer: self.looked.emit({"layer": layer}))
        self.view.combination_chosen.connect(
            lambda rule, activation: self.edited.emit({"first_weights": rule, "activation": activation})
        )

    @property
    def shown_pass(self) -> StackPass | None:
        """The pass whose numbers are shown."""
        return None if self._shown is None else self._shown.whole

    def show_page(self, state: InitialisationState) -> None:
        self._state = state
        shown = self._shown
        if shown is not None and shown.state.stack == state.stack:
            looked = (shown.state.side, shown.state.axis) == (state.side, state.axis)
            counted = shown.counted if looked else bars(shown.whole, state.side, state.axis)
            self._show(FlowFound(state, shown.whole, counted))
            if shown.whole.samples < state.samples and not self._all.busy():
                self._all.ask(FlowAsked(state, state.samples))
        elif state.layers * state.units * (state.samples + state.units) <= AT_ONCE:
            self._first.forget()
            self._all.forget()
            self._show(_found(FlowAsked(state, state.samples)))
        else:
            few = max(FIRST_VALUES // (state.layers * state.units), LEAST_SAMPLES)
            self._all.forget()
            self._first.ask(FlowAsked(state, min(few, state.samples)))
            if not self._late.isActive():
                self._late.start()
        if _compared(state) != self._compared:
            self._rest.start()

    def _show(self, found: FlowFound) -> None:
        self._shown = found
        if found.state == self._state:
            self._late.stop()
        self.view.show_pass(found.state, found.whole, of_stack(found.state.stack), found.counted)

    @Slot(object)
    def _part_arrived(self, found: FlowFound) -> None:
        """Shown even where another one is waited for: the picture follows the hand."""
        if self._state is None or (self._shown is not None and self._shown.state.stack == self._state.stack):
            return
        if self._late.isActive():
            self._late.start()
        self._show(self._as_looked_at(found))
        self.answers_changed.emit()
        if found.state.stack == self._state.stack and found.whole.samples < self._state.samples:
            self._all.ask(FlowAsked(self._state, self._state.samples))

    @Slot(object)
    def _all_arrived(self, found: FlowFound) -> None:
        if self._state is not None and found.state.stack == self._state.stack:
            self._show(self._as_looked_at(found))
            self.answers_changed.emit()

    def _as_looked_at(self, found: FlowFound) -> FlowFound:
        """The way of looking may have changed since it was asked for."""
        state = self._state
        if state is None or found.state == state or found.state.stack != state.stack:
            return found
        return FlowFound(state, found.whole, bars(found.whole, state.side, state.axis))

    @Slot()
    def _take_away(self) -> None:
        """What the state asks for takes long: nothing of another one stays."""
        self._shown = None
        self.view.show_nothing()
        self.answers_changed.emit()

    @Slot()
    def _compare(self) -> None:
        if self._state is not None and _compared(self._state) != self._compared:
            self._compared = _compared(self._state)
            self._course.start(self._compared)

    def page_answers(self, state: InitialisationState) -> Sequence[TopicFigure]:
        if self._shown is None:
            first = self.tr("Layer {number}: deviation").format(number=state.shown_layer)
            ends = self.tr("Dead units") if state.activation == "relu" else self.tr("Saturated")
            titles = (first, self.tr("between samples"), self.tr("of the gradients"), ends)
            return [(title, UNKNOWN, "") for title in titles]
        shown = self._shown.state
        number = shown.shown_layer - 1
        sums, theory = self._shown.whole.layers[number], of_stack(shown.stack)
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
        return self._first.busy() or self._all.busy() or self._course.busy or self._rest.isActive()

    def close_page(self, deadline_s: float) -> None:
        self._rest.stop()
        self._late.stop()
        self._course.close(deadline_s / 3)
        self._first.close(deadline_s / 3)
        self._all.close(deadline_s / 3)


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
