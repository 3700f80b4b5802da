"""The total gradient by every state and its parts by loss step, against autograd through cells written out in double
precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from engine.layers.catalog import (
    GRU,
    LSTM,
    RNN,
    AnyLayer,
    Conv1d,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    Permute,
    ReLU,
    Residual,
    Sequential,
)
from engine.passes.modules import truncate
from engine.sequences import direct_gradients
from engine.sequences.direct_gradients import LossSteps
from engine.sequences.gate_probe import look_at_gates
from engine.sequences.reading.module_places import recurrent_layers
from engine.sequences.sent_back import StateGradients, jacobians
from engine.sequences.through_time import (
    book_graph,
    decades_a_step,
    decades_over_all,
    gradient_through_time,
    step_spectra,
    whole_gradient,
)
from tests.engine.sequences.small_networks import answer, loss_terms, made, totals
from tests.engine.sequences.unrolled_cells import Unrolled

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")


def held(found: StateGradients, one: Unrolled, terms: list[torch.Tensor], parts: tuple[LossSteps, ...]) -> None:
    """Total, parts, shares and lengths within 1e-6 of autograd's; the parts add up to the total."""
    for name in ("h", "c") if "c" in one.arrays else ("h",):
        each = totals(terms, one, name).numpy()
        truth = each.sum(0)
        close = 1e-6 * max(1.0, np.abs(truth).max())
        total = getattr(found, f"d{name}")
        np.testing.assert_allclose(total, truth, atol=close)
        kept = getattr(found, f"d{name}_parts")
        share, norm = getattr(found, f"d{name}_share"), getattr(found, f"d{name}_part_norm")
        length = getattr(found, f"d{name}_norm")
        np.testing.assert_allclose(length, np.linalg.norm(truth, axis=1), atol=close)
        np.testing.assert_allclose(share.sum(0), length, rtol=1e-9, atol=1e-300)
        if kept is None:
            continue
        np.testing.assert_allclose(kept.sum(0), total, rtol=1e-9, atol=1e-12 * close)
        expected = np.stack([each[part.start : part.stop].sum(0) for part in parts])
        np.testing.assert_allclose(kept, expected, atol=close)
        np.testing.assert_allclose(norm, np.linalg.norm(expected, axis=2), atol=close)


@st.composite
def recurrent(draw: st.DrawFn, output: str) -> AnyLayer:
    kind = draw(st.sampled_from((RNN, LSTM, GRU)))
    hidden = draw(st.integers(1, 6))
    given_: dict[str, object] = {
        "hidden_size": hidden,
        "num_layers": draw(st.integers(1, 3)),
        "bidirectional": draw(st.booleans()),
        "bias": draw(st.booleans()) or draw(st.booleans()),
        "output": output,
    }
    if kind is LSTM and hidden > 1 and draw(st.booleans()):
        given_["proj_size"] = draw(st.integers(1, hidden - 1))
    if kind is RNN:
        given_["nonlinearity"] = draw(st.sampled_from(("tanh", "relu")))
    return kind(**given_)


