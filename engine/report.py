"""A trace as text: one JSON line for programs, an aligned table for people, Markdown and CSV to take along.

Called by `engine.__main__`; torch is not needed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from engine.network import Row, Trace, message
from engine.words import readable


def as_json(source: str, trace: Trace) -> str:
    """One line; `source` is the file or preset that it comes from."""
    problem = trace.problem
    content: dict[str, Any] = {
        "file": source,
        "input": trace.input,
        "rows": [
            {
                "index": row.index,
                "type": row.type,
                "output": row.output,
                "parameters": row.parameters,
                "macs": row.macs,
                "receptive_field": row.receptive_field,
                "jump": row.jump,
            }
            for row in trace.rows
        ],
        "parameters": trace.parameters,
        "macs": trace.macs,
        "problem": None if problem is None else {"index": problem.index, "code": problem.code, "message": message(problem)},
    }
    return json.dumps(content)


HEAD = ("#", "layer", "output", "parameters", "MACs", "receptive field")


def as_table(title: str, trace: Trace) -> str:
    """A line a layer, those inside composites indented below theirs, and the totals."""
    text = "\n".join((title, "", *aligned((HEAD, *_all_lines(trace)), right=(3, 4))))
    if trace.problem is None:
        return text
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in trace.problem.where)
    where = f"layers{place}: " if place else ""
    return f"{text}\n\ncannot be built: {where}{message(trace.problem)}"


def as_markdown(title: str, trace: Trace) -> str:
    """The same lines as a Markdown table under a heading; what is inside a composite begins with arrows."""
    rules = ("---", "---", "---", "---:", "---:", "---")
    rows = [(number, name.replace("  ", "→ ").replace("|", "\\|"), *rest) for number, name, *rest in _all_lines(trace)]
    lines = [f"| {' | '.join(cells)} |" for cells in (HEAD, rules, *rows)]
    return "\n".join((f"### {title}", "", *lines, ""))


def as_csv(trace: Trace) -> str:
    """The same lines as comma-separated values: numbers plain, sizes with x between them."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEAD)
    for number, name, output, parameters, macs, field in _all_lines(trace):
        sizes = (output.replace("×", "x"), parameters.replace(",", ""), macs.replace(",", ""), field.replace("×", "x"))
        writer.writerow((number, name.strip(), *sizes))
    return written.getvalue()


def _all_lines(trace: Trace) -> list[tuple[str, ...]]:
    return [
        ("", "input", readable(trace.input), "", "", ""),
        *_lines(trace.rows, "", ""),
        ("", "total", "", f"{trace.parameters:,}", f"{trace.macs:,}", ""),
    ]


def _lines(rows: Sequence[Row], number: str, indent: str) -> Iterator[tuple[str, ...]]:
    for row in rows:
        own = f"{number}{row.index}"
        field = readable(row.receptive_field) if row.receptive_field else ""
        output = readable(row.output)
        yield own, indent + row.type, output, f"{row.parameters:,}", f"{row.macs:,}", field
        for name, inside in row.inside:
            yield from _lines(inside, f"{own}.{name}.", indent + "  ")


def aligned(lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """`lines` in columns two spaces apart; those in `right` stand at the right of theirs."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
