"""A number as a sum, in two lines: the exact total, the sum, the products, and torch's own number beside them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.cells.arithmetic import Exact, agrees
from engine.figures import measured, typeset
from gui.shell.theme import set_role
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine


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
            value = typeset(str(torch).removesuffix(".0"))
            role = "ok_line" if same else "warn_line"
            text = self.tr("agrees with torch: {value}") if same else self.tr("torch says {value}")
            text = text.format(value=value)
            tip = self.tr(
                "torch's float32 less the exact sum: {difference}\nrounding of its steps can make up to: {bound}"
            ).format(difference=measured(float(difference), 3), bound=measured(float(exact.error_bound()), 3))
        if self._verdict.property("role") != role:
            set_role(self._verdict, role)
        set_text(self._verdict, text)
        self._verdict.setToolTip(tip)
