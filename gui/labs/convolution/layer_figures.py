"""The answer line of the convolution lab: the output's shape, parameters, MACs, memory, and the measured time.

Called by the lab, with the traced layer and the time of its shortest pass.
"""

from __future__ import annotations

from math import prod

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.cells.planes import Studied
from engine.figures import binary_size, full_count, shape_text, short_count
from engine.layers.base import FLOAT32_BYTES
from engine.layers.kinds.pooling import Pooling
from engine.networks.trace import Trace
from gui.shell.language import say
from gui.widgets.figures.answer_line import AnswerLine

ROOMY_PX = 1000  # a narrower line leaves the notes out
LETTERS = {2: "C, L", 3: "C, H, W", 4: "C, D, H, W"}  # the axes of a shape, by their number


class LayerFigures(AnswerLine):
    """`show_figures` writes the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: tuple[Studied, int, Trace, float | None] | None = None
        self._roomy = False

    def show_figures(self, layer: Studied, channels: int, trace: Trace, time_ms: float | None) -> None:
        """`layer`, traced, reads an input of `channels` channels; `time_ms` is None before the first pass."""
        if trace.rows:
            self._figures = (layer, channels, trace, time_ms)
            self._write()

    def _write(self) -> None:
        self._roomy = self.width() >= ROOMY_PX
        if self._figures is None:
            return
        layer, channels, trace, time_ms = self._figures
        output = trace.output
        shape = self.tr("Output shape ({letters})").format(letters=LETTERS[len(output)])
        parameters_note = self._parameters_note(layer, channels) if self._roomy else ""
        time_note = self.tr("1 thread") if self._roomy and time_ms is not None else ""
        self.set_cells(
            [
                ("output", shape, shape_text(output), ""),
                ("parameters", say("quantities", "parameters"), full_count(trace.parameters), parameters_note),
                ("macs", say("quantities", "macs"), short_count(trace.macs), ""),
                ("memory", say("quantities", "activation_memory"), binary_size(prod(output) * FLOAT32_BYTES), ""),
                ("time", self.tr("Measured time"), _milliseconds(time_ms), time_note),
            ]
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._roomy != (self.width() >= ROOMY_PX):
            self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()

    def _parameters_note(self, layer: Studied, channels: int) -> str:
        if isinstance(layer, Pooling):
            return self.tr("nothing to learn")
        cells = "×".join(map(str, (*layer.kernel, channels // layer.groups)))
        return f"({cells} + 1) × {layer.out_channels}" if layer.bias else f"{cells} × {layer.out_channels}"


def _milliseconds(time_ms: float | None) -> str:
    if time_ms is None:
        return "…"
    return f"{time_ms:.2f} ms" if time_ms < 10 else f"{time_ms:.0f} ms"
