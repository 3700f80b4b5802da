"""The confusion matrix and the mistakes: what they show is counted independently, and three clicks lead from a cell to the
exact terms of the sample in another lab."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from engine.data.datasets import load
from engine.judging.whole_set import Judge, Verdicts
from engine.passes.modules import build
from engine.runs.folder import Run
from engine.training.worker import train
from gui.labs.training.judged.confusion_page import ConfusionPage
from gui.labs.training.judged.sample_tiles import LABEL_SPILL, SampleTiles
from gui.main_window import MainWindow
from gui.shell import language
from gui.shell.theme import font
from tests.gui.labs.training.small_runs import run, small
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S


def expected_of(folder):
    """Truth and answers of the run's kept weights, by torch alone."""
    found = Run.open(folder)
    data = load(found.experiment.data, seed=found.experiment.seed)
    model = build(found.experiment.network.layers, data.input).eval()
    model.load_state_dict(found.weights())
    with torch.no_grad():
        return data.y_validation.numpy(), model(data.x_validation).softmax(1).numpy(), data


def shown(lab, name):
    lab.pages.set_chosen((name,))
    return lab.pages.pages[name]


def wait_for_final(qtbot, page, answers):
    def is_final() -> bool:
        found = page.verdicts
        return found is not None and np.allclose(found.answers, answers, rtol=1e-4, atol=1e-6)

    qtbot.waitUntil(is_final)


def test_the_matrix_is_that_of_the_final_weights(qtbot, finished_lab):
    lab = finished_lab(small(epochs=2))
    truth, answers, _ = expected_of(lab.control.folder)
    page = shown(lab, "confusion")
    wait_for_final(qtbot, page, answers)
    counts = confusion_matrix(truth, answers.argmax(1), labels=range(10))
    np.testing.assert_array_equal(page.plot.counts, counts)
    table = page.plot.columns()
    assert table["Predicted 3"][:10] == counts[:, 3].tolist()
    recall = recall_score(truth, answers.argmax(1), labels=range(10), average=None, zero_division=np.nan)
    precision = precision_score(truth, answers.argmax(1), labels=range(10), average=None, zero_division=np.nan)
    for number in range(10):
        assert table["Recall"][number] == pytest.approx(recall[number])
        found = table[f"Predicted {number}"][10]
        assert found is None if np.isnan(precision[number]) else found == pytest.approx(precision[number])
    right = int(counts.trace())
    assert page.line.wording.startswith(f"{right} of {len(truth)} right, accuracy ")
    assert page.plot.isVisible()


def test_the_mistakes_are_all_wrong_samples_the_most_certain_first(qtbot, finished_lab):
    lab = finished_lab(small(epochs=2))
    truth, answers, _ = expected_of(lab.control.folder)
    page = shown(lab, "mistakes")
    wait_for_final(qtbot, page, answers)
    wrong = np.flatnonzero(answers.argmax(1) != truth)
    assert sorted(page.gallery.tiles.numbers) == wrong.tolist()
    certain = [page.verdicts.certainty[number] for number in page.gallery.tiles.numbers]
    assert certain == sorted(certain, reverse=True)
    assert page.line.wording.startswith(f"{len(wrong)} of {len(truth)} wrong")
    qtbot.mouseClick(page.gallery.tiles, Qt.MouseButton.LeftButton, pos=page.gallery.tiles.place(0).center())
    number = page.gallery.tiles.numbers[0]
    guess = answers[number].argmax()
    assert page.line.wording.startswith(f"Validation sample {number}: true {truth[number]}, predicted {guess} (")
    page.go_back()
    assert page.places.currentWidget() is page.gallery


def test_names_of_classes_below_a_mistake_are_whole_or_say_that_they_are_not(qtbot):
    """Words, as own pictures have them, and not only digits."""
    names = ("강아지", "고양이", "a very long name of a class that nobody can have room for", "b")
    truth, guesses = np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2])
    verdicts = Verdicts(names, np.zeros((4, 1, 8, 8), np.float32), truth, np.eye(4, dtype=np.float32)[guesses], 1, 4)
    tiles = SampleTiles()
    qtbot.addWidget(tiles)
    tiles.resize(300, 300)
    measure = QFontMetrics(font(11))
    tiles.show_tiles(verdicts, np.array([0, 1]))
    room = tiles.place(0).width() + 2 * LABEL_SPILL
    assert measure.horizontalAdvance("강아지 → 고양이") <= room
    assert tiles.pair_text(0, 1, room) == "강아지 → 고양이"
    assert not tiles.place(0).intersects(tiles.place(1))
    tiles.show_tiles(verdicts, np.arange(4))
    room = tiles.place(0).width() + 2 * LABEL_SPILL
    for pair in ((2, 3), (3, 2), (2, 2)):
        text = tiles.pair_text(*pair, room)
        assert measure.horizontalAdvance(text) <= room and "…" in text
    assert tiles.pair_text(2, 3, room).startswith("a very") and tiles.pair_text(2, 3, room).endswith(" → b")


