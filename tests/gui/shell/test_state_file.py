"""A lab's state as text: it comes back the same, says only what differs, and what is wrong with it stands there in words."""

from __future__ import annotations

import random
import re
import tomllib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cells.filters import WeightEdit, Weights
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from gui.lab.names import recognised
from gui.labs.convolution.state import ConvolutionState, OutputPlace, Pin, SceneState
from gui.labs.training.state import TrainingState
from gui.shell.language import set_language
from gui.shell.state_file import StateError, from_text, to_text, unfenced, why_unknown

HEAD = 'lab = "convolution"\n'
CONV = '[layer]\ntype = "Conv2d"\nout_channels = 1\nkernel_size = 3\n'


def read(text: str) -> ConvolutionState:
    return from_text(text, "convolution", ConvolutionState)


# --- there and back

sizes = st.integers(1, 64)
texts = st.text(max_size=12)


def per_axis(number: st.SearchStrategy[int], axes: int) -> st.SearchStrategy[Any]:
    return number | st.tuples(*[number] * axes)


def convolutions(kind: type[Any], axes: int) -> st.SearchStrategy[Any]:
    return st.builds(
        kind,
        out_channels=sizes,
        kernel_size=per_axis(sizes, axes),
        stride=per_axis(sizes, axes),
        padding=per_axis(st.integers(0, 64), axes) | st.sampled_from(["same", "valid"]),
        dilation=per_axis(sizes, axes),
        groups=sizes,
        bias=st.booleans(),
        padding_mode=st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
    )


layers = st.one_of(
    convolutions(Conv1d, 1),
    convolutions(Conv2d, 2),
    convolutions(Conv3d, 3),
    st.builds(ConvTranspose2d, out_channels=sizes, kernel_size=per_axis(sizes, 2), stride=sizes, bias=st.booleans()),
    st.builds(MaxPool1d, kernel_size=sizes, stride=st.none() | sizes),
    st.builds(MaxPool2d, kernel_size=per_axis(sizes, 2), stride=st.none() | sizes, ceil_mode=st.booleans()),
    st.builds(AvgPool2d, kernel_size=per_axis(sizes, 2), stride=st.none() | sizes, count_include_pad=st.booleans()),
)
edits = st.builds(
    WeightEdit,
    place=st.lists(st.integers(0, 9), max_size=4).map(tuple),
    value=st.floats(-1e6, 1e6, allow_nan=False),
)
weights = st.builds(
    Weights,
    source=st.sampled_from(["he", "xavier", "normal", "library", "run"]),
    seed=st.integers(0, 2**31 - 1),
    deviation=st.floats(0, 1e3),
    run=texts,
    edits=st.lists(edits, max_size=3).map(tuple),
)
positions = st.integers(-(2**12), 2**12)
places = st.none() | st.builds(OutputPlace, row=positions, column=positions)
scenes = st.builds(
    SceneState,
    cell=places,
    around=places,
    pin=st.none() | st.builds(Pin, part=st.sampled_from(["input", "filter", "output"]), row=positions, column=positions),
    lens=st.none() | st.integers(3, 48),
    speed=st.sampled_from([1, 2, 8, 30]),
    page=st.sampled_from(["scene", "maps", "why", "tensor"]),
)
states = st.builds(
    ConvolutionState,
    picture=texts,
    shift=st.tuples(positions, positions),
    frames=st.integers(1, 16),
    layer=layers,
    unlinked=st.lists(st.sampled_from(["kernel_size", "stride", "padding"]), max_size=2).map(tuple),
    flipped=st.booleans(),
    weights=weights,
    enlarged=st.none() | st.integers(0, 255),
    preset=texts,
    scene=scenes,
)


@given(states)
@settings(max_examples=300, deadline=None)
def test_a_state_comes_back_the_same(state: ConvolutionState) -> None:
    text = to_text("convolution", state)
    assert text.startswith(HEAD)
    assert read(text) == state
    assert recognised(text).lab == "convolution"


def test_only_what_differs_is_written() -> None:
    assert to_text("convolution", ConvolutionState()) == HEAD
    state = ConvolutionState(
        picture="digit",
        layer=Conv2d(out_channels=4, kernel_size=(5, 5)),
        weights=Weights(edits=(WeightEdit((0, 0, 1, 1), 2.5), WeightEdit((1,), -1.0))),
        scene=SceneState(cell=OutputPlace(1, -1)),
    )
    assert to_text("convolution", state) == (
        'lab = "convolution"\npicture = "digit"\n\n'
        '[layer]\ntype = "Conv2d"\nout_channels = 4\nkernel_size = [5, 5]\n\n'
        "[weights]\nedits = [\n  { place = [0, 0, 1, 1], value = 2.5 },\n  { place = [1], value = -1.0 },\n]\n\n"
        "[scene.cell]\nrow = 1\ncolumn = -1\n"
    )


