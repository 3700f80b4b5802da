"""A number as a sum, in two lines: the exact total, the sum, the products, and torch's own number beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.cells.arithmetic import Exact, agrees
from engine.figures import DECIMALS, bracketed, full_count, measured, typeset
from gui.shell.theme import set_role
from gui.widgets.figures.written_numbers import Part, left_out, rounded, to_decimals
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine

FEW_TERMS = 25  # more terms are not all written out in a line
FEWER_DECIMALS = 3  # where there is no room for all; with fewer, what is printed would say little of the total
MOST_PLAIN_TORCH = 1e16  # the largest number that a line has room for without a power of ten
KEPT = (16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1)  # terms that are written where there is no room for all


def _plus(texts: Sequence[str]) -> str:
    return " + ".join(texts)


class SumLines(QWidget):
    """The owner writes `sum` and `products`, each in the longest wording for which there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total = label("accent")
        self._verdicts = label("muted_line"), label("muted_line")  # in the first line, in the second; one of them is shown
        self._verdict = self._verdicts[0]
        self.sum, self.products = OneLine("plain"), OneLine("muted")
        for text in (self._total, self.sum):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for line in (self._first, self._second):
            line.setSpacing(8)
            column.addLayout(line)
        self._first.addWidget(self._total)
        self._first.addWidget(self.sum, 1)
        self._first.addWidget(self._verdicts[0])
        self._second.addWidget(self.products, 1)
        self._second.addWidget(self._verdicts[1])
        self._verdicts[1].hide()

    def add_tool(self, tool: QWidget) -> None:
        """Put a tool at the end of the second line."""
        self._second.addWidget(tool)

    def set_verdict_below(self, below: bool) -> None:
        """Put torch's number, which is shown next, into the second line, so that the sum has the first one for itself; or into
        the first."""
        self._verdict = self._verdicts[below]
        self._verdict.show()
        self._verdicts[not below].hide()

    def wordings(
        self,
        write: Callable[[int, int], Sequence[Part]],
        count: int,
        total: Decimal | None,
        *,
        joined: Callable[[Sequence[str]], str] = _plus,
        divisor: int = 1,
        also: tuple[str, Decimal] = ("", Decimal(0)),
    ) -> list[str]:
        """A sum after its = sign, the longest text first: all terms, with what their rounding leaves out, so that the printed
        numbers add up to `total` as it is printed; then the first terms, and how many more there are. ≈ says that digits are
        missing. No term has fewer digits than that: with one digit, the numbers of a sum come to another one.

        `write(n, decimals)` writes the first n of `count` terms. `also` is the text of what is added to them, and its printed
        value. Without a `total` the terms are not added up."""
        texts = []
        digits = (DECIMALS,) if total is None else (DECIMALS, FEWER_DECIMALS)
        for decimals in digits if count <= FEW_TERMS else ():
            parts = write(count, decimals)
            missing = Decimal(0)
            if total is not None and not all(part.whole for part in parts):
                missing = left_out(total, (*(part.value for part in parts), also[1] * divisor), divisor)
            rest = self.tr("rounding {value}").format(value=bracketed(rounded(missing)[0]))
            texts.append(f"{_sign(parts)} {joined([part.text for part in parts])}{also[0]}{f' + {rest}' if missing else ''}")
        parts = write(min(count, KEPT[0]), DECIMALS)
        for kept in KEPT:
            if kept < count:
                more = self.tr("… ({count} more)").format(count=full_count(count - kept))
                texts.append(f"{_sign(parts[:kept])} {joined([*(part.text for part in parts[:kept]), more])}{also[0]}")
        return texts

    # --- what is written there

    @property
    def total(self) -> str:
        return self._total.text()

    @property
    def line(self) -> str:
        """The text of the sum."""
        return self.sum.text()

    @property
    def second_line(self) -> str:
        return self.products.text()

    @property
    def verdict(self) -> str:
        """The text about torch's number."""
        return self._verdict.text()

    def clear(self) -> None:
        self.show_total("")
        self.show_no_verdict()
        self.sum.set_text("")
        self.products.set_text("")

    def show_total(self, total: str) -> None:
        set_text(self._total, total)

    def show_no_verdict(self) -> None:
        """Show that torch has no number of its own here."""
        set_text(self._verdict, "")
        self._verdict.setToolTip("")

    def show_verdict(self, exact: Exact | None, torch: np.float32 | float | None) -> None:
        """Show torch's number beside the exact one; None where one of them has not come yet."""
        if torch is None or exact is None:
            role, text, tip = "muted_line", self.tr("torch: …"), ""
        else:
            same, difference = agrees(exact, torch)
            role = "ok_line" if same else "warn_line"
            text = self.tr("torch says {value}")
            if same:
                text = self.tr("agrees with torch: {value}")
                if not _looks_same(exact, torch):
                    text = self.tr("agrees with torch but for rounding: {value}")
            text = text.format(value=_torch_text(torch))
            tip = self.tr(
                "torch's float32 less the exact sum: {difference}\nrounding of its steps can make up to: {bound}"
            ).format(difference=measured(float(difference), 3), bound=measured(float(exact.error_bound()), 3))
        if self._verdict.property("role") != role:
            set_role(self._verdict, role)
        set_text(self._verdict, text)
        self._verdict.setToolTip(tip)


def _looks_same(exact: Exact, torch: np.float32 | float) -> bool:
    """Whether torch's number is the printed total, as far as that is printed."""
    value = Decimal(float(torch))
    return not (value.is_finite() and exact.total.is_finite()) or to_decimals(value) == to_decimals(exact.total)


def _torch_text(torch: np.float32 | float) -> str:
    """torch's number with the digits that a float32 has, in the notation of the total."""
    plain = abs(float(torch)) < MOST_PLAIN_TORCH
    return typeset(np.format_float_positional(np.float32(torch), trim="-") if plain else str(torch))


def _sign(parts: Sequence[Part]) -> str:
    return "=" if all(part.whole for part in parts) else "≈"
