"""Upsample: larger maps without weights, each cell repeated, or values between the cells (linear interpolation)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from engine.fields import setting
from engine.layers.axes import AXIS_LETTERS, AXIS_NAMES, LAYOUTS, LIMIT
from engine.layers.base import POINTWISE, Derivation, Layer, Reach, Refusal, Shape, Window, require_rank

ScaleFactor: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 8))]
INTERPOLATED_AXES = {"linear": 1, "bilinear": 2, "trilinear": 3}


class Upsample(Layer, frozen=True, kw_only=True):
    """Every axis of positions `scale_factor` times as long. "nearest" repeats each cell; the other modes, each for its number
    of axes, take the straight line between the two nearest cells. With `align_corners` the first and the last cell stay at
    the ends."""

    GROUP: ClassVar[str] = "pooling"

    scale_factor: ScaleFactor
    mode: Literal["nearest", "linear", "bilinear", "trilinear"] = "nearest"
    align_corners: bool = False

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(scale_factor=2)

    def arguments(self, shape: Shape) -> dict[str, Any]:
        """torch.nn's arguments. It takes `align_corners` only where something is interpolated, and only then needs it."""
        own = super().arguments(shape)
        if not self.align_corners:
            del own["align_corners"]
        return own

    def output_shape(self, shape: Shape) -> Shape:
        axes = INTERPOLATED_AXES.get(self.mode)
        require_rank(self, shape, *(LAYOUTS.values() if axes is None else (LAYOUTS[axes],)))
        if self.align_corners and axes is None:
            raise Refusal("corners_of_nearest", field="align_corners")
        return (shape[0], *(length * self.scale_factor for length in shape[1:]))

    @property
    def tap(self) -> tuple[int, int, int]:
        """Kernel, stride and padding of the transposed convolution that gives the same along one axis, unless the corners are
        aligned: each cell is added to as many outputs as it is read by."""
        scale = self.scale_factor
        return (scale, scale, 0) if self.mode == "nearest" else (2 * scale - scale % 2, scale, scale // 2)

    def reach(self, shape: Shape) -> Reach:
        if self.scale_factor == 1:
            return POINTWISE
        if self.align_corners:
            return None
        kernel, stride, padding = self.tap
        return tuple(Window(kernel, 1, kernel - 1 - padding, up=stride) for _ in shape[1:])

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return tuple(
            Derivation(
                f"output_{axis}",
                f"{{{AXIS_LETTERS[axis]}}}·{{S}}",
                ((AXIS_LETTERS[axis], f"input_{axis}", length), ("S", "scale_factor", self.scale_factor)),
                length * self.scale_factor,
            )
            for axis, length in zip(AXIS_NAMES[len(shape) - 1], shape[1:], strict=True)
        )
