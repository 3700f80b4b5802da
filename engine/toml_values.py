"""What was parsed from a TOML text, as a value of a declared kind; or why it is none, by a code, with its place and what was
expected there.

It knows msgspec's structs and annotations, and nothing of what they mean. Called by everything that reads TOML, and by whoever
has a msgspec.ValidationError to explain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, reduce
from typing import Any, TypeAlias, TypeVar, cast

import msgspec
from msgspec import inspect

from engine.toml_places import KeyPath
from engine.toml_text import MOST_SHOWN, NONE, TomlError, inline
from engine.words import Phrase

LARGEST = 2**31 - 1  # a limit that only keeps numbers within a spin box: said only to whoever is above it
_NEAR = 0.75  # of 1, where every letter is the same

_NETWORK_PATH = re.compile(r"\s*(?:[\\/]{2}|\\\?\?\\|\w{2,}://)")  # //server, \\server, /\server, \??\UNC, smb://

T = TypeVar("T")
Named: TypeAlias = Callable[[KeyPath], object]  # the words for a place: a text or a Phrase


def converted(content: Any, kind: type[T], named: Named) -> T:
    """`content` as a value of `kind`, any annotation that msgspec knows; `named` words a place in it. Raises TomlError."""
    try:
        return msgspec.convert(content, kind)
    except RecursionError:
        raise TomlError("too_deep") from None
    except msgspec.ValidationError as first:
        try:
            changed = _with_none(_type_info(cast("Hashable", kind)), content)
            if changed != content:
                return msgspec.convert(changed, kind)
            raise explained(first, content, kind, named) from None
        except msgspec.ValidationError as error:
            raise explained(error, changed, kind, named) from None
        except RecursionError:
            raise TomlError("too_deep") from None


def is_network_path(text: str) -> bool:
    """Whether `text`, as a path, names a file of another computer, on any system."""
    return _NETWORK_PATH.match(text) is not None


def refuse_network_paths(content: Any, named: Named) -> None:
    """Raise TomlError where a text in `content`, which has been read from a file, names a file of another computer: to
    look for it would send the user's name, and on some systems the password's digest, to whoever wrote the file. What a key
    `name` says is no path."""
    waiting: list[tuple[KeyPath, Any]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, name), part) for name, part in value.items() if name != "name"]
        elif isinstance(value, list):
            waiting += [((*path, number), part) for number, part in enumerate(value)]
        elif isinstance(value, str) and is_network_path(value):
            raise TomlError("network_path", where=named(path), found=_shown(value))


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


# --- the declarations, as msgspec tells them


@cache
def _type_info(kind: Hashable) -> inspect.Type:
    return inspect.type_info(kind)


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


def _tags(kind: inspect.Type) -> tuple[str, ...]:
    """What may stand where it says which of several kinds of table it is."""
    return tuple(part.tag for part in _members(kind) if isinstance(part, inspect.StructType) and isinstance(part.tag, str))


def _at(kind: inspect.Type, content: Any, path: KeyPath) -> tuple[inspect.Type, Any]:
    """What may stand at `path`, and what does."""
    for part in path:
        inner: inspect.Type | None
        if isinstance(part, int):
            inner = _item_of(kind)
            content = content[part] if isinstance(content, list | tuple) and part < len(content) else None
        else:
            struct = _struct_of(kind, content)
            field = _fields(struct).get(part) if struct is not None else None
            inner = field.type if field is not None else None
            content = content.get(part) if isinstance(content, dict) else None
        kind = inner if inner is not None else inspect.AnyType()
    return kind, content


# --- what is wrong


def explained(error: msgspec.ValidationError, content: Any, kind: Any, named: Named) -> TomlError:
    """msgspec's sentence, `Expected `int`, got `str` - at `$.layer.stride``, as what it means. `content`, in msgspec's builtin
    types, is what was to be a `kind`."""
    sentence, _, place = str(error).rpartition(" - at ")
    if not sentence:
        sentence, place = str(error), "$"
    whole, path = _type_info(kind), _path(place.strip("`"))
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", sentence, re.DOTALL):
        inner, found = _at(whole, content, path)
        struct = _struct_of(inner, found)
        where, keys = named((*path, unknown[1])), tuple(_keys(struct)) if struct else ()
        if near := nearest(unknown[1], keys):
            return TomlError("unknown_key_near", where=where, near=near, choices=", ".join(keys))
        return TomlError("unknown_key", where=where, choices=", ".join(keys))
    if missing := re.fullmatch(r"Object missing required field `(.*)`", sentence, re.DOTALL):
        path = (*path, missing[1])
        if tags := _tags_at(whole, content, path):
            return TomlError("missing_key", where=named(path), expected=_choice(tags))
        return TomlError("missing_key", where=named(path), expected=_expected(_at(whole, content, path)[0], None))
    inner, found = _at(whole, content, path)
    if tags := _tags_at(whole, content, path):
        if isinstance(found, str) and (near := nearest(found, tags)):
            return TomlError("no_such_kind_near", where=named(path), found=_shown(found), near=near)
        return TomlError("no_such_kind", where=named(path), found=_shown(found), choices=", ".join(map(inline, tags)))
    return TomlError("wrong_value", where=named(path), found=_shown(found), expected=_expected(inner, found))


def wrong_value(where: object, kind: Hashable, found: Any) -> TomlError:
    """What stands at a place where a `kind` was expected."""
    return TomlError("wrong_value", where=where, found=_shown(found), expected=_expected(_type_info(kind), found))


def nearest(written: str, choices: Sequence[str]) -> str:
    """The choice that was likely meant, or those that are equally near; empty where none is near. Capitals do not matter."""
    letters = written.lower()[:MOST_SHOWN]
    shares = {choice: SequenceMatcher(None, choice.lower(), letters).ratio() for choice in choices}
    best = max(shares.values(), default=0.0)
    return ", ".join(choice for choice, share in shares.items() if share == best >= _NEAR)


def _path(place: str) -> KeyPath:
    """$.weights.edits[0].value as its parts. An entry of which msgspec says no number is the first."""
    parts = re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", place)
    return tuple(name or (int(number) if number.isdigit() else 0) for name, number in parts)


def _tags_at(kind: inspect.Type, content: Any, path: KeyPath) -> tuple[str, ...]:
    """The kinds of table to choose from, where `path` is the key that says which; () elsewhere."""
    if not path:
        return ()
    outer, _ = _at(kind, content, path[:-1])
    tagged = any(isinstance(part, inspect.StructType) and part.tag_field == path[-1] for part in _members(outer))
    return _tags(outer) if tagged else ()


def _keys(struct: inspect.StructType) -> Iterator[str]:
    if struct.tag_field:
        yield struct.tag_field
    yield from _fields(struct)


def _expected(kind: inspect.Type, found: Any) -> Phrase:
    """What may stand there, in words; `found` may not."""
    words: list[Phrase] = []
    for part in _members(kind):
        said = _tagged(kind) if isinstance(part, inspect.StructType) and part.tag is not None else _member(part, found)
        if said is not None and said not in words:
            words.append(said)
    return reduce(lambda first, second: _said("or", first=first, second=second), words) if words else _said("anything")


def _tagged(kind: inspect.Type) -> Phrase:
    return _said("tagged", choices=", ".join(_tags(kind)))


def _member(kind: inspect.Type, found: Any) -> Phrase | None:
    match kind:
        case inspect.IntType() | inspect.FloatType():
            return _number(kind, found)
        case inspect.BoolType():
            return _said("boolean")
        case inspect.StrType():
            return _said("one_line" if kind.pattern is not None else "text")
        case inspect.LiteralType():
            return _choice(kind.values)
        case inspect.VarTupleType() | inspect.CollectionType():
            return _list(kind)
        case inspect.StructType() | inspect.DictType():
            return _said("table")
        case _:
            return None


def _list(kind: inspect.VarTupleType | inspect.CollectionType) -> Phrase:
    item = _expected(kind.item_type, None)
    least, most = kind.min_length, kind.max_length
    if least is not None and least == most:
        return _said("list_of", count=least, item=item)
    if least is not None and most is not None:
        return _said("list_between", least=least, most=most, item=item)
    return _said("list", item=item)


def _number(kind: inspect.IntType | inspect.FloatType, found: Any) -> Phrase:
    low: float | None
    high: float | None
    if isinstance(kind, inspect.IntType):
        low = kind.ge if kind.ge is not None or kind.gt is None else kind.gt + 1
        high = kind.le if kind.le is not None or kind.lt is None else kind.lt - 1
        code = "integer"
        from_low, to_high = "from", "to"
    else:
        low, high = (kind.ge if kind.gt is None else kind.gt), (kind.le if kind.lt is None else kind.lt)
        code = "number"
        from_low, to_high = ("from" if kind.gt is None else "above"), ("to" if kind.lt is None else "below")
    above = isinstance(found, int | float) and high is not None and found > high
    if high is not None and high >= LARGEST and not above:
        high = None
    words = [code, *([from_low] if low is not None else []), *([to_high] if high is not None else [])]
    limits = {"low": low, "high": high}
    return _said(
        "_".join(words),
        **{
            name: f"{limit:,}" if isinstance(limit, int) else f"{limit:,.12g}"
            for name, limit in limits.items()
            if limit is not None
        },
    )


def _choice(words: Iterable[Any]) -> Phrase:
    return _said("choice", choices=", ".join(map(inline, words)))


def _said(code: str, **values: object) -> Phrase:
    return Phrase(TomlError.TABLE, code, values)


def _shown(value: Any) -> object:
    """A wrong value as it stands in the text, not too long."""
    if isinstance(value, dict):
        return _said("a_table")
    if isinstance(value, list | tuple):
        return _said("a_list", count=len(value))
    text = inline(value) if isinstance(value, str | bool | None) else str(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
