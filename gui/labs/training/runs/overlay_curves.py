"""Which curves lie over each other: one a run, one a group of repetitions with its band, or the differences of pairs with one
seed.

No Qt. Called by the overlay, which draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.experiments.experiment import Experiment
from engine.runs.history import History
from engine.runs.library.seed_statistics import Band, Curve, band, difference_curve
from engine.runs.library.setting_differences import seed_groups
from gui.labs.training.runs.run_rows import experiment_name
from gui.labs.training.runs.runs_view import MeasureName, RunsView, SplitPart

POINTS = 100.0  # of a percentage: how a difference of accuracies is written


@dataclass(frozen=True)
class FollowedCurve:
    """A pinned run, as far as it has been read."""

    folder: str
    look: int
    hidden: bool
    experiment: Experiment
    history: History


@dataclass(frozen=True)
class OverlaidCurve:
    """A curve of the overlay. `members` are the folders of the runs that it is made of; `is_mean`: it is drawn of several."""

    key: str
    name: str
    look: int
    steps: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    members: tuple[str, ...]
    band: Band | None = None
    faint: bool = False  # one of the curves that a mean is made of


def curve_of(history: History, measure: MeasureName, part: SplitPart) -> Curve:
    """Steps and values: of the validation an epoch each, of the training a step each. Without the steps that have no value."""
    steps, losses, accuracies = (history.validation if part == "validation" else history.train).since()
    values = losses if measure == "loss" else accuracies
    known = ~np.isnan(values)
    return steps[known], values[known]


def overlaid(runs: Sequence[FollowedCurve], view: RunsView, language: str = "en") -> tuple[OverlaidCurve, ...]:
    """The curves that `view` asks for, of the runs that are not hidden, with their names in `language`."""
    shown = [run for run in runs if not run.hidden]
    if view.shown == "each":
        return tuple(_of_run(run, view, language) for run in shown)
    groups = [[shown[number] for number in numbers] for numbers in seed_groups([run.experiment for run in shown])]
    if view.shown == "mean":
        return tuple(_of_group(group, view, language) for group in groups)
    return tuple(curve for group in groups[1:] for curve in _differences(groups[0], group, view, language))


def same_seed_pairs(
    one: Sequence[FollowedCurve], other: Sequence[FollowedCurve]
) -> tuple[tuple[FollowedCurve, FollowedCurve], ...]:
    """The runs of two groups that have one seed, each once, in the order of the first group."""
    left = list(other)
    found = []
    for run in one:
        partner = next((each for each in left if each.experiment.seed == run.experiment.seed), None)
        if partner is not None:
            left.remove(partner)
            found.append((run, partner))
    return tuple(found)


def _of_run(run: FollowedCurve, view: RunsView, language: str) -> OverlaidCurve:
    steps, values = curve_of(run.history, view.measure, view.part)
    name = experiment_name(run.experiment, language)
    return OverlaidCurve(run.folder, name, run.look, steps, values, (run.folder,))


def _of_group(group: Sequence[FollowedCurve], view: RunsView, language: str) -> OverlaidCurve:
    first = group[0]
    found = band([curve_of(run.history, view.measure, view.part) for run in group], view.band)
    members = tuple(run.folder for run in group)
    return OverlaidCurve(
        f"mean:{first.folder}",
        experiment_name(first.experiment, language),
        first.look,
        found.steps,
        found.mean,
        members,
        found if len(group) > 1 else None,
    )


def _differences(
    base: Sequence[FollowedCurve], group: Sequence[FollowedCurve], view: RunsView, language: str
) -> list[OverlaidCurve]:
    """The differences of all pairs of one seed, and of several pairs their mean with its band."""
    pairs = same_seed_pairs(base, group)
    name = " − ".join(experiment_name(each[0].experiment, language) for each in (group, base))
    scale = POINTS if view.measure == "accuracy" else 1.0
    curves = []
    for one, other in pairs:
        steps, values = difference_curve(*(curve_of(run.history, view.measure, view.part) for run in (one, other)))
        curves.append((steps, scale * values))
    found = [
        OverlaidCurve(
            f"difference:{one.folder}:{other.folder}",
            name,
            other.look,
            *curve,
            (one.folder, other.folder),
            faint=len(pairs) > 1,
        )
        for (one, other), curve in zip(pairs, curves, strict=True)
    ]
    if len(pairs) > 1:
        mean = band(curves, view.band)
        members = tuple(run.folder for pair in pairs for run in pair)
        found.append(
            OverlaidCurve(f"mean difference:{group[0].folder}", name, group[0].look, mean.steps, mean.mean, members, mean)
        )
    return found
