"""The timeline: any kept moment of the run on the screen, as it was to the bit, replayed, and gone on from."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data import datasets
from engine.experiments.experiment import preset
from engine.passes.modules import build
from engine.runs.folder import Run
from engine.runs.status import Reason, State
from engine.runs.timeline.kept_weights import MOMENTS
from engine.training.probes import predict
from gui.labs.training.lab import TrainingLab
from gui.running import looking
from gui.running.run_control import NextRun
from gui.running.timeline.moment_pictures import mosaic, pictured
from gui.running.timeline.moment_strip import MomentStrip
from gui.shell.theme import theme
from tests.gui.labs.training.small_runs import run, small, wait_for_end
from tests.gui.labs.training.test_run_control import change_late
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S


def arrived(qtbot, lab: TrainingLab, step: int) -> None:
    """Wait until the pages show that moment."""
    past = lab.looking.past
    assert past is not None
    assert past.step == step
    qtbot.waitUntil(lambda: not lab.looking.is_behind)


def at_now(qtbot, lab: TrainingLab) -> np.ndarray:
    """What the model in training answers, once that is shown: an answer of an earlier step may come before it."""
    live: np.ndarray = lab.worker.ask(lab.prediction.question()).result(GIVE_UP_S).answers
    qtbot.waitUntil(lambda: lab.prediction.view.prediction is not None and np.array_equal(shown(lab), live))
    return live


def go_to(qtbot, lab: TrainingLab, number: int) -> int:
    """By the user's hand; the step of that moment."""
    strip = lab.timeline.strip
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(strip.place(number), strip.height() - 6).toPoint())
    step = lab.timeline.moment
    assert step is not None
    arrived(qtbot, lab, step)
    return step


def by_hand(lab: TrainingLab, step: int) -> np.ndarray:
    """The answers of a module that torch has built, with the weights out of the run's file: no code of the window."""
    experiment = lab.control.experiment
    dataset = datasets.load(experiment.data, seed=experiment.seed)
    state = torch.get_rng_state()
    model = build(experiment.network.layers, dataset.input).eval()
    torch.set_rng_state(state)
    weights = Run.open(lab.control.folder).timeline().read(step)
    model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
    return predict(model, dataset, sample=0, meaning="scores").answers


def shown(lab: TrainingLab) -> np.ndarray:
    return lab.prediction.view.prediction.answers


