"""Layers from PyTorch code: `nn.Sequential(...)` as people write it, with what stands around it in a script or a notebook.

What is followed: imports, names for numbers and for layers, lists of layers, nested Sequential, OrderedDict, `add_module` and
`append`; a class of one's own, whose `__init__` is read like any statements and whose straight `forward` by `torch_forward`.
What would have to be run (a loop, a function) is refused where the network needs it, and left alone elsewhere. Called by
`network_code`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from engine.experiments.brought.torch_expressions import OWN, Child, Item, TorchExpressions, block, chained
from engine.experiments.brought.torch_forward import ForwardReader, SizedView
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
    the batch, that the text gives it. `views` are the Flatten layers that the text writes as views to rows of some size.
    `name` is what the text calls it, or ""."""

    layers: Layers
    whole: bool
    notes: tuple[Phrase, ...] = ()
    shapes: tuple[Shape, ...] = ()
    name: str = ""
    views: tuple[SizedView, ...] = ()


def torch_layers(code: WrittenCode) -> ReadLayers:
    """The layers that PyTorch `code` stacks. Raises BroughtError."""
    return _Reader(code).read()


@dataclass
class _Reader(TorchExpressions):
    """Follows the statements. `bare` are layers that stand alone, `lines` where each name was given its layers, `within` the
    class whose `__init__` the statements are."""

    lines: dict[str, int] = field(default_factory=dict)
    bare: list[Item] = field(default_factory=list)
    functions: list[ast.stmt] = field(default_factory=list)
    views: list[SizedView] = field(default_factory=list)
    within: str = ""

    def read(self) -> ReadLayers:
        self.code.aliases.setdefault("nn", "torch.nn")
        self.code.aliases.setdefault("F", "torch.nn.functional")
        statements = list(_at_the_top(self.code.statements))
        for statement in statements:
            self._statement(statement)
        layers, whole = self._network()
        self._require_own_classes(layers)
        shapes = self._shapes([each for each in statements if not isinstance(each, ast.ClassDef)])
        return ReadLayers(layers, whole, once(self.notes), tuple(shapes), _title(statements), tuple(self.views))

    # --- statements

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                self.lists[name] = []
                return
        if self.code.learn(statement):
            if isinstance(statement, ast.Assign):
                self._forget([_target(node) for node in deep(statement.targets) if isinstance(node, ast.expr)])
            return
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values) and all(
                map(self._is_module, values)
            ):
                for each, value in zip(names, values, strict=True):
                    self._define(each, value)
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
        item = self._item(value)
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
                self.bare.append(self._item(value))
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
        """Raise BroughtError where a statement that is not followed changes a network that has been read. Names for numbers
        that it gives another value are not known any more."""
        known = {*self.modules, *self.lists}
        for node in deep([statement]):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
                self.code.constants.pop(node.id if isinstance(node, ast.Name) else f"self.{node.attr}", None)
            match node:
                case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _CHANGING and _root(inner) in known:
                    changed: ast.AST | None = node
                case ast.Assign(targets=[ast.Attribute() as target], value=ast.Attribute(attr="weight" | "bias") as value) if (
                    _root(target) in known and _root(value) in known
                ):
                    changed = node  # one layer's weights are another's too
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

    # --- a class of one's own

    def _item(self, value: ast.expr) -> Item:
        """The layer that an expression makes, or the network, where it calls a class of the text's own."""
        called = None if self.within else self._class_called(value)
        return self._of_class(called[0], called[1], self.code) if called else self._module(value)

    def _of_class(self, name: str, call: ast.Call | None, around: WrittenCode) -> Sequential:
        """The layers of a class that is made with the arguments of `call`, which are read as values of `around`."""
        statement = self.classes[name]
        methods = {each.name: each for each in statement.body if isinstance(each, ast.FunctionDef)}
        module = any(self.code.dotted(base).endswith("Module") for base in statement.bases)
        if not module or "forward" not in methods:
            raise BroughtError("own_class", line=self.code.line(statement), name=name)
        init = methods.get("__init__")
        constants = dict(self.code.constants)
        given = _given(init, call) if init else {}
        unknown = []
        for parameter, (node, outside) in given.items():
            constants.pop(parameter, None)
            try:
                if node is not None:
                    constants[parameter] = (around if outside else self.code).value(node)
            except BroughtError:
                node = None
            unknown += [parameter] if node is None else []
        made = _Reader(replace(self.code, constants=constants), classes=self.classes, within=name)
        try:
            for each in init.body if init else ():
                made._statement(each)
        except BroughtError as error:
            if error.code == "no_value" and error.phrase.values["found"] in unknown:
                raise BroughtError(
                    "open_parameter", line=error.phrase.values["line"], name=name, argument=error.phrase.values["found"]
                ) from None
            raise
        own = {key: value for key, value in made.code.constants.items() if key.startswith("self.")}
        stored = _stored(init.body if init else ())
        lines = {key: line for key, line in made.lines.items() if stored.get(key) and key in made.modules}
        code = replace(self.code, constants={**self.code.constants, **own})
        forward = ForwardReader(code, modules=made.modules, classes=self.classes, notes=made.notes, lines=lines)
        network = forward.read(methods["forward"])
        self.notes += forward.notes
        self.views += forward.views
        return network

    def _class_network(self) -> Sequential | None:
        """The network of a text that defines a class, and makes none of it at its top: with the arguments of the one call that
        a function has, or without any."""
        named = [name for name in self.classes if name not in OWN and not name.endswith("Loss") and self._is_own_layer(name)]
        candidates = {name: self.classes[name] for name in named}
        within = {self.code.dotted(node.func) for node in deep(list(candidates.values())) if isinstance(node, ast.Call)}
        candidates = {name: each for name, each in candidates.items() if name not in within}
        calls = [
            node for node in deep(self.functions) if isinstance(node, ast.Call) and self.code.dotted(node.func) in candidates
        ]
        for fewer in (
            [self.code.dotted(node.func) for node in calls],
            [name for name in candidates if name.lower() in WHOLE_NAMES],
        ):
            if len(candidates) > 1 and fewer:
                candidates = {name: each for name, each in candidates.items() if name in fewer}
        calls = [node for node in calls if self.code.dotted(node.func) in candidates]
        if len(candidates) > 1 or len({ast.dump(node) for node in calls}) > 1:
            lines = [self.code.line(node) for node in calls] or [self.code.line(each) for each in candidates.values()]
            raise BroughtError("several_networks", names=", ".join(candidates), lines=", ".join(map(str, sorted(lines))))
        if not candidates:
            return None
        (name,) = candidates
        stored = {node.id for node in deep(self.functions) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        stored |= {node.arg for node in deep(self.functions) if isinstance(node, ast.arg)}
        around = {key: value for key, value in self.code.constants.items() if key not in stored}
        return self._of_class(name, calls[0] if calls else None, replace(self.code, constants=around))

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
        if (network := self._class_network()) is not None:
            return network.layers, True
        if len(self.modules) == 1:
            return chained(list(self.modules.values())), False
        raise self._no_network()

    def _no_network(self) -> BroughtError:
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


def _given(init: ast.FunctionDef, call: ast.Call | None) -> dict[str, tuple[ast.expr | None, bool]]:
    """Each parameter of `__init__` -> what it is given, None where that is not known, and whether it stands in the call."""
    order = [*init.args.posonlyargs, *init.args.args]
    names = [each.arg for each in order][1:]
    found: dict[str, tuple[ast.expr | None, bool]] = dict.fromkeys(names, (None, False))
    if init.args.defaults:
        for each, default in zip(order[-len(init.args.defaults) :], init.args.defaults, strict=True):
            found[each.arg] = (default, False)
    for each, usual in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True):
        found[each.arg] = (usual, False)
    if call is not None:
        for name, node in zip(names, call.args, strict=False):
            found[name] = (None if isinstance(node, ast.Starred) else node, True)
        for keyword in call.keywords:
            if keyword.arg in found:
                found[keyword.arg] = (keyword.value, True)
    return found


def _stored(statements: Sequence[ast.stmt]) -> dict[str, bool]:
    """Each name that is given a value -> whether the last one that was given it is self's: of `self.fc` and `fc`, self.fc."""
    stores = [
        node for node in deep(statements) if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store)
    ]
    stores.sort(key=lambda node: (node.lineno, node.col_offset))
    return {_target(node): isinstance(node, ast.Attribute) for node in stores}


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
