"""Runs on disk: one folder a run, written by the engine while it trains, read back to look at it or to go on.

    experiment.toml      what is run
    metrics.jsonl        every step's and epoch's measurements, appended about twice a second
    weights.safetensors  the weights alone, for whoever wants them
    resume.safetensors   the newest checkpoint: weights, optimiser and random states, and in its header how it was trained
    status.json          how far it is, or why it ended
    moments.bin          the weights at about 200 moments (`engine.runs.timeline.kept_weights`)
    origin.json          of a run that began at a moment of another one: which (`engine.runs.timeline.origin`)

After the second checkpoint `resume.older.safetensors` is the one before; while the run is on, `run.lock` is held by its owner.
No pickle, in either direction. Metrics and moments are appended to, every other file is replaced as a whole. torch is imported
only where tensors are read or written. Called by `engine.training.execution`, the command line and the window's list of runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import ValidationError

from engine.data.own.own_file import own_mark
from engine.doctor.diagnoses import Diagnosis, read_back
from engine.experiments.experiment import Experiment, ExperimentError, Training, read
from engine.experiments.schedules import pinned
from engine.fields import edited, fields
from engine.files import own_folder
from engine.runs.checkpoints import (
    OLDER,
    RESUME,
    Circumstances,
    KeptMoment,
    checkpoint_files,
    read_checkpoint,
    read_circumstances,
)
from engine.runs.failures import RunError, own_data_changed
from engine.runs.history import History, measured_last
from engine.runs.lock import is_in_use
from engine.runs.metrics import ReadMetrics, read_metrics
from engine.runs.status import Reason, Status, together_notices
from engine.runs.timeline.kept_weights import MOMENTS, KeptWeights
from engine.runs.timeline.origin import ORIGIN, read_origin

T = TypeVar("T")

EXPERIMENT = "experiment.toml"
METRICS = "metrics.jsonl"
WEIGHTS = "weights.safetensors"
STATUS = "status.json"
FILES = (EXPERIMENT, METRICS, WEIGHTS, RESUME, OLDER, STATUS, MOMENTS, ORIGIN)
MOST_STATUS_BYTES = 1_000_000
_decode_status = msgspec.json.Decoder(dict[str, Any]).decode


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
    status: dict[str, Any]  # as in status.json; empty when it is damaged, or the run was killed before it wrote one

    @classmethod
    def open(cls, path: Path) -> Run:
        """The run in the folder `path`. Raises RunError when there is none, or when its experiment is damaged."""
        if not path.is_dir():
            raise RunError("a_file" if path.exists() else "no_folder", folder=path)
        if not (path / EXPERIMENT).exists():
            raise RunError("no_run", folder=path, file=EXPERIMENT)
        try:
            experiment = read(path / EXPERIMENT)
        except ExperimentError as error:
            raise RunError("experiment", problem=error.phrase) from None
        return cls(path, experiment, read_status(path / STATUS))

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

    def keeping_its_course(self) -> Run:
        """This run, with the end of its schedule where the newest moment was kept with it: a schedule that ends with the run is
        not stretched by more epochs, because the iterations that are done have gone along it already."""
        training = self.experiment.training
        if pinned(training.schedule, training.epochs) == training.schedule:  # no such schedule
            return self
        with suppress(RunError):  # whether it can go on is found later
            kept = self.kept()
            if kept is not None and kept.experiment is not None and kept.experiment.training.epochs != training.epochs:
                schedule = pinned(training.schedule, kept.experiment.training.epochs)
                return replace(self, experiment=edited(self.experiment, training=edited(training, schedule=schedule)))
        return self

    def history(self, last_step: int | None = None) -> History:
        """Everything it has measured, up to `last_step`. Raises RunError."""
        return self.metrics(last_step).history

    def metrics(
        self, last_step: int | None = None, last_lr: float | None = None, settings: Mapping[str, Any] | None = None
    ) -> ReadMetrics:
        """The same, and how much of the file it is, up to a moment at `last_step` whose learning rate was `last_lr`, and whose
        other changeable settings were `settings`. Raises RunError."""
        try:
            return read_metrics(self.path / METRICS, last_step, last_lr, settings)
        except OSError as error:
            raise RunError("unreadable", file=self.path / METRICS, error=error) from None

    def summary(self) -> RunSummary:
        """What a screen shows of it; no weights are read, torch is not imported. Raises RunError."""
        kept = self.kept() or Circumstances(0, self.experiment.training.lr, 0.0)
        step = kept.step
        history = self.metrics(step, kept.lr, kept.settings).history
        each = self.steps_per_epoch(history)
        epochs, best = self.experiment.training.epochs, self._best_epoch(history, step)
        status = Status(
            reason=self._reason(),
            step=step,
            steps=each * epochs,
            epoch=min(step // each + 1, epochs) if each else 0,
            epochs=epochs,
            seconds=kept.seconds,
            device=str(self.status.get("device", "")),
            processes=self._count("processes"),
            together=self.together,
            notices=together_notices(self.together),
            lr=kept.lr,
            folder=self.path,
            origin=read_origin(self.path),
            measured=len(history.epochs),
            diagnoses=self.diagnoses(step),
            best_epoch=best,
            **measured_last(history, best),
        )
        return RunSummary(self.experiment, history, status)

    @property
    def together(self) -> int:
        """How many runs have learned in one batched computation, this one among them."""
        return self._count("together")

    def _count(self, name: str) -> int:
        said = self.status.get(name)
        return said if type(said) is int and said > 0 else 1

    def diagnoses(self, last_step: int) -> tuple[Diagnosis, ...]:
        """What was found of it up to `last_step`, in the order seen."""
        return tuple(found for found in read_back(self.status.get("diagnoses")) if found.step <= last_step)

    def kept(self) -> Circumstances | None:
        """What the newest moment that opens was kept with; None when there is no moment. No weights are read. Raises
        RunError."""
        return _first_that_opens(read_circumstances, self.path)

    def learned_from(self) -> str | None:
        """The mark of the own file that the run has learned from; None: there is none, or it is not known."""
        kept = self._kept_if_it_opens()
        return None if kept is None or self.experiment.data.path is None else kept.own_data

    def require_own_data(self) -> None:
        """Raises RunError where the own file of the experiment is not what the run has learned from: its weights know another
        text, or another series. A file that cannot be read says why where it is loaded."""
        kept, path = self._kept_if_it_opens(), self.experiment.data.path
        if kept is None or kept.own_data is None or own_mark(path) in (None, kept.own_data):
            return
        before = None if kept.experiment is None else kept.experiment.data.path
        if before in (None, path):
            raise own_data_changed(path)
        raise RunError("experiment_changed", file=self.path / EXPERIMENT, key="data.path", before=before, now=path)

    def _kept_if_it_opens(self) -> Circumstances | None:
        """A damaged checkpoint hinders nobody from looking at the weights beside it."""
        try:
            return self.kept()
        except RunError:
            return None

    def steps_per_epoch(self, history: History) -> int:
        """As its status says, or else the first epoch of its history; 0 where neither does."""
        steps, epochs = self.status.get("steps"), self.status.get("epochs")
        if isinstance(steps, int) and isinstance(epochs, int) and 0 < epochs <= steps:
            return steps // epochs
        return int(history.epochs.since()[0][0]) if len(history.epochs) else 0

    def _reason(self) -> Reason | None:
        try:
            return Reason(self.status.get("reason"))
        except ValueError:
            return None

    def _best_epoch(self, history: History, step: int) -> int | None:
        """Whose weights were taken at the end; None where the run has gone on since, or none were."""
        best = self.status.get("best_epoch")
        ended = self._reason() is Reason.COMPLETED and self.status.get("step") == step
        return best if ended and isinstance(best, int) and 0 < best <= len(history.epochs) else None

    def moment(self) -> KeptMoment | None:
        """The newest moment that opens; None when the run was killed before the first. Raises RunError when none opens."""
        return _first_that_opens(read_checkpoint, self.path)

    def timeline(self) -> KeptWeights:
        """The weights at the moments that were kept, up to the one that it would go on from; none of an early version's run."""
        return KeptWeights.of_run(self.path)

    def weights(self) -> dict[str, Any]:
        """The weights by name, as torch tensors. Raises RunError."""
        from safetensors import SafetensorError, safe_open

        file = self.path / WEIGHTS
        try:
            with safe_open(file, "pt") as content:  # copies: the file may be replaced while they are in use
                return {name: content.get_tensor(name).clone() for name in content.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise RunError("unreadable", file=file, error=error) from None


def _first_that_opens(read_file: Callable[[Path], T], folder: Path) -> T | None:
    """What `read_file` says of the first of a folder's checkpoints that it can read. Raises the newest one's RunError."""
    refused: RunError | None = None
    for file in checkpoint_files(folder):
        try:
            return read_file(file)
        except RunError as error:
            refused = refused or error
    if refused is not None:
        raise refused
    return None


def newest_run(root: Path, suits: Callable[[Experiment], bool] = lambda _experiment: True) -> Run | None:
    """The run in `root`, a folder of runs, whose moment was kept last, of an experiment that `suits`, unless it is under way;
    None where no such run can be gone on with. No weights are read, torch is not imported."""
    found = []
    for folder in subfolders(root):
        with suppress(OSError):
            found += [(file.stat().st_mtime_ns, folder) for file in checkpoint_files(folder)[:1]]
    for _, folder in sorted(found, reverse=True):
        with suppress(RunError):
            run = Run.open(folder)
            if suits(run.experiment) and run.kept() is not None and not is_in_use(folder):
                return run
    return None


def subfolders(root: Path) -> list[Path]:
    """The folders in `root`; none where there is no such folder."""
    try:
        return [entry for entry in root.iterdir() if entry.is_dir()]
    except OSError:
        return []


def read_status(file: Path) -> dict[str, Any]:
    """What a run says of itself in the file; nothing depends on it: a damaged one says nothing."""
    try:
        with file.open("rb", buffering=0) as opened:
            content = opened.read(MOST_STATUS_BYTES + 1)
        return _decode_status(content) if len(content) <= MOST_STATUS_BYTES else {}
    except (msgspec.DecodeError, RecursionError, OSError):
        return {}
