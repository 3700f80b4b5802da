"""What stands under the pictures of a prediction."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF

from gui.labs.training.pages.drawings import bars_area, picture_areas, verdict
from gui.shell import language


@pytest.mark.parametrize(("name", "said"), [("en", "3 (true: 9)"), ("ko", "3 (정답: 9)")])
def test_a_wrong_answer_says_which_of_the_two_is_true(qapp: object, name: str, said: str) -> None:
    language.set_language(name)
    assert verdict("3", "9") == (said, "3 (9)") and verdict("9", "9") == ("9",)


@pytest.mark.parametrize(("width", "height"), [(347, 200), (320, 150), (340, 560), (700, 500), (480, 260)])
def test_pictures_and_bars_both_have_room_and_lie_on_nothing(width: int, height: int) -> None:
    area = QRectF(10, 20, width, height)
    places = picture_areas(area, 12)
    bars = bars_area(area, places)
    assert bars.height() >= 80 and bars.width() >= 110 and area.contains(bars)  # ten rows that can be read
    for place in places:
        labelled = place.adjusted(0, 0, 0, 18)
        assert not labelled.intersects(bars) and place.width() >= 28 and labelled.right() <= area.right()
        assert labelled.bottom() <= area.bottom()
    assert len({(place.x(), place.y()) for place in places}) == 12


@pytest.mark.parametrize(
    ("width", "height"), [(215, 160), (215, 150), (207, 95), (190, 95), (240, 200), (180, 300), (215, 420)]
)
def test_every_picture_keeps_its_label_in_a_narrow_place(width: int, height: int) -> None:
    area = QRectF(0, 0, width, height)
    for place in picture_areas(area, 12):
        labelled = place.adjusted(0, 0, 0, 18)
        assert area.contains(labelled) and place.width() >= 24
