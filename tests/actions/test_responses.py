"""All that the assistant says: each name that the guide uses exists, is filled by its facts, and keeps the house's tone."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from actions.carrying import house_facts_of
from actions.desk import load_house
from zhuhuan.guide import inform
from zhuhuan.guide.adjust import OBJECTIONS
from zhuhuan.guide.handing import REASONS
from zhuhuan.guide.refused import WAYS
from zhuhuan.guide.turn import Question
from zhuhuan.plans.explain import SMS_LENGTH

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "responses"
ECHOES: dict[str, dict[str, str]] = yaml.safe_load((ROOT / "zhuhuan/guide/echoes.yml").read_text(encoding="utf-8"))
SMS = 70

# Sample facts beside those of the house: the longest that is usual, so that an SMS that fits here fits.
LOAN = {"product": "个人消费贷款", "amount": "1860.00元", "days": "12", "due": "11月12日（周四）", "balance": "18600.00元"}
SCHEDULE = {"schedule": "分6期，每期310.00元，第一期1月8日，最后一期6月8日", "total": "1860.00元", "product": "个人消费贷款"}
PLAN = {"plan": "分6期，每期310.00元，第一期1月8日，最后一期6月8日，一共1860.00元"}
BY, WHY = {"by": "12月9日（周三）"}, {"why": "缓9个月太久，最长只能缓6个月"}
PAIR = {
    "cheap": "1",
    "other": "2",
    "cheap_total": "1860.00元",
    "other_total": "1902.40元",
    "cheap_cost": "0.00元",
    "other_cost": "42.40元",
    "cheap_why": "一次还清，后面不用再惦记",
    "other_why": "您还在找活儿，摊开来还，每期的压力小一些",
}
AGREED = {**SCHEDULE, "approver": "审批小组"}
FACTS: dict[str, dict[str, str]] = {
    r"utter_verified": {"name": "欧阳晓燕"},
    r"utter_third_party_day": {"day": "12月3日（周四）"},
    r"utter_complaint\w*": BY,
    r"utter_facts_\w+|utter_consequences_\w+|utter_settlement\w*": LOAN,
    r"utter_made_of": {"listing": "9月12日620.00元、10月12日620.00元、11月12日620.00元"},
    r"utter_charges_(booked|rule)": {**LOAN, "penalty": "36.20元"},
    r"utter_charges_own": {**LOAN, "own": "逾期本金每期按天×10.8%÷360，最早一期98天，共128.46元"},
    r"utter_charges_working": {**LOAN, "working": "第14期罚息：1512.22元×8天×10.8%÷360=3.63元；另有7项一共124.83元"},
    r"utter_charges_none_yet": {**LOAN, "rate": "7.2%", "uplift": "五成", "penalty_rate": "10.8%"},
    r"utter_charges_no_penalty": {**LOAN, "rate": "7.2%"},
    r"utter_charges_rate": {**LOAN, "penalty": "0.00元", "rate": "7.25%"},
    r"utter_how_to_pay": LOAN,
    r"utter_how_to_pay_agreed": {**LOAN, **SCHEDULE},
    r"utter_nothing_overdue_next": {"due": "12月12日（周六）"},
    r"utter_claim_paid\w*|utter_claim_result_told|utter_dispute\w*": {**LOAN, **BY},
    r"utter_claim_part\w*": {**LOAN, **BY, "claimed": "1000.00元", "rest": "860.00元"},
    r"utter_ask_which_loan": {"count": "2", "loans": "1. 个人消费贷款1860.00元，12天；2. 农户种植贷款5200.00元，45天"},
    r"utter_loan_chosen": {"product": "个人消费贷款"},
    r"utter_offer_one\w*": {
        **PLAN,
        "why": "您还在找活儿，摊开来还，每期的压力小一些",
        "total": "1860.00元",
        "approver": "信贷员",
    },
    r"utter_offer_several": {"plans": "1. …\n2. …", "count": "两"},
    r"utter_no_plan_fits|utter_terms_declined|utter_cannot_change": WHY,
    r"utter_compare\w*": PAIR,
    r"utter_which_plan": {"count": "两"},
    r"utter_one_plain_yes": PLAN,
    r"utter_beyond_means": {**PLAN, "afford": "200.00元"},
    r"utter_agreed\w*": AGREED,
    r"utter_ask_cancel|utter_standing\w*|utter_same_again\w*|utter_goodbye_agreed|utter_welcome_agreed": SCHEDULE,
    r"utter_refused_\w+": {"until": "12月1日（周二）"},
    r"utter_broken|utter_kept": SCHEDULE,
    r"utter_late_noted": {"product": "个人消费贷款", "due": "12月10日（周四）", "day": "12月11日（周五）", "amount": "1860.00元"},
    r"utter_rest_open": {"rest": "1380.00元"},
    r"utter_ask_dates": {"sums": "1380.00元、2000.00元"},
    r"utter_contradiction": {"why": "您说每月最多800.00元，又说每期1200.00元"},
    r"utter_claim_complete": {**LOAN, **BY, "claimed": "1000.00元", "rest": "860.00元"},
    r"utter_callback_noted|utter_need_time\w*|utter_hours_kept": {"when": "12月3日（周四）15:00以后"},
    r"utter_unclear": {"first": "觉得刚才的安排不合适", "second": "想按自己的办法还"},
}

# Said before anybody is verified, or possibly so: nothing in it may hint at a debt.
FORBIDDEN = re.compile("逾期|欠|贷款|罚息|还|借款|催|征信|本金|利息|钱|分期|方案|账单")
EARLY = re.compile(
    r"utter_(ack_\w+|anger_\w+|distress\w*|crisis\w*|abuse|violence|fraud_now|refused_unverified|refused_to_talk|who_to_others|stopped_\w+"
    r"|preferred_way_kept|need_time\w*|callback_noted|ask_callback_time\w*|back_callback_time|welcome|goodbye_open|human"
    r"|once_more|out_of_scope|unclear_unverified|complaint_unverified|failure)"
)
# Said before something else that may hold the one question of the turn.
FOLLOWED = re.compile(
    r"utter_(ack_\w+|verified|facts_\w+|made_of|charges_\w+|consequences_\w+|how_to_pay\w*|agreement_stands|adjusted_\w+"
    r"|waiver\w*|why_\w+|broken\w*|kept|corrected|replaces|greet_verified|who_short|welcome|out_of_scope|complaint|complaint_again|loan_chosen"
    r"|which_loan_unclear|declined_respected|cannot_change|no_plan_fits|terms_declined|beyond_means_person|contradiction"
    r"|rest_open|hours_kept|once_more|consent_recorded|consent_declined|who_to_others|receipt|ways_around|stopped_\w+|claim_\w+|dispute\w*)"
)
OFFICIAL = re.compile("敬请|予以|特此|逾期将|理解您的感受|务必|否则|后果自负|立即还|拘留所|黑名单|老赖|！|!|\\?")


@lru_cache(maxsize=1)
def responses() -> dict[str, list[dict[str, Any]]]:
    loaded: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            assert name not in loaded, f"{name} stands in two files"
            loaded[name] = variants
    return loaded


def texts(name: str, *channels: str | None) -> list[str]:
    return [v["text"] for v in responses()[name] if not channels or v.get("channel") in channels]


def facts_of(name: str) -> dict[str, str]:
    return {
        **house_facts_of(load_house()),
        **next((facts for pattern, facts in FACTS.items() if re.fullmatch(pattern, name)), {}),
    }


def opening() -> set[str]:
    names = chain.from_iterable(
        yaml.safe_load((FOLDER / f"{stage}.yml").read_text(encoding="utf-8"))["responses"] for stage in ("open", "identity")
    )
    return set(names)


def expansions() -> dict[str, list[str]]:
    """What stands in the braces of the names that the guide composes, by the expression in the source."""
    questions = [q for q in get_args(Question) if q != "verify"]
    topics = re.findall(r'\("(\w+)", "', inspect.getsource(inform.tell_consequences))
    told = [r for r in REASONS if r not in ("unwilling", "disputed")]
    return {
        "question": questions,
        "emotion": ["anxious", "sad"],
        "found": [*topics, "general"],
        "memory.denied": ["wrong_person", "third_party"],
        "objection or 'other'": [*(name for name, _ in OBJECTIONS), "other"],
        "ways[0]": [*(way for way, _ in WAYS), "all"],
        "turn.question": ["means", "reason", "amount", "date", "periods"],
        "reason": [*told, "bereavement"],
        "pending": questions,
    }


def literals(tree: ast.AST) -> Iterator[str]:
    """Names of responses in a module; what is composed keeps its braces."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                "{" + ast.unparse(part.value) + "}" if isinstance(part, ast.FormattedValue) else ast.literal_eval(part)
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        if re.match(r"utter_[\w{]", text) and " " not in text.replace(" or ", ""):
            yield text


