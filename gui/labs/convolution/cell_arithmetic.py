"""How one output cell comes about, in a line or two: every product where there are few, else the sum of each channel, and
torch's own number beside it. All terms, with all their digits, stand in a window of their own.

It shows an `Account`, which the scene card makes; the numbers are `engine.arithmetic`'s, this module only writes them. Where a
line is rounded for reading it says so with ≈.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.arithmetic import EXACT, Cell, Term, agrees
from gui.labs.convolution.formulas import OneLine
from gui.shell.theme import set_role
from gui.widgets.controls import Segmented
from gui.widgets.labels import set_text

FEW_TERMS = 25  # so many products may stand in a line, where there is room
DECIMALS = 4  # of a number rounded for reading
MINUS = "−"
NARROW_PX = 640
MOST_LISTED = 4000  # terms of one channel that are listed


@dataclass(frozen=True, eq=False)
class Account:
    """An output cell with its arithmetic: `channels` are the names of the group's input channels, `source` the one that the
    scene shows. `torch` is torch's number, None until it has come; `has_bias`: the layer adds one."""

    cell: Cell
    channel: int
    row: int
    column: int
    channels: tuple[str, ...]
    source: int
    has_bias: bool
    torch: np.float32 | None

    def terms(self, number: int) -> Sequence[Term]:
        """The terms of one input channel, counted within the group."""
        count = len(self.cell.terms) // len(self.channels)
        return self.cell.terms[number * count : (number + 1) * count]


def exact(value: Decimal) -> str:
    """All digits, without an exponent."""
    return f"{value:f}".replace("-", MINUS)


def rounded(value: Decimal, decimals: int = DECIMALS) -> tuple[str, bool]:
    """A number with at most so many decimals, and whether these are all it has."""
    if not value.is_finite():
        return str(value).replace("-", MINUS), True
    short = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, EXACT_ROUNDING)
    whole = short == value
    if whole:
        short = value if value.as_tuple().exponent >= -decimals else short.normalize(EXACT_ROUNDING)  # type: ignore[operator]
    text = f"{short:f}"
    if whole and "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text.replace("-", MINUS)), whole


EXACT_ROUNDING = EXACT.copy()
EXACT_ROUNDING.clear_traps()


def bracketed(text: str) -> str:
    """A negative number after an operator stands in parentheses."""
    return f"({text})" if text.startswith(MINUS) else text


def products(terms: Sequence[Term], decimals: int) -> tuple[str, bool]:
    """4×1 + 2×(−4) + ..., and whether all digits are there."""
    parts, whole = [], True
    for term in terms:
        (value, first), (weight, second) = rounded(term.value, decimals), rounded(term.weight, decimals)
        parts.append(f"{bracketed(value)}×{bracketed(weight)}")
        whole = whole and first and second
    return " + ".join(parts), whole


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
        bias = ""
        if account.has_bias:
            bias = " + " + self.tr("bias {value}").format(value=bracketed(rounded(account.cell.bias)[0]))
        if len(account.channels) == 1 or self.width() < NARROW_PX:  # the sum has the first line for itself
            self._lines[1].insertWidget(1, self._torch)
        else:
            self._lines[0].addWidget(self._torch)
        if len(account.channels) == 1:
            self._write_products(self._sum, account, 0, bias)
            self._products.set_text(self._shape_of(account), "")
        else:
            self._sum.set_text(*self._sums(account, whole, bias))
            name = account.channels[account.source]
            subtotal = rounded(account.cell.per_channel[account.source])[0]
            self._write_products(self._products, account, account.source, "", f"{name} {subtotal} ")
        self._write_verdict(account)

    def _write_products(self, line: OneLine, account: Account, number: int, bias: str, head: str = "") -> None:
        terms = account.terms(number)
        several = self.tr("the sum of {count} products").format(count=len(terms))
        wordings = [f"{head}= {several}{bias}"]
        if len(terms) <= FEW_TERMS:
            found = [products(terms, decimals) for decimals in (DECIMALS, 3, 2, 1)]
            wordings = [f"{head}{'=' if whole else '≈'} {text}{bias}" for text, whole in found] + wordings
        line.set_text(*wordings)

    def _shape_of(self, account: Account) -> str:
        """What the line above is made of, in words."""
        count = len(account.cell.terms)
        return self.tr("input × weight, {count} products").format(count=count)

    def _sums(self, account: Account, whole: bool, bias: str) -> list[str]:
        """Each channel's sum, the longest wording first. Rounded ones may miss the rounded total by a last digit or two: then
        that stands there too."""
        found = [rounded(value) for value in account.cell.per_channel]
        if whole and all(each for _, each in found):
            return [f"= {self._named(account, [text for text, _ in found])}{bias}"]
        line = self._named(account, [text for text, _ in found])
        step = Decimal(1).scaleb(-DECIMALS)
        total, *numbers = (
            value.quantize(step, ROUND_HALF_EVEN, EXACT_ROUNDING)
            for value in (account.cell.total, *account.cell.per_channel, account.cell.bias)
        )
        missing = total - sum(numbers)
        shorter = [self._named(account, [rounded(value, few)[0] for value in account.cell.per_channel]) for few in (3, 2)]
        wordings = [f"≈ {line}{bias}", *(f"≈ {each}{bias}" for each in shorter)]
        if missing:
            left = self.tr("rounding {value}").format(value=bracketed(rounded(missing)[0]))
            wordings.insert(0, f"{wordings[0]} + {left}")
        return wordings

    @staticmethod
    def _named(account: Account, numbers: Sequence[str]) -> str:
        """R 0.41 + G (−0.2) + B 1.7"""
        return " + ".join(f"{name} {bracketed(text)}" for name, text in zip(account.channels, numbers, strict=True))

    def _write_verdict(self, account: Account) -> None:
        if account.torch is None:
            role, text, tip = "muted_line", self.tr("torch: …"), ""
        else:
            same, difference = agrees(account.cell, account.torch)
            value = str(account.torch).replace("-", MINUS).removesuffix(".0")
            role = "ok_line" if same else "warn_line"
            text = self.tr("agrees with torch: {value}") if same else self.tr("torch says {value}")
            text = text.format(value=value)
            tip = self.tr(
                "torch's float32 less the exact sum: {difference}\nrounding of its steps can make up to: {bound}"
            ).format(difference=f"{float(difference):.3g}".replace("-", MINUS), bound=f"{account.cell.error_bound():.3g}")
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


