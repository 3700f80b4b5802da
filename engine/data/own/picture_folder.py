"""A folder of pictures: what its headers say, which are skipped and why, what tells it from another one, and its pixels.

    path --listing--> names --headers--> ScannedFolder: classes, pictures, skipped --decoded_pictures--> (N, C, H, W) uint8

Headers and digests of contents are kept in the program's own folder, each for as long as its file has the same length and time
of change, so that a folder is read once. A small file is read as a whole, and its content held until it is decoded: to open it
takes longer than to read it. Neither numpy nor Pillow is imported where nothing has changed. Called by
`engine.data.own.own_pictures`, and by `own_mark` for what a run has learned from.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import normalize

import msgspec

from engine.data.found import Skipped
from engine.data.info import DatasetError
from engine.data.own import decoded_cache
from engine.data.own.picture_headers import Header, ValueRange, ranges_of
from engine.data.own.picture_listing import ListedFile, Naming, PictureListing, class_in, is_hidden, listing
from engine.figures import full_count
from engine.words import Phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CLASSES = 1000
MOST_THREADS = 8
# For how long a folder is not listed again while no file comes or goes, as `describe` asks at every edit: a second, or a
# multiple of what it takes to list it.
TRUSTED_SECONDS, TRUSTED_TIMES = 1.0, 50.0
_MOST_FOLDERS = 8  # that are remembered
_SMALL_BYTES = 2**15  # a file that is read as a whole
_MOST_HELD = 2**25  # bytes of contents that are held until they are decoded
_AT_A_TIME = 32
_ROW, _QUICK_ROW = 128, 512  # after which is seen anew whether they are quick
_QUICK_DECODERS = 2  # threads
_PART_BYTES = 2**20  # of pixels that are put into their places together
_QUICK_SECONDS = 1e-4  # for one file: threads would wait for the interpreter, and not for a disk or a decoder

A = TypeVar("A")
B = TypeVar("B")


class FolderPicture(msgspec.Struct, frozen=True, gc=False):
    """A picture that takes part."""

    file: ListedFile
    header: Header


@dataclass(frozen=True)
class PictureClass:
    """A class of a folder, and its pictures by their names within the folder."""

    name: str
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.names)


@dataclass(frozen=True, eq=False)
class ScannedFolder:
    """What is in a folder. `pictures` stand in the order of their classes, and as people count within them."""

    path: str
    by: Naming
    pictures: tuple[FolderPicture, ...]
    classes: tuple[PictureClass, ...]
    skipped: tuple[Skipped, ...]
    problem: Phrase | None  # why it is no data
    contents: dict[str, bytes] = field(default_factory=dict, repr=False)  # of small files that have just been read, by name

    @cached_property
    def ranges(self) -> dict[str, ValueRange]:
        """Of the pictures that are deeper than 8 bits: what becomes black and what white in all of them."""
        return ranges_of(picture.header for picture in self.pictures)


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What is known of a file of this length and time."""

    size: int
    changed_ns: int
    header: Header
    digest: str = ""


@dataclass
class _Known:
    """What has been read of a folder."""

    listing: PictureListing
    scanned: ScannedFolder
    records: dict[str, _Record]
    trusted_until: float  # on the clock of `monotonic`
    folders: tuple[tuple[str, int], ...]  # each with the time at which a file came or went
    mark: str | None = None


@dataclass
class _Memory:
    """The folders that were read last; of each folder one thread reads at a time."""

    lock: Lock = field(default_factory=Lock)
    folders: dict[str, Lock] = field(default_factory=dict)
    known: dict[str, _Known] = field(default_factory=dict)

    def of(self, path: str) -> Lock:
        with self.lock:
            return self.folders.setdefault(path, Lock())

    def keep(self, path: str, known: _Known) -> None:
        with self.lock:
            self.known.pop(path, None)
            for other in self.known.values():
                other.scanned.contents.clear()  # of one folder at a time
            self.known[path] = known
            while len(self.known) > _MOST_FOLDERS:
                del self.known[next(iter(self.known))]


