"""What an output remembers: tints and sentence are held to derivatives that the tests take, by autograd and differences."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from engine.data.datasets import Dataset, load
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.passes.modules import build
from gui.labs.sequence.cell_edits import both_ways
from gui.labs.sequence.remembering.remembering_page import RememberingPage
from gui.labs.sequence.remembering.tinted_picture import TintedPicture
from gui.labs.sequence.sequence_look import SequenceLook
from gui.shell import language, theme
from gui.widgets.formula_text import NO_BREAK


def waves() -> Experiment:
    found = preset("waves-lstm")
    return edited(found, data=edited(found.data, samples=20, length=30))


def model_and_data(experiment: Experiment) -> tuple[torch.nn.Sequential, Dataset]:
    data = load(experiment.data, seed=1)
    torch.manual_seed(2)
    model = build(experiment.network.layers, data.input, tokens=data.tokens).eval()
    return model, data


@pytest.fixture
def page(qtbot) -> RememberingPage:
    made = RememberingPage()
    qtbot.addWidget(made)
    made.resize(320, 620)
    made.show()
    return made


def asked(page: RememberingPage, model: torch.nn.Module, data: Dataset) -> None:
    question = page.question()
    assert question is not None
    page.show_answer(question(model, data))


def derivatives(model: torch.nn.Module, data: Dataset, sample: int, step: int) -> np.ndarray:
    """|dy_t / dx_s| of the first output by central differences, in float64."""
    wide = model.double()
    x = data.x_validation[sample : sample + 1].double()
    found = []
    with torch.no_grad():
        for at in range(x.shape[1]):
            apart = torch.zeros_like(x)
            apart[0, at, 0] = 1e-4
            found.append(abs(float((wide(x + apart)[0, step, 0] - wide(x - apart)[0, step, 0]) / 2e-4)))
    model.float()
    return np.array(found)


def test_the_series_is_tinted_by_the_derivatives_of_the_output(qtbot, page):
    experiment = waves()
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    page.set_look(SequenceLook(sample=1, t=17))
    asked(page, model, data)
    norms = derivatives(model, data, 1, 17)
    shares = norms / norms.max()
    np.testing.assert_allclose(page.series.tint, shares, atol=1e-3)
    np.testing.assert_allclose(page.norms.lines[1].values, shares, atol=1e-3)
    assert page.series.marked == 17 and (shares[18:] == 0).all()
    back = 17 - int(np.flatnonzero(shares[:18] >= 0.1)[0])
    assert f"up to {back} steps back" in page.told.text() or back < 2
    assert f"t = {int(norms.argmax()) + 1}" in page.told.text().replace(NO_BREAK, " ")
    np.testing.assert_allclose(page.series.lines[0].values, data.x_validation[1, :, 0], atol=1e-7)
    told = page.told
    qtbot.waitUntil(lambda: page.norms.isVisible() and told.height() >= told.heightForWidth(told.width()))


def test_a_picture_that_is_read_row_by_row_is_shown_with_the_tint_of_its_rows(qtbot, page):
    found = preset("digits-rows-lstm")
    experiment = edited(found, data=edited(found.data, samples=80))
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    page.set_look(SequenceLook(sample=1))
    asked(page, model, data)
    picture = page.picture
    assert picture.isVisible() and "series" not in page.__dict__
    x = data.x_validation[1:2].clone().requires_grad_()
    model(x)[0].max().backward()
    norms = x.grad[0].norm(dim=1).numpy()
    np.testing.assert_allclose(picture.tint, norms / norms.max(), atol=1e-5)
    np.testing.assert_array_equal(picture.rows, data.x_validation[1].numpy())
    assert page.note.text().startswith("Each row of the picture is a time step: 8 numbers are read at once.")
    assert "of the whole sequence" in page.told.text()
    # rows lie one below the other in their order, and their tint is painted
    tops = [picture.band(row).top() for row in range(8)]
    assert tops == sorted(tops) and picture.picture().height() == pytest.approx(picture.picture().width())
    seen = picture.grab().toImage()
    by_tint = [seen.pixelColor(int(picture.band(row).left()) + 4, int(picture.band(row).center().y())) for row in range(8)]
    order = np.argsort(norms)
    assert by_tint[order[-1]].blue() < by_tint[order[0]].blue()  # amber has no blue
    qtbot.mouseMove(picture, picture.band(5).center().toPoint())
    picture.mouseMoveEvent(moved(picture.band(5).center().toPoint()))
    assert picture.cursor_row == 5 and picture.accessibleDescription().startswith("t = 6\n")
    before = page.question()
    qtbot.keyClick(picture, Qt.Key.Key_Up)
    assert picture.cursor_row == 4 and page.question() is before  # there is one output only
    page.show_run(waves())
    asked(page, *model_and_data(waves()))
    assert page.series.isVisible() and not picture.isVisible()


@pytest.mark.parametrize("height", [110, 118, 131, 240])
def test_the_figures_of_the_first_and_the_last_row_are_whole_however_low_the_picture_is(qtbot, height):
    picture = TintedPicture()
    qtbot.addWidget(picture)
    picture.resize(300, height)
    picture.show_picture(np.eye(28))
    for row in (0, 27):
        place = picture.figure_place(row)
        assert QRectF(picture.rect()).contains(place)
        assert abs(place.center().y() - picture.band(row).center().y()) < place.height() / 2


def test_a_series_of_two_features_is_two_lines(page):
    found = preset("adding-lstm")
    experiment = edited(found, data=edited(found.data, samples=80))
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    asked(page, model, data)
    assert len(page.series.lines) == 2 and page.note.text().startswith("Lines: the 2 numbers that are read at each step.")
    assert "of the whole sequence" in page.told.text()
    before = page.question()
    page.series.cursor_moved.emit(2)  # there is one output only
    assert page.question() is before


def test_a_network_that_reads_both_ways_depends_on_later_inputs_and_says_so(page):
    experiment = both_ways(waves())
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    page.set_look(SequenceLook(sample=1, t=17, gate="h"))
    asked(page, model, data)
    norms = derivatives(model, data, 1, 17)
    ahead = int(np.flatnonzero(norms >= 0.1 * norms.max())[-1]) - 17
    assert ahead > 0 and f"up to {ahead} steps ahead" in page.told.text()
    np.testing.assert_allclose(page.series.tint, norms / norms.max(), atol=1e-3)


def test_at_first_the_last_output_is_looked_at(page):
    experiment = waves()
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    question = page.question()
    asked(page, model, data)
    assert page.series.marked == 29 and page.question() is question
    page.series.step_chosen.emit(0)
    asked(page, model, data)
    assert page.series.marked == 0


def test_the_pointer_chooses_the_output_and_a_click_keeps_it(qtbot, page):
    experiment = waves()
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    page.set_look(SequenceLook(t=20))
    asked(page, model, data)
    kept = page.question()
    with qtbot.waitSignal(page.question_changed):
        page.series.cursor_moved.emit(11)
    asked(page, model, data)
    assert page.series.marked == 11 and page.question() is not kept
    with qtbot.waitSignal(page.question_changed):
        page.series.cursor_moved.emit(None)
    assert page.question() is kept
    looks = []
    page.look_edited.connect(looks.append)
    page.series.step_chosen.emit(5)
    assert looks[-1].t == 5 and page.look.t == 5


def moved(place: QPoint) -> QMouseEvent:
    none = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(place), QPointF(place), none, none, Qt.KeyboardModifier.NoModifier)


def test_a_text_is_tinted_character_by_character(qtbot, page):
    experiment = preset("counting-lstm")
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    page.set_look(SequenceLook(t=9))
    asked(page, model, data)
    number = data.x_validation[0]
    assert page.text.characters == tuple(data.classes[index] for index in number.tolist())
    embedding = next(module for module in model.modules() if isinstance(module, torch.nn.Embedding))
    kept: list[torch.Tensor] = []

    def keep(_module: object, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        kept.append(output.detach().requires_grad_())
        return kept[0]

    handle = embedding.register_forward_hook(keep)
    output = model(number[None])[0, 9]
    handle.remove()
    output.max().backward()
    norms = kept[0].grad[0].norm(dim=1).numpy()
    np.testing.assert_allclose(page.text.tint, norms / norms.max(), atol=1e-4)
    assert page.text.marked == 9
    looks = []
    page.look_edited.connect(looks.append)
    place = page.text.cell(4).center().toPoint()
    with qtbot.waitSignal(page.question_changed):
        page.text.mouseMoveEvent(moved(place))
    assert page.step == 4
    qtbot.mouseClick(page.text, Qt.MouseButton.LeftButton, pos=place)
    assert looks[-1].t == 4
    page.text.setFocus()
    page.set_look(SequenceLook(t=9))
    asked(page, model, data)
    qtbot.keyClick(page.text, Qt.Key.Key_Left)
    assert looks[-1].t < 9


def test_without_a_run_the_page_says_what_it_is_for_and_a_picture_is_no_sequence(page):
    assert page.question() is None
    assert page.empty.text() == "Once a run has begun, this page shows how far back its outputs remember."
    experiment = preset("digits-mlp")
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    asked(page, model, data)
    assert page.empty.isVisible() and "no sequence" in page.empty.text()


def test_a_network_that_has_diverged_and_one_that_remembers_nothing(page):
    experiment = waves()
    model, data = model_and_data(experiment)
    page.show_run(experiment)
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
    asked(page, model, data)
    assert "depends on no input" in page.told.text()
    with torch.no_grad():
        for weights in model.parameters():
            weights.fill_(float("nan"))
    asked(page, model, data)
    assert "no longer finite" in page.told.text()
    for tongue in ("ko", "en"):
        for scheme in ("dark", "light"):
            language.set_language(tongue)
            theme.apply(scheme)
            assert page.grab().width() > 0
