"""PyTorch code is read as torch runs it: the modules of what was read say of themselves what the modules of the code say."""

from __future__ import annotations

import contextlib
import inspect
import re
from typing import Any

import msgspec
import pytest
import torch
from torch import nn

from engine.data.sources import describe
from engine.experiments import famous
from engine.experiments.brought.network_code import BroughtNetwork, is_network_code, network_from_code
from engine.experiments.brought.torch_calls import (
    NAMED_ONLY,
    ONLY_IN_TORCH,
    PADDINGS,
    SIGNATURES,
    WITHOUT_EFFECT,
)
from engine.experiments.brought.written_code import BroughtError, Phrase
from engine.experiments.experiment import preset, preset_names
from engine.experiments.scripts.export import network_to_pytorch, to_pytorch
from engine.layers.base import Shape
from engine.layers.catalog import KINDS, Concat, Residual
from engine.layers.catalog import Sequential as Block
from engine.layers.kinds.activation import ReLU, Softmax
from engine.layers.kinds.composite import every
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import LSTM
from engine.networks.trace import trace
from engine.passes.loaded import bare
from engine.passes.modules import build

COURSE = """
import torch
from torch import nn

BATCH = 64
hidden, classes = 2 ** 7, 10
model = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1),  # 28 x 28
    nn.ReLU(inplace=True),
    nn.MaxPool2d(2, 2),
    nn.Conv2d(in_channels=32, out_channels=64, kernel_size=(3, 3), padding="same", bias=False),
    nn.BatchNorm2d(64, 1e-3, momentum=0.01),
    nn.LeakyReLU(0.2),
    nn.MaxPool2d(kernel_size=2),
    nn.Flatten(),
    nn.Linear(64 * 7 * 7, hidden),
    nn.Dropout(p=0.25),
    nn.Linear(hidden, classes),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
NAMED = """
from collections import OrderedDict
import torch.nn as tnn
features = tnn.Sequential(OrderedDict([
    ("conv1", tnn.Conv2d(3, 8, 5, stride=2)), ("act", tnn.ReLU()), ("pool", tnn.AdaptiveAvgPool2d((4, None)))]))
head = tnn.Sequential(tnn.Flatten(), tnn.LazyLinear(7))
net = tnn.Sequential()
net.add_module("features", features)
net.append(tnn.GELU("tanh"))
net.add_module("head", head)
summary(net, (3, 40, 20))
"""
LISTED = """
from torch.nn import Conv1d as C, MaxPool1d, Sequential, Softmax, Linear, Flatten
layers = [C(4, 8, 3), MaxPool1d(2)]
layers += [C(8, 8, 3, groups=2, dilation=2)]
layers.append(Flatten())
layers.extend([Linear(8 * 45, 5), Softmax(dim=-1)])
model = Sequential(*layers)
out = model(torch.randn(2, 4, 100))
"""
TRANSPOSED = "nn.Sequential(nn.Linear(16, 64), nn.Tanh())"
MANY = """
nn.Sequential(
    nn.ConvTranspose2d(16, 8, 4, 2, 1, 1, 2, False, 1), nn.GroupNorm(4, 8), nn.Sigmoid(),
    nn.Upsample(scale_factor=2.0, mode="bilinear"), nn.AvgPool2d(2, 2, 0, False, False), nn.LocalResponseNorm(5, k=2.0),
    nn.ReLU6(), nn.Identity(54, unused=1), nn.AdaptiveMaxPool2d(1),
    nn.Flatten(1), nn.BatchNorm1d(8), nn.LayerNorm([8], elementwise_affine=False))
