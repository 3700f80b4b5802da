"""The board's pictures of a state: paths over the surface with the arrows of a step, heights over the steps. No Qt but what the
graphs are given. Called by the pages of the board of optimisers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.figures import measured
from engine.foundations.boards.optimisers.suited import height_field, lowest_height, lowest_place
from engine.foundations.surfaces import Surface
from gui.labs.foundations.optimisers.parts.rule_colours import RULE_TONES
from gui.labs.foundations.optimisers.shown_descents import Limits, ShownDescents
from gui.labs.foundations.optimisers.state import RuleName
from gui.plots.graphs.graph_parts import (
    GraphArrow,
    GraphField,
    GraphHandle,
    GraphLine,
    GraphMark,
    GraphPicture,
    GraphPoints,
)

COLUMNS, ROWS, LEVELS = 100, 80, 11
FAR = 3.0  # of the picture's size: what lies further outside is not drawn
MOST_DOTTED = 80  # steps; more dots would be a line
LEAST_SHOWN, MOST_OVER = 1e-12, 1e3  # of the first height, on a logarithmic axis
REST = 0.35  # opacity of what is still to come


class PictureWords(NamedTuple):
    """The words in the pictures, in the language in force: names of the rules, the start, the lowest place, axes and arrows."""

    rules: Mapping[RuleName, str]
    start: str
    lowest: str
    step: str
    height: str
    above: str
    arrows: tuple[str, str, str]  # -η·g, what is carried, the step


@lru_cache(maxsize=16)
def field_of(surface: Surface, limits: Limits) -> GraphField:
    """The surface as colours with contour lines. Colours follow the logarithm of the height: a valley's floor is seen beside
    its walls. The same object for the same surface, so that it is drawn once."""
    heights = height_field(surface, limits, COLUMNS, ROWS)
    finite = heights[np.isfinite(heights)]
    if not len(finite):
        return GraphField(np.full(heights.shape, np.nan), limits[:2], limits[2:])
    floor = lowest_height(surface)
    low = min(float(finite.min()), floor if floor is not None else np.inf)
    ordered, count = np.sort(finite), len(finite)
    middle = float(ordered[(count - 1) // 2] + ordered[count // 2]) / 2 - low or 1.0  # numpy's median loads its masked arrays
    with np.errstate(invalid="ignore"):
        shown = np.log10(1 + 10 * (heights - low) / middle)
    top = float(np.nanmax(np.where(np.isfinite(shown), shown, np.nan)))
    levels = tuple(np.linspace(0, top, LEVELS + 1)[1:-1].tolist())
    return GraphField(shown, limits[:2], limits[2:], ends=(0.0, top), levels=levels, strength=0.45)


def drawn_path(points: npt.NDArray[np.float64], limits: Limits) -> npt.NDArray[np.float64]:
    """The points as they are drawn: what leads far out of the picture ends outside of it, and goes on where it comes back."""
    left, right, bottom, top = limits
    middle = np.array([(left + right) / 2, (bottom + top) / 2])
    reach = FAR * np.array([right - left, top - bottom])
    with np.errstate(invalid="ignore", over="ignore"):
        near = (np.abs(points - middle) <= reach).all(axis=1)
    if near.all():
        return points
    drawn = points.copy()
    for number in np.flatnonzero(~near):
        before = number and near[number - 1]
        drawn[number] = np.nan
        if before and np.isfinite(points[number]).all():
            way = points[number] - points[number - 1]
            drawn[number] = points[number - 1] + way * min(1.0, float((reach / np.maximum(np.abs(way), 1e-300)).min()))
    return drawn


def paths_picture(
    shown: ShownDescents, rules: Sequence[RuleName], words: PictureWords, *, arrows: bool = False, small: bool = False
) -> GraphPicture:
    """The paths of some rules over the surface, up to the step that is looked at; what is still to come is faint."""
    state, limits = shown.state, shown.limits
    lines, points = [], []
    dots = state.steps <= MOST_DOTTED and not small
    for rule in rules:
        path, at, colour = drawn_path(shown.points(rule), limits), shown.at(rule), RULE_TONES[rule]
        lines.append(GraphLine(words.rules[rule], path[: at + 1, 0], path[: at + 1, 1], colour, width=1.6, dots=dots))
        if at < len(path) - 1:
            lines.append(GraphLine("", path[at:, 0], path[at:, 1], colour, width=1.0, opacity=REST, told=False))
        points.append(GraphPoints("", path[at : at + 1, 0], path[at : at + 1, 1], colour, px=5.5))
    found = lowest_place(shown.surface)
    if found is not None:
        lowest = np.array(shown.surface.lowest or (found,))
        points.append(GraphPoints(words.lowest, lowest[:, 0], lowest[:, 1], "text", "cross", 4.0))
    return GraphPicture(
        lines=tuple(lines),
        points=tuple(points),
        arrows=_arrows(shown, words) if arrows else (),
        handles=(GraphHandle("start", words.start, state.start_x, state.start_y, colour="text"),),
        field=field_of(shown.surface, limits),
        x=limits[:2],
        y=limits[2:],
        x_name="" if small else "x",
        y_name="" if small else "y",
        tip=lambda x, y: _told(shown, rules, words, x, y),
        legend=not small,
    )


def _arrows(shown: ShownDescents, words: PictureWords) -> tuple[GraphArrow, ...]:
    """Of the next step of the rule that is looked at."""
    found = shown.arrows()
    if found is None:
        return ()
    arrows, factor = found
    x, y = shown.points(shown.state.looked)[shown.at(shown.state.looked)]
    kinds = (
        (words.arrows[2], arrows.step, "accent", 3.2),
        (words.arrows[1], arrows.carried, "window", 5.0),
        (words.arrows[0], arrows.gradient, "text", 1.6),
    )
    return tuple(
        GraphArrow(name, float(x), float(y), arrow[0] * factor, arrow[1] * factor, colour, width)
        for name, arrow, colour, width in kinds
        if arrow is not None and np.isfinite(arrow).all()
    )


def _told(shown: ShownDescents, rules: Sequence[RuleName], words: PictureWords, x: float, y: float) -> str:
    """The height of a place, and the step of each path that is near."""
    left, right, bottom, top = shown.limits
    rows = [f"({measured(x, 3)}, {measured(y, 3)})  {words.height} {measured(float(shown.surface.value((x, y))))}"]
    for rule in rules:
        path = shown.points(rule)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.hypot((path[:, 0] - x) / (right - left), (path[:, 1] - y) / (top - bottom))
        near = int(np.nanargmin(apart))
        if apart[near] < 0.02:
            place = f"({measured(float(path[near, 0]))}, {measured(float(path[near, 1]))})"
            rows.append(f"{words.rules[rule]}  {words.step} {near}  {place}")
    return "\n".join(rows)


def decades(low: float, high: float) -> tuple[float, float]:
    """Round ends of a logarithmic axis, powers of ten: an axis that keeps still is not drawn again with every move."""
    return 10.0 ** np.floor(np.log10(low) + 1e-9), 10.0 ** np.ceil(np.log10(high) - 1e-9) if high > low else 10 * low


def heights_picture(shown: ShownDescents, words: PictureWords) -> GraphPicture:
    """The height of every rule over the steps, with the step that is looked at."""
    state = shown.state
    log = state.log_height and (shown.floor is not None or all((heights > 0).all() for heights in shown.above.values()))
    lines, first = [], 0.0
    for rule in state.rules:
        heights = shown.above[rule]
        first = float(heights[0]) if np.isfinite(heights[0]) else 0.0
        lines.append(GraphLine(words.rules[rule], np.arange(len(heights)), heights, RULE_TONES[rule], width=1.6))
    together = np.concatenate(list(shown.above.values()))
    together = together[np.isfinite(together)]
    y: tuple[float, float] | None = None
    if log and first > 0:
        low = max(float(together[together > 0].min(initial=first)), LEAST_SHOWN * first)
        high = min(float(together.max(initial=first)), MOST_OVER * first)
        y = decades(low, high)
    elif len(together) and float(together.max()) > MOST_OVER * abs(first):
        y = (float(together.min()), 10 * abs(first) + 1)
    return GraphPicture(
        lines=tuple(_within(line, y) for line in lines),
        marks=(GraphMark("", float(state.shown_step), "x", "accent"),),
        x=(0.0, float(state.steps)),
        y=y,
        log_y=log and first > 0,
        x_name=words.step,
        y_name=words.above if shown.floor is not None else words.height,
        legend=False,
    )


def _within(line: GraphLine, y: tuple[float, float] | None) -> GraphLine:
    """A line whose heights end just beyond the axis: numbers without end are no places on the screen."""
    if y is None:
        return line
    over = 10 * y[1]
    heights = np.asarray(line.y, np.float64)
    with np.errstate(invalid="ignore"):
        heights = np.where(heights > over, np.where(np.r_[False, heights[:-1] > over], np.nan, over), heights)
    return GraphLine(line.name, line.x, heights, line.colour, line.dashed, line.width)
