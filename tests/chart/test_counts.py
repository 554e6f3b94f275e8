"""The figures that the chart's README states."""

from collections.abc import Mapping

from tests.chart.engine import CHART
from tests.chart.laws import LAWS
from tests.chart.matrix import SWITCHES, all_combinations, covering_combinations, named_cases
from tests.chart.release import Release
from tests.chart.thoroughness import only_whole

README = (CHART / "README.md").read_text()


def test_the_readme_counts_the_combinations() -> None:
    few, all_of_them, files = len(covering_combinations()), len(all_combinations()), len(list(named_cases()))
    assert f"{len(SWITCHES)} switches, {all_of_them:,} combinations" in README
    assert f"{few} combinations in which every three switches meet in all ways" in README
    assert f"{len(LAWS)} laws over every release" in README
    assert f"{files} renders of the files in `ci/`" in README


@only_whole
def test_the_readme_counts_the_objects(releases: Mapping[str, Release]) -> None:
    objects = sum(len(release.objects) for release in releases.values())
    assert f"{objects:,} objects in {len(releases):,} renders" in README
