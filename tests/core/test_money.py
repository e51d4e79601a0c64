"""Money never becomes another amount: not by reading, not by writing, not by adding."""

import decimal
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomo import Money
from glomo.currencies import EXPONENTS, LAST_DIGIT_ZERO
from glomo.errors import GlomoError, MoneyError

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
MINOR = st.integers(min_value=-(10**29), max_value=10**29)


@st.composite
def amounts(draw: st.DrawFn, currency: st.SearchStrategy[str] = CURRENCIES) -> Money:
    code = draw(currency)
    step = 10 if code in LAST_DIGIT_ZERO else 1
    return Money(draw(st.integers(-(10**28), 10**28)) * step, code)


@given(amounts())
def test_money_survives_being_written_and_read(money: Money) -> None:
    assert Money.parse(str(money)) == money
    assert Money.of(money.amount, money.currency) == money
    assert Money.of(str(money.amount), money.currency) == money
    assert pickle.loads(pickle.dumps(money)) == money


@given(amounts())
def test_grouped_text_is_read_back_as_the_same_money(money: Money) -> None:
    assert Money.parse(f"{money:,}") == money


@given(amounts())
def test_major_units_are_written_with_the_currency_s_decimals(money: Money) -> None:
    number = str(money).split(" ")[0]
    assert len(number.partition(".")[2]) == EXPONENTS[money.currency]
    assert int(number.replace(".", "")) == money.minor


@given(MINOR, MINOR, CURRENCIES)
def test_sums_and_differences_are_those_of_the_minor_units(a: int, b: int, code: str) -> None:
    x, y = Money(a, code), Money(b, code)
    assert (x + y).minor == a + b
    assert (x - y).minor == a - b
    assert sum([x, y]) == x + y
    assert -x + x == Money(0, code)
    assert abs(x).minor == abs(a)
    assert (x < y, x <= y, x > y, x >= y) == (a < b, a <= b, a > b, a >= b)
    assert bool(x) is (a != 0)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_an_amount_is_either_exact_or_refused(amount: Decimal) -> None:
    try:
        money = Money.of(amount, "USD")
    except MoneyError:
        assert amount * 100 != (amount * 100).to_integral_value() or len(amount.as_tuple()[1]) > 40
    else:
        assert money.amount == amount


@pytest.mark.parametrize("tiny", ["1E-2000000", "1E-41", "-1E-999999"])
def test_an_amount_too_small_to_see_is_not_nothing(tiny: str) -> None:
    with pytest.raises(MoneyError):
        Money.of(Decimal(tiny), "USD")


@pytest.mark.parametrize("zero", ["0", "0.00", "-0", "0E+999999", "0E-999999"])
def test_zero_is_zero_however_written(zero: str) -> None:
    assert Money.of(Decimal(zero), "USD") == Money(0, "USD")


@pytest.mark.parametrize("currency", sorted(LAST_DIGIT_ZERO))
def test_three_decimal_currencies_end_in_zero(currency: str) -> None:
    assert Money.of("295.990", currency).minor == 295990
    with pytest.raises(MoneyError, match=r"0\.010.*295\.990"):
        Money.of("295.991", currency)
    assert Money.of("295.991", currency, rounding=decimal.ROUND_HALF_UP).minor == 295990
    assert Money.of("295.995", currency, rounding=decimal.ROUND_HALF_UP).minor == 296000


def test_a_finer_amount_is_refused_and_rounded_only_on_request() -> None:
    with pytest.raises(MoneyError, match=r"write 12\.34"):
        Money.of("12.345", "USD")
    assert Money.of("12.345", "USD", rounding=decimal.ROUND_HALF_EVEN) == Money(1234, "USD")
    assert Money.of("12.345", "USD", rounding=decimal.ROUND_UP) == Money(1235, "USD")
    with pytest.raises(MoneyError):
        Money.of("1250.5", "JPY")


def test_the_caller_s_decimal_context_changes_nothing() -> None:
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact, decimal.Rounded])):
        money = Money.of("123456789.12", "USD")
        assert money.minor == 12345678912
        assert str(money) == "123456789.12 USD"
        assert f"{money:,}" == "123,456,789.12 USD"
        assert Money.of(Decimal("123456789.125"), "USD", rounding=decimal.ROUND_UP).minor == (
            12345678913
        )


