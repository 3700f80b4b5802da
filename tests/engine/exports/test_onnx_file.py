"""The ONNX file of a network, checked by ONNX and run by onnxruntime.

Netron, which draws such files, has a parser in JavaScript that reads the same protocol buffers; onnx's checker, with its
inference of all shapes, and onnxruntime stand for it here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from engine.__main__ import main
from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Network, preset, preset_names
from engine.exports import export_problems, onnx_file
from engine.exports.export_problems import ExportError
from engine.exports.outgoing import Outgoing
from engine.fields import edited
from engine.layers.catalog import (
    GRU,
    LSTM,
    RNN,
    AvgPool2d,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    GroupNorm,
    Linear,
    Permute,
)
from engine.layers.kinds.activation import GELU, LeakyReLU, ReLU6, Sigmoid, Softmax, Tanh
from engine.layers.kinds.normalization import BatchNorm2d, LayerNorm, LocalResponseNorm
from engine.layers.kinds.pooling import AdaptiveAvgPool2d
from engine.layers.kinds.upsample import Upsample
from engine.passes.modules import build
from engine.runs.folder import Run
from tests.engine.exports.small_runs import DROPPING, changed_run


def written(experiment: Experiment) -> bytes:
    """The file of an experiment's first weights."""
    source = Outgoing(experiment)
    return onnx_file.onnx_file(experiment, *source.weights())


def opened(content: bytes) -> Any:
    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


def answers(content: bytes, x: torch.Tensor) -> Any:
    return opened(content).run(["output"], {"input": x.numpy()})[0]


def torch_model(experiment: Experiment) -> nn.Module:
    """As a training begins, in evaluation mode."""
    info = describe(experiment.data)
    torch.manual_seed(experiment.seed)
    return build(experiment.network.layers, info.input, tokens=info.tokens).eval()


def sample(experiment: Experiment, batch: int, more: int = 0) -> torch.Tensor:
    info = describe(experiment.data)
    shape = (batch, info.input[0] + more, *info.input[1:]) if more else (batch, *info.input)
    drawn = torch.Generator().manual_seed(batch)
    if info.tokens:
        return torch.randint(len(info.classes), shape, generator=drawn)
    return torch.randn(shape, generator=drawn)


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_answers_as_torch_at_any_batch_and_length(name: str) -> None:
    """All in one process: the second recurrent network keeps its free length as the first one does."""
    experiment = preset(name)
    content, model = written(experiment), torch_model(experiment)
    file = onnx.load_from_string(content)
    onnx.checker.check_model(file, full_check=True)
    assert {entry.domain: entry.version for entry in file.opset_import} == {"": 18}
    assert not any(tensor.external_data for tensor in file.graph.initializer)
    session = opened(content)
    (shape,) = (entry.shape for entry in session.get_inputs())
    assert shape[0] == session.get_outputs()[0].shape[0] == "batch"
    recurrent = any(isinstance(module, nn.RNNBase) for module in model.modules())
    assert ("time" in shape) == recurrent
    for batch, more in ((7, 0), (1, 0), (3, 9), (2, -4)) if recurrent else ((7, 0), (1, 0)):
        x = sample(experiment, batch, more)
        with torch.no_grad():
            wanted = model(x).numpy()
        np.testing.assert_allclose(answers(content, x), wanted, rtol=0, atol=2e-5, err_msg=f"batch {batch}, {more} steps more")


PICTURES = {
    "padded": (Conv2d(out_channels=4, kernel_size=4, padding=1, padding_after=2, padding_mode="reflect"), Flatten()),
    "circular": (Conv2d(out_channels=4, kernel_size=3, padding=1, padding_mode="circular"), Flatten()),
    "same": (Conv2d(out_channels=4, kernel_size=3, padding="same", dilation=2), BatchNorm2d(), GELU(), Flatten()),
    "same, even": (Conv2d(out_channels=4, kernel_size=(4, 3), padding="same", dilation=(3, 1)), Flatten()),
    "valid": (Conv2d(out_channels=4, kernel_size=3, padding="valid"), Flatten()),
    "transposed": (ConvTranspose2d(out_channels=3, kernel_size=3, stride=2, output_padding=1), ReLU6(), Flatten()),
    "grown": (Upsample(scale_factor=2, mode="bilinear", align_corners=True), AvgPool2d(kernel_size=3), Sigmoid(), Flatten()),
    "normalised": (Conv2d(out_channels=4, kernel_size=3), GroupNorm(num_groups=2), LocalResponseNorm(size=3), Flatten()),
    "rows": (Flatten(), LayerNorm(normalized_shape=64)),
    "pooled": (
        Conv2d(out_channels=4, kernel_size=3, padding=1),
        LeakyReLU(),
        AdaptiveAvgPool2d(output_size=2),
        Flatten(),
        Tanh(),
    ),
    "read": (Permute(dims=(0, 3, 1, 2)), Flatten(start_dim=2), GRU(hidden_size=5, bidirectional=True, num_layers=2), Softmax()),
}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("name", PICTURES)
def test_other_layers(name: str) -> None:
    experiment = Experiment(seed=1, network=Network(layers=(*PICTURES[name], Linear(out_features=10))))
    x = sample(experiment, 6)
    with torch.no_grad():
        wanted = torch_model(experiment)(x).numpy()
    np.testing.assert_allclose(answers(written(experiment), x), wanted, rtol=0, atol=1e-5)


