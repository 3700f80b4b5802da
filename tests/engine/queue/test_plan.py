"""Plans and the runs that follow from them; settings by their keys."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.experiments.experiment import Experiment, Network, Training, preset
from engine.fields import edited
from engine.layers.catalog import Conv2d, Dropout, Flatten, Linear, ReLU, Residual
from engine.queue.plan import MOST_RUNS, PlanError, QueuePlan, Swept, planned
from engine.queue.setting_keys import SettingError, key_path, settable, value_at, with_setting
from engine.toml_text import TomlError
from engine.words import table

BASE = Experiment(
    name="base",
    seed=7,
    network=Network(
        layers=(
            Conv2d(out_channels=4, kernel_size=3, padding=1),
            ReLU(),
            Conv2d(out_channels=6, kernel_size=3, in_channels=4),
            Flatten(),
            Dropout(p=0.1),
            Linear(out_features=10, in_features=216),
        )
    ),
    training=Training(epochs=2, device="cpu"),
)


def test_keys_are_those_of_the_file():
    assert key_path("network.layers[2].main[0].stride") == ("network", "layers", 2, "main", 0, "stride")
    assert value_at(BASE, "training.lr") == 1e-3
    assert value_at(BASE, "network.layers[0].kernel_size") == 3
    assert value_at(BASE, "seed") == 7


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("", "is no name of a setting"),
        ("training..lr", "is no name of a setting"),
        ("network.layers[]", "is no name of a setting"),
        ("lr", "perhaps training.lr"),
        ("training.lrr", "perhaps training.lr"),
        ("network.layers[9].p", "no such setting"),
        ("network.layers[0].type", "no such setting"),
        ("network.layers", "not a single setting"),
        ("training", "not a single setting"),
    ],
)
def test_what_there_is_not_is_named(key, text):
    with pytest.raises(SettingError, match=text.replace("[", r"\[")):
        value_at(BASE, key)


def test_every_settable_setting_can_be_set_to_what_it_is():
    for name in ("digits-cnn", "waves-lstm"):
        base = preset(name)
        keys = settable(base)
        assert {"training.lr", "training.batch_size", "training.epochs", "data.validation"} <= set(keys)
        for key in keys:
            assert with_setting(base, key, value_at(base, key)) == base
    assert "data.noise" in settable(preset("waves-lstm"))
    assert "data.noise" not in settable(BASE)
    assert "network.layers[4].p" in settable(BASE)


def test_a_value_that_does_not_fit_is_refused_in_words():
    with pytest.raises(TomlError, match=r"training\.lr: .*got -1"):
        with_setting(BASE, "training.lr", -1)
    with pytest.raises(TomlError, match="optimizer"):
        with_setting(BASE, "training.optimizer", "Adamm")


def test_channels_are_followed_through_the_network():
    """The next layers say how many channels and features come in: they say the new numbers."""
    changed = with_setting(BASE, "network.layers[0].out_channels", 12).network.layers
    assert (changed[0].out_channels, changed[2].in_channels, changed[5].in_features) == (12, 12, 216)
    changed = with_setting(BASE, "network.layers[2].out_channels", 5).network.layers
    assert (changed[0].out_channels, changed[5].in_features) == (4, 5 * 6 * 6)
    changed = with_setting(BASE, "network.layers[2].kernel_size", 5).network.layers
    assert changed[5].in_features == 6 * 4 * 4
    with_residual = edited(BASE, network=Network(layers=(Residual(main=(ReLU(),)), *BASE.network.layers)))
    changed = with_setting(with_residual, "network.layers[1].out_channels", 8).network.layers
    assert changed[3].in_channels == 8


def test_a_grid_is_every_combination_seed_by_seed():
    plan = QueuePlan(
        swept=(Swept(key="training.lr", values=(0.1, 0.01)), Swept(key="training.batch_size", values=(8, 16))), seeds=2
    )
    runs = planned(BASE, plan)
    assert [(run.seed, *(value for _, value in run.chosen)) for run in runs] == [
        (7, 0.1, 8), (7, 0.1, 16), (7, 0.01, 8), (7, 0.01, 16), (8, 0.1, 8), (8, 0.1, 16), (8, 0.01, 8), (8, 0.01, 16),
    ]  # fmt: skip
    assert [run.number for run in runs] == list(range(1, 9))
    last = runs[-1].experiment
    assert (last.seed, last.training.lr, last.training.batch_size) == (8, 0.01, 16)
    assert last.name == "base, lr 0.01, batch_size 16, seed 8"
    assert len({run.experiment.name for run in runs}) == 8


def test_seeds_alone_change_nothing_but_the_seed():
    runs = planned(BASE, QueuePlan(seeds=3))
    assert [edited(run.experiment, name="base", seed=7) for run in runs] == [BASE] * 3
    assert [run.experiment.seed for run in runs] == [7, 8, 9]


def test_folds_are_of_one_seed_and_the_data_rooms():
    runs = planned(BASE, QueuePlan(folds=3, seeds=2))
    assert [(run.experiment.seed, run.experiment.data.folds, run.experiment.data.fold) for run in runs] == [
        (7, 3, 1), (7, 3, 2), (7, 3, 3), (8, 3, 1), (8, 3, 2), (8, 3, 3),
    ]  # fmt: skip


def test_what_cannot_be_run_is_refused_before_anything_starts():
    plan = QueuePlan(
        swept=(Swept(key="network.layers[2].kernel_size", values=(3, 9)), Swept(key="training.lr", values=(0.1, -1.0)))
    )
    runs = planned(BASE, plan)
    assert [run.problem is None for run in runs] == [True, False, False, False]
    for language in ("en", "ko"):
        assert "lr" in runs[1].problem.sentence(language)
    assert "9×9" in runs[2].problem.sentence("en")
    assert planned(BASE, QueuePlan(folds=12, swept=(Swept(key="data.samples", values=(40,)),)))[0].problem.code == "data"


def test_draws_are_different_reproducible_and_in_their_range():
    lr = Swept(key="training.lr", low=1e-4, high=1e-1)
    batch = Swept(key="training.batch_size", low=8, high=64)
    plan = QueuePlan(swept=(lr, batch, Swept(key="training.optimizer", values=("Adam", "SGD"))), draws=40, draw_seed=5)
    runs = planned(BASE, plan)
    assert runs == planned(BASE, plan)
    assert runs != planned(BASE, edited(plan, draw_seed=6))
    chosen = [dict(run.chosen) for run in runs]
    assert len({run.chosen for run in runs}) == 40
    rates = sorted(each["training.lr"] for each in chosen)
    assert rates[0] >= 1e-4
    assert rates[-1] <= 1e-1
    assert rates[20] < 0.02, "evenly in the logarithm: the middle one is nowhere near 0.05"
    assert all(type(each["training.batch_size"]) is int and 8 <= each["training.batch_size"] <= 64 for each in chosen)
    assert {each["training.optimizer"] for each in chosen} == {"Adam", "SGD"}
    assert all(run.problem is None for run in runs)


def test_draws_from_few_values_end_when_there_are_no_more():
    plan = QueuePlan(swept=(Swept(key="training.batch_size", values=(8, 16, 32)),), draws=10)
    assert sorted(value for run in planned(BASE, plan) for _, value in run.chosen) == [8, 16, 32]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (QueuePlan(swept=(Swept(key="training.lr"),)), "no_values"),
        (QueuePlan(swept=(Swept(key="training.lr", low=0.1, high=1.0),)), "range_needs_draws"),
        (QueuePlan(swept=(Swept(key="training.lr", low=1.0, high=0.1),), draws=3), "range_backwards"),
        (QueuePlan(swept=(Swept(key="training.lr", values=(1,)), Swept(key="training.lr", values=(2,)))), "swept_twice"),
        (QueuePlan(swept=(Swept(key="seed", values=(1, 2)),)), "not_swept"),
        (QueuePlan(swept=(Swept(key="training.epochs", values=tuple(range(1, 600))),), seeds=2), "too_many_runs"),
    ],
)
def test_a_plan_that_leads_nowhere_is_refused(plan, code):
    with pytest.raises(PlanError) as caught:
        planned(BASE, plan)
    assert caught.value.code == code
    assert caught.value.message("ko")


def test_seeds_stay_seeds():
    with pytest.raises(PlanError, match="seeds"):
        planned(edited(BASE, seed=2**31 - 1), QueuePlan(seeds=2))
    assert MOST_RUNS == 1000


def test_every_code_has_words():
    for code, entry in table("queue_problems").items():
        assert entry["en"], code
        assert entry["ko"], code


def test_planning_imports_no_torch():
    code = (
        "import sys; from engine.queue.plan import *; from engine.experiments.experiment import preset\n"
        "planned(preset('digits-cnn'), QueuePlan(swept=(Swept(key='training.lr', values=(0.1, 0.01)),), folds=3))\n"
        "print([name for name in ('torch', 'sklearn', 'numpy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
