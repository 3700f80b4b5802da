"""The layers that a straight `forward` calls, in their order: one value goes from layer to layer, `x = F.relu(self.conv1(x))`.

What is followed: the layers of `__init__`, functions and methods that are layers here (F.max_pool2d, torch.flatten, x.view),
and of a recurrent layer its sequence or its last step. Whatever is not one line of layers, a condition, a sum, a value that is
used again, is refused with its line. Called by `torch_code`, which reads `__init__`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from engine.experiments.brought.torch_calls import bound, layer_of, made
from engine.experiments.brought.torch_expressions import Child, Item, TorchExpressions, block, learns
from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.catalog import AnyLayer, Sequential
from engine.layers.kinds.dense import Flatten
from engine.layers.kinds.recurrent import Recurrent

_MAX = ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices")  # not in the order of nn.MaxPool2d
_AVERAGE = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
_SOFTMAX = ("dim", "_stacklevel", "dtype")
FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # of torch.nn.functional: the layer, and what follows the input
    "relu": ("ReLU", ("inplace",)),
    "relu6": ("ReLU6", ("inplace",)),
    "leaky_relu": ("LeakyReLU", ("negative_slope", "inplace")),
    "sigmoid": ("Sigmoid", ()),
    "tanh": ("Tanh", ()),
    "gelu": ("GELU", ("approximate",)),
    "softmax": ("Softmax", _SOFTMAX),
    "log_softmax": ("LogSoftmax", _SOFTMAX),
    "dropout": ("Dropout", ("p", "training", "inplace")),
    "max_pool1d": ("MaxPool1d", _MAX),
    "max_pool2d": ("MaxPool2d", _MAX),
    "max_pool3d": ("MaxPool3d", _MAX),
    "avg_pool1d": ("AvgPool1d", _AVERAGE),
    "avg_pool2d": ("AvgPool2d", (*_AVERAGE, "divisor_override")),
    "avg_pool3d": ("AvgPool3d", (*_AVERAGE, "divisor_override")),
    "adaptive_avg_pool1d": ("AdaptiveAvgPool1d", ("output_size",)),
    "adaptive_avg_pool2d": ("AdaptiveAvgPool2d", ("output_size",)),
    "adaptive_max_pool2d": ("AdaptiveMaxPool2d", ("output_size", "return_indices")),
}
_OF_TENSORS = ("relu", "sigmoid", "tanh", "softmax", "log_softmax", "flatten", "reshape", "permute")  # torch.NAME and x.NAME
_METHODS = (*_OF_TENSORS, "view", "contiguous")
_PLACING = frozenset(("to", "cuda", "cpu", "requires_grad_", "type_as", "detach"))  # what leaves zeros zeros
_TRAINING = object()  # what `self.training` is


class SizedView(NamedTuple):
    """A `layer` that the text writes as a view to rows of `size` numbers: right where flattening gives as many."""

    layer: AnyLayer
    size: int
    line: int


@dataclass
class ForwardReader(TorchExpressions):
    """Follows one value. `current` are the names that it has now, `past` those that it had before a layer; `batch` are names
    for the number of samples, `zeros` for first states, `states` for the last states of the recurrent layer just called.
    `pair`: the value is what that layer returns, and nothing has been chosen of it."""

    lines: Mapping[str, int] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    views: list[SizedView] = field(default_factory=list)
    current: set[str] = field(default_factory=set)
    past: set[str] = field(default_factory=set)
    batch: set[str] = field(default_factory=set)
    zeros: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    called: list[str] = field(default_factory=list)
    pair: bool = False
    closed: int | None = None  # the line of a log_softmax

    def read(self, forward: ast.FunctionDef) -> Sequential:
        """The layers that `forward` calls, each of the class's once. Raises BroughtError."""
        given = [each.arg for each in (*forward.args.posonlyargs, *forward.args.args)][1:]
        for name in given:
            self._name_only(name, set())
        self.current = set(given[:1])
        for statement in forward.body:
            if self._returns(statement):
                break
        else:
            raise BroughtError("no_return", line=self.code.line(forward))
        for name, line in self.lines.items():
            if name not in self.called:
                raise BroughtError("never_called", line=line, name=name)
        cells = {self.lines[name] for name in self.called if isinstance(self.modules[name], Recurrent)}
        self.notes = [note for note in self.notes if note.code != "cell_in_sequential" or note.values["line"] not in cells]
        return block(self.children)

    # --- statements

    def _returns(self, statement: ast.stmt) -> bool:
        """Follow one statement; whether it is the return."""
        match statement:
            case ast.Pass() | ast.Assert() | ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="print"))):
                pass
            case ast.Return(value=ast.expr() as value):
                self._value(value)
                self._require_batch_first(value)
                return True
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                if self.code.learn(statement):
                    self._forget({node.id for node in ast.walk(target) if isinstance(node, ast.Name)})
                else:
                    self._assign(target, value)
            case _:
                raise self._refused(statement)
        return False

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        match target:
            case ast.Name(id=name) if self._is_batch(value):
                self._name_only(name, self.batch)
            case ast.Name(id=name) if self._is_zero(value):
                self._name_only(name, self.zeros)
            case ast.Tuple(elts=[ast.Name(id=name), *rest]) if self._is_shape(value):
                for each in rest:
                    self._name_only(each.id if isinstance(each, ast.Name) else "", set())
                self._name_only(name, self.batch)
            case ast.Name(id=name):
                self._value(value)
                self._name_only(name, self.current)
            case ast.Tuple(elts=[ast.Name(id=name), second]):
                self._follow(value)
                if not self.pair:
                    raise self._refused(value)
                self.pair = False
                self._name_only(name, self.current)
                state = second.elts[0] if isinstance(second, ast.Tuple) and second.elts else second
                lstm = self._cell_is_lstm()
                if isinstance(state, ast.Name) and state.id != name and isinstance(second, ast.Tuple) == lstm:
                    self._name_only(state.id, self.states)
            case _:
                raise self._refused(target)

    def _name_only(self, name: str, kind: set[str]) -> None:
        """`name` is one of `kind` from here on, and nothing else."""
        self._forget({name})
        self.code.constants.pop(name, None)
        kind.add(name)

    def _forget(self, names: set[str]) -> None:
        """Whatever `names` were, they are it no more."""
        for kind in (self.current, self.past, self.batch, self.zeros, self.states):
            kind -= names

    # --- expressions

    def _value(self, node: ast.expr) -> None:
        """Follow an expression whose value is one tensor."""
        self._follow(node)
        if self.pair:
            raise self._cell_refused(node)

    def _follow(self, node: ast.expr) -> None:
        """Put the layers of an expression onto the stack, in the order in which the value goes through them."""
        match node:
            case ast.Name(id=name) if name in self.current:
                pass
            case ast.Name(id=name) if name in self.past:
                raise BroughtError("used_again", line=self.code.line(node), name=name)
            case ast.Name(id=name):
                names = ", ".join(sorted(self.current)) or "–"
                raise BroughtError("no_such_value", line=self.code.line(node), name=name, choices=names)
            case ast.Subscript():
                self._chosen(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                self._call_layer(name, node)
            case ast.Call(func=func, args=args) if self._is_module(func):
                self._value(self._only(node, args))
                item = self._module(func)
                if learns(item):
                    raise BroughtError("made_in_forward", line=self.code.line(node), found=self.code.quoted(func))
                self._put("", item, node)
            case ast.Call(func=ast.Attribute(value=inner, attr=name) as func):
                room = self.code.dotted(func).rpartition(".")[0]
                if room in ("torch", "torch.nn.functional", "torch.special"):
                    known: Sequence[str] = _OF_TENSORS if room == "torch" else tuple(FUNCTIONS)
                    self._apply(name, node, known, node.args[:1], node.args[1:])
                else:
                    self._apply(name, node, _METHODS, [inner], node.args)
            case ast.Call(func=ast.Name()):
                dotted = self.code.dotted(node.func)
                room, _, name = dotted.rpartition(".")
                known = _OF_TENSORS if room == "torch" else tuple(FUNCTIONS) if room == "torch.nn.functional" else ()
                self._apply(name, node, known, node.args[:1], node.args[1:])
            case _:
                raise self._refused(node)

    def _only(self, call: ast.Call, args: Sequence[ast.expr]) -> ast.expr:
        if len(args) != 1 or call.keywords:
            raise self._refused(call)
        return args[0]

    def _call_layer(self, name: str, call: ast.Call) -> None:
        item = self.modules.get(name) if name in self.lines else None
        if item is None:
            names = ", ".join(f"self.{each}" for each in self.lines) or "–"
            raise BroughtError("no_such_attribute", line=self.code.line(call), name=f"self.{name}", choices=names)
        cell = isinstance(item, Recurrent)
        first = len(call.args) == 2 and cell and self._is_zero(call.args[1])
        self._value(self._only(call, call.args[:1] if first else call.args))
        if learns(item) and any(self.modules[each] is item for each in self.called):
            raise BroughtError("called_twice", line=self.code.line(call), name=name)
        self.called.append(name)
        self._put(name, replace(item, output="sequence") if isinstance(item, Recurrent) else item, call)
        self.pair = cell

    def _put(self, name: str, item: Item, node: ast.expr) -> None:
        if self.closed is not None:
            raise BroughtError("log_softmax", line=self.closed, name="log_softmax")
        self._require_batch_first(node)
        self.children.append((name, item))
        self._moved()

    def _moved(self) -> None:
        """The value is another one from here on."""
        self.past |= self.current | self.states
        self.current, self.states = set(), set()

    # --- recurrent layers

    def _sequence(self) -> tuple[str, Recurrent] | None:
        """The recurrent layer that the value comes from directly, with all its time steps."""
        match self.children[-1:]:
            case [(name, Recurrent() as cell)] if cell.output == "sequence":
                return name, cell
        return None

    def _cell_is_lstm(self) -> bool:
        sequence = self._sequence()
        return sequence is not None and type(sequence[1]).__name__ == "LSTM"

    def _is_time_first(self, name: str) -> bool:
        """Whether a layer has been made without batch_first=True; a note has said so."""
        return any(note.code == "batch_first" and note.values["line"] == self.lines[name] for note in self.notes)

    def _require_batch_first(self, node: ast.expr) -> None:
        """Raise BroughtError where a sequence whose time steps come first goes on as it is."""
        if (sequence := self._sequence()) and self._is_time_first(sequence[0]):
            raise BroughtError("time_first", line=self.code.line(node), name=sequence[0])

    def _chosen(self, node: ast.Subscript) -> None:
        """`self.lstm(x)[0]`, `out[:, -1]`, `out[:, -1, :]`, of the last states `h[-1]`."""
        if isinstance(node.value, ast.Name) and node.value.id in self.states:
            state, steps = True, [node.slice]
        else:
            self._follow(node.value)
            state, steps = False, node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if self.pair and isinstance(node.slice, ast.Constant) and node.slice.value == 0:
                self.pair = False
                return
        sequence = self._sequence()
        if sequence is None or self.pair:
            raise self._cell_refused(node) if sequence else self._refused(node)
        name, cell = sequence
        whole = [isinstance(step, ast.Slice) and not (step.lower or step.upper or step.step) for step in steps]
        last = [isinstance(step, ast.UnaryOp) and ast.unparse(step) == "-1" for step in steps]
        at = 0 if state or self._is_time_first(name) else 1
        if at == 0 and not state and not last[0]:
            self._require_batch_first(node)
        if at >= len(steps) or len(steps) > 3 or not last[at] or not all(whole[:at] + whole[at + 1 :]):
            raise self._cell_refused(node)
        if cell.bidirectional:
            raise BroughtError("both_directions", line=self.code.line(node), found=self.code.quoted(node), name=name)
        self.children[-1] = (name, cast(AnyLayer, replace(cell, output="last")))
        self._moved()

    def _cell_refused(self, node: ast.expr) -> BroughtError:
        return BroughtError("cell_output", line=self.code.line(node), found=self.code.quoted(node))

    def _is_zero(self, node: ast.expr) -> bool:
        """Whether a first state is zeros, which is what a recurrent layer begins with anyway."""
        match node:
            case ast.Name(id=name):
                return name in self.zeros or self.code.constants.get(name, "") is None
            case ast.Tuple(elts=parts):
                return bool(parts) and all(map(self._is_zero, parts))
            case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _PLACING:
                return self._is_zero(inner)
            case ast.Call(func=func):
                return self.code.dotted(func) == "torch.zeros"
        return isinstance(node, ast.Constant) and node.value is None

    # --- functions and methods

    def _apply(
        self, name: str, call: ast.Call, known: Sequence[str], data: Sequence[ast.expr], arguments: Sequence[ast.expr]
    ) -> None:
        """One function, with its `arguments` after the `data`, as a layer."""
        line = self.code.line(call)
        if name not in known:
            choices = ", ".join(known or FUNCTIONS)
            raise BroughtError("no_such_function", line=line, found=self.code.quoted(call), choices=choices)
        if len(data) != 1:
            raise self._refused(call)
        self._value(data[0])
        if name == "contiguous":
            return
        if name in ("view", "reshape"):
            self._view(call, arguments)
            return
        if name == "permute":
            dims = [self.code.value(each) for each in arguments]
            self._put("", made("Permute", line, {"dims": dims[0] if len(dims) == 1 else dims}), call)
            return
        kind, signature = FUNCTIONS[name] if name != "flatten" else ("Flatten", ("start_dim", "end_dim"))
        positional = [self._argument(each) for each in arguments]
        named = {keyword.arg or "**": self._argument(keyword.value) for keyword in call.keywords}
        self._layer(kind, name, call, bound(name, line, positional, named, signature))

    def _layer(self, kind: str, name: str, call: ast.Call, given: dict[str, Any]) -> None:
        line = self.code.line(call)
        if kind in ("Softmax", "LogSoftmax"):
            given = {key: value for key, value in given.items() if key != "_stacklevel"}
        if kind == "LogSoftmax":
            if self.closed is not None or given.get("dim") not in (None, 1, -1):
                raise BroughtError("log_softmax", line=line, name=name)
            self.closed = line
            self.notes.append(brought_note("log_softmax_left_out", line=line, name=name))
            self._moved()
            return
        if kind == "Flatten":
            given.setdefault("start_dim", 0)  # torch.flatten's; the layer's is 1
            if given["start_dim"] == 0:
                raise self._view_refused(call)
        if kind == "Dropout":
            training = given.pop("training", True)
            if training is False:
                return
            if training is not _TRAINING:
                self.notes.append(brought_note("dropout_always", line=line, name=name))
        for value in given.values():
            if value is _TRAINING:
                raise BroughtError("no_value", line=line, found="self.training")
        self._put("", layer_of(kind, line, [], given, self.notes), call)

    def _argument(self, node: ast.expr) -> Any:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr="training"):
                return _TRAINING
        return self.code.value(node)

    # --- shapes

    def _view(self, call: ast.Call, sizes: Sequence[ast.expr]) -> None:
        """`x.view(-1, 400)`, `x.view(x.size(0), -1)`: the samples as rows, which is what flattening gives."""
        if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
            sizes = sizes[0].elts
        if len(sizes) != 2 or call.keywords:
            raise self._view_refused(call)
        samples = self._is_batch(sizes[0])
        size = self.code.value(sizes[1])
        if type(size) is not int or not (size > 0 or (size == -1 and samples)):
            raise self._view_refused(call)
        if not samples and self.code.value(sizes[0]) != -1:
            raise self._view_refused(call)
        flat = Flatten()
        if size > 0:
            self.views.append(SizedView(flat, size, self.code.line(call)))
        self._put("", flat, call)

    def _view_refused(self, call: ast.Call) -> BroughtError:
        return BroughtError("no_flattening", line=self.code.line(call), found=self.code.quoted(call))

    def _is_batch(self, node: ast.expr) -> bool:
        """Whether an expression is the number of samples: `x.size(0)`, `x.shape[0]`, `len(x)`, or a name for it."""
        match node:
            case ast.Name(id=name):
                return name in self.batch
            case ast.Call(func=ast.Attribute(value=inner, attr="size"), args=[ast.Constant(value=0)], keywords=[]):
                return self._is_data(inner)
            case ast.Subscript(value=inner, slice=ast.Constant(value=0)):
                return self._is_shape(inner)
            case ast.Call(func=ast.Name(id="len"), args=[inner], keywords=[]):
                return self._is_data(inner)
        return False

    def _is_shape(self, node: ast.expr) -> bool:
        match node:
            case ast.Attribute(value=inner, attr="shape"):
                return self._is_data(inner)
            case ast.Call(func=ast.Attribute(value=inner, attr="size"), args=[], keywords=[]):
                return self._is_data(inner)
        return False

    def _is_data(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and (node.id in self.current or node.id in self.past)

    def _refused(self, node: ast.AST) -> BroughtError:
        return BroughtError("not_straight", line=self.code.line(node), found=self.code.quoted(node))
