"""Papers: believed by their content, kept in this society alone, opened with a trace."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huilian.applications.models import Application, Paper
from huilian.applications.papers import attach_paper, open_by_ticket, open_paper, paper_url, papers_of
from huilian.applications.services import withdraw_draft
from huilian.journal.queries import records_of
from huilian.members.models import Member
from huilian.members.services import read_portrait
from kit.errors import Refusal
from tenants.models import Society
from tests.applications.forms import AT, draft, pdf, photo, submit
from tests.federation_fixture import Federation


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_paper_lies_in_this_society_s_folder_under_a_name_of_ours(in_welding: Society, media: Path) -> None:
    application = draft("senior")
    paper = attach_paper(application, "qualification", pdf(), file_name="../../etc/证 书.exe.pdf", at=AT)
    assert paper.file_name == "证 书.exe.pdf"
    assert paper.path == f"papers/{application.pk.hex}/{paper.pk.hex}.pdf"
    assert files(media) == [f"{in_welding.schema_name}/{paper.path}"]
    assert paper.size == len(pdf().read())


def test_an_image_is_written_anew(in_welding: Society) -> None:
    picture = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (160, 160), (200, 0, 0)).save(picture, "JPEG", exif=exif)
    upload = SimpleUploadedFile("me.jpg", picture.getvalue() + b"<script>", "text/html")
    paper = attach_paper(draft("student"), "photo", upload, file_name="me.JPG", at=AT)
    _found, content = open_paper(paper.pk, by="user:1", at=AT)
    assert (paper.content_type, paper.file_name) == ("image/jpeg", "me.jpg")
    assert b"secret place" not in content and b"<script>" not in content


def test_the_photo_of_the_application_is_on_the_card_without_being_asked_for_again(federation: Federation) -> None:
    with federation.inside(federation.welding):
        submit("student", papers={"photo": photo(size=(600, 500))}, at=AT)
        member = Member.objects.get()
        with Image.open(BytesIO(read_portrait(member) or b"")) as image:
            assert image.size == (480, 640)
            assert image.getpixel((240, 320)) == pytest.approx((10, 120, 200), abs=6)
        assert [each.verb for each in records_of(member)].count("member.portrait_set") == 1


def test_a_photo_that_came_with_a_draft_is_too(federation: Federation) -> None:
    with federation.inside(federation.welding):
        application = draft("student")
        attach_paper(application, "photo", photo(size=(600, 500)), file_name="me.jpg", at=AT)
        submit("student", application=application, at=AT + timedelta(days=1))
        assert read_portrait(Member.objects.get())


def test_without_a_photo_the_card_has_none(federation: Federation) -> None:
    with federation.inside(federation.welding):
        submit("student", at=AT)
        member = Member.objects.get()
        assert (member.state, member.portrait) == ("active", "")


def test_a_photo_from_before_small_ones_were_refused_is_left_out(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with federation.inside(federation.welding):
        with monkeypatch.context() as earlier:
            earlier.setattr("huilian.applications.papers.check_portrait", lambda *args, **facts: None)
            submit("student", papers={"photo": photo(size=(60, 80))}, at=AT)
        member = Member.objects.get()
        assert (member.state, member.portrait) == ("active", "")


@pytest.mark.parametrize("size", [(118, 900), (900, 158)])
def test_a_photo_too_small_for_the_card_is_refused_while_another_can_be_chosen(
    in_welding: Society, media: Path, size: tuple[int, int]
) -> None:
    with pytest.raises(Refusal) as refused:
        attach_paper(draft("student"), "photo", photo(size=size), file_name="me.jpg", at=AT)
    assert (refused.value.code, refused.value.field) == ("photo_small", "paper:photo")
    assert refused.value.facts == {"width": 120, "height": 160}
    assert Paper.objects.count() == 0
    assert files(media) == []


def test_who_has_become_a_member_is_one_though_the_photo_is_lost(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **facts: Any) -> Any:
        raise OSError("the store is away")

    with federation.inside(federation.welding):
        monkeypatch.setattr("huilian.applications.services.picturing.cut_portrait", away)
        submit("student", papers={"photo": photo(size=(600, 500))}, at=AT)
        member = Member.objects.get()
        assert (member.state, member.portrait) == ("active", "")


@pytest.mark.parametrize(
    "code, upload, refusal",
    [
        ("photo", pdf(), "file_type_refused"),
        ("photo", SimpleUploadedFile("a.jpg", b""), "file_empty"),
        ("photo", SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"x" * 6 * 1024 * 1024), "file_too_large"),
        ("photo", SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0junk"), "file_damaged"),
        ("passport", photo(), "paper_unknown"),
    ],
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(
    in_welding: Society, media: Path, code: str, upload: SimpleUploadedFile, refusal: str
) -> None:
    with pytest.raises(Refusal) as refused:
        attach_paper(draft("student"), code, upload, file_name="a.jpg", at=AT)
    assert (refused.value.code, refused.value.field) == (refusal, f"paper:{code}")
    assert Paper.objects.count() == 0
    assert files(media) == []


def test_sent_again_a_paper_takes_the_place_of_the_first(in_welding: Society) -> None:
    application = draft("student")
    first = attach_paper(application, "photo", photo(), file_name="1.jpg", at=AT)
    second = attach_paper(application, "photo", photo(), file_name="2.jpg", at=AT + timedelta(hours=1))
    assert papers_of(application) == [second]
    assert Paper.objects.get(pk=first.pk).replaced_at == AT + timedelta(hours=1)


def test_after_submission_the_dossier_stays_as_it_is(in_welding: Society) -> None:
    application = submit("senior")
    with pytest.raises(Refusal) as refused:
        attach_paper(application, "merits", pdf(), file_name="a.pdf", at=AT)
    assert refused.value.code == "already_decided"
    assert [paper.code for paper in papers_of(application)] == ["qualification"]


def test_papers_of_the_draft_count_at_submission(in_welding: Society) -> None:
    application = draft("senior")
    attach_paper(application, "qualification", pdf(), file_name="a.pdf", at=AT)
    assert submit("senior", application=application, papers={}).state == Application.State.IN_PROGRESS


def test_a_draft_thrown_away_leaves_no_file(federation: Federation, media: Path) -> None:
    with federation.inside(federation.welding):
        application = draft("senior")
        attach_paper(application, "qualification", pdf(), file_name="a.pdf", at=AT)
        assert len(files(media)) == 1
        withdraw_draft(application)
        assert files(media) == []
        assert Application.objects.count() == Paper.objects.count() == 0
        kept = submit("senior")
        with pytest.raises(Refusal) as refused:
            withdraw_draft(kept)
        assert refused.value.code == "already_decided"
        assert len(files(media)) == 1


def test_an_officer_opens_a_paper_by_ticket_once(federation: Federation) -> None:
    with federation.inside(federation.welding):
        application = submit("senior")
        paper = papers_of(application)[0]
    with federation.inside(federation.hq):
        url = paper_url("101", str(paper.pk), officer="user:3 赵敏", at=AT)
        late = paper_url("101", str(paper.pk), officer="user:3 赵敏", at=AT - timedelta(minutes=11))
    assert url.startswith("http://welding.localhost:8000/papers/?t=100")
    token, old = (parse_qs(urlsplit(link).query)["t"][0] for link in (url, late))
    with federation.inside(federation.zhejiang):
        with pytest.raises(Refusal) as refused:
            open_by_ticket(token, at=AT)
        assert refused.value.code == "bad_ticket"
    with federation.inside(federation.welding):
        found, content = open_by_ticket(token, at=AT)
        assert (found, content) == (paper, pdf().read())
        entry = records_of(application).last()
        assert entry is not None
        assert (entry.verb, entry.actor) == ("paper.opened", "hq:user:3 赵敏")
        assert entry.facts == {"paper": str(paper.pk), "code": "qualification"}
        for used_up, code in ((token, "ticket_used"), (old, "ticket_expired"), ("100x", "bad_ticket")):
            with pytest.raises(Refusal) as refused:
                open_by_ticket(used_up, at=AT)
            assert refused.value.code == code
        assert len([entry for entry in records_of(application) if entry.verb == "paper.opened"]) == 1


def test_a_paper_that_is_not_here_is_said_so(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        open_paper(UUID(int=1), by="user:1", at=AT)
    assert (refused.value.code, refused.value.status) == ("paper_gone", 404)