def test_the_pages_show_the_network_of_the_moment(qtbot, finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    kept = lab.control.kept_weights.steps
    assert kept == tuple(range(lab.control.status().step + 1))
    answers = {}
    for number in (0, 3, len(kept) - 1, 8):
        step = go_to(qtbot, lab, number)
        assert step == kept[number]
        np.testing.assert_allclose(shown(lab), by_hand(lab, step), atol=1e-6)
        answers[step] = shown(lab)
    assert not np.array_equal(answers[0], answers[8])


def test_a_moment_answers_with_the_bits_of_then(qtbot, make_lab) -> None:
    """Against the model in training itself, asked when it was there."""
    lab = make_lab(small(epochs=3))
    truth = {}
    lab.step()
    for step in range(1, 5):
        qtbot.waitUntil(lambda step=step: (lab.worker.status().step, lab.worker.status().state) == (step, State.PAUSED))
        truth[step] = lab.worker.ask(lab.prediction.question()).result(GIVE_UP_S).answers
        qtbot.waitUntil(lambda step=step: lab.prediction.aside == f"Iteration {step}")
        np.testing.assert_array_equal(shown(lab), truth[step])
        lab.step()
    lab.play()
    wait_for_end(qtbot, lab)
    for step, answers in truth.items():
        assert go_to(qtbot, lab, step) == step
        np.testing.assert_array_equal(shown(lab), answers)
        assert lab.prediction.aside == f"Iteration {step}"


def test_everything_says_that_it_is_the_past_and_now_is_one_press_away(qtbot, finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    live = at_now(qtbot, lab)
    step = go_to(qtbot, lab, 5)
    assert str(step) in lab.results.name.wording
    assert "past" in lab.results.name.wording
    assert all(page.property("past") for page in lab.pages.pages.values())
    assert lab.loss.plot.cursor_step == step == lab.accuracy.plot.cursor_step
    assert f"Iteration {step}" in lab.timeline.where.text()
    assert not np.array_equal(shown(lab), live)
    lab.timeline.now.click()
    assert lab.timeline.moment is None
    qtbot.waitUntil(lambda: np.array_equal(shown(lab), live))
    assert lab.loss.plot.cursor_step is None
    assert "past" not in lab.results.name.wording
    assert not any(page.property("past") for page in lab.pages.pages.values())
    assert not lab.timeline.now.isEnabled()
    assert not lab.timeline.branch.isEnabled()


def test_the_cursor_of_the_curves_comes_back_to_the_moment(qtbot, finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    step = go_to(qtbot, lab, 6)
    plot = lab.loss.plot
    plot.point_at(plot.area.left() + 3)
    assert plot.cursor_step != step
    plot.left_alone()
    assert plot.cursor_step == step == lab.accuracy.plot.cursor_step


def test_the_keys_of_the_strip(qtbot, finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    strip, kept = lab.timeline.strip, lab.control.kept_weights.steps
    strip.setFocus()
    here = len(kept) - 1
    for key, wanted in (
        (Qt.Key.Key_Left, here - 1), (Qt.Key.Key_PageDown, here - 11), (Qt.Key.Key_Right, here - 10), (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0), (Qt.Key.Key_PageUp, 10), (Qt.Key.Key_End, here), (Qt.Key.Key_Right, here),
    ):  # fmt: skip
        QTest.keyClick(strip, key)
        assert (strip.value(), lab.timeline.moment) == (wanted, kept[wanted]), key
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert lab.timeline.moment is None
    assert lab.worker.status().reason is Reason.COMPLETED, "no key has begun a run"


def test_a_strip_without_moments_is_neither_reached_nor_moved(lent_lab) -> None:
    """Before the first run of a fresh window: keys and wheel, as somebody sends them anyway."""
    lab = lent_lab()
    strip = lab.timeline.strip
    assert not strip.isEnabled()
    strip.triggerAction(strip.SliderAction.SliderSingleStepAdd)
    strip.triggerAction(strip.SliderAction.SliderToMaximum)
    assert lab.timeline.moment is None


def test_playing_replays_the_learning(qtbot, finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    seen: list[int] = []
    lab.looking.arrived.connect(lambda past: seen.append(past.step))
    lab.timeline.play.click()
    assert lab.timeline.plays
    qtbot.waitUntil(lambda: not lab.timeline.plays)
    qtbot.waitUntil(lambda: not lab.looking.is_behind)
    assert seen == list(lab.control.kept_weights.steps), "every moment has been on the screen, in its order"
    lab.timeline.play.click()  # from the first again
    assert lab.timeline.moment == 0
    lab.timeline.play.click()
    assert not lab.timeline.plays


def test_moments_come_while_a_run_goes_on_and_nothing_moves(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=40))
    lab.step()
    qtbot.waitUntil(lambda: lab.timeline._kept == 2)
    places = [lab.timeline.strip.place(number) for number in range(len(lab.timeline._steps))]
    steps = lab.timeline._steps
    moment = go_to(qtbot, lab, 1)
    for count in (3, 4):
        lab.worker.step()
        lab.bridge.poll()
        qtbot.waitUntil(lambda count=count: lab.timeline._kept == count)
        assert lab.timeline.moment == moment, "what is looked at stays"
        assert lab.timeline._steps == steps
        assert [lab.timeline.strip.place(number) for number in range(len(steps))] == places
    lab.timeline._chosen(3)
    lab.timeline.strip.setFocus()
    QTest.keyClick(lab.timeline.strip, Qt.Key.Key_End)
    assert lab.timeline.strip.value() == 3, "what is not there yet cannot be reached"


def test_a_run_goes_on_unhindered_while_its_past_is_looked_at(qtbot, make_lab, tmp_path: Path) -> None:
    lab = make_lab(small(epochs=6))
    lab.step()
    qtbot.waitUntil(lambda: lab.timeline._kept == 2)
    go_to(qtbot, lab, 0)
    lab.play()
    end = wait_for_end(qtbot, lab)
    assert lab.timeline.moment == 0
    from engine.training.worker import train

    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
    train(lab.control.experiment, folder=tmp_path / "alone")
    np.testing.assert_array_equal(
        Run.open(end.folder).history().train.since()[1], Run.open(tmp_path / "alone").history().train.since()[1]
    )


def test_going_on_from_a_moment_is_a_new_run_with_the_same_losses(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=4))
    first = run(qtbot, lab)
    step = go_to(qtbot, lab, 7)
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.timeline.branch.click()
    branch = ended.args[0]
    assert branch.reason is Reason.COMPLETED
    assert branch.folder != first.folder
    begun = f"{datetime.strptime(first.folder.name[:15], '%Y%m%d-%H%M%S'):%Y-%m-%d %H:%M}"
    assert lab.results.name.wording == f"Run: Digits CNN · continued from: {begun}, iteration 7"
    assert f"Continued from: Digits CNN ({first.folder.name}), iteration 7" in lab.results.name.toolTip()
    ours, theirs = Run.open(branch.folder).history(), Run.open(first.folder).history()
    for mine, yours in ((ours.train, theirs.train), (ours.epochs, theirs.epochs)):
        for left, right in zip(mine.since(), yours.since(), strict=True):
            np.testing.assert_array_equal(left, right)
    assert Run.open(branch.folder).timeline().steps == Run.open(first.folder).timeline().steps
    assert lab.timeline.moment is None
    assert len(lab.loss.data.columns()["train"][0]) == first.step
    assert step == 7


@pytest.mark.parametrize("late", [False, True])
def test_a_branch_takes_the_rate_at_the_left(qtbot, make_lab, monkeypatch, late) -> None:
    lab = make_lab(small(epochs=4))
    first = run(qtbot, lab)
    go_to(qtbot, lab, 7)
    if late:
        change_late(monkeypatch, lab)
    experiment = lab.experiment()
    from engine.fields import edited

    lab._experiment_edited(edited(experiment, training=edited(experiment.training, lr=0.0004)))
    with qtbot.waitSignal(lab.run_ended) as ended:
        assert "the learning rate, say" in lab.timeline.branch.toolTip()
        lab.timeline.branch.click()
    branch = Run.open(ended.args[0].folder)
    assert branch.history().rates[-1] == (7, 0.0004)
    lab.panel.preset.chosen.emit("waves-lstm")
    assert "this run's own settings" in lab.timeline.branch.toolTip(), "those at the left are of another network"
    _, losses, _ = branch.history().train.since()
    before = Run.open(first.folder).history().train.since()[1]
    np.testing.assert_array_equal(losses[:8], before[:8])
    assert not np.array_equal(losses[8:], before[8:])


def test_a_run_under_way_ends_for_its_branch(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=2000))
    lab.play()
    qtbot.waitUntil(lambda: lab.timeline._kept > 12)
    folder = lab.control.folder
    step = go_to(qtbot, lab, 9)
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.timeline.branch.click()
    assert (ended.args[0].reason, ended.args[0].folder) == (Reason.STOPPED, folder)
    qtbot.waitUntil(lambda: lab.worker.status().step > step and lab.control.folder != folder)
    lab.stop()
    branch = wait_for_end(qtbot, lab)
    ours, theirs = Run.open(branch.folder).history().train.since()[1], Run.open(folder).history().train.since()[1]
    both = min(len(ours), len(theirs))
    assert both > step
    np.testing.assert_array_equal(ours[:both], theirs[:both])


def test_a_branch_that_cannot_be_made_leaves_the_run(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=3))
    first = run(qtbot, lab)
    go_to(qtbot, lab, 4)
    file = first.folder / MOMENTS
    content = bytearray(file.read_bytes())
    content[lab.control.kept_weights._places[4] + 10] ^= 255
    file.write_bytes(bytes(content))
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.timeline.branch.click()
    assert ended.args[0].reason is Reason.FAILED
    assert MOMENTS in lab.notice.said
    assert lab.control.folder == first.folder
    assert len(lab.loss.data.columns()["train"][0]) == first.step


def test_a_run_read_back_after_a_restart_has_its_past(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=4))
    run(qtbot, lab)
    truth = {step: by_hand(lab, step) for step in (0, 5)}
    live = at_now(qtbot, lab)
    lab.close_lab(GIVE_UP_S)
    again = make_lab()
    qtbot.waitUntil(lambda: again.prediction.view.prediction is not None)
    assert not again.control.has_model
    np.testing.assert_array_equal(shown(again), live)  # as it was left
    for step, answers in truth.items():
        go_to(qtbot, again, step)
        np.testing.assert_allclose(shown(again), answers, atol=1e-6)
    again.timeline.now.click()
    qtbot.waitUntil(lambda: np.array_equal(shown(again), live))
    go_to(qtbot, again, 3)
    with qtbot.waitSignal(again.run_ended) as ended:
        again.timeline.branch.click()
    assert ended.args[0].reason is Reason.COMPLETED


