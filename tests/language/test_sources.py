"""Nothing that people read is written where a translator cannot reach it."""

import ast
from pathlib import Path

import pytest

from tests.language.extracting import ROOMS, ROOT, Said, said_in, source_files
from tests.language.sentences import unmarked
from tests.language.templates import bare_words

FILES = sorted(path for room in ROOMS.values() for path in source_files(room))
TEMPLATES = [path for path in FILES if path.suffix == ".html"]
# Read when something is broken, maybe the translations too: each of them says everything in both languages.
SAID_TWICE = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
# Names and signs that are the same in every language.
ALIKE = {"KB", "· · KB"}
# Programs print for operators, and the API's description of itself is for programmers: both in English.
FOR_ENGINEERS = ("platform/config/launcher", "platform/config/management", "platform/config/demo")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    if path.name in SAID_TWICE:
        assert '{% extends "huilian/errors/page.html" %}' in path.read_text()
    else:
        assert [words for words in bare_words(path.read_text()) if words not in ALIKE] == []


def test_python_shows_no_sentence_that_is_not_marked() -> None:
    found = {
        str(path.relative_to(ROOT)): sentences
        for path in FILES
        if path.suffix == ".py" and not str(path.relative_to(ROOT)).startswith(FOR_ENGINEERS)
        if (sentences := unmarked(path, shown_by_keyword=not path.is_relative_to(ROOMS["api"])))
    }
    assert found == {}


def test_every_refusal_is_a_sentence_that_was_extracted() -> None:
    """Whatever a `Refusal` is made with by its own words is a message with a translation."""
    said = {each.key[1] for room in ROOMS.values() for each in said_in(room)}
    refused: dict[str, str] = {}
    for path in FILES:
        if path.suffix == ".py":
            refused |= _refusals(path)
    assert len(refused) > 100
    assert {code: sentence for code, sentence in refused.items() if sentence not in said} == {}


def _refusals(path: Path) -> dict[str, str]:
    """The sentences marked within the call, by the refusal's code and place."""
    found = {}
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refusal" and len(call.args) > 1:
            code, sentence = call.args[0], call.args[1]
            marked = sentence.args[0] if isinstance(sentence, ast.Call) and sentence.args else None
            if isinstance(code, ast.Constant) and isinstance(marked, ast.Constant):
                found[f"{code.value!s} in {path.name}:{call.lineno}"] = str(marked.value)
    return found


# -- the finders find -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p>Hello</p>{% translate "Hello" %}', ["Hello"]),
        ("<p>{{ name }} 您好</p>", ["您好"]),
        ('<img alt="A code"><input type="submit" value="Go">', ["A code", "Go"]),
        ('<p lang="en">Members</p>', ["Members"]),
        ("{% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %}", []),
        ("{% comment %}Not shown{% endcomment %}{# nor this #}", []),
        ("{% block width %}narrow{% endblock %}<script>let x</script>", []),
        ("""<b aria-label="{% translate 'Menu' %}" class="side">12 · {{ x }}</b>""", []),
    ],
)
def test_bare_words_are_found(source: str, words: list[str]) -> None:
    assert bare_words(source) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('raise Refusal("x", "Not so fast.")', ["1: Not so fast."]),
        ('raise Refusal("x", _("Not so fast."))', []),
        ('sentence = "Not so fast."\nraise Refusal("x", sentence)', ["2: Not so fast."]),
        ('raise Refusal("x", f"Not {so} fast.")', ["1: Not  fast."]),
        ('forms.CharField(label="Your name")', ["1: Your name"]),
        ('raise ValidationError({"name": ["No such name."]})', ["1: No such name."]),
        ('messages.success(request, "It is done.")', ["1: It is done."]),
        ('log.error("It is broken.")', []),
        ('class State(models.TextChoices):\n    OPEN = "open", "Still open"', ["2: Still open"]),
    ],
)
def test_unmarked_sentences_are_found(tmp_path: Path, source: str, words: list[str]) -> None:
    module = tmp_path / "module.py"
    module.write_text(source)
    assert unmarked(module) == words


def test_templates_and_python_are_extracted_alike(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '{% load i18n %}\n    <p title="{% translate \'One\' %}">{{ x|default:_("Two") }}</p>\n'
        '  {% translate "Open" context "case" %}\n'
        "{% blocktranslate count n=n trimmed %}\n  {{ n }} year\n{% plural %}\n  {{ n }} years\n{% endblocktranslate %}"
    )
    (tmp_path / "b.py").write_text('_("One")\npgettext("case", "Open")\nngettext("%(n)s day", "%(n)s days", n)\n')
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "c.py").write_text('_("Nobody says this")')
    assert said_in(tmp_path) == [
        Said((None, "%(n)s year"), "%(n)s years", ["a.html"]),
        Said((None, "One"), None, ["a.html", "b.py"]),
        Said(("case", "Open"), None, ["a.html", "b.py"]),
        Said((None, "Two"), None, ["a.html"]),
        Said((None, "%(n)s day"), "%(n)s days", ["b.py"]),
    ]