def names_used() -> set[str]:
    """Every response that the guide or an action can ask for, derived from their source."""
    templates = set()
    for path in chain((ROOT / "zhuhuan/guide").glob("*.py"), (ROOT / "actions").glob("*.py")):
        templates |= set(literals(ast.parse(path.read_text(encoding="utf-8"))))
    names = {f"utter_ack_{reason}_{name}" for reason, told in ECHOES.items() for name in told}
    for template in templates - {"utter_ack_{reason}_{name}"}:
        found = re.search(r"\{(.+?)\}", template)
        names |= {template.replace(found.group(0), value) for value in expansions()[found.group(1)]} if found else {template}
    return names - {"utter_ask_which_loan_again"}  # which loan is meant is asked by a response of its own


def test_every_response_that_the_guide_can_ask_for_exists() -> None:
    assert sorted(names_used() - set(responses())) == []


def test_no_response_is_there_that_nobody_asks_for() -> None:
    assert sorted(set(responses()) - names_used()) == []


def test_the_facts_of_this_test_belong_to_responses_that_exist() -> None:
    assert [p for p in FACTS if not any(re.fullmatch(p, name) for name in responses())] == []


@pytest.mark.parametrize("name", sorted(responses()))
def test_each_response_has_its_variants_for_chat_sms_and_the_collector(name: str) -> None:
    finer = name in {f"utter_ack_{reason}_{told}" for reason, all_told in ECHOES.items() for told in all_told}
    often = re.match(r"utter_(back_|ask_reason$|hold_|ask_verify$)", name) or (name.startswith("utter_ack_") and not finer)
    assert len(texts(name, None)) >= (5 if often else 3)
    assert len(texts(name, "sms")) >= (1 if finer else 2)
    assert len(texts(name, "assist")) >= 1
    assert {v.get("channel") for v in responses()[name]} <= {None, "sms", "assist"}
    for channel in (None, "sms", "assist"):
        assert len(set(texts(name, channel))) == len(texts(name, channel)), "a variant is there twice"


