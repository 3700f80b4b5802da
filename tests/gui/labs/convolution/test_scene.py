"""The scene as its user meets it: links against torch's gradients, the course's numbers, the player, pins, keys, the state."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.layers.kinds.convolution import Conv2d
from engine.networks.trace import trace
from gui.labs.convolution.cell.overview import Overview
from gui.labs.convolution.cell.scene import Focus
from gui.labs.convolution.kind_choice import STUDIED_KINDS
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.presets import names, preset
from gui.labs.convolution.state import (
    ConvolutionState,
    OutputPlace,
    Pin,
    SceneState,
    fitted_scene,
)
from gui.shell import language, theme
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.sheet import cell_text
from tests.gui.labs.convolution.lent_convolutions import lend_convolution
from tests.gui.lent_labs import Lender
from tests.gui.monkey import STEPS

COURSE = preset("worked-example")
COURSE_OUTPUT = [
    [21, 59, 37, -19, 2],
    [30, 51, 66, 20, 43],
    [-14, 31, 49, 101, -19],
    [59, 15, 53, -2, 21],
    [49, 57, 64, 76, 10],
]


@pytest.fixture
def lab(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> ConvolutionLab:
    return lend_convolution(qtbot, lender, tmp_path_factory.mktemp("lab"), QSize(1256, 804))


def settled(qtbot: QtBot, lab: ConvolutionLab) -> None:
    def still() -> bool:
        return lab.shown is not None and not lab.busy() and not lab.scene_card.writing

    qtbot.waitUntil(still)


@pytest.fixture
def course(qtbot: QtBot, lab: ConvolutionLab) -> ConvolutionLab:
    lab.set_state(COURSE)
    settled(qtbot, lab)
    return lab


def grids(lab: ConvolutionLab) -> dict[str, NumberGrid]:
    return dict(lab.scene_card.scene.grids)


def point_at(qtbot: QtBot, grid: NumberGrid, cell: tuple[int, int]) -> None:
    """From outside: a cursor that rests there already, from an earlier test, would not move."""
    qtbot.mouseMove(grid.window(), QPoint(2, 2))
    qtbot.mouseMove(grid, grid.place(cell).center())


def click_on(qtbot: QtBot, grid: NumberGrid, cell: tuple[int, int]) -> None:
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place(cell).center())


def test_cells_that_no_window_reads_are_hatched(qtbot: QtBot, lab: ConvolutionLab) -> None:
    lab.set_state(ConvolutionState(picture="course", layer=Conv2d(out_channels=1, kernel_size=(2, 2), stride=3)))
    settled(qtbot, lab)
    shown = grids(lab)["input"].sheet
    assert shown is not None and shown.unread_HW is not None
    unread = {(row, column) for row, column in np.argwhere(shown.unread_HW).tolist()}
    assert unread == {(row, column) for row in range(5) for column in range(5) if 2 in (row, column)}
    lab.set_state(ConvolutionState(picture="course", layer=Conv2d(out_channels=1, kernel_size=(2, 2), stride=2)))
    settled(qtbot, lab)
    qtbot.waitUntil(lambda: "3/2 + 1 = 2.5" in lab.scene_card.formula.verdict)  # as courses write it, does not fit
    assert "does not fit" in lab.scene_card.formula.verdict
    qtbot.mouseClick(lab.pages.choice.button("why"), Qt.MouseButton.LeftButton)
    verdict = lab.why.formulas.verdict
    assert "does not fit" in verdict and "rounds down: 2" in verdict and "1 row, 1 column" in verdict
    shown = grids(lab)["input"].sheet
    assert shown is not None and shown.unread_HW is not None
    assert shown.unread_HW[4].all() and shown.unread_HW[:, 4].all() and not shown.unread_HW[:4, :4].any()


# --- the course's example, to the digit


def test_the_course_example_comes_out_to_the_digit(qtbot: QtBot, course: ConvolutionLab) -> None:
    assert course.state() == COURSE
    shown = grids(course)
    assert shown["input"].figures == [
        *["0"] * 7,
        *["0", "2", "4", "9", "1", "4", "0"],
        *["0", "2", "1", "4", "4", "6", "0"],
        *["0", "1", "1", "2", "9", "2", "0"],
        *["0", "7", "3", "5", "1", "3", "0"],
        *["0", "2", "3", "4", "8", "5", "0"],
        *["0"] * 7,
    ]
    assert shown["filter"].figures == ["1", "2", "3", "−4", "7", "4", "2", "−5", "1"]
    assert shown["output"].figures == [str(value).replace("-", "−") for row in COURSE_OUTPUT for value in row]
    arithmetic = course.scene_card.arithmetic
    assert arithmetic.total == "101"
    assert arithmetic.line == "= 4×1 + 4×2 + 6×3 + 2×(−4) + 9×7 + 2×4 + 5×2 + 1×(−5) + 3×1 + bias 0"
    assert arithmetic.verdict == "agrees with torch: 101"
    assert set(shown["input"].lit) == {(row, column) for row in (1, 2, 3) for column in (2, 3, 4)}
    language.set_language("ko")
    QApplication.processEvents()
    assert arithmetic.line.endswith("+ 편향 0") and arithmetic.verdict == "torch와 일치: 101"


def test_every_cell_of_the_course_example_agrees_with_torch(qtbot: QtBot, course: ConvolutionLab) -> None:
    card = course.scene_card
    for row in range(5):
        for column in range(5):
            point_at(qtbot, grids(course)["output"], (row, column))
            card.write_arithmetic()
            value = str(COURSE_OUTPUT[row][column]).replace("-", "−")
            assert card.arithmetic.total == value and card.arithmetic.verdict == f"agrees with torch: {value}"


# --- the arithmetic


def test_the_terms_of_a_photograph_add_up_exactly(qtbot: QtBot, lab: ConvolutionLab) -> None:
    card = lab.scene_card
    card.write_arithmetic()
    account = card.arithmetic.account
    assert account is not None and account.channels == ("R", "G", "B") and len(account.cell.terms) == 27
    assert card.arithmetic.line.startswith("≈ R ") and " + B " in card.arithmetic.line
    assert card.arithmetic.verdict.startswith("agrees with torch: ")
    card.arithmetic.all_terms.click()
    dialog = card.arithmetic.dialog
    assert dialog is not None and dialog.isVisible()
    dialog.copy.click()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    products = [Decimal(line[3].removeprefix("= ").replace("−", "-")) for line in lines if line[0].startswith("  (")]
    total = next(Decimal(line[3].replace("−", "-")) for line in lines if line[0] == "Sum of all")
    bias = next(Decimal(line[3].replace("−", "-")) for line in lines if line[0] == "Bias")
    from decimal import localcontext

    with localcontext() as context:
        context.prec = 200
        assert len(products) == 27 and sum(products) + bias == total
        for line in lines:
            if line[0].startswith("  ("):
                value, weight, product = (Decimal(part.strip("×= ()").replace("−", "-")) for part in line[1:])
                assert value * weight == product
    qtbot.mouseClick(dialog.digits.button("rounded"), Qt.MouseButton.LeftButton)
    assert max(len(line) for line in dialog.text().splitlines()) < 90
    dialog.close()


def test_the_window_of_terms_shows_what_it_copies_and_stays_unfolded(qtbot: QtBot, lab: ConvolutionLab) -> None:
    card = lab.scene_card
    card.write_arithmetic()
    card.arithmetic.all_terms.click()
    dialog = card.arithmetic.dialog
    assert dialog is not None
    tree, rows = dialog.tree, dialog.tree.model()
    tester = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)

    def texts(parent: QModelIndex) -> list[list[str]]:
        return [[rows.index(row, column, parent).data() for column in range(4)] for row in range(rows.rowCount(parent))]

    def shown() -> list[list[str]]:
        found = []
        for row, texts_of_row in enumerate(texts(QModelIndex())):
            found.append(texts_of_row)
            found += [["  " + first, *rest] for first, *rest in texts(rows.index(row, 0))]
        return found

    assert shown() == [line.split("\t") for line in dialog.text().splitlines()[1:]]
    assert [tree.isExpanded(rows.index(row, 0)) for row in range(3)] == [True, False, False]  # the channel of the scene
    tree.setExpanded(rows.index(0, 0), False)
    tree.setExpanded(rows.index(2, 0), True)
    for _ in range(20):
        card.player.step.click()
        card.write_arithmetic()
        QApplication.processEvents()
    assert shown() == [line.split("\t") for line in dialog.text().splitlines()[1:]]
    assert [tree.isExpanded(rows.index(row, 0)) for row in range(3)] == [False, False, True]
    language.set_language("ko")
    QApplication.processEvents()
    assert rows.headerData(1, Qt.Orientation.Horizontal) == "값"
    lab.set_state(ConvolutionState(picture="digit", layer=Conv2d(out_channels=2, kernel_size=1)))
    qtbot.waitUntil(lambda: not lab.busy())
    card.write_arithmetic()
    assert rows.rowCount(rows.index(0, 0)) == 1 and rows.rowCount(rows.index(0, 0, rows.index(0, 0))) == 0
    tester.deleteLater()
    dialog.close()


def test_rounded_channel_sums_say_what_rounding_leaves_out(qtbot: QtBot, lab: ConvolutionLab) -> None:
    """The printed line is an equation of its printed numbers."""
    card = lab.scene_card
    for number in range(40):
        card.player.scrub.setValue(1000 + 611 * number)
        card.write_arithmetic()
        line = card.arithmetic.line.replace("−", "-").replace("(", "").replace(")", "")
        parts = [part.split()[-1] for part in line.removeprefix("≈ ").removeprefix("= ").split(" + ")]
        assert sum(map(Decimal, parts)) == Decimal(card.arithmetic.total.replace("−", "-")), line


# --- the player


def test_play_moves_the_window_to_the_last_cell_and_stops(qtbot: QtBot, course: ConvolutionLab) -> None:
    card = course.scene_card
    course.set_state(msgspec.structs.replace(COURSE, scene=SceneState(cell=OutputPlace(3, 2), speed=30)))
    seen: list[tuple[int, int]] = []
    listening = course.state_changed.connect(lambda: seen.append(card.scene.cell or (-1, -1)))
    qtbot.keyClick(grids(course)["output"], Qt.Key.Key_Space)
    assert card.player.playing
    qtbot.waitUntil(lambda: not card.player.playing)
    course.disconnect(listening)
    assert seen == [(3, 3), (3, 4), (4, 0), (4, 1), (4, 2), (4, 3), (4, 4)]
    assert course.state().scene.cell == OutputPlace(4, 4) and card.player.scrub.value() == 24
    qtbot.keyClick(grids(course)["output"], Qt.Key.Key_Space)  # again: from the beginning
    assert card.player.playing and course.state().scene.cell == OutputPlace(0, 0)
    qtbot.keyClick(grids(course)["output"], Qt.Key.Key_Space)
    assert not card.player.playing


def test_step_scrub_and_speed(qtbot: QtBot, course: ConvolutionLab) -> None:
    card = course.scene_card
    card.player.step.click()
    assert course.state().scene.cell == OutputPlace(2, 4)
    card.player.scrub.setValue(7)
    assert course.state().scene.cell == OutputPlace(1, 2)
    assert set(grids(course)["input"].lit) == {(row, column) for row in (0, 1, 2) for column in (1, 2, 3)}
    card.player.scrub.setValue(24)
    card.player.step.click()
    assert course.state().scene.cell == OutputPlace(0, 0)
    speeds = []
    for _ in range(4):
        card.player.speed.click()
        speeds.append(course.state().scene.speed)
    assert sorted(speeds) == [1, 2, 8, 30] and speeds[-1] == 2


def test_a_hidden_scene_does_not_play_on(qtbot: QtBot, course: ConvolutionLab) -> None:
    course.scene_card.player.toggle()
    assert course.scene_card.player.playing
    course.hide()
    assert not course.scene_card.player.playing


# --- pins, hands and keys


def test_a_click_pins_and_escape_frees(qtbot: QtBot, course: ConvolutionLab) -> None:
    scene, shown = course.scene_card.scene, grids(course)
    click_on(qtbot, shown["output"], (0, 1))
    assert course.state().scene.pin == Pin("output", 0, 1) and "pinned" in course.scene_card.where.text()
    point_at(qtbot, shown["output"], (4, 4))
    assert scene.focus == Focus("output", (0, 1))  # a pinned cell stays
    qtbot.keyClick(shown["output"], Qt.Key.Key_Escape)
    assert course.state().scene.pin is None and scene.focus == Focus("output", (4, 4))
    click_on(qtbot, shown["input"], (-1, 0))  # a padding cell
    assert course.state().scene.pin == Pin("input", -1, 0) and set(shown["output"].lit) == {(0, 0), (0, 1)}
    click_on(qtbot, shown["input"], (-1, 0))
    assert course.state().scene.pin is None
    click_on(qtbot, shown["filter"], (0, 0))
    assert shown["filter"].mark == (0, 0) and (-1, -1) in shown["input"].lit and (4, 4) not in shown["input"].lit


def test_the_hand_leaves_and_the_window_is_back(qtbot: QtBot, course: ConvolutionLab) -> None:
    scene, shown = course.scene_card.scene, grids(course)
    point_at(qtbot, shown["filter"], (1, 1))
    assert scene.focus == Focus("filter", (1, 1)) and course.state() == COURSE  # a hand is no state
    from PySide6.QtCore import QEvent

    QApplication.sendEvent(shown["filter"], QEvent(QEvent.Type.Leave))
    assert scene.focus == Focus("output", (2, 3))


def test_the_keyboard_does_all_that_the_mouse_does(qtbot: QtBot, course: ConvolutionLab) -> None:
    scene, shown = course.scene_card.scene, grids(course)
    shown["output"].setFocus()
    qtbot.keyClick(shown["output"], Qt.Key.Key_Up)
    assert course.state().scene.cell == OutputPlace(1, 3)
    qtbot.keyClick(shown["output"], Qt.Key.Key_Return)
    assert course.state().scene.pin == Pin("output", 1, 3)
    qtbot.keyClick(shown["output"], Qt.Key.Key_Escape)
    shown["input"].setFocus()
    qtbot.keyClick(shown["input"], Qt.Key.Key_Down)
    assert scene.focus is not None and scene.focus.part == "input"
    here = scene.focus.cell
    qtbot.keyClick(shown["input"], Qt.Key.Key_Return)
    assert course.state().scene.pin == Pin("input", *here)
    assert shown["input"].accessibleDescription().startswith(f"{cell_text(here)} = ")
    qtbot.keyClick(shown["input"], Qt.Key.Key_Escape)
    assert scene.focus == Focus("output", (1, 3))


# --- the lens


def test_a_large_picture_is_seen_through_a_lens_that_follows(qtbot: QtBot, lab: ConvolutionLab) -> None:
    card, scene = lab.scene_card, lab.scene_card.scene
    assert scene.partial and scene.overview.isVisible()
    shown = grids(lab)
    chance = random.Random(2)
    for _ in range(60):
        card.player.scrub.setValue(chance.randint(0, card.player.scrub.maximum()))
        cell = scene.cell
        output, source = shown["output"].sheet, shown["input"].sheet
        assert cell is not None and output is not None and source is not None and output.holds(cell)
        assert all(source.holds(each) for each in shown["input"].lit) and len(shown["input"].lit) == 9
        assert source.rows <= 14 and source.columns <= 14
    for row, column in ((0, 0), (223, 223)):
        scene.overview.moved.emit(row, column)
        source = shown["input"].sheet
        assert source is not None and source.holds((row, column))
    assert lab.state().scene.cell == OutputPlace(*cell)  # the lens moved, the window did not


def test_zoom_shows_fewer_cells_and_more(qtbot: QtBot, lab: ConvolutionLab) -> None:
    shown = grids(lab)
    before = shown["input"].sheet
    lab.scene_card.nearer.click()
    nearer = shown["input"].sheet
    for _ in range(12):
        lab.scene_card.farther.click()
    farther = shown["input"].sheet
    assert before is not None and nearer is not None and farther is not None
    assert nearer.rows < before.rows < farther.rows and farther.rows >= 20
    assert lab.state().scene.lens is not None


def test_the_cells_of_a_small_picture_are_seen_as_they_are(qtbot: QtBot) -> None:
    """One bright cell of 4 × 4, enlarged, is a square and no spot that fades."""
    overview = Overview()
    qtbot.addWidget(overview)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    image.setPixelColor(1, 1, QColor(Qt.GlobalColor.white))
    overview.set_image(image)
    overview.resize(80, 80)
    shown = overview.grab().toImage()
    grey = {shown.pixelColor(x, y).red() for x in range(8, 72) for y in range(8, 72)}
    assert grey == {0, 255} and shown.pixelColor(21, 21).red() == 255 and shown.pixelColor(41, 21).red() == 0


def test_the_lens_stays_while_a_hand_points(qtbot: QtBot, lab: ConvolutionLab) -> None:
    shown = grids(lab)
    output = shown["output"].sheet
    assert output is not None
    for cell in (output.first, output.last):
        point_at(qtbot, shown["output"], cell)
        source = shown["input"].sheet
        assert shown["output"].sheet is output and source is not None
        assert len(shown["input"].lit) == 9 and all(source.holds(each) for each in shown["input"].lit)


def test_the_channels_of_a_group_can_be_chosen(qtbot: QtBot, lab: ConvolutionLab) -> None:
    qtbot.mouseClick(lab.scene_card.source.button("2"), Qt.MouseButton.LeftButton)
    assert lab.state().scene.source == 2
    shown = grids(lab)["input"].sheet
    assert shown is not None
    np.testing.assert_array_equal(shown.value((112, 112)), float(lab.picture.values_CHW[2, 112, 112]))
    lab.set_state(ConvolutionState(layer=Conv2d(out_channels=3, kernel_size=(3, 3), padding=1, groups=3), chosen=1))
    settled(qtbot, lab)
    assert lab.state().scene.source == 0 and not lab.scene_card.source.isVisible()
    shown = grids(lab)["input"].sheet
    assert shown is not None and shown.value((112, 112)) == float(lab.picture.values_CHW[1, 112, 112])


def test_the_chosen_map_of_the_wall_is_in_the_scene(qtbot: QtBot, lab: ConvolutionLab) -> None:
    for chosen in (4, 9):
        qtbot.mouseClick(lab.wall_card.wall, Qt.MouseButton.LeftButton, pos=lab.wall_card.wall.place(chosen).center())
        subject = lab.scene_card.scene.subject
        assert subject is not None and subject.channel == chosen
    qtbot.keyClick(lab.wall_card.wall, Qt.Key.Key_Escape)
    assert lab.state().enlarged is None and lab.state().chosen == 9
    qtbot.keyClick(lab.wall_card.wall, Qt.Key.Key_Right)
    assert lab.state().chosen == 10
    settled(qtbot, lab)
    lab.scene_card.write_arithmetic()
    assert lab.scene_card.arithmetic.verdict.startswith("agrees with torch")


# --- the state


def test_a_scene_is_restored(qtbot: QtBot, lab: ConvolutionLab) -> None:
    scene = SceneState(
        cell=OutputPlace(3, 200), around=OutputPlace(6, 190), pin=Pin("input", 4, 190), source=1, lens=9, speed=8, page="maps"
    )
    state = ConvolutionState(chosen=7, scene=scene)
    lab.set_state(msgspec.convert(msgspec.to_builtins(state), ConvolutionState))
    assert lab.state() == state
    shown = grids(lab)["input"].sheet
    assert shown is not None and shown.rows == 9 and shown.holds((4, 190))
    assert lab.scene_card.scene.focus == Focus("input", (4, 190)) and lab.scene_card.source.current == "1"


def test_a_scene_that_cannot_be_is_brought_inside() -> None:
    layer = Conv2d(out_channels=2, kernel_size=(3, 3))
    wild = SceneState(cell=OutputPlace(4000, -9), around=OutputPlace(-1, 77), pin=Pin("output", 3, 0), source=99)
    found = fitted_scene(wild, layer, (3, 5, 6))
    assert found == SceneState(cell=OutputPlace(2, 0), around=OutputPlace(0, 3), pin=None, source=2)
    kept = SceneState(pin=Pin("filter", 2, 2))
    assert fitted_scene(kept, layer, (3, 5, 6)) == kept
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"lens": 1}, SceneState)


def test_a_small_window_shows_the_scene_or_the_maps(qtbot: QtBot, lab: ConvolutionLab) -> None:
    lab.resize(840, 526)
    for chosen in ("ko", "en"):
        language.set_language(chosen)
        for page, card, other in (("maps", lab.wall_card, lab.scene_card), ("scene", lab.scene_card, lab.wall_card)):
            qtbot.mouseClick(lab.pages.choice.button(page), Qt.MouseButton.LeftButton)
            QApplication.processEvents()
            assert card.isVisible() and not other.isVisible() and card.isAncestorOf(lab.pages.choice)
            assert lab.state().scene.page == page
            assert lab.minimumSizeHint().width() <= 840 and lab.minimumSizeHint().height() <= 526
        scene = lab.scene_card.scene
        for grid in scene.grids.values():
            assert scene.rect().contains(grid.geometry()) and grid.cell_px >= 18
    lab.resize(1256, 804)
    assert lab.scene_card.isVisible() and lab.wall_card.isVisible() and lab.wall_card.isAncestorOf(lab.pages.choice)


@pytest.mark.timeout(120)
def test_a_monkey_in_the_scene_never_stumbles(qtbot: QtBot, lab: ConvolutionLab) -> None:
    chance = random.Random(8)
    card, scene = lab.scene_card, lab.scene_card.scene
    keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
            Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Plus, Qt.Key.Key_Minus)  # fmt: skip

    def a_grid() -> NumberGrid:
        return chance.choice(list(scene.grids.values()))

    def anywhere(grid: NumberGrid) -> QPoint:
        return QPoint(chance.randrange(grid.width()), chance.randrange(grid.height()))

    def slide() -> None:
        slider = chance.choice(lab.panel.form().number_rows()).slider
        slider.setValue(chance.randint(slider.minimum(), slider.maximum()))

    def kind() -> None:
        lab.panel.kind.chosen.emit(chance.choice(list(STUDIED_KINDS)))

    def look() -> None:
        view, page = chance.choice(["window", "im2col", "backward"]), chance.choice(["scene", "maps", "why", "tensor"])
        card.views.chosen.emit(view)
        lab.pages.chosen.emit(page)

    deeds: list[Callable[[], object]] = [
        slide,
        slide,
        kind,
        look,
        lambda: qtbot.keyClick(a_grid(), chance.choice(keys)),
        lambda: qtbot.mouseMove(grid := a_grid(), anywhere(grid)),
        lambda: qtbot.mouseClick(grid := a_grid(), Qt.MouseButton.LeftButton, pos=anywhere(grid)),
        lambda: scene.grids["input"].shifted.emit(chance.randint(-9, 9), chance.randint(-9, 9)),
        lambda: scene.overview.moved.emit(chance.randrange(5), chance.randrange(5)),
        lambda: card.player.scrub.setValue(chance.randint(0, card.player.scrub.maximum())),
        lambda: chance.choice([card.player.step, card.player.play, card.player.speed, card.nearer, card.farther]).click(),
        lambda: lab.set_state(preset(chance.choice(names()))),
        lambda: lab.picker.load(chance.choice(["china", "digit"])),
        lambda: lab.resize(chance.randint(780, 1500), chance.randint(530, 1000)),
    ]  # fmt: skip
    for number in range(STEPS):
        chance.choice(deeds)()
        if number % 8 == 0:
            QApplication.processEvents()
            lab.grab()
        state = lab.state()
        if lab.picker.busy():  # a state that waits for its picture is not fitted to it yet
            continue
        assert trace([state.layer], lab.input_shape).problem is None
        assert fitted_scene(state.scene, state.layer, lab.input_shape) == state.scene
    settled(qtbot, lab)
    card.player.toggle() if card.player.playing else None
    lab.set_state(msgspec.structs.replace(lab.state(), scene=SceneState(page="maps")))
    settled(qtbot, lab)
    card.write_arithmetic()
    assert card.arithmetic.verdict.startswith("agrees with torch")


def test_both_themes_and_languages_are_live(qtbot: QtBot, course: ConvolutionLab) -> None:
    light = course.scene_card.grab().toImage()
    theme.apply("dark")
    dark = course.scene_card.grab().toImage()
    assert light.pixelColor(20, 300).lightness() > 200 > 80 > dark.pixelColor(20, 300).lightness()
    language.set_language("ko")
    QApplication.processEvents()
    assert course.scene_card.views.button("window").text() == "한 칸씩" and course.scene_card.where.text() == "칸 (2, 3)"
    language.set_language("en")
    QApplication.processEvents()
    assert course.scene_card.where.text() == "Cell (2, 3)"


@pytest.mark.parametrize("words", ["ko", "en"])
@pytest.mark.parametrize("view", ["window", "backward"])
@pytest.mark.parametrize("size", [(760, 470), (900, 560), (1256, 804)])
def test_no_title_stands_on_another_grid_or_beside_its_own(
    qtbot: QtBot, lab: ConvolutionLab, words: language.Language, view: str, size: tuple[int, int]
) -> None:
    language.set_language(words)
    lab.resize(*size)
    layer = Conv2d(out_channels=16, kernel_size=(5, 5), padding=(1, 1))
    scene = msgspec.structs.replace(SceneState(), view=view)
    lab.set_state(ConvolutionState(picture="flower", layer=layer, scene=scene))
    settled(qtbot, lab)
    shown = lab.scene_card.scene if view == "window" else lab.scene_card.backward.scene
    titles = {part: title.geometry() for part, title in shown._titles.items() if title.isVisible()}
    assert len(titles) == 3
    for part, title in titles.items():
        assert shown.rect().contains(title)
        assert title.left() <= shown.grids[part].geometry().center().x() <= title.right()
        for other, grid in shown.grids.items():
            assert other == part or not title.intersects(grid.geometry())
            assert other == part or not title.intersects(titles[other])


def test_a_step_writes_its_sum_once(qtbot: QtBot, course: ConvolutionLab, monkeypatch: pytest.MonkeyPatch) -> None:
    card, written = course.scene_card, list[object]()
    show = card.arithmetic.show_account
    monkeypatch.setattr(card.arithmetic, "show_account", lambda account: (written.append(account.cell.total), show(account)))
    for _ in range(3):
        card.player.step.click()
        settled(qtbot, course)
    assert len(written) == 3 and card.arithmetic.verdict.startswith("agrees with torch")
    assert card.arithmetic.total == str(written[-1])
