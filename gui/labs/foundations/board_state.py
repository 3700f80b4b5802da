"""What the states of all boards have, and what a board says of itself without Qt: its place, its books, its links.

No Qt: states are made, checked and tested without a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import msgspec


class BoardState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a board shows. `preset` is the one that was opened, while its note is of use."""

    LOOKS: ClassVar[frozenset[str]] = frozenset()  # the fields that are a way of looking, or how far something has been played

    preset: str = ""


@dataclass(frozen=True)
class BoardLink:
    """Where in another lab the idea of a board is used. `code` has its words under "link.CODE" in the board's table. `asset` is
    a file under `assets/`, without its ending: ("presets", "digits-cnn") is an experiment, which the lab that trains it opens;
    ("convolution", "edges") is a setting of that lab."""

    code: str
    asset: tuple[str, str]
