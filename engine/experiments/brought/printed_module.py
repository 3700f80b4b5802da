"""What `print(model)` says of a torch module, as people paste it:

    Sequential(
      (0): Conv2d(1, 32, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
      (1): ReLU()
    )

It names every layer with its arguments. Of a module of another class than Sequential it does not say what happens between the
layers, so that is refused. Called by `network_code`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from engine.experiments.brought.torch_calls import PADDINGS, Margin, layer_of, simplest
from engine.experiments.brought.torch_code import ReadLayers
from engine.experiments.brought.torch_expressions import Child, Item, block, chained
from engine.experiments.brought.written_code import MOST_DEEP, BroughtError, WrittenCode, code_of, once
from engine.words import Phrase

_ROW = re.compile(r"^\s*(?:>>> ?)?\(([^()\s]+)\): (\w+)\((.*)$")
_HEAD = re.compile(r"^\s*(?:Out\[\d+\]: ?)?(\w+)\(\s*$")
_BARE_WORD = re.compile(r"\b(padding|padding_mode|mode)=([a-z]\w*)")  # print leaves their quotation marks out
_LISTING = re.compile(r"^[ \t]*\([^()\s]+\): \w+\(", re.MULTILINE)


def is_printed(text: str) -> bool:
    """Whether `text` is a module as torch prints it."""
    return _LISTING.search(text) is not None


def printed_layers(text: str) -> ReadLayers:
    """The layers of a printed module. Raises BroughtError."""
    return _Lines(text.replace("\r\n", "\n").split("\n")).read()


@dataclass
class _Lines:
    lines: list[str]
    at: int = 0

    def read(self) -> ReadLayers:
        notes: list[Phrase] = []
        children: list[Child] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            head = _HEAD.match(line)
            if head and self._opens():
                self._require_sequential(head[1], self.at + 1)
                self.at += 1
                children += self._block(notes, 1)
                whole = True
                break
            if _ROW.match(line):  # rows that were copied out of the listing
                children += self._block(notes, 1)
                whole = False
                break
            self.at += 1
        else:
            raise BroughtError("no_network")
        layers = block(children).layers if whole else chained([item for _, item in children])
        return ReadLayers(layers, whole, once(notes))

    def _opens(self) -> bool:
        """Whether the next line is the first row of a block."""
        return self.at + 1 < len(self.lines) and _ROW.match(self.lines[self.at + 1]) is not None

    def _require_sequential(self, kind: str, line: int) -> None:
        if kind != "Sequential":
            raise BroughtError("printed_class", line=line, name=kind)

    def _block(self, notes: list[Phrase], level: int) -> list[Child]:
        """The rows up to the bracket that closes their block."""
        if level > MOST_DEEP:
            raise BroughtError("too_deep", most=MOST_DEEP)
        children: list[Child] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            row = _ROW.match(line)
            if row is None:
                self.at += 1
                if line.strip() == ")":
                    break
                if line.strip():
                    raise BroughtError("no_row", line=self.at, found=line.strip()[:60])
                continue
            name, kind, rest = row.groups()
            if not rest.strip():
                self._require_sequential(kind, self.at + 1)
                self.at += 1
                children.append((name, block(self._block(notes, level + 1))))
            else:
                children.append((name, self._layer(kind, rest, notes)))
                self.at += 1
        return children

    def _layer(self, kind: str, rest: str, notes: list[Phrase]) -> Item:
        number = self.at + 1
        if kind == "Sequential" and rest.strip() == ")":
            return block([])
        try:
            code = code_of(f"{kind}({_BARE_WORD.sub(_quoted, rest.strip())}")
        except BroughtError:
            raise BroughtError("no_row", line=number, found=rest.strip()[:60]) from None
        positional, named = _arguments(code, number)
        if kind in PADDINGS:
            sides = [*positional, *named.values()]
            return Margin(kind, number, sides[0] if len(sides) == 1 else sides)
        return simplest(layer_of(kind, number, positional, named, notes))


def _quoted(word: re.Match[str]) -> str:
    return f'{word[1]}="{word[2]}"'


def _arguments(code: WrittenCode, line: int) -> tuple[list[object], dict[str, object]]:
    match list(code.statements):
        case [ast.Expr(value=ast.Call(args=args, keywords=keywords))]:
            try:
                return [code.value(node) for node in args], {str(each.arg): code.value(each.value) for each in keywords}
            except BroughtError as error:
                raise BroughtError("no_value", line=line, found=error.phrase.values.get("found", "")) from None
    raise BroughtError("no_row", line=line, found=code.text[:60])
