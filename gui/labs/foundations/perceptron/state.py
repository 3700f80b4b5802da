"""The whole state of the perceptron board as one frozen value; its presets of the books, and its links. No Qt here.

Everything that is shown follows from it: a network is that after `steps` steps of what is set. The sigmoid unit's weights are
those now; `began` is where its descent of `descent_steps` steps began, which any other change begins anew (`edited_unit`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.fields import edited, setting
from engine.foundations.boards.perceptron.perceptron_numbers import TwoLayers
from engine.foundations.boards.perceptron.plane_networks import PlaneShape, PlaneTraining
from engine.foundations.perceptrons import Perceptron
from gui.labs.foundations.board_state import BoardLink, BoardState

PerceptronTopic: TypeAlias = Literal["unit", "xor", "logistic", "network", "collapse"]
TOPICS: tuple[PerceptronTopic, ...] = ("unit", "xor", "logistic", "network", "collapse")
LogicGate: TypeAlias = Literal["AND", "NAND", "OR", "XOR"]
PlaneData: TypeAlias = Literal["clouds", "moons", "circles", "spirals", "quarters", "arms", "own"]
PlaneActivation: TypeAlias = Literal["identity", "sigmoid", "tanh", "relu", "leaky_relu"]
PlaneRule: TypeAlias = Literal["gd", "momentum", "adam"]
PlaneStart: TypeAlias = Literal["0.01", "xavier", "he"]
PointClass: TypeAlias = Literal["class_0", "class_1", "class_2"]

MOST_OWN = 500  # points of one's own
MOST_STEPS_BACK = 100_000
EDGE_OF_PLANE = 2.0  # own points lie within

UnitWeight = Annotated[float, setting(-10, 10, slider=(-2, 2), step=0.05)]
InputValue = Annotated[float, setting(-1, 2, slider=(-0.5, 1.5), step=0.05)]
SigmoidWeight = Annotated[float, setting(-1000, 1000, slider=(-10, 10), step=0.1)]
BoardSeed = Annotated[int, setting(0, 9999, slider=(0, 99))]


class ClassedPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point of one's own, and its class."""

    x: Annotated[float, setting(-EDGE_OF_PLANE, EDGE_OF_PLANE)]
    y: Annotated[float, setting(-EDGE_OF_PLANE, EDGE_OF_PLANE)]
    label: Annotated[int, Meta(ge=0, le=2)] = 0


class DescentStart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sigmoid unit's weights before the first step of its descent."""

    w1: SigmoidWeight = 0.0
    w2: SigmoidWeight = 0.0
    b: SigmoidWeight = 0.0


