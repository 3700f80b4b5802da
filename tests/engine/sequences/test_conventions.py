"""How frameworks write the same cell: counts as they are published, and cells of theirs in a torch cell, number by number.

The cells are written here in numpy, each in its framework's own order and layout, in float64.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from engine.__main__ import main
from engine.experiments.experiment import Experiment, Network, write
from engine.layers.catalog import GRU, LSTM, RNN, Embedding, Linear, Residual, Sequential
from engine.networks.trace import trace
from engine.sequences import conventions
from engine.sequences.conventions import COUNTINGS, WrittenCell, counted, torch_weights_from, written_cells
from engine.words import table

D, H = 10, 32
Array = NDArray[np.float64]


def row(cell: str, framework: str, reset: str | None = None) -> WrittenCell:
    found = [each for each in written_cells(cell) if each.framework == framework and reset in (None, each.reset)]  # type: ignore[arg-type]
    return found[0]


# counts

PUBLISHED = {
    ("LSTM", "PyTorch"): [5632], ("LSTM", "Paddle"): [5632], ("LSTM", "Keras"): [5504], ("LSTM", "Flax nnx"): [5504],
    ("LSTM", "Flax linen"): [5504], ("LSTM", "Haiku"): [5504], ("LSTM", "Equinox"): [5504], ("LSTM", "MLX"): [5504],
    ("LSTM", "TensorFlow.js"): [5504], ("LSTM", "ONNX"): [5632], ("LSTM", "book"): [5504],
    ("GRU", "PyTorch"): [4224], ("GRU", "Paddle"): [4224], ("GRU", "Keras"): [4224, 4128], ("GRU", "Flax nnx"): [4128],
    ("GRU", "Flax linen"): [4160], ("GRU", "Haiku"): [4128], ("GRU", "Equinox"): [4160], ("GRU", "MLX"): [4160],
    ("GRU", "TensorFlow.js"): [4128], ("GRU", "ONNX"): [4224], ("GRU", "book"): [4128],
    ("RNN", "PyTorch"): [1408], ("RNN", "Paddle"): [1408], ("RNN", "Keras"): [1376], ("RNN", "Flax nnx"): [1376],
    ("RNN", "Flax linen"): [1376], ("RNN", "Haiku"): [1408], ("RNN", "MLX"): [1376], ("RNN", "TensorFlow.js"): [1376],
    ("RNN", "ONNX"): [1408], ("RNN", "book"): [1376],
}  # fmt: skip


def test_the_counts_of_10_inputs_and_32_units() -> None:
    found: dict[tuple[str, str], list[int]] = {}
    for cell in ("LSTM", "GRU", "RNN"):
        for each in written_cells(cell):  # type: ignore[arg-type]
            found.setdefault((cell, each.framework), []).append(each.parameters(D, H))
    assert found == PUBLISHED


@pytest.mark.parametrize(("cell", "kind"), [("LSTM", nn.LSTM), ("GRU", nn.GRU), ("RNN", nn.RNN)])
def test_torchs_row_is_torchs_own_count(cell: str, kind: type[nn.Module]) -> None:
    own = row(cell, "PyTorch")
    assert written_cells(cell)[0] is own  # type: ignore[arg-type]
    assert own.version == torch.__version__.partition("+")[0]
    for inputs, hidden in ((1, 1), (10, 32), (100, 100)):
        assert own.parameters(inputs, hidden) == sum(each.numel() for each in kind(inputs, hidden).parameters())  # type: ignore[call-arg]


@pytest.mark.parametrize("cell", ["LSTM", "GRU", "RNN"])
def test_each_derivation_says_its_own_result(cell: str) -> None:
    for each in written_cells(cell):  # type: ignore[arg-type]
        for inputs, hidden in ((1, 1), (10, 32), (7, 3)):
            found = each.derivation(inputs, hidden)
            assert eval(found.substituted.replace("×", "*")) == found.result
            assert {code for _, code, _ in found.symbols} <= table("symbols").keys()
    assert row("LSTM", "PyTorch").derivation(D, H).formula == "G×H×(D + H + b)"
    assert row("LSTM", "Keras").derivation(D, H).substituted == "4×32×(10 + 32 + 1)"
    assert row("GRU", "Equinox").derivation(D, H).substituted == "3×32×(10 + 32 + 1) + 32"
    assert row("RNN", "Keras").derivation(D, H).substituted == "32×(10 + 32 + 1)"


def test_what_is_told_of_each() -> None:
    assert {each.framework: "".join(each.order) for each in written_cells("LSTM")} == {
        "PyTorch": "ifgo", "Paddle": "ifgo", "Keras": "ifgo", "Flax nnx": "ifgo", "Flax linen": "ifgo", "Haiku": "igfo",
        "Equinox": "ifgo", "MLX": "ifgo", "TensorFlow.js": "ifgo", "ONNX": "iofg", "book": "fgio",
    }  # fmt: skip
    assert {each.framework: each.forget_bias for each in written_cells("LSTM")} == {
        "PyTorch": "random", "Paddle": "random", "Keras": 1.0, "Flax nnx": 0.0, "Flax linen": 0.0, "Haiku": 0.0,
        "Equinox": "random", "MLX": "random", "TensorFlow.js": 0.0, "ONNX": "stored", "book": 0.0,
    }  # fmt: skip
    assert [each.framework for each in written_cells("GRU") if each.reset == "before"] == [
        "Keras", "Haiku", "TensorFlow.js", "ONNX", "book",
    ]  # fmt: skip
    assert {each.framework for each in written_cells("GRU") if each.update_keeps == "candidate"} == {"Haiku", "book"}
    assert all(each.in_torch for each in written_cells("LSTM")) and all(each.in_torch for each in written_cells("RNN"))
    assert [each.in_torch for each in written_cells("GRU")] == [each.reset == "after" for each in written_cells("GRU")]
    orders = [
        ("PyTorch", "rzn"),
        ("Paddle", "rzn"),
        ("Keras", "zrn"),
        ("Keras", "zrn"),
        ("Flax nnx", "rzn"),
        ("Flax linen", "rzn"),
    ]
    orders += [("Haiku", "zrn"), ("Equinox", "rzn"), ("MLX", "rzn"), ("TensorFlow.js", "zrn"), ("ONNX", "zrn"), ("book", "zrn")]
    assert [(each.framework, "".join(each.order)) for each in written_cells("GRU")] == orders
    added = {each.framework: each.added_to_forget for each in written_cells("LSTM") if each.added_to_forget}
    assert added == {"Haiku": 1.0}
    assert {each.framework for each in written_cells("LSTM") if each.note == "recurrent_side"} == {"Flax nnx", "Flax linen"}
    assert {each.framework for each in written_cells("LSTM") if each.note == "hard_sigmoid"} == {"TensorFlow.js"}
    assert {each.framework for each in written_cells("RNN") if each.note == "relu"} == {"Haiku"}
    versions = {each.package: each.version for cell in ("LSTM", "GRU", "RNN") for each in written_cells(cell)}  # type: ignore[arg-type]
    del versions["torch"], versions[""]
    assert versions == {
        "paddlepaddle": "3.3.1", "keras": "3.15.1", "flax": "0.12.8", "dm-haiku": "0.0.17", "equinox": "0.13.8",
        "mlx": "0.32.4", "@tensorflow/tfjs": "4.22.0", "onnx": "1.23.2",
    }  # fmt: skip


def test_the_words() -> None:
    notes = {each.note for each in conventions._CELLS if each.note}
    assert table("conventions").keys() == notes | {"book"}
    assert row("LSTM", "book").title("ko") == "밑바닥부터 시작하는 딥러닝 2"
    assert row("LSTM", "Keras").title("ko") == "Keras" and row("LSTM", "Keras").noted() == ""
    assert "recurrentActivation" in row("LSTM", "TensorFlow.js").noted()


# weights carried over


def sigmoid(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


def lstm_by_hand(xs: Array, kernel: Array, recurrent: Array, bias: Array, order: str, added: float = 0.0) -> Array:
    """x @ W + h @ U + b, cut into gates in this order; `added` to the forget gate's."""
    h, c, read = np.zeros(recurrent.shape[0]), np.zeros(recurrent.shape[0]), []
    for x in xs:
        parts = dict(zip(order, np.split(x @ kernel + h @ recurrent + bias, 4), strict=True))
        c = sigmoid(parts["f"] + added) * c + sigmoid(parts["i"]) * np.tanh(parts["g"])
        h = sigmoid(parts["o"]) * np.tanh(c)
        read.append(h)
    return np.array(read)


