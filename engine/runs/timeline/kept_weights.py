"""The weights of a run at about 200 of its moments, in one file that grows while the run goes on: its timeline.

    "LSMOMENT", length, JSON, checksum     the names, kinds of numbers and shapes of all tensors, in their order
    "MOMT", step, two checksums, numbers   a moment: the cells of all tensors, one after another, in the order of their axes
    ...

All numbers are little-endian. No pickle. The file is only appended to: what a killed process has left half written at its end
is passed over, and cut away when the run is gone on with. Nothing depends on it; a run without it opens and goes on as any
other. torch is imported only where tensors come in. Written by `engine.training.execution`, read by whoever looks at a run's
past.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.files import replace_file
from engine.runs.failures import RunError
from engine.runs.timeline.moment_steps import BUDGET, most_moments, steps_to_keep, thinned

if TYPE_CHECKING:
    from torch import Tensor

MOMENTS = "moments.bin"  # in the folder of a run
WeightsByName: TypeAlias = dict[str, NDArray[Any]]

_FILE, _MOMENT = b"LSMOMENT", b"MOMT"
_LENGTH = struct.Struct("<I")
_HEAD = struct.Struct("<4sQI")  # sign, step, checksum of the numbers; behind it its own checksum
_HEAD_BYTES = _HEAD.size + _LENGTH.size
_MOST_LAYOUT = 1 << 24  # bytes
_NEVER = 1 << 62
MOST_JOINED = 1_000_000  # bytes


@dataclass(frozen=True)
class Layout:
    """What a moment holds: name, kind of numbers ("float32") and shape of each tensor, those of one kind beside each other."""

    tensors: tuple[tuple[str, str, tuple[int, ...]], ...]

    @cached_property
    def size(self) -> int:
        """Bytes of the numbers of one moment."""
        return sum(prod(shape) * np.dtype(kind).itemsize for _, kind, shape in self.tensors)

    def parted(self, numbers: bytes) -> WeightsByName:
        """The numbers of one moment as arrays by name. They are not to be written to."""
        found, start = {}, 0
        for name, kind, shape in self.tensors:
            cells = np.frombuffer(numbers, np.dtype(kind).newbyteorder("<"), prod(shape), start)
            found[name] = cells.reshape(shape)
            start += cells.nbytes
        return found

    def head(self) -> bytes:
        text = msgspec.json.encode({"tensors": self.tensors})
        return _FILE + _LENGTH.pack(len(text)) + text + _LENGTH.pack(crc32(text))


class KeptWeights:
    """The moments that are kept of a run, in the order of their steps. Any thread may read."""

    def __init__(self, path: Path | None, layout: Layout, places: Mapping[int, int], end: int = 0) -> None:
        """`places`: step -> where its numbers begin in the file at `path`; `end`: where the last whole moment ends."""
        self.path = path
        self.layout = layout
        self._places = dict(places)
        self._end = end

    @classmethod
    def of_run(cls, folder: Path) -> KeptWeights:
        """Those of the run in `folder`; none where it has kept none, or their file is damaged from its first byte on."""
        found = _scan(folder / MOMENTS)
        return cls(folder / MOMENTS, Layout(()), {}) if found is None else cls(folder / MOMENTS, *found)

    @property
    def steps(self) -> tuple[int, ...]:
        return tuple(self._places)

    @property
    def bytes_used(self) -> int:
        return len(self.steps) * self.layout.size

    @property
    def budget(self) -> int:
        """Bytes that all moments of a run may take."""
        return BUDGET

    @property
    def is_thinned(self) -> bool:
        """Whether the budget, and not the number of moments, says how many are kept."""
        return bool(self.layout.size) and most_moments(self.layout.size) < most_moments(1)

    def planned(self, steps: int) -> tuple[int, ...]:
        """The steps of the kept moments, and of those that will follow in a run of `steps` steps."""
        kept = self.steps
        last = kept[-1] if kept else -1
        return (*kept, *(step for step in steps_to_keep(steps, most_moments(self.layout.size)) if step > last))

    def up_to(self, step: int) -> int | None:
        """The step of the last moment up to `step`; None where there is none."""
        return max((kept for kept in self.steps if kept <= step), default=None)

    def read(self, step: int) -> WeightsByName:
        """The weights after `step` steps, as they were, to the bit. Raises RunError: they were not kept, or are damaged."""
        if step not in self._places or self.path is None:
            raise RunError("no_such_moment", step=step)
        try:
            with self.path.open("rb") as file:
                file.seek(self._places[step] - _HEAD_BYTES)
                content = file.read(_HEAD_BYTES + self.layout.size)
        except OSError as error:
            raise RunError("unreadable", file=self.path, error=error.strerror or error) from None
        head, numbers = _read_head(content), content[_HEAD_BYTES:]
        if head != (step, crc32(numbers)):
            raise RunError("damaged", file=self.path, error=f"step {step}")
        return self.layout.parted(numbers)


class WeightLog(KeptWeights):
    """The moments of a run that is under way. Its thread takes them and writes them; any thread may read them."""

    def __init__(self, path: Path | None, tensors: Mapping[str, Tensor], steps: int) -> None:
        """`tensors` are those that the run changes in place, `steps` how many the whole run has. Without a `path` the moments
        stay in memory."""
        groups: dict[str, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            groups.setdefault(str(tensor.dtype).removeprefix("torch."), {})[name] = tensor
        layout = Layout(
            tuple((name, kind, tuple(tensor.shape)) for kind, group in groups.items() for name, tensor in group.items())
        )
        super().__init__(path, layout, {})
        self._groups = [list(group.values()) for group in groups.values()]
        self._waiting: tuple[tuple[int, list[Tensor]], ...] = ()  # taken, not written
        self._wanted = iter(steps_to_keep(steps, most_moments(layout.size)))
        self.due = next(self._wanted, _NEVER)  # the step after which the next moment is to be taken

    @classmethod
    def going_on(cls, path: Path, tensors: Mapping[str, Tensor], steps: int, last_step: int) -> WeightLog:
        """Go on with the file of a run that is at `last_step`: what came later is taken away, and so is what a longer run has
        no room for. What is not of these tensors is begun anew. Raises OSError."""
        log = cls(path, tensors, steps)
        found = _scan(path)
        if found is not None and found[0] == log.layout:
            _, places, end = found
            past = [step for step in places if step <= last_step]
            stay = thinned(past, steps, most_moments(log.layout.size))
            if len(stay) < len(past):
                log._write_again(path, {step: places[step] for step in stay})
            else:
                log._places = {step: places[step] for step in past}
                later = [places[step] - _HEAD_BYTES for step in places if step > last_step]
                log._end = min(later, default=end)
        log._cut()
        last_kept = max(log._places, default=-1)
        while log.due <= last_kept or log.due < last_step:
            log.due = next(log._wanted, _NEVER)
        return log

    @property
    def steps(self) -> tuple[int, ...]:
        waiting = self._waiting  # before the places: what is written is in both for an instant
        return tuple(dict.fromkeys((*self._places, *(step for step, _ in waiting))))

    def read(self, step: int) -> WeightsByName:
        for waiting, groups in self._waiting:
            if waiting == step:
                return self.layout.parted(_numbers(groups))
        return super().read(step)

    # from here on: only the run's thread

    def take(self, step: int) -> None:
        """Keep the weights as they are now, after `step` steps. On a GPU nothing waits for it."""
        import torch

        with torch.no_grad():
            copies = [torch.cat([tensor.reshape(-1) for tensor in group]) for group in self._groups]
        self._waiting = (*self._waiting, (step, copies))
        while self.due <= step:
            self.due = next(self._wanted, _NEVER)

    def flush(self, last_step: int) -> None:
        """Write what was taken up to `last_step`, the last step of which it is known that its loss was finite; never weights
        that are no finite numbers. Raises OSError; the file then ends where it ended before."""
        ready = [(step, [group.cpu() for group in groups]) for step, groups in self._waiting if step <= last_step]
        fine = tuple((step, groups) for step, groups in ready if all(map(_is_finite, groups)))
        later = self._waiting[len(ready) :]
        if self.path is None or not ready:
            if len(fine) < len(ready):
                self._waiting = (*fine, *later)
            return
        if _size(self.path) != self._end:  # somebody has changed it or taken it away
            self._look_again()
        written: dict[int, int] = {}
        content: list[bytes | memoryview] = []
        end = self._end
        if not end:
            content.append(self.layout.head())
            end += len(content[0])
        for step, groups in fine:
            cells = [group.numpy().data.cast("B") for group in groups]
            checksum = 0
            for part in cells:
                checksum = crc32(part, checksum)
            head = _HEAD.pack(_MOMENT, step, checksum)
            content += [head, _LENGTH.pack(crc32(head)), *cells]
            written[step] = end + _HEAD_BYTES
            end += _HEAD_BYTES + self.layout.size
        if written:
            _append(self.path, content, self._end)
            self._end = end
            self._places = self._places | written
        self._waiting = later

    def drop(self) -> None:
        """Forget what was taken and is not written: the run had diverged by then."""
        self._waiting = ()

    def _look_again(self) -> None:
        """Take the file as it is now."""
        assert self.path is not None
        found = _scan(self.path)
        self._places, self._end = {}, 0
        if found is not None and found[0] == self.layout:
            _, self._places, self._end = found
        self._cut()

    def _cut(self) -> None:
        """Take away what lies behind the last moment that is whole and stays. Raises OSError."""
        if self.path is not None and _size(self.path) > self._end:
            os.truncate(self.path, self._end)

    def _write_again(self, path: Path, places: Mapping[int, int]) -> None:
        """Make the file hold the moments at `places` of it, and no others. Raises OSError."""
        content = [self.layout.head()]
        start, moved = len(content[0]), {}
        with path.open("rb") as file:
            for step, place in places.items():
                file.seek(place - _HEAD_BYTES)
                content.append(file.read(_HEAD_BYTES + self.layout.size))
                moved[step] = start + _HEAD_BYTES
                start += len(content[-1])
        replace_file(path, b"".join(content))
        self._places, self._end = moved, start


def _is_finite(group: Tensor) -> bool:
    """Whether all are finite numbers: then their sum is, in float64, where that of float32 cannot overflow. Adding takes a
    tenth of the time of looking at each."""
    import torch

    return not group.is_floating_point() or isfinite(float(group.sum(dtype=torch.float64)))


def _numbers(groups: Iterable[Tensor]) -> bytes:
    return b"".join(group.cpu().numpy().tobytes() for group in groups)


def _scan(path: Path) -> tuple[Layout, dict[int, int], int] | None:
    """What a file of moments holds: its layout, where the numbers of each step begin, and where the last whole moment ends.
    None where there is no such file, or its first bytes are no head of one."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            layout = _layout(file.read(len(_FILE) + _LENGTH.size), file)
            places: dict[int, int] = {}
            end, last = file.tell(), -1
            while end + _HEAD_BYTES + layout.size <= size:
                head = _read_head(file.read(_HEAD_BYTES))
                if head is None or head[0] <= last:
                    break
                last = head[0]
                places[last] = end + _HEAD_BYTES
                end = file.seek(layout.size, os.SEEK_CUR)
            return layout, places, end
    except (OSError, ValueError, TypeError, OverflowError, struct.error, msgspec.MsgspecError):
        return None


