"""A composite in the layer's card: its drawing, and the edits that only a composite has. Shown while one is chosen."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.layers.catalog import AnyLayer, Concat
from engine.layers.kinds.composite import Composite
from engine.networks.edits import Edit, at, branch_added
from engine.networks.trace import Path
from gui.labs.network.layer.block_diagram import BlockDiagram
from gui.labs.network.layer.block_plan import BlockPlan, block_plan
from gui.labs.network.reading import Reading
from gui.shell.language import say


class BlockView(QWidget):
    """`edit_asked` carries an `Edit` of the network, `folding_asked` the composite's path."""

    edit_asked = Signal(object)
    folding_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path = ()
        self._layer: Composite | None = None
        self._reading: Reading | None = None
        self._folded = False
        self.diagram = BlockDiagram()
        self.fold, self.add, self.remove = QPushButton(), QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.fold, self.add):
            button.setMinimumWidth(1)
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.diagram)
        column.addLayout(buttons)
        column.addWidget(self.remove)
        self.fold.clicked.connect(lambda _on=False: self.folding_asked.emit(self._path))
        self.add.clicked.connect(self._add_branch)
        self.remove.clicked.connect(self._remove_branch)

    def show_block(self, path: Path, reading: Reading, *, folded: bool) -> None:
        """Show the composite at `path`; nothing is emitted."""
        self._path, self._reading, self._folded = path, reading, folded
        self._layer = cast(Composite, reading.layer(path))
        self._write()

    def _write(self) -> None:
        layer, reading = self._layer, self._reading
        if layer is None or reading is None:
            return
        self.diagram.show_plan(self._plan(reading))
        self.fold.setText(self.tr("Unfold") if self._folded else self.tr("Fold"))
        self.fold.setToolTip(self.tr("Its layers in the list, or only itself"))
        self.add.setText(self.tr("Add a branch"))
        self.add.setToolTip(say("repairs", "add_branch"))
        self.add.setVisible(isinstance(layer, Concat))
        empty = self._empty_branch()
        self.remove.setVisible(empty is not None)
        if empty is not None:
            self.remove.setText(self.tr("Remove the empty branch {number}").format(number=empty + 1))

    def _plan(self, reading: Reading) -> BlockPlan:
        """The layers of the composite that are on, with the shapes that are known."""
        place = reading.places[self._path]
        on = cast(Composite, at(reading.enabled.layers, place))
        rows = [reading.built((*place, *branch.path), len(branch.layers)) for branch in on.branches_in_order()]
        broken = reading.broken == self._path
        return block_plan(on, reading.inputs.get(self._path), rows, reading.output(self._path), broken=broken)

    def _empty_branch(self) -> int | None:
        """The number of the last branch without layers; None where there is none, or only one branch."""
        branches = self._layer.branches if isinstance(self._layer, Concat) else ()
        empty = [number for number, inside in enumerate(branches) if not inside]
        return empty[-1] if empty and len(branches) > 1 else None

    @Slot()
    def _add_branch(self) -> None:
        (layer,) = branch_added((cast(AnyLayer, self._layer),), (0,))
        self.edit_asked.emit(Edit("replaced", self._path, layer))

    @Slot()
    def _remove_branch(self) -> None:
        if (number := self._empty_branch()) is not None:
            self.edit_asked.emit(Edit("removed", (*self._path, "branches", number)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()
