"""Documents that a file names by path: checked when it is planned, uploaded when it is paid.

A plan has the digest of the file's contents in place of an id (`sha256:...`), so that planning
sends nothing and an approval is of exactly these documents. Before the first payout each is
uploaded once. Which id it got is noted beside the payout file, so that a second run pays the same
rows with the same ids: the contents of a row that was sent may not change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
from attrs import evolve

from glomo.client import AsyncGlomo

from .journal import Identity
from .output_file import replacing
from .plan import Plan
from .rows import row_spool

_AT_ONCE = 4


async def upload_documents(
    glomo: AsyncGlomo, plan: Plan, record: str | os.PathLike[str], identity: Identity
) -> Plan:
    """Upload what a plan names by path, each once, and return the plan with ids in their place.

    Args:
        glomo: the client.
        plan: the plan.
        record: the file that remembers which id each got; it is made if it is not there.
        identity: for which account; another account's ids are not used.

    Raises:
        OutcomeUnknownError: a document may have been uploaded. Nothing was paid; run again.
    """
    if not plan.documents:
        return plan
    account = " ".join(map(str, (identity.address, identity.environment, identity.subject)))
    path = Path(record)
    accounts = _read(path)
    ids = accounts.setdefault(account, {})
    remaining = iter([digest for digest in plan.documents if digest not in ids])
    failures: list[Exception] = []

    async def work() -> None:
        for digest in remaining:
            if failures:
                return
            file = plan.documents[digest]
            try:
                document = await glomo.documents.create(file=file, document_name=file.name)
            except Exception as error:
                failures.append(error)
                return
            ids[digest] = document.id
            _write(path, accounts)

    async with anyio.create_task_group() as group:
        for _ in range(_AT_ONCE):
            group.start_soon(work)
    if failures:
        raise failures[0]
    return with_documents(plan, ids)


def with_documents(plan: Plan, ids: Mapping[str, str]) -> Plan:
    """The plan with the ids of its documents in place of their digests.

    Args:
        plan: the plan.
        ids: the ids, by digest.
    """
    rows = row_spool()
    for row in plan:
        rows.append(
            evolve(row, documents=tuple(ids.get(document, document) for document in row.documents))
        )
    return evolve(plan, rows=rows, documents={})


def _read(record: Path) -> dict[str, dict[str, str]]:
    try:
        content: Any = json.loads(record.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    documents: dict[str, dict[str, str]] = content["documents"]
    return documents


def _write(record: Path, accounts: Mapping[str, Mapping[str, str]]) -> None:
    with replacing(record) as draft:
        draft.write_text(json.dumps({"documents": accounts}, indent=2) + "\n", "utf-8")
