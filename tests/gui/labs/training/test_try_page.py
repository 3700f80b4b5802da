"""The page "try it": what is drawn, opened or moved is what the network gets, and the answer follows."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QImage

from engine.data.datasets import load
from engine.data.source import Framing
from engine.judging.moving import Motion, moved
from engine.judging.own_picture import own_input
from engine.judging.tried import Trial
from engine.passes.modules import build
from engine.runs.folder import Run
from gui.labs.training.trying.seen_picture import overlay
from gui.labs.training.trying.try_page import TryPage
from gui.shell import language
from gui.widgets.pictures.drawing_canvas import picture_of
from tests.gui.labs.training.small_runs import run, small, wait_for_end
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S


def opened(qtbot, make_lab, stem="digits-cnn"):
    """The page beside a run that has ended, with the run's model and data by torch alone."""
    lab = make_lab(small(stem, epochs=2))
    lab.pages.set_chosen(("try",))
    status = run(qtbot, lab)
    kept = Run.open(status.folder)
    data = load(kept.experiment.data, seed=kept.experiment.seed)
    model = build(kept.experiment.network.layers, data.input).eval()
    model.load_state_dict(kept.weights())
    page = lab.pages.try_page
    qtbot.waitUntil(lambda: page.tried is not None)
    return lab, page, model, data


def answers(model, x):
    with torch.no_grad():
        return model(torch.from_numpy(x)[None]).softmax(1)[0].numpy()


def wait_for(qtbot, page, x, model):
    """Wait until the page shows the model's answer to `x`."""
    qtbot.waitUntil(lambda: page.tried is not None and np.array_equal(page.tried.input, x))
    qtbot.waitUntil(lambda: np.allclose(page.tried.answers, answers(model, x), rtol=1e-4, atol=1e-6))


def test_validation_samples_one_after_the_other(qtbot, make_lab):
    _, page, model, data = opened(qtbot, make_lab)
    wait_for(qtbot, page, data.x_validation[0].numpy(), model)
    assert page.tried.label == int(data.y_validation[0])
    qtbot.mouseClick(page.board.sources["next"], Qt.MouseButton.LeftButton)
    wait_for(qtbot, page, data.x_validation[1].numpy(), model)
    assert page.line.wording.endswith(f"true: {data.y_validation[1]}")
    assert page.board.about.text() == "Validation sample 1 · 1 × 8 × 8, values from 0 to 1"


def test_the_sliders_move_what_the_network_gets(qtbot, make_lab):
    _, page, model, data = opened(qtbot, make_lab)
    sample = data.x_validation[0].numpy()
    page.board.rows["rotation"].box.setValue(30.0)
    page.board.rows["across"].box.setValue(1.5)
    page.board.rows["scale"].box.setValue(1.25)
    wait_for(qtbot, page, moved(sample, Motion(rotation=30, across=1.5, scale=1.25)), model)
    page.board.reset()
    wait_for(qtbot, page, sample, model)
    assert page.board.motion == Motion()


def test_while_a_slider_is_dragged_the_answers_follow_and_the_last_one_counts(qtbot, make_lab):
    _, page, model, data = opened(qtbot, make_lab)
    seen = []
    show = page.show_answer
    page.show_answer = lambda answer: (seen.append(page.board.motion), show(answer))
    for degrees in range(1, 41):  # as fast as a hand can be, and faster
        page.board.rows["rotation"].slider.setValue(page.board.rows["rotation"].slider.value() + 1)
        if degrees == 20:
            qtbot.waitUntil(lambda: len(seen) > 0)
    wait_for(qtbot, page, moved(data.x_validation[0].numpy(), page.board.motion), model)
    assert page.board.motion.rotation != 0