@pytest.mark.parametrize("name", sorted(responses()))
def test_each_variant_is_filled_by_the_facts_that_its_response_gets(name: str) -> None:
    for text in texts(name):
        unknown = set(re.findall(r"\{(\w*)\}", text)) - set(facts_of(name))
        assert not unknown, f"{unknown} in: {text}"
        assert text.count("{") == text.count("}") == len(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("name", sorted(responses()))
def test_each_sms_fits_into_one_segment_and_holds_no_emoji(name: str) -> None:
    longest = "分" * SMS_LENGTH if re.match(r"utter_(offer_one|one_plain_yes|agreed)", name) else None
    facts = facts_of(name) | ({"plan": longest, "schedule": longest, "approver": "审批小组"} if longest else {})
    for text in texts(name, "sms"):
        filled = text.format_map(facts)
        assert len(filled) <= SMS, f"{len(filled)}: {filled}"
        assert all(ord(c) < 0x1F000 for c in filled)


@pytest.mark.parametrize("name", sorted(responses()))
def test_each_text_asks_one_question_at_most_and_none_where_another_may_follow(name: str) -> None:
    for text in texts(name):
        assert text.count("？") <= (0 if FOLLOWED.fullmatch(name) else 1), text


@pytest.mark.parametrize("name", sorted(responses()))
def test_no_text_is_officialese_or_a_threat(name: str) -> None:
    assert [t for t in texts(name) if OFFICIAL.search(t)] == []


@pytest.mark.parametrize("name", sorted(n for n in responses() if EARLY.fullmatch(n) or n in opening()))
def test_nothing_said_before_verification_hints_at_a_debt(name: str) -> None:
    for text in texts(name):
        filled = text.format_map(facts_of(name))
        assert not FORBIDDEN.search(filled), filled


@pytest.mark.parametrize("name", sorted(n for n in responses() if n.startswith("utter_crisis")))
def test_each_word_in_a_crisis_names_where_a_human_voice_is(name: str) -> None:
    for text in texts(name, None, "sms"):
        assert "12356" in text, text
        assert "110" in text or "120" in text, text


def test_no_money_or_day_stands_in_a_text_itself() -> None:
    told = [
        t
        for name in responses()
        for t in texts(name)
        if re.search(r"\d元|[\d一二三四五六七八九十]+号(?!线)|\d月\d", t) and "1980年" not in t
    ]
    assert told == []


def test_rasa_reads_the_folder_as_part_of_a_domain() -> None:
    from rasa.shared.core.domain import Domain

    assert set(Domain.from_path(str(FOLDER)).responses) == set(responses())


def test_the_branch_is_a_counter_already() -> None:
    """`{branch}` reads 任一网点柜台: no response adds another 柜台."""
    for file in (ROOT / "data" / "responses").glob("*.yml"):
        assert not re.search(r"\{branch\}的?柜台", file.read_text(encoding="utf-8")), file.name
