"""A network's maps: against the module that a training would begin with; what is kept, given up, refused; runs; the
gradient."""

from __future__ import annotations

import ast
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from engine.cells.filters import Filters
from engine.colours import viridis
from engine.experiments.experiment import read, write
from engine.fields import edited
from engine.layers.base import Layer, Shape
from engine.layers.catalog import (
    GRU,
    LSTM,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose2d,
    Dropout,
    Embedding,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Softmax,
)
from engine.networks.trace import Path as LayerPath
from engine.networks.trace import trace
from engine.passes import activations, pass_memory
from engine.passes.activations import (
    BUDGET_BYTES,
    NetworkPass,
    PassError,
    PassRequest,
    Seeded,
    Seen,
    Tiles,
    Trained,
    as_maps,
)
from engine.passes.feature_maps import paint, wall
from engine.passes.modules import build
from engine.passes.pass_memory import Memory, memory
from engine.passes.picture_input import input_of
from engine.pictures import Picture, crop, fitted, pattern
from engine.runs.folder import EXPERIMENT
from engine.words import LANGUAGES, table
from tests.engine.known_networks import LENET_5, PIPELINE, RESNET_18, VGG_19
from tests.engine.networks.test_patches import fitting
from tests.engine.runs.test_first_filters import saved
from tests.patience import GIVE_UP_S

BRANCHED: tuple[Layer, ...] = (
    Conv2d(out_channels=4, kernel_size=3, padding=1, padding_after=2),
    BatchNorm2d(),
    Residual(
        main=(
            Sequential(layers=(Conv2d(out_channels=4, kernel_size=3, padding=1), ReLU())),
            Conv2d(out_channels=4, kernel_size=1),
        ),
        shortcut=(Conv2d(out_channels=4, kernel_size=1, bias=False),),
    ),
    Concat(branches=((Conv2d(out_channels=2, kernel_size=1),), (), (MaxPool2d(kernel_size=3, stride=1, padding=1),))),
    ConvTranspose2d(out_channels=3, kernel_size=2, stride=2),
    Dropout(),
    Flatten(),
    Linear(out_features=7),
)
INSIDE: LayerPath = (2, "main", 0, "layers", 1)


def picture(height: int = 20, width: int = 28, channels: int = 3) -> Picture:
    values = np.random.default_rng(3).random((channels, height, width), np.float32)
    return Picture("noise", values, (width, height))


def wanted(layers: tuple[Layer, ...], shape: Shape, chosen: LayerPath | None = None, **options: object) -> PassRequest:
    return PassRequest(layers, shape, options.pop("picture", picture()), chosen=chosen, **options)  # type: ignore[arg-type]


def module_of(layers: tuple[Layer, ...], shape: Shape, seed: int) -> nn.Sequential:
    """The module with which a training of that seed begins, in evaluation."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build(layers, shape).eval()


def through(module: nn.Module, values: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        return np.asarray(module(torch.from_numpy(values)[None])[0].numpy())


def equal(one: Seen, other: Seen) -> bool:
    assert one.thumbs.keys() == other.thumbs.keys()
    assert one.look is not None
    assert other.look is not None
    same = all(np.array_equal(thumb.pixels, other.thumbs[path].pixels) for path, thumb in one.thumbs.items())
    return same and np.array_equal(one.look.values, other.look.values)


def close(found: NDArray[np.float32], expected: NDArray[np.float32]) -> None:
    """The same weights, whose sums torch may add up in another order from one run to the next."""
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


# --- the pass


@pytest.mark.parametrize("seed", [0, 7])
def test_the_weights_are_those_a_training_of_that_seed_begins_with(seed: int) -> None:
    shown = NetworkPass()(wanted(BRANCHED, (3, 9, 11), (7,), weights=Seeded(seed)))
    assert shown.look is not None
    assert shown.look.kind == "vector"
    close(shown.look.values, through(module_of(BRANCHED, (3, 9, 11), seed), shown.input))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(40))
def test_any_kinds_and_without_the_global_generator(seed: int) -> None:
    random = Random(seed)
    shape = random.choice(((2, 9, 8), (3, 7, 7), (4, 12), (6, 5)))
    layers = fitting(random, shape, 4)
    if not layers:
        layers = (LSTM(hidden_size=3, num_layers=2, proj_size=2, output="sequence"),) if len(shape) == 2 else (ReLU(),)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    shown = NetworkPass()(wanted(layers, shape, (len(layers) - 1,), weights=Seeded(seed)))
    assert torch.equal(before, torch.get_rng_state())
    assert shown.look is not None
    expected = through(module_of(layers, shape, seed), shown.input)
    close(shown.look.values, expected)


def test_a_training_beside_it_draws_what_it_draws_alone() -> None:
    def drawn() -> torch.Tensor:
        torch.manual_seed(5)
        return torch.cat([torch.empty(40).uniform_() + nn.Linear(3, 40).bias.detach() for _ in range(400)])

    alone, passes, over = drawn(), list[Seen](), threading.Event()

    def look() -> None:
        while not over.is_set():
            passes.append(NetworkPass()(wanted(BRANCHED, (3, 9, 11), (7,))))

    beside = threading.Thread(target=look)
    beside.start()
    try:
        while len(passes) < 3:
            assert torch.equal(drawn(), alone)
    finally:
        over.set()
        beside.join(GIVE_UP_S)


def test_no_kind_makes_torch_import_its_compiler() -> None:
    """That takes seconds, and the first maps would wait for it."""
    code = """