def test_other_runs_presets_undo_and_reset(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=3))
    assert "Nothing" in lab.timeline.where.text()
    run(qtbot, lab)
    go_to(qtbot, lab, 4)
    lab.open_experiment(preset("digits-mlp"))  # the settings are not the run
    assert lab.timeline.moment == 4
    lab.undo()
    assert lab.timeline.moment == 4
    lab.reset()
    assert lab.timeline.moment is None
    assert lab.timeline._kept == 0
    assert lab.prediction.view.prediction is None
    assert lab.looking.past is None
    lab.open_experiment(small("digits-mlp", epochs=3))
    run(qtbot, lab)
    go_to(qtbot, lab, 2)
    lab.control.begin_anew()
    assert lab.timeline.moment is None
    wait_for_end(qtbot, lab)
    assert lab.timeline._kept == lab.control.status().step + 1


def test_a_run_of_an_early_version_says_that_it_has_none(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=3))
    end = run(qtbot, lab)
    lab.close_lab(GIVE_UP_S)
    (end.folder / MOMENTS).unlink()
    again = make_lab()
    qtbot.waitUntil(lambda: again.control.folder is not None)
    assert "No moments" in again.timeline.where.text()
    for button in (again.timeline.play, again.timeline.now, again.timeline.branch):
        assert not button.isEnabled()
    assert not again.timeline.strip.isEnabled()


