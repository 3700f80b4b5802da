"""How one output cell is computed, in a line or two: every product where there are few, else the sum of each channel; beside it
torch's own number. A dialog has all terms with all their digits.

It shows an `Account`, which the scene card makes. A line that is rounded for reading begins with ≈.
"""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from engine.figures import bracketed
from gui.labs.convolution.cell.account import Account
from gui.labs.convolution.cell.sum_lines import FEW_TERMS, SumLines
from gui.labs.convolution.cell.terms_dialog import TermsDialog
from gui.shell.on_screen import show_in_front
from gui.shell.theme import set_role
from gui.widgets.figures.written_numbers import Part, number, product, rounded, to_decimals
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
        show_in_front(self.dialog)

    def _write(self) -> None:
        account = self._account
        self.all_terms.setEnabled(account is not None)
        if account is None:
            self.clear()
            return
        self.show_total(rounded(account.cell.total)[0])
        tail = self._tail(account)
        self.set_verdict_below(len(account.channels) == 1 or self.width() < NARROW_PX)
        if account.pools:
            self._write_pooling(account, tail)
        elif len(account.channels) == 1:
            self._write_products(self.sum, account, 0, tail, last=True)
            self.products.set_text(self._shape_of(account), "")
        else:
            self.sum.set_text(*(f"{text}{tail}" for text in self._sums(account)))
            name = account.channels[account.source]
            subtotal = rounded(account.cell.per_channel[account.source])[0]
            self._write_products(self.products, account, account.source, "", f"{name} ({subtotal}) ")
        self.show_verdict(account.cell, account.torch)

    def _tail(self, account: Account) -> str:
        """The text after a sum: what the activation makes of it."""
        if account.activation == "none":
            return ""
        total, after = rounded(account.cell.total)[0], rounded(Decimal(account.after_activation))
        return f"  →  {account.activation}({total}) {'=' if after[1] else '≈'} {after[0]}"

    def _bias(self, account: Account) -> tuple[str, Decimal]:
        """The text of what is added to the products, and its printed value."""
        if not account.has_bias:
            return "", Decimal(0)
        text = " + " + self.tr("bias {value}").format(value=bracketed(rounded(account.cell.bias)[0]))
        return text, to_decimals(account.cell.bias)

    def _write_products(
        self, line: OneLine, account: Account, place: int, tail: str, head: str = "", last: bool = False
    ) -> None:
        """The products of one channel; with `last`, of the only one, which the bias is added to."""
        terms = account.terms(place)
        bias = self._bias(account) if last else ("", Decimal(0))
        if not terms:
            nothing = self.tr("no filter reaches this cell")
            line.set_text(f"{head}= {nothing}{bias[0]}{tail}")
            return
        several = self.tr("the sum of {count} products").format(count=len(terms))
        found = list[str]()
        if len(terms) <= FEW_TERMS:
            total = account.cell.total if last else account.cell.per_channel[place]
            found = self.wordings(
                lambda few, decimals: [product(term.value, term.weight, decimals) for term in terms[:few]],
                len(terms),
                total,
                also=bias,
            )
        line.set_text(*(f"{head}{text}{tail}" for text in (*found, f"= {several}{bias[0]}")))

    def _write_pooling(self, account: Account, tail: str) -> None:
        terms = account.cell.terms
        if account.largest:
            assert account.cell.chosen is not None
            several = self.tr("the largest of {count} values").format(count=len(terms))
            _, row, column = terms[account.cell.chosen].tap.cell
            words = self.tr("{several}: the one at ({row}, {column})").format(several=several, row=row, column=column)
        else:
            several = words = self.tr("the mean of {count} values").format(count=account.cell.divisor)
        found = self._pooled(account) if len(terms) <= FEW_TERMS else []
        self.sum.set_text(*(f"{text}{tail}" for text in (*found, f"= {several}")))
        self.products.set_text(words, "")

    def _pooled(self, account: Account) -> list[str]:
        """max(4, 2, ...) or (4 + 2 + ...) / 9. Padding that does not count is left out."""
        values = [term.value for term in account.cell.terms if account.largest or term.weight]
        if account.largest:
            return self.wordings(
                lambda few, decimals: [number(value, decimals) for value in values[:few]],
                len(values),
                None,
                joined=lambda texts: f"max({', '.join(texts)})",
            )
        return self.wordings(
            lambda few, decimals: [_in_brackets(number(value, decimals)) for value in values[:few]],
            len(values),
            account.cell.total,
            joined=lambda texts: f"({' + '.join(texts)}) / {account.cell.divisor}",
            divisor=account.cell.divisor,
        )

    def _shape_of(self, account: Account) -> str:
        """The line above in words."""
        text = self.tr("input × weight, {count} products").format(count=len(account.cell.terms))
        if account.other is not None:
            other = (
                self.tr("cross-correlation: {value}") if account.subject.flipped else self.tr("flipped, a convolution: {value}")
            )
            text += " · " + other.format(value=rounded(account.other)[0])
        return text

    def _sums(self, account: Account) -> list[str]:
        """R (0.41) + G (−0.2) + B (1.7): each channel's sum."""
        sums = list(zip(account.channels, account.cell.per_channel, strict=True))
        return self.wordings(
            lambda few, decimals: [_named(name, number(value, decimals)) for name, value in sums[:few]],
            len(sums),
            account.cell.total,
            also=self._bias(account),
        )

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


def _named(name: str, part: Part) -> Part:
    return part._replace(text=f"{name} ({part.text})")


def _in_brackets(part: Part) -> Part:
    return part._replace(text=bracketed(part.text))