def a_cell(page):
    """The cell with most mistakes."""
    off = page.plot.counts.copy()
    np.fill_diagonal(off, 0)
    true, predicted = np.unravel_index(int(off.argmax()), off.shape)
    return int(true), int(predicted)


def test_a_cell_lists_its_samples_by_mouse_and_by_keys(qtbot, finished_lab):
    lab = finished_lab(small(epochs=2))
    truth, answers, _ = expected_of(lab.control.folder)
    page = shown(lab, "confusion")
    wait_for_final(qtbot, page, answers)
    lay_out()
    true, predicted = a_cell(page)
    qtbot.mouseMove(page.plot.viewport(), page.plot.place_of(true, predicted).center().toPoint())
    count = int(page.plot.counts[true, predicted])
    qtbot.waitUntil(lambda: page.line.wording.startswith(f"True {true}, predicted {predicted}: {count}"))
    qtbot.mouseClick(
        page.plot.viewport(), Qt.MouseButton.LeftButton, pos=page.plot.place_of(true, predicted).center().toPoint()
    )
    inside = np.flatnonzero((truth == true) & (answers.argmax(1) == predicted))
    assert sorted(page.gallery.tiles.numbers) == inside.tolist()
    qtbot.keyClick(page.gallery.tiles, Qt.Key.Key_Return)
    assert page.places.currentWidget() is page.sample
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.places.currentWidget() is page.gallery
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.places.currentWidget() is page.overview and not page.deep
    plot = page.plot
    plot._move_cell(None)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):  # the first one takes the first cell
        qtbot.keyClick(plot, key)
    assert plot.cell == (1, 1)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert sorted(page.gallery.tiles.numbers) == np.flatnonzero((truth == 1) & (answers.argmax(1) == 1)).tolist()
    assert page.plot.told(1, 2).startswith("True 1, predicted 2: ")


def test_a_regression_says_what_it_shows_instead(qtbot, make_lab):
    lab = make_lab(small("adding-lstm", epochs=1, samples=60))
    run(qtbot, lab)
    page = shown(lab, "confusion")
    assert page.question() is None and "numbers, not with classes" in page.note.text()
    assert page.places.currentWidget() is page.note


def test_characters_have_a_matrix_of_their_own(qtbot, make_lab):
    lab = make_lab(small("counting-lstm", epochs=1, samples=60))
    run(qtbot, lab)
    page = shown(lab, "confusion")
    qtbot.waitUntil(lambda: page.verdicts is not None)
    assert page.plot.counts.shape == (14, 14) and page.plot.counts.sum() == page.verdicts.steps * page.verdicts.total
    true, predicted = np.unravel_index(int(page.plot.counts.argmax()), (14, 14))
    page.choose_cell(int(true), int(predicted))
    page.show_sample(page.gallery.tiles.numbers[0])
    buttons = page.sample.buttons
    assert all(button.isHidden() for button in buttons.values())  # no lab takes a text
    page.grab()


def test_of_a_set_that_is_not_whole_the_page_says_how_much_it_is(qtbot, make_lab):
    page = ConfusionPage()
    qtbot.addWidget(page)
    page.show_run(small())
    answers = np.eye(10, dtype=np.float32)[np.arange(20) % 10]
    inputs = np.zeros((20, 1, 8, 8), np.float32)
    classes = tuple("0123456789")
    page.show_answer(Verdicts(classes, inputs, np.arange(20) % 10, answers, 1, 5_000))
    assert page.line.wording == "20 of 20 right, accuracy 100.0% (the first 20 of 5,000 validation samples)"
    broken = answers.copy()
    broken[0, 0] = np.nan
    page.show_answer(Verdicts(classes, inputs, np.arange(20) % 10, broken, 1, 20))
    assert page.note.text() == "The model's answers are no longer finite numbers."


