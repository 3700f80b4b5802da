"""What the board "gradient by hand" shows: its topic, and what is set for each of the six. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.fields import setting
from engine.foundations.boards.gradient.descent_course import GradientKind
from engine.foundations.boards.gradient.difference_sweep import DifferenceKind
from engine.foundations.boards.gradient.gradient_race import RaceSizes
from gui.labs.foundations.board_state import BoardLink, BoardState

GradientTopic: TypeAlias = Literal["regression", "descent", "derivative", "arrows", "weight", "race"]
FloatPrecision: TypeAlias = Literal["float32", "float64"]
DescentGround: TypeAlias = Literal["bowl", "line_loss"]

MOST_POINTS = 40
FARTHEST = 1000.0  # from 0, of any coordinate
MOST_STEPS = 200
MOST_LETTERS = 200  # of a formula

Coordinate = Annotated[float, setting(-FARTHEST, FARTHEST)]
Weight = Annotated[float, setting(-FARTHEST, FARTHEST, slider=(-2.0, 2.0), step=0.01)]
PlaneCoordinate = Annotated[float, setting(-FARTHEST, FARTHEST, slider=(-5.0, 5.0), step=0.1)]
Units = Annotated[int, setting(1, 2000, slider=(1, 1000), scale="log")]

POINTS = ((1.0, 2.2), (2.0, 2.0), (3.0, 3.6), (4.5, 4.1), (6.0, 6.2), (7.5, 5.8), (9.0, 8.1))


class GradientState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`point` is the chosen one of `points`; `entry` the chosen weight, counted row by row."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"steps", "point", "entry"})

    topic: GradientTopic = "regression"
    # a line through points
    points: Annotated[tuple[tuple[Coordinate, Coordinate], ...], Meta(min_length=1, max_length=MOST_POINTS)] = POINTS
    point: Annotated[int, setting(0, MOST_POINTS - 1)] = 0
    w: Annotated[float, setting(-FARTHEST, FARTHEST, slider=(-3.0, 3.0), step=0.01)] = 0.2
    b: Annotated[float, setting(-FARTHEST, FARTHEST, slider=(-8.0, 8.0), step=0.05)] = 4.0
    # descent
    ground: DescentGround = "bowl"
    rate: Annotated[float, setting(1e-12, 1000.0, slider=(1e-10, 10.0), scale="log")] = 0.1
    steps: Annotated[int, setting(0, MOST_STEPS)] = 0
    slopes: GradientKind = "exact"
    start_0: PlaneCoordinate = -3.0
    start_1: PlaneCoordinate = 4.0
    # the derivative as a limit
    formula: Annotated[str, Meta(max_length=MOST_LETTERS)] = "sin(x)"
    at: Annotated[float, setting(-FARTHEST, FARTHEST, slider=(-10.0, 10.0), step=0.1)] = 1.0
    h: Annotated[float, setting(1e-16, 1.0, slider=(1e-16, 1.0), scale="log")] = 0.5
    difference: DifferenceKind = "central"
    precision: FloatPrecision = "float64"
    # arrows
    height: Annotated[str, Meta(max_length=MOST_LETTERS)] = "x0**2 + x1**2"
    place_0: PlaneCoordinate = 3.0
    place_1: PlaneCoordinate = 4.0
    arrows: Annotated[int, setting(4, 24)] = 12
    downhill: bool = False
    # a weight matrix
    weights: tuple[Weight, Weight, Weight, Weight, Weight, Weight] = (
        0.47355232,
        0.9977393,
        0.84668094,
        0.85557411,
        0.03563661,
        0.69422093,
    )
    sample: tuple[Weight, Weight] = (0.6, 0.9)
    truth: Annotated[int, setting(0, 2)] = 2
    entry: Annotated[int, setting(0, 5)] = 0
    # the race
    inputs: Units = 784
    hidden: Units = 50
    outputs: Annotated[int, setting(2, 1000, slider=(2, 100), scale="log")] = 10
    samples: Annotated[int, setting(1, 256, slider=(1, 100), scale="log")] = 1

    @property
    def sizes(self) -> RaceSizes:
        """The network of the race."""
        return RaceSizes(self.inputs, self.hidden, self.outputs, self.samples)

    @property
    def chosen_point(self) -> int:
        """The chosen point's number; the last one where there are fewer."""
        return min(self.point, len(self.points) - 1)


class ChosenPoint(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen point of the regression, for a form."""

    point_x: Annotated[float, setting(-FARTHEST, FARTHEST, slider=(0.0, 10.0), step=0.05)] = 0.0
    point_y: Annotated[float, setting(-FARTHEST, FARTHEST, slider=(0.0, 10.0), step=0.05)] = 0.0


class ChosenWeight(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen weight, and the sample, for a form."""

    weight: Weight = 0.0
    sample_0: Weight = 0.0
    sample_1: Weight = 0.0


# the rows of the form that belong to each topic
TOPIC_FIELDS: Mapping[str, Sequence[str]] = {
    "regression": ("w", "b"),
    "descent": ("ground", "rate", "steps", "slopes", "start_0", "start_1"),
    "derivative": ("difference", "precision", "h", "at"),
    "arrows": ("place_0", "place_1", "arrows", "downhill"),
    "weight": ("truth",),
    "race": ("inputs", "hidden", "outputs", "samples"),
}

BOOKS: Mapping[str, str] = {
    "tangent-at-5": "1.9",
    "tangent-at-10": "1.9",
    "error-against-h": "1.10",
    "arrows-of-the-bowl": "1.11",
    "rate-0.1": "1.12",
    "rate-10": "1.12",
    "rate-1e-10": "1.12",
    "weight-2x3": "1.13",
    "race-784-50-10": "1.15",
}

LINKS: tuple[BoardLink, ...] = (
    BoardLink("line", ("presets", "table-mlp")),
    BoardLink("descent", ("presets", "digits-cnn")),
)
