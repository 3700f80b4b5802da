"""Own pictures and own tables in the training lab: what was found is shown, and what is chosen of it is learned from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt

from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.check import check
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.figures import UNKNOWN
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Linear
from gui.widgets.pictures.drawing_canvas import bytes_of
from tests.gui.layouts import lay_out

CLASSES = {"1": 12, "10": 9, "2": 15}  # how many pictures each has
COLUMNS = ("번호", "height", "club", "empty", "grade")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Coloured pictures of 12×10, a class for each subfolder, and three files that take no part."""
    folder = tmp_path / "shapes"
    for number, (name, count) in enumerate(CLASSES.items()):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            pixels = np.zeros((12, 10, 3), np.uint8)
            pixels[:, :, number] = 40 + 10 * i
            Image.fromarray(pixels).save(folder / name / f"{i + 1}.png")
    (folder / "1" / "broken.png").write_bytes(b"\x89PNG and no more")
    (folder / "2" / "notes.txt").write_text("no picture")
    (folder / "nothing").mkdir()
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "pupils.csv"
    rows = [f"{i},{150 + (i * 7) % 31},{'abc'[i % 3]},,{'xy'[i * 5 % 7 % 2]}" for i in range(1, 61)]
    rows[4] = rows[4].replace(f",{150 + 35 % 31},", ",NA,")
    file.write_text("\n".join((",".join(COLUMNS), *rows)), "utf-8")
    return file


@pytest.fixture
def opened(qtbot, lent_lab):
    def open_data(path: Path):
        lab = lent_lab(preset("digits-cnn"), torch=False)
        lab.resize(1400, 900)
        lab.open_data(path)
        settled(qtbot, lab)
        return lab, lab.data_page

    return open_data


def settled(qtbot, lab) -> None:
    qtbot.waitUntil(lambda: not lab.own.busy and not lab.data_page.feed.busy)
    lay_out()


# --- pictures


def test_a_folder_is_learned_from_by_a_network_that_fits_it(opened, pictures):
    lab, page = opened(pictures)
    experiment = lab.experiment()
    check(experiment)
    assert experiment.data == Data(name="folder", path=str(pictures)) and experiment.name == "shapes"
    first, last = experiment.network.layers[0], experiment.network.layers[-1]
    assert isinstance(first, Conv2d) and isinstance(last, Linear) and last.out_features == 3
    assert "3×12×10" in lab.panel.network.text()
    assert dict(page.about.facts.facts())["A sample"] == "3 × 12 × 10 (C, H, W), RGB"


def test_classes_are_counted_in_the_order_in_which_people_count(opened, pictures):
    lab, page = opened(pictures)
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    for name, y in (("training", data.y_train), ("validation", data.y_validation)):
        counted = Counter(y.tolist())
        assert [(bar.name, bar.value) for bar in page.counts.bars[name].bars] == [
            (each, counted[label]) for label, each in enumerate(("1", "2", "10"))
        ]
    sums = [sum(bars) for bars in zip(*([bar.value for bar in each.bars] for each in page.counts.bars.values()), strict=True)]
    assert sums == [12, 15, 9]


def test_thumbnails_are_the_files_pixels_in_colours(opened, pictures):
    lab, page = opened(pictures)
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    sheet, kept = page.samples.sheet, page.contents.train.kept
    image = sheet.grab().toImage()
    for row, channel in ((0, 0), (1, 2), (2, 1)):
        for column, place in enumerate(sheet.shown(row)[:4]):
            value = round(float(data.x_train[int(kept.numbers[place]), channel, 6, 5]) * 255)
            colour = image.pixelColor(sheet.place(row, column).center())
            assert [colour.red(), colour.green(), colour.blue()] == [value if i == channel else 0 for i in range(3)]
            assert (value - 40) % 10 == 0  # as it was drawn


def test_files_that_take_no_part_are_named_with_the_reason(opened, pictures):
    _, page = opened(pictures)
    assert page.trouble.isVisible() and not page.trouble.is_refusal and page.trouble.again.isHidden()
    assert page.trouble.title == "Files that take no part: 3"
    text = page.trouble.skipped.text()
    assert all(f"{name}: " in text for name in ("1/broken.png", "2/notes.txt", "nothing"))


