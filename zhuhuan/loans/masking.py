"""Personal data made unreadable wherever it is shown or logged: ID numbers, their tails, phones, bank cards, birth dates.

>>> mask_text("我是1990年2月8日生的 尾号441X 电话13800001234")
'我是****年**月**日生的 尾号**** 电话138****1234'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from zhuhuan.loans.values import Member

BIRTH = "****年**月**日"
TAIL = "****"
SECRET_KEYS = {"id_tail": TAIL, "birth_date": BIRTH, "id_number": "*" * 18}

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])|(?<![0-9A-Za-z])[1-9]\d{14}(?![0-9A-Za-z])")
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1\d{2})[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_TAIL_SAID = re.compile(
    r"((?:尾号|尾数|[后末]四位|身份证[后末]?[四4]?位?)(?:数|号码)?[是为:：\s]{0,4})[0-9]{3}[0-9Xx](?![0-9Xx])"
)
# Years of birth, never years of a due date: 1900 to 2012, or two digits outside the twenties.
_YEAR = r"(?:19\d{2}|200\d|201[0-2])"
_BIRTH_SAID = re.compile(
    rf"(?<!\d)(?:{_YEAR}|[013-9]\d)\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]?"
    rf"|(?<!\d){_YEAR}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}(?!\d)"
    rf"|(?<!\d){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![\d.,])[013-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d.,]|\s?[元块万千])"
)


def mask_phone(phone: str) -> str:
    """First three and last four digits are kept: 138****1234; a shorter one is masked whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)


def mask_text(text: str, member: Member | None = None) -> str:
    """`text` with every ID number, card, phone, said ID tail and birth date masked; of `member` also the bare tail and phone."""
    text = _ID_NUMBER.sub("*" * 18, text)
    text = _CARD.sub("**** **** ****", text)
    if member is not None:
        text = text.replace(member.phone, mask_phone(member.phone)) if member.phone else text
        text = re.sub(
            rf"(?<![0-9A-Za-z.,-]){re.escape(member.id_tail)}(?![0-9A-Za-z]|[.,]\d|\s?[元块万千])",
            TAIL,
            text,
            flags=re.IGNORECASE,
        )
    text = _PHONE.sub(r"\1****\2", text)
    text = _TAIL_SAID.sub(rf"\1{TAIL}", text)
    return _BIRTH_SAID.sub(BIRTH, text)


def mask_facts(value: Any, member: Member | None = None) -> Any:
    """`value` with every text in it masked, in mappings and lists of any depth; keys that name personal data are masked whole."""
    if isinstance(value, Mapping):
        return {str(key): _mask_key(str(key), part, member) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [mask_facts(part, member) for part in value]
    if isinstance(value, str):
        return mask_text(value, member)
    if isinstance(value, date):
        return mask_text(value.isoformat(), member)
    return value


def _mask_key(key: str, part: Any, member: Member | None) -> Any:
    if part is None:
        return None
    if key in SECRET_KEYS:
        return SECRET_KEYS[key]
    if key == "phone":
        return mask_phone(str(part))
    return mask_facts(part, member)
