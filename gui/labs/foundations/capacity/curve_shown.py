"""The topic of learning curves: the errors of a polynomial over the number of points. No Qt."""

from __future__ import annotations

import numpy as np

from engine.figures import full_count, measured
from engine.foundations.boards.capacity.capacity_polynomials import FORMULAS, learning_curve, least_error
from gui.labs.foundations.capacity.capacity_shown import (
    EXPECTED,
    TRAIN,
    TopicShown,
    error_text,
    word,
)
from gui.labs.foundations.capacity.state import CURVE_COUNTS, CURVE_DRAWS, CapacityState
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture

LEAST_SHOWN = 1e-12  # without noise a polynomial may be the truth itself
NEAR = 1.1  # of the least error that the degree allows


def shown_curve(state: CapacityState) -> TopicShown:
    counts = tuple(sorted({*CURVE_COUNTS, state.samples}))
    curve = learning_curve(
        state.truth, state.noise, state.degree, state.decay or 0.0, counts, repeats=CURVE_DRAWS, seed=state.seed
    )
    at, least = counts.index(state.samples), max(least_error(state.truth, state.degree, state.noise), LEAST_SHOWN)
    train, expected = np.maximum(curve.train, 1e-300), curve.expected
    lines = [
        GraphLine(word("curve.train"), counts, train[1], TRAIN, dots=True),
        GraphLine(word("curve.expected"), counts, expected[1], EXPECTED, dots=True),
        *(
            GraphLine(
                word("curve.quartiles") if (number, colour) == (0, TRAIN) else "",
                counts,
                values[number],
                colour,
                dashed=1,
                width=1.0,
                opacity=0.7,
                told=False,
            )
            for values, colour in ((train, TRAIN), (expected, EXPECTED))
            for number in (0, 2)
        ),
    ]
    high = 10 ** np.ceil(np.log10(min(max(float(expected[1].max()), 10 * least), 1e3)))
    marks = [
        GraphMark(word("curve.least", degree=state.degree), max(least, 1e-12), along="y", colour="accent"),
        GraphMark(word("fit.now"), state.samples, colour="accent"),
    ]
    if least > 1.25 * state.noise**2 and state.noise:
        marks.append(GraphMark("σ²", state.noise**2, along="y"))
    low = min(10 ** np.floor(np.log10(max(least / 30, 1e-8))), high / 100)

    def tip(x: float, _y: float) -> str:
        near = int(np.abs(np.log(np.array(counts)) - np.log(max(x, 1e-9))).argmin())
        return "\n".join(
            [
                f"N = {full_count(counts[near])}",
                f"{word('curve.train')}  {_between(train[:, near])}",
                f"{word('curve.expected')}  {_between(expected[:, near])}",
            ]
        )

    upper = GraphPicture(
        lines=lines,
        marks=marks,
        x=(counts[0] / 1.1, counts[-1] * 1.1),
        y=(low, high),
        log_x=True,
        log_y=True,
        x_name=word("curve.points"),
        y_name=word("error.axis"),
        tip=tip,
    )
    enough = next((count for count, error in zip(counts, expected[1], strict=True) if error <= NEAR * least), None)
    answers = (
        ("train", word("error.train"), error_text(float(curve.train[1, at])), word("curve.at", count=state.samples)),
        ("expected", word("error.expected"), error_text(float(expected[1, at])), word("curve.at", count=state.samples)),
        ("gap", word("gap"), error_text(float(expected[1, at] - curve.train[1, at])), ""),
        ("least", word("curve.best"), error_text(least), f"σ² {error_text(state.noise**2)}"),
        (
            "enough",
            word("curve.enough"),
            f"> {CURVE_COUNTS[-1]}" if enough is None else full_count(enough),
            word("curve.points_short"),
        ),
    )
    title = word("curve.title", draws=CURVE_DRAWS, formula=FORMULAS[state.truth], noise=measured(state.noise))
    return TopicShown(upper, title, None, "", answers)


def _between(quartiles: np.ndarray) -> str:
    low, middle, high = (error_text(float(each)) for each in quartiles)
    return f"{middle}  ({low} – {high})"
