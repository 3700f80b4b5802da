"""The topic of early stopping: a network's errors over the epochs, where its patience ends, and which weights are taken back.
No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.figures import full_count, measured, percent
from engine.foundations.boards.capacity.capacity_networks import LossCourse, early_stop, loss_course
from engine.foundations.boards.capacity.capacity_polynomials import FORMULAS
from gui.labs.foundations.capacity.capacity_shown import (
    LINE_X,
    TRAIN,
    VALIDATION,
    TopicShown,
    error_text,
    line_name,
    reach_of,
    second_line,
    steady_range,
    train_handles,
    truth_line,
    validation_dots,
    word,
)
from gui.labs.foundations.capacity.state import CapacityState, train_points, validation_points
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture, GraphPoints

MOST_DRAWN_EPOCHS = 400


class CourseQuestion(NamedTuple):
    """What a network's training follows from: the state with what changes nothing of it at its defaults."""

    state: CapacityState


def course_question(state: CapacityState) -> CourseQuestion:
    """The same for every patience, so that it answers at once."""
    return CourseQuestion(
        CapacityState(
            topic="early_stopping",
            truth=state.truth,
            samples=state.samples,
            noise=state.noise,
            width=state.width,
            decay=state.decay,
            lr=state.lr,
            epochs=state.epochs,
            others=state.others,
            seed=state.seed,
            points=state.points,
        )
    )


def answered_course(question: CourseQuestion, going_on: Callable[[], None]) -> LossCourse:
    state = question.state
    return loss_course(
        state.width,
        train_points(state),
        validation_points(state),
        decay=state.decay or 0.0,
        lr=state.lr,
        epochs=state.epochs,
        seed=state.seed,
        going_on=going_on,
    )


def shown_stopping(state: CapacityState, course: LossCourse | None) -> TopicShown:
    """`course` is what the state asks for; None: it is being trained."""
    train, validation = train_points(state), validation_points(state)
    title = word("stopping.title", width=state.width)
    lower_title = word("fit.title", formula=FORMULAS[state.truth], noise=measured(state.noise))
    if course is None:
        points = GraphPicture(lines=(truth_line(state),), points=(validation_dots(validation),), handles=train_handles(train))
        keys = ("stops", "restored", "error", "last", "saved")
        waiting = tuple((key, word(f"stopping.{key}"), "–", "") for key in keys)
        return TopicShown(GraphPicture(), word("fit.waiting"), points, lower_title, waiting)
    stop = early_stop(course.validation, state.patience, state.min_change)
    end = state.epochs if stop.stops_at is None else stop.stops_at
    until, after = _thinned(0, end), _thinned(end, state.epochs)
    marks = [GraphMark(word("stopping.restored_at", epoch=stop.best), stop.best, colour=VALIDATION)]
    if stop.stops_at is not None:
        marks.append(GraphMark("", stop.stops_at, colour="accent"))
    found = [GraphPoints("", [stop.best], [course.validation[stop.best]], VALIDATION, "diamond", px=5.5)]
    missed = stop.lowest != stop.best and course.validation[stop.lowest] < course.validation[stop.best]
    if missed:
        found.append(
            GraphPoints(word("stopping.lowest"), [stop.lowest], [course.validation[stop.lowest]], "warn", "triangle", px=5.5)
        )
    lines = [
        GraphLine(line_name("error.train"), until, course.train[until], TRAIN, width=1.8),
        GraphLine(line_name("error.validation"), until, course.validation[until], VALIDATION, width=1.8),
    ]
    if stop.stops_at is not None and stop.stops_at < state.epochs:
        lines += [
            GraphLine("", after, course.train[after], TRAIN, width=1.2, opacity=0.4),
            GraphLine(word("stopping.after"), after, course.validation[after], VALIDATION, width=1.2, opacity=0.4),
        ]
    largest = float(np.max([course.train.max(), course.validation.max()]))
    least = float(min(course.train.min(), course.validation.min()))
    ends = steady_range(max(least / 1.2, 1e-6), largest * 1.2)
    upper = GraphPicture(
        lines=lines,
        points=found,
        marks=marks,
        x=(0, float(state.epochs)),
        y=ends,
        texts=[second_line(word("stopping.stops_at", epoch=end), end, ends)] if stop.stops_at is not None else [],
        log_y=True,
        x_name=word("stopping.epoch"),
        y_name=word("error.axis"),
        tip=lambda x, _y: _told(course, x),
    )
    restored, last = course.network(stop.best), course.network(state.epochs)
    reach = reach_of(train.y)
    lower = GraphPicture(
        lines=(
            truth_line(state),
            GraphLine(word("stopping.last_line"), LINE_X, last.values(LINE_X), TRAIN, width=1.4),
            GraphLine(word("stopping.restored_line"), LINE_X, restored.values(LINE_X), "text", width=2.4),
        ),
        points=(validation_dots(validation),),
        handles=train_handles(train),
        x=(-1.05, 1.05),
        y=(-reach, reach),
    )
    error = float(course.validation[stop.best])
    answers = (
        (
            "stops",
            word("stopping.stops"),
            "–" if stop.stops_at is None else full_count(stop.stops_at),
            word("stopping.not_spent", waited=stop.waited)
            if stop.stops_at is None
            else word("stopping.waited", waited=stop.waited),
        ),
        ("restored", word("stopping.restored"), full_count(stop.best), ""),
        (
            "error",
            word("stopping.error"),
            error_text(error),
            word("stopping.missed", error=error_text(float(course.validation[stop.lowest]))) if missed else "",
        ),
        ("last", word("stopping.last"), error_text(float(course.validation[-1])), ""),
        ("saved", word("stopping.saved"), full_count(state.epochs - end), percent(1 - end / state.epochs)),
    )
    return TopicShown(upper, title, lower, lower_title, answers)


def _thinned(first: int, last: int) -> NDArray[np.int64]:
    """The epochs that a line is drawn through: no more than a screen shows, both ends among them."""
    return np.unique(np.linspace(first, last, min(last - first + 1, MOST_DRAWN_EPOCHS)).round().astype(np.int64))


def _told(course: LossCourse, x: float) -> str:
    at = int(min(max(round(x), 0), len(course.train) - 1))
    return "\n".join(
        [
            f"{word('stopping.epoch')} {full_count(at)}",
            f"{word('error.train')}  {error_text(float(course.train[at]))}",
            f"{word('error.validation')}  {error_text(float(course.validation[at]))}",
        ]
    )
