"""What an output remembers: its text, picture or series, tinted by how strongly the output depends on each input, and how many
steps back that goes.

A page of the sequence lab. The pointer over a position chooses the output for as long as it is there; a click keeps it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import full_count, measured, percent
from engine.sequences.remembered import FADED, Remembered
from gui.labs.sequence.predicting.character_sheet import seen
from gui.labs.sequence.remembering.look_back import RememberedSample, memory_question
from gui.labs.sequence.remembering.tinted_picture import TintedPicture
from gui.labs.sequence.remembering.tinted_text import TintedText
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.result_page import ModelQuestion
from gui.widgets.forms.controls import keep_room_for_bar
from gui.widgets.formula_text import NO_BREAK
from gui.widgets.labels import label, set_text

if TYPE_CHECKING:
    from gui.plots.sequences.step_lines import StepLines

MOST_LINES = 4  # features of a series that are drawn, each as a line
LAST = 1_000_000  # a step beyond every sequence is its last one
MARGINS = (46.0, 6.0, 8.0, 22.0)


class RememberingPage(SequencePage):
    """It follows the sample and the time step of the lab's look."""

    def __init__(self) -> None:
        super().__init__()
        self._has_run = False
        self._found: RememberedSample | None = None
        self._hovered: int | None = None
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = label("fact", wraps=True)
        self.note = label("small", wraps=True)
        self.text = TintedText()
        self.text.hovered.connect(self._hover)
        self.text.chosen.connect(self._choose)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keep_room_for_bar(self.area)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addStretch(1)
        self.area.setWidget(inner)
        self._part = QWidget()
        self._column = QVBoxLayout(self._part)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.told)
        self._column.addWidget(self.area, 3)
        self._column.addWidget(self.note)
        self.body.addWidget(self.empty, 1)
        self.body.addWidget(self._part, 1)
        self.retranslate()

    @cached_property
    def series(self) -> StepLines:
        """The series with its tint."""
        made = self._plot()
        made.export_name = "remembered"
        made.cursor_moved.connect(self._hover)
        self._column.insertWidget(1, made, 3)
        return made

    @cached_property
    def picture(self) -> TintedPicture:
        """A picture that is read row by row, with the tint of its rows."""
        made = TintedPicture()
        made.tip = self._tip
        self._column.insertWidget(1, made, 4)
        return made

    @cached_property
    def norms(self) -> StepLines:
        """The norms as a curve, as shares of the largest."""
        made = self._plot()
        made.export_name = "derivative"
        self._column.insertWidget(self._column.indexOf(self.note), made, 2)
        return made

    def _plot(self) -> StepLines:
        from gui.plots.sequences.step_lines import StepLines

        made = StepLines()
        made.margins = MARGINS
        made.setMinimumHeight(90)
        made.step_chosen.connect(self._choose)
        return made

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    # --- what is asked

    def page_title(self) -> str:
        return self.tr("What it remembers")

    def short_title(self) -> str:
        return self.tr("Memory", "choice of pages")

    def question(self) -> ModelQuestion | None:
        return memory_question(self.look.sample, self.step) if self._has_run else None

    @property
    def step(self) -> int:
        """The time step of the output that is asked for: under the pointer, or the one that is looked at. It may lie beyond the
        sequence, whose last one is meant then."""
        return self._kept if self._hovered is None else self._hovered

    @property
    def _kept(self) -> int:
        """The step that is looked at; while none was chosen yet, the last one, which may remember most."""
        return LAST if self.look.t is None else self.look.t

    def show_run(self, experiment: Experiment | None) -> None:
        self._has_run = experiment is not None
        self._found = self._hovered = None
        self._show()
        self.question_changed.emit()

    def show_answer(self, answer: Any) -> None:
        self._found = answer
        self._show()

    def look_changed(self, before: SequenceLook) -> None:
        if before.sample != self.look.sample:
            self._hovered = None
        if (before.sample, before.t) != (self.look.sample, self.look.t):
            self.question_changed.emit()

    # --- what is shown

    def _show(self) -> None:
        found = self._found
        remembered = None if found is None else found.remembered
        self.empty.setVisible(remembered is None)
        self._part.setVisible(remembered is not None)
        if found is None or remembered is None:
            set_text(self.empty, self._why_empty())
            return
        shares = shares_of(remembered)
        step = found.steps - 1 if remembered.step is None else remembered.step
        self.area.setVisible(found.is_text)
        if found.is_text:
            self.text.show_text(found.characters)
            self.text.set_tint(shares)
            self.text.set_marked(step)
            self.area.setMaximumHeight(self.text.height() + 4)  # a short text leaves its room to the plot
            cell = self.text.cell(step) if self.text.characters and self._hovered is None else None
            if cell is not None:
                self.area.ensureVisible(0, int(cell.center().y()), 0, int(cell.height()))
        is_series = not (found.is_text or found.is_picture)
        for name, shown in (("picture", found.is_picture), ("series", is_series)):
            if shown or name in self.__dict__:
                getattr(self, name).setVisible(shown)
        if found.is_picture:
            self.picture.show_picture(found.x)
            self.picture.set_tint(shares)
            self.picture.setAccessibleName(self.tr("The picture, its rows tinted by how much each counts"))
        elif is_series:
            self._draw_series(found, shares, step)
        self._draw_norms(remembered, shares, step)
        set_text(self.told, self._sentence(found, remembered, step))
        set_text(self.note, " ".join(filter(None, (self._drawn(found), self._measure(remembered)))))

    def _why_empty(self) -> str:
        if not self._has_run:
            return self.none_yet(self.tr("Once a run has begun, this page shows how far back its outputs remember."))
        if self._found is None:
            return self.tr("The derivatives are being computed...")
        return self.tr("The input of this network is no sequence: there is nothing to remember.")

    def _draw_series(self, found: RememberedSample, shares: NDArray[np.float64], step: int) -> None:
        from gui.plots.sequences.step_lines import StepLine

        x = found.x.reshape(found.steps, -1).astype(np.float64)
        if x.shape[1] == 1:
            lines = [StepLine(self.tr("input"), x[:, 0], 0)]
        elif x.shape[1] <= MOST_LINES:
            lines = [
                StepLine(self.tr("input {number}").format(number=each + 1), x[:, each], each) for each in range(x.shape[1])
            ]
        else:
            lines = [StepLine(self.tr("length of the input vector"), np.sqrt(np.square(x).sum(1)), 0)]
        self.series.setAccessibleName(self.tr("The series, tinted by how much each step counts"))
        self.series.set_lines(lines, tip=self._tip)
        self.series.set_tint(shares)
        self.series.set_marked(step)

    def _draw_norms(self, remembered: Remembered, shares: NDArray[np.float64], step: int) -> None:
        from gui.plots.sequences.step_lines import StepLine

        limit = StepLine("10%", np.full(len(shares), FADED), None, dashed=True)
        curve = StepLine(self.tr("share of the largest"), shares, 1)
        self.norms.setAccessibleName(self.tr("Derivative of the output by each input, as a share of the largest"))
        self.norms.set_lines([limit, curve], up=(0.0, 1.0), percent=True, tip=self._tip)
        self.norms.set_marked(step)

    def _tip(self, at: int) -> str:
        found = self._found
        remembered = None if found is None else found.remembered
        if found is None or remembered is None or at >= len(remembered.norms):
            return ""
        share = float(shares_of(remembered)[at])
        lines = [f"t = {full_count(at + 1)}", f"|∂y/∂x| = {measured(float(remembered.norms[at]))} ({percent(share)})"]
        return "\n".join(lines)

    def _sentence(self, found: RememberedSample, remembered: Remembered, step: int) -> str:
        """How many steps back the output remembers."""
        head = self._output_name(found, remembered)
        norms = remembered.norms
        if not np.isfinite(norms).all():
            return f"{head} " + self.tr("Its derivatives are no longer finite numbers.")
        back = remembered.steps_back
        if back is None:
            return f"{head} " + self.tr("It depends on no input: all derivatives are 0.")
        largest = int(norms.argmax())
        ahead = int(np.flatnonzero(norms >= FADED * norms.max())[-1]) - step
        if back == 0 and ahead > 0:
            text = self.tr("Looking back, only the input of its own step counts with 10% of the largest or more.")
        elif back == 0:
            text = self.tr("Only the input of its own step counts with 10% of the largest or more.")
        elif back == 1:
            text = self.tr("Inputs count with 10% of the largest or more up to one step back; the most that of t = {largest}.")
        else:
            text = self.tr(
                "Inputs count with 10% of the largest or more up to {back} steps back; the most that of t = {largest}."
            )
        if ahead > 0:
            text += " " + self.tr("Later inputs count too, up to {ahead} steps ahead: the network reads in both directions.")
        told = text.format(back=full_count(back), largest=full_count(largest + 1), ahead=full_count(ahead))
        return f"{head} {told}".replace("t = ", f"t{NO_BREAK}={NO_BREAK}")

    def _output_name(self, found: RememberedSample, remembered: Remembered) -> str:
        if found.task == "next_token" and remembered.output < len(found.classes):
            text = self.tr("Output “{character}” after t = {step}:")
            return text.format(character=seen(found.classes[remembered.output]), step=full_count((remembered.step or 0) + 1))
        value = measured(remembered.value)
        if remembered.step is None:
            if found.task == "classification" and remembered.output < len(found.classes):
                return self.tr("Output for “{name}”, of the whole sequence:").format(name=found.classes[remembered.output])
            return self.tr("Output {value}, of the whole sequence:").format(value=value)
        return self.tr("Output {value} at t = {step}:").format(value=value, step=full_count(remembered.step + 1))

    def _drawn(self, found: RememberedSample) -> str:
        """What the lines of a series with several features are."""
        features = 1 if found.is_text else int(np.prod(found.x.shape[1:]))
        if features == 1:
            return ""
        if found.is_picture:
            text = self.tr("Each row of the picture is a time step: {count} numbers are read at once.")
            return text.format(count=full_count(features))
        if features > MOST_LINES:
            text = self.tr("Line: length of the input vector of each step ({count} numbers).")
        else:
            text = self.tr("Lines: the {count} numbers that are read at each step.")
        return text.format(count=full_count(features))

    def _measure(self, remembered: Remembered) -> str:
        """What the colours mean."""
        by = self.tr("by the vectors of the embedding") if remembered.by_embedding else self.tr("by the input")
        text = self.tr("Colour: length of the derivative of the output {by}, the largest {largest}.")
        said = text.format(by=by, largest=measured(float(np.nan_to_num(remembered.norms).max(initial=0.0))))
        if remembered.step is None:
            return said
        return f"{said} " + self.tr("The pointer chooses the output, a click keeps it.")

    # --- what the user does

    @Slot(object)
    def _hover(self, step: int | None) -> None:
        """Ask for the output under the pointer, where there is one at each step."""
        found = self._found
        if found is None or found.remembered is None or found.remembered.step is None:
            return
        if step != self._hovered:
            before = self.step
            self._hovered = step
            if self.step != before:
                self.question_changed.emit()

    @Slot(int)
    def _choose(self, step: int) -> None:
        found = self._found
        if found is None or found.remembered is None or found.remembered.step is None:
            return
        look = msgspec.structs.replace(self.look, t=step)
        if look != self.look:
            self.set_look(look)
            self.look_edited.emit(look)

    # --- words

    def retranslate(self) -> None:
        super().retranslate()
        self.text.setAccessibleName(self.tr("The text, tinted by how much each character counts"))
        self._show()


def shares_of(remembered: Remembered) -> NDArray[np.float64]:
    """The norms as shares of the largest; 0 where all are 0."""
    norms = np.nan_to_num(remembered.norms, nan=0.0, posinf=0.0)
    largest = float(norms.max(initial=0.0))
    return norms / largest if largest > 0 else np.zeros_like(norms)
