"""What single moves of the hand cost, and the work behind them: milliseconds each, the median of many. No ratios, so only for
a machine that is at rest."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

TIMES, UNCOUNTED = 40, 3


def rows() -> Iterator[dict[str, object]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAYERSCOPE_HOME"] = home
        app = _application()
        yield _row("reach", 1, _reach())
        yield _row("weight_gradient", 30, _weight_gradient())
        yield _row("lit_grid", 4, _lit_grid())
        yield _row("hover[tensor]", 4, _tensor(app))
        yield _row("hover[backward]", 4, _backward())
        yield _row("step[im2col]", 8, _im2col())
        yield _row("large_table", 250, _table())


def _row(name: str, goal_ms: int, move: Callable[[int], object]) -> dict[str, object]:
    spent = []
    for number in range(TIMES + UNCOUNTED):
        began = time.perf_counter()
        move(number)
        spent.append(1e3 * (time.perf_counter() - began))
    return {"name": name, "value": round(median(spent[UNCOUNTED:]), 3), "unit": "ms", "goal": f"<= {goal_ms}"}


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    from gui.shell import theme

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
        theme.start(app)
    return app


def _reach() -> Callable[[int], object]:
    """All sliders' ranges, and the layer that a move makes."""
    from engine.layers.fitting import changed, fitted, ranges
    from engine.layers.kinds.convolution import Conv2d

    shape = (192, 224, 224)
    layer = fitted(Conv2d(out_channels=96, kernel_size=3), shape)
    return lambda number: (ranges(layer, shape), changed(layer, shape, stride=1 + number % 3))


def _weight_gradient() -> Callable[[int], object]:
    """An exact sum of 50,176 products."""
    import numpy as np

    from engine.cells.backward import into_weight, upstream
    from engine.layers.kinds.convolution import Conv2d

    layer = Conv2d(out_channels=16, kernel_size=3, padding=1)
    values = np.random.default_rng(0).random((3, 224, 224)).astype(np.float32)
    above = upstream("random", layer, values, None)
    return lambda number: into_weight(layer, values, above, 5, (2, 1, number % 3))


def _lit_grid() -> Callable[[int], object]:
    """A step of the window over 32 x 32 cells."""
    import numpy as np

    from engine.colours import viridis
    from gui.widgets.grids.number_grid import NumberGrid
    from gui.widgets.grids.sheet import Sheet

    grid = NumberGrid()
    grid.set_sheet(Sheet(np.random.default_rng(1).random((32, 32)), (0, 0), (0, 0, 32, 32), viridis(), 0.0, 1.0), 28)
    grid.resize(grid.sizeHint())
    grid.show()
    grid.grab()

    def step(number: int) -> None:
        row, column = divmod(number, 30)
        grid.set_lit([(row + y, column + x) for y in range(3) for x in range(3)])
        grid.repaint()

    return step


def _tensor(app: QApplication) -> Callable[[int], object]:
    from engine.cells.memory_order import PictureIndex
    from gui.labs.convolution.pages.tensor_page import TensorPage
    from gui.widgets.pictures.picture_files import sample

    page = TensorPage()
    page.resize(1100, 420)
    page.show_picture(sample("china").values_CHW, ("R", "G", "B"), (100, 50))
    page.show()

    def hover(number: int) -> None:
        page.grids.pointed.emit(PictureIndex(number % 3, 99 + number % 3, 49 + number % 4))
        app.processEvents()

    return hover


def _backward() -> Callable[[int], object]:
    """A weight whose sum is long is pointed at: the window may not wait for the sum."""
    from engine.layers.kinds.convolution import Conv2d
    from gui.labs.convolution.backward.backward_view import BackwardView
    from gui.labs.convolution.state import SceneState
    from tests.gui.labs.convolution.subjects import random_subject

    view = BackwardView()
    view.resize(1100, 420)
    view.show_view(
        random_subject(Conv2d(out_channels=8, kernel_size=3, padding=1), (3, 224, 224), 0), SceneState(upstream="output")
    )
    view.show()
    return lambda number: view.scene.grids["filter"].pointed.emit((1, number % 3))


def _im2col() -> Callable[[int], object]:
    from engine.layers.kinds.convolution import Conv2d
    from gui.labs.convolution.im2col.im2col_view import Im2colView
    from gui.labs.convolution.state import OutputPlace, SceneState
    from tests.gui.labs.convolution.subjects import random_subject

    view = Im2colView()
    view.resize(1100, 420)
    view.show()
    subject = random_subject(Conv2d(out_channels=16, kernel_size=3, padding=1), (3, 224, 224), 3)
    return lambda number: view.show_view(subject, SceneState(cell=OutputPlace(100, 50 + number)))


def _table() -> Callable[[int], object]:
    """A table of 512 x 512 numbers, opened and painted: all its texts alone would take longer than a second."""
    import numpy as np

    from gui.widgets.grids.number_table import NumberTable
    from gui.widgets.grids.table_data import Table

    values = np.random.default_rng(0).normal(size=(512, 512)).astype(np.float32)
    names = count()

    def opened(_number: int) -> None:
        window = NumberTable(Table(f"Map {next(names)}", values, range(512), range(512)))
        window.show()
        window.grab()
        window.close()

    return opened
