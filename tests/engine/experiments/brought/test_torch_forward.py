"""A class with a straight `forward` is read as torch runs it: with its weights carried over, the outputs are the same."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from engine.experiments.brought.network_code import is_network_code, network_from_code
from engine.experiments.brought.torch_forward import FUNCTIONS
from engine.experiments.brought.written_code import BroughtError
from engine.layers.base import Shape
from engine.layers.catalog import Sequential
from engine.layers.kinds.activation import Dropout, ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import GRU, LSTM
from engine.passes.modules import build

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n"
LENET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1) # flatten all dimensions except batch
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.fc3(x)
        return x


net = Net()
criterion = nn.CrossEntropyLoss()
for epoch in range(0):
    outputs = net(inputs)
    loss = criterion(outputs, labels)
"""
MNIST = """
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = F.relu(x)
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = self.fc1(x)
        x = F.relu(x)
        x = self.dropout2(x)
        x = self.fc2(x)
        output = F.log_softmax(x, dim=1)
        return output


def main():
    model = Net().to(device)
"""
MLP = """
class MLP(nn.Module):
    \"\"\"Two hidden layers.\"\"\"

    def __init__(self, sizes_in=28 * 28, hidden=64, classes=10):
        super().__init__()
        self.inputs = sizes_in
        self.net = nn.Sequential(nn.Linear(sizes_in, hidden), nn.ReLU())
        self.fc2 = nn.Linear(hidden, hidden)
        self.norm = nn.BatchNorm1d(hidden)
        self.fc3 = nn.Linear(hidden, classes, bias=False)

    def forward(self, image):
        out = image.view(-1, self.inputs)
        out = self.net(out)
        print(out.shape)
        h = self.norm(self.fc2(out)).tanh()
        h = F.dropout(h, 0.5, training=self.training)
        return torch.sigmoid(self.fc3(nn.LeakyReLU(0.2)(h)))

model = MLP(hidden=32).to("cpu")
"""
CLASSIFIER = """
class Classifier(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, num_classes):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(self.hidden_size, num_classes)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).to(x.device)
        c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).to(x.device)
        out, _ = self.lstm(x, (h0, c0))
        out = self.fc(out[:, -1, :])
        return F.softmax(out, dim=1)

hidden = 12
model = Classifier(28, hidden, 2, num_classes=10)
"""
WORDS = """
class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 8)
        self.gru = nn.GRU(8, 6, batch_first=True)
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        batch = x.shape[0]
        _, h = self.gru(self.embedding(x))
        x = h[-1].contiguous().reshape(batch, -1)
        return self.fc(x).tanh()

model = Words()
model(torch.randint(0, 50, (2, 20)))
"""
SHAPES = {"lenet": (3, 32, 32), "mnist": (1, 28, 28), "mlp": (1, 28, 28), "lstm": (28, 28), "words": (20,)}
TEXTS = {"lenet": LENET, "mnist": MNIST, "mlp": MLP, "lstm": CLASSIFIER, "words": WORDS}


def run_by_torch(text: str) -> nn.Module:
    """The class's own module: the code is this file's."""
    space: dict[str, Any] = {"print": lambda *_: None}
    exec(HEAD + text, space)
    made = space["model"] if "model" in space else space["Net"]()
    assert isinstance(made, nn.Module)
    return made.eval()


@pytest.mark.parametrize("name", TEXTS)
def test_a_class_computes_what_torch_computes(name: str) -> None:
    text, shape = TEXTS[name], SHAPES[name]
    assert is_network_code(HEAD + text)
    found = network_from_code(HEAD + text)
    assert found.input == shape and found.whole
    assert {note.code for note in found.notes} <= {"input_chosen", "log_softmax_left_out"}
    torch.manual_seed(1)
    theirs, ours = run_by_torch(text), build(found.layers, shape).eval()
    if name == "mlp":  # a normalisation with statistics of its own
        theirs.norm.running_mean.normal_()  # type: ignore[union-attr,operator]
        theirs.norm.running_var.uniform_(0.5, 2)  # type: ignore[union-attr,operator]
    weights, places = theirs.state_dict().values(), ours.state_dict()
    assert [each.shape for each in weights] == [each.shape for each in places.values()]
    ours.load_state_dict(dict(zip(places, weights, strict=True)))
    x = torch.randint(0, 50, (3, *shape)) if name == "words" else torch.randn(3, *shape)
    with torch.no_grad():
        expected, outputs = theirs(x), ours(x)
    if name == "mnist":  # the log_softmax that is left out
        outputs = outputs - outputs.exp().sum(1, keepdim=True).log()
    torch.testing.assert_close(outputs, expected, rtol=0, atol=1e-6)
    assert expected.std() > 1e-4


