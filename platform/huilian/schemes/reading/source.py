"""YAML as a scheme's author means it: no surprises of types, no second key that silently wins."""

import re
from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy

from huilian.schemes.problems import Problem, SchemeProblems
from huilian.schemes.problems import gettext_noop as _
from kit.errors import Refusal

# A whole federation with all its texts is some 40 kB.
MOST_CHARACTERS = 500_000

_TAGS = ("map", "seq", "str", "null", "bool", "int", "float", "timestamp", "value", "merge")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_WORDS = {"": None, "~": None, "null": None, "yes": True, "true": True, "no": False, "false": False}


def text_of(source: Path | str) -> str:
    """The text itself, or that of the file at a path."""
    if isinstance(source, str):
        return source
    try:
        return source.read_text(encoding="utf-8")
    except OSError as error:
        sentence = gettext_lazy("The file %(path)s cannot be read: %(reason)s.")
        raise Refusal("file_unreadable", sentence, path=str(source), reason=error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise SchemeProblems([Problem("file", _("the file is not text in UTF-8"))]) from error


def read_yaml(text: str) -> object:
    """Turn YAML into mappings, lists, text, whole numbers and yes/no; raises SchemeProblems.

    Dates, amounts and everything unusual (09:30, 1e3, 007) stay the text that was written.
    """
    if len(text) > MOST_CHARACTERS:
        template = _("the file is longer than %(most)s characters")
        raise SchemeProblems([Problem("file", template, {"most": MOST_CHARACTERS})])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            raise SchemeProblems([Problem("file", _("the file is empty"))])
        builder = _Builder()
        data = builder.build(root, "")
    except yaml.YAMLError as error:
        raise SchemeProblems([_not_yaml(error)]) from error
    except RecursionError as error:
        raise SchemeProblems([Problem("file", _("lists and mappings are nested too deep"))]) from error
    if builder.problems:
        raise SchemeProblems(builder.problems)
    return data


def below(place: str, key: object) -> str:
    """The place of a key in a mapping, or of an index in a list."""
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else str(key)


class _Builder:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, place: str) -> object:
        if id(node) in self._seen:
            self._report(place, _("a reference (*name) is not read here; write the value out"))
            return None
        self._seen.add(id(node))
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
            self._report(place, _("a tag (!name) is not read here"))
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, below(place, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._report(place, _("a key must be one word"))
                continue
            inner = below(place, key.value)
            if key.value in found:
                line = key.start_mark.line + 1
                self._report(inner, _("this key stands here twice (again in line %(line)s)"), line=line)
                continue
            found[key.value] = self.build(value, inner)
        return found

    def _report(self, place: str, template: str, **facts: object) -> None:
        self.problems.append(Problem(place or "file", template, facts))


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    if isinstance(node, yaml.ScalarNode) and node.style is not None:  # quoted or a block: meant as text
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text


def _not_yaml(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None)
    if not reason:
        return Problem("file", _("this is not YAML: unreadable characters"))
    if mark is None:
        return Problem("file", _("this is not YAML: %(reason)s"), {"reason": reason})
    facts = {"reason": reason, "line": mark.line + 1, "column": mark.column + 1}
    return Problem("file", _("this is not YAML from line %(line)s, column %(column)s on: %(reason)s"), facts)
