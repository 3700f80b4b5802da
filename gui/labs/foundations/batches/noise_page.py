"""The page of the gradient's noise: the gradients of many batches around the whole one, and how far they are from it against
the batch size, measured beside theory.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from engine.figures import full_count, measured
from engine.foundations.boards.batches.batches_noise import (
    BatchGradients,
    GradientSpread,
    LinePoints,
    batch_gradients,
    best_line,
    gradient_spread,
    line_points,
    sample_gradients,
)
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.batches.batches_words import line_name, steady, word
from gui.labs.foundations.batches.graph_pair import GraphPair, PairShown
from gui.labs.foundations.batches.state import GRADIENT_BATCHES, BatchesState, gradient_batch_of
from gui.plots.graphs.graph_parts import GraphArrow, GraphLine, GraphMark, GraphPicture, GraphPoints
from gui.plots.numbers.ranges import Range

MEASURED, THEORY, ROOT = 0, 1, 2  # colours
ROUNDING = 1e-12  # what is smaller is rounding
_AROUND = np.linspace(0, 2 * math.pi, 91)


class NoisePage(GraphPair):
    def __init__(self) -> None:
        super().__init__()
        self.to_minimum, self.to_start = QPushButton(), QPushButton()
        for button, pressed in ((self.to_minimum, self._go_to_minimum), (self.to_start, self._go_to_start)):
            button.setProperty("role", "offer")
            button.clicked.connect(pressed)
            self.tools.addWidget(button)

    def shown_of(self, state: BatchesState) -> PairShown:
        self.to_minimum.setText(word("noise.to_minimum"))
        self.to_start.setText(word("noise.to_start"))
        points = _points(state.points, state.spread, state.seed)
        gradients = sample_gradients(points, state.w, state.b)
        spread = gradient_spread(gradients)
        drawn = batch_gradients(gradients, GRADIENT_BATCHES, replacement=state.replacement, seed=state.seed)
        batch, deviations = gradient_batch_of(state), drawn.deviations(spread.whole)
        return PairShown(
            self._cloud(spread, drawn, batch, state.replacement),
            word("noise.title", batches=GRADIENT_BATCHES, batch=batch),
            self._deviations(spread, deviations, batch, state.replacement),
            word("noise.lower"),
            self._figures(spread, float(deviations[batch - 1]), batch, state.replacement),
            word("noise.said" if state.replacement else "noise.said_finite", samples=state.points, batch=batch),
        )

    def _cloud(self, spread: GradientSpread, drawn: BatchGradients, batch: int, replacement: bool) -> GraphPicture:
        """The axes are those of single samples, so that the cloud is seen to shrink."""
        own, (w, b) = drawn.of(batch), spread.whole.tolist()
        radius = spread.deviation(batch, replacement=replacement)
        reach = steady(1.6 * spread.deviation(1, replacement=True) + 1e-9, above=True)
        return GraphPicture(
            lines=(
                GraphLine(
                    word("noise.circle"),
                    w + radius * np.cos(_AROUND),
                    b + radius * np.sin(_AROUND),
                    THEORY,
                    width=1.6,
                    told=False,
                ),
            ),
            points=(GraphPoints(word("noise.batches"), own[:, 0], own[:, 1], MEASURED, px=2.2),),
            arrows=(GraphArrow(word("noise.whole"), 0.0, 0.0, w, b, "text", 2.2),),
            marks=(GraphMark("", 0.0), GraphMark("", 0.0, along="y")),
            x=_around(w, reach),
            y=_around(b, 0.6 * reach),
            x_name="∂L/∂w",
            y_name="∂L/∂b",
            tip=lambda x, y: f"∂L/∂w {measured(x, 3)}\n∂L/∂b {measured(y, 3)}",
        )

    def _deviations(self, spread: GradientSpread, measured_ones: RealArray, batch: int, replacement: bool) -> GraphPicture:
        sizes = np.arange(1, spread.samples + 1)
        theory = spread.deviations(sizes, replacement=replacement)
        root = spread.deviation(1, replacement=True) / np.sqrt(sizes)
        shown = _spaced(spread.samples)
        length = float(np.hypot(*spread.whole))
        marks = [GraphMark(word("noise.now", batch=batch), batch, colour="accent")]
        if root[-1] / 6 < length < 2 * root[0]:
            marks.append(GraphMark(line_name("noise.length"), length, along="y"))
        lines = [
            GraphLine(line_name("noise.theory"), sizes, np.where(theory > 0, theory, np.nan), THEORY, width=1.8, told=False),
        ]
        if not replacement:
            lines.append(GraphLine(word("noise.root"), sizes, root, ROOT, dashed=1, width=1.4, told=False))

        def tip(x: float, _y: float) -> str:
            at = int(min(max(round(x), 1), spread.samples))
            return "\n".join(
                [
                    f"{word('batch')} {full_count(at)}",
                    f"{word('noise.measured')}  {measured(float(measured_ones[at - 1]), 3)}",
                    f"{word('noise.theory')}  {measured(float(theory[at - 1]), 3)}",
                    f"{word('noise.root')}  {measured(float(root[at - 1]), 3)}",
                ]
            )

        at_all = measured_ones[shown - 1]
        return GraphPicture(
            lines=lines,
            points=(
                GraphPoints(line_name("noise.measured"), shown, np.where(at_all > 1e-9, at_all, np.nan), MEASURED, px=3.5),
            ),
            marks=marks,
            x=(0.9, spread.samples * 1.1),
            y=(steady(max(float(root[-1]) / 5, 1e-6), above=False), steady(max(float(root[0]) * 1.3, 1e-5), above=True)),
            log_x=True,
            log_y=True,
            x_name=word("batch"),
            y_name=word("noise.axis"),
            tip=tip,
        )

    def _figures(self, spread: GradientSpread, found: float, batch: int, replacement: bool) -> list[tuple[str, str, str]]:
        found = 0.0 if found < ROUNDING * (1 + math.sqrt(spread.square)) else found
        theory, length = spread.deviation(batch, replacement=replacement), float(np.hypot(*spread.whole))
        scale = spread.noise_scale
        factor = 1.0 if replacement or spread.samples == 1 else (spread.samples - batch) / (spread.samples - 1)
        return [
            (word("noise.measured"), measured(found, 3), word("noise.over", batches=GRADIENT_BATCHES)),
            (word("noise.theory"), measured(theory if theory > ROUNDING else 0.0, 3), ""),
            (word("noise.factor"), measured(math.sqrt(factor), 3), "√((N − B) / (N − 1))" if not replacement else ""),
            (word("noise.length"), measured(length if length > ROUNDING else 0.0, 3), ""),
            (word("noise.scale"), measured(scale, 3), word("noise.scale_note")),
        ]

    @Slot()
    def _go_to_minimum(self) -> None:
        w, b = best_line(_points(self._state.points, self._state.spread, self._state.seed))
        self.edited.emit({"w": min(max(w, -4.0), 4.0), "b": min(max(b, -4.0), 4.0)})

    @Slot()
    def _go_to_start(self) -> None:
        self.edited.emit({"w": 0.0, "b": 0.0})

    @Slot(float, float)
    def below_clicked(self, x: float, _y: float) -> None:
        self.edited.emit({"gradient_batch": int(min(max(round(x), 1), self._state.points))})


@lru_cache(maxsize=8)
def _points(samples: int, spread: float, seed: int) -> LinePoints:
    return line_points(samples, spread, seed)


def _spaced(samples: int) -> np.ndarray:
    """Batch sizes (some 20), evenly on a logarithmic axis, 1 and all among them."""
    return np.unique(np.geomspace(1, samples, 22).round().astype(int))


def _around(middle: float, reach: float) -> Range:
    """An axis around a place, 0 inside, whose ends stay while the place moves a little."""
    step = reach / 2
    low, high = min(middle - reach, -0.1 * reach), max(middle + reach, 0.1 * reach)
    return math.floor(low / step) * step, math.ceil(high / step) * step
