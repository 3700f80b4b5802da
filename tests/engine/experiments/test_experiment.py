"""Experiments as TOML files: what is written is read back the same, and what cannot be read is said where and why."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.info import DatasetError
from engine.experiments.augmentation import Augmentation
from engine.experiments.check import check
from engine.experiments.experiment import (
    Data,
    Experiment,
    ExperimentError,
    Network,
    Training,
    parse,
    preset,
    preset_names,
    read,
    to_toml,
    trace_of,
    write,
)
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import CannotRunError
from engine.experiments.schedules import OneCycleLR, ReduceLROnPlateau, StepLR
from engine.experiments.stopping import EarlyStopping
from engine.fields import validated
from engine.layers.catalog import Concat, Residual, Sequential
from engine.layers.kinds.activation import GELU, Dropout, LeakyReLU, ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNorm2d, LayerNorm
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, MaxPool2d
from engine.layers.kinds.recurrent import GRU, LSTM

# the file of the design, with every form that a layer can take
EVERY_FORM = """
name = "28x28 pipeline"
seed = 7

[data]
name = "digits"            # or a folder of images, a text file, a CSV series
validation = 0.2

[network]
input = [1, 28, 28]        # left out: taken from the data
[[network.layers]]
type = "Conv2d"
out_channels = 64
kernel_size = [3, 3]       # or 3
padding = 1                # a number, one per side of the kernel, or "same"
[[network.layers]]
type = "Conv2d"
out_channels = 64
kernel_size = 5
padding = "same"
[[network.layers]]
type = "ReLU"
[[network.layers]]
type = "LSTM"              # in a sequence network
hidden_size = 32
output = "last"            # or "sequence"
[[network.layers]]
type = "Residual"          # branches: main and shortcut are lists of layers
main = [{ type = "Conv2d", out_channels = 64, kernel_size = 3, padding = 1 }]
shortcut = []
[[network.layers]]
type = "Concat"            # along the channels
branches = [[{ type = "Conv2d", out_channels = 16, kernel_size = 1 }],
            [{ type = "MaxPool2d", kernel_size = 3, stride = 1, padding = 1 }]]

