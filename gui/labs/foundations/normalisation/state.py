"""What the board of normalisation and regularisation shows, as one frozen value. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from engine.fields import setting
from engine.foundations.boards.normalisation_numbers import (
    DecayRule,
    DecaySettings,
    DropoutSettings,
    PassMode,
    RunningSettings,
    ScalesLearning,
    drawn_batch,
)
from engine.foundations.descent_rules import Convention
from gui.labs.foundations.board_state import BoardLink, BoardState

NormTopic: TypeAlias = Literal["batch_norm", "layer_norm", "running_mean", "dropout", "weight_decay", "start_scales"]
MOST_ROWS, MOST_COLUMNS = 8, 6
TYPED = 1000.0  # the largest number that is typed into a batch
BatchNumber = Annotated[float, Meta(ge=-TYPED, le=TYPED)]
BatchRow = Annotated[tuple[BatchNumber, ...], Meta(max_length=MOST_COLUMNS)]
TypedBatch = Annotated[tuple[BatchRow, ...], Meta(max_length=MOST_ROWS)]


class NormalisationState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`typed` is the batch where the user has changed a number of it; else it is drawn. `cell` is the one that is worked out.
    `momentum` is as `convention` writes it: torch's 0.1 is the book's 0.9. `seen` is the number of batches before this one,
    whose running mean and variance evaluation uses. `scale` is the panel that is told, counted from 0."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"cell", "scale", "draw"})

    topic: NormTopic = "batch_norm"
    rows: Annotated[int, setting(1, MOST_ROWS)] = 6
    columns: Annotated[int, setting(1, MOST_COLUMNS)] = 4
    seed: Annotated[int, setting(0, 2**31 - 1, slider=(0, 99))] = 0
    typed: TypedBatch | None = None
    cell: tuple[int, int] = (0, 0)
    mode: PassMode = "training"
    gamma: Annotated[float, setting(-5, 5, step=0.1)] = 1.0
    beta: Annotated[float, setting(-5, 5, step=0.1)] = 0.0
    epsilon: Annotated[float, setting(1e-12, 10, slider=(1e-8, 1), scale="log")] = 1e-5
    convention: Convention = "torch"
    momentum: Annotated[float, setting(0, 1, step=0.01)] = 0.1
    seen: Annotated[int, setting(0, 100)] = 20
    batch_size: Annotated[int, setting(2, 128, slider=(2, 64))] = 8
    batches: Annotated[int, setting(5, 200)] = 60
    shift: Annotated[float, setting(0, 5, step=0.1)] = 0.0
    ratio: Annotated[float, setting(0, 0.95, step=0.01)] = 0.5
    draw: Annotated[int, setting(0, 2**31 - 1)] = 0
    masks: Annotated[int, setting(10, 10_000, slider=(10, 10_000), scale="log")] = 1000
    rule: DecayRule = "sgd"
    weight: Annotated[float, setting(-5, 5, step=0.1)] = 2.0
    best: Annotated[float, setting(-5, 5, step=0.1)] = 1.0
    curvature: Annotated[float, setting(0, 100, slider=(0, 3), step=0.01)] = 1.0
    lr: Annotated[float, setting(1e-4, 1, scale="log")] = 0.1
    decay: Annotated[float, setting(0, 10, slider=(0, 1), step=0.01)] = 0.1
    steps: Annotated[int, setting(1, 500, slider=(1, 200))] = 50
    epochs: Annotated[int, setting(1, 100, slider=(1, 40))] = 20
    scale: Annotated[int, setting(0, 15)] = 4

    @property
    def batch(self) -> NDArray[np.float64]:
        """The batch (rows, columns): what was typed, as far as it reaches, over what is drawn."""
        drawn = drawn_batch(self.rows, self.columns, self.seed)
        if self.typed is None:
            return drawn
        found = drawn.copy()
        for row, values in enumerate(self.typed[: self.rows]):
            reach = min(len(values), self.columns)
            found[row, :reach] = values[:reach]
        return found

    @property
    def shown_cell(self) -> tuple[int, int]:
        """The cell that is worked out, within the batch."""
        return min(max(self.cell[0], 0), self.rows - 1), min(max(self.cell[1], 0), self.columns - 1)

    @property
    def running(self) -> RunningSettings:
        return RunningSettings(self.momentum, self.convention, self.batch_size, self.batches, self.shift, self.seed)

    @property
    def dropping(self) -> DropoutSettings:
        return DropoutSettings(self.ratio, self.convention == "torch", self.mode, self.draw)

    @property
    def decaying(self) -> DecaySettings:
        return DecaySettings(self.weight, self.best, self.curvature, self.lr, self.decay, self.rule)

    @property
    def comparing(self) -> ScalesLearning:
        return ScalesLearning(self.epochs, self.seed)


BOOKS: Mapping[str, str] = {"sixteen-scales": "1.24"}
LINKS: tuple[BoardLink, ...] = (BoardLink("cnn", ("presets", "digits-cnn")), BoardLink("hangul", ("presets", "hangul-cnn")))
