"""Proposals for each problem that a network can have, the likeliest first; the last is always to remove the layer.

There is one function for each code of assets/words/problems.toml. assets/words/repairs.toml has the words of the proposals. A
proposal is not tried here: `engine.networks.repairs` tries each one and offers those that help. The one exception is a smaller
window, because the layers after it also limit its size. No torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.networks.edits import Edit
from engine.networks.mending import axis_proposals as axes
from engine.networks.mending import joining_proposals as joining
from engine.networks.mending import window_proposals as windows
from engine.networks.mending.allowed_values import not_allowed
from engine.networks.mending.cases import Case, Proposal, kind_name


def proposals(case: Case) -> Iterator[Proposal]:
    """All proposals for the problem of `case`."""
    if case.problem.code in _REPAIRS:
        yield from _REPAIRS[case.problem.code](case)
    yield Proposal("remove", {"layer": kind_name(case.layer)}, (Edit("removed", case.path),))


_REPAIRS: dict[str, Callable[[Case], Iterator[Proposal]]] = {
    "not_allowed": not_allowed,
    "wrong_dimensions": axes.wrong_dimensions,
    "size_differs": axes.size_differs,
    "tokens_not_embedded": axes.tokens_not_embedded,
    "not_tokens": axes.not_tokens,
    "no_such_dimension": axes.default_dimensions,
    "batch_dimension": axes.default_dimensions,
    "flatten_backwards": axes.default_dimensions,
    "no_order_of_axes": axes.reordered_axes,
    "batch_moves": axes.reordered_axes,
    "corners_of_nearest": axes.corners,
    "groups_of_one": windows.groups_of_one,
    "kernel_larger_than_input": windows.kernel_larger,
    "kernel_larger_than_padded_input": windows.kernel_larger,
    "dilated_kernel_larger_than_input": windows.kernel_larger,
    "dilated_kernel_larger_than_padded_input": windows.kernel_larger,
    "kernel_larger_than_bare_input": windows.kernel_larger,
    "groups_not_in_input": windows.groups,
    "groups_not_in_output": windows.groups,
    "same_padding_with_stride": windows.same_with_stride,
    "named_padding_after": windows.same_on_both_sides,
    "reflect_padding_too_large": windows.mode_cannot_fill,
    "circular_padding_too_large": windows.mode_cannot_fill,
    "padding_above_half_kernel": windows.padding_above_half,
    "output_padding_too_large": windows.output_padding,
    "padding_eats_output": windows.padding_eats,
    "not_the_last_sizes": axes.last_sizes,
    "no_such_token": axes.no_such_token,
    "projection_too_large": windows.projection,
    "sum_of_different_shapes": joining.sum_of_different_shapes,
    "no_branches": joining.no_branches,
    "branches_do_not_match": joining.branches_do_not_match,
}
