"""What the line below the curves says at a run's end."""

from __future__ import annotations

from engine.runs.status import Reason, Status, together_notices
from gui.running.end_notice import EndNotice


def test_a_run_that_has_learned_together_with_others_says_so(qtbot):
    notice = EndNotice()
    qtbot.addWidget(notice)
    completed = Status(reason=Reason.COMPLETED, validation_loss=0.25)
    notice.tell_end(completed)
    alone = notice.said
    notice.tell_end(Status(reason=Reason.COMPLETED, validation_loss=0.25, together=32, notices=together_notices(32)))
    assert notice.said.startswith(alone) and "32" in notice.said.removeprefix(alone)
