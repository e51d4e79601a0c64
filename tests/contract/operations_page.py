"""The table of `docs/operations.md`: which method calls which operation.

python -m tests.contract.operations_page      # write it anew, after data/operations.csv changed
"""

from __future__ import annotations

import re
from pathlib import Path

from .description import table

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
_TABLE = re.compile(r"(?<=<!-- operations -->\n).*?(?=<!-- end -->)", re.S)
_DOCUMENTED = {"wholly": "", "partly": "in part"}


def rows() -> str:
    """The table, one operation a row, by method."""
    lines = ["| method | operation | request | known |", "|---|---|---|---|"]
    lines += [
        f"| `{row['client_method']}` | {row['operation_id']} | `{row['method']} {row['path']}` "
        f"| {_DOCUMENTED[row['known']]} |"
        for row in sorted(table(), key=lambda row: row["client_method"])
    ]
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page with its table renewed."""
    return _TABLE.sub(lambda _: rows(), PAGE.read_text("utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
