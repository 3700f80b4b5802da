"""A table that was saved as text: where its columns part, where its names stand, and every cell.

What people save differs: commas, semicolons, tabs, bars or spaces between the columns, names or none, titles above, cells in
quotation marks that hold separators and ends of lines, a column of row numbers that has no name (R writes one name less). What
makes no table is refused with the line. Rows are counted by Python's own reader of CSV, which knows the lines; the columns are
read by polars, which is imported when the first table is read. Called by `engine.data.own.tables.own_table`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from engine.data.info import DatasetError
from engine.data.own.series_file import GAPS, names_at, number, told_separator
from engine.figures import full_count

if TYPE_CHECKING:
    import polars

    Columns: TypeAlias = tuple[polars.Series, ...]

SEPARATORS = ("\t", ";", "|", ",", " ")  # of equally good ones the first
WHITE = " \t\n\u00a0\u3000\u202f\ufeff"  # around a cell
MOST_COLUMNS = 10_000
_SAMPLED = 500  # rows that tell what stands between the columns
_FREE = tuple(map(chr, (0x1F, 0x1E, 0x1D, 0x1C, *range(1, 9))))  # that hardly a text has
_CELL = 40  # characters of a cell in a sentence


@dataclass(frozen=True, eq=False)
class TableFile:
    """A table's cells, by columns: strings without white space around them, null where a value is missing. `skipped` is how
    many rows with any content stand above the first row of cells, its names included."""

    names: tuple[str, ...]  # of all columns; "" where there is none
    columns: Columns
    separator: str
    has_header: bool
    titles: int  # rows above the names
    skipped: int
    lines: tuple[int, ...] | None  # in which each row begins; None: one a line, from `first_line` on
    first_line: int

    @property
    def rows(self) -> int:
        return len(self.columns[0])

    def named(self, place: int) -> str:
        return self.names[place] or str(place + 1)

    def line(self, row: int) -> int:
        return self.first_line + row if self.lines is None else self.lines[row]

    def cell(self, place: int, row: int) -> str:
        """For a sentence."""
        return str(self.columns[place][row] or "")[:_CELL]


class _Row(NamedTuple):
    line: int  # in which it begins
    cells: list[str]


def read_table(text: str, file: str) -> TableFile:
    """The table that `text` holds; `file` names it in sentences. Raises DatasetError."""
    told = told_separator(text.partition("\n")[0])
    separator = told or _separator(text)
    rows = _rows(text, separator, file)
    top = list(islice(rows, _SAMPLED))
    if not top:
        raise DatasetError("table_empty", file=file)
    width = Counter(len(row.cells) for row in top).most_common(1)[0][0]
    if width == 1:
        raise DatasetError("table_one_column", file=file)
    if width > MOST_COLUMNS:
        raise DatasetError("table_wide", file=file, count=full_count(width), most=full_count(MOST_COLUMNS))
    titles = next(place for place, row in enumerate(top) if len(row.cells) == width and place >= bool(told))
    titles = names_at([row.cells for row in top], titles, width, _are_names)
    names: list[str] = []
    if titles > bool(told) and len(top[titles - 1].cells) == width - 1 > 1:  # one name less
        titles -= 1
        first = top[titles].cells
        is_last_empty = all(not row.cells[-1].strip(WHITE) for row in top[titles + 1 :] if len(row.cells) == width)
        names = [*first, ""] if is_last_empty else ["", *first]
    elif _are_names(top[titles].cells, [row.cells for row in top[titles + 1 :]]):
        names = top[titles].cells
    names = [" ".join(name.split()).strip(WHITE) for name in names]
    skipped = titles + bool(names)
    if len(top) == skipped:
        raise DatasetError("table_only_names", file=file, columns=", ".join(name or "?" for name in names[:12]))
    _require_different(names, file)
    lines, columns = _columns((*top[skipped:], *rows), width, text, file)
    begin = lines[0]
    return TableFile(
        tuple(names) or ("",) * width,
        columns,
        separator,
        bool(names),
        titles,
        skipped,
        None if lines[-1] - begin == len(lines) - 1 else tuple(lines),
        begin,
    )


def _rows(text: str, separator: str, file: str) -> Iterator[_Row]:
    """The rows that have any content. Raises DatasetError where quotation marks make no sense."""
    if separator == " ":
        split: Iterable[tuple[int, list[str]]] = ((at, line.split()) for at, line in enumerate(text.split("\n"), 1))
    elif '"' not in text:
        split = ((at, line.split(separator)) for at, line in enumerate(text.split("\n"), 1))
    else:
        split = _quoted(text, separator, file)
    for line, cells in split:
        if any(cell.strip(WHITE) for cell in cells):
            yield _Row(line, cells)


def _quoted(text: str, separator: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DatasetError("table_quotes", file=file, line=full_count(begins), error=error) from None
        yield begins, cells
        begins = reader.line_num + 1


def _columns(rows: Iterable[_Row], width: int, text: str, file: str) -> tuple[list[int], Columns]:
    """The lines of the rows, and their columns. Raises DatasetError where a row has more or fewer cells."""
    import polars

    free = [sign for sign in _FREE if sign not in text]
    if len(free) < 2:
        raise DatasetError("table_no_text", file=file)
    between, after = free[:2]
    lines, written = [], []
    for line, cells in rows:
        if len(cells) != width:
            counts = {"count": full_count(len(cells)), "width": full_count(width)}
            raise DatasetError("table_ragged", file=file, line=full_count(line), **counts)
        lines.append(line)
        written.append(between.join(cells))
    content = after.join(written).encode()
    del written
    frame = polars.read_csv(
        content,
        has_header=False,
        separator=between,
        eol_char=after,
        quote_char=None,
        schema={str(place): polars.String for place in range(width)},
    )
    return lines, tuple(_without_gaps(column) for column in frame.iter_columns())


def _without_gaps(column: polars.Series) -> polars.Series:
    """Null for each mark of a missing value."""
    import polars

    bare = column.str.strip_chars(WHITE)
    gap = bare.str.to_lowercase().is_in(list(GAPS)).fill_null(value=True)
    return polars.select(polars.when(~gap).then(bare)).to_series()


def _separator(text: str) -> str:
    """What stands between the columns: what makes the most columns of numbers, in the most rows alike."""
    found: list[tuple[tuple[int, float], str]] = []
    for separator in SEPARATORS:
        rows = _sampled(text, separator)
        if not rows:
            break
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if width == 1 or 2 * count <= len(rows) or (separator == " " and (found or count < len(rows) - 1)):
            continue
        whole = [row for row in rows if len(row) == width]
        numeric = sum(_are_numbers([row[place] for row in whole]) for place in range(width))
        found.append(((numeric, count / len(rows)), separator))
    return max(found, key=lambda each: each[0], default=((0, 0.0), ","))[1]


def _sampled(text: str, separator: str) -> list[list[str]]:
    """The first rows with any content, quotation marks or not; a table that is no table has none."""
    if separator == " ":
        rows: Iterable[list[str]] = (line.split() for line in StringIO(text, newline=""))
    else:
        rows = csv.reader(StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        return list(islice((row for row in rows if any(cell.strip(WHITE) for cell in row)), _SAMPLED))
    except csv.Error:
        return []


def is_number(cell: str) -> bool:
    return number(cell, ".") is not None or number(cell, ",") is not None


def _are_numbers(cells: list[str]) -> bool:
    """Whether most of the cells are."""
    known = [cell for cell in cells if cell.strip(WHITE).lower() not in GAPS]
    return 2 * sum(map(is_number, known)) > len(known)


def _are_names(first: list[str], rows: Sequence[list[str]]) -> bool:
    """Whether the first row names the columns: a word stands above numbers; or there are no numbers, and no cell of it is
    found again below it."""
    below = [row for row in rows if len(row) == len(first)]
    if not below:
        return not any(map(is_number, first))
    of_numbers = [place for place in range(len(first)) if _are_numbers([row[place] for row in below])]
    if of_numbers:
        return any(not is_number(first[place]) and first[place].strip(WHITE).lower() not in GAPS for place in of_numbers)
    return not any(cell == row[place] for place, cell in enumerate(first) for row in below if cell.strip(WHITE))


def _require_different(names: list[str], file: str) -> None:
    places: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if name and name in places:
            raise DatasetError("table_same_names", file=file, column=name, first=places[name], second=place)
        places[name] = place
