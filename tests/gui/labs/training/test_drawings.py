"""How predictions are painted beside the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from engine.training.probes import Classified
from gui.labs.training import drawings
from gui.shell import language


class Writing(QPainter):
    """A painter that keeps what is written with it."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.texts: list[str] = []

    def drawText(self, *given: Any) -> Any:
        self.texts.append(given[-1])
        return super().drawText(*given)


@pytest.mark.parametrize(("chosen", "wrong"), [("en", "3 (is 9)"), ("ko", "3 (정답 9)")])
def test_a_wrong_answer_says_which_is_true(qapp: object, chosen: language.Language, wrong: str) -> None:
    language.set_language(chosen)
    pictures = np.zeros((2, 1, 8, 8), np.float32)
    probabilities = np.eye(10, dtype=np.float32)[[3, 7]]
    classes = tuple(map(str, range(10)))
    found = Classified(pictures=pictures, labels=np.array([9, 7]), probabilities=probabilities, classes=classes)
    image = QImage(420, 320, QImage.Format.Format_RGB32)
    painter = Writing(image)
    drawings.draw_pictures(painter, QRectF(0, 0, 420, 320), found, 0)
    painter.end()
    assert wrong in painter.texts and "7" in painter.texts
    assert not any("≠" in text for text in painter.texts)
