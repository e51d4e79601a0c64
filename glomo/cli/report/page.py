"""The report as one HTML page: no other file, no network, nothing that runs but its own script."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup

from glomo.batch.output_file import replacing
from glomo.batch.standing import Standing
from glomo.currencies import EXPONENTS
from glomo.money import Money

from .document import ReportDocument, ReportRow

_OPTION = re.compile(r"(--[a-z][a-z-]+)")
_SERVER_ROWS = 50
"""So many rows are in the page's own table; the script has all of them."""

_MOST_ROWS = 100_000
"""With more rows the page would not open: it has those that need somebody first."""


def write_page(document: ReportDocument, path: Path) -> Path:
    """Write the page, in the place of one that is there, for its owner alone."""
    with replacing(path) as draft:
        draft.write_text(page_of(document), encoding="utf-8")
    return path


def page_of(document: ReportDocument) -> str:
    """The page."""
    embedded = _rows_shown(document)
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["money"] = money_text
    environment.filters["figure"] = figure
    environment.filters["sentence"] = sentence
    environment.filters["elapsed"] = elapsed_text
    template = environment.from_string(_resource("page.html.jinja"))
    return template.render(
        document=document,
        facts=document.facts,
        rows=embedded[:_SERVER_ROWS],
        left_out=len(document.rows) - len(embedded),
        style=_resource("style.css"),
        script=_resource("rows.js"),
        data=_embedded(embedded),
    )


def _rows_shown(document: ReportDocument) -> tuple[ReportRow, ...]:
    """All rows, in the order of the file; of too many those that are settled are left out first."""
    if len(document.rows) <= _MOST_ROWS:
        return document.rows
    unsettled = [row for row in document.rows if row.standing is not Standing.SETTLED]
    return tuple(unsettled[:_MOST_ROWS])


def _resource(name: str) -> str:
    return files("glomo.cli.report").joinpath(name).read_text(encoding="utf-8")


def _embedded(rows: tuple[ReportRow, ...]) -> str:
    """The rows for the script, in a form that cannot end the element they are in."""
    data = [
        [
            row.number,
            row.reference,
            row.standing.value,
            row.beneficiary,
            figure(row.amount),
            row.amount.currency,
            row.amount.minor,
            row.rail,
            row.invoice_number,
            row.payout_id,
            row.bank_reference,
            row.error_code or row.error,
        ]
        for row in rows
    ]
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def figure(money: Money | None) -> str:
    """`812,450.00`."""
    if money is None:
        return ""
    return f"{money.amount:,f}" if money.currency in EXPONENTS else str(money.minor)


def money_text(money: Money | None) -> str:
    """`USD 812,450.00`, which no line break takes apart."""
    return "" if money is None else f"{money.currency}\N{NO-BREAK SPACE}{figure(money)}"


def sentence(text: str) -> Markup:
    """A sentence's end as a sentence; options of the command line are kept whole."""
    whole = text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
    parts = _OPTION.split(whole)  # every second one is an option
    kept = Markup('<span class="nowrap">{}</span>')
    return Markup("").join(kept.format(part) if n % 2 else part for n, part in enumerate(parts))


def elapsed_text(elapsed: timedelta) -> str:
    """`0:12:34`, or `0.8 s` for less than ten seconds."""
    seconds = elapsed.total_seconds()
    return f"{seconds:.1f} s" if seconds < 10 else str(timedelta(seconds=round(seconds)))