"""


def run_here(code: str) -> nn.Module:
    """The code's own module, run by torch: the code is this file's."""
    space: dict[str, Any] = {"nn": nn, "torch": torch, "summary": lambda *_: None}
    if code.strip().startswith("nn.Sequential("):
        made = eval(code.strip(), space)
    else:
        exec(code, space)
        made = space.get("model", space.get("net"))
    assert isinstance(made, nn.Module)
    return made


def rows(module: nn.Module) -> list[str]:
    """Each module without children, as torch prints it; `inplace` changes no number."""
    leaves = [repr(part) for part in module.modules() if not list(part.children())]
    return [re.sub(r"(, )?inplace=(True|False)", "", text).replace("Lazy", "") for text in leaves]


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        (COURSE, (1, 28, 28)),
        (NAMED, (3, 40, 20)),
        (LISTED, (4, 100)),
        (TRANSPOSED, (16,)),
        (MANY, (16, 7, 7)),
    ],
    ids=["course", "named", "listed", "small", "many kinds"],
)
def test_code_is_read_as_torch_runs_it(code: str, shape: Shape) -> None:
    found = network_from_code(code)
    assert found.input == shape
    theirs = run_here(code)
    theirs(torch.zeros(2, *shape))  # lazy ones take their sizes
    ours = build(found.layers, found.input)
    assert rows(ours) == rows(theirs)
    assert [tuple(each.shape) for each in ours.state_dict().values()] == [tuple(e.shape) for e in theirs.state_dict().values()]
    assert ours.eval()(torch.zeros(2, *shape)).shape == theirs.eval()(torch.zeros(2, *shape)).shape


@pytest.mark.parametrize("kind", SIGNATURES)
def test_arguments_have_torch_s_names_and_order(kind: str) -> None:
    made = getattr(nn, kind)
    if kind in ("RNN", "LSTM", "GRU"):  # these take (*args, **kwargs) and hand them on
        given = inspect.signature(nn.modules.rnn.RNNBase.__init__).parameters
        theirs = [name for name in given if name not in ("self", "mode")]
        theirs = theirs if kind == "LSTM" else [name for name in theirs if name != "proj_size"]
        ours = [name for name in (*SIGNATURES[kind], *NAMED_ONLY[kind]) if name != "nonlinearity"]
        assert ours == theirs
        assert made(3, 4, 2, "relu").nonlinearity == "relu" if kind == "RNN" else made(3, 4, 2, False).bias is False
        return
    parameters = inspect.signature(made.__init__).parameters.values()
    by_order = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD and each.name != "self"]
    by_name = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    assert list(SIGNATURES[kind]) == by_order
    assert by_name <= set(NAMED_ONLY.get(kind, ())) <= {*by_name, "bias"}  # versions of torch differ in the last one


def test_every_kind_that_torch_has_can_be_read() -> None:
    assert set(KINDS) - set(SIGNATURES) == {"Permute", "Sequential", "Residual", "Concat"}
    assert all(hasattr(nn, name) for name in (*SIGNATURES, *ONLY_IN_TORCH, *PADDINGS))
    assert not ONLY_IN_TORCH & {*SIGNATURES, *PADDINGS}
    assert {"inplace", "device", "dtype"} <= WITHOUT_EFFECT


def unnamed(layers: Any) -> Any:
    """The layers without the names of blocks, which code does not keep."""
    match layers:
        case list() | tuple():
            return [unnamed(each) for each in layers]
        case dict():
            return {key: unnamed(value) for key, value in layers.items() if key != "name"}
    return layers


def same(found: BroughtNetwork, layers: Any) -> bool:
    return bool(unnamed(msgspec.to_builtins(found.layers)) == unnamed(msgspec.to_builtins(layers)))


@pytest.mark.parametrize("name", famous.names())
def test_what_is_exported_of_a_famous_network_reads_back(name: str) -> None:
    network = famous.network(name)
    assert network.input is not None
    text = network_to_pytorch("Mine", network.layers, network.input)
    found = network_from_code(text)
    assert same(found, network.layers)
    assert found.input == network.input and found.name == "Mine" and found.notes == () and is_network_code(text)


@pytest.mark.parametrize("name", preset_names())
def test_the_script_of_a_preset_reads_back(name: str) -> None:
    experiment = preset(name)
    found = network_from_code(to_pytorch(experiment), experiment.network.input or describe(experiment.data).input)
    assert same(found, experiment.network.layers)
    assert found.input == (experiment.network.input or describe(experiment.data).input)


def test_the_scripts_with_more_in_them_read_back() -> None:
    """Sides that differ, another order of axes, a forget bias, pieces of a sequence: classes that the script brings along."""
    experiment = preset("text-lstm")
    layers = (*experiment.network.layers[:1], LSTM(hidden_size=8, output="sequence", forget_bias=1.0), Linear(out_features=141))
    network = msgspec.structs.replace(experiment.network, layers=layers)
    training = msgspec.structs.replace(experiment.training, truncated_steps=7)
    script = to_pytorch(msgspec.structs.replace(experiment, network=network, training=training))
    assert network_from_code(script).layers == layers
    padded = (Conv2d(out_channels=4, kernel_size=3, stride=2, padding=0, padding_after=1), Flatten(), Linear(out_features=2))
    assert network_from_code(network_to_pytorch("padded", padded, (3, 8, 9))).layers == padded


def test_a_class_of_the_same_name_is_not_taken_for_the_program_s_own() -> None:
    network = famous.network("resnet-18")
    script = network_to_pytorch("x", network.layers, network.input or ())
    other = script.replace("return self.main(x) + self.shortcut(x)", "return self.main(x) - self.shortcut(x)")
    with pytest.raises(BroughtError, match="Sum is a class of the text's own"):
        network_from_code(other)


def printed(network: Any) -> str:
    return repr(bare(network.layers, trace(network.layers, network.input).rows))


@pytest.mark.parametrize("name", ["lenet-5", "alexnet", "alexnet-2012", "vgg-11", "mlp-28x28"])
def test_what_print_says_reads_back(name: str) -> None:
    network = famous.network(name)
    text = printed(network)
    assert is_network_code(text)
    found = network_from_code(text, network.input)
    assert printed(found) == text and found.input == network.input


def test_what_print_says_of_every_kind_reads_back() -> None:
    """torch's own words for each kind of layer, with arguments that are not its defaults."""
    models = [
        nn.Sequential(
            nn.Conv2d(1, 4, (3, 5), 2, "valid", 1, padding_mode="reflect"), nn.ReLU(True), nn.MaxPool2d(3, 2, 1, ceil_mode=True)
        ),
        nn.Sequential(nn.Conv2d(4, 4, 3, padding="same", groups=4), nn.GroupNorm(2, 4, affine=False), nn.LeakyReLU(0.3)),
        nn.Sequential(nn.Conv1d(2, 4, 3, dilation=2), nn.BatchNorm1d(4, momentum=None), nn.AvgPool1d(2), nn.GELU("tanh")),
        nn.Sequential(nn.Conv3d(1, 2, 3), nn.MaxPool3d(2), nn.AvgPool3d(2), nn.Flatten()),
        nn.Sequential(nn.Linear(4, 6), nn.LayerNorm((6,), elementwise_affine=False)),
        nn.Sequential(nn.ConvTranspose2d(4, 2, 4, 2, 1, 1), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)),
        nn.Sequential(nn.ConvTranspose1d(4, 2, 4), nn.Tanh(), nn.AdaptiveAvgPool1d(3), nn.Sigmoid(), nn.Identity()),
        nn.Sequential(
            nn.LocalResponseNorm(5, k=2.0), nn.AdaptiveMaxPool2d(3), nn.AvgPool2d(3, count_include_pad=False), nn.ReLU6()
        ),
        nn.Sequential(
            nn.Embedding(9, 4, padding_idx=0), nn.Flatten(), nn.Linear(80, 3, bias=False), nn.Dropout(0.1), nn.Softmax(dim=1)
        ),
        nn.Sequential(nn.LSTM(2, 6, 2, batch_first=True, dropout=0.5, bidirectional=True, proj_size=3)),
        nn.Sequential(nn.GRU(2, 6, bias=False, batch_first=True)),
        nn.Sequential(nn.RNN(2, 6, nonlinearity="relu", batch_first=True)),
    ]
    for model in models:
        found = network_from_code(repr(model))
        assert rows(build(found.layers, found.input)) == rows(model)


