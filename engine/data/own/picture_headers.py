"""What the header of a picture file says, as it is kept between two starts of the program. No numpy, no Pillow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from engine.figures import full_count
from engine.words import Phrase

MOST_PIXELS = 64_000_000  # as `engine.pictures` has it, which needs numpy

GreyDepth: TypeAlias = Literal["I", "F"]  # whole numbers of more than 8 bits, fractions: as Pillow's modes begin
ValueRange: TypeAlias = tuple[float, float]
Trait: TypeAlias = Literal["turned", "transparent", "deep", "palette", "cmyk", "colour_space", "bilevel", "frames"]
TRAITS: tuple[Trait, ...] = ("turned", "transparent", "deep", "palette", "cmyk", "colour_space", "bilevel", "frames")


class Header(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Size (upright), whether it has no colours, and what has to be done to it; or the code why it is skipped."""

    width: int = 0
    height: int = 0
    grey: bool = False
    depth: GreyDepth | None = None  # of a deep picture
    plain: bool = False  # a JPEG to which nothing has to be done
    traits: tuple[Trait, ...] = ()
    range: ValueRange | None = None  # of a deep picture: its own smallest and largest value
    refused: str = ""
    error: str = ""

    def reason(self) -> Phrase:
        """Why it is skipped."""
        values: dict[str, object] = {}
        if self.refused == "too_large":
            size = {"width": full_count(self.width), "height": full_count(self.height)}
            values = {**size, "most": MOST_PIXELS // 1_000_000}
        elif self.refused == "unreadable":
            values = {"error": self.error}
        return Phrase("skipped_files", self.refused, values)


def ranges_of(headers: Iterable[Header]) -> dict[str, ValueRange]:
    """What becomes black and what white in all deep pictures of a folder, by their depth: of whole numbers 0 and the largest
    number of as many bits as are in use, of fractions 0 and 1; where there are values outside, the smallest and the largest
    value."""
    found: dict[str, ValueRange] = {}
    for header in headers:
        if header.depth is not None and header.range is not None:
            low, high = found.get(header.depth, header.range)
            found[header.depth] = min(low, header.range[0]), max(high, header.range[1])
    return {depth: _range(depth, *found[depth]) for depth in sorted(found)}


def _range(depth: str, low: float, high: float) -> ValueRange:
    if depth == "I" and low >= 0:
        return 0, 2 ** int(high).bit_length() - 1
    return (0, 1) if low >= 0 and high <= 1 else (low, high)
