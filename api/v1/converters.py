"""Parts of addresses that can be told from mistakes before any question is asked."""


class SocietyNumber:
    """Three digits."""

    regex = "[0-9]{3}"

    def to_python(self, text: str) -> str:
        return text

    def to_url(self, number: str) -> str:
        return number


class RowNumber:
    """The number of a row, as large as the database counts."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, text: str) -> int:
        return int(text)

    def to_url(self, number: int) -> str:
        return str(number)


class Word:
    """A code such as a category's."""

    regex = "[a-z][a-z0-9_]{0,39}"

    def to_python(self, text: str) -> str:
        return text

    def to_url(self, word: str) -> str:
        return word