def test_the_memory_is_shown(finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    kept = lab.control.kept_weights
    numbers = sum(values.nbytes for values in kept.read(0).values())
    used = numbers * len(kept.steps) / 1e6
    assert lab.timeline.memory.wording == f"{len(kept.steps)} moments, {used:.1f} of 64 MB"


# the small pictures


def test_a_picture_shows_the_filters_side_by_side() -> None:
    weights = {"0.weight": np.arange(16 * 2 * 3 * 3, dtype=np.float32).reshape(16, 2, 3, 3), "0.bias": np.zeros(16, np.float32)}
    found = mosaic(weights, preset("digits-cnn"), 33)
    assert found.shape == (11, 11)
    for number in range(9):
        row, column = divmod(number, 3)
        np.testing.assert_array_equal(found[4 * row : 4 * row + 3, 4 * column : 4 * column + 3], weights["0.weight"][number, 0])
    assert np.isnan(found[3]).all()
    assert np.isnan(found[:, 7]).all()


@pytest.mark.parametrize(("stem", "shape", "picture"), [
    ("lenet-5", (6, 1, 5, 5), (11, 11)), ("digits-mlp", (32, 64), (8, 8)), ("adding-lstm", (256, 2), (33, 2)),
    ("digits-cnn", (1, 1, 7, 7), (7, 7)), ("digits-cnn", (3, 1, 90, 90), (90, 90)),
])  # fmt: skip
def test_a_picture_of_whatever_the_first_layer_is(stem: str, shape: tuple[int, ...], picture: tuple[int, int]) -> None:
    found = mosaic({"bias": np.zeros(4), "weight": np.random.default_rng(1).normal(size=shape)}, preset(stem), 33)
    assert found.shape == picture


def test_a_recurrent_layer_that_reads_one_number_is_shown_by_what_its_states_are_multiplied_with() -> None:
    """A column of weights is a line of one pixel, in which nothing is seen."""
    rng = np.random.default_rng(0)
    weights = {
        "0.rnn.weight_ih_l0": rng.normal(size=(128, 1)),
        "0.rnn.weight_hh_l0": rng.normal(size=(128, 32)),
        "0.rnn.bias_ih_l0": np.zeros(128),
        "1.weight": rng.normal(size=(1, 32)),
    }
    experiment = preset("waves-lstm")
    assert pictured(weights, experiment, 33) == "0.rnn.weight_hh_l0"
    rows = np.unique(np.linspace(0, 127, 33).round().astype(int))
    np.testing.assert_array_equal(mosaic(weights, experiment, 33), weights["0.rnn.weight_hh_l0"][rows].astype(np.float32))
    thin = {"0.weight": np.zeros((200, 2)), "1.weight": np.zeros((1, 200))}  # none fills a picture: the one that does most
    assert pictured(thin, experiment, 33) == "0.weight"


def test_a_network_of_the_plane_is_shown_by_its_answers(qtbot, make_lab) -> None:
    """Against torch, at every third place of the grid in either direction, the highest row first."""
    lab = make_lab(small("moons-mlp", epochs=4))
    run(qtbot, lab)
    strip, page = lab.timeline.strip, lab.pages.pages["plane"]
    qtbot.waitUntil(lambda: bool(strip.shown_steps()) and not strip.missing_steps() and page.plane is not None)
    across, up = page.plane.across[::3], page.plane.up[::-1][::3]
    grid = torch.tensor([[x, y] for y in up for x in across], dtype=torch.float32)
    experiment = lab.control.experiment
    colours = theme().curves
    for step in (strip.shown_steps()[0], strip.shown_steps()[-1]):
        model = build(experiment.network.layers, (2,)).eval()
        weights = Run.open(lab.control.folder).timeline().read(step)
        model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
        with torch.no_grad():
            expected = model(grid).softmax(1).numpy().reshape(len(up), len(across), 2)
        found = strip._pictures[step]
        clear = np.abs(expected[..., 0] - 0.5) > 1e-4
        np.testing.assert_array_equal(found.classes[clear], expected.argmax(2)[clear])
        np.testing.assert_allclose(found.certainty, np.abs(2 * expected[..., 0] - 1), atol=1e-5)
    row, column = np.unravel_index(int(found.certainty.argmax()), found.certainty.shape)
    seen, own = strip.picture(step).pixelColor(int(column), int(row)), colours[int(found.classes[row, column])]
    other = colours[1 - int(found.classes[row, column])]
    apart = [sum(abs(a - b) for a, b in zip(seen.getRgb(), each.getRgb(), strict=True)) for each in (own, other)]
    assert apart[0] < apart[1]
    assert "answers in the plane" in strip.toolTip()


def test_no_matrix_no_picture() -> None:
    assert mosaic({"bias": np.zeros(4)}, preset("digits-cnn"), 33) is None


# what comes late, and what a run leaves behind


def late_answer(lab: TrainingLab, monkeypatch) -> Future[object]:
    """Have the model in training asked, by a worker that takes its time with the answer."""
    late, ask = Future[object](), lab.worker.ask
    waiting = [late]

    def asked(probe: object, *, at_once: bool = False) -> Future[object]:
        late_one = waiting and getattr(probe, "func", None) is looking.dated_answers
        return waiting.pop() if late_one else ask(probe, at_once=at_once)

    monkeypatch.setattr(lab.worker, "ask", asked)
    lab.looking.watching.set_probe(lab.looking.watching._probe)
    assert lab.looking.watching._future is late
    return late


def answer(late: Future[object], lab: TrainingLab, found: object) -> None:
    if late.set_running_or_notify_cancel():
        late.set_result((0, {"prediction": found}))
    lab.looking.watching._collect()
    lay_out()


def test_an_answer_of_now_that_comes_late_is_not_shown_as_the_past(qtbot, make_lab, monkeypatch) -> None:
    lab = make_lab(small(epochs=4))
    run(qtbot, lab)
    at_now(qtbot, lab)
    live = lab.prediction.view.prediction
    late = late_answer(lab, monkeypatch)
    go_to(qtbot, lab, 3)
    then = lab.prediction.view.prediction
    assert then is not live
    answer(late, lab, live)
    assert lab.prediction.view.prediction is then
    lab.timeline.now.click()  # is asked again
    qtbot.waitUntil(lambda: np.array_equal(shown(lab), live.answers))


def test_after_a_reset_no_late_answer_is_shown(qtbot, make_lab, monkeypatch) -> None:
    lab = make_lab(small(epochs=2))
    run(qtbot, lab)
    at_now(qtbot, lab)
    live = lab.prediction.view.prediction
    late = late_answer(lab, monkeypatch)
    lab.reset()
    answer(late, lab, live)
    assert lab.prediction.view.prediction is None


def test_a_new_run_begins_without_the_answers_of_the_one_before(qtbot, make_lab, monkeypatch) -> None:
    lab = make_lab(small(epochs=2))
    lab.pages.set_chosen(("layers",))
    run(qtbot, lab)
    qtbot.waitUntil(lambda: bool(lab.pages.layers._histories))
    at_now(qtbot, lab)
    live, found = lab.prediction.view.prediction, []
    lab.pages.set_chosen(("confusion",))
    late = late_answer(lab, monkeypatch)
    lab.control.replaced.connect(lambda: found.append((lab.prediction.view.prediction, dict(lab.pages.layers._histories))))
    lab.control._begin(NextRun(playing=False))
    lab.bridge.poll()
    assert found == [(None, {})]
    answer(late, lab, live)
    assert lab.prediction.view.prediction is not live


def test_a_page_that_rests_shows_the_moment_at_once(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=4))
    lab.pages.set_chosen(("confusion",))
    run(qtbot, lab)
    page = lab.pages.confusion
    page.rest_after(60.0)
    assert page.rests()
    go_to(qtbot, lab, 5)
    assert not lab.looking.is_behind
    np.testing.assert_allclose(page.verdicts.answers[: len(shown(lab))], shown(lab), atol=1e-6)


