"""Acknowledgements that name what was told: the words of echoes.yml find the right one, and none where it was not told."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import yaml

ECHOES: dict[str, dict[str, str]] = yaml.safe_load(files("zhuhuan.guide").joinpath("echoes.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("reason", "name"), [(r, n) for r, told in ECHOES.items() for n in told])
def test_each_echo_is_a_pattern_that_some_text_cannot_match(reason: str, name: str) -> None:
    assert re.compile(ECHOES[reason][name]).search("") is None


@pytest.mark.parametrize(
    ("reason", "told", "name"),
    [
        ("income_drop", "厂里三个月没发工资了", "unpaid"),
        ("income_drop", "工资直接砍了一半", "pay_cut"),
        ("crop_disaster", "猪得了瘟全死了", "stock_dead"),
        ("crop_disaster", "地让水淹了", "flood"),
        ("crop_disaster", "苹果卖不上价", "price"),
        ("crop_disaster", "一场冰雹啥都没了", "hail"),
        ("family_emergency", "孩子住院花光了", "child"),
        ("family_emergency", "我妈瘫在床上", "parent"),
        ("family_emergency", "老公喝了酒就打我", "abuse"),
        ("family_emergency", "娃的学费还没交", "school"),
        ("business_loss", "货款一直收不回来", "receivables"),
        ("unemployment", "被公司裁了", "laid_off"),
        ("unemployment", "厂子倒闭了", "closed"),
        ("away", "我儿子当兵去了 我是他妈", "told_by_other"),
        ("away", "出海打鱼 海上没信号", "sea"),
        ("payment_failure", "卡被冻结了", "frozen"),
        ("for_someone_else", "给我表哥做的担保 他跑了", "guarantee"),
        ("bereavement", "我爸上个月走了", "parent"),
        ("bereavement", "老伴去世了", "spouse"),
        ("other", "刷单被骗了三万", "cheated"),
        ("illness", "一周透析三回", "grave"),
        ("forgot", "日子记岔了", "mixed_up"),
    ],
)
def test_what_was_told_is_named_by_its_own_acknowledgement(reason: str, told: str, name: str) -> None:
    assert next((n for n, words in ECHOES[reason].items() if re.search(words, told)), None) == name


@pytest.mark.parametrize(
    ("reason", "told"),
    [("family_emergency", "儿子在外头把人打伤了"), ("forgot", "忘了"), ("illness", "生病了"), ("unemployment", "失业了")],
)
def test_what_is_not_told_is_not_named(reason: str, told: str) -> None:
    assert not any(re.search(words, told) for words in ECHOES[reason].values())
