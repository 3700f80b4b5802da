"""A folder of a user's own pictures as data: what it is described as, its arrays, its lines of an exported script.

All pictures get one size and one number of channels: those that are asked for, or that suit them (`usual_size`, grey where all
are grey). Values are from 0 to 1. Only headers are read to describe them. What was done to which pictures is `DataInfo.notes`.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from msgspec.structs import replace

from engine.data.found import Found, Skipped, shortened
from engine.data.info import Data, DataInfo, DatasetError
from engine.data.own.picture_folder import FolderPicture, PictureClass, ScannedFolder, decoded_pictures, picture_mark, scan
from engine.data.own.picture_headers import TRAITS
from engine.data.own.picture_listing import HIDDEN, Naming, class_in, counted, is_hidden
from engine.data.source import Arrays, DataScript, Source, drawn, drawn_script
from engine.figures import binary_size, full_count, measured
from engine.layers.base import Shape
from engine.words import Phrase, printable, say

USUAL_SIDE = 64  # pixels of the longer side, at most, where nobody says a size
SMALLER_SIDES = (48, 32, 24, 16)  # for so many pictures that they would be more than `USUAL_BYTES`
USUAL_BYTES = 2**30
MOST_BYTES = 2**31  # of all values
VALUE_BYTES = 4
_SKIPPED = "pictures_skipped"


@dataclass(frozen=True, kw_only=True)
class FoundPictures(Found):
    """A folder of pictures: its classes, in their order, with the names of their pictures; heights and widths of the smallest
    and of the largest picture, and how many sizes there are."""

    by: Naming | None = None
    classes: tuple[PictureClass, ...] = ()
    smallest: tuple[int, int] | None = None
    largest: tuple[int, int] | None = None
    sizes: int = 0

    def own_json(self) -> dict[str, object]:
        info = self.info
        return {
            "classes_by": self.by,
            "classes": [{"name": each.name, "count": each.count} for each in self.classes],
            "pictures": {"smallest": self.smallest, "largest": self.largest, "sizes": self.sizes},
            "size": None if info is None else info.size,
            "channels": None if info is None else info.channels,
        }

    def own_lines(self, language: str = "en") -> list[str]:
        lines = []
        if self.smallest is not None and self.largest is not None:
            lines.append(_sizes(self.sizes, self.smallest, self.largest).say(language))
        if self.classes and self.by is not None:
            pictures = full_count(sum(each.count for each in self.classes))
            lines.append(say("found", f"by_{self.by}", language, count=full_count(len(self.classes)), pictures=pictures))
            lines += shortened([f"  {printable(each.name)}: {full_count(each.count)}" for each in self.classes], language)
        return lines


class FolderSource(Source):
    """Pictures of a folder, a class for each subfolder, or for each name that is numbered."""

    task = "classification"
    options = ("path", "size", "channels")

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (1, USUAL_SIDE, USUAL_SIDE), ()  # `described` says another input

    def described(self, data: Data) -> DataInfo:
        if data.path is None:
            raise DatasetError("folder_none")
        found = scan(data.path)
        if found.problem is not None:
            raise DatasetError(found.problem.code, **found.problem.values)
        stored, classes = len(found.pictures), tuple(each.name for each in found.classes)
        samples = data.samples or stored
        if samples > stored:
            values = {"stored": full_count(stored), "samples": full_count(samples)}
            raise DatasetError("too_few_stored", name=self.name, **values)
        channels = data.channels or (1 if all(picture.header.grey for picture in found.pictures) else 3)
        size = _asked(data) or usual_size(found.pictures, channels)
        if (needed := stored * channels * size[0] * size[1] * VALUE_BYTES) > MOST_BYTES:
            side = int((MOST_BYTES / (stored * channels * VALUE_BYTES)) ** 0.5)
            values = {"count": full_count(stored), "size": f"{size[0]}×{size[1]}", "needed": binary_size(needed)}
            raise DatasetError("folder_large", **values, most=binary_size(MOST_BYTES), side=full_count(side))
        counts = [each.count for each in found.classes]
        train, validation = self._split(data, samples, counts)
        info = self._info(data, None, train, validation, classes)
        shown = {"count": full_count(stored), "classes": full_count(len(classes)), "size": f"{size[0]}×{size[1]}"}
        reading = Phrase("data_notes", "pictures_grey" if channels == 1 else "pictures_in_colours", shown)
        notes = _notes(found, size, channels, [one for one in found.skipped if not _is_hidden(one.name)])
        made = replace(info, input=(channels, *size), size=size, channels=channels, reading=reading, notes=notes)
        return self._in_both_parts(made, data, counts)

    def found(self, data: Data) -> Found:
        plain = super().found(data)
        if data.path is None:
            return plain
        try:
            folder = scan(data.path)
        except DatasetError:
            return plain
        sizes = Counter((picture.header.height, picture.header.width) for picture in folder.pictures)
        by_area = sorted(sizes, key=lambda size: (size[0] * size[1], size))
        return FoundPictures(
            data=data,
            info=plain.info,
            problem=plain.problem,
            notes=tuple(note for note in plain.notes if note.code != _SKIPPED),  # which are listed one by one
            skipped=folder.skipped,
            by=folder.by,
            classes=folder.classes,
            smallest=by_area[0] if by_area else None,
            largest=by_area[-1] if by_area else None,
            sizes=len(sizes),
        )

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        import numpy as np

        assert info.path is not None
        assert info.size is not None
        assert info.channels is not None
        found = scan(info.path, afresh=True)
        classes = tuple(each.name for each in found.classes)
        if found.problem is not None or classes != info.classes or len(found.pictures) < info.samples:
            raise DatasetError("folder_changed", folder=info.path)
        pixels = decoded_pictures(found, info.size, info.channels)
        y = np.repeat(np.arange(len(classes)), [each.count for each in found.classes]).astype(np.int64)
        train, validation = drawn(info, y, seed)
        white = np.float32(255)
        x_train, x_validation = (np.divide(pixels[part], white, dtype=np.float32) for part in (train, validation))
        return Arrays(x_train, y[train], x_validation, y[validation])

    def script(self, info: DataInfo, seed: str) -> DataScript:
        from engine.data.own.picture_pixels import eight_bits, pixels_of, scaled, turn_of

        assert info.path is not None
        assert info.size is not None
        found = scan(info.path, afresh=True)
        skipped = tuple(one.name for one in found.skipped if not _is_hidden(one.name))
        changed = f"{info.path} has been changed since this script was written; bring its pictures back, or export it anew"
        named = found.by == "names"
        functions = (pixels_of, scaled, turn_of, eight_bits, counted, is_hidden, *((class_in,) if named else ()))
        text = _READING.format(
            path=info.path,
            classes=info.classes,
            skipped="{" + ", ".join(map(repr, skipped)) + "}" if skipped else "set()",
            ranges=found.ranges,
            hidden=HIDDEN,
            functions="\n\n\n".join(inspect.getsource(each).strip() for each in functions),
            listed=(_NAMES if named else _FOLDERS).strip("\n"),
            height=info.size[0],
            width=info.size[1],
            channels=info.channels,
            mark=picture_mark(info.path),
            changed=changed,
        )
        made = DataScript(
            text,
            imports=("from numpy.typing import NDArray", "from PIL import Image"),
            standard=("import hashlib", "import io", "import re", "import unicodedata", *_STANDARD),
            packages="torch numpy pillow",
        )
        return drawn_script(made, info, seed)


def usual_size(pictures: Sequence[FolderPicture], channels: int) -> tuple[int, int]:
    """Height and width where nobody says them: as the pictures are, where all are alike and small; or else scaled so that the
    longer side is `USUAL_SIDE`, square where their sizes differ; and smaller where there are very many."""
    heights = [picture.header.height for picture in pictures]
    widths = [picture.header.width for picture in pictures]
    alike = len(set(zip(heights, widths, strict=True))) == 1
    height, width = heights[0], widths[0]
    if not alike:
        height = width = min(median_low(heights), median_low(widths))
    for side in (USUAL_SIDE, *SMALLER_SIDES):
        share = min(1.0, side / max(height, width))
        size = max(1, round(height * share)), max(1, round(width * share))
        if len(pictures) * channels * size[0] * size[1] * VALUE_BYTES <= USUAL_BYTES:
            break
    return size


def _asked(data: Data) -> tuple[int, int] | None:
    match data.size:
        case None:
            return None
        case int():
            return data.size, data.size
        case height, width:
            return height, width
    raise AssertionError(data.size)


def _notes(found: ScannedFolder, size: tuple[int, int], channels: int, skipped: Sequence[Skipped]) -> tuple[Phrase, ...]:
    notes, pictures = [], found.pictures
    sizes = {(picture.header.height, picture.header.width) for picture in pictures}
    if sizes != {size}:
        scaled = {"size": f"{size[0]}×{size[1]}"}
        alike = all(height * size[1] == width * size[0] for height, width in sizes)
        notes.append(Phrase("data_notes", "pictures_scaled" if alike else "pictures_cut", scaled))
    counts = Counter(trait for picture in pictures for trait in picture.header.traits)
    for trait in TRAITS:
        if trait == "deep":
            notes += _deep_notes(found)
        elif counts[trait]:
            notes.append(Phrase("data_notes", f"pictures_{trait}", {"count": full_count(counts[trait])}))
    coloured = sum(not picture.header.grey for picture in pictures)
    if channels == 1 and coloured:
        notes.append(Phrase("data_notes", "pictures_made_grey", {"count": full_count(coloured)}))
    elif channels == 3 and coloured < len(pictures):
        notes.append(Phrase("data_notes", "pictures_tripled", {"count": full_count(len(pictures) - coloured)}))
    if skipped:
        first = {"example": skipped[0].name, "reason": skipped[0].reason}
        notes.append(Phrase("data_notes", _SKIPPED, {"count": full_count(len(skipped)), **first}))
    return tuple(notes)


def _deep_notes(found: ScannedFolder) -> list[Phrase]:
    """How the grey of pictures that are deeper than 8 bits was scaled."""
    counts: Counter[str | None] = Counter(picture.header.depth for picture in found.pictures)
    notes = []
    for depth, (low, high) in found.ranges.items():
        low_shown, high_shown = (full_count(int(end)) if depth == "I" else measured(end) for end in (low, high))
        values: dict[str, object] = {"count": full_count(counts[depth]), "low": low_shown, "high": high_shown}
        if depth == "I" and low == 0:
            notes.append(Phrase("data_notes", "pictures_deep", values | {"bits": int(high).bit_length()}))
        else:
            notes.append(Phrase("data_notes", "pictures_deep_range", values))
    return notes


def _sizes(count: int, smallest: tuple[int, int], largest: tuple[int, int]) -> Phrase:
    if count == 1:
        return Phrase("found", "one_size", {"size": f"{smallest[0]}×{smallest[1]}"})
    ends = {"smallest": f"{smallest[0]}×{smallest[1]}", "largest": f"{largest[0]}×{largest[1]}"}
    return Phrase("found", "several_sizes", {"count": full_count(count), **ends})


def _is_hidden(name: str) -> bool:
    return is_hidden(name.rpartition("/")[2])


_STANDARD = ("from pathlib import Path", "from typing import Any")

_READING = '''
HIDDEN = {hidden!r}


{functions}


def listed(folder):
    """What stands in a folder, is not hidden, and has a name that is text."""
    names = ((path, path.name) for path in folder.iterdir())
    return [path for path, name in names if not is_hidden(name) and name.encode("utf-8", "ignore").decode("utf-8") == name]


FOLDER = Path({path!r})
CLASSES = {classes!r}
SKIPPED = {skipped}  # files that are no pictures, or damaged
RANGES = {ranges}  # black and white of pictures deeper than 8 bits: whole numbers (I), fractions (F)
found = []  # class, place within it, name, file
{listed}
found.sort()
mark, pixels = hashlib.sha256(), []
for _, _, name, file in found:
    content = file.read_bytes()
    mark.update(f"{{unicodedata.normalize('NFC', name)}}\\0{{hashlib.sha256(content).hexdigest()}}\\n".encode())
    pixels.append(pixels_of(content, height={height}, width={width}, channels={channels}, ranges=RANGES))
if mark.hexdigest() != "{mark}":
    raise SystemExit({changed!r})
images = np.stack(pixels).astype(np.float32) / np.float32(255)
labels = np.array([number for number, *_ in found])
'''

_FOLDERS = """
for folder in listed(FOLDER):
    label = unicodedata.normalize("NFC", folder.name)
    for file in listed(folder) if label in CLASSES and folder.is_dir() else ():
        name = f"{folder.name}/{file.name}"
        if name not in SKIPPED and file.is_file():
            found.append((CLASSES.index(label), counted(unicodedata.normalize("NFC", file.name)), name, file))
"""

_NAMES = """
for file in listed(FOLDER):
    label = class_in(unicodedata.normalize("NFC", file.stem))
    if file.name not in SKIPPED and label in CLASSES and file.is_file():
        found.append((CLASSES.index(label), counted(unicodedata.normalize("NFC", file.name)), file.name, file))
"""