import sys
from engine.passes.activations import NetworkPass, PassRequest
from engine.layers.catalog import *
from engine.pictures import pattern
look, picture = NetworkPass(), pattern("ramp 1x8x8")
tokens = Embedding(num_embeddings=5, embedding_dim=4), LayerNorm(normalized_shape=4), LSTM(hidden_size=3)
look(PassRequest(tokens, (9,), picture))
maps = Conv2d(out_channels=2, kernel_size=3), BatchNorm2d(), Flatten(), Linear(out_features=2)
look(PassRequest(maps, (1, 8, 8), picture))
assert "torch._dynamo" not in sys.modules and "sympy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=GIVE_UP_S)


def test_every_layer_has_a_thumbnail_and_shows_its_own_output() -> None:
    module = module_of(BRANCHED, (3, 9, 11), 5)
    inner: list[torch.Tensor] = []
    module[2].main[0][1].register_forward_hook(lambda *call: inner.append(call[2]))
    look = NetworkPass()
    shown = look(wanted(BRANCHED, (3, 9, 11), INSIDE, weights=Seeded(5)))
    through(module, shown.input)
    assert shown.look is not None
    close(shown.look.values, inner[0][0].numpy())
    branches = [(3, "branches", 0, 0), (3, "branches", 2, 0)]
    residual = [(2, "main", 0, "layers", 0), INSIDE, (2, "main", 0), (2, "main", 1), (2, "shortcut", 0)]
    assert list(shown.thumbs) == [(), (0,), (1,), *residual, (2,), *branches, (3,), (4,), (5,), (6,), (7,)]
    assert all(thumb.pixels.shape == (28, 28) for thumb in shown.thumbs.values())
    values = through(module[:1], shown.input)
    assert shown.thumbs[(0,)].low == pytest.approx(values.mean(0).min(), abs=1e-6)
    assert shown.thumbs[(0,)].high == pytest.approx(values.mean(0).max(), abs=1e-6)
    first = look(wanted(BRANCHED, (3, 9, 11), weights=Seeded(5), first_map=True, thumb=(12, 10)))
    assert first.thumbs[(0,)].pixels.shape == (12, 10)
    assert first.thumbs[(0,)].high == values[0].max()
    assert first.look is None


def test_another_layer_of_the_same_picture_costs_no_layer() -> None:
    look, ran = NetworkPass(), list[float]()
    ask = wanted(BRANCHED, (3, 9, 11), (0,))
    look(ask, ran.append)
    assert len(ran) == 12  # all but the composites
    assert ran == sorted(ran)
    assert ran[0] == 0
    assert 0.5 < ran[-1] < 1
    ran.clear()
    for path in ((4,), INSIDE, (), (7,), (0,)):
        again = look(wanted(BRANCHED, (3, 9, 11), path, picture=ask.picture), ran.append)
        fresh = NetworkPass()(wanted(BRANCHED, (3, 9, 11), path, picture=ask.picture))
        assert equal(again, fresh)
        assert again.answers is not None
    assert ran == []


