"""One declaration of a field: an edited value is as valid as one that comes from a file."""

from __future__ import annotations

import msgspec
import pytest

from engine.experiments.experiment import Training
from engine.fields import edited


@pytest.mark.parametrize("changes", [{"lr": 0.0}, {"epochs": -1}, {"epochs": "three"}, {"optimizer": "none such"}])
def test_an_edit_is_validated(changes):
    """A struct's own constructor and `msgspec.structs.replace` do not validate."""
    with pytest.raises(msgspec.ValidationError):
        edited(Training(), **changes)
