"""Which columns of a table are predicted from which: as the user says, or as is usually meant.

The usual target is a column that is called so (class, label, 정답), or the last one; the usual inputs are all columns of
numbers and of categories. What is left out, and what was done to the rest, is said (`notes`). Called by
`engine.data.own.tables.own_table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from engine.data.info import Data, DatasetError
from engine.data.own.tables.table_columns import ColumnKind, FileColumn, columns_of
from engine.data.own.tables.table_file import TableFile
from engine.figures import full_count, typeset
from engine.words import Phrase

MOST_CATEGORIES = 1_000  # of one column
FEW_NUMBERS = 10  # whole ones, that a target may have and still mean classes
_ROWS_A_NUMBER = 5
_MOST_NAMED = 12  # columns in a sentence
_TARGET_NAMES = frozenset(
    (
        *("target", "label", "class", "species", "outcome", "y"),
        *("정답", "레이블", "라벨", "분류", "클래스", "품종", "종", "목표", "목푯값", "결과"),
    )
)
_LEFT_OUT: tuple[ColumnKind, ...] = ("index", "date", "text", "constant", "empty")


@dataclass(frozen=True, eq=False)
class TableChoice:
    """A table's rows that have a target, its target and its inputs. `columns` are all columns of the whole table."""

    table: TableFile
    columns: tuple[FileColumn, ...]
    target: FileColumn
    inputs: tuple[FileColumn, ...]
    is_classes: bool
    has_asked_columns: bool
    has_asked_task: bool

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """As people count; none of a target of numbers."""
        if not self.is_classes:
            return ()
        if self.target.is_numbers:
            return tuple(map(_exact, self.class_numbers))
        return self.target.categories

    @cached_property
    def class_numbers(self) -> tuple[float, ...]:
        return tuple(sorted(self.target.numbers.drop_nulls().unique().to_list()))

    @cached_property
    def class_counts(self) -> list[int]:
        """How many rows each class has."""
        if not self.is_classes:
            return []
        counted = (self.target.numbers if self.target.is_numbers else self.target.cells).drop_nulls().value_counts()
        found = dict(counted.iter_rows())
        return [found[each] for each in (self.class_numbers if self.target.is_numbers else self.classes)]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of each number that a sample has."""
        return tuple(name for column in self.inputs for name in names_of(column))

    @property
    def rows(self) -> int:
        """Rows with a target."""
        return len(self.target.cells) - self.target.missing

    def notes(self) -> tuple[Phrase, ...]:
        """What was done so that the table could be learned from."""
        table, notes = self.table, []
        if table.titles:
            notes.append(_noted("table_titles", count=full_count(table.titles)))
        if self.target.missing:
            notes.append(_noted("table_rows_without_target", count=full_count(self.target.missing), column=self.target.name))
        if self.is_classes and self.target.is_numbers and not self.has_asked_task:
            notes.append(_noted("table_few_numbers", column=self.target.name, count=full_count(len(self.classes))))
        notes += self._left_out()
        of_numbers = [column for column in self.inputs if not is_categorical(column)]
        for code, columns in (
            ("table_filled", of_numbers),
            ("table_own_category", [column for column in self.inputs if is_categorical(column)]),
        ):
            if missing := [f"{column.name} ({full_count(column.missing)})" for column in columns if column.missing]:
                notes.append(_noted(code, columns=_listed(missing)))
        if dates := [column.name for column in of_numbers if column.kind == "date"]:
            notes.append(_noted("table_days", columns=_listed(dates)))
        for column in (*of_numbers, self.target):
            if column.is_either and (cell := _either(column)) is not None:
                notes.append(_noted("comma_read", found=cell[0], value=cell[1]))
            if column.is_either_order:
                notes.append(_noted("table_day_first" if column.order == "dmy" else "table_month_first", column=column.name))
        if rare := [column.name for column in self.inputs if is_categorical(column) and _has_lone_category(column)]:
            notes.append(_noted("table_rare", columns=_listed(rare)))
        return tuple(notes)

    def _left_out(self) -> list[Phrase]:
        if self.has_asked_columns:
            return []
        used, notes = {self.target.place, *(column.place for column in self.inputs)}, []
        rest = [column for column in self.columns if column.place not in used]
        for kind in _LEFT_OUT:
            names = [column.name for column in rest if column.kind == kind and column.stray is None]
            if names:
                notes.append(_noted(f"table_left_{kind}", columns=_listed(names)))
        for column in rest:
            if column.stray is not None:
                line = full_count(self.table.line(column.stray.row))
                notes.append(_noted("table_left_stray", column=column.name, line=line, found=column.stray.cell[:40]))
        return notes


def choice_in(table: TableFile, data: Data, file: str) -> TableChoice:
    """What `data` asks of the table, which `file` names in sentences. Raises DatasetError."""
    columns = columns_of(table)
    target = _target(table, columns, data, file)
    if data.columns is None:
        inputs = tuple(
            column for column in columns if column.kind in ("numeric", "categorical") and column.place != target.place
        )
    else:
        inputs = _asked(table, columns, target, data.columns, file)
    for column in (target, *inputs):
        if column.endless is not None:
            line = full_count(table.line(column.endless.row))
            raise DatasetError("table_endless", file=file, column=column.name, line=line, found=column.endless.cell[:40])
    if not inputs and data.columns is None:
        _require_no_stray(table, [column for column in columns if column.place != target.place], file)
    if not inputs:
        raise DatasetError(
            "table_no_inputs", file=file, column=target.name, columns=_listed([column.name for column in columns])
        )
    is_classes = data.task == "classification" if data.task is not None else _are_classes(target)
    if not is_classes and not target.is_numbers:
        raise DatasetError("table_no_numbers", file=file, column=target.name, found=", ".join(target.examples))
    found = TableChoice(
        table,
        columns,
        target,
        inputs,
        is_classes,
        has_asked_columns=data.columns is not None,
        has_asked_task=data.task is not None,
    )
    if is_classes:
        _require_classes(found, file)
    return found


def is_categorical(column: FileColumn) -> bool:
    """Whether a column becomes an input for each category, and not a number."""
    return column.kind in ("categorical", "text")


def names_of(column: FileColumn) -> tuple[str, ...]:
    """Of its inputs: itself, or each of its categories, of which the last one may be that it is missing."""
    if not is_categorical(column):
        return (column.name,)
    missing = (f"{column.name} = ?",) if column.missing else ()
    return (*(f"{column.name} = {category}" for category in column.categories), *missing)


def only_rows(choice: TableChoice) -> TableChoice:
    """The same without the rows that have no target."""
    if not choice.target.missing:
        return choice
    kept = choice.target.cells.is_not_null()

    def taken(column: FileColumn) -> FileColumn:
        return replace(column, cells=column.cells.filter(kept))

    return replace(choice, target=taken(choice.target), inputs=tuple(map(taken, choice.inputs)))


# --- the target


def _target(table: TableFile, columns: Sequence[FileColumn], data: Data, file: str) -> FileColumn:
    if data.target is not None:
        target = _named(table, columns, data.target, "target", file)
        if target.kind == "empty":
            raise DatasetError("table_target_empty", file=file, column=target.name)
        if target.kind == "constant":
            raise DatasetError("table_target_constant", file=file, column=target.name, found=", ".join(target.examples))
        if target.kind == "date":
            raise DatasetError("table_target_date", file=file, column=target.name)
        if target.stray is not None and target.kind == "text":
            line = full_count(table.line(target.stray.row))
            raise DatasetError("table_target_stray", file=file, column=target.name, line=line, found=target.stray.cell[:40])
        return target
    asked = _places(table, columns, data.columns or (), file)
    usable = [column for column in columns if column.kind in ("numeric", "categorical") and column.place not in asked]
    called = [column for column in usable if table.names[column.place].casefold() in _TARGET_NAMES]
    if not usable:
        _require_no_stray(table, columns, file)
        raise DatasetError("table_no_target", file=file, columns=_listed([column.name for column in columns]))
    return (called or usable)[-1]


def _require_no_stray(table: TableFile, columns: Sequence[FileColumn], file: str) -> None:
    """Raises DatasetError where one cell alone keeps a column from being one of numbers."""
    for column in columns:
        if column.stray is not None:
            line = full_count(table.line(column.stray.row))
            raise DatasetError("table_stray", file=file, column=column.name, line=line, found=column.stray.cell[:40])


def _are_classes(target: FileColumn) -> bool:
    """Whether nobody would measure the distance between two values of the target: words, or a few whole numbers that come
    again and again."""
    if not target.is_numbers:
        return True
    known = target.numbers.drop_nulls()
    few = target.distinct <= FEW_NUMBERS and target.distinct * _ROWS_A_NUMBER <= len(known)
    return few and bool((known == known.floor()).all())


def _require_classes(found: TableChoice, file: str) -> None:
    """Raises DatasetError where there are too many classes, or one that cannot be both learned and validated."""
    target = found.target
    if len(found.classes) > MOST_CATEGORIES:
        counts = {"count": full_count(len(found.classes)), "most": full_count(MOST_CATEGORIES)}
        raise DatasetError("table_many_classes", file=file, column=target.name, **counts)
    values = (target.numbers if target.is_numbers else target.cells).drop_nulls()
    if len(found.classes) == 1:
        raise DatasetError("table_target_constant", file=file, column=target.name, found=found.classes[0])
    lone = values.filter(values.is_unique())
    if len(lone):
        row = int(((target.numbers if target.is_numbers else target.cells) == lone[0]).fill_null(value=False).arg_max() or 0)
        line = full_count(found.table.line(row))
        name = str(target.cells[row])[:40]
        if 2 * len(lone) > len(found.classes):
            raise DatasetError("table_classes_of_one", file=file, column=target.name, count=full_count(len(lone)))
        raise DatasetError("table_class_of_one", file=file, column=target.name, line=line, found=name)


# --- the inputs


def _asked(
    table: TableFile, columns: Sequence[FileColumn], target: FileColumn, asked: Sequence[str | int], file: str
) -> tuple[FileColumn, ...]:
    inputs = []
    for place in _places(table, columns, asked, file):
        column = columns[place]
        if place == target.place:
            raise DatasetError("table_target_in_columns", file=file, column=column.name)
        if column.kind in ("empty", "constant"):
            raise DatasetError(
                "table_column_empty" if column.kind == "empty" else "table_column_constant", file=file, column=column.name
            )
        if column.stray is not None and column.kind == "text":
            line = full_count(table.line(column.stray.row))
            raise DatasetError("table_column_stray", file=file, column=column.name, line=line, found=column.stray.cell[:40])
        if column.kind == "index" and not column.is_numbers:
            column = replace(column, kind="text")
        if is_categorical(column) and column.distinct > MOST_CATEGORIES:
            counts = {"count": full_count(column.distinct), "most": full_count(MOST_CATEGORIES)}
            raise DatasetError("table_many_categories", file=file, column=column.name, **counts)
        inputs.append(column)
    return tuple(inputs)


def _places(table: TableFile, columns: Sequence[FileColumn], asked: Sequence[str | int], file: str) -> list[int]:
    return list(dict.fromkeys(_named(table, columns, each, "columns", file).place for each in asked))


def _named(table: TableFile, columns: Sequence[FileColumn], asked: str | int, key: str, file: str) -> FileColumn:
    """The column of this name, or number from 1 on. Raises DatasetError."""
    wanted = str(asked).strip()
    if not isinstance(asked, int):
        for known, name in ((list(table.names), wanted), ([name.casefold() for name in table.names], wanted.casefold())):
            if name in known:
                return columns[known.index(name)]
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(columns):
        return columns[int(wanted) - 1]
    raise DatasetError(
        "table_no_column", key=key, file=file, column=wanted, columns=_listed([column.name for column in columns])
    )


# --- words


def _noted(code: str, **values: object) -> Phrase:
    return Phrase("data_notes", code, values)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def _exact(value: float) -> str:
    """A number of the table to its last digit: 3, 0.25."""
    return typeset(str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value))


def _either(column: FileColumn) -> tuple[str, str] | None:
    """A cell that could be two numbers, and as which it is read."""
    row = column.cells.str.contains(",", literal=True).fill_null(value=False).arg_max()
    if row is None or (value := column.numbers[row]) is None:
        return None
    return str(column.cells[row]), _exact(value)


def _has_lone_category(column: FileColumn) -> bool:
    known = column.cells.drop_nulls()
    return bool(known.is_unique().any()) or column.missing == 1
