"""The page of the decision boundary: it shows what torch answers with the run's own weights, now and in the past, is offered
where there are two inputs, and says the values under the cursor."""

from __future__ import annotations

import numpy as np
import torch
from PySide6.QtCore import Qt

from engine.data.datasets import Dataset, load
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.judging.decision_plane import look_at_plane
from engine.passes.modules import build
from engine.runs.folder import Run
from gui.labs.training.judged.sample_tiles import sample_of
from gui.labs.training.pages.plane_page import PlanePage
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small
from tests.gui.labs.training.test_timeline import go_to
from tests.gui.layouts import lay_out


def answers_by_hand(lab, step=None):
    """(SIDE, SIDE, classes) by a module that torch has built, with the weights out of the run's file."""
    experiment = lab.control.experiment
    data = load(experiment.data, seed=experiment.seed)
    found = Run.open(lab.control.folder)
    weights = found.weights() if step is None else found.timeline().read(step)
    model = build(experiment.network.layers, data.input).eval()
    copied = {name: part if isinstance(part, torch.Tensor) else torch.from_numpy(part.copy()) for name, part in weights.items()}
    model.load_state_dict(copied)
    plane = lab.pages.plane.plane
    x, y = np.meshgrid(plane.across, plane.up)
    with torch.no_grad():
        places = torch.from_numpy(np.stack([x, y], axis=2).astype(np.float32))
        return model(places.reshape(-1, 2)).softmax(1).reshape(100, 100, -1).numpy()


def small_moons(epochs=3, **training):
    return small("moons-mlp", epochs=epochs, samples=100, **training)


def shows(qtbot, lab, expected):
    qtbot.waitUntil(
        lambda: lab.pages.plane.plane is not None and np.allclose(lab.pages.plane.plane.answers, expected(), atol=1e-5)
    )


def test_it_shows_the_final_weights_and_those_of_any_moment(qtbot, make_lab):
    lab = make_lab(small_moons())
    run(qtbot, lab)
    page = lab.pages.plane
    qtbot.waitUntil(lambda: page.plane is not None)
    shows(qtbot, lab, lambda: answers_by_hand(lab))
    now = page.plane.answers
    step = go_to(qtbot, lab, 2)
    shows(qtbot, lab, lambda: answers_by_hand(lab, step))
    assert not np.allclose(page.plane.answers, now)
    assert page.plot.plane is page.plane and page.plot.isVisible()


def test_it_is_offered_for_two_inputs_and_leads_until_another_is_chosen(qtbot, make_lab):
    lab = make_lab(small(epochs=1))
    run(qtbot, lab)
    assert "plane" not in lab.pages.shown
    choice = lab.pages.prediction
    assert choice.isVisible()
    lab.open_experiment(small_moons(1))
    run(qtbot, lab)
    assert lab.pages.shown[0] == "plane" and lab.pages.plane.isVisible()
    lab.show_page("prediction")
    assert lab.pages.shown == ("prediction", "confusion", "plane") == lab.state().pages
    assert lab.pages.prediction.isVisible() and not lab.pages.plane.isVisible()
    lab.set_state(lab.state())
    assert lab.pages.prediction.isVisible(), "the state says which page is shown"
    lab.open_experiment(edited(small_moons(1), seed=8))
    run(qtbot, lab)
    assert lab.pages.prediction.isVisible(), "also for the next run"
    lab.show_page("plane")
    lab.open_experiment(small(epochs=1))
    run(qtbot, lab)
    assert lab.pages.shown[0] == "prediction", "pictures have no plane"


def test_the_line_says_how_many_are_right_and_what_lies_under_the_cursor(qtbot, make_lab):
    lab = make_lab(small_moons(8))
    run(qtbot, lab)
    page = lab.pages.plane
    qtbot.waitUntil(lambda: page.plane is not None)
    shows(qtbot, lab, lambda: answers_by_hand(lab))
    lay_out()
    right = int((~page.plane.validation.wrong).sum())
    assert page.line.wording.startswith(f"Validation {right}/20 right (")
    point = page.plane.validation.places[0]
    page.plot._move_place(page.plot.place_under(page.plot.point_of(*point.astype(float))))
    row, column = page.plot.place
    first = page.plane.answers[row, column, 0]
    assert f"{100 * first:.1f}%" in page.line.wording or first > 0.999 or first < 0.001
    assert f"validation point, true {page.plane.validation.truth[0]}" in page.line.wording
    page.plot._move_place(None)
    assert page.line.wording.startswith("Validation ")


