"""The topic of cross-validation: the points in the colours of their folds, each fold's fit and error, the choice of a degree.
No Qt."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.figures import measured
from engine.foundations.boards.capacity.capacity_folds import (
    CrossValidation,
    DegreeChoice,
    cross_validation,
    degree_choice,
    folds_of,
    left_out_error,
)
from engine.foundations.boards.capacity.capacity_polynomials import FORMULAS, NoisyPoints, legendre_columns
from gui.labs.foundations.capacity.capacity_shown import (
    VALIDATION,
    TopicShown,
    error_text,
    reach_of,
    second_line,
    steady_range,
    train_handles,
    truth_line,
    word,
)
from gui.labs.foundations.capacity.state import CapacityState, train_points
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture, GraphPoints, GraphText

MOST_TRIED = 10  # the degrees that are compared go so far
MOST_ROWS = 6  # of the table
LEAST_SHOWN = 1e-12  # of an error on a logarithmic axis: without noise a fit may have none
MOST_LINES = 7  # that are drawn one by one
FOLD_X = np.linspace(-1, 1, 151)
_RING_PX = 8.5


def shown_folds(state: CapacityState) -> TopicShown:
    points = train_points(state)
    k = min(state.folds, len(points.x))
    fold_of, decay = folds_of(len(points.x), k, state.seed), state.decay or 0.0
    found = cross_validation(points, fold_of, state.degree, decay)
    shown = min(state.fold, k)
    upper = GraphPicture(
        lines=(truth_line(state), *_fold_lines(found, shown)),
        points=_rings(points, found, shown),
        handles=train_handles(points, fold_of.tolist()),
        texts=[
            GraphText(str(fold + 1), x, y, "muted", "above")
            for fold, x, y in zip(fold_of.tolist(), points.x.tolist(), points.y.tolist(), strict=True)
        ],
        x=(-1.05, 1.05),
        y=(-reach_of(points.y), reach_of(points.y)),
    )
    tried = range(max(MOST_TRIED, state.degree) + 1)
    choice = _choice(
        CapacityState(
            truth=state.truth,
            samples=state.samples,
            noise=state.noise,
            degree=tried[-1],
            decay=state.decay,
            folds=k,
            seed=state.seed,
            points=state.points,
        )
    )
    low = np.maximum(choice.means - choice.standard_errors, choice.means * 0.05)
    best = max(float(choice.means.min()), LEAST_SHOWN)
    marks = [
        GraphMark(word("fit.best", at=choice.best), choice.best, colour=VALIDATION),
        GraphMark("", state.degree, colour="accent"),
        GraphMark("", best + float(choice.standard_errors[choice.best]), along="y"),
    ]
    degrees = list(choice.degrees)
    ends = steady_range(best / 3, max(min(float(choice.means.max()) * 2, best * 1e3), best * 10))
    lower = GraphPicture(
        lines=(
            GraphLine(word("folds.mean"), degrees, choice.means, VALIDATION, dots=True),
            GraphLine(word("folds.give"), degrees, choice.means + choice.standard_errors, VALIDATION, dashed=1, width=1.0),
            GraphLine("", degrees, low, VALIDATION, dashed=1, width=1.0),
        ),
        points=(GraphPoints("", [choice.simplest], [choice.means[choice.simplest]], "accent", "diamond", px=5.5),),
        marks=marks,
        x=(-0.5, degrees[-1] + 0.5),
        y=ends,
        texts=[] if state.degree == choice.best else [second_line(word("fit.now"), state.degree, ends)],
        legend=False,
        log_y=True,
        x_name=word("degree"),
        y_name=word("error.axis"),
        tip=lambda x, _y: _told(choice.means, choice.standard_errors, x),
    )
    return TopicShown(
        upper,
        word("folds.title", k=k, formula=FORMULAS[state.truth], noise=measured(state.noise)),
        lower,
        word("folds.lower"),
        _answers(state, points, found, choice.best, choice.simplest),
        _rows(found, shown),
    )


@lru_cache(maxsize=4)
def _choice(asked: CapacityState) -> DegreeChoice:
    """The same for every degree up to the largest one that is tried."""
    points = train_points(asked)
    fold_of = folds_of(len(points.x), asked.folds, asked.seed)
    return degree_choice(points, fold_of, range(asked.degree + 1), asked.decay or 0.0)


def _told(means: np.ndarray, errors: np.ndarray, x: float) -> str:
    at = int(min(max(round(x), 0), len(means) - 1))
    return f"{word('degree')} = {at}\n{word('folds.mean')}  {error_text(float(means[at]))} ± {error_text(float(errors[at]))}"


def _fold_lines(found: CrossValidation, shown: int) -> list[GraphLine]:
    """Every fold's fit in its colour; the one that is looked at is bold. Many folds' fits are one line with gaps."""
    coefficients = np.stack([each.fit.coefficients for each in found.folds], axis=1)
    values = legendre_columns(FOLD_X, len(coefficients) - 1) @ coefficients
    lines, others = [], [fold for fold in range(values.shape[1]) if fold != shown - 1]
    if len(others) < MOST_LINES:
        opacity = 0.45 if shown else 1.0
        lines = [GraphLine("", FOLD_X, values[:, fold], fold, width=1.0, opacity=opacity, told=False) for fold in others]
    else:
        gap = np.full((1, len(others)), np.nan)
        x, y = np.tile(np.append(FOLD_X, 1.0), len(others)), np.vstack([values[:, others], gap]).T.reshape(-1)
        lines = [GraphLine("", x, y, "muted", width=1.0, opacity=0.45, told=False)]
    if shown:
        name = word("folds.without")
        lines.append(GraphLine(name, FOLD_X, values[:, shown - 1], shown - 1, width=2.6, told=False))
    return lines


def _rings(points: NoisyPoints, found: CrossValidation, shown: int) -> list[GraphPoints]:
    """Rings around the points whose turn it is to validate, and where their fit has them."""
    if not shown:
        return []
    own = found.fold_of == shown - 1
    return [
        GraphPoints(word("folds.validates"), points.x[own], points.y[own], "text", px=_RING_PX, hollow=True),
        GraphPoints(word("folds.predicted"), points.x[own], found.out_of_fold[own], shown - 1, "cross", px=4.0),
    ]


def _rows(found: CrossValidation, shown: int) -> tuple[tuple[str, ...], ...]:
    head = (word("folds.fold"), word("folds.points"), word("folds.train"), word("folds.validation"))
    counts = np.bincount(found.fold_of)
    first = min(max(shown - MOST_ROWS // 2, 0), max(len(found.folds) - MOST_ROWS, 0))
    rows: list[tuple[str, ...]] = [
        (
            f"▸ {fold}" if fold == shown else str(fold),
            str(int(counts[fold - 1])),
            error_text(each.train),
            error_text(each.validation),
        )
        for fold, each in enumerate(found.folds[first : first + MOST_ROWS], first + 1)
    ]
    left_out = ("⋮", "", "", "")
    if first:
        rows[0] = left_out
    if first + MOST_ROWS < len(found.folds):
        rows[-1] = left_out
    train = float(np.mean([each.train for each in found.folds]))
    return (head, *rows, (word("folds.all"), str(len(found.fold_of)), error_text(train), error_text(found.mean)))


def _answers(
    state: CapacityState, points: NoisyPoints, found: CrossValidation, best: int, simplest: int
) -> tuple[tuple[str, str, str, str], ...]:
    k, left_out = len(found.folds), left_out_error(points, state.degree, state.decay or 0.0)
    shown = min(state.fold, k)
    fold = found.folds[shown - 1] if shown else None
    return (
        ("mean", word("folds.mean"), error_text(found.mean), word("folds.degree", degree=state.degree)),
        ("deviation", word("folds.deviation"), error_text(found.deviation), ""),
        (
            "fold",
            word("folds.shown", fold=shown) if shown else word("folds.none"),
            error_text(fold.validation) if fold else "–",
            "",
        ),
        ("left_out", word("folds.left_out"), "–" if left_out is None else error_text(left_out), word("folds.one_fit")),
        ("best", word("folds.best"), str(best), word("folds.simplest", degree=simplest)),
    )
