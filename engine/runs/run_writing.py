"""A run's folder while the run is on: what the training thread writes there, file by file.

torch is imported only where tensors are written. Called by `engine.training.execution`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.data.own.own_file import own_mark
from engine.doctor.diagnoses import written
from engine.experiments.experiment import Experiment, to_toml
from engine.experiments.mid_run import changed_rows
from engine.experiments.problems import CannotRunError, RunProblem
from engine.files import replace_file, sweep_parts
from engine.runs.checkpoints import RESUME, write_checkpoint
from engine.runs.folder import EXPERIMENT, FILES, METRICS, STATUS, WEIGHTS, Run
from engine.runs.history import History, best_validation
from engine.runs.lock import FolderLock
from engine.runs.metrics import MetricsLog, ReadMetrics
from engine.runs.moment import Moment
from engine.runs.status import Status
from engine.runs.timeline.kept_weights import MOMENTS, WeightLog
from engine.words import Phrase

if TYPE_CHECKING:
    from torch import Tensor


class RunFolder:
    """A run that is being written. What the disk does not take ends nothing: it is in `unsaved` until the same file has been
    written."""

    def __init__(
        self, path: Path, history: History, experiment: Experiment | None = None, lock: FolderLock | None = None
    ) -> None:
        self.path = path
        self.unsaved: dict[str, str] = {}  # a file's name -> why it could not be written
        self.processes = 1  # that compute the run
        self.is_rewritten = False  # the metrics had been changed by somebody else, and were written anew
        self._experiment = experiment or Experiment()
        self._own_data = own_mark(self._experiment.data.path)
        self._lock = lock
        self._history = history
        self._metrics = MetricsLog(path / METRICS, history)

    @classmethod
    def begin(cls, path: Path, experiment: Experiment, history: History) -> RunFolder:
        """Make `path` the folder of a new run, which has measured `history` already, and own it. Raises CannotRunError when it
        holds one already, or a file that a run would replace, or when it cannot be written."""
        lock = None
        try:
            path.mkdir(parents=True, exist_ok=True)
            lock = FolderLock(path)
            for name in FILES:
                if (path / name).exists():
                    raise CannotRunError("folder_taken", folder=str(path), file=name)
            replace_file(path / EXPERIMENT, to_toml(experiment))
            MetricsLog(path / METRICS, history).rewrite()
        except BaseException as error:
            if lock is not None:
                lock.release()
            if isinstance(error, OSError):
                raise CannotRunError("folder_unwritable", folder=str(path), error=error.strerror or str(error)) from None
            raise
        return cls(path, history, experiment, lock)

    @classmethod
    def go_on(cls, run: Run, lock: FolderLock, experiment: Experiment, kept: ReadMetrics) -> RunFolder:
        """Go on writing the run, of whose folder `lock` is. `kept` is what it had measured by the moment that it goes on from:
        what came later is taken away. `experiment` is the folder's from now on. Raises OSError."""
        sweep_parts(run.path, FILES)
        if not kept.is_whole:
            MetricsLog(run.path / METRICS, kept.history).rewrite()
        if run.experiment != experiment:
            replace_file(run.path / EXPERIMENT, to_toml(experiment))
        return cls(run.path, kept.history, experiment, lock)

    def leave(self) -> None:
        """Give the folder up: another run may own it."""
        if self._lock is not None:
            self._lock.release()

    def append_metrics(self, *, durable: bool = False) -> None:
        """Bring metrics.jsonl up to the history."""
        with self._saving(METRICS):
            self.is_rewritten |= self._metrics.append(durable=durable)

    def append_weights(self, log: WeightLog, last_step: int) -> None:
        """Bring moments.bin up to what has been taken up to `last_step`."""
        with self._saving(MOMENTS):
            log.flush(last_step)

    def save_moment(self, moment: Moment, seconds: float, threads: int) -> None:
        """Keep the moment, so that the run can go on from there. The metrics up to it are written first."""
        self.append_metrics(durable=True)
        with self._saving(RESUME):
            write_checkpoint(self.path, moment, seconds, threads, self._experiment, self._own_data, self.processes)
        self.save_weights(
            {name.removeprefix("model."): tensor for name, tensor in moment.tensors.items() if name.startswith("model.")}
        )
        if not (self.path / EXPERIMENT).exists() or EXPERIMENT in self.unsaved:  # somebody has removed it
            with self._saving(EXPERIMENT):
                replace_file(self.path / EXPERIMENT, to_toml(self._experiment))

    def save_weights(self, weights: dict[str, Tensor]) -> None:
        """Keep the weights for whoever wants them: the moment's, or at the end the best of the run."""
        from safetensors.torch import save

        with self._saving(WEIGHTS):
            replace_file(self.path / WEIGHTS, save(weights))

    def save_status(self, status: Status) -> None:
        """Keep what the screen shows of the run. It may be lost in a power failure: nothing depends on it."""
        accuracy, loss = best_validation(self._history)
        entries = _as_json(status) | {
            "measured": len(self._history.epochs),
            "changed": changed_rows(self._history.changes),
            "best_validation_accuracy": accuracy,
            "best_validation_loss": loss,
        }
        content = msgspec.json.format(msgspec.json.encode(entries), indent=2) + b"\n"
        with self._saving(STATUS):
            replace_file(self.path / STATUS, content, durable=False)

    @contextmanager
    def _saving(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.unsaved = self.unsaved | {name: error.strerror or str(error)}  # a new one: other threads read it
        else:
            if name in self.unsaved:
                self.unsaved = {file: why for file, why in self.unsaved.items() if file != name}


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
        "processes": status.processes,
        "together": status.together,
        "lr": status.lr,
        "loss": status.loss,
        "accuracy": status.accuracy,
        "train_loss": status.train_loss,
        "train_accuracy": status.train_accuracy,
        "validation_loss": status.validation_loss,
        "validation_accuracy": status.validation_accuracy,
        "best_epoch": status.best_epoch,
        "diagnoses": written(status.diagnoses),
        "problem": _problem_as_json(problem) if problem else None,
    }


def _problem_as_json(problem: RunProblem) -> dict[str, Any]:
    return {"code": problem.code, "values": _said(problem.values), "message": problem.sentence()}


def _said(value: Any) -> Any:
    """`value` with its phrases said in English."""
    if isinstance(value, dict):
        return {name: _said(part) for name, part in value.items()}
    return value.say() if isinstance(value, Phrase) else value
