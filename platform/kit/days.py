"""Days as people write them."""

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def write_day(day: date, language: str) -> str:
    """Write a day as readers of `language` expect it: 2026年3月5日 in Chinese, 5 March 2026 elsewhere."""
    if language.lower().partition("-")[0].partition("_")[0] == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
