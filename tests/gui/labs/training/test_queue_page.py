"""The queue in the window: what a form plans, a queue under way with played processes, and what finished runs say together."""

from __future__ import annotations

import functools

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel

from engine.experiments.experiment import preset
from engine.fields import edited, fields
from engine.layers.kinds.activation import Dropout
from engine.queue.plan import QueuePlan, Swept
from engine.queue.queue_folder import QueueFolder
from engine.queue.run_state import RunState, ValidationAnswers, keep_answers
from engine.queue.running import Queue, QueueState
from engine.queue.setting_keys import settable
from engine.queue.time_left import work_of
from engine.runs.history import History
from engine.runs.run_writing import RunFolder
from engine.runs.status import Reason, State, Status
from gui.labs.training.queue import queue_page
from gui.labs.training.queue.parallel_axes import placed
from gui.labs.training.queue.plan_form import PlanForm, SweptForm, fresh, offered, plan_of, values_of
from gui.labs.training.queue.queue_page import QueuePage
from gui.labs.training.queue.queue_words import condition_words, duration
from gui.shell import language
from tests.engine.queue.played_processes import Stage
from tests.gui.labs.training.small_runs import run, small

BASE = small(epochs=2)


@pytest.fixture
def stage(monkeypatch):
    made = Stage()
    monkeypatch.setattr(queue_page, "Queue", functools.partial(Queue, process=made, clock=made.clock))
    return made


@pytest.fixture
def make_page(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(queue_page, "LOOK_EVERY_MS", 20)
    made = []

    def make():
        page = QueuePage(tmp_path / "runs")
        made.append(page)
        qtbot.addWidget(page)
        page.show_experiment(BASE)
        page.resize(1180, 760)
        page.show()
        return page

    yield make
    for page in made:
        page.close_queue(20.0)


def finished(folder, number, accuracies, confusion=()):
    """Put a complete run into its folder, with these accuracies at the end of its epochs."""
    history = History()
    path = folder.run_folder(number)
    writing = RunFolder.begin(path, folder.runs[number - 1].experiment, history)
    for epoch, accuracy in enumerate(accuracies, start=1):
        history.append_epoch(10 * epoch, 1.0, 0.5, 2.0 / epoch, accuracy)
    writing.append_metrics()
    status = Status(
        State.IDLE,
        Reason.COMPLETED,
        step=10 * len(accuracies),
        steps=10 * len(accuracies),
        epochs=len(accuracies),
        validation_loss=2.0 / len(accuracies),
        validation_accuracy=accuracies[-1],
    )
    writing.save_status(status)
    writing.leave()
    right = sum(row[place] for place, row in enumerate(confusion))
    keep_answers(path, ValidationAnswers(sum(map(sum, confusion)), right, confusion))


# --- the form, without a window


def test_values_around_the_one_that_is_set():
    known = offered(BASE)
    lr, batch, channels = "training.lr", "training.batch_size", "network.layers[0].out_channels"
    assert values_of(known[lr], fresh(BASE, lr)) == (0.0003, 0.003, 0.03)
    assert values_of(known[batch], fresh(BASE, batch)) == (32, 64, 128)
    assert values_of(known[channels], fresh(BASE, channels)) == (8, 16, 32)
    kernel = "network.layers[0].kernel_size"
    assert values_of(known[kernel], fresh(BASE, kernel)) == (1, 3, 5)
    assert values_of(known["training.optimizer"], fresh(BASE, "training.optimizer")) == fields_of_optimizer()
    assert values_of(known[lr], SweptForm(key=lr, low=0.1, high=0.1, count=4)) == (0.1,)


def fields_of_optimizer():
    return fields(type(BASE.training))["optimizer"].choices


def test_what_is_offered_can_be_planned_and_the_last_layers_size_is_not():
    for stem in ("digits-cnn", "waves-lstm"):
        base = preset(stem)
        known = offered(base)
        assert set(known) <= set(settable(base))
        assert f"network.layers[{len(base.network.layers) - 1}].out_features" not in known
        for key in known:
            plan = plan_of(PlanForm(mode="sweep", first=fresh(base, key)), base)
            assert plan.swept[0].values, key


def test_a_form_means_a_plan():
    assert plan_of(PlanForm(), BASE) == QueuePlan(seeds=5)
    assert plan_of(PlanForm(mode="folds", folds=7), BASE) == QueuePlan(folds=7)
    first, second = fresh(BASE, "training.lr"), fresh(BASE, "training.batch_size")
    form = PlanForm(mode="sweep", first=first, second=second, sweep_seeds=2)
    plan = plan_of(form, BASE)
    assert [swept.key for swept in plan.swept] == ["training.lr", "training.batch_size"]
    assert (plan.seeds, plan.draws, plan.swept[1].values) == (2, None, (32, 64, 128))
    drawn = plan_of(edited(form, draws=12), BASE)
    assert (drawn.draws, drawn.swept[0].low, drawn.swept[0].high) == (12, 0.0003, 0.03)
    elsewhere = preset("waves-lstm")  # has no such layer
    gone = PlanForm(mode="sweep", first=fresh(BASE, "network.layers[0].out_channels"))
    assert plan_of(gone, elsewhere).swept == ()


def test_curves_stand_in_the_order_of_their_runs_whichever_was_complete_first(qtbot, make_page, tmp_path):
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, QueuePlan(folds=3))
    for number in (3, 1):
        finished(folder, number, [0.1 * number])
    page = make_page()
    page.open_newest()
    qtbot.waitUntil(lambda: len(page.results._curves) == 2)
    finished(folder, 2, [0.2])
    page.results.show_states(folder.states())
    qtbot.waitUntil(lambda: len(page.results._curves) == 3)
    strands = page.results._pages["curves"].data.strands
    assert list(strands) == ["1", "2", "3"]
    assert len({strand.colour for strand in strands.values()}) == 3


