"""The page of the mistakes: every validation sample that the model gets wrong, the most certain first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.figures import full_count
from engine.judging.confusion import mistakes
from engine.judging.whole_set import Verdicts
from gui.labs.training.judged.judged_page import JudgedPage
from gui.widgets.labels import label


class MistakesPage(JudgedPage):
    """The gallery is the overview; where there is no mistake, a sentence is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._found: NDArray[np.int64] = np.zeros(0, np.int64)
        self.none_left = label("muted", wraps=True)
        self.none_left.setAlignment(Qt.AlignmentFlag.AlignCenter)
        super().__init__(self.none_left, parent)
        self.retranslate()

    def page_title(self) -> str:
        return self.tr("Mistakes")

    def in_group(self) -> NDArray[np.int64] | None:
        return self._found if len(self._found) else None

    def show_verdicts(self, verdicts: Verdicts) -> None:
        self._found = mistakes(verdicts)
        self.gallery.tiles.show_tiles(verdicts, self._found)

    def group_text(self) -> tuple[str, ...]:
        assert self.verdicts is not None
        total, counted = full_count(len(self.verdicts.truth)), self.counted()
        if not len(self._found):
            return ("",)
        values = {"wrong": full_count(len(self._found)), "total": total}
        text = self.tr("{wrong} of {total} wrong, the most certain first (true → predicted)").format(**values)
        shorter = self.tr("{wrong} of {total} wrong (true → predicted)").format(**values)
        short = self.tr("{wrong} of {total} wrong").format(**values)
        return (f"{text} · {counted}", text, shorter, short) if counted else (text, shorter, short)

    def retranslate(self) -> None:
        super().retranslate()
        self.none_left.setText(self.tr("No mistake: every validation sample is right."))
