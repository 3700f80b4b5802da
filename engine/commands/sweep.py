"""`python -m engine sweep FILE`: a queue of runs without a window. What it does is imported when it is called.

Called by `engine.__main__`.
"""

from __future__ import annotations

import argparse
from typing import Any

from engine.data.info import MOST_FOLDS
from engine.figures import full_count
from engine.queue.plan import MOST_RUNS


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser(
        "sweep", help="many runs of an experiment: over settings, seeds and folds; Ctrl-C stops them, the same command goes on"
    )
    command.add_argument(
        "file", nargs="?", metavar="FILE", help="an experiment's file, a run's folder, or a queue's to go on with"
    )
    command.add_argument("--preset", metavar="NAME")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=V1,V2,...",
        help="a setting and its values, training.lr=0.001,0.01 or network.layers[0].out_channels=8,16; with --random "
        "also a range, training.lr=0.0001..0.1",
    )
    command.add_argument("--random", type=_count, metavar="N", help="N combinations drawn at random instead of all")
    command.add_argument("--seeds", type=_count, default=1, metavar="N", help="the experiment's seed and the N - 1 after it")
    command.add_argument("--folds", type=_count, metavar="K", help=f"k-fold cross-validation, 2 to {MOST_FOLDS}")
    together = command.add_mutually_exclusive_group()
    together.add_argument(
        "--together",
        action="store_true",
        help="runs that differ in their seed alone learn as one computation, also on the CPU: the same to rounding "
        "(on a GPU they do so without being told)",
    )
    together.add_argument("--apart", action="store_true", help="each run by itself, also on a GPU")
    command.add_argument("--jobs", type=_count, metavar="J", help="runs at a time (as many as there are free cores)")
    command.add_argument("--out", metavar="DIR", help="the queue's folder (a new one among the user's data)")
    command.add_argument("--json", action="store_true", help="one JSON line a run, then one of all")
    command.set_defaults(run=_sweep)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 6 or not 1 <= int(text) <= MOST_RUNS:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 1 to {full_count(MOST_RUNS)}")
    return int(text)


def _sweep(arguments: argparse.Namespace) -> int:
    from engine.commands.sweeping import sweep

    return sweep(arguments)
