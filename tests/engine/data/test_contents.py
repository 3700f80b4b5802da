"""What the view of the data is shown, held against the arrays themselves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.data import contents as looked_at
from engine.data.contents import contents
from engine.data.info import Data, DatasetError
from engine.data.sources import describe, source_named


def arrays(data: Data, seed: int):
    return source_named(data.name).arrays(describe(data), seed)


@pytest.mark.parametrize("name", ["digits", "mnist-5k", "digits-rows"])
def test_each_class_is_counted_in_both_parts(name: str) -> None:
    found, own = contents(Data(name=name, samples=900), 3), arrays(Data(name=name, samples=900), 3)
    for part, y in ((found.train, own.y_train), (found.validation, own.y_validation)):
        counted = Counter(y.tolist())
        assert part.counts == tuple(counted[label] for label in range(10))
        assert part.samples == len(y)
        assert part.guess == max(counted.values()) / len(y)


def test_kept_samples_are_the_first_of_each_class_with_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked_at, "MOST_OF_A_CLASS", 7)
    found, own = contents(Data(), 0), arrays(Data(), 0)
    for part, x, y in ((found.train, own.x_train, own.y_train), (found.validation, own.x_validation, own.y_validation)):
        expected = sorted(number for label in range(10) for number in [i for i, each in enumerate(y) if each == label][:7])
        assert part.kept.numbers.tolist() == expected
        np.testing.assert_array_equal(part.kept.x, x[expected])
        np.testing.assert_array_equal(part.kept.y, y[expected])
        for label in range(10):
            assert [part.kept.y[place] for place in part.kept.of_class(label)] == [label] * 7


def test_the_split_is_that_of_the_run() -> None:
    """The data's own seed wins over the experiment's."""
    first, second = contents(Data(seed=5), 1), contents(Data(seed=5), 2)
    np.testing.assert_array_equal(first.train.kept.x, second.train.kept.x)
    assert not np.array_equal(contents(Data(), 1).train.kept.y, contents(Data(), 2).train.kept.y)


def test_the_range_is_that_of_the_training_inputs() -> None:
    found, own = contents(Data(name="waves", samples=50), 0), arrays(Data(name="waves", samples=50), 0)
    values = [float(value) for value in own.x_train.reshape(-1)]
    mean = sum(values) / len(values)
    assert (found.low, found.high) == (min(values), max(values))
    assert found.mean == pytest.approx(mean, rel=1e-9)
    assert found.deviation == pytest.approx((sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5, rel=1e-9)
    assert found.bytes == sum(each.nbytes for each in own)


def test_targets_of_a_regression_are_counted_between_edges() -> None:
    found, own = contents(Data(name="adding", samples=400), 0), arrays(Data(name="adding", samples=400), 0)
    assert found.targets is not None
    edges, targets = found.targets.edges, own.y_train.reshape(-1).tolist()
    assert (edges[0], edges[-1]) == (pytest.approx(min(targets)), pytest.approx(max(targets)))
    assert sum(found.targets.counts) == len(targets)
    inside = sum(edges[4] <= value < edges[5] for value in targets)
    assert found.targets.counts[4] == inside
    assert found.train.counts == ()


def test_characters_of_a_text_are_counted() -> None:
    found, own = contents(Data(name="counting", samples=60), 0), arrays(Data(name="counting", samples=60), 0)
    counted = Counter(own.x_train.reshape(-1).tolist())
    assert found.train.counts == tuple(counted[token] for token in range(14))


def test_what_is_kept_fits_into_the_memory_that_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked_at, "MOST_BYTES", 2 * 20 * (64 * 4 + 8))  # twenty samples a part
    found = contents(Data(), 0)
    assert len(found.train.kept.numbers) == 20
    assert found.train.counts == contents(Data(), 0).train.counts


def test_data_that_cannot_be_had_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        contents(Data(name="text", path=str(tmp_path / "none.txt")), 0)
