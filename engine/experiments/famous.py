"""The famous networks that come with the program: one file each in `assets/networks`, read when it is first asked for.

A file is an experiment's that says its name and its network, so that whatever opens an experiment opens it; its first line
names the paper. What people are told of a network stands in `assets/words/networks.toml`: `NAME` and `NAME.about`, and
`group.GROUP` for the groups. Called by the network lab and the command line. No torch: the numbers come before it.
"""

from __future__ import annotations

from functools import cache

from engine.assets import asset
from engine.experiments.experiment import Experiment, ExperimentError, Network, read
from engine.toml_text import inline

# In the order in which a learner meets them; a test holds that no file is missing here.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("small", ("pipeline-28x28", "mlp-28x28", "lenet-5")),
    ("alexnet", ("alexnet", "alexnet-2012")),
    ("vgg", ("vgg-11", "vgg-13", "vgg-16", "vgg-19")),
    ("branches", ("googlenet", "squeezenet-1-0")),
    ("shortcuts", ("resnet-18", "resnet-34", "resnet-50", "mobilenet-v2")),
)


def groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(group, names of its networks): `group.GROUP` in the words says what they have in common."""
    return GROUPS


def names() -> tuple[str, ...]:
    """All networks, group by group."""
    return tuple(name for _, members in GROUPS for name in members)


def network(name: str) -> Network:
    """The network of this name, its input with it. Raises ExperimentError when there is none."""
    return experiment(name).network


@cache
def experiment(name: str) -> Experiment:
    """The whole file: its title and network; data and training are the program's defaults, which need not fit the network.
    Raises ExperimentError when there is none."""
    if name not in names():
        raise ExperimentError("no_network", name=inline(name), choices=", ".join(names()))
    return read(asset("networks", f"{name}.toml"))
