"""What of the settings a run takes over in mid-run when it is edited beside it, or after its end."""

from __future__ import annotations

import pytest

from engine.experiments.augmentation import Augmentation
from engine.experiments.mid_run import SettingChange, value_of
from engine.experiments.regularizing import with_dropout
from engine.experiments.schedules import CosineAnnealingLR, StepLR
from engine.experiments.scripts.export import to_pytorch
from engine.fields import edited
from engine.runs.status import State
from gui.shell import language
from tests.gui.labs.training.small_runs import one_step, run, small
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
    assert one_step(qtbot, lab) == at + 1
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


def test_schedule_and_dropout_reach_the_run_are_marked_undone_and_written_by_its_script(qtbot, make_lab):
    made = small(epochs=ENDLESS)
    lab = make_lab(edited(made, network=edited(made.network, layers=with_dropout(made.network.layers, 0.2))))
    count = len(value_of(lab.experiment(), "dropout"))
    under_way(qtbot, lab)
    lab.pause()
    qtbot.waitUntil(lambda: lab.worker.status().state is State.PAUSED)
    at, rate = lab.worker.status().step, lab.experiment().training.lr
    fold = lab.panel.schedule
    fold.kind.chosen.emit("StepLR")
    fold._schedule_edited(StepLR(step_size=10, gamma=0.5))
    lab.panel.regularization.dropout.value_changed.emit(0.5)
    expected = [
        SettingChange(at, "schedule", None, StepLR()),
        SettingChange(at, "schedule", StepLR(), StepLR(gamma=0.5)),
        SettingChange(at, "dropout", (0.2,) * count, (0.5,) * count),
    ]
    qtbot.waitUntil(lambda: lab.worker.history.changes[-1:] == expected[-1:])
    joined = lab.worker.history.changes
    assert joined in (expected, [SettingChange(at, "schedule", None, StepLR(gamma=0.5)), expected[-1]])  # as the run comes by
    assert lab.panel.pending_box.isHidden() and not lab.control.differs and lab.control.takes_settings
    assert one_step(qtbot, lab) == at + 1
    qtbot.waitUntil(lambda: marked(lab) == [(at, "Schedule none → steps"), (at, "Dropout 0.2 → 0.5")])
    lab.undo()
    qtbot.waitUntil(lambda: lab.worker.history.changes[-1] == SettingChange(at + 1, "dropout", (0.5,) * count, (0.2,) * count))
    lab.redo()
    qtbot.waitUntil(lambda: lab.worker.history.changes[-1].after == (0.5,) * count)
    fold._schedule_edited(CosineAnnealingLR(end_factor=0.5))
    qtbot.waitUntil(lambda: lab.worker.history.changes[-1].after == CosineAnnealingLR(epochs=ENDLESS, end_factor=0.5))
    assert not lab.control.differs and lab.panel.pending_box.isHidden()
    fold._schedule_edited(CosineAnnealingLR(end_factor=0.25))
    qtbot.waitUntil(lambda: lab.worker.history.changes[-1].after == CosineAnnealingLR(epochs=ENDLESS, end_factor=0.25))
    assert lab.worker.status().rate == pytest.approx(rate, rel=1e-6)
    stopped(qtbot, lab)
    assert (at + 1, "Schedule steps → cosine") in marked(lab)
    scripted = lab.control.scripted()
    assert scripted.experiment.training.schedule is None
    assert value_of(scripted.experiment, "dropout") == (0.2,) * count
    text = to_pytorch(scripted.experiment, scripted.rates, changes=scripted.changes)
    assert "nn.Dropout(p=0.2)" in text and "module.p = p" in text and "schedule = value" in text


def test_a_run_that_goes_on_keeps_schedule_and_dropout_that_were_set_on_its_way(qtbot, make_lab):
    made = small(epochs=2)
    lab = make_lab(edited(made, network=edited(made.network, layers=with_dropout(made.network.layers, 0.2))))
    run(qtbot, lab)
    lab.panel.schedule.kind.chosen.emit("CosineAnnealingLR")
    lab.panel.regularization.dropout.value_changed.emit(0.4)
    assert lab.run_bar.play.text() == "Go on" and lab.results.veil.isHidden()
    assert run(qtbot, lab).epochs == 4
    count = len(value_of(lab.experiment(), "dropout"))
    expected = [
        SettingChange(6, "schedule", None, CosineAnnealingLR(epochs=4)),
        SettingChange(6, "dropout", (0.2,) * count, (0.4,) * count),
    ]
    assert lab.worker.history.changes == expected
    folder = lab.worker.status().folder
    other = make_lab(small(epochs=2))
    with qtbot.waitSignal(other.control.opened):
        other.control.open_run(folder)
    assert value_of(other.control.experiment, "dropout") == (0.4,) * count
    assert other.control.experiment.training.schedule == CosineAnnealingLR(epochs=4)
    assert run(qtbot, other).epochs > 4
    assert other.worker.history.changes == expected, "nothing was edited since"


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
