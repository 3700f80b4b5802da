"""The convolution lab as its user meets it: sliders, maps, values, pictures, and everything back from one frozen state."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from math import prod
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QPushButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.cells.filters import FiltersError, Weights, filters_of
from engine.cells.planes import Studied, input_shape
from engine.layers.fitting import MOST_MAPS, fitted
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.networks.trace import trace
from gui.lab.base import Services
from gui.labs.convolution import lab as lab_module
from gui.labs.convolution.lab import SCENE_LATEST_MS, ConvolutionLab
from gui.labs.convolution.presets import names, preset
from gui.labs.convolution.state import ConvolutionState, OutputPlace, Pin, SceneState, fitted_scene, fitted_state
from gui.patience import Superseded
from gui.shell import language, theme
from gui.shell.state_file import from_text, to_text
from gui.shell.undo import UndoHistory
from gui.widgets.forms.axes_row import LinkedRows
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.maps.wall_places import Spot
from tests.gui.labs.convolution.lent_convolutions import lend_convolution
from tests.gui.layouts import lay_out
from tests.gui.lent_labs import Lender
from tests.gui.monkey import STEPS
from tests.patience import GIVE_UP_S

Page = Callable[[], ConvolutionLab]


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Page:
    """Makes labs as the window does: shown, torch there."""

    def make() -> ConvolutionLab:
        lab = ConvolutionLab(Services(runs_folder=tmp_path / "runs"))
        qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
        lab.resize(1200, 800)
        lab.show()
        return lab

    return make


@pytest.fixture
def lab(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> ConvolutionLab:
    return lend_convolution(qtbot, lender, tmp_path_factory.mktemp("lab"), QSize(1200, 800))


def own_lab(qtbot: QtBot, page: Page) -> ConvolutionLab:
    """For a test that changes how a lab computes, listens to it, or asks for what it has kept of the edits before."""
    made = page()
    made.torch_ready()
    settled(qtbot, made)
    return made


def settled(qtbot: QtBot, lab: ConvolutionLab) -> None:
    qtbot.waitUntil(lambda: lab.shown is not None and not lab.busy())


def expected_maps(lab: ConvolutionLab) -> torch.Tensor:
    """The maps of the lab's Conv2d as torch's own functional form computes them, in double precision."""
    shown = lab.shown
    assert shown is not None and shown.cut.filters is not None
    layer, picture = lab.state().layer, torch.from_numpy(shown.request.picture.values_CHW).double()[None]
    assert isinstance(layer, Conv2d)
    weight = torch.from_numpy(shown.cut.filters.weight).double()
    padding: Any = layer.padding
    return torch.nn.functional.conv2d(picture, weight, None, layer.stride, padding, layer.dilation, layer.groups)[0]


def number(lab: ConvolutionLab, name: str) -> NumberRow:
    """The row of a field of the layer that is shown; of one for each axis the first."""
    row = lab.panel.form().row(name)
    return row.rows[0] if isinstance(row, LinkedRows) else row  # type: ignore[return-value]


def slider(lab: ConvolutionLab, name: str) -> QAbstractSlider:
    return number(lab, name).slider


# --- sliders to numbers and maps


def test_numbers_are_there_before_torch(page: Page, qtbot: QtBot) -> None:
    lab = page()
    assert lab.answers.value("output") == "16 × 224 × 224"
    assert lab.answers.value("parameters") == "448"
    assert lab.answers.value("macs") == "21.7 M"  # 224 * 224 * 27 * 16 = 21,676,032
    assert lab.answers.value("memory") == "3.06 MiB"  # 16 * 224 * 224 * 4 bytes
    qtbot.mouseClick(lab.pages.choice.button("why"), Qt.MouseButton.LeftButton)
    assert lab.why.formulas.text("parameters") == ("(K_h×K_w×C_in + 1)×C_out", "= (3×3×3 + 1)×16", "= 448")
    qtbot.mouseClick(lab.pages.choice.button("maps"), Qt.MouseButton.LeftButton)
    assert lab.shown is None and not lab.busy()
    lay_out()
    places = [lab.wall_card.wall.place(number) for number in range(16)]
    lab.torch_ready()
    settled(qtbot, lab)
    assert [lab.wall_card.wall.place(number) for number in range(16)] == places
    qtbot.waitUntil(lambda: lab.answers.value("time").endswith(" ms"))


def test_dragging_a_slider_shows_the_maps_of_its_last_place(qtbot: QtBot, page: Page) -> None:
    lab = own_lab(qtbot, page)
    computed: list[int] = []
    entered, dragged = threading.Event(), threading.Event()
    inner = lab.maps.preview._compute

    def slow(request: Any) -> Any:
        computed.append(request.work.layer.stride)
        entered.set()
        dragged.wait(GIVE_UP_S)
        return inner(request)

    lab.maps.preview._compute = slow  # type: ignore[method-assign]
    slider(lab, "stride").setValue(2)
    assert entered.wait(GIVE_UP_S)
    for _ in range(10):
        for stride in (2, 3, 4, 5, 4, 3):
            slider(lab, "stride").setValue(stride)
    dragged.set()
    settled(qtbot, lab)
    assert lab.state().layer.stride == 3
    assert computed[0] == 2 and set(computed[1:]) == {3}  # of sixty places the one that was under way, and the last
    shown = lab.shown
    assert shown is not None and shown.request.work.layer == lab.state().layer
    assert shown.tiles.shape == (16, 75, 75)
    np.testing.assert_allclose(shown.tiles.low, expected_maps(lab).amin((1, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(shown.tiles.high, expected_maps(lab).amax((1, 2)), rtol=1e-4, atol=1e-5)
    qtbot.waitUntil(lambda: lab.answers.value("output") == "16 × 75 × 75")


def test_the_window_is_free_while_maps_are_computed(qtbot: QtBot, page: Page) -> None:
    lab = own_lab(qtbot, page)
    hold, entered = threading.Event(), threading.Event()
    inner = lab.maps.preview._compute

    def slow(request: Any) -> Any:
        entered.set()
        hold.wait(GIVE_UP_S)
        return inner(request)

    lab.maps.preview._compute = slow  # type: ignore[method-assign]
    slider(lab, "out_channels").setValue(64)
    assert entered.wait(GIVE_UP_S) and lab.maps.preview.busy()  # and here we are
    qtbot.waitUntil(lambda: lab.answers.value("output") == "64 × 224 × 224")
    hold.set()
    settled(qtbot, lab)
    assert lab.shown is not None and lab.shown.tiles.count == 64


def test_the_scene_follows_a_hand_that_never_rests(qtbot: QtBot, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where no pass is ever finished: each gives way to the next."""
    lab = own_lab(qtbot, page)
    now_s = [1000.0]  # a clock that only the hand moves on
    monkeypatch.setattr("gui.labs.convolution.lab.time", SimpleNamespace(monotonic=lambda: now_s[0]))

    def endless(request: Any) -> Any:
        while not lab.maps.preview.superseded():
            threading.Event().wait(0.001)
        raise Superseded

    lab.maps.preview._compute = endless  # type: ignore[method-assign]
    shown_s: list[float] = [now_s[0]]
    inner = lab.scene_card.show_scene
    lab.scene_card.show_scene = lambda *args: (shown_s.append(now_s[0]), inner(*args))[1]  # type: ignore[method-assign]
    for move in range(100):
        now_s[0] += 0.016
        slider(lab, "stride").setValue(2 + move % 3)
        QApplication.processEvents()
    gaps = [after - before for before, after in pairwise([*shown_s, now_s[0]])]
    assert max(gaps) <= 1e-3 * SCENE_LATEST_MS + 2 * 0.016


