"""The backward view as its user meets it: sums against torch's autograd, what lights up, the switches, pins and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from torch import Tensor

from engine.cells.filters import Filters
from engine.cells.planes import cut
from engine.layers.catalog import AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d
from engine.layers.kinds.convolution import Conv3d
from engine.layers.kinds.pooling import Pooling
from engine.pictures import Picture
from gui.labs.convolution.backward.backward_view import BackwardView
from gui.labs.convolution.cell.scene import Focus
from gui.labs.convolution.state import OutputPlace, Pin, SceneState
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.work import Work
from gui.shell import language
from tests.engine.cells.test_backward import one_map
from tests.engine.cells.test_correspondence import a_place, a_setting, torchs
from tests.gui.labs.convolution.subjects import course_subject, random_subject, subject_of

COURSE = Conv2d(out_channels=1, kernel_size=3, padding=1)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[BackwardView]:
    made = BackwardView()
    qtbot.addWidget(made)
    made.resize(920, 300)
    made.show()
    made.torch_ready()
    yield made
    assert made.close_view(5.0)


def settled(qtbot: QtBot, view: BackwardView) -> None:
    qtbot.waitUntil(lambda: not view.busy())


def gradients(subject: Subject, upstream: str) -> tuple[Tensor, Tensor | None]:
    """torch's, of the whole input and the whole weight, in double precision."""
    module = torchs(subject.layer, subject.shape)
    if subject.filters is not None:
        module.weight.data = torch.from_numpy(subject.filters.weight).double()
        if module.bias is not None:
            module.bias.data = torch.from_numpy(subject.filters.bias_O).double()
    x = torch.from_numpy(subject.values_CHW).double().requires_grad_()
    y = module(x[None])[0]
    (y.sum() if upstream == "ones" else (y * y).sum() / 2).backward()
    assert x.grad is not None
    return x.grad, None if subject.filters is None else module.weight.grad


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("kind", ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"])
def test_what_it_says_of_any_cell_is_torchs_gradient(qtbot: QtBot, view: BackwardView, kind: str) -> None:
    for seed in range(8):
        layer, shape, random = a_setting(kind, seed)
        channel = random.randrange(layer.output_shape(shape)[0])
        subject = random_subject(layer, shape, seed, channel)  # type: ignore[arg-type]
        upstream: Any = random.choice(["ones", "output"])
        into_x, into_w = gradients(subject, upstream)
        source = random.randrange(len(subject.inputs))
        pins = [Pin("input", *a_place(random, shape[1:]))]
        if not isinstance(layer, Pooling):
            pins.append(Pin("filter", *a_place(random, subject.kernel)))
        for pin in pins:
            around = OutputPlace(0, 0)
            if pin.part == "input":  # where the lens shows it
                around = OutputPlace(
                    *(track.output_over(at) for track, at in zip(subject.tracks, (pin.row, pin.column), strict=True))
                )
            view.show_view(subject, SceneState(upstream=upstream, pin=pin, source=source, around=around))
            settled(qtbot, view)
            gradient = view.gradient
            assert gradient is not None
            if pin.part == "input":
                expected = into_x[subject.inputs[source], pin.row, pin.column]
            else:
                assert into_w is not None
                expected = into_w[one_map((channel, source, pin.row, pin.column), layer, shape)]
            assert float(gradient.total) == pytest.approx(float(expected), rel=1e-5, abs=1e-4)
            assert view.sum_lines.verdict.startswith("agrees with torch")
            grid = view.scene.grids["output"]
            sheet = grid.sheet
            assert sheet is not None
            flowing = {term.output[1:] for term in gradient.terms if term.partner or not isinstance(layer, MaxPool2d)}
            assert {cell for cell in grid.lit if sheet.holds(cell)} == {cell for cell in flowing if sheet.holds(cell)}


def test_the_courses_example_with_every_gradient_1(view: BackwardView) -> None:
    """A weight's gradient is then the sum of the cells that it lies on; an inner input's that of the whole filter."""
    subject = course_subject(COURSE)
    view.show_view(subject, SceneState(pin=Pin("filter", 1, 1)))
    assert (view.sum_lines.total, view.sum_lines.line) == ("93", "= dL/dw(1, 1) = Σ dL/dy(i, j) · x(i, j), 25 products")
    view.show_view(subject, SceneState(pin=Pin("filter", 0, 2)))
    assert view.sum_lines.line == "= dL/dw(0, 2) = Σ dL/dy(i, j) · x(i − 1, j + 1), 25 products"
    view.show_view(subject, SceneState(pin=Pin("input", 2, 2)))
    assert (view.sum_lines.total, view.sum_lines.line) == ("11", "= dL/dx(2, 2) = Σ dL/dy · w, 9 products")
    assert view.sum_lines.second_line == "= 1×1 + 1×(−5) + 1×2 + 1×4 + 1×7 + 1×(−4) + 1×3 + 1×2 + 1×1"


def test_pointing_pinning_and_freeing(qtbot: QtBot, view: BackwardView) -> None:
    subject, states = course_subject(COURSE), []
    view.edited.connect(states.append)
    view.show_view(subject, SceneState())
    assert view.focus == Focus("filter", (1, 1))  # every output gradient flows into it
    grid = view.scene.grids["input"]
    qtbot.mouseMove(grid.window(), QPoint(2, 2))
    qtbot.mouseMove(grid, grid.place((0, 0)).center())
    assert view.focus == Focus("input", (0, 0)) and view.scene.grids["output"].lit == {(0, 0), (0, 1), (1, 0), (1, 1)}
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place((3, 3)).center())
    assert states[-1].pin == Pin("input", 3, 3)
    view.show_view(subject, states[-1])
    assert view.sum_lines.line.startswith("= dL/dx(3, 3)")
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert states[-1].pin is None


