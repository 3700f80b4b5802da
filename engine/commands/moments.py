"""`python -m engine moments RUN`: the moments of a run's timeline, and the weights of one of them as a file.

Called by `engine.__main__`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.exits import DONE, UsageError
from engine.figures import full_count, measured
from engine.files import replace_file
from engine.networks.summary import aligned
from engine.runs.failures import RunError
from engine.words import printable

if TYPE_CHECKING:  # numpy is imported when the command is called
    from engine.runs.folder import Run
    from engine.runs.timeline.kept_weights import KeptWeights

_MB = 1_000_000


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("moments", help="the moments of a run whose weights were kept, or the weights of one")
    command.add_argument("run_folder", metavar="RUN", help="the run's folder")
    command.add_argument("--json", action="store_true", help="an array of moments")
    command.add_argument("--step", type=_step, metavar="N", help="of the last moment up to this iteration")
    command.add_argument("--out", metavar="FILE.safetensors", help="where to write the weights of that moment")
    command.set_defaults(run=_moments, only_looks=True)


def _step(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!r} is no iteration; expected a whole number from 0 on")
    return int(text)


def _moments(arguments: argparse.Namespace) -> int:
    from engine.runs.folder import Run

    if (arguments.step is None) != (arguments.out is None):
        raise UsageError("expected both --step N and --out FILE.safetensors, or neither")
    folder = Path(arguments.run_folder)
    run = Run.open(folder)
    kept = run.timeline()
    if not kept.steps:
        raise RunError("no_moments", folder=folder)
    try:
        run.require_own_data()
    except RunError as error:  # the weights are what they were, and what their characters were is known no more
        print(f"note: {printable(str(error))}", file=sys.stderr)
    if arguments.out is None:
        _show(run, kept, as_json=arguments.json)
        return DONE
    return _write(kept, arguments.step, Path(arguments.out), as_json=arguments.json)


def _show(run: Run, kept: KeptWeights, *, as_json: bool) -> None:
    """The epoch of a moment is how many the run had done by then; its loss is that of the batch of its iteration."""
    history = run.history()
    each = run.steps_per_epoch(history)
    steps, losses, _ = history.train.since()
    loss_at = dict(zip(steps.tolist(), losses.tolist(), strict=True))
    rows = [
        {"step": step, "epoch": round(step / each, 6) if each else None, "loss": loss_at.get(step), "bytes": kept.layout.size}
        for step in kept.steps
    ]
    if as_json:
        print(json.dumps(rows))
        return
    lines = [("step", "epoch", "loss")]
    for row in rows:
        epoch, loss = row["epoch"], row["loss"]
        lines.append(
            (full_count(int(row["step"] or 0)), "" if epoch is None else f"{epoch:.2f}", "" if loss is None else measured(loss))
        )
    print(*aligned(lines, right=(0, 1, 2)), sep="\n")
    print(f"{len(rows)} moments, {kept.bytes_used / _MB:.1f} MB of {kept.budget / _MB:g} MB")


def _write(kept: KeptWeights, step: int, out: Path, *, as_json: bool) -> int:
    from safetensors.numpy import save

    found = kept.up_to(step)
    if found is None:
        raise RunError("no_such_moment", step=step)
    try:
        replace_file(out, save(kept.read(found)))
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror or error})") from None
    if as_json:
        print(json.dumps({"step": found, "out": str(out)}))
    else:
        print(f"the weights after step {full_count(found)}: {printable(str(out))}")
    return DONE
