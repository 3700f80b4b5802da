"""A folder that a learner fills with drawings of his own: a folder for each label in it, in each of them PNG files. It reads as
any other folder of pictures.

Called by the window's drawing pad, which makes the files' content. No numpy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from engine.files import replace_file
from engine.words import CodedError, printable

MOST_LABELS = 20
MOST_LETTERS = 60  # of a label
LEAST = 5  # drawings of each label, of which one validates
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"})
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


class DrawnFolderError(CodedError):
    """A label, or a folder, that cannot be had. The sentence says what to do instead."""

    TABLE: ClassVar[str] = "drawn_folder"


class DrawnFolder:
    """The labels of a folder with the number of their pictures, in the order in which people count. What was kept by this
    object can be taken back, the last one first. The folder itself is made with the first drawing."""

    def __init__(self, folder: Path) -> None:
        """Reads what is there already. Raises DrawnFolderError."""
        self.folder = folder
        self._counts: dict[str, int] = {}
        self._kept: list[tuple[str, Path]] = []
        try:
            if folder.exists():
                inside = [each for each in folder.iterdir() if each.is_dir() and not each.name.startswith(".")]
                for each in sorted(inside, key=lambda path: counted_order(path.name)):
                    self._counts[each.name] = sum(file.suffix.lower() in PICTURES for file in each.iterdir())
        except OSError as error:
            raise DrawnFolderError("unreadable", folder=folder, reason=error.strerror or error) from None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self._counts)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many pictures each label has."""
        return self._counts

    @property
    def can_take_back(self) -> bool:
        return bool(self._kept)

    @property
    def is_enough(self) -> bool:
        """Whether a network can learn from it: two labels at least, and enough of each that has any."""
        drawn = [count for count in self._counts.values() if count]
        return len(drawn) >= 2 and min(drawn) >= LEAST

    def add_label(self, name: str) -> str:
        """A new label; returns it as it is kept. Raises DrawnFolderError."""
        label = label_of(name)
        if label.casefold() in {each.casefold() for each in self._counts}:
            raise DrawnFolderError("there", name=label)
        if len(self._counts) >= MOST_LABELS:
            raise DrawnFolderError("many", most=MOST_LABELS)
        self._counts = {each: self._counts.get(each, 0) for each in sorted((*self._counts, label), key=counted_order)}
        return label

    def remove_label(self, name: str) -> None:
        """Let go of a label that has no pictures; any other stays."""
        if self._counts.get(name) == 0:
            del self._counts[name]

    def keep(self, label: str, png: bytes) -> Path:
        """Write a drawing of `label` to a file of its own. Raises DrawnFolderError."""
        within = self.folder / label
        try:
            within.mkdir(parents=True, exist_ok=True)
            taken = {file.stem for file in within.iterdir()}
            number = self._counts[label] + 1
            while f"{number:04d}" in taken:
                number += 1
            path = within / f"{number:04d}.png"
            replace_file(path, png, durable=False)
        except OSError as error:
            raise DrawnFolderError("unwritable", folder=within, reason=error.strerror or error) from None
        self._counts[label] += 1
        self._kept.append((label, path))
        return path

    def take_back(self) -> str:
        """Remove the drawing that was kept last; returns its label. Raises DrawnFolderError, IndexError where there is none."""
        label, path = self._kept[-1]
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise DrawnFolderError("unwritable", folder=path.parent, reason=error.strerror or error) from None
        self._kept.pop()
        self._counts[label] -= 1
        return label


def label_of(name: str) -> str:
    """What is typed as the name of a folder, on every system. Raises DrawnFolderError."""
    label = unicodedata.normalize("NFC", " ".join(printable(name).split())).rstrip(". ")
    if not label:
        raise DrawnFolderError("no_name")
    if _NOT_IN_NAMES.search(label):
        raise DrawnFolderError("letters")
    if label.startswith("."):
        raise DrawnFolderError("hidden")
    if len(label) > MOST_LETTERS:
        raise DrawnFolderError("long", most=MOST_LETTERS)
    if _RESERVED.fullmatch(label):
        raise DrawnFolderError("reserved", name=label)
    return label


def counted_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts names as people count: 1, 2, 10."""
    parts = re.split(r"(\d+)", unicodedata.normalize("NFC", name).casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
