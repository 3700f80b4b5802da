"""Runs on disk: one folder a run, written by the engine while it trains, read back to look at it or to go on.

    experiment.toml      what is run
    metrics.jsonl        every step's and epoch's measurements, appended about twice a second
    weights.safetensors  the weights alone, for whoever wants them
    resume.safetensors   weights, optimiser and random states; step and learning rate as JSON in its header, so that
                         one replace changes all of it
    status.json          how far it is, or why it ended

No pickle, in either direction. Every file but the metrics is replaced as a whole. torch is imported only where tensors are
read or written. Called by `engine.training.execution`, the command line and the window's list of runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from engine.experiments.experiment import Experiment, ExperimentError, read, to_toml
from engine.experiments.problems import CannotRunError, RunProblem
from engine.files import own_folder, replace_file
from engine.runs.failures import RunError
from engine.runs.history import History
from engine.runs.metrics import MetricsLog, cut_metrics, read_metrics
from engine.runs.moment import Moment
from engine.runs.status import Status
from engine.words import Phrase

EXPERIMENT = "experiment.toml"
METRICS = "metrics.jsonl"
WEIGHTS = "weights.safetensors"
RESUME = "resume.safetensors"
STATUS = "status.json"


def default_root() -> Path:
    """Where runs go when nobody says otherwise: the user's data folder."""
    return own_folder("data") / "runs"


def new_folder(root: Path, name: str) -> Path:
    """Make an empty folder in `root` for a run called `name`, whose own name begins with date and time, so that names sort
    as time does. Two runs in one second get different folders. Raises OSError."""
    root.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[\W_]+", "-", name.lower()).strip("-")[:40].strip("-") or "run"
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{slug}"
    number = 1
    while True:
        folder = root / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


class RunFolder:
    """A run that is being written. Everything raises OSError when the disk does not take it."""

    def __init__(self, path: Path, history: History) -> None:
        self.path = path
        self._metrics = MetricsLog(path / METRICS, history)

    @classmethod
    def begin(cls, path: Path, experiment: Experiment, history: History) -> RunFolder:
        """Make `path` the folder of a new run. Raises CannotRunError when it holds one already, or a file that a run would
        replace, or when it cannot be written."""
        try:
            for name in (EXPERIMENT, METRICS, WEIGHTS, RESUME, STATUS):
                if (path / name).exists():
                    raise CannotRunError("folder_taken", folder=str(path), file=name)
            path.mkdir(parents=True, exist_ok=True)
            replace_file(path / EXPERIMENT, to_toml(experiment))
            replace_file(path / METRICS, "")
        except OSError as error:
            raise CannotRunError("folder_unwritable", folder=str(path), error=error.strerror or str(error)) from None
        return cls(path, history)

    @classmethod
    def go_on(cls, path: Path, history: History, last_step: int, lr: float) -> RunFolder:
        """Go on writing in the folder of a run that was kept at `last_step` with the learning rate `lr`; `history` is what it
        had measured by then."""
        cut_metrics(path / METRICS, last_step, lr)
        return cls(path, history)

    def note_lr(self, step: int, lr: float) -> None:
        self._metrics.note_lr(step, lr)

    def append_metrics(self) -> None:
        """Bring metrics.jsonl up to the history."""
        self._metrics.append()

    def save_moment(self, moment: Moment, seconds: float) -> None:
        """Keep the moment, so that the run can go on from there. The metrics up to it are written first."""
        from safetensors.torch import save

        self._metrics.append()
        numbers = msgspec.json.encode({"step": moment.step, "lr": moment.lr, "seconds": seconds}).decode()
        replace_file(self.path / RESUME, save(moment.tensors, {"layerscope": numbers}))
        weights = {name.removeprefix("model."): tensor for name, tensor in moment.tensors.items() if name.startswith("model.")}
        replace_file(self.path / WEIGHTS, save(weights))

    def save_status(self, status: Status) -> None:
        """Keep what the screen shows of the run."""
        content = msgspec.json.encode(_as_json(status))
        replace_file(self.path / STATUS, msgspec.json.format(content, indent=2) + b"\n")


def _as_json(status: Status) -> dict[str, Any]:
    problem = status.problem
    return {
        "state": status.state.value,
        "reason": status.reason.value if status.reason else None,
        "step": status.step,
        "steps": status.steps,
        "epoch": status.epoch,
        "epochs": status.epochs,
        "seconds": status.seconds,
        "samples_per_second": status.samples_per_second,
        "device": status.device,
        "lr": status.lr,
        "loss": status.loss,
        "accuracy": status.accuracy,
        "train_loss": status.train_loss,
        "train_accuracy": status.train_accuracy,
        "validation_loss": status.validation_loss,
        "validation_accuracy": status.validation_accuracy,
        "problem": _problem_as_json(problem) if problem else None,
    }


def _problem_as_json(problem: RunProblem) -> dict[str, Any]:
    return {"code": problem.code, "values": _said(problem.values), "message": problem.sentence()}


def _said(value: Any) -> Any:
    """`value` with its phrases said in English."""
    if isinstance(value, dict):
        return {name: _said(part) for name, part in value.items()}
    return value.say() if isinstance(value, Phrase) else value


@dataclass(frozen=True, slots=True)
class Run:
    """A run on disk, read."""

    path: Path
    experiment: Experiment
    status: dict[str, Any]  # as in status.json; empty when the run was killed before it wrote one

    @classmethod
    def open(cls, path: Path) -> Run:
        """The run in the folder `path`. Raises RunError when there is none, or when its small files are damaged."""
        if not path.is_dir():
            raise RunError("no_folder", folder=path)
        if not (path / EXPERIMENT).exists():
            raise RunError("no_run", folder=path, file=EXPERIMENT)
        try:
            experiment = read(path / EXPERIMENT)
        except ExperimentError as error:
            raise RunError("experiment", problem=error.phrase) from None
        return cls(path, experiment, _read_status(path / STATUS))

    def history(self, last_step: int | None = None) -> History:
        """Everything it has measured, up to `last_step`. Raises RunError."""
        try:
            return read_metrics(self.path / METRICS, last_step)
        except OSError as error:
            raise RunError("unreadable", file=self.path / METRICS, error=error) from None

    def moment(self) -> tuple[Moment, float] | None:
        """The moment that was kept last, and the seconds of running until then; None when it was killed before the
        first. Raises RunError."""
        file = self.path / RESUME
        if not file.exists():
            return None
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(file, "pt") as kept:
                # copies: the file may be replaced while they are in use
                tensors = {name: kept.get_tensor(name).clone() for name in kept.keys()}  # noqa: SIM118
                numbers = msgspec.json.decode((kept.metadata() or {})["layerscope"])
            moment = Moment(int(numbers["step"]), float(numbers["lr"]), tensors)
            return moment, float(numbers["seconds"])
        except (SafetensorError, KeyError, TypeError, ValueError, RecursionError, OSError) as error:
            raise RunError("damaged", file=file, error=error) from None

    def weights(self) -> dict[str, Any]:
        """The weights by name, as torch tensors. Raises RunError."""
        from safetensors import SafetensorError
        from safetensors.torch import load

        file = self.path / WEIGHTS
        try:
            return dict(load(file.read_bytes()))
        except (SafetensorError, OSError) as error:
            raise RunError("unreadable", file=file, error=error) from None


def _read_status(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, OSError) as error:
        raise RunError("damaged", file=file, error=error) from None
