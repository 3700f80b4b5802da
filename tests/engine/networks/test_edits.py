"""A network edited: against nested lists that are edited in place, and what remembers paths follows; layers as text."""

from __future__ import annotations

import subprocess
import sys
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layers.catalog import Concat, Conv2d, Linear, ReLU, Residual, Sequential
from engine.layers.kinds.composite import Composite
from engine.layers.network_toml import MOST_LAYERS, MOST_LEVELS, NetworkTomlError, layers_from_text, layers_to_text
from engine.networks.edits import (
    Edit,
    EditError,
    after_insertion,
    after_move,
    after_removal,
    applied,
    at,
    branch_added,
    duplicated,
    enabled,
    followed,
    following,
    has,
    inserted,
    moved,
    paths,
    place,
    removed,
    replaced,
    written,
)
from engine.words import LANGUAGES, table
from tests.engine.known_networks import RESNET_34


def n(number: int) -> Linear:
    """A layer that is told apart by its number."""
    return Linear(out_features=number)


MAIN, SHORTCUT = (n(10), n(11)), (n(12),)
NETWORK = (n(1), Residual(main=MAIN, shortcut=SHORTCUT), Concat(branches=((n(20),), (), (n(21), n(22)))), n(2))


class TestPlaces:
    def test_depth_first(self) -> None:
        assert paths(NETWORK) == (
            (0,),
            (1,),
            (1, "main", 0),
            (1, "main", 1),
            (1, "shortcut", 0),
            (2,),
            (2, "branches", 0, 0),
            (2, "branches", 2, 0),
            (2, "branches", 2, 1),
            (3,),
        )
        assert at(NETWORK, (2, "branches", 2, 1)) == n(22)
        assert paths(()) == ()

    @pytest.mark.parametrize(
        "path",
        [
            (),
            (4,),
            (-1,),
            (0, "main", 0),
            (1, "branches", 0),
            (1, "main"),
            (1, "main", 2),
            (2, "branches", 3, 0),
            ("main", 0),
            (True,),
            (1, 0),
        ],
    )
    def test_no_such_layer(self, path: Any) -> None:
        assert not has(NETWORK, path)
        for refused in (
            lambda: at(NETWORK, path),
            lambda: replaced(NETWORK, path, n(9)),
            lambda: duplicated(NETWORK, path),
            lambda: removed(NETWORK, path),
            lambda: moved(NETWORK, path, (0,)),
        ):
            with pytest.raises(EditError):
                refused()

    def test_a_path_as_a_file_has_it(self) -> None:
        assert written((2, "branches", 1, 0)) == "layers[2].branches[1][0]"
        with pytest.raises(EditError, match=r"There is no layer at layers\[1\]\.main\[2\]"):
            at(NETWORK, (1, "main", 2))


