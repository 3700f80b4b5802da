"""The runs in a folder of runs, each with what a list shows of it.

A thousand of them in a fraction of a second: of each run, status and experiment are read only where the file is another one
than when it was read last, its measurements only where a killed process or an early version left no best values in the status.
What was read is kept in a file beside the runs; an entry of it counts only while the file that it was read from is the same,
and files that were changed a moment ago are read again each time. Neither torch nor any weights are read. Called by the command
line and by the window's list of runs."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from engine.experiments.experiment import Experiment, ExperimentError, read
from engine.experiments.mid_run import changed_settings
from engine.experiments.problems import RunProblem
from engine.files import replace_file
from engine.runs.checkpoints import OLDER, RESUME
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, read_status
from engine.runs.history import best_validation
from engine.runs.library.run_notes import NOTE, read_note
from engine.runs.lock import LOCK, is_in_use
from engine.runs.metrics import LARGEST, read_metrics
from engine.runs.status import Reason
from engine.runs.timeline.origin import ORIGIN, RunOrigin, read_origin
from engine.words import LANGUAGES, Phrase, printable

CACHE = ".runs.json"
FORMAT = 4  # of what is kept
SETTLED_NS = 3_000_000_000  # a file that was changed so lately may be changed again within one tick of its clock
MOST_CACHE_BYTES = 200_000_000
_BEGUN = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)")
_SHOWN = (
    "reason", "step", "steps", "epochs", "seconds", "measured", "problem", "lr", "changed",
    "best_validation_accuracy", "best_validation_loss",
)  # fmt: skip
_REASONS = {reason.value: reason for reason in Reason}

Stamp = tuple[int, int, int]  # of a file: when it was changed (ns), its size, which file it is


class Standing(Enum):
    """How a run on disk stands."""

    RUNNING = "running"  # some process owns the folder now
    STOPPED = "stopped"  # asked to, or killed
    COMPLETED = "completed"
    DIVERGED = "diverged"
    FAILED = "failed"
    DAMAGED = "damaged"  # its experiment cannot be read


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as a list shows it. `experiment` is None where it is damaged, or has not been read yet (`is_read`). The best values
    are those of the validation over all epochs that have been measured."""

    path: Path
    standing: Standing
    begun: float  # seconds since 1970
    experiment: Experiment | None = None
    is_read: bool = True
    problem: RunProblem | Phrase | None = None  # why it failed, diverged or is damaged
    step: int = 0
    steps: int = 0
    epochs_done: int = 0
    epochs: int = 0
    seconds: float = 0.0
    best_accuracy: float | None = None
    best_loss: float | None = None
    can_go_on: bool = False
    note: str = ""
    origin: RunOrigin | None = None  # the moment of another run that it began at
    lr: float | None = None  # as the run had it last; None: nobody has said
    others_changed: tuple[tuple[str, Any, Any], ...] = ()  # of the other settings: name, value at first and at last

    @property
    def changed(self) -> tuple[tuple[str, Any, Any], ...]:
        """The settings that were changed in mid-run: name, value as the run began, and as it had it last."""
        began = None if self.experiment is None else self.experiment.training.lr
        is_set = began is not None and self.lr is not None and began != self.lr
        return (*((("lr", began, self.lr),) if is_set else ()), *self.others_changed)

    @property
    def name(self) -> str:
        """The experiment's; of one that cannot be read, the folder's."""
        return self.path.name if self.experiment is None else printable(self.experiment.name)

    def sentence(self, language: str = "en") -> str:
        """What is wrong with it; empty where nothing is."""
        match self.problem:
            case RunProblem():
                return self.problem.sentence(language)
            case Phrase():
                return self.problem.say(language)
        return ""


class _KeptExperiment(msgspec.Struct, frozen=True, array_like=True):
    stamp: Stamp
    content: msgspec.Raw


class _KeptStatus(msgspec.Struct, frozen=True, array_like=True):
    stamp: Stamp
    said: dict[str, Any]  # as far as a list shows it


class _KeptBest(msgspec.Struct, frozen=True, array_like=True):
    stamp: Stamp
    accuracy: float | None
    loss: float | None
    epochs: int


class _Cache(msgspec.Struct, frozen=True):
    format: int
    experiments: dict[str, _KeptExperiment] = {}
    statuses: dict[str, _KeptStatus] = {}
    best: dict[str, _KeptBest] = {}


