"""What the tests of the plots share: a card of a training and a validation curve, on the screen."""

from __future__ import annotations

import pytest

from gui.plots.curve_card import CurveCard


@pytest.fixture
def card(qtbot):
    made = CurveCard("value", log_offered=True)
    qtbot.addWidget(made)
    made.add("train", 0)
    made.add("validation", 1, dashed=True, smoothed=False)
    made.set_title("Loss")
    made.set_names({"train": "Training", "validation": "Validation"}, "cross-entropy")
    made.resize(560, 340)
    made.show()
    return made
