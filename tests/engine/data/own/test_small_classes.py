"""Small folders and tables: each class that has two samples learns and validates, however few there are of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.model_selection import train_test_split

from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.source import _may_leave_out
from engine.data.sources import describe
from engine.data.split import shared_out
from tests.engine.data.own.drawn_folders import folder_of


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path_factory.mktemp("home")))


def test_two_pictures_of_each_class_are_enough(tmp_path):
    data = Data(name="folder", path=str(folder_of(tmp_path / "own", {str(number): 2 for number in range(8)})))
    info = describe(data)
    assert (info.train, info.validation) == (8, 8)
    assert info.notes[-1].say() == (
        "A validation share of 0.2 would leave a class out: 8 train and 8 validate, so that both have all 8 classes."
    )
    for seed in range(5):
        dataset = load(data, seed=seed)
        for y in (dataset.y_train, dataset.y_validation):
            assert torch.bincount(y, minlength=8).tolist() == [1] * 8


def test_a_large_share_leaves_one_of_each_class_to_learn_from(tmp_path):
    data = Data(name="folder", path=str(folder_of(tmp_path / "own", {"a": 2, "b": 8, "c": 2})), validation=0.9)
    info = describe(data)
    assert (info.train, info.validation, info.notes[-1].code) == (3, 9, "one_of_each_class")
    assert torch.bincount(load(data, seed=3).y_train).tolist() == [1, 1, 1]


def test_a_small_class_beside_a_large_one_stands_in_both_parts(tmp_path):
    """In proportion, the two of the small class would both be learned from."""
    labels = [0] * 38 + [1] * 2
    _, without = train_test_split(labels, train_size=32, test_size=8, stratify=labels, random_state=0)
    assert without.count(1) == 0
    data = Data(name="folder", path=str(folder_of(tmp_path / "own", {"a": 38, "b": 2})))
    dataset = load(data, seed=0)
    assert torch.bincount(dataset.y_train).tolist() == [31, 1]
    assert torch.bincount(dataset.y_validation).tolist() == [7, 1]
    assert not describe(data).notes  # the share is the one that was asked for


def test_a_small_class_of_a_table_stands_in_both_parts(tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("x,kind\n" + "".join(f"{number}.5,{'rare' if number in (3, 20) else 'often'}\n" for number in range(40)))
    for seed in range(5):
        dataset = load(Data(name="table", path=str(file)), seed=seed)
        for y in (dataset.y_train, dataset.y_validation):
            assert torch.bincount(y).tolist()[1] == 1
    file.write_text("x,kind\n" + "".join(f"{number}.5,{number // 2}번\n" for number in range(12)))
    info = describe(Data(name="table", path=str(file)))
    assert (info.train, info.validation, info.notes[-1].code) == (6, 6, "one_of_each_class")


def test_fewer_samples_than_two_a_class_are_refused(tmp_path):
    folder = folder_of(tmp_path / "own", {str(number): 2 for number in range(8)})
    with pytest.raises(DatasetError, match="leaves 2 for validation; the 8 classes need at least one each"):
        describe(Data(name="folder", path=str(folder), samples=12))


def test_parts_are_shared_out_evenly():
    rng = np.random.default_rng(7)
    for _ in range(200):
        counts = rng.integers(2, 30, rng.integers(2, 9))
        total, classes = int(counts.sum()), len(counts)
        validation = int(rng.integers(classes, total - classes + 1))
        train = int(rng.integers(classes, total - validation + 1))
        labels = rng.permutation(np.repeat(np.arange(classes), counts))
        trains, validates = shared_out(np.random.default_rng(1), labels, train, validation)
        assert (len(trains), len(validates)) == (train, validation)
        assert len({*trains.tolist(), *validates.tolist()}) == train + validation
        for part in (trains, validates):
            assert np.bincount(labels[part], minlength=classes).min() >= 1
        shares = (np.bincount(labels[validates], minlength=classes) - 1) / np.maximum(1, counts - 2)
        wanted = (validation - classes) / max(1, total - 2 * classes)
        assert (np.abs(shares - wanted) * (counts - 2) < 1).all()
        assert np.array_equal(trains, shared_out(np.random.default_rng(1), labels, train, validation)[0])


def test_who_may_be_left_out_is_what_scikit_learn_leaves_out():
    """Whatever is said to be safe keeps every class in both parts, for every seed."""
    rng = np.random.default_rng(2)
    safe = 0
    for _ in range(150):
        counts = rng.integers(2, 25, rng.integers(2, 5))
        total, classes = int(counts.sum()), len(counts)
        validation = int(rng.integers(classes, total - classes + 1))
        train = int(rng.integers(classes, total - validation + 1)) if rng.random() < 0.5 else total - validation
        if _may_leave_out(counts.tolist(), train, validation):
            continue
        safe += 1
        labels = np.repeat(np.arange(classes), counts)
        for seed in range(8):
            for part in train_test_split(labels, train_size=train, test_size=validation, stratify=labels, random_state=seed):
                assert np.bincount(part, minlength=classes).min() >= 1
    assert 20 < safe < 140
