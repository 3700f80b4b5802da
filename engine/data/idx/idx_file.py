"""Files in the IDX format of MNIST, compressed with gzip or not: images and their labels, each of one byte.

    magic number, as four bytes: 0, 0, 8 (unsigned bytes), how many axes; the size of each axis, as four bytes, the highest
    first; the bytes, the last axis running fastest.
    (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits")

`header_of` reads only the beginning. Called by the data sets that are made of such files, and after they have been fetched.
Numpy is imported when a whole file is read.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.data.info import DatasetError
from engine.figures import full_count, shape_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

Read = TypeVar("Read")

GZIP = b"\x1f\x8b"
UNSIGNED_BYTES = 8
MOST_AXES = 4
MOST_CELLS = 2**30
KINDS = {8: "uint8", 9: "int8", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}  # of the format, by their numbers


def header_of(path: Path, axes: int) -> tuple[int, ...]:
    """The size of each of the `axes`. Raises DatasetError: no such file, one that is no IDX file of bytes with so many axes."""
    return _once(_header, path, axes)


def read_idx(path: Path, axes: int) -> NDArray[Any]:
    """All of it, uint8, which nobody can write to. Raises DatasetError as `header_of` does, and where bytes are missing or left
    over."""
    return _once(_read, path, axes)


def _once(read: Callable[[Path, int, int, int], Read], path: Path, axes: int) -> Read:
    """What `read` keeps of the file as it is now. Raises DatasetError where it cannot be read."""
    try:
        found = path.stat()
        return read(path, axes, found.st_mtime_ns, found.st_size)
    except FileNotFoundError:
        raise DatasetError("idx_no_file", file=path) from None
    except OSError as error:
        raise DatasetError("own_unreadable", file=path, error=error.strerror or error) from None


@lru_cache(maxsize=16)
def _header(path: Path, axes: int, _changed_ns: int, _size: int) -> tuple[int, ...]:
    with path.open("rb") as file:
        begin = file.read(4 + 4 * MOST_AXES)
        if begin.startswith(GZIP):
            file.seek(0)
            begin = _unpacked(path, file.read(2**16), complete=False)[: 4 + 4 * MOST_AXES]
    return _sizes(path, begin, axes)


@lru_cache(maxsize=4)
def _read(path: Path, axes: int, _changed_ns: int, _size: int) -> NDArray[Any]:
    import numpy as np

    content = path.read_bytes()
    if content.startswith(GZIP):
        content = _unpacked(path, content, complete=True)
    sizes = _sizes(path, content, axes)
    expected, found = prod(sizes), len(content) - 4 - 4 * axes
    if found != expected:
        values = {"expected": full_count(expected), "found": full_count(max(found, 0)), "shape": shape_text(sizes)}
        raise DatasetError("idx_truncated" if found < expected else "idx_left_over", file=path, **values)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(sizes)  # of bytes, so read-only


def _unpacked(path: Path, content: bytes, *, complete: bool) -> bytes:
    """What was compressed; not `complete`, its beginning. Raises DatasetError."""
    try:
        if complete:
            return gzip.decompress(content)
        return zlib.decompressobj(wbits=31).decompress(content, 2**12)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError("idx_damaged", file=path, error=error) from None


def _sizes(path: Path, content: bytes, axes: int) -> tuple[int, ...]:
    """The sizes of the axes that the file's beginning tells. Raises DatasetError."""
    if len(content) < 4 + 4 * axes:
        raise DatasetError("idx_no_header", file=path, count=full_count(len(content)))
    if content[:2] != b"\0\0" or content[2] not in KINDS or not 1 <= content[3] <= 255:
        raise DatasetError("idx_no_magic", file=path, found=content[:4].hex(" "))
    if content[2] != UNSIGNED_BYTES:
        raise DatasetError("idx_other_kind", file=path, found=KINDS[content[2]])
    if content[3] != axes:
        raise DatasetError("idx_other_axes", file=path, found=content[3], axes=axes)
    sizes = tuple(int.from_bytes(content[at : at + 4], "big") for at in range(4, 4 + 4 * axes, 4))
    if not all(sizes):
        raise DatasetError("idx_empty", file=path)
    if prod(sizes) > MOST_CELLS:
        raise DatasetError("idx_large", file=path, shape=shape_text(sizes), most=full_count(MOST_CELLS))
    return sizes
