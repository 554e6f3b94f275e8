"""The one catalogue of form fields a scheme may ask for; a scheme names them, the form shows them."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from huilian.schemes import choices
from huilian.schemes.choices import Choice
from huilian.schemes.document import Category
from huilian.schemes.parts import Text

FieldKind = Literal[
    "text", "multiline", "date", "choice", "choices", "identity", "uscc", "phone", "email", "url", "societies"
]
Audience = Literal["person", "institution", "both"]

# What one writes where there is nothing to write; the manual asks for it in so many words.
NONE_ANSWERS = ("无", "None")


class Field(msgspec.Struct, frozen=True):
    """One question. `restricted` answers need a special right to be read; `none_allowed` takes 无."""

    code: str
    label: Text
    kind: FieldKind = "text"
    audience: Audience = "person"
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    max_length: int = 100
    restricted: bool = False
    none_allowed: bool = False


def _field(
    code: str,
    zh: str,
    en: str,
    kind: FieldKind = "text",
    *,
    to: Audience = "person",
    tip: tuple[str, str] | None = None,
    pick: tuple[Choice, ...] = (),
    most: int = 100,
    restricted: bool = False,
    none: bool = False,
) -> Field:
    return Field(
        code,
        Text(zh, en),
        kind,
        to,
        Text(*tip) if tip else None,
        pick,
        most,
        restricted=restricted,
        none_allowed=none,
    )


_NONE = ("没有请填“无”。", "Write “None” if you have none.")

FIELDS: tuple[Field, ...] = (
    # The person. One field for the whole name: not everyone has a surname and a given name.
    _field("name", "姓名", "Name", tip=("与证件一致。", "As on your identity document.")),
    _field(
        "name_en",
        "英文或拼音姓名",
        "Name in Latin letters",
        tip=("印在英文证书上。", "Printed on the English certificate."),
    ),
    _field("gender", "性别", "Gender", "choice", pick=choices.GENDERS),
    _field("birth_date", "出生日期", "Date of birth", "date"),
    _field(
        "political_status",
        "政治面貌",
        "Political status",
        "choice",
        pick=choices.POLITICAL_STATUSES,
        restricted=True,
        tip=("选填；仅授权人员可见。", "Optional; only authorised staff can see it."),
    ),
    _field("id_type", "证件类型", "Type of identity document", "choice", pick=choices.IDENTITY_TYPES),
    _field(
        "id_number",
        "证件号码",
        "Number of the identity document",
        "identity",
        most=30,
        tip=("加密保存，仅用于核对身份。", "Stored encrypted and used only to confirm who you are."),
    ),
    # Learning.
    _field("school", "毕业院校", "School or university", none=True, tip=_NONE),
    _field("degree", "最高学历", "Highest degree", "choice", pick=choices.DEGREES),
    _field("major", "专业", "Subject studied", none=True, tip=_NONE),
    _field("student_number", "学号", "Student number", most=30),
    _field("student_year", "在读年级", "Year of study", "choice", pick=choices.STUDY_YEARS),
    _field("graduation_date", "预计毕业日期", "Expected graduation", "date"),
    # Work.
    _field("title", "职称", "Professional title", none=True, tip=_NONE),
    _field("title_level", "职称级别", "Level of professional title", "choice", pick=choices.TITLE_LEVELS),
    _field("employer", "工作单位", "Employer", none=True, tip=_NONE),
    _field("position", "职务", "Position", none=True, tip=_NONE),
    _field("field_of_work", "专业领域", "Field of work", to="both"),
    _field(
        "work_history",
        "工作经历",
        "Work history",
        "multiline",
        most=4000,
        none=True,
        tip=("起止年月、单位、职务，每行一项。", "Period, employer and position, one to a line."),
    ),
    _field(
        "merits",
        "符合的条件",
        "Merits",
        "choices",
        tip=("选择您符合的各项条件。", "Tick each condition that you fulfil."),
    ),
    _field(
        "merits_detail",
        "业绩说明",
        "Account of merits",
        "multiline",
        most=4000,
        tip=(
            "简述所选各项的具体情况，如奖项、论著、专利、任职。",
            "Say briefly which awards, publications, patents or offices these are.",
        ),
    ),
    _field("profile_url", "个人主页", "Personal page", "url", most=200),
    # The organisation and who speaks for it.
    _field(
        "organisation_name",
        "单位名称",
        "Name of the organisation",
        to="institution",
        tip=("与登记证书一致。", "As on the certificate of registration."),
    ),
    _field(
        "organisation_name_en",
        "单位英文名称",
        "Name of the organisation in English",
        to="institution",
        most=200,
    ),
    _field(
        "organisation_type",
        "单位类型",
        "Kind of organisation",
        "choice",
        to="institution",
        pick=choices.ORGANISATION_TYPES,
    ),
    _field("uscc", "统一社会信用代码", "Unified social credit code", "uscc", to="institution", most=18),
    _field(
        "registration_number",
        "注册登记号",
        "Registration number",
        to="institution",
        most=50,
        tip=("境外机构填写所在地的登记号。", "For organisations registered outside the mainland."),
    ),
    _field("legal_representative", "法定代表人", "Legal representative", to="institution"),
    _field("staff_count", "职工人数", "Number of staff", to="institution", most=20),
    _field("organisation_profile", "单位简介", "About the organisation", "multiline", to="institution", most=4000),
    _field("representative_name", "会员代表姓名", "Name of the representative", to="institution"),
    _field("representative_position", "会员代表职务", "Position of the representative", to="institution"),
    _field(
        "representative_phone",
        "会员代表电话",
        "Telephone of the representative",
        "phone",
        to="institution",
        most=30,
    ),
    _field(
        "representative_email",
        "会员代表邮箱",
        "E-mail of the representative",
        "email",
        to="institution",
        most=254,
    ),
    # How to reach either. An account has a mobile number or an e-mail; a scheme may insist on one of them.
    _field("mobile", "手机号", "Mobile number", "phone", to="both", most=30),
    _field("email", "电子邮箱", "E-mail", "email", to="both", most=254),
    _field("address", "通讯地址", "Postal address", to="both", most=200, none=True, tip=_NONE),
    _field("postcode", "邮编", "Postcode", to="both", most=20, none=True, tip=_NONE),
    _field("region", "国家或地区", "Country or region", to="both"),
    _field("website", "网站", "Website", "url", to="both", most=200),
    _field(
        "interests",
        "感兴趣的分会",
        "Branches of interest",
        "societies",
        to="both",
        tip=("您将收到该领域的最新学术信息。", "You will be sent the latest academic news of these fields."),
    ),
    _field("subscriptions", "订阅服务", "Subscriptions", "choices", to="both", pick=choices.SUBSCRIPTIONS),
    _field(
        "statement",
        "申请说明",
        "Statement",
        "multiline",
        to="both",
        most=2000,
        tip=("申请理由及希望参与的工作。", "Why you apply and what you would like to take part in."),
    ),
)

CATALOGUE: dict[str, Field] = {field.code: field for field in FIELDS}


def fields_of(category: Category) -> tuple[tuple[Field, bool], ...]:
    """The questions a class asks, each with whether it must be answered, in the catalogue's order."""
    asked = set(category.required_fields) | set(category.optional_fields)
    return tuple((field, field.code in category.required_fields) for field in FIELDS if field.code in asked)


def choices_for(field: Field, category: Category) -> tuple[Choice, ...]:
    """The answers a class accepts: its own merits, or the catalogue's list as far as the scheme allows it."""
    if field.code == "merits":
        group = category.condition("merits")
        offered = tuple(Choice(merit.code, merit.text) for merit in group.among) if group else ()
    else:
        offered = field.choices
    allowed = category.allowed_choices.get(field.code)
    return offered if allowed is None else tuple(choice for choice in offered if choice.code in allowed)


def is_none_answer(answer: str) -> bool:
    """Whether somebody wrote that there is nothing to write."""
    return answer.strip().casefold() in {word.casefold() for word in NONE_ANSWERS}


def restricted_codes(codes: Iterable[str]) -> frozenset[str]:
    """Those of the given fields whose answers need a special right to be read."""
    return frozenset(code for code in codes if code in CATALOGUE and CATALOGUE[code].restricted)
