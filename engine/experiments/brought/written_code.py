"""A text of Python as its statements, of which nothing is executed: names are followed to what they were imported as, and
values are literals, tuples and lists of them, and small sums and products.

Called by `torch_code` and `keras_code`. Anything else than a value that stands in the text is refused, with its line.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.figures import full_count
from engine.words import CodedError, Phrase

MOST_CODE_LETTERS = 200_000  # of a text; a network of 2,000 layers has 100,000
MOST_DEEP = 60  # brackets in brackets; blocks lie 30 deep at most
MOST_SIZE = 2**63  # of a number that is computed
MOST_QUOTED = 60  # letters of the text that a sentence quotes

_PROMPT = re.compile(r"^(?:>>> ?|\.\.\. ?|In \[\d+\]: ?|   \.\.\.: )", re.MULTILINE)
_FENCED = re.compile(r"\A\s*```[^\n]*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)  # of a notebook: %matplotlib inline, !pip install
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Div: lambda a, b: a / b,
    ast.Mod: lambda a, b: a % b,
}


class BroughtError(CodedError):
    """A text or a file that holds no network which can be read. The sentence names the line, and what was expected."""

    TABLE = "brought"


def brought_note(code: str, **values: object) -> Phrase:
    """A sentence of the room's table of words."""
    return Phrase(BroughtError.TABLE, code, values)


def once(notes: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """`notes` in order, none of them twice."""
    return tuple(note for number, note in enumerate(notes) if note not in notes[:number])


@dataclass(frozen=True)
class WrittenCode:
    """`statements` as Python has parsed them. `aliases` says of each imported name what it is: nn -> torch.nn. `constants` are
    the values that names, `self.hidden` among them, have been given, in the order of the text, as far as it has been read."""

    statements: Sequence[ast.stmt]
    text: str
    shift: int = 0  # of the line numbers: lines that the reader has put before the text
    aliases: dict[str, str] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)

    def line(self, node: ast.AST) -> int:
        """The line of the text, from 1 on, in which `node` begins."""
        return int(getattr(node, "lineno", 1)) - self.shift

    def quoted(self, node: ast.AST) -> str:
        """What stands in the text, on one line and not too long."""
        found = " ".join((ast.get_source_segment(self.text, node) or "").split())
        return found if len(found) <= MOST_QUOTED else found[: MOST_QUOTED - 1] + "…"

    def dotted(self, node: ast.expr) -> str:
        """A name as it was imported: `nn.ReLU` after `import torch.nn as nn` is torch.nn.ReLU. "" for anything but names."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.aliases.get(node.id, node.id), *reversed(parts)])

    def value(self, node: ast.expr) -> Any:
        """The number, text, truth value, None, tuple or list that `node` writes. Raises BroughtError for anything that would
        have to be executed."""
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None):
                return node.value
            case ast.Tuple() | ast.List():
                values = [self.value(part) for part in node.elts]
                return tuple(values) if isinstance(node, ast.Tuple) else values
            case ast.Name() if node.id in self.constants:
                return self.constants[node.id]
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if f"self.{name}" in self.constants:
                return self.constants[f"self.{name}"]
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                number = self._number(node.operand)
                return -number if isinstance(node.op, ast.USub) else number
            case ast.BinOp():
                return self._computed(node)
            case ast.Call(func=ast.Name(id="int"), args=[inner], keywords=[]):
                return int(self._number(inner))
        raise BroughtError("no_value", line=self.line(node), found=self.quoted(node))

    def _number(self, node: ast.expr) -> Any:
        number = self.value(node)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise BroughtError("no_value", line=self.line(node), found=self.quoted(node))
        return number

    def _computed(self, node: ast.BinOp) -> Any:
        left, right = self._number(node.left), self._number(node.right)
        try:
            if isinstance(node.op, ast.Pow):
                if not 0 <= right <= 64 or abs(left) > 2**16:
                    raise OverflowError
                found = left**right
            else:
                found = _OPERATORS[type(node.op)](left, right)
            if abs(found) > MOST_SIZE:
                raise OverflowError
        except (KeyError, ArithmeticError):
            raise BroughtError("no_value", line=self.line(node), found=self.quoted(node)) from None
        return found

    def _learned(self, name: str, written: ast.expr) -> bool:
        try:
            self.constants[name] = self.value(written)
        except BroughtError:
            self.constants.pop(name, None)  # it is another value from here on, which is not known
            return False
        return True

    def learn(self, statement: ast.stmt) -> bool:
        """Take an import, or a name that is given a value, into account; whether `statement` is one."""
        match statement:
            case ast.Import():
                for each in statement.names:
                    self.aliases[each.asname or each.name.partition(".")[0]] = (
                        each.name if each.asname else each.name.partition(".")[0]
                    )
                return True
            case ast.ImportFrom():
                for each in statement.names:
                    self.aliases[each.asname or each.name] = f"{statement.module or ''}.{each.name}"
                return True
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=written)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as written)
            ):
                return self._learned(name, written)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=written):
                return self._learned(f"self.{name}", written)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                pairs = [ast.Assign(targets=[name], value=value) for name, value in zip(names, values, strict=True)]
                learned = [self.learn(ast.copy_location(pair, statement)) for pair in pairs]  # each of them
                return all(learned)
        return False


_PARTNERS = {"(": ")", "[": "]", "{": "}"}
_BRACKET = re.compile(r"""'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\#[^\n]*|([()\[\]{}])""", re.DOTALL)


