"""Every preset can be traced, built and trained, and the ones with a promise keep it."""

import pytest

from engine import words
from engine.assets import asset
from engine.data.sources import describe
from engine.experiments.experiment import parse, preset, preset_names, to_toml, trace_of
from engine.fields import edited
from engine.passes.modules import build
from engine.runs.status import Reason, State
from engine.training.worker import Worker, train
from tests.patience import GIVE_UP_S

NAMES = (
    *(
        "digits-cnn",
        "digits-mlp",
        "moons-mlp",
        "spirals-mlp",
        "xor",
        "pipeline-28x28",
        "lenet-5",
        "shapes-cnn",
        "hangul-cnn",
        "adding-lstm",
        "waves-lstm",
        "counting-lstm",
        "random-walk-lstm",
    ),
    *("copy-lstm", "addition-lstm", "digits-rows-lstm", "text-lstm", "series-lstm", "table-mlp"),
)


def test_these_presets_come_with_the_program():
    assert preset_names() == NAMES


@pytest.mark.parametrize(
    ("name", "parameters", "macs"),
    [
        ("pipeline-28x28", 126_090, 577_024),  # 640 + 125,450
        ("lenet-5", 61_706, 416_520),
        ("digits-cnn", 16 * 10 + 32 * (9 * 16 + 1) + 129 * 10, 64 * 144 + 16 * 32 * 144 + 1280),
        ("moons-mlp", 3 * 8 + 9 * 2, 2 * 8 + 8 * 2),
        ("xor", 3 * 4 + 5 * 2, 2 * 4 + 4 * 2),
        ("digits-mlp", 65 * 64 + 65 * 32 + 33 * 10, 64 * 64 + 64 * 32 + 320),
        ("table-mlp", 5 * 16 + 17 * 3, 4 * 16 + 16 * 3),
        ("hangul-cnn", 12 * 10 + 24 * (9 * 12 + 1) + (24 * 49 + 1) * 14, 784 * 108 + 196 * 24 * 108 + 24 * 49 * 14),
        ("adding-lstm", 4 * (2 * 64 + 64**2 + 2 * 64) + 65, 50 * 4 * 64 * 66 + 64),
        ("copy-lstm", 10 * 8 + 4 * (8 * 64 + 64**2 + 2 * 64) + 65 * 10, 15 * (4 * 64 * 72 + 64 * 10)),
        ("addition-lstm", 13 * 16 + 4 * (16 * 128 + 128**2 + 2 * 128) + 129 * 13, 11 * (4 * 128 * 144 + 128 * 13)),
        ("digits-rows-lstm", 4 * (8 * 64 + 64**2 + 2 * 64) + 65 * 10, 8 * 4 * 64 * 72 + 64 * 10),
        ("counting-lstm", 14 * 16 + 4 * (16 * 64 + 64**2 + 2 * 64) + 65 * 14, 40 * (4 * 64 * 80 + 64 * 14)),
    ],
)
def test_totals_are_the_known_ones(name, parameters, macs):
    trace = trace_of(preset(name))
    assert trace.problem is None
    assert (trace.parameters, trace.macs) == (parameters, macs)


@pytest.mark.parametrize("name", NAMES)
def test_network_fits_its_data(name):
    experiment = preset(name)
    info, trace = describe(experiment.data), trace_of(experiment)
    assert trace.problem is None
    assert trace.output == (info.target if info.task == "regression" else (*info.target, info.outputs))
    model = build(experiment.network.layers, info.input, tokens=info.tokens)
    assert sum(parameter.numel() for parameter in model.parameters()) == trace.parameters


@pytest.mark.parametrize("name", NAMES)
def test_file_and_words_are_whole(name):
    experiment = preset(name)
    assert parse(to_toml(experiment)) == experiment
    entries = words.table("presets")
    for code in (name, f"{name}.about"):
        assert set(entries[code]) == set(words.LANGUAGES)
        assert all(entries[code].values())
    assert experiment.name == entries[name]["en"].replace("×", "x")


@pytest.mark.parametrize("name", NAMES)
def test_trains_a_few_steps(name):
    experiment = preset(name)
    experiment = edited(experiment, training=edited(experiment.training, device="cpu"))
    worker = Worker()
    try:
        worker.start(experiment, paused=True)
        worker.step(5)
        assert worker.wait_until(lambda status: status.step == 5 and status.state is State.PAUSED, GIVE_UP_S)
        steps, losses, _ = worker.history.train.since(0)
        assert steps.tolist() == [1, 2, 3, 4, 5]
        assert all(0 < loss < 5 for loss in losses)
    finally:
        assert worker.close(GIVE_UP_S)


def test_digits_cnn_learns_to_read():
    status = train(preset("digits-cnn"), device="cpu")
    assert status.reason is Reason.COMPLETED
    assert status.validation_accuracy is not None
    assert status.validation_accuracy >= 0.97


@pytest.mark.parametrize("name", ["moons-mlp", "spirals-mlp", "xor"])
def test_the_plane_is_learned(name):
    status = train(preset(name), device="cpu")
    assert status.validation_accuracy is not None
    assert status.validation_accuracy >= 0.95


def test_words_of_data_sets_and_fields_are_whole():
    from typing import get_args, get_type_hints

    from engine.data.info import Data
    from engine.data.sources import SOURCES
    from engine.experiments.augmentation import Augmentation
    from engine.experiments.experiment import Training
    from engine.experiments.schedules import AnySchedule
    from engine.experiments.stopping import EarlyStopping
    from engine.fields import fields

    def said(*names: str) -> list[str]:
        return [code for name in names for code in (name, f"{name}.help")]

    rules = get_args(get_type_hints(Training)["initialization"])
    schedules = get_args(AnySchedule)
    needed = {
        "datasets": [*(code for name in SOURCES for code in (name, f"{name}.about")), "text.usual", "series.usual"],
        "fields_training": [
            *said(*fields(Data), *fields(Training), *fields(EarlyStopping)),
            *said("dropout", "batch_norm"),  # edits of the network
            *(f"initialization.{rule}" for rule in rules),
        ],
        "fields_schedule": [
            *said(*(name for kind in schedules for name in fields(kind))),
            *(f"{name}.about" for name in ("constant", *(kind.__name__ for kind in schedules))),
        ],
        "fields_augmentation": said(*fields(Augmentation)),
    }
    for table, codes in needed.items():
        entries = words.table(table)
        assert set(codes) == set(entries)
        assert all(set(entry) == set(words.LANGUAGES) and all(entry.values()) for entry in entries.values())


def test_every_file_in_the_folder_is_a_preset():
    assert {file.name for file in asset("presets").iterdir()} == {f"{name}.toml" for name in NAMES}
