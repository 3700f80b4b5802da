"""What the cells side by side say of the same sample: which of their answers can be compared, and the numbers that are.

Pure functions of the answers. No Qt. Called by the page of predictions and its view of cells side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.judging.answers_by_step import AnswersByStep
from engine.sequences.forecast import ForecastAnswer
from engine.sequences.text_sampling import NextCharacters
from engine.training.probes import Numbers
from gui.labs.sequence.predicting.predict_questions import TextAnswers

ComparedAnswer: TypeAlias = ForecastAnswer | TextAnswers | Numbers | AnswersByStep


def is_finite(found: object) -> bool:
    """Whether it is an answer of finite numbers."""
    match found:
        case ForecastAnswer():
            return bool(np.isfinite(found.forced).all())
        case TextAnswers():
            return bool(np.isfinite(found.next.probabilities).all())
        case Numbers():
            return bool(np.isfinite(found.predicted).all())
        case AnswersByStep():
            return bool(np.isfinite(found.answers).all())
    return False


def comparable(answers: Mapping[str, object]) -> dict[str, Any]:
    """Those of `answers`, by cell, that are of the same sample as the first one, and finite: one that was asked before the user
    went to another sample is not."""
    first = next(iter(answers.values()), None)
    return {cell: found for cell, found in answers.items() if is_finite(found) and _same_sample(found, first)}


def _same_sample(one: object, other: object) -> bool:
    match one, other:
        case ForecastAnswer(), ForecastAnswer():
            return one.warm_up == other.warm_up and np.array_equal(one.y, other.y)
        case TextAnswers(), TextAnswers():
            return (one.next.text, one.next.truth) == (other.next.text, other.next.truth)
        case Numbers(), Numbers():
            return np.array_equal(one.truth, other.truth)
        case AnswersByStep(), AnswersByStep():
            return (one.sample, one.label, one.classes, one.is_values) == (
                other.sample,
                other.label,
                other.classes,
                other.is_values,
            )
    return False


def share_of_truth(found: NextCharacters) -> NDArray[np.float64]:
    """The probability of the true next character at each step, (T,)."""
    tokens = {letter: number for number, letter in enumerate(found.vocabulary)}
    return found.probabilities[np.arange(len(found.truth)), [tokens[letter] for letter in found.truth]]


def answer_for_truth(found: AnswersByStep) -> NDArray[np.float64]:
    """The answer for the true class after each time step, NaN after those that were not tried."""
    values = np.full(int(found.lengths[-1]), np.nan)
    values[found.lengths - 1] = found.answers[:, found.label]
    return values


def errors_of(found: Numbers) -> tuple[float, float]:
    """The mean squared error, and that of always saying the mean of the truth."""
    truth = found.truth.astype(np.float64)
    error = float(((found.predicted.astype(np.float64) - truth) ** 2).mean())
    return error, float(((truth - truth.mean()) ** 2).mean())
