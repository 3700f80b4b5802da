"""The page of an epoch: its samples as cells, drawn batch by batch, with a player and the count of iterations as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from engine.figures import full_count, percent
from engine.foundations.boards.batches.batches_order import BatchStep, EpochPlan, batch_step, drawn_epoch, expected_unseen
from gui.labs.foundations.batches.batches_words import word
from gui.labs.foundations.batches.sample_cells import BatchStrip, CellLegend, SampleCells
from gui.labs.foundations.batches.state import BatchesState, epoch_plan, iteration_of
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.shell.undo import PlayKey
from gui.widgets.forms.hand_slider import HandSlider
from gui.widgets.labels import label, set_text

WHOLE_MS, FASTEST_MS, SLOWEST_MS = 20_000, 40, 700  # to play all iterations; a batch


class EpochPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._state = BatchesState()
        self.cells, self.legend, self.strip = SampleCells(), CellLegend(), BatchStrip()
        self.strip.asked.connect(self._asked)
        self.play, self.step, self.reset = QPushButton(), QPushButton(), QPushButton()
        self.play.setProperty("role", "primary")
        self.place = label("worked")
        self.formula = label("worked", wraps=True)
        self.said = label("muted", wraps=True)
        self.scrub = _scrub()
        self.scrub.valueChanged.connect(self._scrubbed)
        self._play_key = PlayKey()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        for button, pressed in ((self.play, self._play_pressed), (self.step, self._step), (self.reset, self._reset)):
            button.clicked.connect(pressed)
        player = QHBoxLayout()
        player.setSpacing(8)
        for part in (self.play, self.step, self.reset):
            player.addWidget(part)
        player.addWidget(self.scrub, 1)
        player.addWidget(self.place)
        self.column.addLayout(player)
        self.column.addWidget(self.cells, 1)
        self.column.addWidget(self.legend)
        self.column.addWidget(self.strip)
        self.column.addWidget(self.formula)
        self.column.addWidget(self.said)

    # --- what is shown

    def show_page(self, state: BatchesState) -> None:
        self._state = state
        plan, step = epoch_plan(state), batch_step(epoch_plan(state), iteration_of(state))
        drawn = _epoch(plan, step.epoch, state.seed)
        counts = _before(plan, step.epoch, state.seed) + np.bincount(drawn[: step.ends], minlength=plan.samples)
        self.cells.show_cells(counts, drawn[step.begins : step.ends])
        self.strip.show_batches(plan.sizes, step.batch, plan.last_size if plan.drop_last else 0)
        self._show_player(plan, step)
        self.legend.update()  # in another language
        set_text(self.formula, formula_of(plan))
        set_text(self.said, _said(plan))
        self._counts = counts

    def _show_player(self, plan: EpochPlan, step: BatchStep) -> None:
        ended = step.iteration >= plan.iterations
        playing = self._timer.isActive()
        self.play.setText(word("pause" if playing else "play"))
        self.step.setText(word("step"))
        self.reset.setText(word("reset"))
        self.step.setEnabled(not ended)
        self.play.setEnabled(plan.iterations > 0)
        self.reset.setEnabled(step.iteration > 0)
        self.scrub.setAccessibleName(word("iteration"))
        self.scrub.blockSignals(True)
        self.scrub.setRange(0, plan.iterations)
        self.scrub.setValue(step.iteration)
        self.scrub.blockSignals(False)
        told = word(
            "place",
            iteration=full_count(step.iteration),
            iterations=full_count(plan.iterations),
            epoch=step.epoch,
            epochs=plan.epochs,
        )
        widest = word(
            "place",
            iteration=full_count(plan.iterations),
            iterations=full_count(plan.iterations),
            epoch=plan.epochs,
            epochs=plan.epochs,
        )
        self.place.setMinimumWidth(self.place.fontMetrics().horizontalAdvance(widest) + 4)  # nothing jumps while it plays
        set_text(self.place, told)

    def page_answers(self, state: BatchesState) -> Sequence[TopicFigure]:
        if state != self._state:
            self.show_page(state)
        plan, step = epoch_plan(state), batch_step(epoch_plan(state), iteration_of(state))
        draws = (step.epoch - 1) * plan.draws_per_epoch + min(step.ends, plan.draws_per_epoch)
        unseen = float((self._counts == 0).mean())
        last = plan.last_size
        size = word("last.none") if not last else word("last.dropped" if plan.drop_last else "last.smaller")
        return [
            (
                word("per_epoch"),
                full_count(plan.iterations_per_epoch),
                f"{full_count(plan.samples)} / {full_count(plan.batch)}",
            ),
            (word("all_iterations"), full_count(plan.iterations), word("epochs_note", epochs=plan.epochs)),
            (word("last"), full_count(last or plan.batch), size),
            (word("unseen"), percent(unseen), word("expected", share=percent(expected_unseen(plan, draws)))),
            (word("most_drawn"), full_count(int(self._counts.max())), word("times")),
        ]

    # --- what the user does

    @Slot(int)
    def _scrubbed(self, iteration: int) -> None:
        self._rest()
        self.edited.emit({"iteration": iteration})

    @Slot(int)
    def _asked(self, batch: int) -> None:
        """A batch of the epoch that is shown."""
        self._rest()
        plan = epoch_plan(self._state)
        epoch = batch_step(plan, iteration_of(self._state)).epoch
        self.edited.emit({"iteration": (epoch - 1) * plan.iterations_per_epoch + batch})

    @Slot()
    def _step(self) -> None:
        self._rest()
        plan, at = epoch_plan(self._state), iteration_of(self._state)
        self.edited.emit({"iteration": min(at + 1, plan.iterations)})

    @Slot()
    def _reset(self) -> None:
        self._rest()
        self.edited.emit({"iteration": 0})

    @Slot()
    def _play_pressed(self) -> None:
        if self._timer.isActive():
            self._rest()
            self.show_page(self._state)
            return
        plan, self._play_key = epoch_plan(self._state), PlayKey()
        if iteration_of(self._state) >= plan.iterations:
            self.played.emit({"iteration": 0}, self._play_key)
        self._timer.start(int(min(max(WHOLE_MS / max(plan.iterations, 1), FASTEST_MS), SLOWEST_MS)))
        self._go_on()

    def _go_on(self) -> None:
        plan, at = epoch_plan(self._state), iteration_of(self._state)
        if at < plan.iterations:
            if at + 1 == plan.iterations:
                self._rest()
            self.played.emit({"iteration": at + 1}, self._play_key)

    @Slot()
    def _tick(self) -> None:
        self._go_on()

    def _rest(self) -> None:
        self._timer.stop()

    def playing(self) -> bool:
        return self._timer.isActive()

    def play_page(self) -> bool:
        self.play.click()
        return True

    def page_left(self) -> None:
        self._rest()

    def close_page(self, _deadline_s: float) -> None:
        self._rest()


@lru_cache(maxsize=4)
def _epoch(plan: EpochPlan, epoch: int, seed: int) -> NDArray[np.int64]:
    return drawn_epoch(plan, epoch, seed)


@lru_cache(maxsize=4)
def _before(plan: EpochPlan, epoch: int, seed: int) -> NDArray[np.int64]:
    """How often each sample has been drawn in the epochs before."""
    if epoch == 1:
        return np.zeros(plan.samples, np.int64)
    return _before(plan, epoch - 1, seed) + np.bincount(_epoch(plan, epoch - 1, seed), minlength=plan.samples)


def formula_of(plan: EpochPlan) -> str:
    """How many iterations there are, with today's numbers."""
    left, right = ("⌊", "⌋") if plan.drop_last else ("⌈", "⌉")
    samples, batch = full_count(plan.samples), full_count(plan.batch)
    per_epoch, whole = full_count(plan.iterations_per_epoch), full_count(plan.iterations)
    return word(
        "formula",
        formula=f"{left}N / B{right} × E = {left}{samples} / {batch}{right} × {plan.epochs}"
        f" = {per_epoch} × {plan.epochs} = {whole}",
    )


def _said(plan: EpochPlan) -> str:
    if plan.replacement:
        return word("said.replacement")
    if plan.last_size and plan.drop_last:
        return word("said.dropped", count=full_count(plan.last_size))
    if plan.last_size:
        return word("said.smaller", count=full_count(plan.last_size))
    return word("said.divides")


def _scrub() -> HandSlider:
    made = HandSlider()
    made.setMinimumWidth(60)
    return made
