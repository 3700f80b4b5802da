"""What the program remembers over restarts: window, language, theme, which lab, and each lab's state.

One small JSON file, written whole. A file that cannot be read is set aside under another name, said once, and never stops a
start; a lab's state that no longer fits is left out by itself, and the rest is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from platformdirs import user_config_path, user_data_path, user_log_path

from engine.files import replace_file

FOLDER_VARIABLE = "LAYERSCOPE_HOME"  # one folder for everything, for tests and portable use


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    language: Literal["ko", "en"] | None = None  # None: the system's
    theme: Literal["system", "light", "dark"] = "system"
    lab: str = "convolution"
    size: tuple[Annotated[int, msgspec.Meta(ge=200, le=20_000)], Annotated[int, msgspec.Meta(ge=200, le=20_000)]] = (1440, 900)
    position: tuple[int, int] | None = None
    maximized: bool = False
    labs: dict[str, Any] = {}  # a lab's name -> its state, as builtins


def settings_file() -> Path:
    return _home("config") / "settings.json"


def runs_folder() -> Path:
    return _home("data") / "runs"


def log_file() -> Path:
    return _home("log") / "layerscope.log"


def _home(kind: Literal["config", "data", "log"]) -> Path:
    if own := os.environ.get(FOLDER_VARIABLE):
        return Path(own)
    places: dict[str, Callable[..., Path]] = {"config": user_config_path, "data": user_data_path, "log": user_log_path}
    return places[kind]("layerscope", appauthor=False)


def load(path: Path) -> tuple[Settings, Path | None]:
    """The settings, and where a broken file was set aside (None: nothing was wrong)."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings), None
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
    """Write the settings whole. Raises OSError where the folder cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, msgspec.json.format(msgspec.json.encode(settings), indent=1))
