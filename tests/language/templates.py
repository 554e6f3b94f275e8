"""Words that stand in a template outside every tag: nobody could translate them."""

from django.template.base import Lexer, TokenType

from tests.language.reading import read_aloud

# What ends a stretch that is no text of the page: comments, what is translated, names of classes.
_UNTIL = {
    "comment": "endcomment",
    "blocktranslate": "endblocktranslate",
    "blocktrans": "endblocktrans",
    "block width": "endblock",
    "block body_class": "endblock",
}


def bare_words(source: str) -> list[str]:
    """Each piece of text or spoken attribute that a template holds itself."""
    rest: list[str] = []
    until = ""
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        if token.token_type == TokenType.BLOCK:
            if until:
                until = "" if words[0] == until else until
            else:
                until = _UNTIL.get(" ".join(words[:2])) or _UNTIL.get(words[0]) or ""
        elif token.token_type == TokenType.TEXT and not until:
            rest.append(token.contents)
    pieces = read_aloud("".join(rest), other_languages=True)
    return [piece for piece in pieces if any(symbol.isalpha() for symbol in piece)]