def gru_after_by_hand(xs: Array, kernel: Array, recurrent: Array, bias: Array, second: Array, order: str) -> Array:
    h, read = np.zeros(recurrent.shape[0]), []
    for x in xs:
        a = dict(zip(order, np.split(x @ kernel + bias, 3), strict=True))
        b = dict(zip(order, np.split(h @ recurrent + second, 3), strict=True))
        r, z = sigmoid(a["r"] + b["r"]), sigmoid(a["z"] + b["z"])
        h = z * h + (1 - z) * np.tanh(a["n"] + r * b["n"])
        read.append(h)
    return np.array(read)


def in_torch(kind: type[nn.Module], weights: dict[str, Array], xs: Array) -> Array:
    module = kind(xs.shape[1], weights["weight_hh_l0"].shape[1], batch_first=True).double()  # type: ignore[call-arg]
    module.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in weights.items()})
    with torch.no_grad():
        return module(torch.from_numpy(xs)[None])[0][0].numpy()


def drawn(gates: int, inputs: int = 5, hidden: int = 7, steps: int = 9) -> tuple[Array, Array, Array, Array, Array]:
    rng = np.random.default_rng(gates)
    width = gates * hidden
    return (
        rng.standard_normal((steps, inputs)),
        rng.standard_normal((inputs, width)),
        rng.standard_normal((hidden, width)) / hidden**0.5,
        rng.standard_normal(width),
        rng.standard_normal(width),
    )


