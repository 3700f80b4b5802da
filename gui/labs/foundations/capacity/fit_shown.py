"""The topic of fits: the points with the model's curve, and below them the errors over the capacity or over the decay. No
Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from engine.figures import full_count, measured
from engine.foundations.boards.capacity_networks import WidthsFitted, fitted_widths
from engine.foundations.boards.capacity_polynomials import (
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
    """The model that is shown, and the errors of all capacities beside it."""

    line: RealArray
    at_points: RealArray
    errors: CapacityErrors
    freedom: str  # in words
    capacities: tuple[int, ...]
    over_capacity: list[CapacityErrors]
    capacity: int


def degrees_scanned(state: CapacityState) -> range:
    return range((MOST_DEGREE if state.degree > 20 else 20) + 1)


def shown_fit(state: CapacityState, networks: WidthsFitted | None) -> TopicShown:
    """`networks` are those that the state asks for; None: they are being trained, or the model is a polynomial."""
    train, validation = train_points(state), validation_points(state)
    if state.model == "polynomial":
        fitted: _Fitted | None = _polynomial(state, train, validation)
    else:
        fitted = _network(state, networks, train, validation)
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
    lower, lower_title = _scanned(state, fitted, train, validation)
    return TopicShown(upper, title, lower, lower_title, _answers(state, fitted))


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
    degrees, decay = degrees_scanned(state), state.decay or 0.0
    over = errors_over_degrees(degrees, decay, train, validation, state.truth, state.noise)
    columns = legendre_columns(train.x, state.degree)
    fit = fitted_columns(columns, train.y, decay)
    counted = word("fit.coefficients", count=state.degree + 1, freedom=measured(fit.freedom, FIGURES))
    line = _LINE_COLUMNS[:, : state.degree + 1] @ fit.coefficients
    return _Fitted(line, columns @ fit.coefficients, over[state.degree], counted, tuple(degrees), over, state.degree)


def _network(
    state: CapacityState, networks: WidthsFitted | None, train: NoisyPoints, validation: NoisyPoints
) -> _Fitted | None:
    if networks is None or state.width not in networks.widths:
        return None
    over = [errors_of(each.values, train, validation, state.truth, state.noise) for each in networks.networks]
    at = networks.widths.index(state.width)
    own = networks.networks[at]
    counted = word("fit.parameters", count=full_count(own.parameters))
    return _Fitted(own.values(LINE_X), own.values(train.x), over[at], counted, networks.widths, over, state.width)


def best_of(values: Sequence[float]) -> int:
    return int(np.argmin(values))


def _scanned(state: CapacityState, fitted: _Fitted, train: NoisyPoints, validation: NoisyPoints) -> tuple[GraphPicture, str]:
    """The errors over the capacity, or of a polynomial over the decay; where they are smallest, and where the model is."""
    is_network = state.model != "polynomial"
    over_decay = state.scan == "over_decay" and not is_network
    if over_decay:
        places: Sequence[float] = DECAYS
        errors = errors_over_decays(DECAYS, state.degree, train, validation, state.truth, state.noise)
        name, now = "λ", state.decay
    else:
        places, errors = [float(each) for each in fitted.capacities], fitted.over_capacity
        name, now = word("width" if is_network else "degree"), float(fitted.capacity)
    best = best_of([each.validation for each in errors])
    marks = [
        GraphMark(word("fit.best", at=measured(places[best], 2)), places[best], colour=VALIDATION),
        GraphMark("σ²", max(state.noise**2, 1e-12), along="y"),
    ]
    points = [
        GraphPoints("", [places[best]], [errors[best].validation], VALIDATION, "diamond", px=5.5),
    ]
    ends, texts = error_range(errors, state.noise), []
    if now is not None:
        marks.append(GraphMark("", now, colour="accent"))
        texts = [] if now == places[best] else [second_line(word("fit.now"), now, ends)]
        shown = [max(value, 1e-300) for value in fitted.errors[:2]]
        points.append(GraphPoints("", [now, now], shown, "accent", px=5.0, hollow=True))
    log = over_decay or is_network
    picture = GraphPicture(
        lines=error_lines(places, errors),
        points=points,
        marks=marks,
        x=(places[0] / 1.2, places[-1] * 1.2) if log else (-0.5, places[-1] + 0.5),
        texts=texts,
        y=ends,
        log_x=log,
        log_y=True,
        x_name=name,
        y_name=word("error.axis"),
        tip=error_tip(name, places, errors, log=log),  # type: ignore[arg-type]
    )
    return picture, word("scan.decay" if over_decay else "scan.width" if is_network else "scan.degree")


def verdict_of(errors: CapacityErrors, capacity: int, capacities: Sequence[int], over: Sequence[CapacityErrors]) -> str:
    """fits, underfits or overfits: by the validation error beside the smallest one, and on which side of it the model is."""
    best = best_of([each.validation for each in over])
    if errors.validation <= CLOSE * over[best].validation:
        return "fits"
    return "underfits" if capacity < capacities[best] else "overfits"


def _answers(state: CapacityState, fitted: _Fitted) -> AnswerCells:
    errors = fitted.errors
    best = best_of([each.validation for each in fitted.over_capacity])
    verdict = verdict_of(errors, fitted.capacity, fitted.capacities, fitted.over_capacity)
    name = word("degree" if state.model == "polynomial" else "width")
    return (
        ("train", word("error.train"), error_text(errors.train), ""),
        ("validation", word("error.validation"), error_text(errors.validation), ""),
        ("gap", word("gap"), error_text(errors.gap), ""),
        ("expected", word("error.expected"), error_text(errors.expected), f"σ² {error_text(state.noise**2)}"),
        ("verdict", fitted.freedom, word(verdict), word("fit.best_of", name=name, at=fitted.capacities[best])),
    )


def _waiting_answers() -> AnswerCells:
    names = ("error.train", "error.validation", "gap", "error.expected", "fit.waiting")
    keys = ("train", "validation", "gap", "expected", "verdict")
    return tuple((key, word(name), "–", "") for key, name in zip(keys, names, strict=True))
