"""TensorBoard's file format: records of Event messages, as TensorFlow writes them.

A record is its length (8 bytes), the length's checksum (4), an Event message of protocol buffers, and that one's checksum; all
numbers are little-endian. A checksum is CRC-32C, turned and shifted ("masked"), as tensorflow/core/lib/io/record_writer.cc has
it; the numbers of the messages' fields are those of event.proto and summary.proto.

It is written here and not by the package `tensorboard`, because a file then needs nothing installed (TensorBoard often runs
somewhere else), is written whole by one call without a thread, and is the same for the same run. The tests read it with
TensorBoard's own reader. No torch.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

VERSION = "brain.Event:2"  # in the first record of a file
BINS = 50  # of a histogram
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5  # wire types
_POLYNOMIAL = 0x82F63B78  # of CRC-32C, its bits turned round
_MASK = 0xA282EAD8
_FEW = 8  # records of one length: for fewer a loop over bytes is faster than one over arrays


class Buckets(NamedTuple):
    """A histogram: bin `i` reaches from `limits[i - 1]`, or `low`, to `limits[i]`."""

    low: float
    high: float
    cells: int
    total: float
    squares: float
    limits: Sequence[float]
    counts: Sequence[float]


def spread(values: NDArray[Any]) -> Buckets | None:
    """The histogram of the finite ones of `values` in 50 bins of one width; None where none is finite."""
    known = values[np.isfinite(values)].astype(np.float64).ravel()
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    if low == high:
        counts, limits = [float(known.size)], [high]
    else:
        edges = np.linspace(low, high, BINS + 1)
        edges[-1] = high
        counts = np.histogram(known, edges)[0].astype(float).tolist()
        limits = edges[1:].tolist()
    return Buckets(low, high, known.size, float(known.sum()), float(known @ known), limits, counts)


def version_event(wall_time: float) -> bytes:
    """What a file begins with."""
    return _double(1, wall_time) + _text(3, VERSION)


def event(step: int, wall_time: float, scalars: Mapping[str, float], spreads: Mapping[str, Buckets]) -> bytes:
    """The Event of one step: its values and histograms by their tags."""
    summary = b"".join(_part(1, _text(1, tag) + _float(2, value)) for tag, value in scalars.items())
    summary += b"".join(_part(1, _text(1, tag) + _part(5, _histogram(found))) for tag, found in spreads.items())
    return _double(1, wall_time) + _key(2, _VARINT) + _varint(step) + _part(5, summary)


def records(events: Sequence[bytes]) -> bytes:
    """The content of a file that holds these events, in their order."""
    lengths = [struct.pack("<Q", len(each)) for each in events]
    parts: list[bytes] = []
    sums = masked_checksums(lengths), masked_checksums(events)
    for length, first, content, second in zip(lengths, sums[0], events, sums[1], strict=True):
        parts += [length, struct.pack("<I", first), content, struct.pack("<I", second)]
    return b"".join(parts)


def masked_checksums(contents: Sequence[bytes]) -> list[int]:
    """Of each, the masked CRC-32C. Those of one length are computed beside each other, a byte of all at a time."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, content in enumerate(contents):
        by_length[len(content)].append(place)
    found = np.zeros(len(contents), np.uint32)
    for length, places in by_length.items():
        if len(places) < _FEW:
            found[places] = [_checksum(contents[place]) for place in places]
            continue
        rows = np.frombuffer(b"".join(contents[place] for place in places), np.uint8).reshape(-1, length)
        sums = np.full(len(places), 0xFFFFFFFF, np.uint32)
        for column in rows.T:
            sums = _TABLE[(sums ^ column) & 0xFF] ^ (sums >> 8)
        found[places] = ~sums
    masked = ((found >> 15) | (found << 17)) + np.uint32(_MASK)
    return [int(each) for each in masked]


def _checksum(content: bytes) -> int:
    found = 0xFFFFFFFF
    for byte in content:
        found = _NUMBERS[(found ^ byte) & 0xFF] ^ (found >> 8)
    return found ^ 0xFFFFFFFF


def _table() -> NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1).astype(np.uint32)
    return table


_TABLE = _table()
_NUMBERS = [int(each) for each in _TABLE]


def _histogram(found: Buckets) -> bytes:
    numbers = (found.low, found.high, float(found.cells), found.total, found.squares)
    head = b"".join(_double(number, value) for number, value in enumerate(numbers, 1))
    return head + _doubles(6, found.limits) + _doubles(7, found.counts)


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that there is more."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _part(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _text(number: int, text: str) -> bytes:
    return _part(number, text.encode("utf-8"))


def _double(number: int, value: float) -> bytes:
    return _key(number, _EIGHT) + struct.pack("<d", value)


def _float(number: int, value: float) -> bytes:
    return _key(number, _FOUR) + struct.pack("<f", value)


def _doubles(number: int, values: Iterable[float]) -> bytes:
    return _part(number, np.array(list(values), "<f8").tobytes())
