"""A problem of a network, as it is mended, and what may mend it. Called by the modules beside this one, one for each kind of
problem. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.pooling import Pooling
from engine.networks.axis_meaning import Meaning, meanings
from engine.networks.edits import Edit, Layers, applied, at, paths
from engine.networks.trace import Path, Problem, Trace, trace


class Proposal(NamedTuple):
    """`edits` apply to the network without the layers that are switched off, one after the other."""

    code: str
    values: dict[str, Any]
    edits: tuple[Edit, ...]
    then: tuple[str, dict[str, Any]] | None = None  # code and values of the second of two joined proposals


class Case(NamedTuple):
    """A problem, the layer at fault and the shape of that layer's input."""

    layers: Layers
    problem: Problem
    layer: AnyLayer
    shape: Shape
    before: Trace  # of the top-level layers before the one at fault
    tokens: bool | None

    @property
    def path(self) -> Path:
        return self.problem.where

    @classmethod
    def of(cls, layers: Layers, input: Shape, problem: Problem, tokens: bool | None) -> Case:  # noqa: A002
        before = trace(layers[: problem.index], input, tokens=tokens)
        return cls(layers, problem, at(layers, problem.where), arriving(layers, problem.where, before.output), before, tokens)

    @property
    def meaning(self) -> Meaning:
        """What the axes of that input mean."""
        return meanings(self.layers[: self.problem.index + 1], self.before.input)[self.path]

    def set(self, **changes: Any) -> tuple[Edit, ...]:
        """The edit that changes fields of the layer at fault."""
        return (Edit("replaced", self.path, replace(self.layer, **changes)),)

    def set_field(self, field: str, value: Any, **others: Any) -> Proposal:
        label = "kernel_size.window" if field == "kernel_size" and isinstance(self.layer, Pooling) else field
        return Proposal("set_field", {"field": label, "value": value}, self.set(**{field: value}, **others))

    def works_with(self, edits: tuple[Edit, ...]) -> bool:
        """Whether the whole network can be built after `edits`."""
        after = self.layers
        for edit in edits:
            after = applied(after, edit)
        return trace(after, self.before.input, tokens=self.tokens).problem is None

    def earlier(self) -> Iterator[tuple[Path, AnyLayer]]:
        """The layers before the one at fault, composites left out, the nearest first."""
        known = paths(self.layers)
        for path in reversed(known[: known.index(self.path)]):
            layer = at(self.layers, path)
            if not isinstance(layer, Composite):
                yield path, layer


def arriving(layers: Layers, path: Path, shape: Shape) -> Shape:
    """The input shape of the layer at `path`. `shape` is the input shape of the top-level layer that holds it."""
    inside, rest = layers[int(path[0])], path[1:]
    while rest:
        assert isinstance(inside, Composite)
        branch = next(branch for branch in inside.branches_in_order() if rest[: len(branch.path)] == branch.path)
        index = int(rest[len(branch.path)])
        members = cast("Layers", tuple(branch.layers))
        shape = trace(members[:index], shape).output
        inside, rest = members[index], rest[len(branch.path) + 1 :]
    return shape


def kind_name(layer: Layer) -> str:
    return type(layer).__name__


def divisors(number: int) -> list[int]:
    small = [part for part in range(1, isqrt(number) + 1) if number % part == 0]
    return [divisor for part in small for divisor in (part, number // part)]