@pytest.mark.parametrize(
    ("framework", "order", "added"),
    [
        ("Keras", "ifgo", 0.0),
        ("book", "fgio", 0.0),
        ("Haiku", "igfo", 1.0),
        ("ONNX", "iofg", 0.0),
        ("Flax linen", "ifgo", 0.0),
        ("PyTorch", "ifgo", 0.0),
    ],
)
def test_a_torch_lstm_holds_it_exactly(framework: str, order: str, added: float) -> None:
    xs, kernel, recurrent, bias, _ = drawn(4)
    weights = torch_weights_from(row("LSTM", framework), kernel, recurrent, bias)
    expected = lstm_by_hand(xs, kernel, recurrent, bias, order, added)
    np.testing.assert_allclose(in_torch(nn.LSTM, weights, xs), expected, rtol=0, atol=1e-12)
    assert sum(weights["bias_hh_l0"] != 0) == 0


def test_two_biases_of_an_lstm_are_added_up() -> None:
    xs, kernel, recurrent, bias, second = drawn(4)
    weights = torch_weights_from(row("LSTM", "ONNX"), kernel, recurrent, bias, second)
    expected = lstm_by_hand(xs, kernel, recurrent, bias + second, "iofg")
    np.testing.assert_allclose(in_torch(nn.LSTM, weights, xs), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("framework", "order"), [("Keras", "zrn"), ("PyTorch", "rzn"), ("Paddle", "rzn")])
def test_a_torch_gru_holds_those_with_the_reset_after_the_product(framework: str, order: str) -> None:
    xs, kernel, recurrent, bias, second = drawn(3)
    weights = torch_weights_from(row("GRU", framework, "after"), kernel, recurrent, bias, second)
    expected = gru_after_by_hand(xs, kernel, recurrent, bias, second, order)
    np.testing.assert_allclose(in_torch(nn.GRU, weights, xs), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("framework", ["Equinox", "Flax linen", "MLX"])
def test_a_second_bias_of_the_candidate_alone(framework: str) -> None:
    xs, kernel, recurrent, bias, second = drawn(3)
    second[:14] = 0.0
    weights = torch_weights_from(row("GRU", framework), kernel, recurrent, bias, second[14:])
    expected = gru_after_by_hand(xs, kernel, recurrent, bias, second, "rzn")
    np.testing.assert_allclose(in_torch(nn.GRU, weights, xs), expected, rtol=0, atol=1e-12)


def test_a_simple_cell() -> None:
    xs, kernel, recurrent, bias, _ = drawn(1)
    weights = torch_weights_from(row("RNN", "Keras"), kernel, recurrent, bias)
    h, read = np.zeros(7), []
    for x in xs:
        h = np.tanh(x @ kernel + h @ recurrent + bias)
        read.append(h)
    np.testing.assert_allclose(in_torch(nn.RNN, weights, xs), np.array(read), rtol=0, atol=1e-12)


def test_a_simple_cell_with_relu_and_two_biases() -> None:
    """Haiku's: relu(x W + b + h U + b')."""
    xs, kernel, recurrent, bias, second = drawn(1)
    weights = torch_weights_from(row("RNN", "Haiku"), kernel, recurrent, bias, second)
    h, read = np.zeros(7), []
    for x in xs:
        h = np.maximum(0.0, x @ kernel + bias + h @ recurrent + second)
        read.append(h)
    module = nn.RNN(5, 7, batch_first=True, nonlinearity="relu").double()
    module.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in weights.items()})
    with torch.no_grad():
        np.testing.assert_allclose(module(torch.from_numpy(xs)[None])[0][0].numpy(), np.array(read), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("framework", ["Haiku", "TensorFlow.js", "book", "ONNX"])
def test_a_reset_before_the_product_is_another_function(framework: str) -> None:
    _, kernel, recurrent, bias, _ = drawn(3)
    with pytest.raises(ValueError, match="before it: no weights"):
        torch_weights_from(row("GRU", framework), kernel, recurrent, bias)


def test_shapes_that_do_not_fit_are_refused() -> None:
    _, kernel, recurrent, bias, _ = drawn(4)
    with pytest.raises(ValueError, match="4 gates of 7 units"):
        torch_weights_from(row("LSTM", "Keras"), kernel.T, recurrent, bias)


# `summary --convention`


def total(layers: tuple, shape: tuple[int, ...], convention: str) -> int:
    return counted(trace(layers, shape), layers, convention).parameters  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("layer", "torchs", "keras", "book"),
    [
        (LSTM(hidden_size=100), 80_800, 80_400, 80_400),
        (GRU(hidden_size=32), 3 * 32 * (100 + 32 + 2), 3 * 32 * (100 + 32 + 2), 3 * 32 * (100 + 32 + 1)),
        (RNN(hidden_size=32), 32 * (100 + 32 + 2), 32 * (100 + 32 + 1), 32 * (100 + 32 + 1)),
        (LSTM(hidden_size=100, bias=False), 80_000, 80_000, 80_000),
    ],
)
def test_a_layer_with_100_inputs(layer: LSTM, torchs: int, keras: int, book: int) -> None:
    assert [total((layer,), (7, 100), convention) for convention in COUNTINGS] == [torchs, keras, book]