def test_a_mean_curve_is_of_all_runs_and_of_many_single_ones_it_is_said_how_many_are_drawn(qtbot, make_page, tmp_path):
    accuracies = [number / 100 for number in range(1, 31)]
    rates = QueuePlan(swept=(Swept(key="training.lr", values=tuple(number / 1000 for number in range(1, 31))),))
    for name, plan in (("1-seeds", QueuePlan(seeds=30)), ("2-rates", rates)):
        folder = QueueFolder.create(tmp_path / "runs" / name, BASE, plan)
        for number, accuracy in enumerate(accuracies, start=1):
            finished(folder, number, [accuracy])
    page = make_page()
    page._take(QueueFolder.open(tmp_path / "runs" / "1-seeds"))
    qtbot.waitUntil(lambda: len(page.results._curves) == 30)
    card = page.results._pages["curves"]
    _, mean = card.data.strands["mean"].raw.everything()
    assert mean == pytest.approx([0.155])  # (0.01 + 0.30) / 2
    page._take(QueueFolder.open(tmp_path / "runs" / "2-rates"))
    page.results.view.button("curves").click()
    qtbot.waitUntil(lambda: len(page.results._curves) == 24)
    card = page.results._pages["curves"]
    assert len(card.data.strands) == 24
    assert "the first 24 complete runs" in card.accessibleName()


# --- the plan in the window


def test_the_number_of_runs_and_the_time_are_known_before_it_starts(make_page):
    page = make_page()
    plan = page.plan
    assert plan.count.text().startswith("5 runs, about ")
    plan.mode.button("folds").click()
    plan.folds.box.setValue(12)
    assert plan.count.text().startswith("12 runs, about ")
    plan.mode.button("sweep").click()
    assert plan.count.text().startswith("3 runs"), "a first setting is there"
    plan.second.setting.set_value("training.batch_size")
    plan.second.setting.chosen.emit("training.batch_size")
    plan.sweep_seeds.box.setValue(2)
    assert plan.count.text().startswith("18 runs")
    assert plan.second.values.text() == "32 · 64 · 128"
    plan.first.high.setValue(0.3)
    assert plan.first.values.text() == "0.0003 · 0.00949 · 0.3"
    plan.random.click()
    assert plan.draws.box.value() == 20
    assert plan.count.text().startswith("40 runs")


def test_a_value_that_does_not_fit_is_said_before_it_starts(make_page):
    page = make_page()
    page.set_form(PlanForm(mode="sweep", first=SweptForm(key="network.layers[0].kernel_size", low=3, high=25, count=2)))
    assert page.plan.refused.isVisible()
    assert "25" in page.plan.refused.text()
    assert page.plan.count.text().startswith("1 run,")
    assert page.plan.start.isEnabled()
    page.set_form(PlanForm(mode="sweep", first=SweptForm(key="network.layers[0].kernel_size", low=25, high=25, count=1)))
    assert not page.plan.start.isEnabled()


