"""Pages as people meet them: the public ones, an applicant's whole way, and every page of both consoles."""

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kit import clock
from referrals.services import mint_society_code
from tests.applications.forms import another
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk
from tests.portals.console.test_every_page import HEADQUARTERS, SOCIETY, paths_of
from tests.portals.console.world import World
from tests.portals.visitor import HQ, WELDING, Visitor
from tests.portals.walking import PAPERS, hand_in, pdf, prove

Page = tuple[str, str]  # what it is, and its HTML

_PUBLIC = (
    "/", "/join/", "/join/?category=student", "/join/?category=ordinary", "/join/?category=senior", "/r/",
    "/r/?code=nonsense", "/r/101-ABCD-EFGH/", "/sign-in/", "/sign-in/reset/", "/invitation/nobody/",
    "/apply/?t=nothing", "/components/", "/components/?errors=1", "/components/?layout=console",
    "/components/?layout=poster",
)  # fmt: skip


def public_pages(federation: Federation, language: str) -> Iterator[Page]:
    """What anybody sees, at headquarters and in a branch; what is filled in wrongly, too."""
    with federation.inside(federation.welding):
        code = mint_society_code(label="焊接年会", by="system", by_user=None, at=clock.now())
    visitor = Visitor(language)
    for host in (HQ, WELDING):
        for path in (*_PUBLIC, f"/r/{code.code}/"):
            visitor.get(f"{host}{path}")
            yield f"{host}{path}", visitor.text
        visitor.post(f"{host}/sign-in/", {"identifier": "13800000000", "password": "not this one"})
        yield f"{host}/sign-in/ refused", visitor.text
        visitor.post(f"{host}/sign-in/", {})
        yield f"{host}/sign-in/ empty", visitor.text
        visitor.post(f"{host}/sign-in/reset/", {"contact": "nobody", "act": "send"})
        yield f"{host}/sign-in/reset/ refused", visitor.text
    visitor.get(f"{HQ}/join/?category=senior")
    for channel in ("branch", "member", "institution"):
        visitor.post(f"{HQ}/join/", {"category": "senior", "channel": channel})
        yield f"{HQ}/join/ {channel}", visitor.text
    wrong = {"category": "senior", "channel": "member", "recommender_number": "1010000001P", "recommender_name": "王"}
    visitor.post(f"{HQ}/join/", wrong)
    yield f"{HQ}/join/ by nobody", visitor.text


def applicants_pages(federation: Federation, language: str) -> Iterator[Page]:
    """Forms filled in wrongly and rightly, the draft, the application, the cashier, the member's own pages."""
    for category in ("student", "ordinary", "senior", "institutional"):
        li = Visitor(language)
        li.get(f"{HQ if category == 'institutional' else WELDING}/join/?category={category}")
        if li.path != "/apply/":
            li.get(li.link("channel=headquarters"))
        society = federation.hq if li.url.startswith(HQ) else federation.welding
        yield f"{category}: form", li.text
        yield f"{category}: refused", _refused(li, society, category)
        hand_in(li, society, category)
        application = li.path.split("/")[-2]
        yield f"{category}: done", li.text
        for path in ("/my/", "/my/profile/", "/my/password/", "/my/contact/"):
            li.get(path)
            yield f"{category}: {path}", li.text
        if category == "student":
            li.get("/my/portrait/")
            yield "student: /my/portrait/", li.text
        if category == "ordinary":
            yield from _cashiers_pages(federation, li)
        if category == "senior":
            li.post(f"/my/application/{application}/withdraw/")
            yield "senior: withdrawn", li.text
    li = Visitor(language)
    li.get(f"{WELDING}/join/?category=ordinary")
    form = another("ordinary")
    proof = prove(li, federation.welding, form)
    yield "ordinary: code sent", li.text
    li.post("/apply/", {**form, **proof, "act": "save"})
    yield "ordinary: draft", li.text
    li.get("/my/")
    yield "ordinary: draft on the own page", li.text


def _refused(li: Visitor, society: Any, category: str) -> str:
    """The form, sent with a mistake wherever one can be made once the contact is proven."""
    url, form = li.url, another(category)
    contact = "representative_phone" if category == "institutional" else "mobile"
    proof = prove(li, society, form, by=contact)
    wrong = {name: given if name == contact else "£$%&" for name, given in form.items()}
    papers = {f"paper:{code}": SimpleUploadedFile("a.gif", b"GIF89a") for code in PAPERS.get(category, ())}
    li.post("/apply/", {**wrong, **proof, **papers, "act": "submit"})
    text = li.text
    li.get(url)
    return text


def _cashiers_pages(federation: Federation, li: Visitor) -> Iterator[Page]:
    li.get("/my/")
    li.get(li.link("/pay/"))
    yield "cashier: waiting", li.text
    federation.settle()
    li.get(li.url)
    yield "cashier: bill", li.text
    li.post(li.url, {"payer_name": "", "transferred_on": "2019-01-01", "voucher": SimpleUploadedFile("a.txt", b"x")})
    yield "cashier: refused", li.text
    li.post(li.url, {"payer_name": "李明", "transferred_on": clock.now().date().isoformat(), "voucher": pdf()})
    yield "cashier: reported", li.text
    federation.settle()
    li.get(f"{WELDING}/my/")
    yield "cashier: being checked", li.text


def console_pages(world: World, language: str) -> Iterator[Page]:
    """Every page of a society's console and of headquarters', opened by owners."""
    for society, user, patterns in (
        (world.federation.welding, world.owner, SOCIETY),
        (world.federation.hq, world.officer, HEADQUARTERS),
    ):
        desk = Desk(society, user, language=language)
        for name, path in paths_of(world, patterns).items():
            desk.get(path)
            if desk.page.status_code == 200 and desk.page["Content-Type"].startswith("text/html"):
                yield f"{society.slug}: {name}", desk.text
                if "<form" in desk.text and "novalidate" in desk.text:
                    desk.post(path)
                    if desk.page.status_code == 200:
                        yield f"{society.slug}: {name} empty", desk.text
