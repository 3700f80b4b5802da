"""The page of the gates shows what torch's own cell computes, follows the run, and is walked in by mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from engine.fields import edited
from engine.runs.status import State
from engine.sequences.tasks import with_cell, with_convolution
from gui.labs.sequence.cell_edits import recurrent_of, with_recurrent
from gui.labs.sequence.gates.gate_maps import GateMaps
from gui.labs.sequence.sequence_look import SequenceLook
from tests.gui.labs.sequence.test_sequence_lab import run, small
from tests.gui.layouts import lay_out

H, T = 64, 12


def shown(qtbot, lab) -> GateMaps:
    """The maps, once they show the model at the end of the run."""
    page, maps = lab.pages.gates, lab.pages.gates.maps
    qtbot.waitUntil(lambda: maps.direction is not None and page.asked_after == lab.control.reached)
    return maps


def gates_by_hand(lab, sample: int) -> dict[str, np.ndarray]:
    """i, f, g, o, c, h of the run's LSTM, step by step in float64, from its weights on the disk."""
    from safetensors.numpy import load_file

    from engine.data.datasets import load

    experiment = lab.experiment()
    data = load(experiment.data, seed=experiment.seed)
    weights = load_file(lab.control.folder / "weights.safetensors")
    own = {name.rsplit(".", 1)[-1]: values.astype(np.float64) for name, values in weights.items() if "_l0" in name}
    x = data.x_validation[sample].numpy().astype(np.float64)
    h = c = np.zeros(H)
    found: dict[str, list[np.ndarray]] = {name: [] for name in "ifgoch"}
    for x_t in x:
        sums = own["weight_ih_l0"] @ x_t + own["bias_ih_l0"] + own["weight_hh_l0"] @ h + own["bias_hh_l0"]
        i, f, g, o = np.split(sums, 4)
        i, f, o = (1 / (1 + np.exp(-each)) for each in (i, f, o))
        g = np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        for name, values in zip("ifgoch", (i, f, g, o, c, h), strict=True):
            found[name].append(values)
    return {name: np.array(values) for name, values in found.items()}


def test_the_maps_show_the_gates_of_the_run_as_an_own_loop_computes_them(qtbot, finished_lab):
    lab = finished_lab(small())
    maps = shown(qtbot, lab)
    expected = gates_by_hand(lab, 0)
    qtbot.waitUntil(lambda: bool(np.allclose(maps.direction.arrays["h"], expected["h"], atol=1e-5)))
    assert maps.names == ("i", "f", "g", "o", "c", "h")
    for name in maps.names:
        np.testing.assert_allclose(maps.direction.arrays[name], expected[name], atol=1e-5)
    mean_log = np.log(expected["f"]).mean(0)
    t, unit = 3, 6
    lab.look_at(SequenceLook(t=t, unit=unit, gate="f"))
    page = lab.pages.gates
    assert f"f = {expected['f'][t, unit]:.4f}" in page.said.wording
    assert f"half-life {-np.log(2) / mean_log[unit]:.1f} steps" in page.kept.wording
    closed = float((expected["f"][:, unit] < 0.1).mean())
    assert f"f < 0.1: {100 * closed:.1f}%" in page.kept.wording


def test_a_click_chooses_a_cell_and_the_arrow_keys_walk_from_there(qtbot, finished_lab):
    lab = finished_lab(small())
    maps = shown(qtbot, lab)
    places = maps.places()
    number = maps.names.index("f")
    band = places.maps[number]
    begin, end = places.span(4)
    at = QPoint(int((begin + end) / 2), int(band.top + band.height * 10.5 / H * (len(maps.images["f"].pixels) and 1)))
    assert lab.state().look.t is None and maps.t == T // 2  # as long as none was chosen
    QTest.mouseClick(maps, Qt.MouseButton.LeftButton, pos=at)
    look = lab.state().look
    assert (look.t, look.gate) == (4, "f") and abs(look.unit - 10) <= maps.images["f"].units
    step = lab.control.reached
    maps.setFocus()
    for key, change in (
        (Qt.Key.Key_Right, (1, 0)),
        (Qt.Key.Key_Down, (0, 1)),
        (Qt.Key.Key_Left, (-1, 0)),
        (Qt.Key.Key_Up, (0, -1)),
    ):
        before = lab.state().look
        QTest.keyClick(maps, key)
        after = lab.state().look
        assert (after.t - before.t, after.unit - before.unit) == change
    QTest.keyClick(maps, Qt.Key.Key_End)
    assert lab.state().look.t == T - 1
    assert lab.control.reached == step  # Right has not begun an iteration