def test_while_a_run_learns_a_costly_answer_is_followed_by_a_rest(qtbot):
    page = ConfusionPage()
    qtbot.addWidget(page)
    page.show_run(small())
    asked = page.question()
    assert isinstance(asked, Judge) and page.question() is asked
    answers = np.eye(10, dtype=np.float32)
    verdicts = partial(Verdicts, tuple("0123456789"), np.zeros((10, 1, 8, 8), np.float32), np.arange(10), answers, 1, 10, False)
    cost = page.free_s * 2
    page.show_answer(verdicts(cost, True))
    assert page.question() is None
    assert page._rests[""].interval() == round(1e3 * cost * 19)  # then it has taken a twentieth of the time
    with qtbot.waitSignal(page.question_changed):
        pass
    assert page.question() is asked
    page.show_answer(verdicts(cost, False))  # nobody is held up by a run that has ended, or by a kept model
    page.show_answer(verdicts(page.free_s / 2, True))
    assert page.question() is asked


def test_answers_of_fewer_classes_forget_the_cell_that_they_lack(qtbot, finished_lab):
    page = shown(finished_lab(small(epochs=2)), "confusion")
    qtbot.waitUntil(lambda: page.verdicts is not None)
    ten = page.verdicts
    fourteen = replace(ten, classes=tuple(map(str, range(14))), answers=np.pad(ten.answers, ((0, 0), (0, 4))))
    page.show_answer(fourteen)
    page.plot.cell_moved.emit((12, 3))  # the mouse is over it
    assert page.line.wording.startswith("True 12")
    page.show_answer(ten)
    assert "right" in page.line.wording
    page.show_answer(fourteen)
    page.choose_cell(12, 3)
    assert page.deep
    page.show_answer(ten)
    assert not page.deep and page.places.currentWidget() is page.overview


def test_a_run_under_way_is_judged_and_another_run_forgets_the_cell(qtbot, make_lab):
    lab = make_lab(small(epochs=2_000))
    page = shown(lab, "confusion")
    lab.play()
    qtbot.waitUntil(lambda: page.verdicts is not None)
    first = page.verdicts
    qtbot.waitUntil(lambda: page.verdicts is not first)  # it follows the run
    page.choose_cell(0, 0)
    lab.reset()
    qtbot.waitUntil(lambda: page.verdicts is None)
    assert page.aside == ""
    assert not page.deep and page.places.currentWidget() is page.note
    lab.worker.wait_until(lambda status: status.state.value == "idle", GIVE_UP_S)


# --- into the other labs


@pytest.fixture
def window(qtbot, tmp_path):
    made = MainWindow(tmp_path / "settings.toml", lab="training")
    qtbot.addWidget(made)
    made.resize(1400, 860)
    made.show()
    qtbot.waitSignal(made.torch_is_ready).wait() if not made._torch else None
    yield made
    made.close()


def trained(qtbot, window):
    lab = window.lab("training")
    lab.open_experiment(small(epochs=1))
    status = run(qtbot, lab)
    _, answers, data = expected_of(status.folder)
    page = shown(lab, "confusion")
    wait_for_final(qtbot, page, answers)
    lay_out()
    return page, answers, data


