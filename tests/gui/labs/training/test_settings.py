"""The parts of the settings: what each control sets, what it says, what is drawn before anything runs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from engine.data.datasets import load
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import preset
from engine.experiments.schedules import (
    SCHEDULES,
    CosineAnnealingLR,
    Course,
    LinearLR,
    OneCycleLR,
    ReduceLROnPlateau,
    StepLR,
)
from engine.experiments.stopping import EarlyStopping
from engine.fields import edited
from engine.layers.kinds.activation import Dropout
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d
from engine.runs.status import Reason, State
from engine.training.recipe.augmenting import augmented
from gui.labs.training.settings.schedule_fold import NONE, rates_of
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small, wait_for_end
from tests.gui.layouts import lay_out

FOLDS = ("schedule", "regularization", "start", "augmentation")


def opened(make_lab, *folds, experiment=None, **training):
    lab = make_lab(experiment or small(**training))
    lab.panel.set_folds(folds or FOLDS)
    if len(folds) == 1:
        scroll_to(getattr(lab.panel, folds[0]))
    return lab


def scroll_to(widget):
    """What is drawn when it is first painted must be on the screen."""
    lay_out()
    area = widget.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    area.ensureWidgetVisible(widget, 0, widget.height())


def training_of(lab):
    return lab.experiment().training


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# folds


def test_a_part_is_opened_and_stays_so_after_a_restart(qtbot, make_lab):
    lab = make_lab(small())
    parts = {fold.key: fold for fold in lab.panel.folds}
    assert tuple(parts) == FOLDS and not any(fold.inside.isVisible() for fold in parts.values())
    click(qtbot, parts["start"].header)
    assert parts["start"].inside.isVisible() and lab.state().folds == ("start",)
    assert not lab.can_undo or lab.state().experiment == small()
    again = make_lab()
    again.set_state(lab.state())
    assert [fold.key for fold in again.panel.folds if fold.is_open] == ["start"]
    click(qtbot, parts["start"].header)
    assert not parts["start"].inside.isVisible() and lab.state().folds == ()


def test_a_part_that_is_opened_comes_into_view(qtbot, lent_lab):
    lab = lent_lab(small())
    lab.resize(1024, 640)
    bar, fold = lab.panel.area.verticalScrollBar(), lab.panel.regularization
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    before = bar.value()
    click(qtbot, fold.header)
    qtbot.waitUntil(lambda: bar.value() > before)
    top = fold.mapTo(lab.panel.area.viewport(), fold.rect().topLeft()).y()
    assert 0 <= top < lab.panel.area.viewport().height(), "its title is seen"


def test_what_is_folded_says_what_is_set(qtbot, lent_lab):
    lab = lent_lab(
        small(
            schedule=CosineAnnealingLR(), weight_decay=0.01, initialization="he_normal", clip=1.0,
            augmentation=Augmentation(shift=2, flip=True),
        )
    )  # fmt: skip
    said = {fold.key: fold.summary.wording for fold in lab.panel.folds}
    assert said == {
        "schedule": "cosine", "regularization": "Weight decay 0.01", "start": "He (normal) · Gradient clipping 1",
        "augmentation": "Shift 2 · Mirror left and right",
    }  # fmt: skip
    lab.open_experiment(small())
    assert [fold.summary.wording for fold in lab.panel.folds] == ["constant", "none", "torch's own", "none"]
    language.set_language("ko")
    korean = ["일정하게", "없음", "torch 기본값", "없음"]
    qtbot.waitUntil(lambda: [fold.summary.wording for fold in lab.panel.folds] == korean)


# the schedule


def test_every_schedule_can_be_chosen_and_is_drawn_before_it_runs(qtbot, lent_lab):
    lab = opened(lent_lab, "schedule", epochs=8)
    fold = lab.panel.schedule
    assert [fold.kind.box.itemData(at) for at in range(fold.kind.box.count())] == [NONE, *SCHEDULES]
    for name, kind in SCHEDULES.items():
        fold.kind.chosen.emit(name)
        assert training_of(lab).schedule == kind() and fold.forms[name].isVisible() and fold.note.text()
        qtbot.waitUntil(lambda: fold.curve is not None and fold.curve.isVisible())
        table = fold.curve.columns()
        assert (list(table["epochs"]), list(table["lr"])) == rates_of(lab.experiment(), lab.panel.info())
        assert table["epochs"][-1] == 8
    fold.kind.chosen.emit(NONE)
    assert training_of(lab).schedule is None and not fold.curve.isVisible()


def test_the_drawn_rates_are_those_of_the_run():
    experiment = small(epochs=6, lr=0.02, batch_size=32)
    info = load(experiment.data, seed=1)
    each = -(-len(info.x_train) // 32)
    for schedule in (StepLR(step_size=2), CosineAnnealingLR(), OneCycleLR(), LinearLR(warmup_epochs=3.0)):
        made = edited(experiment, training=edited(experiment.training, schedule=schedule))
        from engine.data.sources import describe

        epochs, rates = rates_of(made, describe(made.data))
        steps = np.round(np.array(epochs) * each).astype(int)
        course = Course(each, 6 * each)
        last = {int(step): rate for step, rate in zip(steps, rates, strict=True)}  # of an upright step, its foot
        for step, rate in last.items():
            if step < course.steps:
                assert rate == pytest.approx(0.02 * schedule.factor(step, course))


def test_a_plateau_is_drawn_as_if_nothing_became_better():
    made = small(epochs=9, lr=1.0, schedule=ReduceLROnPlateau(patience=2, reduction=0.5))
    epochs, rates = rates_of(made, None)
    assert dict(zip(epochs, rates, strict=True)) == {
        0.0: 1.0, 1.0: 1.0, 2.0: 1.0, 3.0: 1.0, 4.0: 0.5, 5.0: 0.5, 6.0: 0.5, 7.0: 0.25, 8.0: 0.25, 9.0: 0.25,
    }  # fmt: skip


def test_a_schedule_shows_where_the_run_is(qtbot, make_lab):
    lab = opened(make_lab, "schedule", epochs=4, schedule=CosineAnnealingLR())
    fold = lab.panel.schedule
    qtbot.waitUntil(lambda: fold.curve is not None)
    assert fold.curve.here is None and fold.now.text().endswith(f" {training_of(lab).lr:g}")
    for _ in range(3):
        lab.step()
    worker = lab.worker
    qtbot.waitUntil(lambda: worker.status().step == 3 and worker.status().state is State.PAUSED)
    status = worker.status()
    qtbot.waitUntil(lambda: fold.curve.here is not None and fold.curve.here[0] == 3 * 4 / status.steps)
    assert fold.curve.here[1] == pytest.approx(status.rate, rel=0.02)
    assert status.rate == pytest.approx(
        training_of(lab).lr * CosineAnnealingLR().factor(3, Course(status.steps // 4, status.steps))
    )
    assert "next iteration" in fold.now.text()
    lab.panel.seed.value_changed.emit(99)  # other settings than the run's
    assert fold.curve.here is None
    lab.stop()
    wait_for_end(qtbot, lab)


def test_an_end_that_is_switched_on_is_the_runs(lent_lab):
    lab = opened(lent_lab, "schedule", epochs=8, schedule=CosineAnnealingLR())
    lab.panel.schedule.forms["CosineAnnealingLR"].number("epochs").value_changed.emit(1)
    assert training_of(lab).schedule == CosineAnnealingLR(epochs=8)
    lab.panel.schedule.forms["CosineAnnealingLR"].number("epochs").value_changed.emit(5)
    assert training_of(lab).schedule == CosineAnnealingLR(epochs=5)


# against overfitting


def test_the_floor_of_smoothed_labels_is_said(qtbot, lent_lab):
    lab = opened(lent_lab, "regularization", label_smoothing=0.1)
    fold = lab.panel.regularization
    assert fold.floor.isVisible() and "10 classes" in fold.floor.text() and "0.5003" in fold.floor.text()
    language.set_language("ko")
    qtbot.waitUntil(lambda: "0.5003" in fold.floor.text() and "하한" in fold.floor.text())
    fold.training.number("label_smoothing").value_changed.emit(0.0)
    assert fold.floor.isHidden()
    lab.open_experiment(small("adding-lstm"))
    assert fold.training.row("label_smoothing").isHidden()


def test_what_decays_is_asked_only_where_something_does(lent_lab):
    lab = opened(lent_lab, "regularization")
    fold = lab.panel.regularization
    assert fold.training.row("decay_applies_to").isHidden()
    fold.training.number("weight_decay").value_changed.emit(0.01)
    assert fold.training.row("decay_applies_to").isVisible()
    fold.training.row("decay_applies_to").chosen.emit("weights")
    assert training_of(lab).decay_applies_to == "weights"
    fold.training.number("weight_decay").value_changed.emit(0.0)
    assert training_of(lab).decay_applies_to == "all"


def test_batch_normalisation_is_not_offered_while_no_data_say_the_shapes(lent_lab):
    few = preset("digits-cnn")
    few = edited(few, data=edited(few.data, name="hangul", samples=200, validation=0.05))  # fewer than one of each class
    lab = opened(lent_lab, "regularization", experiment=few)
    fold = lab.panel.regularization
    assert lab.panel.problem and not fold.batch_norm.isEnabled()
    lab.open_experiment(edited(few, data=edited(few.data, validation=0.2)))
    assert fold.batch_norm.isEnabled()


def test_dropout_and_batch_normalisation_edit_the_network(lent_lab):
    lab = opened(lent_lab, "regularization")
    fold, before = lab.panel.regularization, lab.experiment().network.layers
    fold.dropout.value_changed.emit(0.3)
    layers = lab.experiment().network.layers
    assert [layer.p for layer in layers if isinstance(layer, Dropout)] == [0.3, 0.3]
    assert "2 Dropout" in fold.layers_note.text() and fold.dropout.value == 0.3
    fold.batch_norm.value_changed.emit(True)
    assert sum(isinstance(layer, BatchNorm2d) for layer in lab.experiment().network.layers) == 2
    assert not lab.panel.problem
    fold.batch_norm.value_changed.emit(False)
    fold.dropout.value_changed.emit(0.0)
    assert lab.experiment().network.layers == before
    lab.open_experiment(small("digits-mlp"))
    fold.batch_norm.value_changed.emit(True)
    assert any(isinstance(layer, BatchNorm1d) for layer in lab.experiment().network.layers) and not lab.panel.problem


def test_early_stopping_is_switched_on_and_the_end_says_it(qtbot, make_lab):
    lab = opened(make_lab, "regularization", epochs=500, lr=0.3, optimizer="SGD")
    fold = lab.panel.regularization
    assert fold.stopping.isHidden()
    fold.stops.click()
    assert training_of(lab).early_stopping == EarlyStopping() and fold.stopping.isVisible()
    fold.stopping.number("patience").value_changed.emit(2)
    status = run(qtbot, lab)
    assert status.reason is Reason.COMPLETED and status.step < status.steps
    assert "no better validation loss for 2 epochs" in lab.notice.said
    language.set_language("ko")
    qtbot.waitUntil(lambda: "조기 종료" in lab.notice.said)


# start and gradient


def test_the_first_weights_are_chosen_and_explained(lent_lab):
    lab = opened(lent_lab, "start")
    fold = lab.panel.start
    deviation = fold.training.row("initial_deviation")
    said = set()
    for name in ("torch", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "normal", "zeros"):
        fold.training.row("initialization").chosen.emit(name)
        assert training_of(lab).initialization == name
        assert deviation.isVisible() == (name == "normal")
        said.add(fold.note.text())
    assert len(said) == 7
    fold.training.row("initialization").chosen.emit("normal")
    fold.training.number("initial_deviation").value_changed.emit(0.5)
    assert training_of(lab).initial_deviation == 0.5


def test_truncation_is_offered_where_something_recurs(make_lab):
    lab = opened(make_lab, "start")
    fold = lab.panel.start
    row = fold.training.number("truncated_steps")
    assert not row.isVisible(), "there are no time steps"
    lab = opened(make_lab, "start", experiment=preset("adding-lstm"))
    fold = lab.panel.start
    row = fold.training.number("truncated_steps")
    assert row.isVisible() and training_of(lab).truncated_steps is None
    row.value_changed.emit(20)
    assert training_of(lab).truncated_steps == 20
    assert fold.summary.wording.endswith("Truncated BPTT 20")
    row.value_changed.emit(None)
    assert training_of(lab).truncated_steps is None


def test_an_exploded_step_is_said_and_marked(qtbot, make_lab, monkeypatch):
    clip, calls = torch.nn.utils.clip_grad_norm_, []

    def exploding(parameters, most):
        calls.append(1)
        length = clip(parameters, most)
        return torch.tensor(float("inf")) if len(calls) in (3, 4, 7) else length

    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", exploding)
    lab = make_lab(small(epochs=40, clip=1.0))
    lab.step()
    for _ in range(8):
        lab.step()
    worker = lab.worker
    qtbot.waitUntil(lambda: worker.status().step == 9 and worker.status().state is State.PAUSED)
    qtbot.waitUntil(lambda: "exploded 3 times" in lab.notice.said)
    qtbot.waitUntil(
        lambda: (
            [(mark.step, mark.text) for mark in lab.loss.data.marks]
            == [(3, "exploded, step left out"), (7, "exploded, step left out")]
        ),
    )
    lab.stop()
    wait_for_end(qtbot, lab)


# augmentation


def test_the_preview_is_what_a_batch_would_have(qtbot, lent_lab):
    how = Augmentation(shift=2, rotate=20.0)
    lab = opened(lent_lab, "augmentation", augmentation=how)
    fold = lab.panel.augmentation
    qtbot.waitUntil(lambda: len(fold.preview.pictures) == 8)
    experiment = lab.experiment()
    x = load(experiment.data, seed=experiment.seed).x_train[:8]
    expected = augmented(x, how, torch.Generator().manual_seed(experiment.seed + 1))
    np.testing.assert_array_equal(fold.preview.pictures, (expected.clamp(0, 1) * 255).round().byte()[:, 0].numpy())
    before = fold.preview.pictures
    click(qtbot, fold.again)
    qtbot.waitUntil(lambda: not np.array_equal(fold.preview.pictures, before))
    fold.form.number("shift").value_changed.emit(0)
    fold.form.number("rotate").value_changed.emit(0.0)
    plain = (x.clamp(0, 1) * 255).round().byte()[:, 0].numpy()
    qtbot.waitUntil(lambda: np.array_equal(fold.preview.pictures, plain))
    assert training_of(lab).augmentation == Augmentation()


def test_nothing_is_computed_while_it_is_folded_or_torch_is_not_there(qtbot, make_lab):
    lab = make_lab(small(), torch=False)
    lab.panel.set_folds(("augmentation",))
    assert lab.panel.augmentation._asked is None
    other = make_lab(small())
    assert other.panel.augmentation._asked is None


def test_data_that_are_no_images_take_the_setting_away(qtbot, lent_lab):
    lab = opened(lent_lab, "augmentation", augmentation=Augmentation(shift=1), label_smoothing=0.1)
    fold = lab.panel.augmentation
    lab.panel.dataset.chosen.emit("adding")
    assert training_of(lab).augmentation == Augmentation() and training_of(lab).label_smoothing == 0.0
    assert fold.form.isHidden() and fold.preview.isHidden() and "no images" in fold.note.text()
    experiment = preset("adding-lstm")
    wrong = edited(experiment, training=edited(experiment.training, augmentation=Augmentation(shift=1)))
    lab.open_experiment(wrong)
    assert "images" in lab.panel.problem
    click(qtbot, lab.panel.repair)
    assert not lab.panel.problem and lab.experiment() == experiment


# the arithmetic in words


def test_the_run_in_iterations(qtbot, lent_lab):
    found = preset("digits-cnn")
    lab = lent_lab(edited(found, training=edited(found.training, batch_size=32, epochs=30)))
    assert lab.panel.note.text() == (
        "1 epoch = 1,438 ÷ 32 → 45 iterations; the last batch has 30.\nThe run: 30 epochs × 45 = 1,350 iterations."
    )
    language.set_language("ko")
    korean = "1에폭 = 1,438 ÷ 32 → 반복 45번. 마지막 배치는 30개.\n전체: 30에폭 × 45번 = 1,350번 반복."
    qtbot.waitUntil(lambda: lab.panel.note.text() == korean)


# beside a run


def test_a_schedule_of_another_length_is_another_setting(qtbot, make_lab):
    """More epochs stretch a schedule that ends with the run; where it does not, they only go on."""
    lab = make_lab(small(schedule=CosineAnnealingLR()))
    run(qtbot, lab)
    assert not lab.control.differs
    lab.panel.training.number("epochs").value_changed.emit(5)
    assert lab.control.differs
    lab.open_experiment(small(schedule=StepLR()))
    lab.control.begin_anew()
    wait_for_end(qtbot, lab)
    lab.panel.training.number("epochs").value_changed.emit(5)
    assert not lab.control.differs
