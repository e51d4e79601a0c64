"""Documents that a file names by path: whether they can be uploaded, and what stands for them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from glomo.diagnosis import Diagnosis
from glomo.validation.account import LARGEST_FILE

_KINDS = (".pdf", ".png", ".jpg", ".jpeg")


class LocalDocuments:
    """Documents named by path, seen from a folder.

    Attributes:
        files: the files, by digest.
    """

    def __init__(self, folder: Path) -> None:
        """Look from a folder.

        Args:
            folder: the payout file's.
        """
        self.files: dict[str, Path] = {}
        self._folder = folder
        self._cache: dict[str, str | Diagnosis] = {}

    def find(self, text: str) -> str | Diagnosis:
        """The digest of a file's contents, or why it cannot be uploaded.

        Args:
            text: a path.
        """
        if text not in self._cache:
            self._cache[text] = self._look(text)
        return self._cache[text]

    def _look(self, text: str) -> str | Diagnosis:
        path = self._folder / Path(text).expanduser()
        if not path.is_file():
            return Diagnosis(
                "is neither the id of a document nor a file",
                "write its path as seen from the payout file, or doc_...",
            )
        if path.suffix.lower() not in _KINDS:
            return Diagnosis("is not a PDF, PNG or JPEG", "save it as one, ending .pdf")
        try:
            content = path.read_bytes()
        except OSError as error:
            return Diagnosis(f"cannot be read: {error.strerror}", "check who may read the file")
        if not 0 < len(content) <= LARGEST_FILE:
            problem = "is empty" if not content else "is larger than 10 MB"
            return Diagnosis(problem, "save it again")
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.files.setdefault(digest, path)
        return digest
