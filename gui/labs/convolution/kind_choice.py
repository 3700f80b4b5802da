"""Which kind of layer: its family, along how many axes it slides, and for pooling whether it takes the maximum or the average.
Called by the layer panel, for the kinds of `engine.cells.planes.Studied`."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.cells.planes import Studied
from gui.shell.language import say
from gui.widgets.forms.controls import Segmented

STUDIED_KINDS: dict[str, type[Studied]] = {kind.__name__: kind for kind in get_args(Studied)}
DIMENSIONS = ("1d", "2d", "3d")
POOLS = ("MaxPool", "AvgPool")


def _parts(name: str) -> tuple[str, str]:
    """ "MaxPool2d" -> ("MaxPool", "2d")."""
    return name[:-2], name[-2:]


class KindChoice(QWidget):
    """`chosen` carries the name of a kind."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = "Conv2d"
        self._pool = POOLS[0]  # the kind of pooling that was shown last
        self.family = Segmented([("Conv", ""), ("ConvTranspose", ""), ("Pool", "")])
        self.dimensions = Segmented([(each, each.upper()) for each in DIMENSIONS])
        self.pooling = Segmented([(each, "") for each in POOLS])
        kept = self.pooling.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.pooling.setSizePolicy(kept)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.dimensions, 1)
        below.addWidget(self.pooling, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.family)
        column.addLayout(below)
        self.family.chosen.connect(self._chosen)
        self.dimensions.chosen.connect(self._chosen)
        self.pooling.chosen.connect(self._chosen)
        self.retranslate()

    def show_kind(self, name: str) -> None:
        """Show a kind; nothing is emitted."""
        self._name = name
        stem, dimensions = _parts(name)
        pools = stem in POOLS
        if pools:
            self._pool = stem
            self.pooling.set_current(stem)
        self.pooling.setVisible(pools)
        self.family.set_current("Pool" if pools else stem)
        for each in DIMENSIONS:
            there = f"{stem}{each}" in STUDIED_KINDS
            button = self.dimensions.button(each)
            button.setEnabled(there)
            button.setToolTip(say("layers", f"{stem}{each}") if there else self.tr("This lab has no such layer."))
        self.dimensions.set_current(dimensions)

    @Slot()
    def _chosen(self) -> None:
        """Ask for the kind with as many axes as before, where the family has one; else with two."""
        stem, pooling = self.family.current, self.pooling.current
        if stem == "Pool":
            stem = pooling if _parts(self._name)[0] in POOLS else self._pool
        name = f"{stem}{self.dimensions.current}"
        name = name if name in STUDIED_KINDS else f"{stem}2d"
        if name != self._name:
            self.chosen.emit(name)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        families = {"Conv": self.tr("Convolution"), "ConvTranspose": self.tr("Transposed"), "Pool": self.tr("Pooling")}
        self.family.set_choices(families.items())
        self.family.setAccessibleName(self.tr("Kind of layer"))
        self.family.button("ConvTranspose").setToolTip(say("layers", "ConvTranspose2d"))
        self.family.button("Conv").setToolTip(say("layers", "Conv2d"))
        self.dimensions.setAccessibleName(self.tr("Dimensions"))
        self.pooling.set_choices([("MaxPool", self.tr("Max")), ("AvgPool", self.tr("Average"))])
        self.pooling.setAccessibleName(self.tr("Pooling"))
        for each in POOLS:
            self.pooling.button(each).setToolTip(say("layers", f"{each}2d"))
        self.show_kind(self._name)
