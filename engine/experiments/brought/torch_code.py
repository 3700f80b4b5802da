"""Layers from PyTorch code: `nn.Sequential(...)` as people write it, with what stands around it in a script or a notebook.

What is followed: imports, names for numbers and for layers, lists of layers, nested Sequential, OrderedDict, `add_module` and
`append`. What would have to be run (a class of one's own, a loop, a function) is refused where the network needs it, and left
alone elsewhere. Called by `network_code`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from engine.experiments.brought.torch_expressions import Child, Item, TorchExpressions, block, chained
from engine.experiments.brought.written_code import BroughtError, WrittenCode, deep, once
from engine.layers.base import Shape
from engine.layers.catalog import Sequential
from engine.layers.kinds.composite import MOST_NAME_LETTERS
from engine.networks.edits import Layers
from engine.words import Phrase, printable

WHOLE_NAMES = ("model", "net", "network", "cnn", "mlp", "rnn", "lstm")  # of several networks, the one that is meant
_GROWING = frozenset(("add_module", "append", "extend"))
_CHANGING = _GROWING | {"insert", "pop", "register_module", "clear", "remove", "reverse", "__setitem__", "__delitem__"}
_OF_WEIGHTS = frozenset(("weight", "bias", "data", "requires_grad", "training", "grad"))
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


@dataclass
class _Reader(TorchExpressions):
    """Follows the statements. `bare` are layers that stand alone, `lines` where each name was given its layers."""

    lines: dict[str, int] = field(default_factory=dict)
    bare: list[Item] = field(default_factory=list)
    functions: list[ast.stmt] = field(default_factory=list)

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


def _root(node: ast.expr) -> str:
    """The name that a chain of attributes and indices begins with; `self.net` begins with net."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if name := _target(node):
            return name
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _listed(lines: Mapping[str, int], names: Mapping[str, object]) -> str:
    return ", ".join(str(lines[name]) for name in names)


def _title(statements: Sequence[ast.stmt]) -> str:
    """What a script that the program has written calls its network."""
    match statements[:1]:
        case [ast.Expr(value=ast.Constant(value=str() as text))] if ", written by Layerscope" in text:
            return printable(text.partition(", written by Layerscope")[0]).strip()[:MOST_NAME_LETTERS]
    return ""
