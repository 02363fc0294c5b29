"""The clock of a scripted conversation (contract.md, `converse`).

>>> pace = Pace(date(2026, 11, 24), ZoneInfo("Asia/Shanghai"))
>>> [f"{pace.next(*turn):%m-%d %H:%M}" for turn in [(), (), (0, time(23, 40)), (), (3,), (0, time(8, 0))]]
['11-24 10:00', '11-24 10:01', '11-24 23:40', '11-24 23:41', '11-27 10:00', '11-28 08:00']
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENING = time(10, 0)


class Pace:
    """When each turn comes; starts on `today`."""

    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self._today, self._zone = today, zone
        self._last: datetime | None = None

    def next(self, gap_days: int = 0, at: time | None = None) -> datetime:
        """The moment of the next turn: `gap_days` later at `at`, or at 10:00; on the same day a minute after the last turn.

        The clock never runs back: an hour that has passed that day is the next day's.
        """
        if self._last is None or gap_days:
            day = (self._last.date() if self._last else self._today) + timedelta(days=gap_days)
            moment = datetime.combine(day, at or OPENING, self._zone)
        elif at is None:
            moment = self._last + timedelta(minutes=1)
        else:
            moment = datetime.combine(self._last.date(), at, self._zone)
            if moment < self._last:
                moment += timedelta(days=1)
        self._last = moment
        return moment
