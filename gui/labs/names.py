"""Which labs there are, in the order of the list, and which one a file belongs to. No Qt here: the command line asks before Qt
is loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping

# name -> (module, class), imported when the lab is first shown
LABS: Mapping[str, tuple[str, str]] = {
    "convolution": ("gui.labs.convolution.lab", "ConvolutionLab"),
    "training": ("gui.labs.training.lab", "TrainingLab"),
}

_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LAB = re.compile(r"""^[ \t]*lab[ \t]*=[ \t]*(["'])([^"'\r\n]{0,80})\1""", re.MULTILINE)
_NEAR = 10_000  # characters of a file in which its first lines stand


def lab_of(text: str) -> str | None:
    """The name in the line `lab = "NAME"` above the first table of a TOML text; None where it has none, as an experiment. The
    rest of the text need not be right."""
    head = text[:_NEAR]
    if table := _FIRST_TABLE.search(head):
        head = head[: table.start()]
    found = _LAB.search(head)
    return found[2] if found else None
