"""torch's global random generators: the CPU's, and that of the device that a run is on.

Called by `engine.training.trainer` for a run's moments, and by `engine.training.execution` around probes.
"""

from __future__ import annotations

import torch
from torch import Tensor

_NAMES = {"cpu": "random.cpu", "cuda": "random.cuda", "mps": "random.mps"}


def random_states(device: torch.device) -> dict[str, Tensor]:
    """The states of the CPU's generator and of the device's own, by the names that they have in a moment. Waits for a GPU."""
    states = {_NAMES["cpu"]: torch.get_rng_state()}
    if device.type == "cuda":
        states[_NAMES["cuda"]] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        states[_NAMES["mps"]] = torch.mps.get_rng_state()
    return states


def set_random_states(device: torch.device, states: dict[str, Tensor]) -> None:
    """Set the generators of the CPU and of the device to `states`, where they say something of them. Raises RuntimeError or
    TypeError where that is no state."""
    if _NAMES["cpu"] in states:
        torch.set_rng_state(states[_NAMES["cpu"]])
    if device.type == "cuda" and _NAMES["cuda"] in states:
        torch.cuda.set_rng_state(states[_NAMES["cuda"]], device)
    elif device.type == "mps" and _NAMES["mps"] in states:
        torch.mps.set_rng_state(states[_NAMES["mps"]])
