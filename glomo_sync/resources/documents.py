# Generated from glomo/resources/documents.py by glomo_sync.generate. Do not edit.
"""Documents: files that go with payments, payouts and requests for information."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from glomo.http.multipart import FileSource, OnProgress
from glomo.http.operation import CallOptions
from glomo.models.documents import Document
from glomo.resources import documents as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class DocumentsResource:
    """Documents of the account."""

    def __init__(self, bridge: Bridge, resource: _resource.DocumentsResource) -> None:
        self._bridge = bridge
        self._async = resource

    def create(
        self,
        *,
        file: FileSource,
        document_name: str,
        file_name: str | None = None,
        content_type: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Unpack[CallOptions],
    ) -> Document:
        """Upload a JPEG, PNG or PDF of at most 10 MB.

        It is read in chunks while it is sent, never as a whole.

        Large files need time: give `timeout`. An attempt that was refused before anything was done
        is repeated from the file's start.

        API operation: `createDocument` (`POST /document`).

        Args:
            file: a path, bytes, or a file open for reading in binary mode (`"rb"`), which is sent
                from where it stands and stays open.
            document_name: what the document is (`invoice`), at most 128 characters.
            file_name: the file's name; left out, the path's or the open file's own, or else
                `document_name`.
            content_type: the media type (`application/pdf`); left out, it is told by the name's
                ending, or else by the file's first bytes.
            on_progress: called with the bytes of the file that are sent and the bytes there are;
                from 0 again with each attempt. It must not block.

        Returns:
            The document.

        Raises:
            ParameterError: the file is missing, empty, too large, of another kind, open in text
                mode or cannot be rewound.
            BadRequestError: the API refused the file.
            OutcomeUnknownError: the document may exist.
        """
        return self._bridge.call(
            lambda: self._async.create(
                file=file,
                document_name=document_name,
                file_name=file_name,
                content_type=content_type,
                on_progress=on_progress,
                **options,
            )
        )

    def list(
        self,
        *,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> SyncPager[Document]:
        """List documents, newest first.

        API operation: `getDocuments` (`GET /document`).

        Args:
            before: only documents created at or before this time.
            after: only documents created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `for document in glomo.documents.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(before=before, after=after, page=page, per_page=per_page, **options),
        )
