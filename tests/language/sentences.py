"""Sentences in Python that were not marked for translation, found where people will read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

# What is read: by the keyword it is passed as, and by its place among the arguments of a call.
_KEYWORDS = frozenset(
    {
        "button", "caption", "eyebrow", "empty_text", "empty_title", "headline", "help_text", "label", "lead", "note",
        "sentence", "text", "title", "verbose_name", "verbose_name_plural", "warning",
    }
)  # fmt: skip
_PLACES = {
    "Refusal": 1, "ValidationError": 0, "Column": 0, "Fact": 0, "Link": 0, "Tile": 0, "Problem": 1,
    "add_error": 1, "success": 1, "error": 1, "warning": 1, "info": 1,
}  # fmt: skip
_LOGGERS = frozenset({"log", "logger", "logging"})


def unmarked(path: Path, *, shown_by_keyword: bool = True) -> list[str]:
    """Each sentence of a module that is shown as it stands: `line: words`.

    What is passed by keyword is help for programmers in some rooms: their pages are read in English.
    """
    tree = ast.parse(path.read_text())
    constants = _constants(tree)
    found: list[tuple[int, str]] = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        read = [*_by_place(call), *(_by_keyword(call) if shown_by_keyword else ())]
        found += [(node.lineno, words) for node in read if (words := _literal(node, constants))]
    for choices in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _has_labels(node)):
        found += [(node.lineno, words) for node in _labels(choices) if (words := _literal(node, constants))]
    return [f"{line}: {words}" for line, words in sorted(found)]


def _by_keyword(call: ast.Call) -> Iterator[ast.expr]:
    yield from (each.value for each in call.keywords if each.arg in _KEYWORDS)


def _by_place(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Name) and owner.id in _LOGGERS:
        return
    at = _PLACES.get(name)
    if at is not None and len(call.args) > at:
        yield call.args[at]


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What a name of the module stands for; a name with two meanings is known by the last."""
    return {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _literal(node: ast.expr, constants: dict[str, ast.expr]) -> str:
    """The words, where they stand there themselves or under a name; nothing for what went through a call."""
    if isinstance(node, ast.Name):
        held = constants.get(node.id)
        return _literal(held, {}) if held is not None else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if " " in node.value.strip() and any(c.isalpha() for c in node.value) else ""
    if isinstance(node, ast.JoinedStr):
        return _literal(ast.Constant("".join(_part(each) for each in node.values)), {})
    if isinstance(node, ast.Dict | ast.List):
        inner = node.values if isinstance(node, ast.Dict) else node.elts
        return next((words for each in inner if (words := _literal(each, constants))), "")
    if isinstance(node, ast.IfExp):
        return _literal(node.body, constants) or _literal(node.orelse, constants)
    if isinstance(node, ast.BinOp):
        return _literal(node.left, constants)
    return ""


def _part(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _has_labels(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Attribute) and base.attr.endswith("Choices") for base in node.bases)


def _labels(node: ast.ClassDef) -> Iterator[ast.expr]:
    for each in node.body:
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Tuple):
            yield each.value.elts[-1]
