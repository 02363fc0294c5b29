"""What a collector types of a member's means: sentences, pairs, JSON, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from zhuhuan.guide.turn import Entity, Understood
from zhuhuan.language.values import extract
from zhuhuan.money import yuan
from zhuhuan.plans.jsonl import InputError
from zhuhuan.plans.values import Income, NamedPart, PayMonth, Said
from zhuhuan.proposing.means import Heard, Understand, has_sentence, read_means

TODAY = date(2026, 11, 24)
ARREARS = yuan("1860")


def knowing(intents: Mapping[str, str]) -> Understand:
    """The real reading of values, with the intent of each sentence given."""

    def understand(text: str, pay_day: int | None) -> Understood:
        intent = intents[text]
        values = extract(text, TODAY, "means", pay_day, intent)
        return Understood(text, intent, entities=tuple(Entity(v.entity, v.value, v.start, v.end, v.bound, v.per, v.unit) for v in values))

    return understand


def heard(*given: str, **intents: str) -> Heard:
    return read_means(given, ARREARS, TODAY, knowing(intents))


def test_the_sentences_of_one_line_are_heard_one_by_one() -> None:
    found = heard("每月最多八百，15号发工资；收入四千，开支三千五", **{"每月最多八百，15号发工资": "propose_terms", "收入四千，开支三千五": "state_means"})
    assert found.said == Said(at_most_month=yuan("800"), pay_day=15, income=Income(yuan("4000"), yuan("4000")), outgoings=yuan("3500"))
    assert found.sources["pay_day"] == "每月最多八百，15号发工资" and found.sources["income"] == "收入四千，开支三千五"
    assert not found.unheard and not found.unclear


def test_a_pay_day_is_heard_beside_other_means_and_starts_payments_only_where_that_is_said() -> None:
    told = {"一个月四千 15号发工资": "state_means", "10号发了工资开始还，最多八百": "propose_terms"}
    assert heard("一个月四千 15号发工资", **told).said.pay_day == 15
    starts = heard("10号发了工资开始还，最多八百", **told).said
    assert (starts.pay_day, starts.start) == (10, date(2026, 12, 10))


def test_a_pair_puts_right_what_was_misheard_and_an_empty_one_takes_it_back() -> None:
    told = {"每月最多八百": "propose_terms"}
    found = heard("每月最多八百", "at_most_month=900 pay_day=15", **told)
    assert found.said == Said(at_most_month=yuan("900"), pay_day=15) and found.sources["at_most_month"] == "at_most_month=900"
    assert heard("每月最多八百", "at_most_month=", **told).said == Said()
    assert heard("at_most_month=900", "每月最多八百", **told).said.at_most_month == yuan("800")


def test_pairs_and_a_sentence_may_stand_in_one_line() -> None:
    found = heard("每月最多八百 pay_day=15；income=3000-5000", **{"每月最多八百": "propose_terms"})
    assert found.said == Said(at_most_month=yuan("800"), pay_day=15, income=Income(yuan("3000"), yuan("5000")))


def test_the_json_of_the_contract_is_taken_and_what_it_does_not_know_is_told() -> None:
    found = heard('{"at_most_month": "800.00", "income": {"low": "200", "per": "day"}, "periods": null, "mood": "good"}')
    assert found.said == Said(at_most_month=yuan("800"), income=Income(yuan("200"), yuan("200"), "day")) and found.unknown == ("mood",)
    assert heard("pay_day=15", '{"at_most_month": "800"}').said == Said(at_most_month=yuan("800"), pay_day=15)


@pytest.mark.parametrize(("pair", "said"), [
    ("income=200/day", Said(income=Income(yuan("200"), yuan("200"), "day"))),
    ("pay_months=6:4000,10", Said(pay_months=(PayMonth(6, yuan("4000")), PayMonth(10)))),
    ("parts=500@2026-11-30,rest@2027-01-27", Said(parts=(NamedPart(yuan("500"), date(2026, 11, 30)), NamedPart(None, date(2027, 1, 27))))),
    ("parts=500,rest", Said(parts=(NamedPart(yuan("500")), NamedPart()))),
    ("start=2027-01-01 periods=6 each=300.50", Said(start=date(2027, 1, 1), periods=6, each=yuan("300.50"))),
    ("reason=illness wish=deferral basis=balance", Said(reason="illness", wish="deferral", basis="balance")),
    ("weekday=0 at_most_week=200", Said(weekday=0, at_most_week=yuan("200"))),
])  # fmt: skip
def test_pairs_of_every_kind(pair: str, said: Said) -> None:
    assert heard(pair).said == said and not has_sentence([pair])


@pytest.mark.parametrize(("given", "words"), [
    ("at_most_mouth=800", "at_most_month"), ("pay_day=32", "31"), ("pay_day=soon", "pay_day"), ("income=many", "3000-5000"), ("income=5000-3000", "high"),
    ("start=tomorrow", "start"), ("pay_months=13", "month"), ("parts=x@y", "parts"), ("wish=free", "free"), ('{"periods": "three"}', "periods"), ("{", "JSON"),
])  # fmt: skip
def test_what_cannot_be_read_is_told_with_how_to_write_it(given: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        heard(given)


def test_a_sentence_without_means_and_a_sum_without_a_figure_are_told() -> None:
    found = heard("今天天气不错。能拿几百", **{"今天天气不错": "out_of_scope", "能拿几百": "state_means"})
    assert found.unheard == ("今天天气不错",) and found.unclear == ("几百",) and found.said == Said()


def test_blanks_and_signs_alone_are_no_sentence() -> None:
    empty: dict[str, Any] = {}
    for given in ("", "  ", "；；", "。 \n", "pay_day=15；"):
        assert not has_sentence([given]) and not heard(given, **empty).unheard
    assert has_sentence(["pay_day=15 每月最多八百"]) and not has_sentence(['{"a": 1}'])
