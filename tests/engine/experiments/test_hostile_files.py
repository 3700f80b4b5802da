"""Files that would take the program's time or memory, or that are half written: a clear answer each, at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from engine.assets import asset
from engine.experiments.experiment import ExperimentError, parse, trace_of
from engine.layers.base import Layer
from engine.layers.catalog import Conv2d, ConvTranspose2d, Linear
from engine.networks.trace import message, trace
from tests.patience import GIVE_UP_S

HEAD = "[network]\ninput = [1000000]\n"
LINEAR = '[[network.layers]]\ntype = "Linear"\nout_features = 1000000\n'
GROWING = (
    "[network]\ninput = [1, 8, 8]\n"
    + '[[network.layers]]\ntype = "ConvTranspose2d"\nout_channels = 1\nkernel_size = 9\nstride = 2000000000\n' * 1_000
)
FILES = {  # name -> text, exit code, what is said (of the error, or of the problem)
    "layers": (HEAD + '[[network.layers]]\ntype = "ReLU"\n' * 10_000, 2, "10,000 layers; expected at most 2,000"),
    "wide": (HEAD + LINEAR, 0, ""),
    "nested": ("[network]\nlayers = " + "[{type='Sequential', layers=" * 1_000 + "[]" + "}]" * 1_000, 2, "too deeply"),
    "growing": (GROWING, 1, "more cells than a computer can count"),
    "cut": ('[network]\ninput = [1, 8', 2, "line 2"),
    "mistyped": (HEAD + LINEAR.replace("out_features", "out_feature"), 2, "did you mean out_features?"),
    "name": ("[network]\nlayers = [{type='Sequential', name=\"\\u001b[2J\"}]", 2, "expected one line of text"),
}  # fmt: skip
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
from engine.__main__ import main
print(main(["summary", "--json", sys.argv[1]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
@pytest.mark.parametrize("name", FILES)
def test_an_answer_within_400_megabytes(name: str, tmp_path: Path) -> None:
    text, code, said = FILES[name]
    file = tmp_path / f"{name}.toml"
    file.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file)], capture_output=True, text=True, timeout=GIVE_UP_S, check=True
    )
    *printed, exit_code = done.stdout.splitlines()
    assert int(exit_code) == code
    if code == 2:
        assert printed == []
        assert done.stderr.startswith(f"error: {file}: ")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
        return
    (line,) = printed
    found = json.loads(line)
    assert (found["problem"] is not None) == (code == 1)
    assert said in str(found["problem"])
    if name == "wide":
        assert found["parameters"] == 10**12 + 10**6


def test_truncated_anywhere() -> None:
    text = asset("networks", "googlenet.toml").read_text("utf-8")
    random, refused = Random(3), 0
    for end in random.sample(range(len(text)), 150):
        refused += _is_refused_in_one_line(text[:end])
    assert refused > 100


def test_mistyped_anywhere() -> None:
    text = asset("networks", "squeezenet-1-0.toml").read_text("utf-8")
    random, refused = Random(4), 0
    for _ in range(300):
        place = random.randrange(len(text))
        typed = random.choice(("", "x", "=", '"', "[", "{", "\n", "0", "-", "\0", "é"))
        refused += _is_refused_in_one_line(text[:place] + typed + text[place + random.randrange(3) :])
    assert refused > 150


def _is_refused_in_one_line(text: str) -> bool:
    """An ExperimentError that says where, or else an experiment whose network can be traced, or says what is wrong with it."""
    try:
        traced = trace_of(parse(text, "damaged.toml"))
    except ExperimentError as error:
        assert str(error).startswith("damaged.toml: ")
        assert "\n" not in str(error)
        return True
    if traced.problem is not None:
        assert message(traced.problem, "ko")
    return False


@pytest.mark.parametrize(
    "layers",
    [
        (ConvTranspose2d(out_channels=1, kernel_size=3, stride=2**31 - 1),) * 10_000,
        (Conv2d(out_channels=2**31 - 1, kernel_size=1), ConvTranspose2d(out_channels=2**31 - 1, kernel_size=2**31 - 1)),
    ],
    ids=["growing", "at once"],
)
def test_more_cells_than_can_be_counted(layers: tuple[Layer, ...]) -> None:
    traced = trace(layers, (1, 8, 8))
    assert traced.problem is not None
    assert traced.problem.code == "too_many_cells"
    assert len(message(traced.problem)) < 200


def test_ten_thousand_layers_at_once_are_only_many() -> None:
    """The window holds networks that no file may hold: a trace of them ends."""
    traced = trace((Linear(out_features=7),) * 10_000, (7,))
    assert traced.parameters == 10_000 * 56
