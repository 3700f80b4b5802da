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
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import ValidationError

from engine.experiments.experiment import Experiment, ExperimentError, Training, read, to_toml
from engine.experiments.problems import CannotRunError, RunProblem
from engine.fields import edited, fields
from engine.files import own_folder, replace_file
from engine.runs.failures import RunError
from engine.runs.history import History, measured_last
from engine.runs.metrics import MetricsLog, cut_metrics, read_metrics
from engine.runs.moment import Moment
from engine.runs.status import Reason, Status
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
    def go_on(cls, path: Path, experiment: Experiment, history: History, last_step: int, lr: float) -> RunFolder:
        """Go on writing in the folder of a run that was kept at `last_step` with the learning rate `lr`; `history` is what it
        had measured by then, `experiment` is the folder's from now on."""
        cut_metrics(path / METRICS, last_step, lr)
        if read(path / EXPERIMENT) != experiment:
            replace_file(path / EXPERIMENT, to_toml(experiment))
        return cls(path, history)

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
class RunSummary:
    """What there is to show of a run on disk, up to the moment that it would go on from."""

    experiment: Experiment
    history: History
    status: Status  # IDLE; its reason is None where the run was killed; step, steps, epochs, lr, losses and folder are set


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

    def longer(self, epochs: int) -> Run:
        """This run with more epochs in all. Raises RunError when they are not more than it has now, or too many."""
        training = self.experiment.training
        if epochs <= training.epochs:
            raise RunError("not_more_epochs", folder=self.path, epochs=training.epochs, asked=epochs)
        try:
            experiment = edited(self.experiment, training=edited(training, epochs=epochs))
        except ValidationError:
            raise RunError("too_many_epochs", asked=epochs, most=fields(Training)["epochs"].high) from None
        return replace(self, experiment=experiment)

    def history(self, last_step: int | None = None) -> History:
        """Everything it has measured, up to `last_step`. Raises RunError."""
        try:
            return read_metrics(self.path / METRICS, last_step)
        except OSError as error:
            raise RunError("unreadable", file=self.path / METRICS, error=error) from None

    def summary(self) -> RunSummary:
        """What a screen shows of it; no weights are read, torch is not imported. Raises RunError."""
        step, lr, seconds = self._numbers()
        history = self.history(step)
        each = self._steps_per_epoch(history)
        epochs = self.experiment.training.epochs
        status = Status(
            reason=self._reason(),
            step=step,
            steps=each * epochs,
            epoch=min(step // each + 1, epochs) if each else 0,
            epochs=epochs,
            seconds=seconds,
            device=str(self.status.get("device", "")),
            lr=lr,
            folder=self.path,
            measured=len(history.epochs),
            **measured_last(history),
        )
        return RunSummary(self.experiment, history, status)

    def _numbers(self) -> tuple[int, float, float]:
        """Step, learning rate and seconds of the moment that is kept; the beginning's where there is none. Raises RunError."""
        file = self.path / RESUME
        if not file.exists():
            return 0, self.experiment.training.lr, 0.0
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(file, "np") as kept:
                numbers = msgspec.json.decode((kept.metadata() or {})["layerscope"])
            return int(numbers["step"]), float(numbers["lr"]), float(numbers["seconds"])
        except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
            raise RunError("damaged", file=file, error=error) from None

    def _steps_per_epoch(self, history: History) -> int:
        """As the first epoch's row says, or else the status; 0 where neither does."""
        if len(history.epochs):
            return int(history.epochs.since()[0][0])
        steps, epochs = self.status.get("steps"), self.status.get("epochs")
        return steps // epochs if isinstance(steps, int) and isinstance(epochs, int) and epochs > 0 else 0

    def _reason(self) -> Reason | None:
        try:
            return Reason(self.status.get("reason"))
        except ValueError:
            return None

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
        except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
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


def newest_run(root: Path) -> Run | None:
    """The run in `root`, a folder of runs, whose moment was kept last; None where no run in it can be gone on with. No weights
    are read, torch is not imported."""
    found = []
    for folder in subfolders(root):
        with suppress(OSError):
            found.append(((folder / RESUME).stat().st_mtime_ns, folder))
    for _, folder in sorted(found, reverse=True):
        with suppress(RunError):
            return Run.open(folder)
    return None


def subfolders(root: Path) -> list[Path]:
    """The folders in `root`; none where there is no such folder."""
    try:
        return [entry for entry in root.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _read_status(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.DecodeError, OSError) as error:
        raise RunError("damaged", file=file, error=error) from None
