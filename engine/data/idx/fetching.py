"""Fetches the files of a published data set, when somebody has said that they want them: nothing here runs by itself.

A file comes under the name .part beside its place; what has come stays there, and the next attempt goes on behind it (HTTP
Range). Only a file of the published size, SHA-256 and content takes its place, so a reader never meets another one. Called by
the command `fetch` and by the window, which both say size and source first.
"""

from __future__ import annotations

import errno
import http.client
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from engine.data.idx.idx_file import read_idx
from engine.data.idx.idx_sets import AXES, PublishedFile, PublishedSet
from engine.data.info import DatasetError
from engine.figures import binary_size, full_count
from engine.words import CodedError

BLOCK = 2**16  # bytes that are read at a time, between two looks at whether to stop
TIMEOUT_S = 10.0  # of a server that says nothing
ATTEMPTS = 3  # at an address whose answer breaks off
PAUSE_S = 0.5  # between them


class FetchError(CodedError):
    """Why the files have not come, or "stopped". What has come of them is kept."""

    TABLE = "fetching"


class Fetched(NamedTuple):
    """How far it is: `done` of `total` bytes of all files; `file` is the name of the one that is coming."""

    file: str
    done: int
    total: int


def fetch(
    published: PublishedSet,
    folder: Path,
    tell: Callable[[Fetched], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Have all files of `published` in `folder`, which is made; those that are there already are not fetched again. `tell` is
    called as it goes on, `stopped` asked whether to stop. Raises FetchError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = 0
        for file in published.files:
            if not _is_whole(folder / file.name, file):
                came = before

                def tell_of(done: int, file: PublishedFile = file, came: int = came) -> None:
                    tell(Fetched(file.name, came + done, published.size))

                _fetch_file(file, published.addresses, folder, tell_of, stopped)
            before += file.size
            tell(Fetched(file.name, before, published.size))
    except OSError as error:
        raise _disk_problem(error, folder) from None


def _is_whole(path: Path, file: PublishedFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and _sum_of(path) == file.sha256


def _sum_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as content:
        while block := content.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def _fetch_file(
    file: PublishedFile,
    addresses: tuple[str, ...],
    folder: Path,
    tell: Callable[[int], None],
    stopped: Callable[[], bool],
) -> None:
    """Try every address, and each again where its answer breaks off. Raises FetchError, OSError of the disk."""
    part = folder / f"{file.name}.part"
    problem: FetchError | None = None
    for address in addresses:
        for attempt in range(ATTEMPTS):
            if attempt:
                _rest(stopped)
            try:
                _go_on(f"{address}{file.name}", file, part, tell, stopped)
                _take(part, folder / file.name, file, address)
            except _BrokenOffError as broken:
                problem = FetchError("broken", file=file.name, host=_host(address), error=broken, kept=_kept(part))
            except FetchError as other:
                if other.code == "stopped":
                    raise
                problem = other  # this address will not do better
                break
            else:
                return
    assert problem is not None
    raise problem


class _BrokenOffError(Exception):
    """The connection ended before the file did."""


def _go_on(address: str, file: PublishedFile, part: Path, tell: Callable[[int], None], stopped: Callable[[], bool]) -> None:
    """Append to `part` what is missing of it. Raises FetchError, _BrokenOffError, OSError of the disk."""
    begin = part.stat().st_size if part.exists() else 0
    if begin > file.size:
        part.unlink()
        begin = 0
    free = shutil.disk_usage(part.parent).free
    if free < file.size - begin:
        raise FetchError("no_space", folder=part.parent, free=binary_size(free), size=binary_size(file.size - begin))
    if begin == file.size:
        return
    headers = {"User-Agent": "Layerscope", "Accept-Encoding": "identity"}
    if begin:
        headers["Range"] = f"bytes={begin}-"
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # the server has less than we have: another file
            part.unlink(missing_ok=True)
            raise _BrokenOffError(str(error.code)) from None
        raise FetchError("refused", file=file.name, host=_host(address), status=error.code) from None
    except (urllib.error.URLError, OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise FetchError("offline", host=_host(address), error=reason) from None
    with answer:
        goes_on = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {begin}-")
        with part.open("ab" if goes_on else "wb") as content:
            done = begin if goes_on else 0
            while done < file.size:
                if stopped():
                    raise FetchError("stopped")
                tell(done)
                try:
                    block = answer.read(min(BLOCK, file.size - done))
                except (OSError, http.client.HTTPException) as error:
                    raise _BrokenOffError(str(error) or type(error).__name__) from None
                if not block:
                    raise _BrokenOffError(f"{full_count(done)} / {full_count(file.size)}")
                content.write(block)
                done += len(block)
        tell(done)


def _take(part: Path, place: Path, file: PublishedFile, address: str) -> None:
    """Put a whole file in its place. Raises FetchError where it is another one, which is thrown away."""
    found = _sum_of(part)
    if part.stat().st_size != file.size or found != file.sha256:
        part.unlink()
        values = {"expected": file.sha256[:12], "found": found[:12]}
        raise FetchError("differs", file=file.name, host=_host(address), **values)
    with part.open("rb") as content:
        os.fsync(content.fileno())
    part.replace(place)
    try:
        read_idx(place, next(axes for name, axes in AXES.items() if file.name.startswith(name)))
    except DatasetError:
        place.unlink()
        raise


def _rest(stopped: Callable[[], bool]) -> None:
    until = time.monotonic() + PAUSE_S
    while time.monotonic() < until:
        if stopped():
            raise FetchError("stopped")
        time.sleep(0.02)


def _kept(part: Path) -> str:
    """How much of a file has come."""
    with suppress(OSError):
        return binary_size(part.stat().st_size)
    return binary_size(0)


def _host(address: str) -> str:
    return address.split("/")[2]


def _disk_problem(error: OSError, folder: Path) -> FetchError:
    if error.errno == errno.ENOSPC:
        with suppress(OSError):
            free = shutil.disk_usage(folder).free
            return FetchError("disk_full", folder=folder, free=binary_size(free))
    return FetchError("not_written", folder=folder, error=error.strerror or error)
