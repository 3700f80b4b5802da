"""The runs of `python -m engine sweep`: handed out, told while they go on, summed up at their end.

The bar and notes go to stderr; stdout has a line a run, and one that says what they say together. A folder that holds the same
queue already is gone on with. Ctrl-C and SIGTERM stop all runs and keep what they have reached. For `engine.commands.sweep`.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
from tqdm import tqdm

from engine.commands.exits import DONE, FAILED, INTERRUPTED, UNREADABLE, refuse
from engine.commands.given.given_experiment import experiment_file
from engine.data.info import MOST_FOLDS, DatasetError
from engine.experiments.experiment import ExperimentError, preset, read
from engine.experiments.problems import RunProblem
from engine.fields import Field
from engine.figures import full_count, measured, percent
from engine.networks.summary import aligned
from engine.queue.plan import PlanError, QueuePlan, Swept, planned, value_text
from engine.queue.queue_folder import QueueError, QueueFolder, is_queue, new_queue_path
from engine.queue.results import ACCURACY, QueueResults, SettingResult, results
from engine.queue.run_state import ENDED, RunState
from engine.queue.running import Queue, QueueStatus
from engine.queue.setting_keys import SettingError, settable
from engine.runs.folder import default_root
from engine.runs.library.seed_statistics import MeanWithError
from engine.training.together.apart import why_apart
from engine.typed_numbers import decimal_commas
from engine.words import printable

LOOK_EVERY_S = 0.2
BAR = "{percentage:3.0f}%|{bar}| {desc} [{elapsed}<{postfix}]"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


# --- what is to be run


def sweep(arguments: argparse.Namespace) -> int:
    try:
        folder = _folder(arguments)
        queue = Queue(folder, jobs=arguments.jobs)
        queue.start()
    except NothingToRunError as error:
        return refuse(error.problem.sentence(), UNREADABLE if error.problem.code in ("setting_refused", "data") else FAILED)
    except (QueueError, PlanError, SettingError, ExperimentError, DatasetError) as error:
        return refuse(error)
    told = _Told(folder, as_json=arguments.json)
    told.why_apart()
    with _stopping(queue) as stopped:
        _watch(queue, told)
    status = queue.status()
    told.tell(status)
    told.tell_all(status)
    if stopped.is_set():
        print(f"stopped; the same command, or `sweep {printable(str(folder.path))}`, goes on", file=sys.stderr)
        return INTERRUPTED
    return DONE if all(run.condition == "completed" for run in status.runs) else FAILED


def _folder(arguments: argparse.Namespace) -> QueueFolder:
    """The queue that the arguments tell of. Raises QueueError, PlanError, SettingError, ExperimentError or DatasetError, and
    NothingToRunError, before anything is written."""
    if bool(arguments.file) == bool(arguments.preset):
        raise PlanError("no_experiment")
    if arguments.file and is_queue(Path(arguments.file)):
        if (
            arguments.set
            or arguments.random
            or arguments.seeds > 1
            or arguments.folds
            or arguments.out
            or arguments.together
            or arguments.apart
        ):
            raise PlanError("has_its_plan", folder=arguments.file)
        return QueueFolder.open(Path(arguments.file))
    base = preset(arguments.preset) if arguments.preset else read(experiment_file(arguments.file))
    if arguments.folds is not None and not 2 <= arguments.folds <= MOST_FOLDS:
        raise PlanError("folds", most=MOST_FOLDS)
    plan = QueuePlan(
        swept=tuple(swept(text, settable(base)) for text in arguments.set),
        seeds=arguments.seeds,
        folds=arguments.folds,
        draws=arguments.random,
        together=True if arguments.together else False if arguments.apart else None,
    )
    problems = [run.problem for run in planned(base, plan)]
    if (first := problems[0]) is not None and None not in problems:
        raise NothingToRunError(first)
    path = Path(arguments.out) if arguments.out else new_queue_path(default_root(), base.name)
    return QueueFolder.create(path, base, plan)


class NothingToRunError(Exception):
    """None of the runs that are planned can be run; `problem` is that of the first."""

    def __init__(self, problem: RunProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def swept(text: str, known: Mapping[str, Field]) -> Swept:
    """KEY=V1,V2,... or KEY=LOW..HIGH; values as TOML writes them, and words as they are. `known` are the settings that there
    are: one that may have a fraction takes no comma that may be a decimal one. Raises PlanError."""
    key, equals, values = text.partition("=")
    if not equals or not key.strip() or not values.strip():
        raise PlanError("no_value_text", text=text)
    field = known.get(key.strip())
    if field is not None and field.kind == "number":
        for found, point in decimal_commas(values.replace("..", " ")):
            raise PlanError("decimal_comma", key=key.strip(), text=found, point=point)
    low, dots, high = values.partition("..")
    if dots:
        with suppress(ValueError):
            return Swept(key=key.strip(), low=float(low), high=float(high))
        raise PlanError("no_value_text", text=text)
    try:
        return msgspec.convert({"key": key.strip(), "values": tuple(_values(values))}, Swept)
    except msgspec.ValidationError:  # a table, a list of lists, a date; or far too many
        raise PlanError("no_value_text", text=text) from None


def _values(text: str) -> Sequence[Any]:
    with suppress(tomllib.TOMLDecodeError):
        found: list[Any] = tomllib.loads(f"v = [{text}]")["v"]
        return found
    return [_value(part.strip()) for part in text.split(",")]


def _value(text: str) -> Any:
    with suppress(tomllib.TOMLDecodeError):
        return tomllib.loads(f"v = {text}")["v"]
    with suppress(ValueError):
        return float(text)
    return text


# --- while it runs


@contextmanager
def _stopping(queue: Queue) -> Iterator[threading.Event]:
    """Turn the first Ctrl-C or SIGTERM into a stop of all runs; a second one interrupts."""
    stopped = threading.Event()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            if handler is not None:  # None: it was not set from Python
                signal.signal(number, handler)

    def stop(_number: int, _frame: FrameType | None) -> None:
        restore()
        stopped.set()
        threading.Thread(target=queue.stop).start()  # not here, where the condition may be held

    is_main = threading.current_thread() is threading.main_thread()
    if is_main:
        for number in _SIGNALS:
            signal.signal(number, stop)
    try:
        yield stopped
    finally:
        if is_main:
            restore()
        queue.close()


def _watch(queue: Queue, told: _Told) -> None:
    terminal = sys.stderr.isatty()
    with tqdm(total=1.0, disable=not terminal, bar_format=BAR, dynamic_ncols=True, file=sys.stderr) as bar:
        while not queue.wait(LOOK_EVERY_S):
            status = queue.status()
            told.tell(status, bar if terminal else None)
            ended = sum(run.condition in ENDED for run in status.runs)
            left = "?" if status.seconds_left is None else tqdm.format_interval(status.seconds_left)
            bar.n = status.part
            bar.set_description_str(f"{ended}/{len(status.runs)} runs, {status.jobs} at a time", refresh=False)
            bar.set_postfix_str(left, refresh=False)
            bar.refresh()


class _Told:
    """What is said of a queue on stdout."""

    def __init__(self, folder: QueueFolder, *, as_json: bool) -> None:
        self._folder, self._as_json = folder, as_json
        self._said: set[int] = set()
        self._noticed: set[str] = set()

    def tell(self, status: QueueStatus, bar: Any = None) -> None:
        """A line for each run that has ended since the last time; also for those that had ended before this call."""
        for state in status.runs:
            if state.condition in ENDED and state.number not in self._said:
                self._said.add(state.number)
                self._notice(state.notice.get("en"))
                line = json.dumps(self._entry(state)) if self._as_json else self._line(state, len(status.runs))
                if bar is None:
                    print(line, flush=True)
                else:
                    with bar.external_write_mode(file=sys.stdout):
                        print(line, flush=True)

    def _notice(self, said: str | None) -> None:
        """Say it, once."""
        if said is not None and said not in self._noticed:
            self._noticed.add(said)
            tqdm.write(f"note: {printable(said)}", file=sys.stderr)

    def why_apart(self) -> None:
        """Say why runs that are to learn together cannot."""
        for run in self._folder.runs if self._folder.plan.together else ():
            if run.problem is None and (why := why_apart(run.experiment)) is not None:
                self._notice(why.sentence())

    def tell_all(self, status: QueueStatus) -> None:
        """What the runs say together."""
        found = results(self._folder.base, self._folder.runs, status.runs)
        if self._as_json:
            print(json.dumps(summary(found, status, self._folder)), flush=True)
            return
        for line in _words(found):
            print(line)
        print(f"queue: {printable(str(self._folder.path))}")

    def _entry(self, state: RunState) -> dict[str, Any]:
        run = self._folder.runs[state.number - 1]
        folder = self._folder.run_folder(state.number)
        return {
            "number": state.number,
            "settings": dict(run.chosen),
            "seed": run.seed,
            "fold": run.fold,
            "reason": state.condition,
            "steps": state.step,
            "epochs": state.step * state.epochs // state.steps if state.steps else 0,
            "seconds": round(state.seconds, 3),
            "train_loss": state.loss if state.train_loss is None else state.train_loss,
            "validation_loss": state.validation_loss,
            "validation_accuracy": state.validation_accuracy,
            "message": state.problem.get("en"),
            "run": str(folder) if folder.is_dir() else None,
            **({"together": state.together} if state.together > 1 else {}),
        }

    def _line(self, state: RunState, runs: int) -> str:
        run = self._folder.runs[state.number - 1]
        name = printable(run.experiment.name)
        said = state.problem.get("en", "")
        if state.condition == "completed":
            parts = [] if state.validation_loss is None else [f"validation loss {state.validation_loss:.4g}"]
            if state.validation_accuracy is not None:
                parts.append(f"accuracy {percent(state.validation_accuracy)}")
            said = ", ".join([*parts, f"{state.seconds:.1f} s"])
        return f"{state.number}/{runs} {name}: {state.condition}: {printable(said)}"


def summary(found: QueueResults, status: QueueStatus, folder: QueueFolder) -> dict[str, Any]:
    """The last JSON line."""
    by_fold = {
        "out_of_fold": [
            {
                "settings": dict(chosen),
                "accuracy": each.accuracy,
                "right": each.right,
                "samples": each.count,
                "complete": each.is_whole,
                "confusion": each.confusion,
            }
            for chosen, each in found.out_of_fold
        ]
    }
    whole = found.out_of_fold[0][1].accuracy if len(found.out_of_fold) == 1 else None
    return {
        "runs": len(status.runs),
        "completed": sum(run.condition == "completed" for run in status.runs),
        "metric": found.metric,
        **_figures(found.all),
        "settings": [{"settings": dict(each.chosen), **_figures(each)} for each in found.settings],
        **({"out_of_fold_accuracy": whole} | by_fold if folder.plan.folds is not None else {}),
        "seconds": round(status.seconds, 3),
        "queue": str(folder.path),
    }


def _figures(result: SettingResult) -> dict[str, Any]:
    error = result.error
    ends = None if error is None else _ends(error)
    return {
        "mean": None if error is None else error.mean,
        "deviation": None if error is None else error.deviation,
        "interval": ends,
        "values": result.values,
    }


def _ends(error: MeanWithError) -> list[float] | None:
    return None if error.half_width is None else [error.mean - error.half_width, error.mean + error.half_width]


def _words(found: QueueResults) -> Iterator[str]:
    """The summary for people."""
    name = "accuracy" if found.metric == ACCURACY else "validation loss"
    lines = [("settings", "runs", name, "deviation", "95 % interval of the mean")]
    shown = found.settings if len(found.settings) == 1 else (*found.settings, found.all)
    for each in shown:
        label = ", ".join(f"{key} {value_text(value)}" for key, value in each.chosen) or "all runs"
        lines.append((printable(label), f"{len(each.values)}/{each.runs}", *_cells(each, found.metric)))
    yield from aligned(lines, right=(1, 2, 3, 4))
    for chosen, folds in found.out_of_fold:
        label = ", ".join(f"{key} {value_text(value)}" for key, value in chosen)
        part = "" if folds.is_whole else ", of the folds that are complete"
        yield (
            f"{printable(label)}{': ' if label else ''}out of fold {percent(folds.accuracy)} "
            f"({full_count(folds.right)} of {full_count(folds.count)}{part})"
        )
    if found.out_of_fold:
        yield 'None of these models is "the" model: each was there to be measured. Train one on all the data for use.'


def _cells(result: SettingResult, metric: str) -> tuple[str, str, str]:
    error, written = result.error, percent if metric == ACCURACY else measured
    if error is None:
        return "", "", ""
    ends = _ends(error)
    deviation = "" if error.deviation is None else written(error.deviation)
    return written(error.mean), deviation, "" if ends is None else f"{written(ends[0])} to {written(ends[1])}"
