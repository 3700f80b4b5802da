"""What a start imports before Qt."""

from __future__ import annotations

import subprocess
import sys

BEFORE_QT = """
import sys
from gui import before_qt
before_qt.put_off_collecting()
before_qt.import_engine()
print(sorted(name for name in ("PySide6", "shiboken6", "torch", "numpy", "engine.runs.folder") if name in sys.modules))
"""


def test_the_engine_is_there_before_qt_and_neither_qt_nor_torch_has_come() -> None:
    said = subprocess.run([sys.executable, "-c", BEFORE_QT], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['engine.runs.folder', 'numpy']"
