"""The im2col view as its user meets it: the matrix times the filter is the output, cells are linked, keys and wheel move it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.cells.filters import Filters
from engine.cells.planes import cut
from engine.cells.unrolled import Matrix
from engine.layers.catalog import AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d
from engine.layers.kinds.convolution import Conv3d
from engine.pictures import Picture
from gui.labs.convolution.im2col.im2col_links import Looked
from gui.labs.convolution.im2col.im2col_view import Im2colView
from gui.labs.convolution.state import OutputPlace, Pin, SceneState
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.work import Work
from gui.shell import language
from gui.widgets.grids.number_grid import NumberGrid
from tests.engine.cells.test_correspondence import a_place, a_setting, torchs
from tests.gui.labs.convolution.subjects import COURSE_FILTER, course_subject, random_subject, subject_of

COURSE = Conv2d(out_channels=1, kernel_size=3, padding=1)


@pytest.fixture
def view(qtbot: QtBot) -> Im2colView:
    made = Im2colView()
    qtbot.addWidget(made)
    made.resize(920, 300)
    made.show()
    return made


def numbers(grid: NumberGrid) -> np.ndarray:
    assert grid.sheet is not None
    return grid.sheet.values_HW


def test_the_courses_example_is_a_matrix_times_a_column(view: Im2colView) -> None:
    view.show_view(course_subject(COURSE), SceneState(cell=OutputPlace(2, 3)))
    assert view.grids["matrix"].sheet is not None and view.grids["matrix"].sheet.extent == (0, 0, 25, 9)
    row = 2 * 5 + 3 - view.rows_in_view.start
    assert numbers(view.grids["matrix"])[row].tolist() == [4, 4, 6, 2, 9, 2, 5, 1, 3]
    assert numbers(view.grids["filter"])[:, 0].tolist() == np.ravel(COURSE_FILTER).tolist()
    assert numbers(view.grids["output"])[row, 0] == 101
    assert view.rows.texts[row] == "(2, 3)" and view.columns.texts == (
        "0,0",
        "0,1",
        "0,2",
        "1,0",
        "1,1",
        "1,2",
        "2,0",
        "2,1",
        "2,2",
    )
    assert view.meaning.text() == "Row 13: the window of output cell (2, 3) in one line. Row × filter + bias = output."
    assert view.grids["input"].lit == {(row, column) for row in (1, 2, 3) for column in (2, 3, 4)}


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("kind", ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"])
def test_what_stands_in_view_is_torchs_output(view: Im2colView, kind: str) -> None:
    for seed in range(10):
        layer, shape, random = a_setting(kind, seed)
        channel = random.randrange(layer.output_shape(shape)[0])
        subject = random_subject(layer, shape, seed, channel)  # type: ignore[arg-type]
        module = torchs(layer, shape)
        if subject.filters is not None:
            module.weight.data = torch.from_numpy(subject.filters.weight).double()
            if module.bias is not None:
                module.bias.data = torch.from_numpy(subject.filters.bias_O).double()
        expected = module(torch.from_numpy(subject.values_CHW).double()[None])[0, channel].detach().numpy()
        cell = a_place(random, expected.shape)
        view.show_view(subject, SceneState(cell=OutputPlace(*cell), source=random.randrange(len(subject.inputs))))
        matrix = Matrix(layer, subject.values_CHW, channel)
        assert matrix.row(cell) in view.rows_in_view
        outputs = numbers(view.grids["output"])[:, 0]
        np.testing.assert_allclose(outputs, expected.ravel()[list(view.rows_in_view)], atol=1e-6)
        if len(view.columns_in_view) == matrix.shape[1] and subject.filters is not None:
            product = np.nan_to_num(numbers(view.grids["matrix"])) @ numbers(view.grids["filter"])[:, 0]
            np.testing.assert_allclose(product + float(subject.filters.bias_O[channel]), outputs, atol=1e-5)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "circular"])
def test_an_input_cell_lights_every_place_where_it_stands(view: Im2colView, mode: str) -> None:
    subject = course_subject(Conv2d(out_channels=1, kernel_size=3, padding=1, padding_mode=mode))  # type: ignore[arg-type]
    matrix = Matrix(subject.layer, subject.values_CHW, 0)
    for cell in ((0, 0), (1, 2), (4, 4)):
        view.show_view(subject, SceneState(pin=Pin("input", *cell)))
        spots = matrix.spots(view.rows_in_view, view.columns_in_view)
        places = np.argwhere((spots.source_row == cell[0]) & (spots.source_column == cell[1])).tolist()
        in_view = {(view.rows_in_view[row], view.columns_in_view[column]) for row, column in places}
        assert view.grids["matrix"].lit == in_view
        assert {row for row, _ in in_view} == {row for row, _ in view.grids["output"].lit}
        count = len(matrix.places((0, *cell)))
        assert f"stands {count} times" in view.meaning.text()


def test_a_number_of_the_matrix_is_linked_to_input_and_filter(qtbot: QtBot, view: Im2colView) -> None:
    view.show_view(course_subject(COURSE), SceneState(cell=OutputPlace(2, 3)))
    grid = view.grids["matrix"]
    qtbot.mouseMove(grid.window(), QPoint(2, 2))
    qtbot.mouseMove(grid, grid.place((13, 5)).center())
    assert view.looked == Looked("matrix", (13, 5)) and view.cell == (2, 3)
    assert view.grids["input"].mark == (2, 4) and view.grids["filter"].mark == (5, 0)
    assert view.grids["output"].lit == {(13, 0)}
    assert view.meaning.text() == "Row 13, column 5: input (2, 4) = 2, to be multiplied with the weight 4"
    view.grids["filter"].pointed.emit((0, 0))
    assert view.grids["matrix"].lit == {(row, 0) for row in view.rows_in_view}


def test_a_click_pins_and_escape_frees(qtbot: QtBot, view: Im2colView) -> None:
    states: list[SceneState] = []
    view.edited.connect(states.append)
    subject = course_subject(COURSE)
    view.show_view(subject, SceneState(cell=OutputPlace(2, 2)))
    for block, cell, pin in (
        ("output", (11, 0), Pin("output", 2, 1)),
        ("matrix", (13, 4), Pin("output", 2, 3)),
        ("filter", (5, 0), Pin("filter", 1, 2)),
        ("input", (-1, 0), Pin("input", -1, 0)),
    ):
        grid = view.grids[block]  # type: ignore[index]
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place(cell).center())
        assert states[-1].pin == pin
        view.show_view(subject, states[-1])
    assert view.looked == Looked("input", (-1, 0))
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert states[-1].pin is None
    view.show_view(subject, states[-1])


def test_keys_walk_from_window_to_window(qtbot: QtBot, view: Im2colView) -> None:
    subject = random_subject(Conv2d(out_channels=2, kernel_size=3), (3, 30, 30), 1)
    states = [SceneState(cell=OutputPlace(0, 27))]

    def follow(state: SceneState) -> None:
        states.append(state)
        view.show_view(subject, state)

    view.edited.connect(follow)
    view.show_view(subject, states[-1])
    view.grids["output"].setFocus()
    view.grids["output"].pointed.emit(None)
    for _ in range(3):
        qtbot.keyClick(view.grids["output"], Qt.Key.Key_Down)
    assert states[-1].cell == OutputPlace(1, 2)  # the row after the last of a line is the next line's first
    assert view.grids["output"].mark == (30, 0)
    view.grids["matrix"].shifted.emit(4, 0)
    assert states[-1].cell == OutputPlace(1, 6)
    view.grids["matrix"].shifted.emit(0, 9)  # a whole channel on
    assert states[-1].source == 1 and view.columns_in_view == range(9, 18)
    view.grids["filter"].walked.emit((20, 0))
    assert 20 in view.columns_in_view


def test_columns_out_of_view_are_named_and_scrolled_to(qtbot: QtBot, view: Im2colView) -> None:
    subject, states = random_subject(Conv2d(out_channels=2, kernel_size=3), (3, 30, 30), 1), [SceneState()]

    def follow(state: SceneState) -> None:
        states.append(state)
        view.show_view(subject, state)

    view.edited.connect(follow)
    view.resize(420, 240)
    view.show_view(subject, states[-1])
    count = len(view.columns_in_view)
    assert count < 27 and view.across.isVisible()
    title = view.findChildren(QLabel)[1].text()
    assert title == f"im2col matrix (784 × 27): columns 0 to {count - 1}"
    matrix = view.grids["matrix"].geometry()
    assert view.across.geometry().intersected(matrix).isEmpty() and view.rect().contains(view.across.geometry())
    for column in (*range(27 - count + 1), 0):
        view.across.setValue(column)
        assert view.columns_in_view == range(column, column + count) and view.across.value() == column
        expected = Matrix(subject.layer, subject.values_CHW, 0).spots(view.rows_in_view, view.columns_in_view)
        read = subject.values_CHW[expected.channel, expected.source_row, expected.source_column]
        np.testing.assert_array_equal(numbers(view.grids["matrix"]), read)
    view.show_view(subject, SceneState(pin=Pin("filter", 0, 0)))
    view.across.setValue(9)  # a pinned weight does not hold the columns
    assert view.columns_in_view.start == 9
    language.set_language("ko")
    qtbot.waitUntil(lambda: view.findChildren(QLabel)[1].text() == f"im2col 행렬 (784 × 27): 열 9~{8 + count}")
    view.resize(1400, 500)
    view.show_view(course_subject(COURSE), SceneState())
    assert not view.across.isVisible() and ":" not in view.findChildren(QLabel)[1].text()


def test_the_matrix_of_a_small_filter_is_in_view_whole(qtbot: QtBot, view: Im2colView) -> None:
    """In a window of 1440×900 the view is 938×209: room for the nine columns, the nine weights, and their figures."""
    view.resize(938, 209)
    for layer in (COURSE, ConvTranspose2d(out_channels=1, kernel_size=3, stride=2, padding=1)):
        view.show_view(course_subject(layer), SceneState(cell=OutputPlace(2, 3)))
        assert len(view.columns_in_view) == 9 and len(view.rows_in_view) >= 8 and not view.across.isVisible()
        for block in ("matrix", "filter", "output"):
            grid = view.grids[block]
            assert grid.figures and grid.geometry().bottom() < view.meaning.geometry().top()  # type: ignore[index]
        assert view.grids["filter"].y() >= 20  # below its title


def test_a_title_stands_over_its_column_at_the_edge(view: Im2colView) -> None:
    view.resize(522, 331)
    view.show_view(random_subject(Conv2d(out_channels=1, kernel_size=7, padding=1), (1, 28, 28), 1), SceneState())
    output, title = view.grids["output"], view.findChildren(QLabel)[3]
    assert title.text() == "Output"
    assert abs(title.geometry().center().x() - output.geometry().center().x()) <= output.width() // 2


@pytest.mark.parametrize("size", [(920, 300), (700, 260), (420, 200), (1400, 500)])
def test_everything_has_room(view: Im2colView, size: tuple[int, int]) -> None:
    layers = (
        COURSE,
        Conv2d(out_channels=2, kernel_size=11, dilation=2),
        Conv2d(out_channels=2, kernel_size=1),
        ConvTranspose2d(out_channels=2, kernel_size=4, stride=2),
        MaxPool2d(kernel_size=3, stride=2),
        AvgPool2d(kernel_size=8),
    )
    view.resize(*size)
    for layer in layers:
        view.show_view(random_subject(layer, (3, 40, 40), 2), SceneState())
        assert view.columns_in_view and view.rows_in_view
        for grid in view.grids.values():
            if grid.isVisible():
                assert view.rect().contains(grid.geometry()), (layer, size, grid.geometry())


def test_the_matrix_of_a_clip_is_said_to_be_of_one_plane(view: Im2colView) -> None:
    """Its rows are the cells of one plane: 3 × 4 of the 2 × 3 × 4 outputs."""
    layer = Conv3d(out_channels=1, kernel_size=(2, 1, 1))
    clip = np.arange(36, dtype=np.float32).reshape(1, 3, 3, 4)
    filters = Filters(np.ones((1, 1, 2, 1, 1), np.float32), np.zeros(1, np.float32))
    picture = Picture("numbers", clip[:, 0], (4, 3), 36.0)
    subject = Subject(cut(layer, clip, filters, 1), Work(layer, frames=3, depth=1), picture, 0)
    view.show_view(subject, SceneState())
    assert view.findChildren(QLabel)[1].text() == "im2col matrix of output plane 1 (12 × 2)"


@pytest.mark.parametrize("size", [(920, 240), (620, 300)])
def test_every_number_has_its_decimals_where_there_is_width(view: Im2colView, size: tuple[int, int]) -> None:
    """A column of nine weights leaves little height to a cell; figures need width."""
    layer = Conv2d(out_channels=1, kernel_size=3, bias=False)
    values = np.random.default_rng(3).random((1, 12, 12), np.float32)
    weight = np.full((1, 1, 3, 3), -0.0625, np.float32)
    view.resize(*size)
    view.show_view(subject_of(layer, values, Filters(weight, np.zeros(1, np.float32))), SceneState())
    assert view.grids["filter"].figures == ["−0.06"] * 9
    assert view.grids["matrix"].figures == [f"{value:.2f}" for value in numbers(view.grids["matrix"]).ravel()]
    assert view.grids["output"].figures == [f"−{-value:.2f}" for value in numbers(view.grids["output"]).ravel()]
    parts = [view.grids[block].geometry() for block in ("input", "matrix", "filter", "output")]
    assert all(first.right() < second.left() for first, second in pairwise(parts)) and parts[-1].right() <= view.width()