def test_size_and_colours_are_chosen_and_the_network_follows(qtbot, opened, pictures):
    lab, page = opened(pictures)
    options = page.about.pictures
    assert options.isVisible()
    assert (
        options.sides.box.currentText() == "12 × 10 (suits them)" and options.channels.box.currentText() == "RGB (as they are)"
    )
    options.channels.chosen.emit("1")
    settled(qtbot, lab)
    assert lab.experiment().data.channels == 1 and page.contents.info.input == (1, 12, 10)
    options.sides.chosen.emit("24")
    settled(qtbot, lab)
    assert lab.experiment().data.size == 24 and page.contents.train.kept.x.shape[1:] == (1, 24, 24)
    check(lab.experiment())
    lab.undo()
    settled(qtbot, lab)
    assert lab.experiment().data.size is None and options.sides.value == ""
    lab.undo()
    assert lab.experiment().data.channels is None


def test_a_folder_of_one_class_is_refused_in_a_sentence(qtbot, make_lab, tmp_path):
    (tmp_path / "one" / "cat").mkdir(parents=True)
    for i in range(3):
        Image.new("L", (8, 8), 50 * i).save(tmp_path / "one" / "cat" / f"{i}.png")
    lab = make_lab(preset("digits-cnn"), torch=False)
    lab.open_data(tmp_path / "one")
    settled(qtbot, lab)
    page = lab.data_page
    assert lab.experiment() == preset("digits-cnn")
    assert page.trouble.is_refusal and page.trouble.again.isVisible() and "cat" in page.trouble.problem.text()


def test_a_changed_folder_is_read_again(qtbot, opened, pictures):
    _, page = opened(pictures)
    for i in range(20):
        Image.new("RGB", (10, 12), (i, 200, 0)).save(pictures / "10" / f"new{i}.png")
    assert page.about.again.isVisible()
    page.about.again.click()
    qtbot.waitUntil(lambda: page.contents.info.samples == 36 + 20)


def test_drawings_are_learned_from(qtbot, make_lab, tmp_path):
    """From the first stroke to a data set."""
    lab = make_lab(preset("digits-cnn"), torch=False)
    lab.choose_own("draw")
    pad = lab.dialogs.pad
    drawn = {}
    for name, across in (("left", 5), ("right", 20)):
        pad.name.setText(name)
        pad.add_label()
        for i in range(6):
            pad.canvas.begin(QPointF(across, 3), erasing=False)
            pad.canvas.go_on(QPointF(across + i / 4, 24))
            pad.canvas.end()
            drawn[name, i] = bytes_of(pad.canvas.drawing.pixels)
            qtbot.keyClick(pad.canvas, Qt.Key.Key_Return)
    pad.learn.click()
    settled(qtbot, lab)
    experiment = lab.experiment()
    check(experiment)
    assert experiment.data.name == "folder" and experiment.data.path == str(pad.collection.folder)
    data = load(experiment.data, seed=experiment.seed)
    assert data.classes == ("left", "right") and data.input == (1, 28, 28)
    learned = {(int(y), x.numpy().tobytes()) for x, y in zip(data.x_train, data.y_train, strict=True)}
    learned |= {(int(y), x.numpy().tobytes()) for x, y in zip(data.x_validation, data.y_validation, strict=True)}
    expected = {
        (("left", "right").index(name), (pixels.astype(np.float32) / np.float32(255)).tobytes())
        for (name, _), pixels in drawn.items()
    }
    assert learned == expected


# --- tables


def test_a_table_s_columns_are_shown_with_what_stands_in_them(opened, table):
    lab, page = opened(table)
    check(lab.experiment())
    columns = page.table.table.columns
    assert [columns.text(row, "name") for row in range(5)] == ["번호", "height", "club", "empty", "grade (to predict)"]
    assert [columns.text(row, "kind") for row in range(5)] == ["row numbers", "numbers", "categories", "empty", "categories"]
    assert columns.text(1, "missing") == "1" and columns.text(2, "missing") == ""
    assert columns.text(2, "distinct") == "3"
    checks = [columns.data(columns.index(row, 0), Qt.ItemDataRole.CheckStateRole) for row in range(5)]
    on, off = Qt.CheckState.Checked, Qt.CheckState.Unchecked
    assert checks == [off, on, on, off, None]
    assert lab.experiment().network.layers[-1].out_features == 2


