"""Tencent Cloud's SMS service, version 2021-01-11, signed by TC3-HMAC-SHA256.

Source: Tencent Cloud, "Signature v3" and "SendSms".
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from hmac import new as hmac

from huilian.notices.providers.account import SmsAccount, account, filled_template
from huilian.notices.providers.posting import TryLater, post
from huilian.notices.sms import Sms, Unsendable
from kit import clock

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
ACTION, VERSION, SERVICE = "SendSms", "2021-01-11", "sms"
_PASSES = (
    "RequestLimitExceeded",
    "LimitExceeded",
    "InternalError",
    "ResourceInsufficient",
    "ResourceUnavailable",
    "FailedOperation.InsufficientBalanceInSmsPackage",
)


class TencentTransport:
    """Sends by an approved template."""

    def send(self, message: Sms) -> None:
        of = account()
        template, places = filled_template(message, of)
        body = json.dumps(
            {
                "PhoneNumberSet": [message.phone],
                "SmsSdkAppId": of.app_id,
                "SignName": of.sign_name,
                "TemplateId": template,
                "TemplateParamSet": [words for _name, words in places],
                "SessionContext": message.reference,
            }
        ).encode()
        at = clock.now()
        headers = {
            "Authorization": authorization(of, body, service=SERVICE, at=at),
            "Content-Type": CONTENT_TYPE,
            "Host": of.host,
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Region": of.region,
            "X-TC-Timestamp": str(int(at.timestamp())),
        }
        answer = post(of.endpoint, "/", body=body, headers=headers, timeout=of.timeout)
        code = _code(answer.data, answer.status)
        if code == "Ok":
            return
        if answer.status >= 500 or code.startswith(_PASSES):
            raise TryLater(code)
        raise Unsendable(code)


def authorization(of: SmsAccount, body: bytes, *, service: str, at: datetime) -> str:
    """The header that signs the content type, the host and the body, on the day of `at`."""
    day = at.astimezone(UTC).strftime("%Y-%m-%d")
    scope, names = f"{day}/{service}/tc3_request", "content-type;host"
    lines = f"content-type:{CONTENT_TYPE}\nhost:{of.host}\n"
    request = "\n".join(["POST", "/", "", lines, names, sha256(body).hexdigest()])
    to_sign = "\n".join([ALGORITHM, str(int(at.timestamp())), scope, sha256(request.encode()).hexdigest()])
    key = f"TC3{of.key_secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac(key, part.encode(), sha256).digest()
    signature = hmac(key, to_sign.encode(), sha256).hexdigest()
    return f"{ALGORITHM} Credential={of.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def _code(data: dict[str, object], status: int) -> str:
    """The error's code, or what became of the one message."""
    response = data.get("Response")
    if not isinstance(response, dict):
        return f"status {status}"
    if isinstance(error := response.get("Error"), dict):
        return str(error.get("Code", "error"))
    sent = response.get("SendStatusSet")
    return str(sent[0].get("Code", "nothing")) if sent and isinstance(sent[0], dict) else "nothing"
