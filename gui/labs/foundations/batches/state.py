"""The state of the board of epochs, batches and iterations. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from engine.fields import setting
from engine.foundations.boards.batches.batches_order import EpochPlan
from gui.labs.foundations.board_state import BoardLink, BoardState

BatchesTopic: TypeAlias = Literal["epoch", "unseen", "speed", "gradient_noise"]

MOST_SAMPLES = 100_000
MOST_TIMED = 2048
GRADIENT_BATCHES = 300  # of every size


class BatchesState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`iteration` is how many batches have been drawn, of all epochs. `unseen_samples` are those of the topic of unseen
    samples, which draws one at a time. `timed` is the batch size that is looked at among those that are timed. The fields
    from `points` on are those of the gradient's noise: a line w x + b through so many points, `gradient_batch` of them a
    batch."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"iteration", "timed"})

    topic: BatchesTopic = "epoch"
    samples: Annotated[int, setting(1, MOST_SAMPLES, slider=(1, 400))] = 100
    batch: Annotated[int, setting(1, MOST_SAMPLES, slider=(1, 100))] = 16
    epochs: Annotated[int, setting(1, 100, slider=(1, 20))] = 2
    drop_last: bool = False
    replacement: bool = False
    seed: Annotated[int, setting(0, 2**31 - 1, slider=(0, 50))] = 0
    iteration: Annotated[int, setting(0, MOST_SAMPLES * 100)] = 3
    unseen_samples: Annotated[int, setting(1, 2000, slider=(1, 1000))] = 200
    unseen_epochs: Annotated[int, setting(1, 10)] = 3
    timed: Annotated[int, setting(1, MOST_TIMED, scale="log")] = 128
    hidden: Annotated[int, setting(1, 500, slider=(10, 200))] = 50
    points: Annotated[int, setting(2, 512, slider=(2, 256))] = 128
    gradient_batch: Annotated[int, setting(1, 512, slider=(1, 256), scale="log")] = 8
    spread: Annotated[float, setting(0.0, 3.0, step=0.1)] = 0.8
    w: Annotated[float, setting(-4.0, 4.0, step=0.05)] = 0.0
    b: Annotated[float, setting(-4.0, 4.0, step=0.05)] = 0.0


FORM = (
    *("samples", "batch", "epochs", "unseen_samples", "unseen_epochs", "timed", "hidden", "points", "gradient_batch"),
    *("replacement", "drop_last", "spread", "w", "b", "seed"),
)
ROWS: Mapping[str, tuple[str, ...]] = {
    "epoch": ("samples", "batch", "epochs", "replacement", "drop_last", "seed"),
    "unseen": ("unseen_samples", "unseen_epochs", "seed"),
    "speed": ("timed", "hidden"),
    "gradient_noise": ("points", "gradient_batch", "replacement", "spread", "w", "b", "seed"),
}
BOOKS: Mapping[str, str] = {}
LINKS: tuple[BoardLink, ...] = (BoardLink("digits", ("presets", "digits-cnn")), BoardLink("lenet", ("presets", "lenet-5")))


def epoch_plan(state: BatchesState) -> EpochPlan:
    """The plan of what is set; a batch is never larger than there are samples."""
    return EpochPlan(state.samples, min(state.batch, state.samples), state.epochs, state.drop_last, state.replacement)


def iteration_of(state: BatchesState) -> int:
    """How many batches have been drawn, of those that there are."""
    return min(state.iteration, epoch_plan(state).iterations)


def gradient_batch_of(state: BatchesState) -> int:
    return min(state.gradient_batch, state.points)
