"""The topic of fits: the points with the model's curve, and below them the errors over the capacity or over the decay. No
Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.figures import full_count, measured
from engine.foundations.boards.capacity.capacity_networks import WidthsFitted, fitted_widths
from engine.foundations.boards.capacity.capacity_polynomials import (
    FORMULAS,
    MOST_DEGREE,
    CapacityErrors,
    NoisyPoints,
    errors_of,
    errors_over_decays,
    errors_over_degrees,
    fitted_columns,
    legendre_columns,
)
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.capacity.capacity_shown import (
    FIGURES,
    LINE_X,
    VALIDATION,
    AnswerCells,
    TopicShown,
    error_lines,
    error_range,
    error_text,
    error_tip,
    line_name,
    reach_of,
    second_line,
    train_handles,
    truth_line,
    validation_dots,
    word,
)
from gui.labs.foundations.capacity.state import WIDTHS, CapacityState, train_points, validation_points
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture, GraphPoints

DECAYS = tuple(10.0**power for power in np.arange(-8, 1.01, 0.25).tolist())
NETWORK_RATE, NETWORK_EPOCHS = 0.02, 2000
CLOSE = 1.1  # so near to the best error a model fits
_LINE_COLUMNS = legendre_columns(LINE_X, MOST_DEGREE)


class WidthsQuestion(NamedTuple):
    """What the networks of several widths follow from."""

    widths: tuple[int, ...]
    points: tuple[tuple[float, float], ...]
    decay: float
    seed: int


def widths_question(state: CapacityState) -> WidthsQuestion:
    points = train_points(state)
    widths = tuple(sorted({*WIDTHS, state.width}))
    places = tuple(zip(points.x.tolist(), points.y.tolist(), strict=True))
    return WidthsQuestion(widths, places, state.decay or 0.0, state.seed)


def answered_widths(question: WidthsQuestion, going_on: Callable[[], None]) -> WidthsFitted:
    x, y = np.array(question.points).T
    return fitted_widths(
        question.widths,
        NoisyPoints(x, y),
        decay=question.decay,
        lr=NETWORK_RATE,
        epochs=NETWORK_EPOCHS,
        seed=question.seed,
        going_on=going_on,
    )


class _Fitted(NamedTuple):
    """The model that is shown."""

    line: RealArray
    at_points: RealArray
    errors: CapacityErrors
    freedom: str  # in words


class _Scan(NamedTuple):
    """The errors over one thing that is changed. `now` is where the model is, None: at no place of the axis. `rising`: more
    of it is more capacity."""

    name: str
    title: str
    places: Sequence[float]
    errors: Sequence[CapacityErrors]
    now: float | None
    log: bool
    rising: bool = True

    @property
    def best(self) -> int:
        return int(np.argmin([each.validation for each in self.errors]))


def degrees_scanned(state: CapacityState) -> range:
    return range((MOST_DEGREE if state.degree > 20 else 20) + 1)


def shown_fit(state: CapacityState, networks: WidthsFitted | None) -> TopicShown:
    """`networks` are those that the state asks for; None: they are being trained, or the model is a polynomial."""
    train, validation = train_points(state), validation_points(state)
    fitted: _Fitted | None = None
    if state.model == "polynomial":
        fitted, scan = _polynomial(state, train, validation), _polynomial_scan(state)
    elif networks is not None:
        fitted, scan = _network(state, networks, train, validation)
    upper = GraphPicture(
        lines=(truth_line(state), *(_fit_lines(fitted, train))),
        points=(validation_dots(validation),),
        handles=train_handles(train),
        x=(-1.05, 1.05),
        y=(-reach_of(train.y), reach_of(train.y)),
    )
    title = word("fit.title", formula=FORMULAS[state.truth], noise=measured(state.noise))
    if fitted is None:
        return TopicShown(upper, title, GraphPicture(), word("fit.waiting"), _waiting_answers())
    return TopicShown(upper, title, _scan_picture(state, fitted, scan), scan.title, _answers(state, fitted, scan))


def _fit_lines(fitted: _Fitted | None, train: NoisyPoints) -> list[GraphLine]:
    if fitted is None:
        return []
    residuals_x = np.stack([train.x, train.x, train.x], axis=1).reshape(-1)
    residuals_y = np.stack([train.y, fitted.at_points, np.full(len(train.y), np.nan)], axis=1).reshape(-1)
    return [
        GraphLine("", residuals_x, residuals_y, "muted", width=1.0, opacity=0.7, told=False),
        GraphLine(line_name("fit.line"), LINE_X, fitted.line, "text", width=2.4),
    ]


def _polynomial(state: CapacityState, train: NoisyPoints, validation: NoisyPoints) -> _Fitted:
    columns = legendre_columns(train.x, state.degree)
    fit = fitted_columns(columns, train.y, state.decay or 0.0)
    errors = errors_over_degrees([state.degree], state.decay or 0.0, train, validation, state.truth, state.noise)[0]
    counted = word("fit.coefficients", count=state.degree + 1, freedom=measured(fit.freedom, FIGURES))
    return _Fitted(_LINE_COLUMNS[:, : state.degree + 1] @ fit.coefficients, columns @ fit.coefficients, errors, counted)


def _polynomial_scan(state: CapacityState) -> _Scan:
    if state.scan == "over_decay":
        errors = _over_decays(_asked(state, decay=None))
        return _Scan("λ", word("scan.decay"), DECAYS, errors, state.decay, log=True, rising=False)
    degrees = degrees_scanned(state)
    errors = _over_degrees(_asked(state, degree=degrees[-1]))
    places = [float(degree) for degree in degrees]
    return _Scan(word("degree"), word("scan.degree"), places, errors, float(state.degree), log=False)


def _asked(state: CapacityState, **instead: object) -> CapacityState:
    """What the errors over something follow from, the same wherever the model is on their curve."""
    names = ("truth", "samples", "noise", "degree", "decay", "others", "seed", "points")
    return CapacityState(**{**{name: getattr(state, name) for name in names}, **instead})


@lru_cache(maxsize=4)
def _over_degrees(asked: CapacityState) -> list[CapacityErrors]:
    train, validation = train_points(asked), validation_points(asked)
    return errors_over_degrees(range(asked.degree + 1), asked.decay or 0.0, train, validation, asked.truth, asked.noise)


@lru_cache(maxsize=4)
def _over_decays(asked: CapacityState) -> list[CapacityErrors]:
    train, validation = train_points(asked), validation_points(asked)
    return errors_over_decays(DECAYS, asked.degree, train, validation, asked.truth, asked.noise)


def _network(
    state: CapacityState, networks: WidthsFitted, train: NoisyPoints, validation: NoisyPoints
) -> tuple[_Fitted, _Scan]:
    over = [errors_of(each.values, train, validation, state.truth, state.noise) for each in networks.networks]
    at = networks.widths.index(state.width)
    own = networks.networks[at]
    counted = word("fit.parameters", count=full_count(own.parameters))
    places = [float(width) for width in networks.widths]
    scan = _Scan(word("width"), word("scan.width"), places, over, float(state.width), log=True)
    return _Fitted(own.values(LINE_X), own.values(train.x), over[at], counted), scan


def _scan_picture(state: CapacityState, fitted: _Fitted, scan: _Scan) -> GraphPicture:
    """Where the validation error is smallest, and where the model is."""
    places, errors, best = scan.places, scan.errors, scan.best
    marks = [
        GraphMark(word("fit.best", at=measured(places[best], 2)), places[best], colour=VALIDATION),
        GraphMark("σ²", max(state.noise**2, 1e-12), along="y"),
    ]
    points = [GraphPoints("", [places[best]], [errors[best].validation], VALIDATION, "diamond", px=5.5)]
    ends, texts = error_range(errors, state.noise), []
    if scan.now is not None:
        marks.append(GraphMark("", scan.now, colour="accent"))
        texts = [] if scan.now == places[best] else [second_line(word("fit.now"), scan.now, ends)]
        shown = [max(value, 1e-300) for value in fitted.errors[:2]]
        points.append(GraphPoints("", [scan.now, scan.now], shown, "accent", px=5.0, hollow=True))
    return GraphPicture(
        lines=error_lines(places, errors),
        points=points,
        marks=marks,
        texts=texts,
        x=(places[0] / 1.2, places[-1] * 1.2) if scan.log else (-0.5, places[-1] + 0.5),
        y=ends,
        log_x=scan.log,
        log_y=True,
        x_name=scan.name,
        y_name=word("error.axis"),
        tip=error_tip(scan.name, places, errors, log=scan.log),
    )


def _verdict(fitted: _Fitted, scan: _Scan) -> str:
    """fits, underfits or overfits: by the validation error beside the smallest one, and on which side of it the model is."""
    best = scan.best
    if fitted.errors.validation <= CLOSE * scan.errors[best].validation:
        return "fits"
    below = (scan.now or 0.0) < scan.places[best]
    return "underfits" if below == scan.rising else "overfits"


def _answers(state: CapacityState, fitted: _Fitted, scan: _Scan) -> AnswerCells:
    errors, best = fitted.errors, measured(scan.places[scan.best], 2)
    return (
        ("train", word("error.train"), error_text(errors.train), ""),
        ("validation", word("error.validation"), error_text(errors.validation), ""),
        ("gap", word("gap"), error_text(errors.gap), ""),
        ("expected", word("error.expected"), error_text(errors.expected), f"σ² {error_text(state.noise**2)}"),
        ("verdict", fitted.freedom, word(_verdict(fitted, scan)), word("fit.best_of", name=scan.name, at=best)),
    )


def _waiting_answers() -> AnswerCells:
    names = ("error.train", "error.validation", "gap", "error.expected", "fit.waiting")
    keys = ("train", "validation", "gap", "expected", "verdict")
    return tuple((key, word(name), "–", "") for key, name in zip(keys, names, strict=True))
