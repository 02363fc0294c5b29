"""Refusal and silence (guide 6.1): accepted, a written notice, a pause, the door left open. A stop is honoured at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta

from zhuhuan.calendar import day_in_words
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.turn import Desk, Memory, Outcome, Say, Turn
from zhuhuan.loans.values import ChangeContact, IssueNotice, OpenCase, Record
from zhuhuan.plans.negotiation import together

REACH = re.compile(r"联系|打|找我|发|回我|跟我说")
PAUSE_DAYS = 7  # own default: how long nobody writes or calls after a refusal (issue 6 makes it a parameter)
WAYS = (("workplace", "单位|公司|厂里|老板|同事|学校"), ("family", "家人|家里人|老婆|老公|媳妇|爸|妈|父母|孩子|儿子|闺女|亲戚|丈人|岳|婆|担保人|邻居|通讯录"), ("visit", "上门|来家|到家|家里来|进村"),
        ("phone", "电话|来电|call|打给|再打|打嚟|打过来|打了|别打|拨"), ("sms", "短信|信息|发消息|简讯|退订|TD|^T$|^N$|发了|别发"), ("chat", "微信|聊天"))
MESSAGES = re.compile(r"(?:发|用|改|走)?个?(?:短信|信息|消息|微信)(?!也(?:不要|别|停)|都(?:不要|别|停))|留言")
UNSUBSCRIBES = re.compile(r"退订|^(?:TD|T|N)$", re.IGNORECASE)
REFUSED = re.compile(r"[别莫勿停退]|不[要想许准]|唔好")


def _owner(turn: Turn, desk: Desk) -> str | None:
    own = desk.book.file_by_phone(turn.sender, turn.today)
    return turn.memory.member_id or (own.member.id if own else None)


def _closing(turn: Turn, desk: Desk, say: Say, *records: Record, why: str, question: str | None = None, stage: str = "refused") -> Outcome:
    memory: Memory = turn.memory.with_(question=question, stage=stage, last_seen=turn.now)
    owner = _owner(turn, desk)
    return Outcome((say,), memory, records if owner else (), owner, why)


def _loan(turn: Turn) -> str | None:
    return turn.memory.loan_id if turn.memory.verified else None


def refuse_to_pay(turn: Turn, desk: Desk) -> Outcome:
    """`不还`: no argument; position and help in writing, time given, the door open (guide 6.1)."""
    until = turn.today + timedelta(days=PAUSE_DAYS)
    facts = {**house_facts(desk), "until": day_in_words(until, turn.today)}
    if not turn.memory.verified:
        return _closing(turn, desk, Say("utter_refused_unverified", facts), ChangeContact(paused_until=until), why="refused before verification")
    turn = replace(turn, memory=turn.memory.with_(offers=(), turned_down=together(turn.memory.turned_down, turn.memory.offers)))
    return _closing(turn, desk, Say("utter_refused_to_pay", facts), IssueNotice("position", _loan(turn)), ChangeContact(paused_until=until), why="refuses to pay")


def refuse_to_talk(turn: Turn, desk: Desk) -> Outcome:
    """`没什么好说的`: left in peace, the way back named."""
    until = turn.today + timedelta(days=PAUSE_DAYS)
    facts = {**house_facts(desk), "until": day_in_words(until, turn.today)}
    records: tuple[Record, ...] = (ChangeContact(paused_until=until),)
    name = "utter_refused_to_talk"
    if turn.memory.verified:
        records = (IssueNotice("position", _loan(turn)), *records)
        name = "utter_refused_to_talk_notice"
    return _closing(turn, desk, Say(name, facts), *records, why="refuses to talk")


def way_kept(text: str) -> re.Match[str] | None:
    """Where messages are named as the way that may stay (`有事发短信`), not as what is to stop (`别老发短信`)."""
    return next((m for m in MESSAGES.finditer(text) if not REFUSED.search(text[max(0, m.start() - 4) : m.start()])), None)


def ways_in(text: str) -> tuple[str, ...]:
    """The ways of contact that a stop names; ("all",) where it names none."""
    kept = way_kept(text)
    rest = text[: kept.start()] + text[kept.end() :] if kept else text  # "有事发短信 不要来电" stops calls, not messages
    found = tuple(way for way, words in WAYS if re.search(words, rest, re.IGNORECASE))
    narrow = tuple(way for way in found if way in ("workplace", "family", "visit"))
    return narrow or found or ("all",)


def stop_contact(turn: Turn, desk: Desk) -> Outcome:
    """Honoured at once, confirmed once; stopping one way never stops the others (conversation.md 26)."""
    ways = ways_in(turn.understood.text)
    preferred = "sms" if way_kept(turn.understood.text) and "sms" not in ways else None
    name = f"utter_stopped_{ways[0]}" if len(ways) == 1 else "utter_stopped_several"
    violent = "violence" in turn.understood.sure
    records: list[Record] = [ChangeContact(stop=ways, preferred_way=preferred, no_third_party=True if set(ways) & {"workplace", "family"} else None,
                                           preferred_hours=hours_in(turn))]
    if violent:
        records.append(OpenCase("hand_over", "客户言语中有威胁，请主管处理：" + turn.understood.text[:40]))
    here = {"all", turn.channel}  # a stop of another way than the one that is used does not end the talk
    narrow = turn.memory.verified and not here & set(ways) and not UNSUBSCRIBES.search(turn.understood.text.strip())
    out = _closing(turn, desk, Say(name, house_facts(desk)), *records, why="contact stopped: " + ", ".join(ways),
                   question=turn.question if narrow else None, stage=turn.memory.stage if narrow else "refused")
    if preferred:
        out = out.then(Say("utter_preferred_way_kept"))
    return out


def hours_in(turn: Turn) -> tuple[time | None, time | None] | None:
    """Hours named as the ones that suit."""
    for entity in turn.understood.values("time"):
        if entity.value:
            first, slash, last = entity.value.partition("/")
            return (time.fromisoformat(first) if first else None, (time.fromisoformat(last) if last else None) if slash else None)
    return None


def need_time(turn: Turn, desk: Desk) -> Outcome:
    """Driving, working, asking the family: let go at once; when it suits is asked once and kept."""
    hours = hours_in(turn)
    days = [date.fromisoformat(e.value.partition("/")[0]) for e in turn.understood.values("date") if e.value]
    busy = re.search(r"开车|高速|上班|忙|干活|开会|手术|医院|地里|工地|车上", turn.understood.text)
    known = hours or days
    facts = {**house_facts(desk), "when": _when(days[0] if days else None, hours, turn)}
    records: tuple[Record, ...] = (ChangeContact(preferred_hours=hours),) if hours else ()
    if days:
        records = (*records, ChangeContact(paused_until=days[0]))
    name = "utter_callback_noted" if known else "utter_need_time_busy" if busy else "utter_need_time"
    question = None if known or turn.question == "callback_time" else "callback_time"
    pending = turn.question if turn.question not in ("verify", "callback_time", None) else None
    if hours and pending and REACH.search(turn.understood.text):  # "晚上八点以后联系我" is about the hours, the talk goes on
        out = _closing(turn, desk, Say("utter_hours_kept", facts), *records, why="preferred hours kept", question=pending, stage=turn.memory.stage)
        return out.then(Say(f"utter_back_{pending}"))
    return _closing(turn, desk, Say(name, facts), *records, why="needs time", question=question, stage=turn.memory.stage)


def _when(day: date | None, hours: tuple[time | None, time | None] | None, turn: Turn) -> str:
    words = day_in_words(day, turn.today) if day else ""
    if hours and (first := hours[0]):
        words += f"{first:%H:%M}" + ("以后" if hours[1] is None and "后" in turn.understood.text else "")
    return words or "您方便的时候"