def test_the_wheel_goes_from_moment_to_moment(qtbot, finished_lab) -> None:
    lab = finished_lab(small(epochs=4))
    strip, kept = lab.timeline.strip, lab.control.kept_weights.steps
    middle = QPointF(strip.rect().center())
    for turn in (-120, -120, 120):
        turned = QWheelEvent(
            middle, QPointF(strip.mapToGlobal(middle)), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        before = strip.value()
        QApplication.sendEvent(strip, turned)
        assert strip.value() != before
        assert lab.timeline.moment == kept[strip.value()], "what the handle says is what is shown"


def test_a_moment_that_cannot_be_read_leaves_no_other_moment_on_the_pages(qtbot, make_lab) -> None:
    lab = make_lab(small(epochs=3))
    first = run(qtbot, lab)
    go_to(qtbot, lab, 2)
    file = first.folder / MOMENTS
    content = bytearray(file.read_bytes())
    content[lab.control.kept_weights._places[4] + 10] ^= 255
    file.write_bytes(bytes(content))
    go_to(qtbot, lab, 4)
    qtbot.waitUntil(lambda: MOMENTS in lab.notice.said)
    assert lab.prediction.view.prediction is None
    go_to(qtbot, lab, 3)
    assert lab.prediction.view.prediction is not None


def test_weights_without_end_leave_the_other_pictures_their_colours(qtbot) -> None:
    strip = MomentStrip()
    qtbot.addWidget(strip)
    fine = np.array([[0.5, -0.5]], np.float32)
    strip.add_pictures({1: fine})
    before = strip.picture(1).copy()
    strip.add_pictures({2: np.array([[np.inf, -np.inf]], np.float32), 3: np.full((1, 2), np.nan, np.float32)})
    assert strip.picture(1) == before
    assert strip.picture(2) == before  # the ends of the colours
    assert strip.picture(3).pixelColor(0, 0).alpha() == 0


def test_a_few_weights_that_grow_far_beyond_all_others_leave_the_pictures_their_colours(qtbot) -> None:
    """A recurrent network's largest weights are soon ten times as large as all were in the beginning."""
    strip = MomentStrip()
    qtbot.addWidget(strip)
    first = np.random.default_rng(0).uniform(-0.1, 0.1, (8, 8)).astype(np.float32)
    strip.add_pictures({1: first})
    before = strip.picture(1).copy()
    later = first.copy()
    row, column = np.unravel_index(np.abs(first).argmax(), first.shape)
    later[row, column] = -5.0
    strip.add_pictures({2: later})
    assert strip.picture(1) == before
    seen = strip.picture(2).pixelColor(int(column), int(row))
    assert seen.blue() > 2 * seen.red()  # the end of the colours
    strip.add_pictures({3: 10 * first})
    assert strip.picture(1) != before and strip.picture(3) == before  # all have the same colours
