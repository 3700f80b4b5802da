"""Which curves lie over each other: one a run, one a group of repetitions with its band, or the differences of pairs with one
seed.

No Qt. Called by the overlay, which draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import with_values
from engine.experiments.naming import name_in, name_without_seed
from engine.runs.history import History
from engine.runs.library.run_list import begun_by_name
from engine.runs.library.seed_statistics import Band, Curve, band, difference_curve
from engine.runs.library.setting_differences import seed_groups
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

    @property
    def changes(self) -> tuple[tuple[int, str, Any], ...]:
        """What was set otherwise in mid-run: after which step, which setting of the training, to what."""
        others = ((change.step, change.name, change.after) for change in self.history.changes)
        return (*((step, "lr", lr) for step, lr in self.history.rates), *others)

    @property
    def ended(self) -> Experiment:
        """The experiment with the settings that the run had last."""
        last = {name: value for _, name, value in self.changes}
        return with_values(self.experiment, last)


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
    shown, names = [run for run in runs if not run.hidden], names_of(runs, language)
    if view.shown == "each":
        return tuple(_of_run(run, view, names[run.folder]) for run in shown)
    alike = seed_groups([run.experiment for run in shown], [run.changes for run in shown])
    groups = [[shown[number] for number in numbers] for numbers in alike]
    called = _group_names(groups, names, language)
    if view.shown == "mean":
        return tuple(_of_group(group, view, name) for group, name in zip(groups, called, strict=True))
    return tuple(
        curve
        for group, name in zip(groups[1:], called[1:], strict=True)
        for curve in _differences(groups[0], group, view, f"{name} − {called[0]}")
    )


def names_of(runs: Sequence[FollowedCurve], language: str = "en") -> dict[str, str]:
    """What each run is called, by folder; those of one name with the time at which they were begun."""
    names = {run.folder: name_in(run.experiment, language) for run in runs}
    times = {run.folder: began for run in runs if (began := begun_by_name(Path(run.folder).name)) is not None}
    found = dict(names)
    for name in set(names.values()):
        alike = [folder for folder, own in names.items() if own == name and folder in times]
        if len(alike) > 1:
            for form in ("%H:%M", "%H:%M:%S", "%m-%d %H:%M", "%m-%d %H:%M:%S"):
                written = {folder: f"{times[folder]:{form}}" for folder in alike}
                days = {times[folder].date() for folder in alike}
                if len(set(written.values())) == len(alike) and (len(days) == 1 or "%d" in form):
                    break
            found |= {folder: f"{name} · {time}" for folder, time in written.items()}
    return found


def _group_names(groups: Sequence[Sequence[FollowedCurve]], names: Mapping[str, str], language: str) -> list[str]:
    """What each group is called: several runs by the name that they share, where no other group has it, else by the first."""
    shared = [{name_without_seed(run.experiment, language) for run in group} for group in groups]
    return [
        min(own) if len(group) > 1 and len(own) == 1 and shared.count(own) == 1 else names[group[0].folder]
        for group, own in zip(groups, shared, strict=True)
    ]


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


def _of_run(run: FollowedCurve, view: RunsView, name: str) -> OverlaidCurve:
    steps, values = curve_of(run.history, view.measure, view.part)
    return OverlaidCurve(run.folder, name, run.look, steps, values, (run.folder,))


def _of_group(group: Sequence[FollowedCurve], view: RunsView, name: str) -> OverlaidCurve:
    first = group[0]
    found = band([curve_of(run.history, view.measure, view.part) for run in group], view.band)
    members = tuple(run.folder for run in group)
    return OverlaidCurve(
        f"mean:{first.folder}",
        name,
        first.look,
        found.steps,
        found.mean,
        members,
        found if len(group) > 1 else None,
    )


def _differences(
    base: Sequence[FollowedCurve], group: Sequence[FollowedCurve], view: RunsView, name: str
) -> list[OverlaidCurve]:
    """The differences of all pairs of one seed, and of several pairs their mean with its band."""
    pairs = same_seed_pairs(base, group)
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
