"""Modules built from descriptions: names, order, arguments, what a recurrent layer hands on, and what is refused."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from engine.layers.catalog import (
    GRU,
    LSTM,
    RNN,
    AvgPool2d,
    Concat,
    Conv2d,
    Dropout,
    Embedding,
    GroupNorm,
    Identity,
    Linear,
    MaxPool2d,
    Permute,
    ReLU,
    Residual,
    Sequential,
    Upsample,
)
from engine.networks.trace import trace
from engine.passes.modules import Refused, build, build_layer, forward_of
from engine.passes.pass_memory import memory
from tests.engine.known_networks import LENET_5


def test_children_are_named_after_their_places() -> None:
    module = build(LENET_5, (1, 28, 28))
    assert [name for name, _ in module.named_children()] == [str(index) for index in range(12)]
    assert isinstance(module[3], nn.Conv2d)
    assert module[3].in_channels == 6
    assert list(module.state_dict())[:4] == ["0.weight", "0.bias", "3.weight", "3.bias"]


@pytest.mark.parametrize("channels", [2**22, 2**31 - 1])  # 2^44 weights: too many for memory; 2^62: for counting bytes too
def test_a_network_that_no_memory_holds_is_refused_before_its_first_layer_is_made(channels: int, monkeypatch) -> None:
    monkeypatch.setattr(nn.Conv2d, "reset_parameters", lambda *_: pytest.fail("a layer was made"))
    layers = (Conv2d(out_channels=channels, kernel_size=1), Conv2d(out_channels=channels, kernel_size=1))
    with pytest.raises((MemoryError, RuntimeError)):
        build(layers, (1, 1, 1))


def test_names_inside_composites() -> None:
    conv = Conv2d(out_channels=3, kernel_size=1, bias=False)
    layers = (Sequential(layers=(conv,)), Residual(main=(ReLU(), conv)), Concat(branches=((), (conv,))))
    names = list(build(layers, (3, 4, 4)).state_dict())
    assert names == ["0.0.weight", "1.main.1.weight", "2.branches.1.0.weight"]


def test_arguments_arrive() -> None:
    layer = Conv2d(
        out_channels=4,
        kernel_size=(3, 5),
        stride=(2, 1),
        padding=(1, 0),
        dilation=(1, 2),
        groups=2,
        bias=False,
        padding_mode="reflect",
    )
    module = build_layer(layer, (2, 20, 20))
    assert isinstance(module, nn.Conv2d)
    assert (module.kernel_size, module.stride, module.padding, module.dilation) == ((3, 5), (2, 1), (1, 0), (1, 2))
    assert (module.groups, module.bias, module.padding_mode) == (2, None, "reflect")
    pool = build_layer(AvgPool2d(kernel_size=3, stride=2, count_include_pad=False, ceil_mode=True), (2, 8, 8))
    assert isinstance(pool, nn.AvgPool2d)
    assert (pool.kernel_size, pool.stride, pool.ceil_mode, pool.count_include_pad) == (3, 2, True, False)
    whole = build_layer(MaxPool2d(kernel_size=2), (2, 8, 8))
    assert isinstance(whole, nn.MaxPool2d)
    assert whole.stride == 2
    dropout = build_layer(Dropout(p=0.25), (3,))
    assert isinstance(dropout, nn.Dropout)
    assert dropout.p == 0.25


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_padding_of_each_side_for_itself(mode) -> None:
    """As if the picture had been padded before; and the weights are named as those of any convolution."""
    layer = Conv2d(out_channels=2, kernel_size=3, padding=(1, 0), padding_after=(2, 3), padding_mode=mode)
    module = build([layer], (1, 5, 4))
    assert isinstance(module[0], nn.Conv2d)
    assert list(module.state_dict()) == ["0.weight", "0.bias"]
    x_NCHW = torch.randn(2, 1, 5, 4)
    padded = nn.functional.pad(x_NCHW, (0, 3, 1, 2), mode="constant" if mode == "zeros" else mode)
    assert torch.equal(module(x_NCHW), nn.functional.conv2d(padded, module[0].weight, module[0].bias))


def test_equal_sides_need_no_layer_in_front() -> None:
    module = build_layer(Conv2d(out_channels=2, kernel_size=3, padding=1, padding_after=(1, 1)), (1, 5, 4))
    assert type(module) is nn.Conv2d
    assert module.padding == (1, 1)


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_last_state(kind: type, bidirectional: bool, num_layers: int) -> None:
    """Forwards, the state at the last time step; backwards, at the first, where that direction ends."""
    torch.manual_seed(0)
    layer = kind(hidden_size=4, bidirectional=bidirectional, num_layers=num_layers, output="sequence")
    module = build_layer(layer, (6, 3))
    sequence_NTR = module(torch.randn(2, 6, 3, generator=torch.Generator().manual_seed(1)))
    torch.manual_seed(0)
    last = build_layer(kind(hidden_size=4, bidirectional=bidirectional, num_layers=num_layers), (6, 3))
    last_NR = last(torch.randn(2, 6, 3, generator=torch.Generator().manual_seed(1)))
    expected = sequence_NTR[:, -1]
    if bidirectional:
        expected = torch.cat([sequence_NTR[:, -1, :4], sequence_NTR[:, 0, 4:]], dim=-1)
    assert torch.equal(last_NR, expected)
    assert next(iter(last.state_dict())) == "rnn.weight_ih_l0"


def test_dropout_of_one_recurrent_layer_brings_no_warning() -> None:
    module = build_layer(LSTM(hidden_size=2, dropout=0.5), (4, 3))
    assert module(torch.zeros(1, 4, 3)).shape == (1, 2)


@pytest.mark.parametrize("dims", [(0, 2, 1), (0, -1, 1), (0, 1, 2)])
def test_a_permute_is_torchs(dims: tuple[int, ...]) -> None:
    x_NTF = torch.randn(2, 5, 3)
    module = build_layer(Permute(dims=dims), (5, 3))
    assert torch.equal(module(x_NTF), torch.permute(x_NTF, dims))
    assert not module.state_dict()


def test_an_upsample_and_group_norm_are_torchs() -> None:
    x_NCHW = torch.randn(2, 4, 3, 3)
    for mode, corners in (("nearest", False), ("bilinear", False), ("bilinear", True)):
        module = build_layer(Upsample(scale_factor=2, mode=mode, align_corners=corners), (4, 3, 3))
        wanted = nn.functional.interpolate(x_NCHW, scale_factor=2, mode=mode, align_corners=corners or None)
        assert torch.equal(module(x_NCHW), wanted)
    module = build_layer(GroupNorm(num_groups=2, eps=1e-3), (4, 3, 3))
    assert torch.equal(module(x_NCHW), nn.functional.group_norm(x_NCHW, 2, torch.ones(4), torch.zeros(4), 1e-3))


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("output", ["last", "sequence"])
@pytest.mark.parametrize(("num_layers", "bidirectional"), [(1, False), (1, True), (3, False), (2, True)])
def test_the_memory_of_a_recurrent_layer(kind: type, output: str, num_layers: int, bidirectional: bool) -> None:
    """Against torch: the states of as many layers of its own, one on the other, each a whole sequence whatever is handed on."""
    layer = kind(hidden_size=5, num_layers=num_layers, bidirectional=bidirectional, output=output)
    x, held = torch.randn(1, 40, 3), 0
    for _ in range(num_layers):
        x, _ = getattr(nn, kind.__name__)(x.shape[-1], 5, bidirectional=bidirectional, batch_first=True)(x)
        held += x.nbytes
    last = 4 * 5 * (1 + bidirectional) if output == "last" else 0
    assert trace((layer,), (40, 3)).rows[0].memory == held + last


def test_the_memory_of_a_long_sequence() -> None:
    """At least what torch's own sequence of states takes, 60,000·512 numbers of 4 bytes, of which 2 KiB are handed on. The
    network lab's guard reads the same."""
    sequence, _ = nn.LSTM(4, 512, batch_first=True)(torch.zeros(1, 60, 4))
    layers = (LSTM(hidden_size=512),)
    assert trace(layers, (60, 4)).rows[0].memory == sequence.nbytes + 2048
    assert trace(layers, (60_000, 4)).rows[0].memory == 1000 * sequence.nbytes + 2048 == 122_882_048
    for gradient in (False, True):
        assert memory(trace(layers, (60_000, 4)), gradient).activations >= 122_882_048


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize(("num_layers", "bidirectional"), [(1, False), (2, True)])
@pytest.mark.parametrize("gradient", [False, True])
def test_the_guard_foresees_what_torch_takes(kind: type, num_layers: int, bidirectional: bool, gradient: bool) -> None:
    """Against the most bytes that torch has allocated at once, as its profiler counts them."""
    layer = kind(hidden_size=32, num_layers=num_layers, bidirectional=bidirectional)
    module, x = build_layer(layer, (150, 4)), torch.zeros(1, 150, 4)
    with torch.set_grad_enabled(gradient), profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        kept = module(x)
    assert kept.shape == (1, 32 * (1 + bidirectional))
    most = now = 0
    for event in seen.profiler.kineto_results.events():
        if event.name() == "[memory]":
            now += event.nbytes()
            most = max(most, now)
    assert 0 < most <= memory(trace((layer,), (150, 4)), gradient).activations


