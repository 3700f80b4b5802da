"""Each rule at both sides of its limit, and the causal order, on evidence that is written by hand."""

from __future__ import annotations

from dataclasses import replace
from math import e, log, nan

import numpy as np
import pytest
import torch

from engine.doctor.data_facts import BadSample, DataFacts
from engine.doctor.diagnoses import CODES, Diagnosis
from engine.doctor.evidence import ActivationLook, Epoch, Evidence, StepLook, WeightLook
from engine.doctor.rules import RULES, diagnose, softmax_floor
from engine.experiments.experiment import preset
from tests.engine.doctor.planted import mlp

FACTS = DataFacts(task="classification", classes=10, train=1000, validation=200, guess=log(10), size=0.5)
HEALTHY_STEP = StepLook(1.0, (("2 (Linear)", 1e-3), ("4 (Linear)", 1e-3), ("6 (Linear)", 2e-3)), (1e-3, 1e-3))
RUNNING = Evidence(
    mlp(),
    step=50,
    lr=1e-3,
    facts=FACTS,
    first_step=HEALTHY_STEP,
    newest_step=HEALTHY_STEP,
    largest_update=0.01,
    steps=50,
    first_loss=2.31,
    recent_loss=1.2,
    last_losses=1.1,
)


class Neighbourly(DataFacts):
    """Facts whose nearest neighbours agree as often as is said."""

    neighbours_agree = None  # type: ignore[assignment]


def neighbourly(share: float) -> DataFacts:
    facts = Neighbourly("classification", 10, 1000, 200, log(10), size=0.5, counts=np.full(10, 100))
    object.__setattr__(facts, "neighbours_agree", share)
    return facts


def codes(evidence: Evidence, *known: Diagnosis) -> list[str]:
    return [found.code for found in diagnose(evidence, known)]


def test_a_run_that_learns_has_nothing():
    assert codes(RUNNING) == []


def test_every_code_has_one_rule():
    assert sorted(rule.code for rule in RULES) == sorted(CODES)


@pytest.mark.parametrize("classes", [2, 10, 100])
def test_the_floor_of_a_softmax_of_a_softmax_is_what_torch_reaches(classes):
    best = torch.zeros(1, classes)
    best[0, 0] = 1.0  # what a softmax gives at best
    assert softmax_floor(classes) == pytest.approx(float(torch.nn.functional.cross_entropy(best, torch.tensor([0]))), abs=1e-6)
    assert softmax_floor(10) == pytest.approx(log(1 + 9 / e)) == pytest.approx(1.461, abs=5e-4)


def facts(**changes: object) -> Evidence:
    return replace(RUNNING, facts=replace(FACTS, **changes))


IMBALANCED = np.array([360, *[64] * 9])  # 36 in 100 fall short of 5 times the mean of the others... 360 / 64 = 5.6
BALANCED = np.array([300, *[64] * 9])