def test_a_number_beyond_its_limit_is_said_in_the_large_window_and_on_the_page(qtbot, make_lab):
    lab, page, _, _ = opened(qtbot, make_lab)
    box = page.board.rows["rotation"].box

    def say() -> None:
        page.board.ensureWidgetVisible(box)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "9999")
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert "9999" not in box.text() and box.note

    say()
    page.board.verticalScrollBar().setValue(page.board.verticalScrollBar().maximum())
    assert page.board.verticalScrollBar().value() > 0
    page.enlarge()
    assert page.board.verticalScrollBar().value() == 0  # the canvas is the first thing there, not what was below it
    say()
    window = page.own_window
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert box.window() is lab.window()
    say()
    lab.reset()  # hides the box, which takes its sentence along
    assert not box.note and not page.board.isVisible()


def test_what_is_drawn_is_placed_as_the_data_are(qtbot, make_lab):
    _, page, model, _ = opened(qtbot, make_lab)
    canvas = page.board.canvas
    canvas.begin(QPointF(4, 4), erasing=False)
    canvas.go_on(QPointF(4, 16))
    canvas.end()
    picture = picture_of(canvas.drawing)
    expected = own_input(picture, (1, 8, 8), Framing(8, "box")).values
    wait_for(qtbot, page, expected, model)
    assert page.tried.label is None
    assert page.board.about.text().startswith("Drawing: cut to its ink, longer side 8 pixels, in the middle")
    page.board.placed.click()
    plain = own_input(picture, (1, 8, 8), None).values
    wait_for(qtbot, page, plain, model)
    assert "cut to the input's proportions and scaled" in page.board.about.text()
    assert not np.array_equal(plain, expected)
    page.board.sources["clear"].click()
    wait_for(qtbot, page, np.zeros((1, 8, 8), np.float32), model)


def test_a_picture_of_ones_own_is_opened_and_what_was_done_to_it_is_said(qtbot, make_lab, tmp_path):
    _, page, model, _ = opened(qtbot, make_lab)
    image = QImage(40, 40, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    for y in range(5, 35):
        for x in range(10, 16):
            image.setPixelColor(x, y, QColor("black"))
    image.save(str(tmp_path / "one.png"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "one.png"))])
    page.picker.take(mime)
    ink = np.zeros((8, 8), np.float32)
    ink[:, 3:5] = 1  # 30 by 6 become 8 by 2
    qtbot.waitUntil(lambda: page.tried is not None and page.tried.label is None)
    wait_for(qtbot, page, page._own.values, model)
    np.testing.assert_allclose(page.tried.input[0], ink, atol=1e-6)
    text = page.board.about.text()
    assert text.startswith("one.png: ") and "dark and light exchanged" in text
    (tmp_path / "broken.png").write_bytes(b"nothing")
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "broken.png"))])
    page.picker.take(mime)
    qtbot.waitUntil(lambda: page.board.about.text() == page.picker.warning != "")
    np.testing.assert_allclose(page.tried.input[0], ink, atol=1e-6)  # the picture before stays


def test_the_picture_says_what_its_colours_are(qtbot, make_lab):
    board = make_lab().pages.try_page.board
    assert board.titles["seen"].wording == "Network input · colour: saliency"
    board.saliency.click()
    assert board.titles["seen"].wording == "Network input"


def test_the_saliency_is_of_the_class_that_is_chosen(qtbot, make_lab):
    _, page, model, data = opened(qtbot, make_lab)
    x = data.x_validation[0].numpy()
    wait_for(qtbot, page, x, model)
    assert page.tried.asked == page.tried.predicted
    lay_out()
    qtbot.mouseClick(page.board.bars, Qt.MouseButton.LeftButton, pos=page.board.bars.row(4).center().toPoint())
    qtbot.waitUntil(lambda: page.tried.asked == 4)
    expected = Trial(x, asked=4)(model, data).saliency
    np.testing.assert_allclose(page.tried.saliency, expected, rtol=1e-4, atol=1e-6)
    qtbot.keyClick(page.board.bars, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.tried.asked == 5)
    assert page.board.seen._over is not None
    page.board.saliency.click()
    assert page.board.seen._over is None


