"""What the scene draws as belonging together is what torch's gradients say belongs together, for every kind of layer."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch

from engine.cells.filters import Filters
from engine.cells.planes import Studied, cut, input_shape, planes_read
from engine.layers.base import Refusal
from engine.layers.fitting import fitted
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.passes.modules import build_layer
from engine.pictures import Picture
from gui.labs.convolution.cell.lens import MOST_IN_VIEW, View, Views, tracks, view
from gui.labs.convolution.cell.sheets import belonging, sheets
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.work import Work
from gui.widgets.grids.sheet import GridCell

KINDS: tuple[type[Studied], ...] = (Conv1d, Conv2d, Conv3d, ConvTranspose2d, MaxPool1d, MaxPool2d, AvgPool1d, AvgPool2d)
SETTINGS = 25


class Case:
    """A random layer with random numbers, and torch's own module of it."""

    def __init__(self, kind: type[Studied], seed: int) -> None:
        draw = self.draw = random.Random(f"{kind.__name__} {seed}")
        while True:
            self.layer, self.shape = _layer(kind, draw)
            try:
                self.output = self.layer.output_shape(self.shape)
            except Refusal:
                continue
            self.depth = draw.randrange(self.output[1]) if len(self.output) == 4 else 0
            # a window that reads nothing but padding along the depth has no gradient at all
            if not isinstance(self.layer, Conv3d) or any(plane is not None for _, plane in self._planes()):
                break
        generator = np.random.default_rng(seed)
        self.x = torch.tensor(generator.standard_normal(self.shape), dtype=torch.float32, requires_grad=True)
        self.module = build_layer(self.layer, self.shape)
        filters = None
        parameters = dict(self.module.named_parameters())
        if parameters:
            self.weight = parameters["weight"]
            with torch.no_grad():
                self.weight.copy_(torch.tensor(1 + generator.random(self.weight.shape)))  # nowhere 0
            bias = parameters["bias"].detach().numpy() if "bias" in parameters else np.zeros(self.output[0], np.float32)
            filters = Filters(self.weight.detach().numpy().copy(), bias.copy())
        self.channel = draw.randrange(self.output[0])
        values = self.x.detach().numpy()
        picture = Picture("random", values.reshape(self.shape[0], -1, self.shape[-1]), (1, 1))
        self.subject = Subject(cut(self.layer, values, filters, self.depth), Work(self.layer), picture, self.channel)
        full = [number for number, each in enumerate(self.subject.inputs) if each not in self.subject.cut.empty]
        self.source = draw.choice(full)
        down, across = self.subject.tracks
        self.views: Views = (View(down.drawn_outputs, down.drawn_inputs), View(across.drawn_outputs, across.drawn_inputs))

    def _planes(self) -> tuple[tuple[int, int | None], ...]:
        assert isinstance(self.layer, Conv3d)
        return planes_read(self.layer, self.shape, self.depth)

    def map(self, x: torch.Tensor) -> torch.Tensor:
        """The plane of the map that is looked at, (rows, columns)."""
        y = self.module(x[None])[0, self.channel]
        return y[self.depth] if len(self.output) == 4 else y.reshape(-1, y.shape[-1])

    def plane(self, gradient: torch.Tensor) -> np.ndarray[Any, Any]:
        """A gradient of the input, in the input channel and plane that is shown; empty where that plane is padding."""
        channel, plane = self.subject.cut.planes[self.subject.inputs[self.source]]
        part = gradient[channel]
        if len(self.output) == 4:
            if not 0 <= plane < self.shape[1]:
                return np.zeros(self.shape[2:])
            part = part[plane]
        return part.reshape(-1, part.shape[-1]).numpy()

    def one_at(self, place: tuple[int, ...]) -> torch.Tensor:
        """An input of zeros with a one in that cell of what is shown; none where that is a plane of padding."""
        channel, plane = self.subject.cut.planes[self.subject.inputs[self.source]]
        x = torch.zeros(self.shape)
        part = x[channel]
        if len(self.output) == 4:
            if not 0 <= plane < self.shape[1]:
                return x
            part = part[plane]
        part.view(-1, part.shape[-1])[place[0], place[1]] = 1
        return x

    def own(self, cells: set[GridCell]) -> set[GridCell]:
        """Those of the input itself."""
        down, across = self.subject.tracks
        return {cell for cell in cells if cell[0] in down.inputs and cell[1] in across.inputs}


