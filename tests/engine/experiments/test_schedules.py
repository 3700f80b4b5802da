"""Each schedule against torch.optim.lr_scheduler over whole runs; and the traps of torch's own, which ours do not have."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from math import cos, inf, pi

import pytest
import torch
from torch.optim import SGD
from torch.optim import lr_scheduler as torchs

from engine.experiments.schedules import (
    SCHEDULES,
    AnySchedule,
    CosineAnnealingLR,
    Course,
    LinearLR,
    OneCycleLR,
    Plateau,
    ReduceLROnPlateau,
    Schedule,
    StepLR,
    pinned,
)

EACH, EPOCHS, LR = 7, 12, 0.2
COURSE = Course(EACH, EACH * EPOCHS)


def optimiser(lr: float = LR) -> SGD:
    return SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def rates(schedule: AnySchedule, course: Course = COURSE) -> list[float]:
    return [LR * schedule.factor(step, course) for step in range(course.steps)]


def torchs_rates(make: Callable[[SGD], torchs.LRScheduler], *, by_epoch: bool, steps: int = EACH * EPOCHS) -> list[float]:
    own = optimiser()
    scheduler, found = make(own), []
    for step in range(1, steps + 1):
        found.append(own.param_groups[0]["lr"])
        own.step()
        if not by_epoch or step % EACH == 0:
            scheduler.step()
    return found


def with_warnings_off(make: Callable[[], list[float]]) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


KNOWN: dict[str, tuple[AnySchedule, Callable[[SGD], torchs.LRScheduler], bool]] = {
    "steps": (StepLR(step_size=3, gamma=0.4), lambda own: torchs.StepLR(own, 3, 0.4), True),
    "cosine": (
        CosineAnnealingLR(end_factor=0.05),
        lambda own: torchs.CosineAnnealingLR(own, EACH * EPOCHS, eta_min=0.05 * LR),
        False,
    ),
    "one cycle": (
        OneCycleLR(pct_start=0.25, div_factor=10.0, final_div_factor=100.0),
        lambda own: torchs.OneCycleLR(
            own, LR, total_steps=EACH * EPOCHS, pct_start=0.25, div_factor=10.0, final_div_factor=100.0, cycle_momentum=False
        ),
        False,
    ),
    "warm-up": (
        LinearLR(start_factor=0.1, warmup_epochs=2.5),
        lambda own: torchs.LinearLR(own, start_factor=0.1, total_iters=round(2.5 * EACH)),
        False,
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_every_rate_of_a_run_is_torchs(name: str) -> None:
    schedule, make, by_epoch = KNOWN[name]
    expected = with_warnings_off(lambda: torchs_rates(make, by_epoch=by_epoch))
    assert rates(schedule) == pytest.approx(expected, rel=1e-9, abs=1e-15)
    assert len(set(expected)) > 3


def test_a_plateau_is_reduced_where_torch_reduces() -> None:
    losses = [1.0, 0.9, 0.95, 0.9, 0.91, 0.8999, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.49, 0.48, 0.5, 0.5, 0.5, 0.5]
    schedule = ReduceLROnPlateau(reduction=0.3, patience=2, threshold=0.01)
    own = optimiser()
    theirs = torchs.ReduceLROnPlateau(own, factor=0.3, patience=2, threshold=0.01, eps=0.0)
    plateau, found, expected = Plateau(), [], []
    for epoch, loss in enumerate(losses, 1):
        theirs.step(loss)
        plateau = schedule.seen(plateau, epoch * EACH, loss)
        assert schedule.seen(plateau, epoch * EACH, loss * 3) == plateau, "an epoch that is measured again says nothing new"
        expected.append(own.param_groups[0]["lr"])
        found.append(LR * schedule.factor(epoch * EACH, COURSE._replace(plateau=plateau)))
    assert found == pytest.approx(expected, rel=1e-12)
    assert plateau.reductions == 4
    assert Plateau().best == inf


def test_there_is_a_case_for_every_kind() -> None:
    kinds = {type(schedule) for schedule, _, _ in KNOWN.values()} | {ReduceLROnPlateau}
    assert kinds == set(SCHEDULES.values())
    assert all(issubclass(kind, Schedule) and kind.__name__ == name for name, kind in SCHEDULES.items())
    assert all(hasattr(torchs, name) for name in SCHEDULES)


def test_one_cycle_keeps_the_given_rate_where_torchs_ignores_it() -> None:
    """Torch's begins from max_lr alone, whatever the optimiser was given. Here the rate that is set is the peak."""
    for given in (0.001, 5.0):
        own = optimiser(given)
        torchs.OneCycleLR(own, LR, total_steps=84)
        assert own.param_groups[0]["lr"] == pytest.approx(LR / 25)
    assert max(rates(OneCycleLR())) == pytest.approx(LR, rel=1e-2)
    assert [2 * rate for rate in rates(OneCycleLR())] == pytest.approx(
        [2 * LR * OneCycleLR().factor(step, COURSE) for step in range(COURSE.steps)]
    )


