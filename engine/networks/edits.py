"""Edits of a network: a layer is removed, inserted, moved, switched off. Each is a pure function from layers to layers.

A layer's place is a path, as in `engine.networks.trace.Problem.where`: (2,) is the third layer, (2, "main", 0) the first
layer of the third one's main branch, (2, "branches", 1, 0) the first of its second branch. Code that stores paths (which layers
are folded, which are switched off) updates them after an edit with `after_insertion`, `after_removal`, `after_move`, or with
`followed` for an `Edit`.

No torch. Called by the network lab and by `engine.networks.repairs`. The functions raise EditError for an edit that is not
possible. Every network that they return can be saved and opened again: it has no more layers, and no deeper ones, than a file
may.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias, cast

import msgspec
from msgspec.structs import replace

from engine.figures import full_count
from engine.layers.base import Layer
from engine.layers.catalog import AnyLayer, Concat
from engine.layers.kinds.composite import Branch, Composite
from engine.layers.network_toml import MOST_LAYERS, MOST_LEVELS, excess
from engine.networks.trace import Path
from engine.words import CodedError

Layers: TypeAlias = tuple[AnyLayer, ...]


class EditError(CodedError):
    """An edit that is not possible."""

    TABLE = "edits"


# --- looking


def at(layers: Layers, path: Path) -> AnyLayer:
    """The layer at `path`. Raises EditError if there is none."""
    inside, index = _list_of(layers, path)
    if index >= len(inside):
        raise _no_such_layer(path)
    return inside[index]


def has(layers: Layers, path: Path) -> bool:
    """Whether there is a layer at `path`."""
    try:
        at(layers, path)
    except EditError:
        return False
    return True


def paths(layers: Layers) -> tuple[Path, ...]:
    """The paths of all layers, depth first: a composite, then the layers inside it, branch by branch."""
    found: list[Path] = []
    waiting: list[tuple[Path, AnyLayer]] = [((index,), layer) for index, layer in reversed(tuple(enumerate(layers)))]
    while waiting:
        path, layer = waiting.pop()
        found.append(path)
        if isinstance(layer, Composite):
            waiting += [
                ((*path, *branch.path, index), inner)
                for branch in reversed(layer.branches_in_order())
                for index, inner in reversed(tuple(enumerate(_layers(branch))))
            ]
    return tuple(found)


def place(layers: Layers, path: Path) -> Path:
    """The path at which `inserted` puts a layer: `path`, but at most the end of its list. Raises EditError if there is no such
    list."""
    inside, index = _list_of(layers, path)
    return (*path[:-1], min(index, len(inside)))


# --- changing


def replaced(layers: Layers, path: Path, layer: AnyLayer) -> Layers:
    """`layers` with `layer` at `path`. Raises EditError."""
    at(layers, path)
    return _grown(_changed(layers, path, lambda inside, index: (*inside[:index], layer, *inside[index + 1 :])), layer)


def inserted(layers: Layers, path: Path, layer: AnyLayer) -> Layers:
    """`layers` with `layer` inserted before the layer at `path`, or at the end of the list if `path` is past it. Raises
    EditError."""
    return _grown(_changed(layers, path, lambda inside, index: (*inside[:index], layer, *inside[index:])))


def removed(layers: Layers, path: Path) -> Layers:
    """`layers` without the layer at `path`, or without the branch of a Concat: (2, "branches", 1). Raises EditError."""
    branch = _branch_at(layers, path)
    if branch is not None:
        composite = cast("Concat", at(layers, path[:-2]))
        others = tuple(inside for number, inside in enumerate(composite.branches) if number != branch)
        return replaced(layers, path[:-2], replace(composite, branches=others))
    at(layers, path)
    return _changed(layers, path, lambda inside, index: inside[:index] + inside[index + 1 :])


def moved(layers: Layers, source: Path, target: Path) -> tuple[Layers, Path]:
    """`layers` with the layer at `source` moved before the layer at `target`, and its new path. `target` is a path in `layers`
    before the move, as for `inserted`: an insertion line between two rows. Raises EditError, also for a composite that would be
    moved into itself."""
    layer = at(layers, source)
    if target[: len(source)] == source and len(target) > len(source):
        raise EditError("into_itself", layer=type(layer).__name__)
    landed = after_removal(place(layers, target), source) or source
    return inserted(removed(layers, source), landed, layer), landed


def duplicated(layers: Layers, path: Path) -> Layers:
    """`layers` with a copy of the layer at `path` right after it, at `following(path)`. Raises EditError."""
    layer = at(layers, path)
    return inserted(layers, following(path), layer)


def branch_added(layers: Layers, path: Path) -> Layers:
    """`layers` with an empty branch added at the end of the Concat at `path`. An empty branch returns its input. Raises
    EditError."""
    composite = at(layers, path)
    if not isinstance(composite, Concat):
        raise EditError("no_branches", layer=type(composite).__name__)
    return replaced(layers, path, replace(composite, branches=(*composite.branches, ())))


def following(path: Path) -> Path:
    """The next path in the same list."""
    return (*path[:-1], cast("int", path[-1]) + 1)


# --- the paths of the other layers after an edit


def after_insertion(path: Path, inserted_at: Path) -> Path:
    """The new path of the layer at `path` after another was inserted at `inserted_at` (a path from `place`)."""
    return _shifted(path, inserted_at, 1)


def after_removal(path: Path, removed_at: Path) -> Path | None:
    """The new path of the layer at `path` after the one at `removed_at` was removed; None if it was removed with it."""
    if path[: len(removed_at)] == removed_at:
        return None
    return _shifted(path, removed_at, -1)


def after_move(path: Path, source: Path, landed: Path) -> Path:
    """The new path of the layer at `path` after the one at `source` was moved to `landed` (a path from `moved`)."""
    if path[: len(source)] == source:
        return landed + path[len(source) :]
    without = after_removal(path, source)
    assert without is not None
    return after_insertion(without, landed)


class Edit(msgspec.Struct, frozen=True):
    """One edit as a value. `layer` is the layer that is inserted or replaces another; `target` is as for `moved`."""

    action: Literal["replaced", "inserted", "removed", "moved"]
    path: Path
    layer: AnyLayer | None = None
    target: Path = ()


def applied(layers: Layers, edit: Edit) -> Layers:
    """`layers` after `edit`. Raises EditError."""
    match edit.action, edit.layer:
        case "removed", _:
            return removed(layers, edit.path)
        case "moved", _:
            return moved(layers, edit.path, edit.target)[0]
        case "inserted", layer if layer is not None:
            return inserted(layers, edit.path, layer)
        case "replaced", layer if layer is not None:
            return replaced(layers, edit.path, layer)
    raise EditError("no_layer")


def followed(path: Path, layers: Layers, edit: Edit) -> Path | None:
    """The new path of the layer at `path` of `layers` after `edit`; None if it is gone. A layer inside a composite is also gone
    if the composite is replaced by a layer without such a path."""
    match edit.action:
        case "inserted":
            return after_insertion(path, place(layers, edit.path))
        case "removed":
            return after_removal(path, edit.path)
        case "moved":
            return after_move(path, edit.path, moved(layers, edit.path, edit.target)[1])
    inside = len(path) > len(edit.path) and path[: len(edit.path)] == edit.path
    return None if inside and not has(applied(layers, edit), path) else path


# --- switching off


class Enabled(NamedTuple):
    """A network without the layers that are switched off. `paths` maps the path of each layer in it to its path in the
    whole."""

    layers: Layers
    paths: dict[Path, Path]

    def back(self, path: Path) -> Path:
        """The path in the whole network of the layer at `path` of this one; () is the input."""
        return self.paths.get(path, path)


def enabled(layers: Layers, disabled: Collection[Path]) -> Enabled:
    """`layers` without those at the paths `disabled`. A composite is left out with all layers inside it. Paths without a layer
    are ignored. A branch whose layers are all switched off returns its input."""
    found: dict[Path, Path] = {}
    return Enabled(_without(layers, frozenset(disabled), (), (), found), found)


def _without(layers: Layers, disabled: frozenset[Path], here: Path, there: Path, found: dict[Path, Path]) -> Layers:
    """The enabled layers of one list. Its path is `there` in the whole network and `here` in the enabled one."""
    left: list[AnyLayer] = []
    for index, layer in enumerate(layers):
        whole = (*there, index)
        if whole in disabled:
            continue
        path = (*here, len(left))
        found[path] = whole
        changed: Layer = layer
        if isinstance(layer, Composite):
            for branch in layer.branches_in_order():
                inside = _without(_layers(branch), disabled, (*path, *branch.path), (*whole, *branch.path), found)
                if len(inside) < len(branch.layers) or any(map(_is_not, inside, branch.layers)):
                    changed = _with_branch(changed, branch.path, inside)
        left.append(cast("AnyLayer", changed))
    return tuple(left)


def _is_not(first: object, second: object) -> bool:
    return first is not second


# --- finding a path


def _changed(layers: Layers, path: Path, change: Callable[[Layers, int], Layers]) -> Layers:
    """`layers` with the list that holds `path` changed by `change(list, index)`. The index may be past the list's end."""
    index = _index(path, 0)
    if len(path) == 1:
        return change(layers, index)
    composite, branch = _branch(layers, index, path, 1)
    inside = _changed(_layers(branch), path[1 + len(branch.path) :], change)
    return (*layers[:index], _with_branch(composite, branch.path, inside), *layers[index + 1 :])


