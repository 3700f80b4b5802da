"""The state that every lab with a picture has. No Qt: states are made, checked and tested without a window."""

from __future__ import annotations

import msgspec


class PicturedState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`picture` is a sample's name, a pattern with its shape ("stripes 3x32x32") or a file's path."""

    picture: str = "china"
