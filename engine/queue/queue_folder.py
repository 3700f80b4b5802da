"""A queue on disk, which so survives a restart: what is to be run, and a folder for each run.

    base.toml   the experiment that all runs are made of
    plan.toml   which runs are made of it
    001, 002    one folder a run, as `engine.runs.folder` says, and answers.json in it once the run is complete

It lies among the runs, so that its runs are in their list. Called by the command line, the window, and `engine.queue.running`.
torch is not imported.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from engine.experiments.experiment import Experiment, ExperimentError, read, read_text, to_toml
from engine.files import replace_file
from engine.queue.plan import PlannedRun, QueuePlan, planned
from engine.queue.run_state import RunState, kept_state, sentences
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, Run
from engine.toml_text import TomlError, nested_lines, parsed, place
from engine.toml_values import converted
from engine.words import CodedError

BASE, PLAN = "base.toml", "plan.toml"


class QueueError(CodedError):
    """A folder that is no queue, or another one, or cannot be written. The sentence names it."""

    TABLE = "queue_problems"


def new_queue_path(root: Path, name: str) -> Path:
    """A path in `root` at which nothing is, for a queue of an experiment called `name`; names sort as time does."""
    slug = re.sub(r"[\W_]+", "-", name.lower()).strip("-")[:40].strip("-") or "queue"
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{slug}"
    number = 1
    while (path := root / (stem if number == 1 else f"{stem}-{number}")).exists():
        number += 1
    return path


def is_queue(path: Path) -> bool:
    return (path / PLAN).is_file()


@dataclass(frozen=True)
class QueueFolder:
    """A queue on disk, read."""

    path: Path
    base: Experiment
    plan: QueuePlan

    @cached_property
    def runs(self) -> tuple[PlannedRun, ...]:
        """Raises PlanError or SettingError where the folder was edited by hand."""
        return planned(self.base, self.plan)

    @classmethod
    def open(cls, path: Path) -> QueueFolder:
        """The queue in the folder `path`. Raises QueueError, PlanError, SettingError or ExperimentError."""
        for name in (PLAN, BASE):
            if not (path / name).is_file():
                raise QueueError("no_queue", folder=path, file=name)
        base = read(path / BASE)
        text = read_text(path / PLAN)
        try:
            plan = converted(parsed(text), QueuePlan, lambda keys: place(text, keys))
        except TomlError as error:
            raise QueueError("plan", file=path / PLAN, problem=error.phrase) from None
        found = cls(path, base, plan)
        assert found.runs is not None
        return found

    @classmethod
    def create(cls, path: Path, base: Experiment, plan: QueuePlan) -> QueueFolder:
        """Make `path` the folder of this queue; where it is that already, it is opened. Raises QueueError where it is
        another's or cannot be written, and PlanError or SettingError where the plan leads nowhere."""
        made = cls(path, base, plan)
        assert made.runs is not None
        if is_queue(path):
            try:
                kept = cls.open(path)
            except ExperimentError:
                raise QueueError("other_plan", folder=path) from None
            if (kept.base, kept.plan) != (base, plan):
                raise QueueError("other_plan", folder=path)
            return kept
        taken = next((each for each in (path / EXPERIMENT, made.run_folder(1)) if each.exists()), None)
        if taken is not None:  # a run, or runs of who knows what
            raise QueueError("folder_taken", folder=path, file=taken.name)
        try:
            path.mkdir(parents=True, exist_ok=True)
            replace_file(path / BASE, to_toml(base))
            replace_file(path / PLAN, "\n".join(nested_lines(plan)) + "\n")
        except OSError as error:
            raise QueueError("unwritable", folder=path, error=error.strerror or error) from None
        return made

    def run_folder(self, number: int) -> Path:
        return self.path / f"{number:03d}"

    def require_own_data(self) -> None:
        """Raises QueueError where the own file of the experiment has been changed since one of the runs began: those that
        follow would learn from something else, and not compare with it."""
        for run in self.runs if self.base.data.path is not None else ():
            with suppress(RunError):  # a damaged run is told when it is gone on with
                kept = Run.open(self.run_folder(run.number))
                try:
                    kept.require_own_data()
                except RunError as error:
                    raise QueueError("own_data", folder=self.path, problem=error.phrase) from None
                if kept.learned_from() is not None:
                    return

    def states(self) -> tuple[RunState, ...]:
        """How far each run is, as the folders tell."""
        return tuple(
            kept_state(run.number, self.run_folder(run.number))
            if run.problem is None
            else RunState(number=run.number, condition="refused", problem=sentences(run.problem))
            for run in self.runs
        )


def queues(root: Path) -> list[Path]:
    """The folders in `root` of queues, the one that was planned last first."""
    try:
        found = [path for path in root.iterdir() if is_queue(path)]
    except OSError:
        return []
    return sorted(found, key=lambda path: path.name, reverse=True)
