"""The stack: a network as rows to read, choose, fold and reorder, with the mouse and the keyboard.

It shows `StackRow`s, and its signals say what the user wants. The owner, the network lab, changes the network and shows new
rows. Actions that the owner adds with `addAction` (copy, paste, ...) are in the menu of each row too.

Keys: arrows, Home, End and Page go from row to row; Left and Right fold; Enter edits, Insert adds below, Space switches off and
on, Ctrl+D duplicates, Delete removes, Alt+Up and Alt+Down move; letters go to the next layer that begins with them.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from pathlib import Path as FilePath

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from engine.networks.trace import Path
from gui.shell import saving
from gui.widgets.stack.stack_drawing import StackDrawing
from gui.widgets.stack.stack_menu import StackMenu
from gui.widgets.stack.stack_painting import ARROW_PX, HEADER_PX, INDENT_PX, ROW_PX, SIDE_PX
from gui.widgets.stack.stack_rows import StackRow, droppable, parent, slots, step
from gui.widgets.stack.stack_view import StackView

TYPED_S = 1.0  # letters within so many seconds are one word
EDGE_PX, SCROLL_MS, SCROLL_PX = 28, 30, 14  # dragging near the edge scrolls
_ALONE = (  # keys of the stack's own without a modifier, besides letters
    Qt.Key.Key_Space,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Insert,
)


class LayerStack(StackView):
    """Each signal is a request of the user. The target of a move or an insertion is a path in the network as it is now: the
    layer goes before what is there."""

    chosen = Signal(object)  # Path: a layer, or () for the input
    edited = Signal(object)  # Path: Enter or a double click
    moved = Signal(object, object)  # Path of the layer, Path before which it goes
    removed = Signal(object)  # Path
    duplicated = Signal(object)  # Path
    toggled = Signal(object)  # Path: switch it off, or on again
    folded = Signal(object)  # Path of a composite: fold it, or unfold it
    all_folded = Signal(bool)  # fold all composites (True), or unfold them
    insertion_asked = Signal(object, object)  # Path before which a new layer shall go, QPoint on the screen where it is asked
    pointed = Signal(object)  # Path under the cursor, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: tuple[int, QPoint] | None = None
        self._typed, self._typed_at = "", 0.0
        self._scroller = QTimer(self)
        self._scroller.setInterval(SCROLL_MS)
        self._scroller.timeout.connect(self._scroll_on)

    # --- the mouse

    def _point(self, number: int | None) -> None:
        if number != self._hovered:
            self._update_row(self._hovered)
            self._hovered = number
            self._update_row(number)
            self.pointed.emit(None if number is None else self._rows[number].path)

    def _on_arrow(self, row: StackRow, point: QPoint) -> bool:
        left = self._left(row)
        return row.foldable and left - ARROW_PX - 2 <= point.x() < left and point.y() < self.place(row.path).top() + ROW_PX

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        number = self._number_at(point)
        if event.button() != Qt.MouseButton.LeftButton or number is None or self._dragged is not None:
            return
        row = self._rows[number]
        if self._on_arrow(row, point):
            self.folded.emit(row.path)
            return
        self._pressed = (number, point) if row.layer else None
        if not (row.layer and point.x() < SIDE_PX):  # at the handle a click opens the menu and a drag moves
            self._go(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._dragged is not None:
            self._drag_to(point)
            return
        self._point(self._number_at(point))
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        number, start = self._pressed
        if (point - start).manhattanLength() >= QGuiApplication.styleHints().startDragDistance() and number < len(self._rows):
            self._pressed = None
            self._point(None)
            self._dragged = self._rows[number].path
            self.setFocus()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scroller.start()
            self._drag_to(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._dragged is not None:
            source, target = self._dragged, self.slot
            self._drop_nothing()
            if target is not None:
                self.moved.emit(source, target)
        elif pressed is not None and pressed[1].x() < SIDE_PX and pressed[0] < len(self._rows):
            self._go(pressed[0])
            self.menu(self._rows[pressed[0]].path).popup(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row = self.row_at(point)
        if event.button() != Qt.MouseButton.LeftButton or row is None or not row.layer:
            return
        if self._on_arrow(row, point):
            self.folded.emit(row.path)  # two quick clicks on an arrow are two clicks
        else:
            self.edited.emit(row.path)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._point(None)
        return super().viewportEvent(event)

    def _drag_to(self, point: QPoint) -> None:
        """Find the place for the dragged layer: the gap at the pointer, and the depth by how far right it is."""
        self._hand, self._place = point, None
        y = min(max(point.y() + self.verticalScrollBar().value(), 0), self._tops[-1] - 1)
        number = bisect_right(self._tops, y) - 1
        gap = number + (y - self._tops[number] >= ROW_PX // 2)
        if self._rows and self._dragged is not None:
            gap = min(max(gap, 1), len(self._rows))
            found = [place for place in slots(self._rows, gap) if droppable(place, self._dragged)]
            wanted = (point.x() - SIDE_PX) / INDENT_PX
            self._place = min(found, key=lambda place: abs(place.depth + 0.5 - wanted), default=None)
            self._place_y = self._tops[gap]
        self.viewport().update()

    def _drop_nothing(self) -> None:
        super()._drop_nothing()
        self._scroller.stop()
        self.viewport().unsetCursor()

    @Slot()
    def _scroll_on(self) -> None:
        """Scroll while a layer is dragged near the edge."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        way = -1 if self._hand.y() < EDGE_PX else 1 if self._hand.y() > height - EDGE_PX else 0
        if way and self._dragged is not None:
            bar.setValue(bar.value() + way * SCROLL_PX)
            self._drag_to(self._hand)

    # --- the keyboard

    def event(self, event: QEvent) -> bool:
        """Keep the stack's own keys from the window's shortcuts while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._own(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _own(event: QKeyEvent) -> bool:
        pressed = event.keyCombination()
        if pressed.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            return event.key() in _ALONE or bool(event.text().strip())
        if pressed.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier:
            return event.key() == Qt.Key.Key_D
        return pressed.keyboardModifiers() == Qt.KeyboardModifier.AltModifier and event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._rows:
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._drop_nothing()
            return
        if not (self._walk(event) or self._spells(event) or self._act(event) or self._type(event)):
            super().keyPressEvent(event)

    def _walk(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        row, page = self._rows[self._current], max(1, self.viewport().height() // ROW_PX - 1)
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self._rows),
            Qt.Key.Key_End: len(self._rows),
        }
        if (key := Qt.Key(event.key())) in steps:
            self._go(min(max(self._current + steps[key], 0), len(self._rows) - 1))
        elif key == Qt.Key.Key_Left and row.foldable and not row.folded:
            self.folded.emit(row.path)
        elif key == Qt.Key.Key_Left:
            self._go(self._numbers.get(parent(row.path), self._current) if len(row.path) > 1 else self._current)
        elif key == Qt.Key.Key_Right and row.foldable and row.folded:
            self.folded.emit(row.path)
        elif key == Qt.Key.Key_Right:
            if row.foldable and self._current + 1 < len(self._rows):
                self._go(self._current + 1)
        else:
            return False
        return True

    def _spells(self, event: QKeyEvent) -> bool:
        """Take a space as part of a name that is being typed. Returns whether it was."""
        if event.key() != Qt.Key.Key_Space or time.monotonic() - self._typed_at >= TYPED_S:
            return False
        begin = f"{self._typed} "
        return any(row.text.lower().startswith(begin) for row in self._rows) and self._type(event, " ")

    def _act(self, event: QKeyEvent) -> bool:
        row, key = self._rows[self._current], Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.ask_to_move(row.path, -1 if key == Qt.Key.Key_Up else 1)
            return True
        signals = {
            (Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Return): self.edited,
            (Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Enter): self.edited,
            (Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Space): self.toggled,
            (Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Delete): self.removed,
            (Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Backspace): self.removed,
            (Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_D): self.duplicated,
        }
        if (modifiers, key) in signals:
            if row.layer:
                signals[modifiers, key].emit(row.path)
            return True
        if modifiers == Qt.KeyboardModifier.NoModifier and key == Qt.Key.Key_Insert:
            self.ask_for_layer(row.path)
            return True
        return False

    def _type(self, event: QKeyEvent, space: str = "") -> bool:
        """Go to the next layer that begins with the typed letters. The same letter again goes to the one after."""
        text = space or event.text().lower()
        if not (text.strip() or space) or not text.isprintable() or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        now = time.monotonic()
        self._typed = self._typed + text if now - self._typed_at < TYPED_S else text
        self._typed_at = now
        again = len(set(self._typed)) == 1
        begin, start = (self._typed[0], 1) if again else (self._typed, 0)
        for onward in range(start, len(self._rows) + start):
            number = (self._current + onward) % len(self._rows)
            if self._rows[number].text.lower().startswith(begin):
                self._go(number)
                break
        return True

    def _go(self, number: int) -> None:
        """Move the keyboard to a row, which chooses a layer or the input."""
        row = self._rows[number]
        self._current = number
        self.reveal(row.path)
        self.viewport().update()
        if not row.heading and row.path != self._chosen:
            self._chosen = row.path
            self.chosen.emit(row.path)
        self._describe()

    # --- what is asked for

    def ask_to_move(self, path: Path, way: int) -> None:
        """Ask to move a layer one place up (-1) or down (1); at the end of a composite, out of it."""
        if path in self._numbers and self._rows[self._numbers[path]].layer:
            target = step(self._rows, path, -1 if way < 0 else 1)
            if target is not None:
                self.moved.emit(path, target)

    def ask_for_layer(self, path: Path | None = None) -> None:
        """Ask for a new layer below a row; without `path`, below the row that the keyboard is at. Below a heading it is the
        first layer of the branch, below the input the first of the network."""
        if not self._rows:
            self.insertion_asked.emit((0,), self.mapToGlobal(QPoint(SIDE_PX, HEADER_PX)))
            return
        row = self._rows[self._numbers.get(self.current_path if path is None else path, len(self._rows) - 1)]
        if row.layer:
            target: Path = (*row.path[:-1], int(row.path[-1]) + 1)
        else:
            target = (*row.path, 0)
        corner = self.place(row.path).bottomLeft() + QPoint(self._left(row), 0)
        self.insertion_asked.emit(target, self.viewport().mapToGlobal(corner))

    # --- the menu, and the drawing

    def menu(self, path: Path) -> StackMenu:
        """The menu of a row. Closing deletes it."""
        has_blocks = any(row.foldable for row in self._rows)
        made = StackMenu(self._rows[self._numbers[path]], self.actions(), self, has_blocks=has_blocks)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.asked.connect(lambda key: self._do(key, path))
        return made

    def _do(self, key: str, path: Path) -> None:
        """Do what an action of the menu says."""
        signals = {
            "edit": self.edited,
            "duplicate": self.duplicated,
            "toggle": self.toggled,
            "remove": self.removed,
            "fold": self.folded,
        }
        match key:
            case "insert":
                self.ask_for_layer(path)
            case "up" | "down":
                self.ask_to_move(path, -1 if key == "up" else 1)
            case "fold_all" | "unfold_all":
                self.all_folded.emit(key == "fold_all")
            case "copy":
                self.copy_drawing()
            case "save":
                self.save_dialog()
            case _:
                signals[key].emit(path)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._rows:
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        number = self._current if by_key else self._number_at(self.viewport().mapFromGlobal(event.globalPos()))
        if number is None:
            return
        self._go(number)
        row = self._rows[number]
        corner = self.viewport().mapToGlobal(self.place(row.path).topLeft() + QPoint(self._left(row), ROW_PX))
        self.menu(row.path).popup(corner if by_key else event.globalPos())

    def drawing(self) -> StackDrawing:
        """All rows, folded as they are now, as a drawing for a file."""
        names = self._arrangement.names
        return StackDrawing(self._title, self._rows, self._measure, dict(self.header.titles), names, self._totals)

    @Slot()
    def copy_drawing(self) -> None:
        """Copy the drawing to the clipboard as a picture."""
        QGuiApplication.clipboard().setImage(self.drawing().picture())

    @Slot()
    def save_dialog(self) -> None:
        drawing = self.drawing()

        def content(path: FilePath) -> bytes:
            return drawing.png() if path.suffix.lower() == ".png" else drawing.svg()

        saving.ask_and_save(self, self.tr("Save the drawing"), "network", ["SVG (*.svg)", "PNG (*.png)"], content)
