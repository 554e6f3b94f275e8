"""Made-up people and institutions, the same in every run: person number n is always the same person."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from huilian.schemes.document import Category
from huilian.schemes.fields import CATALOGUE, choices_for

_SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧单曾解查仇翟盖乐"
_GIVEN = (
    *("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "平"),
    *("秀英", "桂英", "文博", "子涵", "雨桐", "浩然", "思远", "嘉怡", "建国", "志强", "晓东", "海燕", "国栋", "永康"),
    *("䶮", "若㛃", "𬭎", "怀瑾", "令仪", "景行"),
)
_SCHOOLS = ("清华大学", "浙江大学", "哈尔滨工业大学", "上海交通大学", "西安交通大学", "华中科技大学")
_EMPLOYERS = ("第一重型机械集团", "中国机械科学研究总院", "杭州汽轮机股份有限公司", "沈阳鼓风机集团", "上海电气", "无")
_INSTITUTIONS = ("钱江焊接材料有限公司", "北方铸锻研究院", "江南大学机械工程学院", "东海轴承厂", "西部热工研究所")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Person:
    """Somebody who joins."""

    n: int

    @cached_property
    def name(self) -> str:
        return _SURNAMES[self.n % len(_SURNAMES)] + _GIVEN[self.n * 7 % len(_GIVEN)]

    @property
    def phone(self) -> str:
        return f"+86139{self.n:08d}"

    @property
    def email(self) -> str:
        return f"person{self.n}@example.org"

    @property
    def birth_date(self) -> date:
        return date(1960 + self.n % 43, 1 + self.n % 12, 1 + self.n % 28)

    @property
    def id_number(self) -> str:
        body = f"110105{self.birth_date:%Y%m%d}{self.n % 1000:03d}"
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]

    @property
    def organisation(self) -> str:
        return f"{_INSTITUTIONS[self.n % len(_INSTITUTIONS)]}（{self.n}）"

    @property
    def uscc(self) -> str:
        body = f"91330100{self.n:09d}"
        total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
        return body + _USCC[(31 - total % 31) % 31]


def answers(category: Category, person: Person) -> dict[str, object]:
    """What this person writes into the fields that the category requires."""
    written: dict[str, object] = {
        "name": person.name,
        "name_en": f"Person {person.n}",
        "birth_date": person.birth_date.isoformat(),
        "id_type": "resident",
        "id_number": person.id_number,
        "school": _SCHOOLS[person.n % len(_SCHOOLS)],
        "major": "机械工程",
        "title": "高级工程师" if person.n % 2 else "工程师",
        "employer": _EMPLOYERS[person.n % len(_EMPLOYERS)],
        "address": "北京市海淀区首体南路9号",
        "postcode": "100048",
        "email": person.email,
        "mobile": person.phone,
        "merits_detail": "获省级科技进步奖一项，发表论文十二篇。",
        "position": "总工程师",
        "field_of_work": "智能制造",
        "region": "中国大陆",
        "organisation_name": person.organisation,
        "organisation_name_en": f"Institution {person.n}",
        "organisation_profile": "从事焊接与连接技术的研究与生产。",
        "uscc": person.uscc,
        "representative_name": person.name,
        "representative_position": "主任",
        "representative_phone": person.phone,
        "representative_email": person.email,
    }
    result: dict[str, object] = {}
    for code in category.required_fields:
        field = CATALOGUE[code]
        if field.kind == "choice" and code != "id_type":
            offered = choices_for(field, category)
            result[code] = offered[person.n % len(offered)].code
        elif field.kind == "choices":
            result[code] = [choices_for(field, category)[person.n % 5].code]
        else:
            result[code] = written[code]
    return result


def papers(category: Category, person: Person) -> dict[str, SimpleUploadedFile]:
    """The papers the category cannot do without."""
    return {
        paper.code: picture(person.n) if "png" in paper.accepts else document(paper.code)
        for paper in category.papers
        if paper.required
    }


def picture(n: int) -> SimpleUploadedFile:
    """A scan, or what passes for one; each person's own, as the same file twice would arouse suspicion."""
    image = Image.new("RGB", (640, 400), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 620, 380), outline="#1f3a5f", width=3)
    draw.text((60, 180), f"DEMONSTRATION {n}", fill="#1f3a5f")
    target = BytesIO()
    image.save(target, "PNG")
    return SimpleUploadedFile("scan.png", target.getvalue(), "image/png")


def document(title: str) -> SimpleUploadedFile:
    """The smallest PDF file that a reader opens."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return SimpleUploadedFile(f"{title}.pdf", body, "application/pdf")
