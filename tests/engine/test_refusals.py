"""Whatever the engine refuses is a code with words in both languages: each code is raised somewhere, each sentence asks only
for values that come, and no Korean sentence is left in English."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from inspect import getsource
from pathlib import Path

import pytest

import engine
from engine.data.idx.fetching import FetchError
from engine.data.info import Data, DatasetError
from engine.data.sources import describe, read_npz
from engine.experiments.brought.written_code import BroughtError
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, ExperimentError, Network, parse, preset, read, write
from engine.experiments.famous import network
from engine.experiments.problems import CannotRunError
from engine.layers.catalog import AnyLayer, Residual
from engine.layers.kinds.activation import GELU, Dropout
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Linear
from engine.layers.network_toml import NetworkTomlError, layers_from_text
from engine.networks.edits import EditError
from engine.networks.trace import message, trace
from engine.runs.failures import RunError, problem_of
from engine.runs.folder import STATUS, Run
from engine.runs.history import History
from engine.runs.run_writing import RunFolder
from engine.runs.status import Status
from engine.toml_text import SYNTAX, TomlError
from engine.typed_numbers import TypedError
from engine.words import LANGUAGES, CodedError, Phrase, table

ROOT = Path(engine.__file__).parents[1]
ERRORS = (
    *(BroughtError, DatasetError, EditError, ExperimentError, FetchError),
    *(NetworkTomlError, RunError, TomlError, TypedError),
)
TABLES = {error.TABLE: error.__name__ for error in ERRORS}
SAYING = re.compile("|".join((*TABLES.values(), "_said", "brought_note", "Phrase")))  # what a file must name to say a code
BLANK = re.compile(r"\{(\w+)\}")
NUMBERS = {  # the codes that `engine.toml_values` puts together
    *("integer", "integer_from", "integer_to", "integer_from_to", "number", "number_from", "number_to", "number_above"),
    *("number_below", "number_from_to", "number_from_below", "number_above_to", "number_above_below"),
}


def constants(node: ast.expr) -> Iterator[str]:
    """The text that stands there, or the two that an `if` chooses from."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from constants(body)
            yield from constants(other)


def written() -> dict[str, dict[str, set[str]]]:
    """Table -> each code that an error or a phrase of it is written with -> the names of its values; "**" where they are handed
    over as a dictionary."""
    found: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in TABLES}
    by_class = {error: name for name, error in TABLES.items()}
    for source in [*sorted((ROOT / "engine").rglob("*.py")), *sorted((ROOT / "gui").rglob("*.py"))]:
        text = source.read_text("utf-8")
        if not SAYING.search(text):
            continue
        tree = ast.parse(text)
        unparsed = ast.unparse(tree) if "_said" in text else ""
        of_said = next((name for name, error in TABLES.items() if f"Phrase({error}.TABLE, code" in unparsed), "")
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            assert isinstance(call.func, ast.Name)
            name, code = by_class.get(call.func.id, ""), call.args[0] if call.args else None
            values = {keyword.arg or "**" for keyword in call.keywords}
            if call.func.id == "brought_note":
                name = BroughtError.TABLE
            if call.func.id == "_said" and of_said:
                name = of_said
            if call.func.id == "Phrase" and isinstance(call.args[0], ast.Attribute):
                name, code = by_class.get(ast.unparse(call.args[0].value), ""), call.args[1]
                given = call.args[2:]
                values = {key.value for part in given if isinstance(part, ast.Dict) for key in part.keys} if given else set()  # type: ignore[union-attr]
            if not name or code is None or isinstance(code, ast.Name):
                continue
            for said in constants(code):
                found[name][said] |= values
    return found


WRITTEN = written()
CODES = [(name, code) for name, codes in WRITTEN.items() for code in sorted(codes)]


@pytest.mark.parametrize("name", TABLES)
def test_every_code_has_its_sentence_and_every_sentence_its_code(name: str) -> None:
    assert len(WRITTEN[name]) > 2
    assert set(WRITTEN[name]) | (NUMBERS if name == "toml" else set()) == table(name).keys()


@pytest.mark.parametrize(("name", "code"), CODES)
def test_a_sentence_asks_only_for_values_that_come(name: str, code: str) -> None:
    blanks, values = set(BLANK.findall(table(name)[code]["en"])), WRITTEN[name][code]
    assert "**" in values or blanks == values


