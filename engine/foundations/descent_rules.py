"""The update rules of optimisers, term by term, as torch writes them and as 『밑바닥부터 시작하는 딥러닝』 does.

Both conventions are the same rule where nothing else is said; what differs:

* momentum: torch keeps v = βv + g and steps by lr·v; the book keeps v = βv - lr·g and adds it. The way is the same while the
  rate is, and another one once it is changed.
* the constant under a fraction (ε): torch's AdaGrad 1e-10 and Adam 1e-8; the book's 1e-7.
* Adam: torch corrects both means and adds ε to the corrected root; the book corrects the rate and adds ε to the uncorrected
  root.
* rmsprop: torch forgets with 0.99, ε outside of the root; so does the book's, with ε 1e-7.

Weights and states are float64 arrays of any shape. A rule is a pure function: nothing is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.foundations.unit_functions import RealArray

Convention: TypeAlias = Literal["torch", "book"]
RuleState: TypeAlias = Mapping[str, RealArray]


class RuleSettings(NamedTuple):
    """What the rules take. `forgetting` is rmsprop's share of the old mean, `epsilon` None: the convention's own."""

    lr: float
    momentum: float = 0.9
    forgetting: float = 0.99
    beta1: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.01  # AdamW's alone
    epsilon: float | None = None
    convention: Convention = "torch"

    def small(self, torchs: float) -> float:
        if self.epsilon is not None:
            return self.epsilon
        return torchs if self.convention == "torch" else 1e-7


class Update(NamedTuple):
    """One step: the new weights, the states by name, and what the step was made of."""

    weights: RealArray
    state: RuleState
    step: RealArray  # what was added to the weights
    scale: RealArray | None  # the factor of the gradient, or of its mean, for each weight, where the rule has one


DescentRule: TypeAlias = Callable[[RuleSettings, RuleState, RealArray, RealArray, int], Update]


def _zeros(state: RuleState, name: str, like: RealArray) -> RealArray:
    return state[name] if name in state else np.zeros_like(like)


def _plain(settings: RuleSettings, _state: RuleState, weights: RealArray, gradient: RealArray, _t: int) -> Update:
    step = -settings.lr * gradient
    return Update(weights + step, {}, step, None)


def _momentum(settings: RuleSettings, state: RuleState, weights: RealArray, gradient: RealArray, _t: int) -> Update:
    velocity = settings.momentum * _zeros(state, "velocity", weights)
    if settings.convention == "torch":
        velocity = velocity + gradient
        step = -settings.lr * velocity
    else:
        velocity = velocity - settings.lr * gradient
        step = velocity
    return Update(weights + step, {"velocity": velocity}, step, None)


def _nesterov(settings: RuleSettings, state: RuleState, weights: RealArray, gradient: RealArray, _t: int) -> Update:
    """Both conventions look ahead by the velocity that is to come: g + βv, or β·v - lr·g with the book's v."""
    beta, velocity = settings.momentum, _zeros(state, "velocity", weights)
    if settings.convention == "torch":
        velocity = beta * velocity + gradient
        step = -settings.lr * (gradient + beta * velocity)
    else:
        velocity = beta * velocity - settings.lr * gradient
        step = beta * velocity - settings.lr * gradient
    return Update(weights + step, {"velocity": velocity}, step, None)


def _adagrad(settings: RuleSettings, state: RuleState, weights: RealArray, gradient: RealArray, _t: int) -> Update:
    squares = _zeros(state, "squares", weights) + gradient**2
    scale = settings.lr / (np.sqrt(squares) + settings.small(1e-10))
    return Update(weights - scale * gradient, {"squares": squares}, -scale * gradient, scale)


def _rmsprop(settings: RuleSettings, state: RuleState, weights: RealArray, gradient: RealArray, _t: int) -> Update:
    kept = settings.forgetting
    squares = kept * _zeros(state, "squares", weights) + (1 - kept) * gradient**2
    scale = settings.lr / (np.sqrt(squares) + settings.small(1e-8))
    return Update(weights - scale * gradient, {"squares": squares}, -scale * gradient, scale)


def _adam(settings: RuleSettings, state: RuleState, weights: RealArray, gradient: RealArray, t: int) -> Update:
    beta1, beta2 = settings.beta1, settings.beta2
    mean = beta1 * _zeros(state, "mean", weights) + (1 - beta1) * gradient
    squares = beta2 * _zeros(state, "squares", weights) + (1 - beta2) * gradient**2
    if settings.convention == "torch":
        root = np.sqrt(squares) / np.sqrt(1 - beta2**t) + settings.small(1e-8)
        scale = settings.lr / (1 - beta1**t) / root
    else:
        rate = settings.lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        scale = rate / (np.sqrt(squares) + settings.small(1e-8))
    return Update(weights - scale * mean, {"mean": mean, "squares": squares}, -scale * mean, scale)


def _adamw(settings: RuleSettings, state: RuleState, weights: RealArray, gradient: RealArray, t: int) -> Update:
    decayed = weights * (1 - settings.lr * settings.weight_decay)
    update = _adam(settings, state, decayed, gradient, t)
    return update._replace(step=update.weights - weights)


RULES: dict[str, DescentRule] = {
    "gd": _plain,
    "sgd": _plain,  # the same rule; its gradient is that of a part of the samples
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}


def steps(
    rule: str, settings: RuleSettings, start: RealArray, gradient_at: Callable[[RealArray], RealArray]
) -> Iterator[Update]:
    """The updates one after the other, without end, from `start`."""
    weights: RealArray = np.asarray(start, np.float64)
    state: RuleState = {}
    t = 0
    while True:
        t += 1
        update = RULES[rule](settings, state, weights, gradient_at(weights), t)
        weights, state = update.weights, update.state
        yield update


def path(
    rule: str, settings: RuleSettings, start: RealArray, gradient_at: Callable[[RealArray], RealArray], count: int
) -> RealArray:
    """The start and where `count` updates lead: (count + 1, ...)."""
    found = steps(rule, settings, start, gradient_at)
    return np.stack([np.asarray(start, np.float64), *(next(found).weights for _ in range(count))])


def largest_stable_rate(rule: str, curvature: float, momentum: float = 0.9) -> float:
    """The learning rate above which a quadratic of this curvature (second derivative) is left for good, of the rules that have
    a fixed one: 2/λ; (2 + 2β)/λ with momentum (Polyak, 1964); (2 + 2β)/((1 + 2β) λ) with Nesterov's."""
    factors = {
        "gd": 2.0,
        "sgd": 2.0,
        "momentum": 2 + 2 * momentum,
        "nesterov": (2 + 2 * momentum) / (1 + 2 * momentum),
    }
    if rule not in factors:
        raise ValueError(f"{rule} scales its steps by its gradients and has no fixed limit")
    return factors[rule] / curvature
