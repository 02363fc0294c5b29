"""The 150 expressions on which the libraries were measured."""

import pytest
from compared import COMPARED
from told import TODAY

from zhuhuan.language.values import extract


@pytest.mark.parametrize(("kind", "text", "expected"), COMPARED)
def test_the_expressions_on_which_the_libraries_were_compared_are_read(kind: str, text: str, expected: str | None) -> None:
    values = [f"{v.value} {v.unit}" if v.unit else v.value for v in extract(text, TODAY) if v.entity == kind]
    assert (values or [None]) == [expected]
