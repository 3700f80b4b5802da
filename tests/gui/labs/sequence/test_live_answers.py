"""The pages of gradients, predictions, embeddings and conventions in the lab: before, while and after a network learns, at a
moment of the past, and with three cells side by side."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.passes.past import PastModel
from engine.runs.folder import Run
from gui.labs.sequence.cells_beside import CellsBeside
from tests.gui.labs.sequence.small_models import small, unrolled


def tiny(stem, **training):
    return small(stem, length=10, samples=60, epochs=2, device="cpu", **training)


def ended(qtbot, lab):
    with qtbot.waitSignal(lab.run_ended):
        lab.play()


def kept_model(lab):
    """The run's own network, read back from its folder."""
    past = PastModel(lab.control.experiment)
    return past.at(Run.open(lab.control.folder).weights()), past.dataset


def test_the_gradient_of_a_run_that_has_ended_is_that_of_the_weights_in_its_folder(qtbot, make_lab):
    lab = make_lab(tiny("waves-lstm"))
    page = lab.pages.pages["gradients"]
    lab.pages.chosen.emit("gradients")
    ended(qtbot, lab)
    model, data = kept_model(lab)
    known = np.linalg.norm(unrolled(model, data.x_validation[0], data.y_validation[0]).total(), axis=1)

    def matches():
        lines = {line.name: np.array(line.values) for line in page.plot.lines} if page.answers else {}
        return "LSTM" in lines and np.allclose(lines["LSTM"], known, rtol=1e-4)

    qtbot.waitUntil(matches)


def test_a_moment_of_the_past_has_its_own_gradient_and_forecast(qtbot, make_lab):
    lab = make_lab(tiny("waves-lstm"))
    for name in ("gradients", "predicting"):
        lab.pages.chosen.emit(name)
    ended(qtbot, lab)
    gradients, predicting = lab.pages.pages["gradients"], lab.pages.pages["predicting"]
    step = min(lab.control.kept_weights.steps)
    past = PastModel(lab.control.experiment)
    model, data = past.at(lab.control.kept_weights.read(step)), past.dataset
    with torch.no_grad():
        forced = model(data.x_validation[:1])[0, :, 0].numpy().copy()
    known = np.linalg.norm(unrolled(model, data.x_validation[0], data.y_validation[0]).total(), axis=1)
    lab.timeline.go_to(step)

    def matches():
        found = predicting._found
        if found is None or not gradients.answers:
            return False
        total = next(np.array(line.values) for line in gradients.plot.lines if line.name == "LSTM")
        return np.allclose(found.forced[:, 0], forced, atol=1e-6) and np.allclose(total, known, rtol=1e-4)

    qtbot.waitUntil(matches)


def test_three_cells_side_by_side_answer_in_one_plot(qtbot, make_lab):
    lab = make_lab(tiny("waves-lstm"))
    lab.choose_cell("beside")
    lab.pages.chosen.emit("gradients")
    page = lab.pages.pages["gradients"]
    assert isinstance(lab.others, CellsBeside)
    ended(qtbot, lab)
    qtbot.waitUntil(lambda: set(page.answers) == {"LSTM", "RNN", "GRU"})
    assert [line.name for line in page.plot.lines if "last" not in line.name] == ["LSTM", "RNN", "GRU"]


@pytest.mark.parametrize("name", ["predicting", "embedding"])
def test_a_network_that_reads_characters_answers_on_both_pages(qtbot, make_lab, name):
    lab = make_lab(tiny("counting-lstm"))
    lab.pages.chosen.emit(name)
    ended(qtbot, lab)
    page = lab.pages.pages[name]
    qtbot.waitUntil(lambda: page._found is not None)
    model, data = kept_model(lab)
    if name == "embedding":
        qtbot.waitUntil(lambda: np.array_equal(page.shown.table, model[0].weight.detach().numpy()))
        return
    with torch.no_grad():
        known = model(data.x_validation[:1])[0].double().softmax(dim=1).numpy()
    qtbot.waitUntil(lambda: np.allclose(page._found.next.probabilities, known, atol=1e-6))


def test_conventions_follow_the_settings_and_the_choice_of_counting(make_lab):
    lab = make_lab(tiny("waves-lstm"), torch=False)
    page = lab.pages.pages["conventions"]
    lab.pages.chosen.emit("conventions")
    assert page.cell.current == "LSTM" and page.sizes_shown[0] == 1
    lab.choose_cell("GRU")
    assert page.cell.current == "GRU"
    names = [page.table.written.text(number, "framework") for number in range(page.table.written.rowCount())]
    page.table.selectRow(names.index("Keras"))
    assert lab.state().convention == "keras" and lab.panel.parameters.convention.current == "keras"
    lab.count_as("torch")
    lab.set_state(lab.state())
    assert page.chosen.framework == "PyTorch"
