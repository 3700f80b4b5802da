"""The time that a pass of the shown layer takes: of this layer, over an input of this size."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from engine.layers.kinds.convolution import Conv2d
from gui.labs.convolution.maps.live_maps import LiveMaps

LAYER = Conv2d(out_channels=16, kernel_size=3)
PICTURE = object()


@pytest.fixture
def maps(qapp: object) -> LiveMaps:
    return LiveMaps()


def take(maps: LiveMaps, took_ms: float, shape: tuple[int, int, int], layer: Conv2d = LAYER) -> None:
    """A pass over an input of `shape` that took so long."""
    cut = SimpleNamespace(values_CHW=np.zeros(shape, np.float32))
    request = SimpleNamespace(work=SimpleNamespace(layer=layer), picture=PICTURE)
    maps.preview.answered.emit(SimpleNamespace(request=request, cut=cut, tiles=SimpleNamespace(convolution_ms=took_ms)))


def test_the_shortest_pass_counts(maps: LiveMaps) -> None:
    arrived = QSignalSpy(maps.arrived)
    assert maps.time_ms is None
    for took_ms in (0.6, 0.43, 0.5):
        take(maps, took_ms, (1, 28, 28))
    assert (maps.time_ms, arrived.count()) == (0.43, 3)


def test_a_larger_picture_takes_its_own_time(maps: LiveMaps) -> None:
    take(maps, 0.43, (1, 28, 28))
    take(maps, 37.0, (3, 300, 400))
    assert maps.time_ms == 37.0
    take(maps, 35.0, (3, 300, 400))
    assert maps.time_ms == 35.0


def test_another_layer_takes_its_own_time(maps: LiveMaps) -> None:
    take(maps, 0.43, (1, 28, 28))
    take(maps, 0.9, (1, 28, 28), Conv2d(out_channels=32, kernel_size=3))
    assert maps.time_ms == 0.9


def test_the_time_of_the_layer_before_is_not_told_of_a_slow_one(qtbot: QtBot, maps: LiveMaps) -> None:
    """Its maps take long: until they come nothing is known of their time, and the line is told so."""
    take(maps, 0.43, (1, 28, 28))
    maps.preview.ask = lambda request: None  # type: ignore[method-assign]  # the maps never come
    measured = QSignalSpy(maps.measured)
    slow = Conv2d(out_channels=64, kernel_size=11)
    maps.ask(SimpleNamespace(work=SimpleNamespace(layer=slow), picture=PICTURE))  # type: ignore[arg-type]
    assert maps.time_ms == 0.43  # a dragged slider's maps come at once: no flicker
    qtbot.waitUntil(lambda: maps.time_ms is None)
    assert measured.count() >= 1
    take(maps, 9.0, (1, 28, 28), slow)
    assert maps.time_ms == 9.0
    maps.ask(SimpleNamespace(work=SimpleNamespace(layer=slow), picture=object()))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: maps.time_ms is None)
    maps.ask(SimpleNamespace(work=SimpleNamespace(layer=slow), picture=PICTURE))  # type: ignore[arg-type]
    assert maps.time_ms == 9.0