AT_THE_LIMIT = [
    ("nan_in_data", facts(bad=BadSample("validation", 3, 2)), facts(bad=None)),
    ("inputs_not_scaled", facts(size=4.1), facts(size=3.9)),
    ("inputs_not_scaled", facts(size=0.009), facts(size=0.011)),
    ("class_imbalance", facts(counts=IMBALANCED), facts(counts=BALANCED)),
    ("duplicates", facts(duplicates=2), facts(duplicates=1)),
    ("validation_differs", facts(moved=11.0, moved_share=0.2), facts(moved=11.0, moved_share=0.05)),
    ("validation_differs", facts(spread_ratio=1.6), facts(spread_ratio=1.4)),
    ("validation_differs", facts(spread_ratio=0.6), facts(spread_ratio=0.7)),
    ("not_shuffled", replace(RUNNING, order=13.0), replace(RUNNING, order=11.0)),
    (
        "zero_start",
        replace(RUNNING, weights=(WeightLook("2 (Linear)", 0.0, True), WeightLook("4 (Linear)", 0.6, False))),
        replace(RUNNING, weights=(WeightLook("2 (Linear)", 0.6, False), WeightLook("4 (Linear)", 0.5, True))),
    ),
    (
        "small_start",
        replace(RUNNING, weights=(WeightLook("2 (Linear)", 0.14, False), WeightLook("4 (Linear)", 0.14, False))),
        replace(RUNNING, weights=(WeightLook("2 (Linear)", 0.16, False), WeightLook("4 (Linear)", 0.16, False))),
    ),
    (
        "exploding_gradient",
        replace(RUNNING, step=1, steps=1, first_step=replace(HEALTHY_STEP, gradient=142.0)),  # 100 times √2 = 141.4
        replace(RUNNING, step=1, steps=1, first_step=replace(HEALTHY_STEP, gradient=141.0)),
    ),
    (
        "vanishing_gradient",
        replace(RUNNING, recent_loss=2.3, first_step=replace(HEALTHY_STEP, by_layer=(("2", 9e-7), ("4", 1e-5), ("6", 1e-3)))),
        replace(RUNNING, recent_loss=2.3, first_step=replace(HEALTHY_STEP, by_layer=(("2", 2e-6), ("4", 1e-5), ("6", 1e-3)))),
    ),
    ("learning_rate_high", replace(RUNNING, recent_loss=3.5), replace(RUNNING, recent_loss=3.4)),  # 1.5 times 2.31
    ("learning_rate_high", replace(RUNNING, steps=4, last_losses=7.0), replace(RUNNING, steps=4, last_losses=6.9)),
    (
        "learning_rate_high",
        replace(RUNNING, recent_loss=2.3, largest_update=0.16),
        replace(RUNNING, recent_loss=2.3, largest_update=0.14),
    ),
    ("learning_rate_high", replace(RUNNING, diverged=True), RUNNING),
    (
        "learning_rate_low",
        replace(RUNNING, recent_loss=2.30, largest_update=2e-4),
        replace(RUNNING, recent_loss=2.30, largest_update=4e-4),
    ),
    ("evaluation_mode", replace(RUNNING, not_evaluating=("3 (Dropout)",)), RUNNING),
]


@pytest.mark.parametrize(("code", "beyond", "within"), AT_THE_LIMIT)
def test_a_rule_speaks_beyond_its_limit_only(code, beyond, within):
    assert codes(beyond) == [code]
    assert codes(within) == []


def test_weights_that_read_zeros_alone_have_no_gradient_that_could_vanish():
    """As the recurrent weights of a sequence of one time step, whose state before is 0."""
    read_nothing = replace(HEALTHY_STEP, by_layer=(("1 (LSTM)", 0.0), ("2 (Linear)", 1e-3), ("3 (Linear)", 1e-3)))
    assert codes(replace(RUNNING, recent_loss=2.3, first_step=read_nothing)) == []


def look(name: str, *, saturated: float | None = None, dead: float = 0.0) -> ActivationLook:
    return ActivationLook(name, 64, 1.0, 0.5, saturated, dead)


def test_sigmoids_at_their_ends_are_named_where_the_network_does_not_learn_and_not_at_its_output():
    stuck = replace(RUNNING, recent_loss=2.3)
    inner, output = look("3 (Sigmoid)", saturated=0.61), look("5 (Sigmoid)", saturated=0.99)
    assert codes(replace(stuck, start=(inner, output))) == ["saturated"]
    assert codes(replace(stuck, start=(replace(inner, saturated=0.59), output))) == []
    assert codes(replace(RUNNING, start=(inner, output))) == []  # it learns all the same


def test_units_that_were_dead_from_the_start_are_the_cause_and_those_that_long_steps_killed_a_symptom():
    stuck, dead = replace(RUNNING, recent_loss=2.3), look("3 (ReLU)", dead=0.9)
    assert codes(replace(stuck, start=(dead,), now=(dead,))) == ["dead_units"]
    killed = replace(stuck, start=(look("3 (ReLU)", dead=0.1),), now=(dead,))
    assert codes(replace(killed, largest_update=0.5)) == ["learning_rate_high"]
    assert codes(replace(killed, largest_update=0.01)) == ["dead_units"]