def test_the_value_under_the_cursor_is_the_maps(qtbot: QtBot, lab: ConvolutionLab) -> None:
    for state in (
        ConvolutionState(layer=Conv2d(out_channels=12, kernel_size=(5, 3), stride=2, padding=2, groups=3)),
        ConvolutionState(picture="digit", layer=Conv2d(out_channels=7, kernel_size=(4, 4), dilation=2), shared_range=True),
    ):
        lab.set_state(state)
        settled(qtbot, lab)
        maps = expected_maps(lab)
        count, height, width = maps.shape
        for number in (0, count - 1):
            place = lab.wall_card.wall.place(number)
            point = place.topLeft() + (place.bottomRight() - place.topLeft()) / 3
            qtbot.mouseMove(lab.wall_card.wall, point)
            row = (point.y() - place.top()) * height // place.height()
            column = (point.x() - place.left()) * width // place.width()
            value = f"{float(maps[number, row, column]):.4g}".replace("-", "−")
            assert lab.wall_card.wall.spot == Spot(number, row, column)
            assert lab.wall_card.wall.read_out.splitlines()[0] == f"Map {number} ({row}, {column}) = {value}"
        part = maps if state.shared_range else maps[count - 1]
        ends = tuple(f"{float(end):.3g}".replace("-", "−") for end in (part.min(), part.max()))
        assert lab.wall_card.legend.ends == ends


def test_a_linked_filter_stays_square(qtbot: QtBot, lab: ConvolutionLab) -> None:
    kernel = lab.panel.form().linked("kernel_size")
    kernel.rows[0].slider.setValue(5)
    assert lab.state().layer.kernel == (5, 5)
    kernel.link.click()
    kernel.rows[1].slider.setValue(2)
    assert lab.state().layer.kernel == (5, 2) and kernel.rows[0].value == 5
    assert lab.state().unlinked == ("kernel_size",)
    kernel.link.click()
    assert lab.state().layer.kernel == (5, 5) and lab.state().unlinked == ()


