"""In which settings runs differ: only what decides something, layers beside their like, and repetitions found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.experiments.experiment import Network, preset
from engine.fields import edited
from engine.layers.catalog import Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from engine.runs.library.setting_differences import ABSENT, aligned, seed_groups, setting_differences
from tests.engine.runs.library.kept_runs import of

BASE = preset("digits-cnn")


def found(*experiments):
    return {row.key: row.values for row in setting_differences(experiments)}


def test_only_what_differs_with_its_values():
    other = of(BASE, lr=0.01, batch_size=16)
    assert found(BASE, other, BASE) == {
        "training.lr": (BASE.training.lr, 0.01, BASE.training.lr),
        "training.batch_size": (BASE.training.batch_size, 16, BASE.training.batch_size),
    }
    assert found(BASE, BASE) == {} and found(BASE) == {} and found() == {}


def test_names_are_no_settings():
    assert found(BASE, edited(BASE, name="another")) == {}


def test_what_an_optimiser_ignores_does_not_differ():
    adam = of(BASE, optimizer="Adam", momentum=0.0)
    assert found(adam, of(adam, momentum=0.9)) == {}
    rows = found(adam, of(adam, optimizer="SGD", momentum=0.9))
    assert rows["training.optimizer"] == ("Adam", "SGD")
    assert rows["training.momentum"] == (ABSENT, 0.9) and rows["training.nesterov"] == (ABSENT, False)


def test_a_default_that_the_data_ask_for_is_that_value():
    assert found(BASE, of(BASE, loss="cross_entropy")) == {}
    all_of_them = edited(BASE, data=edited(BASE.data, samples=1797))
    assert found(BASE, all_of_them) == {}  # the digits are 1,797
    waves = preset("waves-lstm")
    assert found(waves, edited(waves, data=edited(waves.data, length=50))).get("data.length", (50, 50))[1] == 50


def test_the_order_is_that_of_a_file():
    other = edited(of(BASE, lr=0.01), seed=BASE.seed + 1, data=edited(BASE.data, validation=0.3))
    other = edited(other, network=Network(layers=(edited(BASE.network.layers[0], out_channels=3), *BASE.network.layers[1:])))
    assert list(found(BASE, other)) == ["seed", "data.validation", "network.layers[0].out_channels", "training.lr"]


def test_a_layer_that_was_put_in_leaves_the_later_ones_beside_their_like():
    layers = (Conv2d(out_channels=8, kernel_size=3), ReLU(), MaxPool2d(kernel_size=2), Flatten(), Linear(out_features=10))
    drop = Dropout(p=0.5)
    wider = (edited(layers[0], out_channels=16), *layers[1:4], drop, layers[4])
    rows = setting_differences([edited(BASE, network=Network(layers=each)) for each in (layers, wider)])
    assert [(row.layer, row.kind, row.name, row.values) for row in rows] == [
        (1, "Conv2d", "out_channels", (8, 16)),
        (5, "Dropout", "", (ABSENT, drop)),
    ]
    assert rows[0].differs_from(0, 1)


KINDS = st.lists(st.sampled_from("ABCD"), max_size=8).map(tuple)


@given(st.lists(KINDS, min_size=1, max_size=4))
def test_the_shared_places_hold_every_row_in_order(rows):
    slots = aligned(rows)
    for row in rows:
        at = iter(slots)
        assert all(kind in at for kind in row)  # a subsequence
    assert len(slots) <= sum(map(len, rows))


NETWORKS = st.lists(st.sampled_from([ReLU(), Flatten(), Linear(out_features=3), Linear(out_features=4)]), max_size=6).map(tuple)


@given(st.lists(NETWORKS, min_size=2, max_size=4))
def test_networks_are_the_same_exactly_where_no_row_is_left(networks):
    rows = setting_differences([edited(BASE, network=Network(layers=layers)) for layers in networks])
    assert (rows == ()) == (len(set(networks)) == 1)
    for one in range(len(networks)):
        same = all(not row.differs_from(0, one) for row in rows)
        assert same == (networks[0] == networks[one])


def test_repetitions_are_the_same_but_for_the_seed():
    first, second = edited(BASE, seed=1), edited(of(BASE, lr=0.5), seed=1)
    repeated = edited(first, seed=2, name="again", training=edited(first.training, device="cpu"))
    assert seed_groups([first, second, repeated]) == ((0, 2), (1,))
    assert seed_groups([first, second, repeated], [(), (), ((5, "lr", 0.3),)]) == ((0,), (1,), (2,))