class RunList:
    """The runs below one folder. `read` says how they stand now; what has not changed since the last time is not read again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._experiments: dict[str, tuple[Stamp, Experiment]] = {}
        self._raw: dict[str, _KeptExperiment] = {}  # of the cache, as long as nobody has asked for them
        self._statuses: dict[str, _KeptStatus] = {}
        self._best: dict[str, _KeptBest] = {}
        self._changed = False
        self._decoder = msgspec.json.Decoder(Experiment)
        self._load()

    def read(self, most_new: int | None = None) -> tuple[ListedRun, ...]:
        """All runs, the newest first. `most_new`: so many experiments at the most are read from their files, and the other runs
        come without."""
        found, left = [], most_new
        seen = set()
        for folder in sorted(_run_folders(self.root), key=lambda folder: folder.name, reverse=True):
            seen.add(folder.key)
            run, is_new = self._listed(folder, may_read=left is None or left > 0)
            if run is not None:
                found.append(run)
            if is_new and left is not None:
                left -= 1
        self._forget_others(seen)
        found.sort(key=lambda run: (run.begun, run.path.name), reverse=True)
        return tuple(found)

    def keep(self) -> None:
        """Write what has been read beside the runs, for the next time. A folder that takes no file is left without."""
        if not self._changed:
            return
        experiments = dict(self._raw)
        for key, (stamp, experiment) in self._experiments.items():
            experiments[key] = _KeptExperiment(stamp, msgspec.Raw(msgspec.json.encode(experiment)))
        with suppress(OSError):
            content = msgspec.json.encode(_Cache(FORMAT, experiments, self._statuses, self._best))
            replace_file(self.root / CACHE, content, durable=False)
            self._changed = False

    # --- one run

    def _listed(self, folder: _Folder, *, may_read: bool) -> tuple[ListedRun | None, bool]:
        """The run in `folder`, and whether its experiment was read from its file for that. None: the run has gone meanwhile."""
        stamp = _stamp(folder.file(EXPERIMENT))
        if stamp is None:
            return None, False
        path, begun = Path(folder.path), begun_at(folder.name, stamp[0])
        experiment = self._known(folder.key, stamp)
        is_new = experiment is None and may_read
        note = read_note(path) if NOTE in folder.files else ""
        if is_new:
            try:
                experiment = read(path / EXPERIMENT)
            except ExperimentError as error:
                return ListedRun(path, Standing.DAMAGED, begun, problem=error.phrase, note=note), True
            if _is_settled(stamp):
                self._experiments[folder.key] = stamp, experiment
                self._changed = True
        in_use = LOCK in folder.files and is_in_use(path)
        status = self._said(folder) if STATUS in folder.files else {}
        reason = _REASONS.get(str(status.get("reason")))
        standing = Standing.RUNNING if in_use else Standing(reason.value) if reason is not None else Standing.STOPPED
        accuracy, loss, done = self._measured(folder, status, is_over=in_use or reason is not None)
        return ListedRun(
            path,
            standing,
            begun,
            experiment,
            experiment is not None,
            _problem(status) if standing in (Standing.FAILED, Standing.DIVERGED) else None,
            step=_count(status.get("step")),
            steps=_count(status.get("steps")),
            epochs_done=done,
            epochs=_count(status.get("epochs")) if experiment is None else experiment.training.epochs,
            seconds=_number(status.get("seconds")) or 0.0,
            best_accuracy=accuracy,
            best_loss=loss,
            can_go_on=not in_use
            and standing in (Standing.STOPPED, Standing.COMPLETED)
            and (RESUME in folder.files or OLDER in folder.files),
            note=note,
            origin=read_origin(path) if ORIGIN in folder.files else None,
            lr=_number(status.get("lr")),
            others_changed=changed_settings(status.get("changed")),
        ), is_new

    def _known(self, key: str, stamp: Stamp) -> Experiment | None:
        """The experiment, as long as its file is the one that it was read from."""
        known = self._experiments.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        raw = self._raw.pop(key, None)
        if raw is None or raw.stamp != stamp:
            return None
        try:
            experiment = self._decoder.decode(raw.content)
        except (msgspec.MsgspecError, RecursionError):
            return None
        self._experiments[key] = stamp, experiment
        return experiment

    def _said(self, folder: _Folder) -> dict[str, Any]:
        """What a list shows of the run's status."""
        stamp = _stamp(folder.file(STATUS))
        if stamp is None:
            return {}
        kept = self._statuses.get(folder.key)
        if kept is not None and kept.stamp == stamp:
            return kept.said
        status = read_status(Path(folder.file(STATUS)))
        said = {name: status[name] for name in _SHOWN if name in status}
        if _is_settled(stamp):
            self._statuses[folder.key] = _KeptStatus(stamp, said)
            self._changed = True
        return said

    def _measured(self, folder: _Folder, status: dict[str, Any], *, is_over: bool) -> tuple[float | None, float | None, int]:
        """The best accuracy and loss of the validation, and how many epochs have been measured: of the status where it is the
        last word, else of the measurements."""
        if is_over and "best_validation_loss" in status:
            best = _number(status.get("best_validation_accuracy")), _number(status["best_validation_loss"])
            return *best, _count(status.get("measured"))
        stamp = _stamp(folder.file(METRICS))
        if stamp is None:
            return None, None, 0
        kept = self._best.get(folder.key)
        if kept is None or kept.stamp != stamp:
            try:
                history = read_metrics(Path(folder.file(METRICS)), epochs_only=True).history
            except OSError:
                return None, None, 0
            kept = _KeptBest(stamp, *best_validation(history), len(history.epochs))
            if _is_settled(stamp):
                self._best[folder.key] = kept
                self._changed = True
        return kept.accuracy, kept.loss, kept.epochs

    # --- what is kept

    def _load(self) -> None:
        """Nothing depends on it: one that is damaged, or another version's, says nothing."""
        file = self.root / CACHE
        try:
            if file.stat().st_size > MOST_CACHE_BYTES:
                return
            cache = msgspec.json.decode(file.read_bytes(), type=_Cache)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
        if cache.format == FORMAT:
            self._raw, self._statuses, self._best = cache.experiments, cache.statuses, cache.best

    def _forget_others(self, keys: set[str]) -> None:
        for kept in (self._experiments, self._raw, self._statuses, self._best):
            for key in [key for key in kept if key not in keys]:
                del kept[key]
                self._changed = True


