"""What is found in a table, for the command `data` and the window: every column with its kind, what is missing, examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from engine.data.found import Found, shortened
from engine.data.own.own_file import OwnFile
from engine.data.own.tables.table_columns import ColumnKind, FileColumn
from engine.data.own.tables.table_file import TableFile
from engine.figures import full_count
from engine.words import printable, say

ColumnRole: TypeAlias = Literal["target", "input", "series", "unused"]


class ColumnFound(NamedTuple):
    """A column of a table, by its number from 1 on, and what it is to the data that are asked for."""

    number: int
    name: str  # or its number, where the file has no name
    kind: ColumnKind
    missing: int
    distinct: int
    examples: tuple[str, ...]
    role: ColumnRole


@dataclass(frozen=True, kw_only=True)
class TableFound(Found):
    """A table: its rows and its columns, in the file's order."""

    rows: int
    encoding: str  # for people: UTF-8, UTF-16 or CP949
    separator: str
    columns: tuple[ColumnFound, ...]

    @property
    def target(self) -> ColumnFound | None:
        return next((column for column in self.columns if column.role == "target"), None)

    def own_json(self) -> dict[str, object]:
        columns = [{**column._asdict(), "examples": list(column.examples)} for column in self.columns]
        target = self.target
        return {
            "rows": self.rows,
            "encoding": self.encoding,
            "separator": self.separator,
            "target": None if target is None else target.name,
            "columns": columns,
        }

    def own_lines(self, language: str = "en") -> list[str]:
        head = say("found", "table", language, rows=full_count(self.rows), columns=full_count(len(self.columns)))
        return [head, *shortened([self._line(column, language) for column in self.columns], language)]

    def _line(self, column: ColumnFound, language: str) -> str:
        parts = [
            say("found", f"kind_{column.kind}", language),
            say("found", "different", language, count=full_count(column.distinct)),
        ]
        if column.missing:
            parts.append(say("found", "missing", language, count=full_count(column.missing)))
        if column.examples:
            parts.append(say("found", "examples", language, examples=", ".join(map(printable, column.examples))[:60]))
        role = f" [{say('found', f'role_{column.role}', language)}]"
        return f"  {column.number}. {printable(column.name)}{role}: {' · '.join(parts)}"


def table_found(
    base: Found, file: OwnFile, table: TableFile, columns: Sequence[FileColumn], roles: Mapping[int, ColumnRole]
) -> TableFound:
    """`base` with the table in its `file`. `roles` are those of columns by their places; the others are unused."""
    return TableFound(
        data=base.data,
        info=base.info,
        problem=base.problem,
        notes=base.notes,
        rows=table.rows,
        encoding=file.encoding_name,
        separator=table.separator,
        columns=tuple(
            ColumnFound(
                number=column.place + 1,
                name=column.name,
                kind=column.kind,
                missing=column.missing,
                distinct=column.distinct,
                examples=column.examples,
                role=roles.get(column.place, "unused"),
            )
            for column in columns
        ),
    )
