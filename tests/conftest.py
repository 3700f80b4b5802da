"""Properties are checked on the usual number of examples; `pytest --hypothesis-profile=thorough` takes ten times as many.
No example has a time limit of its own: on a machine that is busy with other things, any of them may take long.

numpy multiplies matrices in one thread: threads that wait for each other do it by counting, which took most of the processor's
time of the tests that multiply many. It reads the variable when it is imported, as do the processes that tests start.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ["OPENBLAS_NUM_THREADS"] = "1"
settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=1000)
settings.load_profile("usual")
