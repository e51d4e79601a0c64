"""`glomo payouts sample`: a made-up payout file that is right in every respect."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, TextIO

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.cli.output.json_output import json_line
from glomo.money import Money

COLUMNS = (
    "reference",
    "beneficiary_id",
    "source_currency",
    "destination_currency",
    "source_amount",
    "payment_rail",
    "purpose_code",
    "invoice_number",
    "documents",
    "notes.department",
)
_SOURCES = ("USD", "USD", "USD", "EUR", "EUR", "GBP", "AED", "SGD", "AUD")
_ROUTES = (
    ("INR", "neft"),
    ("INR", "neft"),
    ("INR", "imps"),
    ("INR", "rtgs"),
    ("INR", "upi"),
    ("EUR", "sepa"),
    ("GBP", "fps"),
    ("AED", "fts"),
    ("AUD", "npp"),
    ("USD", "swift"),
    ("SGD", "swift"),
)
_PURPOSES = (
    ("S1005", "finance"),
    ("S1004", "legal"),
    ("S1006", "operations"),
    ("S1007", "marketing"),
    ("S1014", "engineering"),
    ("S0803", "engineering"),
    ("S0804", "engineering"),
    ("S0902", "product"),
    ("S1401", "people"),
    ("S0102", "purchasing"),
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
# The API's sandbox answers this amount with a sanctions alert.
_SANCTIONS_TEST_MINOR = 6623


@dataclass(frozen=True, slots=True)
class _Supplier:
    beneficiary_id: str
    destination_currency: str
    rail: str
    purpose_code: str
    department: str


def sample(
    *,
    rows: Annotated[
        int, Parameter(help="How many payouts.", validator=Number(gte=1, lte=1_000_000))
    ] = 500,
    seed: Annotated[int, Parameter(help="The same seed gives the same file.")] = 0,
    json_output: Annotated[
        bool, Parameter(name="--json", help="As .jsonl, an object for each payout, not as .csv.")
    ] = False,
) -> None:
    """Write an example payout file to standard output: .csv, or .jsonl with --json."""
    if json_output:
        for row in _rows(rows, seed):
            sys.stdout.write(json_line(dict(zip(COLUMNS, row, strict=True))) + "\n")
        return
    write_sample(sys.stdout, rows, seed)


def write_sample(out: TextIO, rows: int, seed: int = 0) -> None:
    """Write a payout file of so many rows; the same seed gives the same file.

    Amounts are between 40 and 40,000 of six currencies, in major units; several rows go to the
    same beneficiary, as in life. References are `row-0001` and so on.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(rows, seed))


def _rows(rows: int, seed: int) -> Iterator[tuple[str, ...]]:
    # Made-up figures, no secrets.
    rng = random.Random(f"glomo-sample/{seed}")  # noqa: S311
    suppliers = [_supplier(rng) for _ in range(max(1, min(rows, rows // 8 + 5)))]
    width = max(4, len(str(rows)))
    for number in range(1, rows + 1):
        supplier = rng.choice(suppliers)
        currency = rng.choice(_SOURCES)
        yield (
            f"row-{number:0{width}}",
            supplier.beneficiary_id,
            currency,
            supplier.destination_currency,
            f"{Money(_amount(rng), currency).amount}",
            supplier.rail,
            supplier.purpose_code,
            f"INV-{rng.randrange(10_000, 99_999)}",
            _id(rng, "doc"),
            supplier.department,
        )


def _supplier(rng: random.Random) -> _Supplier:
    currency, rail = rng.choice(_ROUTES)
    purpose, department = rng.choice(_PURPOSES)
    return _Supplier(_id(rng, "bene"), currency, rail, purpose, department)


def _id(rng: random.Random, prefix: str) -> str:
    return f"{prefix}_{''.join(rng.choices(_LETTERS, k=12))}"


def _amount(rng: random.Random) -> int:
    """Minor units: most invoices are small, a few are large; half are round."""
    minor = int(min(max(rng.lognormvariate(13.0, 1.2) / 5, 4_000), 4_000_000))
    if rng.random() < 0.5:
        minor -= minor % 500
    return minor + 1 if minor == _SANCTIONS_TEST_MINOR else minor
