"""What the table of runs says of each: its cells as texts, the values that it is sorted by, and in what it differs from its
like.

No Qt. Called by the table's model and by its file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.experiments.mid_run import DROPOUT
from engine.experiments.naming import name_in
from engine.figures import UNKNOWN, fixed, full_count, in_digits, percent
from engine.layers.base import Layer
from engine.layers.layer_text import short
from engine.networks.network_text import network_text
from engine.runs.change_words import SETTING_WORDS, change_texts
from engine.runs.library.origin_text import origin_text
from engine.runs.library.run_list import ListedRun
from engine.runs.library.setting_differences import ABSENT, Absent, DifferingSetting, setting_differences
from engine.words import readable, say

COLUMNS = ("name", "state", "best_accuracy", "best_loss", "epochs", "begun", "origin", "data", "network", "seed", "differs")
NUMBERS = frozenset({"best_accuracy", "best_loss", "epochs", "seed"})


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, and in which settings it differs from the other runs of its data and kind of network: each without the others'
    values, with its own beside it."""

    run: ListedRun
    differs: tuple[tuple[DifferingSetting, Any], ...] = ()


def rows_of(runs: Sequence[ListedRun]) -> tuple[RunRow, ...]:
    """A row for each run."""
    alike: dict[object, list[int]] = defaultdict(list)
    for number, run in enumerate(runs):
        if run.experiment is not None:
            kinds = tuple(type(layer).__name__ for layer in run.experiment.network.layers)
            alike[run.experiment.data.name, kinds].append(number)
    found: dict[int, tuple[tuple[DifferingSetting, Any], ...]] = {}
    for numbers in alike.values():
        experiments = [experiment for number in numbers if (experiment := runs[number].experiment) is not None]
        settings = [row for row in setting_differences(experiments) if row.key != "seed"]
        bare = [replace(row, values=()) for row in settings]  # a thousand rows with a thousand values each are slow to compare
        for place, number in enumerate(numbers):
            own = [row.values[place] for row in settings]
            found[number] = tuple((row, value) for row, value in zip(bare, own, strict=True) if value is not ABSENT)
    return tuple(RunRow(run, found.get(number, ())) for number, run in enumerate(runs))


def shown_name(run: ListedRun, language: str) -> str:
    """What the run is called in the window: see `name_in`; of one that cannot be read, its folder's name."""
    return run.name if run.experiment is None else name_in(run.experiment, language)


def cell(row: RunRow, column: str, language: str, states: Mapping[str, str], when: Callable[[float], str]) -> str:
    """The text of a cell. `states` are the words of a run's standing, `when` writes a time."""
    run, experiment = row.run, row.run.experiment
    match column:
        case "name":
            return shown_name(run, language)
        case "state":
            return states[run.standing.value]
        case "begun":
            return when(run.begun)
        case "best_accuracy":
            return UNKNOWN if run.best_accuracy is None else percent(run.best_accuracy)
        case "best_loss":
            return UNKNOWN if run.best_loss is None else fixed(run.best_loss)
        case "origin":
            return UNKNOWN if run.origin is None else origin_text(run.origin, language)
        case "epochs":
            return f"{full_count(run.epochs_done)} / {full_count(run.epochs)}" if run.epochs else UNKNOWN
        case _ if experiment is None:
            return UNKNOWN
        case "data":
            return say("datasets", experiment.data.name, language)
        case "network":
            return _network_text(experiment.network.layers)
        case "seed":
            return str(experiment.seed)
    return " · ".join(_differs_said(row, language))


def _differs_said(row: RunRow, language: str) -> Iterator[str]:
    """The settings in which a run differs; those that were changed in mid-run too, as they were at both ends."""
    changed = {name for name, _, _ in row.run.changed}
    for name, before, after in row.run.changed:
        yield from change_texts(name, before, after, language)
    for setting, value in row.differs:
        if not _is_of(setting, changed):
            yield f"{setting_name(setting, language)} {value_text(value, language)}"


def _is_of(setting: DifferingSetting, changed: Collection[str]) -> bool:
    """Whether it is one of those that were changed in mid-run."""
    if setting.section == "network":
        return DROPOUT in changed and setting.kind == "Dropout" and setting.name == "p"
    return setting.section == "training" and setting.key.split(".")[1] in changed


def both_ends(setting: DifferingSetting, began: Any, ended: Any, language: str) -> str:
    """A setting's value; one that was changed in mid-run as the run began and as it had it last."""
    if setting.key == "data.name" and isinstance(began, str):
        return say("datasets", began, language)
    first, last = value_text(began, language), value_text(ended, language)
    return first if first == last else f"{first} → {last}"


def order(row: RunRow, column: str, language: str) -> tuple[bool, Any]:
    """What a column is sorted by; runs without a value come last in the rising order."""
    value = _value(row, column, language)
    return value is None, 0 if value is None else value


def _value(row: RunRow, column: str, language: str) -> Any:
    run, experiment = row.run, row.run.experiment
    match column:
        case "begun" | "best_accuracy" | "best_loss":
            return getattr(run, column)
        case "epochs":
            return run.epochs_done
        case "origin":
            return None if run.origin is None else (run.origin.run, run.origin.step)
        case "state":
            return run.standing.value
        case "name":
            return shown_name(run, language).casefold()
        case _ if experiment is None:
            return None
        case "data":
            return say("datasets", experiment.data.name, language)
        case "network":
            return _network_text(experiment.network.layers)
        case "seed":
            return experiment.seed
    return " ".join((*(f"{setting.key}={value!r}" for setting, value in row.differs), str(run.changed or "")))


@lru_cache(maxsize=1024)
def _network_text(layers: tuple[Layer, ...]) -> str:
    return network_text(layers)


def setting_name(setting: DifferingSetting, language: str) -> str:
    """A setting in words: Learning rate; Conv2d 1: Output channels."""
    if setting.layer is None:
        return (
            say(SETTING_WORDS, setting.name, language)
            if setting.section != "network"
            else say("fields", setting.name, language)
        )
    layer = f"{setting.layer}. {setting.kind}"
    return f"{layer}: {say('fields', setting.name, language)}" if setting.name else layer


def value_text(value: Any, language: str) -> str:
    """A setting's value as it is shown; a dash where there is none."""
    match value:
        case None | Absent():
            return UNKNOWN
        case bool():
            return say("choices", "yes" if value else "no", language)
        case float():
            return in_digits(value)
        case int():
            return full_count(value)
        case str():
            return say("choices", value, language)
        case Layer():
            return short(value, language)
        case tuple() if any(isinstance(part, Layer | tuple) for part in value):
            return "; ".join(value_text(part, language) for part in value)
    return readable(value)


def matches(row: RunRow, text: str, texts: Sequence[str]) -> bool:
    """Whether every word of `text` is in one of the row's `texts`, in its note, or in the name of its file or folder."""
    inside = " ".join((*texts, row.run.name, Path(row.run.path).name, row.run.note)).casefold()
    return all(word in inside for word in text.casefold().split())