def test_units_are_sorted_by_their_mean_forget_value(qtbot, finished_lab):
    lab = finished_lab(small())
    maps, page = shown(qtbot, lab), lab.pages.gates
    page.order.chosen.emit("forget")
    assert lab.state().gates.order == "forget"
    means = maps.direction.arrays["f"].astype(np.float64).mean(0)
    order = maps.order
    assert order is not None and (np.diff(means[order]) <= 0).all()


@pytest.mark.parametrize(("kind", "names"), [("RNN", "h"), ("GRU", "rznh"), ("LSTM", "ifgoch")])
def test_each_cell_has_its_own_maps(qtbot, make_lab, kind, names):
    lab = make_lab(with_cell(small(epochs=1), kind))
    run(qtbot, lab)
    assert "".join(shown(qtbot, lab).names) == names


def test_layers_and_directions_can_be_chosen(qtbot, make_lab):
    experiment = small(epochs=1)
    layer = recurrent_of(experiment)
    experiment = with_recurrent(experiment, edited(layer, num_layers=2, bidirectional=True, hidden_size=5))
    lab = make_lab(experiment)
    run(qtbot, lab)
    maps, page = shown(qtbot, lab), lab.pages.gates
    assert page.layer.isVisible() and page.direction_choice.isVisible()
    page.layer.chosen.emit("1")
    page.direction_choice.button("backward").click()
    assert (maps.direction.layer, maps.direction.backward) == (1, True)
    assert (lab.state().look.layer, lab.state().look.backward) == (1, True)
    for width in (300, 500, 900):
        page.resize(width, 500)  # until its layout is asked again
        assert (page._second.indexOf(page.order) >= 0) == (width < 500)


def test_the_next_sample_is_asked_for(qtbot, finished_lab):
    lab = finished_lab(small())
    shown(qtbot, lab)
    lab.pages.gates.after.click()
    assert lab.state().look.sample == 1
    qtbot.waitUntil(lambda: lab.pages.gates.answer is not None and lab.pages.gates.answer.sample == 1)


def test_one_step_and_thousands_of_them_are_drawn(qtbot):
    """5,000 steps of 512 units, and one step of one unit: painted, walked in, and told."""
    from engine.sequences.gate_probe import GatesAnswer
    from engine.sequences.opened import opened

    for steps, units in ((5000, 512), (1, 1)):
        rnn = torch.nn.LSTM(1, units, batch_first=True)
        x = np.random.default_rng(0).random((steps, 1), np.float32)
        (direction,) = opened(rnn, x)
        answer = GatesAnswer(0, 1, "regression", (), x, x, x, (((0,), (direction,)),))
        maps = GateMaps()
        qtbot.addWidget(maps)
        maps.resize(600, 500)
        maps.show_gates(answer, direction)
        chosen: list[tuple[int, int, str]] = []
        maps.cell_chosen.connect(lambda *cell, chosen=chosen: chosen.append(cell))
        assert not maps.grab().isNull()
        QTest.keyClick(maps, Qt.Key.Key_End)
        QTest.mouseClick(maps, Qt.MouseButton.LeftButton, pos=QPoint(590, 480))
        assert all(0 <= t < steps and 0 <= unit < units for t, unit, _ in chosen)
        t = steps // 2  # as long as none was chosen
        assert f"t = {t + 1:,}: {direction.arrays['c'][t, 0]:.4f}".replace("-", "−") in maps.accessibleDescription()


