"""A dump made quick to replay: identities and keys inside CREATE TABLE, nothing that says what is so anyway."""

import re

_NOISE = re.compile(r"^(\\|SET |SELECT pg_catalog\.set_config|--|\s*$)")
_STATEMENT = re.compile(r";\n(?=[A-Z]|\Z)")
_TABLE = re.compile(r"CREATE TABLE (\S+) \(\n(.*)\n\)\Z", re.S)
_IDENTITY = re.compile(
    r"ALTER TABLE (\S+) ALTER COLUMN (\S+) ADD GENERATED (BY DEFAULT|ALWAYS) AS IDENTITY \(\n\s+SEQUENCE NAME (\S+)\n"
    r"\s+START WITH 1\n\s+INCREMENT BY 1\n\s+NO MINVALUE\n\s+NO MAXVALUE\n\s+CACHE 1\n\)\Z"
)
_KEY = re.compile(r"ALTER TABLE ONLY (\S+)\n\s+ADD (CONSTRAINT \S+ (?:PRIMARY KEY|UNIQUE).*)\Z", re.S)
_UNUSED = re.compile(r"SELECT pg_catalog\.setval\('\S+', 1, false\)\Z")


def compact(dump: str) -> str:
    """The same schema in fewer statements: what PostgreSQL must do per statement is most of the time of a replay.

    What this does not recognise stays as it is, after the tables.
    """
    text = "\n".join(line for line in dump.splitlines() if not _NOISE.match(line)) + "\n"
    tables: dict[str, str] = {}
    before: list[str] = []
    after: list[str] = []
    for statement in filter(None, (part.strip() for part in _STATEMENT.split(text))):
        if found := _TABLE.match(statement):
            tables[found[1]] = found[2]
        elif (found := _IDENTITY.match(statement)) and _is_default(found[1], found[2], found[4]):
            column = re.compile(rf"^(    {re.escape(found[2])} \S+) NOT NULL", re.M)
            tables[found[1]] = column.sub(rf"\1 GENERATED {found[3]} AS IDENTITY NOT NULL", tables[found[1]], count=1)
        elif found := _KEY.match(statement):
            tables[found[1]] += f",\n    {found[2]}"
        elif not _UNUSED.match(statement):
            (after if tables else before).append(statement)
    created = [f"CREATE TABLE {name} (\n{columns}\n)" for name, columns in tables.items()]
    return ";\n".join([*before, *created, *after]) + ";\n"


def _is_default(table: str, column: str, sequence: str) -> bool:
    """Whether PostgreSQL would give an identity's sequence this very name by itself."""
    return sequence == f"{table}_{column}_seq" and len(sequence.split(".")[-1]) < 63
