"""The sequence lab, whole: it trains real recurrent networks in the real worker and shows them from inside."""

from __future__ import annotations

import numpy as np

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.runs.folder import Run
from engine.runs.status import Reason, Status
from engine.sequences.tasks import cell_kind
from engine.training.worker import train
from gui.lab.base import Services
from gui.labs.sequence.lab import SequenceLab
from gui.labs.sequence.sequence_look import SequenceLook
from gui.shell.state_file import from_text, to_text
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S


def small(stem: str = "waves-lstm", epochs: int = 2, samples: int = 60, length: int = 12) -> Experiment:
    """A preset, cut down so that it trains in well under a second."""
    found = preset(stem)
    return edited(
        found,
        data=edited(found.data, samples=samples, length=length),
        training=edited(found.training, epochs=epochs, device="cpu"),
    )


def run(qtbot, lab: SequenceLab) -> Status:
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.play()
    return ended.args[0]


def test_the_lab_reaches_the_same_losses_as_the_command_line_to_the_bit(qtbot, make_lab, tmp_path):
    experiment = small()
    lab = make_lab(experiment)
    status = run(qtbot, lab)
    assert status.reason is Reason.COMPLETED and status.folder is not None
    assert status.folder.parent == tmp_path / "runs"
    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
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


def test_the_gates_of_the_past_are_those_of_the_weights_kept_then(qtbot, make_lab):
    """The timeline goes back to the first weights, and everything on the page is as they make it."""
    lab = make_lab(small())
    run(qtbot, lab)
    maps, kept = lab.pages.gates.maps, lab.control.kept_weights
    first, last = (
        next(np.asarray(values) for name, values in kept.read(step).items() if name.endswith("weight_hh_l0"))
        for step in (0, kept.steps[-1])
    )
    assert not np.array_equal(first, last)
    qtbot.waitUntil(lambda: maps.direction is not None and np.array_equal(maps.direction.weight_hh, last))
    lab.timeline.go_to(0)
    qtbot.waitUntil(lambda: np.array_equal(maps.direction.weight_hh, first))


def test_after_a_restart_the_last_run_of_a_sequence_is_shown_and_goes_on(qtbot, make_lab, tmp_path):
    first = make_lab(small(epochs=40))
    first.play()
    qtbot.waitUntil(lambda: first.worker.status().step > 3)
    first.close_lab(GIVE_UP_S)
    reached = first.worker.status().step
    train(
        edited(preset("digits-mlp"), training=edited(preset("digits-mlp").training, epochs=1)), folder=tmp_path / "runs" / "z"
    )
    second = make_lab(small(epochs=40))
    qtbot.waitUntil(lambda: second.control.experiment is not None)
    assert second.control.experiment.network == small().network and second.control.reached == reached
    assert len(second.results.curves.loss.data.strands["train"].raw) == reached
    second.run_bar.play.click()
    qtbot.waitUntil(lambda: second.control.reached > reached)


def test_the_state_as_text_is_the_state_again(make_lab):
    lab = make_lab(small(), torch=False)
    lab.choose_cell("beside")
    lab.count_as("book")
    lab.look_at(SequenceLook(sample=3, layer=1, backward=True, t=9, unit=4, gate="f"))
    text = to_text(lab.name, lab.state())
    assert from_text(text, lab.name, lab.state_type) == lab.state()
    lab.undo()
    assert lab.state().cells == "one" and lab.state().look.unit == 4  # how it is looked at stays


def test_a_recurrent_experiment_goes_from_the_training_lab_to_this_one(qtbot, tmp_path):
    from gui.labs.training.lab import TrainingLab

    lab = TrainingLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.show()
    offered = []
    lab.setting_offered.connect(offered.append)
    entry = next(action for action in lab.actions_for_menu() if action.text() == "Open in the sequence lab")
    assert not entry.isEnabled()  # digits in a convolutional network
    lab.open_experiment(small())
    assert entry.isEnabled()
    entry.trigger()
    assert offered[0].lab == SequenceLab.name and offered[0].experiment == small()


def test_settings_and_pages_beside_take_turns_where_there_is_little_room(make_lab):
    lab = make_lab(small(), torch=False)
    side = lab.pages.side
    link = lab.results.settings
    assert lab.panel.isVisible() and side.isVisible() and link.text() == "Hide the settings"
    lab.resize(840, 640)
    lay_out()
    assert lab.panel.isVisible() and not side.isVisible()
    assert link.text() == link.accessibleName() == "One step, gradient, memory: hide the settings"
    link.click()
    assert not lab.panel.isVisible() and side.isVisible() and not lab.state().settings
    assert link.text() == "Show the settings"
