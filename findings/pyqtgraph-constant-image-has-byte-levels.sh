#!/bin/sh
# Guess:   the automatic levels of a pyqtgraph ImageItem are around the values of its array, so that a constant array of small
#          numbers has a colour of its own; one infinity in an array costs at most its own pixel.
# Happens: the levels of a constant array are 0 to 255, whatever its values: a map of activations that are all 0.5, 0.9 or -3 is
#          black. One infinity makes an infinite level, and all finite values of its array are black.
# Version: pyqtgraph 0.14.0, NumPy 2.2.6, PySide6-Essentials 6.11.0
# Date:    2026-11-29
# Guards:  tests/gui/plots/test_still_plots.py (test_a_constant_is_not_black, test_what_is_not_finite_has_no_colour...)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    "pyqtgraph==${PYQTGRAPH:-0.14.0}" numpy==2.2.6 PySide6-Essentials==6.11.0
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import sys

import numpy as np
import pyqtgraph as pg

print("pyqtgraph", pg.__version__)
app = pg.mkQApp()


def shown(values):
    """The levels and the grey level of each pixel that an ImageItem without given levels finds for `values`."""
    item = pg.ImageItem(np.asarray(values, dtype=np.float64), axisOrder="row-major")
    item.render()
    picture = item.qimage
    greys = [picture.pixelColor(x, y).red() for y in range(picture.height()) for x in range(picture.width())]
    print(values, "-> levels", [float(level) for level in item.levels], "greys", greys)
    return [float(level) for level in item.levels], greys


constant = [shown([[value, value], [value, value]]) for value in (-3.0, 0.0, 0.5, 0.9)]
_, ordinary = shown([[0.0, 1.0], [2.0, 3.0]])
_, infinite = shown([[0.0, 1.0], [2.0, np.inf]])
as_described = all(found == ([0.0, 255.0], [0, 0, 0, 0]) for found in constant)
as_described = as_described and ordinary == [0, 85, 170, 255] and infinite[:3] == [0, 0, 0]
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
