"""The backward view of a cell: which output gradients flow into a weight or an input cell, and the sum that they make there.

Like the scene, it is given a `Subject` and a `SceneState` that fit each other, and emits edited states. Sums and torch's own
gradients come from a thread of the view's own; `close_view` ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.cells.backward import Flow, Gradient, Upstream
from engine.figures import MINUS, bracketed, full_count
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d
from gui.bridge import Latest
from gui.labs.convolution.backward.backward_scene import BackwardScene, Known, Shows
from gui.labs.convolution.backward.gradients import Answer, Backpropagation, Question, above, exact_gradient, is_cheap
from gui.labs.convolution.cell.scene import Focus
from gui.labs.convolution.cell.sum_lines import SumLines
from gui.labs.convolution.state import SceneState
from gui.labs.convolution.subject import Subject
from gui.widgets.figures.written_numbers import Part, number, product, rounded
from gui.widgets.forms.controls import Segmented
from gui.widgets.grids.sheet import cell_text
from gui.widgets.labels import label, separator, set_text
from gui.widgets.one_line import OneLine

AIR_PX = 5  # around the line below the grids, beside the layout's spacing


class BackwardView(QWidget):
    edited = Signal(object)  # the SceneState that the user has asked for
    focus_changed = Signal()  # another cell is looked at

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self._state = SceneState()
        self._shows: Shows = "values"
        self._above: tuple[Subject, str, Upstream] | None = None
        self._gradient: tuple[tuple[object, ...], Gradient] | None = None
        self._answer: Answer | None = None
        self._known = Known()
        self._with_torch = False
        self.scene = BackwardScene()
        self.scene.edited.connect(self.edited)
        self.scene.focus_changed.connect(self._focus_changed)
        self.preview: Latest[Question, Answer] = Latest(Backpropagation(), self, name="backward")
        self.preview.answered.connect(self._answered)
        self.preview.failed.connect(self._failed)
        self.meaning = OneLine("muted")
        self._of_loss, self.upstream, self.shows = label("muted"), Segmented(), Segmented()
        self.upstream.chosen.connect(self._upstream_chosen)
        self.shows.chosen.connect(self._shows_chosen)
        self.sum_lines = SumLines()
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.meaning, 1)
        for part in (self._of_loss, self.upstream, self.shows):
            tools.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(tools)
        column.addWidget(self.scene, 1)
        column.addSpacing(AIR_PX)
        column.addWidget(separator())
        column.addSpacing(AIR_PX)
        column.addWidget(self.sum_lines)
        self.retranslate()

    # --- what is shown

    def show_view(self, subject: Subject, state: SceneState) -> None:
        """Show `subject` as `state` says, which must fit it; nothing is emitted but `focus_changed`."""
        if self._above is None or self._above[0] is not subject or self._above[1] != state.upstream:
            self._above = (subject, state.upstream, above(subject, state.upstream))
            self._answer, self._known = None, Known()
        self._subject, self._state = subject, state
        self.upstream.set_current(state.upstream)
        self.shows.set_current(self._shows)
        self._show_scene()

    def torch_ready(self) -> None:
        """Compute torch's own gradients too, from now on."""
        self._with_torch = True
        if self._subject is not None:
            self._ask()

    def close_view(self, timeout_s: float = 2.0) -> bool:
        """End the view's thread. Returns whether it ended in time."""
        return self.preview.close(timeout_s)

    def busy(self) -> bool:
        """Whether a number is still being computed."""
        return self.preview.busy()

    @property
    def focus(self) -> Focus | None:
        return self.scene.focus

    @property
    def gradient(self) -> Gradient | None:
        """The exact sum for the cell that is looked at, once it has come."""
        question = self._question()
        if question is None or self._gradient is None or self._gradient[0] != question.place:
            return None
        return self._gradient[1]

    def _show_scene(self) -> None:
        assert self._subject is not None and self._above is not None
        self.scene.show_gradients(self._subject, self._state, self._above[2], self._shows, self._known)

    # --- what is computed

    def _question(self) -> Question | None:
        """The question whose answer is to be shown; None where nothing has to be computed."""
        focus, subject = self.scene.focus, self._subject
        if focus is None or subject is None:
            return None
        cell = focus.cell
        if focus.part == "input":
            read = self.scene.read_at(cell)
            if read is None:
                return None
            cell = read
        rows, columns = self.scene.own_input()
        source = self._state.source
        return Question(subject, self._state.upstream, source, rows, columns, focus.part, cell, self._with_torch)

    def _ask(self) -> None:
        """Compute what is not known yet: a cheap sum at once, the rest in the thread."""
        question = self._question()
        if question is None or not (question.rows and question.columns):
            return
        known = question.part == "output" or (self._gradient is not None and self._gradient[0] == question.place)
        if not known and is_cheap(question):
            assert self._above is not None
            found = exact_gradient(question, self._above[2])
            if found is not None:
                self._gradient = (question.place, found)
                known = True
        answer = self._answer
        if not known or (self._with_torch and (answer is None or answer.question.piece != question.piece)):
            self.preview.ask(question)

    @Slot(object)
    def _answered(self, answer: Answer) -> None:
        if self._subject is None or answer.question.subject is not self._subject:
            return
        if answer.question.upstream != self._state.upstream:
            return
        if answer.gradient is not None:
            self._gradient = (answer.question.place, answer.gradient)
        if answer.input_HW is not None and answer.question.source == self._state.source:
            self._answer = answer
            weight = None if answer.weight_IHW is None else answer.weight_IHW[answer.question.source]
            self._known = Known(weight, answer.input_HW, (answer.question.rows.start, answer.question.columns.start))
            if self._shows == "gradients":
                self._show_scene()
        self._write()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        raise error

    def _torchs(self, question: Question) -> np.float32 | None:
        """torch's number for the cell of `question`, once it has come."""
        answer = self._answer
        if answer is None or answer.question.filter != question.filter or answer.question.source != question.source:
            return None
        row, column = question.cell
        if question.part == "filter" and answer.weight_IHW is not None:
            return np.float32(answer.weight_IHW[question.source, row, column])
        rows, columns = answer.question.rows, answer.question.columns
        if question.part == "input" and answer.input_HW is not None and row in rows and column in columns:
            return np.float32(answer.input_HW[row - rows.start, column - columns.start])
        return None

    # --- what the user does

    @Slot()
    def _focus_changed(self) -> None:
        if self._above is None or self._above[0] is not self.scene.subject:
            return
        self._ask()
        self._write()
        self.focus_changed.emit()

    @Slot(str)
    def _upstream_chosen(self, key: str) -> None:
        self.edited.emit(msgspec.structs.replace(self._state, upstream=key))

    @Slot(str)
    def _shows_chosen(self, key: str) -> None:
        self._shows = cast(Shows, key)
        if self._subject is not None:
            self._show_scene()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.scene.free()
        else:
            super().keyPressEvent(event)

    # --- the lines below

    def _write(self) -> None:
        focus, subject = self.scene.focus, self._subject
        if focus is None or subject is None:
            return
        self.meaning.set_text(*self._meaning(subject, focus))
        lines, question = self.sum_lines, self._question()
        if focus.part == "output":
            self._write_output(subject, focus)
            return
        if question is None:
            lines.clear()
            lines.sum.set_text(self.tr("Padding: no input value stands here, so its gradient is needed by nobody."))
            return
        gradient = self.gradient
        channel = f" {subject.names[self._state.source]}" if len(subject.names) > 1 else ""
        name = f"{'dL/dw' if focus.part == 'filter' else 'dL/dx'}{channel}{cell_text(question.cell)}"
        if subject.plane is not None:
            name += " " + self.tr("(through output plane {plane} alone)").format(plane=subject.plane)
        if gradient is None:  # it has not come yet: nothing is known of its terms
            lines.show_total("…")
            lines.sum.set_text(f"= {name}")
            lines.products.set_text("")
        else:
            lines.show_total(rounded(gradient.total)[0])
            lines.sum.set_text(*(f"= {name} = {text}" for text in self._sums(subject, question, gradient)))
            self._write_products(gradient)
        lines.show_verdict(gradient, self._torchs(question))

    def _write_output(self, subject: Subject, focus: Focus) -> None:
        lines, value = self.sum_lines, self.scene.value(focus)
        lines.show_total("" if value is None else rounded(Decimal(value))[0])
        lines.show_no_verdict()
        inputs, weights = len(self.scene.grids["input"].lit), len(self.scene.grids["filter"].lit)
        if subject.pools:
            text = self.tr("= dL/dy{cell}: flows into the window of {inputs} input cells").format(
                cell=cell_text(focus.cell), inputs=inputs
            )
        else:
            text = self.tr("= dL/dy{cell}: flows into {inputs} input cells and {weights} weights of this channel").format(
                cell=cell_text(focus.cell), inputs=inputs, weights=weights
            )
        lines.sum.set_text(text)
        lines.products.set_text("")

    def _sums(self, subject: Subject, question: Question, gradient: Gradient) -> Sequence[str]:
        """What the gradient is a sum of, the longest wording first."""
        count = len(gradient.terms)
        if isinstance(subject.layer, MaxPool2d):
            taken = sum(1 for term in gradient.terms if term.partner)
            text = self.tr("Σ dL/dy of the windows whose maximum it is: {taken} of {count}")
            return (text.format(taken=taken, count=count),)
        if isinstance(subject.layer, AvgPool2d):
            return (self.tr("Σ dL/dy / cells of the window, {count} windows").format(count=full_count(count)),)
        several = self.tr("{count} products").format(count=full_count(count))
        if question.part == "filter":
            formula = self._formula(subject, question.cell)
            return f"{formula}, {several}", f"Σ dL/dy · x, {several}"
        maps = subject.maps // subject.layer.groups
        if maps == 1:
            return (f"Σ dL/dy · w, {several}",)
        text = self.tr("Σ dL/dy · w over {maps} maps, {products}").format(maps=maps, products=several)
        return text, f"Σ dL/dy · w, {several}"

    @staticmethod
    def _formula(subject: Subject, kernel: tuple[int, int]) -> str:
        """Σ dL/dy(i, j) · x(2i − 1, 2j + 1): the input cell that a weight meets when output cell (i, j) is computed."""
        parts = []
        for letter, track, at in zip("ij", subject.tracks, kernel, strict=True):
            shift = at * track.slide.dilation - track.slide.before
            step = "" if track.slide.stride == 1 else str(track.slide.stride)
            parts.append(f"{step}{letter}" + (f" + {shift}" if shift > 0 else f" {MINUS} {-shift}" if shift else ""))
        moved = f"({', '.join(parts)})"
        return f"Σ dL/dy{moved} · x(i, j)" if subject.transposed else f"Σ dL/dy(i, j) · x{moved}"

    def _write_products(self, gradient: Gradient) -> None:
        if not gradient.terms:
            self.sum_lines.products.set_text("")
            return
        terms = gradient.terms
        found = self.sum_lines.wordings(
            lambda few, decimals: [_term(term, decimals) for term in terms[:few]], len(terms), gradient.total
        )
        self.sum_lines.products.set_text(*found)

    # --- words

    def _meaning(self, subject: Subject, focus: Focus) -> Sequence[str]:
        """One sentence about the cell that is looked at, the longest wording first."""
        if focus.part == "output":
            text = self.tr("This gradient flows back into every cell that lights up.")
            return (text,)
        if isinstance(subject.layer, MaxPool2d):
            return (
                self.tr("Each window gives its whole gradient to its maximum, and nothing to its other cells."),
                self.tr("A window's gradient goes to its maximum."),
            )
        if isinstance(subject.layer, AvgPool2d):
            return (
                self.tr("Each window shares its gradient out evenly among its cells."),
                self.tr("A window shares its gradient out."),
            )
        if focus.part == "filter":
            return (
                self.tr("A weight's gradient: each output gradient times the input cell that the weight met there, added up."),
                self.tr("Each output gradient times the input cell that the weight met."),
                self.tr("Output gradient × input, added up."),
            )
        return (
            self.tr("An input's gradient: each output cell that read it sends its gradient back through the same weight."),
            self.tr("Each output gradient goes back through the same weight."),
            self.tr("Output gradient × weight, added up."),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(self._of_loss, "dL/dy")
        self._of_loss.setToolTip(
            self.tr(
                "The gradient of the loss L with respect to each output cell, before the activation. Of a 3-d layer L is made"
                " of the plane in view alone: the other planes would add their parts to the gradients."
            )
        )
        self.upstream.set_choices([("ones", self.tr("all 1")), ("output", "y"), ("random", self.tr("random"))])
        self.upstream.setAccessibleName(self.tr("Gradient from above"))
        tips = {
            "ones": self.tr("L is the sum of all outputs: every output gradient is 1."),
            "output": self.tr("L is half the sum of the squares of all outputs: each output gradient is the output itself."),
            "random": self.tr("Whole numbers from −2 to 2, as if they came from the layers above."),
        }
        self.shows.set_choices([("values", self.tr("Values")), ("gradients", self.tr("Gradients"))])
        self.shows.setAccessibleName(self.tr("What input and filter show"))
        tips |= {
            "values": self.tr("Input and filter show their values."),
            "gradients": self.tr("Input and filter show their gradients, as torch computes them."),
        }
        for choices, keys in ((self.upstream, ("ones", "output", "random")), (self.shows, ("values", "gradients"))):
            for key in keys:
                choices.button(key).setToolTip(tips[key])
                choices.button(key).setAccessibleName(f"{choices.accessibleName()}: {choices.button(key).text()}")
        self._write()


def _term(term: Flow, decimals: int) -> Part:
    """1×0.5, of a mean 1/9, of a maximum 1 or 0."""
    if term.divisor == 1:
        return product(term.gradient, term.partner, decimals)
    part = number(term.gradient, decimals)
    return Part(f"{bracketed(part.text)}/{term.divisor}", part.whole, part.value / term.divisor)
