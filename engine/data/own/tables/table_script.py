"""The lines of an exported script that read a table: what was found out about the file stands in them as figures, and what is
learned from the rows that train (means, deviations, medians) is learned again, so that the seed may be changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import getsource

from engine.data.info import DataInfo
from engine.data.own.own_file import reading_script
from engine.data.own.series_file import GAPS
from engine.data.own.tables.table_choice import TableChoice, is_categorical
from engine.data.own.tables.table_columns import FileColumn
from engine.data.own.tables.table_file import WHITE
from engine.data.source import DataScript, own_drawing

_WIDEST = 110  # of a line


def table_script(found: TableChoice, info: DataInfo, seed: str) -> DataScript:
    """`found` is the table as `info` describes it; `seed` is the expression for it."""
    columns = (*found.inputs, found.target)
    of_dates = any(column.kind == "date" for column in found.inputs)
    is_drawn_by_sklearn = found.is_classes and info.folds is None and not info.shared_out
    body = (
        _rows(found, info),
        f"rows = [row for row in rows if not is_missing(row[{found.target.place}])]" if found.rows < found.table.rows else "",
        *_targets(found, info, seed),
        "inputs = [",
        *(f"    {_input(column)},  # {_comment(column.name)}" for column in found.inputs),
        "]",
        "x = np.concatenate(inputs, axis=1).astype(np.float32)  # N, F",
        "x_train, x_validation = (torch.from_numpy(x[part]).to(DEVICE) for part in (train, validation))",
        "y_train, y_validation = (torch.from_numpy(y[part]).to(DEVICE) for part in (train, validation))",
    )
    text = "\n\n\n".join((*_functions(found, info, columns), "\n".join(filter(None, body))))
    imports = [*(["from numpy.typing import NDArray"] if "NDArray" in text else [])]
    standard, packages = [], "torch numpy"
    if info.path is None:
        imports.append("from sklearn.datasets import load_iris")
    else:
        standard += ["import hashlib", *([] if found.table.separator == " " else ["import csv", "import io"])]
    if of_dates:
        standard += ["import datetime", "import re"]
    if is_drawn_by_sklearn:
        imports.append("from sklearn.model_selection import train_test_split")
    if info.path is None or is_drawn_by_sklearn:
        packages += " scikit-learn"
    return DataScript(text, tuple(imports), tuple(standard), packages)


def _functions(found: TableChoice, info: DataInfo, columns: Sequence[FileColumn]) -> list[str]:
    """What the script needs of the engine's own functions, and those that read the cells of a column."""
    from engine.data.own.tables.table_dates import days
    from engine.data.own.tables.table_inputs import one_hot, shuffled, standardised

    missing = "\n".join(("MISSING = {", *_wrapped(list(map(_quoted, sorted(GAPS))), "    "), "}"))
    written = [missing, _CELLS.strip()]
    if any(column.is_numbers and column.kind != "date" for column in columns):
        written.append(_NUMBER.strip())
    if any(map(_is_numeric, columns)):
        written.append(_NUMBERS.strip())
    if any(column.kind == "date" for column in found.inputs):
        written += [getsource(days).strip(), _DATES.strip()]
    if any(map(is_categorical, found.inputs)):
        written += [_CODES.strip(), getsource(one_hot).strip()]
    if any(not is_categorical(column) for column in found.inputs) or not found.is_classes:
        written.append(getsource(standardised).strip())
    if not found.is_classes:
        written.append(getsource(shuffled).strip())
    elif info.folds is not None or info.shared_out:
        written.append(own_drawing(info, "")[0])
    return written


def _is_numeric(column: FileColumn) -> bool:
    return not is_categorical(column) and column.kind != "date"


