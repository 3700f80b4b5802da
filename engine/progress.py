"""A run's progress in the terminal: a bar with loss, speed and time left, and the result at the end.

Called by `engine.__main__`. The bar and the lines of the epochs go to stderr, so that stdout holds the result alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from engine.training.status import Reason, Status

EXIT_CODES = {Reason.COMPLETED: 0, Reason.STOPPED: 130, Reason.DIVERGED: 1, Reason.FAILED: 1}
BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} steps [{elapsed}<{desc}{postfix}]"


@contextmanager
def shown() -> Iterator[Callable[[Status], None]]:
    """What to hand a run as `on_progress`. A terminal gets a bar; a file or a pipe a line for every epoch."""
    terminal = sys.stderr.isatty()
    epoch = 0
    bar = tqdm(disable=not terminal, bar_format=BAR, dynamic_ncols=True, file=sys.stderr)

    def on_progress(status: Status) -> None:
        nonlocal epoch
        # an epoch is measured when the next one has begun, or when the run has ended
        done = _epochs_done(status, status.step if status.reason else status.step - 1)
        if done > epoch and status.validation_loss is not None:
            epoch = done
            line = f"epoch {epoch}/{status.epochs}: {_losses(status)}"
            if terminal:
                tqdm.write(line, file=sys.stderr)
            else:
                print(line, file=sys.stderr, flush=True)
        if terminal and status.steps:
            bar.total = status.steps
            bar.n = status.step
            left = "?" if status.seconds_left is None else tqdm.format_interval(status.seconds_left)
            bar.set_description_str(left, refresh=False)
            loss = "" if status.train_loss is None else f"loss {status.train_loss:.4g}, "
            bar.set_postfix_str(f"{loss}{status.steps_per_second:,.0f} steps/s", refresh=False)
            bar.refresh()

    try:
        yield on_progress
    finally:
        bar.close()


def end(status: Status, *, as_json: bool) -> int:
    """Print how the run ended; returns the exit code."""
    assert status.reason is not None, "the run has not ended"
    folder = None if status.folder is None else str(status.folder)
    if status.problem is not None:
        print(f"error: {status.problem.sentence()}", file=sys.stderr)
    if as_json:
        content = {
            "reason": status.reason.value,
            "steps": status.step,
            "epochs": _epochs_done(status, status.step),
            "seconds": round(status.seconds, 3),
            "samples_per_second": round(status.samples_per_second, 1),
            "train_loss": status.train_loss,
            "validation_loss": status.validation_loss,
            "validation_accuracy": status.validation_accuracy,
            "run": folder,
        }
        print(json.dumps(content))
    elif status.reason is not Reason.FAILED:
        print(f"{status.reason.value} after {status.step:,} steps in {status.seconds:.1f} s: {_losses(status)}")
        if folder is not None:
            print(f"run: {folder}")
    return EXIT_CODES[status.reason]


def _epochs_done(status: Status, step: int) -> int:
    return step * status.epochs // status.steps if status.steps else 0


def _losses(status: Status) -> str:
    parts = []
    if status.train_loss is not None:
        parts.append(f"train loss {status.train_loss:.4g}")
    if status.validation_loss is not None:
        parts.append(f"validation loss {status.validation_loss:.4g}")
    if status.validation_accuracy is not None:
        parts.append(f"validation accuracy {status.validation_accuracy:.1%}")
    return ", ".join(parts) or "nothing measured"
