"""What a network that cannot be needs: for each problem, edits that a learner would make, to click.

A repair is a proposal (`engine.networks.proposals`) that was tried: the trace of the network it leads to has no problem at
that place, nor before it. What lies behind the place may have one, then with repairs of its own: such a repair says so, and
comes after those with which the whole network can be built. A layer with two faults gets two proposals in one.

No torch. Called by the network lab beside a problem's sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from engine import words
from engine.layers.base import Shape
from engine.layers.kinds.composite import Composite, every
from engine.layers.layer_text import short
from engine.networks.edits import Edit, EditError, Layers, Path, applied, at, enabled, followed, place
from engine.networks.proposals import Case, Proposal, proposals
from engine.networks.trace import Problem, trace
from engine.words import readable

MOST = 5  # repairs of one problem: more would be a menu
_END = 10**9  # an index behind the last of any list


class Repair(msgspec.Struct, frozen=True):
    """What to do, and what it leads to. `code` is one of assets/words/repairs.toml, `values` fill it. `layers` is the whole
    network afterwards, with what is switched off; `edits` lead there one by one; `path` is where to look then. `breaks` is the
    layer that has a problem then, in a few words; empty: the whole network can be built."""

    code: str
    values: dict[str, Any]
    layers: Layers
    edits: tuple[Edit, ...]
    path: Path
    then: tuple[str, dict[str, Any]] | None = None  # code and values of a second proposal, where a layer has two faults
    breaks: str = ""

    def followed(self, path: Path, layers: Layers) -> Path | None:
        """Where the layer at `path` of `layers`, the network before, is after the repair; None where it is gone."""
        return _followed(path, layers, self.edits)


def text(repair: Repair, language: str = "en") -> str:
    """The proposal in a few words, for a button: Set padding to 2."""
    said = _said(repair.code, repair.values, language)
    if repair.then is not None:
        second = _said(*repair.then, language)
        said = f"{said}, {second[:1].lower()}{second[1:]}"
    return words.say("repairs", "breaks", language, repair=said, layer=repair.breaks) if repair.breaks else said


def _said(code: str, values: dict[str, Any], language: str) -> str:
    shown = {name: readable(value) for name, value in values.items()}
    if "field" in shown:
        label = words.say("fields", shown["field"], language)
        shown["field"] = label[:1].lower() + label[1:]
    return words.say("repairs", code, language, **shown)


def repairs(
    layers: Layers,
    input: Shape,  # noqa: A002
    problem: Problem,
    *,
    disabled: Collection[Path] = (),
    tokens: bool | None = None,
) -> tuple[Repair, ...]:
    """What can be done about `problem`, the likeliest first, of those with which the whole network can be built, then of the
    others; nothing where the input itself is at fault. `problem` is the one
    that the trace of `enabled(layers, disabled).layers` for `input` and `tokens` has, its `where` as it stands there."""
    if not problem.where:
        return ()
    case = Case.of(enabled(layers, disabled).layers, tuple(input), problem, tokens)
    off = frozenset(disabled)
    found = [repair for proposal in proposals(case) if (repair := _tried(case, proposal, layers, off)) is not None]
    if all(repair.code == "remove" for repair in found):
        both = (_tried(case, proposal, layers, off) for proposal in _in_pairs(case))
        found = [repair for repair in both if repair is not None] + found
    different = [repair for place, repair in enumerate(found) if all(repair.layers != one.layers for one in found[:place])]
    kept = different if len(different) <= MOST else [*different[: MOST - 1], different[-1]]
    return tuple(sorted(kept, key=lambda repair: bool(repair.breaks)))


def _in_pairs(case: Case) -> Iterator[Proposal]:
    """Of a layer with two faults: what can be done about the first, and then about the second."""
    for first in proposals(case):
        after = _after(case.layers, first.edits)
        spot = _followed(case.path, case.layers, first.edits)
        problem = trace(after, case.before.input, tokens=case.tokens).problem
        if spot is None or problem is None or problem.where != spot or problem == case.problem:
            continue
        for second in proposals(Case.of(after, case.before.input, problem, case.tokens)):
            if second.code != "remove":
                yield Proposal(first.code, first.values, first.edits + second.edits, (second.code, second.values))


# --- trying


def _tried(case: Case, proposal: Proposal, whole: Layers, disabled: frozenset[Path]) -> Repair | None:
    """`proposal` carried out, on the whole network too; None where it does not help."""
    try:
        after = _after(case.layers, proposal.edits)
        spot = _followed(case.path, case.layers, proposal.edits)
        if not _helps(case, after, proposal.edits, spot):
            return None
        problem = trace(after, case.before.input, tokens=case.tokens).problem
        breaks = "" if problem is None else short(at(after, problem.where))
        repair = Repair(proposal.code, proposal.values, after, proposal.edits, spot or case.path, proposal.then, breaks)
        return carried_over(repair, whole, disabled) if disabled else repair
    except EditError:  # too many layers, or too deep
        return None


def carried_over(repair: Repair, whole: Layers, disabled: Collection[Path]) -> Repair:
    """A repair of what is on, as one of the `whole` network. Raises EditError."""
    edits, off = list[Edit](), frozenset(disabled)
    for edit in repair.edits:
        edit = _in_whole(edit, enabled(whole, off).paths, whole)
        kept = (_followed(path, whole, (edit,)) for path in off)
        whole, off = applied(whole, edit), frozenset(path for path in kept if path is not None)
        edits.append(edit)
    return msgspec.structs.replace(repair, layers=whole, edits=tuple(edits), path=enabled(whole, off).back(repair.path))


def _after(layers: Layers, edits: tuple[Edit, ...]) -> Layers:
    for edit in edits:
        layers = applied(layers, edit)
    return layers


def _followed(path: Path, layers: Layers, edits: tuple[Edit, ...]) -> Path | None:
    found: Path | None = path
    for edit in edits:
        found = found and followed(found, layers, edit)
        layers = applied(layers, edit)
    return found


def _in_whole(edit: Edit, known: dict[Path, Path], whole: Layers) -> Edit:
    """`edit` of what is left as one of the `whole` network; `known` says where each layer that is left stands there."""
    target = edit.target and _place_in_whole(edit.target, known, whole)
    return msgspec.structs.replace(edit, path=_place_in_whole(edit.path, known, whole), target=target)


def _place_in_whole(path: Path, known: dict[Path, Path], whole: Layers) -> Path:
    if path in known:
        return known[path]
    holder = max((length for length in range(1, len(path)) if path[:length] in known), default=0)
    return place(whole, (*known.get(path[:holder], ()), *path[holder:-1], _END))  # behind the last of that list


def _helps(case: Case, after: Layers, edits: tuple[Edit, ...], spot: Path | None) -> bool:
    """Whether the trace of `after` has no problem at `spot`, where the layer at fault is now, nor before. None: it was taken
    out; what has come to its place may have a problem of its own. Only what can have changed is traced."""
    gone, spot = spot is None, spot or case.path
    start = min(int(path[0]) for edit in edits for path in (edit.path, edit.target) if path)
    start = min(start, len(case.before.rows))
    last = int(spot[0]) + 1
    if _all_keep_tokens(after[:start]):  # tokens or not: what reads the first number has not come yet
        through = after if case.tokens is None and _all_keep_tokens(after[:last]) else after[:last]
        start, found = 0, trace(through, case.before.input, tokens=case.tokens).problem
    else:
        shape = case.before.rows[start].input if start < len(case.before.rows) else case.before.output
        found = trace(after[start:last], shape, tokens=False).problem
    if found is None:
        return True
    where = (int(found.where[0]) + start, *found.where[1:]) if found.where else ()
    if gone and where[: len(spot)] == spot:
        return True
    if case.problem.code == "not_allowed":  # is found before anything else in the same top-level layer
        return where != spot
    return _order(where) > _order(spot)


def _all_keep_tokens(layers: Layers) -> bool:
    return all(layer.keeps_tokens for layer in every(layers) if not isinstance(layer, Composite))


def _order(path: Path) -> tuple[tuple[object, ...], ...]:
    """In which order the trace comes to places: what is inside a composite before the composite itself."""
    return (*((0, part) for part in path), (1,))
