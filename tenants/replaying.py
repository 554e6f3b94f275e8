"""A dump made quick to replay: identities and keys inside CREATE TABLE, nothing that says what is so anyway.

A foreign key that is added to a table is checked by a query over both tables, be they empty or not; one that a table is
made with is not. So tables are made after those that they refer to; but where rows come along, one query is quicker.
"""

import re

_NOISE = re.compile(r"^(\\|SET |SELECT pg_catalog\.set_config|--|\s*$)")
_STATEMENT = re.compile(r";\n(?=[A-Z]|\Z)")
_TABLE = re.compile(r"CREATE TABLE (\S+) \(\n(.*)\n\)\Z", re.S)
_IDENTITY = re.compile(
    r"ALTER TABLE (\S+) ALTER COLUMN (\S+) ADD GENERATED (BY DEFAULT|ALWAYS) AS IDENTITY \(\n\s+SEQUENCE NAME (\S+)\n"
    r"\s+START WITH 1\n\s+INCREMENT BY 1\n\s+NO MINVALUE\n\s+NO MAXVALUE\n\s+CACHE 1\n\)\Z"
)
_KEY = re.compile(r"ALTER TABLE ONLY (\S+)\n\s+ADD (CONSTRAINT \S+ (?:PRIMARY KEY|UNIQUE).*)\Z", re.S)
_REFERENCE = re.compile(
    r"ALTER TABLE ONLY (\S+)\n\s+ADD (CONSTRAINT \S+ FOREIGN KEY \([^)]*\) REFERENCES ([^\s(]+)\(.*)\Z", re.S
)
_ROWS = re.compile(r"INSERT INTO (\S+) ")
_UNUSED = re.compile(r"SELECT pg_catalog\.setval\('\S+', 1, false\)\Z")


def compact(dump: str) -> str:
    """The same schema in fewer statements: what PostgreSQL must do per statement is most of the time of a replay.

    What this does not recognise stays as it is, after the tables.
    """
    text = "\n".join(line for line in dump.splitlines() if not _NOISE.match(line)) + "\n"
    tables: dict[str, str] = {}
    references: dict[str, list[tuple[str, str]]] = {}
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
        elif found := _REFERENCE.match(statement):
            references.setdefault(found[1], []).append((found[3], found[2]))
        elif not _UNUSED.match(statement):
            (after if tables else before).append(statement)
    filled = {found[1] for statement in after if (found := _ROWS.match(statement))}
    created: list[str] = []
    made: set[str] = set()
    for name in _in_order(tables, references):
        made.add(name)
        body = tables[name]
        for whom, constraint in references.get(name, []):
            if whom in made and name not in filled:
                body += f",\n    {constraint}"
            else:
                after.append(f"ALTER TABLE ONLY {name} ADD {constraint}")
        created.append(f"CREATE TABLE {name} (\n{body}\n)")
    return ";\n".join([*before, *created, *after]) + ";\n"


def _in_order(tables: dict[str, str], references: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Every table after those that it refers to, as far as they do not refer to each other."""
    order: dict[str, None] = {}
    begun: set[str] = set()

    def take(name: str) -> None:
        if name in begun or name not in tables:
            return
        begun.add(name)
        for whom, _constraint in references.get(name, []):
            take(whom)
        order[name] = None

    for name in tables:
        take(name)
    return list(order)


def _is_default(table: str, column: str, sequence: str) -> bool:
    """Whether PostgreSQL would give an identity's sequence this very name by itself."""
    return sequence == f"{table}_{column}_seq" and len(sequence.split(".")[-1]) < 63