# --- under way


def test_a_queue_is_started_watched_paused_gone_on_with_and_stopped(qtbot, make_page, stage):
    page = make_page()
    page.plan.seeds.box.setValue(3)
    page.plan.jobs.box.setValue(1)
    assert page.go_on.isHidden()
    page.plan.start.click()
    qtbot.waitUntil(lambda: bool(stage.processes) and bool(stage.processes[0].orders))
    assert not page.plan.start.isEnabled(), "one queue at a time"
    assert "shares the cores" in page.note.text()
    (process,) = stage.processes
    process.say(condition="running", step=25, seconds=1.0, loss=0.5)
    qtbot.waitUntil(lambda: page.rows.texts[0][2] == "Training 25%")
    assert page.rows.texts[0][3] == "0.5000"
    assert "0 of 3 runs · 8%" in page.line.text()
    assert " left" in page.line.text()
    page.go_on.click()
    qtbot.waitUntil(lambda: page.queue.status().state is QueueState.PAUSED)
    qtbot.waitUntil(lambda: page.go_on.text() == "Go on" and page.go_on.isEnabled())
    page.go_on.click()
    qtbot.waitUntil(lambda: len([order for order in process.orders if order.do == "run"]) == 2)
    process.complete(accuracy=0.75)
    qtbot.waitUntil(lambda: page.rows.texts[0][2] == "Completed")
    assert page.rows.texts[0][4] == "75.0%"
    qtbot.waitUntil(lambda: len([order for order in process.orders if order.do == "run"]) == 3)
    page.stop.click()
    qtbot.waitUntil(lambda: page.queue.status().state is QueueState.READY)
    qtbot.waitUntil(lambda: page.plan.start.isEnabled())
    assert page.go_on.text() == "Go on"


def test_a_run_that_fails_says_why_and_can_be_tried_again(qtbot, make_page, stage):
    page = make_page()
    page.plan.seeds.box.setValue(1)
    page.plan.start.click()
    qtbot.waitUntil(lambda: bool(stage.processes) and bool(stage.processes[0].orders))
    stage.processes[0].say(condition="failed", problem={"en": "No memory.", "ko": "메모리가 부족합니다."})
    qtbot.waitUntil(lambda: page.rows.texts[0][2] == "Failed")
    qtbot.waitUntil(lambda: page.go_on.text() == "Try failed ones again")
    tip = page.rows.data(page.rows.index(0, 2), 3)  # Qt.ItemDataRole.ToolTipRole
    assert tip == "No memory."


def test_why_the_runs_of_a_group_went_apart_is_said_once(qtbot, make_page, stage):
    page = make_page()
    page.plan.seeds.box.setValue(2)
    page.plan.jobs.box.setValue(1)
    page.plan.start.click()
    apart = {"en": "The runs went apart.", "ko": "따로 학습했습니다."}
    for count in (1, 2):
        qtbot.waitUntil(
            lambda count=count: sum(order.do == "run" for each in stage.processes for order in each.orders) == count
        )
        stage.processes[0].say(condition="completed", step=50, steps=50, notice=apart)
    qtbot.waitUntil(lambda: page.queue.status().state is QueueState.DONE and not page._timer.isActive())
    assert page.note.isVisible() and page.note.text() == apart["en"]
    language.set_language("ko")
    page._look()
    assert page.note.text() == apart["ko"]


def test_why_runs_that_are_to_learn_together_cannot_is_said(make_page, tmp_path):
    layers = (*BASE.network.layers[:-1], Dropout(p=0.5), BASE.network.layers[-1])
    dropping = edited(BASE, network=edited(BASE.network, layers=layers))
    for name, together in (("asked", True), ("apart", False)):
        folder = QueueFolder.create(tmp_path / "runs" / name, dropping, QueuePlan(seeds=2, together=together))
        page = make_page()
        page.open_queue(folder.path)
        assert ("Dropout draws anew at every step" in page.note.text()) == together
        assert page.note.isVisible() == together


# --- what it says


