"""The gradient check of every kind of layer, and that it finds what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine import words
from engine.foundations.boards.backpropagation.checked_gradients import CheckedGradients, CheckedTensor, relative_errors
from engine.foundations.boards.backpropagation.graph_walk import TABLE
from engine.layers.catalog import KINDS
from engine.passes.checked.checked_layers import CASES, CHECKED_KINDS, cases_of
from engine.passes.checked.gradient_check import CheckSetting, check_case, check_kinds

BOUND = 1e-7


@pytest.fixture(scope="module")
def checked() -> dict[str, CheckedGradients]:
    before = torch.get_rng_state()
    found = {each.name: each for each in check_kinds(CheckSetting())}
    assert torch.equal(before, torch.get_rng_state()), "torch's own generator is the training thread's"
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_checked_to_1e_7(kind: str, checked: dict[str, CheckedGradients]) -> None:
    found = checked[kind]
    assert found.worst_tensor.worst.error <= BOUND
    assert found.derivatives > 10
    assert any(np.abs(tensor.backward).max() > 0.01 for tensor in found.tensors), "there is something to check"


def test_every_input_and_parameter_has_its_derivatives(checked: dict[str, CheckedGradients]) -> None:
    assert set(CHECKED_KINDS) == set(checked) == set(KINDS) == {type(case.layer).__name__ for case in CASES}
    names = {tensor.name for tensor in checked["LSTM"].tensors}
    assert {"input", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hh_l1_reverse"} <= names
    assert [tensor.name for tensor in checked["Embedding"].tensors] == ["weight"], "tokens cannot be moved"
    assert [tensor.name for tensor in checked["ReLU"].tensors] == ["input"]
    assert {tensor.name for tensor in checked["Residual"].tensors} >= {"input", "main.0.weight", "main.2.bias"}


def test_the_derivatives_are_those_of_an_own_sum() -> None:
    """A convolution, by a loop over its products: the derivative of Σ r·y by a weight is the sum of what it meets, times r."""
    case = cases_of("Conv1d")[0]
    tensors = {tensor.name: tensor for tensor in check_case(case, CheckSetting(seed=3))}
    # the same draws: first those of the module (none of its weights begin alike), then the input, then r
    draws = np.random.default_rng(3)
    x = draws.standard_normal((3, 2, 7))
    above = draws.standard_normal((3, 3, 4))
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    meant = np.zeros((3, 2, 3))
    for n in range(3):
        for out in range(3):
            for step in range(4):
                meant[out] += above[n, out, step] * padded[n, :, 2 * step : 2 * step + 3]
    np.testing.assert_allclose(tensors["weight"].backward, meant, atol=1e-12)
    np.testing.assert_allclose(tensors["weight"].numerical, meant, atol=1e-8)
    np.testing.assert_allclose(tensors["bias"].backward, above.sum(axis=(0, 2)), atol=1e-12)


def test_a_wrong_backward_pass_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tanh whose derivative is off by 1 %."""

    class Off(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):  # type: ignore[no-untyped-def]
            ctx.save_for_backward(x)
            return torch.tanh(x)

        @staticmethod
        def backward(ctx, gradient):  # type: ignore[no-untyped-def]
            (x,) = ctx.saved_tensors
            return 1.01 * gradient * (1 - torch.tanh(x) ** 2)

    monkeypatch.setattr(torch.nn.Tanh, "forward", lambda _self, x: Off.apply(x))
    (found,) = check_kinds(CheckSetting(), ["Tanh"])
    worst = found.worst_tensor.worst
    assert worst.error == pytest.approx(0.01 / 1.01, rel=0.01)
    assert worst.backward == pytest.approx(1.01 * worst.numerical, rel=1e-6)


def test_at_a_kink_both_ways_say_something_else() -> None:
    """ReLU at 0: torch takes 0, the central difference half of what is above."""
    (found,) = check_kinds(CheckSetting(at_kinks=True), ["ReLU"])
    worst = found.worst_tensor.worst
    assert worst.backward == 0.0
    assert worst.error == 1.0
    tensor = found.tensors[0]
    on_kink = tensor.errors > BOUND
    assert on_kink.sum() == 9, "every fourth of 36 inputs was put there"
    (smooth,) = check_kinds(CheckSetting(at_kinks=True), ["Tanh"])
    assert smooth.worst_tensor.worst.error <= BOUND, "who has no kink is not touched"
    for kind in ("MaxPool2d", "ReLU6", "LeakyReLU"):
        (other,) = check_kinds(CheckSetting(at_kinks=True), [kind])
        assert other.worst_tensor.worst.error > 0.1