def test_one_cycle_does_not_jump_when_it_is_stepped_once_too_often() -> None:
    """Torch's takes one step more than it has, and its rate turns round: up again along the cosine, below zero on a line."""
    jumped = {}
    for shape in ("cos", "linear"):
        own = optimiser()
        theirs = torchs.OneCycleLR(own, LR, total_steps=10, cycle_momentum=False, anneal_strategy=shape)
        for _ in range(9):
            own.step()
            theirs.step()
        last = own.param_groups[0]["lr"]
        own.step()
        theirs.step()
        jumped[shape] = own.param_groups[0]["lr"], last
    assert jumped["cos"][0] > 100 * jumped["cos"][1] > 0
    assert jumped["linear"][0] < 0
    course = Course(5, 10)
    last = OneCycleLR().factor(9, course)
    assert [OneCycleLR().factor(step, course) for step in (10, 11, 10_000)] == [last] * 3
    assert last == pytest.approx(1 / 25 / 1e4)


def test_what_comes_to_an_end_stays_there_and_may_end_before_the_run() -> None:
    short = CosineAnnealingLR(epochs=4, end_factor=0.25)
    found = [short.factor(step, COURSE) for step in range(COURSE.steps)]
    assert found[4 * EACH :] == [0.25] * (8 * EACH)
    assert found[2 * EACH] == pytest.approx(0.25 + 0.75 * (1 + cos(pi / 2)) / 2)
    assert pinned(CosineAnnealingLR(), 9) == CosineAnnealingLR(epochs=9)
    assert pinned(short, 9) == short
    assert pinned(StepLR(), 9) == StepLR() and pinned(None, 9) is None


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize(
    "schedule",
    [StepLR(), CosineAnnealingLR(), OneCycleLR(), LinearLR(), ReduceLROnPlateau()],
    ids=lambda one: type(one).__name__,
)
def test_a_run_of_a_few_steps_has_finite_factors(schedule: AnySchedule, steps: int) -> None:
    assert all(0.0 <= schedule.factor(step, Course(1, steps)) <= 1.0 for step in range(steps + 2))


def test_torch_built_and_loaded_in_turns_leaves_a_resumed_warm_up_ten_times_too_low() -> None:
    """The trap of torch's own schedulers: one that is built after the optimiser's state was loaded multiplies the loaded rate.
    Here the rate of a step is a function of the step; `test_recipe_resumed` holds that for whole runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = optimiser()
        warm = torchs.LinearLR(own, start_factor=0.1, total_iters=10)
        for _ in range(10):
            own.step()
            warm.step()
        assert own.param_groups[0]["lr"] == pytest.approx(LR)
        state, kept = own.state_dict(), warm.state_dict()
        other = optimiser()
        other.load_state_dict(state)
        late = torchs.LinearLR(other, start_factor=0.1, total_iters=10)
        late.load_state_dict(kept)
        other.step()
        late.step()
    assert other.param_groups[0]["lr"] == pytest.approx(0.1 * LR)
    assert LR * LinearLR(warmup_epochs=10 / EACH).factor(10, COURSE) == pytest.approx(LR)