def _rows(found: TableChoice, info: DataInfo) -> str:
    if info.path is None:
        return _IRISES.strip()
    separator = found.table.separator
    cells = f'csv.reader(io.StringIO(text, newline=""), delimiter={separator!r}, skipinitialspace=True)'
    if separator == " ":
        cells = '(line.split() for line in text.split("\\n"))'
    reading = reading_script(info.path)
    return _READING.format(reading=reading, cells=cells, white=ascii(WHITE), skipped=found.table.skipped).strip()


def _targets(found: TableChoice, info: DataInfo, seed: str) -> list[str]:
    target, named = found.target, f"  # {_comment(found.target.name)}"
    if not found.is_classes:
        sizes = f"samples={info.samples}, training={info.train}, folds={info.folds or 0}, fold={info.fold}"
        return [
            f"train, validation = shuffled(np.random.default_rng({seed}), len(rows), {sizes})",
            f"y = {_input(target)}.astype(np.float32){named}",
        ]
    known = [*map(repr, found.class_numbers)] if target.is_numbers else [*map(_quoted, target.categories)]
    of_cell = f"number(cell, {_quoted(target.decimal)})" if target.is_numbers else "cell"
    lines = [
        *("CLASSES = [", *_wrapped(known, "    "), "]"),
        f"y = np.array([CLASSES.index({of_cell}) for cell in column({target.place})], np.int64){named}",
    ]
    if info.folds is not None or info.shared_out:
        return [*lines, f"train, validation = {own_drawing(info, seed)[1]}"]
    sizes = f"train_size={info.train}, test_size={info.validation}"
    return [
        *lines,
        f"train, validation = train_test_split(np.arange(len(y)), {sizes}, stratify=y, random_state={seed})",
    ]


def _input(column: FileColumn) -> str:
    """The expression that makes the inputs of a column, or the target of one."""
    if is_categorical(column):
        categories = "\n".join(_wrapped(list(map(_quoted, column.categories)), "        ")).strip().rstrip(",")
        count = len(column.categories) + bool(column.missing)
        return f"one_hot(codes({column.place}, [{categories}]), {count}, train)"
    if column.kind == "date":
        return f"standardised(dates({column.place}, {_quoted(column.order)}), train)"
    return f"standardised(numbers({column.place}, {_quoted(column.decimal)}), train)"


def _comment(name: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in name)


def _quoted(text: str) -> str:
    """A string in Python's words."""
    return f'"{text}"' if text.isprintable() and not {'"', "\\"} & set(text) else repr(text)


def _wrapped(values: Sequence[str], indent: str) -> list[str]:
    """The values with commas after them, as many in a line as fit."""
    lines, line = [], indent
    for value in values:
        if line != indent and len(line) + len(value) > _WIDEST:
            lines.append(line.rstrip())
            line = indent
        line += f"{value}, "
    return [*lines, line.rstrip()]


_CELLS = """
def is_missing(cell):
    return cell.lower() in MISSING


def column(place):
    return [row[place] for row in rows]
"""

_NUMBER = """
def number(cell, decimal):
    plain = cell.replace("\\u2212", "-")
    for sign in ("\\u00a0", "\\u202f", " ", "," if decimal == "." else "."):
        plain = plain.replace(sign, "")
    return float(plain.replace(",", "."))
"""

_NUMBERS = """
def numbers(place, decimal):
    return np.array([np.nan if is_missing(cell) else number(cell, decimal) for cell in column(place)])
"""

_DATES = """
def dates(place, order):
    return np.array([np.nan if is_missing(cell) else days(cell, order) for cell in column(place)])
"""

_CODES = """
def codes(place, categories):  # a missing one comes after the last
    return np.array([len(categories) if is_missing(cell) else categories.index(cell) for cell in column(place)])
"""

_READING = """
{reading}
cells = ([cell.strip({white}) for cell in row] for row in {cells})
rows = [row for row in cells if any(row)][{skipped}:]
"""

_IRISES = """
irises = load_iris()
numbered = zip(irises.data.tolist(), irises.target, strict=True)
rows = [[*map(str, cells), str(irises.target_names[species])] for cells, species in numbered]
"""
