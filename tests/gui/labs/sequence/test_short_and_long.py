"""The shortest and the longest sequences, and a text of several scripts: every page of the lab answers or says that it asks
nothing, none is in trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.runs.status import Reason
from engine.sequences.tasks import fresh
from gui.labs.sequence.cell_edits import recurrent_of, with_recurrent
from gui.labs.sequence.sequence_pages import CENTRE, SIDE

MIXED = "한글 漢字 кириллица עברית العربية 🙂👩‍👧 é ﬁ \u202e" * 12
CASES = {
    "one step of a wave": Data(name="waves", length=1, samples=20),
    "one character": Data(name="text", length=1),
    "5,000 steps of a wave": Data(name="waves", length=5_000, samples=4),
    "5,000 characters": Data(name="counting", length=5_000, samples=4),
    "several scripts": Data(name="text", length=7),
}


def of(data: Data) -> Experiment:
    found = fresh(data.name, "LSTM", data)
    found = with_recurrent(found, edited(recurrent_of(found), hidden_size=4))
    return edited(found, training=edited(found.training, epochs=1, batch_size=64, device="cpu"))


@pytest.mark.parametrize("name", CASES)
def test_every_page_answers(name: str, qtbot, make_lab, tmp_path: Path) -> None:
    data = CASES[name]
    if name == "several scripts":
        (tmp_path / "own.txt").write_text(MIXED, "utf-8")
        data = edited(data, path=str(tmp_path / "own.txt"))
    lab = make_lab(of(data))
    answered: set[str] = set()
    lab.looking.answered.connect(lambda page, _answer: answered.add(page))
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.play()
    assert ended.args[0].reason is Reason.COMPLETED
    asking = set()
    for page in (*CENTRE, *SIDE):
        lab.show_page(page)
        if lab.pages.pages[page].question() is not None:
            asking.add(page)
            qtbot.waitUntil(lambda page=page: page in answered)
    assert {"gates", "predicting", "one_step", "gradients", "remembering"} <= asking
    lines = [page._trouble_line for page in lab.pages.pages.values()]
    assert [line.text() for line in lines if line is not None and not line.isHidden()] == []
