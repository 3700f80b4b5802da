"""The trace of an experiment for the command line: one JSON line for programs, an aligned table for people.

Called by the commands; torch is not needed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.figures import full_count, percent
from engine.layers.base import Layer
from engine.layers.kinds.composite import Composite
from engine.layers.layer_text import short
from engine.networks import repairs
from engine.networks.edits import Layers
from engine.networks.hints import first_hint
from engine.networks.hints import text as hint_text
from engine.networks.trace import Path, Row, Trace, message
from engine.words import readable


def as_json(source: str, trace: Trace, convention: str = "") -> str:
    """One line; `source` is the file or preset that it comes from, `convention` that by which its recurrent layers are counted,
    where one was asked for."""
    problem = trace.problem
    content: dict[str, Any] = {
        "file": source,
        **({"convention": convention} if convention else {}),
        "input": trace.input,
        "rows": [
            {
                "index": row.index,
                "type": row.type,
                "output": row.output,
                "parameters": row.parameters,
                "macs": row.macs,
                "receptive_field": row.receptive_field,
                "jump": row.jump and tuple(step if isinstance(step, int) else float(step) for step in row.jump),
            }
            for row in trace.rows
        ],
        "parameters": trace.parameters,
        "macs": trace.macs,
        "problem": None if problem is None else {"index": problem.index, "code": problem.code, "message": message(problem)},
    }
    return json.dumps(content)


TABLE_COLUMNS = ("#", "layer", "output", "parameters", "share", "MACs", "activations", "receptive field", "jump")
NUMBER_COLUMNS = (3, 4, 5, 6)  # numbers


def as_table(title: str, trace: Trace, layers: Sequence[Layer]) -> str:
    """A line a layer, those inside composites indented below theirs, and the totals. The share is that of the parameters;
    activations are the memory of what is computed for one sample."""
    text = "\n".join((title, "", *aligned((TABLE_COLUMNS, *_all_lines(trace, layers)), NUMBER_COLUMNS)))
    if trace.problem is None:
        return text
    return f"{text}\n\ncannot be built: {_place(trace.problem.where)}{message(trace.problem)}"


def advice(trace: Trace, layers: Layers) -> str:
    """What the network lab would say of it, a line each: edits that mend its problem, and what is likely not meant with the
    edit that mends it. Empty if there is nothing to say."""
    lines = []
    if trace.problem is not None:
        found = repairs.repairs(layers, trace.input, trace.problem)
        lines += [f"what may help: {repairs.text(repair)}" for repair in found if repair.code != "remove"]
    if (hint := first_hint(layers, trace)) is not None:
        lines += [f"likely not meant: {_place(hint.where)}{hint_text(hint)}", f"what may help: {repairs.text(hint.repair)}"]
    return "\n".join(lines)


def _place(where: Path) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return f"layers{place}: " if place else ""


def as_markdown(title: str, trace: Trace, layers: Sequence[Layer]) -> str:
    """The same lines as a Markdown table under a heading. Names of layers inside a composite begin with arrows."""
    rules = tuple("---:" if column in NUMBER_COLUMNS else "---" for column in range(len(TABLE_COLUMNS)))
    rows = [(number, name.replace("  ", "→ ").replace("|", "\\|"), *rest) for number, name, *rest in _all_lines(trace, layers)]
    lines = [f"| {' | '.join(cells)} |" for cells in (TABLE_COLUMNS, rules, *rows)]
    return "\n".join((f"### {title}", "", *lines, ""))


def as_csv(trace: Trace, layers: Sequence[Layer]) -> str:
    """The same lines as comma-separated values: numbers plain, sizes with x between them."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(TABLE_COLUMNS)
    for number, name, *rest in _all_lines(trace, layers, lambda share: f"{100 * share:.1f}"):
        plain = (text.replace("×", "x").replace(",", "").removesuffix(" B") for text in rest)
        writer.writerow((number, name.strip(), *plain))
    return written.getvalue()


def _all_lines(trace: Trace, layers: Sequence[Layer], share_text: Callable[[float], str] = percent) -> list[tuple[str, ...]]:
    total = trace.parameters
    return [
        ("", "input", readable(trace.input), "", "", "", "", "", ""),
        *_lines(trace.rows, layers, "", "", lambda row: share_text(row.parameters / total) if row.parameters else ""),
        ("", "total", "", full_count(total), "", full_count(trace.macs), f"{full_count(trace.memory)} B", "", ""),
    ]


def _lines(
    rows: Sequence[Row], layers: Sequence[Layer], number: str, indent: str, share: Callable[[Row], str]
) -> Iterator[tuple[str, ...]]:
    """`rows` is shorter than `layers` if there is a problem."""
    for row, layer in zip(rows, layers, strict=False):
        own = f"{number}{row.index}"
        numbers = (full_count(row.parameters), share(row), full_count(row.macs), f"{full_count(row.memory)} B")
        field, jump = (readable(sizes) if sizes else "" for sizes in (row.receptive_field, row.jump))
        yield own, indent + short(layer), readable(row.output), *numbers, field, jump
        if isinstance(layer, Composite):
            for (name, inside), branch in zip(row.inside, layer.branches_in_order(), strict=True):
                yield from _lines(inside, branch.layers, f"{own}.{name}.", indent + "  ", share)


def aligned(lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """`lines` in columns, two spaces apart. The columns in `right` are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
