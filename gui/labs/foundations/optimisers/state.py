"""The whole state of the board of optimisers as one frozen value: surface, start, rules with their settings, noise, and how it
is looked at. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta

from engine.fields import edited, setting
from engine.foundations.boards.optimisers.suited import DIGIT_RATES, SUITED, known_surface
from gui.labs.foundations.board_state import BoardLink, BoardState

SurfaceName: TypeAlias = Literal["round_bowl", "valley", "rosenbrock", "saddle", "beale", "ripples", "formula"]
RuleName: TypeAlias = Literal["gd", "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
OptimisersTopic: TypeAlias = Literal["paths", "update", "stability", "conventions", "batch", "digits"]

MOST_STEPS, MOST_SAMPLES, FARTHEST = 400, 128, 1e6
Rate = Annotated[float, setting(1e-8, 1e4, slider=(1e-4, 10.0), scale="log")]
Kept = Annotated[float, setting(0.0, below=1.0, slider=(0.0, 0.999), step=0.01)]
StartPlace = Annotated[float, setting(-FARTHEST, FARTHEST, slider=(-10.0, 10.0), step=0.1)]


class OptimisersState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`rules` are drawn, `looked` is the one that is taken apart. `formula` and `reach` are of an own surface. The gradient of
    "sgd" (of all rules, where `all_noisy`) is that of `batch` of `samples`, whose own gradients have the deviation `spread`
    from the surface's. From step `later_from` on the rates are `later_factor` times as large. `step` is how many steps have
    been gone; `epsilon` None is the convention's own; `digit_iterations` are of the network that learns digits. The rates are
    those of what is shown, a surface or the digits; `rates_aside` those of the other one, None where nobody has set them."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"step", "apart", "log_height", "rates_aside"})

    topic: OptimisersTopic = "paths"
    surface: SurfaceName = "valley"
    formula: Annotated[str, Meta(max_length=1000)] = "x**2 / 8 + y**2 + sin(2*x)"
    reach: Annotated[float, setting(0.1, 1000.0, slider=(1.0, 20.0), scale="log")] = 4.0
    start_x: StartPlace = -7.0
    start_y: StartPlace = 2.0
    rules: Annotated[tuple[RuleName, ...], Meta(max_length=8)] = ("gd", "momentum", "adagrad", "adam")
    looked: RuleName = "momentum"
    convention: Literal["torch", "book"] = "torch"
    gd_lr: Rate = 0.95
    sgd_lr: Rate = 0.95
    momentum_lr: Rate = 0.1
    momentum_beta: Kept = 0.9
    nesterov_lr: Rate = 0.1
    nesterov_beta: Kept = 0.9
    adagrad_lr: Rate = 1.5
    rmsprop_lr: Rate = 0.2
    rmsprop_alpha: Kept = 0.99
    adam_lr: Rate = 0.3
    adam_beta1: Kept = 0.9
    adam_beta2: Kept = 0.999
    adamw_lr: Rate = 0.3
    adamw_beta1: Kept = 0.9
    adamw_beta2: Kept = 0.999
    adamw_decay: Annotated[float, setting(0.0, 10.0, slider=(0.0, 0.5), step=0.01)] = 0.01
    epsilon: Annotated[float, setting(1e-16, 1.0, slider=(1e-10, 1e-2), scale="log", usual=1e-8)] | None = None
    later_factor: Annotated[float, setting(1e-3, 1e3, slider=(0.1, 10.0), scale="log")] = 1.0
    later_from: Annotated[int, setting(0, MOST_STEPS, slider=(0, 100))] = 10
    samples: Annotated[int, setting(3, MOST_SAMPLES)] = 64
    batch: Annotated[int, setting(1, MOST_SAMPLES, slider=(1, 64), scale="log")] = 8
    spread: Annotated[float, setting(0.0, 100.0, slider=(0.0, 5.0), step=0.1)] = 1.0
    seed: Annotated[int, setting(0, 9999, slider=(0, 20))] = 0
    all_noisy: bool = False
    steps: Annotated[int, setting(1, MOST_STEPS, slider=(1, 200))] = 29
    step: Annotated[int, setting(0, MOST_STEPS)] = 29
    digit_iterations: Annotated[int, setting(1, 5000, slider=(100, 2000), step=100)] = 2000
    rates_aside: Annotated[tuple[Rate, ...], Meta(min_length=8, max_length=8)] | None = None
    apart: bool = False  # a picture for each rule, instead of all paths in one
    log_height: bool = True

    @property
    def shown_step(self) -> int:
        """The step that is looked at: not beyond the last one."""
        return min(self.step, self.steps)

    def rate(self, rule: RuleName) -> float:
        return float(getattr(self, f"{rule}_lr"))


OF_RULES: Mapping[RuleName, tuple[str, ...]] = {
    "gd": ("gd_lr",),
    "sgd": ("sgd_lr",),
    "momentum": ("momentum_lr", "momentum_beta"),
    "nesterov": ("nesterov_lr", "nesterov_beta"),
    "adagrad": ("adagrad_lr", "epsilon"),
    "rmsprop": ("rmsprop_lr", "rmsprop_alpha", "epsilon"),
    "adam": ("adam_lr", "adam_beta1", "adam_beta2", "epsilon"),
    "adamw": ("adamw_lr", "adamw_beta1", "adamw_beta2", "adamw_decay", "epsilon"),
}
NOISE = ("samples", "batch", "spread", "seed")  # where a rule reads batches


def on_surface(state: OptimisersState, name: SurfaceName) -> OptimisersState:
    """The state on another surface: from its own start, with the rates and the number of steps that suit it."""
    suited = SUITED[name]
    known = known_surface(name)
    x, y = known.start if known is not None else (-0.6 * state.reach, 0.6 * state.reach)
    rates = {f"{rule}_lr": rate for rule, rate in suited.rates.items()}
    return edited(state, surface=name, start_x=x, start_y=y, steps=suited.steps, step=suited.steps, **rates)


def on_topic(state: OptimisersState, topic: OptimisersTopic) -> OptimisersState:
    """The state at another topic. Surfaces and digits want other rates: each has its own, which come with it."""
    if (topic == "digits") == (state.topic == "digits"):
        return edited(state, topic=topic)
    suited = DIGIT_RATES if topic == "digits" else SUITED[state.surface].rates
    others = state.rates_aside or tuple(suited[rule] for rule in OF_RULES)
    rates = {f"{rule}_lr": rate for rule, rate in zip(OF_RULES, others, strict=True)}
    return edited(state, topic=topic, rates_aside=tuple(state.rate(rule) for rule in OF_RULES), **rates)


def with_rule(state: OptimisersState, rule: RuleName, shown: bool) -> OptimisersState:
    """The state with a rule drawn, and looked at, or left out; the last one stays."""
    kept = tuple(name for name in OF_RULES if (name in state.rules and name != rule) or (name == rule and shown))
    if not kept:
        return state
    looked = rule if shown else state.looked if state.looked in kept else kept[0]
    return edited(state, rules=kept, looked=looked)


def fitted_optimisers(state: OptimisersState) -> OptimisersState:
    """The state with what depends on another field brought within it: a batch of at most all samples, a rule that is drawn."""
    rules = tuple(name for name in OF_RULES if name in state.rules) or (state.looked,)
    looked = state.looked if state.looked in rules else rules[0]
    batch = min(state.batch, state.samples)
    if (rules, looked, batch) == (state.rules, state.looked, state.batch):
        return state
    return edited(state, rules=rules, looked=looked, batch=batch)


_OWN_WAY = frozenset({"adagrad", "rmsprop", "adam", "adamw"})  # another one by each convention
_OWN_TERMS = frozenset({*_OWN_WAY, "momentum", "nesterov"})  # written otherwise; another way where the rate changes


def convention_counts(state: OptimisersState) -> bool:
    """Whether torch's and the book's conventions show anything else."""
    if state.topic == "update":
        return state.looked in _OWN_TERMS
    return not (_OWN_TERMS if state.later_factor != 1 else _OWN_WAY).isdisjoint(state.rules)


BOOKS: Mapping[str, str] = {"four-in-a-valley": "1.20", "four-on-digits": "1.21"}
LINKS: tuple[BoardLink, ...] = (
    BoardLink("digits", ("presets", "digits-cnn")),
    BoardLink("spirals", ("presets", "spirals-mlp")),
)