@given(st.data())
def test_random_networks_of_one_recurrent_layer(data: st.DataObject) -> None:
    """A loss at every step, and one for the whole sequence; every layer and direction of the module; a tail that works step by
    step, and one that mixes the steps."""
    steps, features = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    last = data.draw(st.booleans())
    layer = data.draw(recurrent("last" if last else "sequence"))
    mixing = not last and data.draw(st.booleans())
    tail: tuple[AnyLayer, ...] = (Linear(out_features=2),)
    if mixing:
        tail = (Permute(dims=(0, 2, 1)), Linear(out_features=steps), ReLU(), Permute(dims=(0, 2, 1)), *tail)
    torch.manual_seed(data.draw(st.integers(0, 10**6)))
    x = torch.randn(2, steps, features)
    y = torch.randn(2, 2) if last else torch.randn(2, steps, 2)
    model, dataset = made((layer, *tail), x, y, "regression", 2)
    output, (directions,) = answer(model, x[1])
    terms = loss_terms(output, y[1], "regression")
    one = data.draw(st.sampled_from(directions))
    found = gradient_through_time(model, dataset, 3, layer=one.layer, backward=one.backward, keep_parts=True)
    assert found is not None
    whole = sum(float(term.detach()) for term in terms)
    assert found.loss == pytest.approx(whole, rel=3e-7, abs=1e-6)  # it is a float32, the terms are not
    if last:
        assert found.loss_steps == ((LossSteps(0, 1) if one.backward else LossSteps(steps - 1, steps)),)
        held(found.gradients, one, terms, (LossSteps(0, 1),))
    else:
        assert found.loss_steps == tuple(LossSteps(t, t + 1) for t in range(steps))
        np.testing.assert_allclose(found.loss_of_part, [float(term.detach()) for term in terms], rtol=3e-7, atol=1e-6)
        held(found.gradients, one, terms, found.loss_steps)


def test_what_torch_leaves_at_the_fused_layers_output_is_the_direct_part_alone() -> None:
    """The trap: with a loss at the last step `output.grad` is zero before it; the total is not."""
    torch.manual_seed(0)
    x, y = torch.randn(1, 12, 2), torch.randn(1, 1)
    model, dataset = made((LSTM(hidden_size=5), Linear(out_features=1)), x, y, "regression", 1)
    kept = []
    model[0].rnn.register_forward_hook(lambda _m, _i, output: kept.append(output[0]) or output[0].retain_grad())
    sequence_loss = (model[1](model[0].rnn(x)[0][:, -1]) - y).square().mean()
    sequence_loss.backward()
    direct = kept[-1].grad[0].numpy()
    assert not direct[:-1].any()
    found = gradient_through_time(model, dataset, 0)
    assert found is not None
    assert (found.gradients.dh_norm > 0).all()
    np.testing.assert_allclose(found.gradients.dh[-1], direct[-1], atol=1e-7)


