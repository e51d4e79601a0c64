"""Money: an integer of minor units and its currency. Never a float."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, Self

from attrs import field, frozen

from ._errors_base import GlomoError
from .currencies import EXPONENTS, LAST_DIGIT_ZERO

_CODE = re.compile(r"[A-Z]{3}\Z")
# Wide enough that no scaling below ever rounds.
_EXACT = Context(prec=64)
_LIMIT = 10**30
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z", re.ASCII)


class MoneyError(GlomoError, ValueError):
    """An amount that its currency cannot hold, or a sum across currencies."""


def exponent(currency: str) -> int:
    """The decimals of a currency by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD.

    Raises:
        MoneyError: the code is not an active ISO 4217 currency.
    """
    exponent = EXPONENTS.get(currency) if isinstance(currency, str) else None  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
    if exponent is None:
        raise MoneyError(
            f"{currency!r} is not a currency code: write three capital letters of ISO 4217, "
            "such as USD"
        )
    return exponent


def _check_minor(_: object, __: object, value: Any) -> None:
    if type(value) is not int:
        raise MoneyError(
            f"minor units are a whole number, not {value!r}; for major units write "
            'Money.of("12.50", "USD")'
        )
    if abs(value) >= _LIMIT:
        raise MoneyError(f"{_shorten(Decimal(value))} minor units is more money than there is")


def _check_currency(_: object, __: object, value: Any) -> None:
    if not isinstance(value, str) or (value not in EXPONENTS and not _CODE.match(value)):
        raise MoneyError(f"{value!r} is not a currency code: write three capital letters, as USD")


@frozen(order=False, repr=False)
class Money:
    """An amount of money.

    `minor` counts the currency's smallest unit (125000 is 1,250.00 USD, 1250 is 1,250 JPY).
    Addition, subtraction and comparison are for one currency; multiply by whole numbers only.
    """

    minor: int = field(validator=_check_minor)
    currency: str = field(validator=_check_currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str, *, rounding: str | None = None) -> Self:
        """Money from major units: `Money.of("1250.00", "USD").minor` is 125000.

        Args:
            amount: major units as text, a whole number or a `Decimal`. A float is refused.
            currency: ISO 4217 code.
            rounding: a rounding of the `decimal` module (`decimal.ROUND_HALF_EVEN`) for amounts
                finer than the currency's smallest step. Without it such an amount is refused.

        Raises:
            MoneyError: not a number, or finer than the currency's smallest step. The step of KWD,
                BHD and OMR is 0.010 at Glomo.
        """
        places = exponent(currency)
        value = _decimal(amount)
        step = 10 if currency in LAST_DIGIT_ZERO else 1
        # Every operation names its context: the caller's may be narrow, and would round.
        steps = _EXACT.divide(_EXACT.scaleb(value, places), Decimal(step))
        units = steps.to_integral_value(rounding=rounding or ROUND_DOWN, context=_EXACT)
        money = cls(int(units) * step, currency)
        if rounding is None and units != steps:
            raise MoneyError(
                f"{amount} {currency} is finer than the smallest step of {currency} "
                f"({_EXACT.scaleb(Decimal(step), -places)}): write {money.amount}, "
                "or give rounding="
            )
        return money

    @classmethod
    def parse(cls, text: str) -> Self:
        """Money from its own text: `Money.parse("1250.00 USD")`, or grouped, `"1,250.00 USD"`.

        Raises:
            MoneyError: no amount and currency; or a comma that could be read as a decimal point.
        """
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise MoneyError(f"{text!r} is not text such as '1250.00 USD'")
        number, _, currency = text.strip().rpartition(" ")
        number = number.strip()
        if "," in number:
            # "12,50" and "1,250" mean different amounts in different countries.
            decimals = len(number.partition(".")[2])
            if not _GROUPED.match(number) or decimals != exponent(currency):
                raise MoneyError(
                    f"{text!r} can be read in two ways: write a point before the decimals, "
                    "all of them, and no comma, as 1250.00 USD"
                )
            number = number.replace(",", "")
        return cls.of(number, currency)

    @property
    def amount(self) -> Decimal:
        """Major units, with the currency's decimals."""
        return _EXACT.scaleb(Decimal(self.minor), -exponent(self.currency))

    def __str__(self) -> str:
        if self.currency not in EXPONENTS:
            return f"{self.minor} minor units of {self.currency}"
        return f"{self.amount:f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{self}')"

    def __format__(self, spec: str) -> str:
        """`f"{money:,}"` groups thousands: `1,250.00 USD`. `format()` puts the code first."""
        if spec == "," and self.currency in EXPONENTS:
            return f"{self.amount:,f} {self.currency}"
        return format(str(self), "" if spec == "," else spec)

    def format(self) -> str:
        """For people: code first, thousands grouped, as `USD 1,250.00`."""
        if self.currency not in EXPONENTS:
            return str(self)
        return f"{self.currency} {self.amount:,f}"

    def to_dict(self) -> dict[str, Any]:
        """As the API has it: `{"amount": 125000, "currency": "USD"}`, in minor units."""
        return {"amount": self.minor, "currency": self.currency}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Money from what `to_dict` gave.

        Raises:
            MoneyError: no amount in whole minor units, or no currency.
        """
        if not isinstance(data, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise MoneyError(f"a {type(data).__name__} is not an amount and a currency")
        return cls(data.get("amount"), data.get("currency"))  # type: ignore[arg-type]  # checked

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: Any) -> dict[str, Any]:
        """What pydantic asks for, given without it: `Money`, its plain form, or its own text."""

        def validate(value: Any) -> Money:
            if isinstance(value, Money):
                return value
            return cls.parse(value) if isinstance(value, str) else cls.from_dict(value)

        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": validate},
            "serialization": {
                "type": "function-plain",
                "function": cls.to_dict,
                "when_used": "json",
            },
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: Any) -> dict[str, Any]:
        properties = {"amount": {"type": "integer"}, "currency": {"type": "string"}}
        return {"type": "object", "properties": properties, "required": [*properties]}

    def __bool__(self) -> bool:
        return self.minor != 0

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __abs__(self) -> Self:
        return type(self)(abs(self.minor), self.currency)

    def __add__(self, other: Money) -> Self:
        return type(self)(self.minor + self._same_currency(other, "add"), self.currency)

    def __radd__(self, other: int) -> Self:
        # sum() starts from the number 0.
        if other != 0 or type(other) is not int:
            raise MoneyError(f"cannot add {other!r} to {self}: add Money of the same currency")
        return self

    def __sub__(self, other: Money) -> Self:
        return type(self)(self.minor - self._same_currency(other, "subtract"), self.currency)

    def __mul__(self, times: int) -> Self:
        if type(times) is not int:
            raise MoneyError(f"Money is multiplied by whole numbers only, not {times!r}")
        return type(self)(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same_currency(other, "compare")

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same_currency(other, "compare")

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same_currency(other, "compare")

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same_currency(other, "compare")

    def _same_currency(self, other: Money, verb: str) -> int:
        if type(other) is not type(self):
            raise MoneyError(f"cannot {verb} {self} and {other!r}: write Money on both sides")
        if other.currency != self.currency:
            raise MoneyError(f"cannot {verb} {self} and {other}: the currencies differ")
        return other.minor


def _decimal(amount: object) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, (str, int, Decimal)):
        hint = ": a float cannot hold cents exactly" if isinstance(amount, float) else ""
        raise MoneyError(f"an amount is text, a whole number or a Decimal, not {amount!r}{hint}")
    if isinstance(amount, str) and not _PLAIN.match(amount.strip()):
        raise MoneyError(
            f"{_shorten(amount)} is not an amount: write digits and a point, as 1250.00"
        )
    value = Decimal(amount.strip() if isinstance(amount, str) else amount)
    # Beyond these sizes the arithmetic above would round, or take for ever.
    if not value.is_finite() or not -40 <= value.adjusted() < 30 or len(value.as_tuple()[1]) > 40:
        if value.is_zero():
            return Decimal(0)
        raise MoneyError(f"{_shorten(value)} is not an amount that money comes in")
    return value


def _shorten(amount: str | Decimal) -> str:
    text = repr(amount) if isinstance(amount, str) else str(amount)
    return text if len(text) <= 60 else f"{text[:60]}..."