def test_what_a_class_is_read_as() -> None:
    found = network_from_code(HEAD + MNIST)
    assert found.layers[:2] == (Conv2d(out_channels=32, kernel_size=3), ReLU()) and Dropout(p=0.25) in found.layers
    found = network_from_code(HEAD + MLP)
    block = found.layers[1]
    assert found.layers[0] == Flatten() and isinstance(block, Sequential) and block.name == "net"
    assert block.layers[0] == Linear(out_features=32)
    assert network_from_code(HEAD + CLASSIFIER).layers[0] == LSTM(hidden_size=12, num_layers=2, output="last")
    assert network_from_code(HEAD + WORDS).layers[1] == GRU(hidden_size=6, output="last")


def net(forward: str, init: str = "self.fc = nn.Linear(8, 4)", head: str = "class Net(nn.Module):") -> str:
    """A class with these lines; where `init` has one line, that is line 7, and `forward` has line 9 and on."""
    made, run = (text.replace("\n", "\n        ") for text in (f"super().__init__()\n{init}", forward))
    return f"{HEAD.rstrip()}\n{head}\n    def __init__(self):\n        {made}\n    def forward(self, x):\n        {run}"


CELL = "self.rnn = nn.LSTM(8, 4, batch_first=True)"
TIME_FIRST, BOTH = CELL.replace(", batch_first=True", ""), CELL.replace("True", "True, bidirectional=True")
TWO = "self.a = nn.Linear(8, 8)\nself.b = nn.Linear(8, 8)"
CONV = "self.conv = nn.Conv2d(1, 4, 3)\nself.fc = nn.Linear(4 * 26 * 26, 10)"
READ = [
    (net("x, _ = self.rnn(x)\nreturn x", CELL), "sequence"),
    (net("return self.rnn(x)[0][:, -1]", CELL), "last"),
    (net("out, (h, c) = self.rnn(x)\nreturn h[-1]", CELL), "last"),
    (net("hidden = None\nout, hidden = self.rnn(x, hidden)\nout = out[-1]\nreturn out", TIME_FIRST), "last"),
    (net("x, _ = self.rnn(x)\nreturn x", BOTH), "sequence"),
]


@pytest.mark.parametrize(("text", "output"), READ)
def test_what_a_recurrent_layer_hands_on(text: str, output: str) -> None:
    found = network_from_code(text)
    assert [layer.output for layer in found.layers if isinstance(layer, LSTM)] == [output]
    assert "cell_in_sequential" not in {note.code for note in found.notes}


def test_dropout_that_never_ends_is_said() -> None:
    assert "dropout_always" in {note.code for note in network_from_code(net("return self.fc(F.dropout(x))")).notes}
    assert network_from_code(net("return self.fc(F.dropout(x, training=False))")).layers == (Linear(out_features=4),)
    with_numbers = "class Net(nn.Module):\n    def forward(self, x):\n        return F.max_pool2d(x, 3, 2, 1, 1, True)"
    (pool,) = network_from_code(with_numbers).layers
    assert getattr(pool, "ceil_mode", None) is True


