"""The state of the board of over- and underfitting: which points, which model, which question is looked at. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from msgspec import Meta

from engine.fields import setting
from engine.foundations.boards.capacity.capacity_digits import FewSamplesPlan
from engine.foundations.boards.capacity.capacity_polynomials import MOST_DEGREE, KnownFunction, NoisyPoints, drawn_points
from gui.labs.foundations.board_state import BoardLink, BoardState

CapacityTopic: TypeAlias = Literal["fit", "learning_curve", "folds", "early_stopping", "few_samples"]
CapacityModel: TypeAlias = Literal["polynomial", "tanh_network"]
CapacityScan: TypeAlias = Literal["over_capacity", "over_decay"]

LEAST_POINTS, MOST_POINTS = 3, 60
FARTHEST = 3.0  # how far from 0 a point's value may be
OwnPoint = tuple[Annotated[float, Meta(ge=-1, le=1)], Annotated[float, Meta(ge=-FARTHEST, le=FARTHEST)]]

WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)
CURVE_COUNTS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 80, 120, 200)
CURVE_DRAWS = 20


class CapacityState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`points` are the user's own, once one was moved; empty: `samples` of them are drawn. `others` points validate. `decay`
    None is none. `fold` is the fold that is looked at, from 1 on; 0: none. `patience` and `min_change` are those of early
    stopping. The fields from `few` on are those of the 300 digits."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"scan", "fold"})

    topic: CapacityTopic = "fit"
    model: CapacityModel = "polynomial"
    truth: KnownFunction = "sine_wave"
    samples: Annotated[int, setting(LEAST_POINTS, MOST_POINTS)] = 15
    noise: Annotated[float, setting(0.0, 1.0, step=0.05)] = 0.3
    degree: Annotated[int, setting(0, MOST_DEGREE, slider=(0, 20))] = 3
    width: Annotated[int, setting(1, 48)] = 4
    decay: Annotated[float, setting(1e-10, 10.0, slider=(1e-8, 10.0), scale="log", usual=1e-3)] | None = None
    scan: CapacityScan = "over_capacity"
    folds: Annotated[int, setting(2, MOST_POINTS, slider=(2, 10))] = 5
    fold: Annotated[int, setting(0, MOST_POINTS, slider=(0, 10))] = 1
    lr: Annotated[float, setting(1e-5, 0.3, scale="log")] = 0.01
    epochs: Annotated[int, setting(10, 5000, slider=(100, 3000), step=100)] = 1500
    patience: Annotated[int, setting(1, 2000, slider=(1, 300))] = 50
    min_change: Annotated[float, setting(0.0, 1.0, slider=(0.0, 0.05), step=0.001)] = 0.0
    others: Annotated[int, setting(5, 300)] = 60
    seed: Annotated[int, setting(0, 2**31 - 1, slider=(0, 50))] = 11
    points: Annotated[tuple[OwnPoint, ...], Meta(max_length=MOST_POINTS)] = ()
    few: Annotated[int, setting(100, 2000, slider=(100, 1000), step=100)] = 300
    few_epochs: Annotated[int, setting(1, 1000, slider=(1, 301))] = 201
    few_decay: Annotated[float, setting(0.0, 1.0, slider=(0.0, 0.3), step=0.01)] = 0.0
    few_dropout: Annotated[float, setting(0.0, 0.9, slider=(0.0, 0.5), step=0.05)] = 0.0
    few_seed: Annotated[int, setting(0, 2**31 - 1, slider=(0, 20))] = 0


FORM = tuple(name for name in CapacityState.__struct_fields__ if name not in ("preset", "topic", "scan", "points"))
ROWS: Mapping[str, tuple[str, ...]] = {
    "fit": ("model", "truth", "samples", "noise", "degree", "width", "decay", "others", "seed"),
    "learning_curve": ("truth", "noise", "degree", "decay", "samples", "seed"),
    "folds": ("truth", "samples", "noise", "degree", "decay", "folds", "fold", "seed"),
    "early_stopping": (
        "truth",
        "samples",
        "noise",
        "width",
        "decay",
        "lr",
        "epochs",
        "patience",
        "min_change",
        "others",
        "seed",
    ),
    "few_samples": ("few", "few_epochs", "few_decay", "few_dropout", "few_seed"),
}

BOOKS: Mapping[str, str] = {"book-overfitting": "1.25", "book-weight-decay": "1.26", "book-dropout": "1.27"}
LINKS: tuple[BoardLink, ...] = (
    BoardLink("moons", ("presets", "moons-mlp")),
    BoardLink("poems", ("presets", "text-lstm")),
)


def shown_rows(state: CapacityState) -> tuple[str, ...]:
    """The fields that belong to what is looked at."""
    left_out = {"width" if state.model == "polynomial" else "degree"} if state.topic == "fit" else set()
    if state.points and state.topic != "learning_curve":
        left_out.add("samples")
    return tuple(name for name in ROWS[state.topic] if name not in left_out)


def train_points(state: CapacityState) -> NoisyPoints:
    """The points that are learned from: the user's own, or those drawn where these are too few."""
    if len(state.points) >= LEAST_POINTS:
        x, y = np.array(state.points, np.float64).T
        return NoisyPoints(x, y)
    return drawn_points(state.truth, state.samples, state.noise, seed=state.seed)


def validation_points(state: CapacityState) -> NoisyPoints:
    return drawn_points(state.truth, state.others, state.noise, seed=state.seed, stream=1)


def few_plan(state: CapacityState) -> FewSamplesPlan:
    return FewSamplesPlan(state.few, state.few_epochs, state.few_decay, state.few_dropout, state.few_seed)
