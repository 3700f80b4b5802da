"""A lab's state as a small TOML text, to save, to send and to paste.

The first line says whose state it is, the rest what differs from the defaults:

    lab = "convolution"
    picture = "digit"

    [layer]
    type = "Conv2d"
    out_channels = 4
    kernel_size = [5, 5]

Nothing here knows a lab: what may stand in a text, and the words for what may not, come from the declarations of the state's
struct. Called by `gui.lab.base.Lab`, by presets that are kept as such texts, and by the window.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from engine.toml_text import MOST_LETTERS, TomlError, inline, nested_lines, parsed, place
from engine.toml_values import converted, refuse_network_paths, wrong_value
from gui.shell.language import say, told

_SAYS_LAB = re.compile(r"^[ \t]*(?:lab[ \t]*=|\[)", re.MULTILINE)
_FENCE = re.compile(r"\A\s*```[^\n]*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)

StateT = TypeVar("StateT", bound=msgspec.Struct)


class StateError(ValueError):
    """A text that is no state of the lab. It says where, by line and key, and what was expected, in the user's language."""


def to_text(lab_name: str, state: msgspec.Struct) -> str:
    """`state` of the lab of this name. `from_text` gives the state again."""
    return "\n".join([f"lab = {inline(lab_name)}", *nested_lines(state)]) + "\n"


def from_text(text: str, lab_name: str, state_type: type[StateT]) -> StateT:
    """The state of the lab `lab_name` that `text` holds. Raises StateError. Whether the layer in it can be, and whether
    there is such a picture, is the lab's to find out."""
    try:
        content = parsed(text)
        found = content.pop("lab", None)
        if found is None:
            raise StateError(say("state_file", "no_lab" if content else "empty"))
        if not isinstance(found, str):
            raise _no_lab_name(text, found)
        if found != lab_name:
            raise StateError(say("state_file", "other_lab", found=inline(found[:40]), expected=lab_name))
        state = converted(content, state_type, lambda path: place(text, path))
        refuse_network_paths(content, lambda path: place(text, path))
        return state
    except TomlError as error:
        raise StateError(told(error)) from None


def why_unknown(text: str, *, is_toml: bool = False) -> str:
    """Why no lab can open `text`, in the user's language. `is_toml`: it is meant as TOML, whatever it begins with."""
    if not re.sub(r"(?m)^[ \t]*#.*$", "", text[: MOST_LETTERS + 1]).strip("\ufeff \t\r\n"):
        return say("state_file", "empty")
    try:
        content = parsed(text)
    except TomlError as error:
        if error.code == "too_long" or _SAYS_LAB.search(text[:MOST_LETTERS]):
            return told(error)
        reason = told(error)
        return say("state_file", "no_text") + (f" {reason[:1].upper()}{reason[1:]}" if is_toml else "")
    if "lab" in content:
        return told(_no_lab_name(text, content["lab"]))
    return say("state_file", "no_text")


def _no_lab_name(text: str, found: object) -> TomlError:
    """What is wrong with `lab = ...`, which is no text."""
    return wrong_value(place(text, ("lab",)), str, found)


def unfenced(text: str) -> str:
    """A text as it was written, without the ``` lines that chats and notebooks put around it."""
    fenced = _FENCE.match(text[: MOST_LETTERS + 1])
    return fenced[1] if fenced else text