OTHER = "self.fc = Other(8, 4)\nself.fc = nn.Linear(8, 4)"
REFUSED = {
    net("if x.sum() > 0:\n    x = self.fc(x)\nreturn x"): ("not_straight", 9),
    net("for _ in range(2):\n    x = self.fc(x)\nreturn x"): ("not_straight", 9),
    net("y = self.fc(x)\nreturn x + y"): ("not_straight", 10),
    net("x += self.fc(x)\nreturn x"): ("not_straight", 9),
    net("return torch.cat([self.fc(x), x], 1)"): ("no_such_function", 9),
    net("return self.fc(x), x"): ("not_straight", 9),
    net("return self.fc(x, x)"): ("not_straight", 9),
    net("return self.fc(y)"): ("no_such_value", 9),
    net("x = self.fc(x)"): ("no_return", 8),
    net("y = self.a(x)\nreturn self.b(x)", TWO): ("used_again", 11),
    net("return self.a(self.a(x))", TWO): ("called_twice", 10),
    net("return self.b(self.a(x))", "one = nn.Linear(8, 8)\nself.a = one\nself.b = one"): ("called_twice", 11),
    net("return self.fc(x)", "self.fc = nn.Linear(8, 4)\nfc = nn.Linear(8, 8)"): ("no_such_attribute", 10),
    net("return self.b(self.a(x))", f"{TWO}\nself.b.weight = self.a.weight"): ("changed", 9),
    net("return self.a(x)", TWO): ("never_called", 8),
    net("return self.fc2(self.fc(x))"): ("no_such_attribute", 9),
    net("return self.fc(mystery(x))"): ("no_such_function", 9),
    net("return F.silu(self.fc(x))"): ("no_such_function", 9),
    net("return self.fc(x).sum()"): ("no_such_function", 9),
    net("return nn.Linear(8, 8)(self.fc(x))"): ("made_in_forward", 9),
    net("return self.fc(x.view(-1))"): ("no_flattening", 9),
    net("return self.fc(x.view(64, 8))"): ("no_flattening", 9),
    net("return self.fc(torch.flatten(x))"): ("no_flattening", 9),
    net("return self.fc(x.view(-1, 4, 2))"): ("no_flattening", 9),
    net("return self.fc(x.view(-1, self.features(x)))"): ("no_value", 9),
    net("x = self.conv(x)\nx = x.view(-1, 4 * 13 * 13)\nreturn self.fc(x)", CONV): ("wrong_view", 11),
    net("return self.fc(F.dropout(x, where))"): ("no_value", 9),
    net("return F.relu(F.log_softmax(self.fc(x), 1))"): ("log_softmax", 9),
    net("return self.rnn(x)", CELL): ("cell_output", 9),
    net("x, _ = self.rnn(x)\nreturn x[:, 0]", CELL): ("cell_output", 10),
    net("x, _ = self.rnn(x)\nreturn x[:, -1]", BOTH): ("both_directions", 10),
    net("x, _ = self.rnn(x)\nreturn x[:, -1]", TIME_FIRST): ("time_first", 10),
    net("x, _ = self.rnn(x)\nreturn x", TIME_FIRST): ("time_first", 10),
    net("return self.fc(x)", "self.fc = nn.Linear(8, 4)\nif True:\n    self.fc = nn.Linear(8, 8)"): ("changed", 9),
    net("return self.fc(x)", "self.fc = nn.Linear(size, 4)"): ("no_value", 7),
    net("return self.fc(x)", "n = 8\nif big:\n    n = 9\nself.fc = nn.Linear(n, 4)"): ("no_value", 10),
    net("return self.fc(x)", "self.n = 8\nself.n += 1\nself.fc = nn.Linear(self.n, 4)"): ("no_value", 9),
    "c = 8\n" + net("b, c = x.shape\nreturn self.fc(x.view(b, c))"): ("no_value", 11),
    net("return self.fc(x)").replace("(self):", "(self, size):").replace("8, 4", "size, 4"): ("open_parameter", 7),
    net(
        "return self.fc(x)",
        "self.fc = Other(8, 4)\nself.fc = nn.Linear(8, 4)",
        "class Other(nn.Module): pass\nclass Net(nn.Module):",
    ): (
        "own_class_used",
        8,
    ),
    net("return self.fc(x)") + "\na = Net()\nb = Net()": ("several_networks", 0),
    "class Net(nn.Module):\n    pass": ("own_class", 1),
    "class Net(nn.Module):\n    def forward(self, x):\n        return x" + ".relu()" * 900: ("too_deep", 0),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=[f"{n} {code}" for n, (code, _) in enumerate(REFUSED.values())])
def test_what_is_not_straight_is_refused_with_its_line(text: str, said: tuple[str, int]) -> None:
    with pytest.raises(BroughtError) as refused:
        network_from_code(text)
    code, line = said
    assert refused.value.code == code
    english, korean = refused.value.message("en"), refused.value.message("ko")
    assert not re.search(r"\{\w+\}", english + korean) and english != korean
    if line:
        assert english.startswith(f"Line {line}:") and korean.startswith(f"{line}번째 줄:")


def test_the_view_that_is_expected_can_be_copied() -> None:
    wrong = net("x = self.conv(x)\nx = x.view(-1, 4 * 13 * 13)\nreturn self.fc(x)", CONV)
    with pytest.raises(BroughtError, match=r"x\.view\(-1, 2704\)"):
        network_from_code(wrong)
    assert network_from_code(wrong.replace("4 * 13 * 13", "2704")).input == (1, 28, 28)


def test_the_arguments_of_functions_are_torch_s() -> None:
    for name, (_, ours) in FUNCTIONS.items():
        try:
            theirs = list(inspect.signature(getattr(functional, name)).parameters)
        except (TypeError, ValueError):  # written in C
            continue
        if theirs != ["args", "kwargs"]:
            assert list(ours) == theirs[1 : len(ours) + 1], name
    theirs = list(inspect.signature(functional.max_pool2d_with_indices).parameters)
    assert list(FUNCTIONS["max_pool2d"][1]) == theirs[1:]


def test_text_around_a_class_is_left_alone() -> None:
    shape: Shape = (8,)
    text = net("return self.fc(x)") + "\n\ndef train(model, loader):\n    for x, y in loader:\n        loss = model(x)\n"
    two = "self.a, self.fc = nn.ReLU(), nn.Linear(8, 4)\nnn.init.zeros_(self.fc.bias)"
    assert network_from_code(net("assert len(x)\nreturn self.fc(self.a(x))", two)).layers == (ReLU(), Linear(out_features=4))
    other = text + "\nlayer = nn.Linear(3, 3)\nprint(Net())\nclass Data(Dataset):\n    pass\n"
    other += "class FocalLoss(nn.Module):\n    def forward(self, x, y):\n        return x - y\nloss = FocalLoss()\n"
    assert network_from_code(text).layers == network_from_code(other).layers == (Linear(out_features=4),)
    assert network_from_code(text).input == shape
