"""Layers from Keras code: `keras.Sequential([...])` and `model.add(...)`, as people write them. Nothing is executed.

Called by `network_code`. What the layers are here is `keras_stack`'s to say.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.experiments.brought.keras_calls import (
    AUGMENTING,
    BY_NAME,
    KERAS_NAMES,
    OF_THE_FIRST,
    ONLY_IN_KERAS,
    ONLY_IN_KERAS_ITSELF,
    ORDER,
    OTHER_NAMES,
    KerasCall,
    is_left_out,
)
from engine.experiments.brought.keras_stack import KerasStack, turned
from engine.experiments.brought.torch_calls import bound
from engine.experiments.brought.torch_code import WHOLE_NAMES, ReadLayers
from engine.experiments.brought.written_code import BroughtError, WrittenCode, brought_note, deep, once
from engine.figures import shape_text
from engine.layers.base import Shape
from engine.toml_values import nearest
from engine.words import Phrase

_ADDING = ("add",)
_CHANGING = ("pop", "insert", "append")
_OPEN_STEPS, _OPEN_SIDE = 20, 128  # an axis that Keras leaves open


def is_keras(code: WrittenCode) -> bool:
    """Whether the names in `code` are Keras' rather than torch's."""
    for node in deep(code.statements):
        match node:
            case ast.Import(names=names):
                if any("keras" in name.name or name.name == "tensorflow" for name in names):
                    return True
            case ast.ImportFrom(module=str() as module) if "keras" in module or module == "tensorflow":
                return True
            case ast.Name(id=name) if name in ("keras", "tf") or name in ONLY_IN_KERAS:
                return True
            case ast.Attribute(attr=name) if name in ONLY_IN_KERAS and code.dotted(node).partition(".")[0] not in (
                "nn",
                "torch",
            ):
                return True
    return False


def keras_layers(code: WrittenCode, before: Shape | None = None) -> tuple[ReadLayers, bool]:
    """The layers that Keras `code` stacks, and whether the text says its input; `before` is an input that is taken where it
    does not. Raises BroughtError."""
    calls, notes = _KerasReader(code).read()
    given, rest = _input_of(calls)
    named = given is not None
    shape = tuple(given) if given is not None else _usual_input(rest, before)
    closed, is_open = _closed(shape)
    if is_open:
        notes.append(brought_note("open_input", shape=shape_text(closed)))
    stack = KerasStack(*_turned_input(closed, rest))
    stack.notes = notes
    for call in rest:
        stack.add(call)
    stack.close()
    return ReadLayers(tuple(stack.layers), True, once(stack.notes), (stack.input,)), named


@dataclass
class _KerasReader:
    code: WrittenCode
    models: dict[str, list[KerasCall]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    layers: dict[str, KerasCall] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    own_class: tuple[str, int] | None = None
    functional: int | None = None

    def read(self) -> tuple[list[KerasCall], list[Phrase]]:
        """The calls of the network that the text is about, in order."""
        for statement in self.code.statements:
            self._statement(statement)
        return self._network(), self.notes

    def _statement(self, statement: ast.stmt) -> None:
        if self.code.learn(statement):
            return
        match statement:
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
                self._define(name, value)
            case ast.Return(value=ast.expr() as value):
                self._define("", value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) as call) if (
                name in self.models
            ):
                if method in _ADDING and len(call.args) == 1:
                    self.models[name] += self._calls(call.args[0])
                elif method in (*_ADDING, *_CHANGING):
                    raise BroughtError("changed", line=self.code.line(call), found=self.code.quoted(call))
            case ast.Expr(value=ast.Call() as call) if self._is_sequential(call):
                self._define("", call)
            case ast.ClassDef(name=name):
                self.own_class = self.own_class or (name, self.code.line(statement))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                pass
            case _:
                self._require_unchanged(statement)

    def _require_unchanged(self, statement: ast.stmt) -> None:
        for node in deep([statement]):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if name in self.models:
                    if method in (*_ADDING, *_CHANGING):
                        raise BroughtError("changed", line=self.code.line(node), found=self.code.quoted(node))

    def _define(self, name: str, value: ast.expr) -> None:
        match value:
            case ast.Call() if self._is_sequential(value):
                self.models[name], self.lines[name] = self._in_sequential(value), self.code.line(value)
                self.used = [used for used in self.used if used != name]
            case ast.Call(func=ast.Call()) | ast.Call(func=ast.Name(id="Model") | ast.Attribute(attr="Model")):
                if self.functional is None:  # layers.Dense(10)(x), keras.Model(inputs, outputs)
                    self.functional = self.code.line(value)
            case ast.Call() if self._layer_name(value.func):
                self.layers[name] = self._call(value)

    def _is_sequential(self, call: ast.Call) -> bool:
        return self.code.dotted(call.func).rpartition(".")[2] == "Sequential"

    def _in_sequential(self, call: ast.Call) -> list[KerasCall]:
        written = [*call.args, *(each.value for each in call.keywords if each.arg == "layers")]
        return [found for node in written[:1] for found in self._calls(node)]

    def _calls(self, node: ast.expr) -> list[KerasCall]:
        """The layers that an expression writes: a list, a layer, a network inside a network."""
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [call for part in parts for call in self._calls(part)]
            case ast.Name(id=name) if name in self.layers:
                return [self.layers[name]]
            case ast.Name(id=name) if name in self.models:
                self.used.append(name)
                return list(self.models[name])
            case ast.Call() if self._is_sequential(node):
                return self._in_sequential(node)
            case ast.Call():
                return [self._call(node)]
        raise BroughtError("no_keras_layer", line=self.code.line(node), found=self.code.quoted(node))

    def _layer_name(self, node: ast.expr) -> str:
        """Keras' name of what is called; "" for what is no layer of Keras."""
        dotted = self.code.dotted(node)
        name = dotted.rpartition(".")[2]
        is_keras_name = "keras" in dotted or "layers." in dotted or "." not in dotted
        return OTHER_NAMES.get(name, name) if is_keras_name and name[:1].isupper() else ""

    def _call(self, call: ast.Call) -> KerasCall:
        line, name = self.code.line(call), self._layer_name(call.func)
        if not name:
            raise BroughtError("no_keras_layer", line=line, found=self.code.quoted(call.func))
        if name in AUGMENTING or name in ("Rescaling", "Normalization"):
            return KerasCall(name, line, self._inputs(call))
        if name not in ORDER:
            if name not in ONLY_IN_KERAS_ITSELF and (near := nearest(name, tuple(KERAS_NAMES))):
                raise BroughtError("no_such_layer_near", line=line, name=name, near=near)
            raise BroughtError("keras_layer", line=line, name=name)
        positional = [self._argument(node) for node in call.args]
        named: dict[str, Any] = {}
        for keyword in call.keywords:
            if keyword.arg is None:
                raise BroughtError("no_value", line=line, found=self.code.quoted(keyword.value))
            if keyword.arg.endswith("_regularizer"):
                if not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
                    self.notes.append(brought_note("argument_left_out", line=line, name=name, argument=keyword.arg))
            elif not is_left_out(keyword.arg):
                named[keyword.arg] = self._argument(keyword.value)
        signature = ORDER[name]
        also = (*BY_NAME.get(name, ()), *OF_THE_FIRST)
        return KerasCall(name, line, bound(name, line, positional, named, signature, also))

    def _inputs(self, call: ast.Call) -> dict[str, Any]:
        return {each.arg: self._argument(each.value) for each in call.keywords if each.arg in OF_THE_FIRST}

    def _argument(self, node: ast.expr) -> Any:
        """A value; the name of an activation function, `tf.nn.relu`; or the layer inside another one."""
        if isinstance(node, ast.Call):
            return self._call(node) if self._layer_name(node.func) else self.code.value(node)
        if isinstance(node, ast.Name) and node.id in self.layers:
            return self.layers[node.id]
        dotted = self.code.dotted(node)
        if isinstance(node, ast.Attribute) and (".activations." in dotted or ".nn." in dotted):
            return dotted.rpartition(".")[2]
        return self.code.value(node)

    def _network(self) -> list[KerasCall]:
        whole = {name: calls for name, calls in self.models.items() if name not in self.used}
        if len(whole) > 1:
            likely = {name: calls for name, calls in whole.items() if name in WHOLE_NAMES}
            if len(likely) != 1:
                lines = ", ".join(str(self.lines[name]) for name in whole)
                raise BroughtError("several_networks", names=", ".join(name or "return" for name in whole), lines=lines)
            whole = likely
        for calls in whole.values():
            return calls
        if self.functional is not None:
            raise BroughtError("functional", line=self.functional)
        if self.own_class is not None:
            raise BroughtError("keras_class", line=self.own_class[1], name=self.own_class[0])
        for statement in self.code.statements:
            if any(isinstance(node, ast.Call) and self._is_sequential(node) for node in deep([statement])):
                raise BroughtError("not_at_the_top", line=self.code.line(statement))
        raise BroughtError("no_network")


