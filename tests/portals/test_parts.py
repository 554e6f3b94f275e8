import re
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from huilian.portals.shapes import BodyName, Column, Fact, Link, Row, Step, Tile
from huilian.portals.templatetags.huilian_tags import day


def _part(name: str, **context: Any) -> str:
    with override("en"):
        return render_to_string(f"huilian/parts/{name}.html", context)


def test_a_dialog_that_confirms_posts_with_its_token() -> None:
    html = _part("dialog", id="gone", title="Gone?", action="/go", button="Go", look="bad", csrf_token="t0ken")
    assert '<form method="post" action="/go"' in html
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="t0ken">' in html
    assert '<button class="btn btn-bad">Go</button>' in html
    assert "<form" not in _part("dialog", id="gone", title="Gone?", text="Nothing to do")


def test_a_dialog_opens_without_the_script_too() -> None:
    assert 'href="#gone" data-dialog="gone"' in _part("dialog_button", id="gone", label="Withdraw")


def test_steps_say_who_by_when_and_how_it_stands() -> None:
    html = _part(
        "steps",
        steps=[
            Step("Submitted", "done", actor="Li", at=date(2026, 3, 2)),
            Step("Reviewed", "late", actor="Zhao", due_on=date(2026, 3, 9), note="<b>"),
            Step("Member", "todo", due_on=date(2026, 3, 25)),
        ],
    )
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    assert "Submitted done Li · 2 March 2026" in words
    assert "Reviewed late Zhao · was due by 9 March 2026 &lt;b&gt;" in words
    assert "Member to come due by 25 March 2026" in words
    assert re.findall(r'<li class="(\w+)"( aria-current="step")?', html) == [
        ("done", ""), ("late", ' aria-current="step"'), ("todo", ""),
    ]  # fmt: skip


def test_a_table_names_its_rows_and_columns_and_leads_to_them() -> None:
    columns = [Column("Name", sort_url="?sort=name", sorted="descending"), Column("Dues", numeric=True)]
    rows = [Row(["<Wang>", "¥50.00"], url="/m/1")]
    html = _part("table", caption="Members", columns=columns, rows=rows, total=Row(["Together", ""]), stack=True)
    assert 'aria-sort="descending"><a href="?sort=name">' in html
    assert '<th scope="row" role="rowheader"><a href="/m/1">&lt;Wang&gt;</a></th>' in html
    assert '<td role="cell" class="num" data-label="Dues">¥50.00</td>' in html
    assert '<td role="cell" class="num" data-label="Dues"></td>' in html


def test_a_day_stays_whole_and_a_phone_leaves_out_what_is_not_there() -> None:
    columns = [Column("Name"), Column("Since"), Column("Until"), Column("Dues", numeric=True), Column("Office")]
    with override("en"):
        rows = [["Wang", day(date(2026, 3, 2)), "—", "—", ""]]
    html = _part("table", caption="Members", columns=columns, rows=rows, stack=True)
    assert '<td role="cell" data-label="Since"><span class="whole">2 March 2026</span></td>' in html
    assert '<td role="cell" class="none" data-label="Until">—</td>' in html
    assert '<td role="cell" class="num none" data-label="Dues">—</td>' in html
    assert '<td role="cell" data-label="Office"></td>' in html


def test_an_empty_section_keeps_its_heading() -> None:
    assert "<h2>Orders</h2>" in _part("table", caption="Orders", columns=[], rows=[], empty_title="None")
    assert "<h2>Orders</h2>" not in _part("table", caption="Orders", columns=[], rows=[], hide_caption=True)


def test_the_name_of_a_society_breaks_between_its_parts_in_a_table() -> None:
    rows = [Row(["李明", BodyName("中国机械工程学会工作总部")]), Row(["<王>", BodyName("<焊接>")])]
    html = _part("table", caption="Members", columns=[Column("Name"), Column("Society")], rows=rows)
    assert '<td role="cell"><span class="phrases">中国机械工程学会<wbr>工作总部</span></td>' in html
    assert '<td role="cell">&lt;焊接&gt;</td>' in html


def test_an_empty_table_says_what_to_do() -> None:
    actions = [Link("Make one", "/new", look="main")]
    html = _part("table", caption="Codes", columns=[], rows=[], empty_title="No codes", empty_actions=actions)
    assert "<table" not in html
    assert "<h2>No codes</h2>" in html
    assert '<a class="btn btn-main" href="/new">' in html
    assert "Nothing here yet" in _part("table", caption="Codes", columns=[], rows=[])


def test_other_pages_keep_what_was_asked_for() -> None:
    request = RequestFactory().get("/members/", {"q": "王", "page": "2"})
    with override("en"):
        html = render_to_string(
            "huilian/parts/pagination.html", {"page": Paginator(range(3000), 20).get_page(2)}, request
        )
    assert "21–40 of 3,000" in html
    assert 'rel="next" href="?q=%E7%8E%8B&amp;page=3"' in html
    assert 'rel="prev" href="?q=%E7%8E%8B&amp;page=1"' in html
    assert "pager" not in _part("pagination", page=Paginator([], 20).get_page(1))


def test_facts_copy_what_a_bank_wants_and_show_what_people_read() -> None:
    html = _part("facts", facts=[Fact("Account", "0200 0076", copy="02000076"), Fact("Bank", "ICBC", copy=True)])
    assert re.findall(r'data-copy="([^"]*)"', html) == ["02000076", "ICBC"]
    assert "<dd>0200 0076</dd>" in html
    assert "data-copy" not in _part("facts", facts=[Fact("Name", "Li")])


def test_a_tile_leads_to_its_rows() -> None:
    html = _part("tiles", tiles=[Tile("Members", 90218, url="/m"), Tile("Days", 2.5, unit="days")])
    assert '<a href="/m" class="tile"><span>Members</span><b>90,218</b></a>' in html
    assert '<div class="tile"><span>Days</span><b>2.5<small>days</small></b></div>' in html


def test_a_qr_code_says_where_it_leads() -> None:
    assert 'role="img" aria-label="Join Zhejiang"' in _part("qr", svg="x", alt="Join Zhejiang", code="ZJ")
    assert '<img src="/q.png" alt="Join Zhejiang"' in _part("qr", src="/q.png", alt="Join Zhejiang")
