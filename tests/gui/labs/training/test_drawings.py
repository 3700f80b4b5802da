"""What stands under the pictures of a prediction."""

from __future__ import annotations

import pytest

from gui.labs.training.pages.drawings import verdict
from gui.shell import language


@pytest.mark.parametrize(("name", "said"), [("en", "3 (true: 9)"), ("ko", "3 (정답: 9)")])
def test_a_wrong_answer_says_which_of_the_two_is_true(qapp: object, name: str, said: str) -> None:
    language.set_language(name)
    assert verdict("3", "9") == (said, "3 (9)") and verdict("9", "9") == ("9",)
