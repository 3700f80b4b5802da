"""Where the program's own files lie; and how files are written: whole or not at all, to a temporary name in the same folder
first, then moved into place.

Called by everything that writes: experiments, exports, runs, settings. A reader never meets half a file, and a full disk or a
killed process leaves the old one as it was.
"""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import platformdirs

MOST_NESTED = 200  # lists and tables in one another; a network of 30 levels of blocks has a hundred
FOLDER_VARIABLE = "LAYERSCOPE_HOME"  # one folder for everything, for tests and portable use
_PART = ".part"  # how a temporary name ends

T = TypeVar("T")


def own_folder(kind: Literal["config", "data", "log"]) -> Path:
    """Where the program keeps files of this kind for the user; it need not exist."""
    if own := os.environ.get(FOLDER_VARIABLE):
        return Path(own)
    places: dict[str, Callable[..., Path]] = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "log": platformdirs.user_log_path,
    }
    return places[kind]("layerscope", appauthor=False)


def from_json(content: bytes, kind: type[T]) -> T:
    """JSON as a value of `kind`. Raises msgspec.MsgspecError for everything that is none, also for what is nested so deeply
    that it could not be written again."""
    try:
        value = msgspec.json.decode(content, type=kind)
        if _deepest(value) > MOST_NESTED:
            raise msgspec.DecodeError("nested too deeply")
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None
    return value


def _deepest(value: object) -> int:
    """How many lists and tables lie in one another; structs are as deep as they are declared. Needs no stack itself."""
    level, here = 0, [msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else value]
    while here := [part for each in here if isinstance(each, dict | list) for part in _parts(each)]:
        level += 1
        if level > MOST_NESTED:
            break
    return level


def _parts(value: dict[object, object] | list[object]) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value


def replace_file(
    path: str | Path, content: bytes | memoryview | str, *, durable: bool = True, older: Path | None = None
) -> None:
    """Make `content` the content of the file at `path`; text is written as UTF-8 with \\n, on every platform.

    A link is followed: the file it names is replaced. `durable`: the content is on the disk before the name is its own, so that
    not even a power failure leaves an empty file. `older`: where the file that is replaced goes, in the same folder. Raises
    OSError; the file is as it was then, and nothing else is left behind.
    """
    target = Path(path).resolve()
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(prefix=_part_of(target.name), suffix=_PART, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(_usual_mode(target))
        if older is not None and target.exists():
            _keep_as(target, older)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _keep_as(target: Path, older: Path) -> None:
    """Put the file at `target` in the place of the file at `older` as well, so that it is at its own place all the time: as a
    second name of it, or a copy where the file system knows no such names. Raises OSError."""
    second = target.with_name(f"{_part_of(target.name)}older{_PART}")
    try:
        second.unlink(missing_ok=True)
        try:
            os.link(target, second)
        except OSError:
            shutil.copy2(target, second)
        second.replace(older)
    finally:
        with contextlib.suppress(OSError):  # it is still there where both names were of one file already
            second.unlink()


def sweep_parts(folder: Path, names: Iterable[str]) -> None:
    """Remove what a killed process has left half written of the files `names` in `folder`, where nobody else writes them."""
    for name in names:
        for part in folder.glob(f"{glob.escape(_part_of(name))}*{_PART}"):
            with contextlib.suppress(OSError):
                part.unlink()


def _part_of(name: str) -> str:
    """How the temporary names of a file begin."""
    return f".{name[:100]}."


def _usual_mode(target: Path) -> int:
    """The rights of the file that is replaced, or an ordinary new file's (mkstemp makes it private)."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    return 0o666 & ~_UMASK


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


_UMASK = _umask()  # read once: reading it means setting it, which is no business of a thread
