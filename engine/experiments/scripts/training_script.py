"""The training of an exported script: the first weights, the schedule, the augmentation and the loop, as Python's text.

Every setting is written where it is used, and nothing of those that are not. Called by `engine.experiments.scripts.export`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.data.info import DataInfo
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Training
from engine.experiments.mid_run import DROPOUT, SettingChange, matters
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.schedules import AnySchedule, ReduceLROnPlateau


def needs_math(training: Training, changes: Sequence[SettingChange] = ()) -> bool:
    """Whether the script needs Python's `math`."""
    augmentations = (training.augmentation, *(change.after for change in changes if change.name == "augmentation"))
    if any(how.rotate > 0.0 for how in augmentations) or training.early_stopping is not None:
        return True
    texts = ["".join(each.script()) for each in _schedules(training, changes) if each is not None]
    return _watches(training, changes) or any("math." in text for text in texts)


def first_weights(training: Training) -> str:
    """Lines that draw the weights of `model` again; empty where they are torch's own."""
    if training.initialization == "torch":
        return ""
    draw = {
        "xavier_uniform": "nn.init.xavier_uniform_({})",
        "xavier_normal": "nn.init.xavier_normal_({})",
        "he_uniform": 'nn.init.kaiming_uniform_({}, nonlinearity="relu")',
        "he_normal": 'nn.init.kaiming_normal_({}, nonlinearity="relu")',
        "normal": f"nn.init.normal_({{}}, std={training.initial_deviation!r})",
        "zeros": "nn.init.zeros_({})",
    }[training.initialization]
    return _FIRST.format(weight=draw.format("module.weight"), gate=draw.format("gate")).strip("\n")


def training_parts(
    training: Training, info: DataInfo, rates: Sequence[tuple[int, float]], changes: Sequence[SettingChange]
) -> Iterator[tuple[str, str]]:
    """The functions and the loop, each after its kind (`export.ScriptPart`). `training` is what the run began with."""
    changes = [change for change in changes if matters(training, change.name)]
    if training.class_weights:
        yield "class_weights", _WEIGHTS.format(classes=info.outputs)
    if any(change.name == "schedule" for change in changes):
        yield "schedule", _changing_schedule(training, changes)
    elif training.schedule is not None:
        yield "schedule", _schedule(training)
    if any(change.name == "augmentation" for change in changes):
        parts = "".join(map(_where_on, _PARTS))
        yield "augmentation", _CHANGING_AUGMENT.format(how=_written(training.augmentation), parts=parts)
    elif training.augmentation.is_on:
        yield "augmentation", _augmentation(training.augmentation)
    optimizer, loop = _loop(training, info, rates, changes)
    yield "optimizer", optimizer
    yield "loop", loop


def _schedule(training: Training) -> str:
    schedule = training.schedule
    assert schedule is not None
    body = "\n    ".join(schedule.script())
    if isinstance(schedule, ReduceLROnPlateau):
        return f"reductions = 0  # of the learning rate, so far\n\n\ndef factor(step):\n    {body}"
    return f"{_LENGTHS}\n\n\ndef factor(step):  # of the learning rate, after so many steps\n    {body}"


def _schedules(training: Training, changes: Sequence[SettingChange]) -> list[AnySchedule | None]:
    """Those that a run has on its way, each once; its number is its place."""
    found = [training.schedule]
    for change in changes:
        if change.name == "schedule" and change.after not in found:
            found.append(change.after)
    return found


def _watches(training: Training, changes: Sequence[SettingChange]) -> bool:
    """Whether any of them looks at the validation loss."""
    return any(isinstance(each, ReduceLROnPlateau) for each in _schedules(training, changes))


