"""From a scheme file to a scheme, or to the whole list of what is wrong with it."""

from pathlib import Path

from django.utils.translation import gettext_lazy

from huilian.schemes.checking.scheme import scheme_problems
from huilian.schemes.document import Scheme
from huilian.schemes.problems import Problem, SchemeProblems, gettext_noop
from huilian.schemes.reading.node import Node
from huilian.schemes.reading.scheme import read_scheme
from huilian.schemes.reading.source import read_yaml, text_of
from huilian.schemes.writing import source_of
from kit.errors import Refusal

PRESETS = Path(__file__).with_name("presets")


def load_scheme(source: Path | str) -> Scheme:
    """Read a scheme from a file, or from the text of one; raises SchemeProblems with all that is wrong."""
    return build_scheme(read_yaml(text_of(source)))


def build_scheme(data: object) -> Scheme:
    """Make a scheme of mappings, lists and values, shaped as in a file; raises SchemeProblems."""
    if not isinstance(data, dict):
        raise SchemeProblems([Problem("file", gettext_noop("expected a scheme: key, version, name …"))])
    problems: list[Problem] = []
    scheme = read_scheme(Node("", data, problems))
    misread = [problem.place for problem in problems]
    for problem in scheme_problems(scheme, unsound=_categories_in(misread)):
        # A place that could not be read holds a stand-in, and whatever is wrong with that is no news.
        if not any(_touches(problem.place, place) for place in misread):
            problems.append(problem)
    if problems:
        raise SchemeProblems(problems)
    return scheme


def check_document(scheme: Scheme) -> None:
    """Refuse a scheme that came as a document and could not have been read from a file."""
    if build_scheme(source_of(scheme)) != scheme:
        template = gettext_noop("two rows have one code, or a value is written in an unusual way")
        raise SchemeProblems([Problem("file", template)])


def preset_keys() -> tuple[str, ...]:
    """The federations that come with the program."""
    files = sorted(PRESETS.glob("*.yaml"))
    return tuple(file.stem for file in files if not file.stem.endswith("_societies"))


def load_preset(key: str) -> Scheme:
    """Read a scheme that comes with the program; refuses an unknown key."""
    require_preset(key)
    return load_scheme(PRESETS / f"{key}.yaml")


def require_preset(key: str) -> None:
    """Refuse a key that no federation of the program has."""
    known = preset_keys()
    if key not in known:
        sentence = gettext_lazy("There is no preset “%(preset)s”; there are: %(known)s.")
        raise Refusal("preset_unknown", sentence, preset=key, known=", ".join(known))


def _categories_in(places: list[str]) -> set[str]:
    return {place.split(".")[1].split("[")[0] for place in places if place.startswith("categories.")}


def _touches(place: str, misread: str) -> bool:
    """Whether one place is the other, or within it."""
    inner, outer = (place, misread) if len(place) >= len(misread) else (misread, place)
    return inner.startswith(outer) and inner[len(outer) : len(outer) + 1] in ("", ".", "[")
