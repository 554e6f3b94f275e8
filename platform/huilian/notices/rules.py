"""What a society may write into a letter of its own wording: words, and the facts of its event by name."""

from collections.abc import Collection
from string import Formatter

from django.utils.translation import gettext_lazy as _

from huilian.notices.catalogue import Event
from kit.clean_text import clean_text
from kit.errors import Refusal

MOST = {"subject": 200, "email": 5000, "sms": 400}


def check_wording(event: Event, language: str, texts: dict[str, str]) -> dict[str, str]:
    """The three texts as they are to be kept, empty where they say what the catalogue says.

    Raises Refusal `wording_braces`, `wording_unknown`, `wording_incomplete`, or those of `kit.clean_text`, for
    the field that is wrong.
    """
    usual = event.letter(language)
    kept = {}
    for field, most in MOST.items():
        default = str(getattr(usual, field))
        text = clean_text(texts.get(field, ""), max_length=most, field=field, multiline=field != "subject")
        kept[field] = "" if text in ("", default) else text
        if kept[field]:
            named = placeholders(text, field=field)
            _check_known(named, event, field=field)
            if field != "subject":
                _check_complete(named, event.must_say & placeholders(default, field=field), field=field)
    return kept


def placeholders(text: str, *, field: str = "text") -> frozenset[str]:
    """The names in braces; Refusal `wording_braces` for anything that is not a plain name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise _bad_braces(field) from None
    named = set()
    for _words, name, spec, conversion in parts:
        if name is None:
            continue
        # A name and nothing else: no attribute, no index, no format can reach into what is filled in.
        if not name.isascii() or not name.isidentifier() or spec or conversion:
            raise _bad_braces(field)
        named.add(name)
    return frozenset(named)


def _check_known(named: Collection[str], event: Event, *, field: str) -> None:
    if unknown := sorted(set(named) - event.facts):
        raise Refusal(
            "wording_unknown",
            _("This letter knows nothing of %(unknown)s. It may name: %(known)s."),
            field=field,
            unknown=tuple(f"{{{name}}}" for name in unknown),
            known=tuple(f"{{{name}}}" for name in sorted(event.facts)),
        )


def _check_complete(named: Collection[str], wanted: Collection[str], *, field: str) -> None:
    if missing := sorted(set(wanted) - set(named)):
        raise Refusal(
            "wording_incomplete",
            _("This letter is of no use without %(missing)s."),
            field=field,
            missing=tuple(f"{{{name}}}" for name in missing),
        )


def _bad_braces(field: str) -> Refusal:
    return Refusal(
        "wording_braces",
        _("Braces hold the name of a fact and nothing else, such as {name}. Write {{ and }} for braces themselves."),
        field=field,
    )