@pytest.mark.parametrize(
    "amount",
    [12.5, 12.0, True, None, b"12", "", "twelve", "1e3", "1_000", "12,50", "NaN", "٣", "--1"],
)
def test_what_is_no_amount_is_refused(amount: object) -> None:
    with pytest.raises(MoneyError):
        Money.of(amount, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), 10**30])
def test_numbers_that_money_does_not_come_in_are_refused(amount: Decimal | int) -> None:
    with pytest.raises(MoneyError):
        Money.of(amount, "USD")


@pytest.mark.parametrize("huge", [10**30, -(10**30), 10**5000], ids=["30", "-30", "5000"])
def test_huge_numbers_are_refused_with_a_short_message(huge: int) -> None:
    for make in (lambda: Money(huge, "USD"), lambda: Money.of(huge, "USD")):
        with pytest.raises(MoneyError) as caught:
            make()
        assert len(str(caught.value)) < 200


def test_a_float_is_told_what_is_wrong_with_it() -> None:
    with pytest.raises(MoneyError, match="float"):
        Money.of(12.5, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("minor", [12.0, Decimal(12), "12", True, None])
def test_minor_units_are_whole_numbers(minor: object) -> None:
    with pytest.raises(MoneyError):
        Money(minor, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["usd", "US", "USDX", "", " USD", "USD\n", None, 840, ["USD"]])
def test_currencies_are_three_capital_letters(currency: object) -> None:
    with pytest.raises(MoneyError):
        Money(1, currency)  # type: ignore[arg-type]
    with pytest.raises(MoneyError):
        Money.of("1", currency)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["12,50 EUR", "1,250 USD", "1,250 KWD", "1,2,5.00 USD", "1,250.5 USD", "1250.00", "", "USD"],
)
def test_text_with_two_readings_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(text)


def test_text_with_one_reading_is_read() -> None:
    assert Money.parse("1,250.00 USD") == Money.parse(" 1250 USD ") == Money(125000, "USD")
    assert Money.parse("1,250 JPY") == Money(1250, "JPY")
    assert Money.parse("-0.01 EUR") == Money(-1, "EUR")


@pytest.mark.parametrize(
    "operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"]
)
def test_currencies_do_not_mix(operation: str) -> None:
    with pytest.raises(MoneyError, match="currencies differ"):
        getattr(Money(1, "USD"), operation)(Money(1, "EUR"))
    with pytest.raises(MoneyError, match="both sides"):
        getattr(Money(1, "USD"), operation)(1)


def test_equality_is_by_value_and_currency() -> None:
    assert Money(1, "USD") == Money(1, "USD")
    assert Money(0, "USD") != Money(0, "EUR")
    assert Money(1, "USD") != 1
    assert len({Money(1, "USD"), Money(1, "USD"), Money(1, "EUR")}) == 2


@pytest.mark.parametrize("times", [1.5, Decimal(2), True, "2", None])
def test_money_is_multiplied_by_whole_numbers_only(times: object) -> None:
    with pytest.raises(MoneyError):
        Money(100, "USD") * times  # type: ignore[operator]
    assert 3 * Money(100, "USD") == Money(300, "USD") == Money(100, "USD") * 3


def test_adding_up_numbers_and_money_is_refused() -> None:
    for stray in (1, 0.0, False):
        with pytest.raises(MoneyError):
            stray + Money(1, "USD")  # type: ignore[operator]


def test_a_currency_that_is_not_known_is_still_shown_and_counted() -> None:
    coin = Money(5, "XYZ")
    assert str(coin) == f"{coin:,}" == "5 minor units of XYZ"
    assert coin + coin == Money(10, "XYZ")
    with pytest.raises(MoneyError):
        _ = coin.amount


def test_money_is_frozen_and_its_errors_are_the_sdk_s() -> None:
    with pytest.raises(AttributeError):
        Money(1, "USD").minor = 2  # type: ignore[misc]
    assert issubclass(MoneyError, GlomoError)
    assert issubclass(MoneyError, ValueError)


def test_the_table_of_currencies_knows_the_exceptions() -> None:
    assert {c for c, e in EXPONENTS.items() if e == 3} == {
        *("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
    }
    assert EXPONENTS["JPY"] == EXPONENTS["KRW"] == EXPONENTS["VND"] == 0
    assert EXPONENTS["USD"] == EXPONENTS["INR"] == EXPONENTS["AED"] == 2
    assert all(len(code) == 3 and code.isupper() for code in EXPONENTS)
