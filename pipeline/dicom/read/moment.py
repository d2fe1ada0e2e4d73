"""When a series was acquired, by its scanner's clock."""

from __future__ import annotations

import re
from datetime import datetime

_STAMP = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})?(\.\d{1,6})?")


def moment(stamp: str, date: str, time: str) -> datetime | None:
    """Acquisition Date Time, or date and time apart; None where the header does not say both.

    An offset from UTC is passed over, as only moments of one scanner are compared. Old files have
    dots in a date and colons in a time.
    """
    joined = f"{re.sub('[.:-]', '', date)}{time.replace(':', '')}" if date and time else ""
    for text in (stamp, joined):
        if found := _STAMP.match(text):
            return _point(*found.groups(default=""))
    return None


def _point(date: str, hour: str, minute: str, second: str, fraction: str) -> datetime | None:
    text = f"{date}{hour}{minute}{second or '00'}{fraction or '.0'}"
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S.%f")
    except ValueError:
        return None