def test_another_readers_toml_is_the_same() -> None:
    """The text is TOML like any other: what a plain reader finds in it."""
    state = ConvolutionState(
        picture='a "quoted" \\ name\n', layer=MaxPool2d(kernel_size=2), scene=SceneState(pin=Pin("input", 2, 3))
    )
    assert tomllib.loads(to_text("convolution", state)) == {
        "lab": "convolution",
        "picture": 'a "quoted" \\ name\n',
        "layer": {"type": "MaxPool2d", "kernel_size": 2},
        "scene": {"pin": {"part": "input", "row": 2, "column": 3}},
    }


def test_the_training_labs_state_can_be_written_too() -> None:
    state = TrainingState(sample=17)
    assert from_text(to_text("training", state), "training", TrainingState) == state


class Odd(msgspec.Struct, frozen=True):
    limit: int | None = 3
    sizes: tuple[int | None, ...] = (1, 2)
    word: str | None = "x"
    named: dict[str, int] = {}


@pytest.mark.parametrize(
    "state", [Odd(limit=None), Odd(sizes=(None, 4)), Odd(word="none"), Odd(named={"a b": 1, "c": 2}), Odd(named={"": 0})]
)
def test_none_and_names_with_spaces_come_back(state: Odd) -> None:
    assert from_text(to_text("odd", state), "odd", Odd) == state


def test_a_text_from_a_chat_loses_its_fences_alone() -> None:
    text = to_text("convolution", ConvolutionState(picture="```"))
    assert unfenced(f"  ```toml\n{text}```\n").strip() == text.strip()
    assert unfenced(text) == text


# --- what is wrong with it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["nothing in it"]),
        ("row = 3", ['lab = "convolution"']),
        ("# mine\nlab = 3", ["Line 2, lab", "got 3", "text in quotation marks"]),
        (HEAD + 'picture = "//server/share/x.png"', ["Line 2, picture", "//server/share/x.png", "another computer"]),
        (HEAD + r"picture = '\\server\share\x.png'", ["Line 2, picture", "another computer"]),
        (HEAD + r"picture = '/\server\x.png'", ["Line 2, picture", "another computer"]),
        (HEAD + '[weights]\nsource = "run"\nrun = "//server/run"', ["Line 4, weights.run", "another computer"]),
        ('lab = "training"', ['"training"', "convolution"]),
        ("garbage", ["line 1"]),
        (HEAD + "row = 3\nrow = 4\n", ["line 3 says row a second time", "line 2"]),
        (HEAD + "frames = [", ["line 2"]),
        (HEAD + "\n\nnope = 1", ["Line 4, nope", "no such key", "picture"]),
        (HEAD + '[layer]\ntype = "Conv9d"', ["Line 3, layer.type", '"Conv9d"', "did you mean Conv1d, Conv2d, Conv3d?"]),
        (HEAD + '[layer]\ntype = "conv2D"', ["Line 3, layer.type", "did you mean Conv2d?"]),
        (HEAD + '[layer]\ntype = "lstm"', ["Line 3, layer.type", '"lstm"', '"Conv2d"']),
        (HEAD + "[layer]\nkernel_size = 3", ["Line 2, layer.type", "missing", '"Conv2d"']),
        (HEAD + '[layer]\ntype = "Conv2d"\nkernel_size = 3', ["Line 2, layer.out_channels", "missing", "whole number"]),
        (HEAD + CONV.replace("= 3", '= "big"'), ["Line 5, layer.kernel_size", '"big"', "whole number, 1 or more", "2 values"]),
        (HEAD + CONV.replace("= 3", "= [3, 0]"), ["Line 5, layer.kernel_size, entry 2", "got 0", "1 or more"]),
        (HEAD + CONV.replace("= 3", "= [3, 3, 3]"), ["Line 5, layer.kernel_size", "length 3", "2 values"]),
        (HEAD + CONV.replace("= 1", "= 1.5"), ["Line 4, layer.out_channels", "1.5", "whole number"]),
        (HEAD + CONV + 'padding_mode = "wrap"', ["Line 6, layer.padding_mode", '"wrap"', '"circular"']),
        (HEAD + "layer = []", ["Line 2, layer", "list", "table", "Conv2d"]),
        (HEAD + "frames = 17", ["Line 2, frames", "17", "from 1 to 16"]),
        (HEAD + 'flipped = "yes"', ["Line 2, flipped", '"yes"', "true or false"]),
        (HEAD + "picture = 5", ["Line 2, picture", "5", "text in quotation marks"]),
        (HEAD + "[scene]\nspeed = 3", ["Line 3, scene.speed", "3", "1, 2, 8, 30"]),
        (
            HEAD + "[weights]\nedits = [{ place = [0], value = nan }]",
            ["Line 3, weights.edits, entry 1, value", "nan", "a number"],
        ),
        (
            HEAD + "[weights]\nedits = [{ place = [0], value = inf }]",
            ["Line 3, weights.edits, entry 1, value", "inf", "a number"],
        ),
        (HEAD + "[weights]\nedits = [{ place = [0], value = 1, x = 1 }]", ["edits, entry 1, x", "no such key", "place, value"]),
        (HEAD + "[weights.more]\n", ["Line 2, weights.more", "no such key"]),
        (HEAD + "row = 1979-05-27", ["Line 2, row", "1979-05-27", "whole number"]),
        (HEAD + "row = " + "9" * 5000, ["5000"]),
        (HEAD + "row = " + "9" * 4000, ["Line 2, row", "999…"]),
        (HEAD + "row = " + "[" * 3000, ["nested too deeply"]),
        (HEAD + "row = " + "[" * 90 + "]" * 90, ["Line 2, row", "list"]),
        (HEAD + "a" + ".a" * 5000 + " = 1", ["line 2", "50 parts"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: list[str]) -> None:
    with pytest.raises(StateError) as error:
        read(text)
    sentence = str(error.value)
    assert all(part in sentence for part in said), sentence
    assert "`" not in sentence and "$" not in sentence and len(sentence) < 500, sentence
    assert error.value.__cause__ is None


def test_it_is_said_in_korean_too() -> None:
    set_language("ko")
    with pytest.raises(StateError, match=r"^2번째 줄, frames: 맞지 않는 값입니다\(17\)\. 필요한 값: 1 이상 16 이하의 정수\.$"):
        read(HEAD + "frames = 17")


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        HEAD + "[" * 990_000,
        HEAD + "row = " + "[" * 990_000,
        HEAD + "row = " + "{a=" * 330_000,
        HEAD + "".join(f"k{number} = 1\n" for number in range(90_000)),
        HEAD + "".join(f"[t{number}]\n" for number in range(100_000)),
        HEAD + CONV.replace("= 3", "= [" + "1," * 400_000 + "]"),
        HEAD + "\0" * 900_000,
        HEAD + '"' * 900_000,
    ],
    ids=["letters", "brackets", "arrays", "tables", "keys", "headers", "list", "null", "quotes"],
)
@pytest.mark.timeout(60)  # about one second is usual
def test_a_hostile_text_is_refused_soon(text: str) -> None:
    with pytest.raises(StateError) as error:
        read(unfenced(text))
    assert len(str(error.value)) < 500


