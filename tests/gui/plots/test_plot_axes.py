"""Where the figures of a plot's axes stand, by the pixels that they leave."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.plots.graphs.graph_parts import GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot


def test_figures_stand_beside_their_places_and_none_beyond_the_axis(qtbot: QtBot) -> None:
    plot = GraphPlot()
    qtbot.addWidget(plot)
    plot.resize(480, 360)
    plot.show()
    ticks = [(-2.0, "8"), (0.0, "8"), (5.0, "8"), (10.0, "8"), (12.0, "8")]
    plot.show_picture(GraphPicture(x=(0.0, 10.0), y=(0.0, 10.0), x_ticks=ticks, y_ticks=ticks))
    image, area = plot.grab().toImage(), plot.area
    ground = image.pixelColor(0, 0)
    below = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) != ground for y in range(int(area.bottom()) + 8, int(area.bottom()) + 18))
    ]
    beside = [
        y
        for y in range(image.height())
        if any(image.pixelColor(x, y) != ground for x in range(int(area.left()) - 20, int(area.left()) - 5))
    ]
    for inked, wanted in (
        (below, [plot.pixel_of(at, 0).x() for at in (0, 5, 10)]),
        (beside, [plot.pixel_of(0, at).y() for at in (10, 5, 0)]),
    ):
        groups = np.split(inked, np.flatnonzero(np.diff(inked) > 1) + 1)
        assert [group.mean() for group in groups] == pytest.approx(wanted, abs=1.5)
