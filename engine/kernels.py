"""How torch and numpy use a CPU where their own choice serves a window badly. Called by both entry points, before either of the
two is imported. Who has set another number keeps it; processes that this one starts take it over."""

from __future__ import annotations

import os
import platform

KEPT = 256  # several times what the largest network here has, its way back included


def keep_few() -> None:
    """oneDNN, which computes convolutions, matrix products and recurrent layers, compiles a kernel for each shape and keeps the
    last 1,024, whatever has become of the networks: a window in which sizes and lengths are tried out never gave that memory
    back."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(KEPT))


def multiply_in_one_thread() -> None:
    """numpy's products of matrices. The foundations' are small: two threads take as long as one on an idle machine, and
    on a busy one, beside a training, 2.6 times as long, as they wait for each other by counting. On ARM torch may multiply with
    the same library, which is left its threads."""
    if platform.machine() in ("x86_64", "AMD64"):
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
