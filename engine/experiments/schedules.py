"""The schedules of a learning rate, one class each: a new one is a class here, its name in `AnySchedule`, and its words in
`assets/words/fields_training.toml`.

A schedule is a factor, a pure function of how many iterations are done: the next iteration's rate is the learning rate times
the factor. So the learning rate that is set, also in mid-run, scales whatever the schedule says from there on. The names are
those of torch.optim.lr_scheduler; where torch's are used with epochs, these count epochs too, and otherwise iterations. A test
holds each against torch's own over whole runs. Nothing is stepped, so nothing can be stepped once too often, and what resuming
needs is the number of iterations alone; `ReduceLROnPlateau` needs what it has seen besides.

Called by the trainer, the exported script and the drawing in the window. No torch.
"""

from __future__ import annotations

from math import cos, inf, pi
from typing import Annotated, ClassVar, NamedTuple, TypeAlias, Union

import msgspec

from engine.fields import setting

RateShare: TypeAlias = Annotated[float, setting(0.0, 1.0, slider=(0.0, 1.0), step=0.01)]
Epochs: TypeAlias = Annotated[int, setting(1, 1_000_000, slider=(1, 100))]


class Plateau(NamedTuple):
    """What a plateau has seen: the best validation loss, the epochs since, how often the rate was reduced, and the iteration
    after which the last epoch was measured, so that no epoch is seen twice."""

    best: float = inf
    waited: int = 0
    reductions: int = 0
    step: int = 0


class Course(NamedTuple):
    """What a factor may depend on beside the step: the iterations of an epoch and of the whole run, and the plateau."""

    each: int
    steps: int
    plateau: Plateau = Plateau()


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag=True):
    """A kind of schedule. `SCRIPT` is its factor as lines of the exported script, which knows `step`, STEPS_PER_EPOCH, STEPS
    and the fields; written in the same order of operations, so that both come to the same bits."""

    SCRIPT: ClassVar[tuple[str, ...]] = ()
    IN_STEPS: ClassVar[bool] = False  # whether it stays as it is between its jumps

    def factor(self, step: int, course: Course) -> float:
        """What the learning rate of the iteration after `step` others is multiplied by."""
        raise NotImplementedError

    def script(self) -> tuple[str, ...]:
        """`SCRIPT` with the numbers put in."""
        return tuple(line.format(**msgspec.structs.asdict(self)) for line in self.SCRIPT)


class Lasting(Schedule, frozen=True, kw_only=True):
    """A schedule that comes to an end, and stays at its last value then."""

    epochs: Epochs | None = None  # until the end; None: those of the run

    def length(self, course: Course) -> int:
        """In iterations."""
        return course.steps if self.epochs is None else self.epochs * course.each

    def script(self) -> tuple[str, ...]:
        length = "STEPS" if self.epochs is None else f"({self.epochs} * STEPS_PER_EPOCH)"
        return tuple(line.format(length=length, **msgspec.structs.asdict(self)) for line in self.SCRIPT)


