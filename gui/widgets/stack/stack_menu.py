"""The menu of a row of a stack. It shows the keys too. Called by `gui.widgets.stack.layer_stack`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.widgets.stack.stack_rows import StackRow


class StackMenu(QMenu):
    """`asked` says which action was chosen, by its key in `actions_by_key`: edit, insert, duplicate, toggle, up, down, remove,
    fold, fold_all, unfold_all, copy, save."""

    asked = Signal(str)

    def __init__(self, row: StackRow, more: Sequence[QAction], parent: QWidget, *, has_blocks: bool) -> None:
        """`more` are actions of the stack's owner. `has_blocks`: some rows of the stack can be folded."""
        super().__init__(parent)
        self.actions_by_key: dict[str, QAction] = {}
        if row.layer:
            self._add("edit", self.tr("Edit"), "Return")
        self._add("insert", self.tr("Add a layer below..."), "Ins")
        if row.layer:
            self._add("duplicate", self.tr("Duplicate"), "Ctrl+D")
            self._add("toggle", self.tr("Switch on") if row.disabled else self.tr("Switch off"), "Space")
            self._add("up", self.tr("Move up"), "Alt+Up")
            self._add("down", self.tr("Move down"), "Alt+Down")
            self._add("remove", self.tr("Delete"), "Del")
        if more:
            self.addSeparator()
            self.addActions(more)
        self.addSeparator()
        if row.foldable:
            self._add("fold", self.tr("Unfold") if row.folded else self.tr("Fold"), "Right" if row.folded else "Left")
        if has_blocks:
            self._add("fold_all", self.tr("Fold all"))
            self._add("unfold_all", self.tr("Unfold all"))
            self.addSeparator()
        self._add("copy", self.tr("Copy drawing"))
        self._add("save", self.tr("Save drawing (SVG, PNG)..."))

    def _add(self, key: str, text: str, keys: str = "") -> None:
        """`keys` are only shown: the stack itself listens to them."""
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action = QAction(f"{text}\t{shown}" if shown else text, self)
        action.triggered.connect(lambda _on=False: self.asked.emit(key))
        self.actions_by_key[key] = action
        self.addAction(action)
