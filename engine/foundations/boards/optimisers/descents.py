"""Descents of several optimisers from one start: where each step leads, of what it is made, and how far the conventions part.

A descent is computed in plain floats (`rule_lines.walk_of`, `point_gradient`), some 5 µs a step, and kept: only what an edit
has changed is computed anew. Called by the board of optimisers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.foundations.boards.optimisers.batch_draws import BatchDraws, batch_noise, quiet
from engine.foundations.boards.optimisers.point_gradient import point_gradient
from engine.foundations.boards.optimisers.rule_lines import RuleLine, Walk, columns_of, lines_of, walk_of
from engine.foundations.descent_rules import Convention, RuleSettings
from engine.foundations.formula_graph import Formula
from engine.foundations.unit_functions import RealArray

PartingCause: TypeAlias = Literal["nothing", "rounding", "rate_change", "epsilon", "epsilon_place", "chaos"]
BOOKS_EPSILON = 1e-7
_TORCHS_EPSILONS = {"adagrad": 1e-10}
_OTHERS_EPSILON = 1e-8
ROUNDING = 1e-9  # of the way that was gone: paths nearer than that differ in the last bits only


class DescentRequest(NamedTuple):
    """All that decides a descent. From step `later_from` on the rate is `later_factor` times as large. `draws` None: every step
    reads all samples."""

    rule: str
    settings: RuleSettings
    formula: Formula
    start: tuple[float, float]
    steps: int
    later_from: int = 0
    later_factor: float = 1.0
    draws: BatchDraws | None = None

    def in_convention(self, convention: Convention, epsilon: float | None = None) -> DescentRequest:
        settings = self.settings._replace(convention=convention)
        if epsilon is not None:
            settings = settings._replace(epsilon=epsilon)
        return self._replace(settings=settings)


class Descent(NamedTuple):
    """`points` (steps + 1, 2) from the start on, fewer where the descent has left all numbers; `values` of each symbol after
    each step, (steps, 2) by its name."""

    rule: str
    settings: RuleSettings
    lines: tuple[RuleLine, ...]
    points: RealArray
    values: Mapping[str, RealArray]
    rates: tuple[float, ...]
    lost: bool  # it ended before its last step

    @property
    def steps(self) -> int:
        """How many steps were gone."""
        return len(self.points) - 1

    def within(self, step: int) -> int:
        """The nearest step that there is a next one after."""
        return min(max(step, 0), max(self.steps - 1, 0))


def epsilon_of(rule: str, settings: RuleSettings) -> float:
    """The constant under the fraction: what is set, or the convention's own."""
    return settings.small(_TORCHS_EPSILONS.get(rule, _OTHERS_EPSILON))


@lru_cache(maxsize=32)
def _walk(rule: str, convention: Convention) -> Walk:
    return walk_of(lines_of(rule, convention))


@lru_cache(maxsize=128)
def descent(request: DescentRequest) -> Descent:
    """Go down by the rule."""
    settings, steps = request.settings, request.steps
    early = min(request.later_from, steps) if request.later_factor != 1 else steps
    rates = (settings.lr,) * early + (settings.lr * request.later_factor,) * (steps - early)
    noise = batch_noise(request.draws, steps) if request.draws is not None else quiet(steps)
    x, y = map(float, request.start)
    rows = _walk(request.rule, settings.convention)(
        point_gradient(request.formula),
        x,
        y,
        rates,
        noise,
        settings.momentum,
        settings.forgetting,
        settings.beta1,
        settings.beta2,
        epsilon_of(request.rule, settings),
        settings.weight_decay,
    )
    lines = lines_of(request.rule, settings.convention)
    columns = columns_of(lines)
    table = np.array(rows, np.float64).reshape(len(rows), len(columns), 2)
    values = {name: table[:, place] for place, name in enumerate(columns)}
    points = np.concatenate((np.array([[x, y]]), values["w"]))
    return Descent(request.rule, settings, lines, points, values, rates, len(rows) < steps or not np.isfinite(points).all())


# --- one step, taken apart


class WorkedTerm(NamedTuple):
    """A line of the rule with a step's numbers, of one weight: the values that it reads by name, and what comes out."""

    line: RuleLine
    reads: Mapping[str, float]
    result: float


