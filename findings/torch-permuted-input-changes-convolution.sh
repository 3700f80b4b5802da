#!/bin/sh
# Guess:   a convolution depends on the values of its input. `x.permute(0, 3, 1, 2)` and a copy of it hold the same values, so
#          torch.equal of them is true, and so is torch.equal of what a Conv2d makes of them.
# Happens: a permuted view of (N, H, W, C) has the strides of the layout with the channels last, so torch computes the convolution
#          in that layout, with other kernels: the results differ in their last bits, and the layout goes on through the network. Two
#          runs with the same seed, one of which copies behind a permute, have different losses.
# Version: torch 2.13.0 (CPU), NumPy 2.2.6
# Date:    2026-11-29
# Guards:  tests/engine/passes/test_modules.py (test_permuted_axes_are_copied_into_their_order)
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
differ = 0
as_described = True
for seed in range(5):
    torch.manual_seed(seed)
    convolution = nn.Conv2d(16, 32, 3, padding=1)
    view = torch.randn(8, 14, 14, 16).permute(0, 3, 1, 2)
    copied = view.contiguous()
    with torch.no_grad():
        of_view, of_copied = convolution(view), convolution(copied)
    gap = (of_view - of_copied).abs().max().item()
    print(f"seed {seed}: inputs equal {torch.equal(view, copied)}, outputs equal {torch.equal(of_view, of_copied)},"
          f" largest difference {gap:.1e}, strides {of_view.stride()} and {of_copied.stride()}")
    differ += not torch.equal(of_view, of_copied)
    as_described &= torch.equal(view, copied) and of_view.stride()[1] == 1 and of_copied.stride()[3] == 1 and gap < 1e-4
as_described &= differ > 0
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
