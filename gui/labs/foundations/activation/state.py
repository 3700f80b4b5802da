"""The whole state of the board of activation functions as one frozen value. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from engine.fields import setting
from engine.foundations.boards.activation.unit_chains import UnitFunctionName
from gui.labs.foundations.board_state import BoardLink, BoardState

LEAST_CLASSES, MOST_CLASSES = 2, 6
ActivationTopic: TypeAlias = Literal["curves", "chain", "dead", "softmax", "overflow", "temperature"]
Score = Annotated[float, setting(-1e4, 1e4, slider=(-10.0, 10.0), step=0.1)]

TOPIC_FIELDS: Mapping[str, Sequence[str]] = {
    "curves": ("x", "leak"),
    "chain": ("x", "weight", "layers", "leak"),
    "dead": ("bias", "rate", "samples", "units", "positive", "seed"),
    "softmax": (),
    "overflow": ("offset",),
    "temperature": ("temperature",),
}

BOOKS: Mapping[str, str] = {"step-sigmoid-relu": "1.3", "softmax-by-hand": "1.5", "softmax-overflow": "1.5"}
LINKS = (
    BoardLink("feature-and-activation", ("convolution", "feature-and-activation")),
    BoardLink("digits-cnn", ("presets", "digits-cnn")),
    BoardLink("spirals-mlp", ("presets", "spirals-mlp")),
)


class ActivationState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`topic` is the picture that is shown. `function` is the one that is touched at `x`, `compared` are drawn beside it;
    `leak` is a leaky ReLU's slope below 0. The chain has `layers` units, each with `weight`, and the first one reads `x`.

    The layer with dead units has `units` and reads `samples` drawn with `seed`, without their signs if `positive`; all units
    have `bias`, and `rate` is the size of the one step of gradient descent (None: before it).

    `scores` go into the softmax; `moved` is the one whose curve is drawn, `offset` is added to all of them where it overflows,
    and where the temperature is looked at they are divided by `temperature`."""

    topic: ActivationTopic = "curves"
    function: UnitFunctionName = "sigmoid"
    compared: Annotated[tuple[UnitFunctionName, ...], Meta(max_length=6)] = ()
    x: Annotated[float, setting(-50.0, 50.0, slider=(-6.0, 6.0), step=0.05)] = 1.0
    leak: Annotated[float, setting(0.0, 1.0, slider=(0.0, 0.5), step=0.01)] = 0.01
    weight: Annotated[float, setting(-10.0, 10.0, slider=(-3.0, 3.0), step=0.05)] = 1.0
    layers: Annotated[int, setting(1, 50)] = 10
    bias: Annotated[float, setting(-20.0, 20.0, slider=(-6.0, 3.0), step=0.05)] = 0.0
    rate: Annotated[float, setting(above=0.0, high=1e4, slider=(0.01, 100.0), scale="log", usual=10.0)] | None = None
    samples: Annotated[int, setting(1, 256)] = 64
    units: Annotated[int, setting(10, 200, slider=(10, 200))] = 100
    positive: bool = True
    seed: Annotated[int, setting(0, 2**31 - 1, slider=(0, 100))] = 0
    scores: Annotated[tuple[Score, ...], Meta(min_length=LEAST_CLASSES, max_length=MOST_CLASSES)] = (0.3, 2.9, 4.0)
    moved: Annotated[int, setting(0, MOST_CLASSES - 1)] = 0
    offset: Annotated[float, setting(-1e4, 1e4, slider=(-1000.0, 1200.0), step=1.0)] = 0.0
    temperature: Annotated[float, setting(above=0.0, high=1e4, slider=(0.05, 20.0), scale="log")] = 1.0

    @property
    def functions(self) -> tuple[UnitFunctionName, ...]:
        """All functions that are drawn, the touched one first."""
        return (self.function, *(name for name in self.compared if name != self.function))

    @property
    def moved_score(self) -> int:
        """The number of the moved score, which there may be no more."""
        return min(self.moved, len(self.scores) - 1)
