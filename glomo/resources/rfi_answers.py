"""Answers to a request for information, whatever it holds and whatever its parts are called there.

All that may wait for documents has `requirements`. What it is answered by differs: the operation,
and the names in its body. `Destination` holds that.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from attrs import frozen

from glomo.errors import ParameterError
from glomo.http.multipart import FileSource
from glomo.id_prefixes import DOCUMENT
from glomo.models.rfi_requirements import RfiRequirement

RfiFiles = FileSource | list[FileSource] | tuple[FileSource, ...]
"""A file to upload, the id of a document that is uploaded, or several of them."""

Upload = Callable[[FileSource, str], Awaitable[str]]
"""Uploads a file under a name, and gives the document's id."""


@frozen
class Destination:
    """Where an answer goes: `send` takes the pairs, whose document is called `document_key`."""

    send: Callable[[list[dict[str, str]]], Awaitable[Any]]
    document_key: str


def check(
    requirements: Sequence[RfiRequirement], files: Mapping[str, RfiFiles]
) -> dict[str, list[FileSource]]:
    """The answers by requirement, each a list.

    Raises:
        ParameterError: nothing is asked for, or an answer is missing, too much, or not one.
    """
    if not requirements:
        _refuse("answers nothing: no document is asked for here")
    by_id = {each.rfi_doc_id or "": each for each in requirements}
    unknown = [rfi_doc_id for rfi_doc_id in files if rfi_doc_id not in by_id]
    if unknown:
        _refuse(f"holds {unknown[0]!r}, which is not asked for: {_describe(by_id)} is")
    missing = [rfi_doc_id for rfi_doc_id in by_id if rfi_doc_id not in files]
    if missing:
        _refuse(f"lacks {_describe({id: by_id[id] for id in missing})}: all are answered at once")
    sources = {rfi_doc_id: _as_list(source) for rfi_doc_id, source in files.items()}
    for rfi_doc_id, entries in sources.items():
        max_count = by_id[rfi_doc_id].max_count or 1
        if not 1 <= len(entries) <= max_count:
            _refuse(f"[{rfi_doc_id!r}] holds {len(entries)} documents: 1 to {max_count} are taken")
        for entry in entries:
            _check_file(rfi_doc_id, entry)
    return sources


async def send(
    requirements: Sequence[RfiRequirement],
    sources: Mapping[str, list[FileSource]],
    *,
    upload: Upload,
    destination: Destination,
) -> None:
    """Upload what is a file, and send all answers in one call."""
    names = {each.rfi_doc_id: each.description or "document" for each in requirements}
    pairs: list[dict[str, str]] = []
    for rfi_doc_id, entries in sources.items():
        for entry in entries:
            document_id = entry if _is_document_id(entry) else None
            if document_id is None:
                document_id = await upload(entry, names[rfi_doc_id][:128])
            pairs.append({destination.document_key: str(document_id), "rfi_doc_id": rfi_doc_id})
    await destination.send(pairs)


def _as_list(source: RfiFiles) -> list[FileSource]:
    if isinstance(source, (list, tuple)):
        return list(source)
    return [source]


def _is_document_id(entry: object) -> bool:
    return isinstance(entry, str) and entry.startswith(DOCUMENT) and not Path(entry).exists()


def _check_file(rfi_doc_id: str, entry: object) -> None:
    """Before the first upload: a later file that is not there would leave the answer half done."""
    if _is_document_id(entry):
        return
    if not isinstance(entry, (str, os.PathLike)):
        return
    path = Path(cast("str | os.PathLike[str]", entry))
    if not path.is_file():
        _refuse(f"[{rfi_doc_id!r}] names {str(path)!r}, which is no file and no document's id")


def _describe(requirements: Mapping[str, RfiRequirement]) -> str:
    return ", ".join(
        f"{rfi_doc_id} ({each.description})" if each.description else rfi_doc_id
        for rfi_doc_id, each in requirements.items()
    )


def _refuse(problem: str) -> None:
    raise ParameterError(
        f"rfis.answer: files {problem}", parameter="files", operation="rfis.answer"
    )
