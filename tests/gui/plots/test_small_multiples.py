"""Many small plots to one scale: places, what is cut off, lines with gaps, keys, the table and the files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from gui.plots.matrices.small_multiples import PanelLine, PlotPanel, SmallMultiples


@pytest.fixture
def plot(qtbot: QtBot) -> SmallMultiples:
    made = SmallMultiples()
    qtbot.addWidget(made)
    made.resize(480, 320)
    made.show()
    return made


def bars(title: str, heights: list[float]) -> PlotPanel:
    edges = np.linspace(0.0, 1.0, len(heights) + 1)
    return PlotPanel(title, (0.0, 1.0), "note", edges, np.array(heights))


def show(plot: SmallMultiples, panels: list[PlotPanel], per_row: int = 2, **ways: object) -> None:
    plot.set_panels(panels, per_row=per_row, up=(0.0, 0.5), up_figures=[(0.0, "0"), (0.5, "half")], **ways)


def test_panels_stand_in_rows_and_are_found_by_place(plot: SmallMultiples) -> None:
    show(plot, [bars(str(number), [0.5, 0.25]) for number in range(5)])
    assert plot.rows == 3
    areas = [plot.panel_area(number) for number in range(5)]
    assert areas[0].top() == areas[1].top() < areas[2].top() < areas[4].top()
    assert areas[0].right() < areas[1].left()
    assert [plot.panel_at(area.center()) for area in areas] == [0, 1, 2, 3, 4]
    assert plot.panel_at(areas[4].center() + (areas[1].center() - areas[0].center())) is None, "the last row has one panel"


def test_a_bar_is_as_high_as_its_share_of_the_axis(plot: SmallMultiples) -> None:
    show(plot, [bars("one", [0.25, 0.0])], per_row=1)
    box, area = plot._bars.path().boundingRect(), plot.panel_area(0)
    top, bottom = plot.point_of(0.0, box.bottom()).y(), plot.point_of(0.0, box.top()).y()
    assert bottom == pytest.approx(area.bottom(), abs=1)
    assert bottom - top == pytest.approx(area.height() / 2, abs=1)
    assert plot.point_of(box.right(), 0.0).x() == pytest.approx(area.center().x(), abs=2)


def test_what_rises_above_the_axis_is_cut_off_and_told(plot: SmallMultiples) -> None:
    show(plot, [bars("one", [0.9, 0.1])], per_row=1, written=lambda value: f"{value:.1f}!")
    assert "↑0.9!" in plot.written_texts()
    assert plot.told(0, 0.2) == "one note\n0 … 0.5: 0.9!"
    assert plot.told(0, 2.0) == "one note\n0.5 … 1: 0.1!"
    area, top = plot.panel_area(0), plot.point_of(0.0, plot._bars.path().boundingRect().bottom()).y()
    assert top == pytest.approx(area.top(), abs=1)


def test_lines_have_gaps_and_tell_the_nearest_value(plot: SmallMultiples) -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    line = PanelLine("loss", x, np.array([0.1, np.nan, 0.3, 0.4]), 1, 1)
    show(plot, [PlotPanel("run", (1.0, 4.0), lines=(line,)), PlotPanel("empty", (1.0, 4.0))])
    path = plot._lines[1, 1].path()
    moves = [at for at in range(path.elementCount()) if path.elementAt(at).isMoveTo()]
    assert len(moves) == 2, "the gap parts it"
    assert plot.told(0, 1.0).splitlines()[1] == "loss (4): 0.4"
    assert plot.told(1, 0.5) == "empty"
    assert plot.columns()["line"] == ["loss"] * 4
    show(plot, [PlotPanel("run", (1.0, 4.0))])
    assert plot._lines[1, 1].path().isEmpty()


def test_a_panel_is_chosen_by_click_and_keys(plot: SmallMultiples, qtbot: QtBot) -> None:
    panels = [bars(str(number), [0.5, 0.25]) for number in range(4)]
    show(plot, panels, chosen=1)
    chosen = QSignalSpy(plot.panel_chosen)
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.panel_area(2).center().toPoint())
    assert chosen.at(0) == [2]
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    assert chosen.at(1) == [3], "from the one that is shown as chosen"
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert chosen.count() == 2, "there is none to the right"


def test_files_have_the_texts_and_the_numbers(plot: SmallMultiples, tmp_path: Path) -> None:
    show(plot, [bars("first", [0.5, 0.25]), bars("second", [0.125, 0.0])])
    for suffix in ("svg", "csv", "png"):
        assert plot.save_to(tmp_path / f"panels.{suffix}")
    assert "first" in (tmp_path / "panels.svg").read_text("utf-8")
    rows = (tmp_path / "panels.csv").read_text("utf-8").splitlines()
    assert rows[0] == "panel,from,to,height"
    assert rows[3] == "second,0,0.5,0.125"
    assert plot.accessibleDescription() == "first note; second note"
