"""The formulas of one gate of one unit at one time step, with their numbers put in, and what becomes of the state; beside them
torch's own values.

All numbers are those of `engine.sequences.step_terms`: exact, and rounded for reading so that what is printed adds up. Where a
gate's value is set by hand, its line says what it would be and what it is; all that follows is computed with that. Steps,
units and terms are counted from 1 here, from 0 where torch's own names of its weights are told. Called by the page of one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.figures import bracketed, full_count, measured
from engine.sequences.step_terms import GateTerms, ProjectedTerms, StateTerms, StepTerms, WeighedSum
from gui.labs.sequence.one_step.one_step_view import FoldedSum
from gui.labs.sequence.one_step.term_rows import TermRows
from gui.labs.sequence.one_step.worked_line import LinePiece, WorkedLine, unbroken
from gui.shell.theme import set_role
from gui.widgets.figures.written_numbers import all_digits, factor_text, left_out, product, rounded, to_decimals
from gui.widgets.formula_text import NO_BREAK
from gui.widgets.labels import label, separator, set_text

SIGNS = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU"}
FORMULAS = {  # of a state
    ("LSTM", "c"): "c = f ⊙ c₋ + i ⊙ g",
    ("LSTM", "h"): "h = o ⊙ tanh(c)",
    ("LSTM", "o tanh c"): "m = o ⊙ tanh(c)",
    ("GRU", "h"): "h = (1 − z) ⊙ n + z ⊙ h₋",
}
LINES = ("formula", "inputs", "bias", "states", "bias2", "reset", "sum", "c", "h", "projection")


class StepFormulas(QWidget):
    """`show_terms` writes them. `hovered` carries the key of the line under the pointer, `unfold_asked` that of a sum."""

    hovered = Signal(str)
    unfold_asked = Signal(str)  # a FoldedSum: show more of it, or fold it again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[StepTerms, str, ProjectedTerms | None] | None = None
        self._by_hand: float | None = None
        self._unfolded: tuple[FoldedSum, ...] = ()
        self._whole: tuple[FoldedSum, ...] = ()
        self.lines = {key: WorkedLine(key) for key in LINES}
        self.rows: dict[str, TermRows] = {key: TermRows() for key in ("inputs", "states", "projection")}
        self.beyond = label("small", wraps=True)
        self.verdict = label("muted_line", wraps=True)
        self._line = separator()
        for told in (self.beyond, self.verdict):
            told.setContentsMargins(4, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for key, line in self.lines.items():
            if key == "c":
                column.addWidget(self._line)
            column.addWidget(line)
            if key in self.rows:
                column.addWidget(self.rows[key])
                line.button.clicked.connect(lambda _on=False, key=key: self.unfold_asked.emit(key))
            line.hovered.connect(self.hovered)
        column.addWidget(self.beyond)
        column.addWidget(self.verdict)

    def show_terms(
        self,
        terms: StepTerms,
        gate: str,
        projected: ProjectedTerms | None,
        *,
        unfolded: tuple[FoldedSum, ...] = (),
        whole: tuple[FoldedSum, ...] = (),
        by_hand: float | None = None,
    ) -> None:
        """`gate` is the one that is taken apart. `projected` is the state with the unit's number, where there is one. `by_hand`
        is what the gate was set to: `terms` and `projected` are of the state with it."""
        self._shown, self._unfolded, self._whole = (terms, gate, projected), unfolded, whole
        self._by_hand = by_hand
        self._write()

    def set_lit(self, keys: frozenset[str]) -> None:
        """Mark lines."""
        for key, line in self.lines.items():
            line.set_lit(key in keys)

    def settle(self) -> None:
        """Give back the rows that lines have needed before and need no more."""
        for line in self.lines.values():
            line.settle()

    def text(self) -> str:
        """All lines that are shown."""
        return "\n".join(line.text for line in self.lines.values() if not line.isHidden())

    # --- writing

    def _write(self) -> None:
        if self._shown is None:
            return
        terms, name, projected = self._shown
        gate = next(each for each in terms.gates if each.name == name)
        direction = terms.direction
        has_bias = direction.bias_ih is not None
        inner = "W x + b + U h₋ + b′" if has_bias else "W x + U h₋"
        if gate.reset is not None:
            inner = "W x + b + r ⊙ (U h₋ + b′)" if has_bias else "W x + r ⊙ U h₋"
        self._show("formula", LinePiece(unbroken(f"{name} = {SIGNS[gate.nonlinearity]}(") + inner + ")"))
        row = direction.gates.index(gate.name) * direction.units + terms.unit
        weights = f"l{direction.layer}{'_reverse' if direction.backward else ''}[{row}]"
        self._write_sum("inputs", "W x", gate.inputs, f"weight_ih_{weights}", ("W", "x"), terms.unit)
        self._write_sum("states", "U h₋", gate.states, f"weight_hh_{weights}", ("U", "h₋"), terms.unit, is_zero=terms.is_first)
        self._write_number("bias", "b", gate.inputs.bias, f"bias_ih_{weights}")
        self._write_number("bias2", "b′", gate.states.bias, f"bias_hh_{weights}")
        self._write_reset(gate, has_bias)
        self._write_total(gate)
        states = {state.name: state for state in terms.states}
        self._write_state("c", states.get("c"), direction.kind)
        self._write_state("h", states.get("h") or states.get("o tanh c"), direction.kind)
        self._write_projection(terms, projected)
        self._line.setVisible(bool(states))
        self._judge([gate, *terms.states, *([projected] if projected is not None else [])])

    def _show(self, key: str, *pieces: LinePiece, tip: str = "") -> None:
        self.lines[key].setVisible(bool(pieces))
        if pieces:
            self.lines[key].show_pieces(*pieces, tip=tip)

    def _write_number(self, key: str, name: str, value: Decimal | None, tip: str) -> None:
        pieces = () if value is None else (LinePiece(name, "name"), LinePiece(unbroken(f" = {rounded(value)[0]}")))
        self._show(key, *pieces, tip="" if value is None else f"{tip}\n{all_digits(value)}")

    def _write_sum(
        self,
        key: FoldedSum,
        name: str,
        found: WeighedSum,
        weights: str,
        names: tuple[str, str],
        unit: int,
        *,
        is_zero: bool = False,
    ) -> None:
        """Σ of products: the product itself where there is one, else how many there are, with a button that unfolds them."""
        line, rows, total = self.lines[key], self.rows[key], rounded(found.products)[0]
        tip = f"{weights}\n{all_digits(found.products)}"
        one = len(found.terms) == 1
        if one:
            term = found.terms[0]
            written = product(term.weight, term.value, 4)
            sign = "=" if to_decimals(written.value) == to_decimals(term.product) else "≈"
            factors = f"{factor_text(term.weight)} × {bracketed(factor_text(term.value))}"
            self._show(
                key,
                LinePiece(name, "name"),
                LinePiece(f"{NO_BREAK}= {unbroken(factors)} {unbroken(f'{sign} {total}')}"),
                tip=tip,
            )
        elif is_zero:
            nothing = self.tr("at the start h₋ = 0")
            self._show(key, LinePiece(name, "name"), LinePiece(f"{unbroken(' = 0')} ({nothing})"), tip=tip)
        else:
            count = full_count(len(found.terms)).translate(_LOWERED)
            self._show(key, LinePiece(name, "name"), LinePiece(unbroken(f" = Σ{count} = {total}")), tip=tip)
        foldable = not one and not is_zero
        opened = foldable and key in self._unfolded
        rows.setVisible(opened)
        if opened:
            rows.show_sum(found, whole=key in self._whole, names=(f"{names[0]}[{unit + 1}, j]", f"{names[1]}[j]"))
        shown = rows.shown
        more = opened and shown is not None and shown.others > 0
        words = self.tr("all") if more else self.tr("fold") if opened else self.tr("unfold")
        line.offer(words if foldable else "", f"{name}: {words}")

    def _write_reset(self, gate: GateTerms, has_bias: bool) -> None:
        """r ⊙ (U h₋ + b′) of a GRU's candidate."""
        if gate.reset is None:
            self._show("reset")
            return
        name = "r ⊙ (U h₋ + b′)" if has_bias else "r ⊙ U h₋"
        factors = f"{factor_text(gate.reset)} × {bracketed(factor_text(gate.states.total))}"
        written = product(gate.reset, gate.states.total, 4)
        sign = "=" if to_decimals(written.value) == to_decimals(gate.from_state) else "≈"
        result = rounded(gate.from_state)[0]
        pieces = LinePiece(unbroken(name), "name"), LinePiece(f"{NO_BREAK}= {unbroken(factors)} {unbroken(f'{sign} {result}')}")
        self._show("reset", *pieces, tip=all_digits(gate.from_state))

    def _write_total(self, gate: GateTerms) -> None:
        """The sum of the lines above, and what the nonlinearity makes of it."""
        parts = [gate.inputs.products, gate.inputs.bias]
        parts += [gate.states.products, gate.states.bias] if gate.reset is None else [gate.from_state]
        written = [part for part in parts if part is not None]
        total, value = rounded(gate.total)[0], rounded(_exact(gate.value))[0]
        after = unbroken(f"→ {SIGNS[gate.nonlinearity]} → ")
        pieces = [
            LinePiece(self.tr("sum"), "name"),
            LinePiece(f"{NO_BREAK}= {self._added(gate.total, written)} {unbroken(f'= {total}')} {after}"),
        ]
        tip = f"{all_digits(gate.total)}\n{SIGNS[gate.nonlinearity]}: {all_digits(_exact(gate.value))}"
        if self._by_hand is None:
            pieces.append(LinePiece(value, "result"))
        else:
            set_to = self.tr("by hand: {name} =").format(name=gate.name)
            pieces += [LinePiece(f"{value}, {unbroken(set_to)}{NO_BREAK}"), LinePiece(rounded(_exact(gate.torch))[0], "result")]
            tip += f"\n{set_to} {all_digits(_exact(gate.torch))}"
        self._show("sum", *pieces, tip=tip)

    def _added(self, total: Decimal, parts: Sequence[Decimal]) -> str:
        """a + b + (−c), with what rounding leaves out, so that the printed numbers add up to the printed total."""
        texts = [rounded(part)[0] for part in parts]
        written = [texts[0], *map(bracketed, texts[1:])]
        if missing := _left_out(total, [to_decimals(part) for part in parts if part.is_finite()]):
            written.append(self._rounding(missing))
        return f" +{NO_BREAK}".join(written)

    def _rounding(self, missing: Decimal) -> str:
        return unbroken(self.tr("rounding {value}").format(value=bracketed(rounded(missing)[0])))

    def _write_state(self, key: str, state: StateTerms | None, kind: str) -> None:
        """c = f ⊙ c₋ + i ⊙ g, with its numbers: products, their sum."""
        if state is None:
            self._show(key)
            return
        parts = [product(term.left_value, term.right_value, 4) for term in state.terms]
        factors = [
            f"{bracketed(factor_text(term.left_value))}{NO_BREAK}×{NO_BREAK}{bracketed(factor_text(term.right_value))}"
            for term in state.terms
        ]
        if missing := _left_out(state.total, [part.value for part in parts if part.value.is_finite()]):
            factors.append(self._rounding(missing))
        self._show(
            key,
            LinePiece(unbroken(FORMULAS[kind, state.name])),
            LinePiece(f" ={NO_BREAK}" + f" +{NO_BREAK}".join(factors) + f" ={NO_BREAK}"),
            LinePiece(rounded(state.total)[0], "result"),
            tip=all_digits(state.total),
        )

    def _write_projection(self, terms: StepTerms, projected: ProjectedTerms | None) -> None:
        """h = P m: of the state with the unit's number. There are fewer states than units."""
        direction = terms.direction
        beyond = direction.weight_hr is not None and projected is None
        self.beyond.setVisible(beyond)
        if projected is None:
            self._show("projection")
            self.rows["projection"].hide()
            if beyond:
                text = self.tr("The projection keeps {count} numbers, h[1] to h[{count}]. This unit goes into each of them.")
                set_text(self.beyond, text.format(count=direction.state_size))
            return
        weights = f"weight_hr_l{direction.layer}{'_reverse' if direction.backward else ''}[{projected.state}]"
        self._write_sum("projection", f"h[{projected.state + 1}] = P m", projected.sum, weights, ("P", "m"), projected.state)

    # --- torch's own

    def _judge(self, found: Sequence[GateTerms | StateTerms | ProjectedTerms]) -> None:
        """Say whether torch's own numbers are these, which they cannot be once a gate was set by hand."""
        compared = [each for each in found if each.torch is not None]
        apart = [abs(float(each.value) - float(each.torch)) for each in compared]  # type: ignore[arg-type]
        wrong = next((each for each in compared if not each.agrees), None)
        finite = [float(number) for each in compared for number in (each.value, each.torch)]  # type: ignore[arg-type]
        if self._by_hand is not None and np.isfinite(finite).all():
            text = self.tr("Computed with {name} as it was set by hand. The maps and the other pages keep torch's own numbers.")
            assert self._shown is not None
            text, role = text.format(name=self._shown[1]), "muted_line"
        elif self._by_hand is None and wrong is not None:
            name = f"h[{wrong.state + 1}]" if isinstance(wrong, ProjectedTerms) else wrong.name
            text = self.tr("torch says {name} = {torch}, the terms come to {value}: difference {difference}")
            difference = abs(float(wrong.value) - float(wrong.torch))  # type: ignore[arg-type]
            numbers = {"torch": measured(float(wrong.torch), 7), "value": measured(float(wrong.value), 7)}  # type: ignore[arg-type]
            text, role = text.format(name=name, difference=measured(difference, 1), **numbers), "warn_line"
        elif not np.isfinite(apart).all():
            text, role = self.tr("The numbers are no longer finite."), "warn_line"
        elif max(apart) == 0:
            text, role = self.tr("agrees with torch to the last bit"), "ok_line"
        else:
            text = self.tr("agrees with torch (difference at most {difference})")
            text, role = text.format(difference=measured(max(apart), 1)), "ok_line"
        if self.verdict.property("role") != role:
            set_role(self.verdict, role)
        set_text(self.verdict, text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()


_LOWERED = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")


def _exact(value: np.float32) -> Decimal:
    return Decimal(float(value) + 0.0)


def _left_out(total: Decimal, parts: Sequence[Decimal]) -> Decimal:
    return left_out(total, parts) if total.is_finite() else Decimal(0)
