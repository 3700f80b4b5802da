"""Reads data in a thread of its own: what is found for them, and what is in them. Called by the view of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from engine.data.contents import DataContents, contents
from engine.data.found import Found
from engine.data.info import Data, DatasetError
from engine.data.own.tables.own_table import table_of
from engine.data.own.tables.table_found import TableFound
from engine.data.sources import found_for
from gui.bridge import Latest

PREVIEW = 8  # rows
FirstRows: TypeAlias = tuple[tuple[str | None, ...], ...]


class DataRequest(NamedTuple):
    """Data, and the experiment's seed, which splits them."""

    data: Data
    seed: int


@dataclass(frozen=True, eq=False)
class ReadData:
    """`contents`, or the `problem` why there are none. `preview`: the first rows of a table."""

    request: DataRequest
    found: Found
    contents: DataContents | None
    problem: DatasetError | None
    preview: FirstRows = ()


class DataFeed(QObject):
    """`ask` has data read; `read` brings a `ReadData`. What has been read once is not read again."""

    read = Signal(object)
    broken = Signal(object)  # an exception that is no word about the data

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest: Latest[DataRequest, ReadData] = Latest(read_data, self, name="data-contents")
        self._latest.answered.connect(self._answered)
        self._latest.failed.connect(self.broken)
        self._asked: DataRequest | None = None

    def ask(self, data: Data, seed: int, *, anew: bool = False) -> None:
        """Have `data` read, where they have not been asked for last; `anew`: also where they have."""
        request = DataRequest(data, seed)
        if request != self._asked or anew:
            self._asked = request
            self._latest.ask(request)

    @property
    def busy(self) -> bool:
        return self._latest.busy()

    @Slot(object)
    def _answered(self, read: ReadData) -> None:
        if read.request == self._asked:
            self.read.emit(read)

    def close(self, timeout_s: float) -> bool:
        return self._latest.close(timeout_s)


def read_data(request: DataRequest) -> ReadData:
    """Runs in the reading thread. What data cannot be had for is a part of the answer."""
    found = found_for(request.data)
    preview = first_rows(found)
    if found.problem is not None:
        return ReadData(request, found, None, found.problem, preview)
    try:
        return ReadData(request, found, contents(*request), None, preview)
    except DatasetError as problem:
        return ReadData(request, found, None, problem, preview)


def first_rows(found: Found) -> FirstRows:
    """The first rows of a table, as they were written, None where a value is missing. Nothing of anything else."""
    if not isinstance(found, TableFound):
        return ()
    try:
        columns = table_of(found.data.path).columns
    except DatasetError:
        return ()
    return tuple(zip(*(column.head(PREVIEW).to_list() for column in columns), strict=True))
