"""Moments of a run on disk: one file of tensors with everything else as JSON in its header, so that one replace changes all.

The newest two are kept. What is read is checked: whatever comes out of here is a moment that a run could have been at. torch is
imported only where tensors are read or written. Called by `engine.runs.folder` and where a run is resumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.experiments.experiment import Experiment, ExperimentError, Training, parse, to_toml
from engine.experiments.mid_run import CHANGEABLE, checked, value_of
from engine.experiments.schedules import pinned
from engine.fields import fields
from engine.files import replace_file
from engine.runs.failures import RunError
from engine.runs.moment import Moment

if TYPE_CHECKING:
    from torch import Tensor

RESUME = "resume.safetensors"
OLDER = "resume.older.safetensors"  # the one before it
_ENTRY = "layerscope"  # of the header
MOST_LR = fields(Training)["lr"].high or inf
_RANGES: dict[str, tuple[float, float]] = {  # above or from, to
    "step": (0, 10**12),
    "lr": (0.0, MOST_LR),
    "seconds": (0.0, 1e10),
    "threads": (1, 4096),
    "processes": (1, 10**6),
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a moment was kept with: how far the run was, and what its further losses depend on beside its tensors."""

    step: int
    lr: float
    seconds: float  # of running
    threads: int | None = None  # that computed it; None in a folder of an early version
    experiment: Experiment | None = None  # that was trained; the same
    settings: Mapping[str, Any] = field(default_factory=dict)  # of `CHANGEABLE` but the rate, as they were; the same
    own_data: str | None = None  # the mark of the own file that was learned from; None: there is none, or it is not known
    processes: int = 1  # that computed it, each with so many threads


@dataclass(frozen=True, slots=True)
class KeptMoment:
    moment: Moment
    kept: Circumstances


def checkpoint_files(folder: Path) -> list[Path]:
    """The files of moments in a run's folder, the newest first."""
    return [folder / name for name in (RESUME, OLDER) if (folder / name).exists()]


def write_checkpoint(
    folder: Path,
    moment: Moment,
    seconds: float,
    threads: int,
    experiment: Experiment,
    own_data: str | None = None,
    processes: int = 1,
) -> None:
    """Keep `moment` as the newest one in `folder`, with the mark of the own file that it has learned from; the one that was the
    newest is the older one then. Raises OSError, and leaves the newest as it was."""
    from safetensors.torch import save

    changed = {name: value for name, value in moment.settings.items() if value != value_of(experiment, name)}
    numbers = {"step": moment.step, "lr": moment.lr, "seconds": seconds, "threads": threads, "experiment": to_toml(experiment)}
    numbers |= {"changed": changed} | ({} if own_data is None else {"own_data": own_data})
    numbers |= {} if processes == 1 else {"processes": processes}
    content = save(moment.tensors, {_ENTRY: msgspec.json.encode(numbers).decode()})
    replace_file(folder / RESUME, content, older=folder / OLDER)


def drop_newest(folder: Path) -> None:
    """Make the older moment the newest one. Raises OSError."""
    (folder / OLDER).replace(folder / RESUME)


def read_circumstances(file: Path) -> Circumstances:
    """What the moment in `file` was kept with; its tensors are not read. Raises RunError."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "np") as kept:
            return _circumstances(file, kept.metadata())
    except (SafetensorError, OSError) as error:
        raise RunError("damaged", file=file, error=error) from None


def read_checkpoint(file: Path) -> KeptMoment:
    """The moment in `file`. Raises RunError when it is damaged, or holds what no run could have kept."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "pt") as content:
            kept = _circumstances(file, content.metadata())
            # copies: the file may be replaced while they are in use
            tensors = {name: content.get_tensor(name).clone() for name in content.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        if isinstance(error, RunError):
            raise
        raise RunError("damaged", file=file, error=error) from None
    if not are_numbers(tensors):
        raise RunError("not_finite", file=file)
    return KeptMoment(Moment(kept.step, kept.lr, tensors, kept.settings), kept)


def are_numbers(tensors: dict[str, Tensor]) -> bool:
    """Whether all weights of a moment are finite."""
    return all(
        bool(tensor.isfinite().all()) for name, tensor in tensors.items() if name.startswith("model.") and tensor.numel()
    )


def _circumstances(file: Path, header: dict[str, str] | None) -> Circumstances:
    try:
        entry = msgspec.json.decode((header or {})[_ENTRY], type=dict[str, Any])
    except (KeyError, msgspec.DecodeError, RecursionError) as error:
        raise RunError("damaged", file=file, error=f"{type(error).__name__}: {error}") from None
    experiment = _experiment(entry.get("experiment"))
    return Circumstances(
        step=_whole(file, entry, "step"),
        lr=_number(file, entry, "lr"),
        seconds=_number(file, entry, "seconds"),
        threads=_whole(file, entry, "threads") if "threads" in entry else None,
        experiment=experiment,
        settings=_settings(file, experiment, entry.get("changed", {})),
        own_data=mark if isinstance(mark := entry.get("own_data"), str) else None,
        processes=_whole(file, entry, "processes") if "processes" in entry else 1,
    )


def _settings(file: Path, experiment: Experiment | None, changed: object) -> dict[str, Any]:
    """Those of the experiment, but for what was changed in mid-run."""
    own = {} if experiment is None else {name: value_of(experiment, name) for name in CHANGEABLE if name != "lr"}
    if experiment is not None:  # the run may be a longer one now
        own["schedule"] = pinned(experiment.training.schedule, experiment.training.epochs)
    try:
        return own | {name: checked(name, value) for name, value in dict(changed).items()}  # type: ignore[call-overload]
    except (TypeError, ValueError) as error:
        raise RunError("damaged", file=file, error=f"{type(error).__name__}: {error}") from None


def _whole(file: Path, entry: dict[str, Any], name: str) -> int:
    value = _number(file, entry, name)
    if not isinstance(value, int):
        raise RunError("no_such_number", file=file, name=name, value=value)
    return value


def _number(file: Path, entry: dict[str, Any], name: str) -> float:
    value = entry.get(name)
    low, high = _RANGES[name]
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not (low < value <= high or (value == low and name != "lr"))
    ):
        raise RunError("no_such_number", file=file, name=name, value=value)
    return value


def _experiment(text: object) -> Experiment | None:
    """None where it cannot be read any more: then the folder's own file is all that is known."""
    try:
        return parse(text) if isinstance(text, str) else None
    except ExperimentError:
        return None
