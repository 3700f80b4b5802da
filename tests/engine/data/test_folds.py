"""Folds: every sample is left out exactly once, classes keep their shares, and nothing changes where there are none."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold

from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.sources import describe
from engine.data.split import folded
from engine.experiments.experiment import Experiment, Network, Training, parse, to_toml
from engine.experiments.scripts.export import to_pytorch
from engine.fields import edited
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import LSTM

KINDS = [
    Data(name="digits"),
    Data(name="digits", samples=301),
    Data(name="mnist-5k", samples=500),
    Data(name="waves", samples=23, length=5),
    Data(name="adding", samples=25, length=7),
    Data(name="counting", samples=26, length=9),
    Data(name="copy", samples=25, length=9, symbols=2),
    Data(name="addition", samples=24, digits=2),
    Data(name="random-walk", samples=23, length=5),
    Data(name="digits-rows", samples=301),
    Data(name="text", samples=25, length=9),
]


def rows(tensor):
    """The samples, as something to count."""
    return sorted(row.tobytes() for row in tensor.numpy())


@pytest.mark.parametrize("folds", [2, 3, 5, 12])
@pytest.mark.parametrize("data", KINDS, ids=lambda data: f"{data.name}-{data.samples}")
def test_each_sample_is_left_out_exactly_once(data, folds):
    parts = [load(edited(data, folds=folds, fold=fold + 1), seed=4) for fold in range(folds)]
    whole = None
    for fold, part in enumerate(parts, start=1):
        info = describe(edited(data, folds=folds, fold=fold))
        assert (len(part.x_train), len(part.x_validation)) == (info.train, info.validation)
        assert (len(part.y_train), len(part.y_validation)) == (info.train, info.validation)
        together = rows(torch.cat([part.x_train, part.x_validation]))
        whole = whole or together
        assert together == whole, "every fold is of the same samples"
        assert part.x_train.stride() == torch.empty(part.x_train.shape).stride()
    assert rows(torch.cat([part.x_validation for part in parts])) == whole
    sizes = [len(part.x_validation) for part in parts]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("folds", [2, 4, 5, 7, 10, 12])
def test_folds_hold_as_many_of_each_class_as_scikit_learns(folds):
    digits = load_digits()
    theirs = [
        np.bincount(digits.target[test], minlength=10)
        for _, test in StratifiedKFold(folds, shuffle=True, random_state=3).split(digits.data, digits.target)
    ]
    ours = [
        torch.bincount(load(Data(folds=folds, fold=fold + 1), seed=3).y_validation, minlength=10).numpy()
        for fold in range(folds)
    ]
    assert sorted(map(tuple, ours)) == sorted(map(tuple, theirs))


def test_a_part_of_the_samples_keeps_the_classes_shares():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    train, validation = folded(np.random.default_rng(0), labels, samples=100, folds=5, fold=2)
    assert np.bincount(labels[train]).tolist() == [48, 24, 8]
    assert np.bincount(labels[validation]).tolist() == [12, 6, 2]
    assert len(set(train) | set(validation)) == 100


def test_the_seed_shuffles_and_the_order_is_not_by_class():
    one, again, other = (load(Data(folds=5), seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one.x_validation, again.x_validation)
    assert rows(one.x_validation) != rows(other.x_validation)
    assert torch.equal(load(Data(folds=5, seed=1), seed=9).x_train, one.x_train)
    assert len(one.y_train[:50].unique()) == 10


def test_without_folds_nothing_is_written_and_nothing_changes():
    assert "fold" not in to_toml(Experiment())
    text = to_toml(Experiment(data=Data(folds=5, fold=3)))
    assert "folds = 5\nfold = 3\n" in text
    assert parse(text).data == Data(folds=5, fold=3)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (Data(folds=1), "data.folds"),
        (Data(folds=13), "data.folds"),
        (Data(folds=5, fold=6), "data.fold: there is no fold 6 of 5; expected 1 to 5"),
        (Data(samples=40, folds=12), "40 samples of digits in 12 folds leave 4 for validation"),
        (Data(name="adding", samples=3, folds=4, fold=4), "leave 0 for validation; it needs at least one"),
    ],
)
def test_mistakes_are_named(data, text):
    with pytest.raises(DatasetError) as caught:
        describe(data)
    assert text in str(caught.value)


NETWORKS = {
    "digits": (Flatten(), Linear(out_features=10)),
    "adding": (LSTM(hidden_size=3), Linear(out_features=1)),
    "waves": (LSTM(hidden_size=3, output="sequence"), Linear(out_features=1)),
}


@pytest.mark.parametrize("name", ["digits", "adding", "waves"])
def test_the_script_cuts_the_same_folds(name):
    data = Data(name=name, samples=203, folds=5, fold=4, length=None if name == "digits" else 6)
    experiment = Experiment(seed=6, data=data, network=Network(layers=NETWORKS[name]), training=Training(device="cpu"))
    script = to_pytorch(experiment)
    made, _, _ = script.partition("\n\n\ntorch.manual_seed")
    space = {}
    threads = torch.get_num_threads()
    try:
        exec(compile(made, "script", "exec"), space)
    finally:
        torch.set_num_threads(threads)
    ours = load(data, seed=6)
    for part in ("x_train", "y_train", "x_validation", "y_validation"):
        assert torch.equal(space[part], getattr(ours, part)), part