NETWORKS: dict[str, tuple[AnyLayer, ...]] = {
    "behind an embedding": (Embedding(num_embeddings=7, embedding_dim=3), LSTM(hidden_size=4, output="sequence"),
    Linear(out_features=7)), "two recurrent layers": (
        Embedding(num_embeddings=7, embedding_dim=3),
        GRU(hidden_size=4, output="sequence", bidirectional=True),
        LayerNorm(normalized_shape=(8,)),
        LSTM(hidden_size=3, output="sequence", num_layers=2),
        Linear(out_features=7),
    ),
    "inside of composites": (
        Embedding(num_embeddings=7, embedding_dim=4),
        Residual(main=(RNN(hidden_size=4, output="sequence"), Sequential(layers=(LSTM(hidden_size=4, output="sequence"),)))),
        Linear(out_features=7),
    ),
    "behind a convolution": (
        Embedding(num_embeddings=7, embedding_dim=3),
        Permute(dims=(0, 2, 1)),
        Conv1d(out_channels=4, kernel_size=3, padding=1),
        Permute(dims=(0, 2, 1)),
        GRU(hidden_size=4, output="sequence"),
        Linear(out_features=7),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_with_several_recurrent_layers_and_others_around_them(name: str) -> None:
    torch.manual_seed(1)
    tokens = torch.randint(0, 7, (2, 6))
    model, dataset = made(NETWORKS[name], tokens, tokens.roll(-1, 1), "next_token", 7)
    output, layers = answer(model, tokens[0])
    terms = loss_terms(output, dataset.y_validation[0], "next_token")
    places = recurrent_layers(model)
    assert len(places) == len(layers) >= 1
    whole = whole_gradient(model, dataset, 0).states
    assert len(whole) == sum(map(len, layers))
    for (path, _), directions in zip(places, layers, strict=True):
        for one in directions:
            held(whole[path, one.layer, one.backward], one, terms, (LossSteps(0, 6),))
            found = gradient_through_time(model, dataset, 0, path=path, layer=one.layer, backward=one.backward, keep_parts=True)
            assert found is not None and found.path == path
            held(found.gradients, one, terms, found.loss_steps)


def test_the_loss_is_the_trainings() -> None:
    """Cross-entropy with smoothing and class weights, or the squared error to the one-hot, as `Objective` has them for a
    batch of this sample."""
    from engine.training.recipe.objective import Objective

    torch.manual_seed(2)
    x, y = torch.randn(6, 5, 2), torch.tensor([0, 1, 1, 2, 1, 1])
    model, dataset = made((GRU(hidden_size=4), Linear(out_features=3)), x, y, "classification", 3)
    weights = Objective.balanced(y, 3)
    with torch.no_grad():
        outputs = model(x[3:4])
    for loss, smoothing, balanced in (
        ("cross_entropy", 0.0, False),
        ("cross_entropy", 0.2, True),
        ("mean_squared_error", 0.0, False),
    ):
        truth = Objective("classification", loss, 3, smoothing, weights if balanced else None).loss(outputs, y[3:4])
        found = gradient_through_time(model, dataset, 3, loss=loss, label_smoothing=smoothing, class_weights=balanced)
        assert found is not None
        assert found.loss == pytest.approx(float(truth), abs=1e-6)
    output, ((one,),) = answer(model, x[3])
    found = gradient_through_time(model, dataset, 3, label_smoothing=0.2, keep_parts=True)
    assert found is not None
    held(found.gradients, one, loss_terms(output, y[3], "classification", smoothing=0.2), (LossSteps(0, 1),))
    found = gradient_through_time(model, dataset, 3, loss="mean_squared_error", keep_parts=True)
    assert found is not None
    held(found.gradients, one, loss_terms(output, y[3], "classification", squared=True), (LossSteps(0, 1),))


def test_the_length_of_the_whole_gradient_and_where_clipping_bites() -> None:
    torch.manual_seed(3)
    x, y = torch.randn(1, 9, 2), 5 * torch.randn(1, 9, 1)
    model, dataset = made((LSTM(hidden_size=6, output="sequence"), Linear(out_features=1)), x, y, "regression", 1)
    (model(x) - y).square().mean().backward()
    truth = float(nn.utils.clip_grad_norm_(model.parameters(), 1e9))
    model.zero_grad()
    found = gradient_through_time(model, dataset, 0, clip=truth / 4)
    assert found is not None
    assert found.weights_norm == pytest.approx(truth, rel=1e-5)
    assert found.clipped_to == pytest.approx(0.25, rel=1e-5)
    free = gradient_through_time(model, dataset, 0, clip=2 * truth)
    assert free is not None and free.clipped_to == 1.0
    assert all(weight.grad is None for weight in model.parameters())


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_truncated_backpropagation_lets_nothing_over_the_windows_border(kind: type, layers: int) -> None:
    torch.manual_seed(4)
    x, y = torch.randn(1, 10, 2), torch.randn(1, 10, 1)
    layer = kind(hidden_size=4, output="sequence", num_layers=layers)
    model, dataset = made((layer, Linear(out_features=1)), x, y, "regression", 1)
    output, ((*directions,),) = answer(model, x[0], cut=4)
    terms = loss_terms(output, y[0], "regression")
    for one in directions:
        found = gradient_through_time(model, dataset, 0, layer=one.layer, truncated_steps=4, keep_parts=True)
        assert found is not None
        held(found.gradients, one, terms, found.loss_steps)
        for number, part in enumerate(found.loss_steps):
            begin = max(start for start in (0, 2, 6) if start <= part.start)  # windows of 2, 4 and 4 steps
            assert not found.gradients.dh_part_norm[number, :begin].any()
            assert found.gradients.dh_part_norm[number, begin : part.stop].all()


def test_many_loss_steps_go_into_groups_and_still_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct_gradients, "MOST_PARTS", 3)
    monkeypatch.setattr(direct_gradients, "COPIED", 50)  # one copy at a time
    torch.manual_seed(5)
    x, y = torch.randn(1, 8, 2), torch.randn(1, 8, 1)
    for tail in ((), (Permute(dims=(0, 2, 1)), Linear(out_features=8), Permute(dims=(0, 2, 1)))):
        model, dataset = made((LSTM(hidden_size=4, output="sequence"), *tail, Linear(out_features=1)), x, y, "regression", 1)
        output, ((one,),) = answer(model, x[0])
        found = gradient_through_time(model, dataset, 0, keep_parts=True)
        assert found is not None
        assert found.loss_steps == (LossSteps(0, 2), LossSteps(2, 5), LossSteps(5, 8))
        assert found.loss_of_part.sum() == pytest.approx(found.loss)
        held(found.gradients, one, loss_terms(output, y[0], "regression"), found.loss_steps)


def test_one_step_and_five_thousand() -> None:
    torch.manual_seed(6)
    for kind in (RNN, LSTM, GRU):
        for steps in (1, 5000):
            x, y = torch.randn(1, steps, 1), torch.randn(1, steps, 1)
            model, dataset = made((kind(hidden_size=3, output="sequence"), Linear(out_features=1)), x, y, "regression", 1)
            found = gradient_through_time(model, dataset, 0)
            assert found is not None
            assert found.gradients.dh.shape == (steps, 3)
            assert np.isfinite(found.gradients.dh).all()
            assert len(found.loss_steps) == (1 if steps == 1 else 20)
            np.testing.assert_allclose(found.gradients.dh_share.sum(0), found.gradients.dh_norm, rtol=1e-9)
            assert (found.slope is None) == (steps == 1)


def test_what_vanishes_falls_evenly_and_grows_where_the_weights_are_large() -> None:
    """A linear RNN, a ReLU that stays open: each step back multiplies by U, so the slope is log10 of its one number."""
    for weight in (0.5, 1.25):
        x, y = torch.ones(1, 60, 1), torch.full((1, 1), -1e9)
        layer = RNN(hidden_size=1, nonlinearity="relu")
        model, dataset = made((layer, Linear(out_features=1)), x, y, "regression", 1)
        with torch.no_grad():
            model[0].rnn.weight_hh_l0.fill_(weight)
            model[0].rnn.weight_ih_l0.fill_(1.0)
        found = gradient_through_time(model, dataset, 0)
        assert found is not None
        assert found.slope == pytest.approx(np.log10(weight), rel=1e-6)
        (_, (one,)), = look_at_gates(model, dataset, 0).recurrent  # fmt: skip
        spectra = step_spectra(one, most=5)
        assert list(spectra.steps) == [0, 15, 30, 44, 59]
        np.testing.assert_allclose(spectra.radius, weight)
        np.testing.assert_allclose(spectra.norm, weight)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "LSTM with a projection"])
