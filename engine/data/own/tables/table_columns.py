"""What stands in each column of a table: numbers, categories, dates, a count of the rows, texts, always the same, nothing.

A column of numbers has one decimal sign: the one that all its cells can be read with, and where it could be either, the one of
the file's other columns. Called by `engine.data.own.tables.own_table`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from engine.data.own.series_file import Decimal
from engine.data.own.tables.table_dates import days, order_of
from engine.data.own.tables.table_file import TableFile

if TYPE_CHECKING:
    import polars

ColumnKind: TypeAlias = Literal["numeric", "categorical", "date", "index", "text", "constant", "empty"]

USUAL_CATEGORIES = 50  # that a column may have which nobody has asked for
LARGEST = 1e100  # whose square is a number still
_EXAMPLES = 3
_SAMPLED = 2_000  # cells that tell a decimal sign
_NUMBERS = {
    ".": r"^[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$",
    ",": r"^[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+)(?:,[0-9]*)?|,[0-9]+)(?:[eE][+-]?[0-9]+)?$",
}
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_INDEX_NAMES = frozenset(("index", "id", "no", "no.", "nr", "row", "#", "번호", "순번", "연번", "일련번호", "unnamed: 0"))
_DATE_NAMES = frozenset(
    ("date", "day", "datetime", "timestamp", "날짜", "일자", "일시", "기준일", "기준일자", "생년월일", "등록일")
)


class Stray(NamedTuple):
    """A cell of a column of numbers that is none."""

    row: int
    cell: str


@dataclass(frozen=True, eq=False)
class FileColumn:
    """One column: its cells (null where one is missing), its kind, and how its numbers or dates are written."""

    place: int  # from 0 on
    name: str  # or its number, from 1 on
    kind: ColumnKind
    cells: polars.Series
    decimal: Decimal = "."
    is_either: bool = False  # whether some of its numbers could be read with the other sign as well
    order: str = "ymd"
    is_either_order: bool = False
    stray: Stray | None = None  # the first cell that is no number, where nearly all are
    endless: Stray | None = None  # the first one that is infinite, or too large a number to compute with

    @property
    def missing(self) -> int:
        return self.cells.null_count()

    @cached_property
    def distinct(self) -> int:
        """How many different values there are."""
        return self.cells.n_unique() - bool(self.missing)

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """The first values that differ from each other."""
        return tuple(self.cells.drop_nulls().head(1000).unique(maintain_order=True).head(_EXAMPLES).to_list())

    @cached_property
    def is_numbers(self) -> bool:
        return self.kind in ("numeric", "index", "constant") and self.numbers.null_count() == self.missing

    @cached_property
    def numbers(self) -> polars.Series:
        """Numbers, or the days of dates; null where one is missing."""
        if self.kind == "date":
            import polars

            found = [None if cell is None else days(cell, self.order) for cell in self.cells.to_list()]
            return polars.Series(found, dtype=polars.Float64)
        return numbers_in(self.cells, self.decimal)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Its different values, in the order in which people count."""
        return tuple(sorted(self.cells.drop_nulls().unique().to_list(), key=as_people_count))


def as_people_count(name: str) -> tuple[object, ...]:
    """A key that sorts 2 before 10, and item 2 before item 10."""
    plain = name.casefold()
    try:
        value = float(plain)
    except ValueError:
        pass
    else:
        return (0, value, name)
    parts = re.split(r"([0-9]+)", plain)
    return (1, tuple((int(part), "") if place % 2 else (-1, part) for place, part in enumerate(parts)), name)


def numbers_in(cells: polars.Series, decimal: Decimal) -> polars.Series:
    """What the cells say as numbers; null where they are none, or too large ones."""
    import polars

    plain = cells.str.replace_all("\u2212", "-", literal=True).str.replace_all("[\u00a0\u202f]", " ")
    fits = plain.str.contains(_NUMBERS[decimal])
    if decimal == ".":
        plain = plain.str.replace_all("[, ]", "")
    else:
        plain = plain.str.replace_all("[. ]", "").str.replace_all(",", ".", literal=True)
    values = polars.select(polars.when(fits).then(plain)).to_series().cast(polars.Float64, strict=False)
    return polars.select(polars.when(values.abs() < LARGEST).then(values)).to_series()