def test_the_characters_of_the_chosen_step_are_framed_and_not_crossed_out(qtbot):
    """What is read at that step is what the user looks for."""
    from engine.sequences.gate_probe import GatesAnswer
    from engine.sequences.opened import opened

    steps = 20
    (direction,) = opened(torch.nn.LSTM(1, 3, batch_first=True), np.zeros((steps, 1), np.float32))
    tokens = np.zeros(steps, np.int64)
    answer = GatesAnswer(0, 1, "next_token", ("B",), tokens, tokens, np.zeros((steps, 1), np.float32), (((0,), (direction,)),))
    maps = GateMaps()
    qtbot.addWidget(maps)
    maps.resize(700, 500)
    maps.show_gates(answer, direction)
    places = maps.places()

    def letters(t: int):
        """What is drawn of the characters at a step, within its frame."""
        begin, end = places.span(t)
        lane = places.input
        return maps.grab(QRect(int(begin) + 3, int(lane.top) + 3, int(end - begin) - 6, int(lane.height) - 6)).toImage()

    maps.set_look(SequenceLook(t=15))
    free, edge = letters(4), maps.grab(QRect(int(places.span(4)[0]) - 2, int(places.input.top), 5, 40)).toImage()
    assert len({free.pixel(x, y) for x in range(free.width()) for y in range(free.height())}) > 2
    maps.set_look(SequenceLook(t=4))
    assert letters(4) == free
    assert maps.grab(QRect(int(places.span(4)[0]) - 2, int(places.input.top), 5, 40)).toImage() != edge


def test_what_each_row_is_the_mean_of_is_that_of_the_maps_as_they_are_drawn(qtbot, finished_lab):
    """Also after the window has become larger or smaller, without a new answer."""
    lab = finished_lab(small())
    maps, page = shown(qtbot, lab), lab.pages.gates
    told = set()
    for height in (640, 1300, 640):
        lab.resize(1240, height)
        lay_out()
        units = maps.images["c"].units
        told.add(units)
        words = f"each row shows the mean of {units} units" if units > 1 else ""
        for said in (page.said.wording, maps.accessibleDescription()):
            assert words in said and ("each row" in said) == (units > 1)
    assert len(told) > 1


def test_only_a_run_that_is_under_way_is_called_live(qtbot, make_lab):
    lab = make_lab(small(epochs=5_000, samples=400))
    lab.play()
    page = lab.pages.gates
    qtbot.waitUntil(lambda: "live" in page.said.wording)
    lab.pause()
    qtbot.waitUntil(lambda: lab.control.status().state is State.PAUSED)
    qtbot.waitUntil(lambda: "live" not in page.said.wording)
    answer = page.answer
    for _ in range(5):  # as where the user walks through the samples
        page.show_answer(answer)
    assert "live" not in page.said.wording
    lab.stop()


def test_causal_convolutions_run_beside_the_cell_in_the_same_plots(qtbot, make_lab):
    lab = make_lab(small())
    lab.choose_cell("convolution")
    lab.play()
    page = lab.pages.gates
    qtbot.waitUntil(lambda: "Conv1d" in page.columns and page.columns["Conv1d"].direction is not None)
    qtbot.waitUntil(lambda: page.maps.direction is not None)  # either may answer first
    shown = page.columns["Conv1d"].direction
    assert shown.arrays["h"].shape == (T, H) and page.maps.direction.kind == "LSTM"
    assert page.columns["Conv1d"].isVisible() and page.maps.isVisible()
    qtbot.waitUntil(lambda: len(lab.pages.curves.beside.loss.data.strands["Conv1d.train"].raw) == 4)
    page.columns["Conv1d"].cell_chosen.emit(2, 3, "h")
    assert "Channels · unit 4 · t = 3" in page.columns["Conv1d"].accessibleDescription()


def test_a_network_of_convolutions_alone_shows_their_channels(qtbot, make_lab):
    lab = make_lab(with_convolution(small(epochs=1)))
    run(qtbot, lab)
    page = lab.pages.gates
    qtbot.waitUntil(lambda: page.maps.direction is not None)
    assert "sees 3 time steps" in page.kept.wording  # the first layer's filter
