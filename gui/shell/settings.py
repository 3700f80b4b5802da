"""What the program remembers over restarts: window, language, theme, the current lab, and the state of each lab.

One small JSON file, written as a whole. A file that cannot be read is renamed, with one message to the user, and never prevents
a start. A lab's state that is no longer valid is ignored; the rest is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from engine.files import from_json, own_folder, replace_file


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    language: Literal["ko", "en"] | None = None  # None: the system's
    theme: Literal["system", "light", "dark"] = "system"
    lab: str = "convolution"
    size: tuple[Annotated[int, msgspec.Meta(ge=200, le=20_000)], Annotated[int, msgspec.Meta(ge=200, le=20_000)]] = (1440, 900)
    position: tuple[int, int] | None = None
    maximized: bool = False
    tour_offered: bool = False  # at a start before this one
    labs: dict[str, Any] = {}  # a lab's name -> its state, as builtins


def settings_file() -> Path:
    return own_folder("config") / "settings.json"


def log_file() -> Path:
    return own_folder("log") / "layerscope.log"


def load(path: Path) -> tuple[Settings, Path | None]:
    """The settings, and the new name of a file that could not be read (None: there was none)."""
    try:
        return from_json(path.read_bytes(), Settings), None
    except FileNotFoundError:
        return Settings(), None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Settings(), _set_aside(path)


def _set_aside(path: Path) -> Path:
    aside = path.with_suffix(".broken.json")
    try:
        path.replace(aside)
    except OSError:
        return path
    return aside


def save(settings: Settings, path: Path) -> None:
    """Write the settings as a whole. Raises OSError where the folder cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, msgspec.json.format(msgspec.json.encode(settings), indent=1))
