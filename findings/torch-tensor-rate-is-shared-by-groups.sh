#!/bin/sh
# Guess:   A learning rate may be a tensor, as capturing a step needs it, in the place of the same number: parameter groups each
#          have their own `lr`, and a LambdaLR with a factor for each group gives each its own rate.
# Happens: The groups share the one tensor that the optimiser was made with, and a schedule fills it in place, once for each
#          group: all groups have the last group's rate, without a word. With a number each has its own. Restoring a
#          state (`load_state_dict`) puts a copy in the tensor's place: who holds the first one sets a rate that nobody reads.
# Version: torch 2.13.0 (CPU), NumPy 2.2.6
# Date:    2026-11-30
# Guards:  tests/engine/training/test_captured_steps.py (test_captured_steps_compute_what_plain_ones_do: decay of weights, a rate
#          for each step; test_a_moment_goes_on_to_the_same_losses_in_the_same_trainer_and_in_any_other)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "torch==${TORCH:-2.13.0}" numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

print("torch", torch.__version__)
found = {}
for lr in (0.1, torch.tensor(0.1)):
    first, second = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam([{"params": [first]}, {"params": [second]}], lr=lr, fused=True)
    schedule = LambdaLR(optimizer, [lambda _step: 1.0, lambda step: 0.5**step])
    for _ in range(3):
        first.grad, second.grad = torch.ones(1), torch.ones(1)
        optimizer.step()
        schedule.step()
    kind = type(lr).__name__
    found[kind] = [round(float(group["lr"]), 6) for group in optimizer.param_groups]
    print(f"lr as a {kind}: after 3 steps with the factors 1 and 0.5 ** step the groups' rates are {found[kind]}")
held = optimizer.param_groups[0]["lr"]
optimizer.load_state_dict(optimizer.state_dict())
kept = optimizer.param_groups[0]["lr"] is held
print("the rate is", "the same" if kept else "another", "tensor after load_state_dict")
as_described = found == {"float": [0.1, 0.0125], "Tensor": [0.0125, 0.0125]} and not kept
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