def test_an_output_gradient_says_where_it_flows(qtbot: QtBot, view: BackwardView) -> None:
    view.show_view(course_subject(COURSE), SceneState(upstream="output", pin=Pin("output", 2, 3), cell=OutputPlace(2, 3)))
    assert (view.sum_lines.total, view.sum_lines.line) == (
        "101",
        "= dL/dy(2, 3): flows into 9 input cells and 9 weights of this channel",
    )
    assert view.scene.grids["input"].lit == {(row, column) for row in (1, 2, 3) for column in (2, 3, 4)}
    states: list[SceneState] = []
    view.edited.connect(states.append)
    qtbot.keyClick(view.scene.grids["output"], Qt.Key.Key_Right)
    assert states[-1].cell == OutputPlace(2, 4) and states[-1].pin is None
    view.show_view(course_subject(COURSE), states[-1])


def test_padding_takes_no_gradient_or_passes_it_on(view: BackwardView) -> None:
    view.show_view(course_subject(COURSE), SceneState(pin=Pin("input", -1, 2)))
    assert view.gradient is None and view.sum_lines.line.startswith("Padding") and not view.sum_lines.total
    mirrored = Conv2d(out_channels=1, kernel_size=3, padding=1, padding_mode="reflect")
    view.show_view(course_subject(mirrored), SceneState(pin=Pin("input", -1, 2)))
    assert view.sum_lines.line.startswith("= dL/dx(1, 2)")  # the cell whose value stands there


def test_a_gradient_is_not_read_out_as_the_weight_or_the_input(qtbot: QtBot, view: BackwardView) -> None:
    subject = course_subject(COURSE)
    view.show_view(subject, SceneState(pin=Pin("filter", 1, 1)))
    settled(qtbot, view)
    assert view.scene.read_out() == "Weight (1, 1) = 7: meets 25 input cells here"
    view.shows.button("gradients").click()
    assert view.scene.read_out() == "Weight (1, 1), dL/dw = 93: meets 25 input cells here"  # the sum of the whole input
    view.show_view(subject, SceneState(pin=Pin("input", 0, 0)))
    settled(qtbot, view)
    assert view.scene.read_out() == "Input (0, 0), dL/dx = 6: read by 4 output cells here"  # 1 + 2 − 4 + 7
    view.show_view(subject, SceneState(pin=Pin("input", -1, -1)))
    assert view.scene.read_out() == "Input (−1, −1): read by 1 output cells here"  # padding has no gradient


def test_a_window_gives_its_gradient_to_its_maximum(qtbot: QtBot, view: BackwardView) -> None:
    subject = course_subject(MaxPool2d(kernel_size=2, stride=1))
    view.show_view(subject, SceneState(pin=Pin("input", 0, 1)))  # 4: the largest at the left, 9 beside it
    assert (view.sum_lines.total, view.sum_lines.line) == (
        "1",
        "= dL/dx(0, 1) = Σ dL/dy of the windows whose maximum it is: 1 of 2",
    )
    assert view.scene.grids["output"].lit == {(0, 0)} and view.scene.grids["output"].echoes == {(0, 1)}
    view.show_view(course_subject(AvgPool2d(kernel_size=2, stride=1)), SceneState(pin=Pin("input", 0, 1)))
    assert (view.sum_lines.total, view.sum_lines.second_line) == ("0.5", "= 1/4 + 1/4")