def test_a_network_too_large_to_be_kept_runs_down_to_the_chosen_layer(monkeypatch) -> None:
    monkeypatch.setattr(pass_memory, "KEPT_BYTES", 0)
    look, ran = NetworkPass(), list[float]()
    ask = wanted(BRANCHED, (3, 9, 11))
    look(ask)
    for path, layers in (((1,), 2), (INSIDE, 6), ((1,), 2), ((7,), 12)):
        ran.clear()
        again = look(wanted(BRANCHED, (3, 9, 11), path, picture=ask.picture), ran.append)
        assert len(ran) == layers
        assert equal(again, NetworkPass()(wanted(BRANCHED, (3, 9, 11), path, picture=ask.picture)))
        ran.clear()
        look(wanted(BRANCHED, (3, 9, 11), path, picture=ask.picture), ran.append)
        assert ran == []


class GivenUp(Exception):  # noqa: N818
    pass


@pytest.mark.parametrize("kept", [pass_memory.KEPT_BYTES, 0])
@pytest.mark.parametrize("at", [0, 1, 4, 7, 11])
def test_a_pass_that_is_given_up_goes_on_as_if_it_had_not_been(at: int, kept: int, monkeypatch) -> None:
    monkeypatch.setattr(pass_memory, "KEPT_BYTES", kept)
    look, calls = NetworkPass(), list[float]()

    def checkpoint(share: float) -> None:
        calls.append(share)
        if len(calls) > at:
            raise GivenUp

    ask = wanted(BRANCHED, (3, 9, 11), INSIDE)
    with pytest.raises(GivenUp):
        look(ask, checkpoint)
    after = list[float]()
    assert equal(look(ask, after.append), NetworkPass()(ask))
    assert 0 < len(after) <= 12
    assert kept == 0 or at < 11 or len(after) == 1


def test_another_picture_keeps_the_weights_and_another_seed_does_not() -> None:
    look = NetworkPass()
    one = look(wanted(BRANCHED, (3, 9, 11), (7,)))
    other = look(wanted(BRANCHED, (3, 9, 11), (7,), picture=pattern("checkerboard 3x20x20")))
    assert one.look is not None
    assert other.look is not None
    assert not np.array_equal(one.look.values, other.look.values)
    close(other.look.values, through(module_of(BRANCHED, (3, 9, 11), 0), other.input))
    seeded = look(wanted(BRANCHED, (3, 9, 11), (7,), weights=Seeded(1)))
    assert seeded.look is not None
    assert not np.array_equal(one.look.values, seeded.look.values)


def test_the_answers_are_the_softmax_of_the_output() -> None:
    shown = NetworkPass()(wanted(LENET_5, (1, 28, 28)))
    assert shown.answers is not None
    expected = torch.softmax(torch.from_numpy(shown.answers.values).double(), 0).numpy()
    np.testing.assert_allclose(shown.answers.probabilities, expected, rtol=1e-12)
    assert shown.answers.top == tuple(np.argsort(-expected)[:5])
    already = NetworkPass()(wanted((*LENET_5, Sequential(layers=(Softmax(dim=1),))), (1, 28, 28)))
    assert already.answers is not None
    np.testing.assert_allclose(already.answers.probabilities, expected, rtol=1e-5)
    assert NetworkPass()(wanted(LENET_5[:3], (1, 28, 28))).answers is None  # maps
    assert NetworkPass()(wanted((*LENET_5, Linear(out_features=1)), (1, 28, 28))).answers is None  # a regression