def test_the_same_seed_draws_the_same_filters(qtbot: QtBot, lab: ConvolutionLab) -> None:
    shown = lab.shown
    assert shown is not None
    first = shown.cut.filters.weight
    generator = torch.get_rng_state()
    lab.weights.regenerate.click()
    settled(qtbot, lab)
    assert lab.shown is not None and (lab.shown.cut.filters.weight != first).any()
    lab.weights.seed.box.setValue(7)
    settled(qtbot, lab)
    assert (lab.shown.cut.filters.weight == first).all()
    assert torch.equal(generator, torch.get_rng_state())


def test_groups_are_only_what_divides_the_channels(qtbot: QtBot, lab: ConvolutionLab) -> None:
    slider(lab, "groups").setValue(slider(lab, "groups").maximum())
    layer = lab.state().layer
    assert layer.groups == 3 and layer.out_channels == 15  # of 16, the nearest that three groups share
    number(lab, "out_channels").box.setValue(9)
    assert lab.state().layer.out_channels == 9 and lab.state().layer.groups == 3
    settled(qtbot, lab)
    assert lab.shown is not None
    np.testing.assert_allclose(lab.shown.tiles.low, expected_maps(lab).amin((1, 2)), rtol=1e-4, atol=1e-5)


def test_the_same_size_gives_way_when_the_stride_is_moved(qtbot: QtBot, lab: ConvolutionLab) -> None:
    slider(lab, "kernel_size").setValue(5)
    slider(lab, "stride").setValue(2)
    form = lab.panel.form()
    assert lab.state().layer.padding == 2 and form.padding_kind.current == "custom"
    slider(lab, "stride").setValue(1)
    qtbot.mouseClick(form.padding_kind.button("same"), Qt.MouseButton.LeftButton)
    assert lab.state().layer.padding == "same"
    qtbot.mouseClick(form.padding_kind.button("none"), Qt.MouseButton.LeftButton)
    assert lab.state().layer.padding == 0 and number(lab, "padding").value == 0
    qtbot.mouseClick(form.padding_kind.button("custom"), Qt.MouseButton.LeftButton)
    assert lab.state().layer.padding == 1 and form.padding_kind.current == "custom"


# --- the enlarged map


def test_a_map_is_enlarged_and_left(qtbot: QtBot, lab: ConvolutionLab) -> None:
    qtbot.mouseClick(lab.wall_card.wall, Qt.MouseButton.LeftButton, pos=lab.wall_card.wall.place(5).center())
    settled(qtbot, lab)
    assert lab.state().enlarged == 5
    shown = lab.shown
    assert shown is not None and shown.large is not None and shown.large.first == 5
    assert shown.large.tile == lab.wall_card.wall.plan().large
    assert shown.large.low[0] == pytest.approx(shown.tiles.low[5])
    qtbot.keyClick(lab.wall_card.wall, Qt.Key.Key_Right)
    assert lab.state().enlarged == 6
    slider(lab, "out_channels").setValue(4)
    assert lab.state().enlarged == 3
    qtbot.keyClick(lab.wall_card.wall, Qt.Key.Key_Escape)
    assert lab.state().enlarged is None
    settled(qtbot, lab)
    assert lab.shown is not None and lab.shown.large is None


# --- states


def test_a_state_is_everything(qtbot: QtBot, page: Page) -> None:
    lab = own_lab(qtbot, page)
    layer = Conv2d(
        out_channels=9, kernel_size=(7, 2), stride=2, padding=(3, 3), dilation=2, groups=3, padding_mode="reflect", bias=False
    )
    state = ConvolutionState(
        picture="flower",
        shift=(3, -4),
        layer=layer,
        unlinked=("kernel_size",),
        activation="LeakyReLU",
        flipped=True,
        weights=Weights(source="xavier", seed=99),
        shared_range=True,
        order="activity",
        enlarged=4,
    )
    changes: list[bool] = []
    lab.state_changed.connect(lambda: changes.append(True))
    lab.set_state(state)
    settled(qtbot, lab)
    assert changes
    kept = msgspec.convert(msgspec.to_builtins(lab.state()), ConvolutionState)
    other = page()
    other.set_state(kept)
    other.torch_ready()
    settled(qtbot, other)
    assert other.state() == lab.state() == msgspec.structs.replace(state, layer=fitted(layer, (3, 224, 224)))
    assert lab.shown is not None and other.shown is not None
    assert (lab.shown.tiles.pixels == other.shown.tiles.pixels).all()
    form = other.panel.form()
    assert form.row("padding_mode").value == "reflect" and other.weights.seed.value == 99
    assert other.wall_card.range_choice.current == "shared" and not form.row("bias").value
    assert other.panel.activation.value == "LeakyReLU" and other.scene_card.flip.isChecked()


