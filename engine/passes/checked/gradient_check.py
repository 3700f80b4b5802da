"""A gradient check of layers: central differences against torch's autograd, number by number.

The loss of a case is Σ r·y over all outputs y of a small batch, r drawn from a standard normal distribution, so that every
output counts. Every input and every parameter is moved by ±h; of the two passes the outputs are subtracted before they are
summed, which leaves less rounding, and the way between them is the one that was really taken ((x + h) - (x - h) as the machine
has it).

Where a slope jumps (ReLU at 0, a tie in a window of max pooling) a derivative does not exist: the check stays away from such
inputs, or goes there on purpose (`at_kinks`). Dropout draws one mask and keeps it, or a new one for every pass (`new_masks`),
of which no derivative can be measured. Nothing is drawn from torch's global generator, which belongs to the training thread.

Called by the board of backpropagation, in a thread of its own. torch is imported at the first call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.foundations.boards.backpropagation.checked_gradients import INPUT, CheckedGradients, CheckedTensor
from engine.passes.checked.checked_layers import CHECKED_KINDS, CheckCase, cases_of

if TYPE_CHECKING:
    from torch import Tensor, nn

SAMPLES = 3
SPREAD = 0.3  # of what is added to weights that begin alike
APART = 0.05  # how far inputs stay from a kink

CheckPrecision: TypeAlias = Literal["float64", "float32"]


class CheckSetting(NamedTuple):
    """`step` is h."""

    step: float = 1e-5
    precision: CheckPrecision = "float64"
    seed: int = 0
    at_kinks: bool = False
    new_masks: bool = False


def check_kinds(
    setting: CheckSetting, kinds: Sequence[str] = CHECKED_KINDS, checkpoint: Callable[[], None] = lambda: None
) -> Iterator[CheckedGradients]:
    """Each kind's check, one after the other. `checkpoint` is called before each number is moved, and may raise."""
    for kind in kinds:
        cases = cases_of(kind)
        tensors = [tensor for case in cases for tensor in check_case(case, setting, checkpoint)]
        yield CheckedGradients(kind, tuple(tensors), tuple(dict.fromkeys(case.note for case in cases if case.note)))


def check_case(
    case: CheckCase, setting: CheckSetting, checkpoint: Callable[[], None] = lambda: None
) -> tuple[CheckedTensor, ...]:
    """The derivatives by a layer's input (not by tokens, which are no numbers) and by its parameters."""
    import torch

    draws = np.random.default_rng(setting.seed)
    dtype = torch.float64 if setting.precision == "float64" else torch.float32
    with torch.enable_grad():
        module = _module(case, setting.seed, draws).to(dtype).train()
        x = torch.from_numpy(_input(case, setting, draws))
        tokens = case.note == "tokens"
        x = x if tokens else x.to(dtype).requires_grad_()
        run = _held(module, case, setting)
        y = run(x)
        above = torch.from_numpy(draws.standard_normal(tuple(y.shape))).to(dtype)
        named: dict[str, Tensor] = {} if tokens else {INPUT: x}
        named.update({name.removeprefix("rnn."): weight for name, weight in module.named_parameters()})
        slopes = torch.autograd.grad((y * above).sum(), list(named.values()))
    with torch.no_grad():
        return tuple(
            CheckedTensor(
                case.layer, name, _differences(run, x, tensor, above, setting.step, checkpoint), slope.double().numpy()
            )
            for (name, tensor), slope in zip(named.items(), slopes, strict=True)
        )


def _module(case: CheckCase, seed: int, draws: np.random.Generator) -> nn.Module:
    """The layer with torch's first weights from a generator of its own. Weights that all begin alike (1 or 0, of a
    normalisation) are drawn, or their part in the derivatives would go unseen."""
    import torch

    from engine.passes.loaded import InitialisationMode
    from engine.passes.modules import build

    with InitialisationMode(torch.Generator().manual_seed(seed)):
        module = build([case.layer], case.input, tokens=case.note == "tokens" or None)[0]
    with torch.no_grad():
        for weight in module.parameters():
            if bool((weight == weight.flatten()[0]).all()):
                weight.add_(torch.from_numpy(draws.normal(0, SPREAD, tuple(weight.shape))).float())
    return module.double()


def _input(case: CheckCase, setting: CheckSetting, draws: np.random.Generator) -> NDArray[Any]:
    shape = (SAMPLES, *case.input)
    if case.note == "tokens":
        return draws.integers(0, getattr(case.layer, "num_embeddings", 1), shape)
    if case.note == "ties":
        values = np.linspace(-2, 2, int(np.prod(shape)))  # all of them apart
        if setting.at_kinks:
            values = np.round(values)
        return draws.permutation(values).reshape(shape)
    values = draws.standard_normal(shape) * (5 if max(case.kinks, default=0) > 1 else 1)
    for kink in case.kinks:
        near = np.abs(values - kink) < APART
        values[near] = kink + np.where(values[near] >= kink, APART, -APART)
    if case.kinks and setting.at_kinks:
        values.reshape(-1)[::4] = np.resize(case.kinks, len(values.reshape(-1)[::4]))
    return values


def _held(module: nn.Module, case: CheckCase, setting: CheckSetting) -> Callable[[Tensor], Tensor]:
    """The layer as a function of its input. A mask is the same in every pass, or another one in each."""
    if case.note != "mask":
        return module
    import torch
    from torch.overrides import TorchFunctionMode

    generator = torch.Generator()
    passes = 0

    class Masked(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
        ) -> Any:
            if getattr(func, "__name__", "") != "dropout":
                return func(*args, **(kwargs or {}))
            kept = 1 - case.layer.p  # type: ignore[union-attr]  # Dropout alone has a mask
            mask = torch.rand(args[0].shape, generator=generator, dtype=args[0].dtype) < kept
            return args[0] * mask / kept

    def run(x: Tensor) -> Tensor:
        nonlocal passes
        passes += 1
        generator.manual_seed(setting.seed + (passes if setting.new_masks else 0))
        with Masked():
            result: Tensor = module(x)
            return result

    return run


def _differences(
    run: Callable[[Tensor], Tensor],
    x: Tensor,
    moved: Tensor,
    above: Tensor,
    step: float,
    checkpoint: Callable[[], None],
) -> NDArray[np.float64]:
    """The derivatives of Σ above·run(x) by each number of `moved`, which is `x` or a parameter of what runs."""
    found = np.zeros(moved.numel())
    flat = moved.detach().view(-1)
    for place in range(len(flat)):
        checkpoint()
        kept = flat[place].item()
        flat[place] = kept + step
        high, upper = run(x).clone(), flat[place].item()  # some layers answer with their input's own memory
        flat[place] = kept - step
        low, lower = run(x).clone(), flat[place].item()
        flat[place] = kept
        way = upper - lower
        change = ((high - low) * above).sum().item()
        found[place] = change / way if way else np.nan if change else 0.0
    return found.reshape(tuple(moved.shape))
