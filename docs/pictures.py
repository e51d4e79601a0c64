"""Make the pictures of the documentation anew: `python docs/pictures.py`.

The sandbox's dashboard and the report of a batch, light and dark, as they are now. It needs the
`dev` extra and a Chromium. A sandbox with a seed and a clock that stands still is behind them, so
that pictures differ only where the pages do.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import csv
import io
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright

from glomo.cli.app import run as run_command
from glomo.sandbox import Clock, Options, Sandbox, sandbox_key

HERE = Path(__file__).parent / "_static"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WIDTH, HEIGHT = 1200, 820
SUPPLIERS = (
    ("bene_anand", "Anand Textiles", "INR", "neft", None),
    ("bene_lumen", "Lumen Design", "EUR", "sepa", None),
    ("bene_harrow", "Harrow & Finch", "GBP", "fps", None),
    ("bene_kerala", "Kerala Spices", "INR", "imps", "INVALID_BENE_IFSC"),
    ("bene_porto", "Porto Cork", "EUR", "sepa", "NAME_MISMATCH"),
)
FAILING = {7: 3, 23: 3, 31: 4}
"""Which rows of the file go to a supplier whose bank refuses."""
BALANCES = {"USD": 250_000_00, "EUR": 80_000_00, "GBP": 40_000_00}

COLUMNS = (
    *("reference", "beneficiary_id", "source_currency", "destination_currency"),
    *("source_amount", "payment_rail", "purpose_code"),
)


def main() -> None:
    """Write all pictures, or those of a folder that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--to", type=Path, default=HERE, help="where to (default: docs/_static)")
    folder: Path = parser.parse_args().to.resolve()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no chromium on this machine")
    with tempfile.TemporaryDirectory() as work:
        report = _report(Path(work))  # before Playwright runs an event loop in this thread
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                picture = _Picture(browser, scheme, folder)
                _dashboard(picture)
                picture.take("report", report.as_uri())
            browser.close()


class _Picture:
    """Takes pictures in one colour scheme."""

    def __init__(self, browser: Browser, scheme: Any, folder: Path) -> None:
        self._page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme
        )
        self._scheme = scheme
        self._folder = folder

    def take(self, name: str, address: str) -> None:
        self._page.goto(address)
        session = self._page.context.new_cdp_session(self._page)
        options = {"format": "webp", "quality": 82}
        data = base64.b64decode(session.send("Page.captureScreenshot", options)["data"])
        path = self._folder / f"{name}-{self._scheme}.webp"
        path.write_bytes(data)


def _dashboard(picture: _Picture) -> None:
    clock, options = Clock(NOW), Options(settle_after=None)
    with Sandbox(seed=7, clock=clock, options=options, balances=BALANCES) as sandbox:
        _add_suppliers(sandbox)
        with sandbox.serve() as server, httpx.Client(base_url=server.base_url) as http:
            http.headers["Authorization"] = f"Bearer {sandbox_key()}"
            payouts = [_pay(http, number) for number in range(9)]
            clock.advance(minutes=2)
            for payout in payouts[:3]:  # the fourth has failed by itself
                step = {"id": payout, "status": "success"}
                http.patch("v1/payouts/mock", json=step).raise_for_status()
            sandbox.lose_response(after_commit=True, operation="payouts.create", times=3)
            picture.take("dashboard", f"{server.origin}/")
            picture.take("dashboard-payout", f"{server.origin}/records/payout/{payouts[0]}")


def _pay(http: httpx.Client, number: int) -> str:
    beneficiary, _, currency, rail, _ = SUPPLIERS[number % 4]
    body = {
        "beneficiary_id": beneficiary,
        "source_currency": "USD",
        "destination_currency": currency,
        "source_amount": 125_000 + 31_700 * number,
        "payment_rail": rail,
        "purpose_code": "S1005",
        "request_id": f"INV-{17 + number}",
    }
    response = http.post("v1/payouts", json=body).raise_for_status()
    return str(response.json()["id"])


def _report(work: Path) -> Path:
    """The report of a batch of which one supplier's rows have failed."""
    options = Options(settle_after=timedelta())
    with Sandbox(seed=7, options=options, rate_limit=None) as sandbox:
        _add_suppliers(sandbox)
        file = work / "november.csv"
        file.write_text(_payout_file(), "utf-8")
        with sandbox.serve() as server, contextlib.redirect_stdout(io.StringIO()):
            os.environ |= {"GLOMO_API_KEY": sandbox_key(), "GLOMO_BASE_URL": server.base_url}
            run_command(["payouts", "run", str(file), "--wait"])
    return work / "november.report.html"


def _payout_file() -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for number in range(40):
        supplier = SUPPLIERS[FAILING.get(number, number % 3)]
        amount = f"{1250 + 317 * number}.{number:02}"
        reference = f"row-{number + 1:04}"
        rows.writerow([reference, supplier[0], "USD", supplier[2], amount, supplier[3], "S1005"])
    return text.getvalue()


def _add_suppliers(sandbox: Sandbox) -> None:
    for beneficiary, name, currency, _, bank_error in SUPPLIERS:
        sandbox.add_beneficiary(beneficiary, name=name, currency=currency, bank_error=bank_error)


if __name__ == "__main__":
    main()
