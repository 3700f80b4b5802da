"""Which files of a folder are taken for pictures, and of which class each is: by the subfolder, or by the file's name.

Names are listed and nothing is opened. A class is a subfolder; where the folder has no subfolders, a class is what comes before
the number in a file's name (cat_01.jpg). Classes and files stand in the order in which people count: 1, 2, 10. Called by
`engine.data.own.picture_folder`; `counted`, `class_in` and `is_hidden` stand in exported scripts too.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias
from unicodedata import normalize

import msgspec

from engine.data.found import Skipped
from engine.data.info import DatasetError
from engine.data.own.own_file import require_own
from engine.figures import full_count
from engine.words import Phrase

MOST_FILES = 100_000
HIDDEN = ("desktop.ini", "ehthumbs.db", "icon\r", "thumbs.db")  # and all that begins with a dot
PACKED = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
PICTURES = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
OTHER_PICTURES = (".heic", ".heif", ".avif", ".svg", ".psd", ".dng", ".cr2", ".nef")  # to be saved as others

_PARTS = ("train", "훈련", "학습", "val", "dev", "검증", "test", "시험", "테스트")  # how folders of a divided data set begin
_DEEPEST = 3  # folders within folders that are looked into for pictures

Naming: TypeAlias = Literal["folders", "names"]


class ListedFile(msgspec.Struct, frozen=True, gc=False):
    """A file that may be a picture; `name` is its path within the folder, with / between the parts."""

    name: str
    group: str  # its class
    size: int
    changed_ns: int


class PictureListing(NamedTuple):
    """What a folder holds, by names alone: the files in the order of their classes, what takes no part, and why they make no
    classes, where they make none."""

    by: Naming
    files: tuple[ListedFile, ...]
    skipped: tuple[Skipped, ...]
    problem: Phrase | None = None


def counted(name: str) -> tuple[str, str]:
    """What names are sorted by so that 2 comes before 10, and small letters stand beside large ones."""
    return re.sub("[0-9]+", lambda number: number[0].zfill(20), name.casefold()), name


def class_in(stem: str) -> str:
    """The class that a file's name says, without its ending: what comes before its number, as in cat_01, cat (1), 3-0001 and
    cat1; "" where there is no number, or nothing before it."""
    numbered = re.fullmatch(r"(.+?)[\s_.\-]*[\s_.\-(]\(?\d+\)?", stem) or re.fullmatch(r"(.*\D)\d+", stem)
    return numbered[1].strip(" _.-(") if numbered else ""


def listing(path: str) -> PictureListing:
    """The files of the folder at `path`. Raises DatasetError where there is no folder that can be read."""
    require_own(path)
    try:
        _require_folder(path)
        return _listed(path)
    except OSError as error:
        raise DatasetError("own_unreadable", file=path, error=error.strerror or error) from None
    except DatasetError:
        raise
    except ValueError as error:  # a null byte in the name, which no folder has
        raise DatasetError("own_unreadable", file=path, error=error) from None


def _require_folder(path: str) -> None:
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        raise DatasetError("folder_missing", folder=path) from None
    if not stat.S_ISDIR(found.st_mode):
        raise DatasetError("folder_packed" if path.lower().endswith(PACKED) else "folder_is_file", folder=path)


class _Reader:
    """Lists one folder; counts what it has seen."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.before = len(os.path.join(root, ""))  # noqa: PTH118  (as the paths of entries begin)
        self.real = os.path.realpath(root)
        self.seen = 0
        self.skipped: list[Skipped] = []

    def nothing(self, problem: Phrase) -> PictureListing:
        """That there are no classes, and why."""
        return PictureListing("folders", (), tuple(self.skipped), problem)

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What stands in a folder and is not hidden, sorted. Raises OSError, and DatasetError where there is too much."""
        with os.scandir(folder) as scanned:
            found = []
            for entry in scanned:
                self.seen += 1
                if self.seen > MOST_FILES:
                    raise DatasetError("folder_many", folder=self.root, most=full_count(MOST_FILES))
                found.append(entry)
        found.sort(key=lambda entry: counted(entry.name if entry.name.isascii() else normalize("NFC", entry.name)))
        taken = []
        for entry in found:
            if is_hidden(entry.name):
                self.skip(entry, "hidden")
            elif not _is_text(entry.name):
                self.skip(entry, "name_no_text")
            else:
                taken.append(entry)
        return taken

    def name_of(self, entry: os.DirEntry[str]) -> str:
        """Its path within the folder."""
        return entry.path[self.before :].replace(os.sep, "/")

    def skip(self, entry: os.DirEntry[str], code: str, /, **values: object) -> None:
        name = self.name_of(entry).encode("utf-8", "replace").decode("utf-8")
        self.skipped.append(Skipped(name, Phrase("skipped_files", code, values)))

    def looked_at(self, entry: os.DirEntry[str]) -> os.stat_result | None:
        """Of a folder or a file; None for what is neither, or a link that leads nowhere, which is skipped."""
        try:
            found = entry.stat()
        except OSError as error:
            if entry.is_symlink():
                self.skip(entry, "dead_link")
            else:
                self.skip(entry, "unreadable", error=error.strerror or str(error))
            return None
        if stat.S_ISREG(found.st_mode):
            return found
        if not stat.S_ISDIR(found.st_mode):
            self.skip(entry, "not_ordinary")
        elif entry.is_symlink() and self._leads_back(entry):
            self.skip(entry, "link_back")
        else:
            return found
        return None

    def _leads_back(self, entry: os.DirEntry[str]) -> bool:
        real = os.path.realpath(entry.path)
        return self.real == real or self.real.startswith(real.rstrip(os.sep) + os.sep)

    def file(self, entry: os.DirEntry[str], group: str, found: os.stat_result) -> ListedFile:
        return ListedFile(self.name_of(entry), group, found.st_size, found.st_mtime_ns)


def _listed(path: str) -> PictureListing:
    reader = _Reader(path)
    folders: list[os.DirEntry[str]] = []
    loose: list[os.DirEntry[str]] = []
    for entry in reader.entries(path):
        found = reader.looked_at(entry)
        if found is not None:
            (folders if stat.S_ISDIR(found.st_mode) else loose).append(entry)
    if not folders and not loose:
        return reader.nothing(_said("folder_hidden" if reader.skipped else "folder_empty", folder=path))
    files: list[ListedFile] = []
    inner = [each for folder in folders for each in _class_files(reader, folder, files)]
    if any(_is_picture(file.name) for file in files):
        for entry in loose:
            reader.skip(entry, "beside_classes")
        problem = None
        if len({file.group for file in files if _is_picture(file.name)}) == 1 and (deeper := _deeper(reader, inner)):
            own = {file.group for file in files}
            elsewhere = [name for name in deeper if name.partition("/")[0] not in own]
            problem = _within_classes(path, elsewhere[0]) if elsewhere else None
        return PictureListing("folders", tuple(files), tuple(reader.skipped), problem)
    if not any(_is_picture(entry.name) for entry in loose) and (deeper := _deeper(reader, inner)):
        return reader.nothing(_too_deep(path, deeper))
    return _by_names(reader, loose, files)


def _class_files(reader: _Reader, folder: os.DirEntry[str], files: list[ListedFile]) -> list[os.DirEntry[str]]:
    """Put the files of a class to the others. Returns the folders within it."""
    try:
        entries = reader.entries(folder.path)
    except OSError as error:
        reader.skip(folder, "unreadable", error=error.strerror or str(error))
        return []
    group, before = normalize("NFC", folder.name), len(files)
    inner = []
    for entry in entries:
        found = reader.looked_at(entry)
        if found is None:
            continue
        if stat.S_ISDIR(found.st_mode):
            inner.append(entry)
            reader.skip(entry, "within_class")
        else:
            files.append(reader.file(entry, group, found))
    if len(files) == before and not inner:
        reader.skip(folder, "empty_folder")
    return inner


def _deeper(reader: _Reader, folders: list[os.DirEntry[str]]) -> list[str]:
    """Which of the folders, or of those within them, hold pictures themselves, by their paths within the folder."""
    found, level = [], folders
    for _ in range(_DEEPEST):
        below: list[os.DirEntry[str]] = []
        for folder in level:
            try:
                entries = reader.entries(folder.path)
            except OSError:
                continue
            below += [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
            if any(_is_picture(entry.name) for entry in entries):
                found.append(reader.name_of(folder))
        level = below
    return found


def _too_deep(path: str, holding: list[str]) -> Phrase:
    """What to do where only these folders, none of them in `path` itself, hold pictures."""
    parents = {name.rpartition("/")[0] for name in holding}
    if len(parents) == 1:  # an outer folder, and the classes in it
        return _said("folder_deep", folder=path, inner=parents.pop(), example=holding[0])
    outer = os.path.commonpath(sorted(parents))  # with parts, or with classes that are divided
    places = dict.fromkeys(name.removeprefix(outer).strip("/").partition("/")[0] for name in holding)
    parts = [part for part in places if part.casefold().startswith(_PARTS)]
    if len(parts) < len(places):
        return _within_classes(path, holding[0])
    chosen = min(parts, key=lambda part: next(place for place, name in enumerate(_PARTS) if part.casefold().startswith(name)))
    return _said("folder_parts", folder=path, parts=", ".join(parts), inner=f"{outer}/{chosen}".strip("/"))


def _within_classes(path: str, example: str) -> Phrase:
    return _said("folder_nested", folder=path, group=example.rpartition("/")[0], example=example)


def _by_names(reader: _Reader, loose: list[os.DirEntry[str]], in_folders: list[ListedFile]) -> PictureListing:
    """The classes of files that lie in the folder itself; files of subfolders without pictures take no part."""
    groups: dict[str, list[ListedFile]] = {}
    unnamed = []
    for entry in loose:
        if not _is_picture(entry.name):
            reader.skip(entry, *_no_picture(entry.name))
        elif group := class_in(Path(normalize("NFC", entry.name)).stem):
            groups.setdefault(group, []).append(reader.file(entry, group, entry.stat()))
        else:
            unnamed.append(entry)
            reader.skip(entry, "no_class_in_name")
    for file in in_folders:
        reader.skipped.append(Skipped(file.name, Phrase("skipped_files", *_no_picture(file.name))))
    if not groups and not unnamed:
        names = [entry.name for entry in loose] or [file.name for file in in_folders]
        values = {"folder": reader.root, "count": full_count(len(names))}
        if not names:
            return reader.nothing(_said("folder_no_files", folder=reader.root))
        return reader.nothing(_said("folder_no_pictures", **values, example=names[0]))
    if not groups:
        values = {"folder": reader.root, "count": full_count(len(unnamed))}
        return reader.nothing(_said("folder_no_names", **values, example=unnamed[0].name))
    ordered = sorted(groups, key=counted)
    files = tuple(file for group in ordered for file in groups[group])
    return PictureListing("names", files, tuple(reader.skipped))


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is none of the user's own: .git, ._a.jpg, Thumbs.db, __MACOSX."""
    return name.startswith(".") or name.lower() in HIDDEN or name == "__MACOSX"


def _said(code: str, **values: object) -> Phrase:
    return Phrase(DatasetError.TABLE, code, values)


def _is_text(name: str) -> bool:
    return name.isascii() or name.encode("utf-8", "ignore").decode("utf-8") == name


def _is_picture(name: str) -> bool:
    return name.lower().endswith((*PICTURES, *OTHER_PICTURES))


def _no_picture(name: str) -> tuple[str]:
    return ("packed",) if name.lower().endswith(PACKED) else ("no_picture",)
