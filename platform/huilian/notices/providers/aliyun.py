"""Aliyun's SMS service, version 2017-05-25, signed by ACS3-HMAC-SHA256.

Source: Alibaba Cloud, "V3 request structure and signature" and "SendSms".
"""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from hmac import new as hmac
from urllib.parse import quote

from huilian.notices.providers.account import SmsAccount, account, filled_template
from huilian.notices.providers.posting import TryLater, post
from huilian.notices.sms import Sms, Unsendable
from kit import clock

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"
# What passes by itself, or when somebody tops up the account; everything else stays wrong.
_PASSES = (
    "Throttling",
    "ServiceUnavailable",
    "InternalError",
    "isp.SYSTEM_ERROR",
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
)


class AliyunTransport:
    """Sends by an approved template."""

    def send(self, message: Sms) -> None:
        of = account()
        template, places = filled_template(message, of)
        query = {
            "PhoneNumbers": message.phone.lstrip("+"),
            "SignName": of.sign_name,
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(places), ensure_ascii=False, separators=(",", ":")),
            "OutId": message.reference,
        }
        headers = signed_headers(of, query, action=ACTION, version=VERSION, at=clock.now(), nonce=secrets.token_hex(16))
        path = f"/?{canonical_query(query)}"
        answer = post(of.endpoint, path, body=b"", headers=headers, timeout=of.timeout)
        code = str(answer.data.get("Code", f"status {answer.status}"))
        if code == "OK":
            return
        if answer.status >= 500 or code.startswith(_PASSES):
            raise TryLater(code)
        raise Unsendable(code)


def signed_headers(
    of: SmsAccount, query: Mapping[str, str], *, action: str, version: str, at: datetime, nonce: str
) -> dict[str, str]:
    """The headers of a request without a body, the signature among them."""
    digest = sha256(b"").hexdigest()
    headers = {
        "host": of.host,
        "x-acs-action": action,
        "x-acs-content-sha256": digest,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    request = "\n".join(["POST", "/", canonical_query(query), lines, names, digest])
    to_sign = f"{ALGORITHM}\n{sha256(request.encode()).hexdigest()}"
    signature = hmac(of.key_secret.encode(), to_sign.encode(), sha256).hexdigest()
    headers["Authorization"] = f"{ALGORITHM} Credential={of.key_id},SignedHeaders={names},Signature={signature}"
    return headers


def canonical_query(query: Mapping[str, str]) -> str:
    """Names and values in RFC 3986's encoding, by name."""
    return "&".join(f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))