class TestEdits:
    def test_inserted_before(self) -> None:
        assert inserted(NETWORK, (0,), n(9)) == (n(9), *NETWORK)
        assert inserted(NETWORK, (1, "shortcut", 0), n(9))[1] == Residual(main=MAIN, shortcut=(n(9), n(12)))
        assert inserted(NETWORK, (2, "branches", 1, 0), n(9))[2] == Concat(branches=((n(20),), (n(9),), (n(21), n(22))))

    def test_inserted_past_the_end(self) -> None:
        assert inserted(NETWORK, (4,), n(9)) == inserted(NETWORK, (99,), n(9)) == (*NETWORK, n(9))
        assert place(NETWORK, (99,)) == (4,)
        assert place(NETWORK, (1, "main", 7)) == (1, "main", 2)
        assert inserted((), (0,), n(9)) == (n(9),)

    def test_replaced(self) -> None:
        assert replaced(NETWORK, (1, "main", 1), n(9))[1] == Residual(main=(n(10), n(9)), shortcut=SHORTCUT)
        assert replaced(NETWORK, (3,), n(9)) == (*NETWORK[:3], n(9))

    def test_removed(self) -> None:
        assert removed(NETWORK, (1,)) == (NETWORK[0], *NETWORK[2:])
        assert removed(NETWORK, (2, "branches", 2, 0))[2] == Concat(branches=((n(20),), (), (n(22),)))

    def test_a_branch_removed_and_added(self) -> None:
        assert removed(NETWORK, (2, "branches", 1))[2] == Concat(branches=((n(20),), (n(21), n(22))))
        assert after_removal((2, "branches", 2, 1), (2, "branches", 1)) == (2, "branches", 1, 1)
        assert after_removal((2, "branches", 1, 0), (2, "branches", 1)) is None
        assert branch_added(NETWORK, (2,))[2] == Concat(branches=((n(20),), (), (n(21), n(22)), ()))
        with pytest.raises(EditError, match="no branches"):
            branch_added(NETWORK, (1,))

    def test_duplicated(self) -> None:
        assert duplicated(NETWORK, (1,)) == (*NETWORK[:2], *NETWORK[1:])
        assert following((2, "branches", 2, 0)) == (2, "branches", 2, 1)

    @pytest.mark.parametrize(
        ("source", "target", "landed", "order"),
        [
            ((0,), (2,), (1,), "BACD"),
            ((0,), (4,), (3,), "BCDA"),
            ((3,), (0,), (0,), "DABC"),
            ((1,), (1,), (1,), "ABCD"),
            ((1,), (2,), (1,), "ABCD"),
            ((1,), (99,), (3,), "ACDB"),
        ],
    )
    def test_moved_in_its_list(self, source: Any, target: Any, landed: Any, order: str) -> None:
        letters = {letter: n(number) for number, letter in enumerate("ABCD", start=1)}
        assert moved(tuple(letters.values()), source, target) == (tuple(letters[letter] for letter in order), landed)

    def test_moved_into_a_composite_behind_it(self) -> None:
        layers, landed = moved(NETWORK, (0,), (1, "main", 1))
        assert landed == (0, "main", 1)
        assert layers == (Residual(main=(n(10), n(1), n(11)), shortcut=SHORTCUT), *NETWORK[2:])

    def test_moved_out_of_a_composite(self) -> None:
        layers, landed = moved(NETWORK, (1, "main", 0), (1,))
        assert landed == (1,)
        assert layers == (n(1), n(10), Residual(main=(n(11),), shortcut=SHORTCUT), *NETWORK[2:])

    def test_not_into_itself(self) -> None:
        with pytest.raises(EditError, match="into itself"):
            moved(NETWORK, (1,), (1, "main", 0))

    def test_unchanged_parts_are_the_same_objects(self) -> None:
        """So that states share them, and a trace can tell what to leave."""
        layers = replaced(NETWORK, (1, "main", 0), n(9))
        assert all(layers[index] is NETWORK[index] for index in (0, 2, 3))


class Listed:
    """The same edits on lists that are changed in place: a slower, plainer way. A layer is a number, or a list of branches."""

    def __init__(self, layers: tuple[Any, ...]) -> None:
        self.top = [self._read(layer) for layer in layers]

    def _read(self, layer: Any) -> Any:
        if not isinstance(layer, Composite):
            return layer.out_features
        return [type(layer), *([self._read(inner) for inner in branch.layers] for branch in layer.branches_in_order())]

    def list_of(self, path: Any) -> list[Any]:
        here = self.top
        parts = [0 if part == "main" else 1 if part == "shortcut" else part for part in path if part != "branches"]
        # index, branch, index, branch, ..., index (a Sequential's one branch has the number 0)
        for index, branch in zip(parts[:-1:2], parts[1::2], strict=True):
            here = here[index][1 + (0 if branch == "layers" else branch)]
        return here

    def layers(self) -> tuple[Any, ...]:
        return tuple(map(self._written, self.top))

    def _written(self, value: Any) -> Any:
        if isinstance(value, int):
            return n(value)
        kind, *branches = value
        inside = [tuple(map(self._written, branch)) for branch in branches]
        if kind is Residual:
            return Residual(main=inside[0], shortcut=inside[1])
        return Sequential(layers=inside[0]) if kind is Sequential else Concat(branches=tuple(inside))