def test_what_has_been_named_keeps_its_symptoms_from_being_named():
    rate = Diagnosis("learning_rate_high", 4, {})
    later = replace(RUNNING, recent_loss=2.3, now=(look("3 (ReLU)", dead=0.9),))
    assert codes(later) == ["dead_units"]
    assert codes(later, rate) == []
    assert codes(replace(RUNNING, recent_loss=9.0), rate) == []  # itself once a run
    assert codes(replace(RUNNING, not_evaluating=("3 (Dropout)",)), rate) == ["evaluation_mode"]


def test_a_gradient_that_explodes_through_time_is_told_from_steps_that_are_too_long():
    lost = replace(RUNNING, experiment=preset("waves-lstm"), diverged=True, has_recurrence=True)
    unclipped = replace(lost, experiment=mlp(clip=None))
    assert codes(replace(unclipped, largest_update=0.5)) == ["learning_rate_high"]
    assert codes(replace(unclipped, largest_update=0.01)) == ["exploding_gradient"]
    assert codes(lost) == ["learning_rate_high"]  # clipped


def epochs(*rows: tuple[float, float, float, float]) -> tuple[Epoch, ...]:
    return tuple(Epoch(20 * number, *row) for number, row in enumerate(rows, 1))


def test_labels_are_doubted_only_where_the_nearest_neighbours_know_them_as_little_as_the_network():
    guessing = replace(RUNNING, step=40, recent_loss=2.3, epochs=epochs((2.3, 0.1, 2.3, 0.11)))
    assert codes(replace(guessing, facts=neighbourly(0.12))) == ["labels_unlearnable"]
    assert codes(replace(guessing, facts=neighbourly(0.9))) == []
    better = replace(guessing, epochs=epochs((2.0, 0.3, 2.0, 0.35)))
    assert codes(replace(better, facts=neighbourly(0.12))) == []


OVERFIT = ((1.0, 0.6, 1.0, 0.6), (0.3, 0.9, 1.35, 0.7), (0.2, 0.95, 1.4, 0.7), (0.1, 0.99, 1.5, 0.7))


def test_overfitting_needs_gap_and_error():
    assert codes(replace(RUNNING, epochs=epochs(*OVERFIT))) == ["overfitting"]
    assert codes(replace(RUNNING, epochs=epochs(*OVERFIT[:3]))) == []  # two epochs are an accident
    no_worse = tuple((*row[:3], 0.98) for row in OVERFIT)
    assert codes(replace(RUNNING, epochs=epochs(*no_worse))) == []  # the validation set is answered as well
    both_fall = tuple((*row[:2], 1.0 - 0.01 * number, row[3]) for number, row in enumerate(OVERFIT))
    assert codes(replace(RUNNING, epochs=epochs(*both_fall))) == []  # a gap alone
    series = tuple((loss, nan, other, nan) for loss, _, other, _ in OVERFIT)
    assert codes(replace(RUNNING, epochs=epochs(*series))) == ["overfitting"]


def test_underfitting_is_an_error_that_stays_on_the_training_data_too():
    stays = tuple((1.5, 0.4 + 0.002 * number, 1.5, 0.4) for number in range(6))
    run = replace(RUNNING, step=120, epochs=epochs(*stays))
    assert codes(replace(run, facts=neighbourly(0.95))) == ["underfitting"]
    assert codes(replace(run, facts=neighbourly(0.5))) == []  # nothing better is to be had
    grows = tuple((1.5, 0.4 + 0.02 * number, 1.5, 0.4) for number in range(6))
    assert codes(replace(run, facts=neighbourly(0.95), epochs=epochs(*grows))) == []
