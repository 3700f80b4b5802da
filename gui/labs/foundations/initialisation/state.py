"""What the board of first weights shows, as one frozen value. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from engine.fields import setting
from engine.foundations.boards.initialisation.initialisation_numbers import (
    BOOK_STARTS,
    BarAxis,
    FlowSide,
    Stack,
    StackActivation,
    StackWeights,
    StartsLearning,
)
from gui.labs.foundations.board_state import BoardLink, BoardState

StartTopic: TypeAlias = Literal["layer_by_layer", "trained_starts"]
MOST_LAYERS = 50


class InitialisationState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`deviation` is that of the weights where `first_weights` is "own_deviation". `layer` is the one whose numbers
    stand in the answer line, from 1; None: the last. `side` and `axis` are what the histograms are of, and their axes."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"side", "axis", "layer"})

    topic: StartTopic = "layer_by_layer"
    activation: StackActivation = "sigmoid"
    first_weights: StackWeights = "xavier"
    deviation: Annotated[float, setting(1e-4, 10, slider=(1e-3, 3), scale="log")] = 0.1
    layers: Annotated[int, setting(2, MOST_LAYERS)] = 5
    units: Annotated[int, setting(10, 200)] = 100
    samples: Annotated[int, setting(50, 2000, slider=(50, 2000))] = 1000
    seed: Annotated[int, setting(0, 2**31 - 1, slider=(0, 99))] = 0
    iterations: Annotated[int, setting(50, 10_000, slider=(50, 3000))] = 2000
    side: FlowSide = "activations"
    axis: BarAxis = "shared_axis"
    layer: Annotated[int, setting(1, MOST_LAYERS)] | None = None

    @property
    def stack(self) -> Stack:
        """What is computed layer by layer."""
        deviation = self.deviation if self.first_weights == "own_deviation" else 0.0
        return Stack(self.first_weights, self.activation, self.layers, self.units, self.samples, self.seed, deviation)

    @property
    def learning(self) -> StartsLearning:
        """What is trained: the starts of the book always, beside them another one that is chosen."""
        plain = StartsLearning(self.activation, self.iterations, seed=self.seed)
        if self.first_weights in BOOK_STARTS:
            return plain
        own = plain._replace(own=self.first_weights)
        return own._replace(deviation=self.deviation) if self.first_weights == "own_deviation" else own

    @property
    def shown_layer(self) -> int:
        """The number of the layer whose numbers are told, from 1."""
        return self.layers if self.layer is None else min(self.layer, self.layers)


BOOKS: Mapping[str, str] = {
    "saturated": "1.22",
    "alike": "1.22",
    "xavier": "1.22",
    "tanh": "1.22",
    "relu-small": "1.22",
    "relu-xavier": "1.22",
    "relu-he": "1.22",
    "three-starts": "1.23",
}
LINKS: tuple[BoardLink, ...] = (BoardLink("deep", ("presets", "digits-cnn")),)
