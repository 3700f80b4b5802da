"""The panel shows what it is given and reaches only what can be; a lab that does nothing but take its edits stands in for the
real one."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.cells.own_numbers import is_numbers, numbers
from engine.cells.planes import input_shape
from engine.layers.base import Shape
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.passes.modules import build_layer
from engine.pictures import is_pattern, pattern
from gui.labs.convolution.kind_choice import STUDIED_KINDS
from gui.labs.convolution.layer_panel import LayerPanel
from gui.labs.convolution.presets import names, preset
from gui.labs.convolution.state import ConvolutionState, fitted_state
from gui.shell.language import set_language
from gui.widgets.forms.axes_row import LinkedRows
from gui.widgets.forms.controls import ChoiceRow, ToggleRow
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.pictures.picture_files import sample
from gui.widgets.pictures.picture_picker import PicturePicker

EDITS = 600


def shape_of(key: str) -> Shape:
    """Of a sample, a pattern or numbers of one's own."""
    if is_numbers(key):
        return numbers(key).shape
    return pattern(key).shape if is_pattern(key) else sample(key).shape


class Taker:
    """Takes every edit, as the lab does."""

    def __init__(self, panel: LayerPanel) -> None:
        self.panel = panel
        self.states: list[ConvolutionState] = []
        self.picture: Shape = (3, 224, 224)
        panel.state_edited.connect(self.take)

    def take(self, state: ConvolutionState, moved: Collection[str] = ()) -> None:
        self.show(state, self.picture if state.picture == self.state.picture else shape_of(state.picture), moved)

    def show(self, state: ConvolutionState, picture: Shape, moved: Collection[str] = ()) -> None:
        self.picture = picture
        self.states.append(fitted_state(state, picture, moved))
        self.panel.show_state(self.states[-1], picture)

    @property
    def state(self) -> ConvolutionState:
        return self.states[-1]


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> Iterator[Taker]:
    picker = PicturePicker(tmp_path)
    panel = LayerPanel(picker, QWidget())
    qtbot.addWidget(panel)
    taker = Taker(panel)
    taker.show(ConvolutionState(), (3, 224, 224))
    panel.resize(panel.width(), 860)
    panel.show()
    yield taker
    assert picker.close_reader(2.0)


def slide(row: NumberRow, value: int) -> None:
    row.slider.setValue(value)


def test_showing_a_state_emits_nothing(qtbot: QtBot, lab: Taker) -> None:
    with qtbot.assertNotEmitted(lab.panel.state_edited):
        for name in names():
            lab.show(preset(name), shape_of(preset(name).picture))


@pytest.mark.parametrize("name", STUDIED_KINDS)
def test_a_kind_has_the_rows_that_its_declaration_has(lab: Taker, name: str) -> None:
    form = lab.panel.form(name)
    declared = set(STUDIED_KINDS[name].__struct_fields__) - {"in_channels", "padding_after"}
    assert {field for field in declared if form.row(field)} == declared
    with pytest.raises(KeyError):
        form.row("in_channels")


def test_kinds_are_chosen_at_the_top(qtbot: QtBot, lab: Taker) -> None:
    kind = lab.panel.kind
    kind.family.button("Pool").click()
    assert type(lab.state.layer) is MaxPool2d and lab.state.layer.kernel_size == (3, 3)
    assert lab.panel.title == "MaxPool2d" and kind.pooling.isVisible()
    assert not kind.dimensions.button("3d").isEnabled()
    kind.dimensions.button("1d").click()
    assert type(lab.state.layer) is MaxPool1d
    kind.family.button("Conv").click()
    assert type(lab.state.layer) is Conv1d and not kind.pooling.isVisible()
    kind.family.button("ConvTranspose").click()
    assert type(lab.state.layer) is ConvTranspose2d and kind.dimensions.current == "2d"
    assert [kind.dimensions.button(each).isEnabled() for each in ("1d", "2d", "3d")] == [False, True, False]
    kind.family.button("Conv").click()
    kind.dimensions.button("3d").click()
    assert type(lab.state.layer) is Conv3d
    kind.family.button("Pool").click()
    kind.pooling.button("AvgPool").click()
    assert type(lab.state.layer) is AvgPool2d
    kind.family.button("Conv").click()
    kind.family.button("Pool").click()
    assert type(lab.state.layer) is AvgPool2d  # the one that was chosen last


def test_numbers_move_together_until_their_chain_is_opened(lab: Taker) -> None:
    rows = lab.panel.form().linked("kernel_size")
    assert rows.linked and [row.isVisible() for row in rows.rows] == [True, False]
    slide(rows.rows[0], 5)
    assert lab.state.layer.kernel == (5, 5)  # type: ignore[union-attr]
    rows.link.click()
    assert lab.state.unlinked == ("kernel_size",) and all(row.isVisible() for row in rows.rows)
    slide(rows.rows[1], 9)
    assert lab.state.layer.kernel_size == (5, 9)
    rows.link.click()
    assert lab.state.unlinked == () and lab.state.layer.kernel_size == 5
    assert len(lab.states) == 5  # linking and making equal is one edit