def _layer(kind: type[Studied], draw: random.Random) -> tuple[Studied, tuple[int, ...]]:
    axes = kind.AXES
    groups = draw.choice((1, 1, 2)) if kind in (Conv1d, Conv2d, Conv3d, ConvTranspose2d) else 1
    shape = (groups * draw.randint(1, 2), *(draw.randint(3, 7) for _ in range(axes)))

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw.randint(low, high) for _ in range(axes))

    options: dict[str, Any] = {"kernel_size": each(1, 4), "stride": each(1, 3), "padding": each(0, 2)}
    if kind not in (AvgPool1d, AvgPool2d):
        options["dilation"] = each(1, 2)
    if groups and kind in (Conv1d, Conv2d, Conv3d, ConvTranspose2d):
        options |= {"groups": groups, "out_channels": groups * draw.randint(1, 2), "bias": draw.random() < 0.5}
    if kind in (Conv1d, Conv2d, Conv3d):
        # copies in the depth's padding have no plane of their own in a cut: they are added up with the plane's own weights
        options["padding_mode"] = "zeros" if kind is Conv3d else draw.choice(("zeros", "reflect", "replicate", "circular"))
    if kind is ConvTranspose2d:
        options["output_padding"] = each(0, 1)
    if kind in (MaxPool1d, MaxPool2d, AvgPool1d, AvgPool2d):
        options["ceil_mode"] = draw.random() < 0.5
    return kind(**options), shape


def _nonzero(values: np.ndarray[Any, Any]) -> set[GridCell]:
    return {(int(row), int(column)) for row, column in np.argwhere(values != 0)}


@pytest.mark.parametrize("kind", KINDS)
def test_an_output_cell_lights_what_its_gradient_reaches(kind: type[Studied]) -> None:
    for seed in range(SETTINGS):
        case = Case(kind, seed)
        cell = tuple(case.draw.randrange(size) for size in case.subject.outputs)
        lit, echoes = belonging(case.subject, case.source, "output", (cell[0], cell[1]), case.views)
        if kind in (MaxPool1d, MaxPool2d):  # its gradient goes to the largest cell alone: each is made that in its turn
            x = torch.stack([case.x.detach()] * case.x[case.channel].numel())
            for number, each in enumerate(x):
                each[case.channel].view(-1)[number] = 100.0
            x.requires_grad_()
            y = case.module(x)[:, case.channel].reshape(len(x), *case.subject.outputs)
            found = torch.autograd.grad(y[:, cell[0], cell[1]].sum(), x)[0][:, case.channel].reshape(len(x), -1)
            reached = {divmod(number, case.shape[-1]) for number in range(len(x)) if found[number, number] != 0}
        else:
            reached = _nonzero(case.plane(torch.autograd.grad(case.map(case.x)[cell[0], cell[1]], case.x)[0]))
        assert case.own(set(lit["input"])) | set(echoes) == reached, case.layer


@pytest.mark.parametrize("kind", [Conv1d, Conv2d, Conv3d, ConvTranspose2d, AvgPool1d, AvgPool2d])
def test_an_input_cell_lights_the_outputs_and_the_weights_that_its_gradients_name(kind: type[Studied]) -> None:
    for seed in range(SETTINGS):
        case = Case(kind, seed)
        place = tuple(case.draw.randrange(len(track.inputs)) for track in case.subject.tracks)
        lit, _ = belonging(case.subject, case.source, "input", (place[0], place[1]), case.views)
        y = case.map(case.x)
        asked = torch.ones_like(y, requires_grad=True)  # of every output at once: the second gradient says what each has
        (gradient,) = torch.autograd.grad(y, case.x, asked, create_graph=True)
        expected = _nonzero(torch.autograd.grad((gradient * case.one_at(place)).sum(), asked)[0].numpy())
        down, across = case.subject.tracks
        inside = {cell for cell in lit["output"] if cell[0] in down.outputs and cell[1] in across.outputs}
        assert inside == expected, case.layer
        if case.subject.filters is not None and not _copies(case.layer) and not case.subject.transposed:
            assert set(lit["filter"]) == _weights_of(case, place), case.layer


def _copies(layer: Studied) -> bool:
    return getattr(layer, "padding_mode", "zeros") != "zeros"


