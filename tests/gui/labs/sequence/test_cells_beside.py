"""RNN, LSTM and GRU side by side: three runs that take turns, each with the numbers of its run alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint

from engine.data.datasets import load
from engine.passes.modules import build
from engine.runs.folder import Run, subfolders
from engine.runs.status import Reason, State
from engine.sequences.tasks import CELL_KINDS, cell_kind, with_cell
from engine.training.worker import train
from tests.gui.labs.sequence.test_sequence_lab import small
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S


def ended(lab) -> bool:
    statuses = [control.status() for control in (lab.control, *lab.others.controls.values())]
    return all(status is not None and status.state is State.IDLE and status.reason is not None for status in statuses)


def test_each_of_the_three_runs_has_the_losses_of_its_run_alone_to_the_bit(qtbot, make_lab, tmp_path):
    lab = make_lab(small())
    lab.choose_cell("beside")
    assert set(lab.others.controls) == {"RNN", "GRU"}
    lab.play()
    qtbot.waitUntil(lambda: ended(lab))
    runs = {Run.open(folder).experiment.name: Run.open(folder) for folder in subfolders(tmp_path / "runs")}
    assert len(runs) == 3
    lab.close_lab(GIVE_UP_S)  # its three runs answer their pages after the end, with torch's one generator
    for cell in CELL_KINDS:
        experiment = with_cell(small(), cell)
        train(experiment, folder=tmp_path / cell)
        expected, found = Run.open(tmp_path / cell).history(), runs[experiment.name].history()
        for mine, theirs in zip(found.train.since(0), expected.train.since(0), strict=True):
            np.testing.assert_array_equal(mine, theirs)
        drawn, losses = lab.pages.curves.beside.loss.data.strands[f"{cell}.train"].raw, expected.train.since(0)[1]
        qtbot.waitUntil(lambda drawn=drawn, losses=losses: np.array_equal(drawn.y, losses))


@pytest.mark.parametrize("press", ["play", "play_or_pause"])
def test_a_press_reaches_the_others_although_the_first_run_has_ended_by_then(qtbot, make_lab, monkeypatch, press):
    lab = make_lab(small(epochs=1))
    lab.choose_cell("beside")
    poll = lab.bridge.poll

    def late():
        assert lab.worker.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S)
        poll()

    monkeypatch.setattr(lab.bridge, "poll", late)
    getattr(lab, press)()
    assert lab.control.status().reason is Reason.COMPLETED
    qtbot.waitUntil(lambda: ended(lab))


def test_the_gates_of_all_three_are_shown_cells_beside(qtbot, make_lab):
    lab = make_lab(small())
    lab.choose_cell("beside")
    lab.play()
    page = lab.pages.gates
    qtbot.waitUntil(lambda: ended(lab))

    def kinds() -> set[str]:
        return {maps.direction.kind for maps in page.columns.values() if maps.direction is not None and maps.isVisible()}

    qtbot.waitUntil(lambda: kinds() == {"RNN", "LSTM", "GRU"})
    places = {maps.direction.kind: maps.mapTo(page, QPoint(0, 0)).x() for maps in page.columns.values()}
    assert places["LSTM"] < places["RNN"] < places["GRU"]  # the experiment's own first
    page.columns["GRU"].cell_chosen.emit(5, 7, "z")
    assert all(maps.look.t == 5 for maps in page.columns.values())
    lab.choose_cell("LSTM")
    assert kinds() == {"LSTM"} and not lab.others.controls


def test_one_bar_commands_all_three(qtbot, make_lab):
    lab = make_lab(small(epochs=50, samples=400))
    lab.choose_cell("beside")
    lab.run_bar.step.click()
    controls = [lab.control, *lab.others.controls.values()]

    def all_are(state: State) -> bool:
        return all((status := control.status()) is not None and status.state is state for control in controls)

    qtbot.waitUntil(lambda: all_are(State.PAUSED) and all(c.reached == 1 for c in controls))
    lab.run_bar.play.click()
    qtbot.waitUntil(lambda: all_are(State.RUNNING) and all(c.reached > 3 for c in controls))
    lab.run_bar.play.click()
    qtbot.waitUntil(lambda: all_are(State.PAUSED))
    lab.run_bar.stop.click()
    qtbot.waitUntil(lambda: ended(lab) and lab.run_bar.state == "idle")
    lab.run_bar.reset.click()
    assert all(control.experiment is None for control in controls)


def test_cells_that_are_chosen_in_mid_run_learn_at_once_and_while_it_waits_a_line_says_what_begins_them(qtbot, make_lab):
    lab = make_lab(small(epochs=50, samples=400))
    lab.play()
    qtbot.waitUntil(lambda: lab.control.status().state is State.RUNNING)
    lab.choose_cell("convolution")

    def runs(cell: str) -> bool:
        return (control := lab.others.controls.get(cell)) is not None and control.reached > 0

    qtbot.waitUntil(lambda: runs("Conv1d"))
    assert not lab.results.waiting.isVisible()
    lab.pause()
    qtbot.waitUntil(lambda: lab.control.status().state is State.PAUSED)
    lab.choose_cell("beside")
    assert lab.results.waiting.isVisible() and lab.results.waiting.wording == "RNN, GRU: press Go on, and they learn beside it."
    lab.play()
    qtbot.waitUntil(lambda: runs("RNN") and runs("GRU"))
    assert not lab.results.waiting.isVisible()
    assert not lab.run_bar.other.isVisible()
    lab.open_experiment(small("adding-lstm", epochs=50))
    assert lab.run_bar.other.isVisible() and lab.run_bar.other.text() == "Begin anew"
    lab.run_bar.other.click()
    qtbot.waitUntil(lambda: lab.control.experiment is not None and lab.control.experiment.data.name == "adding")
    qtbot.waitUntil(lambda: lab.control.reached > 0 and runs("RNN") and runs("GRU"))
    assert {control.experiment.data.name for control in lab.others.controls.values()} == {"adding"}
    lab.stop()


def test_what_learns_on_after_the_own_run_has_ended_is_told_and_can_be_stopped(qtbot, make_lab):
    """Side by side, each at an iteration of its own: numbers beside each other mislead where nobody says so."""
    lab = make_lab(small(epochs=2_000, samples=400))
    lab.choose_cell("convolution")
    assert not lab.results.beside.isVisible()
    lab.play()
    other = lab.others.controls["Conv1d"]
    qtbot.waitUntil(lambda: other.reached > 0 and lab.control.reached > 0)
    qtbot.waitUntil(lambda: lab.results.beside.isVisible() and lab.results.beside.wording.startswith("Conv1d: iteration "))
    lab.control.stop()  # the experiment's own, as where it has learned for longer before the other was chosen
    qtbot.waitUntil(lambda: lab.control.status().reason is Reason.STOPPED)
    assert other.in_progress
    qtbot.waitUntil(lab.run_bar.stop.isEnabled)
    lab.run_bar.stop.click()
    qtbot.waitUntil(lambda: ended(lab))
    step = other.status().step
    qtbot.waitUntil(lambda: lab.results.beside.wording == f"Conv1d: iteration {step:,} / {other.status().steps:,}")
    qtbot.waitUntil(lambda: not lab.run_bar.stop.isEnabled())
    lab.choose_cell("LSTM")
    assert not lab.results.beside.isVisible()


def test_cells_that_come_later_learn_for_as_long_as_the_run_that_goes_on(qtbot, make_lab):
    """Side by side nothing can be compared that has learned for a different time."""
    lab = make_lab(small(epochs=1))
    lab.play()
    qtbot.waitUntil(lambda: ended(lab))
    qtbot.waitUntil(lambda: lab.run_bar.play.text() == "Go on")
    lab.choose_cell("beside")
    lab.run_bar.play.click()
    qtbot.waitUntil(lambda: ended(lab))
    controls = [lab.control, *lab.others.controls.values()]
    assert [control.status().epochs for control in controls] == [2, 2, 2]
    assert len({control.reached for control in controls}) == 1
    lab.begin_anew()
    qtbot.waitUntil(lambda: all(c.experiment is not None and c.goal_epochs == 1 for c in controls))
    qtbot.waitUntil(lambda: ended(lab))
    assert [control.status().epochs for control in controls] == [1, 1, 1]


def test_after_a_restart_the_run_of_the_settings_cell_is_shown_and_not_the_one_kept_last(qtbot, make_lab):
    lab = make_lab(small(epochs=1))
    lab.choose_cell("beside")
    lab.play()
    qtbot.waitUntil(lambda: ended(lab))
    lab.choose_cell("GRU")
    lab.begin_anew()  # kept last
    qtbot.waitUntil(lambda: ended(lab))
    own = small(epochs=1)
    again = make_lab(own)
    again.choose_cell("beside")
    qtbot.waitUntil(lambda: again.control.experiment is not None)
    assert cell_kind(again.control.experiment) == "LSTM"
    controls = again.others.controls
    qtbot.waitUntil(lambda: all(control.reached for control in controls.values()))  # and so are those beside it
    assert {cell_kind(control.experiment) for control in controls.values()} == {"RNN", "GRU"}
    page = again.pages.gates
    qtbot.waitUntil(lambda: {"RNN", "GRU"} <= page.columns.keys())
    qtbot.waitUntil(lambda: all(maps.direction is not None for maps in page.columns.values()))
    assert not again.results.waiting.isVisible()


def test_in_a_narrow_place_one_cell_is_shown_and_the_others_can_be_chosen(qtbot, make_lab):
    lab = make_lab(small(epochs=1))
    lab.choose_cell("beside")
    lab.play()
    page = lab.pages.gates
    qtbot.waitUntil(lambda: ended(lab))
    qtbot.waitUntil(lambda: len(page.columns) == 3)
    lab.pages.centre.setMaximumWidth(520)
    lay_out()
    assert page.front.isVisible()
    page.front.button("GRU").click()
    assert [maps.direction.kind for maps in page.columns.values() if maps.isVisible()] == ["GRU"]
    assert lab.state().gates.front == "GRU"


def test_the_forecasts_of_all_three_lie_in_one_plot_with_the_skill_of_each(qtbot, make_lab):
    """As the weights that each run has kept answer."""
    lab = make_lab(small(epochs=1))
    lab.choose_cell("beside")
    lab.pages.chosen.emit("predicting")
    lab.play()
    page = lab.pages.pages["predicting"]
    qtbot.waitUntil(lambda: ended(lab))
    controls = {"LSTM": lab.control, **lab.others.controls}
    expected = {}
    for cell, control in controls.items():
        run = Run.open(control.status().folder)
        data = load(run.experiment.data, seed=run.experiment.seed)
        model = build(run.experiment.network.layers, data.input).eval()
        model.load_state_dict({name: torch.as_tensor(value) for name, value in run.weights().items()})
        with torch.no_grad():
            expected[cell] = model(data.x_validation[:1])[0, :, 0].numpy()

    def drawn() -> dict[str, np.ndarray]:
        if "together" not in page.__dict__ or not page.together.isVisible():
            return {}
        page.together.way.button("forced").click()
        return {line.name: np.array(line.values) for line in page.together.plot.lines}

    def are_those_of_the_last_weights() -> bool:
        lines = drawn()
        return all(cell in lines and np.allclose(lines[cell], values, atol=1e-6) for cell, values in expected.items())

    qtbot.waitUntil(are_those_of_the_last_weights)
    assert [row[0] for row in page.together.table.texts()[1:]] == ["LSTM", "RNN", "GRU", "naive line"]
    lab.choose_cell("LSTM")
    assert not page.together.isVisible() and page.series.isVisible()
