import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import CurrencyMismatch, Money, chinese_amount, format_money, plain_amount, total


def test_amounts_of_one_currency_add_up() -> None:
    assert Money(5000) + Money(10001) == Money(15001)
    assert Money(5000) - Money(10001) == Money(-5001)
    assert -Money(5000) == Money(-5000)
    assert Money(5000) * 5 == Money(25000)
    assert total([Money(5000), Money(10000)]) == Money(15000)
    assert total([], currency="HKD") == Money(0, "HKD")
    assert Money(0).is_zero
    assert not Money(-1).is_zero
    assert sorted([Money(2), Money(1)]) == [Money(1), Money(2)]


def test_two_currencies_never_meet() -> None:
    with pytest.raises(CurrencyMismatch, match="CNY and HKD"):
        Money(1) + Money(1, "HKD")
    with pytest.raises(CurrencyMismatch):
        Money(1) - Money(1, "HKD")
    with pytest.raises(CurrencyMismatch):
        assert Money(1) < Money(2, "HKD")
    with pytest.raises(CurrencyMismatch):
        total([Money(1, "HKD")])
    assert Money(1) != Money(1, "HKD")


@pytest.mark.parametrize("amount", [50.0, "50", True, None])
def test_only_whole_numbers_are_amounts(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount)  # type: ignore[arg-type]


def test_only_known_currencies_are_accepted() -> None:
    with pytest.raises(ValueError, match="unknown currency 'RMB'"):
        Money(1, "RMB")


@pytest.mark.parametrize(
    ("money", "chinese", "english", "plain"),
    [
        (Money(5000), "¥50.00", "CNY 50.00", "50.00"),
        (Money(0), "¥0.00", "CNY 0.00", "0.00"),
        (Money(-5), "-¥0.05", "-CNY 0.05", "-0.05"),
        (Money(123456789), "¥1,234,567.89", "CNY 1,234,567.89", "1234567.89"),
        (Money(-123456), "-¥1,234.56", "-CNY 1,234.56", "-1234.56"),
        (Money(5000, "HKD"), "HK$50.00", "HKD 50.00", "50.00"),
        (Money(5000, "JPY"), "JP¥5,000", "JPY 5,000", "5000"),
        (Money(5000, "CHF"), "CHF 50.00", "CHF 50.00", "50.00"),
        (Money(5000, "KWD"), "KWD 5.000", "KWD 5.000", "5.000"),
    ],
)
def test_money_is_written_as_its_reader_expects(money: Money, chinese: str, english: str, plain: str) -> None:
    assert format_money(money, "zh-hans") == chinese
    assert format_money(money, "zh_Hans") == chinese
    assert format_money(money, "en") == english
    assert format_money(money, "en-hk") == english
    assert plain_amount(money) == plain


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (55, "伍角伍分"),
        (5000, "伍拾元整"),
        (1000, "壹拾元整"),
        (10000, "壹佰元整"),
        (1050, "壹拾元伍角整"),
        (1005, "壹拾元零伍分"),
        (10100, "壹佰零壹元整"),
        (100100, "壹仟零壹元整"),
        (101000, "壹仟零壹拾元整"),
        (32504, "叁佰贰拾伍元零肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (10000100, "壹拾万零壹元整"),
        (1_0000_0000, "壹佰万元整"),
        (1_0000_0000_00, "壹亿元整"),
        (1_0000_0001_00, "壹亿零壹元整"),
        (1_0001_0000_00, "壹亿零壹万元整"),
        (1_0010_0000_00, "壹亿零壹拾万元整"),
        (1_1000_0000_00, "壹亿壹仟万元整"),
        (1_0000_1000_00, "壹亿零壹仟元整"),
        (1_0001_0001_00, "壹亿零壹万零壹元整"),
        (10_0500_0600_07, "壹拾亿零伍佰万零陆佰元零柒分"),
        (1234_5678_9012_34, "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"),
        (1_0000_0000_0000_00, "壹万亿元整"),
        (1_0001_0000_0000_00, "壹万零壹亿元整"),
        (1_0000_0001_0000_00, "壹万亿零壹万元整"),
        (-5000, "负伍拾元整"),
        (-5, "负伍分"),
    ],
)
def test_capital_amounts(fen: int, words: str) -> None:
    assert chinese_amount(fen) == "人民币" + words


def test_an_amount_beyond_capitals_is_an_error() -> None:
    assert chinese_amount(10**18 - 1).startswith("人民币玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟")
    with pytest.raises(ValueError, match="beyond"):
        chinese_amount(10**18)


def read_capitals(words: str) -> int:
    """Read a capital amount back as a cashier does: each numeral counts for the place named after it."""
    match = re.fullmatch(r"人民币(负)?(?:(.+)元)?(零)?(?:(.)角)?(?:(.)分)?(整)?", words)
    assert match, words
    minus, yuan, _zero, jiao, fen, _whole = match.groups()
    numerals = "零壹贰叁肆伍陆柒捌玖"
    done = high = section = digit = 0
    for sign in yuan or "":
        if sign in numerals:
            digit = numerals.index(sign)
        elif sign in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            digit = 0
        elif sign == "万":
            high, section, digit = (section + digit) * 10**4, 0, 0
        else:
            done, high, section, digit = (high + section + digit) * 10**8, 0, 0, 0
    amount = (done + high + section + digit) * 100
    amount += numerals.index(jiao or "零") * 10 + numerals.index(fen or "零")
    return -amount if minus else amount


# Numbers full of zeros are where such writing goes wrong.
sparse = st.lists(st.sampled_from("00000123456789"), min_size=1, max_size=18).map(lambda d: int("".join(d)))


@given(sparse | st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_capital_amount_reads_back(fen: int) -> None:
    words = chinese_amount(fen)
    assert read_capitals(words) == fen
    assert "零零" not in words
    assert not re.search(r"零[拾佰仟万亿元角分整]", words.replace("人民币零元整", ""))
    assert words.endswith("分") == bool(fen % 10)


@given(sparse)
def test_a_zero_stands_exactly_where_digits_were_skipped(fen: int) -> None:
    yuan = fen // 100 * 100
    words = chinese_amount(yuan).removeprefix("人民币").removesuffix("元整")
    # Without the rest of its group of four, the optional zero before 万 and 亿 is not written.
    groups = f"{yuan // 100:016}"
    expected = 0
    for end in (4, 8, 12, 16):
        expected += len(re.findall(r"(?<=[1-9])0+(?=[1-9])", groups[end - 4 : end]))
        before = groups[: end - 4].strip("0")
        skipped = groups[end - 4] == "0" or (end > 4 and not groups[end - 8 : end - 4].strip("0"))
        expected += bool(before and skipped and groups[end - 4 : end].strip("0"))
    assert words.count("零") == (expected if yuan else 1)
