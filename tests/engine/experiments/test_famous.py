"""The famous networks: totals to the digit, every layer against torch, the wiring against modules written from the papers."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine import words
from engine.assets import asset
from engine.experiments import famous
from engine.experiments.experiment import ExperimentError, parse, preset, preset_names, to_toml, trace_of
from engine.layers.base import Shape
from engine.layers.kinds.recurrent import LSTM
from engine.networks.trace import Row, Trace, trace
from engine.passes.modules import build
from tests.engine import torch_networks
from tests.patience import GIVE_UP_S

TOTALS = {  # DESIGN, section 4; torchvision's published parameters, fvcore's MACs. The MLP by hand.
    "pipeline-28x28": ((1, 28, 28), 126_090, 577_024),
    "mlp-28x28": ((1, 28, 28), 785 * 160 + 161 * 10, 784 * 160 + 160 * 10),
    "lenet-5": ((1, 28, 28), 61_706, 416_520),
    "alexnet": ((3, 224, 224), 61_100_840, 714_188_480),
    "alexnet-2012": ((3, 227, 227), 60_965_224, 724_406_816),
    "vgg-11": ((3, 224, 224), 132_863_336, 7_609_090_048),
    "vgg-13": ((3, 224, 224), 133_047_848, 11_308_466_176),
    "vgg-16": ((3, 224, 224), 138_357_544, 15_470_264_320),
    "vgg-19": ((3, 224, 224), 143_667_240, 19_632_062_464),
    "googlenet": ((3, 224, 224), 6_624_904, 1_498_376_192),
    "squeezenet-1-0": ((3, 224, 224), 1_248_424, 818_924_576),
    "resnet-18": ((3, 224, 224), 11_689_512, 1_814_073_344),
    "resnet-34": ((3, 224, 224), 21_797_672, 3_663_761_408),
    "resnet-50": ((3, 224, 224), 25_557_032, 4_089_184_256),
    "mobilenet-v2": ((3, 224, 224), 3_504_872, 300_774_272),
}
WRITTEN = {
    "googlenet": torch_networks.googlenet,
    "resnet-50": torch_networks.resnet_50,
    "squeezenet-1-0": torch_networks.squeezenet,
    "mobilenet-v2": torch_networks.mobilenet_v2,
}


def traced(name: str) -> Trace:
    network = famous.network(name)
    assert network.input is not None
    return trace(network.layers, network.input)


@pytest.mark.parametrize("name", TOTALS)
def test_totals(name: str) -> None:
    found = traced(name)
    assert found.problem is None
    assert (found.input, found.parameters, found.macs) == TOTALS[name]
    assert found.output == ((10,) if found.input[0] == 1 else (1000,))


class Leaf(NamedTuple):
    """One layer that is no composite."""

    kind: str
    output: Shape
    parameters: int
    macs: int


def leaves(rows: Sequence[Row]) -> Iterator[Leaf]:
    for row in rows:
        if row.type not in ("Sequential", "Residual", "Concat"):
            yield Leaf(row.type, row.output, row.parameters, row.macs)
        for _, inside in row.inside:
            yield from leaves(inside)


def called(module: nn.Module, shape: Shape) -> list[tuple[nn.Module, Tensor, Tensor]]:
    """Every module of torch.nn in the order in which it is called, with its input and output; nothing is computed."""
    calls: list[tuple[nn.Module, Tensor, Tensor]] = []
    for inner in module.modules():
        if type(inner).__module__.startswith("torch.nn") and not isinstance(inner, nn.Sequential | nn.ModuleList):
            inner.register_forward_hook(lambda own, x, y: calls.append((own, x[0], y)))
    module.eval()(torch.empty(1, *shape, device="meta"))
    return calls


def measured(module: nn.Module, shape: Shape) -> list[Leaf]:
    found = []
    for inner, x, y in called(module, shape):
        inner._forward_hooks.clear()
        with FlopCounterMode(display=False) as counter:
            inner(x)
        parameters = sum(weight.numel() for weight in inner.parameters())
        found.append(Leaf(type(inner).__name__, tuple(y.shape[1:]), parameters, counter.get_total_flops() // 2))
    return found


@pytest.mark.parametrize("name", TOTALS)
def test_every_layer_as_torch_measures_it(name: str) -> None:
    network = famous.network(name)
    assert network.input is not None
    with torch.device("meta"):
        module = build(network.layers, network.input)
    assert measured(module, network.input) == list(leaves(traced(name).rows))


@pytest.mark.parametrize("name", WRITTEN)
def test_layer_by_layer_as_the_paper_has_it(name: str) -> None:
    """The same kinds, shapes, parameters and MACs in the same order as a module that the engine has no hand in."""
    with torch.device("meta"):
        module = WRITTEN[name]()
    assert measured(module, (3, 224, 224)) == list(leaves(traced(name).rows))


@pytest.mark.parametrize("name", WRITTEN)
def test_wired_as_the_paper_has_it(name: str) -> None:
    """With the same weights, the same output: branches meet where they should. On a small picture."""
    torch.manual_seed(5)
    shape = (3, 65, 65)
    written, described = WRITTEN[name](), build(famous.network(name).layers, shape)
    ours, theirs = (list(module.eval().state_dict().values()) for module in (described, written))
    assert [value.shape for value in ours] == [value.shape for value in theirs]
    for target, source in zip(ours, theirs, strict=True):
        if source.is_floating_point():
            source.uniform_(0.5, 1.5) if source.dim() == 1 else source.normal_(0, 1.4 / source[0].numel() ** 0.5)
        target.copy_(source)
    x_NCHW = torch.rand(2, *shape)
    with torch.no_grad():
        expected = written(x_NCHW)
        found = described(x_NCHW)
    assert expected.std() > 0
    torch.testing.assert_close(found, expected)


def test_published_receptive_fields() -> None:
    """Araujo et al. (Distill 2019), table 1: AlexNet 195, VGG-16 212, both with step 32. ResNet-50 as torchvision has it."""

    def last(name: str, kind: str) -> tuple[object, object]:
        row = [row for row in traced(name).rows if row.type == kind][-1]
        return row.receptive_field, row.jump

    assert last("alexnet", "MaxPool2d") == ((195, 195), (32, 32))
    assert last("alexnet-2012", "MaxPool2d") == ((195, 195), (32, 32))
    assert last("vgg-16", "Sequential") == ((212, 212), (32, 32))
    assert last("resnet-50", "Sequential") == ((427, 427), (32, 32))


def test_as_deep_as_their_papers_say() -> None:
    named = {name: int(name.rpartition("-")[2]) for name in famous.names() if name.startswith(("vgg-", "resnet-"))}
    assert len(named) == 7
    published = {"lenet-5": 5, "alexnet": 8, "alexnet-2012": 8, "googlenet": 22, "squeezenet-1-0": 18, "mobilenet-v2": 53}
    for name, depth in (named | published).items():
        assert sum(layer.depth() for layer in famous.network(name).layers) == depth, name
    assert LSTM(hidden_size=8, num_layers=3).depth() == 3


def test_stages_have_names() -> None:
    def named(name: str) -> list[str]:
        return [layer.name for layer in famous.network(name).layers if hasattr(layer, "name")]

    assert named("vgg-19") == ["conv1", "conv2", "conv3", "conv4", "conv5"]
    assert named("resnet-50") == ["conv1", "conv2_x", "conv3_x", "conv4_x", "conv5_x"]
    assert named("googlenet")[:3] == ["stem", "inception 3a", "inception 3b"]
    assert named("squeezenet-1-0") == [f"fire{number}" for number in range(2, 10)]
    assert named("mobilenet-v2")[1:18] == [f"bottleneck {number}" for number in range(1, 18)]


def test_activation_memory_counts_every_output_once() -> None:
    found = traced("vgg-16")
    assert found.memory == 4 * sum(_cells(leaf.output) for leaf in leaves(found.rows))
    joined = [row for row in _every(traced("resnet-18").rows) if row.type == "Residual"]
    assert traced("resnet-18").memory == 4 * (
        sum(_cells(leaf.output) for leaf in leaves(traced("resnet-18").rows)) + sum(_cells(row.output) for row in joined)
    )


def _cells(shape: Shape) -> int:
    return torch.Size(shape).numel()


def _every(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        for _, inside in row.inside:
            yield from _every(inside)


def test_files_names_and_groups_agree() -> None:
    assert famous.names() == tuple(TOTALS)
    assert {file.name for file in asset("networks").iterdir()} == {f"{name}.toml" for name in TOTALS}
    entries = words.table("networks")
    codes = {f"group.{code}" for code, _ in famous.groups()} | set(TOTALS) | {f"{name}.about" for name in TOTALS}
    assert entries.keys() == codes
    for code, entry in entries.items():
        assert entry.keys() == set(words.LANGUAGES), code
        assert all(entry.values()), code


@pytest.mark.parametrize("name", TOTALS)
def test_a_file_is_an_experiments(name: str) -> None:
    experiment = famous.experiment(name)
    assert parse(to_toml(experiment)) == experiment
    assert experiment.name == words.table("networks")[name]["en"].replace("×", "x")
    if name not in ("pipeline-28x28", "mlp-28x28"):
        assert re.match(r"# \w.*(19|20)\d\d", asset("networks", f"{name}.toml").read_text("utf-8")), "its paper"


@pytest.mark.parametrize("name", TOTALS)
def test_what_is_told_of_it_is_true(name: str) -> None:
    """Every number of four figures or more is one of the trace's, or what VGG-13 has more than VGG-11."""
    found, entry = traced(name), words.table("networks")[f"{name}.about"]
    known = {found.parameters, found.macs, traced("vgg-13").parameters - traced("vgg-11").parameters}
    known |= {number for row in found.rows for number in (row.parameters, row.macs)}
    for language in words.LANGUAGES:
        told = {int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+", entry[language])}
        assert told <= known
        assert told == {int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+", entry["en"])}


def test_shares_that_are_told() -> None:
    found = {name: traced(name) for name in TOTALS}
    alexnet = found["alexnet"]
    assert round(100 * sum(row.parameters for row in alexnet.rows if row.type == "Linear") / alexnet.parameters) == 96
    assert round(100 * sum(row.macs for row in alexnet.rows if row.type == "Conv2d") / alexnet.macs) == 92
    assert round(100 * found["vgg-13"].macs / found["vgg-11"].macs) == 149
    assert round(100 * found["vgg-19"].macs / found["vgg-16"].macs) == 127
    assert round(alexnet.parameters / found["googlenet"].parameters) == 9
    assert round(alexnet.parameters / found["squeezenet-1-0"].parameters) == 49
    assert found["squeezenet-1-0"].macs > alexnet.macs
    assert 5 * found["resnet-34"].macs < found["vgg-19"].macs
    assert round(found["resnet-50"].macs / found["mobilenet-v2"].macs) == 14


@pytest.mark.parametrize("name", sorted(set(preset_names()) & set(famous.names())))
def test_a_preset_of_the_same_name_has_the_same_layers(name: str) -> None:
    assert preset(name).network.layers == famous.network(name).layers
    assert trace_of(preset(name)) == traced(name)


def test_a_network_that_is_not_there() -> None:
    with pytest.raises(ExperimentError, match=r"there is no network .*; there are pipeline-28x28, "):
        famous.network("../presets/lenet-5")


def test_they_need_no_torch() -> None:
    program = (
        "import sys; from engine.experiments import famous; from engine.networks.trace import trace\n"
        "assert all(trace(found.layers, found.input).problem is None for found in map(famous.network, famous.names()))\n"
        "assert not {'torch', 'numpy', 'sklearn'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=GIVE_UP_S)