KINDS: dict[Studied, str] = {
    Conv1d(out_channels=3, kernel_size=4, stride=2, padding=1): "conv1d",
    Conv3d(out_channels=2, kernel_size=(2, 3, 3), padding=(1, 1, 0)): "conv3d",
    ConvTranspose2d(out_channels=2, kernel_size=3, stride=2, padding=1, output_padding=1): "conv_transpose2d",
    MaxPool2d(kernel_size=3, stride=2, padding=1, ceil_mode=True): "max_pool2d",
    AvgPool2d(kernel_size=3, padding=1, count_include_pad=False): "avg_pool2d",
}


@pytest.mark.parametrize("layer", KINDS, ids=KINDS.get)
def test_the_maps_of_every_kind_are_torchs(qtbot: QtBot, lab: ConvolutionLab, layer: Any) -> None:
    """The whole way from the state to the wall and to the number beside the sum, against torch.nn.functional."""
    state = ConvolutionState(picture="stripes 3x19x23", layer=layer, activation="Tanh", row=5, frames=4, depth=1)
    lab.set_state(state)
    settled(qtbot, lab)
    shown = lab.shown
    assert shown is not None and lab.state().layer == layer
    picture = torch.from_numpy(lab.picture.values_CHW)
    if layer.AXES == 1:
        x = picture[:, 5]
    elif layer.AXES == 3:  # each frame is moved one column to the right
        x = torch.stack([picture.roll(frame, 2) for frame in range(4)], 1)
    else:
        x = picture
    compute = getattr(torch.nn.functional, KINDS[layer])
    options = {"stride": layer.stride, "padding": layer.padding}
    if shown.cut.filters is None:
        del options["stride"]
        expected = compute(x[None], layer.kernel_size, layer.stride, layer.padding, ceil_mode=layer.ceil_mode, **(
            {} if isinstance(layer, MaxPool2d) else {"count_include_pad": layer.count_include_pad}
        ))[0]  # fmt: skip
    else:
        weight = torch.from_numpy(filters_of(state.weights, layer, 3).weight)  # type: ignore[union-attr]
        if isinstance(layer, ConvTranspose2d):
            options["output_padding"] = layer.output_padding
        expected = compute(x[None], weight, None, **options)[0]
    maps = torch.tanh(expected[:, 1] if layer.AXES == 3 else expected).reshape(len(expected), -1)
    np.testing.assert_allclose(shown.tiles.low, maps.amin(1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(shown.tiles.high, maps.amax(1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(shown.tiles.mean, maps.mean(1), rtol=1e-3, atol=1e-5)
    lab.scene_card.write_arithmetic()
    assert lab.scene_card.arithmetic.verdict.startswith("agrees with torch")
    assert "Tanh(" in lab.scene_card.arithmetic.line


@pytest.mark.parametrize("name", names())
def test_every_preset_opens_as_it_is_and_its_sum_agrees(qtbot: QtBot, lab: ConvolutionLab, name: str) -> None:
    lab.set_state(preset(name))
    qtbot.waitUntil(lambda: not lab.busy() and lab.state().preset == name)
    found, wanted = lab.state(), preset(name)
    assert found == fitted_state(wanted, lab.picture.shape) and found.layer == wanted.layer
    settled(qtbot, lab)
    qtbot.waitUntil(lambda: not lab.scene_card.writing)
    lab.scene_card.write_arithmetic()
    assert lab.scene_card.arithmetic.verdict.startswith("agrees with torch"), lab.scene_card.arithmetic.verdict
    assert not lab.problem.isVisible()


# --- undo


def test_every_edit_can_be_undone_and_redone(qtbot: QtBot, lab: ConvolutionLab) -> None:
    first = lab.state()
    states = [first]
    steps: list[Callable[[], object]] = [
        lambda: slider(lab, "kernel_size").setValue(5),
        lambda: slider(lab, "stride").setValue(2),
        lambda: lab.panel.kind.chosen.emit("MaxPool2d"),
        lambda: lab.panel.activation.chosen.emit("ReLU"),
        lambda: lab.panel.kind.chosen.emit("Conv2d"),
        lambda: lab.scene_card.flip.click(),
        lambda: lab.scene_card.weight_typed.emit((0, 0), 2.5),
        lambda: lab.wall_card.range_choice.chosen.emit("shared"),
        lambda: lab.picker.load("digit"),
        lambda: lab.weights.regenerate.click(),
    ]
    for step in steps:
        step()
        qtbot.waitUntil(lambda: not lab.picker.busy())
        assert lab.state() != states[-1]
        states.append(lab.state())
    for state in reversed(states[:-1]):
        lab.undo()
        assert lab.state() == state
    assert not lab.can_undo
    for state in states[1:]:
        lab.redo()
        assert lab.state() == state
    assert not lab.can_redo


EDITS: dict[str, Callable[[ConvolutionLab], object]] = {
    "a slider": lambda lab: slider(lab, "stride").setValue(3),
    "a slider past its reach": lambda lab: lab.panel.form().changed.emit({"kernel_size": 900}),
    "a kind": lambda lab: lab.panel.kind.chosen.emit("Conv3d"),
    "the filters": lambda lab: lab.weights.regenerate.click(),
    "the library": lambda lab: lab.weights.library.chosen.emit("gabor"),
    "the wall": lambda lab: lab.wall_card.range_choice.chosen.emit("shared"),
    "a staircase": lambda lab: lab.why.edited.emit({"dilation": 2}),
    "a picture": lambda lab: lab.picker.load("digit"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_fitted_once_and_remembered_once(
    qtbot: QtBot, lab: ConvolutionLab, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    for owner, function in ((lab_module, "fitted_state"), (UndoHistory, "note"), (UndoHistory, "follow")):
        own = getattr(owner, function)
        monkeypatch.setattr(owner, function, lambda *args, _own=own, _name=function: calls.append(_name) or _own(*args))
    before = lab.state()
    EDITS[name](lab)
    qtbot.waitUntil(lambda: not lab.picker.busy())
    assert lab.state() != before and calls == ["fitted_state", "note"]
    lab.undo()
    assert lab.state() == before and not lab.can_undo


def test_an_edit_that_comes_to_nothing_is_no_step(lab: ConvolutionLab) -> None:
    slider(lab, "stride").setValue(3)
    lab.undo()
    before = lab.state()
    lab.panel.form().changed.emit({"stride": 0})  # fitted, it is 1 as before
    assert lab.state() == before and not lab.can_undo and lab.can_redo


def test_a_dragged_slider_is_one_step_and_a_moving_window_is_none(qtbot: QtBot, lab: ConvolutionLab) -> None:
    first = lab.state()
    for stride in (2, 3, 4, 5):
        slider(lab, "stride").setValue(stride)
    for _ in range(3):
        lab.scene_card.player.step.click()
    lab.undo()
    assert lab.state().layer == first.layer and not lab.can_undo


def test_a_play_is_a_step_of_its_own(qtbot: QtBot, lab: ConvolutionLab) -> None:
    """The edit before it stays when the play is undone."""
    lab.set_state(preset("worked-example"))
    qtbot.waitUntil(lambda: not lab.busy())
    first = lab.state()
    slider(lab, "stride").setValue(2)
    player = lab.scene_card.player
    player.scrub.setValue(3)
    edited = lab.state()
    qtbot.waitUntil(lambda: not lab.busy())
    player.play.click()
    qtbot.waitUntil(lambda: not player.playing)
    played = lab.state()
    assert played.scene.cell != edited.scene.cell and played.layer == edited.layer
    lab.undo()
    assert lab.state() == edited
    lab.redo()
    assert lab.state() == played
    lab.undo()
    lab.undo()
    assert lab.state().layer == first.layer and not lab.can_undo


def test_a_weight_is_set_by_hand(qtbot: QtBot, lab: ConvolutionLab) -> None:
    """Typed into the filter's grid, of a flipped filter too: the maps are those of the changed weight."""
    for flipped, place in ((False, (3, 1, 0, 2)), (True, (3, 1, 2, 0))):
        state = ConvolutionState(
            picture="stripes 3x9x9",
            layer=Conv2d(out_channels=4, kernel_size=(3, 3), padding=1),
            flipped=flipped,
            chosen=3,
            scene=SceneState(source=1),
        )
        lab.set_state(state)
        settled(qtbot, lab)
        grid = lab.scene_card.scene.grids["filter"]
        grid.setFocus()
        qtbot.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=grid.place((0, 2)).center())
        assert grid.editing is not None and grid.editing.editor is not None
        grid.editing.editor.selectAll()
        qtbot.keyClicks(grid.editing.editor, "4.5")
        qtbot.keyClick(grid.editing.editor, Qt.Key.Key_Return)
        assert [(edit.place, edit.value) for edit in lab.state().weights.edits] == [(place, 4.5)]
        settled(qtbot, lab)
        sheet = grid.sheet
        assert sheet is not None and sheet.value((0, 2)) == 4.5
        lab.scene_card.write_arithmetic()
        assert lab.scene_card.arithmetic.verdict.startswith("agrees with torch")


def test_a_state_that_cannot_be_is_brought_inside(lab: ConvolutionLab) -> None:
    wild = Conv2d(in_channels=64, out_channels=4000, kernel_size=900, stride=70, padding=500, dilation=90, groups=64)
    lab.set_state(ConvolutionState(picture="digit", layer=wild, enlarged=200))
    state = lab.state()
    assert trace([state.layer], (1, 28, 28)).problem is None
    assert state.layer.out_channels == MOST_MAPS and state.layer.groups == 1 and state.enlarged == 200


@pytest.mark.timeout(180)
def test_a_monkey_at_the_controls_never_reaches_a_refused_layer(qtbot: QtBot, page: Page) -> None:
    """Every control of the page, over every kind of layer; the engine's own monkey makes 5,000 edits."""
    lab = own_lab(qtbot, page)
    chance = random.Random(5)
    failures: list[Exception] = []
    lab.maps.preview.failed.connect(failures.append)
    seen, kinds = set(), set()

    def controls() -> list[QWidget]:
        kinds_of = (QAbstractSlider, QAbstractSpinBox, QAbstractButton, QComboBox)
        found = [each for kind in kinds_of for each in lab.findChildren(kind) if each.isVisible() and each.isEnabled()]
        left = (lab.picker.open_button, lab.picker.paste_button, lab.picker.draw_button, lab.weights.browse)  # open dialogs
        opens = (lab.scene_card.arithmetic.all_terms, lab.panel.presets, lab.wall_card.more)
        return [each for each in found if each not in left and each not in opens and not isinstance(each, QScrollBar)]

    for number in range(STEPS):
        if number % 20 == 0:
            lab.set_state(preset(chance.choice(names())))
        control: Any = chance.choice(controls())
        if isinstance(control, QAbstractSlider):
            control.setValue(chance.randint(control.minimum(), control.maximum()))
        elif isinstance(control, QAbstractSpinBox):
            control.setValue(chance.randint(int(control.minimum()), int(min(control.maximum(), 20))))  # type: ignore[attr-defined]
        elif isinstance(control, QComboBox):
            if control.count():
                control.setCurrentIndex(chance.randrange(control.count()))
                control.activated.emit(control.currentIndex())
        else:
            control.click()
        if chance.random() < 0.1:
            chance.choice([lab.undo, lab.redo])()
        if number % 10 == 0:
            QApplication.processEvents()
        state = lab.state()
        if lab.picker.busy():
            continue
        seen.add(state)
        kinds.add(type(state.layer))
        found = trace([state.layer], input_shape(state.layer, lab.picture.shape, state.frames))
        assert found.problem is None and prod(found.output) > 0
        assert fitted_state(state, lab.picture.shape) == state
        assert not lab.problem.isVisible()
    settled(qtbot, lab)
    assert len(seen) > STEPS // 3 and len(kinds) >= 5 and not failures
    assert lab.shown is not None and lab.shown.request.work.layer == lab.state().layer


def test_a_scene_that_cannot_be_is_brought_inside_for_every_kind() -> None:
    wild = SceneState(cell=OutputPlace(4000, -9), around=OutputPlace(-1, 77), pin=Pin("output", 3, 0), source=99)
    for layer in KINDS:
        found = fitted_scene(wild, layer, (3, 9, 9) if layer.AXES == 2 else (3, 4, 9, 9) if layer.AXES == 3 else (3, 9))
        assert found.cell is not None and found.cell.column == 0 and found.source < 6


def test_what_was_wrong_with_a_state_before_is_not_said_of_this_one(qtbot: QtBot, page: Page) -> None:
    lab = own_lab(qtbot, page)
    hold, held, entered = threading.Event(), threading.Event(), threading.Event()
    inner = lab.maps.preview._compute

    def slow(request: Any) -> Any:
        if request.work.weights.source == "run":
            entered.set()
            raise FiltersError("run_missing", folder="gone")
        held.set()
        hold.wait(GIVE_UP_S)
        return inner(request)

    lab.maps.preview._compute = slow  # type: ignore[method-assign]
    lab.set_state(ConvolutionState(weights=Weights(source="run", run="gone")))
    assert entered.wait(GIVE_UP_S)
    lab.set_state(ConvolutionState(weights=Weights(seed=3)))
    qtbot.waitUntil(held.is_set)  # the thread has told of the run and goes on
    lay_out()
    assert not lab.problem.isVisible()
    hold.set()
    settled(qtbot, lab)
    lab.set_state(ConvolutionState(weights=Weights(source="run", run="gone")))
    qtbot.waitUntil(lab.problem.isVisible)


# --- the keyboard


def stops(lab: ConvolutionLab) -> list[QWidget]:
    """Where Tab goes from the presets on, once around."""
    found: list[QWidget] = []
    lab.panel.presets.setFocus(Qt.FocusReason.TabFocusReason)
    while (now := lab.window().focusWidget()) not in found:
        assert now is not None
        found.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    return found


@pytest.mark.parametrize("view", ["window", "im2col", "backward"])
@pytest.mark.parametrize("below", ["maps", "why", "tensor"])
def test_tab_goes_everywhere_in_order_and_is_seen(qtbot: QtBot, lab: ConvolutionLab, view: Any, below: Any) -> None:
    layer = Conv2d(out_channels=4, kernel_size=3, padding=1)
    lab.set_state(ConvolutionState(picture="digit", layer=layer, scene=SceneState(view=view, page=below)))
    settled(qtbot, lab)
    lab.activateWindow()
    found = stops(lab)
    policy = Qt.FocusPolicy.TabFocus
    for each in lab.findChildren(QWidget):
        if not each.isVisible() or not each.isEnabled() or each.focusPolicy() & policy != policy or each.focusProxy():
            continue
        group = each.group() if isinstance(each, QAbstractButton) else None
        assert each in found or (group is not None and any(button in found for button in group.buttons())), each
        assert each.accessibleName() or (isinstance(each, QAbstractButton) and each.text()), each
    part = [lab.panel.kind, lab.panel.form(), lab.panel.activation, lab.weights, lab.picker]
    part += [lab.scene_card.views, lab.scene_card._stack, lab.pages.choice]
    places = [next(index for index, stop in enumerate(found) if each.isAncestorOf(stop)) for each in part]
    assert places == sorted(places)
    assert lab.pages.choice.isAncestorOf(found[places[-1]]) and not lab.panel.isAncestorOf(found[-1])
    for each in found[:]:
        each.setFocus(Qt.FocusReason.TabFocusReason)
        with_focus = each.grab().toImage()
        each.clearFocus()
        assert each.grab().toImage() != with_focus, f"the focus is not seen on {each}"


def test_a_number_half_typed_goes_when_another_kind_comes(qtbot: QtBot, lab: ConvolutionLab) -> None:
    lab.activateWindow()
    box = number(lab, "groups").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "3")
    lab.set_state(ConvolutionState(layer=AvgPool2d(kernel_size=2)))
    settled(qtbot, lab)
    assert lab.state().layer == AvgPool2d(kernel_size=2)


# --- pictures


def test_a_dropped_picture_goes_through_the_layer(qtbot: QtBot, lab: ConvolutionLab, tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    image = QImage(50, 40, QImage.Format.Format_Grayscale8)
    image.fill(100)
    image.save(str(tmp_path / "grey.png"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "grey.png"))])
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    lab.set_state(ConvolutionState(layer=Conv2d(out_channels=6, kernel_size=3, groups=3)))
    lab.dropEvent(event)
    qtbot.waitUntil(lambda: lab.state().picture == str(tmp_path / "grey.png"))
    settled(qtbot, lab)
    assert lab.state().layer.groups == 1  # one channel has one group
    assert lab.shown is not None and lab.shown.tiles.shape == (6, 38, 48)


def test_a_file_with_a_setting_is_left_to_the_window(lab: ConvolutionLab, tmp_path: Path) -> None:
    for name, taken in (("photo.png", True), ("setting.TOML", False)):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        event = QDragEnterEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        event.ignore()
        lab.dragEnterEvent(event)
        assert event.isAccepted() == taken, name


def test_a_remembered_picture_that_is_gone_is_said_and_the_rest_is_kept(
    qtbot: QtBot, lab: ConvolutionLab, tmp_path: Path
) -> None:
    gone = ConvolutionState(picture=str(tmp_path / "gone.png"), weights=Weights(seed=55))
    lab.set_state(gone)
    assert lab.state() == gone  # until it is known that the file is gone
    qtbot.waitUntil(lambda: lab.state().picture == "china")
    assert lab.state().weights.seed == 55 and "gone.png" in lab.picker.warning


def test_a_remembered_picture_comes_back(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    from gui.widgets.pictures.picture_files import image_of, sample

    image_of(sample("flower")).save(str(tmp_path / "own.png"))
    state = ConvolutionState(picture=str(tmp_path / "own.png"), weights=Weights(seed=3))
    lab = page()
    lab.set_state(state)
    lab.torch_ready()
    qtbot.waitUntil(lambda: not lab.busy() and lab.shown is not None and lab.shown.request.work.weights.seed == 3)
    assert lab.state() == state
    assert lab.shown is not None
    np.testing.assert_array_equal(lab.shown.request.picture.values_CHW, sample("flower").values_CHW)


# --- the page


def test_nothing_is_computed_for_a_hidden_page(qtbot: QtBot, lab: ConvolutionLab) -> None:
    qtbot.waitUntil(lambda: not lab.maps.preview.busy())  # with another pass over what was shown, for its time
    lab.hide()
    lab.set_state(ConvolutionState(weights=Weights(seed=8)))
    assert not lab.maps.preview.busy()
    lab.show()
    settled(qtbot, lab)
    assert lab.shown is not None and lab.shown.request.work.weights.seed == 8


def test_everything_fits_in_the_smallest_window(qtbot: QtBot, lab: ConvolutionLab) -> None:
    lab.resize(840, 526)  # what a window of 1024 x 700 leaves for the page
    for chosen in ("ko", "en"):
        language.set_language(chosen)
        for colours in ("dark", "light"):
            theme.apply(colours)
            layer = Conv2d(out_channels=64, kernel_size=(5, 5), padding=2)
            lab.set_state(ConvolutionState(layer=layer, scene=SceneState(page="maps")))
            settled(qtbot, lab)
            QApplication.processEvents()
            assert lab.minimumSizeHint().width() <= 840 and lab.minimumSizeHint().height() <= 526
            assert lab.wall_card.wall.height() > 150 and lab.wall_card.wall.plan().tile[0] >= 20


@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_nothing_in_the_column_moves_while_a_slider_is_dragged(
    qtbot: QtBot, lab: ConvolutionLab, tongue: language.Language
) -> None:
    language.set_language(tongue)
    panel = lab.panel

    def places() -> list[int]:
        lay_out()
        form = panel.form()
        parts = (form.row("bias"), form.padding_kind, lab.weights.seed, panel.picker)
        return [part.mapTo(lab, part.rect().topLeft()).y() for part in parts]

    before = places()
    for row, values in ((number(lab, "out_channels"), (15, 14, 64, 1, 16)), (number(lab, "stride"), (2, 1))):
        for value in values:
            row.box.setValue(value)
            assert places() == before, f"{row.box.accessibleName()}: {value}"


@pytest.mark.parametrize("height", [600, 900])
def test_a_refusal_is_in_sight(qtbot: QtBot, lab: ConvolutionLab, tmp_path: Path, height: int) -> None:
    lab.resize(840, height)
    file = tmp_path / "notes.png"
    file.write_text("no picture")
    lab.picker.load(str(file))
    qtbot.waitUntil(lambda: bool(lab.picker.warning))
    reason = lab.picker.reason
    qtbot.waitUntil(lambda: reason.visibleRegion().boundingRect() == reason.rect())


def test_the_keyboard_reaches_every_control_and_each_has_a_name(lab: ConvolutionLab) -> None:
    controls = [
        control
        for kind in (QAbstractSlider, QAbstractSpinBox, QPushButton)
        for control in lab.findChildren(kind)
        if control.isVisibleTo(lab) and control.objectName() != "qt_scrollarea_hcontainer"
    ]
    assert len(controls) > 20
    for control in [*controls, lab.wall_card.wall]:
        if type(control).__name__ == "QScrollBar":
            continue
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
        assert control.accessibleName() or (isinstance(control, QPushButton) and control.text()), control


NO_TORCH = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from gui.lab.base import Services
from gui.labs.convolution import lab as lab_module
from gui.labs.convolution.lab import ConvolutionLab
lab = ConvolutionLab(Services(runs_folder=Path(sys.argv[1])))
lab.resize(1000, 700)
lab.show()
lab.panel.form().linked("kernel_size").rows[0].slider.setValue(5)
lab.picker.load("digit")
lab.grab()
late = [name for name in ("torch", "sklearn") if name in sys.modules]
assert not late and lab.answers.value("output") == "16 × 28 × 28", (late, lab.answers.value("output"))
lab.close_lab(1.0)
"""


def test_the_page_is_drawn_and_edited_without_torch(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_TORCH, str(tmp_path)], capture_output=True, text=True, encoding="utf-8", timeout=GIVE_UP_S
    )
    assert done.returncode == 0, done.stderr


def test_what_a_pooling_layer_does_not_have_comes_back_with_the_convolution(page: Page, qtbot: QtBot) -> None:
    lab = own_lab(qtbot, page)
    layer = Conv2d(out_channels=12, kernel_size=(3, 3), stride=2, padding=1, bias=False)
    lab._edited(msgspec.structs.replace(lab.state(), layer=layer, weights=Weights()))
    assert lab.state().layer == layer
    lab.panel.kind.chosen.emit("MaxPool2d")
    assert isinstance(lab.state().layer, MaxPool2d)
    lab.panel.kind.chosen.emit("AvgPool2d")
    lab.panel.kind.chosen.emit("Conv2d")
    assert lab.state().layer == layer
    lab.panel.kind.chosen.emit("MaxPool1d")
    lab.panel.kind.chosen.emit("ConvTranspose2d")
    found = lab.state().layer
    assert isinstance(found, ConvTranspose2d) and (found.out_channels, found.bias) == (12, False)


def test_a_picture_of_another_size_is_looked_at_in_its_middle(lab: ConvolutionLab, qtbot: QtBot) -> None:
    lab.picker.load("ramp 1x9x9")
    lab._scene_edited(msgspec.structs.replace(lab.state().scene, cell=OutputPlace(1, 2), around=OutputPlace(1, 2)))
    lab.picker.load("impulse 1x9x9")
    assert lab.state().scene.cell == OutputPlace(1, 2), "the same size: what it was compared at"
    lab.picker.load("numbers 1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1")
    state = lab.state()
    assert state.scene.cell is None and state.scene.around is None and state.scene.pin is None
    assert lab.picture.values_CHW.tolist()[0][3] == [2, 3, 0, 1]
    lab.undo()
    qtbot.waitUntil(lambda: not lab.busy() and lab.state().picture == "china")
    lab.redo()
    qtbot.waitUntil(lambda: lab.state() == state and lab.picture.shape == (1, 4, 4))
    made = from_text(to_text("convolution", state), "convolution", ConvolutionState)
    assert made.picture == state.picture
