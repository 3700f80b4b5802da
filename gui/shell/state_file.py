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
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from engine.experiments.experiment import LONG_KEY, inline
from engine.layers.axes import LIMIT
from gui.shell.language import say

MOST_LETTERS = 1_000_000  # of a text: a state with a hundred weights set by hand has 5,000
MOST_SHOWN = 40  # letters of a wrong value
NONE = "none"  # TOML has no None
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLACE = re.compile(r"^[ \t]*(?:\[\[?[ \t]*([^\]\r\n]+?)[ \t]*\]|([\w\"'.-]+?)[ \t]*=)", re.MULTILINE)
_FENCE = re.compile(r"\A\s*```[^\n]*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)

State = TypeVar("State", bound=msgspec.Struct)
Path = tuple[str | int, ...]


class StateError(ValueError):
    """A text that is no state of the lab. It says where, by line and key, and what was expected, in the user's language."""


# --- writing


def to_text(lab_name: str, state: msgspec.Struct) -> str:
    """`state` of the lab of this name. `from_text` gives the state again."""
    return "\n".join([f"lab = {inline(lab_name)}", *_lines((), state)]) + "\n"


def _lines(path: tuple[str, ...], value: msgspec.Struct) -> list[str]:
    plain, tables = [], []
    for name, part in _entries(value).items():
        if isinstance(part, msgspec.Struct):
            inner = (*path, name)
            lines = _lines(inner, part)
            if not lines or lines[0]:  # a table of nothing but tables needs no line of its own
                lines = ["", f"[{'.'.join(map(_key, inner))}]", *lines]
            tables += lines
        else:
            plain.append(f"{_key(name)} = {_inline(part)}")
    return plain + tables


def _entries(value: msgspec.Struct) -> dict[str, Any]:
    """What a text must say of `value`: of which kind it is, where there are several, and what is not the default."""
    config = type(value).__struct_config__
    entries: dict[str, Any] = {} if config.tag is None else {str(config.tag_field): config.tag}
    for field in msgspec.structs.fields(type(value)):
        part = getattr(value, field.name)
        if field.required or part != _default(field):
            entries[field.encode_name] = part
    return entries


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _inline(value: Any, indent: str = "") -> str:
    """One value on the right of an `=`; a list of tables or lists takes a line for each."""
    match value:
        case msgspec.Struct():
            return _braced(_entries(value), indent)
        case dict():
            return _braced(value, indent)
        case tuple() | list() if any(isinstance(part, msgspec.Struct | dict | tuple | list) for part in value):
            deeper = indent + "  "
            return "[\n" + "".join(f"{deeper}{_inline(part, deeper)},\n" for part in value) + indent + "]"
        case tuple() | list():
            return f"[{', '.join(_inline(part) for part in value)}]"
        case _:
            return inline(msgspec.to_builtins(value))


def _braced(entries: dict[str, Any], indent: str) -> str:
    inside = ", ".join(f"{_key(name)} = {_inline(part, indent)}" for name, part in entries.items())
    return f"{{ {inside} }}" if inside else "{}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else inline(name)


# --- reading


def from_text(text: str, lab_name: str, state_type: type[State]) -> State:
    """The state of the lab `lab_name` that `text` holds. Raises StateError. Whether the layer in it can be, and whether
    there is such a picture, is the lab's to find out."""
    content = _parsed(text)
    found = content.pop("lab", None)
    if not isinstance(found, str):
        raise StateError(say("state_file", "no_lab"))
    if found != lab_name:
        raise StateError(say("state_file", "other_lab", found=_shown(found), expected=lab_name))
    kind = _type_info(state_type)
    try:
        return msgspec.convert(_with_none(kind, content), state_type)
    except msgspec.ValidationError as error:
        raise StateError(_explained(str(error), text, kind, content)) from None
    except RecursionError:
        raise StateError(say("state_file", "too_deep")) from None


def unfenced(text: str) -> str:
    """A text as it was written, without the ``` lines that chats and notebooks put around it."""
    fenced = _FENCE.match(text[: MOST_LETTERS + 1])
    return fenced[1] if fenced else text


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MOST_LETTERS:
        raise StateError(say("state_file", "too_long", size=f"{len(text):,}", most=f"{MOST_LETTERS:,}"))
    text = text.removeprefix("\ufeff")
    if long := LONG_KEY.search(text):
        raise StateError(say("state_file", "long_key", line=text.count("\n", 0, long.start()) + 1))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        detail, _, place = str(error).rpartition(" (at ")
        number = re.match(r"line (\d+), column (\d+)", place)
        line = int(number[1]) if number else text.rstrip().count("\n") + 1
        raise StateError(say("state_file", "not_toml", line=line, detail=detail)) from None
    except RecursionError:
        raise StateError(say("state_file", "too_deep")) from None
    except ValueError as error:  # a number of 5,000 digits, a 32nd of January
        raise StateError(say("state_file", "no_value", detail=str(error).partition(";")[0])) from None


@cache
def _type_info(state_type: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(state_type)


def _members(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    """The kinds that a value may be of, without their wrapping."""
    match kind:
        case inspect.Metadata():
            return _members(kind.type)
        case inspect.UnionType():
            return tuple(member for part in kind.types for member in _members(part))
        case _:
            return (kind,)


def _struct_of(kind: inspect.Type, content: Any) -> inspect.StructType | None:
    """Which struct the table `content` is to be."""
    found = [part for part in _members(kind) if isinstance(part, inspect.StructType)]
    if len(found) == 1:
        return found[0]
    for part in found:
        if isinstance(content, dict) and content.get(part.tag_field or "") == part.tag:
            return part
    return None


def _item_of(kind: inspect.Type) -> inspect.Type | None:
    """What the entries of a list are to be."""
    for part in _members(kind):
        if isinstance(part, inspect.VarTupleType | inspect.CollectionType):
            return part.item_type
    return None


def _fields(struct: inspect.StructType) -> dict[str, inspect.Field]:
    return {field.encode_name: field for field in struct.fields}


def _with_none(kind: inspect.Type, content: Any) -> Any:
    """`content` with None where "none" stands and None, but no such word, may."""
    members = _members(kind)
    if content == NONE and any(isinstance(part, inspect.NoneType) for part in members):
        words = [word for part in members if isinstance(part, inspect.LiteralType) for word in part.values]
        text = any(isinstance(part, inspect.StrType) for part in members)
        return content if text or NONE in words else None
    if isinstance(content, list) and (item := _item_of(kind)) is not None:
        return [_with_none(item, part) for part in content]
    if isinstance(content, dict) and (struct := _struct_of(kind, content)) is not None:
        known = _fields(struct)
        return {
            name: _with_none(known[name].type, part) if name in known else part  # the tag is no field
            for name, part in content.items()
        }
    return content


# --- what is wrong, in words


def _explained(problem: str, text: str, kind: inspect.Type, content: Any) -> str:
    """msgspec's sentence, `Expected `int`, got `str` - at `$.layer.stride``, as one that a learner understands."""
    sentence, _, place = problem.rpartition(" - at ")
    if not sentence:
        sentence, place = problem, "$"
    path = _path(place.strip("`"))
    if named := re.fullmatch(r"Object contains unknown field `(.*)`", sentence, re.DOTALL):
        where = _where(text, (*path, named[1]))
        struct = _struct_of(*_at(kind, content, path))
        choices = sorted(_fields(struct)) if struct is not None else []
        return say("state_file", "unknown_key", where=where, choices=", ".join(choices))
    if named := re.fullmatch(r"Object missing required field `(.*)`", sentence, re.DOTALL):
        inner, _ = _at(kind, content, (*path, named[1]))
        return say("state_file", "missing_key", where=_where(text, path, named[1]), expected=_expected(inner))
    inner, found = _at(kind, content, path)
    return say("state_file", "wrong_value", where=_where(text, path), found=_shown(found), expected=_expected(inner))


def _path(place: str) -> Path:
    """$.weights.edits[0].value as its parts. An entry of which msgspec says no number is the first."""
    parts = re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", place)
    return tuple(name or (int(number) if number.isdigit() else 0) for name, number in parts)


def _at(kind: inspect.Type, content: Any, path: Path) -> tuple[inspect.Type, Any]:
    """What may stand at `path`, and what does."""
    for part in path:
        if isinstance(part, int):
            inner = _item_of(kind)
            content = content[part] if isinstance(content, list) and part < len(content) else None
        else:
            struct = _struct_of(kind, content)
            field = _fields(struct).get(part) if struct is not None else None
            inner = _tags(kind) if field is None else field.type
            content = content.get(part) if isinstance(content, dict) else None
        kind = inner if inner is not None else inspect.AnyType()
    return kind, content


def _tags(kind: inspect.Type) -> inspect.Type:
    """What may stand where it says which of several kinds of table it is."""
    tags = tuple(part.tag for part in _members(kind) if isinstance(part, inspect.StructType) and isinstance(part.tag, str))
    return inspect.LiteralType(tags) if tags else inspect.AnyType()


def _where(text: str, path: Path, missing: str = "") -> str:
    """The key, and the line it stands in; of one that is `missing`, of its table."""
    names = [part for part in path if isinstance(part, str)]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in (*path, *([missing] if missing else [])))
    line = _line_of(text, names)
    shown = key.removeprefix(".")[: 2 * MOST_SHOWN]
    return say("state_file", "where", line=line, key=shown) if line else shown


def _line_of(text: str, names: Sequence[str]) -> int:
    """The line in which the key, or the innermost table around it that has one, stands; 0: none."""
    header: list[str] = []
    best, line = 0, 0
    for found in _PLACE.finditer(text):
        parts = [part.strip("\"' \t") for part in (found[1] or found[2]).split(".")]
        if found[1]:
            header = full = parts
        else:
            full = header + parts
        if len(full) > best and list(names[: len(full)]) == full:
            best, line = len(full), text.count("\n", 0, found.end()) + 1
    return line


def _expected(kind: inspect.Type) -> str:
    """What may stand there, in words."""
    parts = [part for part in _members_in_words(kind) if part]
    return say("state_file", "or").join(dict.fromkeys(parts)) or say("state_file", "anything")


def _members_in_words(kind: inspect.Type) -> list[str]:
    members = _members(kind)
    tags = [str(part.tag) for part in members if isinstance(part, inspect.StructType) and part.tag is not None]
    if tags:
        return [say("state_file", "tagged", choices=", ".join(tags))]
    return [_member_in_words(part) for part in members]


def _member_in_words(kind: inspect.Type) -> str:
    match kind:
        case inspect.IntType() | inspect.FloatType():
            return _number_in_words(kind)
        case inspect.BoolType():
            return say("state_file", "boolean")
        case inspect.StrType():
            return say("state_file", "text")
        case inspect.LiteralType():
            return say("state_file", "choice", choices=", ".join(inline(value) for value in kind.values))
        case inspect.VarTupleType() | inspect.CollectionType():
            item = _expected(kind.item_type)
            if kind.min_length is not None and kind.min_length == kind.max_length:
                return say("state_file", "list_of", count=kind.min_length, item=item)
            return say("state_file", "list", item=item)
        case inspect.StructType() | inspect.DictType():
            return say("state_file", "table")
        case _:
            return ""


def _number_in_words(kind: inspect.IntType | inspect.FloatType) -> str:
    code = "integer" if isinstance(kind, inspect.IntType) else "number"
    low = kind.ge if kind.ge is not None else kind.gt
    high = kind.le if kind.le is not None else (kind.lt - 1 if code == "integer" and kind.lt is not None else kind.lt)
    if low is not None and high is not None and high < LIMIT:
        return say("state_file", f"{code}_between", low=f"{low:.12g}", high=f"{high:.12g}")
    if low is not None:
        return say("state_file", f"{code}_from", low=f"{low:.12g}")
    return say("state_file", code)


def _shown(value: Any) -> str:
    """A wrong value as it stands in the text, not too long."""
    if isinstance(value, dict):
        return say("state_file", "a_table")
    if isinstance(value, list):
        return say("state_file", "a_list", count=len(value))
    text = inline(value) if isinstance(value, str | bool) else str(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
