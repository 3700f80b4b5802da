"""A plot as a file: the whole data, a picture that can be read, a drawing with lines and words."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from math import inf, isnan, nan

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.plots.matrices.heat_map import HeatMap
from gui.plots.plot import Plot
from gui.plots.save import LEGEND_PX, MARGIN, SCALE, TITLE_PX, table


@pytest.fixture
def card(card):
    """The card with 1,000 measurements, of which two are not finite."""
    made = card
    steps = np.arange(1, 1001)
    losses = (2.0 * np.exp(-steps / 200) + 0.1).astype(np.float32)
    losses[500] = nan
    losses[600] = inf
    made.append("train", steps, losses)
    made.append("validation", steps[99::100], losses[99::100] + 0.05)
    made.losses = losses
    made.plot.draw()
    return made


def test_a_table_holds_every_measurement(card, tmp_path):
    assert card.export_to(tmp_path / "loss.csv")
    with (tmp_path / "loss.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["iteration"]) for row in rows] == list(range(1, 1001))
    for row, loss in zip(rows, card.losses, strict=True):
        assert np.float32(row["train"]) == loss or (isnan(loss) and row["train"] == "nan")
    assert [index for index, row in enumerate(rows) if row["validation"]] == list(range(99, 1000, 100))


def test_a_table_reads_back_whatever_its_names_are():
    text = table({"a, b": [1, 2], 'say "x"': ["p", None], "v": [0.1, -2.5e-30]})
    rows = list(csv.DictReader(text.splitlines()))
    assert rows == [{"a, b": "1", 'say "x"': "p", "v": "0.1"}, {"a, b": "2", 'say "x"': "", "v": "-2.5e-30"}]


def test_a_picture_can_be_read_and_is_not_empty(card, tmp_path):
    assert card.export_to(tmp_path / "loss.png")
    image = QImage(str(tmp_path / "loss.png"))
    assert image.width() > 800
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 10


def texts_and_paths(path):
    root = ET.parse(path).getroot()
    elements = [(element.tag.rpartition("}")[2], element) for element in root.iter()]
    assert root.tag.endswith("svg")
    texts = " ".join(element.text or "" for name, element in elements if name == "text")
    lines = [element for name, element in elements if name in ("path", "polyline")]
    return texts, [element.get("d") or element.get("points") or "" for element in lines]


def test_a_drawing_is_svg_with_lines_and_words(card, tmp_path):
    assert card.export_to(tmp_path / "loss.svg")
    texts, paths = texts_and_paths(tmp_path / "loss.svg")
    assert "Training" in texts and "Iteration" in texts and "Loss" in texts and "1,000" in texts
    assert any(len(path) > 2000 for path in paths)


def test_the_figures_of_a_drawing_stand_where_those_of_the_picture_do(card, tmp_path):
    card.add("empty", 2)
    card.plot.draw()
    assert card.export_to(tmp_path / "loss.svg") and card.export_to(tmp_path / "loss.png")
    picture = QImage(str(tmp_path / "loss.png")).convertToFormat(QImage.Format.Format_RGB32)
    drawing = QImage(picture.size(), QImage.Format.Format_RGB32)
    drawing.fill(0)
    painter = QPainter(drawing)
    QSvgRenderer(str(tmp_path / "loss.svg")).render(painter)
    painter.end()
    assert all(texts_and_paths(tmp_path / "loss.svg")[1])
    for axis in ("left", "bottom"):
        found = [inked(image, card.plot, axis) for image in (drawing, picture)]
        assert len(found[0]) == len(found[1]) == len(getattr(card.plot, axis).figures)
        assert found[0] == pytest.approx(found[1], abs=3)


def inked(image: QImage, plot: Plot, axis: str) -> list[float]:
    """The middles of the figures of an axis, in pixels of the picture."""
    area = plot.area.translated(MARGIN, MARGIN + TITLE_PX + LEGEND_PX)
    strip = {
        "left": QRectF(area.left() - 44, area.top() - 6, 43, area.height() + 12),
        "bottom": QRectF(area.left() - 12, area.bottom() + 3, area.width() + 24, 16),
    }[axis]
    part = image.copy(QRectF(strip.topLeft() * SCALE, strip.size() * SCALE).toRect())
    part = part.convertToFormat(QImage.Format.Format_Grayscale8)
    grey = np.array(part.constBits()).reshape(part.height(), -1)[:, : part.width()]
    places = np.flatnonzero((grey < 200).any(axis=1 if axis == "left" else 0))
    runs = np.split(places, np.flatnonzero(np.diff(places) > 12) + 1)
    return [float(run[0] + run[-1]) / 2 for run in runs]


def test_a_drawing_of_a_late_part_keeps_its_places(card, tmp_path):
    """An SVG has six figures of a number only."""
    card.append("train", np.arange(5_000_001, 5_000_101), np.linspace(0.0, 1.0, 100))
    card.plot.edit(following=False, smoothing=0.0)
    card.plot.zoom(1e-5, 5_000_050.0)
    assert card.export_to(tmp_path / "late.svg")
    _, paths = texts_and_paths(tmp_path / "late.svg")
    longest = max(paths, key=len)
    across = [float(part.lstrip("ML").split(",")[0]) for part in longest.split() if "," in part]
    area = card.plot.area
    assert len({round(x, 1) for x in across}) > 30
    assert min(across) >= area.left() - 1 and max(across) <= area.right() + 1


def test_the_cursor_is_not_part_of_a_file_and_is_there_afterwards(card, tmp_path):
    card.plot._move_cursor(300.0)
    with_cursor = tmp_path / "a.svg"
    assert card.export_to(with_cursor) and card.plot._cursor_line.isVisible()
    card.plot._move_cursor(None)
    assert card.export_to(tmp_path / "b.svg")
    assert len(texts_and_paths(with_cursor)[1]) == len(texts_and_paths(tmp_path / "b.svg")[1])
    assert card.plot.left.cacheMode() == card.plot.left.CacheMode.DeviceCoordinateCache


def test_the_menu_asks_where_to_and_adds_the_suffix(card, tmp_path, save_as):
    save_as(tmp_path / "mine")
    menu = card.plot.menu()
    export = next(action.menu() for action in menu.actions() if action.text() == "Export")
    for action in export.actions():
        action.trigger()
    assert sorted(path.name for path in tmp_path.glob("mine*")) == ["mine.csv", "mine.png", "mine.svg"]


@pytest.mark.parametrize("name", ["loss.png", "loss.svg", "loss.csv"])
def test_what_cannot_be_written_is_said_in_words(card, tmp_path, said, name):
    assert not card.export_to(tmp_path / "no such folder" / name)
    assert len(said) == 1 and name in said[0] and "there is no such folder" in said[0]
    assert not any(path.is_file() for path in tmp_path.rglob("loss*"))


def test_a_heat_map_is_saved_with_its_colours(qtbot, tmp_path):
    plot = HeatMap()
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    plot.set_values([[0.0, 1.0], [2.0, nan]], rows=["a", "b"])
    for suffix in ("png", "svg", "csv"):
        assert plot.save_to(tmp_path / f"map.{suffix}")
    rows = list(csv.reader((tmp_path / "map.csv").read_text().splitlines()))
    assert rows == [["row", "0", "1"], ["a", "0", "1"], ["b", "2", "nan"]]
    image = QImage(str(tmp_path / "map.png"))
    assert len({image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}) > 4