def test_the_newest_queue_is_there_after_a_restart(make_page, tmp_path):
    for name in ("1-old", "2-new"):
        QueueFolder.create(tmp_path / "runs" / name, BASE, QueuePlan(seeds=2))
    page = make_page()
    page.open_newest()
    assert page.queue.folder.path.name == "2-new"
    assert page.line.text() == "0 of 2 runs · 0% · stopped"
    assert page.go_on.isVisible()
    assert page.go_on.text() == "Go on"


def test_an_earlier_queue_is_opened_again_with_its_results(make_page, tmp_path):
    rates = QueuePlan(swept=(Swept(key="training.lr", values=(0.001, 0.01)),))
    for name, base, plan in (
        ("20260102-090000-old", edited(BASE, name="old & good"), rates),
        ("20260103-101500-new", BASE, rates),
    ):
        folder = QueueFolder.create(tmp_path / "runs" / name, base, plan)
        for number, accuracy in ((1, 0.25), (2, 0.5)):
            finished(folder, number, [accuracy])
    page = make_page()
    page.open_newest()
    page.resize(1100, 700)
    assert page.results._pages["line"].export_name == f"{BASE.name} sweep"
    page.earlier.offered.aboutToShow.emit()
    offered = page.earlier.offered.actions()
    assert [action.text() for action in offered] == ["2026-01-03 10:15 · Digits CNN", "2026-01-02 09:00 · old && good"]
    offered[1].trigger()
    assert page.queue.folder.path.name == "20260102-090000-old" and page.line.text().startswith("2 of 2 runs")
    assert page.results._pages["line"].export_name == "old & good sweep", "a plot of it is not called like the one before"


def test_two_settings_are_a_map_of_their_means(make_page, tmp_path):
    rates, sizes = (0.001, 0.01), (16, 32)
    plan = QueuePlan(swept=(Swept(key="training.lr", values=rates), Swept(key="training.batch_size", values=sizes)), seeds=2)
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, plan)
    accuracies = [0.1, 0.2, 0.3, 0.4, 0.3, 0.4, 0.5, 0.8]
    for number, accuracy in enumerate(accuracies, start=1):
        finished(folder, number, [0.05, accuracy])
    page = make_page()
    page.open_newest()
    plot = page.results._pages["heat_map"]
    assert plot.columns()["row"] == ["16", "32"]
    assert plot.columns()["0.001"] == pytest.approx([20.0, 30.0])  # means of seeds: (10 + 30) / 2, (20 + 40) / 2
    assert plot.columns()["0.01"] == pytest.approx([40.0, 60.0])
    assert sorted(text for _, text, _ in plot.figures()) == ["20.0%", "30.0%", "40.0%", "60.0%"]
    assert page.results.sentence.text().startswith("Best: Learning rate 0.01 · Batch size 32, with an accuracy of 60.0%")
    *others, last = page.results._states
    page.results.show_states([*others, msgspec.structs.replace(last, condition="running")])
    assert page.results.sentence.text().startswith("Best so far: Learning rate 0.01")
    assert page.rows.texts[0][1] == "Learning rate 0.001 · Batch size 16 · Seed 7"


def test_one_setting_is_a_line_of_means_with_their_interval(make_page, tmp_path):
    plan = QueuePlan(swept=(Swept(key="training.batch_size", values=(64, 16)),), seeds=3)
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, plan)
    for number, accuracy in enumerate([0.5, 0.1, 0.6, 0.2, 0.7, 0.3], start=1):
        finished(folder, number, [accuracy])
    page = make_page()
    page.open_newest()
    plot = page.results._pages["line"]
    table = plot.columns()
    assert table["position"] == ["16", "64"]
    assert table["Accuracy (%)"] == pytest.approx([20.0, 60.0])
    half = 4.302653 * 10 / 3**0.5  # t(2), deviation 10, three runs
    assert table["95% interval, lower end"] == pytest.approx([20 - half, 60 - half], abs=1e-3)
    assert table["95% interval, upper end"] == pytest.approx([20 + half, 60 + half], abs=1e-3)


