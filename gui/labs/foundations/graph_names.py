"""Names of graphs for screen readers, from the names of their axes. Called by boards whose graphs have no title."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.plots.graphs.graph_plot import GraphPlot


def name_graphs(page: QWidget) -> None:
    """Give each graph of a page the names of its axes: what it shows, over what."""
    for plot in page.findChildren(GraphPlot):
        name = ", ".join(filter(None, (plot.picture.y_name, plot.picture.x_name)))
        if plot.accessibleName() != name:
            plot.setAccessibleName(name)
