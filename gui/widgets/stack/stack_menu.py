"""What can be done with a row of a stack, as a menu that also tells the keys. Called by `gui.widgets.stack.layer_stack`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from gui.widgets.stack.layer_stack import LayerStack
    from gui.widgets.stack.stack_rows import StackRow


class StackMenu(QMenu):
    """`actions_by_key` finds an action: edit, insert, duplicate, toggle, up, down, remove, fold, fold_all, unfold_all, copy,
    save."""

    def __init__(self, stack: LayerStack, row: StackRow) -> None:
        super().__init__(stack)
        self.actions_by_key: dict[str, QAction] = {}
        path = row.path
        if row.layer:
            self._add("edit", self.tr("Edit"), "Return", lambda: stack.edited.emit(path))
        self._add("insert", self.tr("Add a layer below..."), "Ins", lambda: stack.ask_for_layer(path))
        if row.layer:
            self._add("duplicate", self.tr("Duplicate"), "Ctrl+D", lambda: stack.duplicated.emit(path))
            text = self.tr("Switch on") if row.disabled else self.tr("Switch off")
            self._add("toggle", text, "Space", lambda: stack.toggled.emit(path))
            self._add("up", self.tr("Move up"), "Alt+Up", lambda: stack.ask_to_move(path, -1))
            self._add("down", self.tr("Move down"), "Alt+Down", lambda: stack.ask_to_move(path, 1))
            self._add("remove", self.tr("Delete"), "Del", lambda: stack.removed.emit(path))
        if stack.actions():
            self.addSeparator()
            self.addActions(stack.actions())
        self.addSeparator()
        if row.foldable:
            key = "Right" if row.folded else "Left"
            self._add("fold", self.tr("Unfold") if row.folded else self.tr("Fold"), key, lambda: stack.folded.emit(path))
        if any(each.foldable for each in stack.rows):
            self._add("fold_all", self.tr("Fold all"), "", lambda: stack.all_folded.emit(True))
            self._add("unfold_all", self.tr("Unfold all"), "", lambda: stack.all_folded.emit(False))
            self.addSeparator()
        self._add("copy", self.tr("Copy drawing"), "", stack.copy_drawing)
        self._add("save", self.tr("Save drawing (SVG, PNG)..."), "", stack.save_dialog)

    def _add(self, key: str, text: str, keys: str, act: Callable[[], None]) -> None:
        """`keys` are only shown: the stack itself listens to them."""
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action = QAction(f"{text}\t{shown}" if shown else text, self)
        action.triggered.connect(lambda _on=False: act())
        self.actions_by_key[key] = action
        self.addAction(action)
