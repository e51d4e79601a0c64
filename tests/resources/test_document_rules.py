"""What the API takes as a document is sent, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import respx

from glomo import AsyncGlomo
from glomo.errors import ParameterError
from glomo.validation.account import LARGEST_FILE

from .test_documents import PDF, anyio_backend, api, glomo, sent

__all__ = ["anyio_backend", "api", "glomo"]


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"file": b"hello"}, "must be a JPEG, a PNG or a PDF; 'invoice' is 'application/octet"),
        ({"file": PDF, "file_name": "invoice.docx"}, "must be a JPEG, a PNG or a PDF"),
        ({"file": PDF, "content_type": "text/plain"}, "must be a JPEG, a PNG or a PDF"),
        ({"file": PDF.ljust(LARGEST_FILE + 1)}, "may have 10 MB"),
        ({"file": PDF, "document_name": "x" * 129}, "document_name may have 128 characters"),
        ({"file": PDF, "file_name": f"{'x' * 128}.pdf"}, "file_name may have 128 characters"),
        ({"file": PDF, "document_name": 5}, "document_name must be text"),
    ],
)
async def test_a_file_that_the_api_would_refuse_is_not_sent(
    api: respx.Route, glomo: AsyncGlomo, parameters: Any, problem: str
) -> None:
    with pytest.raises(ParameterError, match=problem):
        await glomo.documents.create(**{"document_name": "invoice", **parameters})
    assert not api.called


async def test_the_largest_file_and_the_longest_name_are_sent(
    api: respx.Route, glomo: AsyncGlomo
) -> None:
    name = f"{'x' * 124}.pdf"
    file = PDF.ljust(LARGEST_FILE)
    await glomo.documents.create(file=file, document_name="x" * 128, file_name=name)
    assert sent(api) == (name, file)


async def test_without_validation_the_api_decides(api: respx.Route) -> None:
    async with AsyncGlomo("sk-unit", rate_limit=None, validate=False) as glomo:
        await glomo.documents.create(file=b"hello", document_name="x" * 129)
    assert sent(api) == ("x" * 129, b"hello")
