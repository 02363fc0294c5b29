from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from zhuhuan.loans import book, delinquency, keeping, masking
from zhuhuan.loans.engines import close


@pytest.mark.parametrize("module", [book, delinquency, keeping, masking])
def test_the_examples_in_the_docstrings_run(module: ModuleType) -> None:
    close("sqlite://")
    result = doctest.testmod(module)
    assert result.attempted > 0 and result.failed == 0