def test_above_a_problem_everything_is_shown() -> None:
    layers = (Conv2d(out_channels=2, kernel_size=3), ReLU(), Conv2d(out_channels=2, kernel_size=50), ReLU())
    look = NetworkPass()
    shown = look(wanted(layers, (1, 9, 9), (1,)))
    assert list(shown.thumbs) == [(), (0,), (1,)]
    assert shown.look is not None
    assert shown.look.maps_CHW.shape == (2, 7, 7)
    assert shown.answers is None
    assert look(wanted(layers, (1, 9, 9), (3,))).look is None
    assert NetworkPass()(wanted((Flatten(), *layers), (1, 9, 9), ())).look is not None
    assert list(NetworkPass()(wanted((Linear(in_features=5, out_features=1),), (1, 9, 9))).thumbs) == [()]
    assert list(NetworkPass()(wanted((), (1, 9, 9), ())).thumbs) == [()]


def test_a_batch_that_one_picture_is_not() -> None:
    layers = (Flatten(), BatchNorm1d(track_running_stats=False))
    assert code_of(wanted(layers, (1, 3, 3))) == "needs_a_batch"


def test_sequences_volumes_and_tokens() -> None:
    def look(layers: tuple[Layer, ...], shape: Shape) -> activations.LayerOutput:
        shown = NetworkPass()(wanted(layers, shape, (0,))).look
        assert shown is not None
        return shown

    sheet = look((GRU(hidden_size=5, output="sequence"),), (12, 3))
    assert (sheet.kind, sheet.values.shape, sheet.maps_CHW.shape) == ("sheet", (12, 5), (1, 12, 5))
    assert look((Conv1d(out_channels=4, kernel_size=3),), (2, 9)).maps_CHW.shape == (1, 4, 7)
    volume = look((Conv3d(out_channels=2, kernel_size=1),), (1, 5, 4, 4))
    assert volume.maps_CHW.shape == (2, 4, 4)
    assert np.array_equal(volume.maps_CHW, volume.values[:, 2])
    assert look((Linear(out_features=4),), (6,)).maps_CHW.shape == (1, 1, 4)
    pooled = look((AdaptiveAvgPool2d(output_size=1),), (5, 7, 7))  # maps of one cell are a vector
    assert (pooled.kind, pooled.values.shape, pooled.maps_CHW.shape) == ("vector", (5, 1, 1), (1, 1, 5))
    assert np.array_equal(pooled.maps_CHW[0, 0], pooled.values[:, 0, 0])
    embedded = look((Embedding(num_embeddings=9, embedding_dim=4), LSTM(hidden_size=3)), (15,))
    assert embedded.values.shape == (15, 4)


def test_maps_of_one_cell_are_a_line() -> None:
    for shape in ((5, 1, 1), (5, 1, 1, 1)):
        kind, maps_CHW = as_maps(np.arange(5, dtype=np.float32).reshape(shape))
        assert kind == "vector" and maps_CHW.tolist() == [[[0, 1, 2, 3, 4]]]
    assert as_maps(np.zeros((5, 1, 2, 1), np.float32))[1].shape == (5, 2, 1)


def test_numbers_that_are_none_are_painted_and_kept() -> None:
    kind, maps_CHW = as_maps(np.array([[[1.0, np.nan], [-np.inf, 4.0]]], np.float32))
    assert kind == "maps"
    assert maps_CHW.tolist() == [[[1, 0], [-4, 4]]]


# --- painting


def test_painting_maps_that_are_there_is_the_wall_of_the_layer() -> None:
    layer = Conv2d(out_channels=7, kernel_size=3)
    random = np.random.default_rng(0)
    values = random.random((3, 40, 50), np.float32)
    filters = Filters(random.random((7, 3, 3, 3), np.float32) - 0.5, random.random(7, np.float32))
    options = {"tile": (16, 20), "columns": 3, "colours": viridis()}
    for shared in (False, True):
        made = wall(layer, values, filters, shared=shared, **options)
        conv = torch.nn.functional.conv2d(*(torch.from_numpy(each) for each in (values, filters.weight, filters.bias_O)))
        before = conv.numpy().copy()
        again = paint(conv.numpy(), shared=shared, **options)
        np.testing.assert_allclose(again.low, made.low, atol=1e-5)
        assert np.abs((again.pixels.astype(np.int64) - made.pixels) != 0).mean() < 1e-3  # a level at a rounding's border
        assert again.shape == made.shape == (7, 38, 48)
        assert np.array_equal(conv.numpy(), before)
    part = paint(before, maps=range(2, 5), **options)
    assert (part.first, part.count, part.pixels.shape) == (2, 3, (16, 60))
    assert np.array_equal(part.low, before[2:5].min((1, 2)))


