"""Permute: the axes in another order, so that what one layer calls channels is what the next one calls features."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias

from msgspec import Meta

from engine.layers.base import POINTWISE, Layer, Reach, Refusal, Shape
from engine.layers.kinds.dense import Dimension

AxisOrder: TypeAlias = Annotated[tuple[Dimension, ...], Meta(min_length=1)]


class Permute(Layer, frozen=True, kw_only=True):
    """`x.permute(dims)`: axis i of the output is axis `dims[i]` of the input. As in torch, and as for Flatten, the batch is
    counted: it is axis 0 and stays first. (0, 2, 1) makes (F, T) of a sequence (T, F). torch.nn has no such module."""

    GROUP: ClassVar[str] = "dense"
    keeps_tokens: ClassVar[bool] = True

    dims: AxisOrder

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        """The last axis first: the columns of maps are the steps of a sequence."""
        axes = 2 if shape is None else len(shape)
        return cls(dims=(0, axes, *range(1, axes)))

    def order(self, shape: Shape) -> tuple[int, ...]:
        """For each axis of the output's shape, the index into `shape` of the axis that it is. Raises Refusal."""
        rank = len(shape) + 1
        named = tuple(dim % rank for dim in self.dims if -rank <= dim < rank)
        if len(self.dims) != rank or sorted(named) != list(range(rank)):
            raise Refusal("no_order_of_axes", field="dims", dims=self.written, last=rank - 1)
        if named[0] != 0:
            raise Refusal("batch_moves", field="dims", dims=self.written)
        return tuple(axis - 1 for axis in named[1:])

    @property
    def written(self) -> str:
        """The numbers of the axes as torch.permute takes them: 0, 2, 1."""
        return ", ".join(map(str, self.dims))

    def output_shape(self, shape: Shape) -> Shape:
        return tuple(shape[axis] for axis in self.order(shape))

    def reach(self, shape: Shape) -> Reach:
        """Where the axes change their places, no axis of the output is one of positions for sure."""
        return POINTWISE if self.order(shape) == tuple(range(len(shape))) else None
