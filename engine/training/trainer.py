"""The step: one batch through the network, the loss, the gradients, the update.

A `Trainer` is the whole numerical state of a run (model, optimiser, random order, position in the epoch) and nothing else: no
thread, no clock, no file. On the CPU its results depend on the experiment alone, to the bit. Called by
`engine.training.execution`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from math import ceil, isfinite, nan
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from engine.data.datasets import Dataset
from engine.experiments.check import VALIDATION_BATCH
from engine.experiments.experiment import Experiment, Training
from engine.experiments.mid_run import CHANGEABLE, DROPOUT
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import RunProblem
from engine.experiments.schedules import AnySchedule, Plateau, ReduceLROnPlateau
from engine.fields import edited
from engine.networks.channels_last import are_channels_last
from engine.networks.trace import trace
from engine.passes.modules import build, forward_of, lay_out, truncate
from engine.passes.step_update import StepUpdate
from engine.runs.failures import DivergedError, RunError
from engine.runs.moment import Moment
from engine.training.captured.capturable import Hindrance, can_capture, capturable_form, hindrance
from engine.training.captured.captured_step import CapturedStep, StepResult
from engine.training.optimizer_steps import step_of, update_of, without_compiler
from engine.training.randomness import random_states, set_random_states
from engine.training.readout import Record, readout
from engine.training.recipe.augmenting import augmented
from engine.training.recipe.objective import Objective
from engine.training.recipe.pace import Pacing
from engine.training.recipe.starting import begin
from engine.words import readable

Measured: TypeAlias = tuple[Tensor, Tensor | None, int]  # of a validation batch: mean loss, right answers, samples


class Trainer:
    """Trains one network on one data set.

    Data and model are on the device; batches are gathered there. The network's first weights, dropout and all other draws from
    torch's global generator follow from the seed that is set here, so nothing else in the program may use that generator during
    a run. The order of the samples comes from a generator of its own with the same seed, augmentation from one with the next.
    """

    def __init__(self, experiment: Experiment, dataset: Dataset, device: torch.device, record: Record) -> None:
        """`record(step, loss, accuracy)` is called in order for every step with a finite loss: at once on the CPU, a little
        later on a GPU."""
        training = experiment.training
        self.device = device
        self.dataset = dataset
        torch.manual_seed(experiment.seed)
        model = build(experiment.network.layers, dataset.input, tokens=dataset.tokens)
        begin(model, training)
        truncate(model, training.truncated_steps)
        rows = trace(experiment.network.layers, dataset.input).rows
        if device.type == "cpu" and are_channels_last(experiment.network.layers, rows):
            lay_out(model)
        self.model: nn.Module = model.to(device).train()
        self._dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]  # in the order of their paths
        self._forward = forward_of(model)
        self._moved = StepUpdate.put_on(self.model)
        self._parameters = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self._optimizer = optimizer(training, self._parameters, device)
        grouped = self._parameters_by_group() if training.weight_decay > 0.0 else self._parameters
        self._optimized = tuple(grouped)  # in the order in which a moment names them
        self._update = update_of(self._optimizer)
        weights = Objective.balanced(dataset.y_train, dataset.outputs).to(device) if training.class_weights else None
        loss = training.loss or dataset.loss
        self._objective = Objective(dataset.task, loss, dataset.outputs, training.label_smoothing, weights)
        self._training = training
        self._x = dataset.x_train.to(device)
        self._y = dataset.y_train.to(device)
        self._x_validation = dataset.x_validation.to(device)
        self._y_validation = dataset.y_validation.to(device)
        self._answers = self._objective.answers(dataset.y_train)

        self.batch_size = min(training.batch_size, len(self._x))
        self.steps_per_epoch = ceil(len(self._x) / self.batch_size)
        self.step_count = 0
        self.left_out: list[int] = []  # the steps whose gradient had exploded: they changed no weight
        self._pace = self._new_pace(None, training.schedule)
        self._seed = experiment.seed
        self._augmenting = self._new_augmenting() if training.augmentation.is_on else None
        self._best: dict[str, Tensor] = {}  # the weights that are kept as the run's best; empty: none are
        self._generator = torch.Generator().manual_seed(experiment.seed)
        self._order_state = self._generator.get_state()
        self._random_elsewhere: dict[str, Tensor] = {}  # of devices that the run was on before
        self._batches: tuple[Tensor, ...] = ()  # the epoch's sample numbers, batch by batch; empty before it begins
        self._readout = readout(device, record)
        self._captured = CapturedStep(self._whole, self.model, self._optimizer, device) if can_capture(device) else None
        self._hindrance = self._why_plain()
        self.validation = nan, nan  # loss and accuracy, after `validate` has finished

    @property
    def training(self) -> Training:
        """The settings of the next step: the experiment's, with what was changed in mid-run."""
        return self._training

    @property
    def notice(self) -> RunProblem | None:
        """Why steps are no longer captured; None where they are, or never could be."""
        return None if self._captured is None else self._captured.problem

    def value(self, name: str) -> Any:
        """Of a setting, one of `mid_run.CHANGEABLE`, in the next step."""
        return tuple(module.p for module in self._dropouts) if name == DROPOUT else getattr(self._training, name)

    def change(self, name: str, value: Any) -> None:
        """Have another value of a setting, one of `mid_run.CHANGEABLE`, from the next step on. A momentum that is set to 0
        leaves nothing of itself, and one that is set later begins at 0."""
        if name == DROPOUT:
            for module, p in zip(self._dropouts, value, strict=False):
                module.p = p
            return
        before, self._training = self._training, edited(self._training, **{name: value})
        self._hindrance = self._why_plain()
        if name == "schedule":
            self._pace = self._new_pace(self._pace, value)
        if name in ("lr", "schedule"):
            self._set_rate(self.rate)
        elif name == "label_smoothing":
            self._objective.smoothing = value
        elif name == "augmentation" and value.is_on and self._augmenting is None:
            self._augmenting = self._new_augmenting()
        for option in OPTIMIZERS[self._training.optimizer].options:
            if option.field == name != "lr":
                for group in self._optimizer.param_groups:
                    if name != "weight_decay" or decays(self._training, group["params"][0]):
                        group[option.argument] = value
        if name == "momentum" and (value == 0.0) != (before.momentum == 0.0):
            self._change_buffers(begins=value != 0.0)

    def _new_pace(self, before: Pacing | None, schedule: AnySchedule | None) -> Pacing | None:
        """How the rate goes on with `schedule`; None: as it is set."""
        if schedule is None:
            return None
        if before is not None:
            return before.followed_by(schedule, self.step_count)
        return Pacing(schedule, self.steps_per_epoch, self._training.epochs, Plateau(step=self.step_count))

    def _change_buffers(self, *, begins: bool) -> None:
        """Of the momentum. Where a momentum begins, SGD makes its own at the next step."""
        for parameter, state in self._optimizer.state.items():
            if not begins:
                state.pop("momentum_buffer", None)
            elif state:
                state["momentum_buffer"] = torch.zeros_like(parameter)

    @property
    def lr(self) -> float:
        """The learning rate as it is set. A schedule multiplies it: `rate`."""
        return self._training.lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self.change("lr", lr)

    @property
    def rate(self) -> float:
        """The learning rate of the next iteration."""
        return self.lr if self._pace is None else self._pace.rate(self.lr, self.step_count)

    def _set_rate(self, rate: float) -> None:
        for group in self._optimizer.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    @property
    def sees_validation(self) -> bool:
        """Whether the rate depends on what the validation at the end of each epoch says."""
        return isinstance(self._training.schedule, ReduceLROnPlateau)

    @property
    def has_recurrence(self) -> bool:
        return any(isinstance(module, nn.RNNBase) for module in self.model.modules())

    @property
    def order(self) -> Tensor:
        """The numbers of the samples of the epoch under way, in the order of its batches; empty before it begins."""
        return torch.cat(self._batches) if self._batches else torch.empty(0, dtype=torch.int64)

    @property
    def rest(self) -> int:
        """Samples in the last batch of an epoch."""
        return len(self._x) - self.batch_size * (self.steps_per_epoch - 1)

    def step(self) -> None:
        """One iteration. Where gradients are clipped and theirs has no finite length, the weights stay as they are: clipping
        would make zeros of it (numbers up to 3.4e38 are finite, but the squares of those above 1.8e19 have no finite sum), or
        NaN. To know that length a step with clipping waits for a GPU; other steps are captured there. Raises `DivergedError`,
        on the CPU before the step has changed anything."""
        position = self.step_count % self.steps_per_epoch
        if position == 0 or not self._batches:
            self._shuffle()
        if self._pace is not None:
            self._set_rate(self.rate)
        before = self._moved.before(self.model) if self._moved.asked else None
        if self._hindrance is None:
            self._launch(self._batches[position])
        else:
            self._learn(self._batches[position])
            if self._training.clip is not None:
                length = nn.utils.clip_grad_norm_(self._parameters, self._training.clip)
                if not isfinite(length.item()):
                    self._moved.step = self.step_count = self.step_count + 1
                    self.left_out.append(self.step_count)
                    return
            self._update()
        self._moved.step = self.step_count = self.step_count + 1
        if before is not None:
            self._moved.measure(self.model, before, self.step_count)

    def _learn(self, index: Tensor) -> None:
        """The gradients of one batch, the samples with the numbers `index`; its loss and its right answers are recorded. Raises
        DivergedError."""
        loss, hits = self._passed(*self._samples(index))
        self._readout.put(self.step_count + 1, loss, hits, self._answers * len(index))
        torch.autograd.backward(loss)

    def _launch(self, index: Tensor) -> None:
        """The same with the update, as a step that is captured. Raises DivergedError."""
        assert self._captured is not None
        loss, hits = self._captured.learn((self._training, self.value(DROPOUT)), *self._samples(index))
        self._readout.put(self.step_count + 1, loss, hits, self._answers * len(index))

    def _whole(self, x: Tensor, y: Tensor) -> StepResult:
        """All of a step that is computed on the device."""
        loss, hits = self._passed(x, y)
        torch.autograd.backward(loss)
        self._update()
        return loss.detach(), hits

    def _samples(self, index: Tensor) -> tuple[Tensor, Tensor]:
        """The samples with the numbers `index`, as this step sees them."""
        x = self._x.index_select(0, index)
        y = self._y.index_select(0, index)
        if self._augmenting is not None:
            x = augmented(x, self._training.augmentation, self._augmenting)
        return x, y

    def _passed(self, x: Tensor, y: Tensor) -> StepResult:
        """Loss and right answers, where no gradient of a step before is left."""
        for parameter in self._parameters:
            parameter.grad = None
        outputs = self._forward(x)
        return self._objective.loss(outputs, y), self._objective.hits(outputs, y)

    def _why_plain(self) -> Hindrance | None:
        """Why the next step cannot be captured; None: it can."""
        return hindrance(self.device, self._training, self.model, self.batch_size * self._x[0].numel())

    def let_go(self) -> None:
        """Give back what only steps need. More of them may follow."""
        if self._captured is not None:
            self._captured.forget()

    def settle(self) -> None:
        """Wait for results that are still on a GPU and record them. Raises DivergedError."""
        self._readout.settle()

    def validate(self) -> Iterator[None]:
        """Measure the validation set, one batch with each `next`; after the last one `validation` holds the result. Raises
        DivergedError."""
        measured: list[Measured] = []
        self.model.eval()
        try:
            for x, y in self._validation_batches():
                measured.append(self._measure_with_room(x, y))
                yield
        finally:
            self.model.train()
        self._conclude(measured)

    def _validation_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        parts = (torch.split(whole, VALIDATION_BATCH) for whole in (self._x_validation, self._y_validation))
        yield from zip(*parts, strict=True)

    def _measure(self, x: Tensor, y: Tensor) -> Measured:
        with torch.no_grad():
            outputs = self.model(x)
            return self._objective.loss(outputs, y), self._objective.hits(outputs, y), len(x)

    def _measure_with_room(self, x: Tensor, y: Tensor) -> Measured:
        return self._measure(x, y) if self._captured is None else self._captured.with_room(lambda: self._measure(x, y))

    def _conclude(self, measured: Sequence[Measured]) -> None:
        """Make the result of all batches' own. Raises DivergedError."""
        samples = len(self._x_validation)
        loss = sum(float(loss) * count for loss, _, count in measured) / samples
        if not isfinite(loss):
            raise DivergedError(self.step_count)
        hits = sum(nan if right is None else int(right) for _, right, _ in measured)
        self.validation = loss, hits / (samples * self._answers)
        if self._pace is not None:
            self._pace.see(self.step_count, loss)

    def keep_best(self) -> None:
        """Keep the weights as they are now as the run's best."""
        self._best = {name: tensor.detach().clone() for name, tensor in self.model.state_dict().items()}

    def take_best(self) -> bool:
        """Make the best weights that were kept the model's. False where none were."""
        if self._best:
            self.model.load_state_dict(self._best)
        return bool(self._best)

    def weights(self) -> dict[str, Tensor]:
        """A copy of the model's weights, by name. Waits for a GPU."""
        return {name: _copy(tensor) for name, tensor in self.model.state_dict().items()}

    def moment(self) -> Moment:
        """A copy of everything that the next steps depend on. Waits for a GPU."""
        tensors = {f"model.{name}": tensor for name, tensor in self.model.state_dict().items()}
        for index, parameter in enumerate(self._optimized):
            state = self._optimizer.state.get(parameter, {})
            tensors |= {f"optimizer.{index}.{name}": value for name, value in state.items() if value is not None}
        begun = self.step_count % self.steps_per_epoch != 0
        tensors["order"] = self._order_state if begun else self._generator.get_state()
        tensors |= self._random_elsewhere | random_states(self.device)
        if self._augmenting is not None:
            tensors["augmentation"] = self._augmenting.get_state()
        if self._pace is not None:
            tensors |= self._pace.tensors()
        tensors |= {f"best.{name}": tensor for name, tensor in self._best.items()}
        settings = {name: self.value(name) for name in CHANGEABLE if name != "lr"}
        return Moment(self.step_count, self.lr, {name: _copy(tensor) for name, tensor in tensors.items()}, settings)

    def restore(self, moment: Moment) -> None:
        """Restore a moment of the same experiment. Raises RunError if it is another's: a tensor is missing, has another shape
        or kind of numbers, or is no random state."""
        tensors = moment.tensors
        model = _named(tensors, "model.")
        for name, own in self.model.state_dict().items():
            _require(f"model.{name}", model.get(name), own.shape, own.dtype)
        for name, value in moment.settings.items():
            self.change(name, value)
        state = self._optimizer_state(tensors, is_begun=moment.step > 0, may_lack=bool(moment.settings))
        try:
            self.model.load_state_dict(model)
            groups = self._optimizer.state_dict()["param_groups"]
            places = {parameter: place for place, parameter in enumerate(self._parameters_by_group())}
            by_place = {places[self._optimized[index]]: found for index, found in state.items()}
            self._optimizer.load_state_dict({"state": by_place, "param_groups": groups})
            self._update = update_of(self._optimizer)
            self._generator.set_state(tensors["order"])
            set_random_states(self.device, tensors)
            if self._augmenting is not None:
                self._augmenting.set_state(tensors["augmentation"])
            if self._pace is not None:
                self._pace.restore(tensors)
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise RunError("other_tensors", error=" ".join(str(error).split())[:200]) from None
        self._random_elsewhere = {f"random.{name}": state for name, state in _named(tensors, "random.").items()}
        self._order_state = tensors["order"].clone()  # of the epoch under way: `moment` may read it before the next step
        self._batches = ()
        self._best = self._best_of(tensors)
        self._moved.step = self.step_count = moment.step
        self.lr = moment.lr  # after all that a schedule's factor depends on

    def _best_of(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        """The best weights that a moment keeps, on the device. Raises RunError."""
        best = _named(tensors, "best.")
        if not best or self._training.early_stopping is None:
            return {}
        for name, own in self.model.state_dict().items():
            _require(f"best.{name}", best.get(name), own.shape, own.dtype)
        return {name: best[name].to(own.device, copy=True) for name, own in self.model.state_dict().items()}

    def _optimizer_state(self, tensors: dict[str, Tensor], *, is_begun: bool, may_lack: bool) -> dict[int, dict[str, Tensor]]:
        """What a moment says of the optimiser: parameter's index -> name -> tensor. `may_lack`: a momentum may have been set
        right before the moment, so that no step has made its buffers yet. Raises RunError."""
        names = _state_names(self._training) if is_begun else {}
        state: dict[int, dict[str, Tensor]] = {}
        for index, parameter in enumerate(self._optimized):
            found = _named(tensors, f"optimizer.{index}.")
            if is_begun and found and found.keys() != names.keys():
                raise RunError("other_optimizer", has=_listed(found), needs=_listed(names))
            for name, tensor in found.items():
                of_all = tensor.dim() == 0 and names.get(name, tensor).dim() == 0  # the number of steps
                _require(f"optimizer.{index}.{name}", tensor, tensor.shape if of_all else parameter.shape, parameter.dtype)
                state.setdefault(index, {})[name] = _as_laid_out(tensor, parameter)
        if names and not state and not (may_lack and names.keys() == {"momentum_buffer"}):
            raise RunError("other_optimizer", has=_listed(state), needs=_listed(names))
        return state

    def _parameters_by_group(self) -> list[nn.Parameter]:
        return [parameter for group in self._optimizer.param_groups for parameter in group["params"]]

    def _new_augmenting(self) -> torch.Generator:
        return torch.Generator().manual_seed(self._seed + 1)

    def _shuffle(self) -> None:
        """Draw the order of the next step's epoch."""
        self._order_state = self._generator.get_state()
        order = torch.randperm(len(self._x), generator=self._generator)
        self._batches = torch.split(order.to(self.device), self.batch_size)


def small_step(experiment: Experiment, dataset: Dataset, device: torch.device) -> None:
    """Try the experiment's network on `device`: a step with two samples, and a validation with one. Raises whatever the device
    raises where it cannot do that."""
    few = replace(
        dataset,
        x_train=dataset.x_train[:2],
        y_train=dataset.y_train[:2],
        x_validation=dataset.x_validation[:1],
        y_validation=dataset.y_validation[:1],
    )
    pair = edited(experiment, training=edited(experiment.training, batch_size=2))
    trainer = Trainer(pair, few, device, lambda _step, _loss, _accuracy: None)
    with suppress(DivergedError):  # is found again, in the run
        trainer.step()
        trainer.settle()
        for _ in trainer.validate():
            pass


def optimizer(training: Training, parameters: Sequence[nn.Parameter], device: torch.device) -> torch.optim.Optimizer:
    """The optimiser of `training`. Where weight decay is for the weights alone, also one that is set later, it is in two
    groups: those that decay come first.

    On the CPU the fused form updates all parameters in one call: 40 µs instead of 120 µs for Adam on a small CNN, a tenth of
    the whole step. It differs from the plain form in the last bits, so the exported script asks for it too.
    """
    row = OPTIMIZERS[training.optimizer]
    arguments = row.arguments(training)
    if row.fused:
        arguments["fused"] = True if device.type == "cpu" else None  # None: torch's own choice
    arguments |= capturable_form(training.optimizer, training.lr, device)
    kind: type[torch.optim.Optimizer] = getattr(torch.optim, training.optimizer)
    without_compiler()
    if training.decay_applies_to == "all":
        return kind(parameters, **arguments)
    decayed = {"params": [parameter for parameter in parameters if decays(training, parameter)]}
    others = {"params": [parameter for parameter in parameters if not decays(training, parameter)], "weight_decay": 0.0}
    return kind([group for group in (decayed, others) if group["params"]], **arguments)


def decays(training: Training, parameter: nn.Parameter) -> bool:
    """Whether weight decay is meant for it: tensors of one axis are biases and the numbers of normalisations."""
    return training.decay_applies_to == "all" or parameter.dim() > 1


def _state_names(training: Training) -> dict[str, Tensor]:
    """What the optimiser of `training` keeps of a parameter after a step, by name: of one with a single number."""
    parameter = nn.Parameter(torch.zeros(1))
    tried = optimizer(
        edited(training, nesterov=False), [parameter], parameter.device
    )  # which needs a momentum, and keeps nothing
    parameter.grad = torch.zeros_like(parameter)
    step_of(tried)()
    return {name: value for name, value in tried.state_dict()["state"].get(0, {}).items() if value is not None}


def _named(tensors: dict[str, Tensor], start: str) -> dict[str, Tensor]:
    """Those whose names begin with `start`, without it."""
    return {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}


def _listed(names: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, names))) or "–"


def _require(name: str, tensor: Tensor | None, shape: torch.Size, dtype: torch.dtype) -> None:
    """Raises RunError where a kept tensor is not as the network needs it."""
    if tensor is None or tensor.shape != shape or tensor.dtype != dtype:
        has = "–" if tensor is None else _kind(tensor.shape, tensor.dtype)
        raise RunError("other_tensor", name=name, has=has, needs=_kind(shape, dtype))


def _kind(shape: torch.Size, dtype: torch.dtype) -> str:
    """float32 16×64"""
    return f"{str(dtype).removeprefix('torch.')} {readable(tuple(shape))}".strip()


def _copy(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", copy=True).contiguous()


def _as_laid_out(kept: Tensor, parameter: Tensor) -> Tensor:
    """A tensor of an optimiser's state in its parameter's layout, which the fused optimisers require."""
    return torch.empty_like(parameter).copy_(kept) if kept.shape == parameter.shape else kept.clone()
