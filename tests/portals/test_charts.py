import re
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from huilian.portals.drawing.charts import Chart, Series, bar_chart, line_chart, ranking_chart
from huilian.portals.drawing.scales import money_number, plain_number, scale_for, short_money, short_number

figures = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False) | st.integers(-(10**9), 10**9)


def _drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)  # noqa: S314 -- our own drawing


def _bars(chart: Chart) -> list[dict[str, str]]:
    return [bar.attrib for bar in _drawn(chart).iter("rect")]


def test_bars_stand_on_the_base_line_in_proportion() -> None:
    chart = bar_chart("New members", ["1", "2"], [Series("Members", [50, 100])], height=200)
    low, high = _bars(chart)
    assert (low["y"], low["height"]) == ("100", "100")
    assert (high["y"], high["height"]) == ("0", "200")
    assert low["width"] == high["width"]


def test_stacked_bars_stand_on_each_other() -> None:
    series = [Series("Students", [30]), Series("Seniors", [70])]
    below, above = _bars(bar_chart("New members", ["2026"], series, stacked=True, height=100))
    assert float(below["y"]) == 70
    assert (float(above["y"]), float(above["height"])) == (0, 70)
    assert (below["class"], above["class"]) == ("bar k1", "bar k2")


def test_bars_of_several_series_stand_side_by_side() -> None:
    series = [Series("Joined", [30]), Series("Left", [10])]
    joined, left = _bars(bar_chart("Joined and left", ["2026"], series))
    assert float(left["x"].rstrip("%")) == pytest.approx(
        float(joined["x"].rstrip("%")) + float(joined["width"].rstrip("%")), abs=0.02
    )


def test_figures_below_zero_hang_from_the_base_line() -> None:
    rise, fall = _bars(bar_chart("Net", ["1", "2"], [Series("Net", [100, -100])], height=200))
    assert float(rise["y"]) + float(rise["height"]) == float(fall["y"]) == 100


def test_an_unknown_figure_leaves_a_gap_and_is_not_zero() -> None:
    chart = line_chart("Left", ["1", "2", "3", "4"], [Series("Left", [1, None, 3, 4])])
    drawn = _drawn(chart)
    assert len([one for one in drawn.iter("line") if "ln" in one.attrib["class"]]) == 1
    assert len(list(drawn.iter("circle"))) == 3
    assert [list(row.cells) for row in chart.rows] == [["1", "1"], ["2", "–"], ["3", "3"], ["4", "4"]]


def test_lines_are_told_apart_without_colour() -> None:
    chart = line_chart("Two", ["1", "2"], [Series("a", [1, 2]), Series("b", [2, 1])])
    dashes = [one.attrib.get("stroke-dasharray") for one in _drawn(chart).iter("line") if "ln" in one.attrib["class"]]
    assert dashes == [None, "7 5"]


def test_the_table_says_what_the_drawing_shows_and_leads_to_the_rows() -> None:
    series = [Series("Joined", [1200, 3]), Series("Left", [0, 2.5])]
    chart = bar_chart("Joined and left", ["Jan", "Feb"], series, over="Month", urls=["/m/1", "/m/2"])
    assert chart.head == ["Month", "Joined", "Left"]
    assert [(list(row.cells), row.url) for row in chart.rows] == [
        (["Jan", "1,200", "0"], "/m/1"),
        (["Feb", "3", "2.5"], "/m/2"),
    ]
    assert [key.label for key in chart.legend] == ["Joined", "Left"]


def test_a_ranking_fills_the_track_of_the_longest() -> None:
    chart = ranking_chart("Members", ["Welding", "Zhejiang"], [200, 50], measure="Members")
    assert [bar["width"] for bar in _bars(chart) if bar["class"] == "k1"] == ["100%", "25%"]
    assert chart.flat


def test_a_phone_is_shown_as_much_of_a_long_name_as_it_has_room_for() -> None:
    long = "Headquarters of the Chinese Mechanical Engineering Society"
    chart = ranking_chart("Members", ["中国机械工程学会工作总部", long], [200, 50], measure="Members")
    shown = [(element.get("class"), element.text) for element in _drawn(chart).iter() if element.tag.endswith("text")]
    names = [(look, text) for look, text in shown if look != "val"]
    assert [look for look, _text in names] == [None, "thin", "brief"]
    assert names[1][1] == long
    brief = str(names[2][1])
    assert brief.endswith("…") and long.startswith(brief[:-1]) and len(brief) > 25


