"""`python -m engine books [1.21 ...] [--json]`: the experiments of 『밑바닥부터 시작하는 딥러닝』, computed anew."""

from __future__ import annotations

import argparse
import json
import math
from typing import TYPE_CHECKING, Any

from engine.commands.exits import DONE, UsageError
from engine.words import say

if TYPE_CHECKING:
    from engine.books.reproduced import BookExperiment, BookFigure


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("books", help="experiments of 『밑바닥부터 시작하는 딥러닝』 1 and 2: value, band, verdict")
    command.add_argument("which", nargs="*", metavar="BOOK.NUMBER", help="only these, as 1.21; all without")
    command.add_argument("--json", action="store_true", help="one line an experiment")
    command.set_defaults(run=_books)


def _books(arguments: argparse.Namespace) -> int:
    from engine.books.all_experiments import every_experiment, experiment_named
    from engine.books.reproduced import verdict

    chosen = []
    for key in arguments.which:
        if (one := experiment_named(key)) is None:
            raise UsageError(f"{key}: there is no such experiment; expected one from 1.1 to 1.40 or from 2.1 to 2.24")
        chosen.append(one)
    counts = {"in_band": 0, "out_of_band": 0, "not_here": 0}
    for one in chosen or every_experiment():
        readings = one.compute() if one.compute is not None else []
        counts[verdict(readings)] += 1
        if arguments.json:
            print(json.dumps(_as_json(one, readings)), flush=True)
        else:
            print(*_lines(one, readings), sep="\n", flush=True)
    if not arguments.json:
        print(", ".join(f"{count} {say('books', code)}" for code, count in counts.items()))
    return DONE


def _as_json(one: BookExperiment, readings: list[BookFigure]) -> dict[str, Any]:
    from engine.books.reproduced import verdict

    return {
        "experiment": one.key,
        "chapter": one.chapter,
        "title": one.title(),
        "verdict": verdict(readings),
        "readings": [
            {
                "label": reading.label,
                "value": reading.value if math.isfinite(reading.value) else None,
                "band": [reading.low, reading.high],
                "origin": reading.origin,
                "in_band": reading.in_band,
            }
            for reading in readings
        ],
        "remark": one.remark_in(),
    }


def _lines(one: BookExperiment, readings: list[BookFigure]) -> list[str]:
    from engine.books.reproduced import verdict

    lines = [f"{one.key}  {one.title()}: {say('books', verdict(readings))}"]
    labels = [reading.label_in() for reading in readings]
    width = max(map(len, labels), default=0)
    for label, reading in zip(labels, readings, strict=True):
        mark = "" if reading.in_band else f"  <- {say('books', 'out_of_band')}"
        band = f"{reading.low:.10g}" if reading.low == reading.high else f"{reading.low:.10g} … {reading.high:.10g}"
        lines.append(f"      {label:{width}}  {reading.value:.10g}  ({band}, {say('books', reading.origin)}){mark}")
    if one.remark:
        lines.append(f"      {one.remark_in()}")
    return lines
