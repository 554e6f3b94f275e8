"""The columns of a list of existing members, headed in both languages; the template shows both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huilian.schemes.parts import Text
from kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column; `help` stands below its head in the template's second sheet."""

    code: str
    head: Text
    help: Text
    needed: bool = False
    width: int = 16


def _column(code: str, zh: str, en: str, tip: tuple[str, str], *, needed: bool = False, width: int = 16) -> SheetColumn:
    return SheetColumn(code, Text(zh, en), Text(*tip), needed, width)


COLUMNS: tuple[SheetColumn, ...] = (
    _column("name", "姓名或单位名称", "Name", ("必填。", "Needed."), needed=True, width=22),
    _column(
        "category",
        "会员类别",
        "Category",
        ("必填；名称见下表。", "Needed; by its name in the table below."),
        needed=True,
        width=18,
    ),
    _column(
        "joined_on",
        "入会日期",
        "Member since",
        ("必填，如 2015-06-30。", "Needed, e.g. 2015-06-30."),
        needed=True,
        width=14,
    ),
    _column(
        "valid_until",
        "有效期至",
        "Valid until",
        (
            "必填；会籍有效的最后一天。已过去的日期表示会籍已到期。",
            "Needed: the last day. A day that has passed means that membership has lapsed.",
        ),
        needed=True,
        width=14,
    ),
    _column(
        "valid_from",
        "本期起始日",
        "Valid from",
        (
            "选填；不填则为有效期满前一年，但不早于入会日期。",
            "Left empty: a year before the end, or the day of joining.",
        ),
        width=14,
    ),
    _column(
        "phone",
        "手机号码",
        "Phone",
        (
            "手机、电子邮箱、证件号码三者至少填一项。",
            "At least one of phone, e-mail and ID number: by it one member is told from another.",
        ),
        width=18,
    ),
    _column("email", "电子邮箱", "E-mail", ("同上。", "As above."), width=26),
    _column(
        "id_type",
        "证件类型",
        "ID type",
        (
            "不填即居民身份证；单位不填。",
            "Left empty: resident identity card. Nothing for institutions.",
        ),
        width=16,
    ),
    _column(
        "id_number",
        "证件号码",
        "ID number",
        (
            "个人填证件号码，单位填统一社会信用代码。请设为文本格式，否则 Excel 会改动末几位。",
            "For institutions the unified social credit code. Format as text: Excel changes the last digits otherwise.",
        ),
        width=24,
    ),
    _column("employer", "工作单位", "Employer", ("选填。", "May be left empty."), width=26),
    _column("title", "职称", "Professional title", ("选填。", "May be left empty.")),
    _column(
        "representative",
        "单位代表姓名",
        "Representative",
        ("仅单位会员填写。", "For institutions only."),
    ),
    _column(
        "old_number",
        "原会员号",
        "Old number",
        (
            "选填；作为备注保存，会员将获得新会员号。",
            "Kept as a note; each member is given a new number.",
        ),
    ),
)
BY_CODE: Mapping[str, SheetColumn] = {column.code: column for column in COLUMNS}


def double_head(column: SheetColumn) -> str:
    """The head in both languages, as the template has it."""
    return f"{column.head.zh} {column.head.en}"


def read_head(cells: Sequence[str]) -> dict[str, int]:
    """Where each column stands; raises Refusal `column_missing`, `column_twice` or `column_unknown`."""
    known: dict[str, str] = {}
    for column in COLUMNS:
        for words in (column.code, column.head.zh, column.head.en, double_head(column)):
            known[_plain(words)] = column.code
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if not cell.strip():
            continue
        code = known.get(_plain(cell))
        if code is None:
            raise Refusal(
                "column_unknown",
                _("The list has a column “%(column)s”, which is not in the template. Take it out or rename it."),
                field="file",
                column=cell[:60],
            )
        if code in places:
            raise Refusal("column_twice", _("The column “%(column)s” is there twice."), field="file", column=cell[:60])
        places[code] = place
    missing = [double_head(column) for column in COLUMNS if column.needed and column.code not in places]
    if missing:
        raise Refusal(
            "column_missing",
            _("In its first row the list has no column %(columns)s. Please use the template."),
            field="file",
            columns=tuple(f"“{each}”" for each in missing),
        )
    return places


def _plain(words: str) -> str:
    return "".join(words.lower().split()).strip("*＊")
