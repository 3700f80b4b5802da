"""Repairs for a network that cannot be built: for each problem, edits that a learner would make, one click each.

A repair is a proposal (`engine.networks.mending.proposals`) that was tried: after its edits the trace has no problem at the
layer at fault, nor before it. A layer after it may then have a problem, with repairs of its own. Such a repair names that
layer, and is listed after the repairs with which the whole network can be built. A layer with two faults gets repairs of two
proposals each.

No torch. Called by the network lab, which shows repairs below the problem's sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from engine import words
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite, every
from engine.layers.layer_text import short
from engine.networks.edits import Edit, EditError, Layers, applied, at, enabled, followed, place
from engine.networks.mending.cases import Case, Proposal, kind_name
from engine.networks.mending.proposals import proposals
from engine.networks.mending.switched_off import to_switch_on
from engine.networks.trace import Path, Problem, trace
from engine.words import readable

MOST_REPAIRS = 5  # of one problem
_END = 10**9  # an index after the end of any list


class Repair(msgspec.Struct, frozen=True):
    """A repair and the network that it leads to. `code` is one of assets/words/repairs.toml, `values` fill its sentence.
    `edits`, one after the other, lead to `layers`: the whole network, layers that are switched off included. `path` is the
    layer to show then, () the input; `on` are the layers that are switched on again. `breaks` is the layer that has a problem
    then; None if the whole network can be built."""

    code: str
    values: dict[str, Any]
    layers: Layers
    edits: tuple[Edit, ...]
    path: Path
    then: tuple[str, dict[str, Any]] | None = None  # code and values of the second of two joined proposals
    breaks: AnyLayer | None = None
    input: Shape | None = None  # that the network is to have; None: the one that it has
    on: tuple[Path, ...] = ()

    def followed(self, path: Path, layers: Layers) -> Path | None:
        """The path after the repair of the layer at `path` of `layers`, the network before it; None if the layer is gone."""
        return _followed(path, layers, self.edits)


def text(repair: Repair, language: str = "en") -> str:
    """The repair in a few words, for a button: Set padding to 2."""
    said = _said(repair.code, repair.values, language)
    if repair.then is not None:
        said = f"{said}, {words.within_sentence(_said(*repair.then, language), language)}"
    if repair.breaks is None:
        return said
    return words.say("repairs", "breaks", language, repair=said, layer=short(repair.breaks, language))


def _said(code: str, values: dict[str, Any], language: str) -> str:
    shown = {name: readable(value) for name, value in values.items()}
    if "field" in shown:
        label = words.say("axes" if "." in shown["field"] else "fields", shown["field"], language)
        shown["field"] = words.within_sentence(label, language)
    return words.say("repairs", code, language, **shown)


def repairs(
    layers: Layers,
    input: Shape,  # noqa: A002
    problem: Problem,
    *,
    disabled: Collection[Path] = (),
    tokens: bool | None = None,
) -> tuple[Repair, ...]:
    """The repairs of `problem`: first those with which the whole network can be built, then the others, each group with the
    likeliest first. Empty if the input itself is at fault.

    `problem` is the problem of the trace of `enabled(layers, disabled).layers` for `input` and `tokens`; its `where` is a path
    in those layers."""
    if not problem.where:
        return ()
    case = Case.of(enabled(layers, disabled).layers, tuple(input), problem, tokens)
    off = frozenset(disabled)
    found = [repair for proposal in proposals(case) if (repair := _tried(case, proposal, layers, off)) is not None]
    if all(repair.code == "remove" for repair in found):
        both = (_tried(case, proposal, layers, off) for proposal in _in_pairs(case))
        found = [repair for repair in both if repair is not None] + found
    found = _with_switches(found, case, layers, off)
    different = [
        repair
        for place, repair in enumerate(found)
        if all((repair.layers, repair.on) != (one.layers, one.on) for one in found[:place])
    ]
    kept = different if len(different) <= MOST_REPAIRS else [*different[: MOST_REPAIRS - 1], different[-1]]
    return tuple(sorted(kept, key=lambda repair: repair.breaks is not None))


def _in_pairs(case: Case) -> Iterator[Proposal]:
    """Joined proposals for a layer with two faults: one for the first fault, then one for the second."""
    for first in proposals(case):
        after = _after(case.layers, first.edits)
        present = _followed(case.path, case.layers, first.edits)
        problem = trace(after, case.before.input, tokens=case.tokens).problem
        if present is None or problem is None or problem.where != present or problem == case.problem:
            continue
        for second in proposals(Case.of(after, case.before.input, problem, case.tokens)):
            if second.code != "remove":
                yield Proposal(first.code, first.values, first.edits + second.edits, (second.code, second.values))


# --- trying


def _tried(case: Case, proposal: Proposal, whole: Layers, disabled: frozenset[Path]) -> Repair | None:
    """The repair that `proposal` makes, with the edits of the whole network; None if it does not help."""
    try:
        after = _after(case.layers, proposal.edits)
        present = _followed(case.path, case.layers, proposal.edits)
        if not _helps(case, after, proposal.edits, present):
            return None
        problem = trace(after, case.before.input, tokens=case.tokens).problem
        breaks = None if problem is None else at(after, problem.where)
        repair = Repair(proposal.code, proposal.values, after, proposal.edits, present or case.path, proposal.then, breaks)
        return carried_over(repair, whole, disabled) if disabled else repair
    except EditError:  # too many layers, or too deep
        return None


def _with_switches(found: list[Repair], case: Case, whole: Layers, disabled: frozenset[Path]) -> list[Repair]:
    """`found`, each after the switch that makes what it inserts needless, where there is one."""
    if not disabled:
        return found
    where = enabled(whole, disabled).back(case.path)
    offered = list[Repair]()
    for repair in found:
        for on in to_switch_on(repair.edits, whole, disabled, where):
            switch = switched_on(on, whole, disabled, where, case.before.input, case.tokens)
            if switch is not None:
                offered.append(switch)
                break
        offered.append(repair)
    return offered


def switched_on(
    on: tuple[Path, ...],
    whole: Layers,
    disabled: Collection[Path],
    where: Path,
    input: Shape,  # noqa: A002
    tokens: bool | None = None,
) -> Repair | None:
    """The repair that switches the layers `on` of the `whole` network on again; None where the network then has a problem at
    `where` or before it."""
    after = enabled(whole, frozenset(disabled) - frozenset(on))
    problem = trace(after.layers, input, tokens=tokens).problem
    if problem is not None and (not problem.where or _order(after.back(problem.where)) <= _order(where)):
        return None
    breaks = None if problem is None else at(after.layers, problem.where)
    names = ", ".join(dict.fromkeys(kind_name(at(whole, path)) for path in on))
    return Repair("switch_on", {"layer": names}, whole, (), on[0], breaks=breaks, on=on)


def carried_over(repair: Repair, whole: Layers, disabled: Collection[Path]) -> Repair:
    """`repair`, whose edits apply to the layers that are switched on, as a repair of the `whole` network. Raises EditError."""
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
    """`edit` of the layers that are switched on as an edit of the `whole` network. `known` maps their paths to paths in it."""
    target = edit.target and _place_in_whole(edit.target, known, whole)
    return msgspec.structs.replace(edit, path=_place_in_whole(edit.path, known, whole), target=target)


def _place_in_whole(path: Path, known: dict[Path, Path], whole: Layers) -> Path:
    if path in known:
        return known[path]
    holder = max((length for length in range(1, len(path)) if path[:length] in known), default=0)
    return place(whole, (*known.get(path[:holder], ()), *path[holder:-1], _END))  # at the end of that list


def _helps(case: Case, after: Layers, edits: tuple[Edit, ...], present: Path | None) -> bool:
    """Whether the trace of `after` has no problem at `present`, the present path of the layer at fault, nor before it. If
    `present` is None, the layer was removed, and the layer that took its place may have a problem. Only the part of the network
    that the edits can have changed is traced."""
    removed, present = present is None, present or case.path
    start = min(int(path[0]) for edit in edits for path in (edit.path, edit.target) if path)
    start = min(start, len(case.before.rows))
    last = int(present[0]) + 1
    if _all_keep_tokens(after[:start]):  # no layer before has decided whether the input is tokens
        through = after if case.tokens is None and _all_keep_tokens(after[:last]) else after[:last]
        start, found = 0, trace(through, case.before.input, tokens=case.tokens).problem
    else:
        shape = case.before.rows[start].input if start < len(case.before.rows) else case.before.output
        found = trace(after[start:last], shape, tokens=False).problem
    if found is None:
        return True
    where = (int(found.where[0]) + start, *found.where[1:]) if found.where else ()
    if removed and where[: len(present)] == present:
        return True
    if case.problem.code == "not_allowed":  # is found before any other problem of the same top-level layer
        return where != present
    return _order(where) > _order(present)


def _all_keep_tokens(layers: Layers) -> bool:
    return all(layer.keeps_tokens for layer in every(layers) if not isinstance(layer, Composite))


def _order(path: Path) -> tuple[tuple[object, ...], ...]:
    """A sorting key for paths, in the order of the trace: the layers inside a composite come before the composite itself."""
    return (*((0, part) for part in path), (1,))
