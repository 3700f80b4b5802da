"""Which labs there are, in the order of the list, and which one a file belongs to. No Qt here: the command line asks before Qt
is loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping

# name -> (module, class), imported when the lab is first shown
LABS: Mapping[str, tuple[str, str]] = {
    "convolution": ("gui.labs.convolution.lab", "ConvolutionLab"),
    "network": ("gui.labs.network.lab", "NetworkLab"),
    "training": ("gui.labs.training.lab", "TrainingLab"),
}

_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LAB = re.compile(r"""^[ \t]*lab[ \t]*=[ \t]*(["'])([^"'\r\n]{0,80})\1""", re.MULTILINE)
_EXPERIMENT = re.compile(r"^[ \t]*(?:\[\[?[ \t]*(?:network|data|training)\b|(?:name|seed)[ \t]*=)", re.MULTILINE)
_OTHER_TABLE = re.compile(r"^[ \t]*(?:\[[ \t]*(?:data|training)\b|seed[ \t]*=)", re.MULTILINE)
_INPUT = re.compile(r"^[ \t]*\[[ \t]*network[ \t]*\][^\[]*?^[ \t]*input[ \t]*=", re.MULTILINE)
_NEAR = 10_000  # letters of a text in which its beginning stands


def lab_of(text: str) -> str | None:
    """The name of the lab that a TOML text is for: that in its line `lab = "NAME"`, above the first table; "training" for an
    experiment, which has no such line, but "network" for one that says only its network and the input; None where it is
    neither. The rest of the text need not be right."""
    head = text[:_NEAR]
    table = _FIRST_TABLE.search(head)
    if found := _LAB.search(head[: table.start()] if table else head):
        return found[2]
    if not _EXPERIMENT.search(head):
        return None
    return "network" if _INPUT.search(head) and not _OTHER_TABLE.search(text) else "training"