class StepLR(Schedule, frozen=True, kw_only=True):
    """After every `step_size` epochs the rate is multiplied by `gamma`."""

    IN_STEPS = True
    SCRIPT = ("return {gamma!r} ** (step // STEPS_PER_EPOCH // {step_size})",)

    step_size: Epochs = 10
    gamma: Annotated[float, setting(above=0.0, high=1.0, slider=(0.01, 1.0), step=0.01)] = 0.1

    def factor(self, step: int, course: Course) -> float:
        return float(self.gamma ** (step // course.each // self.step_size))


class CosineAnnealingLR(Lasting, frozen=True, kw_only=True):
    """Half a wave of the cosine from the rate down to `end_factor` of it (Loshchilov and Hutter, 2017)."""

    SCRIPT = (
        "done = min(step / {length}, 1.0)",
        "return {end_factor!r} + (1.0 - {end_factor!r}) * (1.0 + math.cos(math.pi * done)) / 2.0",
    )

    end_factor: RateShare = 0.0

    def factor(self, step: int, course: Course) -> float:
        done = min(step / self.length(course), 1.0)
        return self.end_factor + (1.0 - self.end_factor) * (1.0 + cos(pi * done)) / 2.0


class OneCycleLR(Lasting, frozen=True, kw_only=True):
    """Up from 1/`div_factor` of the rate to the rate itself within `pct_start` of the time, then down to 1/`final_div_factor`
    of where it began, both along half a cosine (Smith and Topin, 2018). The momentum is left alone."""

    SCRIPT = (
        "last = {length} - 1",
        "top = {pct_start!r} * {length} - 1",
        "first, final = 1.0 / {div_factor!r}, 1.0 / {div_factor!r} / {final_div_factor!r}",
        "step = min(step, last)",
        "if step <= top:",
        "    return 1.0 + (first - 1.0) / 2.0 * (1.0 + math.cos(math.pi * (step / top if top > 0 else 1.0)))",
        "done = (step - top) / (last - top) if last > top else 1.0",
        "return final + (1.0 - final) / 2.0 * (1.0 + math.cos(math.pi * done))",
    )

    pct_start: Annotated[float, setting(above=0.0, below=1.0, slider=(0.05, 0.95), step=0.05)] = 0.3
    div_factor: Annotated[float, setting(1.0, 1e6, slider=(1.0, 1000.0), scale="log")] = 25.0
    final_div_factor: Annotated[float, setting(1.0, 1e9, slider=(1.0, 1e6), scale="log")] = 1e4

    def factor(self, step: int, course: Course) -> float:
        last = self.length(course) - 1
        top = self.pct_start * self.length(course) - 1
        first, final = 1.0 / self.div_factor, 1.0 / self.div_factor / self.final_div_factor
        step = min(step, last)
        if step <= top:
            return 1.0 + (first - 1.0) / 2.0 * (1.0 + cos(pi * (step / top if top > 0 else 1.0)))
        done = (step - top) / (last - top) if last > top else 1.0
        return final + (1.0 - final) / 2.0 * (1.0 + cos(pi * done))


class LinearLR(Schedule, frozen=True, kw_only=True):
    """Warm-up: from `start_factor` of the rate in a straight line to the rate itself within `warmup_epochs`, then constant."""

    SCRIPT = (
        "length = max(1, round({warmup_epochs!r} * STEPS_PER_EPOCH))",
        "return {start_factor!r} + (1.0 - {start_factor!r}) * min(step / length, 1.0)",
    )

    start_factor: Annotated[float, setting(above=0.0, high=1.0, slider=(0.01, 1.0), step=0.01)] = 0.1
    warmup_epochs: Annotated[float, setting(above=0.0, high=1e6, slider=(0.1, 20.0), step=0.1)] = 2.0

    def factor(self, step: int, course: Course) -> float:
        length = max(1, round(self.warmup_epochs * course.each))
        return self.start_factor + (1.0 - self.start_factor) * min(step / length, 1.0)


class ReduceLROnPlateau(Schedule, frozen=True, kw_only=True):
    """Multiplied by `reduction` when more than `patience` epochs have gone by in which the validation loss did not fall below
    its best by the share `threshold`."""

    SCRIPT = ("return {reduction!r} ** reductions",)

    reduction: Annotated[float, setting(above=0.0, below=1.0, slider=(0.01, 0.99), step=0.01)] = 0.1
    patience: Annotated[int, setting(0, 1_000_000, slider=(0, 30))] = 5
    threshold: Annotated[float, setting(0.0, below=1.0, slider=(0.0, 0.1), step=0.001)] = 1e-4

    def factor(self, step: int, course: Course) -> float:
        return float(self.reduction**course.plateau.reductions)

    def seen(self, plateau: Plateau, step: int, loss: float) -> Plateau:
        """`plateau` after an epoch that ended with iteration `step`, with this validation loss."""
        if step <= plateau.step:
            return plateau
        if loss < plateau.best * (1.0 - self.threshold):
            return Plateau(loss, 0, plateau.reductions, step)
        if plateau.waited < self.patience:
            return Plateau(plateau.best, plateau.waited + 1, plateau.reductions, step)
        return Plateau(plateau.best, 0, plateau.reductions + 1, step)


AnySchedule: TypeAlias = Union[StepLR, CosineAnnealingLR, OneCycleLR, LinearLR, ReduceLROnPlateau]  # noqa: UP007
SCHEDULES: dict[str, type[Schedule]] = {
    kind.__name__: kind for kind in (StepLR, CosineAnnealingLR, OneCycleLR, LinearLR, ReduceLROnPlateau)
}


def pinned(schedule: AnySchedule | None, epochs: int) -> AnySchedule | None:
    """`schedule` with its end where a run of `epochs` has it: what it is for a run that gets more of them."""
    if isinstance(schedule, Lasting) and schedule.epochs is None:
        return msgspec.structs.replace(schedule, epochs=epochs)
    return schedule
