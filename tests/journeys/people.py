"""People and bodies that nobody has met before, with numbers that check and files that are what they say."""

import secrets
import struct
import zlib
from dataclasses import dataclass
from datetime import date

from tests.journeys.browser import File

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SURNAMES, _GIVEN = "李王张刘陈杨赵黄周吴单曾解查仇翟盖乐", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超平䶮㛃"


@dataclass(frozen=True)
class Newcomer:
    """Li, or whoever comes; no two are alike."""

    serial: int
    name: str
    password: str = "a-Walk-2026-by-the-river"

    @property
    def mobile(self) -> str:
        return f"13{self.serial % 10**9:09}"

    @property
    def email(self) -> str:
        return f"newcomer{self.serial}@example.org"

    @property
    def born(self) -> date:
        return date(1960 + self.serial % 40, 1 + self.serial % 12, 1 + self.serial % 28)

    @property
    def id_number(self) -> str:
        """A resident's number that checks; the region makes it unlikely that two are alike."""
        digits = f"{110101 + self.serial // 1000 % 800:06}{self.born:%Y%m%d}{self.serial % 1000:03}"
        return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]

    @property
    def uscc(self) -> str:
        body = f"91330100{self.serial % 10**9:09}"
        total = sum(_USCC.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
        return body + _USCC[(31 - total % 31) % 31]

    @property
    def body_name(self) -> str:
        return f"钱江焊接材料有限公司{self.serial}"


def newcomer() -> Newcomer:
    serial = secrets.randbelow(9 * 10**8) + 10**8
    return Newcomer(serial, secrets.choice(_SURNAMES) + secrets.choice(_GIVEN) + secrets.choice(_GIVEN))


def answers_of(who: Newcomer, category: str) -> dict[str, str | list[str]]:
    """What this newcomer writes into the form of a category."""
    person: dict[str, str | list[str]] = {
        "name": who.name,
        "birth_date": who.born.isoformat(),
        "id_type": "resident",
        "id_number": who.id_number,
        "school": "清华大学",
        "email": who.email,
        "mobile": who.mobile,
    }
    working: dict[str, str | list[str]] = {
        **person,
        "degree": "master",
        "title": "工程师",
        "employer": "第一机床厂",
        "address": "北京市海淀区首体南路9号",
        "postcode": "无",
    }
    match category:
        case "student":
            return {**person, "major": "机械工程", "student_year": "undergraduate_2"}
        case "ordinary":
            return working
        case "senior":
            return {**working, "merits": ["award", "works"], "merits_detail": "省科技进步奖二等奖；论文十篇。"}
        case "institutional":
            return {
                "organisation_name": who.body_name,
                "organisation_type": "enterprise",
                "uscc": who.uscc,
                "representative_name": who.name,
                "representative_position": "主任",
                "representative_phone": who.mobile,
                "representative_email": who.email,
                "address": "杭州市西湖区浙大路38号",
                "postcode": "310027",
            }
        case "individual":
            return {
                "name": who.name,
                "name_en": f"Newcomer {who.serial}",
                "degree": "doctorate",
                "employer": "HKUST",
                "position": "Researcher",
                "field_of_work": "Robotics",
                "region": "Hong Kong",
                "address": "Clear Water Bay, Kowloon",
                "email": who.email,
            }
    raise ValueError(category)


def picture() -> File:
    """A small PNG, 8 by 8 pixels in grey; no two are alike, as no two vouchers are."""
    rows = b"".join(b"\0" + secrets.token_bytes(8) for _row in range(8))
    parts = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(rows)),
        _chunk(b"IEND", b""),
    ]
    return File("voucher.png", b"\x89PNG\r\n\x1a\n" + b"".join(parts), "image/png")


def document() -> File:
    """The smallest PDF that a reader opens."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 3\n0000000000 65535 f \n%strailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return File("papers.pdf", body + tail % (table, len(body)), "application/pdf")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
