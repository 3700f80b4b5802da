"""A window with every product of a cell, channel by channel, with all digits or rounded; and as text on the clipboard."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QGuiApplication
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

from engine.arithmetic import Term
from gui.labs.convolution.account import Account, exact, rounded
from gui.shell.theme import set_role
from gui.widgets.controls import Segmented

MOST_LISTED = 4000  # terms of one channel that are listed
LEAST_COLUMN_PX = 96


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
        self.tree.setFocus()  # not the choice of digits, where a ring would look like a choice
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
        self._align(self.tree.headerItem())
        for number, (name, total) in enumerate(zip(account.channels, account.cell.per_channel, strict=True)):
            item = self._line([self._channel(account, name), "", "", self._number(total)])
            item.setData(0, Qt.ItemDataRole.UserRole, number)
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            self.tree.addTopLevelItem(item)
            if number in opened or (not opened and number == account.source):
                item.setExpanded(True)
        for name, value in self._last_lines(account):
            self.tree.addTopLevelItem(self._line([name, "", "", value]))

    def _line(self, texts: list[str]) -> QTreeWidgetItem:
        item = QTreeWidgetItem(texts)
        self._align(item)
        return item

    def _align(self, item: QTreeWidgetItem) -> None:
        """Rounded numbers stand at the right; of all digits, the first are those that are compared."""
        across = Qt.AlignmentFlag.AlignRight if self.digits.current == "rounded" else Qt.AlignmentFlag.AlignLeft
        for column in range(1, self.tree.columnCount()):
            item.setTextAlignment(column, across | Qt.AlignmentFlag.AlignVCenter)

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
        lines.append((self.tr("rounded once to float32"), exact(Decimal(float(account.cell.float32)))))
        if account.torch is not None:
            lines.append(("torch", exact(Decimal(float(account.torch)))))
            lines.append((self.tr("torch's float32 less the exact sum"), self._number(account.verdict()[1])))
        if account.activation != "none":
            after = Decimal(account.after_activation)
            lines.append((f"{account.activation}({rounded(account.cell.total)[0]})", self._number(after)))
        return lines

    @Slot(QTreeWidgetItem)
    def _unfold(self, item: QTreeWidgetItem) -> None:
        number = item.data(0, Qt.ItemDataRole.UserRole)
        if item.childCount() or number is None or self._account is None:
            return
        terms = self._account.terms(number)
        item.addChildren([self._line(self._row(term)) for term in terms[:MOST_LISTED]])

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
        return text.format(number=account.subject.channel, row=account.row, column=account.column, value=value)

    def text(self) -> str:
        """All of it as lines of text, a tab between the columns."""
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
        self.tree.setHeaderLabels([self.tr("Input cell"), self.tr("Value"), self.tr("Weight"), self.tr("Product")])
        self.tree.setAccessibleName(self.windowTitle())
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._fill()