_memory = _Memory()


def scan(path: str, *, afresh: bool = False) -> ScannedFolder:
    """What is in the folder at `path`; with `afresh` as it is now, or else perhaps as it was a second ago, when the same files
    were there. Raises DatasetError where there is no folder that can be read."""
    with _memory.of(path):
        return _known(path, afresh).scanned


def picture_mark(path: str) -> str:
    """What tells the pictures of the folder, with their names, from others. Raises DatasetError."""
    with _memory.of(path):
        known = _known(path, afresh=True)
        if known.scanned.problem is not None:
            raise DatasetError(known.scanned.problem.code, **known.scanned.problem.values)
        if known.mark is None:
            known.mark = _mark(known)
        return known.mark


def decoded_pictures(scanned: ScannedFolder, size: tuple[int, int], channels: int) -> NDArray[Any]:
    """All pictures (N, C, H, W) as bytes, by the engine's own cache where they have been decoded before. Raises DatasetError:
    pictures that turn out to be damaged, which are skipped from then on."""
    key = _cache_key(scanned, size, channels)
    shape = (len(scanned.pictures), channels, *size)
    found = decoded_cache.kept_pixels(key, shape)
    return _decode(scanned, size, channels, key) if found is None else found


# --- what is known of a folder


def _known(path: str, afresh: bool) -> _Known:
    known = _memory.known.get(path)
    if known is not None and not afresh and monotonic() < known.trusted_until and _times(known.folders) == known.folders:
        return known
    began = monotonic()
    found = listing(path)
    trusted_until = monotonic() + max(TRUSTED_SECONDS, TRUSTED_TIMES * (monotonic() - began))
    if known is not None and known.listing == found:
        known.trusted_until = trusted_until
        return known
    within = dict.fromkeys(file.name.rpartition("/")[0] for file in found.files)
    folders = _times((f"{path}{os.sep}{folder}" if folder else path, 0) for folder in {"": None} | within)
    kept = known.records if known is not None else decoded_cache.kept_records(path, dict[str, _Record])
    records, contents = _with_headers(path, found, kept or {})
    if records != kept:
        decoded_cache.keep_records(path, records)
    known = _Known(found, _scanned(path, found, records, contents), records, trusted_until, folders)
    _memory.keep(path, known)
    return known