def test_a_random_search_is_a_line_a_run_across_the_settings_axes(make_page, tmp_path):
    plan = QueuePlan(
        swept=(
            Swept(key="training.lr", low=1e-4, high=1e-2),
            Swept(key="training.batch_size", low=16, high=64),
            Swept(key="training.optimizer", values=("Adam", "SGD")),
        ),
        draws=4,
    )
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, plan)
    accuracies = [0.2, 0.8, 0.5, 0.6]
    for number, accuracy in enumerate(accuracies, start=1):
        finished(folder, number, [accuracy])
    page = make_page()
    page.open_newest()
    plot = page.results._pages["parallel"]
    table = plot.columns()
    assert list(table) == ["Learning rate", "Batch size", "Optimizer", "Accuracy"]
    assert table["Accuracy"] == ["20.0%", "80.0%", "50.0%", "60.0%"]
    rates = [dict(run.chosen)["training.lr"] for run in folder.runs]
    low, high = np.log(min(rates)), np.log(max(rates))
    assert [line.places[0] for line in plot.lines] == pytest.approx([(np.log(rate) - low) / (high - low) for rate in rates])
    assert [line.places[-1] for line in plot.lines] == pytest.approx([0.0, 1.0, 0.5, 2 / 3])
    assert plot.nearest(plot.place_of(3, 1.0)) == 1, "the best run's line ends at the top"


def test_places_on_an_axis():
    assert placed((1, 10, 100), str, logarithmic=True).places == pytest.approx((0, 0.5, 1))
    assert placed((0, 5, 10), str, logarithmic=True).places == (0, 0.5, 1)
    assert placed((7, 7), str) == (((0.5, "7"),), (0.5, 0.5))
    assert placed(("a", "b", "a"), str) == (((0.25, "a"), (0.75, "b")), (0.25, 0.75, 0.25))
    assert placed(tuple(range(20)), str).ticks == ((0.0, "0"), (1.0, "19"))


def test_seeds_are_a_mean_with_its_interval_over_the_epochs(qtbot, make_page, tmp_path):
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, QueuePlan(seeds=3))
    for number, pair in enumerate([(0.2, 0.7), (0.3, 0.8), (0.4, 0.9)], start=1):
        finished(folder, number, pair)
    page = make_page()
    page.open_newest()
    assert "mean of 3 runs: 80.0%" in page.results.sentence.text()
    assert "Standard deviation: 10.0%" in page.results.sentence.text()
    qtbot.waitUntil(lambda: len(page.results._curves) == 3)
    data = page.results._pages["curves"].data
    steps, means = data.columns()["mean"]
    assert (steps.tolist(), means) == ([10, 20], pytest.approx([0.3, 0.8]))
    half = 4.302653 * 0.1 / 3**0.5
    assert data.ribbons["mean"].high == pytest.approx([0.3 + half, 0.8 + half], abs=1e-5)
    assert data.ribbons["mean"].low == pytest.approx([0.3 - half, 0.8 - half], abs=1e-5)


def test_folds_show_every_curve_the_matrix_and_that_no_model_is_the_model(qtbot, make_page, tmp_path):
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, QueuePlan(folds=2))
    one = tuple(tuple(3 if row == column else 0 for column in range(10)) for row in range(10))
    other = tuple(tuple(1 if column == 9 - row else 0 for column in range(10)) for row in range(10))
    finished(folder, 1, [0.5, 1.0], one)
    finished(folder, 2, [0.25, 0.0], other)
    page = make_page()
    page.open_newest()
    assert "75.0% right (30 of 40 samples" in page.results.sentence.text()
    assert "None of these models is “the” model" in page.results.sentence.text()
    qtbot.waitUntil(lambda: len(page.results._curves) == 2)
    curves = page.results._pages["curves"].data
    assert [strand.colour for strand in curves.strands.values()] == [0, 1]
    assert list(curves.names.values()) == ["Fold 1", "Fold 2"]
    assert curves.columns()["2"][1].tolist() == [0.25, 0.0]
    page.results.view.button("matrix").click()
    matrix = page.results._pages["matrix"].counts
    assert np.array_equal(matrix, 3 * np.eye(10) + np.eye(10)[::-1])


def test_it_speaks_the_windows_language(qtbot, make_page, tmp_path):
    QueueFolder.create(tmp_path / "runs" / "q", BASE, QueuePlan(swept=(Swept(key="training.lr", values=(0.1, 0.2)),)))
    page = make_page()
    page.open_newest()
    language.set_language("ko")
    qtbot.waitUntil(lambda: page.line.text() == "실행 2개 중 0개 끝남 · 0% · 정지됨")
    assert page.rows.texts[0][1:3] == ["학습률 0.1", "대기"]
    assert page.plan.start.text() == "대기열 시작"
    assert page.plan.count.text().startswith("실행 5개, 약 ")


