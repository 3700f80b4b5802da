"""What looking inside costs the training: the real main window, with the feature maps and the layers' numbers on the screen.

`probe`: steps a second while the model is asked what the pages on the screen want, over those while nothing is asked; the
window lives and draws its curves in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.bench.opened_lab import endless, live_for, opened_lab, show_inside
from tests.bench.paired_slices import SECONDS, WORKS, Slice, speed_row

if TYPE_CHECKING:
    from gui.labs.training.lab import TrainingLab


def rows() -> Iterator[dict[str, object]]:
    with opened_lab() as lab:
        show_inside(lab)
        asking = Slice(lambda: _ask(lab, True), lambda: live_for(SECONDS))
        silent = Slice(lambda: _ask(lab, False), lambda: live_for(SECONDS))
        for name, stem in WORKS.items():
            yield speed_row(lab, f"probe[{name}]", ">= 0.95", endless(stem), asking, silent)


def _ask(lab: TrainingLab, asks: bool) -> None:
    lab.looking.set_questions(lab.pages.questions() if asks else {})
    live_for(0.5)
