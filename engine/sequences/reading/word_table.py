"""A table of word vectors from a text file, as word2vec and GloVe write it: a word a line and its numbers after it.

word2vec's text has a first line with two counts, GloVe's has none; both are read. Nothing is loaded from anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.data.own.series_file import GAPS
from engine.words import CodedError

MOST_WORDS = 50_000
MOST_NUMBERS = 50_000_000  # 200 MB
_SHOWN = 30  # characters of a number that is none


class WordTableError(CodedError):
    """A file that is no table of words. The sentence names the file, the line and what was expected."""

    TABLE = "word_tables"


@dataclass(frozen=True, eq=False)
class WordTable:
    words: tuple[str, ...]
    table: NDArray[np.float32]  # (V, D)
    left_out: int  # lines after the first 50,000 words, and those of words that stood there before


def read_word_table(path: str | Path) -> WordTable:
    """The table in the UTF-8 text file at `path`. Words may hold spaces, as some of GloVe's do: the last D parts of a line are
    its numbers. Raises WordTableError."""
    file = Path(path)
    try:
        if file.is_dir():
            raise WordTableError("folder", file=path)
        if not file.exists():
            raise WordTableError("not_there", file=path)
        with file.open("rb") as opened:
            return _read(opened, path)
    except OSError as error:
        raise WordTableError("unreadable", file=path, error=error.strerror or error) from None
    except WordTableError:
        raise
    except ValueError as error:  # a null byte in the name
        raise WordTableError("unreadable", file=path, error=error) from None


def _read(opened: BinaryIO, path: str | Path) -> WordTable:
    lines = _lines(opened, path)
    first, second = next(lines, None), next(lines, None)
    width = _width(first, second, path)
    if first is not None and not _is_header(first[1], second and second[1]):
        lines = chain([first], [] if second is None else [second], lines)
    elif second is not None:
        lines = chain([second], lines)
    most = max(1, min(MOST_WORDS, MOST_NUMBERS // width))
    rows: dict[str, list[float]] = {}
    twice = 0
    for number, parts in lines:
        if len(parts) != width + 1 and not (len(parts) > width + 1 and (_is_number(parts[-width]) or _is_gap(parts[-width]))):
            raise WordTableError("other_length", file=path, line=number, has=len(parts) - 1, needs=width)
        word = " ".join(parts[:-width])
        if word in rows:
            twice += 1
            continue
        rows[word] = [_number(part, word, number, path) for part in parts[-width:]]
        if len(rows) == most:
            break
    if not rows:
        raise WordTableError("empty", file=path)
    table = np.array(list(rows.values()), np.float32)
    return WordTable(tuple(rows), table, twice + _lines_left(opened))


def _lines(opened: BinaryIO, path: str | Path) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, by their number, in parts between spaces and tabs."""
    for number, line in enumerate(opened, 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise WordTableError("not_utf8", file=path, line=number) from None
        if "\0" in text:
            raise WordTableError("not_text", file=path)
        if parts := [part for part in text.replace("\t", " ").strip("\r\n").split(" ") if part]:
            yield number, parts


def _is_header(first: list[str], second: list[str] | None) -> bool:
    """Whether the first line holds the numbers of words and of dimensions: the second one has as many numbers as that says."""
    if len(first) != 2 or not all(part.isascii() and part.isdigit() for part in first):
        return False
    return second is None or len(second) > int(first[1])


def _width(first: tuple[int, list[str]] | None, second: tuple[int, list[str]] | None, path: str | Path) -> int:
    """The numbers of a word. Raises WordTableError."""
    if first is None:
        raise WordTableError("empty", file=path)
    if _is_header(first[1], second and second[1]):
        if second is None or not 0 < int(first[1][1]) <= MOST_NUMBERS:
            raise WordTableError("empty", file=path)
        return int(first[1][1])
    if len(first[1]) < 2:
        _require_spaces(first[1][0], first[0], path)
        raise WordTableError("no_numbers", file=path, line=first[0])
    return len(first[1]) - 1


def _is_number(text: str) -> bool:
    try:
        return "_" not in text and isfinite(float(text))
    except ValueError:
        return False


def _is_gap(text: str) -> bool:
    return text.lower() in GAPS


def _require_spaces(text: str, line: int, path: str | Path) -> None:
    """Raises WordTableError where commas or semicolons stand between a word and its numbers."""
    for sign in ",;":
        _, *numbers = text.rstrip(sign).split(sign)
        if (text.endswith(sign) and _is_number(text[:-1])) or (numbers and all(map(_is_number, numbers))):
            raise WordTableError("separated", file=path, line=line, sign=sign)


def _number(text: str, word: str, line: int, path: str | Path) -> float:
    if _is_gap(text):
        raise WordTableError("missing", file=path, line=line, word=word[:_SHOWN], text=text)
    if not _is_number(text):
        _require_spaces(text, line, path)
        shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        raise WordTableError("no_number", file=path, line=line, text=shown)
    value = float(text)
    if abs(value) > float(np.finfo(np.float32).max):
        raise WordTableError("no_number", file=path, line=line, text=text[:_SHOWN])
    return value


def _lines_left(opened: BinaryIO) -> int:
    """The lines that have not been read."""
    count, last = 0, b"\n"
    while piece := opened.read(1 << 20):
        count += piece.count(b"\n")
        last = piece[-1:]
    return count + (last != b"\n")
