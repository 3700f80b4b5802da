"""What the board of optimisers shows of a state, as numbers: every rule's descent, its heights, its stability, where the
conventions part, what batches do. Pure; no Qt. What an edit leaves as it was is not computed again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.foundations.boards.optimisers.batch_draws import BatchDraws
from engine.foundations.boards.optimisers.descents import (
    Descent,
    DescentRequest,
    Parting,
    StepArrows,
    arrows_at,
    descent,
    parting,
)
from engine.foundations.boards.optimisers.point_gradient import point_gradient
from engine.foundations.boards.optimisers.stability import Stability, stability_at
from engine.foundations.boards.optimisers.suited import lowest_height, surface_of
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.formula_graph import FormulaError
from engine.foundations.surfaces import Surface
from gui.labs.foundations.optimisers.state import OptimisersState, RuleName, fitted_optimisers

Limits: TypeAlias = tuple[float, float, float, float]  # x from, to, y from, to
LEAST_ARROW, MOST_ARROW = 0.1, 0.3  # of the picture's width and height, the longest of a step's arrows
_FACTORS = (1.0, 2.0, 5.0)


class ShownDescents(NamedTuple):
    """`gone` has one step more than is shown, so that the last point has a next step. `above` are heights over the lowest place
    (over 0 where `floor` is None)."""

    state: OptimisersState
    surface: Surface
    limits: Limits
    gone: Mapping[RuleName, Descent]
    above: Mapping[RuleName, npt.NDArray[np.float64]]
    floor: float | None

    @property
    def looked(self) -> Descent:
        return self.gone[self.state.looked]

    def points(self, rule: RuleName) -> npt.NDArray[np.float64]:
        """The shown points, from the start on."""
        return np.asarray(self.gone[rule].points[: self.state.steps + 1])

    def at(self, rule: RuleName) -> int:
        """The step of `rule` that is looked at: earlier than the state's where the descent was lost before."""
        return min(self.state.shown_step, len(self.points(rule)) - 1)

    def lost(self, rule: RuleName) -> bool:
        """Whether it has left all numbers before its last step."""
        return self.gone[rule].steps < self.state.steps

    def stability(self, rule: RuleName) -> Stability | None:
        """Of the step that comes next; None where there is none."""
        gone = self.gone[rule]
        if not gone.steps:
            return None
        return stability_at(gone, gone.within(self.at(rule)), point_gradient(self.surface.formula))

    def arrows(self) -> tuple[StepArrows, float] | None:
        """Of the next step of the rule that is looked at, and the factor that they are drawn with."""
        gone = self.looked
        if not gone.steps:
            return None
        found = arrows_at(gone, gone.within(self.at(self.state.looked)))
        return found, arrow_factor(found, self.limits)

    def parting(self, rule: RuleName) -> Parting:
        return parting(request_of(self.state, rule, self.surface)._replace(steps=self.state.steps))


def settings_of(state: OptimisersState, rule: RuleName) -> RuleSettings:
    """What the state sets for a rule."""
    plain = RuleSettings(lr=state.rate(rule), epsilon=state.epsilon, convention=state.convention)
    match rule:
        case "momentum":
            return plain._replace(momentum=state.momentum_beta)
        case "nesterov":
            return plain._replace(momentum=state.nesterov_beta)
        case "rmsprop":
            return plain._replace(forgetting=state.rmsprop_alpha)
        case "adam":
            return plain._replace(beta1=state.adam_beta1, beta2=state.adam_beta2)
        case "adamw":
            return plain._replace(beta1=state.adamw_beta1, beta2=state.adamw_beta2, weight_decay=state.adamw_decay)
        case _:
            return plain


def draws_of(state: OptimisersState) -> BatchDraws:
    return BatchDraws(state.samples, min(state.batch, state.samples), state.spread, state.seed)


def request_of(state: OptimisersState, rule: RuleName, surface: Surface) -> DescentRequest:
    """The descent of a rule, with one step more than the state has."""
    noisy = rule == "sgd" or state.all_noisy
    return DescentRequest(
        rule,
        settings_of(state, rule),
        surface.formula,
        (state.start_x, state.start_y),
        state.steps + 1,
        state.later_from if state.later_factor != 1 else 0,
        state.later_factor,
        draws_of(state) if noisy else None,
    )


def shown_descents(state: OptimisersState) -> ShownDescents:
    """Everything that is drawn. Raises FormulaError where the own formula is none."""
    state = fitted_optimisers(state)
    surface = surface_of(state.surface, state.formula, state.reach)
    start = (state.start_x, state.start_y)
    gone = {rule: descent(request_of(state, rule, surface)) for rule in state.rules}
    floor = lowest_height(surface)
    above = {rule: _above(request_of(state, rule, surface), surface, floor or 0.0) for rule in state.rules}
    return ShownDescents(state, surface, around(surface.limits, start), gone, above, floor)


@lru_cache(maxsize=64)
def _above(request: DescentRequest, surface: Surface, floor: float) -> npt.NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(descent(request).points[: request.steps]) - floor)


def around(limits: Limits, start: tuple[float, float]) -> Limits:
    """The part of the plane that is drawn: the surface's own, and the start where it is outside."""
    left, right, bottom, top = limits
    across, up = 0.05 * (right - left), 0.05 * (top - bottom)
    x, y = start
    return (
        left if x >= left else x - across,
        right if x <= right else x + across,
        bottom if y >= bottom else y - up,
        top if y <= top else y + up,
    )


def arrow_factor(arrows: StepArrows, limits: Limits) -> float:
    """What the arrows are drawn longer or shorter by, so that the longest is seen and stays within the picture: 1, 2 or 5 times
    a power of ten."""
    width, height = limits[1] - limits[0], limits[3] - limits[2]
    shown = (arrows.gradient, arrows.carried or (0.0, 0.0), arrows.step)
    longest = max(math.hypot(x / width, y / height) for x, y in shown)
    if longest == 0 or not math.isfinite(longest) or LEAST_ARROW <= longest <= MOST_ARROW:
        return 1.0
    wanted = MOST_ARROW / longest
    power = 10.0 ** math.floor(math.log10(wanted) + 1e-9)
    return float(max(step for step in _FACTORS if step * power <= wanted * (1 + 1e-9)) * power)


def told_problem(state: OptimisersState) -> FormulaError | None:
    """Why the own formula cannot be drawn."""
    try:
        surface_of(state.surface, state.formula, state.reach)
    except FormulaError as error:
        return error
    return None
