"""The chosen layer's card: a composite drawn and edited, a layer that breaks or is off shown as it is, formulas that fit."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from engine.layers.catalog import KINDS, AnyLayer, Concat, Residual, Sequential, fresh
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNorm2d
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, MaxPool2d, MaxPool3d
from engine.layers.kinds.recurrent import LSTM
from engine.networks.edits import at
from gui.labs.network.lab import NetworkLab
from gui.labs.network.layer.layer_card import LayerCard, card_width
from gui.labs.network.layer.order_form import OrderForm
from gui.labs.network.state import NetworkState
from gui.shell import language
from gui.shell.language import Language
from gui.widgets.forms.form import Form
from gui.widgets.forms.kind_form import KindForm
from tests.gui.labs.network.network_labs import network_lab, open_network_lab
from tests.gui.layouts import lay_out
from tests.gui.lent_labs import Lender

LENET = (
    Conv2d(out_channels=6, kernel_size=5, padding=2),
    MaxPool2d(kernel_size=2),
    Conv2d(out_channels=16, kernel_size=20),
    MaxPool2d(kernel_size=2),
    Flatten(),
    Linear(out_features=10),
)
BROKEN = NetworkState(name="LeNet", input=(1, 28, 28), layers=LENET, chosen=(2,))
BLOCK = NetworkState(
    input=(64, 56, 56),
    layers=(
        Residual(
            main=(
                Conv2d(out_channels=128, kernel_size=3, stride=2, padding=1, bias=False),
                BatchNorm2d(),
                Conv2d(out_channels=128, kernel_size=3, padding=1, bias=False),
            ),
            shortcut=(Conv2d(out_channels=128, kernel_size=1, stride=2, bias=False),),
        ),
    ),
    chosen=(0,),
)
INCEPTION = NetworkState(
    input=(192, 28, 28),
    layers=(
        Concat(
            branches=(
                (Conv2d(out_channels=64, kernel_size=1),),
                (Conv2d(out_channels=96, kernel_size=1), Conv2d(out_channels=128, kernel_size=3, padding=1)),
                (Conv2d(out_channels=32, kernel_size=5, padding=2),),
                (MaxPool2d(kernel_size=3, stride=1, padding=1), Conv2d(out_channels=32, kernel_size=1)),
            )
        ),
    ),
    chosen=(0,),
)


@pytest.fixture
def lab(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> NetworkLab:
    return lender.lend(qtbot, "network", lambda: open_network_lab(tmp_path_factory.mktemp("lab")))


def show(lab: NetworkLab, state: NetworkState) -> LayerCard:
    lab.set_state(state)
    lab.forget_history()
    return lab.layer_card


def sliding(card: LayerCard) -> KindForm:
    assert isinstance(card.form, KindForm)
    return card.form


# --- what breaks


def test_a_layer_that_breaks_keeps_its_form_and_says_why(qtbot: QtBot, lab: NetworkLab) -> None:
    card = show(lab, BROKEN)
    form = sliding(card)
    assert form.linked("kernel_size").linked and form.linked("kernel_size").rows[0].box.value() == 20
    assert form.linked("kernel_size").property("wrong") is True and not form.linked("stride").property("wrong")
    assert card.notice.text.text() == "The filter, 20×20, is larger than its input, 14×14."
    assert card.notice.button.text() == "Set filter size to 7" and lab.state() == BROKEN  # showing is not editing
    qtbot.mouseClick(card.notice.button, Qt.MouseButton.LeftButton)
    assert lab.reading.problem is None
    assert card.form is form and form.linked("kernel_size").rows[0].value == 7
    assert not form.linked("kernel_size").property("wrong") and not card.notice.isVisible()
    lab.undo()
    assert lab.state().layers == LENET


def test_the_notice_follows_the_language(qtbot: QtBot, lab: NetworkLab) -> None:
    card = show(lab, BROKEN)
    assert "larger" in card.notice.text.text()
    language.set_language("ko")
    qtbot.waitUntil(lambda: "필터" in card.notice.text.text() and "필터" in card.notice.button.text())


def test_an_edit_of_what_breaks_changes_that_field_alone(lab: NetworkLab) -> None:
    form = sliding(show(lab, BROKEN))
    form.linked("stride").rows[0].box.setValue(2)
    assert at(lab.state().layers, (2,)) == Conv2d(out_channels=16, kernel_size=20, stride=2)
    form.linked("kernel_size").rows[0].box.setValue(5)
    assert at(lab.state().layers, (2,)) == Conv2d(out_channels=16, kernel_size=5, stride=2)
    assert lab.reading.problem is None
    form.linked("kernel_size").rows[0].box.setValue(99)
    assert at(lab.state().layers, (2,)).kernel_size == 14  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("layer", "shape", "field"),
    [
        (Conv2d(out_channels=6, kernel_size=3, groups=4), (6, 9, 9), "groups"),
        (Conv2d(out_channels=6, kernel_size=3, padding="same", stride=2), (6, 9, 9), "stride"),
        (Conv2d(out_channels=6, kernel_size=3, padding="same", padding_after=2), (6, 9, 9), "padding"),
        (Conv2d(out_channels=6, kernel_size=3, padding=12, padding_mode="reflect"), (6, 9, 9), "padding"),
        (MaxPool2d(kernel_size=4, padding=3), (6, 9, 9), "padding"),
        (MaxPool3d(kernel_size=(2, 9, 2)), (6, 9, 8, 8), "kernel_size"),
    ],
)
def test_the_field_at_fault_stands_in_amber_with_its_own_number(
    lab: NetworkLab, layer: object, shape: object, field: str
) -> None:
    state = msgspec.convert({"input": shape, "layers": [msgspec.to_builtins(layer)], "chosen": [0]}, NetworkState)
    form = sliding(show(lab, state))
    marked = [name for name, row in form._rows.items() if row.property("wrong")]
    assert marked == [field]
    assert lab.state() == state
    row = form.row(field)
    value = getattr(layer, field)
    if field != "padding" or not isinstance(value, str):
        shown = row.value[0] if isinstance(row.value, tuple) and isinstance(value, int) else row.value
        assert shown == value


def test_a_layer_below_the_break_and_one_of_another_rank_have_their_form(lab: NetworkLab) -> None:
    form = sliding(show(lab, msgspec.structs.replace(BROKEN, chosen=(3,))))
    assert form.linked("kernel_size").rows[0].value == 2 and lab.layer_card.settled.text() == ""
    form.linked("kernel_size").rows[0].box.setValue(3)
    assert at(lab.state().layers, (3,)) == MaxPool2d(kernel_size=3)
    form = sliding(show(lab, msgspec.structs.replace(BROKEN, input=(28,), chosen=(0,))))
    assert form.number("out_channels").value == 6 and not form.groups_note.isVisible()


def test_a_field_of_a_plain_form_stands_in_amber_too(lab: NetworkLab) -> None:
    card = show(lab, NetworkState(input=(8, 3), layers=(Flatten(start_dim=2, end_dim=1),), chosen=(0,)))
    assert isinstance(card.form, Form)
    assert card.form.row("start_dim").property("wrong") is True and not card.form.row("end_dim").property("wrong")


def test_what_is_likely_not_meant_is_said_with_its_repair(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (Conv2d(out_channels=4, kernel_size=3), Linear(out_features=10))
    card = show(lab, NetworkState(input=(1, 12, 12), layers=layers, chosen=(1,)))
    assert card.notice.text.text() == "Linear acts on the last axis only (10). Is a Flatten missing before it?"
    qtbot.mouseClick(card.notice.button, Qt.MouseButton.LeftButton)
    assert lab.state().layers == (layers[0], Flatten(), layers[1]) and not card.notice.isVisible()


WORDS = Embedding(num_embeddings=50, embedding_dim=16)


def test_swapped_axes_are_said_and_a_permute_is_put_between(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (WORDS, Conv1d(out_channels=4, kernel_size=3))
    card = show(lab, NetworkState(input=(20,), layers=layers, chosen=(1,)))
    said = "Conv1d takes the first axis for channels, and here it is 20 steps. Is a Permute missing before it?"
    assert card.notice.text.text() == said
    qtbot.mouseClick(card.notice.button, Qt.MouseButton.LeftButton)
    assert lab.state().layers == (WORDS, Permute(dims=(0, 2, 1)), layers[1]) and not card.notice.isVisible()


def test_the_orders_of_a_permute_are_chosen_from_a_list(lab: NetworkLab) -> None:
    card = show(lab, NetworkState(input=(3, 8, 5), layers=(Permute(dims=(0, 3, 1, 2)),), chosen=(0,)))
    assert isinstance(card.form, OrderForm)
    row = card.form.row
    orders = [str(row.box.itemData(place)) for place in range(row.box.count())]
    assert len(orders) == 6 and row.value == "0, 3, 1, 2"
    row.box.setCurrentIndex(orders.index("0, 2, 1, 3"))
    row.box.activated.emit(row.box.currentIndex())
    assert lab.state().layers == (Permute(dims=(0, 2, 1, 3)),)
    assert not row.property("wrong")
    card = show(lab, NetworkState(input=(3, 8, 5), layers=(Permute(dims=(0, 2, 2)),), chosen=(0,)))
    assert row.value == "0, 2, 2" and row.property("wrong") is True
    assert "0, 2, 1" in [str(row.box.itemData(place)) for place in range(row.box.count())]


def test_a_layer_that_is_off_is_switched_on(qtbot: QtBot, lab: NetworkLab) -> None:
    card = show(lab, msgspec.structs.replace(BROKEN, disabled=((2,),)))
    assert card.notice.text.text() == "This layer is off." and sliding(card).linked("kernel_size").rows[0].value == 20
    qtbot.mouseClick(card.notice.button, Qt.MouseButton.LeftButton)
    assert lab.state().disabled == ()
    inner = msgspec.structs.replace(BLOCK, disabled=((0,),), chosen=(0, "main", 0))
    card = show(lab, inner)
    qtbot.mouseClick(card.notice.button, Qt.MouseButton.LeftButton)
    assert lab.state().disabled == () and lab.state().chosen == (0, "main", 0)


# --- blocks


def test_a_residual_is_drawn_and_its_numbers_add_up(lab: NetworkLab) -> None:
    card = show(lab, BLOCK)
    texts = card.block.diagram.texts
    assert texts.count("128×28×28") == 2 + 1 + 1  # both ends, what leaves, and the first convolution, which changes it
    assert {"main path", "shortcut", "64×56×56", "BatchNorm2d"} <= set(texts)
    main, shortcut = 9 * 64 * 128 + 256 + 9 * 128 * 128, 64 * 128
    assert card.formulas.text("parameters") == (
        "P_main + P_shortcut",
        f"= {main:,} + {shortcut:,}",
        f"= {main + shortcut:,}",
    )
    assert not card.block.add.isVisible() and not card.block.remove.isVisible()


def test_without_what_is_off(lab: NetworkLab) -> None:
    card = show(lab, msgspec.structs.replace(BLOCK, disabled=((0, "main", 1),)))
    assert "BatchNorm2d" not in card.block.diagram.texts
    assert card.formulas.text("parameters")[1] == f"= {9 * 64 * 128 + 9 * 128 * 128:,} + {64 * 128:,}"


def test_branches_that_do_not_come_together_are_seen(lab: NetworkLab) -> None:
    bare = msgspec.structs.replace(BLOCK.layers[0], shortcut=())
    card = show(lab, msgspec.structs.replace(BLOCK, layers=(bare,)))
    assert card.block.diagram._plan.broken and not card.formulas.isVisible()
    assert {"128×28×28", "64×56×56", "–"} <= set(card.block.diagram.texts)
    assert card.notice.button.text().replace("\n", " ") == "Put a 1×1 convolution into the shortcut"


def test_a_concat_gets_a_branch_and_loses_an_empty_one(qtbot: QtBot, lab: NetworkLab) -> None:
    card = show(lab, msgspec.structs.replace(INCEPTION, folded=((0,),)))
    assert card.formulas.text("output_channels")[1:] == ("= 64 + 128 + 32 + 32", "= 256")
    qtbot.mouseClick(card.block.add, Qt.MouseButton.LeftButton)
    assert lab.state().layers[0] == Concat(branches=(*INCEPTION.layers[0].branches, ()))  # type: ignore[union-attr]
    assert lab.answers.value("output") == "448 × 28 × 28"  # the input's 192 channels come along
    assert card.block.remove.text() == "Remove the empty branch 5"
    qtbot.mouseClick(card.block.remove, Qt.MouseButton.LeftButton)
    assert lab.state().layers == INCEPTION.layers and not card.block.remove.isVisible()
    qtbot.mouseClick(card.block.fold, Qt.MouseButton.LeftButton)
    assert lab.state().folded == () and card.block.fold.text() == "Fold"
    lab.undo()
    assert len(lab.state().layers[0].branches) == 5  # type: ignore[union-attr]


# --- that everything has room


@pytest.mark.parametrize("chosen", ["en", "ko"])
def test_no_label_is_cut(qtbot: QtBot, lab: NetworkLab, chosen: Language) -> None:
    language.set_language(chosen)
    lab.resize(864, 600)
    lay_out()
    for kind in KINDS:
        form = show(lab, NetworkState(input=(3, 16, 16), layers=(fresh(kind, (3, 16, 16)),), chosen=(0,))).form
        for head in form.heads() if form is not None else ():
            if isinstance(head, QLabel):
                widest = max(head.fontMetrics().horizontalAdvance(word) for word in head.text().split(" "))
            else:
                assert isinstance(head, QCheckBox)
                widest = head.sizeHint().width()
            assert widest <= head.width(), (kind, head.text())


def test_the_card_grows_with_the_page() -> None:
    assert [card_width(px) for px in (840, 1256, 1736, 3000)] == [280, 295, 380, 380]


def test_a_low_card_shows_a_formula_without_scrolling(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.resize(840, 590)
    card = show(
        lab, NetworkState(input=(64, 27, 27), layers=(Conv2d(out_channels=192, kernel_size=5, padding=2),), chosen=(0,))
    )
    lay_out()
    row = card.formulas._rows[0]
    bottom = row.worked.mapTo(card, row.worked.rect().bottomLeft()).y()
    assert bottom < card.train.mapTo(card, card.train.rect().topLeft()).y()
    assert card.train.accessibleName() == "Train this network" and card.train.y() == card.save.y()


@pytest.mark.parametrize("width", [256, 352])
def test_formulas_break_outside_of_brackets_and_stay_inside(qtbot: QtBot, lab: NetworkLab, width: int) -> None:
    layer = Conv2d(out_channels=512, kernel_size=11, stride=4, padding=2)
    card = show(lab, NetworkState(input=(512, 1024, 1024), layers=(layer,), chosen=(0,)))
    card.formulas.setFixedWidth(width)
    lay_out()
    for row in card.formulas._rows:
        for text in (row.formula, row.worked):
            assert text.minimumSizeHint().width() <= width
            assert "(" not in text.text().split(" ")[-1] or ")" in text.text().split(" ")[-1]
    assert "K<sub>h</sub>" in next(row.formula.text() for row in card.formulas._rows if "<sub>" in row.formula.text())


def test_nothing_is_said_twice(lab: NetworkLab) -> None:
    layers = (AdaptiveAvgPool2d(output_size=1), BatchNorm2d())
    card = show(lab, NetworkState(input=(8, 6, 6), layers=layers, chosen=(0,)))
    row = card.formulas._rows[0]
    assert not row.formula.isVisible() and card.formulas.text("output_width")[1:] == ("", "= 1")
    assert card.formulas._symbols.text() == ""
    lab.stack_card._choose((1,))
    assert card.formulas.text("parameters") == ("2×C", "= 2×8", "= 16")
    assert card.formulas.text("macs")[1:] == ("", "= 0") and not card.formulas._rows[1].formula.isVisible()


# --- while the hand is elsewhere


def test_a_number_half_typed_is_not_the_next_layers(lab: NetworkLab) -> None:
    card = show(lab, NetworkState(input=(3, 8, 8), layers=(Conv2d(out_channels=4, kernel_size=3),), chosen=(0,)))
    box = sliding(card).number("out_channels").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "77")
    pooled = NetworkState(input=(3, 8, 8), layers=(MaxPool2d(kernel_size=2),), chosen=(0,))
    lab.set_state(pooled)
    assert lab.state().layers == pooled.layers
    focused = QApplication.focusWidget()
    assert focused is not None and card.isAncestorOf(focused)  # the keyboard stays where it was


def test_a_block_does_not_take_the_name_of_another(lab: NetworkLab) -> None:
    blocks = tuple(Sequential(name=name, layers=(ReLU(),)) for name in "AB")
    card = show(lab, NetworkState(input=(3, 8, 8), layers=blocks, chosen=(0,)))
    card.name.setFocus()
    lab.set_state(msgspec.structs.replace(lab.state(), chosen=(1,)))
    assert card.name.text() == "B"
    card.name.clearFocus()
    assert lab.state().layers == blocks


def test_a_repair_that_goes_while_the_keyboard_is_on_it_leaves_a_stack(lab: NetworkLab) -> None:
    """Undone with the keyboard on the button, while more rows come than there were."""
    block = Sequential(layers=(Conv2d(out_channels=8, kernel_size=3), *(ReLU() for _ in range(9))))
    layers = (ReLU(), block, Conv2d(in_channels=8, out_channels=4, kernel_size=3), ReLU(), ReLU())
    stack = lab.stack_card.stack
    lab.set_state(NetworkState(input=(3, 32, 32), layers=layers, chosen=(1,)))
    lab.forget_history()
    stack.setFocus()
    QTest.keyClick(stack, Qt.Key.Key_Delete)
    QApplication.processEvents()
    QTest.mouseClick(stack.viewport(), Qt.MouseButton.LeftButton, pos=stack.place((3,)).topLeft() + QPoint(80, 10))
    broken = next(row for row in stack.rows if row.repairs)
    stack.button(broken.path, broken.repairs[0][0]).setFocus()
    lab.undo()
    QApplication.processEvents()
    assert lab.state().layers == layers and stack.hasFocus()


@pytest.mark.parametrize("chosen", ["en", "ko"])
@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (LSTM(hidden_size=4, bidirectional=True, num_layers=2, proj_size=2), (8, 14)),
        (MaxPool2d(kernel_size=2, stride=3, padding=1, ceil_mode=True), (1, 5, 5)),  # a window in the padding is dropped
    ],
)
def test_a_long_meaning_of_a_symbol_does_not_widen_the_card(lab: NetworkLab, chosen: Language, layer, shape) -> None:
    language.set_language(chosen)
    lab.resize(1024, 700)
    card = show(lab, NetworkState(input=shape, layers=(layer,), chosen=(0,)))
    lay_out()
    assert card.formulas.minimumSizeHint().width() < card.width()
    inside = card.form.mapTo(card, QPoint(card.form.width(), 0)).x()
    assert inside <= card.width()


def test_an_input_with_other_axes_determines_no_number(qtbot: QtBot, tmp_path: Path) -> None:
    lab = network_lab(qtbot, tmp_path)
    maps = NetworkState(name="maps", input=(16, 12, 14), layers=(LSTM(hidden_size=8),), chosen=(0,))
    lab.set_state(maps)
    assert "16 × 12 × 14" in lab.layer_card.settled.text() and "input_size" not in lab.layer_card.settled.text()
    lab.set_state(msgspec.structs.replace(maps, layers=(LSTM(input_size=5, hidden_size=8),)))
    assert lab.layer_card.settled.text().endswith("input_size = 5")
    lab.set_state(msgspec.structs.replace(maps, input=(12, 14)))
    assert lab.layer_card.settled.text().endswith("input_size = 14")


@pytest.mark.parametrize("first", [Conv2d(out_channels=4, kernel_size=3), Flatten(start_dim=2)])
def test_a_form_that_is_hidden_while_it_is_used_changes_no_other_layer(qtbot: QtBot, tmp_path: Path, first: AnyLayer) -> None:
    """A network can come while a slider is held: its picture was still being read."""
    lab = network_lab(qtbot, tmp_path)
    lab.set_state(NetworkState(name="a", input=(1, 12, 14), layers=(first,), chosen=(0,)))
    form = lab.layer_card.form
    assert isinstance(form, KindForm | Form)
    row = form.linked("kernel_size").rows[0] if isinstance(form, KindForm) else form.number("start_dim")
    row.slider.setSliderDown(True)
    other = NetworkState(name="b", input=(1, 12, 14), layers=(Linear(out_features=5),), chosen=(0,))
    lab.set_state(other)
    row.slider.setSliderPosition(row.slider.minimum())
    row.box.setValue(2)
    assert lab.state().layers == other.layers
