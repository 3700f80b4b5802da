"""How one output cell comes about, in a line or two: every product where there are few, else the sum of each channel, and
torch's own number beside it. All terms, with all their digits, stand in a window of their own.

It shows an `Account`, which the scene card makes. Where a line is rounded for reading it says so with ≈.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.labs.convolution.account import Account, bracketed, pooled, products, rounded, to_decimals
from gui.labs.convolution.terms_dialog import TermsDialog
from gui.shell.theme import set_role
from gui.widgets.figures import DECIMALS, with_minus
from gui.widgets.formulas import OneLine
from gui.widgets.labels import set_text

FEW_TERMS = 25  # so many products may stand in a line, where there is room
NARROW_PX = 640


class CellArithmetic(QWidget):
    """`show_account` writes the lines; with `account` None nothing is known yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account: Account | None = None
        self._total, self._torch = QLabel(), QLabel()
        self._sum, self._products = OneLine("plain"), OneLine("muted")
        set_role(self._total, "accent")
        self._total.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sum.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.all_terms = QPushButton()
        set_role(self.all_terms, "link")
        self.all_terms.clicked.connect(self.open_terms)
        self.dialog: TermsDialog | None = None
        first, second = self._lines = QHBoxLayout(), QHBoxLayout()
        for line in (first, second):
            line.setSpacing(8)
        first.addWidget(self._total)
        first.addWidget(self._sum, 1)
        second.addWidget(self._products, 1)
        second.addWidget(self._torch)
        second.addWidget(self.all_terms)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        self.retranslate()

    @property
    def account(self) -> Account | None:
        return self._account

    @property
    def total(self) -> str:
        return self._total.text()

    @property
    def line(self) -> str:
        """The sum as it stands."""
        return self._sum.text()

    @property
    def second_line(self) -> str:
        return self._products.text()

    @property
    def verdict(self) -> str:
        """What stands there of torch's number."""
        return self._torch.text()

    def show_account(self, account: Account | None) -> None:
        self._account = account
        self._write()
        if self.dialog is not None and self.dialog.isVisible() and account is not None:
            self.dialog.show_account(account)

    @Slot()
    def open_terms(self) -> None:
        if self._account is None:
            return
        if self.dialog is None:
            self.dialog = TermsDialog(self)
        self.dialog.show_account(self._account)
        self.dialog.show()
        self.dialog.raise_()

    def _write(self) -> None:
        account = self._account
        self.all_terms.setEnabled(account is not None)
        if account is None:
            for label in (self._total, self._torch):
                label.clear()
            self._sum.set_text("")
            self._products.set_text("")
            return
        total, whole = rounded(account.cell.total)
        set_text(self._total, total)
        tail = self._tail(account)
        if len(account.channels) == 1 or self.width() < NARROW_PX:  # the sum has the first line for itself
            self._lines[1].insertWidget(1, self._torch)
        else:
            self._lines[0].addWidget(self._torch)
        if account.pools:
            self._write_pooling(account, tail)
        elif len(account.channels) == 1:
            self._write_products(self._sum, account, 0, tail)
            self._products.set_text(self._shape_of(account), "")
        else:
            self._sum.set_text(*self._sums(account, whole, tail))
            name = account.channels[account.source]
            subtotal = rounded(account.cell.per_channel[account.source])[0]
            self._write_products(self._products, account, account.source, "", f"{name} ({subtotal}) ")
        self._write_verdict(account)

    def _tail(self, account: Account) -> str:
        """What stands after the products: the bias, and what becomes of the sum."""
        text = ""
        if account.has_bias:
            text = " + " + self.tr("bias {value}").format(value=bracketed(rounded(account.cell.bias)[0]))
        if account.activation != "none":
            total, after = rounded(account.cell.total)[0], rounded(Decimal(account.after_activation))
            text += f"  →  {account.activation}({total}) {'=' if after[1] else '≈'} {after[0]}"
        return text

    def _write_products(self, line: OneLine, account: Account, number: int, tail: str, head: str = "") -> None:
        terms = account.terms(number)
        if not terms:
            line.set_text(f"{head}= {self.tr('no filter reaches this cell')}{tail}")
            return
        several = self.tr("the sum of {count} products").format(count=len(terms))
        wordings = [f"{head}= {several}{tail}"]
        if len(terms) <= FEW_TERMS:
            found = [products(terms, decimals) for decimals in (DECIMALS, 3, 2, 1)]
            wordings = [f"{head}{'=' if whole else '≈'} {text}{tail}" for text, whole in found] + wordings
        line.set_text(*wordings)

    def _write_pooling(self, account: Account, tail: str) -> None:
        terms = account.cell.terms
        if account.largest:
            assert account.cell.chosen is not None
            several = self.tr("the largest of {count} values").format(count=len(terms))
            _, row, column = terms[account.cell.chosen].tap.cell
            words = self.tr("{several}: the one at ({row}, {column})").format(several=several, row=row, column=column)
        else:
            several = words = self.tr("the mean of {count} values").format(count=account.cell.divisor)
        wordings = [f"= {several}{tail}"]
        if len(terms) <= FEW_TERMS:
            found = [pooled(account, decimals) for decimals in (DECIMALS, 3, 2, 1)]
            wordings = [f"{'=' if whole else '≈'} {text}{tail}" for text, whole in found] + wordings
        self._sum.set_text(*wordings)
        self._products.set_text(words, "")

    def _shape_of(self, account: Account) -> str:
        """What the line above is made of, in words."""
        text = self.tr("input × weight, {count} products").format(count=len(account.cell.terms))
        if account.other is not None:
            other = (
                self.tr("cross-correlation: {value}") if account.subject.flipped else self.tr("flipped, a convolution: {value}")
            )
            text += " · " + other.format(value=rounded(account.other)[0])
        return text

    def _sums(self, account: Account, whole: bool, tail: str) -> list[str]:
        """Each channel's sum, the longest wording first. Rounded ones may miss the rounded total by a last digit or two: then
        that stands there too."""
        found = [rounded(value) for value in account.cell.per_channel]
        if whole and all(each for _, each in found):
            return [f"= {self._named(account, [text for text, _ in found])}{tail}"]
        line = self._named(account, [text for text, _ in found])
        total, *numbers = map(to_decimals, (account.cell.total, *account.cell.per_channel, account.cell.bias))
        missing = total - sum(numbers)
        shorter = [self._named(account, [rounded(value, few)[0] for value in account.cell.per_channel]) for few in (3, 2)]
        wordings = [f"≈ {line}{tail}", *(f"≈ {each}{tail}" for each in shorter)]
        if missing:
            left = self.tr("rounding {value}").format(value=bracketed(rounded(missing)[0]))
            wordings.insert(0, f"{wordings[0]} + {left}")
        return wordings

    @staticmethod
    def _named(account: Account, numbers: Sequence[str]) -> str:
        """R (0.41) + G (−0.2) + B (1.7)"""
        return " + ".join(f"{name} ({text})" for name, text in zip(account.channels, numbers, strict=True))

    def _write_verdict(self, account: Account) -> None:
        if account.torch is None:
            role, text, tip = "muted_line", self.tr("torch: …"), ""
        else:
            same, difference = account.verdict()
            value = with_minus(str(account.torch)).removesuffix(".0")
            role = "ok_line" if same else "warn_line"
            text = self.tr("agrees with torch: {value}") if same else self.tr("torch says {value}")
            text = text.format(value=value)
            tip = self.tr(
                "torch's float32 less the exact sum: {difference}\nrounding of its steps can make up to: {bound}"
            ).format(difference=with_minus(f"{float(difference):.3g}"), bound=f"{account.cell.error_bound():.3g}")
        if self._torch.property("role") != role:
            set_role(self._torch, role)
        set_text(self._torch, text)
        self._torch.setToolTip(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() < NARROW_PX) != (event.size().width() < NARROW_PX):
            self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.all_terms.setText(self.tr("All terms..."))
        self.all_terms.setToolTip(self.tr("Every product with all its digits, to read and to copy"))
        self._write()
