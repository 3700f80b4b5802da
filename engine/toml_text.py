"""TOML as the program writes and parses it: only what differs from the defaults is written; a text that is no TOML is refused
with a code and its place.

TOML has no None: it is written "none". Called by everything that is kept as TOML: experiments, layers on the clipboard, labs'
settings. `engine.toml_values` makes values of what was parsed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from engine.figures import full_count
from engine.toml_places import KeyPath, TomlPlaces
from engine.words import CodedError, Phrase, table

MOST_LETTERS = 1_000_000  # of a text: a network of 2,000 layers has 200,000
MOST_SHOWN = 40  # letters of a wrong value
NONE = "none"
SYNTAX = "toml_syntax"  # the words for what tomllib says

# what tomllib says of quotes that are not closed: " on their line, ' in the whole text
_NOT_CLOSED = ("Illegal character '\\n'", "Found invalid character '\\n'", 'Expected "\'"')
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++\s*+\.\s*+){50}""")  # a.a.a...: tomllib needs the square of its length
_LISTS = {"layers": "layer", "main": "layer", "shortcut": "layer", "branches": "branch"}  # what their entries are called
_INSTEAD = ("layers", "branches")  # "layer 7" says it all; "main, layer 2" does not


class TomlError(CodedError):
    """A text that is no TOML, or holds no value of the kind that was asked for."""

    TABLE = "toml"


# --- writing


def entries(value: msgspec.Struct, always: Sequence[str] = ()) -> dict[str, Any]:
    """What a text must say of `value`: of which kind it is, where there are several; what is not the default; and `always`."""
    config = type(value).__struct_config__
    found: dict[str, Any] = {} if config.tag is None else {str(config.tag_field): config.tag}
    for field in _declared(type(value)):
        part = getattr(value, field.name)
        if field.required or field.encode_name in always or part != _default(field):
            found[field.encode_name] = part
    return found


