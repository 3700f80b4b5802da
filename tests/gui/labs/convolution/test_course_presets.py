"""The presets against the numbers of the courses, worked out by hand, and against torch."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import msgspec
import pytest
import torch
from torch.nn import functional

from engine.assets import asset
from engine.cells.filters import filters_of
from engine.cells.own_numbers import is_numbers, numbers
from engine.cells.planes import input_of, input_shape
from engine.layers.base import Shape
from engine.passes.modules import build_layer
from engine.pictures import Picture, is_pattern, pattern
from engine.words import LANGUAGES, table
from gui.labs.convolution.presets import TABLE, groups, names, note_of, preset
from gui.labs.convolution.state import ConvolutionState, fitted_state
from gui.widgets.pictures.picture_files import OFFERED, sample
from tests.patience import GIVE_UP_S

# output shape, parameters, multiply-adds
BY_HAND: dict[str, tuple[Shape, int, int]] = {
    "line": ((1, 5), 3, 5 * 3),
    "worked-example": ((1, 5, 5), 9 + 1, 25 * 9),
    "book-4x4": ((1, 2, 2), 9, 4 * 9),
    "filter-3": ((1, 2, 2), 9, 4 * 9),
    "filter-4-padding-2": ((1, 6, 6), 16, 36 * 16),
    "filter-3-stride-2": ((1, 3, 3), 9, 9 * 9),
    "does-not-fit": ((1, 2, 2), 9, 4 * 9),
    "no-overlap": ((1, 3, 3), 4, 9 * 4),
    "dilated": ((1, 3, 3), 9, 9 * 9),
    "seven-filters": ((7, 2, 2), 189 + 7, 4 * 189),
    "whole-input": ((32, 1, 1), 153_632, 153_600),
    "64-maps": ((64, 28, 28), 640, 451_584),
    "four-filters": ((4, 28, 28), 300 + 4, 784 * 300),
    "second-layer": ((10, 24, 24), 1_000 + 10, 576 * 1_000),
    "ten-filters": ((10, 32, 32), 760, 1_024 * 750),
    "one-large-filter": ((64, 16, 16), 102_464, 256 * 102_400),
    "against-fully-connected": ((4, 1080, 1920), 112, 2_073_600 * 108),
    "one-by-one": ((4, 224, 224), 12, 50_176 * 12),
    "depthwise": ((3, 224, 224), 30, 50_176 * 27),
    "edges": ((1, 64, 64), 9, 4_096 * 9),
    "feature-and-activation": ((1, 64, 64), 9, 4_096 * 9),
    "library": ((9, 224, 224), 243, 50_176 * 243),
    "impulse": ((1, 7, 7), 9, 49 * 9),
    "moved-digit": ((4, 28, 28), 40, 784 * 36),
    "max-pooling": ((1, 2, 2), 0, 0),
    "average-pooling": ((1, 2, 2), 0, 0),
    "upsampling": ((1, 8, 8), 9, 16 * 9),
    "causal": ((1, 6), 3, 6 * 3),
    "clip": ((1, 4, 28, 28), 3, 4 * 784 * 3),
}
COURSE = [[21, 59, 37, -19, 2], [30, 51, 66, 20, 43], [-14, 31, 49, 101, -19], [59, 15, 53, -2, 21], [49, 57, 64, 76, 10]]


def picture_of(state: ConvolutionState) -> Picture:
    if is_numbers(state.picture):
        return numbers(state.picture)
    return pattern(state.picture) if is_pattern(state.picture) else sample(state.picture)


def through_torch(state: ConvolutionState) -> torch.Tensor:
    """What torch makes of a preset's picture with its own weights."""
    picture_CHW = picture_of(state).values_CHW
    layer = state.layer
    values = input_of(layer, picture_CHW, shift=state.shift, row=state.row, frames=state.frames)
    module = build_layer(layer, values.shape)
    filters = filters_of(state.weights, layer, values.shape[0], flipped=state.flipped)
    with torch.no_grad():
        if filters is not None:
            parameters = dict(module.named_parameters())
            parameters["weight"].copy_(torch.from_numpy(filters.weight))
            if "bias" in parameters:
                parameters["bias"].copy_(torch.from_numpy(filters.bias_O))
        return module(torch.tensor(values)[None])[0]  # type: ignore[no-any-return]


def test_every_file_is_in_the_menu_once_and_every_name_has_its_words() -> None:
    files = {path.stem for path in asset("convolution").glob("*.toml")}
    assert sorted(names()) == sorted(files) == sorted(BY_HAND)
    assert all(groups().values())
    for code in [*groups(), *names(), *(f"{name}.about" for name in names())]:
        assert all(table(TABLE)[code][language] for language in LANGUAGES)


@pytest.mark.parametrize("name", names())
def test_korean_names_every_number_that_english_does(name: str) -> None:
    """English spells the small ones out."""
    english, korean = (set(re.findall(r"\d+(?:[,.]\d+)*", table(TABLE)[f"{name}.about"][language])) for language in LANGUAGES)
    assert english - korean == set()


