"""Layers from the expressions of PyTorch code: calls of torch.nn, nested `nn.Sequential`, lists, and the classes that the
program's own scripts bring along. Called by `torch_code`, which follows the statements.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.experiments.brought.torch_calls import (
    NAMED_ONLY,
    PADDINGS,
    SIGNATURES,
    TORCH_NAMES,
    Margin,
    kind_of,
    layer_of,
    made,
)
from engine.experiments.brought.written_code import BroughtError, WrittenCode, brought_note, deep
from engine.experiments.scripts.export import module_classes
from engine.layers.base import Layer
from engine.layers.catalog import AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.composite import MOST_NAME_LETTERS, ONE_LINE
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.edits import Layers
from engine.words import Phrase, printable

Item: TypeAlias = AnyLayer | Margin
Child: TypeAlias = tuple[str, Item]

_STAYING = frozenset(("to", "cuda", "cpu", "eval", "train", "float", "double", "half", "bfloat16", "requires_grad_"))
OWN = ("Sum", "SideBySide", "Permute", "ReadOut", "PaddedConv1d", "PaddedConv2d", "PaddedConv3d")  # of the exported scripts


def chained(children: Sequence[Item]) -> Layers:
    """`children` in order, each padding layer inside the convolution that follows it. Raises BroughtError."""
    layers: list[AnyLayer] = []
    waiting: Margin | None = None
    for child in children:
        if waiting is not None:
            child, waiting = waiting.around(child), None
        if isinstance(child, Margin):
            waiting = child
        else:
            layers.append(child)
    if waiting is not None:
        waiting.around(None)
    return tuple(layers)


def block(children: Sequence[Child]) -> Sequential:
    """A Sequential of `children`; those that are blocks themselves keep the names that they have in it."""
    named = [_with_name(name, item) for name, item in children]
    return Sequential(layers=chained(named))


def _with_name(name: str, item: Item) -> Item:
    if isinstance(item, Sequential) and name and not name.isdecimal():
        return made_block(item.layers, name)
    return item


def made_block(layers: Layers, name: str) -> Sequential:
    shown = printable(name)[:MOST_NAME_LETTERS]
    return Sequential(layers=layers, name=shown if re.match(ONE_LINE, shown) else "")


@dataclass
class TorchExpressions:
    """What is known of a text's names, as far as it has been read: `modules` are layers, `lists` are lists of them. `used` are
    the names that have become a part of something, `own` the exported scripts' classes that are used, and where."""

    code: WrittenCode
    modules: dict[str, Item] = field(default_factory=dict)
    lists: dict[str, list[Child]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    notes: list[Phrase] = field(default_factory=list)

    def _name(self, node: ast.expr) -> str:
        """The name in torch.nn of what is called, or of a class of the exported scripts; "" for anything else."""
        dotted = self.code.dotted(node)
        if dotted.startswith("torch.nn.") and dotted.count(".") == 2:
            return dotted.rpartition(".")[2]
        if "." not in dotted and dotted in self.classes:
            return dotted
        return dotted if dotted in TORCH_NAMES else ""

    def _unwrapped(self, node: ast.expr) -> str:
        """The variable that a chain of calls such as `model.to(device).eval()` begins with."""
        inner = _inner(node)
        return inner.id if isinstance(inner, ast.Name) else ""

    def _is_module(self, node: ast.expr) -> bool:
        inner = _inner(node)
        if isinstance(inner, ast.Name):
            return inner is not node and inner.id in self.modules
        if not isinstance(inner, ast.Call):
            return False
        name = self._name(inner.func)
        return bool(name) and not name.endswith("Loss") and (name not in self.classes or self._is_own_layer(name))

    def _class_called(self, node: ast.expr) -> tuple[str, ast.Call] | None:
        """The class of the text's own that an expression makes, `Net` of `Net(10).to(device)`, and the call of it."""
        inner = _inner(node)
        if not isinstance(inner, ast.Call) or self._name(inner.func) not in self.classes:
            return None
        name = self._name(inner.func)
        return None if name in OWN else (name, inner)

    def _is_own_layer(self, name: str) -> bool:
        """Whether a class of the text may be a layer: what it derives from is named Module, or is a torch.nn class."""
        bases = [self.code.dotted(base) for base in self.classes[name].bases]
        return any(base.endswith("Module") or base.startswith(("torch.nn.", "nn.")) or base in TORCH_NAMES for base in bases)

    def _is_list(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.List | ast.Tuple):
            return False
        return all(self._is_module(part) or (isinstance(part, ast.Name) and part.id in self.modules) for part in node.elts)

    def _children(self, node: ast.expr) -> list[Child]:
        """The layers of a list, with their names where it has them."""
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [child for part in parts for child in self._child(part)]
            case ast.Dict(keys=keys, values=values):
                return [(self._called(key), self._module(value)) for key, value in zip(keys, values, strict=True)]
            case ast.Name(id=name) if name in self.lists:
                self.used.append(name)
                return list(self.lists[name])
            case ast.Call(func=func, args=args, keywords=[]) if self.code.dotted(func).rpartition(".")[2] in (
                "OrderedDict",
                "list",
            ):
                return self._children(args[0]) if args else []
        raise BroughtError("no_layers_listed", line=self.code.line(node), found=self.code.quoted(node))

    def _child(self, node: ast.expr) -> list[Child]:
        if isinstance(node, ast.Starred):
            return self._children(node.value)
        if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == 2:  # ("conv1", nn.Conv2d(...))
            return [(self._called(node.elts[0]), self._module(node.elts[1]))]
        return [("", self._module(node))]

    def _called(self, key: ast.expr | None) -> str:
        return "" if key is None else str(self.code.value(key))

    def _module(self, node: ast.expr) -> Item:
        """The layer that an expression makes. Raises BroughtError."""
        inner = _inner(node)
        line = self.code.line(node)
        if isinstance(inner, ast.Name) and inner.id in self.modules:
            item = self.modules[inner.id]
            if inner.id in self.used and learns(item):
                self.notes.append(brought_note("shared", line=line, name=inner.id))
            self.used.append(inner.id)
            return item
        if not isinstance(inner, ast.Call):
            raise BroughtError("no_layer", line=line, found=self.code.quoted(node))
        name = self._name(inner.func)
        if name in self.classes:
            if name not in OWN:
                raise BroughtError("own_class_used", line=self.code.line(inner), name=name)
            self.own.setdefault(name, self.code.line(inner))
            return self._own_module(name, inner)
        if not name:
            raise BroughtError("no_layer", line=line, found=self.code.quoted(inner.func))
        return self._torch_module(name, inner)

    def _torch_module(self, name: str, call: ast.Call) -> Item:
        line = self.code.line(call)
        if name == "Sequential":
            return block(self._in_sequential(call))
        if name not in PADDINGS and name != "Softmax2d":
            kind_of(name, line)
        positional, named = self._arguments(name, call)
        if name in PADDINGS:
            if len(positional) + len(named) != 1 or (named and "padding" not in named):
                raise BroughtError("no_such_argument", line=line, name=name, argument=", ".join(named), choices="padding")
            return Margin(name, line, [*positional, *named.values()][0])
        if name == "Softmax2d":
            name, named = "Softmax", {"dim": 1}
        return layer_of(name, line, positional, named, self.notes)

    def _in_sequential(self, call: ast.Call) -> list[Child]:
        match call.args:
            case [ast.Dict() | ast.List() as only]:
                return self._children(only)
            case [ast.Call() as only] if self.code.dotted(only.func).rpartition(".")[2] == "OrderedDict":
                return self._children(only)
            case [ast.Name(id=name)] if name in self.lists:
                return self._children(call.args[0])
        if call.keywords:
            raise BroughtError("no_layers_listed", line=self.code.line(call), found=self.code.quoted(call.keywords[0].value))
        return [child for node in call.args for child in self._child(node)]

    def _arguments(self, name: str, call: ast.Call) -> tuple[list[Any], dict[str, Any]]:
        """The values of a call's arguments; those that only say where torch keeps the numbers are not read."""
        unread = ("device", "dtype", "_weight")
        order = SIGNATURES.get(name, ()) + NAMED_ONLY.get(name, ())
        positional: list[Any] = []
        for index, node in enumerate(call.args):
            if isinstance(node, ast.Starred):
                raise BroughtError("no_value", line=self.code.line(node), found=self.code.quoted(node))
            positional.append("" if order[index : index + 1] in (("device",), ("dtype",)) else self.code.value(node))
        named = {}
        for keyword in call.keywords:
            if keyword.arg is None:
                raise BroughtError("no_value", line=self.code.line(keyword.value), found=self.code.quoted(keyword.value))
            constant = isinstance(keyword.value, ast.Constant)
            named[keyword.arg] = "" if keyword.arg in unread and not constant else self.code.value(keyword.value)
        return positional, named

    # --- the classes of the exported scripts

    def _own_module(self, name: str, call: ast.Call) -> AnyLayer:
        """What a class of the exported scripts stands for."""
        match name:
            case "Sum":
                main, shortcut = (self._branch(node) for node in self._expected(call, 2))
                return Residual(main=main, shortcut=shortcut)
            case "SideBySide":
                return Concat(branches=tuple(self._branch(node) for node in call.args))
            case "Permute":
                return made("Permute", self.code.line(call), {"dims": [self.code.value(node) for node in call.args]})
            case "ReadOut":
                return self._read_out(call)
        pad = self._module(self._expected(call, 1)[0])
        inner = ast.copy_location(ast.Call(func=call.func, args=call.args[1:], keywords=call.keywords), call)
        convolution = self._torch_module(name.removeprefix("Padded"), inner)
        if not isinstance(pad, Margin) or not isinstance(convolution, Convolution):
            raise BroughtError("own_class_used", line=self.code.line(call), name=name)
        return pad.around(convolution)

    def _expected(self, call: ast.Call, count: int) -> list[ast.expr]:
        if len(call.args) < count:
            raise BroughtError("no_value", line=self.code.line(call), found=self.code.quoted(call))
        return call.args[: max(count, 1)]

    def _branch(self, node: ast.expr) -> Layers:
        item = self._module(node)
        return item.layers if isinstance(item, Sequential) and not item.name else chained([item])

    def _read_out(self, call: ast.Call) -> AnyLayer:
        """ReadOut(nn.LSTM(...), "last"): the recurrent layer with what it hands on."""
        cell, output = self._expected(call, 2)
        made_cell = self._module(cell)
        self.notes = [note for note in self.notes if note.code != "cell_in_sequential"]  # here it says itself what it hands on
        if not isinstance(made_cell, Recurrent):
            raise BroughtError("own_class_used", line=self.code.line(call), name="ReadOut")
        changes = {keyword.arg or "": self.code.value(keyword.value) for keyword in call.keywords}
        content = {key: getattr(made_cell, key) for key in made_cell.__struct_fields__}
        return made(type(made_cell).__name__, self.code.line(call), {**content, "output": self.code.value(output), **changes})

    def _require_own_classes(self, layers: Layers) -> None:
        """Raise BroughtError where a class has the name of one of the exported scripts, and says something else."""
        if not self.own:
            return
        steps = [node.value for node in deep(list(self.classes.values())) if isinstance(node, ast.Constant)]
        truncated = [None, *{step for step in steps if type(step) is int and step > 1}]
        known = {
            ast.dump(statement)
            for each in truncated
            for text in module_classes(layers, each)
            for statement in ast.parse(text).body
        }
        for name, line in self.own.items():
            if ast.dump(self.classes[name]) not in known:
                raise BroughtError("own_class_used", line=line, name=name)


def _inner(node: ast.expr) -> ast.expr:
    """What a chain of calls that leave a network as it is begins with: `nn.ReLU()` of `nn.ReLU().to(device)`."""
    while True:
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _STAYING:
                node = inner
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="compile"), args=[inner, *_]):
                node = inner
            case _:
                return node


def learns(item: Item) -> bool:
    """Whether a layer has weights of its own."""
    if isinstance(item, Margin):
        return False
    return isinstance(item, Layer) and any(
        hasattr(item, key) for key in ("bias", "affine", "elementwise_affine", "num_embeddings", "layers")
    )
