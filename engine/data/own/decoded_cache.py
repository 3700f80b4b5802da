"""Pictures that have been decoded, and what has been read of their files, in the program's own folder, so that a second start
need not decode them again.

A file of pixels is an array as numpy writes it and a sum of its content: what is cut off, changed or of another shape is not
used, and made anew. Files are written whole or not at all, by a thread of their own, so that nobody waits for the disk; those
that were used longest ago go when all together would be more than `MOST_BYTES`. What cannot be kept is no error. Called by
`engine.data.own.picture_folder`.
"""

from __future__ import annotations

import contextlib
import io
import mmap
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from engine.files import own_folder, replace_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 2  # of how pictures are decoded; another one finds nothing of this one
MOST_BYTES = 2**31
_SUM = 8  # bytes behind the array, and of a word

T = TypeVar("T")


def _folder() -> Path:
    return own_folder("data") / "decoded"


def kept_records(path: str, kind: type[T]) -> T | None:
    """What has been read of the files of the folder at `path`; None where nothing is kept, or it is damaged."""
    try:
        return msgspec.json.decode(_records_file(path).read_bytes(), type=kind)  # no deeper than `kind`
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None


def keep_records(path: str, records: Mapping[str, object]) -> None:
    """Keep what has been read of the files of the folder at `path`."""
    with contextlib.suppress(OSError):
        _write(_records_file(path), msgspec.json.encode(records))


def _records_file(path: str) -> Path:
    return _folder() / f"{sha256(path.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.{VERSION}.json"


class PixelFile:
    """The pixels (N, C, H, W) of so many pictures, with room for what stands around them in their file."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        import numpy as np

        head = _head(shape)
        self.content = np.empty(len(head) + int(np.prod(shape)) + _SUM, np.uint8)
        self.content[: len(head)] = np.frombuffer(head, np.uint8)
        self.pixels = self.content[len(head) : -_SUM].reshape(shape)

    def keep(self, key: str) -> None:
        """Keep the pixels, which are all there and stay as they are from now on, as `key`: they are written meanwhile."""
        self.pixels.flags.writeable = False
        if self.content.nbytes <= MOST_BYTES:
            writer = Thread(target=self._write, args=(key, _folder() / f"{key}.npy"), name="kept pictures")
            _writers[key] = writer
            writer.start()

    def _write(self, key: str, file: Path) -> None:
        import numpy as np

        self.content[-_SUM:] = np.frombuffer(_sum(self.content[:-_SUM]), np.uint8)
        with contextlib.suppress(OSError):
            _make_room(self.content.nbytes)
            _write(file, self.content.data)
        _writers.pop(key, None)


_writers: dict[str, Thread] = {}


def finish_writing(key: str | None = None) -> None:
    """Wait until what is being kept, as `key` or at all, is in its file."""
    for one in [key] if key is not None else list(_writers):
        if (writer := _writers.pop(one, None)) is not None:
            writer.join()


def kept_pixels(key: str, shape: tuple[int, ...]) -> NDArray[Any] | None:
    """The pixels that were kept as `key`, which nobody can write to; None where there are none of this shape, or they have been
    changed. The file is mapped, not copied: to replace it makes another one, so what is read stays as it is."""
    import numpy as np

    finish_writing(key)
    file = _folder() / f"{key}.npy"
    try:
        head = _head(shape)
        wanted = len(head) + int(np.prod(shape)) + _SUM
        if file.stat().st_size != wanted:
            return None
        with file.open("rb") as opened:
            content = np.frombuffer(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
        if content.nbytes != wanted or content[: len(head)].tobytes() != head:
            return None
        if _sum(content[:-_SUM]) != content[-_SUM:].tobytes():
            return None
        with contextlib.suppress(OSError):
            file.touch()  # used last
        return content[len(head) : -_SUM].reshape(shape)
    except (OSError, ValueError):
        return None


def _head(shape: tuple[int, ...]) -> bytes:
    """How numpy's file of such an array begins; its length is a multiple of 64."""
    import numpy as np

    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|u1", "fortran_order": False, "shape": tuple(map(int, shape))})
    return head.getvalue()


def _sum(content: NDArray[Any]) -> bytes:
    """The sum of all words of the content, its last bytes being one more."""
    import numpy as np

    whole = content[: len(content) // _SUM * _SUM].view("<u8")
    rest = int.from_bytes(content[len(whole) * _SUM :].tobytes(), "little")
    return ((int(np.add.reduce(whole)) + rest) % 2**64).to_bytes(_SUM, "little")


def _write(file: Path, content: bytes | memoryview) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, content, durable=False)


def _make_room(wanted: int) -> None:
    """Remove what was used longest ago until there is room for `wanted` bytes, and what was left half written with it."""
    found = []
    for file in _folder().glob("*"):
        with contextlib.suppress(OSError):
            stat = file.stat()
            found.append((stat.st_mtime_ns, stat.st_size, file))
    total = sum(size for _, size, _ in found)
    for _, size, file in sorted(found):
        if total + wanted <= MOST_BYTES:
            break
        with contextlib.suppress(OSError):
            file.unlink()
            total -= size