def test_unit_lines_are_a_part_of_the_state(qtbot, make_lab):
    lab = make_lab(small_moons(1))
    run(qtbot, lab)
    page = lab.pages.plane
    qtbot.waitUntil(lambda: page.plane is not None)
    assert len(page.plane.units) == 8
    assert not page.plot.units.path().isEmpty()
    qtbot.mouseClick(page.units, Qt.MouseButton.LeftButton, pos=page.units.rect().center() - page.units.rect().center() / 2)
    assert lab.state().unit_lines == page.units.isChecked()
    lab.set_state(edited(lab.state(), unit_lines=False))
    assert page.plot.units.path().isEmpty() and not page.units.isChecked()


def test_one_hidden_layer_solves_what_none_can(qtbot, make_lab):
    """What the preset's words promise."""
    whole = preset("xor")
    without = edited(whole, network=edited(whole.network, layers=whole.network.layers[-1:]))
    for experiment, least, most in ((whole, 0.93, 1.0), (without, 0.2, 0.75)):
        status = run(qtbot, make_lab(edited(experiment, training=edited(experiment.training, device="cpu", epochs=40))))
        assert least <= status.validation_accuracy <= most


def test_in_korean(qtbot, make_lab):
    language.set_language("ko")
    lab = make_lab(small_moons(1))
    run(qtbot, lab)
    page = lab.pages.plane
    qtbot.waitUntil(lambda: page.plane is not None)
    assert page.page_title() == "결정 경계"
    assert page.line.wording.startswith("검증")
    texts = [text for _, text in page.legend.entries()]
    assert "훈련" in texts and "검증" in texts


def test_points_are_numbers_on_the_other_pages(qtbot, make_lab):
    """What is no picture is written as its numbers, among the answers and among the mistakes."""
    lab = make_lab(small_moons(1, lr=1e-4))
    run(qtbot, lab)
    lab.show_page("prediction")
    lab.show_page("mistakes")
    qtbot.waitUntil(lambda: lab.prediction.view.prediction is not None and lab.pages.mistakes.verdicts is not None)
    found = lab.prediction.view.prediction
    data = load(lab.control.experiment.data, seed=lab.control.experiment.seed)
    assert np.array_equal(found.pictures, data.x_validation[:12].numpy())
    lab.prediction.view.grab()
    page = lab.pages.mistakes
    number = page.gallery.tiles.numbers[0]
    x, y = (f"{value + 0.0:.2f}".replace("-", "−") for value in data.x_validation[number].tolist())
    assert sample_of(page.verdicts, number) == f"{x}, {y}"
    page.show_sample(number)
    assert page.places.currentWidget() is page.sample
    assert all(button.isHidden() for button in page.sample.buttons.values()), "no lab shows points"


def test_a_regression_says_how_far_off_it_is(qtbot):
    """Of two inputs and a number: colours by the number, no boundary and nothing that is wrong."""
    torch.manual_seed(3)
    model, x = torch.nn.Sequential(torch.nn.Linear(2, 1)).eval(), torch.rand(40, 2)
    y = x.sum(1, keepdim=True)
    data = Dataset("own", x, y, x, y, (), (2,), tokens=False, outputs=1, task="regression", loss="mean_squared_error")
    page = PlanePage()
    qtbot.addWidget(page)
    page.resize(420, 380)
    page.show()
    page.show_answer(look_at_plane(model, data))
    with torch.no_grad():
        error = float((model(x) - y).abs().mean())
    assert page.line.wording == f"Mean error of the validation points: {error:.4f}"
    words = [text for _, text in page.legend.entries()]
    assert "wrong" not in words and "training" in words and " … " in words[0]
    page.plot._move_place((10, 20))
    assert page.line.wording.startswith(f"({page.plane.across[20]:.2f}, {page.plane.up[10]:.2f}".replace("-", "−"))
    assert page.beside.x() >= page.plot.geometry().right()
    page.resize(250, 520)
    qtbot.waitUntil(lambda: page.beside.y() >= page.plot.geometry().bottom() > 150)  # where the page is high
    plot = page.plot
    page.resize(240, 220)
    lay_out()
    page.resize(240, 220 - (plot.height() - 90))  # what the lowest window leaves it: the figures below are whole
    lay_out()
    assert plot.height() == 90 and plot.mapTo(page.places, plot.rect().bottomRight()).y() <= page.places.rect().bottom()
    assert plot.bottom.geometry().bottom() <= plot.height()
    page.show_answer(None)
    assert page.places.currentWidget() is page.note


def test_the_window_keeps_its_size_when_the_page_comes_and_the_legend_finds_a_place(qtbot, make_lab):
    lab = make_lab(small(epochs=1))
    run(qtbot, lab)
    lay_out()
    before = lab.size()
    lab.open_experiment(small_moons(1))
    run(qtbot, lab)
    page = lab.pages.plane
    qtbot.waitUntil(lambda: page.plane is not None)
    lay_out()
    assert lab.size() == before
    assert page.legend.isVisible() and page.beside.x() >= page.plot.geometry().right()
