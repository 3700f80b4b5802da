"""Two networks beside each other: the courses' comparisons, with their numbers worked by hand."""

from __future__ import annotations

from engine.layers.base import Layer
from engine.layers.catalog import Conv2d, Linear, ReLU
from engine.network import Trace, trace
from engine.side_by_side import Difference, depths, differences, largest_field, matched
from tests.engine import networks


def convolutions(*kernels: int, channels: int, groups: int = 1) -> tuple[Layer, ...]:
    return tuple(Conv2d(out_channels=channels, kernel_size=kernel, padding=kernel // 2, groups=groups) for kernel in kernels)


def over(layers: tuple[Layer, ...], channels: int) -> Trace:
    return trace(layers, (channels, 16, 16))


def by_name(found: tuple[Difference, ...]) -> dict[str, Difference]:
    return {each.quantity: each for each in found}


def test_two_3x3_against_one_5x5() -> None:
    """Equal channels: 2·64·(9·64 + 1) = 73,856 against 64·(25·64 + 1) = 102,464, and both see 5 cells. From 3 channels up to
    64 it is the other way round: 64·(27 + 1) + 64·(576 + 1) = 38,720 against 64·(75 + 1) = 4,864."""
    found = by_name(differences(over(convolutions(3, 3, channels=64), 64), over(convolutions(5, channels=64), 64)))
    assert (found["parameters"].first, found["parameters"].second) == (73_856, 102_464)
    assert (found["receptive_field"].first, found["receptive_field"].second) == (5, 5)
    assert (found["macs"].first, found["macs"].second) == (2 * 256 * 9 * 64 * 64, 256 * 25 * 64 * 64)
    upwards = by_name(differences(over(convolutions(3, 3, channels=64), 3), over(convolutions(5, channels=64), 3)))
    assert (upwards["parameters"].first, upwards["parameters"].second) == (38_720, 4_864)


def test_three_3x3_against_one_7x7_and_groups() -> None:
    found = by_name(differences(over(convolutions(3, 3, 3, channels=32), 32), over(convolutions(7, channels=32), 32)))
    assert (found["parameters"].first, found["parameters"].second) == (3 * 32 * (288 + 1), 32 * (49 * 32 + 1))
    assert found["receptive_field"].first == found["receptive_field"].second == 7
    grouped = by_name(differences(over(convolutions(3, channels=32), 32), over(convolutions(3, channels=32, groups=4), 32)))
    assert grouped["macs"].ratio == 0.25


def test_running_sums_end_at_the_totals() -> None:
    found = trace(networks.LENET_5, (1, 28, 28))
    steps = depths(found)
    assert [step.parameters for step in steps][:4] == [156, 156, 156, 2572]  # 6·(25 + 1), then + 16·(25·6 + 1)
    assert (steps[-1].parameters, steps[-1].macs) == (61_706, 416_520)
    assert steps[0].memory == 4 * 6 * 28 * 28 and steps[-1].field is None


def test_memory_counts_what_is_inside_too() -> None:
    plain = over(convolutions(3, channels=8), 8)
    assert by_name(differences(plain, plain))["activation_memory"].first == 4 * 8 * 256
    assert largest_field(trace((Linear(out_features=3),), (7,))) == 1
    assert Difference("macs", 0, 5).ratio is None


def test_rows_of_the_same_kind_and_shape_stand_in_one_line() -> None:
    one = over((*convolutions(3, channels=8), ReLU(), *convolutions(3, channels=8)), 8)
    other = over((*convolutions(5, channels=8), ReLU()), 8)
    pairs = [(left and left.index, right and right.index) for left, right in matched(one, other)]
    assert pairs == [(0, 0), (1, 1), (2, None)]
    flat = trace((Linear(out_features=4),), (3,))
    assert [(bool(left), bool(right)) for left, right in matched(one, flat)] == [(True, False)] * 3 + [(False, True)]
