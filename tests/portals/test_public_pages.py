"""Each page of the public in both languages, at each society; refusals beside their fields; nothing ever a 500."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from huilian.accounts.models import Role
from huilian.accounts.services import invite
from huilian.applications.models import Application
from huilian.portals.policies import POLICIES
from huilian.schemes.loading import load_preset
from kit import clock
from kit.codes import mint_code
from tests.applications.forms import photo
from tests.federation_fixture import Federation
from tests.portals.visitor import HQ, WELDING, ZHEJIANG, Visitor
from tests.portals.walking import another, hand_in, pdf, prove, standing_member

HOSTS = {"hq": HQ, "welding": WELDING, "zhejiang": ZHEJIANG}
PAGES = {
    "/": 200,
    "/join/": 200,
    "/join/?category=ordinary": 200,
    "/join/?category=nobody": 422,
    "/r/": 200,
    "/r/?code=": 422,
    "/r/?code=1-2-3": 422,
    "/r/101-nonsense/": 422,
    "/apply/": 403,
    "/apply/?t=101garbage": 403,
    "/sign-in/": 200,
    "/sign-in/reset/": 200,
    "/my/": 200,  # the sign-in page
    "/papers/": 403,
    "/components/": 200,
    "/invitation/made-up/": 404,
    "/my/code.png": 200,  # the sign-in page
    "/pay/1c1d1f50-7d93-4a39-9b0c-0f0f0f0f0f0f/": 404,
    "/papers/1c1d1f50-7d93-4a39-9b0c-0f0f0f0f0f0f/": 404,
    "/apply/done/1c1d1f50-7d93-4a39-9b0c-0f0f0f0f0f0f/": 404,
    "/apply/1c1d1f50-7d93-4a39-9b0c-0f0f0f0f0f0f/": 404,
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("host", HOSTS)
def test_every_page_renders(federation: Federation, host: str, language: str) -> None:
    visitor = Visitor(language)
    for path, status in PAGES.items():
        visitor.get(HOSTS[host] + path)
        assert visitor.page.status_code == status, (path, visitor.words[:300])
        if visitor.page.status_code != 404 or "invitation" in path:
            assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in visitor.text, path


# What is Latin on a Chinese page: formats, kinds of files, and the federation's own addresses.
OF_OTHER_ROOMS = {"progress", "Automatically", "paid", "Remark", "the", "transfer"}  # states, actors, bank accounts
LATIN = {"JPEG", "XXXX", "https", "cmes", "huiyuan", "Huilian"}


@pytest.mark.parametrize("host", HOSTS)
def test_a_chinese_page_is_chinese(federation: Federation, host: str) -> None:
    visitor = Visitor("zh-hans")
    for path in ("/", "/join/", "/join/?category=senior", "/r/", "/sign-in/", "/sign-in/reset/"):
        visitor.get(HOSTS[host] + path)
        if "consent:" in visitor.text:
            continue  # its words are those of another room
        left = {word for word in re.findall(r"[A-Za-z]{4,}", visitor.words) if word.lower() not in LATIN} - LATIN
        assert left <= {"name", "example"}, (path, left)


@pytest.mark.parametrize(
    ("language", "name"), [("zh-hans", "中国机械工程学会"), ("en", "Chinese Mechanical Engineering Society")]
)
def test_a_branch_says_of_whom_it_is_a_part(federation: Federation, language: str, name: str) -> None:
    visitor = Visitor(language)
    for host in HOSTS:
        visitor.get(HOSTS[host] + "/sign-in/")
        masthead = visitor.text.split('<header class="masthead">')[1].split("</header>")[0]
        assert (f"<small>{name}</small>" in masthead) == (host == "welding"), host


def test_the_name_of_headquarters_breaks_between_its_parts(federation: Federation) -> None:
    visitor = Visitor("zh-hans")
    visitor.get(f"{HQ}/")
    assert visitor.text.count('<span class="phrases">中国机械工程学会<wbr>工作总部</span>') == 2  # above and below


def test_own_pages_are_chinese_too(federation: Federation) -> None:
    li = Visitor("zh-hans")
    li.get(f"{WELDING}/join/?category=senior")
    seen = [li.words]
    hand_in(li, federation.welding, "senior")
    seen.append(li.words)
    for path in ("/my/", "/my/password/"):
        li.get(path)
        seen.append(li.words)
    li = Visitor("zh-hans")
    li.get(f"{WELDING}/join/?category=ordinary")
    hand_in(li, federation.welding, "ordinary")
    li.get("/my/")
    li.get(li.link("/pay/"))
    seen.append(li.words)
    federation.settle()
    li.get(li.url)
    seen.append(li.words)
    for words in seen:
        assert set(re.findall(r"[A-Z]?[a-z]{3,}", words)) <= OF_OTHER_ROOMS, words


def test_every_public_url_has_a_policy() -> None:
    from huilian.portals.urls import front_door, public

    names = {getattr(pattern, "name", None) for pattern in (*public.urlpatterns, *front_door.urlpatterns)}
    assert names <= set(POLICIES)


def test_a_code_of_another_society_leads_there(federation: Federation) -> None:
    visitor = Visitor()
    code = mint_code("101")
    visitor.get(f"{ZHEJIANG}/r/{code}/?category=ordinary")
    assert visitor.url == f"{WELDING}/r/{code}/?category=ordinary"
    assert visitor.page.status_code == 404
    assert "This society has no such referral code." in visitor.errors()["code"]


def test_a_code_of_nobody(federation: Federation) -> None:
    visitor = Visitor()
    visitor.get(f"{HQ}/r/{mint_code('299')}/")
    assert visitor.page.status_code == 422
    assert "no society with number 299" in visitor.errors()["code"]


def test_a_members_own_code_offers_what_the_member_may_recommend(federation: Federation) -> None:
    from referrals.queries import live_code_of

    with federation.inside(federation.welding):
        code = live_code_of(standing_member("陈静", "ordinary").pk)
    assert code is not None
    visitor = Visitor()
    visitor.get(f"{WELDING}/r/{code.code}/")
    assert "陈静 (Welding Branch) recommends you." in visitor.words
    assert f"Referral code: {code.code}" in visitor.words
    assert "category=ordinary" in visitor.link("category=ordinary")
    with pytest.raises(AssertionError):
        visitor.link("category=senior")
    assert "a lower category cannot recommend a higher one" in visitor.words
    visitor.get(f"{WELDING}/r/{code.code}/?category=senior")
    assert visitor.page.status_code == 422


def test_where_there_is_one_door_nobody_is_asked_which(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huilian.portals.views.joining.current_scheme", lambda: load_preset("aiet"))
    chen = Visitor()
    chen.get(f"{HQ}/join/")
    assert "Step 1 of 2" in chen.words and "then you say who recommends you" not in chen.words
    answer = Client(HTTP_HOST="hq.localhost:8000").get("/join/?category=individual")
    assert answer.status_code == 302 and urlsplit(answer["Location"]).path == "/apply/"


def test_societies_are_found_by_pinyin(federation: Federation) -> None:
    visitor = Visitor("zh-hans")
    visitor.get(f"{HQ}/join/?category=ordinary")
    assert 'data-words="焊接分会 Welding Branch hanjiefenhui hjfh"' in visitor.text
    visitor.get(f"{HQ}/join/?category=ordinary&channel=branch&society=201")
    assert visitor.page.status_code == 422


def test_all_problems_stand_beside_their_fields(federation: Federation) -> None:
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category=ordinary")
    visitor.post("/apply/", {"t": visitor.hidden("t"), "name": "李\x01明", "email": "li", "act": "submit"})
    assert visitor.page.status_code == 422
    errors = visitor.errors()
    assert errors["name"] == "This name contains characters that cannot be shown. Please type it anew."
    assert errors["email"].startswith("This is not an e-mail address.")
    assert errors["school"] == "Please answer this."
    assert errors["code"] == "Have a code sent to your phone or e-mail, and type it here."
    assert 'value="li"' in visitor.text  # what was typed is still there


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This photo is too small for a card: at least 120 by 160 pixels are needed."),
        ("zh-hans", "照片过小，无法用于会员证，请换一张：至少需要 120×160 像素。"),
    ],
)
def test_a_photo_too_small_for_the_card_is_told_beside_its_field(
    federation: Federation, language: str, sentence: str
) -> None:
    visitor = Visitor(language)
    visitor.get(f"{WELDING}/join/?category=senior")
    form = another("senior")
    papers = {"paper:qualification": pdf(), "paper:photo": photo(size=(90, 120))}
    visitor.post("/apply/", {**form, **prove(visitor, federation.welding, form), **papers, "act": "submit"})
    assert visitor.page.status_code == 422
    assert visitor.errors() == {"paper:photo": sentence}


def test_sending_a_code_keeps_what_was_typed(federation: Federation) -> None:
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category=ordinary")
    token = visitor.hidden("t")
    visitor.post("/apply/code/", {"t": token, "by": "mobile", "mobile": "12", "school": "清华大学"})
    assert visitor.page.status_code == 422
    assert visitor.errors() == {"mobile": visitor.errors()["mobile"]}
    assert "清华大学" in visitor.text
    visitor.post("/apply/code/", {"t": token, "by": "mobile", "mobile": "13800000001", "school": "清华大学"})
    assert visitor.page.status_code == 200
    assert "A code is on its way to 13800000001." in visitor.words
    visitor.post("/apply/code/", {"t": token, "by": "mobile", "mobile": "13800000001"})
    assert visitor.page.status_code == 429
    visitor.post("/apply/code/", {"t": token, "by": "school", "school": "x"})
    assert visitor.page.status_code == 404


def test_a_wrong_code_and_then_a_draft(federation: Federation) -> None:
    from tests.applications.forms import photo

    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category=ordinary")
    form = {"name": "李明", "mobile": "13800000001"}
    proof = prove(visitor, federation.welding, form)
    wrong = "000000" if proof["code"] != "000000" else "111111"
    visitor.post("/apply/", {**form, **proof, "code": wrong, "act": "save"})
    assert visitor.page.status_code == 422
    assert visitor.errors() == {"code": "This code is wrong. Compare it with the message, digit by digit."}
    visitor.post("/apply/", {**form, **proof, "act": "save", "paper:photo": photo()})
    assert visitor.page.status_code == 200 and visitor.path.startswith("/apply/")
    assert "Your draft is kept." in visitor.words
    draft = visitor.url
    visitor.get(draft)
    assert "李明" in visitor.text and "Confirmed. A new code is needed only if you change it." in visitor.words
    assert "Handed in already; choose a file only to replace it." in visitor.words
    visitor.post(draft, {**form, "act": "submit"})
    assert visitor.page.status_code == 422
    assert visitor.errors()["school"] == "Please answer this."
    assert "code" not in visitor.errors()
    visitor.get(f"{WELDING}/join/")
    assert f'href="{draft.removeprefix(WELDING)}"' in visitor.text, "one finds the draft again where one began"
    chen = Visitor()
    chen.get(draft)
    assert chen.page.status_code == 404
    chen.get(f"{WELDING}/join/")
    assert "not handed in yet" not in chen.words


def test_a_refused_form_keeps_its_papers(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{WELDING}/join/?category=senior")
    form = {**another("senior"), "school": ""}
    proof = prove(li, federation.welding, form)
    li.post("/apply/", {**form, **proof, "paper:qualification": pdf(), "act": "submit"})
    assert li.errors() == {"school": "Please answer this."}
    assert "Handed in already; choose a file only to replace it." in li.words
    action = re.search(r'<form class="form" method="post" action="(/apply/[0-9a-f-]{36}/)"', li.text)
    assert action is not None
    li.post(action[1], {**form, "school": "清华大学", "act": "submit"})
    assert li.path.startswith("/apply/done/"), li.words
    with federation.inside(federation.welding):
        assert Application.objects.get().papers.get().code == "qualification"


def test_a_second_application_is_led_to_the_first(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{WELDING}/join/?category=ordinary")
    form = hand_in(li, federation.welding, "ordinary")
    first = li.url
    again = Visitor()
    again.get(f"{WELDING}/join/?category=ordinary")
    hand_in(again, federation.welding, "ordinary", **form)
    assert again.url == first
    assert "You have applied already" in again.words
    with federation.inside(federation.welding):
        assert Application.objects.count() == 1


def test_somebody_elses_identity_number_tells_nothing(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{WELDING}/join/?category=ordinary")
    form = hand_in(li, federation.welding, "ordinary")
    chen = Visitor()
    chen.get(f"{WELDING}/join/?category=ordinary")
    hand_in(chen, federation.welding, "ordinary", id_number=form["id_number"])
    assert chen.page.status_code == 409
    assert "An application with these particulars is under way already." in chen.words
    with federation.inside(federation.welding):
        reference = Application.objects.get(state="in_progress").reference
    assert reference not in chen.text


def test_a_password_is_set_and_signs_in_at_headquarters(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{WELDING}/join/?category=ordinary")
    form = hand_in(li, federation.welding, "ordinary")
    li.post("/my/password/", {"password": "12345678"})
    assert li.page.status_code == 422 and "too common" in li.errors()["password"]
    li.post("/my/password/", {"password": "correct horse battery"})
    assert li.path == "/my/" and "Your new password is set." in li.words
    li.post("/sign-out/")
    li.get("/my/")
    assert li.path == "/sign-in/"
    li.post("/sign-in/", {"identifier": form["mobile"], "password": "wrong horse battery"})
    assert li.page.status_code == 422 and "The name or the password is wrong." in li.words
    li.post("/sign-in/?next=/my/", {"identifier": form["mobile"], "password": "correct horse battery"})
    assert li.path == "/my/"
    federation.settle()

    elsewhere = Visitor()
    elsewhere.post(f"{HQ}/sign-in/", {"identifier": form["mobile"], "password": "correct horse battery"})
    assert elsewhere.page["Referrer-Policy"] == "strict-origin"
    ticket = elsewhere.hidden("ticket")
    assert f'action="{WELDING}/sign-in/sealed/"' in elsewhere.text
    elsewhere.post(f"{WELDING}/sign-in/sealed/", {"ticket": ticket})
    assert elsewhere.page.status_code == 403, "nobody said that it comes from headquarters"
    elsewhere.post(f"{WELDING}/sign-in/sealed/", {"ticket": ticket}, headers={"Origin": HQ})
    assert elsewhere.url == f"{WELDING}/my/"
    assert "Please pay the dues" in elsewhere.words

    # Whoever mistypes the name is led anywhere; from there the way leads back, not to a form that knows nobody.
    elsewhere.post(f"{WELDING}/sign-out/")
    elsewhere.post(f"{HQ}/sign-in/", {"identifier": form["mobile"], "password": "wrong horse battery"})
    wrong = {"ticket": elsewhere.hidden("ticket"), "next": "/my/profile/"}
    elsewhere.post(f"{WELDING}/sign-in/sealed/", wrong, headers={"Origin": HQ})
    assert elsewhere.page.status_code == 422 and "The name or the password is wrong." in elsewhere.words
    assert f'href="{HQ}/sign-in/?next=%2Fmy%2Fprofile%2F"' in elsewhere.text
    assert 'name="password"' not in elsewhere.text


def test_signing_in_leads_nowhere_else(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{WELDING}/join/?category=student")
    form = hand_in(li, federation.welding, "student")
    li.post("/my/password/", {"password": "correct horse battery"})
    for wish in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        li.post("/sign-out/")
        li.post("/sign-in/", {"identifier": form["mobile"], "password": "correct horse battery", "next": wish})
        assert li.url == f"{WELDING}/my/"


def test_a_forgotten_password(federation: Federation) -> None:
    from huilian.notices.models import Notice

    li = Visitor()
    li.get(f"{WELDING}/join/?category=student")
    form = hand_in(li, federation.welding, "student", email="li@example.org")
    li = Visitor()
    li.post(f"{WELDING}/sign-in/reset/", {"contact": form["mobile"], "send": "1"})
    assert "If somebody signs in here by" in li.words
    with federation.inside(federation.welding):
        letter = Notice.objects.filter(event="code.sent").order_by("-queued_at").first()
        assert letter is not None
        code = re.search(r"\b\d{6}\b", letter.body)
    assert code is not None
    answer = {"contact": form["mobile"], "code": code[0], "password": "correct horse battery"}
    li.post("/sign-in/reset/", {**answer, "password": "short"})
    assert li.page.status_code == 422 and li.errors() == {"password": "A password has at least 8 characters."}
    li.post("/sign-in/reset/", answer)
    assert li.url == f"{WELDING}/my/" and "you are signed in" in li.words


def test_an_invitation(federation: Federation) -> None:
    with federation.inside(federation.welding):
        _invitation, secret = invite(Role.REGISTRAR, name="王伟", email="wang@example.org", by="system", at=clock.now())
    wang = Visitor()
    wang.get(f"{WELDING}/invitation/{secret}/")
    assert "You are invited to serve the Welding Branch as: Registrar." in wang.words
    wang.get(f"{ZHEJIANG}/invitation/{secret}/")
    assert wang.page.status_code == 404
    wang.post(f"{WELDING}/invitation/{secret}/", {"password": "short"})
    assert wang.page.status_code == 422 and "password" in wang.errors()
    wang.post(f"{WELDING}/invitation/{secret}/", {"password": "correct horse battery"})
    assert wang.path == "/console/"
    wang.get(f"{WELDING}/invitation/{secret}/")
    assert wang.page.status_code == 404
