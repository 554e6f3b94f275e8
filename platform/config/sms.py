"""The SMS provider, by environment: whose account, and which approved template says which letter."""

import json
from urllib.parse import urlsplit

from config import variables as told
from config.variables import Variable
from huilian.notices.catalogue import EVENTS, LANGUAGES
from huilian.notices.providers.account import SmsAccount, Template
from kit.env import BadSetting

_TEMPLATES = told.SMS_TEMPLATES.name
_ENDPOINTS = {"aliyun": "https://dysmsapi.aliyuncs.com", "tencent": "https://sms.tencentcloudapi.com"}
_HERE = ("localhost", "127.0.0.1", "::1")


def sms_account() -> SmsAccount | None:
    """What HUILIAN_SMS_PROVIDER and its companions say; None keeps every SMS on the outbox page."""
    provider = told.SMS_PROVIDER.read()
    if not provider:
        return None
    if provider not in _ENDPOINTS:
        raise BadSetting(told.SMS_PROVIDER.name, f"is {provider!r}; write one of {', '.join(_ENDPOINTS)}.")
    tencent = provider == "tencent"
    return SmsAccount(
        provider=provider,
        key_id=_needed(told.SMS_KEY_ID),
        key_secret=_needed(told.SMS_KEY_SECRET),
        sign_name=_needed(told.SMS_SIGN_NAME),
        templates=_templates(_needed(told.SMS_TEMPLATES)),
        endpoint=_endpoint(told.SMS_ENDPOINT.read(_ENDPOINTS[provider])),
        region=told.SMS_REGION.read() if tencent else "",
        app_id=_needed(told.SMS_APP_ID) if tencent else "",
        timeout=float(told.SMS_SECONDS.read()),
    )


def _needed(variable: Variable[str]) -> str:
    value = variable.read()
    if not value:
        raise BadSetting(variable.name, f"is not set, and {told.SMS_PROVIDER.name} needs it.")
    return value


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadSetting(told.SMS_ENDPOINT.name, "is not a URL: write it as https://host.")
    if parts.scheme != "https" and parts.hostname not in _HERE:
        raise BadSetting(told.SMS_ENDPOINT.name, "begins with http://; contacts travel by https:// only.")
    return f"{parts.scheme}://{parts.netloc}"


def _templates(text: str) -> dict[str, dict[str, Template]]:
    """`{"code.sent": {"zh-hans": {"id": "SMS_1", "params": ["code", "minutes"]}}}`, each part checked."""
    try:
        given = json.loads(text)
    except ValueError:
        raise BadSetting(_TEMPLATES, "is not JSON.") from None
    if not isinstance(given, dict):
        raise BadSetting(_TEMPLATES, "is not an object of events.")
    return {event: _of_event(event, by_language) for event, by_language in given.items()}


def _of_event(event: str, by_language: object) -> dict[str, Template]:
    if event not in EVENTS:
        raise BadSetting(_TEMPLATES, f"names the event {event!r}; known are {', '.join(sorted(EVENTS))}.")
    if not isinstance(by_language, dict) or not by_language or set(by_language) - set(LANGUAGES):
        raise BadSetting(_TEMPLATES, f"has for {event} no object of the languages {', '.join(LANGUAGES)}.")
    return {language: _template(event, template) for language, template in by_language.items()}


def _template(event: str, template: object) -> Template:
    if not isinstance(template, dict) or set(template) - {"id", "params"} or not isinstance(template.get("id"), str):
        raise BadSetting(_TEMPLATES, f'has for {event} something else than {{"id": "…", "params": […]}}.')
    params = template.get("params", [])
    if not isinstance(params, list) or any(name not in EVENTS[event].facts for name in params):
        known = ", ".join(sorted(EVENTS[event].facts))
        raise BadSetting(_TEMPLATES, f"fills {event} with facts it does not have; it has {known}.")
    return Template(template["id"], tuple(params))