def test_ten_thousand_spoilt_texts_are_read_or_refused() -> None:
    """Letters of a right text left out, doubled and exchanged: never anything else than a state or a StateError."""
    draw = random.Random(11)
    right = to_text(
        "convolution",
        ConvolutionState(layer=Conv2d(out_channels=4, kernel_size=(5, 5)), weights=Weights(edits=(WeightEdit((0, 1), 2.5),))),
    )
    refused = 0
    for _ in range(10_000):
        letters = list(right)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(letters))
            letters[at] = draw.choice(["", letters[at] * 2, draw.choice(letters), "\n", '"', "[", "]", "=", "-", ".", "{"])
        try:
            assert isinstance(read("".join(letters)), ConvolutionState)
        except StateError:
            refused += 1
    assert 5_000 < refused < 10_000


# --- whose a text is


@pytest.mark.parametrize(
    ("text", "lab"),
    [
        ("# mine\n\n  lab = 'other'\n", "other"),
        ('lab = "convolution"\n[broken', "convolution"),
        ('name = "x"\nseed = 3\n', "training"),
        ("[network]\n", "training"),
        ("[[network.layers]]\n", "training"),
        ('[network]\nlab = "convolution"\n', "training"),
        ('[tool]\nlab = "convolution"\n', None),
        ("hello", None),
        ("", None),
        ("lab = \n", None),
        (" " * 1_000_000, None),
    ],
)
def test_whose_a_text_is(text: str, lab: str | None) -> None:
    assert recognised(text).lab == lab


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing in it"),
        ("\ufeff \n# only a remark\n", "nothing in it"),
        ("lab = 3\n", "Line 1, lab: expected text in quotation marks, got 3"),
        ("# mine\nlab = \n", "line 2"),
        ("lab = 'convolution'\nlab = 3\n", "line 2 says lab a second time"),
        ("hello, have a look", "neither a setting"),
    ],
)
def test_why_no_lab_opens_a_text(text: str, said: str) -> None:
    assert said in why_unknown(text)
    set_language("ko")
    assert re.search("[가-힣]", why_unknown(text))