def _changing_schedule(training: Training, changes: Sequence[SettingChange]) -> str:
    """The factor where `schedule`, a number, says which one applies."""
    parts = [f"{_LENGTHS}\nschedule = 0  # which one applies"]
    if _watches(training, changes):
        parts[0] += "\nreductions = 0  # of the learning rate, so far"
    lines = ["def factor(step):  # of the learning rate, after so many steps"]
    for number, schedule in enumerate(_schedules(training, changes)):
        body = ("return 1.0",) if schedule is None else schedule.script()
        lines += [f"    if schedule == {number}:  # {'none' if schedule is None else type(schedule).__name__}"]
        lines += [f"        {line}" for line in body]
    return "\n\n\n".join((*parts, "\n".join(lines)))


def _plateaus(training: Training, changes: Sequence[SettingChange]) -> dict[int, tuple[float, int]]:
    """Of the schedules that are plateaus, by number: threshold and patience."""
    numbered = enumerate(_schedules(training, changes))
    return {number: (each.threshold, each.patience) for number, each in numbered if isinstance(each, ReduceLROnPlateau)}


def _augmentation(how: Augmentation) -> str:
    parts = [
        _FLIP if how.flip else "",
        _ROTATE.format(rotate=repr(how.rotate)) if how.rotate > 0.0 else "",
        _SHIFT.format(shift=how.shift) if how.shift > 0 else "",
        _NOISE.format(noise=repr(how.noise)) if how.noise > 0.0 else "",
    ]
    return _AUGMENT.format(parts="".join(parts))


def _where_on(name: str) -> str:
    """A part of the augmentation that is done where it is on."""
    return f"\n    if {name}:" + _PARTS[name].format(**{name: name}).replace("\n", "\n    ")


def _written(how: Augmentation) -> str:
    """As the right side of an assignment to its fields."""
    return repr(tuple(getattr(how, name) for name in Augmentation.__struct_fields__))


def _loop(
    training: Training, info: DataInfo, rates: Sequence[tuple[int, float]], changed: Sequence[SettingChange]
) -> tuple[str, str]:
    """What is made before the loop (optimiser, order, loss), and the loop."""
    classified = info.task != "regression"
    changes = dict(rates)  # of several at one step the last counts
    names = {change.name for change in changed}
    scheduled = training.schedule is not None or "schedule" in names
    plateau = training.schedule if isinstance(training.schedule, ReduceLROnPlateau) else None
    stopping = training.early_stopping
    clip = "" if training.clip is None else _CLIP.format(clip=training.clip)
    if "clip" in names:
        clip = _CHANGING_CLIP
    before = f"\nlr = {training.lr!r}\n" if scheduled else ""
    if _watches(training, changed):
        before += "best_seen, waited = math.inf, 0\n"
    if stopping is not None:
        before += "best, since_best = math.inf, 0\n"
    before += _changed(training, changed)
    if changes or changed or scheduled:
        before += _RATES.format(rates=changes) if changes else "steps_done = 0\n"
    if "schedule" in names:
        watching = _PLATEAU.format(threshold="threshold", patience="patience").replace("\n", "\n    ")
        after = _CHANGING_PLATEAU + watching if _watches(training, changed) else ""
    else:
        after = "" if plateau is None else _PLATEAU.format(threshold=repr(plateau.threshold), patience=plateau.patience)
    if stopping is not None:
        keep, take = (_KEEP_BEST, _TAKE_BEST) if stopping.restore_best else ("", "")
        after += _STOPPING.format(change=stopping.min_change, patience=stopping.patience, keep=keep)
    else:
        take = ""
    change = (_CHANGE_BASE if changes else "") + _SCHEDULED if scheduled else _CHANGE if changes else ""
    turns = _turns(training, changed)
    change = turns + change if "schedule" in names else change + turns
    begun = _BEFORE.format(
        rates=before,
        optimizer=_optimizer(training, decays=training.weight_decay > 0.0 or "weight_decay" in names),
        loss=_loss(training, info, is_changed="label_smoothing" in names),
    )
    loop = _LOOP.format(
        change=change,
        count_steps="\n        steps_done += 1" if changes or changed or scheduled else "",
        inputs="augmented(x_train[batch])" if training.augmentation.is_on or "augmentation" in names else "x_train[batch]",
        update=clip or "\n        optimizer.step()",
        count="0, 0" if classified else "0",
        counters="validation_loss, hits" if classified else "validation_loss",
        hits="\n            hits += (outputs.argmax(-1) == y).sum().item()" if classified else "",
        accuracy=", accuracy {hits / y_validation.numel():.2%}" if classified else "",
        after=after,
    )
    return begun, loop + take


