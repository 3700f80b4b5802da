"""The boards' presets: states of the lab in `assets/boards/BOARD/NAME.toml`, as the lab itself saves them. Title and note are
"preset.NAME" and "preset.NAME.about" in the board's table of words, whose order is that of the menu.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

import msgspec

from engine import words
from engine.assets import asset
from gui.labs.foundations.board_state import BoardState
from gui.labs.foundations.boards import BOARDS, board_table
from gui.labs.foundations.state import FoundationsState
from gui.shell.state_file import from_text

LAB_NAME = "foundations"
PRESET = "preset."
_ABOUT = ".about"


@cache
def preset_names(board: str) -> tuple[str, ...]:
    """The presets of a board, in the order of the menu."""
    codes = words.table(board_table(board))
    return tuple(code.removeprefix(PRESET) for code in codes if code.startswith(PRESET) and not code.endswith(_ABOUT))


@cache
def board_preset(board: str, name: str) -> BoardState:
    """The state that the preset `name` of a board shows."""
    text = asset("boards", board, f"{name}.toml").read_text("utf-8")
    state = from_text(text, LAB_NAME, FoundationsState).of(board)
    return msgspec.structs.replace(state, preset=name)


def changed_since(state: BoardState, preset: BoardState) -> bool:
    """Whether something is set otherwise than in a preset. What is only looked at, or played, is not."""
    looks = {name: getattr(preset, name) for name in state.LOOKS}
    return msgspec.structs.replace(state, **looks) != preset


def same_topic(one: BoardState, other: BoardState) -> bool:
    """Whether two states of a board show the same picture of it."""
    return getattr(one, "topic", None) == getattr(other, "topic", None)


@cache
def shown_on_boards() -> Mapping[str, tuple[str, str]]:
    """The experiments of the books that a preset of a board shows: key -> board and preset, the first of several."""
    found: dict[str, tuple[str, str]] = {}
    for board, row in BOARDS.items():
        books: Mapping[str, str] = importlib.import_module(row.state_module).BOOKS
        for name, key in books.items():
            found.setdefault(key, (board, name))
    return found