def test_numbers_that_differ_are_shown_apart_and_do_not_come_together_under_the_hand(lab: Taker) -> None:
    lab.show(ConvolutionState(layer=Conv2d(out_channels=4, kernel_size=3, stride=(1, 2))), lab.picture)
    rows = lab.panel.form().linked("stride")
    assert not rows.linked and rows.value == (1, 2)
    slide(rows.rows[1], 1)
    assert lab.state.layer.stride == 1 and not rows.linked


def test_each_side_of_the_padding(lab: Taker) -> None:
    form = lab.panel.form()
    sides = form.linked("padding")
    assert form.padding_kind.current == "same" and sides.value == (1, 1, 1, 1)
    slide(sides.rows[0], 2)
    assert lab.state.layer.padding == 2 and form.padding_kind.current == "custom"
    sides.link.click()
    slide(sides.rows[3], 5)
    layer = lab.state.layer
    assert isinstance(layer, Conv2d)
    assert (layer.padding, layer.padding_after) == (2, (2, 5))
    assert layer.output_shape((3, 224, 224)) == (16, 226, 229)
    form.padding_kind.button("none").click()
    assert lab.state.layer.padding == 0 and sides.value == (0, 0, 0, 0)
    form.padding_kind.button("custom").click()
    assert lab.state.layer.padding == 1
    form.padding_kind.button("same").click()
    assert lab.state.layer.padding == "same"


def test_same_is_for_stride_1_and_even_filters_need_one_cell_more_after(lab: Taker) -> None:
    form = lab.panel.form()
    slide(form.linked("kernel_size").rows[0], 4)
    assert lab.state.layer.padding == "same"
    assert form.padding_note.text() == "Top 1 · Bottom 2 · Left 1 · Right 2"
    form.padding_kind.button("custom").click()
    layer = lab.state.layer
    assert isinstance(layer, Conv2d) and (layer.padding, layer.padding_after) == (1, 2)
    form.padding_kind.button("same").click()
    slide(form.linked("stride").rows[0], 2)
    assert lab.state.layer.padding != "same" and not form.padding_kind.button("same").isEnabled()


def test_the_stride_of_a_pooling_follows_its_window_until_it_is_moved(lab: Taker) -> None:
    lab.show(ConvolutionState(layer=MaxPool2d(kernel_size=2)), lab.picture)
    form = lab.panel.form()
    assert form.follow.value and form.linked("stride").value == (2, 2)
    slide(form.linked("kernel_size").rows[0], 3)
    assert lab.state.layer.stride is None and form.linked("stride").value == (3, 3)
    slide(form.linked("stride").rows[0], 1)
    assert lab.state.layer.stride == 1 and not form.follow.value
    form.follow.click()
    assert lab.state.layer.stride is None


def test_groups_offer_divisors_only(lab: Taker) -> None:
    lab.show(ConvolutionState(layer=Conv2d(out_channels=12, kernel_size=3)), (12, 8, 8))
    groups = lab.panel.form().number("groups")
    seen = set()
    for position in range(groups.slider.minimum(), groups.slider.maximum() + 1):
        groups.slider.setValue(position)
        groups.box.stepBy(1)
        groups.box.stepBy(-1)
        seen.add(groups.value)
    assert seen <= {1, 2, 3, 4, 6, 12} and len(seen) > 1


def test_arrow_keys_walk_over_numbers_that_cannot_be(qtbot: QtBot, lab: Taker) -> None:
    lab.show(ConvolutionState(layer=Conv2d(out_channels=6, kernel_size=3, groups=3)), (3, 8, 8))
    box = lab.panel.form().number("out_channels").box
    walked = []
    for _ in range(3):
        box.stepBy(1)
        walked.append(box.value())
    box.stepBy(-1)
    assert [*walked, box.value()] == [9, 12, 15, 12]


