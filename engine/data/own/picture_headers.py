"""What the header of a picture file says, as it is kept between two starts of the program. No numpy, no Pillow."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from engine.figures import full_count
from engine.words import Phrase

MOST_PIXELS = 64_000_000  # as `engine.pictures` has it, which needs numpy

Trait: TypeAlias = Literal["turned", "transparent", "deep", "palette", "cmyk", "colour_space", "bilevel", "frames"]
TRAITS: tuple[Trait, ...] = ("turned", "transparent", "deep", "palette", "cmyk", "colour_space", "bilevel", "frames")


class Header(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Size (upright), whether it has no colours, and what has to be done to it; or the code why it is skipped."""

    width: int = 0
    height: int = 0
    grey: bool = False
    plain: bool = False  # a JPEG to which nothing has to be done
    traits: tuple[Trait, ...] = ()
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
