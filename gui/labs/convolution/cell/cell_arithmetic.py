"""How one output cell is computed, in a line or two: every product where there are few, else the sum of each channel; beside it
torch's own number. A dialog has all terms with all their digits.

It shows an `Account`, which the scene card makes. A line that is rounded for reading begins with ≈.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gui.labs.convolution.cell.account import Account, bracketed, pooled, products, rounded, to_decimals, wordings
from gui.labs.convolution.cell.sum_lines import SumLines
from gui.labs.convolution.cell.terms_dialog import TermsDialog
from gui.shell.theme import set_role
from gui.widgets.one_line import OneLine

NARROW_PX = 640  # in a narrower view torch's number is in the second line


class CellArithmetic(SumLines):
    """`show_account` writes the lines; without an account they are empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account: Account | None = None
        self.all_terms = QPushButton()
        set_role(self.all_terms, "link")
        self.all_terms.clicked.connect(self.open_terms)
        self.add_tool(self.all_terms)
        self.dialog: TermsDialog | None = None
        self.retranslate()

    @property
    def account(self) -> Account | None:
        return self._account

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
            self.clear()
            return
        total, whole = rounded(account.cell.total)
        self.show_total(total)
        tail = self._tail(account)
        self.set_verdict_below(len(account.channels) == 1 or self.width() < NARROW_PX)
        if account.pools:
            self._write_pooling(account, tail)
        elif len(account.channels) == 1:
            self._write_products(self.sum, account, 0, tail)
            self.products.set_text(self._shape_of(account), "")
        else:
            self.sum.set_text(*self._sums(account, whole, tail))
            name = account.channels[account.source]
            subtotal = rounded(account.cell.per_channel[account.source])[0]
            self._write_products(self.products, account, account.source, "", f"{name} ({subtotal}) ")
        self.show_verdict(account.cell, account.torch)

    def _tail(self, account: Account) -> str:
        """The text after the products: the bias, and what the activation makes of the sum."""
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
        found = wordings(len(terms), partial(products, terms))
        line.set_text(*(f"{head}{text}{tail}" for text in (*found, f"= {several}")))

    def _write_pooling(self, account: Account, tail: str) -> None:
        terms = account.cell.terms
        if account.largest:
            assert account.cell.chosen is not None
            several = self.tr("the largest of {count} values").format(count=len(terms))
            _, row, column = terms[account.cell.chosen].tap.cell
            words = self.tr("{several}: the one at ({row}, {column})").format(several=several, row=row, column=column)
        else:
            several = words = self.tr("the mean of {count} values").format(count=account.cell.divisor)
        found = wordings(len(terms), partial(pooled, account))
        self.sum.set_text(*(f"{text}{tail}" for text in (*found, f"= {several}")))
        self.products.set_text(words, "")

    def _shape_of(self, account: Account) -> str:
        """The line above in words."""
        text = self.tr("input × weight, {count} products").format(count=len(account.cell.terms))
        if account.other is not None:
            other = (
                self.tr("cross-correlation: {value}") if account.subject.flipped else self.tr("flipped, a convolution: {value}")
            )
            text += " · " + other.format(value=rounded(account.other)[0])
        return text

    def _sums(self, account: Account, whole: bool, tail: str) -> list[str]:
        """Each channel's sum, the longest wording first. The sum of rounded numbers may differ from the rounded total in the
        last digit or two: then the text has that difference too."""
        found = [rounded(value) for value in account.cell.per_channel]
        if whole and all(each for _, each in found):
            return [f"= {self._named(account, [text for text, _ in found])}{tail}"]
        line = self._named(account, [text for text, _ in found])
        total, *numbers = map(to_decimals, (account.cell.total, *account.cell.per_channel, account.cell.bias))
        missing = total - sum(numbers)
        shorter = [self._named(account, [rounded(value, few)[0] for value in account.cell.per_channel]) for few in (3, 2)]
        texts = [f"≈ {line}{tail}", *(f"≈ {each}{tail}" for each in shorter)]
        if missing:
            left = self.tr("rounding {value}").format(value=bracketed(rounded(missing)[0]))
            texts.insert(0, f"{texts[0]} + {left}")
        return texts

    @staticmethod
    def _named(account: Account, numbers: Sequence[str]) -> str:
        """R (0.41) + G (−0.2) + B (1.7)."""
        return " + ".join(f"{name} ({text})" for name, text in zip(account.channels, numbers, strict=True))

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
