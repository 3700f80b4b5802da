"""Gates as numbers of colours: where a map has room for each cell, and where neighbours are joined."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from engine.sequences.gate_probe import GatesAnswer
from gui.labs.sequence.gates.gate_images import COLOURS, NOT_FINITE, gate_image, levels_of, levels_of_unit, shown_row
from gui.labs.sequence.gates.gate_places import gate_places
from gui.labs.sequence.gates.input_lane import paint_input


def test_a_gate_is_coloured_from_0_to_1_units_downwards_and_time_to_the_right():
    values = np.array([[0.0, 1.0, 0.5], [0.25, 0.75, 0.5]], np.float32)  # 2 steps, 3 units
    image = gate_image("f", values, None, 100, 100)
    expected = np.rint(values.T * (COLOURS - 1))
    np.testing.assert_array_equal(image.pixels, expected)
    assert image.levels == (0.0, 1.0, False) and (image.steps, image.units) == (1, 1)


def test_rows_are_in_the_order_that_is_asked_for():
    values = np.array([[0.0, 1.0, 0.5]], np.float32)
    order = np.array([1, 2, 0])
    image = gate_image("i", values, order, 10, 10)
    assert image.pixels[:, 0].tolist() == [COLOURS - 1, (COLOURS - 1) // 2, 0]
    assert [shown_row(unit, order) for unit in range(3)] == [2, 0, 1]


def test_what_has_no_room_is_the_mean_of_neighbours_worked_by_hand():
    values = np.arange(10, dtype=np.float32)[:, None] / 10 * np.ones((1, 4), np.float32)  # 10 steps, 4 units alike
    image = gate_image("o", values, None, 4, 2)
    assert (image.steps, image.units) == (3, 2) and image.pixels.shape == (2, 4)
    means = [0.1, 0.4, 0.7, 0.9]  # of 0 .1 .2 | .3 .4 .5 | .6 .7 .8 | .9
    np.testing.assert_allclose(image.pixels[0] / (COLOURS - 1), means, atol=0.5 / (COLOURS - 1) + 1e-6)


def test_states_have_zero_in_the_middle_and_reach_to_a_round_number():
    levels = levels_of("c", np.array([[-3.1, 0.2]], np.float32))
    assert levels == (-4.0, 4.0, True)
    image = gate_image("c", np.array([[0.0]], np.float32), None, 5, 5)
    assert image.pixels[0, 0] == (COLOURS - 1) // 2
    assert levels_of("h", np.zeros((3, 2), np.float32)) == (-1.0, 1.0, True)


def test_one_unit_that_counts_takes_no_colour_from_the_others_and_that_is_said():
    values = np.random.default_rng(0).uniform(-0.9, 0.9, (50, 64)).astype(np.float32)
    values[:, 7] = np.arange(50)
    image = gate_image("c", values, None, 400, 400)
    assert image.levels == (-1.0, 1.0, True) and image.beyond
    assert image.pixels[7, 2:].min() == COLOURS - 1  # 2, 3, ...: the last colour
    assert 0 < image.pixels[8].min() < 60 and 195 < image.pixels[8].max() < COLOURS - 1
    assert levels_of_unit(image.levels, values[:, 7]) == (-50.0, 50.0, True)  # its curve is whole
    assert levels_of_unit(image.levels, values[:, 8]) == image.levels
    assert not gate_image("c", values[:, :7], None, 400, 400).beyond


def test_what_is_no_finite_number_has_a_colour_of_its_own():
    values = np.array([[np.nan, np.inf, 0.5]], np.float32)
    assert gate_image("g", values, None, 5, 5).pixels[:, 0].tolist()[:2] == [NOT_FINITE, NOT_FINITE]


@pytest.mark.parametrize("size", [(150, 150), (330, 300), (700, 620), (1400, 900)])
@pytest.mark.parametrize("maps", [1, 4, 6])
def test_lanes_and_maps_lie_below_each_other_inside_of_the_widget(size, maps):
    width, height = size
    places = gate_places(float(width), float(height), 80, maps)
    bands = [places.input, *([places.unit] if places.unit else []), *places.maps]
    for above, below in pairwise(bands):
        assert above.bottom < below.top
    assert len(places.maps) == maps and bands[-1].bottom <= places.axis <= height
    for t in range(80):
        begin, end = places.span(t)
        assert places.step_at((begin + end) / 2) == t


def test_5_000_steps_of_512_units_are_joined_to_pixels_in_time():
    values = np.random.default_rng(0).random((5000, 512), np.float32)
    image = gate_image("f", values, None, 600, 80)
    assert image.pixels.shape == (74, 556) and (image.steps, image.units) == (9, 7)


def test_a_space_and_the_end_of_a_line_are_two_signs(qtbot):
    class Written(QPainter):
        texts: ClassVar[list[str]] = []

        def drawText(self, place, flags, text):
            self.texts.append(text)

    tokens = np.array([0, 1, 2])
    answer = GatesAnswer(0, 1, "next_token", ("a", " ", "\n"), tokens, tokens, np.eye(3, dtype=np.float32), ())
    picture = QImage(600, 400, QImage.Format.Format_ARGB32)
    painter = Written(picture)
    paint_input(painter, gate_places(600, 400, 3, 6), answer, 0)
    painter.end()
    assert Written.texts == ["a", "␣", "↵"] * 3