def test_a_queue_of_regressions_is_judged_by_its_loss(make_page, tmp_path):
    base = small("adding-lstm", epochs=1, samples=100)
    folder = QueueFolder.create(tmp_path / "runs" / "q", base, QueuePlan(seeds=2))
    for number in (1, 2):
        finished(folder, number, [float("nan"), float("nan")])
    page = make_page()
    page.open_newest()
    assert page.results.sentence.text().startswith("Validation loss, mean of 2 runs: 1.")


# --- in the lab


def test_the_lab_has_the_queue_as_a_view_and_keeps_its_form(make_lab):
    lab = make_lab(small(), torch=False)
    assert lab.queue is None, "made when it is first opened"
    lab.views.switch.button("queue").click()
    page = lab.views.pages["queue"]
    assert lab.queue is page
    assert page.isVisible()
    page.plan.mode.button("folds").click()
    page.plan.folds.box.setValue(3)
    assert (lab.state().plan.mode, lab.state().plan.folds) == ("folds", 3)
    other = msgspec.structs.replace(lab.experiment(), name="Another")
    lab.open_experiment(other)
    assert page.plan.name.text() == "Another"
    lab.set_state(msgspec.structs.replace(lab.state(), plan=PlanForm(seeds=9)))
    assert page.plan.count.text().startswith("9 runs")


def test_a_run_that_has_ended_says_how_long_a_queue_takes_that_is_opened_afterwards(qtbot, make_lab):
    lab = make_lab(BASE)
    seconds = run(qtbot, lab).seconds
    lab.set_state(msgspec.structs.replace(lab.state(), plan=PlanForm(seeds=100)))
    lab.show_view("queue")
    lab.queue.plan.jobs.box.setValue(1)
    # The runs follow each other, and the processes need three seconds until they have begun.
    assert 100 * seconds > 2 * 100 * work_of(BASE).guess, "what such a run took here is not what was guessed"
    assert lab.queue.plan.count.text() == f"100 runs, about {duration(100 * seconds + 3.0)}"


def test_only_rows_that_have_changed_are_drawn_again(make_page, tmp_path):
    folder = QueueFolder.create(tmp_path / "runs" / "q", BASE, QueuePlan(seeds=100))
    page = make_page()
    page._take(folder)
    told = []
    page.rows.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    states = list(page.queue.status().runs)
    page.rows.show_states(tuple(states))
    assert told == []
    states[41] = RunState(number=42, condition="running", step=1, steps=2)
    page.rows.show_states(tuple(states))
    assert told == [(41, 41)]


def test_an_experiment_with_folds_has_no_share_to_set(make_lab):
    lab = make_lab(small(), torch=False)
    row = lab.panel.data.row("validation")
    assert not row.isHidden()
    with_fold = msgspec.structs.replace(lab.experiment().data, folds=4, fold=2)
    lab.open_experiment(msgspec.structs.replace(lab.experiment(), data=with_fold))
    assert row.isHidden()
    assert "150 · validation 50" in lab.panel.network.text()


def test_that_there_is_no_queue_is_said_once(make_page):
    page = make_page()
    shown = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    assert sum("No queue yet" in text for text in shown) == 1
    assert page.results.empty.text() == "Results appear here as soon as the first run is complete."


def test_nothing_is_planned_while_nobody_looks(make_page, monkeypatch):
    page = make_page()
    page.hide()
    planned = []
    monkeypatch.setattr(page.plan, "show_form", lambda *_: planned.append(True))
    for lr in (0.1, 0.2, 0.3):
        page.show_experiment(edited(BASE, training=edited(BASE.training, lr=lr)))
    page.note_run(BASE, 1.0)
    assert not planned
    page.show()
    assert len(planned) == 1


def test_a_stopped_run_is_called_so_in_the_list_and_in_the_queue(qtbot, make_page):
    make_page()
    language.set_language("ko")
    qtbot.waitUntil(lambda: condition_words("stopped") == "정지됨")
    assert QCoreApplication.translate("RunsModel", "stopped") == condition_words("stopped")
