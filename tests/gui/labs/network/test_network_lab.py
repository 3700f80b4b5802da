"""The network lab as its user meets it: famous networks, edits by hand and keyboard, what cannot be, maps and fields, and
everything back from one frozen state."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMessageBox, QSlider
from pytestqt.qtbot import QtBot

from engine.experiments import famous
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, ExperimentError, parse
from engine.layers.base import Shape
from engine.layers.catalog import KINDS, fresh
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.pooling import MaxPool2d
from engine.networks.edits import Edit, at, paths
from engine.networks.trace import trace
from engine.passes.activations import PassError
from engine.passes.modules import build
from gui.lab.names import recognised
from gui.labs.network import lab as lab_module
from gui.labs.network.lab import NetworkLab
from gui.labs.network.maps.network_preview import NetworkAnswer, NetworkRequest
from gui.labs.network.reading import read
from gui.labs.network.state import MapUnit, NetworkState, fitted_state, opened
from gui.labs.network.taking import network_file
from gui.shell import language
from gui.shell.state_file import StateError
from gui.widgets.forms.form import Form
from gui.widgets.forms.kind_form import KindForm
from tests.gui.labs.network.network_labs import open_network_lab
from tests.gui.layouts import lay_out
from tests.gui.lent_labs import Lender
from tests.patience import GIVE_UP_S

Page = Callable[[], NetworkLab]
SMALL = NetworkState(
    name="small",
    input=(1, 12, 12),
    layers=(
        Conv2d(out_channels=4, kernel_size=3, padding=1),
        ReLU(),
        MaxPool2d(kernel_size=2),
        Flatten(),
        Linear(out_features=10),
    ),
    chosen=(0,),
)


@pytest.fixture
def lab(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> NetworkLab:
    """As the window makes it, without torch; a small network is shown."""
    return lender.lend(qtbot, "small", lambda: small_one(tmp_path_factory))


@pytest.fixture
def with_maps(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> NetworkLab:
    def opened() -> NetworkLab:
        made = small_one(tmp_path_factory)
        made.torch_ready()
        settled(qtbot, made)
        return made

    return lender.lend(qtbot, "small, with maps", opened)


def small_one(folders: pytest.TempPathFactory) -> NetworkLab:
    made = open_network_lab(folders.mktemp("lab"))
    made.set_state(SMALL)
    made.forget_history()
    return made


def settled(qtbot: QtBot, lab: NetworkLab) -> None:
    qtbot.waitUntil(lambda: not lab.busy() and lab.maps_card.waiting == "")


def kinds(lab: NetworkLab) -> list[str]:
    return [type(layer).__name__ for layer in lab.state().layers]


def press(qtbot: QtBot, lab: NetworkLab, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    pressed = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        pressed |= modifier
    qtbot.keyClick(lab.stack_card.stack, key, pressed)


# --- numbers


def test_the_numbers_are_there_without_torch() -> None:
    program = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from gui.shell import theme
theme.start(app)
from gui.lab.base import Services
from gui.labs.network import lab as lab_module
from gui.labs.network.lab import NetworkLab
lab = NetworkLab(Services(runs_folder=Path("nowhere")))
lab.show()
app.processEvents()
print(lab.answers.value("parameters"), lab.answers.value("macs"), "torch" in sys.modules)
lab.close_lab(1.0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=GIVE_UP_S, check=True)
    assert done.stdout.split("\n")[-2] == "61,100,840 714 M False"


@pytest.mark.parametrize("name", ["vgg-16", "googlenet", "resnet-50"])
def test_a_famous_network_opens_folded_with_its_totals(lab: NetworkLab, name: str) -> None:
    card = lab.stack_card
    card._fill_menu()
    action = next(action for action in card._actions.actions() if action.data() == name)
    action.trigger()
    found = famous.network(name)
    traced = trace(found.layers, found.input or ())
    assert lab.answers.value("parameters") == f"{traced.parameters:,}"
    assert [row.path for row in card.stack.rows] == [(), *((index,) for index in range(len(found.layers)))]
    assert card.title == card.note._title.text() and card.note.isVisible()
    card._fold_all(False)
    assert [row.path for row in card.stack.rows if row.layer] == list(paths(found.layers))
    assert sum(row.parameters or 0 for row in card.stack.rows if not row.foldable) == traced.parameters
    lab.undo()
    assert lab.state().layers == SMALL.layers


def test_a_slider_of_the_form_is_one_step_and_everything_follows(qtbot: QtBot, lab: NetworkLab) -> None:
    form = lab.layer_card.form
    assert isinstance(form, KindForm)
    for value in (5, 6, 7, 8):
        form.number("out_channels").box.setValue(value)
    assert at(lab.state().layers, (0,)).out_channels == 8  # type: ignore[union-attr]
    assert lab.answers.value("parameters") == f"{8 * 10 + (8 * 36 + 1) * 10:,}"
    assert lab.layer_card.formulas.text("parameters")[2] == "= 80"
    lab.undo()
    assert lab.state().layers == SMALL.layers and not lab.can_undo
    lab.redo()
    assert at(lab.state().layers, (0,)).out_channels == 8  # type: ignore[union-attr]


def test_more_channels_than_the_convolution_lab_has_stay(lab: NetworkLab) -> None:
    lab.set_state(opened("vgg-16"))
    where = next(path for path in paths(lab.state().layers) if getattr(at(lab.state().layers, path), "out_channels", 0) == 512)
    lab.stack_card._choose(where)
    form = lab.layer_card.form
    assert isinstance(form, KindForm) and form.number("out_channels").value == 512
    form.changed.emit({"kernel_size": 5})
    assert at(lab.state().layers, where) == Conv2d(out_channels=512, kernel_size=5, padding=1)


def test_a_layer_of_another_kind_has_its_plain_form_and_what_its_input_settles(lab: NetworkLab) -> None:
    lab.stack_card._choose((4,))
    form = lab.layer_card.form
    assert isinstance(form, Form)
    assert "in_features = 144" in lab.layer_card.settled.text()
    form.number("out_features").box.setValue(7)
    assert lab.answers.value("output") == "7"
    with pytest.raises(KeyError):
        form.row("in_features")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(3, 16, 16), (6, 20), (20,), None])
def test_every_kind_has_a_form_also_where_it_does_not_fit(lab: NetworkLab, kind: str, shape: Shape | None) -> None:
    layer = fresh(kind, shape)
    for put in (layer, *((msgspec.structs.replace(layer, padding="same"),) if isinstance(layer, Conv2d) else ())):
        lab.step_to(msgspec.structs.replace(SMALL, input=shape or (2, 4, 8, 8), layers=(put,), chosen=(0,)))
        assert lab.layer_card.title == kind
        assert lab.state().layers == (put,)  # showing is not editing


# --- edits


def test_an_edit_is_fitted_once_wherever_it_comes_from(lab: NetworkLab, monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: list[NetworkState] = []
    monkeypatch.setattr(lab_module, "fitted_state", lambda state: fitted.append(state) or fitted_state(state))
    card, form = lab.stack_card, lab.layer_card.form
    assert isinstance(form, KindForm)
    edits: tuple[Callable[[], object], ...] = (
        lambda: form.number("out_channels").box.setValue(7),
        lambda: card.stack.removed.emit((1,)),
        lambda: card.insert((ReLU(), ReLU()), (1,)),
        lambda: card._toggle((0,)),
        lambda: lab.layer_card.edit_asked.emit(Edit("removed", (1,)), ""),
        lab.cut_layer,
    )
    for edit in edits:
        before = lab.state()
        edit()
        assert lab.state() != before and len(fitted) == 1
        fitted.clear()


def test_the_whole_of_editing_with_the_keyboard(qtbot: QtBot, lab: NetworkLab) -> None:
    stack = lab.stack_card.stack
    press(qtbot, lab, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert kinds(lab) == ["Conv2d", "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"] and lab.state().chosen == (1,)
    press(qtbot, lab, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(lab) == ["Conv2d", "ReLU", "Conv2d", "MaxPool2d", "Flatten", "Linear"] and lab.state().chosen == (2,)
    press(qtbot, lab, Qt.Key.Key_Space)
    assert lab.state().disabled == ((2,),) and lab.answers.value("layers") == "5"
    assert stack.rows[3].disabled and stack.rows[3].parameters is None
    press(qtbot, lab, Qt.Key.Key_Delete)
    assert kinds(lab) == ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"] and lab.state().disabled == ()
    for _ in range(4):
        lab.undo()
    assert lab.state().layers == SMALL.layers and not lab.can_undo
    press(qtbot, lab, Qt.Key.Key_Insert)
    palette = lab.stack_card.palette_popup
    qtbot.waitUntil(palette.isVisible)
    qtbot.keyClicks(palette.query, "bn2")
    qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    assert kinds(lab)[:3] == ["Conv2d", "BatchNorm2d", "ReLU"] and lab.state().chosen == (1,)


def test_layers_are_copied_as_text_and_pasted(lab: NetworkLab) -> None:
    lab.copy_layer()
    assert 'type = "Conv2d"' in QGuiApplication.clipboard().text()
    lab.stack_card._choose((1,))
    lab.paste()
    assert kinds(lab) == ["Conv2d", "ReLU", "Conv2d", "MaxPool2d", "Flatten", "Linear"]
    assert lab.state().chosen == (2,)
    lab.cut_layer()
    assert lab.state().layers == SMALL.layers
    before = lab.stack_card.geometry()
    QGuiApplication.clipboard().setText("no layers at all")
    lab.paste()
    assert lab.notice.isVisible() and lab.notice.text.text() and lab.state().layers == SMALL.layers
    QApplication.processEvents()
    assert lab.stack_card.geometry() == before and lab.rect().contains(lab.notice.geometry())
    lab.stack_card._choose((0,))
    assert not lab.notice.isVisible()


def test_a_copied_file_and_a_picture_with_its_address_are_pasted_as_pictures(
    qtbot: QtBot, lab: NetworkLab, tmp_path: Path
) -> None:
    pixels = QImage(20, 10, QImage.Format.Format_RGB888)
    pixels.fill(Qt.GlobalColor.red)
    file = tmp_path / "내 사진.png"
    assert pixels.save(str(file))
    mime = QMimeData()  # as a file manager copies it
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    mime.setText(str(file))
    QGuiApplication.clipboard().setMimeData(mime)
    lab.paste()
    qtbot.waitUntil(lambda: lab.state().picture == str(file) and not lab.picker.busy())
    assert not lab.notice.isVisible()
    mime = QMimeData()  # as a browser copies it
    mime.setImageData(pixels)
    mime.setText("https://example.org/cat.png")
    QGuiApplication.clipboard().setMimeData(mime)
    lab.paste()
    qtbot.waitUntil(lambda: lab.state().picture != str(file) and not lab.picker.busy())
    assert not lab.notice.isVisible()
    assert lab.state().layers == SMALL.layers


def test_a_network_without_layers_says_how_to_begin(lab: NetworkLab) -> None:
    card = lab.stack_card
    assert not card.invitation.isVisible()
    lab.set_state(msgspec.structs.replace(lab.state(), layers=()))
    assert card.invitation.isVisible() and card.first.isVisible()
    card.first.click()
    assert card.palette_popup.isVisible()
    card.palette_popup.hide()
    lab.undo()
    lab.set_state(SMALL)
    assert not card.invitation.isVisible() and card.stack.height() > 200


def test_a_problem_out_of_view_is_pointed_to(lab: NetworkLab) -> None:
    stack = lab.stack_card.stack
    vgg = opened("vgg-19", lab.state())
    lab.set_state(msgspec.structs.replace(vgg, layers=(Conv2d(out_channels=4, kernel_size=500), *vgg.layers), chosen=(40,)))
    QApplication.processEvents()
    assert stack.pointer.isVisible() and "↑" in stack.pointer.text() and "Conv2d 4" in stack.pointer.text()
    stack.pointer.click()
    QApplication.processEvents()
    assert stack.place((0,)).top() >= 0 and not stack.pointer.isVisible()


def test_what_is_off_is_offered_to_be_switched_on_again(lab: NetworkLab) -> None:
    layers = (Conv2d(out_channels=4, kernel_size=3), Flatten(), Linear(in_features=144, out_features=10))
    lab.set_state(msgspec.structs.replace(lab.state(), layers=layers, input=(3, 8, 8), disabled=((1,),), chosen=(2,)))
    row = next(row for row in lab.stack_card.stack.rows if row.problem)
    key, words = row.repairs[0]
    assert words == "Switch Flatten on again"
    lab.stack_card.stack.repaired.emit(row.path, key)
    assert (lab.state().layers, lab.state().disabled, lab.state().chosen) == (layers, (), (1,))


def test_what_is_folded_and_off_goes_along_with_its_layer(lab: NetworkLab) -> None:
    lab.set_state(opened("resnet-18"))
    folded = lab.state().folded
    lab.stack_card._toggle((2,))
    lab.stack_card.insert((ReLU(),), (0,))
    state = lab.state()
    assert state.disabled == ((3,),)
    assert state.folded == tuple((int(path[0]) + 1, *path[1:]) for path in folded)
    assert state == fitted_state(state)


def test_a_problem_is_said_where_it_is_and_a_repair_is_one_click(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.stack_card._choose((3,))
    press(qtbot, lab, Qt.Key.Key_Delete)  # no Flatten: Linear reads each row by itself
    lab.set_state(
        msgspec.structs.replace(lab.state(), layers=(*lab.state().layers[:-1], Linear(in_features=144, out_features=10)))
    )
    stack = lab.stack_card.stack
    row = next(row for row in stack.rows if row.problem)
    assert row.path == (3,) and "144" in row.problem and row.parameters is None
    assert stack.rows[1].parameters == 40  # the layers above keep their numbers
    assert lab.answers.value("output") == "–" and not lab.layer_card.train.isEnabled()
    texts = [text for _, text in row.repairs]
    number = next(key for key, text in row.repairs if "Flatten" in text)
    assert texts
    qtbot.mouseClick(stack.button((3,), number), Qt.MouseButton.LeftButton)
    assert lab.reading.problem is None and kinds(lab) == ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"]
    lab.undo()
    assert lab.reading.problem is not None


def test_a_linear_on_maps_has_a_hint_and_trains_all_the_same(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.stack_card.stack.removed.emit((3,))
    rows = {row.path: row for row in lab.stack_card.stack.rows}
    assert rows[(3,)].hint.startswith("Linear acts on the last axis only (6).")
    assert not rows[(3,)].problem and lab.answers.value("output") == "4 × 6 × 10" and lab.layer_card.train.isEnabled()
    qtbot.mouseClick(lab.stack_card.stack.button((3,), rows[(3,)].repairs[0][0]), Qt.MouseButton.LeftButton)
    assert lab.state().layers == SMALL.layers and lab.state().chosen == (4,)
    assert not any(row.hint for row in lab.stack_card.stack.rows)


def test_an_input_with_the_channels_behind_is_set_right_at_its_row_and_in_its_card(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (Conv2d(out_channels=4, kernel_size=3), Flatten(), Linear(out_features=10))
    keras = msgspec.structs.replace(SMALL, input=(28, 28, 1), layers=layers, chosen=())
    lab.set_state(keras)
    rows = {row.path: row for row in lab.stack_card.stack.rows}
    assert rows[(0,)].problem and "axes in another order" in rows[()].hint
    assert lab.layer_card.notice.isVisible() and "axes in another order" in lab.layer_card.notice.text.text()
    ((key, words),) = rows[()].repairs
    assert words == "Set the input to 1×28×28"
    qtbot.mouseClick(lab.stack_card.stack.button((), key), Qt.MouseButton.LeftButton)
    assert lab.state().input == (1, 28, 28) and lab.reading.problem is None and lab.reading.hint is None
    lab.undo()
    assert lab.state().input == (28, 28, 1)
    lab.layer_card.notice.button.click()
    assert lab.state().input == (1, 28, 28) and lab.state().layers == layers
    assert not lab.layer_card.notice.isVisible()


def test_a_problem_is_said_before_a_hint_and_each_has_its_own_repairs(lab: NetworkLab) -> None:
    wide = Linear(out_features=10)
    lab.set_state(msgspec.structs.replace(SMALL, layers=(SMALL.layers[0], wide, Conv2d(out_channels=1, kernel_size=13))))
    rows = {row.path: row for row in lab.stack_card.stack.rows}
    assert [text for _, text in rows[(1,)].repairs] == ["Insert Flatten before it → then Conv2d 1, 13×13 does not fit"]
    assert rows[(2,)].problem and not rows[(2,)].hint and "Flatten" not in str(rows[(2,)].repairs)
    lab.stack_card._repair((1,), rows[(1,)].repairs[0][0])
    assert kinds(lab) == ["Conv2d", "Flatten", "Linear", "Conv2d"]


def test_a_problem_inside_a_folded_block_is_said_at_the_block(lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(opened("resnet-18"), input=(2, 64, 64)))
    assert lab.reading.problem is None
    layers = list(lab.state().layers)
    inner = at(tuple(layers), (4, "layers", 0, "main", 0))
    from engine.networks.edits import replaced

    broken = replaced(tuple(layers), (4, "layers", 0, "main", 0), msgspec.structs.replace(inner, in_channels=7))
    lab.set_state(msgspec.structs.replace(lab.state(), layers=broken))
    rows = {row.path: row for row in lab.stack_card.stack.rows}
    assert rows[(4,)].problem and rows[(4,)].parameters is None and rows[(3,)].parameters is not None
    lab.stack_card._fold_all(False)
    rows = {row.path: row for row in lab.stack_card.stack.rows}
    assert rows[(4, "layers", 0, "main", 0)].problem and not rows[(4,)].problem
    assert rows[(4, "layers", 0)].parameters is None


def test_the_input_has_its_form(lab: NetworkLab) -> None:
    lab.stack_card._choose(())
    assert lab.layer_card.input.isVisible() and lab.layer_card.form is None
    lab.layer_card.input.sizes[0].box.setValue(3)
    assert lab.state().input == (3, 12, 12) and lab.answers.value("parameters") == f"{4 * 28 + 1450:,}"
    lab.layer_card.input.kind.chosen.emit("1")
    assert lab.state().input == (784,) and lab.reading.broken == (0,)
    lab.undo()
    lab.undo()
    assert lab.state().input == SMALL.input


def test_random_edits_and_as_many_undos_end_where_they_began(lab: NetworkLab) -> None:
    draw = random.Random(3)
    card = lab.stack_card
    for _ in range(60):
        state = lab.state()
        places = list(paths(state.layers)) or [()]
        where = draw.choice(places)
        card._choose(where)
        match draw.randrange(6):
            case 0:
                card._target = (*where[:-1], int(where[-1]) + 1) if where else (0,)
                card._insert_kind(draw.choice(["Conv2d", "Residual", "Concat", "LSTM", "Flatten", "Sequential"]))
            case 1 if where and len(places) > 3:
                card.stack.removed.emit(where)
            case 2 if where:
                card._duplicate(where)
            case 3 if where:
                card._move(where, draw.choice(places))
            case 4 if where:
                card._toggle(where)
            case 5 if lab.stack_card._repairs:
                card._repair((), "0")
        assert lab.state() == fitted_state(lab.state())
        assert lab.reading.layers == lab.state().layers
        assert read(lab.state()).trace == lab.reading.trace
    end = lab.state()
    steps = 0
    while lab.can_undo:
        lab.undo()
        steps += 1
    assert steps > 20 and lab.state().layers == SMALL.layers and lab.state().disabled == ()
    while lab.can_redo:
        lab.redo()
    assert lab.state().layers == end.layers and lab.state().disabled == end.disabled


def test_a_name_pasted_with_a_tab_and_two_lines_is_one_line(lab: NetworkLab) -> None:
    lab.stack_card.insert((fresh("Sequential", (1, 12, 12)),), (0,))
    lab.layer_card.name.setText("stage\t1\nof 4\x00")
    lab.layer_card.name.editingFinished.emit()
    assert lab.state().layers[0].name == "stage 1 of 4 "  # type: ignore[union-attr]
    assert lab.state() == fitted_state(lab.state())


# --- maps and fields


def test_the_maps_are_those_of_the_module(qtbot: QtBot, with_maps: NetworkLab) -> None:
    lab, came = with_maps, list[NetworkAnswer]()
    lab.feed.preview.answered.connect(came.append)
    lab.feed.ask()
    qtbot.waitUntil(lambda: any(shown.seen is not None for shown in came))
    seen = came[0].seen
    assert seen is not None and seen.look is not None and seen.answers is not None
    assert lab.maps_card.maps.look is seen.look
    torch.manual_seed(lab.state().seed)
    model = build(lab.state().layers, lab.state().input).eval()
    with torch.no_grad():
        x = torch.from_numpy(seen.input)[None]
        assert torch.equal(torch.from_numpy(seen.look.values.copy()), model[0](x)[0])
        assert torch.allclose(torch.from_numpy(seen.answers.probabilities).float(), model(x).softmax(1)[0], atol=1e-6)
    assert set(lab.maps_card._thumbs) == {(), *paths(SMALL.layers)}
    assert lab.maps_card.bars.isVisible() and lab.maps_card.bars.shown == seen.answers.top  # beside maps, the largest
    lab._redraw()
    settled(qtbot, lab)
    again = lab.maps_card.maps.look
    assert again is not None and lab.state().seed == 1
    assert not (again.values == seen.look.values).all()


def test_a_unit_is_chosen_in_a_map_and_its_field_is_framed_everywhere(qtbot: QtBot, with_maps: NetworkLab) -> None:
    lab, card = with_maps, with_maps.maps_card
    lab.stack_card._choose((2,))
    settled(qtbot, lab)
    place = card.wall.place(3)
    spot = place.topLeft() + QPoint(place.width() * 3 // 12, place.height() * 3 // 12)  # the middle of cell (1, 1) of 6x6
    qtbot.mouseMove(card.wall, spot)
    qtbot.mouseClick(card.wall, Qt.MouseButton.LeftButton, pos=spot)
    assert lab.state().unit == MapUnit(3, 1, 1)
    qtbot.waitUntil(lambda: card.sight is not None and card.sight.at == (3, 1, 1))
    frame = card.picture.frame
    assert frame is not None
    assert (frame.rows, frame.columns) == (range(1, 5), range(1, 5))  # pooling 2x2 of a 3x3 convolution with padding 1
    assert card.sight is not None
    between = card.sight.frame((1,))
    assert between is not None and (between.rows, between.columns) == (range(2, 4), range(2, 4))
    settled(qtbot, lab)
    qtbot.waitUntil(lambda: card.fields.effective is not None)
    effective = card.fields.effective
    assert effective is not None and (effective.off or effective.share == pytest.approx(1.0))
    assert lab.can_undo is False  # where one looks is no step
    area = card.picture.rect_of(range(11, 12), range(11, 12)).center()
    qtbot.mouseClick(card.picture, Qt.MouseButton.LeftButton, pos=QPointF(area).toPoint())
    assert lab.state().unit == MapUnit(3, 5, 5)


def test_a_network_that_is_too_large_says_what_it_needs_and_shows_its_numbers(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (Flatten(), Linear(out_features=1_000_000), Linear(out_features=1_000_000))
    lab.torch_ready()
    lab.step_to(msgspec.structs.replace(SMALL, layers=layers, chosen=(1,)))
    qtbot.waitUntil(lambda: "TiB" in lab.maps_card.waiting)
    assert lab.answers.value("parameters") == f"{145 * 10**6 + (10**6 + 1) * 10**6:,}"


# --- as a file, and onward


def test_the_state_comes_back_from_its_text(lab: NetworkLab) -> None:
    lab.stack_card._toggle((1,))
    lab.stack_card._fill_menu()
    state = msgspec.structs.replace(
        lab.state(), layers=opened("googlenet").layers, unit=MapUnit(1, 2, 3), chosen=(3, "branches", 1, 0)
    )
    lab.set_state(state)
    _, text = lab.document()
    assert recognised(text).lab == "network"
    shown = lab.state()
    lab.set_state(SMALL)
    lab.open_text(recognised(text, "mine.toml"))
    assert lab.state() == shown
    lab.undo()
    assert lab.state() == SMALL


def test_the_network_is_saved_as_a_file_that_everybody_reads(
    lab: NetworkLab, tmp_path: Path, save_as: Callable[[Path], list[str]]
) -> None:
    lab.stack_card._toggle((1,))
    file = tmp_path / "small.toml"
    suggested = save_as(file)
    lab.along.ask_and_save()
    assert [Path(name).name for name in suggested] == ["small.toml"]
    text = file.read_text("utf-8")
    found = parse(text)
    assert found.name == "small" and found.network.input == (1, 12, 12)
    assert found.network.layers == (SMALL.layers[0], *SMALL.layers[2:])
    assert recognised(text).lab == "network"
    lab.open_text(recognised(text, str(file)))
    assert lab.state().layers == found.network.layers and lab.state().disabled == ()


@pytest.mark.parametrize(
    "text",
    [
        'lab = "network"\ninput = [1, 2\n',
        'lab = "network"\ninput = [0]\nlayers = []\n',
        'lab = "network"\nlayers = []\n',
        'lab = "network"\ninput = [3, 8, 8]\nlayers = [{ type = "Conv9d" }]\n',
        'lab = "network"\ninput = [3, 8, 8]\nlayers = [' + '{ type = "ReLU" },' * 10_000 + "]\n",
        'lab = "network"\ninput = [3, 8, 8]\nlayers = ' + '[{ type = "Sequential", layers = ' * 1_000 + "[]" + "}]" * 1_000,
        'name = "x"\n\n[network]\ninput = [3]\nlayers = 7\n',
    ],
)
def test_a_hostile_text_is_refused_in_words_and_changes_nothing(lab: NetworkLab, text: str) -> None:
    with pytest.raises((StateError, ExperimentError)) as caught:
        lab.open_text(recognised(text, "bad.toml"))
    assert str(caught.value).startswith("bad.toml: ")
    assert lab.state() == SMALL and not lab.can_undo


def test_a_layer_of_absurd_size_has_its_numbers(lab: NetworkLab) -> None:
    lab.step_to(msgspec.structs.replace(SMALL, input=(1, 1000, 1000), layers=(Flatten(), Linear(out_features=1_000_000))))
    assert lab.answers.value("parameters") == f"{1_000_001 * 1_000_000:,}"


def test_the_network_goes_to_the_training_lab_with_data_that_it_takes(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(opened("lenet-5"))
    with qtbot.waitSignal(lab.experiment_offered) as offered:
        qtbot.mouseClick(lab.layer_card.train, Qt.MouseButton.LeftButton)
    (experiment,) = offered.args
    assert isinstance(experiment, Experiment) and experiment.data.name == "mnist-5k"
    assert experiment.network.layers == lab.state().layers


def test_a_network_that_no_data_fit_is_offered_as_one_that_they_do(
    qtbot: QtBot, lab: NetworkLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def answer(box: QMessageBox) -> int:
        asked.append((box.text(), box.informativeText()))
        box.buttons()[0].click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    lab.set_state(opened("resnet-18", lab.state()))
    with qtbot.waitSignal(lab.experiment_offered) as offered:
        lab.along.train()
    (experiment,) = offered.args
    assert isinstance(experiment, Experiment) and experiment.data.name == "mnist-5k" and experiment.network.input == (1, 28, 28)
    assert experiment.network.layers[:-1] == lab.state().layers[:-1] and experiment.network.layers[-1].out_features == 10  # type: ignore[union-attr]
    check(experiment)
    assert "3 × 224 × 224" in asked[0][0] and "1 × 28 × 28" in asked[0][1]
    taken: list[object] = []
    lab.experiment_offered.connect(taken.append)
    lab.set_state(opened("alexnet", lab.state()))
    lab.along.train()  # 28 × 28 are too small for it
    assert not taken and "MNIST" in asked[1][1] and "3×3, is larger than its input, 2×2" in asked[1][1]
    for layers, shape, why in (
        ((Conv2d(out_channels=2, kernel_size=3), Linear(out_features=10)), (1, 28, 28), "Flatten"),
        ((Linear(out_features=10),), (784,), "No data have such an input"),
        ((Conv2d(out_channels=2, kernel_size=3),), (1, 28, 28), "10"),
    ):
        lab.set_state(NetworkState(layers=layers, input=shape))
        lab.along.train()
        assert why in asked[-1][1], asked[-1]
    assert not taken


def test_copied_code_builds_the_network(lab: NetworkLab) -> None:
    lab.along.copy_code()
    found: dict[str, torch.nn.Module] = {}
    exec(QGuiApplication.clipboard().text(), {"__name__": "copied"}, found)
    assert sum(weight.numel() for weight in found["model"].parameters()) == lab.reading.trace.parameters


def test_maps_that_are_refused_do_not_leave_those_of_the_network_before(qtbot: QtBot, with_maps: NetworkLab) -> None:
    lab, card = with_maps, with_maps.maps_card
    assert card.thumbnails.isVisible() and card.bars.isVisible()
    shown = card.wall.grab().toImage()
    lab.set_state(msgspec.structs.replace(SMALL, input=(3, 4000, 4000)))
    lab.set_state(msgspec.structs.replace(lab.state(), layers=(*SMALL.layers[:-1], Linear(out_features=1_000_000))))
    qtbot.waitUntil(lambda: not lab.busy() and "TiB" in card.waiting)
    assert not card.thumbnails.isVisible() and not card.bars.isVisible() and card.wall.isVisible()
    assert card.wall._tiles is None and card.wall.grab().toImage() != shown
    lab.set_state(SMALL)
    settled(qtbot, lab)
    assert card.thumbnails.isVisible() and card.bars.isVisible()


@pytest.mark.parametrize("code", ["weights_do_not_fit", "weights_are_missing"])
def test_weights_of_another_network_are_refused_in_words(lab: NetworkLab, code: str) -> None:
    error = PassError(code, folder="run", name="0.weight", found="4×1×3×3", expected="8×1×3×3")
    shown = NetworkAnswer(NetworkRequest(lab.feed._wanted()), refused=error)
    for each in ("ko", "en"):
        language.set_language(each)
        lab.feed._answered(shown)
        assert "0.weight" in lab.maps_card.waiting


# --- looks


def test_a_small_window_shows_one_card_beside_the_stack(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.resize(840, 604)
    qtbot.waitUntil(lambda: lab.pages.choice.isVisible())
    assert lab.layer_card.isVisible() and not lab.maps_card.isVisible()

    def place() -> tuple[QPoint, QSize]:
        lay_out()
        choice = lab.pages.choice
        return choice.mapTo(lab, QPoint(0, 0)), choice.size()

    before = place()
    qtbot.mouseClick(lab.pages.choice.button("maps"), Qt.MouseButton.LeftButton)
    assert lab.maps_card.isVisible() and not lab.layer_card.isVisible()
    assert place() == before, "the pointer need not move to go back"
    assert lab.state().page == "maps" and not lab.can_undo
    for card in (lab.stack_card, lab.maps_card):
        assert card.geometry().right() <= lab.width()


def test_the_bars_name_leads_to_a_measure_that_there_is_no_room_for(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(opened("alexnet"))
    header = lab.stack_card.stack.header
    seen = []
    for _ in range(3):
        assert header.columns is not None and header.columns.bar is not None
        left, across = header.columns.bar
        qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(left + across // 2, 10))
        seen.append(lab.state().share)
        assert lab.state().share in header.columns.places
    assert seen == ["macs", "memory", "parameters"] and not lab.can_undo


def test_the_language_is_switched_live(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(opened("alexnet"))
    language.set_language("ko")
    qtbot.waitUntil(lambda: lab.stack_card.title == "AlexNet, GPU 1개용")
    language.set_language("en")
    qtbot.waitUntil(lambda: lab.stack_card.title == "AlexNet, one tower")


def test_every_slider_and_button_has_a_name(lab: NetworkLab) -> None:
    for slider in lab.layer_card.findChildren(QSlider):
        if slider.isVisible():
            assert slider.accessibleName()


# --- beside another one, with blanks, as a table


def test_two_networks_stand_side_by_side(lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(opened("alexnet"), beside="vgg-16"))
    page = lab.beside_card.page
    assert lab.beside_card.isVisible() and page.sides is not None
    assert [side.trace.parameters for side in page.sides] == [61_100_840, 138_357_544]
    lab.beside_card.back.click()
    assert lab.state().beside == "" and lab.stack_card.isVisible()
    for action in lab.stack_card.compare_menu.actions() or [None]:
        assert action is None
    lab.stack_card.compare_menu.aboutToShow.emit()
    first = lab.stack_card.compare_menu.actions()[0]
    first.trigger()
    assert lab.state().beside == "two-3x3" and page.sides is not None
    assert [side.trace.parameters for side in page.sides] == [73_856, 102_464]


def test_the_table_with_blanks_is_that_of_the_network(lab: NetworkLab) -> None:
    lab.set_state(opened("alexnet"))
    lab.stack_card.blanks.click()
    page = lab.blanks_card.page
    assert lab.state().blanks and lab.blanks_card.isVisible()
    assert page.cells.setData(page.cells.index(1, 2), "23,296")
    assert page.right == 1
    page.back.click()
    assert not lab.state().blanks and lab.stack_card.isVisible()
    broken = msgspec.structs.replace(opened("alexnet"), input=(3, 9, 9), blanks=True)
    lab.set_state(broken)  # what cannot be built cannot be asked for
    assert lab.stack_card.isVisible() and not lab.stack_card.blanks.isEnabled()


def test_resizing_leaves_an_answer_that_is_being_written_and_chosen_rows(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(opened("alexnet"), blanks=True))
    answers = lab.blanks_card.page
    answers.table.setCurrentIndex(answers.cells.index(1, 2))
    answers.table.edit(answers.cells.index(1, 2))
    lab.resize(1200, 700)
    assert answers.table.currentIndex() == answers.cells.index(1, 2)
    assert answers.table.state() == QAbstractItemView.State.EditingState
    lab.set_state(msgspec.structs.replace(opened("alexnet"), beside="vgg-16"))
    compared = lab.beside_card.page
    compared.table.selectRow(1)
    lab.resize(1256, 804)
    assert {index.row() for index in compared.table.selectedIndexes()} == {1}
    language.set_language("ko")
    qtbot.waitUntil(lambda: "GPU 1개용" in compared.lines.headerData(0, Qt.Orientation.Horizontal))
    assert compared.sides is not None and "GPU 1개용" in compared.sides[0].name


def test_maps_that_come_after_the_card_is_hidden_ask_nothing_of_the_network_before(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.torch_ready()
    settled(qtbot, lab)
    asked: list[NetworkRequest] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab.feed.preview, "ask", asked.append)
        lab.set_state(msgspec.structs.replace(SMALL, name="other", layers=SMALL.layers[1:]))
        qtbot.waitUntil(lambda: bool(asked) and not lab.feed._soon.isActive())
        answer = lab.feed._work(asked[-1])
        asked.clear()
        lab.set_state(msgspec.structs.replace(lab.state(), blanks=True))
        lab.feed._answered(answer)
    assert answer.seen is not None and asked == [] and lab.maps_card.maps.look is not answer.seen.look


def test_the_table_can_be_taken_along(lab: NetworkLab) -> None:
    lab.set_state(opened("lenet-5"))
    copied = {}
    for form in ("text", "markdown", "csv"):
        lab.along.copy_table(form)  # type: ignore[arg-type]
        copied[form] = QGuiApplication.clipboard().text()
    assert "61,706" in copied["text"] and copied["markdown"].startswith("### LeNet-5")
    assert copied["csv"].splitlines()[-1].split(",")[3] == "61706"


# --- the network's name


def test_a_network_built_from_empty_has_not_the_old_name(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(opened("alexnet"))
    lab.stack_card.empty()
    state = lab.state()
    assert (state.layers, state.name, state.preset, state.input) == ((), "", "", (3, 224, 224))
    lab.stack_card._target = (0,)
    lab.stack_card._insert_kind("Flatten")
    assert lab.stack_card.title == "Own network" and lab.document()[0] == "Own network"
    assert network_file(lab.along._title, lab.reading).startswith('name = "Own network"')
    lab.undo()
    lab.undo()
    assert lab.state() == opened("alexnet")


def test_removing_every_layer_takes_a_famous_name_away_and_no_other(lab: NetworkLab) -> None:
    closed = msgspec.structs.replace(opened("lenet-5"), preset="", name="LeNet-5")
    for state, name in ((opened("lenet-5"), ""), (closed, ""), (msgspec.structs.replace(closed, name="mine"), "mine")):
        lab.set_state(msgspec.structs.replace(state, layers=state.layers[:1]))
        lab._apply(Edit("removed", (0,)), "")
        assert (lab.state().name, lab.state().preset) == (name, "")


def test_a_name_is_edited_beside_the_input(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(opened("lenet-5"))
    lab.forget_history()
    title = lab.stack_card._title.geometry().center()
    qtbot.mouseDClick(lab.stack_card, Qt.MouseButton.LeftButton, pos=title)
    card = lab.layer_card
    assert lab.state().chosen == () and card.name.isVisible() and card.name.text() == "LeNet-5"
    assert card.name.hasFocus() and card.name.selectedText() == "LeNet-5"
    qtbot.keyClicks(card.name, "first try")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    assert lab.state().name == "first try" and lab.stack_card.title == "first try"
    assert lab.document()[0] == "first try" and lab.can_undo
    assert network_file(lab.along._title, lab.reading).startswith('name = "first try"')
    lab.undo()
    assert lab.state().preset == "lenet-5" and card.name.text() == "LeNet-5"


def test_the_name_field_of_a_layer_is_not_the_network_s(lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(opened("resnet-18"), chosen=(4,)))
    name = lab.layer_card.name
    placeholder = name.placeholderText()
    lab.set_state(msgspec.structs.replace(opened("resnet-18"), chosen=()))
    assert name.text() == "ResNet-18" and name.placeholderText() != placeholder
    lab.set_state(msgspec.structs.replace(opened("resnet-18"), chosen=(0,)))
    assert name.isVisible() == bool(getattr(lab.state().layers[0], "name", ""))


@pytest.mark.parametrize("place", ["blanks", "beside"])
def test_escape_leads_back_to_the_stack(qtbot: QtBot, lab: NetworkLab, place: str) -> None:
    changes = {"blanks": True} if place == "blanks" else {"beside": "vgg-16"}
    lab.set_state(msgspec.structs.replace(opened("lenet-5"), **changes))
    table = lab.blanks_card.page.table if place == "blanks" else lab.beside_card.page.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert not lab.state().blanks and lab.state().beside == "" and lab.stack_card.isVisible()
    assert lab.stack_card.stack.isAncestorOf(QApplication.focusWidget()) or lab.stack_card.stack.hasFocus()
