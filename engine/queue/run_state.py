"""How far each run of a queue is, and what became of it: the value that worker processes send and the screen shows.

Neither torch nor numpy is imported.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from engine.experiments.problems import RunProblem
from engine.files import replace_file
from engine.runs.folder import EXPERIMENT, STATUS, read_status
from engine.runs.status import Reason, Status
from engine.words import LANGUAGES

ANSWERS = "answers.json"  # in the folder of a run that is complete
NOTICE = "notice.json"  # in that of a run of which its group has said something
Condition: TypeAlias = Literal["waiting", "running", "completed", "stopped", "diverged", "failed", "refused"]
ENDED: tuple[Condition, ...] = ("completed", "diverged", "failed", "refused")  # nothing is to be done any more
_MEASURED = ("loss", "accuracy", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")


class ValidationAnswers(msgspec.Struct, frozen=True):
    """What the model at the end of a run said of its validation data: how many answers there were, how many right ones (None
    for a regression), and of each class, from the top, how often it was taken for which, from the left."""

    count: int
    right: int | None = None
    confusion: tuple[tuple[int, ...], ...] = ()
    step: int | None = None  # of the run, when it was asked; None: kept by an early version, which did not say


class RunState(msgspec.Struct, frozen=True, kw_only=True):
    """One run. "stopped" is under way, but not now; `problem` is a sentence for each language."""

    number: int
    condition: Condition = "waiting"
    step: int = 0
    steps: int = 0
    epoch: int = 0
    epochs: int = 0
    seconds: float = 0.0
    steps_per_second: float = 0.0
    loss: float | None = None
    accuracy: float | None = None
    train_loss: float | None = None
    train_accuracy: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    problem: dict[str, str] = {}
    answers: ValidationAnswers | None = None
    together: int = 1  # runs that learn, or have learned, as one computation, this one among them
    notice: dict[str, str] = {}  # what hinders nothing and must be said, as `problem`
    device: str = ""  # of run 0, a process that is ready: the one that "auto" leads to

    @property
    def part(self) -> float:
        """How much of it is done, from 0 to 1."""
        if self.condition in ENDED:
            return 1.0
        return self.step / self.steps if self.steps else 0.0


def state_of(number: int, status: Status, answers: ValidationAnswers | None = None) -> RunState:
    """The state of a run whose worker has this status."""
    condition: Condition = "running"
    if status.reason is not None:
        condition = status.reason.value
    return RunState(
        number=number,
        condition=condition,
        step=status.step,
        steps=status.steps,
        epoch=status.epoch,
        epochs=status.epochs,
        seconds=status.seconds,
        steps_per_second=status.steps_per_second,
        **{name: getattr(status, name) for name in _MEASURED},
        problem=sentences(status.problem),
        answers=answers,
        together=status.together,
    )


def sentences(problem: RunProblem | None) -> dict[str, str]:
    """The problem in every language; empty where there is none."""
    return {} if problem is None else {language: problem.sentence(language) for language in LANGUAGES}


def kept_state(number: int, folder: Path) -> RunState:
    """The state of a run as its folder tells: one that was killed is "stopped", one that has no folder yet "waiting"."""
    if not (folder / EXPERIMENT).exists():
        return RunState(number=number)
    kept = read_status(folder / STATUS)  # whether its experiment is damaged is said when it is gone on with
    condition: Condition = "stopped"
    with suppress(ValueError):
        condition = Reason(kept.get("reason")).value
    answers = kept_answers(folder) if condition == "completed" else None
    if answers is not None and answers.step not in (None, kept.get("step")):  # of before it was gone on with
        answers = None
    if condition == "completed" and answers is None:  # killed between the two
        condition = "stopped"
    names = (*_MEASURED, "step", "steps", "epoch", "epochs", "seconds", "together")
    values: dict[str, Any] = {name: value for name in names if isinstance(value := kept.get(name), int | float)}
    return RunState(
        number=number,
        condition=condition,
        **values,
        problem=_kept_problem(kept.get("problem")),
        answers=answers,
        notice=_kept_notice(folder),
    )


def keep_notice(folder: Path, notice: dict[str, str]) -> None:
    """Raises OSError."""
    replace_file(folder / NOTICE, msgspec.json.encode(notice))


def _kept_notice(folder: Path) -> dict[str, str]:
    try:
        found = msgspec.json.decode((folder / NOTICE).read_bytes(), type=dict[str, str])
    except (msgspec.MsgspecError, OSError, RecursionError):
        return {}
    return found if all(each in found for each in LANGUAGES) else {}


def keep_answers(folder: Path, answers: ValidationAnswers) -> None:
    """Raises OSError."""
    replace_file(folder / ANSWERS, msgspec.json.encode(answers))


def kept_answers(folder: Path) -> ValidationAnswers | None:
    """What `keep_answers` has kept; None where nothing was, or it is damaged."""
    try:
        return msgspec.json.decode((folder / ANSWERS).read_bytes(), type=ValidationAnswers)
    except (msgspec.MsgspecError, OSError):
        return None


def _kept_problem(kept: Any) -> dict[str, str]:
    """A problem as status.json has it; its parts that were phrases are in English."""
    if not isinstance(kept, dict):
        return {}
    try:
        return sentences(RunProblem(str(kept["code"]), dict(kept["values"])))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        said = str(kept.get("message", ""))
        return dict.fromkeys(LANGUAGES, said) if said else {}
