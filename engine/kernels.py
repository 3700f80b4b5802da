"""How many compiled kernels torch keeps on a CPU. Called by both entry points, before torch computes anything."""

from __future__ import annotations

import os

KEPT = 256  # several times what the largest network here has, its way back included


def keep_few() -> None:
    """oneDNN, which computes convolutions, matrix products and recurrent layers, compiles a kernel for each shape and keeps the
    last 1,024, whatever has become of the networks: a window in which sizes and lengths are tried out never gave that memory
    back. Who has set another number keeps it; processes that this one starts take it over."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(KEPT))