def _layout(start: bytes, file: Any) -> Layout:
    """The layout at the head of a file. Raises ValueError and the like where that is none."""
    if start[: len(_FILE)] != _FILE:
        raise ValueError(start)
    (length,) = _LENGTH.unpack(start[len(_FILE) :])
    text = file.read(min(length, _MOST_LAYOUT))
    if _LENGTH.pack(crc32(text)) != file.read(_LENGTH.size):
        raise ValueError(text)
    tensors = msgspec.json.decode(text, type=dict[str, list[tuple[str, str, tuple[int, ...]]]])["tensors"]
    layout = Layout(tuple(tensors))
    if layout.size <= 0:
        raise ValueError(layout)
    return layout


def _read_head(head: bytes) -> tuple[int, int] | None:
    """Step and checksum of a moment; None where that is no head of one."""
    if len(head) < _HEAD_BYTES or _LENGTH.pack(crc32(head[: _HEAD.size])) != head[_HEAD.size : _HEAD_BYTES]:
        return None
    sign, step, checksum = _HEAD.unpack(head[: _HEAD.size])
    return (step, checksum) if sign == _MOMENT else None


def _size(path: Path) -> int:
    """In bytes; 0 where there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _joined(content: Sequence[bytes | memoryview]) -> Sequence[bytes | memoryview]:
    """Small parts as one, for one write; large ones are not copied."""
    return content if sum(map(len, content)) > MOST_JOINED else [b"".join(content)]


def _append(path: Path, content: Sequence[bytes | memoryview], end: int) -> None:
    """Write the parts of `content` behind the first `end` bytes of the file. Raises OSError; the file then ends there."""
    with path.open("ab", buffering=0) as file:
        try:
            for part in _joined(content):
                written = 0
                while written < len(part):  # a nearly full disk takes a part
                    written += file.write(memoryview(part)[written:])
        except OSError:
            file.truncate(end)
            raise