def test_the_rows_below_the_picture_are_those_of_the_kind(lab: Taker) -> None:
    panel = lab.panel
    assert [row.isVisible() for row in (*panel.shift, panel.row, panel.frames, panel.plane)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    panel.kind.dimensions.button("1d").click()
    assert [row.isVisible() for row in (*panel.shift, panel.row, panel.frames, panel.plane)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    slide(panel.row, 7)
    assert lab.state.row == 7
    panel.kind.dimensions.button("3d").click()
    assert panel.frames.isVisible() and panel.plane.isVisible()
    slide(panel.frames, 9)
    slide(panel.plane, 8)
    assert (lab.state.frames, lab.state.depth) == (9, 8)
    slide(panel.frames, 2)
    assert lab.state.depth == panel.plane.value == 1
    slide(panel.shift[1], -3)
    assert lab.state.shift == (0, -3)


def test_a_preset_opens_with_its_note_and_can_be_gone_back_to(qtbot: QtBot, lab: Taker) -> None:
    panel = lab.panel
    panel.presets_menu.aboutToShow.emit()
    actions = {action.data(): action for menu in panel.presets_menu.actions() for action in menu.menu().actions()}  # type: ignore[attr-defined]
    assert tuple(actions) == names()
    actions["does-not-fit"].trigger()
    assert lab.state == preset("does-not-fit")
    assert panel.note.isVisible() and not panel.note.restore_button.isVisible()
    QApplication.processEvents()
    place = panel.form().linked("stride").mapTo(panel, QPoint(0, 0))
    slide(panel.form().linked("stride").rows[0], 2)
    QApplication.processEvents()
    assert panel.note.isVisible() and panel.note.restore_button.isVisible()
    assert panel.form().linked("stride").mapTo(panel, QPoint(0, 0)) == place  # nothing has moved under the hand
    panel.note.restore_button.click()
    assert lab.state == preset("does-not-fit")
    panel.kind.dimensions.button("1d").click()
    assert not panel.note.isVisible() and lab.state.preset == ""
    actions["clip"].trigger()
    panel.note.close_button.click()
    assert not panel.note.isVisible() and lab.state.preset == ""
    assert lab.state.layer == preset("clip").layer


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_is_wider_than_the_column(lab: Taker, language: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    everything = ("kernel_size", "stride", "padding", "dilation", "output_padding")
    for name in names():
        lab.take(preset(name))
        lab.show(msgspec.structs.replace(lab.state, unlinked=everything), lab.picture)
        QApplication.processEvents()
        page = lab.panel._page
        assert page.minimumSizeHint().width() <= page.width() == lab.panel._scroll.viewport().width()
        for part in (lab.panel.form(), lab.panel.kind):
            assert part.mapTo(page, QPoint(part.width(), 0)).x() <= page.width()
        assert lab.panel.note.geometry().right() < lab.panel.width()


def test_it_can_be_walked_through_with_the_keyboard(qtbot: QtBot, lab: Taker) -> None:
    lab.panel.activateWindow()
    lab.panel.presets.setFocus()
    reached = set()
    for _ in range(80):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    form = lab.panel.form()
    for control in (form.linked("kernel_size").link, form.linked("kernel_size").rows[0].slider, form.number("groups").box):
        assert control in reached
        assert control.accessibleName()


def test_random_edits_never_lead_to_what_cannot_be(lab: Taker) -> None:
    """Sliders, boxes, switches and chains of every kind, on pictures small and large: no exception, and torch agrees."""
    chance = random.Random(3)
    pictures = [(1, 1, 5), (3, 224, 224), (1, 28, 28), (192, 5, 5), (4, 512, 512), (1, 1, 1)]
    for _ in range(EDITS):
        if chance.random() < 0.05:
            lab.show(lab.state, chance.choice(pictures))
        if chance.random() < 0.1:
            kind = lab.panel.kind
            choice = chance.choice([kind.family, kind.dimensions, kind.pooling])
            button = chance.choice([choice.button(key) for key in choice._buttons])
            if button.isEnabled() and button.isVisibleTo(lab.panel):
                button.click()
        move_something(lab, chance)
        layer, shape = lab.state.layer, input_shape(lab.state.layer, lab.picture, lab.state.frames)
        expected = layer.output_shape(shape)
        if chance.random() < 0.1:
            module = build_layer(layer, shape).to("meta")
            assert tuple(module(torch.empty((1, *shape), device="meta")).shape[1:]) == expected
    assert len({type(state.layer) for state in lab.states}) == len(STUDIED_KINDS)


def move_something(lab: Taker, chance: random.Random) -> None:
    form = lab.panel.form()
    names = [name for name in form.kind.__struct_fields__ if name not in ("in_channels", "padding_after")]
    row = form.row(chance.choice(names))
    if isinstance(row, LinkedRows):
        if chance.random() < 0.2 and len(row.rows) > 1:
            row.link.click()
            return
        row = chance.choice([each for each in row.rows if each.isVisibleTo(lab.panel)])
    if isinstance(row, NumberRow):
        box = row.box
        value = chance.randint(int(box.minimum()), int(box.maximum()))
        box.setValue(value)
        if row._allowed is None:
            assert row.value == value
    elif isinstance(row, ToggleRow):
        row.click()
    elif isinstance(row, ChoiceRow):
        row.box.setCurrentIndex(chance.randrange(row.box.count()))
        row.box.activated.emit(0)
    if chance.random() < 0.1:
        button = form.padding_kind.button(chance.choice(["none", "same", "custom"]))
        if button.isEnabled():
            button.click()
