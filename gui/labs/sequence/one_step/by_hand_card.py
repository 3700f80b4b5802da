"""A gate's value set by hand: what the state would have become, at this step and afterwards, beside what it really became.

Shown at the foot of the page of one step. The numbers come from `engine.sequences.step_terms.with_value_set`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.figures import fixed, measured
from engine.sequences.step_terms import StepTerms, ValueSet
from gui.shell.theme import restyle_when_seen, theme
from gui.widgets.forms.controls import Segmented
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.labels import label, separator, set_text

if TYPE_CHECKING:
    from gui.plots.sequences.step_lines import StepLines

MOST = 1e6
QUICK = (0.0, 1.0)
PLOT_PX = 118


class ByHandCard(QWidget):
    """`show_gate` shows a gate with its own value, and what has become of another one. `value_set` carries the user's value;
    None: torch's own again."""

    value_set = Signal(object)
    course_chosen = Signal(str)  # c or h
    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[StepTerms, str, ValueSet | None, str] | None = None
        self.head = label("title")
        self.name = QLabel()
        self.box = NumberBox(whole=False)
        self.box.setRange(-MOST, MOST)
        self.box.setSingleStep(0.1)
        self.box.setMinimumWidth(64)
        self.quick = [QPushButton(f"{value:.0f}") for value in QUICK]
        self.reset = QPushButton()
        self.course = Segmented()
        self.told = label("muted", wraps=True)
        self.told.setProperty("role", "fact")
        for button, value in zip(self.quick, QUICK, strict=True):
            button.setProperty("role", "compact")
            button.clicked.connect(lambda _on=False, value=value: self.value_set.emit(value))
        self.reset.setProperty("role", "offer")
        self.reset.clicked.connect(lambda _on=False: self.value_set.emit(None))
        self.box.valueChanged.connect(lambda value: self.value_set.emit(float(value)))
        self.course.chosen.connect(self.course_chosen)
        row, top = QHBoxLayout(), QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.name)
        row.addWidget(self.box, 1)
        for button in self.quick:
            row.addWidget(button)
        top.addWidget(self.head, 1)
        top.addWidget(self.reset)
        self.legend = label("small", rich=True)
        self._row = QHBoxLayout()
        self._row.addWidget(self.legend, 1)
        self._row.addWidget(self.course)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(separator())
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self.told)
        column.addLayout(self._row)
        restyle_when_seen(self, self._show)
        self.retranslate()

    @cached_property
    def plot(self) -> StepLines:
        from gui.plots.sequences.step_lines import StepLines

        made = StepLines()
        made.margins = (46.0, 6.0, 8.0, 22.0)
        made.export_name = "set by hand"
        made.setFixedHeight(PLOT_PX)
        made.step_chosen.connect(self.step_chosen)
        self._column.addWidget(made)
        return made

    def show_gate(self, terms: StepTerms, gate: str, found: ValueSet | None, course: str) -> None:
        self._shown = (terms, gate, found, course)
        self._show()

    # --- what is shown

    def _show(self) -> None:
        if self._shown is None:
            return
        terms, gate, found, course = self._shown
        own = float(terms.direction.arrays[gate][terms.t, terms.unit])  # type: ignore[index]
        states = [name for name in ("c", "h") if name in terms.direction.arrays and self._has(name)]
        shown = course if course in states else states[-1] if states else "h"
        set_text(self.name, f"{gate} =")
        with QSignalBlocker(self.box):
            self.box.show_value(round(own, 6) if found is None else found.value)
        self.box.setAccessibleName(self.tr("Value of {gate} by hand").format(gate=gate))
        self.reset.setEnabled(found is not None)
        self.course.set_choices([(name, name) for name in states])
        self.course.set_current(shown)
        self.course.setVisible(found is not None and len(states) > 1)
        self.legend.setVisible(found is not None)
        if found is None:
            text = self.tr("What if this gate had another value here? Type one, or press 0 or 1. Its own: {value}")
            set_text(self.told, text.format(value=fixed(own)))
            if "plot" in self.__dict__:
                self.plot.hide()
            return
        set_text(self.told, self._sentence(terms, gate, found, own, states))
        self._draw(terms, found, shown)

    def _has(self, name: str) -> bool:
        """Whether the state has a number for this unit: a projection has fewer."""
        assert self._shown is not None
        terms = self._shown[0]
        return terms.unit < int(terms.direction.arrays[name].shape[1])  # type: ignore[index]

    def _sentence(self, terms: StepTerms, gate: str, found: ValueSet, own: float, states: list[str]) -> str:
        t, unit = terms.t, terms.unit
        lines = [self.tr("{gate} = {value} instead of {own}").format(gate=gate, value=measured(found.value), own=fixed(own))]
        kind = terms.gate(found.gate).nonlinearity
        low = -1.0 if kind == "tanh" else 0.0
        if kind == "relu":
            if found.value < low:
                lines.append(self.tr("No ReLU gives a number below 0: the network itself cannot have this value."))
        elif not low <= found.value <= 1.0:
            text = self.tr("A {function} gives numbers from {low} to 1: the network itself cannot have this value.")
            lines.append(text.format(function=kind, low=f"{low:.0f}".replace("-", "−")))
        for name in states:
            was, would = (float(values[name][t, unit]) for values in (terms.direction.arrays, found.arrays))  # type: ignore[index]
            lines.append(f"{name}: {fixed(was)} → {fixed(would)}")
        later = self._later(terms, found)
        if later is not None:
            place, apart = later
            text = self.tr("{steps} steps later the states of all units still differ by {apart} at most")
            if place == 1:
                text = self.tr("one step later the states of all units differ by {apart} at most")
            lines.append(text.format(steps=place, apart=measured(apart, 2)))
        return "\n".join(lines)

    @staticmethod
    def _later(terms: StepTerms, found: ValueSet) -> tuple[int, float] | None:
        """How many steps after this one the last one is, and how far apart the hidden states are; None at the last one."""
        direction = terms.direction
        last = 0 if direction.backward else direction.steps - 1
        steps = abs(last - terms.t)
        if not steps:
            return None
        return steps, float(np.abs(found.arrays["h"][last].astype(np.float64) - direction.arrays["h"][last]).max())

    def _draw(self, terms: StepTerms, found: ValueSet, state: str) -> None:
        from gui.plots.sequences.step_lines import StepLine

        real, would = (values[state][:, terms.unit] for values in (terms.direction.arrays, found.arrays))  # type: ignore[index]
        lines = [
            StepLine(self.tr("{state} as it is").format(state=state), real, 0),
            StepLine(self.tr("{state} as it would have been").format(state=state), would, 1, dashed=True),
        ]
        self._write_legend()
        self.plot.setAccessibleName(self.tr("{state} of the unit over time, and as it would have been").format(state=state))
        self.plot.set_axis_names("", "")
        self.plot.set_lines(lines)
        self.plot.set_marked(terms.t)
        self.plot.show()

    def _write_legend(self) -> None:
        words = (self.tr("as it is"), 0, "——"), (self.tr("as it would have been"), 1, "- - -")
        curves = theme().curves
        spans = (f'<span style="color:{curves[number].name()}">{dash}</span> {text}' for text, number, dash in words)
        set_text(self.legend, "&nbsp;&nbsp;".join(spans))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(self.head, self.tr("A gate's value by hand"))
        self.reset.setText(self.tr("Its own value"))
        self.reset.setToolTip(self.tr("Take torch's own value again"))
        self.course.setAccessibleName(self.tr("State that is drawn"))
        for button, value in zip(self.quick, QUICK, strict=True):
            button.setAccessibleName(self.tr("Set it to {value}").format(value=f"{value:.0f}"))
        self._show()