def test_the_grids_show_torchs_gradients(qtbot: QtBot, view: BackwardView) -> None:
    for layer in (COURSE, ConvTranspose2d(out_channels=1, kernel_size=3, stride=2, padding=1)):
        subject = course_subject(layer)
        into_x, into_w = gradients(subject, "ones")
        view.show_view(subject, SceneState())
        settled(qtbot, view)
        view.shows.button("gradients").click()
        for part, expected in (("input", into_x[0]), ("filter", into_w[0, 0])):  # type: ignore[index]
            sheet = view.scene.grids[part].sheet  # type: ignore[index]
            assert sheet is not None
            for row in range(expected.shape[0]):
                for column in range(expected.shape[1]):
                    if sheet.holds((row, column)):
                        assert sheet.value((row, column)) == pytest.approx(float(expected[row, column]), abs=1e-4)
        view.shows.button("values").click()


def test_another_gradient_from_above_is_asked_for(view: BackwardView) -> None:
    states: list[SceneState] = []
    view.edited.connect(states.append)
    view.show_view(course_subject(COURSE), SceneState())
    view.upstream.button("random").click()
    assert states == [SceneState(upstream="random")]
    view.show_view(course_subject(COURSE), states[-1])
    sheet = view.scene.grids["output"].sheet
    assert sheet is not None and set(np.unique(sheet.values_HW)) <= {-2, -1, 0, 1, 2}


def test_a_large_pictures_sums_come_from_beside_the_window(qtbot: QtBot, view: BackwardView) -> None:
    """Pointing at weights must not hold up the window, however long their sums are."""
    subject = random_subject(Conv2d(out_channels=8, kernel_size=3, padding=1), (3, 224, 224), 0)
    view.show_view(subject, SceneState(upstream="output"))
    settled(qtbot, view)
    view.scene.grids["filter"].pointed.emit((1, 2))
    assert view.gradient is None and view.busy()
    assert view.sum_lines.total == "…"
    assert "0 products" not in view.sum_lines.line and "dL/dw" in view.sum_lines.line
    settled(qtbot, view)
    assert "50,176 products" in view.sum_lines.line
    assert view.gradient is not None and len(view.gradient.terms) == 50_176
    assert view.sum_lines.verdict.startswith("agrees")


def test_a_number_of_torchs_that_looks_otherwise_is_not_said_to_be_the_same(qtbot: QtBot, view: BackwardView) -> None:
    """Half a million float32 numbers add up to another number than the exact sum, as far as both are printed."""
    layer = Conv2d(out_channels=1, kernel_size=1, bias=False)
    values = np.random.default_rng(0).random((1, 700, 700), np.float32)
    filters = Filters(np.ones((1, 1, 1, 1), np.float32), np.zeros(1, np.float32))
    view.show_view(subject_of(layer, values, filters), SceneState(pin=Pin("filter", 0, 0)))
    settled(qtbot, view)
    exact = float(values.astype(np.float64).sum())
    text, _, number = view.sum_lines.verdict.partition(": ")
    assert view.sum_lines.total == f"{exact:.4f}" and float(number) == pytest.approx(exact, rel=1e-4)
    assert f"{float(number):.4f}" != f"{exact:.4f}" and text == "agrees with torch but for rounding"


def test_a_plane_of_a_clip_says_that_the_gradient_is_its_own(qtbot: QtBot, view: BackwardView) -> None:
    """torch's gradient of a weight of a Conv3d has a part through each plane of the output."""
    layer = Conv3d(out_channels=1, kernel_size=(3, 1, 1), padding=(1, 0, 0), bias=False)
    frame = np.arange(1.0, 13.0, dtype=np.float32).reshape(1, 3, 4)
    clip = np.stack([frame, frame + 100, frame + 200], axis=1)
    filters = Filters(np.array([-1, 0, 1], np.float32).reshape(1, 1, 3, 1, 1), np.zeros(1, np.float32))
    picture = Picture("numbers", frame, (4, 3), 12.0)
    parts = []
    for depth in range(3):
        work = Work(layer, frames=3, depth=depth)
        view.show_view(Subject(cut(layer, clip, filters, depth), work, picture, 0), SceneState(pin=Pin("filter", 0, 0)))
        settled(qtbot, view)
        assert f"(through output plane {depth} alone) = Σ" in view.sum_lines.line
        parts.append(float(view.sum_lines.total))
    weight = torch.from_numpy(filters.weight).requires_grad_()
    torch.nn.functional.conv3d(torch.from_numpy(clip), weight, padding=(1, 0, 0)).sum().backward()
    assert weight.grad is not None and sum(parts) == weight.grad[0, 0, 0].item() and parts[0] == 0
    view.show_view(course_subject(COURSE), SceneState(pin=Pin("filter", 1, 1)))
    assert "plane" not in view.sum_lines.line


def test_both_languages_write_every_line(qtbot: QtBot, view: BackwardView) -> None:
    view.show_view(course_subject(COURSE), SceneState())
    before = view.meaning.text()
    language.set_language("ko")
    assert view.sum_lines.total == "93" and view.meaning.text()
    language.set_language("en")
    assert view.meaning.text() == before
