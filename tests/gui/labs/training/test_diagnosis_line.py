"""The doctor in the training lab: a quiet word that moves nothing, a card that explains, a press that tries."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel

from engine.doctor.diagnoses import Diagnosis
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.layers.catalog import Softmax
from engine.runs.folder import Run
from engine.runs.status import Reason, State
from gui.running.doctor.diagnosis_card import DiagnosisCard
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small, wait_for_end
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S


def softmaxed(**changes: object):
    experiment = small(**changes)
    return edited(experiment, network=edited(experiment.network, layers=(*experiment.network.layers, Softmax(dim=1))))


def texts(card: DiagnosisCard) -> list[str]:
    return [made.text() for made in card.findChildren(QLabel) if not made.isHidden()]


def test_a_healthy_run_has_no_word(qtbot, make_lab):
    lab = make_lab(small())
    run(qtbot, lab)
    assert lab.diagnosis.isHidden() and lab.diagnosis.diagnoses == ()


def test_a_diagnosis_is_said_in_the_line_and_in_full_in_the_card(finished_lab):
    lab = finished_lab(softmaxed())
    status = lab.control.status()
    assert [found.code for found in status.diagnoses] == ["double_softmax"]
    assert lab.diagnosis.isVisible() and lab.diagnosis.text() == "Diagnosis: Softmax twice"
    lab.diagnosis.click()
    card = lab.diagnosis.card
    assert card is not None and card.isVisible()
    (found,) = status.diagnoses
    said = texts(card)
    assert [found.title(), "Before the first iteration"] == said[:2]
    assert found.seen() in said and found.why() in said and found.advice() in said
    assert [button.text() for button in card.offers] == ["Try without the Softmax"]
    others = [Diagnosis("learning_rate_high", 16, {"lr": 1.0, "at": 1, "first": 2.3, "loss": 8.25, "update": "183.2%"}), found]
    card.hide()
    card.show_diagnoses((*others, Diagnosis("overfitting", 9)), small(lr=1.0))
    card.open_below(QPoint(0, 0))
    lay_out()
    made = [label for label in card.findChildren(QLabel) if not label.isHidden()]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in made), "no line is cut, on a low screen too"
    card.hide()


def test_it_takes_room_from_the_sentence_only(lent_lab):
    lab = lent_lab(softmaxed())
    lay_out()
    parts = (lab.run_bar, lab.run_bar.play, lab.panel, lab.results, lab.notice, lab.notice.button)
    before = [part.geometry() for part in parts]
    lab.diagnosis.show_diagnoses((Diagnosis("overfitting", 9, {}),), lab.experiment())
    lay_out()
    assert lab.diagnosis.isVisible() and before == [part.geometry() for part in parts]


def test_a_press_begins_a_new_run_that_is_mended_and_keeps_the_old_one(qtbot, make_lab):
    lab = make_lab(softmaxed())
    first = run(qtbot, lab)
    lab.diagnosis.click()
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.diagnosis.card.offers[0].click()
    assert not lab.diagnosis.card.isVisible()
    second = ended.args[0]
    assert second.folder != first.folder and second.diagnoses == ()
    assert Run.open(first.folder).experiment == softmaxed()
    assert Run.open(second.folder).experiment == small() == lab.experiment()
    assert lab.diagnosis.isHidden()


def test_a_run_that_is_under_way_ends_saved_before_the_mended_one_begins(qtbot, make_lab):
    lab = make_lab(softmaxed(epochs=5_000))
    lab.play()
    qtbot.waitUntil(lambda: lab.diagnosis.isVisible() and lab.worker.status().step > 3)
    folder = lab.control.status().folder
    lab.diagnosis.click()
    lab.diagnosis.card.offers[0].click()
    qtbot.waitUntil(lambda: (now := lab.control.status()) is not None and now.step > 3)
    assert lab.control.experiment == small(epochs=5_000)
    assert lab.control.status().folder != folder
    assert Run.open(folder).status["reason"] == Reason.STOPPED.value
    lab.stop()
    assert wait_for_end(qtbot, lab).state is State.IDLE


def test_what_ends_the_run_at_once_is_said_too(qtbot, make_lab):
    lab = make_lab(small(lr=100.0, optimizer="SGD", epochs=20))
    status = run(qtbot, lab)
    assert status.diagnoses[0].code == "learning_rate_high"
    lab.diagnosis.click()
    assert lab.diagnosis.card.offers[0].text() == "Try the learning rate 0.01"


def test_undo_leads_back_to_the_settings_before_the_remedy(qtbot, make_lab):
    lab = make_lab(softmaxed())
    run(qtbot, lab)
    lab.diagnosis.click()
    with qtbot.waitSignal(lab.run_ended):
        lab.diagnosis.card.offers[0].click()
    lab.undo()
    assert lab.experiment() == softmaxed()


def test_a_run_that_is_read_back_after_a_restart_has_its_diagnoses(qtbot, make_lab):
    run(qtbot, lab := make_lab(softmaxed()))
    lab.close_lab(GIVE_UP_S)
    again = make_lab(softmaxed())
    qtbot.waitUntil(lambda: again.diagnosis.isVisible())
    assert [found.code for found in again.diagnosis.diagnoses] == ["double_softmax"]


def test_a_reset_takes_the_word_away(qtbot, make_lab):
    lab = make_lab(softmaxed())
    run(qtbot, lab)
    lab.reset()
    qtbot.waitUntil(lambda: lab.diagnosis.isHidden())


@pytest.fixture
def korean():
    language.set_language("ko")
    yield
    language.set_language("en")


def test_it_speaks_korean(lent_lab, korean):
    lab = lent_lab(softmaxed())
    found = (Diagnosis("learning_rate_high", 16, {"lr": 1.0, "at": 1, "first": 2.3, "loss": 8.25, "update": "183.2%"}),)
    lab.diagnosis.show_diagnoses(
        (*found, Diagnosis("duplicates", 0, {"count": 3, "validation": 90, "share": "3.3%"})), small(lr=1.0)
    )
    assert lab.diagnosis.text() == "진단: 학습률이 너무 높습니다 (+1)"
    lab.diagnosis.click()
    said = texts(lab.diagnosis.card)
    loss = "손실: 반복 1에서 2.3, 반복 16 무렵 8.25."
    assert f"{loss} 한 번의 갱신으로 가중치가 크기의 183.2%까지 바뀌었습니다. 학습률: 1." in said
    assert [button.text() for button in lab.diagnosis.card.offers] == ["학습률 0.001 시도"]


def test_one_press_goes_back_to_the_last_finite_moment(qtbot, make_lab):
    lab = make_lab(small("waves-lstm", epochs=50, optimizer="SGD", lr=100.0, clip=None))
    first = run(qtbot, lab)
    assert first.reason is Reason.DIVERGED
    step = lab.control.last_finite
    assert step is not None and step == lab.control.kept_weights.steps[-1]
    lab.diagnosis.click()
    offers = [button.text() for button in lab.diagnosis.card.offers]
    assert offers[1] == f"From iteration {step} on: {offers[0]}"
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.diagnosis.card.offers[1].click()
    branch, before = Run.open(ended.args[0].folder), Run.open(first.folder)
    assert branch.path != before.path
    assert branch.history().rates[-1] == (step, lab.experiment().training.lr)
    losses = branch.history().train.since()[1]
    assert losses[:step].tolist() == before.history().train.since()[1][:step].tolist()


def test_a_run_that_has_not_diverged_has_no_way_back(finished_lab):
    lab = finished_lab(softmaxed())
    assert lab.control.last_finite is None


def test_the_note_of_the_preset_stays_where_it_is_when_a_remedy_is_tried(qtbot, make_lab):
    """The settings are the preset's, edited: nothing below the note jumps."""
    lab = make_lab(preset("digits-cnn"))
    before = lab.state().opened
    assert not lab.panel.about.isHidden()
    place = lab.panel.training.mapTo(lab.panel, QPoint()).y()
    changed = edited(preset("digits-cnn"), training=edited(preset("digits-cnn").training, lr=0.002))
    lab.try_remedy(changed)
    assert lab.experiment() == changed and lab.state().opened == before
    assert not lab.panel.about.isHidden() and abs(lab.panel.training.mapTo(lab.panel, QPoint()).y() - place) <= 2
    assert lab.panel.preset.box.currentText().startswith("Digits CNN")
    lab.reset()
    lab.undo()
    assert lab.experiment() == preset("digits-cnn")
