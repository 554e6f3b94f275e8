"""Aliyun and Tencent Cloud: a server of our own checks each signature by its own reading of the documentation."""

import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from config.sms import sms_account
from huilian.notices.models import Notice
from huilian.notices.providers.account import SmsAccount, Template
from huilian.notices.providers.aliyun import signed_headers
from huilian.notices.providers.tencent import authorization
from huilian.notices.queries import has_outbox
from huilian.notices.roads import is_outbox_only
from huilian.notices.services import notify, send_waiting
from huilian.notices.services.sending import FORGOTTEN
from kit import clock
from kit.env import BadSetting
from tenants.models import Society
from tests.accounts.people import AT

PHONE, SECRET = "+8613800138000", "not-a-real-secret-0123456789"
TEMPLATES = {"code.sent": {"zh-hans": {"id": "SMS_1234", "params": ["code", "minutes"]}}}


class Provider(ThreadingHTTPServer):
    """Answers what the test wants, and keeps what was asked and whether it was signed rightly."""

    answer: tuple[int, Any] = (200, {})
    delay = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.asked: list[dict[str, Any]] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Desk(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.delay:
            self.server.release.wait(self.server.delay)
        tencent = self.headers["Authorization"].startswith("TC3")
        right = self._tencent(body) if tencent else self._aliyun(body)
        given = json.loads(body) if tencent else dict(parse_qsl(urlsplit(self.path).query))
        self.server.asked.append({"right": right, "given": given, "headers": dict(self.headers)})
        status, answer = self.server.answer
        text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        return

    def _aliyun(self, body: bytes) -> bool:
        """As Alibaba Cloud describes it: the raw query as it came, sorted; every x-acs header and the host."""
        algorithm, _, rest = self.headers["Authorization"].partition(" ")
        claimed = dict(part.split("=", 1) for part in rest.split(","))
        names = claimed["SignedHeaders"].split(";")
        must = {"host", *(name.lower() for name in self.headers if name.lower().startswith("x-acs-"))}
        query = "&".join(sorted(urlsplit(self.path).query.split("&")))
        request = f"POST\n{urlsplit(self.path).path}\n{query}\n"
        request += "".join(f"{name}:{self.headers[name]}\n" for name in names)
        request += f"\n{claimed['SignedHeaders']}\n{hashlib.sha256(body).hexdigest()}"
        expected = hmac.digest(
            SECRET.encode(), f"{algorithm}\n{hashlib.sha256(request.encode()).hexdigest()}".encode(), "sha256"
        ).hex()
        return (
            claimed["Signature"] == expected
            and claimed["Credential"] == "key-id"
            and must <= set(names)
            and self.headers["x-acs-content-sha256"] == hashlib.sha256(body).hexdigest()
        )

    def _tencent(self, body: bytes) -> bool:
        """As Tencent Cloud describes it: the key derived from the day, the service and a fixed word."""
        algorithm, _, rest = self.headers["Authorization"].partition(" ")
        claimed = dict(part.strip().split("=", 1) for part in rest.split(","))
        key_id, day, service, last = claimed["Credential"].split("/")
        stamp = self.headers["X-TC-Timestamp"]
        of_stamp = datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")
        names = claimed["SignedHeaders"].split(";")
        request = "POST\n/\n\n" + "".join(f"{name}:{self.headers[name]}\n" for name in names)
        request += f"\n{claimed['SignedHeaders']}\n{hashlib.sha256(body).hexdigest()}"
        text = f"{algorithm}\n{stamp}\n{day}/{service}/{last}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signing = hmac.digest(b"TC3" + SECRET.encode(), day.encode(), "sha256")
        for part in (service, last):
            signing = hmac.digest(signing, part.encode(), "sha256")
        expected = hmac.digest(signing, text.encode(), "sha256").hex()
        return (claimed["Signature"], key_id, day, service, last) == (
            expected,
            "key-id",
            of_stamp,
            "sms",
            "tc3_request",
        )


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


def environment(monkeypatch: Any, name: str, **more: str) -> None:
    given = {
        "HUILIAN_SMS_PROVIDER": name,
        "HUILIAN_SMS_KEY_ID": "key-id",
        "HUILIAN_SMS_KEY_SECRET": SECRET,
        "HUILIAN_SMS_SIGN_NAME": "焊接分会",
        "HUILIAN_SMS_APP_ID": "1400000001",
        "HUILIAN_SMS_TEMPLATES": json.dumps(TEMPLATES),
        **more,
    }
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)