def _changed(training: Training, changed: Sequence[SettingChange]) -> str:
    """The table of what was changed, and the variables that it changes."""
    if not changed:
        return ""
    table: dict[int, list[tuple[str, object]]] = {}
    for change in changed:
        value = change.after
        if isinstance(value, Augmentation):
            value = tuple(getattr(value, name) for name in Augmentation.__struct_fields__)
        if change.name == "schedule":
            value = _schedules(training, changed).index(value)
        table.setdefault(change.step, []).append((change.name, value))
    lines = "".join(f"    {step}: {found!r},\n" for step, found in table.items())
    names = {change.name for change in changed}
    variables = [f"{name} = {getattr(training, name)!r}\n" for name in ("clip", "label_smoothing") if name in names]
    if "schedule" in names and (plateaus := _plateaus(training, changed)):
        variables.append(f"PLATEAUS = {plateaus}  # schedule -> threshold and patience\n")
    return _CHANGES.format(lines=lines, variables="".join(variables))


def _turns(training: Training, changed: Sequence[SettingChange]) -> str:
    """Lines of the loop that take over what was changed."""
    if not changed:
        return ""
    names = {change.name for change in changed}
    text = _TURN
    for name in sorted(names & {"momentum", "nesterov", "weight_decay"}):
        some = name == "weight_decay" and training.decay_applies_to == "weights"
        text += (_TURN_SOME if some else _TURN_GROUP).format(name=name)
    if any(change.name == "momentum" and change.after == 0.0 for change in changed):
        text += _TURN_STILL
    if any(change.name == "momentum" and change.before == 0.0 for change in changed):
        text += _TURN_MOVING
    for name in sorted(names & {"clip", "label_smoothing"}):
        text += _TURN_VARIABLE.format(name=name)
    if "schedule" in names:
        text += (_TURN_PLATEAU if _watches(training, changed) else "") + _TURN_SCHEDULE
    if DROPOUT in names:
        text += _TURN_DROPOUT
    if "augmentation" in names:
        text += _TURN_AUGMENTATION.format(fields=", ".join(Augmentation.__struct_fields__))
    return text


def _optimizer(training: Training, *, decays: bool) -> str:
    """The optimiser with what it has of the settings. Its fused form, where there is one, is what the trainer uses on the CPU;
    it differs from the plain one in the last bits."""
    row = OPTIMIZERS[training.optimizer]
    arguments = [f"{name}={value!r}" for name, value in row.written_arguments(training).items()]
    if row.fused and training.device in ("auto", "cpu"):
        arguments.append("fused=True")
    if training.decay_applies_to == "all" or not decays:
        return f"optimizer = torch.optim.{training.optimizer}({', '.join(('model.parameters()', *arguments))})"
    return _GROUPS.format(name=training.optimizer, arguments=", ".join(arguments)).strip("\n")


def _loss(training: Training, info: DataInfo, *, is_changed: bool) -> str:
    loss, smoothing = training.loss or info.loss, training.label_smoothing
    if info.task == "regression":
        return "F.mse_loss(outputs, y)"
    if loss == "mean_squared_error":
        return f"F.mse_loss(outputs, F.one_hot(y, {info.outputs}).to(outputs.dtype))"
    smoothed = f", label_smoothing={smoothing!r}" if smoothing > 0.0 else ""
    if is_changed:
        smoothed = ", label_smoothing=label_smoothing"
    flat = "outputs.flatten(0, 1), y.flatten()" if info.task == "next_token" else "outputs, y"
    if training.class_weights:  # torch's own mean would divide by the sum of the weights
        return f'F.cross_entropy({flat}, class_weights, reduction="sum"{smoothed}) / y.numel()'
    return f"F.cross_entropy({flat}{smoothed})"


