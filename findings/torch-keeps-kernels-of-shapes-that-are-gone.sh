#!/bin/sh
# Guess:   When a module and its tensors are deleted, the memory that they took on a CPU is free again, but for what the C library
#          keeps in pieces (which malloc_trim gives back).
# Happens: oneDNN compiles a kernel for each new shape and keeps the last 1,024 of them in the process, some 90 kB each: a process
#          in which 1,000 LSTMs of different sizes and lengths learned for one step, one after the other, holds more than 50 MiB
#          with none of them alive. gc.collect() and malloc_trim() free nothing of it. ONEDNN_PRIMITIVE_CACHE_CAPACITY limits
#          it.
# Version: torch 2.13.0 (CPU), NumPy 2.2.6, Linux with glibc
# Date:    2026-11-30
# Guards:  tests/engine/test_kernels.py
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "torch==${TORCH:-2.13.0}" numpy==2.2.6
cat > "$folder/many_shapes.py" <<'PYTHON'
import ctypes
import gc

import torch


def held_mib():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) / 256


def learn(number):
    lstm = torch.nn.LSTM(8, 16 + number % 32, batch_first=True)
    lstm(torch.randn(2, 3 + number // 32, 8))[0].sum().backward()


torch.set_num_threads(1)
for number in range(10):
    learn(number)
before = held_mib()
for number in range(10, 1010):
    learn(number)
alive = sum(issubclass(type(each), torch.nn.Module) for each in gc.get_objects())
print(f"{held_mib() - before:.0f} {alive}")
PYTHON
python="$folder/venv/bin/python"
"$python" -c 'import torch; print("torch", torch.__version__)'
set -- $("$python" "$folder/many_shapes.py")
kept=$1
echo "1,000 LSTMs, none of them alive ($2 modules): $kept MiB more than before"
set -- $(ONEDNN_PRIMITIVE_CACHE_CAPACITY=8 "$python" "$folder/many_shapes.py")
few=$1
echo "the same with ONEDNN_PRIMITIVE_CACHE_CAPACITY=8: $few MiB"
if [ "$kept" -gt 50 ] && [ "$few" -lt 15 ]; then
    echo "as described"
else
    echo "CHANGED"
    exit 1
fi
