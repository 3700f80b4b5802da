"""A table as data: a column of a user's own CSV file is predicted from others; without a file, Fisher's irises.

A target of words, or of a few whole numbers, makes classes, split so that each part has the whole's proportions; one of numbers
is standardised, and split at random. What is learned from the table itself (means, deviations, medians, the categories there
are) is learned from the rows that train. How the columns are found out: `table_file`, `table_columns`, `table_choice`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from engine.data.found import Found
from engine.data.info import Data, DataInfo, DatasetError, Scaled, TableUse
from engine.data.own.own_file import MOST_TABLE_BYTES, OwnFile, own_file
from engine.data.own.tables.table_choice import TableChoice, choice_in, is_categorical, only_rows
from engine.data.own.tables.table_columns import columns_of
from engine.data.own.tables.table_file import TableFile, read_table
from engine.data.own.tables.table_found import ColumnRole, table_found
from engine.data.own.tables.table_script import table_script
from engine.data.source import LARGEST_BYTES, Arrays, DataScript, ShownRows, Source, drawn
from engine.figures import binary_size, full_count
from engine.words import Phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEPARATED: Mapping[str, str] = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces"}


class TableSource(Source):
    """A table: one column from others."""

    task = "classification"
    outputs = 1
    options = ("path", "target", "columns", "task")
    endings = (".csv", ".tsv")

    def shapes(self, length: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return (1,), ()

    def described(self, data: Data) -> DataInfo:
        file = data.path or self.name
        found = chosen(data)
        rows, inputs = found.rows, len(found.names)
        samples = data.samples or rows
        if samples > rows:
            raise DatasetError("table_too_few", file=file, rows=full_count(rows), samples=full_count(samples))
        if (size := rows * inputs * 4) > LARGEST_BYTES:
            counts = {"rows": full_count(rows), "inputs": full_count(inputs)}
            raise DatasetError("table_large", file=file, size=binary_size(size), most=binary_size(LARGEST_BYTES), **counts)
        train, validation = self._split(data, samples, found.class_counts or [rows])
        info = self._info(data, None, train, validation, found.classes)
        made = replace(
            info,
            task="classification" if found.is_classes else "regression",
            loss="cross_entropy" if found.is_classes else "mean_squared_error",
            input=(inputs,),
            outputs=len(found.classes) or 1,
            target=() if found.is_classes else (1,),
            table=TableUse(found.target.place, tuple(column.place for column in found.inputs), found.target.name, found.names),
            reading=None if data.path is None else read_as(found, _file(data.path).encoding_name),
            notes=found.notes(),
        )
        return self._in_both_parts(made, data, found.class_counts)

    def found(self, data: Data) -> Found:
        base = super().found(data)
        try:
            table = table_of(data.path)
            columns = columns_of(table)
        except DatasetError:
            return base
        use = None if base.info is None else base.info.table
        roles: dict[int, ColumnRole] = {} if use is None else {use.target: "target", **dict.fromkeys(use.columns, "input")}
        return table_found(base, _file(data.path), table, columns, roles)

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        import numpy as np

        from engine.data.own.tables.table_inputs import one_hot, standardised

        found = _as_described(info)
        y, train, validation = _parts(found, info, seed)
        x = np.empty((found.rows, len(found.names)), np.float32)
        place = 0
        for column in found.inputs:
            if is_categorical(column):
                codes = _codes(column)
                made = one_hot(codes, len(column.categories) + bool(column.missing), train)
            else:
                made = standardised(column.numbers.to_numpy(), train)
            x[:, place : place + made.shape[1]] = made
            place += made.shape[1]
        if not found.is_classes:
            y = standardised(y, train).astype(np.float32)
        return Arrays(x[train], y[train], x[validation], y[validation])

    def shown_rows(self, info: DataInfo, seed: int) -> ShownRows:
        import polars

        found = _as_described(info)
        y, train, validation = _parts(found, info, seed)
        scale = None
        if not found.is_classes:
            learned = y[train]
            deviation = float(learned.std()) if learned.min() < learned.max() else 0.0
            scale = Scaled(found.target.name, len(train), float(learned.mean()), deviation)
        cells = polars.DataFrame([column.cells.alias(str(column.place)) for column in (*found.inputs, found.target)])
        return ShownRows(
            tuple(column.name for column in found.inputs),
            found.target.name,
            cells[validation],
            scale,
        )

    def script(self, info: DataInfo, seed: str) -> DataScript:
        return table_script(_as_described(info), info, seed)


def read_as(found: TableChoice, encoding: str) -> Phrase:
    """What was found out about the table, for people to look over."""
    table = found.table
    signs = {column.decimal for column in (*found.inputs, found.target) if column.is_numbers and column.kind != "date"}
    predicted = _noted("table_classes", count=full_count(len(found.classes))) if found.is_classes else _noted("table_a_number")
    return _noted(
        "table_read",
        encoding=encoding,
        table=_noted(_SEPARATED[table.separator]),
        header=_noted("header" if table.has_header else "no_header"),
        decimal=_noted("decimal_comma" if signs == {","} else "decimal_point" if signs == {"."} else "decimal_both"),
        rows=full_count(table.rows),
        columns=full_count(len(found.inputs)),
        inputs=full_count(len(found.names)),
        target=found.target.name,
        predicted=predicted,
    )


def _noted(code: str, **values: object) -> Phrase:
    return Phrase("data_notes", code, values)


def _as_described(info: DataInfo) -> TableChoice:
    """The table's rows that have a target, chosen as `info` says. Raises DatasetError where the file is not the same any
    more."""
    assert info.table is not None
    asked = Data(
        name=info.name,
        path=info.path,
        target=info.table.target + 1,
        columns=tuple(place + 1 for place in info.table.columns),
        task="regression" if info.task == "regression" else "classification",
    )
    try:
        found = only_rows(chosen(asked))
    except DatasetError:
        raise DatasetError("own_changed", file=info.path or info.name) from None
    if found.names != info.table.inputs or found.classes != info.classes or found.rows < info.samples:
        raise DatasetError("own_changed", file=info.path or info.name)
    return found


def _parts(found: TableChoice, info: DataInfo, seed: int) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """The targets of all rows, and which rows train and which validate."""
    import numpy as np

    from engine.data.own.tables.table_inputs import shuffled

    if not found.is_classes:
        rng = np.random.default_rng(seed)
        parts = shuffled(rng, found.rows, info.samples, info.train, info.folds or 0, info.fold)
        return found.target.numbers.to_numpy(), *parts
    if found.target.is_numbers:
        y = np.searchsorted(np.array(found.class_numbers), found.target.numbers.to_numpy()).astype(np.int64)
    else:
        y = _codes(found.target)
    return y, *drawn(info, y, seed)


def _codes(column: Any) -> NDArray[np.int64]:
    """The place of each cell's category, a missing one after the last."""
    import polars

    places = list(range(len(column.categories)))
    codes = column.cells.replace_strict(list(column.categories), places, default=None, return_dtype=polars.Int64)
    found: NDArray[np.int64] = codes.fill_null(len(places)).to_numpy()
    return found