def test_the_chosen_layer_comes_painted() -> None:
    shown = NetworkPass()(wanted(LENET_5, (1, 28, 28), (3,), tiles=Tiles((10, 10), 4)))
    assert shown.look is not None
    assert shown.look.wall is not None
    assert shown.look.wall.pixels.shape == (40, 40)
    few = NetworkPass()(wanted(LENET_5, (1, 28, 28), (3,), tiles=Tiles((10, 10), 4, maps=range(12, 99))))
    assert few.look is not None
    assert few.look.wall is not None
    assert (few.look.wall.first, few.look.wall.count) == (12, 4)
    assert np.array_equal(few.look.wall.high, few.look.values[12:].max((1, 2)))


# --- memory


def test_what_a_pass_needs_by_hand() -> None:
    """28×28×1 → 64×28×28 twice → 64×14×14, flattened, → 10."""
    outputs = 2 * 64 * 28 * 28 + 2 * 64 * 14 * 14 + 10
    assert memory(trace(PIPELINE, (1, 28, 28))) == Memory(4 * 126_090, 4 * outputs)
    assert memory(trace(PIPELINE, (1, 28, 28))).total == 4 * (126_090 + outputs)
    inside = (Residual(main=(Conv2d(out_channels=1, kernel_size=1),)),)
    assert memory(trace(inside, (1, 10, 10))).activations == 4 * 300  # input, main path and sum
    assert memory(trace(PIPELINE, (1, 28, 28)), gradient=True).activations == 4 * (outputs + 2 * 64 * 28 * 28)


def test_large_outputs_are_not_all_kept() -> None:
    layers = tuple(Conv2d(out_channels=64, kernel_size=3, padding=1) for _ in range(40))
    needed = memory(trace(layers, (64, 224, 224)))
    assert needed.activations == 3 * 64 * 224 * 224 * 4  # a layer's input and output, and the chosen one


def test_famous_networks_fit_the_budget() -> None:
    for layers in (VGG_19, RESNET_18):
        assert memory(trace(layers, (3, 224, 224)), gradient=True).total < BUDGET_BYTES
    assert memory(trace(VGG_19, (3, 224, 224))).weights == 4 * 143_667_240


def code_of(ask: PassRequest, look: NetworkPass | None = None) -> str:
    with pytest.raises(PassError) as caught:
        (look or NetworkPass())(ask)
    for language in LANGUAGES:
        assert table("activations")[caught.value.code][language].format(**caught.value.values)
    return caught.value.code


def test_too_large_is_said_in_numbers_and_frees_what_was_held() -> None:
    look = NetworkPass(budget_bytes=1_000_000)
    look(wanted(LENET_5, (1, 28, 28)))
    with pytest.raises(PassError) as caught:
        look(wanted(PIPELINE, (1, 28, 28)))
    assert caught.value.values == {"needed": "983 KiB", "weights": "493 KiB", "activations": "490 KiB", "budget": "977 KiB"}
    assert look._loaded is None
    with pytest.raises(PassError):
        look.effective(wanted(PIPELINE, (1, 28, 28)), (0,), (0, 0, 0))


