#!/bin/sh
# Guess:   pyqtgraph's downsampling "peak" draws "the max and min" of each group of points, so that a spike is always seen; a
#          NaN (a gap in the data) costs at most itself.
# Happens: the maximum and minimum of a group that holds one NaN are both NaN, so that a spike in the same group is not drawn.
# Version: pyqtgraph 0.14.0, NumPy 2.2.6, PySide6-Essentials 6.11.0
# Date:    2026-11-29
# Guards:  tests/gui/plots/test_reduction.py (test_spikes_beside_a_gap_and_several_in_one_pixel_are_kept)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    "pyqtgraph==${PYQTGRAPH:-0.14.0}" numpy==2.2.6 PySide6-Essentials==6.11.0
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import pyqtgraph as pg

print("pyqtgraph", pg.__version__)
app = pg.mkQApp()


def drawn(y: np.ndarray) -> np.ndarray:
    curve = pg.PlotDataItem(np.arange(len(y)), y)
    curve.setDownsampling(ds=10, auto=False, method="peak")
    return curve.getData()[1]


y = np.zeros(100)
y[42] = 1000.0
whole = drawn(y)
y[45] = np.nan
beside = drawn(y)
print("a spike of 1000 among 100 zeros, groups of 10: the largest value drawn is", np.nanmax(whole))
print("with a NaN three points after the spike:        the largest value drawn is", np.nanmax(beside))
as_described = np.nanmax(whole) == 1000.0 and np.nanmax(beside) == 0.0
print("as described" if as_described else "the behaviour has changed")
sys.exit(not as_described)
PYTHON