class _Folder(NamedTuple):
    path: str
    key: str  # its way from the folder of runs
    name: str
    files: frozenset[str]

    def file(self, name: str) -> str:
        return os.path.join(self.path, name)  # noqa: PTH118  (thousands of them: a Path costs 5 times as much)


def _run_folders(root: Path, above: str = "") -> Iterator[_Folder]:
    """The folders of runs in `root`, and in folders of runs that lie in it."""
    try:
        entries = list(os.scandir(root))
    except OSError:
        return
    for entry in entries:
        try:
            if not entry.is_dir():
                continue
            files = frozenset(os.listdir(entry.path))  # noqa: PTH208
        except OSError:
            continue
        if EXPERIMENT in files:
            yield _Folder(entry.path, above + entry.name, entry.name, files)
        elif not above:
            yield from _run_folders(Path(entry.path), f"{entry.name}/")


def _stamp(file: str) -> Stamp | None:
    try:
        found = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _is_settled(stamp: Stamp) -> bool:
    """Whether the file is so old that a change after this would be seen by its stamp."""
    return stamp[0] < time.time_ns() - SETTLED_NS


def begun_by_name(folder: str) -> datetime | None:
    """When a run was begun, as its folder's name says; None where that says nothing of it."""
    if (said := _BEGUN.match(folder)) is not None:
        with suppress(ValueError, OverflowError):
            return datetime(*map(int, said.groups()))  # type: ignore[arg-type]
    return None


def begun_at(name: str, written_ns: int) -> float:
    """When a run was begun, in seconds: as its folder's name says, or else when its experiment was written."""
    if (said := begun_by_name(name)) is not None:
        with suppress(ValueError, OverflowError, OSError):
            return said.timestamp()
    return written_ns / 1e9


def _problem(status: dict[str, Any]) -> RunProblem | Phrase | None:
    """The problem that a run ended with, to be said in any language where its values still allow that; else as it was said in
    English."""
    found = status.get("problem")
    if not isinstance(found, dict):
        return None
    code, values = found.get("code"), found.get("values")
    if isinstance(code, str) and isinstance(values, dict):
        problem = RunProblem(code, values)
        with suppress(KeyError, IndexError, ValueError, TypeError, AttributeError):
            if all(problem.sentence(language) != code for language in LANGUAGES):
                return problem
    said = found.get("message")
    return Phrase("run", "as_said", {"message": said}) if isinstance(said, str) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        return None
    return float(value)


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62 else 0
