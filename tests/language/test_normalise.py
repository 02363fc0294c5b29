"""One spelling of what is typed and said, with the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.language.normalise import normalise

SPELLINGS = {
    "我每個月還款": "我每个月还款",
    "裏面 頭髮 麵條": "里面 头发 面条",
    "还１２００元，ＯＫ！": "还1200元,OK!",
    "好好好好好": "好好",
    "急急急！！！！！": "急急!!",
    "13333333333": "13333333333",
    "一一一一": "一一一一",
    "hahaha 哈哈哈哈": "hahaha 哈哈",
    "最多　　八百": "最多 八百",
    "  你好  ": "你好",
    "15 号还 3000 块": "15号还 3000块",
    "2月 17号": "2月17号",
    "4410 90年2月8号": "4410 90年2月8号",
    "4410 月底还": "4410 月底还",
    "我 下 个 月 还": "我下个月还",
    "我预期三天了": "我逾期三天了",
    "收入不及预期": "收入不及预期",
    "怎么换款": "怎么还款",
    "换卡了": "换卡了",
    "帐户里没钱": "账户里没钱",
    "蚊帐": "蚊帐",
    "3️⃣期": "3期",
    "①万": "1万",
    "二〇二七年": "二零二七年",
    "￥800": "¥800",
    "……": "……",
    "😀😀😀": "😀😀",
    "": "",
}


@pytest.mark.parametrize(("typed", "plain"), SPELLINGS.items())
def test_one_spelling_comes_of_many(typed: str, plain: str) -> None:
    assert normalise(typed).text == plain


@given(st.text(alphabet="我還款的欠錢每個月０１２3 　,。!😀️號塊萬好x", max_size=40))
def test_every_sign_leads_back_to_the_sign_it_came_from(typed: str) -> None:
    said = normalise(typed)
    assert len(said.offsets) == len(said.text) + 1
    assert list(said.offsets) == sorted(said.offsets)
    for at in range(len(said.text)):
        start, end = said.original(at, at + 1)
        assert end == start + 1 and typed[start:end]


@given(st.text(max_size=60))
def test_what_is_normal_stays_so(typed: str) -> None:
    once = normalise(typed).text
    assert normalise(once).text == once


def test_a_span_is_told_in_the_original() -> None:
    typed = " 我最多　８００塊"
    said = normalise(typed)
    start = said.text.index("最")
    first, last = said.original(start, len(said.text))
    assert typed[first:last] == "最多　８００塊"
    assert said.original(2, 2) == (said.offsets[2], said.offsets[2])