def test_the_recurrent_jacobian_is_autograds(kind: str) -> None:
    torch.manual_seed(7)
    layer: AnyLayer = {
        "RNN": RNN(hidden_size=4),
        "GRU": GRU(hidden_size=4, bidirectional=True),
        "LSTM": LSTM(hidden_size=4, bidirectional=True),
        "LSTM with a projection": LSTM(hidden_size=4, proj_size=2),
    }[kind]
    x, y = torch.randn(1, 5, 3), torch.randn(1, 1)
    model, dataset = made((layer, Linear(out_features=1)), x, y, "regression", 1)
    (_, opened_ones), = look_at_gates(model, dataset, 0).recurrent  # fmt: skip
    weights = {name: value.detach().double() for name, value in model[0].rnn.named_parameters()}
    for one in opened_ones:
        own = {name: weights[f"{name}_l0{'_reverse' if one.backward else ''}"] for name in ("weight_ih", "weight_hh")}
        own |= {name: weights[f"{name}_l0{'_reverse' if one.backward else ''}"] for name in ("bias_ih", "bias_hh")}
        for t in range(5):
            states = [torch.from_numpy(one.old_state("h", t).astype(float))]
            if one.kind == "LSTM":
                states.append(torch.from_numpy(one.old_state("c", t).astype(float)))

            def step(state: torch.Tensor, t: int = t, one: Any = one, own: Any = own) -> torch.Tensor:
                """One step from the joined old states, by torch's own cell; with a projection written out."""
                h, c = state[: one.state_size][None], state[one.state_size :][None]
                args = own["weight_ih"], own["weight_hh"], own["bias_ih"], own["bias_hh"]
                read = x[0, t].double()[None]
                if one.kind == "GRU":
                    return torch.gru_cell(read, h, *args)[0]
                if one.kind == "RNN":
                    return torch.rnn_tanh_cell(read, h, *args)[0]
                if one.weight_hr is None:
                    return torch.cat(torch.lstm_cell(read, (h, c), *args), 1)[0]
                i, f, g, o = (read @ args[0].T + args[2] + h @ args[1].T + args[3]).chunk(4, 1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                return torch.cat([(o.sigmoid() * c.tanh()) @ weights["weight_hr_l0"].T, c], 1)[0]

            expected = torch.autograd.functional.jacobian(step, torch.cat(states)).numpy()
            np.testing.assert_allclose(jacobians(one, [t])[0], expected, atol=1e-6)
        spectra = step_spectra(one)
        last = jacobians(one, [int(spectra.steps[-1])])[0]
        assert spectra.radius[-1] == pytest.approx(max(abs(np.linalg.eigvals(last))))
        assert spectra.norm[-1] == pytest.approx(np.linalg.svd(last)[1].max())


def test_a_network_without_a_recurrent_layer_has_no_answer() -> None:
    x, y = torch.randn(1, 4, 2), torch.randn(1, 1)
    model, dataset = made((Flatten(), Linear(out_features=1)), x, y, "regression", 1)
    assert gradient_through_time(model, dataset, 0) is None
    assert whole_gradient(model, dataset, 0).states == {}
    model, dataset = made((GRU(hidden_size=2), Linear(out_features=1)), x, y, "regression", 1)
    assert gradient_through_time(model, dataset, 0, backward=True) is None
    assert gradient_through_time(model, dataset, 0, layer=1) is None
    assert gradient_through_time(model, dataset, 0, path=(1,)) is None


def test_the_books_graph_to_its_numbers() -> None:
    """『밑바닥부터 시작하는 딥러닝 2』, chapter 6: it grows with the weights as drawn and vanishes with half of
    them, although the largest singular value is above 1 in both: in the long run the largest |eigenvalue| decides."""
    grown, vanished = book_graph(1.0), book_graph(0.5)
    assert len(grown.norms) == len(vanished.norms) == 20
    assert (round(grown.norms[0], 3), round(grown.norms[-1], 1)) == (2.468, 249.5)
    assert round(vanished.norms[0], 3) == 1.234
    assert f"{vanished.norms[-1]:.1e}" == "2.4e-04"
    assert (round(grown.radius, 3), round(vanished.radius, 3)) == (1.255, 0.628)
    assert (round(grown.norm, 2), round(vanished.norm, 2)) == (2.66, 1.33)


def test_the_slope_in_decades() -> None:
    assert decades_a_step(10.0 ** np.array([0.0, -0.5, -1.0, -1.5])) == pytest.approx(-0.5)
    assert decades_a_step(np.array([1.0, 0.0, np.nan, 1000.0])) == pytest.approx(1.0)
    assert decades_a_step(np.array([1.0, 0.0])) is None


def test_the_mean_change_is_that_of_what_is_left_at_the_far_end() -> None:
    """Also of a course that is no straight line: a thousandth after nine steps is a third of a power of ten a step."""
    assert decades_over_all(10.0 ** np.array([0.0, -2.0, -2.5, -2.5, -2.6, -2.6, -2.7, -2.8, -2.9, -3.0])) == pytest.approx(
        -1 / 3
    )
    assert decades_over_all(np.array([np.nan, 10.0, 3.0, 1000.0, 0.0, 1e-320])) == pytest.approx(1.0)  # up to the last length
    assert decades_over_all(np.array([1.0, 0.0])) is None


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_with_truncation_the_weights_gradient_is_that_of_a_training_step(kind: type) -> None:
    """Against the network in training mode, which reads in pieces."""
    torch.manual_seed(8)
    x, y = torch.randn(1, 11, 2), torch.randn(1, 11, 1)
    layers: tuple[AnyLayer, ...] = (kind(hidden_size=4, output="sequence", num_layers=2), Linear(out_features=1))
    model, dataset = made(layers, x, y, "regression", 1)
    found = {steps: whole_gradient(model, dataset, 0, truncated_steps=steps).weights_norm for steps in (None, 3, 100)}
    truncate(model, 3)
    (model.train()(x) - y).square().mean().backward()
    truth = float(nn.utils.clip_grad_norm_(model.parameters(), 1e9))
    assert found[3] == pytest.approx(truth, rel=1e-5)
    assert found[None] == found[100]
    assert found[None] != pytest.approx(truth, rel=1e-3)


def test_the_weights_gradient_of_whole_networks_is_autograds() -> None:
    """Every weight of them: before, between, inside and behind the recurrent layers."""
    torch.manual_seed(9)
    tokens = torch.randint(0, 7, (1, 6))
    for layers in NETWORKS.values():
        model, dataset = made(layers, tokens, tokens.roll(-1, 1), "next_token", 7)
        found = whole_gradient(model, dataset, 0, clip=1e-3)
        nn.functional.cross_entropy(model(tokens)[0], dataset.y_validation[0]).backward()
        truth = float(nn.utils.clip_grad_norm_(model.parameters(), 1e9))
        assert found.weights_norm == pytest.approx(truth, rel=1e-5)
        assert found.clipped_to == pytest.approx(1e-3 / truth, rel=1e-5)


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 1e30])
def test_a_network_that_has_diverged_is_said_as_it_is(kind: type, weight: float) -> None:
    torch.manual_seed(10)
    x, y = torch.randn(1, 40, 2), torch.randn(1, 40, 1)
    layer = (
        RNN(hidden_size=3, nonlinearity="relu", output="sequence") if kind is RNN else kind(hidden_size=3, output="sequence")
    )
    model, dataset = made((layer, Linear(out_features=1)), x, y, "regression", 1)
    with torch.no_grad():
        model[0].rnn.weight_hh_l0.fill_(weight)
    found = gradient_through_time(model, dataset, 0, clip=1.0)
    assert found is not None
    assert found.gradients.dh.shape == (40, 3)
    assert found.gradients.dh_norm.shape == (40,)
    if kind is RNN or weight != 1e30:
        assert not found.is_finite
    spectra = step_spectra(found.direction, most=4)
    assert len(spectra.radius) == 4


def test_what_vanishes_is_followed_a_hundred_decades_down_and_then_is_nothing() -> None:
    x, y = torch.ones(1, 400, 1), torch.full((1, 1), -1.0)
    model, dataset = made((RNN(hidden_size=1, nonlinearity="relu"), Linear(out_features=1)), x, y, "regression", 1)
    with torch.no_grad():
        model[0].rnn.weight_hh_l0.fill_(0.125)
        model[0].rnn.weight_ih_l0.fill_(1.0)
        model[0].rnn.bias_ih_l0.fill_(1.0)
    found = gradient_through_time(model, dataset, 0)
    assert found is not None
    norms = found.gradients.dh_norm[::-1]
    np.testing.assert_allclose(norms[:120] / norms[0], 0.125 ** np.arange(120.0), rtol=1e-9)
    assert not norms[200:].any()
    assert found.slope == pytest.approx(np.log10(0.125), rel=1e-9)