def code_of(text: str) -> WrittenCode:
    """`text`, as it was pasted or read, as statements: with the prompts of an interpreter or the fence of a chat around it, or
    a few arguments out of a call, `nn.ReLU(),`. Raises BroughtError."""
    if len(text) > MOST_CODE_LETTERS:
        raise BroughtError("too_long", count=full_count(len(text)), most=full_count(MOST_CODE_LETTERS))
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    if fenced := _FENCED.match(plain):
        plain = "\n" * plain[: fenced.start(1)].count("\n") + fenced[1]
    if _PROMPT.match(plain.lstrip("\n")):
        plain = _PROMPT.sub("", plain)
    plain = textwrap.dedent(_MAGIC.sub("", plain))
    _require_shallow(plain)
    try:
        return WrittenCode(_parsed(plain), plain)
    except SyntaxError as error:
        around = f"(\n{plain.rstrip()}\n)"  # arguments that were copied out of a call
        try:
            return WrittenCode(_parsed(around), around, shift=1)
        except SyntaxError:
            raise _without_partner(plain) or BroughtError("no_python", line=error.lineno or 1) from None


def _without_partner(text: str) -> BroughtError | None:
    """What is said of the first bracket that has no partner, with the line that opened it; None where each has one. Brackets in
    texts and comments do not count."""
    opened = list[tuple[str, int]]()
    for found in _BRACKET.finditer(text):
        sign, line = found[1], text.count("\n", 0, found.start()) + 1
        if sign is None:
            continue
        if sign in _PARTNERS:
            opened.append((sign, line))
        elif not opened:
            return BroughtError("brackets", line=line)
        elif _PARTNERS[opened[-1][0]] != sign:
            return BroughtError("bracket_differs", line=line, found=sign, sign=opened[-1][0], opened=opened[-1][1])
        else:
            opened.pop()
    return BroughtError("bracket_open", line=opened[-1][1], sign=opened[-1][0]) if opened else None


def _parsed(text: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a text of someone else's
            return ast.parse(text).body
    except (RecursionError, MemoryError):
        raise BroughtError("too_deep", most=MOST_DEEP) from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def _require_shallow(text: str) -> None:
    """Raise BroughtError where brackets lie too deep in brackets: reading follows them. Those in texts and comments count too,
    which is no harm: they close again as a rule."""
    level = 0
    for sign in re.finditer(r"[(\[{]|[)\]}]", text):
        level = level + 1 if sign[0] in "([{" else max(0, level - 1)
        if level > MOST_DEEP:
            raise BroughtError("too_deep", most=MOST_DEEP)


def deep(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """All nodes at and below `nodes`, in no order of the text. Not recursive."""
    for node in nodes:
        yield from ast.walk(node)
