"""A run's progress in the terminal: a bar with loss, speed and time left, and the result at the end.

Called by the commands that train and resume. The bar and the lines of the epochs go to stderr, so that stdout holds the result
alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tqdm import tqdm

from engine.doctor.diagnoses import written
from engine.figures import full_count, percent
from engine.runs.status import Reason, Status
from engine.words import printable

EXIT_CODES = {Reason.COMPLETED: 0, Reason.STOPPED: 130, Reason.DIVERGED: 1, Reason.FAILED: 1}
NOT_SAVED = 1  # whatever the reason
BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} steps [{elapsed}<{desc}{postfix}]"


@contextmanager
def shown() -> Iterator[Callable[[Status], None]]:
    """What to hand a run as `on_progress`: a line for every epoch, and in a terminal a bar below them. Where nobody reads any
    more (`2>&1 | head`), the run goes on without."""
    terminal = sys.stderr.isatty()
    noticed = 0
    said: int | None = None  # epochs whose line there is; those before a resumed run have theirs
    bar = tqdm(disable=not terminal, bar_format=BAR, dynamic_ncols=True, file=sys.stderr)
    is_read = True

    def show(status: Status) -> None:
        nonlocal said, noticed
        for notice in status.notices[noticed:]:
            _say(f"note: {notice.sentence()}", terminal=terminal)
        noticed = len(status.notices)
        if said is not None and status.measured > said:
            _say(f"epoch {status.measured}/{status.epochs}: {_losses(status)}", terminal=terminal)
        said = status.measured
        if terminal and status.steps:
            bar.total = status.steps
            bar.n = status.step
            left = "?" if status.seconds_left is None else tqdm.format_interval(status.seconds_left)
            bar.set_description_str(left, refresh=False)
            loss = "" if status.loss is None else f"loss {status.loss:.4g}, "
            bar.set_postfix_str(f"{loss}{full_count(round(status.steps_per_second))} steps/s", refresh=False)
            bar.refresh()

    def on_progress(status: Status) -> None:
        nonlocal is_read
        if is_read:
            try:
                show(status)
            except OSError:
                is_read = False

    try:
        yield on_progress
    finally:
        with suppress(OSError):
            bar.close()


def _say(line: str, *, terminal: bool) -> None:
    """A line of its own, above the bar if there is one."""
    if terminal:
        tqdm.write(line, file=sys.stderr)
    else:
        print(line, file=sys.stderr, flush=True)


def end(status: Status, *, as_json: bool) -> int:
    """Print how the run ended; returns the exit code."""
    assert status.reason is not None, "the run has not ended"
    folder = None if status.folder is None else str(status.folder)
    if status.problem is not None:
        print(f"error: {printable(status.problem.sentence())}", file=sys.stderr)
    if as_json:
        content = {
            "reason": status.reason.value,
            "steps": status.step,
            "epochs": status.step * status.epochs // status.steps if status.steps else 0,
            "seconds": round(status.seconds, 3),
            "samples_per_second": round(status.samples_per_second, 1),
            "train_loss": _train_loss(status),
            "validation_loss": status.validation_loss,
            "validation_accuracy": status.validation_accuracy,
            "best_epoch": status.best_epoch,
            "run": folder,
            "diagnoses": written(status.diagnoses),
        }
        if status.processes > 1:
            content["processes"] = status.processes
        print(json.dumps(content))
    elif status.reason is not Reason.FAILED:
        print(f"{status.reason.value} after {full_count(status.step)} steps in {status.seconds:.1f} s: {_losses(status)}")
        if folder is not None:
            print(f"run: {printable(str(folder))}")
    if not as_json:
        for found in status.diagnoses:
            print(f"diagnosis at step {full_count(found.step)}: {found.title()}. {found.message()}")
    return NOT_SAVED if _is_unsaved(status) else EXIT_CODES[status.reason]


def _is_unsaved(status: Status) -> bool:
    return status.problem is not None and status.problem.code == "was_not_saved"


def _train_loss(status: Status) -> float | None:
    """The mean of the epoch that the validation loss belongs to; before there is one, the last batch's."""
    return status.loss if status.train_loss is None else status.train_loss


def _losses(status: Status) -> str:
    parts = []
    if (train_loss := _train_loss(status)) is not None:
        parts.append(f"train loss {train_loss:.4g}")
    if status.validation_loss is not None:
        parts.append(f"validation loss {status.validation_loss:.4g}")
    if status.validation_accuracy is not None:
        parts.append(f"validation accuracy {percent(status.validation_accuracy)}")
    return ", ".join(parts) or "nothing measured"