@pytest.fixture(params=["aliyun", "tencent"])
def chosen(request: Any, provider: Provider, settings: Any, monkeypatch: Any) -> str:
    environment(monkeypatch, request.param, HUILIAN_SMS_ENDPOINT=provider.url)
    settings.SMS = sms_account()
    return str(request.param)


OK = {
    "aliyun": (200, {"Code": "OK", "Message": "OK", "BizId": "1"}),
    "tencent": (200, {"Response": {"SendStatusSet": [{"Code": "Ok"}], "RequestId": "1"}}),
}
THROTTLED = {
    "aliyun": (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": f"too many to {PHONE}"}),
    "tencent": (200, {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}}),
}
REFUSED = {
    "aliyun": (400, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": PHONE}),
    "tencent": (200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "no"}}}),
}


def tell(at: datetime = AT) -> Notice:
    [notice] = notify("code.sent", to_phone=PHONE, language="zh-hans", at=at, code="493027", minutes=10)
    return notice


def after_sending(notice: Notice, at: datetime = AT) -> Notice:
    send_waiting(at=at)
    notice.refresh_from_db()
    return notice


def test_a_code_goes_out_signed_with_its_template(chosen: str, provider: Provider, in_welding: Society) -> None:
    provider.answer = OK[chosen]
    notice = after_sending(tell())
    [asked] = provider.asked
    assert asked["right"]
    if chosen == "aliyun":
        assert json.loads(asked["given"]["TemplateParam"]) == {"code": "493027", "minutes": "10"}
        assert asked["given"]["PhoneNumbers"] == "8613800138000"
        assert (asked["given"]["TemplateCode"], asked["given"]["SignName"]) == ("SMS_1234", "焊接分会")
        assert asked["headers"]["x-acs-action"] == "SendSms"
    else:
        assert asked["given"]["TemplateParamSet"] == ["493027", "10"]
        assert asked["given"]["PhoneNumberSet"] == [PHONE]
        assert (asked["given"]["TemplateId"], asked["given"]["SmsSdkAppId"]) == ("SMS_1234", "1400000001")
        assert (asked["headers"]["X-TC-Action"], asked["headers"]["X-TC-Version"]) == ("SendSms", "2021-01-11")
    assert (notice.state, notice.body, notice.words) == ("sent", FORGOTTEN, {})
    assert not is_outbox_only("sms")