def test_a_network_far_too_large_is_refused_without_torch() -> None:
    code = """
import sys
from engine.passes.activations import NetworkPass, PassError, PassRequest
from engine.layers.catalog import Linear
from engine.pictures import pattern
layers = tuple(Linear(out_features=2**20) for _ in range(3))
try:
    NetworkPass()(PassRequest(layers, (2**18,), pattern("ramp 1x4x4")))
except PassError as error:
    assert error.code == "too_large", error
    assert error.values["weights"] == "9 TiB", error
else:
    sys.exit("it was not refused")
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=GIVE_UP_S)


def test_want_of_memory_is_said(monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("engine.passes.loaded.give_memory", full)
    assert code_of(wanted(LENET_5, (1, 28, 28))) == "no_memory"


# --- runs


def test_the_weights_of_a_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    tensors = saved(run, *BRANCHED, shape=(3, 9, 11))
    shown = NetworkPass()(wanted(BRANCHED, (3, 9, 11), (7,), weights=Trained(str(run))))
    module = build(BRANCHED, (3, 9, 11)).eval()
    module.load_state_dict(tensors)
    assert shown.look is not None
    assert np.array_equal(shown.look.values, through(module, shown.input))
    start = NetworkPass()(wanted(BRANCHED[:4], (3, 9, 11), (3,), weights=Trained(str(run))))  # the end may be missing
    assert start.look is not None
    assert np.array_equal(start.look.values, through(module[:4], start.input))


@pytest.mark.parametrize("loss", ["cross_entropy", "mean_squared_error"])
def test_the_answers_of_a_run_are_those_of_its_loss(tmp_path: Path, loss: str) -> None:
    run = tmp_path / "run"
    layers = (Flatten(), Linear(out_features=10))
    saved(run, *layers)
    found = read(run / EXPERIMENT)
    write(edited(found, training=edited(found.training, loss=loss)), run / EXPERIMENT)
    answers = NetworkPass()(wanted(layers, (1, 8, 8), weights=Trained(str(run)))).answers
    assert answers is not None
    expected = answers.values if loss == "mean_squared_error" else torch.softmax(torch.from_numpy(answers.values), 0).numpy()
    np.testing.assert_allclose(answers.probabilities, expected, rtol=1e-5)
    assert answers.meaning == ("values" if loss == "mean_squared_error" else "scores")


def test_a_run_that_goes_on_is_read_again(tmp_path: Path) -> None:
    layers = (Conv2d(out_channels=2, kernel_size=3),)
    saved(tmp_path / "run", *layers)
    look = NetworkPass()

    def first(stamp: int) -> float:
        shown = look(wanted(layers, (1, 8, 8), (0,), weights=Trained(str(tmp_path / "run"), stamp)))
        assert shown.look is not None
        return float(shown.look.values[0, 0, 0])

    before = first(1)
    from safetensors.torch import save_file

    save_file({"0.weight": torch.zeros(2, 1, 3, 3), "0.bias": torch.ones(2)}, tmp_path / "run" / "weights.safetensors")
    assert first(1) == before
    assert first(2) == 1


def test_every_way_a_run_cannot_be_used(tmp_path: Path) -> None:
    layers = (Conv2d(out_channels=2, kernel_size=3), Flatten(), Linear(out_features=3))
    saved(tmp_path / "run", *layers)

    def code(folder: str, *other: Layer) -> str:
        return code_of(wanted(other or layers, (1, 8, 8), weights=Trained(folder)))

    assert code("") == code(str(tmp_path / "nowhere")) == "run_missing"
    assert code(str(tmp_path / "run"), Conv2d(out_channels=2, kernel_size=5)) == "weights_do_not_fit"
    assert code(str(tmp_path / "run"), *layers, Linear(out_features=3)) == "weights_are_missing"
    weights = tmp_path / "run" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:40])
    assert code(str(tmp_path / "run")) == "run_damaged"
    weights.unlink()
    assert code(str(tmp_path / "run")) == "run_without_weights"
    from safetensors.torch import save_file

    save_file({"0.weight": torch.full((2, 1, 3, 3), torch.nan), "0.bias": torch.ones(2)}, weights)
    assert code(str(tmp_path / "run"), layers[0]) == "run_diverged"
    (tmp_path / "run" / "experiment.toml").unlink()
    assert code(str(tmp_path / "run")) == "run_damaged"


def test_every_code_has_its_sentence_in_both_languages() -> None:
    tree = ast.parse(Path(activations.__file__).read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PassError"]
    codes = {node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)}
    assert len(calls) >= len(codes) > 5
    assert codes == table("activations").keys()
    for entry in table("activations").values():
        blanks = [sorted(part.split("}")[0] for part in entry[language].split("{")[1:]) for language in LANGUAGES]
        assert blanks[0] == blanks[1]


# --- the input


def test_a_picture_is_cut_to_the_input_s_proportions_and_scaled() -> None:
    assert crop((300, 400), (224, 224)) == (range(300), range(50, 350))
    assert crop((300, 400), (2, 8)) == (range(100, 200), range(400))
    assert crop((1, 400), (8, 8)) == (range(1), range(199, 200))
    values = np.arange(2 * 4 * 6, dtype=np.float32).reshape(2, 4, 6)
    halved = fitted(Picture("", values, (6, 4)), (2, 2, 2))
    assert halved[0].tolist() == [
        [(1 + 2 + 7 + 8) / 4, (3 + 4 + 9 + 10) / 4],
        [(13 + 14 + 19 + 20) / 4, (15 + 16 + 21 + 22) / 4],
    ]
    same = fitted(Picture("", values, (6, 4)), (2, 4, 6))
    assert np.array_equal(same, values)
    larger = fitted(Picture("", np.array([[[0, 1]]], np.float32), (2, 1)), (1, 2, 4))
    np.testing.assert_allclose(larger, [[[0, 0.25, 0.75, 1]] * 2])


def test_channels_of_an_input() -> None:
    colours = Picture("", np.array([0.5, 1.0, 0.25], np.float32).reshape(3, 1, 1), (1, 1))
    assert fitted(colours, (1, 1, 1)).item() == pytest.approx(0.299 * 0.5 + 0.587 + 0.114 * 0.25)
    assert fitted(colours, (5, 1, 1)).ravel().tolist() == [0.5, 1.0, 0.25, 0.5, 1.0]
    grey = Picture("", np.full((1, 2, 2), 8, np.float32), (2, 2), white=16.0)
    assert fitted(grey, (3, 1, 1)).ravel().tolist() == [0.5] * 3


def test_inputs_that_are_no_picture() -> None:
    ramp = Picture("", np.tile(np.array([0.0, 0.5, 1.0], np.float32), (1, 3, 1)), (3, 3))
    np.testing.assert_allclose(input_of(ramp, (3,)), [0, 0.5, 1])
    assert input_of(ramp, (3,), vocabulary=10).tolist() == [0, 5, 9]
    assert input_of(ramp, (2, 4)).shape == (2, 4)
    volume = input_of(ramp, (1, 5, 3, 3))
    assert volume.shape == (1, 5, 3, 3)
    assert np.array_equal(volume[0, 4], ramp.values_CHW[0])


# --- the gradient


def test_the_gradient_of_a_convolution_is_its_weights() -> None:
    layers = (Conv2d(out_channels=2, kernel_size=3),)
    ask = wanted(layers, (3, 9, 9))
    found = NetworkPass().effective(ask, (0,), (1, 4, 2))
    assert found is not None
    weight = module_of(layers, (3, 9, 9), 0)[0].weight[1].abs().mean(0).detach().numpy()
    expected = np.zeros((9, 9), np.float32)
    expected[4:7, 2:5] = weight
    np.testing.assert_allclose(found.map_HW, expected, rtol=1e-6)
    assert found.share == pytest.approx(1)
    assert found.count == int((weight > 0.0455 * weight.max()).sum())
    assert found.sides == (found.count**0.5, found.count**0.5)
    look = NetworkPass()(wanted(layers, (3, 9, 9), (0,), picture=ask.picture)).look
    assert look is not None
    assert found.value == pytest.approx(look.values[1, 4, 2], rel=1e-5)


def test_the_effective_field_is_nowhere_longer_than_the_theoretical_one() -> None:
    flat = (
        Conv2d(out_channels=2, kernel_size=(1, 7), padding=(0, 3)),
        Conv2d(out_channels=2, kernel_size=(1, 7), padding=(0, 3)),
    )
    found = NetworkPass().effective(wanted(flat, (3, 20, 40)), (1,), (0, 10, 20))
    assert found is not None
    reacting = found.map_HW > 0.0455 * found.map_HW.max()
    assert reacting.sum() > 4  # a square of so many places would be higher than the one row
    assert found.sides == (1, reacting.sum())
    upright = (Conv2d(out_channels=2, kernel_size=(7, 1)),)
    found = NetworkPass().effective(wanted(upright, (3, 20, 40)), (0,), (0, 5, 20))
    assert found is not None
    assert found.sides == (found.count, 1)
    dense = (Linear(out_features=10),)  # a whole row of the maps at a time
    found = NetworkPass().effective(wanted(dense, (3, 20, 40)), (0,), (0, 10, 5))
    assert found is not None
    assert found.count > 20
    assert found.sides == (1, found.count)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(30))
def test_no_gradient_lies_outside_the_patch(seed: int) -> None:
    random = Random(seed)
    layers = fitting(random, (2, 9, 8), 4)
    if not layers:
        layers = (AvgPool2d(kernel_size=2),)
    shape = trace(layers, (2, 9, 8)).output
    for _ in range(3):
        unit = tuple(random.randrange(size) for size in shape)
        found = NetworkPass().effective(wanted(layers, (2, 9, 8)), (len(layers) - 1,), unit)
        assert found is not None
        assert found.map_HW.shape == (9, 8)
        assert found.off or found.share == pytest.approx(1, abs=1e-6)
        assert found.off == (not found.map_HW.any())


def test_a_unit_that_is_off_does_not_react() -> None:
    layers = (Conv2d(out_channels=8, kernel_size=3), ReLU())
    look = NetworkPass()(wanted(layers, (3, 9, 9), (1,))).look
    assert look is not None
    values = look.values[:, 4, 4]
    off, on = int(values.argmin()), int(values.argmax())
    assert values[off] == 0 < values[on]
    found = NetworkPass().effective(wanted(layers, (3, 9, 9)), (1,), (off, 4, 4))
    assert found is not None
    assert (found.off, found.share, found.count, found.value) == (True, None, 0, 0)
    found = NetworkPass().effective(wanted(layers, (3, 9, 9)), (1,), (on, 4, 4))
    assert found is not None
    assert not found.off


def test_the_gradient_inside_a_composite_of_the_input_and_of_several_units() -> None:
    ask = wanted(BRANCHED, (3, 9, 11))
    look = NetworkPass()
    inner = look.effective(ask, INSIDE, (None, 4, 4))
    assert inner is not None
    shown = look(wanted(BRANCHED, (3, 9, 11), INSIDE, picture=ask.picture)).look
    assert shown is not None
    assert inner.value == pytest.approx(float(shown.values[:, 4, 4].sum()), rel=1e-5)
    itself = look.effective(ask, (), (1, 2, 3))
    assert itself is not None
    assert itself.count == 1
    assert itself.map_HW[2, 3] == pytest.approx(1 / 3)
    for path, unit in (((9,), (0,)), ((2, "main", 5), (0, 0, 0))):
        with pytest.raises(LookupError):
            look.effective(ask, path, unit)
    with pytest.raises(IndexError):
        look.effective(ask, (0,), (4, 0, 0))


def test_gradients_of_other_inputs() -> None:
    lines = NetworkPass().effective(wanted((Conv1d(out_channels=2, kernel_size=3),), (4, 12)), (0,), (0, 5))
    assert lines is not None
    assert lines.map_HW.shape == (1, 12)
    assert np.flatnonzero(lines.map_HW).tolist() == [5, 6, 7]
    vector = NetworkPass().effective(wanted((Linear(out_features=2), Sigmoid()), (6,)), (1,), (0,))
    assert vector is not None
    assert vector.map_HW.shape == (1, 6)
    assert vector.share == pytest.approx(1)
    volume = NetworkPass().effective(wanted((Conv3d(out_channels=1, kernel_size=1),), (2, 3, 4, 4)), (0,), (0, 1, 2, 2))
    assert volume is not None
    assert np.argwhere(volume.map_HW).tolist() == [[2, 2]]
    assert volume.share == pytest.approx(1)
    tokens = (Embedding(num_embeddings=9, embedding_dim=4), GRU(hidden_size=3))
    assert NetworkPass().effective(wanted(tokens, (12,)), (1,), (0,)) is None


def test_the_gradient_can_be_given_up() -> None:
    def checkpoint(_: float) -> None:
        raise GivenUp

    look, ask = NetworkPass(), wanted(BRANCHED, (3, 9, 11), (7,))
    with pytest.raises(GivenUp):
        look.effective(ask, (7,), (0,), checkpoint)
    assert equal(look(ask), NetworkPass()(ask))
