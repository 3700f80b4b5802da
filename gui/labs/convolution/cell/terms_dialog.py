"""A dialog with every product of a cell, channel by channel, with all digits or rounded; it copies them as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from engine.cells.arithmetic import Term
from engine.figures import bracketed
from gui.labs.convolution.cell.account import Account
from gui.shell.theme import set_role
from gui.widgets.figures.written_numbers import all_digits, rounded
from gui.widgets.forms.controls import Segmented
from gui.widgets.grids.sheet import cell_text
from gui.widgets.model_index import ModelIndex

MOST_LISTED = 4000  # terms of one channel that are listed
LEAST_COLUMN_PX = 96
_NOWHERE = QModelIndex()


class TermsDialog(QDialog):
    """`show_account` fills it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account: Account | None = None
        self._head = QLabel()
        set_role(self._head, "heading")
        self.digits = Segmented([("rounded", ""), ("exact", "")])
        self.digits.set_current("exact")
        self.digits.chosen.connect(self._fill)
        self.tree = QTreeView()
        self._rows = _Rows(self._terms, self)
        self.tree.setModel(self._rows)
        self.tree.setAlternatingRowColors(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.header().setStretchLastSection(False)  # the table scrolls, so that all digits are there
        self.tree.header().setMinimumSectionSize(LEAST_COLUMN_PX)
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
        self.tree.setFocus()  # not the choice of digits: its focus ring would look like a choice
        self.retranslate()

    def show_account(self, account: Account) -> None:
        self._account = account
        self._fill()

    def _number(self, value: Decimal) -> str:
        return all_digits(value) if self.digits.current == "exact" else rounded(value)[0]

    @Slot()
    def _fill(self) -> None:
        """Write the channels with their sums, the bias, the total and torch's number. A channel's terms are made when it is
        opened."""
        account = self._account
        if account is None:
            return
        self._head.setText(self._title(account))
        opened = [row for row in range(self._rows.channels) if self.tree.isExpanded(self._rows.index(row, 0))]
        sums = zip(account.channels, account.cell.per_channel, strict=True)
        channels = [[self._channel(account, name), "", "", self._number(total)] for name, total in sums]
        self._rows.rounded = self.digits.current == "rounded"
        self._rows.show_rows(channels, [[name, "", "", value] for name, value in self._last_lines(account)])
        for row in opened or [account.source]:
            if row < len(channels):
                self.tree.setExpanded(self._rows.index(row, 0), True)

    def _terms(self, number: int) -> list[list[str]]:
        """The rows below a channel."""
        return [] if self._account is None else [self._row(term) for term in self._account.terms(number)[:MOST_LISTED]]

    def _channel(self, account: Account, name: str) -> str:
        if account.largest:
            text = self.tr("Largest of channel {name}")
        elif len(account.channels) == 1 and not account.mean:
            text = self.tr("Sum of the products")
        elif name.startswith("t"):
            text = self.tr("Sum over frame {name}")
        else:
            text = self.tr("Sum over channel {name}")
        return text.format(name=name)

    def _last_lines(self, account: Account) -> list[tuple[str, str]]:
        lines = [(self.tr("Bias"), self._number(account.cell.bias))] if account.has_bias else []
        if account.largest:
            lines.append((self.tr("The largest"), self._number(account.cell.total)))
        elif account.mean:
            text = self.tr("Sum divided by {count}").format(count=account.cell.divisor)
            lines.append((text, self._number(account.cell.total)))
        else:
            lines.append((self.tr("Sum of all"), self._number(account.cell.total)))
        lines.append((self.tr("rounded once to float32"), all_digits(Decimal(float(account.cell.float32)))))
        if account.torch is not None:
            lines.append(("torch", all_digits(Decimal(float(account.torch)))))
            lines.append((self.tr("torch's float32 less the exact sum"), self._number(account.verdict()[1])))
        if account.activation != "none":
            after = Decimal(account.after_activation)
            lines.append((f"{account.activation}({rounded(account.cell.total)[0]})", self._number(after)))
        return lines

    def _row(self, term: Term) -> list[str]:
        _, row, column = term.tap.cell
        where = cell_text((row, column))
        if term.tap.source is None:
            where += " " + self.tr("padding")
        elif term.tap.source != term.tap.cell:
            _, row, column = term.tap.source
            where += f" → {cell_text((row, column))}"
        return [where, self._number(term.value), f"× {bracketed(self._number(term.weight))}", f"= {self._number(term.product)}"]

    def _title(self, account: Account) -> str:
        text = self.tr("Map {number}, cell ({row}, {column}) = {value}")
        value = rounded(account.cell.total)[0]
        return text.format(number=account.subject.channel, row=account.row, column=account.column, value=value)

    def text(self) -> str:
        """Everything as lines of text, with a tab between the columns."""
        account = self._account
        if account is None:
            return ""
        lines = [self._title(account)]
        for number, (name, total) in enumerate(zip(account.channels, account.cell.per_channel, strict=True)):
            lines.append("\t".join([self._channel(account, name), "", "", self._number(total)]))
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
        self._rows.set_heads([self.tr("Input cell"), self.tr("Value"), self.tr("Weight"), self.tr("Product")])
        self.tree.setAccessibleName(self.windowTitle())
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._fill()


class _Rows(QAbstractItemModel):
    """Channels, each with its terms below it, then the other lines; a row has four texts. An index carries 0 for the top level,
    else 1 more than the number of the channel that it is below.

    No QTreeWidget: with PySide 6.11, clearing its items sometimes ended the process."""

    def __init__(self, terms: Callable[[int], list[list[str]]], parent: QObject) -> None:
        super().__init__(parent)
        self._make_terms = terms
        self._terms: dict[int, list[list[str]]] = {}  # of the channels that have been opened
        self._top: list[list[str]] = []
        self._heads: Sequence[str] = ("", "", "", "")
        self.channels = 0
        self.rounded = False

    def show_rows(self, channels: list[list[str]], others: list[list[str]]) -> None:
        self.beginResetModel()
        self._top, self._terms, self.channels = [*channels, *others], {}, len(channels)
        self.endResetModel()

    def set_heads(self, heads: Sequence[str]) -> None:
        self._heads = heads
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(heads) - 1)

    def _below(self, channel: int) -> list[list[str]]:
        if channel not in self._terms:
            self._terms[channel] = self._make_terms(channel)
        return self._terms[channel]

    # --- what Qt calls

    def index(self, row: int, column: int, parent: ModelIndex = _NOWHERE) -> QModelIndex:
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: ModelIndex = _NOWHERE) -> Any:  # Qt has two methods of that name
        channel = index.internalId() if index.isValid() else 0
        return self.createIndex(channel - 1, 0, 0) if channel else QModelIndex()

    def rowCount(self, parent: ModelIndex = _NOWHERE) -> int:
        if not parent.isValid():
            return len(self._top)
        return len(self._below(parent.row())) if self.hasChildren(parent) else 0

    def hasChildren(self, parent: ModelIndex = _NOWHERE) -> bool:
        if not parent.isValid():
            return bool(self._top)
        return not parent.internalId() and parent.column() == 0 and parent.row() < self.channels

    def columnCount(self, parent: ModelIndex = _NOWHERE) -> int:
        return len(self._heads)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role != Qt.ItemDataRole.DisplayRole or not index.isValid():
            return None
        below = index.internalId()
        return (self._below(below - 1) if below else self._top)[index.row()][index.column()]

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        """Rounded numbers are at the right. Of all digits the first ones are compared, so those numbers are at the left."""
        right = column > 0 and self.rounded
        return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        wanted = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return self._heads[section] if wanted and section < len(self._heads) else None
