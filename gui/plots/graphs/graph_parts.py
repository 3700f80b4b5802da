"""What a graph shows, as frozen values: lines, points, arrows, handles, texts, marks, and the field below them. No Qt.

A colour is the number of a curve's colour (numbers beyond the last begin again, with other dashes), one of the theme's by name,
or its own, "#0072b2". Coordinates are those of the axes; on a logarithmic axis what is not above zero is a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gui.plots.numbers.ranges import Range, Tick

GraphTone: TypeAlias = int | str
PointShape: TypeAlias = Literal["dot", "square", "triangle", "diamond", "cross"]
FieldColours: TypeAlias = Literal["height", "signed", "classes"]
Beside: TypeAlias = Literal[
    "right", "left", "above", "below", "middle", "right above", "right below", "left above", "left below"
]
GraphValues: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GraphLine:
    """A line through (x, y); where y is no number it has a gap. `dashed` is the number of its dashes, `width` in pixels (0 is
    one pixel). A line with a name stands in the legend. `filled_to`: the area between the line and that height is tinted.
    `dots`: each of its points is a dot. `told`: the tooltip gives its value."""

    name: str
    x: ArrayLike
    y: ArrayLike
    colour: GraphTone = 0
    dashed: int = 0
    width: float = 2.0
    opacity: float = 1.0
    filled_to: float | None = None
    dots: bool = False
    told: bool = True


@dataclass(frozen=True, eq=False)
class GraphPoints:
    """Points of one kind. `hollow` ones are rings. `px` is half their width. A kind with a name stands in the legend; `labels`
    are written beside the points."""

    name: str
    x: ArrayLike
    y: ArrayLike
    colour: GraphTone = 0
    shape: PointShape = "dot"
    px: float = 4.5
    hollow: bool = False
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class GraphArrow:
    """From (x, y) to (x + dx, y + dy)."""

    name: str
    x: float
    y: float
    dx: float
    dy: float
    colour: GraphTone = "text"
    width: float = 2.0


@dataclass(frozen=True)
class GraphHandle:
    """A place that the user moves, by the mouse or the arrow keys, in both directions or along one axis."""

    key: str
    name: str
    x: float
    y: float
    moves: Literal["both", "x", "y"] = "both"
    colour: GraphTone = "accent"


@dataclass(frozen=True)
class GraphMark:
    """A thin line through all of the graph at `at` of the axis `along`, with its name at one of its ends, where no line is."""

    name: str
    at: float
    along: Literal["x", "y"] = "x"
    colour: GraphTone = "muted"


@dataclass(frozen=True)
class GraphText:
    """Words at a place. `beside`: where they are as seen from it."""

    text: str
    x: float
    y: float
    colour: GraphTone = "text"
    beside: Beside = "right"


@dataclass(frozen=True, eq=False)
class GraphField:
    """Values on a grid (rows, columns), the lowest row first, as colours: "height" from low to high, "signed" with 0 in the
    middle. For "classes" they are shares (rows, columns, K), or of the second of two classes (rows, columns). `x` and `y` are
    the middles of the first and last cells. `ends`: the values of the first and last colour. `levels`: contour lines.
    `strength`: of the colours over the ground."""

    values: ArrayLike
    x: Range
    y: Range
    colours: FieldColours = "height"
    ends: Range | None = None
    levels: Sequence[float] = ()
    strength: float = 0.55
    name: str = ""


@dataclass(frozen=True, eq=False)
class GraphPicture:
    """All that a graph shows. `x` and `y` are what the axes show; left out: all of the lines and points. `square`: both axes
    have one scale. `tip` says what the tooltip tells of a place, left out: the lines' values there. `x_ticks` and `y_ticks`
    replace the axes' figures."""

    lines: Sequence[GraphLine] = ()
    points: Sequence[GraphPoints] = ()
    arrows: Sequence[GraphArrow] = ()
    handles: Sequence[GraphHandle] = ()
    marks: Sequence[GraphMark] = ()
    texts: Sequence[GraphText] = ()
    field: GraphField | None = None
    x: Range | None = None
    y: Range | None = None
    log_x: bool = False
    log_y: bool = False
    x_name: str = ""
    y_name: str = ""
    square: bool = False
    tip: Callable[[float, float], str] | None = None
    x_ticks: Sequence[Tick] | None = None
    y_ticks: Sequence[Tick] | None = None
    legend: bool = True


def on_axis(values: ArrayLike, *, log: bool) -> GraphValues:
    """Values as they lie on an axis: on a logarithmic one as powers of ten, and no number where they are not above zero."""
    found = np.atleast_1d(np.asarray(values, np.float64))
    if not log:
        return found
    return np.log10(np.where(found > 0, found, np.nan))


def bar_outline(places: ArrayLike, heights: ArrayLike, half: float) -> tuple[GraphValues, GraphValues]:
    """Bars from 0 up to `heights` around `places`, each `half` wide to either side, as the points of one line to be filled."""
    x, y = np.asarray(places, np.float64), np.asarray(heights, np.float64)
    ground = np.zeros(len(y))
    return np.repeat(x, 4) + np.tile([-half, -half, half, half], len(x)), np.stack([ground, y, y, ground], axis=1).reshape(-1)