def test_sums_and_sides() -> None:
    x_NCHW = torch.randn(2, 3, 4, 4)
    assert torch.equal(build_layer(Residual(main=(Identity(),)), (3, 4, 4))(x_NCHW), 2 * x_NCHW)
    side = build_layer(Concat(branches=((), (ReLU(),))), (3, 4, 4))(x_NCHW)
    assert torch.equal(side, torch.cat([x_NCHW, x_NCHW.relu()], dim=1))


def test_the_seed_settles_the_weights() -> None:
    def weights() -> list[torch.Tensor]:
        torch.manual_seed(3)
        return list(build((Embedding(num_embeddings=9, embedding_dim=2), GRU(hidden_size=2)), (5,)).state_dict().values())

    assert all(torch.equal(one, other) for one, other in zip(weights(), weights(), strict=True))


def test_a_network_that_cannot_be_built() -> None:
    with pytest.raises(Refused, match="in_features is 4, but the input brings 3") as refused:
        build((Linear(in_features=4, out_features=1),), (3,))
    assert refused.value.problem.where == (0,)
    assert isinstance(refused.value, ValueError)


def test_permuted_axes_are_copied_into_their_order() -> None:
    """What follows computes with the kernels, and so to the bits, that it has for an input of that shape: see findings."""
    module, convolution = build_layer(Permute(dims=(0, 3, 1, 2)), (14, 14, 16)), nn.Conv2d(16, 32, 3)
    x_NHWC = torch.randn(8, 14, 14, 16)
    given = module(x_NHWC)
    assert given.is_contiguous() and torch.equal(given, x_NHWC.permute(0, 3, 1, 2))
    assert torch.equal(convolution(given), convolution(given.clone(memory_format=torch.contiguous_format)))


