"""Where in a TOML text a key or an entry of a list stands, and which key stands there twice.

`tomllib` forgets the lines of what it has read. This reads a text once more, which need not be valid to its end, and keeps
nothing but lines. Called by `toml_text` when something is wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]  # network.layers[2].stride is ("network", "layers", 2, "stride")

_DEEPEST = 200  # brackets inside brackets; what is further in has the line of what is around it

_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|#[^\n]*)|(?P<line>\n)|(?P<sign>[\[\]{},=.])"
    r'|(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<bare>[^\s\[\]{},=.\"'#]+)|(?P<other>.)",
    re.DOTALL,
)


class Twice(NamedTuple):
    """A key that stands in two lines."""

    path: KeyPath
    first: int
    line: int


class TomlPlaces:
    """The lines, counted from 1, of all keys and entries of a text, and the keys that it has twice."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.twice: list[Twice] = []
        self._counts: dict[KeyPath, int] = {}  # of the tables of [[lists]]
        self._read(_tokens(text))

    def line(self, path: KeyPath) -> int:
        """The line of what stands at `path`, or of the innermost thing around it that has one; 0: none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def _note(self, path: KeyPath, line: int) -> None:
        if path in self.lines and isinstance(path[-1], str):
            self.twice.append(Twice(path, self.lines[path], line))
        self.lines.setdefault(path, line)

    def _read(self, tokens: Iterator[tuple[str, str, int]]) -> None:
        header: KeyPath = ()
        key: list[str] = []
        inside: list[tuple[KeyPath, int | None]] = []  # open lists with the number of their entry, and open tables with None
        here: KeyPath = ()
        wanted = "key"  # or a value, what follows a value, or the rest of a header
        double = False
        for kind, token, line in tokens:
            if len(inside) > _DEEPEST:
                return
            match wanted:
                case "key":
                    if token == "[" and not inside and not key:
                        wanted, double = "header", False
                    elif kind in ("bare", "text"):
                        key.append(_unquoted(token))
                    elif token == "=" and key:
                        here = (*(inside[-1][0] if inside else header), *key)
                        self._note(here, line)
                        wanted, key = "value", []
                    elif token == "}" and inside:
                        inside.pop()
                        wanted = "end"
                    elif kind == "line":
                        key = []
                case "header":
                    if token == "[" and not key:
                        double = True
                    elif kind in ("bare", "text"):
                        key.append(_unquoted(token))
                    elif kind == "line":
                        header, wanted = self._entered(key, line - 1, double=double), "key"
                        key = []
                case "value":
                    if token in ("[", "{") or kind in ("bare", "text", "sign"):
                        if here and isinstance(here[-1], int) and token != "]":
                            self._note(here, line)
                        if token == "[":
                            inside.append((here, 0))
                            here = (*here, 0)
                        elif token == "{":
                            inside.append((here, None))
                            wanted = "key"
                        else:
                            if token == "]" and inside:
                                inside.pop()
                            wanted = "end"
                    elif kind == "line" and not inside:
                        wanted = "key"
                case _:
                    if token in ("]", "}") and inside:
                        inside.pop()
                    elif token == "," and inside:
                        around, number = inside[-1]
                        if number is None:
                            wanted = "key"
                        else:
                            inside[-1] = (around, number + 1)
                            here, wanted = (*around, number + 1), "value"
                    elif kind == "line" and not inside:
                        wanted = "key"
        if wanted == "header":
            self._entered(key, line, double=double)

    def _entered(self, key: list[str], line: int, *, double: bool) -> KeyPath:
        """The table that a header opens."""
        path: KeyPath = ()
        for number, part in enumerate(key, start=1):
            path = (*path, part)
            if number == len(key) and double:
                self._counts[path] = self._counts.get(path, 0) + 1
            self.lines.setdefault(path, line)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        self.lines.setdefault(path, line)
        return path


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and line of each token, without spaces and remarks; the end of a line is of the next one."""
    line = 1
    for found in _TOKEN.finditer(text):
        kind, token = str(found.lastgroup), found[0]
        if kind == "line":
            line += 1
        if kind != "space":
            yield kind, token, line
        if kind == "text":
            line += token.count("\n")


def _unquoted(token: str) -> str:
    """A key as it is meant."""
    if token[0] == '"' and "\\" in token:
        try:
            return str(tomllib.loads(f"key = {token}")["key"])
        except tomllib.TOMLDecodeError:
            return token
    return token.strip("\"'")