def worked_lines(gone: Descent, step: int, axis: int) -> tuple[WorkedTerm, ...]:
    """The lines of step number `step` (from 0) for the weight of `axis`, each with the numbers that it reads: those of the step
    before where this one has not changed them yet."""
    settings = gone.settings
    now: dict[str, float] = {
        "lr": gone.rates[step],
        "beta": settings.momentum,
        "rho": settings.forgetting,
        "beta1": settings.beta1,
        "beta2": settings.beta2,
        "eps": epsilon_of(gone.rule, settings),
        "decay": settings.weight_decay,
        "t": float(step + 1),
        "g": float(gone.values["g"][step, axis]),
        "w": float(gone.points[step, axis]),
        **{name: float(gone.values[name][step - 1, axis]) if step else 0.0 for name in ("v", "m", "h") if name in gone.values},
    }
    found = []
    for line in gone.lines:
        reads = {name: now[name] for name in line.names}
        now[line.name] = _result(line, gone, step, axis, now)
        found.append(WorkedTerm(line, reads, now[line.name]))
    return tuple(found)


def _result(line: RuleLine, gone: Descent, step: int, axis: int, now: Mapping[str, float]) -> float:
    """What the descent has found for the symbol, or what it has not kept: the decayed weight and the book's rate."""
    if line.name in gone.values and not (line.name == "w" and line is not gone.lines[-1]):
        return float(gone.values[line.name][step, axis])
    if line.name == "w":
        return (1 - now["lr"] * now["decay"]) * now["w"]
    return float(now["lr"] * (1 - now["beta2"] ** now["t"]) ** 0.5 / (1 - now["beta1"] ** now["t"]))


class StepArrows(NamedTuple):
    """What a step is made of, as arrows in the units of the weights. `gradient` is -η·g, where plain descent would go;
    `carried` what a velocity adds to that (momentum, Nesterov), or -η·m̂, the mean of the gradients (Adam); `step` where the
    rule goes."""

    gradient: tuple[float, float]
    carried: tuple[float, float] | None
    step: tuple[float, float]


def arrows_at(gone: Descent, step: int) -> StepArrows:
    """Of step number `step`, from 0."""
    rate = gone.rates[step]
    plain = -rate * gone.values["g"][step]
    whole = gone.points[step + 1] - gone.points[step]
    carried: RealArray | None = None
    if gone.rule in ("momentum", "nesterov"):
        carried = whole - plain
    elif gone.rule in ("adam", "adamw"):
        carried = -rate * gone.values["m"][step] / (1 - gone.settings.beta1 ** (step + 1))
    return StepArrows(_pair(plain), None if carried is None else _pair(carried), _pair(whole))


def _pair(both: RealArray) -> tuple[float, float]:
    return float(both[0]), float(both[1])


# --- the two conventions


class Parting(NamedTuple):
    """How far the paths of both conventions part: `largest`, after step `at`. `by_epsilon` is how far they part where only the
    constant under the fraction is the book's, `by_place` what is left: where it is added."""

    largest: float
    at: int
    cause: PartingCause
    by_epsilon: float
    by_place: float
    torchs_epsilon: float
    books_epsilon: float


@lru_cache(maxsize=64)
def parting(request: DescentRequest) -> Parting:
    """Go down by torch's convention and by the book's, with the same settings."""
    rule, set_epsilon = request.rule, request.settings.epsilon
    torchs = descent(request.in_convention("torch"))
    books = descent(request.in_convention("book"))
    largest, at = _apart(torchs, books)
    epsilons = (
        epsilon_of(rule, request.settings._replace(convention="torch")),
        epsilon_of(rule, request.settings._replace(convention="book")),
    )
    by_epsilon = by_place = 0.0
    if "eps" in {name for line in torchs.lines for name in line.names}:
        between = descent(request.in_convention("torch", epsilons[1]))
        by_epsilon = _apart(torchs, between)[0] if set_epsilon is None else 0.0
        by_place = _apart(between, books)[0]
    cause: PartingCause
    if largest == 0:
        cause = "nothing"
    elif rule in ("momentum", "nesterov") and request.later_factor != 1 and request.later_from < request.steps:
        cause = "rate_change"
    elif largest <= ROUNDING * max(_length(torchs), 1e-300):
        cause = "rounding"
    elif by_epsilon or by_place:
        cause = "epsilon" if by_epsilon >= by_place else "epsilon_place"
    else:
        cause = "chaos"
    return Parting(largest, at, cause, by_epsilon, by_place, *epsilons)


def distances(request: DescentRequest) -> RealArray:
    """How far the points of both conventions are apart, after each step that both have."""
    return _far(descent(request.in_convention("torch")), descent(request.in_convention("book")))


def _apart(one: Descent, other: Descent) -> tuple[float, int]:
    """The largest distance between points of the same step, and the step."""
    far = _far(one, other)
    far = np.where(np.isfinite(far), far, 0.0)
    at = int(far.argmax())
    return float(far[at]), at


def _far(one: Descent, other: Descent) -> RealArray:
    count = min(len(one.points), len(other.points))
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.hypot(*(one.points[:count] - other.points[:count]).T))


def _length(gone: Descent) -> float:
    """How long the way is."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.hypot(*np.diff(gone.points, axis=0).T).sum())
