"""Recurrent layers: they read a sequence (T, F) step by step and pass a state from step to step.

Parameters are torch's: two biases, gates stacked as torch stacks them (Keras and many books have one bias).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from engine.fields import setting
from engine.layers.axes import LIMIT
from engine.layers.base import Derivation, Layer, Refusal, Shape, require_agreement, require_rank
from engine.layers.kinds.activation import Probability
from engine.layers.kinds.dense import Features

Hidden: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 256), scale="log")]
Depth: TypeAlias = Annotated[int, setting(1, 1000, slider=(1, 4))]
Projection: TypeAlias = Annotated[int, setting(0, LIMIT, slider=(0, 128))]
ForgetBias: TypeAlias = Annotated[float, setting(-100.0, 100.0, slider=(-2.0, 4.0), step=0.1, usual=1.0)]


class Recurrent(Layer, frozen=True, kw_only=True):
    """`num_layers` stacked layers, each with `GATES` matrices for its input and as many for its state."""

    GROUP: ClassVar[str] = "recurrent"
    GATES: ClassVar[int]

    input_size: Features | None = None
    hidden_size: Hidden
    num_layers: Depth = 1
    bias: bool = True
    dropout: Probability = 0.0  # between the layers, in training
    bidirectional: bool = False
    output: Literal["last", "sequence"] = "last"  # the top layer's last state in both directions, or all its states

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(hidden_size=32)

    @property
    def directions(self) -> int:
        return 1 + self.bidirectional

    @property
    def state(self) -> int:
        """Numbers in the state of one direction, which goes to the next step and to the next layer."""
        return self.hidden_size

    @property
    def projected(self) -> bool:
        return self.state != self.hidden_size

    def inferred(self, shape: Shape) -> dict[str, int]:
        return {"input_size": shape[-1]}

    def arguments(self, shape: Shape) -> dict[str, Any]:
        """torch.nn's arguments. Dropout is between the layers: with one layer it has no effect, and torch would warn."""
        own = {name: value for name, value in super().arguments(shape).items() if name != "output"}
        return own | {"batch_first": True, "dropout": self.dropout if self.num_layers > 1 else 0.0}

    def output_shape(self, shape: Shape) -> Shape:
        require_rank(self, shape, "(T, F)")
        require_agreement(self, shape)
        width = self.directions * self.state
        return (width,) if self.output == "last" else (shape[0], width)

    def _weights(self, shape: Shape) -> int:
        """The weights of one direction without biases: each gate's for input and state, and the projections, over all
        layers."""
        above = self.directions * self.state
        inputs = shape[-1] + (self.num_layers - 1) * above
        gates = self.GATES * self.hidden_size * (inputs + self.num_layers * self.state)
        return gates + self.num_layers * self.projected * self.state * self.hidden_size

    def parameters(self, shape: Shape) -> int:
        biases = 2 * self.GATES * self.hidden_size * self.num_layers * self.bias
        return self.directions * (self._weights(shape) + biases)

    def unseen(self, shape: Shape) -> int:
        """The states of every layer at all time steps, of which only the top layer's, or its last one, are handed on: torch
        computes and holds the whole sequence of each layer, whatever the output."""
        states = self.num_layers * shape[0] * self.directions * self.state
        return states if self.output == "last" else states - shape[0] * self.directions * self.state

    def macs(self, shape: Shape) -> int:
        return shape[0] * self.directions * self._weights(shape)

    def depth(self) -> int:
        return self.num_layers

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        parameters, symbols = self._formula(shape, " + {b}" if self.bias else "")
        macs, weights = self._formula(shape, "")
        if self._is_sum and not self.bidirectional:
            macs = f"({macs})"
        steps = ("T", "time_steps", shape[0])
        return (
            Derivation("parameters", parameters, symbols, self.parameters(shape)),
            Derivation("macs", f"{{T}}×{macs}", (steps, *weights), self.macs(shape)),
        )

    @property
    def _is_sum(self) -> bool:
        """Whether the formula of one direction has more than one term."""
        return self.num_layers > 1 or self.projected

    def _formula(self, shape: Shape, biases: str) -> tuple[str, tuple[tuple[str, str, int], ...]]:
        """B×(G×H×(D + R + b) + H×R + (N − 1)×(G×H×(B×R + R + b) + H×R)) with all its parts: B directions, G gates, N layers,
        R the projected state, b biases of each gate. Parts without effect (one direction, one layer, no projection, one gate)
        are left out.
        """
        state = "{R}" if self.projected else "{H}"
        projection = " + {H}×{R}" if self.projected else ""
        gates = "{G}×{H}" if self.GATES > 1 else "{H}"
        below = f"{{B}}×{state}" if self.bidirectional else state
        terms = [f"{gates}×({{D}} + {state}{biases}){projection}"]
        if self.num_layers > 1:
            above = f"{gates}×({below} + {state}{biases}){projection}"
            terms.append(f"({{N}} − 1)×({above})" if self.projected else f"({{N}} − 1)×{above}")
        formula = " + ".join(terms)
        if self.bidirectional:
            formula = f"{{B}}×({formula})" if self._is_sum else f"{{B}}×{formula}"
        symbols = (
            ("B", "directions", self.directions),
            ("G", "gates", self.GATES),
            ("H", "hidden_size", self.hidden_size),
            ("D", "features_in", shape[-1]),
            ("R", "projected_size", self.state),
            ("N", "recurrent_layers", self.num_layers),
            ("b", "biases_of_a_gate", 2),
        )
        return formula, tuple(symbol for symbol in symbols if f"{{{symbol[0]}}}" in formula)


class RNN(Recurrent, frozen=True, kw_only=True):
    """h′ = tanh(W x + b + U h + c), or ReLU of it"""

    GATES: ClassVar[int] = 1

    nonlinearity: Literal["tanh", "relu"] = "tanh"


class LSTM(Recurrent, frozen=True, kw_only=True):
    """Input, forget and output gate and a candidate, in torch's order i, f, g, o. `proj_size` makes the state smaller.

    `forget_bias` is the sum of the forget gate's two biases at the start, in every layer and direction; torch only ever uses
    their sum. torch's own start draws both around 0. Without biases it has no effect."""

    GATES: ClassVar[int] = 4

    proj_size: Projection = 0
    forget_bias: ForgetBias | None = None  # None: torch's own

    @property
    def state(self) -> int:
        return self.proj_size or self.hidden_size

    def arguments(self, shape: Shape) -> dict[str, Any]:
        return {name: value for name, value in super().arguments(shape).items() if name != "forget_bias"}

    def output_shape(self, shape: Shape) -> Shape:
        if self.proj_size >= self.hidden_size:
            raise Refusal("projection_too_large", field="proj_size", projection=self.proj_size, hidden=self.hidden_size)
        return super().output_shape(shape)


class GRU(Recurrent, frozen=True, kw_only=True):
    """Reset gate, update gate and a candidate, in torch's order r, z, n"""

    GATES: ClassVar[int] = 3
