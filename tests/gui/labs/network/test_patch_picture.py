"""The picture with what a unit sees of it: where cells stand, what a click and the keys say, and how the frame is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.labs.network.maps.patch_picture import SPECK_PX, STRIDE, Frame, PatchPicture
from gui.shell.theme import theme

GREY = QColor(120, 120, 120)


def frame(rows: range, columns: range) -> Frame:
    return Frame(rows, columns, (rows, columns))


@pytest.fixture
def picture(qtbot: QtBot) -> PatchPicture:
    made = PatchPicture()
    qtbot.addWidget(made)
    made.resize(400, 300)
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(GREY)
    made.set_picture(image)
    made.show()
    return made


def colour(picture: PatchPicture, x: float, y: float) -> QColor:
    return picture.grab().toImage().pixelColor(round(x), round(y))


def test_the_picture_is_as_large_as_it_fits_in_its_shape(picture: PatchPicture) -> None:
    assert picture.area.getRect() == (0, 0, 400, 200)
    assert picture.heightForWidth(400) == 200
    picture.resize(400, 100)
    assert picture.area.getRect() == (100, 0, 200, 100)


def test_a_signal_is_a_strip_that_can_be_seen_and_clicked(qtbot: QtBot, picture: PatchPicture) -> None:
    """One row of 100 samples: to scale it would be 4 pixels high in a width of 400."""
    signal = QImage(100, 1, QImage.Format.Format_RGB32)
    signal.fill(GREY)
    picture.set_picture(signal)
    picture.resize(139, picture.heightForWidth(139))
    assert picture.area.getRect() == (0, 0, 139, 64)
    assert picture.place_at(picture.rect_of(range(1), range(70, 71)).center()) == pytest.approx((0, 70))
    picture.set_frame(frame(range(1), range(49, 52)))
    middle = picture.rect_of(range(1), range(49, 52))
    assert picture.rect().contains(middle.toAlignedRect()) and not picture.circled  # the frame itself is large enough
    shown = picture.grab().toImage()
    assert all(shown.pixelColor(139 * at // 100, 60) != theme().panel for at in (2, 50, 97))


def test_cells_and_places_agree(picture: PatchPicture) -> None:
    for row, column in ((0, 0), (7, 33), (19, 39)):
        centre = picture.rect_of(range(row, row + 1), range(column, column + 1)).center()
        place = picture.place_at(centre)
        assert place == pytest.approx((row, column))
    assert picture.place_at(QPointF(10, 250)) is None


def test_a_shape_of_its_own_counts_cells_not_pixels(picture: PatchPicture) -> None:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(GREY)
    picture.set_picture(image, (4, 8))
    assert picture.rect_of(range(1, 2), range(7, 8)).getRect() == (350, 50, 50, 50)


def test_a_click_and_a_drag_say_where(qtbot: QtBot, picture: PatchPicture) -> None:
    places: list[tuple[float, float]] = []
    picture.picked.connect(places.append)
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(105, 55))
    assert places == [pytest.approx((5.0, 10.0))]
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=QPoint(205, 55))
    QTest.mouseMove(picture, QPoint(305, 155))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=QPoint(305, 155))
    assert places[1] == pytest.approx((5.0, 20.0))
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(105, 250))
    assert all(place[0] < 20 for place in places)


def test_arrows_walk_and_home_goes_to_the_middle(qtbot: QtBot, picture: PatchPicture) -> None:
    steps: list[tuple[int, int]] = []
    picture.walked.connect(lambda down, right: steps.append((down, right)))
    qtbot.keyClick(picture, Qt.Key.Key_Down)
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    qtbot.keyClick(picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert steps == [(1, 0), (0, -1), (0, STRIDE)]
    with qtbot.waitSignal(picture.centred):
        qtbot.keyClick(picture, Qt.Key.Key_Home)


def test_the_frame_is_around_the_patch_and_the_rest_is_shaded(picture: PatchPicture) -> None:
    assert colour(picture, 300, 100) == GREY
    picture.set_frame(frame(range(5, 15), range(10, 20)))
    assert colour(picture, 101, 100) == theme().window  # its left side
    assert colour(picture, 150, 148.5) == theme().window  # its lower side
    assert colour(picture, 150, 100) == GREY
    assert colour(picture, 300, 100).lightness() < GREY.lightness()
    picture.set_frame(None)
    assert colour(picture, 300, 100) == GREY


def test_a_side_that_the_picture_cuts_off_is_dotted(picture: PatchPicture) -> None:
    rows, columns = range(10), range(10, 20)
    picture.set_frame(Frame(rows, columns, (range(-4, 10), columns)))
    image = picture.grab().toImage()
    above = {image.pixelColor(x, 1).name() for x in range(110, 190)}
    under = {image.pixelColor(x, 98).name() for x in range(110, 190)}
    assert under == {theme().window.name()}
    assert len(above) > 1


def test_a_patch_of_one_cell_is_framed_so_that_it_can_be_found(picture: PatchPicture) -> None:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(GREY)
    picture.set_picture(image)
    picture.set_frame(frame(range(100, 101), range(200, 201)))
    shown = picture.grab().toImage()
    amber = [(x, y) for x in range(180, 222) for y in range(80, 122) if shown.pixelColor(x, y).rgb() == theme().window.rgb()]
    assert len(amber) > 20
    assert max(x for x, _ in amber) - min(x for x, _ in amber) >= 15


def test_a_patch_of_padding_alone_has_no_frame(picture: PatchPicture) -> None:
    before = picture.grab().toImage()
    picture.set_frame(Frame(range(0), range(0), (range(-5, -2), range(-5, -2))))
    assert picture.grab().toImage() == before


@pytest.fixture
def veiled(qtbot: QtBot) -> PatchPicture:
    """224x224 cells, shown smaller than they are."""
    made = PatchPicture(veiled=True)
    qtbot.addWidget(made)
    made.resize(112, 112)
    image = QImage(224, 224, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 60, 60))
    made.set_picture(image)
    made.show()
    return made


def test_the_effective_patch_is_darkest_where_the_gradient_is_largest(veiled: PatchPicture) -> None:
    ground = colour(veiled, 5, 5)
    assert ground.lightness() > 160 and ground.saturation() == 0  # light and grey
    heat = np.zeros((224, 224), np.float32)
    heat[100:120, 60:80], heat[100:120, 140:160] = 2.0, 0.5
    veiled.set_heat(heat)
    largest, small = colour(veiled, 35, 55), colour(veiled, 75, 55)
    assert largest == QColor("#440154")  # viridis' darkest
    assert largest.lightness() < small.lightness() < ground.lightness() - 40
    assert colour(veiled, 5, 5) == ground
    veiled.set_heat(np.zeros((224, 224), np.float32))  # a dead unit
    assert colour(veiled, 35, 55) == ground
    veiled.set_heat(heat)
    veiled.set_heat(None)
    assert colour(veiled, 35, 55) == ground


@pytest.mark.parametrize("at", [(0, 0), (50, 81), (223, 223)])
def test_one_place_of_a_large_picture_is_painted_so_that_it_is_seen(veiled: PatchPicture, at: tuple[int, int]) -> None:
    ground = colour(veiled, 60, 5)
    heat = np.zeros((224, 224), np.float32)
    heat[at] = 1e-9
    veiled.set_heat(heat)
    image = veiled.grab().toImage()
    painted = [(x, y) for x in range(112) for y in range(112) if image.pixelColor(x, y).lightness() < ground.lightness() - 80]
    corner = at != (50, 81)  # there a quarter of it
    assert len(painted) >= (SPECK_PX / 2 - 1) ** 2 if corner else len(painted) >= SPECK_PX**2 - SPECK_PX
    assert all(abs(x - at[1] / 2) <= SPECK_PX and abs(y - at[0] / 2) <= SPECK_PX for x, y in painted)


def test_a_few_large_values_do_not_pale_all_others(veiled: PatchPicture) -> None:
    ground = colour(veiled, 5, 5)
    heat = np.zeros((224, 224), np.float32)
    heat[40:200, 40:200] = 1.0
    heat[50, 50] = 1e6
    veiled.set_heat(heat)
    assert colour(veiled, 80, 80).lightness() < ground.lightness() - 80


def test_the_effective_square_is_outlined_around_the_middle_of_the_heat(veiled: PatchPicture) -> None:
    heat = np.zeros((224, 224), np.float32)
    heat[60, 60] = heat[140, 140] = 1.0  # their middle: 100.5, on the screen 50.25
    veiled.set_heat(heat, (40.0, 40.0))  # 20 pixels
    image = veiled.grab().toImage()
    line = [x for x in range(34, 67) if image.pixelColor(x, 50).lightness() < 120]
    assert line and min(line) == pytest.approx(40, abs=1) and max(line) == pytest.approx(60, abs=1)


def test_the_outline_of_the_effective_field_is_as_flat_as_the_field(veiled: PatchPicture) -> None:
    heat = np.zeros((224, 224), np.float32)
    heat[100, 60] = heat[100, 140] = 1.0
    veiled.set_heat(heat, (20.0, 80.0))  # 10 × 40 pixels around (50, 50)
    image = veiled.grab().toImage()
    across = [x for x in range(24, 77) if image.pixelColor(x, 47).lightness() < 120]  # beside the specks
    down = [y for y in range(24, 77) if image.pixelColor(50, y).lightness() < 120]
    assert (min(across), max(across)) == pytest.approx((30, 70), abs=1.5)
    assert (min(down), max(down)) == pytest.approx((45, 55), abs=1.5)


def test_a_note_stands_on_the_picture(veiled: PatchPicture) -> None:
    before = veiled.grab().toImage()
    veiled.set_note("This unit is off: its gradient is 0.")
    assert veiled.grab().toImage() != before
    veiled.set_note("")
    assert veiled.grab().toImage() == before


def test_without_a_picture_there_is_a_place_for_it(qtbot: QtBot) -> None:
    empty = PatchPicture()
    qtbot.addWidget(empty)
    empty.resize(100, 100)
    assert colour(empty, 50, 50) == theme().grid