def _times(folders: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    found = []
    for folder, _ in folders:
        try:
            found.append((folder, os.stat(folder).st_mtime_ns))  # noqa: PTH116  (many of them, at every edit)
        except OSError:
            found.append((folder, 0))
    return tuple(found)


def _place(path: str, file: ListedFile) -> str:
    return f"{path}{os.sep}{file.name}"


def _with_headers(path: str, found: PictureListing, kept: dict[str, _Record]) -> tuple[dict[str, _Record], dict[str, bytes]]:
    """What is known of each file, in the order of the listing, and the contents of small ones that were read for it."""
    records, contents = {}, {}
    unread = []
    for file in found.files:
        record = kept.get(file.name)
        if record is not None and (record.size, record.changed_ns) == (file.size, file.changed_ns):
            records[file.name] = record
        else:
            unread.append(file)
    if unread:
        from engine.data.own.picture_pixels import content_of, header_of

        room, held = _MOST_HELD, set()
        for file in unread:
            if file.size <= min(_SMALL_BYTES, room):
                room -= file.size
                held.add(file.name)

        def look_at(file: ListedFile) -> tuple[_Record, bytes | None]:
            place = _place(path, file)
            content = content_of(place, file.size) if file.name in held else None
            header = header_of(place, content)
            if content is None or header.refused:
                return _Record(file.size, file.changed_ns, header), None
            return _Record(file.size, file.changed_ns, header, sha256(content).hexdigest()), content

        with _pool() as each:
            looked_at = each(lambda files: list(map(look_at, files)), unread, _AT_A_TIME)
            for file, (record, content) in zip(unread, looked_at, strict=True):
                records[file.name] = record
                if content is not None:
                    contents[file.name] = content
    return records, contents


@contextmanager
def _pool(quick: int = 1) -> Iterator[Callable[[Callable[[Sequence[A]], list[B]], Sequence[A], int], list[B]]]:
    """Calls a function in other threads, each time with so many of what is given: reading, Pillow's decoders and sha256 need no
    interpreter. Where one is done at once, much of it does need one, and threads would wait for each other: then `quick` of
    them do all. What Pillow warns of (metadata that it does not understand) changes no pixel."""
    # two more than cores: some wait for the disk
    threads = ThreadPoolExecutor(min(MOST_THREADS, (os.cpu_count() or 1) + 2), "pictures")

    def each(function: Callable[[Sequence[A]], list[B]], given: Sequence[A], at_a_time: int) -> list[B]:
        found: list[B] = []
        is_quick = True  # until the first few show whether they are
        while len(found) < len(given):
            count, began = _QUICK_ROW if is_quick and found else _ROW, monotonic()
            row = given[len(found) : len(found) + count]
            parts = _cut(row, at_a_time)
            shares = _cut(parts, -(-len(parts) // quick) if is_quick else 1)
            for made in threads.map(lambda share: [one for part in share for one in function(part)], shares):
                found += made
            is_quick = monotonic() - began < _QUICK_SECONDS * len(row)
        return found

    with threads, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield each


def _cut(given: Sequence[A], step: int) -> list[Sequence[A]]:
    return [given[place : place + step] for place in range(0, len(given), step)]


def _scanned(
    path: str, found: PictureListing, records: dict[str, _Record], contents: dict[str, bytes] | None = None
) -> ScannedFolder:
    skipped = list(found.skipped)
    pictures = []
    for file in found.files:
        header = records[file.name].header
        if header.refused:
            skipped.append(Skipped(file.name, header.reason()))
        else:
            pictures.append(FolderPicture(file, header))
    grouped = groupby(pictures, lambda picture: picture.file.group)
    classes = tuple(PictureClass(name, tuple(picture.file.name for picture in members)) for name, members in grouped)
    problem = found.problem or _problem(path, found, classes, skipped)
    return ScannedFolder(path, found.by, tuple(pictures), classes, tuple(skipped), problem, contents or {})


def _problem(path: str, found: PictureListing, classes: tuple[PictureClass, ...], skipped: list[Skipped]) -> Phrase | None:
    """Why the pictures are no classes to be learned."""
    if not classes:
        said = [one for one in skipped if not is_hidden(one.name.rpartition("/")[2])]
        return _said(
            "folder_unreadable", folder=path, count=full_count(len(found.files)), example=said[-1].name, reason=said[-1].reason
        )
    if len(classes) > MOST_CLASSES:
        return _said("folder_classes", folder=path, count=full_count(len(classes)), most=full_count(MOST_CLASSES))
    if len(classes) == 1:
        only = {"folder": path, "count": full_count(classes[0].count), "group": classes[0].name}
        named = [name for name in classes[0].names if class_in(Path(name).stem)]
        if found.by == "folders" and len({class_in(Path(name).stem) for name in named}) > 1:
            return _said("folder_outer", **only, example=named[0].rpartition("/")[2])
        return _said("folder_one_class" if found.by == "folders" else "folder_one_name", **only)
    single = [each.name for each in classes if each.count == 1]
    if single:
        return _said("folder_single", folder=path, count=full_count(len(single)), group=single[0])
    return None


def _said(code: str, **values: object) -> Phrase:
    return Phrase(DatasetError.TABLE, code, values)


# --- contents


def mark_line(name: str, digest: str) -> bytes:
    """What a picture adds to the mark of its folder."""
    return f"{normalize('NFC', name)}\0{digest}\n".encode()


def _mark(known: _Known) -> str:
    path = known.scanned.path
    unread = [picture.file for picture in known.scanned.pictures if not known.records[picture.file.name].digest]
    if unread:
        with _pool() as each:
            try:
                digests = each(lambda files: [_digest(path, file) for file in files], unread, _AT_A_TIME)
            except OSError as error:
                raise DatasetError("own_unreadable", file=error.filename or path, error=error.strerror or error) from None
        _keep_digests(known, dict(zip((file.name for file in unread), digests, strict=True)))
    whole = sha256()
    for picture in known.scanned.pictures:
        whole.update(mark_line(picture.file.name, known.records[picture.file.name].digest))
    return whole.hexdigest()


def _digest(path: str, file: ListedFile) -> str:
    return sha256(Path(_place(path, file)).read_bytes()).hexdigest()


def _keep_digests(known: _Known, digests: dict[str, str]) -> None:
    for name, digest in digests.items():
        known.records[name] = msgspec.structs.replace(known.records[name], digest=digest)
    decoded_cache.keep_records(known.scanned.path, known.records)


def _decode(scanned: ScannedFolder, size: tuple[int, int], channels: int, key: str) -> NDArray[Any]:
    import numpy as np

    from engine.data.own.picture_pixels import decoded, finished

    made = decoded_cache.PixelFile((len(scanned.pictures), channels, *size))
    ranges = scanned.ranges
    empty_CHW = np.zeros((*size, channels), np.uint8).transpose(2, 0, 1)

    def take(place: int) -> tuple[Any, str | None]:
        """What one picture has been decoded to; and the digest of its file, "" where it is damaged, None where it is known."""
        picture = scanned.pictures[place]
        path = _place(scanned.path, picture.file)
        content, digest = scanned.contents.pop(picture.file.name, None), None
        if content is None:
            with open(path, "rb") as opened:  # noqa: PTH123  (thousands of them)
                content = opened.read()
            digest = sha256(content).hexdigest()
        try:
            return decoded(path, picture.header, content, size, channels, ranges), digest
        except ValueError:
            return empty_CHW, ""

    def take_all(places: Sequence[int]) -> list[str | None]:
        """Put neighbours into their places together, so that threads meet once, and not for every picture."""
        taken = [take(place) for place in places]
        each_CHW = [finished(one, size, channels) for one, _ in taken]
        content_NHWC = b"".join(pixels_CHW.transpose(1, 2, 0).data for pixels_CHW in each_CHW)  # as a decoder has made them
        pixels_NHWC = np.frombuffer(content_NHWC, np.uint8).reshape(-1, *size, channels)
        made.pixels[places[0] : places[-1] + 1] = pixels_NHWC.transpose(0, 3, 1, 2)
        return [digest for _, digest in taken]

    with _pool(quick=_QUICK_DECODERS) as each:
        try:
            at_a_time = min(_AT_A_TIME, max(1, _PART_BYTES // empty_CHW.nbytes))
            digests = each(take_all, range(len(scanned.pictures)), at_a_time)
        except OSError as error:
            raise DatasetError("own_unreadable", file=error.filename or scanned.path, error=error.strerror or error) from None
    found = {picture.file.name: digest for picture, digest in zip(scanned.pictures, digests, strict=True)}
    damaged = [name for name, digest in found.items() if digest == ""]
    read = {name: digest for name, digest in found.items() if digest}
    with _memory.of(scanned.path):
        known = _memory.known.get(scanned.path)
        if known is not None and known.scanned is scanned and (damaged or read):
            for name in damaged:
                known.records[name] = msgspec.structs.replace(known.records[name], header=Header(refused="damaged"))
            _keep_digests(known, read)
            if damaged:
                known.scanned = _scanned(scanned.path, known.listing, known.records)
    if damaged:
        raise DatasetError("folder_damaged", file=damaged[0], count=full_count(len(damaged)), folder=scanned.path)
    made.keep(key)  # while they are used already
    return made.pixels


def _cache_key(scanned: ScannedFolder, size: tuple[int, int], channels: int) -> str:
    import PIL

    files = [(picture.file.name, picture.file.size, picture.file.changed_ns) for picture in scanned.pictures]
    content = msgspec.json.encode(
        (decoded_cache.VERSION, PIL.__version__, os.fsencode(scanned.path).hex(), size, channels, files)
    )
    return sha256(content).hexdigest()