def random_network(random: Random, numbers: Any, depth: int = 0) -> tuple[Any, ...]:
    layers: list[Any] = []
    for _ in range(random.randint(0 if depth else 1, 4)):
        kind = random.choice((Linear, Linear, Residual, Concat, Sequential)) if depth < 3 else Linear
        inside = [random_network(random, numbers, depth + 1) for _ in range(3)] if kind is not Linear else []
        if kind is Linear:
            layers.append(n(next(numbers)))
        elif kind is Residual:
            layers.append(Residual(main=inside[0], shortcut=inside[1]))
        elif kind is Concat:
            layers.append(Concat(branches=tuple(inside[: random.randint(0, 3)])))
        else:
            layers.append(Sequential(layers=inside[0]))
    return tuple(layers)


def lists_in(layers: tuple[Any, ...]) -> list[tuple[Any, int]]:
    """Every list that layers can be put into: the path to it, and its length."""
    found: list[tuple[Any, int]] = [((), len(layers))]
    for path in paths(layers):
        layer = at(layers, path)
        if isinstance(layer, Composite):
            found += [((*path, *branch.path), len(branch.layers)) for branch in layer.branches_in_order()]
    return found


def random_edit(random: Random, layers: tuple[Any, ...], number: int) -> Edit:
    """An edit of any kind at any place; moves into itself are among them."""
    known = paths(layers)
    where, length = random.choice(lists_in(layers))
    target = (*where, random.randint(0, length + 1))
    action = random.choice(("inserted", "inserted", "removed", "moved", "moved", "replaced")) if known else "inserted"
    if action == "inserted":
        new = random.choice((n(number), n(number), Residual(main=(n(number),)), Concat(branches=((), (n(number),)))))
        return Edit("inserted", target, new)
    path = random.choice(known)
    if action == "replaced":
        return Edit("replaced", path, n(number))
    return Edit("removed", path) if action == "removed" else Edit("moved", path, target=target)


def numbers_in(layers: tuple[Any, ...]) -> dict[int, Any]:
    """Number -> place of the layer that has it."""
    return {at(layers, path).out_features: path for path in paths(layers) if isinstance(at(layers, path), Linear)}


@given(st.integers(0, 2**32))
def test_as_lists_edited_in_place(seed: int) -> None:
    random = Random(seed)
    layers = random_network(random, iter(range(1, 10_000)))
    assert Listed(layers).layers() == layers
    for step in range(6):
        listed, edit = Listed(layers), random_edit(random, layers, 100_000 + step)
        inside = listed.list_of(edit.path)
        index = int(edit.path[-1])
        if edit.action == "inserted":
            inside.insert(index, Listed((edit.layer,)).top[0])
        elif edit.action == "replaced":
            inside[index] = Listed((edit.layer,)).top[0]
        elif edit.action == "removed":
            del inside[index]
        else:
            if len(edit.target) > len(edit.path) and edit.target[: len(edit.path)] == edit.path:
                with pytest.raises(EditError, match="into itself"):
                    applied(layers, edit)
                continue
            goal, mark = listed.list_of(edit.target), object()
            goal.insert(int(edit.target[-1]), mark)
            value = inside[index if inside is not goal or index < inside.index(mark) else index + 1]
            del inside[index if inside is not goal or index < inside.index(mark) else index + 1]
            goal[goal.index(mark)] = value
        before, after = layers, applied(layers, edit)
        assert after == listed.layers()
        places = numbers_in(after)
        for number, path in numbers_in(before).items():  # what remembers a path follows
            gone = edit.action in ("removed", "replaced") and path[: len(edit.path)] == edit.path
            expected = None if gone and (edit.action == "removed" or path != edit.path) else places.get(number, path)
            assert followed(path, before, edit) == expected
        layers = after