def test_named_children_that_are_blocks_keep_their_names() -> None:
    found = network_from_code(NAMED)
    names = [layer.name for layer in found.layers if isinstance(layer, Block)]
    assert names == ["features", "head"]


def test_padding_layers_go_into_the_convolution_behind_them() -> None:
    code = "model = nn.Sequential(nn.ZeroPad2d((0, 1, 2, 3)), nn.Conv2d(1, 2, 3), nn.ReflectionPad2d(1), nn.Conv2d(2, 2, 3))"
    found = network_from_code(code, (1, 10, 11))
    first, second = found.layers
    assert first == Conv2d(out_channels=2, kernel_size=3, padding=(2, 0), padding_after=(3, 1))
    assert second == Conv2d(out_channels=2, kernel_size=3, padding=1, padding_mode="reflect")
    theirs = run_here(code)
    assert build(found.layers, (1, 10, 11))(torch.zeros(1, 1, 10, 11)).shape == theirs(torch.zeros(1, 1, 10, 11)).shape
    with pytest.raises(BroughtError, match="right before a convolution"):
        network_from_code("nn.Sequential(nn.ZeroPad2d(1), nn.MaxPool2d(2))")


PASTED = {
    "a fence": "```python\nnn.Sequential(nn.Linear(4, 2))\n```",
    "prompts": ">>> import torch.nn as nn\n>>> m = nn.Sequential(\n...     nn.Linear(4, 2),\n... )\n>>> m(x)",
    "windows": "m = nn.Sequential(\r\n  nn.Linear(4, 2))\r\n",
    "magic": "%matplotlib inline\n!pip install torch\nnet = nn.Sequential(nn.Linear(4, 2))",
    "indented": "        self.net = nn.Sequential(\n            nn.Linear(4, 2),\n        )\n",
    "returned": "    return nn.Sequential(nn.Linear(4, 2))",
    "moved": "device = torch.device('cpu')\n"
    "model = nn.Sequential(nn.Linear(4, 2, device=device, dtype=torch.float32)).to(device)\n"
    "model = model.to(device).eval()\nmodel",
    "compiled": "model = torch.compile(nn.Sequential(nn.Linear(4, 2)))",
    "guarded": "if __name__ == '__main__':\n    model = nn.Sequential(nn.Linear(4, 2))\n    print(model)",
    "seeded": "seed = 3\ntorch.manual_seed(seed)\nmodel = nn.Sequential(nn.Linear(4, 2))\n"
    "model[0].weight.data.zero_()\nmodel[0].bias = None",
    "two names": "a = nn.Sequential(nn.Linear(4, 2))\nmodel = a",
    "two networks": "teacher = nn.Sequential(nn.Linear(9, 9))\nmodel = nn.Sequential(nn.Linear(4, 2))",
    "a dictionary": "m = nn.Sequential(OrderedDict({'fc': nn.Linear(4, 2)}))",
}