_FIRST = """
with torch.no_grad():  # the first weights
    for module in model.modules():
        if isinstance(module, nn.Linear) or type(module).__name__.removeprefix("Padded").startswith("Conv"):
            {weight}
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.RNNBase):
            gates = {{"RNN": 1, "GRU": 3, "LSTM": 4}}[type(module).__name__]
            for name, parameter in module.named_parameters(recurse=False):
                if name.startswith("bias"):
                    nn.init.zeros_(parameter)
                    continue
                for gate in parameter.chunk(1 if name.startswith("weight_hr") else gates):
                    {gate}
"""

_GROUPS = """
decayed = [parameter for parameter in model.parameters() if parameter.dim() > 1]
others = [parameter for parameter in model.parameters() if parameter.dim() <= 1]  # biases, normalisations
groups = [{{"params": decayed}}, {{"params": others, "weight_decay": 0.0}}]
optimizer = torch.optim.{name}([group for group in groups if group["params"]], {arguments})
"""

_WEIGHTS = """
counts = y_train.flatten().bincount(minlength={classes})
class_weights = y_train.numel() / ({classes} * counts.clamp(min=1).float())  # each class counts alike
"""

_AUGMENT = """
augmenting = torch.Generator().manual_seed(SEED + 1)


def augmented(x):{parts}
    return x
"""

_FLIP = """
    flipped = torch.rand(len(x), generator=augmenting).to(x.device) < 0.5
    x = torch.where(flipped.reshape(-1, 1, 1, 1), x.flip(3), x)"""

_ROTATE = """
    angle = ((2.0 * torch.rand(len(x), generator=augmenting) - 1.0) * ({rotate} * math.pi / 180.0)).to(x.device)
    zero, cos, sin = torch.zeros_like(angle), angle.cos(), angle.sin()
    height, width = x.shape[2:]
    rows = (cos, -sin * height / width, zero, sin * width / height, cos, zero)
    grid = F.affine_grid(torch.stack(rows, 1).reshape(-1, 2, 3), list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)"""

_SHIFT = """
    by = torch.randint(-{shift}, {shift} + 1, (2, len(x), 1), generator=augmenting).to(x.device)
    rows = torch.arange(x.shape[2], device=x.device) + {shift} - by[0]
    columns = torch.arange(x.shape[3], device=x.device) + {shift} - by[1]
    sample = torch.arange(len(x), device=x.device)[:, None, None, None]
    channel = torch.arange(x.shape[1], device=x.device)[None, :, None, None]
    x = F.pad(x, ({shift},) * 4)[sample, channel, rows[:, None, :, None], columns[:, None, None, :]]"""

_NOISE = """
    x = x + {noise} * torch.randn(x.shape, generator=augmenting).to(x.device)"""

_PARTS = {"flip": _FLIP, "rotate": _ROTATE, "shift": _SHIFT, "noise": _NOISE}  # in the order in which they are done

_CHANGING_AUGMENT = """
augmenting = torch.Generator().manual_seed(SEED + 1)
shift, rotate, flip, noise = {how}


def augmented(x):{parts}
    return x
"""

_LENGTHS = "STEPS_PER_EPOCH = -(-len(x_train) // BATCH_SIZE)\nSTEPS = EPOCHS * STEPS_PER_EPOCH"

_CHANGES = """
CHANGES = {{  # set in mid-run: iterations done -> what is another from the next one on
{lines}}}
{variables}"""

_TURN = """
        for name, value in CHANGES.get(steps_done, ()):"""

_TURN_GROUP = """
            if name == "{name}":
                for group in optimizer.param_groups:
                    group[name] = value"""

