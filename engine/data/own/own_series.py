"""A series as data: a column of a user's own CSV file, or the yearly sunspots that come along.

The first values train, the last ones validate: a forecast is tried on what comes after all that it has learned from. Mean and
standard deviation are those of the training values alone, and so are the windows that train; those that validate have all their
targets in the last part. Gaps are filled along a straight line, which is said (`DataInfo.notes`); at the end of what trains the
last value stands in, or the line would tell what comes.
"""

from __future__ import annotations

from functools import lru_cache
from math import fsum, sqrt
from textwrap import fill

from msgspec.structs import replace

from engine.assets import asset
from engine.data.found import Found
from engine.data.info import Data, DataInfo, DatasetError, Scaled
from engine.data.own.own_file import OwnFile, own_file, reading_script
from engine.data.own.series_file import GAPS, SeriesFile, read_as, read_series
from engine.data.own.tables.table_columns import columns_of
from engine.data.own.tables.table_file import read_table
from engine.data.own.tables.table_found import ColumnRole, table_found
from engine.data.source import LARGEST_BYTES, Arrays, DataScript, Source
from engine.figures import binary_size, full_count

USUAL_LENGTH = 40
USUAL_BYTES = 2**26  # of all windows, where nobody says how many
BYTES_A_STEP = 8