@pytest.mark.parametrize("name", [*TABLES, SYNTAX, "run"])
def test_both_languages_say_the_same(name: str) -> None:
    for code, entry in table(name).items():
        assert entry.keys() == set(LANGUAGES), code
        assert all(entry.values()), code
        assert set(BLANK.findall(entry["en"])) == set(BLANK.findall(entry["ko"])), code
        only_blanks = not re.search("[a-z]", BLANK.sub("", entry["en"]).replace("network.layers", ""))
        assert re.search("[가-힣]", entry["ko"]) or only_blanks, f"{code} is not in Korean"


def test_every_sentence_of_tomllib_is_known() -> None:
    """Each error that this Python's tomllib can raise has its entry in the words."""
    from tomllib import _parser

    sentences = set()
    for call in (node for node in ast.walk(ast.parse(getsource(_parser))) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) in ("suffixed_err", "TOMLDecodeError"):
            text = call.args[-1]
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            sentence = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in parts)
            if sentence not in ("x (at x)", "msg"):
                sentences.add(sentence)
    assert len(sentences) > 15
    patterns = [re.sub(r"\\\{\w+\\\}", ".*", re.escape(entry["en"])) for entry in table(SYNTAX).values()]
    assert [sentence for sentence in sorted(sentences) if not any(re.fullmatch(one, sentence) for one in patterns)] == []


# --- what is refused, in Korean

LAYER = "[[network.layers]]\n"
CONV = LAYER + 'type = "Conv2d"\nout_channels = 4\n'
TEXTS = [
    "seed =", "seed == 1", "seed = 1\nseed = 2", "[a]\n[a]", "\0", "a = [1", "a = {b = 1", 'a = "x',
    "a = 1 b = 2", "[a", "[[a]", 'a = "\\x"', 'a = "\\uD800"', 'a = "\\uXYZW"', "a = {b = 1, b = 2}",
    "a = 1\na.b = 2", "a = [1]\n[a.b]", "= 1", "a", "a = 2001-02-31", "a = 1\x07", "seed = " + "9" * 6000,
    "x" * 1_000_001, ".".join("a" * 100) + " = 1", "seed = 'one'", "seed = 1.5", "seed = -1",
    "seed = 4294967296", "sed = 1", "network = 3", "[network]\nlayers = 3", "[network]\ninput = []",
    "[network]\ninput = [1, 0]", "[network]\ninput = ['a']", "[data]\nvalidation = 1.0",
    "[data]\nwave = 'cosine'", "[training]\nlr = nan", "[training]\nlr = 1000", "[training]\nmomentum = 1",
    "[training]\noptimizer = 'Adm'", "[training]\nlearning_rate = 1", "[training]\nnesterov = 1",
    LAYER + "kernel_size = 3", LAYER + 'type = "Conv9"', LAYER + "type = 3", CONV, CONV + "kernel_size = 'big'",
    CONV + "kernel_size = [3, 3, 3]", CONV + "kernel_size = [3, 0]", CONV + "kernel_size = 3\nkernel = 3",
    CONV + "kernel_size = 3\npadding = 'sme'", CONV + "kernel_size = {a = 1}",
    (LAYER + "type = 'ReLU'\n") * 3_000,
    "[network]\nlayers = " + "[{type='Sequential', layers=" * 100 + "[]" + "}]" * 100,
    "[network]\nlayers = " + "[" * 5000, "[network]\nlayers = [{type='Sequential', name=\"\\u001b[2J\"}]",
    "name = 3", '"a b" = 1',
]  # fmt: skip
DATA = [
    Data(name="cifar"), Data(validation=0.0), Data(validation=0.001), Data(validation=0.999),
    Data(samples=1798), Data(length=10), Data(name="adding", noise=0.1),
    Data(name="adding", samples=2, validation=0.9), Data(name="adding", length=1),
    Data(name="waves", samples=1_000_000, length=10_000), Data(samples="many"),  # type: ignore[arg-type]
    Data(name="waves", wave="cosine"),  # type: ignore[arg-type]
]  # fmt: skip