@lru_cache(maxsize=2)
def columns_of(table: TableFile) -> tuple[FileColumn, ...]:
    """All columns of the table, in its order."""
    fits = [_decimals(cells) for cells in table.columns]
    sure = [found[0] for found in fits if len(found) == 1]
    usual: Decimal | None = None if not sure else "," if sure.count(",") > sure.count(".") else "."
    return tuple(
        _column(table, place, cells, *_decimal(cells, found, usual, table.separator))
        for place, (cells, found) in enumerate(zip(table.columns, fits, strict=True))
    )


def _decimals(cells: polars.Series) -> list[Decimal]:
    """The decimal signs with which the most of these cells are numbers, and not the same ones; none where few of them are. The
    first cells tell, where they can."""
    found = _decimals_of(cells.drop_nulls().head(_SAMPLED))
    return found if found is not None and len(found) < 2 else _decimals_of(cells) or []


def _decimals_of(cells: polars.Series) -> list[Decimal] | None:
    """The same for all of `cells`; None where it does not matter to their values which it is."""
    known = len(cells) - cells.null_count()
    read: dict[Decimal, polars.Series] = {".": numbers_in(cells, "."), ",": numbers_in(cells, ",")}
    counts = {sign: len(found) - found.null_count() for sign, found in read.items()}
    if not known or 2 * max(counts.values()) < known:
        return []
    if counts["."] != counts[","]:
        return ["."] if counts["."] > counts[","] else [","]
    return None if read["."].equals(read[","]) else [".", ","]


def _decimal(cells: polars.Series, fitting: list[Decimal], usual: Decimal | None, separator: str) -> tuple[Decimal, bool]:
    """The decimal sign of a column, and whether that is a guess: a comma that could be both, where no other column tells, sets
    thousands apart, but beside semicolons, as they are used where it is the decimal sign."""
    if len(fitting) == 1:
        return fitting[0], False
    if len(fitting) == 2 and usual is None and bool(cells.str.contains(",", literal=True).any()):
        return ("," if separator == ";" else "."), True
    return usual or ".", False


def _column(table: TableFile, place: int, cells: polars.Series, decimal: Decimal, is_either: bool) -> FileColumn:
    name, title = table.named(place), table.names[place].casefold()
    numbers = numbers_in(cells, decimal)
    different = cells.drop_nulls().unique(maintain_order=True).to_list()
    known = len(cells) - cells.null_count()
    read = len(numbers) - numbers.null_count()

    def found(kind: ColumnKind, **more: object) -> FileColumn:
        return FileColumn(place, name, kind, cells, decimal, is_either and kind != "text", **more)  # type: ignore[arg-type]

    if not known:
        return found("empty")
    if known == read:
        if title in _DATE_NAMES and order_of(different, of_digits=True):
            return found("date")
        if numbers.n_unique() - bool(numbers.null_count()) == 1:
            return found("constant")
        return found("index" if _counts_rows(numbers, title) else "numeric")
    if (order := order_of(different)) is not None:
        return found("date", order=order[0], is_either_order=order[1])
    rest = cells.filter(numbers.is_null() & cells.is_not_null())
    if read >= known - read and all(map(_is_endless, rest.unique().to_list())):
        return found("numeric", endless=Stray(_row_of(cells, rest[0]), rest[0]))
    if len(different) == 1:
        return found("constant")
    if not title and place == 0 and len(different) == len(cells):  # the names of rows
        return found("index")
    stray = Stray(_row_of(cells, rest[0]), rest[0]) if read >= 9 * (known - read) else None
    few = len(different) <= 10 and len(different) < known
    is_categorical = few or (len(different) <= USUAL_CATEGORIES and 2 * len(different) <= known)
    if stray is not None and len(different) > 10:
        is_categorical = False
    return found("categorical" if is_categorical else "text", stray=stray)


def _row_of(cells: polars.Series, cell: str) -> int:
    return int((cells == cell).fill_null(value=False).arg_max() or 0)


def _is_endless(cell: str) -> bool:
    if _INFINITE.fullmatch(cell):
        return True
    try:
        return abs(float(cell.replace(",", "."))) >= LARGEST
    except ValueError:
        return False


def _counts_rows(numbers: polars.Series, title: str) -> bool:
    """Whether a column counts the rows: on by one from row to row, without a name, from 0 or 1 on, or as one that is called
    so; or has a number of its own for each row, and is called so."""
    if numbers.null_count() or len(numbers) < 3 or not bool((numbers == numbers.floor()).all()):
        return False
    steps = numbers.diff().drop_nulls()
    is_called = not title or title in _INDEX_NAMES
    if bool((steps == 1).all()):
        return is_called or numbers[0] in (0, 1)
    return title in _INDEX_NAMES and numbers.n_unique() == len(numbers)
