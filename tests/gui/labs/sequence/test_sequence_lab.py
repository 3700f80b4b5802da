"""The sequence lab, whole: it trains real recurrent networks in the real worker and shows them from inside."""

from __future__ import annotations

import numpy as np

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.runs.folder import Run
from engine.runs.status import Reason, Status
from engine.sequences.tasks import cell_kind
from engine.training.worker import train
from gui.labs.sequence.lab import SequenceLab
from gui.labs.sequence.sequence_look import SequenceLook

WAIT_MS = 60_000


def small(stem: str = "waves-lstm", epochs: int = 2, samples: int = 60, length: int = 12) -> Experiment:
    """A preset, cut down so that it trains in well under a second."""
    found = preset(stem)
    return edited(
        found,
        data=edited(found.data, samples=samples, length=length),
        training=edited(found.training, epochs=epochs, device="cpu"),
    )


def run(qtbot, lab: SequenceLab) -> Status:
    with qtbot.waitSignal(lab.run_ended, timeout=WAIT_MS) as ended:
        lab.play()
    return ended.args[0]


def test_the_lab_reaches_the_same_losses_as_the_command_line_to_the_bit(qtbot, make_lab, tmp_path):
    experiment = small()
    lab = make_lab(experiment)
    status = run(qtbot, lab)
    assert status.reason is Reason.COMPLETED and status.folder is not None
    assert status.folder.parent == tmp_path / "runs"
    train(experiment, folder=tmp_path / "headless")
    expected = Run.open(tmp_path / "headless").history().train.since(0)
    for mine, theirs in zip(lab.worker.history.train.since(0), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_choice_beside_the_run_bar_exchanges_the_cell_and_can_be_undone(make_lab):
    lab = make_lab(small())
    lab.cells.button("GRU").click()
    assert cell_kind(lab.experiment()) == "GRU"
    lab.undo()
    assert cell_kind(lab.experiment()) == "LSTM" and lab.cells.current == "LSTM"


def test_what_is_looked_at_reaches_every_page(make_lab):
    lab = make_lab(small())
    look = SequenceLook(t=3, unit=5)
    lab.pages.gates.look_edited.emit(look)
    assert lab.state().look == look
    assert all(page.look == look for page in lab.pages.pages.values())
