"""Two networks beside each other: the courses' comparisons, with their numbers worked by hand."""

from __future__ import annotations

from engine.experiments.famous import network as famous
from engine.experiments.pairs import pair
from engine.layers.base import Layer, Shape
from engine.layers.catalog import (
    LSTM,
    AdaptiveAvgPool2d,
    BatchNorm1d,
    Concat,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    ReLU,
    ReLU6,
    Residual,
    Sequential,
)
from engine.networks.side_by_side import Difference, UnfoldedLayer, depths, differences, last_field, matched, unfolded
from engine.networks.trace import Trace, trace
from tests.engine import known_networks


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
    assert 4 * grouped["macs"].second == grouped["macs"].first


def test_running_sums_end_at_the_totals() -> None:
    found = trace(known_networks.LENET_5, (1, 28, 28))
    steps = depths(found)
    assert [step.parameters for step in steps][:4] == [156, 156, 156, 2572]  # 6·(25 + 1), then + 16·(25·6 + 1)
    assert (steps[-1].parameters, steps[-1].macs) == (61_706, 416_520)
    assert steps[0].memory == 4 * 6 * 28 * 28 and steps[-1].field is None


def test_the_curve_of_receptive_fields_ends_at_the_one_that_is_compared() -> None:
    """ResNet-18 sees 435 cells (Araujo et al.); its global pooling reads the whole map, be its windows' field 435 + 6·32."""
    resnet = famous("resnet-18")
    found = trace(resnet.layers, (3, 224, 224))
    steps, last = depths(found), last_field(found)
    assert last is not None and last.cells == (435, 435)
    assert max(step.field for step in steps if step.field is not None) == 435
    assert [step.field for step in steps if step.layer == "AdaptiveAvgPool2d"] == [None]


def test_memory_counts_what_is_inside_too() -> None:
    plain = over(convolutions(3, channels=8), 8)
    assert by_name(differences(plain, plain))["activation_memory"].first == 4 * 8 * 256


def test_a_fully_connected_head_sees_as_much_as_a_pooled_one() -> None:
    """Both see all of 6 x 6: the one in its first fully connected layer, the other in the pooling."""
    found = pair("head")
    traces = [trace(network.layers, network.input or ()) for network in (found.first, found.second)]
    assert [last_field(each) for each in traces] == [((6, 6), 1, True), ((6, 6), 0, True)]
    seen = by_name(differences(*traces))["receptive_field"]
    assert seen.first == seen.second
    assert last_field(trace((Linear(out_features=3),), (7,))) == ((7,), 0, True)
    for between in ((), (Dropout(),), (BatchNorm1d(),)):
        layers = (Flatten(), *between, Linear(out_features=3))
        assert last_field(trace(layers, (1, 8, 20))) == ((8, 20), 1 + len(between), True)


def test_where_position_is_lost_without_everything_being_read_no_field_is_said() -> None:
    for layers, shape in (
        ((LSTM(hidden_size=4),), (9, 3)),
        ((Linear(out_features=4),), (9, 3)),  # each step for itself
        ((AdaptiveAvgPool2d(output_size=4),), (3, 6, 6)),  # regions of 2 cells that overlap, or not
        ((), (3, 6, 6)),
    ):
        lost = trace(layers, shape)
        assert last_field(lost) is None and "receptive_field" not in by_name(differences(lost, lost))
    assert last_field(trace((Conv2d(out_channels=2, kernel_size=(1, 7)),), (3, 20, 20))) == ((1, 7), 0, False)


def test_a_global_pooling_does_not_make_a_field_larger_than_the_picture() -> None:
    """ResNet-50: 11 cells after its first pooling, then the 3x3 of its stages, 3*8, 8 + 3*16, 16 + 5*32 and 32 + 2*64 more:
    427. A mean over its 7x7 places, 32 cells apart, would add 6*32 to that."""
    network = famous("resnet-50")
    assert last_field(trace(network.layers, network.input or ())) == ((427, 427), 5, False)


def test_activations_stand_beside_each_other_and_dropout_beside_none() -> None:
    one = parts((Conv2d(out_channels=4, kernel_size=3), ReLU(), Dropout()), (3, 8, 8))
    other = parts((Conv2d(out_channels=4, kernel_size=3), ReLU6()), (3, 8, 8))
    names = [(left and left.row.type, right and right.row.type) for left, right in matched(one, other)]
    assert names == [("Conv2d", "Conv2d"), ("ReLU", "ReLU6"), ("Dropout", None)]