SEQUENCES = Data(name="adding", samples=40, length=9)


@pytest.mark.parametrize(
    "layers",
    [
        (LSTM(hidden_size=4, num_layers=2, dropout=0.5, output="sequence"), RNN(hidden_size=3, nonlinearity="relu")),
        (GRU(hidden_size=4, bias=False, bidirectional=True),),
    ],
)
def test_recurrent_layers_on_each_other(layers: tuple[Any, ...]) -> None:
    experiment = Experiment(data=SEQUENCES, network=Network(layers=(*layers, Linear(out_features=1))))
    content, model = written(experiment), torch_model(experiment)
    for batch, more in ((5, 0), (2, 14), (1, -8)):
        x = sample(experiment, batch, more)
        with torch.no_grad():
            np.testing.assert_allclose(answers(content, x), model(x).numpy(), rtol=0, atol=1e-5)


def test_a_network_that_needs_its_length_keeps_it() -> None:
    layers = (LSTM(hidden_size=4, output="sequence"), Flatten(), Linear(out_features=1))
    experiment = Experiment(data=SEQUENCES, network=Network(layers=layers))
    assert opened(written(experiment)).get_inputs()[0].shape == ["batch", 9, 2]
    causal = (Permute(dims=(0, 2, 1)), Conv1d(out_channels=3, kernel_size=3), Flatten(), Linear(out_features=1))
    experiment = Experiment(data=SEQUENCES, network=Network(layers=causal))
    assert opened(written(experiment)).get_inputs()[0].shape == ["batch", 9, 2]


def test_dropout_is_off_and_batch_normalisation_uses_what_it_has_gathered(tmp_path: Path) -> None:
    """Of a run that was trained with both, at its end and at a kept moment; asked twice, the file says the same."""
    run = changed_run(tmp_path / "run")
    last, early = tmp_path / "last.onnx", tmp_path / "early.onnx"
    assert main(["export", str(run), "--to", "onnx", "--out", str(last)]) == 0
    assert main(["export", str(run), "--to", "onnx", "--out", str(early), "--step", "4"]) == 0
    x = sample(DROPPING, 40)
    found = []
    for file, weights, step in (
        (last, Run.open(run).weights(), 12),
        (early, Run.open(run).timeline().read(4), 4),
    ):
        content = file.read_bytes()
        graph = onnx.load_from_string(content)
        assert "Dropout" not in {node.op_type for node in graph.graph.node}
        assert json.loads(graph.metadata_props[0].value)["step"] == step
        model = torch_model(DROPPING)
        model.load_state_dict({name: torch.tensor(np.array(values.tolist(), np.float32)) for name, values in weights.items()})
        with torch.no_grad():
            wanted = model(x).numpy()
        found.append(answers(content, x))
        np.testing.assert_allclose(found[-1], wanted, rtol=0, atol=1e-5)
        np.testing.assert_array_equal(found[-1], answers(content, x))
    assert np.abs(found[0] - found[1]).max() > 0.01
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["early.onnx", "last.onnx", "run"], "one file each"


def test_torchs_own_generator_and_switches_stay_as_they_are() -> None:
    experiment = preset("adding-lstm")
    weights, step = Outgoing(experiment).weights()
    before = torch.get_rng_state()
    onnx_file.onnx_file(experiment, weights, step)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.onnx.is_in_onnx_export()


def test_a_projection_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = (LSTM(hidden_size=6, proj_size=3), Linear(out_features=1))
    with pytest.raises(ExportError, match="its weights would be missing") as refused:
        written(Experiment(data=SEQUENCES, network=Network(layers=layers)))
    assert "proj_size" in refused.value.message("ko")


def test_what_onnx_has_no_word_for_is_refused_with_a_sentence() -> None:
    """Adaptive pooling from 8 cells to 3 has windows of different sizes."""
    layers = (AdaptiveAvgPool2d(output_size=3), Flatten(), Linear(out_features=10))
    with pytest.raises(ExportError, match="cannot be written as ONNX"):
        written(Experiment(network=Network(layers=layers)))


def test_a_file_that_answers_otherwise_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file would of which the exporter has left dropout on, or has frozen the length."""
    experiment = preset("digits-mlp")
    other = written(edited(experiment, seed=experiment.seed + 1))
    monkeypatch.setattr(onnx_file, "_traced", lambda *_arguments: other)
    with pytest.raises(ExportError, match="answers otherwise than torch"):
        written(experiment)


def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(export_problems, "find_spec", lambda name: None if name == "onnxruntime" else object())
    out = tmp_path / "network.onnx"
    assert main(["export", "--preset", "digits-mlp", "--to", "onnx", "--out", str(out)]) == 1
    assert "this needs onnxruntime; install it with: pip install onnxruntime" in capsys.readouterr().err
    assert not out.exists()
