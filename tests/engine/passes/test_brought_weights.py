"""Weights from files that torch and safetensors have written compute in this program's network what they compute in their own;
what is more than tensors, damaged or of another network is refused with a sentence."""

from __future__ import annotations

import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.experiments import famous
from engine.experiments.brought.weight_shapes import groups, natural, network_of
from engine.experiments.brought.written_code import BroughtError
from engine.experiments.experiment import Experiment, Network
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, MaxPool2d
from engine.layers.kinds.recurrent import GRU, LSTM
from engine.networks.edits import Layers
from engine.networks.trace import trace
from engine.passes.activations import weights_of_run
from engine.passes.brought_weights import BroughtWeights, brought_weights
from engine.passes.loaded import LoadedNetwork
from engine.passes.modules import build
from engine.runs import weights_file
from engine.runs.looked_at import keep_looked_at
from engine.runs.weights_file import is_weights_file, read_weights


def drawn(module: nn.Module) -> nn.Module:
    """The module with numbers in every weight and statistic, in evaluation mode."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, values in module.state_dict().items():
            if values.is_floating_point():
                values.normal_(0.0, 0.3, generator=generator)
                if name.endswith("running_var"):
                    values.abs_().add_(0.5)
    return module.eval()


def filled(found: BroughtWeights, shape: Shape) -> nn.Module:
    """The program's network with the weights that were read."""
    model = build(found.layers, shape)
    assert found.weights is not None
    model.load_state_dict({name: torch.from_numpy(np.array(values)) for name, values in found.weights.items()})
    return model.eval()


SMALL: Layers = (
    Conv2d(out_channels=4, kernel_size=3),
    BatchNorm2d(),
    ReLU(),
    MaxPool2d(kernel_size=2),
    Conv2d(out_channels=4, kernel_size=3, padding=1),
    BatchNorm2d(),
    Conv2d(out_channels=4, kernel_size=3, padding=1),
    Flatten(),
    Linear(out_features=5),
)
INPUT = (4, 10, 10)


