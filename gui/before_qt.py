"""What a start does before Qt is imported: the modules that need no Qt, and no search for cycles until the window is there.

Neither Qt nor torch is imported. Called by `app` first of all.
"""

from __future__ import annotations

import gc


def import_engine() -> None:
    """Import what every window needs and is no Qt. PySide6 reads the source of each module that is imported after it, which
    took a fourteenth of the time to the first paint."""
    import engine.runs.folder  # noqa: F401
    import gui.lab.names  # noqa: F401


def put_off_collecting() -> None:
    """No search for cycles before `begin_collecting`. Until then everything that comes stays: modules, words, widgets. To
    search them again and again while they grow took a tenth of the time to the first paint."""
    gc.disable()


def begin_collecting() -> None:
    """From now on, among what comes from now on: what is there once the window is, and once torch has come, stays."""
    gc.freeze()
    gc.enable()