def test_names_cannot_break_out_of_the_drawing() -> None:
    evil = '<script>alert("1")</script>'
    for chart in (
        bar_chart(evil, [evil], [Series(evil, [1]), Series(evil, [2])]),
        line_chart(evil, [evil], [Series(evil, [1])], write=lambda value: evil, write_tick=lambda value: evil),
        ranking_chart(evil, [evil], [1], measure=evil, write=lambda value: evil),
    ):
        assert "<script" not in chart.svg
        assert "script" not in {element.tag for element in _drawn(chart).iter()}


@pytest.mark.parametrize("chart", [bar_chart, line_chart])
def test_nothing_to_draw_is_no_drawing(chart: type) -> None:
    assert chart("Empty", [], []).svg == ""
    assert chart("Empty", ["1"], [Series("a", [None])]).svg == ""
    assert _drawn(chart("Zero", ["1"], [Series("a", [0])])) is not None


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="a: 1 figures for 2 categories"):
        bar_chart("t", ["1", "2"], [Series("a", [1])])
    with pytest.raises(ValueError, match="not a finite number"):
        line_chart("t", ["1"], [Series("a", [float("nan")])])
    with pytest.raises(ValueError, match="1 addresses for 2 categories"):
        bar_chart("t", ["1", "2"], [Series("a", [1, 2])], urls=["/"])
    with pytest.raises(ValueError, match="below zero"):
        ranking_chart("t", ["1"], [-1], measure="m")


@given(st.lists(figures, min_size=1, max_size=12), st.booleans())
def test_no_figure_is_drawn_outside(values: list[float], stacked: bool) -> None:
    names = [str(at) for at in range(len(values))]
    series = [Series("a", values), Series("b", values[::-1])]
    for bar in _bars(bar_chart("t", names, series, stacked=stacked, height=214)):
        assert float(bar["y"]) >= -0.01
        assert float(bar["y"]) + float(bar["height"]) <= 214.01
        assert float(bar["x"].rstrip("%")) + float(bar["width"].rstrip("%")) <= 100.01


@given(figures, figures)
def test_ticks_are_round_few_and_enclose_the_figures(one: float, other: float) -> None:
    low, high = sorted((round(float(one), 2), round(float(other), 2)))  # figures, not dust
    ticks = scale_for((low, high), floor=200).ticks
    dust = 1e-6 * max(1, abs(low), abs(high))  # what nobody sees beside the largest figure
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= min(low, 0) + dust
    assert ticks[-1] >= max(high, 0) - dust
    assert 0 in ticks


def test_persons_do_not_come_in_halves() -> None:
    assert scale_for((0, 1), floor=100, whole=True).ticks == (0, 1)
    assert scale_for((0, 1), floor=100).ticks == (0, 0.25, 0.5, 0.75, 1)
    assert re.findall(r">([^<>]+)</t(?:ext|span)>", bar_chart("t", ["x"], [Series("a", [3])]).svg) == [
        "0",
        "1",
        "2",
        "3",
        "x",
        "3",
    ]


def test_axes_are_short_in_the_readers_habit() -> None:
    with override("zh-hans"):
        assert [short_number(value) for value in (0, 9_999, 120_000, 35_000, 250_000_000)] == [
            "0", "9,999", "12万", "3.5万", "2.5亿",
        ]  # fmt: skip
    with override("en"):
        assert [short_number(value) for value in (0, 9_999, 120_000, 35_500, 2_500_000, 3e9)] == [
            "0", "9,999", "120k", "35.5k", "2.5m", "3bn",
        ]  # fmt: skip
        assert short_number(-120_000) == "-120k"


def test_money_is_drawn_in_yuan_and_told_to_the_fen() -> None:
    with override("zh-hans"):
        chart = bar_chart("Fees", ["1"], [Series("Fees", [12_345_650])], write=money_number(), write_tick=short_money())
        assert chart.rows[0].cells[1] == "¥123,456.50"
        assert ">15万<" in chart.svg
    with override("en"):
        assert money_number("JPY")(5000) == "JPY 5,000"
        assert short_money("JPY")(5000) == "5,000"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1234567, "1,234,567"), (2.5, "2.5"), (2.0, "2"), (0.129, "0.13"), (-3, "-3")],
)
def test_figures_are_written_plainly(value: float, written: str) -> None:
    assert plain_number(value) == written