def chosen(data: Data) -> TableChoice:
    """What `data` asks of its table. Raises DatasetError."""
    return _choice(_file(data.path), data.path or data.name, data.target, data.columns, data.task)


@lru_cache(maxsize=8)
def _choice(
    file: OwnFile, path: str, target: str | int | None, columns: tuple[str | int, ...] | None, task: Any
) -> TableChoice:
    return choice_in(_read(file, path), Data(name="table", target=target, columns=columns, task=task), path)


def table_of(path: str | None) -> TableFile:
    """The table in the file at `path`, or the irises. Raises DatasetError."""
    return _read(_file(path), path or "table")


@lru_cache(maxsize=2)
def _read(file: OwnFile, path: str) -> TableFile:
    return read_table(file.text, path)


def _file(path: str | None) -> OwnFile:
    return _irises() if path is None else own_file(path, MOST_TABLE_BYTES)


@lru_cache(maxsize=1)
def _irises() -> OwnFile:
    """scikit-learn's copy of Fisher's table, which has numbers for the species, with names. It is read from its file: its
    import takes longer than a first step of training. Raises DatasetError."""
    from importlib.util import find_spec

    package = find_spec("sklearn")
    file = Path((package and package.origin) or "").parent / "datasets" / "data" / "iris.csv"
    try:
        first, *rows = file.read_text("utf-8").split()
        species = first.split(",")[2:]
        cells = [row.split(",") for row in rows]
        lines = [",".join((*row[:-1], species[int(row[-1])])) for row in cells]
        if len(lines) != 150 or {len(row) for row in cells} != {5}:
            raise ValueError(f"{len(lines)} rows")
    except (OSError, ValueError, IndexError) as error:
        raise DatasetError("irises_unreadable", error=error) from error
    names = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),species"
    return OwnFile("\n".join((names, *lines, "")), "utf-8")
