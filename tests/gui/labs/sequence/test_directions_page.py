"""Both directions apart, and the two summaries that are taken for each other. The oracle is torch's own output and h_n."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.data.datasets import load
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.figures import measured
from engine.layers.catalog import GRU, LSTM, Linear, Sequential
from engine.networks.trace import Path
from engine.passes.modules import build
from engine.sequences.gate_probe import look_at_gates
from engine.sequences.through_time import gradient_through_time
from gui.labs.sequence.cell_edits import both_ways, recurrent_of
from gui.labs.sequence.directions.directions_page import DirectionsPage
from gui.labs.sequence.sequence_look import SequenceLook


def small(*, both: bool = True, kind: str = "LSTM") -> Experiment:
    found = preset("waves-lstm")
    found = edited(found, data=edited(found.data, samples=20, length=12))
    found = both_ways(found) if both else found
    if kind != "LSTM":
        from engine.sequences.tasks import with_cell

        found = with_cell(found, kind)
    return found


def model_and_data(experiment: Experiment):
    data = load(experiment.data, seed=1)
    torch.manual_seed(2)
    return build(experiment.network.layers, data.input).eval(), data


@pytest.fixture
def page(qtbot) -> DirectionsPage:
    made = DirectionsPage()
    qtbot.addWidget(made)
    made.resize(320, 620)
    made.show()
    return made


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_both_directions_and_both_summaries_are_torchs(page, kind):
    experiment = small(kind=kind)
    page.show_run(experiment)
    page.set_look(SequenceLook(sample=1))
    question = page.question()
    assert question is not None and question is page.question()
    model, data = model_and_data(experiment)
    page.show_answer(question(model, data))
    rnn = next(module for module in model.modules() if isinstance(module, torch.nn.RNNBase))
    with torch.no_grad():
        sequence, state = rnn(data.x_validation[1:2])
    hidden = state[0] if isinstance(state, tuple) else state
    units = rnn.hidden_size
    parts = {part.key: part.values for part in page.drawing.parts()}
    np.testing.assert_allclose(parts["forward"], sequence[0, :, :units].T, atol=1e-6)
    np.testing.assert_allclose(parts["backward"], sequence[0, :, units:].T, atol=1e-6)
    np.testing.assert_allclose(parts["last_output"][0], sequence[0, -1], atol=1e-6)
    np.testing.assert_allclose(parts["last_states"][0], hidden[-2:, 0].flatten(), atol=1e-6)
    apart = float((sequence[0, -1, units:] - hidden[-1, 0]).norm())
    assert measured(apart, 3) in page.apart.text()
    assert page.drawing.steps_read("last_output") == (12, 1) and page.drawing.steps_read("last_states") == (12, 12)
    assert "backward: 1 step read" in page.drawing.accessibleDescription()
    assert page.handed.text().startswith("This network hands on the states of all time steps")
    assert page.grab().width() > 0


def test_a_network_that_hands_on_its_last_states_is_told_which_of_the_two_that_is(page):
    found = preset("adding-lstm")
    experiment = both_ways(edited(found, data=edited(found.data, samples=20, length=12)))
    page.show_run(experiment)
    model, data = model_and_data(experiment)
    page.show_answer(page.question()(model, data))
    assert page.handed.text() == "This network hands on the last hidden state of each direction (h_n)."


def test_the_frames_stand_at_the_columns_that_are_read(page):
    experiment = small()
    page.show_run(experiment)
    model, data = model_and_data(experiment)
    page.show_answer(page.question()(model, data))
    places = {part.key: part.place for part in page.drawing.parts()}
    forward_output, backward_output, forward_state, backward_state = (frame for _, frame in page.drawing.frames())
    right, left = places["forward"].right(), places["forward"].left()
    assert [frame.right() for frame in (forward_output, backward_output, forward_state)] == pytest.approx([right] * 3)
    assert backward_state.left() == pytest.approx(left) and backward_state.top() == places["backward"].top()


def test_a_layer_inside_of_nested_blocks_is_looked_at_by_its_place_and_has_its_gates_there(page):
    """The same place for every page: (1, "layers", 1, "layers", 0) is torch's module 1.1.0."""
    reads = LSTM(hidden_size=3, bidirectional=True, output="sequence")
    inner = Sequential(layers=(LSTM(hidden_size=4, output="sequence"), Sequential(layers=(reads,))))
    experiment = small(both=False)
    network = edited(
        experiment.network, layers=(GRU(hidden_size=2, output="sequence", bidirectional=True), inner, Linear(out_features=1))
    )
    experiment = edited(experiment, network=network)
    model, data = model_and_data(experiment)
    place: Path = (1, "layers", 1, "layers", 0)
    page.show_run(experiment)
    page.set_look(SequenceLook(sample=1, path=place))
    page.show_answer(page.question()(model, data))
    with torch.no_grad():
        read = model[1][0](model[0](data.x_validation[1:2]))
        sequence, _ = model[1][1][0].rnn(read)
    parts = {part.key: part.values for part in page.drawing.parts()}
    np.testing.assert_allclose(parts["forward"], sequence[0, :, :3].T, atol=1e-6)
    np.testing.assert_allclose(parts["backward"], sequence[0, :, 3:].T, atol=1e-6)
    gates = look_at_gates(model, data, 1, place)
    assert [path for path, _ in gates.recurrent] == [place]
    np.testing.assert_allclose(gates.recurrent[0][1][1].arrays["h"].T, parts["backward"], atol=1e-6)
    assert gradient_through_time(model, data, 1, path=place, backward=True).path == place


def test_a_network_that_reads_one_way_is_told_so_and_offered_the_other(qtbot, page):
    assert page.question() is None and not page.offer.isVisible()
    page.show_run(small(both=False))
    assert page.question() is None and page.offer.isVisible()
    assert page.empty.text().startswith("This network reads in one direction only")
    with qtbot.waitSignal(page.bidirectional_asked):
        page.offer.click()
    page.show_run(preset("digits-mlp"))
    assert page.question() is None and not page.offer.isVisible()
    assert page.empty.text() == "This network has no recurrent layer."


def test_the_offer_edits_the_settings_as_one_step(make_lab):
    lab = make_lab(small(both=False))
    lab.pages.directions.bidirectional_asked.emit()
    assert recurrent_of(lab.experiment()).bidirectional
    lab.undo()
    assert not recurrent_of(lab.experiment()).bidirectional


def test_another_sample_or_layer_is_another_question(page):
    page.show_run(small())
    before = page.question()
    page.set_look(SequenceLook(t=3, unit=2))
    assert page.question() is before
    page.set_look(SequenceLook(sample=3))
    assert page.question() is not before
    path: Path = (0,)
    page.set_look(SequenceLook(sample=3, path=path))
    assert page.question().keywords == {"sample": 3, "path": path}
