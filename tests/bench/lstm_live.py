"""`lstm_live`: what looking inside an LSTM costs its training: steps a second of the adding problem (50 time steps, 64 units,
batches of 64) with the sequence lab's pages on the screen, over those with the window's thread asleep.

Once with the gates and once with the prediction in the centre, the gradients through time beside them, each asked as often as
the lab asks by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.live import live_row
from tests.bench.opened_lab import endless, opened_lab

CENTRES = ("gates", "predicting")


def rows() -> Iterator[dict[str, object]]:
    with opened_lab("sequence") as lab:
        lab.pages.chosen.emit("gradients")
        for centre in CENTRES:
            lab.pages.chosen.emit(centre)
            assert lab.pages.shown == (centre, "gradients")
            yield live_row(lab, f"lstm_live[{centre}]", ">= 0.9", endless("adding-lstm"))