class SeriesSource(Source):
    """A series of numbers: the next value at every time step."""

    task = "regression"
    outputs = 1
    continues = True
    options = ("path", "column", "length")

    def described(self, data: Data) -> DataInfo:
        if data.folds is not None:
            raise DatasetError("series_folds", name=self.name)
        found, file = series_of(data.path, data.column), data.path or self.name
        count = len(found.values)
        validating = max(1, round(count * data.validation))
        training = count - validating
        longest = min(training - 1, validating)
        sizes = {"file": file, "count": full_count(count), "train": full_count(training), "validation": full_count(validating)}
        if longest < 1:
            raise DatasetError("series_too_short", **sizes)
        length = data.length or max(1, min(USUAL_LENGTH, validating // 2, longest))
        if length > longest:
            raise DatasetError("series_short", **sizes, length=full_count(length), longest=full_count(longest))
        scale = _scale(_file(data.path), file, data.column, training)
        train, validation = self._windows(data, training - length, validating - length + 1, length)
        info = self._info(data, length, train, validation)
        reading = None if data.path is None else read_as(found, own_file(data.path).encoding_name)
        return replace(info, scale=scale, reading=reading, notes=found.notes)

    def found(self, data: Data) -> Found:
        """With the columns of the table, of which one is the series."""
        base = super().found(data)
        try:
            table = read_table(_file(data.path).text, data.path or self.name)
        except DatasetError:
            return base
        roles: dict[int, ColumnRole] = {}
        if base.info is not None and (read := series_of(data.path, data.column)).separator == table.separator:
            roles[read.column] = "series"
        return table_found(base, _file(data.path), table, columns_of(table), roles)

    def _windows(self, data: Data, of_training: int, of_validating: int, length: int) -> tuple[int, int]:
        """How many windows train and how many validate, of those that there are."""
        there = of_training + of_validating
        if data.samples is None:
            share = min(1.0, USUAL_BYTES / (there * length * BYTES_A_STEP))
            return max(1, int(of_training * share)), max(1, int(of_validating * share))
        validation = max(1, round(data.samples * data.validation))
        train = data.samples - validation
        if train < 1:
            self._split(data, data.samples)
        if train > of_training or validation > of_validating:
            most = {"train": full_count(of_training), "validation": full_count(of_validating)}
            raise DatasetError("series_windows", samples=full_count(data.samples), length=full_count(length), **most)
        if (size := data.samples * length * BYTES_A_STEP) > LARGEST_BYTES:
            raise DatasetError(
                "too_large",
                samples=full_count(data.samples),
                length=full_count(length),
                size=binary_size(size),
                most=binary_size(LARGEST_BYTES),
                fitting=full_count(LARGEST_BYTES // (BYTES_A_STEP * length)),
            )
        return train, validation

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        import numpy as np

        found = series_of(info.path, info.column)
        assert info.scale is not None
        assert info.length is not None
        training, steps = info.scale.training, info.length
        of_training, of_validating = training - steps, len(found.values) - training - steps + 1
        if of_training < info.train or of_validating < info.validation:
            raise DatasetError("own_changed", file=info.path or self.name)
        from engine.data.made.generated import filled, windows

        series = filled(np.array([np.nan if value is None else value for value in found.values]), training)
        series = (series - series[:training].mean()) / series[:training].std()
        parts = ((0, of_training, info.train), (training - 1, of_validating, info.validation))
        (x_train, y_train), (x_validation, y_validation) = (windows(series, *part, length=steps) for part in parts)
        return Arrays(x_train, y_train, x_validation, y_validation)

    def script(self, info: DataInfo, seed: str) -> DataScript:
        from inspect import getsource

        from engine.data.made.generated import filled, windows

        found = series_of(info.path, info.column)
        assert info.scale is not None
        assert info.length is not None
        training, steps = info.scale.training, info.length
        functions = [getsource(windows).strip()]
        imports: tuple[str, ...] = ("from numpy.typing import NDArray",)
        standard: tuple[str, ...] = ()
        if None in found.values:
            functions.insert(0, getsource(filled).strip())
        if info.path is None:
            numbers = fill(", ".join(map(repr, found.values)), 110, initial_indent="    ", subsequent_indent="    ")
            reading = f"series = np.array([\n{numbers}\n])"
        else:
            reading = _reading(found, info.path)
        text = _WINDOWS.format(
            filled=f"series = filled(series, {training})\n" if None in found.values else "",
            training=training,
            length=steps,
            of_training=training - steps,
            train=info.train,
            begin=training - 1,
            of_validating=len(found.values) - training - steps + 1,
            validation=info.validation,
        )
        if info.path is not None:
            standard = ("import hashlib",) if found.separator in ("", " ") else ("import csv", "import hashlib")
        return DataScript("\n\n\n".join((*functions, reading + text)), imports, standard)


@lru_cache(maxsize=8)
def _read(file: OwnFile, path: str, column: str | None) -> SeriesFile:
    return read_series(file.text, path, column)


def series_of(path: str | None, column: str | None) -> SeriesFile:
    """The series of the file at `path`, or the sunspots. Raises DatasetError."""
    return _read(_file(path), path or "series", column)


def _file(path: str | None) -> OwnFile:
    return _sunspots() if path is None else own_file(path)


@lru_cache(maxsize=1)
def _sunspots() -> OwnFile:
    return OwnFile(asset("data", "sunspots.csv").read_text("utf-8"), "utf-8")


@lru_cache(maxsize=8)
def _scale(own: OwnFile, file: str, column: str | None, training: int) -> Scaled:
    """Mean and standard deviation of the training values, gaps filled. Raises DatasetError where they are all the same."""
    found = _read(own, file, column)
    name, known = found.name, _filled(found.values[:training])
    mean = fsum(known) / len(known)
    deviation = sqrt(fsum((value - mean) ** 2 for value in known) / len(known))
    if min(known) == max(known):
        raise DatasetError("series_constant", file=file, column=name, count=full_count(len(known)), value=f"{known[0]:.15g}")
    return Scaled(name, len(known), mean, deviation)


def _filled(values: tuple[float | None, ...]) -> list[float]:
    """The values with a straight line over each gap; a gap at the end repeats the last one before it."""
    known = [place for place, value in enumerate(values) if value is not None]
    found: list[float] = []
    for before, after in zip(known, (*known[1:], len(values)), strict=True):
        first, last = values[before], values[min(after, known[-1])]
        assert first is not None
        assert last is not None
        found += [first + (last - first) * step / (after - before) for step in range(after - before)]
    return found


def _reading(found: SeriesFile, path: str) -> str:
    """Lines of a script that read the series: what `read_series` has found out stands in them as figures."""
    split = {"": "[[line.strip().strip('\"')] for line in lines]", " ": "[line.split() for line in lines]"}
    rows = split.get(found.separator, f"list(csv.reader(lines, delimiter={found.separator!r}))")
    cut = "" if not found.skipped else f"[{found.skipped}:]"
    lead, tail = found.cut
    turned = "\ncells.reverse()  # the oldest first" if found.newest_first else ""
    between = f"\ncells = cells[{lead} : {tail}]  # without the gaps at both ends" if found.is_cut else ""
    thousands = "" if found.decimal == "." else '.replace(".", "").replace(",", ".")'
    return _CSV.format(
        reading=reading_script(path),
        rows=rows,
        cut=cut,
        column=found.column,
        turned=turned,
        between=between,
        thousands=thousands or '.replace(",", "")',
        gaps=", ".join(sorted(map(repr, GAPS))),
    ).strip("\n")


_CSV = """
{reading}
lines = [line for line in text.split("\\n") if line.strip() and not line.startswith("#")]
rows = {rows}{cut}
cells = [row[{column}].strip() if len(row) > {column} else "" for row in rows]{turned}{between}
GAPS = {{{gaps}}}


def number(cell):
    plain = cell.replace("\\u2212", "-").replace("\\u00a0", "").replace("\\u202f", "").replace(" ", "")
    return float(plain{thousands})


series = np.array([np.nan if cell.lower() in GAPS else number(cell) for cell in cells])
"""

_WINDOWS = """
{filled}series = (series - series[:{training}].mean()) / series[:{training}].std()  # of the training part alone
x_train, y_train = windows(series, 0, {of_training}, {train}, length={length})
x_validation, y_validation = windows(series, {begin}, {of_validating}, {validation}, length={length})
x_train, y_train = torch.from_numpy(x_train).to(DEVICE), torch.from_numpy(y_train).to(DEVICE)
x_validation, y_validation = torch.from_numpy(x_validation).to(DEVICE), torch.from_numpy(y_validation).to(DEVICE)
"""