LANGUAGE_MODEL = (
    Embedding(num_embeddings=10_000, embedding_dim=100),
    LSTM(hidden_size=100, output="sequence"),
    Linear(out_features=10_000),
)


def test_the_books_language_model() -> None:
    """1,000,000 + 80,400 + 100·10,000 + 10,000."""
    assert total(LANGUAGE_MODEL, (35,), "book") == 2_090_400
    assert total(LANGUAGE_MODEL, (35,), "torch") == 2_090_800
    rows = counted(trace(LANGUAGE_MODEL, (35,)), LANGUAGE_MODEL, "book").rows
    assert [each.parameters for each in rows] == [1_000_000, 80_400, 1_010_000]


def test_two_layers_in_both_directions_are_more_than_double_term_by_term() -> None:
    """The second layer reads 200 states, not 100 inputs: 2·(400·(100 + 100 + b) + 400·(200 + 100 + b))."""
    both = LSTM(hidden_size=100, num_layers=2, bidirectional=True)
    for convention, biases in (("torch", 2), ("keras", 1), ("book", 1)):
        first, second = 400 * (100 + 100 + biases), 400 * (200 + 100 + biases)
        assert (
            total((both,), (7, 100), convention)
            == 2 * (first + second)
            > 4 * total((LSTM(hidden_size=100),), (7, 100), convention)
        )
    assert total((both,), (7, 100), "torch") == sum(
        each.numel() for each in nn.LSTM(100, 100, num_layers=2, bidirectional=True).parameters()
    )


def test_layers_inside_of_blocks_are_counted_too() -> None:
    layers = (Residual(main=(Sequential(layers=(LSTM(hidden_size=100, output="sequence"),)),)), GRU(hidden_size=4))
    found = counted(trace(layers, (7, 100)), layers, "book")
    assert [each.parameters for each in found.rows] == [80_400, 3 * 4 * (100 + 4 + 1)]
    assert found.rows[0].inside[0][1][0].parameters == 80_400
    assert counted(trace(layers, (7, 100)), layers, "torch") == trace(layers, (7, 100))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lm.toml"
    write(Experiment(name="lm", network=Network(input=(35,), layers=LANGUAGE_MODEL)), file)
    assert main(["summary", str(file), "--convention", "book", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["convention"], said["parameters"]) == ("book", 2_090_400)
    assert [each["parameters"] for each in said["rows"]] == [1_000_000, 80_400, 1_010_000]
    assert main(["summary", str(file), "--convention", "keras"]) == 0
    text = capsys.readouterr().out
    assert "recurrent layers as Keras counts them" in text and "2,090,400" in text and "80,400" in text
    assert main(["summary", str(file), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert "convention" not in plain and plain["parameters"] == 2_090_800
    assert main(["summary", str(file), "--convention", "theano"]) == 2


def test_a_network_that_cannot_be_built_is_counted_as_far_as_it_goes() -> None:
    layers = (LSTM(hidden_size=100, output="sequence"), LSTM(hidden_size=3, proj_size=5))
    assert total(layers, (7, 100), "book") == 80_400