class PerceptronState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`topic` says which part of the board is shown, and so which of the fields."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"steps", "pace"})

    topic: PerceptronTopic = "unit"
    # one unit
    gate: LogicGate = "AND"
    w1: UnitWeight = 0.5
    w2: UnitWeight = 0.5
    b: UnitWeight = -0.7
    x1: InputValue = 1.0
    x2: InputValue = 1.0
    correction: Annotated[float, setting(0.01, 1, slider=(0.05, 0.5), step=0.05)] = 0.1
    # two layers
    nand_w1: UnitWeight = -0.5
    nand_w2: UnitWeight = -0.5
    nand_b: UnitWeight = 0.7
    or_w1: UnitWeight = 0.5
    or_w2: UnitWeight = 0.5
    or_b: UnitWeight = -0.2
    out_w1: UnitWeight = 0.5
    out_w2: UnitWeight = 0.5
    out_b: UnitWeight = -0.7
    # points
    data: PlaneData = "moons"
    samples: Annotated[int, setting(10, 5000, slider=(10, 5000), scale="log")] = 200
    noise: Annotated[float, setting(0, 1, slider=(0, 0.5), step=0.01)] = 0.15
    data_seed: BoardSeed = 0
    point_class: PointClass = "class_0"
    # the sigmoid unit
    sigmoid_w1: SigmoidWeight = 0.0
    sigmoid_w2: SigmoidWeight = 0.0
    sigmoid_b: SigmoidWeight = 0.0
    sigmoid_rate: Annotated[float, setting(above=0, high=1000, slider=(0.01, 100), scale="log")] = 1.0
    # networks
    share: Annotated[float, setting(0, 1, slider=(0, 1), step=0.01)] = 1.0
    retrained: bool = False
    layers: Annotated[int, setting(0, 4, slider=(0, 4))] = 1
    width: Annotated[int, setting(1, 64, slider=(1, 16))] = 8
    activation: PlaneActivation = "tanh"
    rule: PlaneRule = "adam"
    rate: Annotated[float, setting(above=0, high=100, slider=(0.0001, 10), scale="log")] = 0.03
    batch: Annotated[int, setting(0, 5000, slider=(0, 200))] = 0
    start: PlaneStart = "xavier"
    seed: BoardSeed = 0
    pace: Annotated[int, setting(1, 500, slider=(1, 500), scale="log")] = 5
    unit_lines: bool = True
    # not in the form
    steps: Annotated[int, setting(0, MOST_STEPS_BACK)] = 0
    descent_steps: Annotated[int, setting(0, MOST_STEPS_BACK)] = 0
    began: DescentStart = DescentStart()
    own: Annotated[tuple[ClassedPoint, ...], Meta(max_length=MOST_OWN)] = ()

    # --- what is computed of it

    @property
    def unit(self) -> Perceptron:
        return Perceptron((self.w1, self.w2), self.b)

    @property
    def two_layers(self) -> TwoLayers:
        return TwoLayers(
            Perceptron((self.nand_w1, self.nand_w2), self.nand_b),
            Perceptron((self.or_w1, self.or_w2), self.or_b),
            Perceptron((self.out_w1, self.out_w2), self.out_b),
        )

    @property
    def sigmoid_weights(self) -> tuple[float, float, float]:
        return self.sigmoid_w1, self.sigmoid_w2, self.sigmoid_b

    def shape(self, classes: int) -> PlaneShape:
        """The network for so many classes as it is looked at."""
        share = self.share if self.topic == "collapse" else 1.0
        return PlaneShape((2, *[self.width] * self.layers, classes), self.activation, share)

    def trained_shape(self, classes: int) -> PlaneShape:
        """The same as it is trained: with the whole activation function, unless it is trained with the share that is set."""
        shape = self.shape(classes)
        return shape if self.retrained else shape._replace(share=1.0)

    @property
    def training(self) -> PlaneTraining:
        return PlaneTraining(self.rate, self.rule, self.batch, self.start, self.seed)


# The fields of the form, in its order; of each topic those that belong to it.
_UNIT = ("gate", "w1", "w2", "b", "x1", "x2", "correction")
_LAYERS = ("nand_w1", "nand_w2", "nand_b", "or_w1", "or_w2", "or_b", "out_w1", "out_w2", "out_b")
_SIGMOID = ("sigmoid_w1", "sigmoid_w2", "sigmoid_b", "sigmoid_rate")
_POINTS = ("data", "samples", "noise", "data_seed", "point_class")
_TRAINED = ("layers", "width", "activation", "rule", "rate", "batch", "start", "seed")
FORM_FIELDS = (*_UNIT, *_LAYERS, "share", "retrained", *_SIGMOID, *_POINTS, *_TRAINED, "pace", "unit_lines")
TOPIC_FIELDS: Mapping[str, tuple[str, ...]] = {
    "unit": _UNIT,
    "xor": (*_LAYERS, "x1", "x2"),
    "logistic": (*_SIGMOID, *_POINTS, "pace"),
    "network": (*_POINTS, *_TRAINED, "pace", "unit_lines"),
    "collapse": ("share", "retrained", *_POINTS, *_TRAINED, "pace"),
}
_OF_DESCENT = {"sigmoid_w1", "sigmoid_w2", "sigmoid_b", "sigmoid_rate", "data", "samples", "noise", "data_seed", "own"}


def edited_unit(before: PerceptronState, after: PerceptronState) -> PerceptronState:
    """`after`, with a descent of the sigmoid unit that begins anew where its weights, rate or points are others than
    `before`."""
    if before.descent_steps != after.descent_steps or all(
        getattr(before, name) == getattr(after, name) for name in _OF_DESCENT
    ):
        return after
    return edited(after, descent_steps=0, began=DescentStart(*after.sigmoid_weights))


BOOKS: Mapping[str, str] = {"and": "1.1", "nand": "1.1", "or": "1.1", "xor": "1.2", "spiral": "2.1", "first-loss": "2.2"}
LINKS: tuple[BoardLink, ...] = (
    BoardLink("xor", ("presets", "xor")),
    BoardLink("moons", ("presets", "moons-mlp")),
    BoardLink("spirals", ("presets", "spirals-mlp")),
)