_TURN_SOME = """
            if name == "{name}":
                for group in optimizer.param_groups:
                    if group["params"][0].dim() > 1:
                        group[name] = value"""

_TURN_STILL = """
            if name == "momentum" and value == 0.0:  # nothing of it is left
                for state in optimizer.state.values():
                    state.pop("momentum_buffer", None)"""

_TURN_MOVING = """
            if name == "momentum" and value > 0.0:  # it begins at 0
                for parameter, state in optimizer.state.items():
                    if state:
                        state.setdefault("momentum_buffer", torch.zeros_like(parameter))"""

_TURN_VARIABLE = """
            if name == "{name}":
                {name} = value"""

_TURN_PLATEAU = """
            if name == "schedule" and value in PLATEAUS and schedule not in PLATEAUS:  # it has seen nothing yet
                best_seen, waited, reductions = math.inf, 0, 0"""

_TURN_SCHEDULE = """
            if name == "schedule":
                schedule = value"""

_TURN_DROPOUT = """
            if name == "dropout":
                for module, p in zip((each for each in model.modules() if isinstance(each, nn.Dropout)), value):
                    module.p = p"""

_TURN_AUGMENTATION = """
            if name == "augmentation":
                {fields} = value"""

_RATES = """
RATES = {rates}  # set in mid-run: iterations done -> learning rate from the next one on
steps_done = 0
"""

_CHANGE = """
        if steps_done in RATES:
            for group in optimizer.param_groups:
                group["lr"] = RATES[steps_done]"""

_CHANGE_BASE = """
        lr = RATES.get(steps_done, lr)"""

_SCHEDULED = """
        for group in optimizer.param_groups:
            group["lr"] = lr * factor(steps_done)"""

_CLIP = """
        length = nn.utils.clip_grad_norm_(model.parameters(), {clip!r})
        if length.isfinite():  # or else it has exploded, and the step is left out
            optimizer.step()"""

_CHANGING_CLIP = """
        if clip is None or nn.utils.clip_grad_norm_(model.parameters(), clip).isfinite():  # or else it has exploded
            optimizer.step()"""

_PLATEAU = """
    if validation_loss < best_seen * (1.0 - {threshold}):
        best_seen, waited = validation_loss, 0
    elif waited < {patience}:
        waited += 1
    else:
        waited, reductions = 0, reductions + 1"""

_CHANGING_PLATEAU = """
    if schedule in PLATEAUS:
        threshold, patience = PLATEAUS[schedule]"""

_STOPPING = """
    measured = np.float32(validation_loss).item()
    if measured < best - {change!r}:
        best, since_best = measured, 0{keep}
    else:
        since_best += 1
        if since_best >= {patience}:
            print("stopped early")
            break"""

_KEEP_BEST = """
        best_weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}"""

_TAKE_BEST = """
model.load_state_dict(best_weights)
"""

_BEFORE = """
{optimizer}
generator = torch.Generator().manual_seed(SEED)  # of the order of the samples
{rates}

def loss_of(outputs, y):
    return {loss}
"""

_LOOP = """
for epoch in range(1, EPOCHS + 1):
    model.train()
    losses, sizes = [], []
    for batch in torch.randperm(len(x_train), generator=generator).to(DEVICE).split(BATCH_SIZE):{change}
        optimizer.zero_grad()
        loss = loss_of(model({inputs}), y_train[batch])
        loss.backward(){update}
        losses.append(loss.item()){count_steps}
        sizes.append(len(batch))
    train_loss = np.average(losses, weights=sizes)

    model.eval()
    {counters} = {count}
    with torch.no_grad():
        for x, y in zip(x_validation.split(256), y_validation.split(256)):
            outputs = model(x)
            validation_loss += loss_of(outputs, y).item() * len(x){hits}
    validation_loss /= len(x_validation)
    print(f"epoch {{epoch}}: loss {{train_loss:.9g}}, validation {{validation_loss:.9g}}{accuracy}"){after}
"""
