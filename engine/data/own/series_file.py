"""One column of numbers in a table that was saved as text (CSV): found, and read.

What people save differs: commas, semicolons, tabs, bars or spaces between the columns, a decimal comma, thousands set apart, a
header or none, titles above it, a column of dates beside the numbers, the newest row first, gaps. Whatever is not certain is
said (`SeriesFile.notes`), and what makes no sense is refused with the line. Called by `engine.data.own.own_series`. No numpy.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any, Literal, NamedTuple, TypeAlias

from engine.data.info import DatasetError
from engine.figures import full_count
from engine.words import Phrase

Cells: TypeAlias = list[str]
Decimal: TypeAlias = Literal[".", ","]

GAPS = frozenset(
    (
        "",
        "-",
        "--",
        ".",
        "..",
        "...",
        "?",
        "*",
        "na",
        "n/a",
        "#n/a",
        *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"),  # where Excel could not compute
        "nan",
        "null",
        "none",
        "nil",
        "missing",
        "결측",
        "결측치",
        "없음",
    )
)
_SEPARATED = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces", "": "one_column"}
_SEPARATORS = tuple(filter(None, _SEPARATED))
_SAMPLED = 500  # rows that tell what stands between the columns, and in them
_LARGEST = 1e100  # whose square is a number still
_MOST_GAPS = 0.5  # of all values
_MOST_NAMED = 12  # columns, in a sentence
_NUMBER = {
    ".": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[, ]\d{3})+|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?"),
    ",": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[. ]\d{3})+|(?=,\d))(?:,\d*)?(?:[eE][+-]?\d+)?"),
}
_TOLD = re.compile(r'"?sep=(.)"?[,;|\t]*', re.IGNORECASE)
_DATE = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*(?:[-./월]\s*(\d{1,2}))?(?!\d)(.*)")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4})(?!\d)(.*)")
_DATE_NAMES = frozenset(
    (
        *("date", "dates", "time", "datetime", "timestamp", "year", "month", "day", "week", "index", "id", "no", "no."),
        *("날짜", "일자", "일시", "연도", "년도", "연월", "년월", "기간", "시간", "시각", "월", "일", "번호", "순번"),
    )
)


class SeriesFile(NamedTuple):
    """The series of a file: a value, or None for a gap, for each row, from the oldest on; without the gaps at both ends. The
    rest is how to find it in the file again: rows (without empty lines and those that begin with #) that are left out at the
    top, the column's number from 0 on, and whether the rows are turned round."""

    name: str
    values: tuple[float | None, ...]
    separator: str
    decimal: Decimal
    skipped: int
    column: int
    newest_first: bool
    notes: tuple[Phrase, ...]
    cut: tuple[int, int]  # the first and the last place, which is not in it, of the values among all rows
    is_cut: bool
    has_header: bool


class _Table(NamedTuple):
    header: Cells
    rows: list[Cells]
    lines: list[int]  # of the rows, in the file
    separator: str
    skipped: int

    def cells(self, column: int) -> Cells:
        return [row[column] if column < len(row) else "" for row in self.rows]

    def sampled(self, column: int) -> Cells:
        return [row[column] if column < len(row) else "" for row in self.rows[:_SAMPLED]]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def named(self, column: int) -> str:
        return (self.header[column].strip() if column < len(self.header) else "") or str(column + 1)


def read_series(text: str, file: str, column: str | None) -> SeriesFile:
    """The column `column` of the table `text`, by its name or its number from 1 on; None: the first one of numbers that are no
    dates. `file` names it in sentences. Raises DatasetError."""
    table = _table(text, file)
    if column is not None:
        chosen = _asked(table, column, file)
    else:
        found = _usual(table)
        if found is None:
            raise DatasetError("series_no_numbers", file=file, columns=_columns(table))
        chosen = found
    decimal, notes = _decimal(table, chosen)
    if column is None and _is_perhaps_a_date(table, chosen):
        notes.append(_noted("counts_time", column=table.named(chosen)))
    values = []
    for cell, line in zip(table.cells(chosen), table.lines, strict=True):
        value = None if _is_gap(cell) else number(cell, decimal)
        if value is None and not _is_gap(cell):
            place = {"file": file, "line": full_count(line), "column": table.named(chosen)}
            raise DatasetError("series_no_number", **place, found=cell.strip()[:40])
        values.append(value)
    if newest_first := _newest_first(table, chosen):
        values.reverse()
        notes.append(_noted("newest_first"))
    return _without_gaps(SeriesFile(
        table.named(chosen), tuple(values), table.separator, decimal, table.skipped, chosen, newest_first, tuple(notes),
        (0, len(values)), is_cut=False, has_header=bool(table.header),
    ), file)  # fmt: skip


def read_as(found: SeriesFile, encoding: str) -> Phrase:
    """What was found out about the file, for people to look over: `encoding`, what stands between the columns, which one is
    read, how its decimals are written."""
    return _noted(
        "series_read",
        encoding=encoding,
        table=_noted(_SEPARATED[found.separator]),
        header=_noted("header" if found.has_header else "no_header"),
        decimal=_noted("decimal_point" if found.decimal == "." else "decimal_comma"),
        column=found.name,
        count=full_count(len(found.values)),
    )


def number(cell: str, decimal: Decimal) -> float | None:
    """What a cell says, thousands apart or not; None where it is none, or too large a one."""
    if decimal == "." and "_" not in cell:
        try:  # by far the most cells, and fast
            value = float(cell)
        except ValueError:
            pass
        else:
            return value if abs(value) < _LARGEST else None
    text = _plain(cell)
    if not _NUMBER[decimal].fullmatch(text):
        return None
    value = float(text.replace(" ", "").replace("," if decimal == "." else ".", "").replace(",", "."))
    return value if abs(value) < _LARGEST else None


def _plain(cell: str) -> str:
    return cell.strip().replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")


def _is_gap(cell: str) -> bool:
    return cell.strip().lower() in GAPS


def _noted(code: str, **values: object) -> Phrase:
    return Phrase("data_notes", code, values)


# --- the table


def rows_of(lines: Sequence[str], separator: str) -> list[Cells]:
    """The cells of each line. Spaces separate as many as there are; without a separator there is one cell. Raises csv.Error."""
    if not separator:
        return [[line.strip().strip('"')] for line in lines]
    if separator == " ":
        return [line.split() for line in lines]
    return list(csv.reader(lines, delimiter=separator))


def told_separator(line: str) -> str | None:
    """What Excel's own first line, sep=;, says to stand between the columns; None of another line."""
    found = _TOLD.fullmatch(line.strip("\ufeff "))
    return found[1] if found is not None and found[1] in _SEPARATORS else None


def names_at(rows: Sequence[Cells], first: int, width: int, are_names: Callable[[Cells, Sequence[Cells]], bool]) -> int:
    """Where the names of the columns stand, from the row `first` on, or that row: below titles to which a program has added
    separators, so that they are as wide as the table and nearly empty."""
    place = first
    while place < len(rows) - 1 and sum(bool(cell.strip()) for cell in rows[place]) <= max(1, (width - 1) // 2):
        place += 1
    is_full = len(rows[place]) == width and sum(bool(cell.strip()) for cell in rows[place]) >= width - 1
    return place if is_full and are_names(rows[place], rows[place + 1 :]) else first


def _table(text: str, file: str) -> _Table:
    numbered = [(i, line) for i, line in enumerate(text.split("\n"), 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        raise DatasetError("series_empty", file=file)
    lines = [line for _, line in numbered]
    try:
        told = told_separator(lines[0])
        separator = told or _separator(lines)
        rows = rows_of(lines, separator)
    except csv.Error as error:
        raise DatasetError("series_damaged", file=file, error=error) from None
    if len(rows) != len(lines):  # a cell with quotation marks goes on over several lines
        raise DatasetError("series_many_lines", file=file)
    width = Counter(map(len, rows)).most_common(1)[0][0]
    above = next(number for number, row in enumerate(rows) if len(row) == width and number >= bool(told))  # titles
    above = names_at(rows[:_SAMPLED], above, width, _is_header) if width > 1 else above
    has_header = above + 1 < len(rows) and _is_header(rows[above], rows[above + 1 :])
    begin = above + has_header
    header = rows[above] if has_header else []
    return _Table(header, rows[begin:], [number for number, _ in numbered[begin:]], separator, begin)


def _separator(lines: Sequence[str]) -> str:
    """What stands between the columns: what makes the most columns of numbers. Empty where there is one column."""
    sampled, found = lines[:_SAMPLED], []
    for separator in _SEPARATORS:
        rows = rows_of(sampled, separator)
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if width > 1 and 2 * count > len(rows) and not (separator == "," and _are_decimal_commas(rows)):
            whole = [row for row in rows if len(row) == width]
            found.append((separator, sum(_mostly_numbers([row[column] for row in whole]) for column in range(width))))
    return max(found, key=itemgetter(1), default=("", 0))[0]


def _are_decimal_commas(rows: Sequence[Cells]) -> bool:
    """Whether the commas are those of decimals in one column: only digits follow them, and its header has none or, where it has
    no header, some begin with a nought, as in 3,05."""
    pairs = [row for row in rows if len(row) > 1]
    if not all(len(row) == 2 and number(",".join(row), ",") is not None for row in pairs):
        return False
    return len(rows[0]) == 1 or any(len(after) > 1 and after.startswith("0") for _, after in pairs)


def _mostly_numbers(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if not _is_gap(cell)]
    return 2 * sum(map(_is_number, known)) > len(known)


def _is_header(first: Cells, rows: Sequence[Cells]) -> bool:
    """Whether a cell of the first row is a word above numbers."""
    for column, cell in enumerate(first):
        below = [row[column] for row in rows[:_SAMPLED] if column < len(row)]
        if _mostly_numbers(below) and not _is_number(cell) and not _is_gap(cell):
            return True
    return False


def _is_number(cell: str) -> bool:
    return number(cell, ".") is not None or number(cell, ",") is not None


# --- the column


def _asked(table: _Table, column: str, file: str) -> int:
    names = [table.named(number) for number in range(table.width)]
    wanted = column.strip()
    for known, asked in ((names, wanted), ([name.casefold() for name in names], wanted.casefold())):
        if asked in known:
            return known.index(asked)
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= table.width:
        return int(wanted) - 1
    raise DatasetError("series_no_column", file=file, column=column, columns=_columns(table))


def _columns(table: _Table) -> str:
    names = [table.named(number) for number in range(min(table.width, _MOST_NAMED))]
    return ", ".join(names) + (", …" if table.width > _MOST_NAMED else "")


def _usual(table: _Table) -> int | None:
    """The first column of numbers that are no dates; or else the first one of numbers at all, of most of them at least."""
    of_numbers, of_most = [], []
    for column in range(table.width):
        cells = [cell for cell in table.sampled(column) if not _is_gap(cell)]
        numbers = sum(_is_number(cell) for cell in cells)
        if cells and numbers == len(cells):
            of_numbers.append(column)
        elif _mostly_numbers(cells):
            of_most.append(column)
    sure = [column for column in of_numbers if not _counts_time(table, column)]
    return next(iter((*sure, *of_numbers, *of_most)), None)


def _counts_time(table: _Table, column: int) -> bool:
    """Whether a column of numbers says when, and not what: by its name, because it counts on evenly, or as 20240131."""
    if table.header and table.named(column).casefold() in _DATE_NAMES:
        return True
    cells = [cell.strip() for cell in table.sampled(column) if not _is_gap(cell)]
    if len(cells) < 3 or not all(cell.isascii() and cell.isdigit() for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    steps = {after - before for before, after in pairwise(numbers)}
    return (len(steps) == 1 and steps != {0}) or all(map(_is_written_date, cells))


def _is_perhaps_a_date(table: _Table, chosen: int) -> bool:
    """Whether the column that was found says when, and what was measured stands in another, as no numbers."""
    others = [table.sampled(column) for column in range(table.width) if column != chosen]
    if not others or not _counts_time(table, chosen):
        return False
    return not any(_mostly_numbers(cells) or all(map(_date, cells)) for cells in others)


def _is_written_date(cell: str) -> bool:
    """20240131 or 202401"""
    if len(cell) not in (6, 8) or not 1500 <= int(cell[:4]) <= 2200:
        return False
    return 1 <= int(cell[4:6]) <= 12 and (len(cell) == 6 or 1 <= int(cell[6:]) <= 31)


def _newest_first(table: _Table, chosen: int) -> bool:
    """Whether a column of dates falls from row to row."""
    for column in range(table.width):
        if column == chosen or len(table.rows) < 2:
            continue
        cells = table.sampled(column)
        moments: list[tuple[Any, ...]]
        if all(map(_is_number, cells)):
            numbers = [number(cell, ".") for cell in cells]
            moments = [(value,) for value in numbers if value is not None] if _counts_time(table, column) else []
        else:
            moments = [date for date in map(_date, cells) if date is not None]
        if _falls(moments, cells):
            return True
        ways = [_years_last(cells, month) for month in (0, 1)]
        if any(_falls(way, cells) for way in ways) and not any(_falls(way[::-1], cells) for way in ways):
            return True
    return False


def _falls(moments: Sequence[tuple[Any, ...]], cells: Cells) -> bool:
    return len(moments) == len(cells) and all(later < earlier for earlier, later in pairwise(moments))


def _date(cell: str) -> tuple[int, int, int, str] | None:
    found = _DATE.fullmatch(cell.strip())
    return None if found is None else (int(found[1]), int(found[2]), int(found[3] or 0), found[4].strip(" 일"))


def _years_last(cells: Cells, month: Literal[0, 1]) -> list[tuple[int, int, int, str]]:
    """31.12.2023 and 12/31/2023, where the month stands in place `month`."""
    found = [match for cell in cells if (match := _YEAR_LAST.fullmatch(cell.strip())) is not None]
    moments = [(int(each[3]), int(each[1 + month]), int(each[2 - month]), each[4].strip()) for each in found]
    return [moment for moment in moments if moment[1] <= 12]


def _decimal(table: _Table, column: int) -> tuple[Decimal, list[Phrase]]:
    """The sign before the decimals in a column. Where it could be either, a comma sets thousands apart, but beside semicolons,
    as they are used where the comma is the decimal sign; that is said."""
    cells = [cell for cell in table.cells(column) if not _is_gap(cell)]
    fits = {decimal: sum(number(cell, decimal) is not None for cell in cells[:_SAMPLED]) for decimal in (".", ",")}
    if fits["."] != fits[","]:
        return (".", []) if fits["."] > fits[","] else (",", [])
    commas = [cell for cell in cells if "," in cell]
    if not commas:
        return ".", []
    decimal: Decimal = "," if table.separator == ";" else "."
    if any(number(cell, decimal) is None for cell in commas):  # those that come later are of one kind only
        return ("." if decimal == "," else ","), []
    value = number(commas[0], decimal)
    return decimal, [_noted("comma_read", found=commas[0].strip(), value=f"{value:.15g}")] if value is not None else []


# --- gaps


def _without_gaps(found: SeriesFile, file: str) -> SeriesFile:
    known = [place for place, value in enumerate(found.values) if value is not None]
    if not known:
        raise DatasetError("series_all_gaps", file=file, column=found.name)
    cut = known[0], known[-1] + 1
    values = found.values[slice(*cut)]
    gaps = values.count(None)
    if gaps > _MOST_GAPS * len(values):
        counts = {"gaps": full_count(gaps), "count": full_count(len(values))}
        raise DatasetError("series_gaps", file=file, column=found.name, **counts)
    notes = found.notes
    if gaps:
        notes += (_noted("gaps_filled", gaps=full_count(gaps), count=full_count(len(values)), column=found.name),)
    return found._replace(values=values, notes=notes, cut=cut, is_cut=len(values) < len(found.values))