class TermsDialog(QDialog):
    """Every product of a cell, channel by channel, with all digits or rounded; and as text on the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account: Account | None = None
        self._head = QLabel()
        set_role(self._head, "heading")
        self.digits = Segmented([("rounded", ""), ("exact", "")])
        self.digits.set_current("exact")
        self.digits.chosen.connect(self._fill)
        self.tree = QTreeWidget()
        self.tree.setAlternatingRowColors(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.itemExpanded.connect(self._unfold)
        self.tree.header().setStretchLastSection(False)  # all digits are there: the table scrolls
        self.copy = QPushButton()
        self.copy.clicked.connect(self._copy)
        self._note = QLabel()
        set_role(self._note, "small")
        self._note.setWordWrap(True)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._head, 1)
        top.addWidget(self.digits)
        below.addWidget(self._note, 1)
        below.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.tree, 1)
        column.addLayout(below)
        self.resize(820, 520)
        self.retranslate()

    def show_account(self, account: Account) -> None:
        self._account = account
        self._fill()

    def _number(self, value: Decimal) -> str:
        return exact(value) if self.digits.current == "exact" else rounded(value)[0]

    @Slot()
    def _fill(self) -> None:
        """The channels with their sums, the bias, the total, torch's number. A channel's terms follow when it is unfolded."""
        account = self._account
        if account is None:
            return
        self._head.setText(self._title(account))
        before = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        opened = {number for number, item in enumerate(before) if item is not None and item.isExpanded()}
        self.tree.clear()
        for number, (name, total) in enumerate(zip(account.channels, account.cell.per_channel, strict=True)):
            item = QTreeWidgetItem([self.tr("Sum over channel {name}").format(name=name), "", "", self._number(total)])
            item.setData(0, Qt.ItemDataRole.UserRole, number)
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            self.tree.addTopLevelItem(item)
            if number in opened or (not opened and number == account.source):
                item.setExpanded(True)
        for name, value in self._last_lines(account):
            self.tree.addTopLevelItem(QTreeWidgetItem([name, "", "", value]))

    def _last_lines(self, account: Account) -> list[tuple[str, str]]:
        lines = [(self.tr("Bias"), self._number(account.cell.bias))] if account.has_bias else []
        lines.append((self.tr("Sum of all"), self._number(account.cell.total)))
        lines.append((self.tr("rounded once to float32"), exact(Decimal(float(account.cell.float32)))))
        if account.torch is not None:
            lines.append(("torch", exact(Decimal(float(account.torch)))))
            lines.append((self.tr("torch's float32 less the exact sum"), self._number(agrees(account.cell, account.torch)[1])))
        return lines

    @Slot(QTreeWidgetItem)
    def _unfold(self, item: QTreeWidgetItem) -> None:
        number = item.data(0, Qt.ItemDataRole.UserRole)
        if item.childCount() or number is None or self._account is None:
            return
        terms = self._account.terms(number)
        item.addChildren([QTreeWidgetItem(self._row(term)) for term in terms[:MOST_LISTED]])

    def _row(self, term: Term) -> list[str]:
        _, row, column = term.tap.cell
        where = f"({row}, {column})"
        if term.tap.source is None:
            where += " " + self.tr("padding")
        elif term.tap.source != term.tap.cell:
            where += f" → ({term.tap.source[1]}, {term.tap.source[2]})"
        return [where, self._number(term.value), f"× {self._number(term.weight)}", f"= {self._number(term.product)}"]

    def _title(self, account: Account) -> str:
        text = self.tr("Map {number}, cell ({row}, {column}) = {value}")
        value = rounded(account.cell.total)[0]
        return text.format(number=account.channel, row=account.row, column=account.column, value=value)

    def text(self) -> str:
        """All of it as lines of text, a tab between the columns."""
        account = self._account
        if account is None:
            return ""
        lines = [self._title(account)]
        for number, (name, total) in enumerate(zip(account.channels, account.cell.per_channel, strict=True)):
            lines.append("\t".join([self.tr("Sum over channel {name}").format(name=name), "", "", self._number(total)]))
            lines += ["\t".join(["  " + first, *rest]) for first, *rest in map(self._row, account.terms(number))]
        lines += ["\t".join([name, "", "", value]) for name, value in self._last_lines(account)]
        return "\n".join(lines) + "\n"

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("The arithmetic of one cell"))
        self.digits.set_choices([("rounded", self.tr("Rounded")), ("exact", self.tr("All digits"))])
        self.digits.setAccessibleName(self.tr("Digits"))
        self.copy.setText(self.tr("Copy as text"))
        self._note.setText(
            self.tr("Every number is a float32; its decimals, and those of products and sums, come to an end. They are exact.")
        )
        self.tree.setHeaderLabels([self.tr("Input cell"), self.tr("Value"), self.tr("Weight"), self.tr("Product")])
        self.tree.setAccessibleName(self.windowTitle())
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._fill()