def test_a_new_mask_for_every_pass_is_no_derivative() -> None:
    (held,) = check_kinds(CheckSetting(), ["Dropout"])
    assert held.worst_tensor.worst.error <= BOUND
    kept = held.tensors[0].backward != 0
    assert 0 < kept.sum() < kept.size, "some units are dropped, and pass nothing back"
    (drawn,) = check_kinds(CheckSetting(new_masks=True), ["Dropout"])
    assert drawn.worst_tensor.worst.error > 0.5


def test_float32_and_a_tiny_step_leave_rounding_alone() -> None:
    for setting in (CheckSetting(precision="float32"), CheckSetting(step=1e-14)):
        (found,) = check_kinds(setting, ["Linear"])
        assert found.worst_tensor.worst.error > 1e-4
    (gone,) = check_kinds(CheckSetting(step=1e-16, precision="float32"), ["Linear"])
    assert gone.worst_tensor.worst.numerical == 0.0, "x + h is x"


def test_batch_normalisation_goes_through_the_batchs_own_mean(checked: dict[str, CheckedGradients]) -> None:
    """Moving all samples of a feature by the same changes nothing, so a feature's derivatives add up to 0."""
    tensor = next(tensor for tensor in checked["BatchNorm1d"].tensors if tensor.name == "input")
    np.testing.assert_allclose(tensor.backward.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(tensor.numerical.sum(axis=0), 0, atol=1e-8)


def test_the_same_seed_draws_the_same() -> None:
    one, other, third = (next(iter(check_kinds(CheckSetting(seed=seed), ["GRU"]))) for seed in (4, 4, 5))
    for here, there in zip(one.tensors, other.tensors, strict=True):
        np.testing.assert_array_equal(here.numerical, there.numerical)
    assert not np.allclose(one.tensors[0].backward, third.tensors[0].backward)


def test_a_checkpoint_ends_a_check_between_two_numbers() -> None:
    calls = 0

    def stop() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(check_kinds(CheckSetting(), checkpoint=stop))
    assert calls == 5


def test_relative_errors() -> None:
    numerical, backward = np.array([1.0, 2.0, 0.0, 0.001]), np.array([1.0, 1.0, 0.0, 0.002])
    np.testing.assert_allclose(relative_errors(numerical, backward), [0, 0.5, 0, 0.001 / 0.2])
    np.testing.assert_array_equal(relative_errors(np.zeros(2), np.zeros(2)), [0, 0])
    entry = CheckedTensor(None, "W", numerical.reshape(2, 2), backward.reshape(2, 2)).worst
    assert entry == ((0, 1), 2.0, 1.0, 0.5)
    unknown = CheckedTensor(None, "W", np.array([1.0, np.nan]), np.array([1.0, 1.0]))
    assert unknown.worst.place == (1,), "what is no number is the worst"


def test_notes_have_their_words(checked: dict[str, CheckedGradients]) -> None:
    notes = {note for each in checked.values() for note in each.notes}
    assert notes == {"kink", "ties", "tokens", "mask", "batch"}
    assert all(f"note.{note}" in words.table(TABLE) for note in notes)


def test_softmax_is_torchs(checked: dict[str, CheckedGradients]) -> None:
    """The rows of its Jacobian add up to 0, whatever comes from above."""
    (tensor,) = checked["Softmax"].tensors
    np.testing.assert_allclose(tensor.backward.sum(axis=-1), 0, atol=1e-14)
    draws = np.random.default_rng(0)
    x = torch.tensor(draws.standard_normal((3, 6)), requires_grad=True)
    above = torch.tensor(draws.standard_normal((3, 6)))
    (functional.softmax(x, -1) * above).sum().backward()
    np.testing.assert_allclose(tensor.backward, x.grad.numpy(), atol=1e-14)