def assert_korean(error: CodedError) -> None:
    english, korean = error.message(), error.message("ko")
    assert english == str(error)
    for sentence in (english, korean):
        assert "\n" not in sentence
        assert not re.search(r"`(int|float|str|bool|array|object|null)\b", sentence), "a sentence of msgspec"
        assert not BLANK.search(sentence), "a blank that nobody filled"
    assert re.search("[가-힣]", korean), korean
    foreign = r"\b(expected|Expected|got|there is|is not|cannot|Invalid|Cannot|Unclosed|at least|at most)\b"
    assert not re.search(foreign, korean), korean


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_hostile_text_is_refused_in_korean(text: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        parse(text, "wrong.toml")
    assert caught.value.message("ko").startswith("wrong.toml: ")
    assert_korean(caught.value)
    try:
        layers_from_text(text)
    except TomlError as error:
        assert_korean(error)


@pytest.mark.parametrize("data", DATA, ids=range(len(DATA)))
def test_data_that_cannot_be_had_are_refused_in_korean(data: Data) -> None:
    with pytest.raises(DatasetError) as caught:
        describe(data)
    assert_korean(caught.value)
    problem = problem_of(caught.value)
    assert caught.value.message("ko") in problem.sentence("ko")
    assert caught.value.message("en") in problem.sentence("en")


def test_files_and_names_are_refused_in_korean(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))
    (tmp_path / "huge.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "text.npz").write_text("no archive")
    asked = [
        *(partial(read, tmp_path / name) for name in ("none.toml", "folder.toml", "latin.toml", "huge.toml", "nul\0.toml")),
        lambda: write(Experiment(name="\ud800"), tmp_path / "x.toml"),
        lambda: write(Experiment(), tmp_path / "none" / "x.toml"),
        lambda: preset("lenet"),
        lambda: network("lenet"),
        lambda: read_npz(tmp_path / "none.npz", "mnist-5k", 5000),
        lambda: read_npz(tmp_path / "text.npz", "mnist-5k", 5000),
        lambda: Run.open(tmp_path / "none"),
        lambda: Run.open(tmp_path),
    ]  # fmt: skip
    for ask in asked:
        with pytest.raises(CodedError) as caught:
            ask()
        assert_korean(caught.value)


@pytest.mark.parametrize("damage", ["experiment.toml", "resume.safetensors", "weights.safetensors"])
def test_a_damaged_run_is_refused_in_korean(tmp_path: Path, damage: str) -> None:
    write(Experiment(network=Network()), tmp_path / "experiment.toml")
    (tmp_path / damage).write_text("{broken\n", "utf-8")
    with pytest.raises(RunError) as caught:
        run = Run.open(tmp_path)
        run.history()
        run.moment()
        run.weights()
    assert damage in str(caught.value)
    assert_korean(caught.value)


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(out_channels=0, kernel_size=3),
        Conv2d(out_channels=4, kernel_size=(3, -1)),
        Conv2d(out_channels=4, kernel_size="big"),  # type: ignore[arg-type]
        Dropout(p=2.0),
        GELU(approximate="x"),  # type: ignore[arg-type]
        Residual(main=(Linear(out_features=0),)),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_a_layer_that_its_declarations_forbid_is_told_in_korean(layer: AnyLayer) -> None:
    problem = trace((layer,), (3, 8, 8)).problem
    assert problem is not None
    assert problem.code == "not_allowed"
    for language in LANGUAGES:
        assert not re.search("[`$]", message(problem, language))
    assert "필요한 값: " in message(problem, "ko")


@pytest.mark.parametrize(
    ("experiment", "code", "said"),
    [
        (Experiment(data=Data(name="cifar")), "data", {"message": 'data.name: there is no data set "cifar"; there are digits'}),
        (
            Experiment(network=Network(layers=(Dropout(p=2.0),))),
            "network",
            {"layer_code": "not_allowed", "values": {"field": "p", "detail": "p: expected a number from 0 to 1, got 2.0"}},
        ),
    ],
    ids=["data", "network"],
)
def test_a_runs_file_has_the_english_sentences(
    tmp_path: Path, experiment: Experiment, code: str, said: dict[str, object]
) -> None:
    with pytest.raises((DatasetError, CannotRunError)) as caught:
        check(experiment)
    RunFolder(tmp_path, History()).save_status(Status(problem=problem_of(caught.value)))
    kept = json.loads((tmp_path / STATUS).read_text("utf-8"))["problem"]
    assert kept["code"] == code
    for name, value in said.items():
        found = kept["values"][name]
        assert found == value or found.startswith(value)
    assert kept["message"] == problem_of(caught.value).sentence("en")


def test_a_phrase_in_a_phrase_is_said_in_its_language() -> None:
    inner = Phrase("toml", "integer_from", {"low": 1})
    assert Phrase("toml", "list", {"item": inner}).say("ko") == "[ ] 안의 목록(각 값: 1 이상의 정수)"
