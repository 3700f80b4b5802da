"""One step of a recurrent layer, taken apart: a gate of a unit as a sum with today's numbers, what becomes of the state, the
cell as a drawing, and what another value would have led to.

A page beside the heat maps of the sequence lab; it follows the cell of a heat map that is chosen there.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSignalBlocker, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.figures import full_count
from engine.sequences.gate_probe import GatesAnswer
from engine.sequences.opened import OpenedDirection
from engine.sequences.step_terms import ValueSet, projection_terms, step_terms, with_value_set
from gui.labs.sequence.gates_question import gates_question
from gui.labs.sequence.one_step.by_hand_card import ByHandCard
from gui.labs.sequence.one_step.cell_diagram import CellDiagram, WireValues
from gui.labs.sequence.one_step.cell_values import changed_keys, shown_gate, wire_values
from gui.labs.sequence.one_step.lit_parts import lines_of, parts_of
from gui.labs.sequence.one_step.one_step_view import FoldedSum, OneStepView, ValueByHand
from gui.labs.sequence.one_step.step_formulas import StepFormulas
from gui.labs.sequence.sequence_look import SequenceLook, clipped, looked_at
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.result_page import ModelQuestion
from gui.widgets.forms.controls import Segmented
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine
from gui.widgets.scrolled_page import ScrolledPage

REST_MS, REST_TIMES = 200, 10
HELD_MS = 500  # for so long after a value was set its box stays where it is, however late lines are laid out


class OneStepPage(SequencePage):
    """`view_edited` carries the OneStepView that the user has made, `look_edited` the SequenceLook."""

    def __init__(self) -> None:
        super().__init__()
        self._view = OneStepView()
        self._has_run = False
        self._answer: GatesAnswer | None = None
        self._hovered = ""
        self._rest = QTimer(self)  # runs after a drawing: figures that change more often cannot be read
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._catch_up)
        self._is_behind = self._is_learning = False
        self._held = 0  # where the box of a value by hand is to stay, as long as `_holding` runs
        self._holding = QTimer(self, singleShot=True, interval=HELD_MS)
        self.place = OneLine("muted")
        self.gate, self.unit, self.step = Segmented(), NumberBox(), NumberBox()
        self.formulas, self.diagram, self.by_hand = StepFormulas(), CellDiagram(), ByHandCard()
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self.gate.chosen.connect(lambda name: self._look_at(gate=name))
        self.unit.valueChanged.connect(lambda value: self._look_at(unit=int(value) - 1))
        self.step.valueChanged.connect(lambda value: self._look_at(t=int(value) - 1))
        self.formulas.hovered.connect(self._line_hovered)
        self.formulas.unfold_asked.connect(self._unfold)
        self.diagram.hovered.connect(self._wire_hovered)
        self.diagram.gate_clicked.connect(self._gate_clicked)
        self.diagram.stepped.connect(self._stepped)
        self.by_hand.value_set.connect(self._value_set)
        self.area.verticalScrollBar().rangeChanged.connect(self._scroll_along)
        self.by_hand.course_chosen.connect(lambda name: self._edit(course=name))
        self.by_hand.step_chosen.connect(lambda t: self._look_at(t=t))
        self.retranslate()
        self._show()

    def _lay_out(self) -> None:
        self._controls = QWidget()
        row = QHBoxLayout(self._controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.gate, 3)
        row.addWidget(self.unit, 2)
        row.addWidget(self.step, 2)
        self.inner = QWidget()
        column = QVBoxLayout(self.inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        for part in (self.formulas, self.diagram, self.by_hand):
            column.addWidget(part)
        column.addStretch(1)
        self.area = ScrolledPage(self.inner)
        for widget in (self.empty, self._controls, self.place, self.area):
            self.body.addWidget(widget, 1 if widget in (self.empty, self.area) else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(250, 200)

    # --- what is asked

    def page_title(self) -> str:
        return self.tr("One step, taken apart")

    def short_title(self) -> str:
        return self.tr("One step", "choice of pages")

    def question(self) -> ModelQuestion | None:
        return gates_question(self.look.sample, self.look.path) if self._has_run else None

    def show_run(self, experiment: object | None) -> None:
        self._has_run = experiment is not None
        self._answer = None
        self._show()
        self.question_changed.emit()

    def show_answer(self, answer: Any) -> None:
        self._answer = answer
        if answer is not None and self._rest.isActive():
            self._is_behind = True
        else:
            self._show_and_rest()

    @Slot()
    def _catch_up(self) -> None:
        """Draw the answer that has come meanwhile. Where none has, and none will, the lines stand still."""
        if self._is_behind:
            self._show_and_rest()
            return
        if self._view.by_hand is not None:
            self._hold_box()
        self._settle()

    def set_learning(self, is_learning: bool) -> None:
        super().set_learning(is_learning)
        self._is_learning = is_learning
        if not self._rest.isActive():
            self._settle()

    def _settle(self) -> None:
        """Leave no empty rows below lines that were longer: not while a run goes on, which would have all below them jump."""
        if not self._is_learning:
            self.formulas.settle()
            self._lay_out_now()

    def _lay_out_now(self) -> None:
        """A line of another height has its place before anything is painted."""
        for widget in (self.formulas, self.inner):
            QCoreApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest.value)

    def _show_and_rest(self) -> None:
        """Draw, and rest the longer the longer that took: a value that was set by hand is run on through thousands of steps."""
        began = perf_counter()
        self._show()
        self._rest.start(max(REST_MS, round(REST_TIMES * 1000 * (perf_counter() - began))))

    def look_changed(self, before: SequenceLook) -> None:
        self._show()
        self._settle()
        if (before.sample, before.path) != (self.look.sample, self.look.path):
            self.question_changed.emit()

    def set_view(self, view: OneStepView) -> None:
        if view != self._view:
            self._view = view
            self._show()

    # --- what is shown

    @property
    def direction(self) -> OpenedDirection | None:
        """The layer and direction that is looked at; None while there is none."""
        answer, look = self._answer, self.look
        if answer is None or not answer.recurrent:
            return None
        found = next((each for path, each in answer.recurrent if path == look.path), answer.recurrent[0][1])
        layer = clipped(look.layer, found[-1].layer + 1)
        same = [each for each in found if each.layer == layer]
        return next((each for each in same if each.backward == look.backward), same[0])

    @property
    def found(self) -> ValueSet | None:
        """What has become of the value that was set by hand, where it was set at this place."""
        direction, hand = self.direction, self._view.by_hand
        if direction is None or hand is None:
            return None
        t, unit = self._at(direction)
        place = ValueByHand(
            layer=direction.layer,
            backward=direction.backward,
            t=t,
            unit=unit,
            gate=shown_gate(direction, self.look.gate),
            value=hand.value,
        )
        if place != hand:
            return None
        return with_value_set(direction, t, unit, hand.gate, hand.value)  # type: ignore[arg-type]

    def _at(self, direction: OpenedDirection) -> tuple[int, int]:
        """The time step and the unit, inside of what there is."""
        t = looked_at(self.look.t, direction.steps, backward=direction.backward)
        return t, clipped(self.look.unit, direction.units)

    def _show(self) -> None:
        self._is_behind = False
        direction = self.direction
        self.empty.setVisible(direction is None)
        for part in (self._controls, self.area):
            part.setVisible(direction is not None)
        place = self._place_in_words(direction)
        self.place.setVisible(bool(place))
        if direction is None:
            self.empty.setText(self._why_empty())
            return
        self.place.set_text(place)
        t, unit = self._at(direction)
        own = step_terms(direction, t, unit)
        gate, found = shown_gate(direction, self.look.gate), self.found
        terms = own if found is None else step_terms(found.direction, t, unit)
        is_state = direction.weight_hr is not None and unit < direction.state_size
        projected = projection_terms(terms.direction, t, unit) if is_state else None
        self._show_controls(direction, t, unit, gate)
        view = self._view
        self.formulas.show_terms(
            terms, gate, projected, unfolded=view.unfolded, whole=view.whole, by_hand=None if found is None else found.value
        )
        self._lay_out_now()
        values = wire_values(terms)
        self.diagram.show_values(
            WireValues(
                kind=direction.kind,
                nonlinearity=direction.nonlinearity,
                projected=direction.weight_hr is not None,
                chosen=gate,
                values=values,
                changed=changed_keys(wire_values(own), values),
                by_hand="" if found is None else gate,
                reads=self._reads(direction),
                gates=direction.gates,
            )
        )
        self.by_hand.show_gate(own, gate, found, view.course)
        self._light()

    def _why_empty(self) -> str:
        if not self._has_run:
            return self.none_yet(self.tr("Once a run has begun, each number of its gates can be taken apart here."))
        if self._answer is None:
            return self.tr("The gates are being read...")
        return self.tr("This network has no recurrent layer: there is no step to take apart.")

    def _show_controls(self, direction: OpenedDirection, t: int, unit: int, gate: str) -> None:
        self.gate.set_choices([(name, name) for name in direction.gates])
        self.gate.set_current(gate)
        self.gate.setVisible(len(direction.gates) > 1)
        for box, value, count in ((self.unit, unit, direction.units), (self.step, t, direction.steps)):
            box.setRange(1, count)
            with QSignalBlocker(box):
                box.show_value(value + 1)

    def _place_in_words(self, direction: OpenedDirection | None) -> str:
        """Which one it is, where there are several layers or directions."""
        words = list[str]()
        whole = () if self._answer is None else self._answer.directions
        if direction is not None and len({each.layer for each in whole}) > 1:
            words.append(self.tr("layer {number}").format(number=direction.layer + 1))
        if direction is not None and any(each.backward for each in whole):
            words.append(self.tr("backward") if direction.backward else self.tr("forward"))
        return " · ".join(words)

    @staticmethod
    def _reads(direction: OpenedDirection) -> str:
        size = "R" if direction.weight_hr is not None else "H"
        inputs, states = full_count(int(direction.x.shape[1])), full_count(direction.state_size)
        return f"x (D = {inputs}), h₋ ({size} = {states})"

    # --- what belongs to what

    @Slot(str)
    def _wire_hovered(self, key: str) -> None:
        self._hovered = key
        self._light()

    @Slot(str)
    def _line_hovered(self, key: str) -> None:
        direction = self.direction
        gate = "" if direction is None else shown_gate(direction, self.look.gate)
        self.diagram.set_lit(parts_of(key, self.diagram.shown.kind, gate))

    def _light(self) -> None:
        """Light the lines of what is under the pointer; else that of the state whose heat map was pointed at."""
        shown = self.diagram.shown
        state = frozenset({self.look.gate} if self.look.gate in ("c", "h") and shown.kind != "RNN" else ())
        self.formulas.set_lit(lines_of(self._hovered, shown.kind, shown.chosen) or state)

    # --- what the user does

    def _look_at(self, **changes: object) -> None:
        look = msgspec.structs.replace(self.look, **changes)
        if look != self.look:
            self.set_look(look)
            self.look_edited.emit(look)

    def _edit(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        self._show()
        self.view_edited.emit(self._view)

    @Slot(int, int)
    def _stepped(self, steps: int, units: int) -> None:
        direction = self.direction
        if direction is not None:
            t, unit = self._at(direction)
            self._look_at(t=clipped(t + steps, direction.steps), unit=clipped(unit + units, direction.units))

    @Slot(str)
    def _gate_clicked(self, name: str) -> None:
        """Choose the gate, and have its value ready to be replaced."""
        self._look_at(gate=name)
        self.area.ensureWidgetVisible(self.by_hand)
        self.by_hand.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.by_hand.box.selectAll()

    @Slot(object)
    def _value_set(self, value: float | None) -> None:
        direction = self.direction
        if direction is None:
            return
        t, unit = self._at(direction)
        hand = None
        if value is not None and np.isfinite(value):
            gate = shown_gate(direction, self.look.gate)
            hand = ValueByHand(layer=direction.layer, backward=direction.backward, t=t, unit=unit, gate=gate, value=value)
        self._hold_box()
        self._edit(by_hand=hand)
        if hand is None:  # else the buttons would jump under the hand that tries values
            self._settle()

    def _hold_box(self) -> None:
        """What is laid out now may have more lines or fewer above the box of a value by hand: it stays under the hand."""
        if not self._holding.isActive():
            self._held = self._place_of_box()
        self._holding.start()

    def _place_of_box(self) -> int:
        return self.by_hand.box.mapTo(self, QPoint(0, 0)).y()

    @Slot()
    def _scroll_along(self) -> None:
        if self._holding.isActive():
            bar = self.area.verticalScrollBar()
            bar.setValue(bar.value() + self._place_of_box() - self._held)

    @Slot(str)
    def _unfold(self, key: FoldedSum) -> None:
        """Folded, then the largest terms, then all, then folded again."""
        view, rows = self._view, self.formulas.rows[key].shown
        without = {"unfolded": _without(view.unfolded, key), "whole": _without(view.whole, key)}
        if key not in view.unfolded:
            self._edit(unfolded=(*view.unfolded, key))
        elif rows is not None and rows.others:
            self._edit(whole=(*view.whole, key))
        else:
            self._edit(**without)

    # --- words

    def retranslate(self) -> None:
        self.gate.setAccessibleName(self.tr("Gate that is taken apart"))
        super().retranslate()
        self.unit.setPrefix(self.tr("unit ", "before its number, in a box"))
        self.unit.setAccessibleName(self.tr("Unit"))
        self.step.setPrefix("t = ")
        self.step.setAccessibleName(self.tr("Time step"))
        self._show()


def _without(keys: tuple[FoldedSum, ...], key: FoldedSum) -> tuple[FoldedSum, ...]:
    return tuple(each for each in keys if each != key)
