"""Dates in the cells of a table: which form they have, and as a number of days.

`days` is printed into exported scripts: it needs `re` and `datetime` alone. Called by `engine.data.own.tables.table_columns`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

_SPACE = r"[\s\u00a0\u202f]"
_HALF = r"(?:오전|오후|[AaPp][Mm])"  # of the day
_CLOCK = rf"(?:{_HALF}{_SPACE}*)?(?:[01]?\d|2[0-4]):[0-5]\d(?::\d{{2}}(?:\.\d+)?)?(?:{_SPACE}*{_HALF})?"
_WEEKDAY = rf"(?:{_SPACE}*\(?[월화수목금토일](?:요일)?\)?)?"
_TIME = rf"{_WEEKDAY}(?:(?:T|{_SPACE}+){_CLOCK}Z?)?"
_FORMS = {
    "ymd": re.compile(rf"\d{{4}}\s*[-./년]\s*\d{{1,2}}\s*(?:[-./월]\s*(?:\d{{1,2}}\s*[일.]?)?)?{_TIME}", re.ASCII),
    "dmy": re.compile(rf"\d{{1,2}}\s*[-./]\s*\d{{1,2}}\s*[-./]\s*\d{{4}}{_TIME}", re.ASCII),
    "time": re.compile(_CLOCK, re.ASCII),
}
_DIGITS = re.compile(r"(1[5-9]|2[01])\d{6}", re.ASCII)  # 20240131


def days(cell: str, order: str) -> float:
    """The days since the first of January of the year 1, of a date whose year, month and day stand in `order`: ymd, dmy or mdy.
    A time of day is a part of a day; without a date, of none (`order`: time). Raises ValueError where there is no such day."""
    parts = [int(part) for part in re.findall(r"\d+", cell)]
    whole = 0
    if order != "time":
        if len(parts) == 1:  # 20240131
            parts = [parts[0] // 10_000, parts[0] // 100 % 100, parts[0] % 100]
        if len(parts) == 2:  # a month
            parts.append(1)
        year, month, day = (parts[order.index(part)] for part in "ymd")
        whole = datetime.date(year, month, day).toordinal()
        parts = parts[3:]
    hours, minutes, seconds = (*parts, 0, 0, 0)[:3]
    half = re.search("오전|오후|am|pm", cell.lower())
    if half is not None:
        hours = hours % 12 + (12 if half[0] in ("오후", "pm") else 0)
    return whole + (hours * 3600 + minutes * 60 + seconds) / 86_400


def order_of(cells: Sequence[str], *, of_digits: bool = False) -> tuple[str, bool] | None:
    """In which order year, month and day stand in these dates, and whether it could be another one as well; None where they are
    no dates. `of_digits` takes 20240131 for one."""
    if not cells:
        return None
    if all(map(_FORMS["ymd"].fullmatch, cells)) or (of_digits and all(map(_DIGITS.fullmatch, cells))):
        return ("ymd", False) if _are_days(cells, "ymd") else None
    if all(map(_FORMS["time"].fullmatch, cells)):
        return ("time", False)
    if not all(map(_FORMS["dmy"].fullmatch, cells)):
        return None
    fitting = [order for order in (("mdy", "dmy") if "/" in cells[0] else ("dmy", "mdy")) if _are_days(cells, order)]
    return (fitting[0], len(fitting) > 1) if fitting else None


def _are_days(cells: Sequence[str], order: str) -> bool:
    try:
        for cell in cells:
            days(cell, order)
    except ValueError:
        return False
    return True
