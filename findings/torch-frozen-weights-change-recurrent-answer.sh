#!/bin/sh
# Guess:   `requires_grad` says whether gradients are wanted. Under torch.no_grad() there are none, so a network whose weights are
#          frozen answers with the same numbers as before, to the bit.
# Happens: nn.RNN and nn.GRU without biases (batch_first) compute otherwise with weights that have `requires_grad`, also under
#          no_grad: freezing the weights, or handing detached ones to torch.gru, changes the last bits of the answer, with every
#          seed. With biases nothing changes, and neither does a second run with the same weights.
# Version: torch 2.13.0 (CPU), NumPy 2.2.6
# Date:    2026-11-30
# Guards:  tests/engine/sequences/test_opened.py (test_all_gates_and_states_of_random_modules: states to the bit)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "torch==${TORCH:-2.13.0}" numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from torch import nn

print("torch", torch.__version__)
torch.set_num_threads(1)
as_described = True
for kind in (nn.RNN, nn.GRU):
    for bias in (False, True):
        differ, gap = 0, 0.0
        for seed in range(20):
            torch.manual_seed(seed)
            network, x = kind(4, 8, bias=bias, batch_first=True), torch.randn(1, 20, 4)
            with torch.no_grad():
                trained, again = network(x)[0], network(x)[0]
                network.requires_grad_(False)
                frozen = network(x)[0]
            as_described &= torch.equal(trained, again)
            differ += not torch.equal(trained, frozen)
            gap = max(gap, (trained - frozen).abs().max().item())
        print(f"{kind.__name__}, biases {bias}: frozen weights answer otherwise in {differ} of 20 cases, by at most {gap:.1e}")
        as_described &= (differ > 0) == (not bias) and gap < 1e-5
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
