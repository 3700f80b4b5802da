"""The measurements of a run: appended by one thread, read by others without a lock."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest

from engine.runs.history import FIRST_CAPACITY, History, Measurements
from tests.patience import GIVE_UP_S


def test_a_reader_gets_what_is_new_since_its_cursor():
    history = History()
    for step in range(1, 6):
        history.append_step(step, step / 10, step / 100)
    steps, losses, accuracies = history.train.since(3)
    assert steps.tolist() == [4, 5]
    np.testing.assert_array_equal(losses, np.float32([0.4, 0.5]))
    np.testing.assert_array_equal(accuracies, np.float32([0.04, 0.05]))
    assert len(history.train.since(5)[0]) == 0
    assert history.train.last() == (np.float32(0.5), np.float32(0.05))


def test_an_empty_history_has_nothing():
    history = History()
    assert history.train.last() is None
    assert history.validation.last() is None
    assert history.epochs.last_step() == 0
    assert [len(column) for column in history.validation.since()] == [0, 0, 0]


def test_an_epoch_is_one_row_seen_from_two_sides():
    history = History()
    history.append_epoch(23, 1.0, 0.25, 2.0, 0.5)
    assert [column.tolist() for column in history.epoch_train.since()] == [[23], [1.0], [0.25]]
    assert [column.tolist() for column in history.validation.since()] == [[23], [2.0], [0.5]]
    assert history.epochs.last_step() == 23


def test_growing_keeps_every_row_and_what_readers_hold():
    series = Measurements(1)
    series.append(1, 1.0)
    held, (values,) = series.since(0)
    rows = 5 * FIRST_CAPACITY + 7
    for step in range(2, rows + 1):
        series.append(step, float(step))
    steps, (all_values,) = series.since(0)
    np.testing.assert_array_equal(steps, np.arange(1, rows + 1))
    np.testing.assert_array_equal(all_values, np.arange(1, rows + 1, dtype=np.float32))
    assert held.tolist() == [1]
    assert values.tolist() == [1.0]


def test_a_row_needs_all_its_values():
    with pytest.raises(ValueError):
        Measurements(2).append(1, 0.5)


def test_readers_never_see_half_a_row():
    series = Measurements(2)
    rows, wrong = 200_000, []

    def read() -> None:
        cursor = 0
        while cursor < rows:
            steps, (first, second) = series.since(cursor)
            if not (np.array_equal(steps, first) and np.array_equal(steps, -second)):
                wrong.append(cursor)
            if len(steps) and steps[0] != cursor + 1:
                wrong.append(cursor)
            cursor += len(steps)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for step in range(1, rows + 1):
            series.append(step, step, -step)
        for reader in readers:
            reader.join(GIVE_UP_S)
    finally:
        sys.setswitchinterval(interval)
    assert not any(reader.is_alive() for reader in readers)
    assert wrong == []