[training]
optimizer = "Adam"         # torch.optim's names and argument names
lr = 1e-3
batch_size = 64
epochs = 20
device = "auto"            # cpu, cuda, mps
"""


def test_every_form_of_the_contract_is_read():
    assert parse(EVERY_FORM) == Experiment(
        name="28x28 pipeline",
        seed=7,
        data=Data(name="digits", validation=0.2),
        network=Network(
            input=(1, 28, 28),
            layers=(
                Conv2d(out_channels=64, kernel_size=(3, 3), padding=1),
                Conv2d(out_channels=64, kernel_size=5, padding="same"),
                ReLU(),
                LSTM(hidden_size=32, output="last"),
                Residual(main=(Conv2d(out_channels=64, kernel_size=3, padding=1),), shortcut=()),
                Concat(
                    branches=(
                        (Conv2d(out_channels=16, kernel_size=1),),
                        (MaxPool2d(kernel_size=3, stride=1, padding=1),),
                    )
                ),
            ),
        ),
        training=Training(optimizer="Adam", lr=1e-3, batch_size=64, epochs=20, device="auto"),
    )


def test_composites_may_be_tables_of_their_own():
    text = """
    [[network.layers]]
    type = "Residual"
    [[network.layers.main]]
    type = "ReLU"
    """
    assert parse(text).network.layers == (Residual(main=(ReLU(),)),)


def test_only_what_differs_is_written():
    text = to_toml(Experiment(network=Network(layers=(Conv2d(out_channels=8, kernel_size=3), ReLU()))))
    assert text == (
        'name = "untitled"\nseed = 0\n'
        '\n[data]\nname = "digits"\n'
        "\n[network]\n"
        '\n[[network.layers]]\ntype = "Conv2d"\nout_channels = 8\nkernel_size = 3\n'
        '\n[[network.layers]]\ntype = "ReLU"\n'
        '\n[training]\noptimizer = "Adam"\nlr = 0.001\nbatch_size = 64\nepochs = 20\n'
    )


sizes = st.integers(1, 9)
pairs = st.one_of(sizes, st.tuples(sizes, sizes))
plain = st.one_of(
    st.builds(
        Conv2d, in_channels=st.none() | sizes, out_channels=sizes, kernel_size=pairs, stride=pairs,
        padding=st.one_of(pairs, st.sampled_from(["same", "valid"])), dilation=pairs, bias=st.booleans(),
        padding_mode=st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
    ),
    st.builds(MaxPool2d, kernel_size=pairs, stride=st.none() | pairs, ceil_mode=st.booleans()),
    st.builds(AdaptiveAvgPool2d, output_size=st.one_of(sizes, st.tuples(st.none() | sizes, st.none() | sizes))),
    st.builds(BatchNorm2d, momentum=st.none() | st.floats(0, 1), eps=st.floats(1e-300, 1.0), affine=st.booleans()),
    st.builds(LayerNorm, normalized_shape=st.one_of(sizes, st.lists(sizes, min_size=1, max_size=4).map(tuple))),
    st.builds(Flatten, start_dim=st.integers(-4, 3)),
    st.builds(Linear, out_features=sizes, bias=st.booleans()),
    st.builds(LeakyReLU, negative_slope=st.floats(-1e6, 1e6)),
    st.builds(GELU, approximate=st.sampled_from(["none", "tanh"])),
    st.builds(Dropout, p=st.floats(0, 1)),
    st.builds(Embedding, num_embeddings=sizes, embedding_dim=sizes, padding_idx=st.none() | st.integers(-9, 9)),
    st.builds(LSTM, hidden_size=sizes, proj_size=st.integers(0, 9), output=st.sampled_from(["last", "sequence"])),
    st.builds(GRU, hidden_size=sizes, bidirectional=st.booleans(), num_layers=st.integers(1, 4)),
)  # fmt: skip
layers = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(Sequential, layers=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Residual, main=st.lists(inner, max_size=3).map(tuple), shortcut=st.lists(inner, max_size=2).map(tuple)),
        st.builds(Concat, branches=st.lists(st.lists(inner, max_size=2).map(tuple), max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
experiments = st.builds(
    Experiment,
    name=st.text(st.characters(exclude_categories=["Cs"])),
    seed=st.integers(0, 2**31 - 1),
    data=st.builds(
        Data,
        name=st.text(max_size=9),
        validation=st.floats(0, 1, exclude_min=True, exclude_max=True),
        samples=st.none() | st.integers(2, 10**6),
        length=st.none() | st.integers(2, 10_000),
        noise=st.none() | st.floats(0, 10),
        wave=st.none() | st.sampled_from(["mixed", "sine"]),
        seed=st.none() | st.integers(0, 9),
    ),
    network=st.builds(
        Network,
        input=st.none() | st.lists(sizes, min_size=1, max_size=4).map(tuple),
        layers=st.lists(layers, max_size=5).map(tuple),
    ),
    training=st.builds(
        Training,
        optimizer=st.sampled_from(list(OPTIMIZERS)),
        lr=st.floats(0, 100, exclude_min=True),
        momentum=st.floats(0, 1, exclude_max=True),
        nesterov=st.booleans(),
        loss=st.none() | st.sampled_from(["cross_entropy", "mean_squared_error"]),
        clip=st.none() | st.floats(1e-9, 1e6),
        device=st.sampled_from(["auto", "cpu", "cuda", "mps"]),
        schedule=st.none()
        | st.builds(StepLR, step_size=st.integers(1, 99), gamma=st.floats(0, 1, exclude_min=True))
        | st.builds(
            OneCycleLR, epochs=st.none() | st.integers(1, 99), pct_start=st.floats(0, 1, exclude_min=True, exclude_max=True)
        )
        | st.builds(ReduceLROnPlateau, patience=st.integers(0, 99)),
        label_smoothing=st.floats(0, 1, exclude_max=True),
        class_weights=st.booleans(),
        initialization=st.sampled_from(["torch", "he_normal", "normal", "zeros"]),
        augmentation=st.builds(Augmentation, shift=st.integers(0, 9), rotate=st.floats(0, 180), flip=st.booleans()),
        early_stopping=st.none() | st.builds(EarlyStopping, patience=st.integers(1, 99), restore_best=st.booleans()),
    ),
)


@given(experiments)
def test_what_is_written_is_read_back(experiment):
    assert validated(experiment) == experiment  # only what a file may hold
    assert parse(to_toml(experiment)) == experiment


def test_none_that_is_no_default_is_kept():
    layer = BatchNorm2d(momentum=None)
    experiment = Experiment(network=Network(layers=(layer, Sequential(layers=(layer,)))))
    assert parse(to_toml(experiment)).network.layers[0].momentum is None
    assert parse(to_toml(experiment)) == experiment


LAYER = "[[network.layers]]\n"
CONV = LAYER + 'type = "Conv2d"\nout_channels = 4\n'


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("seed =", ["not valid TOML"]),
        ("name = 'a'\nseed == 1", ["not valid TOML", "line 2"]),
        ("seed = 1\nseed = 2", ["line 2 says seed a second time", "line 1"]),
        ("\0", ["not valid TOML"]),
        ("seed = " + "9" * 6000, ["not valid TOML"]),
        ("day = 2001-02-32", ["not valid TOML"]),
        ("seed = 'one'", ["seed", "expected a whole number, 0 or more", 'got "one"']),
        ("seed = 1.5", ["seed", "expected a whole number", "got 1.5"]),
        ("seed = -1", ["seed", "0 or more", "got -1"]),
        ("seed = 2147483648", ["seed", "from 0 to 2,147,483,647"]),
        ("sed = 1", ["sed", "did you mean seed? Expected one of name, seed, data, network, training"]),
        ("network = 3", ["network", "expected a table"]),
        ("[network]\nlayers = 3", ["network.layers", "expected a list", "Conv1d, Conv2d"]),
        ("[network]\ninput = []", ["network.input", "of 1 to 4 values", "a list of length 0"]),
        ("[network]\ninput = [1, 0]", ["network.input, entry 2", "from 1 to 1,000,000", "got 0"]),
        ("[data]\nvalidation = 1.0", ["data.validation", "a number above 0 and below 1"]),
        ("[data]\nvalidation = nan", ["data.validation"]),
        ("[training]\nlr = nan", ["training.lr", "a number above 0, up to 100"]),
        ("[training]\nlr = inf", ["training.lr"]),
        ("[training]\noptimizer = 'Adm'", ["training.optimizer", '"Adm"', '"Adadelta", "Adagrad", "Adam",', '"SGD"']),
        ("[training]\nlearning_rate = 1", ["training.learning_rate", "optimizer, lr,"]),
        (LAYER + "kernel_size = 3", ["layer 1, type", "is missing"]),
        (LAYER + 'type = "Conv9"', ["layer 1, type", 'no type "Conv9"', '"Conv1d", "Conv2d"']),
        (LAYER + "type = 3", ["layer 1, type", "no type 3", '"Conv1d", "Conv2d"']),
        (CONV, ["layer 1, kernel_size", "is missing"]),
        (CONV + "kernel_size = 'big'", ["layer 1, kernel_size", "a whole number, 1 or more, or a list in [ ] of 2"]),
        (CONV + "kernel_size = [3, 3, 3]", ["layer 1, kernel_size", "of 2 values", "a list of length 3"]),
        (CONV + "kernel_size = [3, 0]", ["layer 1, kernel_size, entry 2", "1 or more", "got 0"]),
        (CONV + "kernel_size = 3\nkernel = 3", ["layer 1, kernel", "kernel_size, stride"]),
        (CONV + "kernel_size = 3\npadding = 'sme'", ["layer 1, padding", "same"]),
        (
            "[network]\nlayers = [{type='ReLU'}, {type='Residual', main=[{type='ReLU'}, {type='Linear', out_features=0}]}]",
            ["layer 2, main, layer 2, out_features", "1 or more"],
        ),
        (
            "[network]\nlayers = [{type='Concat', branches=[[{type='ReLU', slope=1}]]}]",
            ["layer 1, branch 1, layer 1, slope"],
        ),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_file_key_and_expectation(text, parts):
    with pytest.raises(ExperimentError) as caught:
        parse(text, "wrong.toml")
    assert str(caught.value).startswith("wrong.toml: ")
    assert "\n" not in str(caught.value)
    for part in parts:
        assert part in str(caught.value)


def nested(levels):
    return "[network]\nlayers = " + "[{type='Sequential', layers=" * levels + "[]" + "}]" * levels


@pytest.mark.parametrize(
    "text",
    [
        LAYER * 10_000,
        (LAYER + "type = 'ReLU'\n") * 10_000,
        nested(1000),
        nested(100),
        "[network]\nlayers = " + "[" * 5000 + "]" * 5000,
        ".".join("a" * 400_000) + " = 1",
        "[" + " . ".join("a" * 200_000) + "]",
        "x" * 900_000,
    ],
    ids=["10,000 without type", "10,000", "1,000 levels", "100 levels", "lists", "long key", "long table", "long word"],
)
def test_nothing_is_too_large_to_be_refused(text):
    with pytest.raises(ExperimentError, match=r"^big\.toml: "):
        parse(text, "big.toml")


def test_a_deep_network_is_still_read_written_and_traced():
    experiment = parse(nested(29))
    assert parse(to_toml(experiment)) == experiment
    assert trace_of(experiment).problem is None


def test_files_that_cannot_be_read(tmp_path):
    cases = {}
    cases["missing.toml"] = "is not there"
    (tmp_path / "folder.toml").mkdir()
    cases["folder.toml"] = "is a folder"
    (tmp_path / "latin.toml").write_bytes('seed = 1\nname = "été"'.encode("latin-1"))
    cases["latin.toml"] = "line 2 is not UTF-8"
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    cases["binary.toml"] = "line"
    (tmp_path / "huge.toml").write_bytes(b"#" * 1_000_001)
    cases["huge.toml"] = "1,000,001 bytes"
    cases["nul\0.toml"] = ""
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.toml")
        cases["pipe.toml"] = "is no ordinary file"
    for name, text in cases.items():
        with pytest.raises(ExperimentError) as caught:
            read(tmp_path / name)
        assert name.split("\0")[0] in str(caught.value)
        assert text in str(caught.value)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "marked.toml"
    file.write_bytes(b"\xef\xbb\xbfseed = 3\r\n")
    assert read(file).seed == 3


def test_files_are_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "한글 experiment.toml"
    write(preset("lenet-5"), file)
    assert read(file) == preset("lenet-5")
    with pytest.raises(ExperimentError, match="half a character"):
        write(Experiment(name="\ud800"), file)
    assert read(file) == preset("lenet-5")
    with pytest.raises(ExperimentError, match="cannot be written"):
        write(preset("lenet-5"), tmp_path / "no folder" / "x.toml")
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_a_reader_never_meets_half_a_file(tmp_path):
    file = tmp_path / "x.toml"
    write(preset("lenet-5"), file)
    done = threading.Event()

    def keep_writing():
        for turn in range(200):
            write(preset(("lenet-5", "digits-mlp")[turn % 2]), file)
        done.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(read(file).name)
    writer.join()
    assert seen <= {"LeNet-5", "Digits MLP"}


def test_unknown_preset_names_the_others():
    with pytest.raises(ExperimentError, match=r'no preset "lenet"; there are .*lenet-5'):
        preset("lenet")
    with pytest.raises(ExperimentError, match="no preset"):
        preset("../data/README")
    assert "digits-cnn" in preset_names()


def test_trace_takes_its_input_from_the_data_unless_told():
    mlp = (Flatten(), Linear(out_features=10))
    assert trace_of(Experiment(network=Network(layers=mlp))).input == (1, 8, 8)
    assert trace_of(Experiment(data=Data(name="?"), network=Network(layers=mlp, input=(3, 5)))).parameters == 160
    with pytest.raises(DatasetError):
        trace_of(Experiment(data=Data(name="?"), network=Network(layers=mlp)))
    tokens = trace_of(Experiment(data=Data(name="counting"), network=Network(layers=(Linear(out_features=3),))))
    assert tokens.problem is not None


def test_a_network_without_layers_is_told_to_get_some() -> None:
    with pytest.raises(CannotRunError) as error:
        check(Experiment())
    assert error.value.problem.code == "no_layers"


def test_the_settings_in_the_readme_are_valid():
    written = Path(__file__).parents[3].joinpath("README.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    training = parse("[training]\n" + written).training
    assert all(
        getattr(training, line.split(" = ")[0]) != getattr(Training(), line.split(" = ")[0]) for line in written.splitlines()
    )
    assert parse(to_toml(Experiment(training=training))).training == training