def _list_of(layers: Layers, path: Path) -> tuple[Layers, int]:
    """The list that holds `path`, and the index in it, which may be past its end."""
    start = 0
    while len(path) > start + 1:
        _, branch = _branch(layers, _index(path, start), path, start + 1)
        layers, start = _layers(branch), start + 1 + len(branch.path)
    return layers, _index(path, start)


def _index(path: Path, start: int) -> int:
    if len(path) <= start or type(path[start]) is not int or cast("int", path[start]) < 0:
        raise _no_such_layer(path)
    return cast("int", path[start])


def _branch(layers: Layers, index: int, path: Path, start: int) -> tuple[Composite, Branch]:
    """The composite at `index`, and the branch of it that `path[start:]` begins with."""
    composite = layers[index] if index < len(layers) else None
    if isinstance(composite, Composite):
        for branch in composite.branches_in_order():
            if path[start : start + len(branch.path)] == branch.path:
                return composite, branch
    raise _no_such_layer(path)


def _branch_at(layers: Layers, path: Path) -> int | None:
    """The branch's number if `path` is that of a branch of a Concat; None if it is a layer's."""
    if len(path) < 3 or path[-2] != "branches" or not has(layers, path[:-2]):
        return None
    composite, number = at(layers, path[:-2]), _index(path, len(path) - 1)
    return number if isinstance(composite, Concat) and number < len(composite.branches) else None