def test_the_published_fields_are_those_of_the_last_pooling() -> None:
    for name, size, kind in (("alexnet", 195, "MaxPool2d"), ("vgg-16", 212, "Sequential")):
        network = famous(name)
        found = last_field(trace(network.layers, network.input or ()))
        kinds = [type(layer).__name__ for layer in network.layers]
        assert found is not None and (found.cells, kinds[found.at]) == ((size, size), kind)


def parts(layers: tuple[Layer, ...], shape: Shape) -> list[UnfoldedLayer]:
    return list(unfolded(layers, trace(layers, shape).rows))


def test_rows_of_the_same_kind_and_shape_stand_in_one_line() -> None:
    one = parts((*convolutions(3, channels=8), ReLU(), *convolutions(3, channels=8)), (8, 16, 16))
    other = parts((*convolutions(5, channels=8), ReLU()), (8, 16, 16))
    pairs = [(left and left.row.index, right and right.row.index) for left, right in matched(one, other)]
    assert pairs == [(0, 0), (1, 1), (2, None)]
    flat = parts((Linear(out_features=4),), (3,))
    assert [(bool(left), bool(right)) for left, right in matched(one, flat)] == [(True, False)] * 3 + [(False, True)]


def kinds_beside(first: str, second: str) -> list[tuple[str, str]]:
    sides = []
    for name in (first, second):
        network = famous(name)
        sides.append(parts(network.layers, network.input or ()))
    return [(left.row.type if left else "", right.row.type if right else "") for left, right in matched(*sides)]


def test_famous_networks_stand_side_by_side() -> None:
    """AlexNet's layers have their like in its form of 2012, which has two normalisations more and its dropouts elsewhere; and
    in VGG-16, at the stages of the same size."""
    found = kinds_beside("alexnet", "alexnet-2012")
    assert found[0] == ("Conv2d", "Conv2d") and all(left == right for left, right in found if left and right)
    alone = [left or right for left, right in found if not (left and right)]
    assert alone.count("LocalResponseNorm") == 2 and set(alone) == {"LocalResponseNorm", "Dropout"}
    alexnet, vgg = (famous(name) for name in ("alexnet", "vgg-16"))
    pairs = matched(parts(alexnet.layers, (3, 224, 224)), parts(vgg.layers, (3, 224, 224)))
    sizes = [
        (left.row.output[1], right.row.output[1])
        for left, right in pairs
        if left is not None and right is not None and left.row.type == "MaxPool2d"
    ]
    assert sizes == [(27, 28), (13, 14), (6, 7)]
    assert all(right is not None for left, right in pairs if left is not None and left.row.type in ("Conv2d", "Linear"))


def test_a_block_is_compared_layer_by_layer() -> None:
    """The same two convolutions, plain and with a shortcut: only the shortcut differs, and the curves go the same way."""
    inner = (*convolutions(3, channels=8), ReLU(), *convolutions(3, channels=8))
    block = (Sequential(layers=(Residual(main=inner),)),)
    pairs = matched(parts(inner, (8, 16, 16)), parts(block, (8, 16, 16)))
    assert [right.row.type for left, right in pairs if left is None and right is not None] == ["Sequential", "Residual"]
    assert [left is not None and right is not None for left, right in pairs] == [False, False, True, True, True]
    assert [right.level for _, right in pairs if right is not None] == [0, 1, 2, 2, 2]
    plain, found = depths(over(inner, 8)), depths(over(block, 8))
    assert [(step.parameters, step.field) for step in found[:3]] == [(step.parameters, step.field) for step in plain]
    assert [step.layer for step in found] == ["Conv2d", "ReLU", "Conv2d", "Residual"]
    assert (found[-1].parameters, found[-1].field) == (2 * 584, 5)


def test_the_curves_of_branches_follow_the_longest_and_end_at_the_totals() -> None:
    joined = Concat(branches=(convolutions(1, channels=4), (*convolutions(3, 3, channels=4),)))
    steps = depths(over((joined, ReLU()), 8))
    assert [step.layer for step in steps] == ["Conv2d", "Conv2d", "Concat", "ReLU"]
    assert [step.parameters for step in steps] == [292, 440, 476, 476]  # 4·(9·8 + 1), 4·(9·4 + 1), and the 1x1's 4·(8 + 1)
