"""How the data are looked at, which the lab's state remembers. No Qt."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LookedAtPart = Literal["training", "validation"]


class DataView(msgspec.Struct, frozen=True, kw_only=True):
    """`part`: whose samples are shown; `page`: how many times as many as there is room for were passed over."""

    part: LookedAtPart = "training"
    page: Annotated[int, Meta(ge=0, le=10_000)] = 0
