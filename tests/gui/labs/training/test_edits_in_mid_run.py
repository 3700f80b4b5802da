"""What of the settings a run takes over in mid-run when it is edited beside it, or after its end."""

from __future__ import annotations

from engine.experiments.augmentation import Augmentation
from engine.experiments.export import to_pytorch
from engine.experiments.mid_run import SettingChange
from engine.fields import edited
from engine.runs.status import State
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small
from tests.gui.labs.training.test_run_control import ENDLESS, once_more, stopped, under_way


def marked(lab):
    return [(mark.step, mark.text) for mark in lab.loss.data.marks]


def test_what_else_is_edited_in_mid_run_reaches_it_is_marked_and_undone(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS))
    under_way(qtbot, lab)
    lab.pause()
    qtbot.waitUntil(lambda: lab.worker.status().state is State.PAUSED)
    at = lab.worker.status().step
    fold, start, augmentation = lab.panel.regularization, lab.panel.start, lab.panel.augmentation
    training = lab.experiment().training
    fold.training.edited.emit(edited(training, weight_decay=0.01))
    fold.training.edited.emit(edited(lab.experiment().training, label_smoothing=0.1))
    start.training.edited.emit(edited(lab.experiment().training, clip=1.0))
    augmentation.form.edited.emit(Augmentation(shift=1, flip=True))
    assert lab.panel.pending_box.isHidden() and not lab.control.differs
    expected = [
        SettingChange(at, "weight_decay", 0.0, 0.01),
        SettingChange(at, "label_smoothing", 0.0, 0.1),
        SettingChange(at, "clip", None, 1.0),
        SettingChange(at, "augmentation", Augmentation(), Augmentation(shift=1, flip=True)),
    ]
    qtbot.waitUntil(lambda: lab.worker.history.changes == expected)
    lab.step()
    texts = ["Weight decay 0 → 0.01", "Label smoothing 0 → 0.1", "Gradient clipping none → 1", "Shift 0 → 1"]
    texts.append("Mirror left and right off → on")
    qtbot.waitUntil(lambda: marked(lab) == [(at, text) for text in texts])
    lab.undo()
    lab.undo()
    qtbot.waitUntil(lambda: len(lab.worker.history.changes) == 6)
    back = [(change.step, change.name, change.after) for change in lab.worker.history.changes[4:]]
    assert back == [(at + 1, "augmentation", Augmentation()), (at + 1, "clip", None)]
    lab.redo()
    qtbot.waitUntil(lambda: len(lab.worker.history.changes) == 7)
    assert lab.worker.history.changes[-1] == SettingChange(at + 1, "clip", None, 1.0)
    assert not lab.control.differs
    stopped(qtbot, lab)


def test_what_is_edited_after_the_end_is_taken_where_the_run_goes_on_and_by_its_script(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    run(qtbot, lab)
    lab.panel.start.training.edited.emit(edited(lab.experiment().training, clip=0.5))
    assert lab.run_bar.play.text() == "Go on" and lab.results.veil.isHidden()
    assert run(qtbot, lab).epochs == 4
    assert lab.worker.history.changes == [SettingChange(6, "clip", None, 0.5)]
    assert marked(lab) == [(6, "Gradient clipping none → 0.5")]
    language.set_language("ko")
    qtbot.waitUntil(lambda: marked(lab) == [(6, "기울기 자르기 없음 → 0.5")])
    made = lab.control.scripted()
    assert made.experiment.training.clip is None and made.changes == (SettingChange(6, "clip", None, 0.5),)
    assert "clip = value" in to_pytorch(made.experiment, made.rates, changes=made.changes)


def test_a_run_that_is_read_back_has_what_was_changed_on_its_way(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    run(qtbot, lab)
    lab.panel.start.training.edited.emit(edited(lab.experiment().training, clip=0.5))
    folder = run(qtbot, lab).folder
    other = make_lab(small(epochs=2))
    with qtbot.waitSignal(other.control.opened):
        other.control.open_run(folder)
    assert other.control.experiment.training.clip == 0.5
    assert marked(other) == [(6, "Gradient clipping none → 0.5")]


def test_what_another_optimiser_has_does_not_reach_the_run(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS))
    under_way(qtbot, lab)
    lab.panel.training.row("optimizer").chosen.emit("SGD")
    lab.panel.training.number("momentum").value_changed.emit(0.9)
    once_more(lab)
    assert lab.worker.history.changes == [] and lab.experiment().training.momentum == 0.9
    assert "momentum" in lab.panel.pending_box.toolTip()
    stopped(qtbot, lab)