def _input_of(calls: Sequence[KerasCall]) -> tuple[tuple[int | None, ...] | None, list[KerasCall]]:
    """What the first layer says of the input, and the layers that compute."""
    given: Any = None
    for call in calls[:1]:
        for key in ("shape", *OF_THE_FIRST):
            if key in call.given and not (key == "shape" and call.name not in ("Input", "InputLayer")):
                given = call.given[key]
                given = (given,) if key == "input_dim" else given
                given = given[1:] if key.startswith("batch") and isinstance(given, list | tuple) else given
    rest = [call for call in calls if call.name not in ("Input", "InputLayer")]
    if given is None:
        return None, rest
    sizes = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not 0 < len(sizes) <= 4 or not all(size is None or (type(size) is int and 0 < size <= 1_000_000) for size in sizes):
        raise BroughtError(
            "keras_value", line=calls[0].line, name=calls[0].name, argument="shape", found=str(given), allowed="(28, 28, 1)"
        )
    return sizes, rest


def _usual_input(calls: Sequence[KerasCall], before: Shape | None) -> tuple[int | None, ...]:
    """An input, as Keras has it, for layers that do not say one: the one before where it has as many axes, or a usual one."""
    usual: tuple[int, ...] = (28, 28, 1)
    for call in calls:
        if call.name == "Embedding":
            usual = (_OPEN_STEPS,)
        elif call.name in ("SimpleRNN", "LSTM", "GRU", "Bidirectional"):
            usual = (_OPEN_STEPS, 1)
        elif "1D" in call.name:
            usual = (_OPEN_SIDE, 1)
        elif "3D" in call.name:
            usual = (16, 28, 28, 1)
        elif call.name == "Dense":
            usual = (28 * 28,)
        elif call.name not in ("Flatten", *(name for name in ORDER if "2D" in name)):
            continue
        break
    if before is not None and len(before) == len(usual):
        return (*before[1:], before[0]) if len(before) > 2 else before
    return usual


def _closed(shape: tuple[int | None, ...]) -> tuple[Shape, bool]:
    """A shape whose open axes have a size, and whether there were any."""
    size = _OPEN_SIDE if len(shape) > 2 else _OPEN_STEPS
    return tuple(size if each is None else each for each in shape), None in shape


def _turned_input(shape: Shape, calls: Sequence[KerasCall]) -> tuple[Shape, bool]:
    """An input of Keras as this program has it, and whether its channels stand first."""
    if len(shape) > 2:
        return turned(shape), True
    if len(shape) == 2:
        minding = next(
            (
                call.name
                for call in calls
                if "1D" in call.name
                or call.name
                in (
                    "LSTM",
                    "GRU",
                    "SimpleRNN",
                    "Bidirectional",
                    "Dense",
                    "LayerNormalization",
                    "Flatten",
                    "Permute",
                    "TimeDistributed",
                    "Reshape",
                )
            ),
            "",
        )
        if "1D" in minding:
            return turned(shape), True
    return shape, False