def test_what_remembers_paths_follows() -> None:
    assert after_insertion((1, "main", 0), (0,)) == (2, "main", 0)
    assert after_insertion((1, "main", 0), (1, "main", 1)) == (1, "main", 0)
    assert after_insertion((1, "shortcut", 0), (1, "main", 0)) == (1, "shortcut", 0)
    assert after_removal((2,), (1,)) == (1,)
    assert after_removal((1, "main", 0), (1,)) is None
    assert after_move((1, "main", 0), (1,), (0,)) == (0, "main", 0)
    assert after_move((0,), (1,), (0,)) == (1,)


class TestEnabled:
    def test_without_those_switched_off(self) -> None:
        left = enabled(NETWORK, {(0,), (1, "main", 0), (2, "branches", 2, 0)})
        assert left.layers == (
            Residual(main=(n(11),), shortcut=SHORTCUT),
            Concat(branches=((n(20),), (), (n(22),))),
            n(2),
        )
        assert left.back((0, "main", 0)) == (1, "main", 1)
        assert left.back((1, "branches", 2, 0)) == (2, "branches", 2, 1)
        assert left.back(()) == ()

    def test_a_composite_goes_with_all_that_is_inside(self) -> None:
        assert enabled(NETWORK, {(1,), (1, "main", 0)}).layers == (n(1), *NETWORK[2:])

    def test_nothing_switched_off_is_the_same_network(self) -> None:
        left = enabled(RESNET_34, {(999,), (0, "main", 3)})
        assert left.layers == RESNET_34
        assert all(new is old for new, old in zip(left.layers, RESNET_34, strict=True))

    @given(st.integers(0, 2**32))
    def test_every_layer_that_is_left_is_found_again(self, seed: int) -> None:
        random = Random(seed)
        layers = random_network(random, iter(range(1, 10_000)))
        off = {path for path in paths(layers) if random.random() < 0.3}
        left = enabled(layers, off)
        kept = [path for path in paths(layers) if not any(path[:length] in off for length in range(1, len(path) + 1))]
        assert [left.back(path) for path in paths(left.layers)] == kept
        for path in paths(left.layers):
            old, new = at(layers, left.back(path)), at(left.layers, path)
            assert type(old) is type(new)
            assert isinstance(new, Composite) or old == new


class TestLimits:
    """No edit makes what a file could not hold."""

    def test_too_many(self) -> None:
        full = (ReLU(),) * MOST_LAYERS
        for growing in (
            lambda: inserted(full, (0,), ReLU()),
            lambda: duplicated(full, (3,)),
            lambda: layers_from_text(layers_to_text((*full, n(1)))),
        ):
            with pytest.raises((EditError, NetworkTomlError)) as caught:
                growing()
            assert caught.value.code == "too_many"
        assert len(removed(full, (0,))) == MOST_LAYERS - 1
        assert moved(full, (0,), (9,))[0] == full

    def test_too_deep(self) -> None:
        deep: Any = ReLU()
        for _ in range(MOST_LEVELS - 1):
            deep = Sequential(layers=(deep,))
        layers = inserted((), (0,), deep)
        assert layers_from_text(layers_to_text(layers)) == layers
        for growing in (
            lambda: inserted((), (0,), Sequential(layers=(deep,))),
            lambda: moved((deep, Sequential(layers=())), (0,), (1, "layers", 0)),
            lambda: replaced((n(1),), (0,), Sequential(layers=(deep,))),
            lambda: layers_from_text(layers_to_text((Sequential(layers=(deep,)),))),
        ):
            with pytest.raises((EditError, NetworkTomlError)) as caught:
                growing()
            assert caught.value.code == "too_deep"


def test_words_in_both_languages() -> None:
    for code, entry in table("edits").items():
        assert entry.keys() == set(LANGUAGES), code


def test_an_edit_can_be_sent() -> None:
    edit = Edit("inserted", (1, "main", 0), Conv2d(out_channels=3, kernel_size=(3, 5)))
    assert msgspec.convert(msgspec.to_builtins(edit), Edit) == edit


def test_an_edit_without_its_layer() -> None:
    with pytest.raises(EditError, match="No layer"):
        applied(NETWORK, Edit("inserted", (0,)))


def test_without_torch() -> None:
    code = "import sys, engine.networks.repairs, engine.layers.layer_text; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
