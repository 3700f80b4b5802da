"""The engine's tests run as if PySide6 were not installed: whoever imports it there fails."""

from __future__ import annotations

import sys

if "PySide6" not in sys.modules:  # it is there only where the window's tests run in the same process
    for _name in ("PySide6", "shiboken6", "pyqtgraph", "superqt"):
        sys.modules[_name] = None  # type: ignore[assignment]
