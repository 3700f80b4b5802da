"""Saving to a file: asks for a name, writes the file whole or not at all, and says how it went in the window's language.

Called by everything in the window that the user saves: settings, networks, drawings, maps, tables, plots. `ask_and_save` does
all of it; who writes in a thread of its own calls `ask`, and then `report_saved` or `refuse`.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.files import replace_file
from gui.shell.language import say
from gui.shell.status_line import report

TABLE = "saving"  # of words
UNNAMED = "layerscope"  # where nothing of a suggested name can be in a file's name
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_SUFFIX = re.compile(r"\*(\.\w+)")
_REASONS = {
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.ENOSPC: "full",
    errno.EROFS: "read_only",
    errno.EISDIR: "is_folder",
    errno.ENAMETOOLONG: "name_too_long",
}

Content = Callable[[Path], bytes | str]


def ask_and_save(page: QWidget, title: str, name: str, kinds: Sequence[str], content: Content) -> bool:
    """Ask for a file and write to it what `content` makes for its path; returns whether it is written. For the other arguments
    see `ask`."""
    path = ask(page, title, name, kinds)
    return path is not None and save(page, title, path, content)


def ask(page: QWidget, title: str, name: str, kinds: Sequence[str]) -> Path | None:
    """Ask for a file in a dialog over `page`; None where the user gives up.

    `name` is suggested; what cannot be in a file's name is replaced in it. `kinds` are Qt's filters, "PNG (*.png)", the
    suggested one first; a name without one of their suffixes gets that of the kind that is chosen.
    """
    suffixes = {kind: _suffix_of(kind) for kind in kinds}
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    stem = _NOT_IN_NAMES.sub("-", name).strip(" .") or UNNAMED
    suggested = str(Path(folder) / (stem + suffixes[kinds[0]]))
    chosen, kind = QFileDialog.getSaveFileName(page, title, suggested, ";;".join(kinds))
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() in suffixes.values():
        return path
    path = path.with_name(path.name + suffixes.get(kind, suffixes[kinds[0]]))
    return path if not path.exists() or _replaces(page, title, path) else None  # the dialog asked about the other name


def save(page: QWidget, title: str, path: Path, content: Content) -> bool:
    """Write what `content` makes for `path`; says that it is saved, or why it is not. Returns whether it is."""
    try:
        replace_file(path, content(path))
    except (OSError, UnicodeEncodeError, MemoryError) as error:
        refuse(page, title, path, error)
        return False
    report_saved(page, path)
    return True


def report_saved(page: QWidget, path: Path) -> None:
    """Say that a file is written."""
    report(page, say(TABLE, "saved", file=path))


def refuse(page: QWidget, title: str, path: Path, error: Exception) -> None:
    """Say that a file could not be written, and why."""
    QMessageBox.warning(page, title, say(TABLE, "refused", file=path, reason=reason(error)))


def reason(error: Exception) -> str:
    """Why writing has failed, in the window's language; an unusual error of the system is said in the system's words."""
    match error:
        case MemoryError():
            return say(TABLE, "memory")
        case UnicodeEncodeError():
            return say(TABLE, "half_letter")
        case OSError() if error.errno in _REASONS:
            return say(TABLE, _REASONS[error.errno])
        case OSError() if error.strerror:
            return error.strerror
    return str(error)


def _suffix_of(kind: str) -> str:
    found = _SUFFIX.search(kind)
    assert found is not None, f"{kind!r} names no suffix"
    return found[1]


def _replaces(page: QWidget, title: str, path: Path) -> bool:
    """Whether the user wants a file that is there to be replaced."""
    buttons = QMessageBox.StandardButton
    answer = QMessageBox.question(page, title, say(TABLE, "replace", file=path), buttons.Yes | buttons.No, buttons.No)
    return answer == buttons.Yes