@pytest.mark.parametrize("text", PASTED.values(), ids=list(PASTED))
def test_text_as_people_paste_it(text: str) -> None:
    found = network_from_code(text)
    assert found.layers == (Linear(out_features=2),) and found.input == (4,) and found.whole and is_network_code(text)


@pytest.mark.parametrize("text", ["nn.ReLU(),\n      nn.Flatten(),", "ReLU(), Flatten()", "nn.ReLU()\nnn.Flatten()"])
def test_some_layers_without_a_network_are_only_some_layers(text: str) -> None:
    found = network_from_code(text)
    assert found.layers == (ReLU(), Flatten()) and not found.whole and is_network_code(text)


def test_the_input_before_is_kept_where_it_fits_and_said_to_be_kept() -> None:
    pooled = "nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))"
    kept = network_from_code(pooled, before=(3, 40, 24))
    assert kept.input == (3, 40, 24) and [note.code for note in kept.notes] == ["input_kept"]
    # Axes in the wrong order are no size of pictures to begin with; pictures in colour are CIFAR's.
    for before in (None, (28, 1, 28), (28, 28, 1)):
        found = network_from_code(pooled, before)
        assert found.input == (3, 32, 32) and [note.code for note in found.notes] == ["input_chosen"]


def test_pictures_in_colour_are_cifar_s_where_nothing_fits_either() -> None:
    broken = "nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(16, 16, 5), nn.Flatten())"
    found = network_from_code(broken)
    assert [note.code for note in found.notes] == ["input_does_not_fit"] and found.input == (3, 32, 32)


