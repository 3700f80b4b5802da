"""Numbers of one's own as a layer's input: rows as they are typed, copied from a table or written as lists in Python.

The numbers are the picture's key themselves, "numbers 1 2 3; 4 5 6" with channels apart by |, so a state that names them holds
them. The refusals' sentences stand in `assets/words/pictures.toml`. Called by the picture picker.
"""

from __future__ import annotations

import re
from math import isfinite, isinf
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.figures import full_count
from engine.pictures import Picture, PictureError, ends_of
from engine.typed_numbers import decimal_commas

PREFIX = "numbers "
MOST_SIDE = 64
MOST_CELLS = 4096  # in all channels
MOST_LETTERS = 100_000
LARGEST = 1e6  # in size: the sums beside the grids stay readable
_SHOWN = 20  # letters of what is no number
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_BRACKETS = re.compile(r"[\[\](){}]")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", ord("\N{MINUS SIGN}"): "-"}

NumberRows: TypeAlias = list[list[float]]


def is_numbers(key: str) -> bool:
    """Whether a picture's key holds numbers."""
    return key.startswith(PREFIX)


def numbers_of(text: str) -> str:
    """The key of what was typed or copied: rows of numbers, apart by spaces, tabs, commas or semicolons, where an empty line
    begins the next channel; or lists as Python and NumPy write them. Raises PictureError for what is no matrix."""
    if len(text) > MOST_LETTERS:
        raise PictureError("numbers_many", side=MOST_SIDE, most=full_count(MOST_CELLS))
    plain = text.translate(_HALF_WIDTH).replace("\r\n", "\n").replace("\r", "\n").strip()
    channels = _in_lists(plain) if _BRACKETS.search(plain) else _in_lines(plain)
    _require_matrix(channels)
    return key_of(np.array(channels, np.float64))


def key_of(values_CHW: NDArray[np.floating]) -> str:
    """The key of these numbers, which are kept as float32: in as few digits as say each of them."""
    channels = ("; ".join(" ".join(map(_digits, row)) for row in channel) for channel in values_CHW.astype(np.float32))
    return PREFIX + " | ".join(channels)


def text_of(picture: Picture) -> str:
    """Its numbers as they may be typed: a row a line, an empty line between channels."""
    lines = ("\n".join("  ".join(map(_digits, row)) for row in channel) for channel in picture.values_CHW)
    return "\n\n".join(lines)


def has_room(picture: Picture) -> bool:
    """Whether its numbers may be typed."""
    return picture.values_CHW.size <= MOST_CELLS and max(picture.shape[1:]) <= MOST_SIDE


def numbers(key: str) -> Picture:
    """The picture whose numbers are in `key`. Raises PictureError for what is no key of a matrix."""
    parts = key.removeprefix(PREFIX).split("|")
    channels = [[[_number(cell) for cell in row.split()] for row in part.split(";")] for part in parts]
    _require_matrix(channels)
    values = np.array(channels, np.float32)
    low, high = ends_of(values)
    return Picture(key, values, (values.shape[2], values.shape[1]), white=high, black=low)


def _in_lines(text: str) -> list[NumberRows]:
    """A channel for each block of lines."""
    blocks = [block for block in _EMPTY_LINE.split(text) if block.strip()]
    if "\n" not in text and ";" in text:  # all in one line
        return [[_cells(row) for row in text.split(";") if row.strip()]]
    return [[_cells(line) for line in block.split("\n") if line.strip()] for block in blocks]


def _cells(line: str) -> list[float]:
    """The numbers of a line. A comma parts two numbers, unless tabs or semicolons do."""
    _require_points(line)
    for sign in ("\t", ";", ","):
        if sign in line:
            return [_number(part.strip()) for part in line.strip().strip(sign).split(sign)]
    return [_number(part) for part in line.split()]


def _in_lists(text: str) -> list[NumberRows]:
    """Lists in lists: the innermost brackets are the rows, those around them the channels. `array(...)` may stand around."""
    plain = re.sub(r"dtype\s*=\s*[\w.'\"]+", " ", text).translate(str.maketrans("(){}", "[][]"))
    plain = re.sub(r"[A-Za-z_][\w.]*\s*(?=\[)", " ", plain).strip().rstrip(",;")
    depth = most = 0
    rows: list[list[float]] = []
    channels: list[NumberRows] = []
    cells = ""
    for letter in plain:
        if letter == "[":
            if cells.strip(" ,\n\t"):
                raise PictureError("numbers_no", text=_shortened(cells))
            depth, cells = depth + 1, ""
            most = max(most, depth)
        elif letter == "]":
            if content := cells.strip(" ,\n\t"):
                for row in content.split(";"):
                    _require_points(row)
                    rows.append([_number(part) for part in re.split(r"[\s,]+", row.strip())])
            elif depth < most and rows:  # the end of a channel
                channels.append(rows)
                rows = []
            depth, cells = depth - 1, ""
        else:
            cells += letter
    if depth or cells.strip(" ,\n\t"):
        raise PictureError("numbers_brackets")
    return [*channels, rows] if rows else channels


def _require_points(row: str) -> None:
    """Refuse numbers with a decimal comma, apart by spaces, tabs or semicolons: 0,5 1,5. A comma alone parts two numbers."""
    found = list(decimal_commas(row.replace(";", " ")))
    if found and (len(row.replace(";", " ").split()) > 1 or found[0][1].startswith(("0.0", "-0.0"))):
        raise PictureError("numbers_comma", text=found[0][0], point=found[0][1])


def _number(text: str) -> float:
    """A number of a row, as it stands or as a fraction: 1/9."""
    above, stroke, below = text.partition("/")
    try:
        value = float(above) / float(below) if stroke else float(text)
    except (ValueError, ZeroDivisionError):
        raise PictureError("numbers_no", text=_shortened(text)) from None
    too_large = isinf(value) and any(letter.isdigit() for letter in text)  # 1e999, and no inf that somebody has written
    if not (isfinite(value) or too_large) or "_" in text:
        raise PictureError("numbers_no", text=_shortened(text))
    if abs(value) > LARGEST:
        raise PictureError("numbers_large", text=_shortened(text), most=full_count(int(LARGEST)))
    return value


def _require_matrix(channels: list[NumberRows]) -> None:
    rows = [row for channel in channels for row in channel]
    if not rows or not all(channels):
        raise PictureError("numbers_none")
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise PictureError("numbers_ragged", row=number, count=len(row), first=len(rows[0]))
    if any(len(channel) != len(channels[0]) for channel in channels):
        raise PictureError("numbers_channels")
    cells = len(rows) * len(rows[0])
    if cells > MOST_CELLS or len(channels[0]) > MOST_SIDE or len(rows[0]) > MOST_SIDE:
        raise PictureError("numbers_many", side=MOST_SIDE, most=full_count(MOST_CELLS))


def _digits(value: np.float32) -> str:
    """In as few digits as say this float32."""
    return str(int(value)) if value == int(value) else np.format_float_positional(value, unique=True, trim="-")


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"