def test_a_wrong_key_is_seen_by_the_server_of_this_test(
    chosen: str, provider: Provider, in_welding: Society, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("HUILIAN_SMS_KEY_SECRET", "another-secret")
    settings.SMS = sms_account()
    provider.answer = OK[chosen]
    after_sending(tell())
    assert [asked["right"] for asked in provider.asked] == [False]


def test_what_passes_is_tried_again(chosen: str, provider: Provider, in_welding: Society) -> None:
    provider.answer = THROTTLED[chosen]
    notice = after_sending(tell())
    assert (notice.state, notice.attempts) == ("queued", 1)
    assert "Limit" in notice.error.replace("LIMIT", "Limit") and "138" not in notice.error
    provider.answer = OK[chosen]
    assert after_sending(notice, AT + timedelta(minutes=1)).state == "sent"


def test_what_stays_wrong_is_given_up_at_once(chosen: str, provider: Provider, in_welding: Society) -> None:
    provider.answer = REFUSED[chosen]
    notice = after_sending(tell())
    assert (notice.state, notice.attempts, notice.body) == ("failed", 1, FORGOTTEN)
    assert notice.error.startswith("Unsendable: ") and "138" not in notice.error


@pytest.mark.parametrize("answer", [(502, b"<html>bad gateway"), (500, {}), (200, b"[]"), (200, b"")])
def test_a_server_in_trouble_is_asked_again(answer: Any, chosen: str, provider: Provider, in_welding: Society) -> None:
    provider.answer = answer
    assert after_sending(tell()).state == "queued"


def test_nobody_waits_longer_than_said(
    chosen: str, provider: Provider, in_welding: Society, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("HUILIAN_SMS_SECONDS", "1")
    settings.SMS = sms_account()
    provider.answer, provider.delay = OK[chosen], 20.0
    began = clock.now()
    notice = after_sending(tell())
    assert clock.now() - began < timedelta(seconds=5)
    assert (notice.state, notice.error) == ("queued", "TryLater: no answer in time")


def test_a_server_that_is_away_is_asked_again(
    chosen: str, in_welding: Society, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("HUILIAN_SMS_ENDPOINT", "http://127.0.0.1:9")
    settings.SMS = sms_account()
    notice = after_sending(tell())
    assert (notice.state, notice.error) == ("queued", "TryLater: not reached: ConnectionRefusedError")


def test_a_letter_without_a_template_is_given_up_and_says_so(
    chosen: str, provider: Provider, in_welding: Society
) -> None:
    facts = {"name": "李明", "reference": "101-2026-000123", "category": "高级会员"}
    [notice] = notify("application.approved", to_phone=PHONE, language="zh-hans", at=AT, **facts)
    notice = after_sending(notice)
    assert (notice.state, notice.error) == ("failed", "Unsendable: no template for application.approved")
    assert provider.asked == []


def test_neither_numbers_nor_keys_are_logged(
    chosen: str, provider: Provider, in_welding: Society, settings: Any, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (OK[chosen], THROTTLED[chosen], REFUSED[chosen], (502, b"")):
        provider.answer = answer
        after_sending(tell())
    assert len(provider.asked) == 4
    for secret in (SECRET, "13800138000", "493027"):
        assert secret not in caplog.text
    assert SECRET not in repr(settings.SMS)


ALIYUN_QUERY = {
    "RegionId": "cn-shanghai",
    "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
}


def an_account(**changes: Any) -> SmsAccount:
    given = {"provider": "", "key_id": "", "key_secret": "", "sign_name": "", "templates": {}, "endpoint": ""}
    return SmsAccount(**{**given, **changes})


def test_aliyuns_own_example() -> None:
    of = an_account(
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
        endpoint="https://ecs.cn-shanghai.aliyuncs.com",
    )
    headers = signed_headers(
        of,
        ALIYUN_QUERY,
        action="RunInstances",
        version="2014-05-26",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencents_own_example() -> None:
    of = an_account(
        key_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        key_secret="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        endpoint="https://cvm.tencentcloudapi.com",
    )
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    assert authorization(of, body, service="cvm", at=datetime.fromtimestamp(1551113065, UTC)) == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_without_a_provider_messages_stay_on_the_outbox_page(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.delenv("HUILIAN_SMS_PROVIDER", raising=False)
    assert sms_account() is None
    settings.SMS = None
    assert is_outbox_only("sms") and has_outbox()


def test_the_key_is_read_from_a_file_like_other_secrets(monkeypatch: Any, tmp_path: Any) -> None:
    environment(monkeypatch, "aliyun")
    monkeypatch.delenv("HUILIAN_SMS_KEY_SECRET")
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("HUILIAN_SMS_KEY_SECRET_FILE", str(tmp_path / "key"))
    found = sms_account()
    assert found is not None
    assert (found.key_secret, found.host) == ("from the file", "dysmsapi.aliyuncs.com")
    assert found.templates == {"code.sent": {"zh-hans": Template("SMS_1234", ("code", "minutes"))}}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"HUILIAN_SMS_PROVIDER": "pigeon"}, "HUILIAN_SMS_PROVIDER"),
        ({"HUILIAN_SMS_KEY_ID": ""}, "HUILIAN_SMS_KEY_ID"),
        ({"HUILIAN_SMS_KEY_SECRET": ""}, "HUILIAN_SMS_KEY_SECRET"),
        ({"HUILIAN_SMS_SIGN_NAME": ""}, "HUILIAN_SMS_SIGN_NAME"),
        ({"HUILIAN_SMS_APP_ID": ""}, "HUILIAN_SMS_APP_ID"),
        ({"HUILIAN_SMS_ENDPOINT": "http://sms.example.org"}, "HUILIAN_SMS_ENDPOINT"),
        ({"HUILIAN_SMS_TEMPLATES": "{"}, "HUILIAN_SMS_TEMPLATES"),
        ({"HUILIAN_SMS_TEMPLATES": "[]"}, "HUILIAN_SMS_TEMPLATES"),
        ({"HUILIAN_SMS_TEMPLATES": '{"code.lost": {"en": {"id": "1"}}}'}, "HUILIAN_SMS_TEMPLATES"),
        ({"HUILIAN_SMS_TEMPLATES": '{"code.sent": {"fr": {"id": "1"}}}'}, "HUILIAN_SMS_TEMPLATES"),
        ({"HUILIAN_SMS_TEMPLATES": '{"code.sent": {"en": {"params": []}}}'}, "HUILIAN_SMS_TEMPLATES"),
        ({"HUILIAN_SMS_TEMPLATES": '{"code.sent": {"en": {"id": "1", "params": ["phone"]}}}'}, "HUILIAN_SMS_TEMPLATES"),
    ],
)
def test_a_wrong_setting_is_named(changes: dict[str, str], names: str, monkeypatch: Any) -> None:
    environment(monkeypatch, "tencent", **changes)
    with pytest.raises(BadSetting) as caught:
        sms_account()
    assert caught.value.name == names
    assert SECRET not in str(caught.value)
