import re
from pathlib import Path

import pytest
from django.template import loader
from django.test import RequestFactory, override_settings
from django.utils.translation import override

import huilian.portals
from huilian.portals.views.components import components

ROOM = Path(huilian.portals.__file__).parent
CSS = (ROOM / "static" / "huilian" / "huilian.css").read_text()
JS = (ROOM / "static" / "huilian" / "huilian.js").read_text()


@override_settings(ROOT_URLCONF="tests.portals.bare_urls")
def _page(language: str, **query: str) -> str:
    with override(language):
        return components(RequestFactory().get("/components/", query)).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("query", [{}, {"errors": "1"}, {"layout": "console"}, {"layout": "poster"}, {"layout": "?"}])
def test_the_page_of_parts_is_whole(language: str, query: dict[str, str]) -> None:
    page = _page(language, **query)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert "" not in ids
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "aria-describedby", "for", "data-dialog", "data-filter"):
        for value in re.findall(rf'\s{name}="([^"]*)"', page):
            assert set(value.split()) <= set(ids), (name, value)
    assert set(re.findall(r'<use href="#([^"]*)"', page)) <= set(ids)
    assert "<h1>" in page
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in page


def test_the_page_of_parts_speaks_chinese_only_to_those_who_read_it() -> None:
    sentence = "学会因会员而立"
    assert sentence in _page("zh-hans")
    assert sentence not in _page("en")


def test_pages_ask_no_other_host_and_carry_no_inline_style_or_script() -> None:
    page = _page("en") + _page("en", layout="poster")
    sources = re.findall(r'(?:src|href|action)="(https?:)?//[^"]*"', page)
    assert sources == []
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script>", page)
    assert not re.search(r"url\(|@import|@font-face|https?:", CSS)
    assert "http" not in JS


def test_style_and_script_stay_small() -> None:
    assert len(CSS.encode()) <= 30 * 1024
    assert len(JS.encode()) <= 3 * 1024


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "503"])
def test_pages_for_errors_need_nothing_and_speak_both_languages(code: str) -> None:
    page = loader.get_template(f"{code}.html").render()
    assert '<html lang="zh-Hans">' in page
    assert re.search(r'<section lang="en"><h2>[A-Z]', page)
    assert re.search(r"<h1>[\u4e00-\u9fff]", page)
    assert not re.search(r'(?:src|href)="(?!/")', page)


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        full = colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
        parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(scheme: str) -> dict[str, str]:
    light, dark = CSS.split("prefers-color-scheme: dark", 1)
    tokens = dict(re.findall(r"--([\w-]+):(#\w+)", light))
    return tokens | dict(re.findall(r"--([\w-]+):(#\w+)", dark.split("\n}\n")[0])) if scheme == "dark" else tokens


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_contrast_by_day_and_by_night(scheme: str) -> None:
    token = _tokens(scheme)
    grounds = ("paper", "wash", "surface")
    pairs: list[tuple[str, str, float]] = [
        *((ink, ground, 4.5) for ink in ("ink", "ink-2", "ink-3", "brand", "bad", "seal") for ground in grounds),
        *((tone, f"{tone}-wash", 4.5) for tone in ("good", "warn", "bad", "info", "quiet")),
        *(("ink", f"{tone}-wash", 4.5) for tone in ("good", "warn", "bad", "info", "quiet")),
        ("on-brand", "brand-solid", 4.5),
        ("on-brand", "brand-deep", 4.5),
        ("brand", "brand-wash", 4.5),
        ("ink-2", "brand-wash", 4.5),
        *((line, ground, 3) for line in ("edge", "focus", "brand") for ground in grounds),
        *((f"c{number}", "surface", 3) for number in range(1, 7)),
    ]
    weak = {
        (a, b): round(_contrast(token[a], token[b]), 2)
        for a, b, least in pairs
        if _contrast(token[a], token[b]) < least
    }
    assert weak == {}
