"""The rows of the stack for a state of the network lab: which are shown, their contents, and the row of the problem.

Called by the stack's card.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from engine.layers.base import Layer
from engine.layers.catalog import Sequential
from engine.layers.kinds.composite import Composite
from engine.layers.layer_text import short
from engine.networks import hints
from engine.networks import repairs as proposals
from engine.networks.repairs import Repair, repairs
from engine.networks.trace import Path, message
from gui.labs.network.reading import Reading
from gui.labs.network.state import NetworkState, Share
from gui.shell.language import language
from gui.widgets.stack.stack_rows import StackRow


def offered(state: NetworkState, reading: Reading) -> tuple[Repair, ...]:
    """The repairs for the problem, and last the one for the hint. A repair's key is its number here."""
    hinted = () if reading.hint is None else (reading.hint.repair,)
    if reading.problem is None:
        return hinted
    return (*repairs(state.layers, state.input, reading.problem, disabled=state.disabled), *hinted)


class Remark(NamedTuple):
    """A sentence about one layer, and its repairs as (key, words on the button)."""

    where: Path
    text: str
    buttons: tuple[tuple[str, str], ...]


def problem_remark(reading: Reading, found: Sequence[Repair]) -> Remark | None:
    """Why and where the network breaks; `found` are the repairs that are offered."""
    if reading.problem is None:
        return None
    buttons = _buttons(found)[: len(found) - (reading.hint is not None)]
    return Remark(reading.broken or (), message(reading.problem, language()), buttons)


def hint_remark(reading: Reading, found: Sequence[Repair]) -> Remark | None:
    """What is valid and likely not meant; `found` are the repairs that are offered."""
    if reading.hint is None:
        return None
    return Remark(reading.hint.where, hints.text(reading.hint, language()), _buttons(found)[-1:])


def _buttons(found: Sequence[Repair]) -> tuple[tuple[str, str], ...]:
    return tuple((str(number), proposals.text(repair, language())) for number, repair in enumerate(found))


def stack_rows(state: NetworkState, reading: Reading, found: Sequence[Repair], input_name: str) -> tuple[StackRow, ...]:
    """The rows in the order of the drawing; the first is the input, under the name `input_name`. `found` are the repairs that
    are offered."""
    folded, disabled = frozenset(state.folded), frozenset(state.disabled)
    maker = _Maker(reading, state.share, folded, disabled)
    rows = [StackRow((), 0, input_name, output=state.input)]
    rows += maker.rows(state.layers, (), 0, off=False)
    there = {row.path for row in rows}
    if (problem := problem_remark(reading, found)) is not None:
        where = seen_at(problem.where, there)
        rows = [replace(row, problem=problem.text, repairs=problem.buttons) if row.path == where else row for row in rows]
    if (hint := hint_remark(reading, found)) is not None:
        where = seen_at(hint.where, there)
        rows = [_with_hint(row, hint) if row.path == where else row for row in rows]
    return tuple(rows)


def seen_at(path: Path, there: Collection[Path]) -> Path:
    """The row that shows a place: its own, or that of the folded composite around it."""
    while path not in there and path:
        path = path[:-1]
    return path


def _with_hint(row: StackRow, hint: Remark) -> StackRow:
    """A row with a hint; a row with a problem stays as it is."""
    return row if row.problem else replace(row, hint=hint.text, repairs=hint.buttons)


class _Maker:
    def __init__(self, reading: Reading, share: Share, folded: Collection[Path], disabled: Collection[Path]) -> None:
        self._reading = reading
        self._share = share
        self._folded = folded
        self._disabled = disabled
        self._total = reading.total(share)

    def rows(self, layers: Sequence[Layer], where: Path, depth: int, *, off: bool) -> Iterator[StackRow]:
        for index, layer in enumerate(layers):
            path = (*where, index)
            is_off = off or path in self._disabled
            folded = path in self._folded
            yield self._row(layer, path, depth, is_off, folded)
            if isinstance(layer, Composite) and not folded:
                yield from self._inside(layer, path, depth + 1, off=is_off)

    def _inside(self, layer: Composite, path: Path, depth: int, *, off: bool) -> Iterator[StackRow]:
        for branch in layer.branches_in_order():
            start = (*path, *branch.path)
            if not isinstance(layer, Sequential):
                yield StackRow(start, depth, "", disabled=off)
            yield from self.rows(branch.layers, start, depth, off=off)

    def _row(self, layer: Layer, path: Path, depth: int, off: bool, folded: bool) -> StackRow:
        reading, row = self._reading, self._reading.rows.get(path)
        amount = reading.amount(path, self._share)
        return StackRow(
            path,
            depth,
            short(layer, language()),
            output=row.output if row is not None else None,
            parameters=row.parameters if row is not None else None,
            macs=row.macs if row is not None else None,
            memory=row.memory if row is not None else None,
            share=amount / self._total if amount and self._total else 0.0,
            disabled=off,
            foldable=isinstance(layer, Composite),
            folded=folded,
        )
