"""A network with its weights as an ONNX file, which other programs run and draw.

The file has evaluation's network: dropout is off, batch normalisation uses what it has gathered. It is one file without
external data, of opset 18. The first axis of its input, the batch, is free, and so is the second one, the time, where the
network reads sequences of any length. Before the file is handed out, ONNX's checker and onnxruntime have read it, and its
answers at other batch sizes and at another length are torch's.

torch's tracing exporter makes it: for these networks it does what the newer one does (the tests hold each answer against
torch's) in a hundredth of the time, and a second recurrent network in one process keeps its free length. It has switches
that are one for all threads, so the window has it work in a process of its own (`onnx_process`). Importing this imports torch.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn

from engine.data.info import DataInfo
from engine.data.sources import describe
from engine.experiments.check import check
from engine.experiments.experiment import Experiment
from engine.exports.export_problems import ExportError, require_packages
from engine.exports.weight_file import ENTRY, tensor_names
from engine.figures import binary_size
from engine.layers.base import Shape
from engine.layers.kinds.composite import every
from engine.layers.kinds.recurrent import LSTM
from engine.networks.trace import trace
from engine.passes.loaded import LoadedNetwork, bare, give_memory

OPSET = 18
PACKAGES = ("onnx", "onnxruntime")
INPUT, OUTPUT = "input", "output"
BATCH, TIME = "batch", "time"  # the names of the free axes
MOST_BYTES = 2**31 - 1  # of one file without external data: the most that protocol buffers hold
TOLERANCE = 1e-4  # of the largest answer
TRACED, TRIED = 2, (1, 5)  # samples
LONGER = 3  # time steps more, in the second length


class Axes(NamedTuple):
    """What is free of a network's shapes. `time`: the input's second axis; `answers_in_time`: and the output's."""

    time: bool
    answers_in_time: bool


def onnx_file(experiment: Experiment, weights: Mapping[str, Any], step: int | None) -> bytes:
    """The file's content. Raises ExportError where it cannot be made or does not answer as torch does, RunError where the
    weights are another network's, CannotRunError and DatasetError where there is no such network."""
    require_packages(*PACKAGES)
    check(experiment)
    for layer in every(experiment.network.layers):
        if isinstance(layer, LSTM) and layer.proj_size:
            raise ExportError("onnx_projection", projection=layer.proj_size)
    tensor_names(experiment, weights)
    if (size := sum(np.asarray(values).nbytes for values in weights.values())) > MOST_BYTES:
        raise ExportError("onnx_too_large", size=binary_size(size), most=binary_size(MOST_BYTES))
    info = describe(experiment.data)
    model, axes = _network(experiment, info, weights), free_axes(experiment, info)
    content = _described(_traced(model, info, axes), experiment, info, step)
    _require_same_answers(content, model, info, axes)
    return content


def free_axes(experiment: Experiment, info: DataInfo) -> Axes:
    """A network reads sequences of any length where the same weights make one for another length, too."""
    layers = experiment.network.layers
    if len(info.input) > 2:
        return Axes(False, False)
    here, there = (trace(layers, shape, tokens=info.tokens) for shape in (info.input, _longer(info.input)))
    if there.problem is not None or LoadedNetwork.shapes(layers, here.rows) != LoadedNetwork.shapes(layers, there.rows):
        return Axes(False, False)
    if here.output == there.output:
        return Axes(True, False)
    if _longer(here.output) == there.output:
        return Axes(True, True)
    return Axes(False, False)  # of a length that has no name


def _longer(shape: Shape) -> Shape:
    return (shape[0] + LONGER, *shape[1:]) if shape else shape


def _network(experiment: Experiment, info: DataInfo, weights: Mapping[str, Any]) -> nn.Module:
    """In evaluation mode, on the CPU. Nothing is drawn at random."""
    layers = experiment.network.layers
    model = bare(layers, trace(layers, info.input, tokens=info.tokens).rows)
    for module in model.modules():
        give_memory(module)
    with torch.no_grad():
        for name, tensor in model.state_dict(keep_vars=True).items():
            tensor.copy_(torch.from_numpy(np.array(weights[name])))
        for module in model.modules():
            _pad_in_numbers(module)
    return model.eval()


def _pad_in_numbers(module: nn.Module) -> None:
    """Have a convolution whose padding is a word say it in numbers: "same" would be ONNX's SAME_UPPER, which onnxruntime does
    not run where the filter is dilated."""
    if not isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d) or not isinstance(module.padding, str):
        return
    whole = [0 if module.padding == "valid" else d * (k - 1) for d, k in zip(module.dilation, module.kernel_size, strict=True)]
    if module.padding_mode != "zeros":
        return  # a layer of its own pads
    if any(cells % 2 for cells in whole):
        cast(Any, module).padding_mode = "constant"  # the same zeros, by a layer in front: one side gets a cell more
    else:
        module.padding = tuple(cells // 2 for cells in whole)


def _sample(info: DataInfo, batch: int, shape: Shape) -> Tensor:
    generator = torch.Generator().manual_seed(batch)
    if info.tokens:
        return torch.randint(len(info.classes), (batch, *shape), generator=generator)
    return torch.rand((batch, *shape), generator=generator)


def _traced(model: nn.Module, info: DataInfo, axes: Axes) -> bytes:
    free_input = {0: BATCH} | ({1: TIME} if axes.time else {})
    free_output = {0: BATCH} | ({1: TIME} if axes.answers_in_time else {})
    try:
        with TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
            file = Path(folder) / "network.onnx"
            warnings.simplefilter("ignore")  # that there is a newer exporter; that another batch may fail, which is tried
            torch.onnx.export(
                model,
                (_sample(info, TRACED, info.input),),
                file,
                dynamo=False,
                opset_version=OPSET,
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_axes={INPUT: free_input, OUTPUT: free_output},
            )
            return file.read_bytes()
    except (RuntimeError, ValueError, TypeError) as error:  # torch.onnx's own errors are RuntimeErrors
        raise ExportError("onnx_unsupported", error=_first_line(error)) from None


def _described(content: bytes, experiment: Experiment, info: DataInfo, step: int | None) -> bytes:
    """With what the file is of in its metadata, as the weights' file has it. Raises ExportError where ONNX's checker refuses
    it."""
    import onnx

    model = onnx.load_from_string(content)
    said = {"experiment": experiment.name, "step": step, "classes": info.classes}
    onnx.helper.set_model_props(model, {ENTRY: json.dumps(said, sort_keys=True, ensure_ascii=False)})
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError("onnx_unsupported", error=_first_line(error)) from None
    return bytes(model.SerializeToString(deterministic=True))


def _require_same_answers(content: bytes, model: nn.Module, info: DataInfo, axes: Axes) -> None:
    """Raises ExportError where onnxruntime does not answer as torch does."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors
    shapes = [info.input, _longer(info.input)] if axes.time else [info.input]
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        for shape in shapes:
            for batch in TRIED:
                x = _sample(info, batch, shape)
                with torch.no_grad():
                    wanted = model(x).numpy()
                (found,) = session.run([OUTPUT], {INPUT: x.numpy()})
                limit = TOLERANCE * max(1.0, float(np.abs(wanted).max(initial=0.0)))
                if found.shape != wanted.shape or not np.allclose(found, wanted, rtol=0.0, atol=limit, equal_nan=True):
                    raise ExportError("onnx_differs", batch=batch)
    except ExportError:
        raise
    except Exception as error:  # onnxruntime's have no class of their own
        raise ExportError("onnx_unsupported", error=_first_line(error)) from None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
