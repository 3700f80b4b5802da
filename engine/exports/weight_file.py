"""Weights as a safetensors file that says for itself what they are of.

A safetensors file orders its tensors by their kind and name, so the order of the layers is lost, and writes its metadata in any
order, so the same weights are another file each time. So there is one entry of metadata, "layerscope": JSON with sorted keys.

    experiment, step    whose weights they are, and after how many iterations
    input, layers       what comes into the network, without the batch, and its layers in order, as in an experiment's file
    tensors             the names of all tensors in the order of the layers, as `state_dict` has them

Importing this imports torch, which alone knows how a layer names its weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from engine.experiments.experiment import Experiment, trace_of
from engine.passes.loaded import bare
from engine.runs.failures import RunError

ENTRY = "layerscope"  # of the metadata


def weight_file(experiment: Experiment, weights: Mapping[str, Any], step: int | None) -> bytes:
    """The same bytes for the same weights. Raises RunError where they are another network's."""
    from safetensors.numpy import save

    names = tensor_names(experiment, weights)
    said = {
        "experiment": experiment.name,
        "step": step,
        "input": trace_of(experiment).input,
        "layers": msgspec.to_builtins(experiment.network.layers),
        "tensors": names,
    }
    metadata = {ENTRY: json.dumps(said, sort_keys=True, ensure_ascii=False)}
    content: bytes = save({name: np.ascontiguousarray(weights[name]) for name in names}, metadata=metadata)
    return content


def tensor_names(experiment: Experiment, weights: Mapping[str, Any]) -> Sequence[str]:
    """The names of the network's tensors in the order of its layers. Raises RunError where `weights` are of other names or
    shapes."""
    own = bare(experiment.network.layers, trace_of(experiment).rows).state_dict()
    if own.keys() != weights.keys():
        raise RunError("other_tensors", error=", ".join(sorted(own.keys() ^ weights.keys()))[:200])
    for name, tensor in own.items():
        if tuple(tensor.shape) != tuple(weights[name].shape):
            raise RunError("other_tensors", error=name)
    return list(own)
