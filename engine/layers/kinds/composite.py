"""Composites, layers with layers inside: branches that all read the same input, and the join of their outputs.

`engine.networks.trace` walks the branches itself, so that it can say where a problem is. The methods here are for a composite
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeAlias

from msgspec import Meta

from engine.layers.base import Derivation, Layer, Refusal, Shape

MOST_NESTED = 50  # composites in composites; more is an accident, and would exhaust the stack
MOST_NAME_LETTERS = 80  # of a name
ONE_LINE = r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z"  # no line breaks, no control characters

Quantity: TypeAlias = Literal["parameters", "macs"]


class Branch(NamedTuple):
    """Layers in order. `path` leads to them from their composite's description: ("main",), ("branches", 1)."""

    path: tuple[str | int, ...]
    layers: Sequence[Layer]

    @property
    def name(self) -> str:
        """The path as one word: main, branches[1]."""
        return str(self.path[0]) + "".join(f"[{part}]" for part in self.path[1:])


class Composite(Layer, frozen=True, kw_only=True):
    """A layer whose input goes through each of its branches. `name` is the block's usual name: conv2_x, inception 3a, fire2."""

    GROUP: ClassVar[str] = "block"

    name: Annotated[str, Meta(max_length=MOST_NAME_LETTERS, pattern=ONE_LINE)] = ""

    def branches_in_order(self) -> tuple[Branch, ...]:
        raise NotImplementedError

    def join(self, outputs: Sequence[Shape]) -> Shape:
        """The output shape for these output shapes of the branches. Raises Refusal."""
        raise NotImplementedError

    def output_shape(self, shape: Shape) -> Shape:
        require_shallow(self)
        return self.join([_after(branch.layers, shape) for branch in self.branches_in_order()])

    def parameters(self, shape: Shape) -> int:
        return sum(self._by_branch("parameters", shape))

    def macs(self, shape: Shape) -> int:
        return sum(self._by_branch("macs", shape))

    def depth(self) -> int:
        """The depth of the deepest branch."""
        return max((sum(layer.depth() for layer in branch.layers) for branch in self.branches_in_order()), default=0)

    def _by_branch(self, quantity: Quantity, shape: Shape) -> list[int]:
        counts = []
        for branch in self.branches_in_order():
            count, before = 0, shape
            for layer in branch.layers:
                count += getattr(layer, quantity)(before)
                before = layer.output_shape(before)
            counts.append(count)
        return counts

    def _sum_derivation(self, quantity: Quantity, shape: Shape) -> Derivation:
        """The sum over the branches: P_main + P_shortcut, or P_1 + P_2 + P_3."""
        letter, symbols = quantity[0].upper(), list[tuple[str, str, int]]()
        for branch, count in zip(self.branches_in_order(), self._by_branch(quantity, shape), strict=True):
            last = branch.path[-1]
            name, of = (last, last) if isinstance(last, str) else (str(last + 1), "branch")
            symbols.append((f"{letter}_{name}", f"{of}_{quantity}", count))
        template = " + ".join(f"{{{symbol}}}" for symbol, _, _ in symbols)
        return Derivation(quantity, template, tuple(symbols), sum(count for _, _, count in symbols))


def _after(layers: Sequence[Layer], shape: Shape) -> Shape:
    for layer in layers:
        shape = layer.output_shape(shape)
    return shape


def every(layers: Sequence[Layer]) -> Iterator[Layer]:
    """All layers in order; after a composite the layers inside it. Not recursive."""
    waiting = list(reversed(layers))
    while waiting:
        layer = waiting.pop()
        yield layer
        if isinstance(layer, Composite):
            waiting += [inner for branch in reversed(layer.branches_in_order()) for inner in reversed(branch.layers)]


def require_shallow(layer: Layer) -> None:
    """Raise Refusal if composites are nested more than MOST_NESTED deep. Not recursive."""
    waiting = [(layer, 1)]
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, Composite):
            if depth > MOST_NESTED:
                raise Refusal("nested_too_deep", most=MOST_NESTED)
            waiting += [(child, depth + 1) for branch in inner.branches_in_order() for child in branch.layers]
