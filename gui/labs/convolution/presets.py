"""The convolution lab's presets: examples of courses, each with a note that is shown while it is of use.

A preset is a state of the lab in `assets/convolution/NAME.toml`, as the lab itself saves it: what differs from the defaults.
`assets/words/course.toml` has title, note, group and place in the menu. Called by the layer panel and the lab.
"""

from __future__ import annotations

from functools import cache

import msgspec

from engine import words
from engine.assets import asset
from gui.labs.convolution.state import ConvolutionState
from gui.shell.state_file import from_text

TABLE = "course"  # the table of words
# the control of the left column that a preset's note names, by its field
NAMED = {
    "line": "padding",
    "filter-3": "padding",
    "filter-3-stride-2": "stride",
    "does-not-fit": "padding",
    "no-overlap": "stride",
    "seven-filters": "bias",
    "ten-filters": "padding",
    "depthwise": "groups",
    "edges": "library",
    "moved-digit": "shift",
    "max-pooling": "stride",
    "average-pooling": "count_include_pad",
    "causal": "padding",
    "clip": "depth",
}
_GROUP = "group."
_ABOUT = ".about"


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """The names of the presets by group, a code of `TABLE`, in the order of the menu."""
    found: dict[str, list[str]] = {}
    for code in words.table(TABLE):
        if code.startswith(_GROUP):
            found[code] = []
        elif not code.endswith(_ABOUT):
            found[next(reversed(found))].append(code)
    return {group: tuple(members) for group, members in found.items()}


def names() -> tuple[str, ...]:
    """All presets, in the order of the menu."""
    return tuple(name for members in groups().values() for name in members)


@cache
def preset(name: str) -> ConvolutionState:
    """The state of the preset `name`, one of `names`."""
    text = asset("convolution", f"{name}.toml").read_text("utf-8")
    return msgspec.structs.replace(from_text(text, "convolution", ConvolutionState), preset=name)


def note_of(state: ConvolutionState) -> str:
    """The preset whose note is of use beside `state`; empty where there is none. The note stays while the reader tries what it
    says; it goes when another picture or another kind of layer is chosen."""
    if not state.preset or state.preset not in names():
        return ""
    opened = preset(state.preset)
    same = state.picture == opened.picture and type(state.layer) is type(opened.layer)
    return state.preset if same else ""