@pytest.mark.parametrize("name", names())
def test_its_numbers_are_the_courses_and_torchs(name: str) -> None:
    state = preset(name)
    assert state.preset == name
    assert is_pattern(state.picture) or is_numbers(state.picture) or state.picture in OFFERED
    picture = picture_of(state)
    shape = input_shape(state.layer, picture.shape, state.frames)
    output, parameters, macs = BY_HAND[name]
    layer = state.layer
    assert layer.output_shape(shape) == output
    assert layer.parameters(shape) == parameters
    assert layer.macs(shape) == macs
    assert fitted_state(state, picture.shape) == state  # nothing of it has to give way
    module = build_layer(layer, shape).to("meta")
    assert tuple(module(torch.empty((1, *shape), device="meta")).shape[1:]) == output
    assert sum(each.numel() for each in module.parameters()) == parameters


@pytest.mark.parametrize("name", names())
def test_it_opens_as_a_file_of_the_lab(name: str) -> None:
    content = tomllib.loads(asset("convolution", f"{name}.toml").read_text("utf-8"))
    assert content.pop("lab") == "convolution"
    assert msgspec.convert(content, ConvolutionState) == msgspec.structs.replace(preset(name), preset="")


def test_the_values_that_the_notes_name() -> None:
    assert through_torch(preset("line")).tolist() == [[4, 8, 12, 16, 14]]
    assert through_torch(preset("causal")).tolist() == [[1, 3, 6, 9, 12, 15]]
    assert through_torch(preset("worked-example")).tolist() == [COURSE]
    assert through_torch(preset("book-4x4")).tolist() == [[[15, 16], [6, 15]]]
    assert through_torch(preset("max-pooling")).tolist() == [[[6, 8], [14, 16]]]
    assert through_torch(preset("average-pooling")).tolist() == [[[3.5, 5.5], [11.5, 13.5]]]
    twice = through_torch(preset("upsampling"))[0]
    assert twice[::2, ::2].tolist() == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
    assert twice[0, 1] == 1.5 and twice[1, 0] == 3 and twice[1, 1] == 3.5  # between 1 2 / 5 6


def test_what_the_notes_promise_to_be_seen() -> None:
    impulse = preset("impulse")
    turned, upright = (through_torch(msgspec.structs.replace(impulse, flipped=flipped))[0] for flipped in (False, True))
    assert upright[2:5, 2:5].tolist() == [[1, 2, 3], [-4, 7, 4], [2, -5, 1]]
    assert turned[2:5, 2:5].tolist() == [[1, -5, 2], [4, 7, -4], [3, 2, 1]]
    moved = preset("moved-digit")
    still = msgspec.structs.replace(moved, shift=(0, 0))
    torch.testing.assert_close(through_torch(moved), torch.roll(through_torch(still), moved.shift, (1, 2)))
    clip = preset("clip")
    digit = torch.from_numpy(sample("digit").values_CHW[0].copy())
    torch.testing.assert_close(through_torch(clip)[0, 1], torch.roll(digit, 2, 1) - digit)
    grey, red = through_torch(preset("one-by-one"))[:2]
    colours = torch.from_numpy(sample("flower").values_CHW.copy())
    torch.testing.assert_close(red, colours[0])
    torch.testing.assert_close(grey, (colours * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0))
    edges = through_torch(preset("edges"))[0]
    assert edges.max() > 0.5 > -0.5 > edges.min()
    assert functional.relu(edges).min() == 0


def test_two_small_filters_against_a_large_one() -> None:
    """Simonyan and Zisserman's argument for 3×3, and where it ends."""

    def weights(*layers: torch.nn.Module) -> int:
        return sum(each.numel() for layer in layers for each in layer.parameters())

    conv = torch.nn.Conv2d
    note = table(TABLE)["one-large-filter.about"]["en"]
    pairs = (
        (weights(conv(64, 64, 5)), weights(conv(64, 64, 3), conv(64, 64, 3))),
        (weights(conv(3, 64, 5)), weights(conv(3, 64, 3), conv(64, 64, 3))),
    )
    assert all(f"{count:,}" in note for pair in pairs for count in pair)
    assert pairs[0][0] > pairs[0][1] and pairs[1][0] < pairs[1][1]


def test_a_note_stands_while_its_picture_and_kind_do() -> None:
    opened = preset("does-not-fit")
    assert note_of(opened) == "does-not-fit"
    assert note_of(ConvolutionState()) == "" and note_of(ConvolutionState(preset="of a later version")) == ""
    tried = msgspec.structs.replace(opened, layer=msgspec.structs.replace(opened.layer, padding=1))
    assert note_of(tried) == "does-not-fit"
    assert note_of(msgspec.structs.replace(opened, picture="china")) == ""
    assert note_of(msgspec.structs.replace(opened, layer=preset("line").layer)) == ""


WITHOUT_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "pyqtgraph"):
            raise ImportError(name)

sys.meta_path.insert(0, NoQt())
from gui.labs.convolution.presets import names, preset
from gui.labs.convolution.state import ConvolutionState, fitted_state
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.work import Cuts
from gui.shell.state_file import StateError, from_text
for name in names():
    fitted_state(preset(name), (3, 32, 32))
try:
    from_text("lab = 3", "convolution", ConvolutionState)
except StateError as error:
    print(error)
"""


def test_states_and_presets_are_made_and_refused_without_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT], capture_output=True, text=True, encoding="utf-8", timeout=GIVE_UP_S
    )
    assert done.returncode == 0 and done.stdout.strip(), done.stderr
