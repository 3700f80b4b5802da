"""What the board of over- and underfitting shows of each topic, as frozen values: two graphs, figures for the answer line,
rows of a table. No Qt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from engine.figures import measured
from engine.foundations.boards.capacity.capacity_polynomials import KNOWN_FUNCTIONS, CapacityErrors, NoisyPoints
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.boards import board_table
from gui.labs.foundations.capacity.state import CapacityState
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphPicture, GraphPoints, GraphText, GraphTone
from gui.shell.language import say

LINE_X = np.linspace(-1, 1, 301)
TRAIN, VALIDATION, EXPECTED = 0, 1, 2  # colours
FIGURES = 3  # of an error
_LEAST_ERROR, _LARGEST_ERROR = 1e-8, 1e3  # that an axis goes to

AnswerCells = tuple[tuple[str, str, str, str], ...]


class TopicShown(NamedTuple):
    """`upper` and `lower` with their titles; a topic without a lower graph has None. `table` stands beside the lower graph,
    `tips` explain its rows. `said` is a sentence below, where there is something to say."""

    upper: GraphPicture
    upper_title: str
    lower: GraphPicture | None
    lower_title: str
    answers: AnswerCells
    table: tuple[tuple[str, ...], ...] = ()
    tips: tuple[str, ...] = ()
    said: str = ""


def word(code: str, **values: object) -> str:
    """A sentence of the board's own table."""
    text = say(board_table("capacity"), code)
    return text.format(**values) if values else text


def line_name(code: str) -> str:
    """The same as the name of a line in a legend: no capital where titles have one."""
    text = word(code)
    return text[:1].lower() + text[1:]


def error_text(error: float) -> str:
    return measured(error, FIGURES)


def reach_of(*values: RealArray) -> float:
    """How far up and down an axis of values goes: one of two, so that it does not jump while a point is moved."""
    return 2.0 if max((float(np.abs(each).max()) for each in values if len(each)), default=0.0) <= 1.9 else 3.3


def truth_line(state: CapacityState) -> GraphLine:
    y = KNOWN_FUNCTIONS[state.truth](LINE_X)
    return GraphLine(line_name("truth"), LINE_X, y, "muted", dashed=1, width=1.6)


def train_handles(points: NoisyPoints, colours: Sequence[int] = ()) -> tuple[GraphHandle, ...]:
    """The points that are learned from, to be dragged."""
    places = zip(points.x.tolist(), points.y.tolist(), strict=True)
    return tuple(
        GraphHandle(str(at), word("point.numbered", number=at + 1), x, y, colour=colours[at] if colours else TRAIN)
        for at, (x, y) in enumerate(places)
    )


def validation_dots(points: NoisyPoints) -> GraphPoints:
    return GraphPoints(word("validation.points"), points.x, points.y, VALIDATION, px=2.6)


def error_lines(x: Sequence[float], errors: Sequence[CapacityErrors], *, dots: bool = True) -> tuple[GraphLine, ...]:
    """The three errors over what is changed."""
    return tuple(
        GraphLine(
            line_name(code), x, [max(getattr(each, code_of), 1e-300) for each in errors], colour, dashed=dashed, dots=dots
        )
        for code, code_of, colour, dashed in (
            ("error.train", "train", TRAIN, 0),
            ("error.validation", "validation", VALIDATION, 0),
            ("error.expected", "expected", EXPECTED, 1),
        )
    )


def error_range(errors: Sequence[CapacityErrors], noise: float) -> tuple[float, float]:
    """The axis of errors: a decade below the noise or the best error, and as high as the largest error or a hundred."""
    best = min(min(each.validation, each.expected) for each in errors)
    low = max(min(best, noise**2 or best) / 20, _LEAST_ERROR)
    worst = max(max(each.validation, each.expected) for each in errors)
    high = min(max(worst * 1.5, best * 30), max(best * 1e4, 100.0), _LARGEST_ERROR)
    return 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(max(high, 100 * low)))


def steady_range(low: float, high: float) -> tuple[float, float]:
    """Positive ends of an axis, moved outwards to the next of three places a decade: they seldom change."""
    return 10 ** (math.floor(3 * math.log10(low)) / 3), 10 ** (math.ceil(3 * math.log10(high)) / 3)


def second_line(name: str, at: float, y: tuple[float, float], colour: GraphTone = "accent") -> GraphText:
    """The name of a mark along x below the names of others, on a logarithmic axis of these ends."""
    low, high = math.log10(y[0]), math.log10(y[1])
    return GraphText(name, at, 10 ** (high - 0.16 * (high - low)), colour, "right below")


def error_tip(
    over: str, x: Sequence[float], errors: Sequence[CapacityErrors], *, log: bool = False
) -> Callable[[float, float], str]:
    """The tooltip of errors over what is changed: those at the nearest place."""
    places = np.log(np.array(x)) if log else np.array(x, np.float64)

    def tip(at: float, _height: float) -> str:
        nearest = int(np.abs(places - (math.log(max(at, 1e-300)) if log else at)).argmin())
        each = errors[nearest]
        return "\n".join(
            [
                f"{over} = {measured(float(x[nearest]), FIGURES)}",
                f"{word('error.train')}  {error_text(each.train)}",
                f"{word('error.validation')}  {error_text(each.validation)}",
                f"{word('error.expected')}  {error_text(each.expected)}",
            ]
        )

    return tip
