"""Documents: files that go with payments, payouts and requests for information."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack, cast

from attrs import evolve

from glomo.errors import ParameterError
from glomo.http.multipart import FilePart, FileSource, Multipart, OnProgress
from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.documents import Document
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import Checks, account
from glomo.validation.account import check_file, check_form

CREATE = Operation(
    "documents.create",
    "POST",
    "/v1/document",
    Document,
    Replay.NONE,
    find_out="Look for it in documents.list(); a document that nothing refers to does no harm.",
    check=account.check_document,
    echoes=same_names("document_name"),
)
LIST = ListOperation("documents.list", "/v1/document", Document)


class DocumentsResource(Resource):
    """Documents of the account."""

    async def create(
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
        parameters = {
            "file": file,
            "document_name": document_name,
            "file_name": OMIT if file_name is None else file_name,
        }
        call = self._call(CREATE, options, {}, {}, parameters)
        check_form(
            CREATE.name,
            document_name=document_name,
            file_name=file_name,
            content_type=content_type,
        )
        texts = {"document_name": document_name, **_further_fields(options)}
        part = FilePart(file, name=file_name, content_type=content_type, operation=CREATE.name)
        try:
            await part.prepare(otherwise=document_name)
            if self._validate:
                check_file(
                    Checks(CREATE.name, parameters), part.name, part.length, part.content_type
                )
            form = Multipart(texts, part, name="file", on_progress=on_progress)
            return await self._driver.send(CREATE, evolve(call, body=None, upload=form))
        finally:
            part.close()

    def list(
        self,
        *,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Document]:
        """List documents, newest first.

        API operation: `getDocuments` (`GET /document`).

        Args:
            before: only documents created at or before this time.
            after: only documents created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for document in glomo.documents.list(): ...`.
        """
        filters = {"before": before, "after": after, "page": page, "per_page": per_page}
        return self._list(LIST, options, filters)


def _further_fields(options: CallOptions) -> Mapping[str, str]:
    """The text fields that the caller adds to the form."""
    fields: object = cast("dict[str, object]", options).pop("extra_body", None)
    if fields is None:
        return {}
    if not isinstance(fields, Mapping) or not all(
        isinstance(text, str)
        for field in cast("Mapping[object, object]", fields).items()
        for text in field
    ):
        raise ParameterError(
            f"{CREATE.name}: extra_body must be a mapping of names to texts",
            parameter="extra_body",
            operation=CREATE.name,
        )
    return cast("Mapping[str, str]", fields)
