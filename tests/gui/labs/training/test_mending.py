"""A run that finds no memory: a sentence, and a smaller batch to click."""

import pytest
import torch

from engine.fields import edited
from engine.runs.folder import Run
from engine.runs.status import Reason
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small
from tests.gui.layouts import lay_out


@pytest.fixture
def crowded(monkeypatch):
    """A machine on which batches of more than 40 samples find no memory."""
    forward = torch.nn.Linear.forward

    def allocating(self, x):
        if self.training and len(x) > 40:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return forward(self, x)

    monkeypatch.setattr(torch.nn.Linear, "forward", allocating)


def test_a_click_begins_a_run_with_a_smaller_batch(qtbot, make_lab, crowded):
    lab = make_lab(small(batch_size=64))
    assert lab.head.mending.isHidden()
    lay_out()
    parts = (lab.run_bar, lab.run_bar.play, lab.panel, lab.results, lab.notice, lab.notice.button)
    before = [part.geometry() for part in parts]
    first = run(qtbot, lab)
    assert first.reason is Reason.FAILED and "not enough memory" in lab.notice.said
    assert lab.head.mending.isVisible() and lab.head.mending.text() == "Try the batch size 32"
    lay_out()
    assert before == [part.geometry() for part in parts], "nothing moves"
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.head.mending.click()
    assert ended.args[0].reason is Reason.COMPLETED
    assert lab.head.mending.isHidden()
    mended = lab.experiment()
    assert mended == edited(small(), training=edited(small().training, batch_size=32))
    assert Run.open(first.folder).experiment.training.batch_size == 64
    lab.undo()
    assert lab.experiment().training.batch_size == 64


@pytest.fixture
def korean():
    language.set_language("ko")
    yield
    language.set_language("en")


def test_it_speaks_korean(qtbot, make_lab, crowded, korean):
    lab = make_lab(small(batch_size=64))
    run(qtbot, lab)
    assert lab.head.mending.text() == "배치 크기 32 시도"
    assert "메모리가 모자랍니다" in lab.notice.said