class OwnNames(nn.Module):
    """The same network as people write it, with names that no order of letters gives back."""

    def __init__(self) -> None:
        super().__init__()
        self.conv2, self.bn2 = nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)
        self.conv9, self.bn9 = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.conv10, self.fc = nn.Conv2d(4, 4, 3, padding=1), nn.Linear(64, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.max_pool2d(torch.relu(self.bn2(self.conv2(x))), 2)
        x = self.conv10(self.bn9(self.conv9(x)))
        return self.fc(x.flatten(1))  # type: ignore[no-any-return]


@pytest.mark.parametrize("ending", ["safetensors", "pth"])
def test_weights_with_other_names_go_where_their_order_and_shapes_say(tmp_path: Path, ending: str) -> None:
    theirs, file = drawn(OwnNames()), tmp_path / f"own.{ending}"
    if ending == "pth":
        torch.save(theirs.state_dict(), file)
    else:
        save_file(theirs.state_dict(), file)
    found = brought_weights(file, SMALL, INPUT)
    assert found.open and found.layers == SMALL and [note.code for note in found.notes] == ["matched_by_order"]
    x = torch.randn(2, *INPUT, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(filled(found, INPUT)(x), theirs(x))


class BasicBlock(nn.Module):
    """As torchvision registers it: what the shortcut has, comes last."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        widths = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]
        for number, (inputs, outputs, stride) in enumerate(widths, start=1):
            self.add_module(
                f"layer{number}", nn.Sequential(BasicBlock(inputs, outputs, stride), BasicBlock(outputs, outputs, 1))
            )
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for number in range(1, 5):
            x = getattr(self, f"layer{number}")(x)
        return self.fc(x.mean((2, 3)))  # type: ignore[no-any-return]


def test_the_weights_of_torchvision_s_resnet_fit_the_famous_network(tmp_path: Path) -> None:
    theirs, file = drawn(ResNet18()), tmp_path / "resnet18.pth"
    with torch.no_grad():
        for name, values in theirs.state_dict().items():
            if values.dim() > 1:
                values.mul_(0.1)  # the numbers stay moderate through eighteen layers
            assert not name.startswith("_")
    torch.save(theirs.state_dict(), file)
    network = famous.network("resnet-18")
    assert network.input is not None
    found = brought_weights(file, network.layers, network.input)
    assert found.open and found.weights is not None and found.count == 122
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(filled(found, network.input)(x), theirs(x), rtol=1e-3, atol=1e-3)


def test_weights_of_another_network_say_what_does_not_fit(tmp_path: Path) -> None:
    torch.save(nn.Sequential(nn.Conv2d(4, 4, 3), nn.Conv2d(4, 7, 5)).state_dict(), tmp_path / "other.pth")
    found = brought_weights(tmp_path / "other.pth", SMALL, INPUT)
    assert not found.open and [type(layer).__name__ for layer in found.layers] == ["Conv2d", "Conv2d"]
    said = next(note for note in found.notes if note.code == "not_in_the_open").say()
    assert "There are no weights in the file for layer 2 (weight 4, bias 4, running_mean 4, running_var 4)." in said
    assert "And 2 more." in said  # layer 9, and what the file has for no layer
    x = torch.randn(1, 4, 9, 9)
    assert filled(found, found.input)(x).shape == (1, 7, 3, 3)


def test_weights_that_are_kept_are_read_as_a_run_s_are(tmp_path: Path) -> None:
    """With the counters of batch normalisations, which have no axis at all."""
    save_file(drawn(OwnNames()).state_dict(), tmp_path / "own.safetensors")
    found = brought_weights(tmp_path / "own.safetensors", SMALL, INPUT)
    assert found.weights is not None
    experiment = Experiment(name="own", network=Network(input=INPUT, layers=SMALL))
    folder = keep_looked_at(tmp_path / "kept", experiment, found.weights)
    kept = weights_of_run(str(folder), LoadedNetwork.shapes(SMALL, trace(SMALL, INPUT).rows))
    assert kept.keys() == found.weights.keys()
    assert all(np.array_equal(values.numpy(), found.weights[name]) for name, values in kept.items())


def test_a_file_for_which_there_is_no_layer_says_so(tmp_path: Path) -> None:
    torch.save({**nn.Linear(3, 2).state_dict(), "more.weight": torch.zeros(7, 5)}, tmp_path / "more.pth")
    found = brought_weights(tmp_path / "more.pth", (Linear(out_features=2),), (3,))
    assert not found.open
    assert "There is no layer for what the file calls more (weight 7×5)." in found.notes[0].say()
    torch.save(nn.Linear(9, 9).state_dict(), tmp_path / "none.pth")
    assert "No layer of it" in brought_weights(tmp_path / "none.pth", (Linear(out_features=2),), (3,)).notes[0].say()


def shapes_of(module: nn.Module) -> dict[str, Shape]:
    return {name: tuple(values.shape) for name, values in module.state_dict().items()}


KNOWN: list[tuple[nn.Module, list[AnyLayer]]] = [
    (
        nn.Sequential(
            OrderedDict(c1=nn.Conv2d(1, 6, 5), b1=nn.BatchNorm2d(6), c2=nn.Conv2d(6, 16, 5, bias=False), f=nn.Linear(400, 9))
        ),
        [
            Conv2d(in_channels=1, out_channels=6, kernel_size=5),
            BatchNorm2d(num_features=6),
            Conv2d(in_channels=6, out_channels=16, kernel_size=5, bias=False),
            AdaptiveAvgPool2d(output_size=5),
            Flatten(),
            Linear(in_features=400, out_features=9),
        ],
    ),
    (
        nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3, groups=8), nn.Conv2d(8, 4, 1), nn.Linear(4, 2)),
        [
            Conv2d(in_channels=3, out_channels=8, kernel_size=3),
            Conv2d(in_channels=8, out_channels=8, kernel_size=3, groups=8),
            Conv2d(in_channels=8, out_channels=4, kernel_size=1),
            AdaptiveAvgPool2d(output_size=1),
            Flatten(),
            Linear(in_features=4, out_features=2),
        ],
    ),
    (
        nn.ModuleDict(
            {"emb": nn.Embedding(30, 7), "rnn": nn.LSTM(7, 5, 2, bidirectional=True, proj_size=3), "fc": nn.Linear(6, 2)}
        ),
        [
            Embedding(num_embeddings=30, embedding_dim=7),
            LSTM(input_size=7, hidden_size=5, num_layers=2, bidirectional=True, proj_size=3),
            Linear(in_features=6, out_features=2),
        ],
    ),
    (nn.ModuleDict({"rnn": nn.GRU(3, 5, bias=False)}), [GRU(input_size=3, hidden_size=5, bias=False)]),
    (
        nn.Sequential(nn.Conv1d(2, 4, (3,)), nn.BatchNorm1d(4, affine=False)),
        [Conv1d(in_channels=2, out_channels=4, kernel_size=3), BatchNorm1d(num_features=4, affine=False)],
    ),
]


@pytest.mark.parametrize(("module", "layers"), KNOWN, ids=["lenet", "depthwise", "text", "gru", "1-d"])
def test_layers_are_told_from_their_weights(module: nn.Module, layers: list[AnyLayer]) -> None:
    found = network_of(shapes_of(module))
    assert list(found.layers) == layers
    assert found.notes[0].code == "only_weights"


def test_what_is_no_plain_stack_is_said() -> None:
    found = network_of(shapes_of(ResNet18()))
    assert "not_a_stack" in {note.code for note in found.notes}
    with pytest.raises(BroughtError) as refused:
        network_of({"table": (3, 4, 5, 6, 7, 8)})
    assert refused.value.code == "no_weights_known"
    assert natural("layer10.weight") > natural("layer9.weight") and len(groups({"a.b": (1,), "a.c": (2,), "d": (3,)})) == 2


@pytest.mark.parametrize(
    ("dtype", "name"), [(torch.bfloat16, "bfloat16"), (torch.float16, "float16"), (torch.float64, "float64")]
)
def test_other_floats_become_float32_and_that_is_said(tmp_path: Path, dtype: torch.dtype, name: str) -> None:
    save_file({"fc.weight": torch.ones(2, 3, dtype=dtype), "fc.bias": torch.ones(2)}, tmp_path / "half.safetensors")
    found = read_weights(tmp_path / "half.safetensors")
    assert found.tensors["fc.weight"].dtype == torch.float32
    assert [note.values for note in found.notes] == [{"count": 1, "kind": name}]


def test_weights_that_are_no_numbers_are_not_used(tmp_path: Path) -> None:
    weight = torch.ones(2, 3)
    weight[0, 1], weight[1, 2] = torch.nan, torch.inf
    torch.save({"fc.weight": weight, "fc.bias": torch.ones(2)}, tmp_path / "nan.pth")
    found = brought_weights(tmp_path / "nan.pth", (Linear(out_features=2),), (3,))
    assert found.open and found.weights is None
    (note,) = (note for note in found.notes if note.code == "weights_not_finite")
    assert note.values["name"] == "fc.weight" and note.values["count"] == 2


def test_a_checkpoint_gives_its_state_dict(tmp_path: Path) -> None:
    state = nn.Linear(3, 2).state_dict()
    torch.save({"epoch": 4, "model_state_dict": state, "optimizer_state_dict": {"lr": 0.1}}, tmp_path / "c.ckpt")
    found = read_weights(tmp_path / "c.ckpt")
    assert set(found.tensors) == {"weight", "bias"}
    assert "epoch, optimizer_state_dict" in found.notes[0].say()
    assert is_weights_file("A.PTH") and not is_weights_file("a.toml")


class Attack:
    """A pickle that would make a file when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return Path.touch, (self.mark,)


def zipped(folder: Path) -> Path:
    file = folder / "whole.pth"
    torch.save(nn.Linear(2, 2), file)
    return file


def scripted(folder: Path) -> Path:
    file = folder / "script.pt"
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(nn.Linear(2, 2), torch.zeros(1, 2)), file)
    return file


def bytes_of(content: bytes, name: str = "x.pth") -> Any:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def cut(folder: Path) -> Path:
    file = folder / "cut.pth"
    torch.save(nn.Linear(200, 200).state_dict(), file)
    file.write_bytes(file.read_bytes()[:-9000])
    return file


def saved(value: Any) -> Any:
    def write(folder: Path) -> Path:
        torch.save(value, folder / "value.pth")
        return folder / "value.pth"

    return write


REFUSED = {
    "a whole model": (zipped, "more_than_tensors"),
    "TorchScript": (scripted, "torchscript"),
    "cut off": (cut, "damaged_weights"),
    "a plain pickle": (bytes_of(pickle.dumps({"a": 1}, protocol=2)), "no_weights_file"),
    "noise": (bytes_of(b"\x01\x02 no weights at all"), "no_weights_file"),
    "empty": (bytes_of(b""), "no_weights_file"),
    "half a pickle": (bytes_of(b"\x80\x02}q"), "no_weights_file"),
    "half an archive": (bytes_of(b"PK\x03\x04 and so on"), "damaged_weights"),
    "half of safetensors": (bytes_of(struct.pack("<Q", 500) + b'{"a": ', "x.safetensors"), "damaged_weights"),
    "an endless header": (bytes_of(struct.pack("<Q", 2**60) + b'{"a": {}}', "x.safetensors"), "damaged_weights"),
    "Keras": (bytes_of(b"\x89HDF\r\n\x1a\n" + bytes(64), "x.bin"), "keras_weights"),
    "a list": (saved([torch.zeros(2)]), "no_state_dict"),
    "a tensor": (saved(torch.zeros(2)), "no_state_dict"),
    "numbers": (saved({"lr": 0.1}), "no_state_dict"),
    "complex": (saved({"w": torch.zeros(2, dtype=torch.complex64)}), "other_numbers"),
    "sparse": (saved({"w": torch.eye(3).to_sparse()}), "other_numbers"),
    "larger than it looks": (saved({"w": torch.zeros(1).expand(2**29)}), "weights_too_large"),
    "a folder": (lambda folder: folder, "no_ordinary_file"),
    "nothing": (lambda folder: folder / "none.pth", "no_such_file"),
}


@pytest.mark.parametrize(("write", "code"), REFUSED.values(), ids=list(REFUSED))
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_what_is_no_file_of_weights_is_refused_with_a_sentence(tmp_path: Path, write: Any, code: str) -> None:
    file = write(tmp_path)
    with pytest.raises(BroughtError) as refused:
        read_weights(file)
    assert refused.value.code == code
    assert "{" not in refused.value.message("en") and refused.value.message("ko") != refused.value.message("en")


def test_a_pickle_that_would_run_something_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    torch.save({"fc.weight": torch.zeros(2, 2), "x": Attack(mark)}, tmp_path / "attack.pth")
    (tmp_path / "old.pth").write_bytes(pickle.dumps(Attack(mark), protocol=2))
    for name in ("attack.pth", "old.pth"):
        with pytest.raises(BroughtError) as refused:
            read_weights(tmp_path / name)
        assert refused.value.code in ("more_than_tensors", "no_weights_file")
    assert not mark.exists()


def test_files_that_are_too_large_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save(nn.Linear(100, 100).state_dict(), tmp_path / "a.pth")
    monkeypatch.setattr(weights_file, "MOST_WEIGHT_BYTES", 1000)
    with pytest.raises(BroughtError) as refused:
        read_weights(tmp_path / "a.pth")
    assert refused.value.code == "weights_too_large"
