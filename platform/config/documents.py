"""`python -m config.documents`: writes the pages of the docs that follow from code. A test finds one that is stale."""

from collections.abc import Callable, Iterable
from pathlib import Path

from config.variables import TABLE, Variable

DOCS = Path(__file__).resolve().parents[1] / "docs"
MADE = "<!-- Made by `python -m config.documents`; change the code, not this page. -->\n"

SETTINGS = """# Settings

Everything is told by the environment, and an empty variable counts as absent. A secret may lie in a file that the
variable with `_FILE` at its end points to. `manage.py doctor` says in words what is wrong with them.

`commands` are those of `manage.py`; `provisioner` is the worker that opens and upgrades societies; `make run` sets
what it needs itself.

"""
COUNTED = """# Metrics

`HUILIAN_METRICS_PORT` opens `/metrics` on a port of its own in web and workers, bound to `HUILIAN_METRICS_HOST`
(loopback unless said otherwise); under `make run` the worker has the port after it. No address of a society leads
there. Societies are no label anywhere: there are many, and what one of them does is in its own console. A duration is
a histogram: `_bucket`, `_sum`, `_count`.

## Counted in each process

Of several processes behind one port the sum is told.

"""
ASKED = """
## Asked of the database

Gauges of the whole federation, asked in a constant number of queries (the border: one for every fifty societies) and
remembered for `HUILIAN_METRICS_SECONDS`. Every web pod tells the same: take `max()`. What could not be asked is left
out, and `huilian_survey_failed` says which part.

"""


def settings_page() -> str:
    """Every environment variable: default, who needs it, what it means."""
    rows = (
        (f"`{each.name}`" + (", `…_FILE`" if each.is_secret else ""), _default(each), ", ".join(each.who), each.meaning)
        for each in TABLE
    )
    return f"{MADE}{SETTINGS}" + _table(("variable", "default", "who needs it", "meaning"), rows)


def _default(variable: Variable[str] | Variable[bool] | Variable[int]) -> str:
    if variable.shown:
        return variable.shown
    if isinstance(variable.default, bool):
        return "`1`" if variable.default else "`0`"
    return f"`{variable.default}`" if variable.default != "" else "—"


def metrics_page() -> str:
    """Every metric: its kind, its labels, what it says."""
    from config.sight import exposing, figures, metrics

    counted = []
    for collector in metrics.REGISTRY._collector_to_names:
        for family in collector.collect():
            name = f"{family.name}_total" if family.type == "counter" else family.name
            labels = ", ".join(f"`{label}`" for label in getattr(collector, "_labelnames", ()))
            counted.append((f"`{name}`", family.type, labels or "—", family.documentation))
    asked = [
        (f"`{figure.name}`", f"`{figure.label}`" if figure.label else "—", who, figure.meaning)
        for who, group in (
            ("web", figures.BORDER + figures.CASES + figures.SOCIETIES),
            ("provisioner", figures.UPGRADE),
            ("all", (exposing.FAILED, exposing.BUILD)),
        )
        for figure in group
    ]
    return (
        f"{MADE}{COUNTED}"
        + _table(("metric", "type", "labels", "meaning"), counted)
        + ASKED
        + _table(("metric", "label", "told by", "meaning"), asked)
    )


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "metrics.md": metrics_page}


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    import django

    django.setup()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
