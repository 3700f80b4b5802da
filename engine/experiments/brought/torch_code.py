"""Layers from PyTorch code: `nn.Sequential(...)` as people write it, with what stands around it in a script or a notebook.

What is followed: imports, names for numbers and for layers, lists of layers, nested Sequential, OrderedDict, `add_module` and
`append`. What would have to be run (a class of one's own, a loop, a function) is refused where the network needs it, and left
alone elsewhere. Called by `network_code`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

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
from engine.experiments.brought.written_code import BroughtError, WrittenCode, brought_note, deep, once
from engine.experiments.scripts.export import module_classes
from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.composite import MOST_NAME_LETTERS, ONE_LINE
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.edits import Layers
from engine.words import Phrase, printable

Item: TypeAlias = AnyLayer | Margin
Child: TypeAlias = tuple[str, Item]

WHOLE_NAMES = ("model", "net", "network", "cnn", "mlp", "rnn", "lstm")  # of several networks, the one that is meant
_STAYING = frozenset(("to", "cuda", "cpu", "eval", "train", "float", "double", "half", "bfloat16", "requires_grad_"))
_GROWING = frozenset(("add_module", "append", "extend"))
_CHANGING = _GROWING | {"insert", "pop", "register_module", "clear", "remove", "reverse", "__setitem__", "__delitem__"}
_OF_WEIGHTS = frozenset(("weight", "bias", "data", "requires_grad", "training", "grad"))
_OWN = ("Sum", "SideBySide", "Permute", "ReadOut", "PaddedConv1d", "PaddedConv2d", "PaddedConv3d")  # of the exported scripts
_FILLED = frozenset(f"torch.{name}" for name in ("zeros", "ones", "rand", "randn", "empty"))


@dataclass(frozen=True)
class ReadLayers:
    """What a text says of a network. `whole`: it names a network, and not only some layers. `shapes` are the inputs, without
    the batch, that the text gives it. `name` is what the text calls it, or ""."""

    layers: Layers
    whole: bool
    notes: tuple[Phrase, ...] = ()
    shapes: tuple[Shape, ...] = ()
    name: str = ""


def torch_layers(code: WrittenCode) -> ReadLayers:
    """The layers that PyTorch `code` stacks. Raises BroughtError."""
    return _Reader(code).read()


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
class _Reader:
    code: WrittenCode
    modules: dict[str, Item] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    lists: dict[str, list[Child]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)  # the exported scripts' classes that are used, and where
    bare: list[Item] = field(default_factory=list)
    functions: list[ast.stmt] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)

    def read(self) -> ReadLayers:
        self.code.aliases.setdefault("nn", "torch.nn")
        statements = list(_at_the_top(self.code.statements))
        for statement in statements:
            self._statement(statement)
        layers, whole = self._network()
        self._require_own_classes(layers)
        return ReadLayers(layers, whole, once(self.notes), tuple(self._shapes(statements)), _title(statements))

    # --- statements

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                self.lists[name] = []
                return
        if self.code.learn(statement):
            if isinstance(statement, ast.Assign):
                self._forget([node.id for node in deep(statement.targets) if isinstance(node, ast.Name)])
            return
        match statement:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                self._define(target, value)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value) if name in self.lists:
                self.lists[name] += self._children(value)
            case ast.Return(value=ast.expr() as value):
                if self._is_module(value):
                    self._keep("", value)
            case ast.Expr(value=value):
                self._expression(value)
            case ast.ClassDef():
                self.classes[statement.name] = statement
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.functions.append(statement)
            case _:
                self._require_unchanged(statement)

    def _define(self, target: ast.expr, value: ast.expr) -> None:
        name = _target(target)
        if name and self._is_list(value):
            self.lists[name] = self._children(value)
        elif name and self._is_module(value):
            self._keep(name, value)
        elif name and isinstance(value, ast.Name) and value.id in self.modules:
            self.modules[name], self.lines[name] = self.modules[value.id], self.code.line(value)
            self.used.append(value.id)
        elif name in self.modules or name in self.lists:
            raise BroughtError("made_anew", line=self.code.line(value), name=name, found=self.code.quoted(value))
        else:
            self._require_unchanged(ast.copy_location(ast.Assign(targets=[target], value=value), value))

    def _keep(self, name: str, value: ast.expr) -> None:
        item = self._module(value)
        self.modules[name], self.lines[name] = item, self.code.line(value)
        self.used = [used for used in self.used if used != name]

    def _expression(self, value: ast.expr) -> None:
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _GROWING and (
                name in self.modules or name in self.lists
            ):
                self._grow(name, method, value)
            case ast.Tuple(elts=parts) if parts and all(self._is_module(part) for part in parts):
                self.bare += [self._module(part) for part in parts]
            case _ if self._is_module(value) and not (isinstance(value, ast.Call) and self._unwrapped(value) in self.modules):
                self.bare.append(self._module(value))
            case _:
                self._require_unchanged(ast.copy_location(ast.Expr(value=value), value))

    def _grow(self, name: str, method: str, call: ast.Call) -> None:
        """`name.append(layer)`, `name.extend(layers)`, `name.add_module("conv1", layer)`."""
        line = self.code.line(call)
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if len(arguments) != (2 if method == "add_module" else 1):
            raise BroughtError("no_value", line=line, found=self.code.quoted(call))
        if method == "extend":
            added = self._children(arguments[0])
        else:
            called = str(self.code.value(arguments[0])) if method == "add_module" else ""
            added = [(called, self._module(arguments[-1]))]
        if name in self.lists:
            self.lists[name] += added
            return
        grown = self.modules[name]
        if not isinstance(grown, Sequential):
            raise BroughtError("not_sequential", line=line, found=self.code.quoted(call.func))
        before: list[Child] = [("", cast(Item, layer)) for layer in grown.layers]
        self.modules[name] = block([*before, *added])

    def _forget(self, names: Sequence[str]) -> None:
        for name in names:
            self.modules.pop(name, None)
            self.lists.pop(name, None)

    def _require_unchanged(self, statement: ast.stmt) -> None:
        """Raise BroughtError where a statement that is not followed changes a network that has been read."""
        known = {*self.modules, *self.lists}
        for node in deep([statement]):
            match node:
                case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _CHANGING and _root(inner) in known:
                    changed: ast.AST | None = node
                case ast.Assign(targets=targets):
                    changed = next((each for each in targets if self._changes(each, known)), None)
                case ast.AugAssign(target=target):
                    changed = target if self._changes(target, known) else None
                case ast.Delete(targets=targets):
                    changed = next((each for each in targets if _root(each) in known), None)
                case _:
                    changed = None
            if changed is not None:
                raise BroughtError("changed", line=self.code.line(changed), found=self.code.quoted(changed))

    @staticmethod
    def _changes(target: ast.expr, known: set[str]) -> bool:
        weights = isinstance(target, ast.Attribute) and target.attr in _OF_WEIGHTS
        return not weights and _root(target) in known

    # --- expressions

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
            if inner.id in self.used and _learns(item):
                self.notes.append(brought_note("shared", line=line, name=inner.id))
            self.used.append(inner.id)
            return item
        if not isinstance(inner, ast.Call):
            raise BroughtError("no_layer", line=line, found=self.code.quoted(node))
        name = self._name(inner.func)
        if name in self.classes:
            if name not in _OWN:
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

    # --- which network

    def _network(self) -> tuple[Layers, bool]:
        """The layers of the network that the text is about, and whether it names it as one."""
        whole = {name: item for name, item in self.modules.items() if isinstance(item, Sequential) and name not in self.used}
        if len(whole) > 1:
            likely = {name: item for name, item in whole.items() if name in WHOLE_NAMES}
            if len(likely) != 1:
                raise BroughtError(
                    "several_networks", names=", ".join(name or "return" for name in whole), lines=_listed(self.lines, whole)
                )
            whole = likely
        if whole:
            (item,) = whole.values()
            return item.layers, True
        if self.bare:
            alone = self.bare[0]
            if len(self.bare) == 1 and isinstance(alone, Sequential):
                return alone.layers, True
            return chained(self.bare), False
        if len(self.modules) == 1:
            return chained(list(self.modules.values())), False
        raise self._no_network()

    def _no_network(self) -> BroughtError:
        for name, statement in self.classes.items():
            if self._is_own_layer(name):
                return BroughtError("own_class", line=self.code.line(statement), name=name)
        if self.modules:
            return BroughtError("only_parts", names=", ".join(self.modules))
        within = [*self.functions, *self.code.statements]
        for each in within:
            if any(isinstance(node, ast.Call) and self._name(node.func) for node in deep([each])):
                return BroughtError("not_at_the_top", line=self.code.line(each))
        return BroughtError("no_network")

    def _shapes(self, statements: Sequence[ast.stmt]) -> Iterator[Shape]:
        """The inputs that the text gives a network, without the batch: (3, 32, 32) of `torch.randn(1, 3, 32, 32)` and of
        `summary(model, (3, 32, 32))`."""
        for node in deep(statements):
            if not isinstance(node, ast.Call):
                continue
            dotted = self.code.dotted(node.func)
            last = dotted.rpartition(".")[2]
            if dotted in _FILLED:
                sizes = self._sizes(node.args[0] if len(node.args) == 1 else ast.Tuple(elts=node.args))
                if len(sizes) > 1:
                    yield sizes[1:]
            elif dotted == "torch.randint" or last == "summary":
                written = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in ("size", "input_size"))]
                found = [sizes for sizes in map(self._sizes, written) if sizes]
                if found and last == "summary":
                    yield found[-1]
                if found and len(found[-1]) > 1:
                    yield found[-1][1:]

    def _sizes(self, node: ast.expr) -> Shape:
        """A shape that `node` writes; () where it is none."""
        if not isinstance(node, ast.Tuple | ast.List):
            return ()
        try:
            sizes = tuple(self.code.value(part) for part in node.elts)
        except BroughtError:
            return ()
        return sizes if 0 < len(sizes) <= 5 and all(type(size) is int and 0 < size <= 1_000_000 for size in sizes) else ()


def _at_the_top(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the text is run; what is under `if __name__ == "__main__":` too."""
    for statement in statements:
        match statement:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=body):
                yield from body
            case _:
                yield statement


def _target(node: ast.expr) -> str:
    """The name that is given a value: `model`, or `net` of `self.net`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""


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


def _root(node: ast.expr) -> str:
    """The name that a chain of attributes and indices begins with; `self.net` begins with net."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if name := _target(node):
            return name
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _learns(item: Item) -> bool:
    """Whether a layer has weights of its own."""
    if isinstance(item, Margin):
        return False
    return isinstance(item, Layer) and any(
        hasattr(item, key) for key in ("bias", "affine", "elementwise_affine", "num_embeddings", "layers")
    )


def _listed(lines: Mapping[str, int], names: Mapping[str, object]) -> str:
    return ", ".join(str(lines[name]) for name in names)


def _title(statements: Sequence[ast.stmt]) -> str:
    """What a script that the program has written calls its network."""
    match statements[:1]:
        case [ast.Expr(value=ast.Constant(value=str() as text))] if ", written by Layerscope" in text:
            return printable(text.partition(", written by Layerscope")[0]).strip()[:MOST_NAME_LETTERS]
    return ""