def test_the_overlay_is_clear_where_nothing_counts_and_brightest_where_most_does():
    image = overlay(np.array([[0.0, 2.0], [1.0, 0.0]], np.float32))
    assert image.pixelColor(0, 0).alpha() == 0 and image.pixelColor(1, 0).alpha() == 215
    assert 100 < image.pixelColor(0, 1).alpha() < 115
    assert overlay(np.zeros((2, 2), np.float32)).pixelColor(1, 1).alpha() == 0


def test_the_maps_are_those_of_each_layer(qtbot, make_lab):
    _, page, model, data = opened(qtbot, make_lab)
    wait_for(qtbot, page, data.x_validation[0].numpy(), model)
    assert page.board.maps.count == len(page.tried.maps) == 6  # up to Flatten
    with torch.no_grad():
        expected = model[:4](data.x_validation[:1])[0, :8].numpy()
    np.testing.assert_allclose(page.tried.maps[3].maps, expected, rtol=1e-4, atol=1e-5)


def test_a_network_that_is_learning_answers_too(qtbot, make_lab):
    lab = make_lab(small(epochs=2_000))
    lab.pages.set_chosen(("try",))
    lab.play()
    page = lab.pages.try_page
    qtbot.waitUntil(lambda: page.tried is not None)
    first = page.tried
    qtbot.waitUntil(lambda: page.tried is not first)
    page.board.rows["down"].slider.setValue(page.board.rows["down"].slider.value() + 15)
    motion = page.board.motion
    assert motion.down > 0
    sample = lab.worker.ask(lambda _model, data: data.x_validation[0].numpy().copy()).result(GIVE_UP_S)
    qtbot.waitUntil(lambda: np.array_equal(page.tried.input, moved(sample, motion)))
    lab.stop()
    wait_for_end(qtbot, lab)


def test_a_network_without_pictures_is_not_offered_the_page(qtbot, make_lab):
    lab = make_lab(small("adding-lstm", epochs=1, samples=60))
    lab.pages.set_chosen(("try",))
    run(qtbot, lab)
    page = lab.pages.try_page
    assert page.question() is None and page.isHidden() and "try" not in lab.pages.shown
    lab.open_experiment(small(epochs=1))
    run(qtbot, lab)
    lab.pages.set_chosen(("try",))
    assert page.isVisible() and page.question() is not None


@pytest.mark.parametrize("width", [196, 420, 740])
@pytest.mark.parametrize("spoken", ["en", "ko"])
def test_nothing_is_cut_off_at_any_width(qtbot, width, spoken):
    language.set_language(spoken)
    page = TryPage()
    qtbot.addWidget(page)
    page.show_run(small())
    board = page.board
    board.setParent(None)
    qtbot.addWidget(board)
    board.resize(width, 500)
    board.show()
    lay_out()
    inside = board.widget()
    assert inside.width() <= board.viewport().width()
    for part in (board.canvas, board.seen, board.bars, *board.rows.values(), *board.sources.values(), board.compare):
        corner = part.mapTo(inside, QPoint(part.width(), 0))
        assert corner.x() <= inside.width(), part
        assert part.width() >= part.minimumSizeHint().width(), part


def test_samples_are_counted_round_and_named_so(qtbot, make_lab):
    _, page, model, data = opened(qtbot, make_lab)
    page.show_sample(len(data.x_validation) + 2)
    wait_for(qtbot, page, data.x_validation[2].numpy(), model)
    assert page.board.about.text().startswith("Validation sample 2 ")


def test_the_keys_that_draw_run_nothing(qtbot, make_lab):
    lab, page, *_ = opened(qtbot, make_lab)
    canvas, ended = page.board.canvas, lab.worker.status()
    canvas.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(canvas, key)
    assert lab.worker.status().folder == ended.folder and lab.control.status().reason is not None, "no run has begun"
    assert canvas.drawing.pixels.pixelColor(canvas.cursor_at).lightness() > 0
    qtbot.waitUntil(lambda: page.board.about.text().startswith("Drawing: "))