@pytest.mark.parametrize("training", [True, False])
def test_the_forward_pass_without_hooks_is_the_models_own_to_the_bit(training: bool) -> None:
    conv = Conv2d(out_channels=3, kernel_size=3, padding=1)
    layers = (
        conv,
        ReLU(),
        Residual(main=(conv, GroupNorm(num_groups=1))),
        Dropout(p=0.5),
        Sequential(layers=(conv, MaxPool2d(kernel_size=2))),
    )
    model = build(layers, (3, 8, 8)).train(training)
    forward, x = forward_of(model), torch.randn(4, 3, 8, 8)
    found = []
    for compute in (model, forward):
        torch.manual_seed(5)
        model.zero_grad()
        output = compute(x)
        output.square().sum().backward()
        found.append([output, *(parameter.grad for parameter in model.parameters())])
    assert len(found[0]) == 9
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize(
    "pool",
    [
        nn.MaxPool2d(2),
        nn.MaxPool2d(3, 2, padding=1),
        nn.MaxPool2d((2, 3), 1, dilation=2),
        nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.Sequential(nn.MaxPool2d(2), nn.MaxPool2d(2)),
    ],
)
def test_a_relu_is_computed_behind_the_max_pooling_after_it_to_the_bit(pool: nn.Module, channels_last: bool) -> None:
    """Also where a window holds equal numbers, of either sign, and where windows share them."""
    pools = list(pool) if isinstance(pool, nn.Sequential) else [pool]
    model = nn.Sequential(nn.ReLU(), *pools)
    torch.manual_seed(1)
    for coarse in (False, True):
        whole = torch.randn(6, 4, 11, 12)
        whole = (whole * 2).round() if coarse else whole
        layout = torch.channels_last if channels_last else torch.contiguous_format
        found = []
        for compute in (model, forward_of(model)):
            x = whole.clone(memory_format=layout).requires_grad_()
            output = compute(x)
            torch.manual_seed(2)
            (output * torch.randn(output.shape)).sum().backward()
            found.append((output, x.grad))
        assert "Max" in found[0][0].grad_fn.name() and "Relu" in found[1][0].grad_fn.name()
        assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


@pytest.mark.parametrize(
    ("shape", "pool"), [((3, 2, 9), nn.MaxPool1d(3, 2)), ((3, 2, 5, 6, 7), nn.MaxPool3d(2, ceil_mode=True))], ids=str
)
def test_so_it_is_along_one_axis_and_three(shape: tuple[int, ...], pool: nn.Module) -> None:
    model = nn.Sequential(nn.ReLU(), pool)
    torch.manual_seed(1)
    whole, found = torch.randn(shape), []
    for compute in (model, forward_of(model)):
        x = whole.clone().requires_grad_()
        output = compute(x)
        output.square().sum().backward()
        found.append((output, x.grad))
    assert "Relu" in found[1][0].grad_fn.name()
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


@pytest.mark.parametrize("place", [None, 1])
def test_a_hook_is_called_wherever_it_is_and_no_longer_than_it_is_there(place: int | None) -> None:
    model = build((Linear(out_features=3), ReLU(), Linear(out_features=2)), (4,))
    forward, seen = forward_of(model), []
    hooked = model if place is None else model[place]
    forward(torch.ones(1, 4))
    handle = hooked.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    found = forward(torch.ones(1, 4))
    assert len(seen) == 1
    handle.remove()
    assert torch.equal(forward(torch.ones(1, 4)), found)
    assert len(seen) == 1