def click_to_sample(qtbot, page):
    """The first two clicks: a cell, and its first sample. Returns the sample's number."""
    place = page.plot.place_of(*a_cell(page)).center().toPoint()
    qtbot.mouseClick(page.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    lay_out()
    number = page.gallery.tiles.numbers[0]
    qtbot.mouseClick(page.gallery.tiles, Qt.MouseButton.LeftButton, pos=page.gallery.tiles.place(0).center())
    lay_out()
    return number


def test_three_clicks_lead_from_a_cell_to_the_exact_terms(qtbot, window):
    page, _, data = trained(qtbot, window)
    number = click_to_sample(qtbot, page)
    qtbot.mouseClick(page.sample.buttons["convolution"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_lab == "convolution")
    lab = window.lab("convolution")
    qtbot.waitUntil(lambda: lab.picker.shown is not None and lab.picker.shown.key.endswith(f"sample-{number}.npy"))
    sample = data.x_validation[number].numpy()
    np.testing.assert_array_equal(lab._loaded.picture.values_CHW, sample)
    assert lab.state().weights.source == "run" and lab.state().layer.out_channels == 16
    qtbot.waitUntil(lambda: lab._subjects.last is not None and lab._subjects.last.layer == lab.state().layer)
    kept = Run.open(Path(lab.state().weights.run)).weights()
    weight, bias = kept["0.weight"].double(), kept["0.bias"].double()
    expected = torch.nn.functional.conv2d(torch.from_numpy(sample)[None].double(), weight, bias, padding=1)[0]
    qtbot.waitUntil(lambda: lab.shown is not None and lab._torch_value((3, 4)) is not None)
    assert float(lab._torch_value((3, 4))) == pytest.approx(float(expected[lab.state().in_scene, 3, 4]), abs=1e-5)


def test_three_clicks_lead_from_a_cell_to_the_picture_in_all_layers(qtbot, window):
    page, answers, data = trained(qtbot, window)
    number = click_to_sample(qtbot, page)
    truth = int(data.y_validation[number])
    qtbot.mouseClick(page.sample.buttons["network"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_lab == "network")
    lab = window.lab("network")
    qtbot.waitUntil(lambda: lab.state().picture.endswith(f"sample-{number}.npy") and not lab.busy())
    np.testing.assert_array_equal(lab._loaded.picture.values_CHW, data.x_validation[number].numpy())
    assert lab.state().target == truth and lab.state().chosen == (0,)
    bars = lab.maps_card.bars
    np.testing.assert_allclose(bars._probabilities, answers[number], rtol=1e-4, atol=1e-6)


def test_a_sample_can_be_tried(qtbot, finished_lab):
    lab = finished_lab(small(epochs=2))
    _, answers, data = expected_of(lab.control.folder)
    page = shown(lab, "confusion")
    wait_for_final(qtbot, page, answers)
    number = click_to_sample(qtbot, page)
    qtbot.mouseClick(page.sample.buttons["try"], Qt.MouseButton.LeftButton)
    tried = lab.pages.try_page
    qtbot.waitUntil(lambda: tried.tried is not None and tried.isVisible() and tried.source == number)
    np.testing.assert_array_equal(tried.tried.input, data.x_validation[number].numpy())
    assert lab.state().pages[0] == "try"


def test_the_pages_speak_korean(qtbot, finished_lab):
    lab = finished_lab(small(epochs=2))
    page = shown(lab, "confusion")
    qtbot.waitUntil(lambda: page.verdicts is not None)
    language.set_language("ko")
    qtbot.waitUntil(lambda: "정확도" in page.line.wording)
    assert page.page_title() == "혼동 행렬" and lab.pages.mistakes.page_title() == "오답"
    assert "정답 1" in page.plot.told(1, 2) and "예측 2" in page.plot.told(1, 2)


def test_a_large_window_holds_the_page_and_gives_it_back(qtbot, finished_lab):
    lab = finished_lab(small(epochs=2))
    page = shown(lab, "confusion")
    qtbot.waitUntil(lambda: page.verdicts is not None)
    page.enlarge()
    assert page.own_window is not None and page.own_window.isVisible() and page.plot.window() is page.own_window
    page.choose_cell(0, 0)
    qtbot.keyClick(page.own_window, Qt.Key.Key_Escape)  # as it does on the page
    assert not page.deep and page.own_window is not None
    page.own_window.close()
    assert page.own_window is None and page.plot.window() is lab.window() and page.plot.isVisible()
    page.enlarge()
    lab.pages.set_chosen(("mistakes",))  # nobody would ask for its answers any more
    assert page.own_window is None
    lab.pages.set_chosen(("confusion",))
    assert page.plot.isVisible() and page.plot.cell_at(QPoint(1, 1)) is None


def test_the_run_is_the_same_to_the_bit_with_the_pages_on_the_screen(qtbot, make_lab, tmp_path):
    experiment = small(epochs=3)
    lab = make_lab(experiment)
    lab.pages.set_chosen(("try", "confusion"))
    run(qtbot, lab)
    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
    train(experiment, folder=tmp_path / "headless")
    expected = Run.open(tmp_path / "headless").history().train.since(0)
    for mine, theirs in zip(lab.worker.history.train.since(0), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_past_and_the_end_need_no_rest_and_a_model_that_is_gone_is_not_taken_along(qtbot):
    page = ConfusionPage()
    qtbot.addWidget(page)
    page.show_run(small())
    asked = page.question()
    answers, inputs = np.eye(10, dtype=np.float32), np.zeros((10, 1, 8, 8), np.float32)
    cost = page.free_s * 2
    costly = partial(Verdicts, tuple("0123456789"), inputs, np.arange(10), answers, 1, 10, False, cost, True)
    for end_rest in (lambda: page.set_past(True), lambda: page.set_learning(False), lambda: page.show_answer(None)):
        page.show_answer(costly())
        assert page.question() is None
        with qtbot.waitSignal(page.question_changed):
            end_rest()
        assert page.question() is asked
    page.show_answer(costly())
    page.show_sample(3)
    page._open("network")
    assert page.question() is not asked and page.question() is not None
    page.show_answer(None)
    assert page.question() is asked