@cache  # msgspec evaluates the annotations at each call: the longest part of writing a text
def _declared(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def table_of(header: str, value: msgspec.Struct, always: Sequence[str] = ()) -> str:
    """`value` as a table under `[header]`, an empty line above it; structs inside it stand on their key's line."""
    lines = [f"{_key(key)} = {inline(part)}" for key, part in entries(value, always).items()]
    return "\n".join(("", f"[{header}]", *lines, ""))


def nested_lines(value: msgspec.Struct, path: tuple[str, ...] = ()) -> list[str]:
    """`value` as lines; each struct inside it is a table of its own."""
    plain, tables = [], []
    for name, part in entries(value).items():
        if isinstance(part, msgspec.Struct):
            inner = (*path, name)
            lines = nested_lines(part, inner)
            if not lines or lines[0]:  # a table of nothing but tables needs no line of its own
                lines = ["", f"[{'.'.join(map(_key, inner))}]", *lines]
            tables += lines
        else:
            plain.append(f"{_key(name)} = {inline(part)}")
    return plain + tables


def inline(value: Any, indent: str = "") -> str:
    """One value on the right of an `=`; a list of tables or lists takes a line for each."""
    match value:
        case None:
            return f'"{NONE}"'
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case msgspec.Struct():
            return _braced(entries(value), indent)
        case dict():
            return _braced(value, indent)
        case tuple() | list() if any(isinstance(part, msgspec.Struct | dict | tuple | list) for part in value):
            deeper = indent + "  "
            return "[\n" + "".join(f"{deeper}{inline(part, deeper)},\n" for part in value) + indent + "]"
        case tuple() | list():
            return f"[{', '.join(inline(part) for part in value)}]"
        case _:
            return repr(value)  # an int, or a float: 1e-05, inf and nan read the same in TOML


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _braced(content: dict[str, Any], indent: str) -> str:
    inside = ", ".join(f"{_key(name)} = {inline(part, indent)}" for name, part in content.items())
    return f"{{ {inside} }}" if inside else "{}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """A TOML basic string, in which \\ " and control characters are escaped."""
    escaped = re.sub(r"[\x00-\x1f\x7f\\\"]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return '"' + escaped.replace("\\u005c", "\\\\").replace("\\u0022", '\\"').replace("\\u000a", "\\n") + '"'


# --- reading


def parsed(text: str) -> dict[str, Any]:
    """The content of a TOML text. Raises TomlError."""
    if len(text) > MOST_LETTERS:
        raise TomlError("too_long", size=full_count(len(text)), most=full_count(MOST_LETTERS))
    text = text.removeprefix("\ufeff")
    if long := _LONG_KEY.search(text):
        raise TomlError("long_key", line=_line_at(text, long.start()))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _twice(text, str(error)) or TomlError("not_toml", **_syntax(str(error), text)) from None
    except RecursionError:
        raise TomlError("too_deep") from None
    except ValueError as error:  # tomllib lets a number of 5,000 digits pass on as it comes
        if digits := re.search(r"limit \((\d+) digits\).* (\d+) digits", str(error)):
            raise TomlError("too_many_digits", count=digits[2], most=digits[1]) from None
        raise TomlError("no_value", detail=str(error)) from None


def place(text: str, path: KeyPath) -> Phrase | str:
    """Where in `text` the key or entry at `path` stands, in words: its line, and the way to it."""
    line, way = TomlPlaces(text).line(path), spoken(path)
    return Phrase(TomlError.TABLE, "line_and_key", {"line": line, "key": way}) if line else way


def spoken(path: KeyPath) -> Phrase | str:
    """network.layers[6].stride as "layer 7, stride": layers and other entries of lists are counted from 1."""
    steps: list[Phrase | str] = []
    names: list[str] = []
    of = ""  # what an entry of an entry is called
    for part in path:
        if isinstance(part, str):
            names.append(part)
            continue
        kind = _LISTS.get(names[-1], "entry") if names else of or "entry"
        if names and (names[-1] in _INSTEAD):
            names = []
        if names:
            steps.append(key(tuple(names)))
        names, of = [], "layer" if kind == "branch" else ""
        steps.append(_numbered(kind, part + 1))
    if names:
        steps.append(key(tuple(names)))
    whole = steps[0] if steps else ""
    for step in steps[1:]:
        whole = Phrase(TomlError.TABLE, "inside", {"outer": whole, "inner": step})
    return whole


def _numbered(kind: str, number: int) -> Phrase:
    match kind:
        case "layer":
            return Phrase(TomlError.TABLE, "layer_number", {"number": number})
        case "branch":
            return Phrase(TomlError.TABLE, "branch_number", {"number": number})
        case _:
            return Phrase(TomlError.TABLE, "entry_number", {"number": number})


def key(path: KeyPath) -> str:
    """layers[2].stride"""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in path).removeprefix(".")
    return written if len(written) <= 2 * MOST_SHOWN else written[: 2 * MOST_SHOWN] + "…"


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _twice(text: str, problem: str) -> TomlError | None:
    """Which key stands twice in `text`, where that is the problem; None where it is another one, further up."""
    found = re.search(r"at line (\d+)", problem)
    for path, first, line in TomlPlaces(text).twice:
        if found is None or line <= int(found[1]):
            return TomlError("twice", line=line, key=spoken(path), first=first)
    return None


def _syntax(problem: str, text: str) -> dict[str, object]:
    """tomllib's sentence, `Unclosed array (at line 3, column 7)`, as the values of `not_toml`."""
    detail, _, place = problem.rpartition(" (at ")
    if number := re.match(r"line (\d+), column (\d+)", place):
        at = Phrase(TomlError.TABLE, "line_and_column", {"line": int(number[1]), "column": int(number[2])})
    else:
        at = Phrase(TomlError.TABLE, "end_of_text", {"line": _line_at(text.rstrip(), len(text))})
    if detail in _NOT_CLOSED:
        return {"detail": Phrase(SYNTAX, "string", {}), "at": at}
    for pattern, code in _syntax_patterns():
        if found := pattern.fullmatch(detail):
            return {"detail": Phrase(SYNTAX, code, found.groupdict()), "at": at}
    return {"detail": detail, "at": at}


@cache
def _syntax_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The English of each code is tomllib's own sentence: a pattern that finds the code."""
    return tuple(
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(entry["en"])), re.DOTALL), code)
        for code, entry in table(SYNTAX).items()
    )
