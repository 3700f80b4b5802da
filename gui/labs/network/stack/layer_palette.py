"""The palette: every kind of layer with a line on what it does, found by typing, taken with Enter or a click.

It works by keyboard: letters search at once (names, abbreviations such as "bn2" for BatchNorm2d, the courses' words, the lines
in both languages), the arrows move, Enter takes, Escape closes. The network lab opens it where a layer is to be added.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QCursor, QHideEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine import words
from engine.layers.catalog import KINDS
from gui.shell import on_screen
from gui.shell.language import language, say
from gui.shell.theme import THEME, font, set_role, theme
from gui.widgets.labels import label

WIDTH_PX, HEIGHT_PX = 420, 440
ITEM_PX, GROUP_PX = 44, 26
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


def groups() -> dict[str, list[str]]:
    """The kinds of each group. Both are in the order of assets/words/layer_groups.toml."""
    places = {key: place for place, key in enumerate(words.table("layer_groups"))}
    found: dict[str, list[str]] = {group: [] for group in places if not group.endswith(".also")}
    for kind in sorted(KINDS, key=lambda kind: places.get(f"{kind}.also", len(places))):
        found[KINDS[kind].GROUP].append(kind)
    return found


def kinds() -> tuple[str, ...]:
    """All kinds in the order of the palette."""
    return tuple(kind for group in groups().values() for kind in group)


def search(query: str, first: str = "en") -> tuple[str, ...]:
    """The kinds that a query finds, best first. Each word of the query must be found in a kind. Words of the language `first`
    count more. An empty query finds all, in their order."""
    asked = query.lower().split()
    if not asked:
        return kinds()
    ranked = []
    for place, kind in enumerate(kinds()):
        marks = [_mark(kind, word, first) for word in asked]
        if all(mark is not None for mark in marks):
            ranked.append((max(mark for mark in marks if mark is not None), place, kind))
    return tuple(kind for _, _, kind in sorted(ranked))


def _mark(kind: str, word: str, first: str) -> int | None:
    """How well a word fits a kind: 0 is best, None is not at all."""
    name = kind.lower()
    if name.startswith(word):
        return 0
    texts = _texts(kind)
    other = "en" if first == "ko" else "ko"
    if any(each.startswith(word) for lang in (first, other) for each in texts[f"{lang}.also"].split()):
        return 1
    if word in name:
        return 2
    if _abbreviates(word, kind):
        return 3
    for rank, lang in enumerate((first, other), start=4):
        if word in texts[f"{lang}.line"] or word in texts[f"{lang}.also"]:
            return rank
    return None


@cache
def _texts(kind: str) -> dict[str, str]:
    found = {}
    for lang in words.LANGUAGES:
        found[f"{lang}.line"] = words.say("layers", kind, lang).lower()
        also = f"{kind}.also"
        found[f"{lang}.also"] = words.say("layer_groups", also, lang).lower() if also in words.table("layer_groups") else ""
    return found


def _abbreviates(word: str, kind: str) -> bool:
    """Whether `word` abbreviates a name: each of its letters begins at a capital or a digit of the name, or follows the letter
    before. "mp2" and "maxp" abbreviate MaxPool2d, "ool" does not."""
    begins = [place == 0 or letter.isupper() or letter.isdigit() for place, letter in enumerate(kind)]
    name = kind.lower()

    def from_(letter: int, place: int) -> bool:
        if letter == len(word):
            return True
        near = place < len(name) and place > 0 and name[place] == word[letter] and from_(letter + 1, place + 1)
        far = (later for later in range(place, len(name)) if begins[later] and name[later] == word[letter])
        return near or any(from_(letter + 1, later + 1) for later in far)

    return from_(0, 0)


class LayerPalette(QFrame):
    """`open_at` shows it. `picked` carries the name of the kind that the user takes; the palette then closes. `closed` comes in
    any case."""

    picked = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFixedSize(WIDTH_PX, HEIGHT_PX)
        set_role(self, "card")
        self.query = QLineEdit()
        self.query.setClearButtonEnabled(False)
        self.query.textChanged.connect(self._search)
        self.query.installEventFilter(self)
        self._kinds = _Kinds(self)
        self.list = QListView()
        self.list.setModel(self._kinds)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_KindPainter(self._kinds, self.list))
        self.list.clicked.connect(self._take)
        self.list.entered.connect(self._enter)
        self._pointer = QPoint()  # where the pointer was at the last choice, by pointer or keyboard
        self._nothing = label("muted", wraps=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.query)
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing, 1)
        THEME.changed.connect(self.update)
        self.retranslate()

    def open_at(self, corner: QPoint) -> None:
        """Open with an empty query and the upper left corner at a point of the screen, or as near as the screen allows."""
        self.query.clear()
        self._search()
        on_screen.place(self, corner)
        self.show()
        self.query.setFocus()

    @property
    def found(self) -> tuple[str, ...]:
        """The kinds that are shown, in their order."""
        return tuple(row for row in self._kinds.rows if row in KINDS)

    @property
    def current(self) -> str:
        """The kind that Enter takes; empty where nothing is found."""
        return self._kinds.kind(self.list.currentIndex())

    @Slot()
    def _search(self) -> None:
        query = self.query.text().strip()
        self._kinds.show_rows(search(query, language()) if query else _grouped())
        there = bool(self._kinds.rows)
        self.list.setVisible(there)
        self._nothing.setVisible(not there)
        self._step(0)

    def _step(self, steps: int) -> None:
        """Go so many kinds on from the current one, or to the first one, past headings and not beyond the ends."""
        places = [number for number, row in enumerate(self._kinds.rows) if row in KINDS]
        if not places:
            self.query.setAccessibleDescription("")
            return
        row = self.list.currentIndex().row()
        number = places.index(row) + steps if row in places else 0
        chosen = places[min(max(number, 0), len(places) - 1)]
        self._choose(self._kinds.index(chosen))
        self.list.scrollTo(
            self._kinds.index(0 if chosen == places[0] else chosen)
        )  # to the first one together with its heading

    def _choose(self, index: _Index) -> None:
        self.list.setCurrentIndex(index)
        self.query.setAccessibleDescription(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    @Slot(QModelIndex)
    def _enter(self, index: QModelIndex) -> None:
        """Choose the kind that the pointer moves to. A pointer that rests chooses none while the list scrolls below it."""
        pointer = QCursor.pos()
        if pointer == self._pointer:
            return
        self._pointer = pointer
        if self._kinds.kind(index):
            self._choose(index)

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        kind = self._kinds.kind(index)
        if kind:
            self.hide()
            self.picked.emit(kind)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the keys that are not for the line of text."""
        if watched is not self.query or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        page = max(1, self.list.viewport().height() // ITEM_PX - 1)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        key = Qt.Key(event.key())
        if key in steps:
            self._pointer = QCursor.pos()
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return super().eventFilter(watched, event)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.query.setPlaceholderText(self.tr("Search a layer: conv, pooling, fc, ..."))
        self.query.setAccessibleName(self.tr("Search a layer"))
        self.list.setAccessibleName(self.tr("Kinds of layers"))
        self.setAccessibleName(self.tr("Add a layer"))
        self._nothing.setText(self.tr("No layer is called that, or does that."))
        self._search()


def _grouped() -> tuple[str, ...]:
    """All kinds, each group's after the group's name."""
    return tuple(row for group, kinds in groups().items() for row in (group, *kinds))


class _Kinds(QAbstractListModel):
    """Rows of kinds, and of the groups' names as headings.

    No QListWidget: with PySide 6.11, clearing its items now and then ended the process.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[str] = ()

    def show_rows(self, rows: Sequence[str]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def kind(self, index: _Index) -> str:
        """The kind of a row; empty for a heading, and for no row."""
        row = self.rows[index.row()] if index.isValid() else ""
        return row if row in KINDS else ""

    # --- what Qt calls

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) if self.kind(index) else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, kind = self.rows[index.row()], self.kind(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return kind or say("layer_groups", row)
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ITEM_PX if kind else GROUP_PX)
        if role == Qt.ItemDataRole.ToolTipRole and kind:
            return say("layers", kind)
        if role == Qt.ItemDataRole.AccessibleTextRole and kind:
            return f"{kind}: {say('layers', kind)}"
        return None


class _KindPainter(QStyledItemDelegate):
    """Paints a kind's name with its line below, or a group's heading."""

    def __init__(self, kinds: _Kinds, parent: QObject) -> None:
        super().__init__(parent)
        self._kinds = kinds

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        now = theme()
        place: QRect = option.rect
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        kind = self._kinds.kind(index)
        if not kind:
            painter.setFont(font(11))
            painter.setPen(now.muted)
            painter.drawText(place.adjusted(10, 6, -10, 0), left, str(index.data()))
            painter.restore()
            return
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        if on:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.accent_ground)
            painter.drawRoundedRect(place.adjusted(0, 1, -4, -1), 6, 6)
        inner = place.adjusted(10, 4, -12, -4)
        painter.setFont(font(13, bold=on))
        painter.setPen(now.accent if on else now.text)
        painter.drawText(inner.adjusted(0, 0, 0, -inner.height() // 2), left, kind)
        painter.setFont(font(11))
        painter.setPen(now.muted)
        line = painter.fontMetrics().elidedText(say("layers", kind), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner.adjusted(0, inner.height() // 2, 0, 0), left, line)
        painter.restore()