def test_what_torch_does_otherwise_is_said() -> None:
    notes = network_from_code("nn.Sequential(nn.LSTM(3, 4), nn.Linear(4, 2), nn.Softmax())").notes
    assert {note.code for note in notes} == {"batch_first", "cell_in_sequential", "softmax_without_dim", "input_chosen"}
    assert network_from_code("nn.Sequential(nn.Linear(3, 2), nn.Softmax())").layers[-1] == Softmax(dim=1)
    shared = network_from_code("fc = nn.Linear(3, 3)\nact = nn.ReLU()\nmodel = nn.Sequential(fc, act, fc, act)")
    assert [note.code for note in shared.notes] == ["shared", "input_chosen"]


def test_sizes_that_do_not_fit_are_shown_where_the_network_breaks() -> None:
    found = network_from_code("nn.Sequential(nn.Conv2d(1, 8, 3), nn.Flatten(), nn.Linear(999, 10))")
    assert found.layers[0] == Conv2d(in_channels=1, out_channels=8, kernel_size=3)
    assert found.layers[2] == Linear(in_features=999, out_features=10)
    assert [note.code for note in found.notes] == ["input_does_not_fit"]


REFUSED = {
    "x = 1": "no_network",
    "": "no_network",
    "class Net(nn.Module):\n    def forward(self, x):\n        return x": "empty_network",
    "class Net(nn.Module):\n    pass": "own_class",
    "class Block(nn.Module): pass\nmodel = nn.Sequential(Block(3), nn.ReLU())": "own_class_used",
    "conv = nn.Conv2d(1, 2, 3)\nfc = nn.Linear(3, 2)": "only_parts",
    "a = nn.Sequential(nn.ReLU())\nb = nn.Sequential(nn.Tanh())": "several_networks",
    "def make(n):\n    return nn.Sequential(nn.Linear(n, 2))": "not_at_the_top",
    "for i in range(3):\n    model = nn.Sequential(nn.Linear(4, 2))": "not_at_the_top",
    "layers = []\nfor i in range(3):\n    layers.append(nn.Linear(4, 4))\nmodel = nn.Sequential(*layers)": "changed",
    "model = nn.Sequential(nn.Linear(4, 2))\nmodel[0] = nn.ReLU()": "changed",
    "model = nn.Sequential(nn.Linear(4, 2))\ndel model[0]": "changed",
    "model = nn.Sequential(nn.Linear(4, 2))\nmodel.insert(0, nn.ReLU())": "changed",
    "model = nn.Sequential(nn.Linear(4, 2))\nmodel = nn.DataParallel(model)": "no_such_layer",
    "model = nn.Sequential(nn.Linear(4, 2))\nmodel = prune(model)": "made_anew",
    "nn.Sequential(nn.Linear(4, cfg.hidden))": "no_value",
    "nn.Sequential(nn.Linear(4, len(x)))": "no_value",
    "nn.Sequential(nn.Linear(4, 10 ** 100))": "no_value",
    "nn.Sequential(nn.Linear(4, 1 // 0))": "no_value",
    "nn.Sequential(nn.Linear(4, open('/etc/passwd')))": "no_value",
    "nn.Sequential(make_block(3), nn.ReLU())": "no_layer",
    "nn.Sequential(*[nn.Linear(4, 4) for _ in range(3)])": "no_layers_listed",
    "nn.Sequential(nn.ELU())": "no_such_layer",
    "nn.Sequential(nn.LogSoftmax(dim=1))": "log_softmax",
    "nn.Sequential(nn.Dropout2d(0.5))": "channel_dropout",
    "nn.Sequential(nn.Conv2D(1, 2, 3))": "no_such_layer_near",
    "nn.Sequential(nn.Conv2d(1, 2, 3, paddding=1))": "no_such_argument_near",
    "nn.Sequential(nn.Conv2d(1, 2, 3, where=1))": "no_such_argument",
    "nn.Sequential(nn.ReLU(True, False))": "too_many_arguments",
    "nn.Sequential(nn.Linear(4, 2, in_features=4))": "argument_twice",
    "nn.Sequential(nn.Linear(4))": "wrong_value",
    "nn.Sequential(nn.Linear(4, 0))": "wrong_value",
    "nn.Sequential(nn.Conv2d(1, 2, 3, padding='full'))": "wrong_value",
    "nn.Sequential(nn.MaxPool2d(2, return_indices=True))": "argument_not_here",
    "nn.Sequential(nn.Upsample(size=3))": "argument_not_here",
    "nn.Sequential(nn.Upsample(scale_factor=1.5))": "wrong_value",
    "nn.Sequential(nn.BatchNorm2d(3, bias=False))": "argument_not_here",
    "nn.Sequential(nn.ZeroPad2d((1, 2)), nn.Conv2d(1, 2, 3))": "wrong_margin",
    "nn.Sequential(nn.ReLU()": "bracket_open",
    "nn.Sequential(nn.ReLU()]": "bracket_differs",
    "nn.Sequential(nn.ReLU()))": "brackets",
    "nn.Sequential(nn.ReLU() nn.Tanh())": "no_python",
    "nn.Sequential()": "empty_network",
    "fc = nn.Linear(2, 2)\nfc.append(nn.ReLU())": "not_sequential",
    "VGG(\n  (features): Sequential(\n    (0): ReLU()\n  )\n)": "printed_class",
    "Sequential(\n  (0): ReLU()\n  nonsense\n)": "no_row",
    "(" * 100: "too_deep",
    "nn.ReLU() + " * 20_000 + "1": "too_long",
    "-" * 50_000 + "1": "too_deep",
    "1 + " * 40_000 + "1": "too_deep",
    "a" + ".b" * 90_000: "too_deep",
    "model = " + "nn.Sequential(" * 40 + ")" * 40: "too_deep",
    "model = nn.Sequential(" + "nn.ReLU()," * 2100 + ")": "too_many_layers",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nnet = nn.Sequential(\n    nn.ReLU(),\n    nn.Tanh(),\n", "Line 2: the bracket ( that is opened here"),
        ("nn.Sequential(\n    nn.ReLU(),  # :-(\n    nn.Tanh())\nx = [nn.ReLU(')')", "Line 4: the bracket [ that is opened"),
        ("net = nn.Sequential(\n    nn.ReLU(),\n]", "Line 3: ] does not close the bracket ( that line 1 opens"),
    ],
)
def test_a_bracket_without_a_partner_is_said_with_the_line_that_opened_it(text: str, said: str) -> None:
    with pytest.raises(BroughtError) as refused:
        network_from_code(text)
    assert said in refused.value.message("en")


@pytest.mark.parametrize(
    ("text", "code"), REFUSED.items(), ids=[f"{number} {code}" for number, code in enumerate(REFUSED.values())]
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, code: str) -> None:
    with pytest.raises(BroughtError) as refused:
        network_from_code(text)
    assert refused.value.code == code
    said = refused.value.message("en")
    assert not re.search(r"\{\w+\}", said) and refused.value.message("ko") != said
    values = refused.value.phrase.values
    problem = values.get("problem")
    if "line" in values or isinstance(problem, Phrase):
        assert re.search(r"Line \d+", said) and re.search(r"\d+번째 줄", refused.value.message("ko"))


def test_the_line_is_the_text_s_own() -> None:
    for text in ("\n\nnn.Sequential(\n  nn.ReLU(),\n  nn.ELU())", "```\n\n\nnn.Sequential(nn.ReLU(),\n  nn.ELU())\n```"):
        with pytest.raises(BroughtError) as refused:
            network_from_code(text)
        assert (
            refused.value.phrase.values["line"]
            == text.splitlines().index(next(t for t in text.splitlines() if "ELU())" in t)) + 1
        )


def test_nothing_is_executed(tmp_path: Any) -> None:
    mark = tmp_path / "mark"
    attack = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    for text in (f"model = nn.Sequential(nn.Linear(4, {attack}))", f"{attack}\nmodel = nn.Sequential(nn.Linear(4, 2))"):
        with contextlib.suppress(BroughtError):
            network_from_code(text)
    assert not mark.exists()


def test_blocks_lie_in_blocks() -> None:
    network = famous.network("googlenet")
    found = network_from_code(network_to_pytorch("x", network.layers, network.input or ()))
    assert any(isinstance(layer, Concat) for layer in every(found.layers))
    network = famous.network("resnet-50")
    found = network_from_code(network_to_pytorch("x", network.layers, network.input or ()))
    assert sum(isinstance(layer, Residual) for layer in every(found.layers)) == 16
