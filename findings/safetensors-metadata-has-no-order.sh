#!/bin/sh
# Guess:   the same tensors and the same metadata, saved twice, are the same file: `save` takes a dict of metadata, and dicts have an
#          order.
# Happens: entries of metadata stand in the file in another order each time, in one process too: with three entries, 40 saves make
#          several different files. With one entry they are the same file. The tensors are sorted by their kind and name, so the
#          order in which a network has them is nowhere in the file.
# Version: safetensors 0.8.0, NumPy 2.2.6
# Date:    2026-11-30
# Guards:  tests/engine/exports/test_weight_file.py (test_of_a_run_and_of_a_kept_moment: the same bytes, the layers' order)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "safetensors==${SAFETENSORS:-0.8.0}" numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
from safetensors.numpy import load, save

print("safetensors", version("safetensors"))
tensors = {name: np.zeros(2, np.float32) for name in ("10.weight", "2.weight", "0.weight")}
many = {save(tensors, metadata={"a": "1", "b": "2", "c": "3"}) for _ in range(40)}
one = {save(tensors, metadata={"a": '{"b": 2, "c": 3}'}) for _ in range(40)}
order = list(load(next(iter(one))))
print(f"40 saves with three entries of metadata: {len(many)} different files; with one: {len(one)}")
print(f"saved in the order {', '.join(tensors)}; read in the order {', '.join(order)}")
as_described = len(many) > 1 and len(one) == 1 and order == sorted(tensors)
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