def test_the_first_rows_are_those_of_the_file(opened, table):
    _, page = opened(table)
    lines = table.read_text("utf-8").splitlines()
    assert page.table.preview.texts.heads == COLUMNS
    shown = page.table.preview.texts.rows
    assert len(shown) == 8
    for line, row in zip(lines[1:], shown, strict=False):
        assert list(row) == [UNKNOWN if cell in ("", "NA") else cell for cell in line.split(",")]


def test_columns_and_target_are_chosen_and_the_network_follows(qtbot, opened, table):
    lab, page = opened(table)
    view = page.table.table
    view.setFocus()
    view.setCurrentIndex(view.columns.index(2, 0))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    settled(qtbot, lab)
    assert lab.experiment().data.columns == ("height",) and page.contents.info.input == (1,)
    view.columns.setData(view.columns.index(2, 0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    settled(qtbot, lab)
    assert lab.experiment().data.columns == ("height", "club") and page.contents.info.input == (4,)
    page.table.target.chosen.emit("2")  # height, which is learned from no longer
    settled(qtbot, lab)
    data = lab.experiment().data
    assert (data.target, data.columns) == ("height", ("club",)) and page.contents.info.task == "regression"
    assert page.counts.spread.isVisible() and page.counts.bars["training"].isHidden()
    check(lab.experiment())
    page.table.task.chosen.emit("classification")
    settled(qtbot, lab)
    assert lab.experiment().data.task is None and page.table.task.value == ""  # some heights stand there only once
    assert page.trouble.is_refusal and "height" in page.trouble.problem.text() and page.trouble.again.isHidden()
    while lab.experiment().data.columns is not None:  # what is edited quickly is one step
        lab.undo()
    settled(qtbot, lab)
    assert lab.experiment().data == Data(name="table", path=str(table))
    assert not page.trouble.is_refusal
    assert page.table.target.value == "" and page.table.target.box.currentText() == "grade (usual)"


def test_the_last_column_that_is_read_stays(qtbot, opened, table):
    lab, page = opened(table)
    columns = page.table.table.columns
    columns.toggled.emit(2, False)
    settled(qtbot, lab)
    before = lab.experiment()
    columns.toggled.emit(3, False)
    assert lab.experiment() == before


def test_samples_are_rows_of_the_numbers_that_the_network_gets(opened, table):
    lab, page = opened(table)
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    rows = page.samples.samples("rows").texts
    assert rows.heads == ("Sample", "height", "club = a", "club = b", "club = c", "grade")
    number = int(page.contents.train.kept.numbers[3])
    cells = rows.rows[3]
    assert cells[0] == str(number) and cells[-1] == data.classes[int(data.y_train[number])]
    np.testing.assert_allclose(
        [float(cell.replace("−", "-")) for cell in cells[1:-1]], data.x_train[number].numpy(), rtol=1e-3, atol=1e-6
    )


def test_rows_of_two_numbers_are_points_by_class(qtbot, make_lab):
    data = Data(name="table", columns=("petal length (cm)", "petal width (cm)"))
    lab = make_lab(edited(preset("table-mlp"), data=data), torch=False)
    lab.resize(1400, 900)
    lab.show_view("data")
    settled(qtbot, lab)
    loaded = load(data, seed=lab.experiment().seed)
    card = lab.data_page.samples
    assert card.kind == "points"
    points = card.samples("points")
    kept = lab.data_page.contents.train.kept
    assert len(kept.numbers) == 120
    np.testing.assert_array_equal(points.plot.points, loaded.x_train.numpy()[kept.numbers])
    np.testing.assert_array_equal(points.plot.labels, loaded.y_train.numpy()[kept.numbers])
    assert points.legend.names == loaded.classes == ("setosa", "versicolor", "virginica")
    assert points.plot.bottom.name == "petal length (cm)" and points.plot.left.name == "petal width (cm)"
    across, up = points.plot.pixel
    assert across == pytest.approx(up)  # one scale: a ring is round
    assert points.plot.columns()["class"][:3] == [loaded.classes[int(label)] for label in points.plot.labels[:3]]


def test_the_table_that_comes_along_can_be_looked_at_too(qtbot, make_lab):
    lab = make_lab(edited(preset("table-mlp"), seed=3), torch=False)
    lab.show_view("data")
    settled(qtbot, lab)
    page = lab.data_page
    assert page.table.isVisible() and page.about.again.isHidden()
    lab.open_experiment(preset("digits-cnn"))
    settled(qtbot, lab)
    assert page.table.isHidden()
