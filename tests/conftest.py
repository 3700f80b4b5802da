"""Properties are checked on the usual number of examples; `pytest --hypothesis-profile=thorough` takes ten times as many.
No example has a time limit of its own: on a machine that is busy with other things, any of them may take long."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=1000)
settings.load_profile("usual")
