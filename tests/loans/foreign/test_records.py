"""Records of JSON exports with their lines, and money of nine decimals brought to the fen."""

from __future__ import annotations

import doctest
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.loans.foreign import fields, records
from zhuhuan.loans.foreign.fields import Fields, fen_parts
from zhuhuan.loans.foreign.identity import joined_name, plain_name
from zhuhuan.loans.foreign.records import read_records
from zhuhuan.money import ZERO


@pytest.mark.parametrize("module", [records, fields])
def test_the_examples_in_the_docstrings_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0 and result.failed == 0


texts = st.text(st.characters(codec="utf-8"), max_size=8)
objects = st.dictionaries(st.sampled_from(["id", "name", "x", "地"]), texts | st.integers(-99, 99) | st.lists(texts, max_size=2), max_size=4)


@given(st.lists(objects, max_size=6), st.sampled_from([None, 1]), st.sampled_from(["list", "page", "lines"]))
def test_whatever_the_shape_every_record_comes_once_with_the_line_where_it_begins(values: list[dict[str, object]], indent: int | None, shape: str) -> None:
    values = [{"id": number, **value} for number, value in enumerate(values)]
    dumped = [json.dumps(value, ensure_ascii=False, indent=indent) for value in values]
    text = {"list": "[" + ",\n".join(dumped) + "]", "page": '{"pageItems": [' + ",\n".join(dumped) + '], "total": 3}', "lines": "\n".join(dumped)}[shape]
    found = list(read_records(text, "a.json"))
    assert [record.value for record in found] == values
    line = 1
    for record, dump in zip(found, dumped, strict=True):
        assert record.line == line
        line += dump.count("\n") + 1


@given(st.integers(1, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_parts_of_principal_add_up_to_the_fen(fen: int, weights: list[int]) -> None:
    principal = Decimal(fen).scaleb(-2)
    parts = [((principal * weight / sum(weights)).quantize(Decimal("1e-9")), ZERO) for weight in weights]
    rounded = fen_parts(principal, parts)
    assert sum(p for p, _ in rounded) == principal
    assert all(abs(p - q[0]) <= Decimal("0.005") * (len(parts) + 2) for (p, _), q in zip(rounded, parts, strict=True))


@pytest.mark.parametrize(("value", "money"), [(1066.19, "1066.19"), ("12,000.5", "12000.50"), (Decimal("0.335"), "0.34"), (None, "0.00"), (0, "0.00")])
def test_money_of_other_systems_is_rounded_half_up_to_the_fen(value: object, money: str) -> None:
    record = Fields({"a": value}, 1)
    assert record.money("a") == Decimal(money) and record.problems == []


@pytest.mark.parametrize("value", ["abc", float("nan"), float("inf"), True, -5, "1e20"])
def test_money_that_cannot_be_is_told(value: object) -> None:
    record = Fields({"a": value}, 7, "f.json")
    assert record.money("a") == ZERO
    assert [(p.line, p.column, p.file) for p in record.problems] == [(7, "a", "f.json")]


@pytest.mark.parametrize(("name", "plain"), [("晓燕 林", "晓燕林"), ("买买提 · 江", "买买提 · 江"), ("Anna  Lee", "Anna Lee"), (" 王 一 鸣 ", "王一鸣")])
def test_names_have_no_blanks_between_chinese_characters(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_family_name_comes_first_in_chinese() -> None:
    assert (joined_name("林", "晓燕"), joined_name("Lee", "Anna")) == ("林晓燕", "Anna Lee")