def _with_branch(composite: Layer, path: Sequence[str | int], inside: Layers) -> AnyLayer:
    """`composite` with the layers `inside` in its branch at `path`: ("main",) or ("branches", 1)."""
    name, *numbers = path
    if not numbers:
        return cast("AnyLayer", replace(composite, **{str(name): inside}))
    branches = list(getattr(composite, str(name)))
    branches[cast("int", numbers[0])] = inside
    return cast("AnyLayer", replace(composite, **{str(name): tuple(branches)}))


def _layers(branch: Branch) -> Layers:
    return cast("Layers", tuple(branch.layers))


def _shifted(path: Path, at_path: Path, by: int) -> Path:
    """`path` after the list that holds `at_path` grew or shrank by `by` there."""
    last = len(at_path) - 1
    if len(path) <= last or path[:last] != at_path[:last] or isinstance(path[last], str):
        return path
    number, changed_at = cast("int", path[last]), cast("int", at_path[last])
    return (*path[:last], number + by, *path[last + 1 :]) if number >= changed_at else path


def _no_such_layer(path: Path) -> EditError:
    return EditError("no_such_layer", path=written(path))


def written(path: Path) -> str:
    """A path as a file's key: layers[2].branches[1][0]."""
    return "layers" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


# --- limits


def _grown(layers: Layers, added: AnyLayer | None = None) -> Layers:
    """`layers` if they are not too many and not nested too deeply, which only a composite as `added` can have changed."""
    if added is None or isinstance(added, Composite):
        require_room(layers)
    return layers


def require_room(layers: Iterable[AnyLayer]) -> None:
    """Raise EditError if a file could not hold `layers`."""
    match excess(layers):
        case "too_many":
            raise EditError("too_many", most=full_count(MOST_LAYERS))
        case "too_deep":
            raise EditError("too_deep", most=MOST_LEVELS)