def _weights_of(case: Case, place: tuple[int, ...]) -> set[GridCell]:
    """The cells of the filter whose gradient that cell of the input is a part of: the gradient is linear in the input."""
    (gradient,) = torch.autograd.grad(case.map(case.one_at(place)).sum(), case.weight)
    source, plane = case.source, 0
    if len(case.output) == 4:
        source, plane = divmod(case.source, case.weight.shape[2])
    part = gradient[case.channel, source]
    return _nonzero((part[plane] if len(case.output) == 4 else part.reshape(-1, part.shape[-1])).numpy())


@pytest.mark.parametrize("kind", [Conv1d, Conv2d, ConvTranspose2d])
def test_a_weight_lights_the_input_cells_that_its_gradient_is_made_of(kind: type[Studied]) -> None:
    for seed in range(SETTINGS):
        case = Case(kind, seed)
        cell = tuple(case.draw.randrange(size) for size in case.subject.kernel)
        lit, echoes = belonging(case.subject, case.source, "filter", (cell[0], cell[1]), case.views)
        x = case.x.detach().clone().requires_grad_()
        (gradient,) = torch.autograd.grad(case.map(x).sum(), case.weight, create_graph=True)
        if case.subject.transposed:
            per_group = case.output[0] // case.layer.groups  # type: ignore[union-attr]
            part = gradient[case.subject.inputs[case.source], case.channel % per_group]
        else:
            part = gradient[case.channel, case.source]
        part = part.reshape(-1, part.shape[-1])[cell[0], cell[1]]
        expected = _nonzero(case.plane(torch.autograd.grad(part, x)[0])) if part.requires_grad else set()
        if case.subject.transposed:  # torch adds up what is not cut away; the scene also shows what is
            assert expected <= set(lit["input"])
        else:
            assert case.own(set(lit["input"])) | set(echoes) == expected, case.layer


@pytest.mark.parametrize("kind", KINDS)
def test_the_grids_hold_torchs_numbers(kind: type[Studied]) -> None:
    for seed in range(SETTINGS):
        case = Case(kind, seed)
        found = sheets(case.subject, case.source, case.views)
        y = case.map(case.x).detach().numpy()
        down, across = case.subject.tracks
        sheet = found["output"]
        rows, columns = (
            slice(-sheet.first[axis], -sheet.first[axis] + len(track.outputs)) for axis, track in enumerate((down, across))
        )
        np.testing.assert_allclose(sheet.values_HW[rows, columns], y, rtol=1e-4, atol=1e-5)
        assert np.isnan(sheet.values_HW).sum() == sheet.values_HW.size - y.size
        assert ("filter" in found) == (case.subject.filters is not None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_lens_shows_whole_windows_and_reaches_every_output(kind: type[Studied]) -> None:
    for seed in range(SETTINGS):
        case = Case(kind, seed)
        for track in case.subject.tracks:
            for lens in (3, 5, 11):
                seen = set()
                for output in track.outputs:
                    shown = view(track, output, lens)
                    seen |= set(shown.outputs)
                    assert len(shown.inputs) <= MOST_IN_VIEW
                    assert output in shown.outputs, (case.layer, track, lens, output, shown)
                    if not track.turned:
                        assert all(set(track.reads(at)) <= set(shown.inputs) for at in shown.outputs)
                assert set(track.outputs) <= seen


@pytest.mark.parametrize("kind", KINDS)
def test_the_cell_that_a_lens_is_around_is_in_view_for_any_layer(kind: type[Studied]) -> None:
    """Also where one window is longer than all that can be shown, where windows stand far apart, and where most of what they
    reach is cut away."""
    draw = random.Random(kind.__name__)
    for _ in range(300):
        fields: dict[str, Any] = {"kernel_size": draw.choice([1, 2, 3, 9, 20, 64]), "stride": draw.choice([1, 2, 8, 40])}
        fields["padding"] = draw.choice([0, 1, 5, 21, 63])
        if issubclass(kind, Filtering):
            fields |= {"out_channels": 1, "dilation": draw.choice([1, 2, 5, 9])}
        picture = (1, draw.choice([1, 2, 9, 28, 300]), draw.choice([1, 3, 28, 300]))
        shape = input_shape(kind(**fields), picture, 4)
        for track in tracks(fitted(kind(**fields), shape), shape):
            count, lens = len(track.outputs), draw.randint(3, 48)
            for around in (0, draw.randrange(count), count - 1):
                shown = view(track, around, lens)
                assert around in shown.outputs and 1 <= len(shown.inputs) <= MOST_IN_VIEW >= len(shown.outputs)
                assert track.drawn_outputs.start <= shown.outputs.start and shown.outputs.stop <= track.drawn_outputs.stop
