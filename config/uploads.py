"""Reject uploads larger than this site accepts before they are written to disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST_UPLOAD = 64 * 1024 * 1024  # a little more than the largest accepted file
LARGEST_DRAINED = 1024 * 1024 * 1024
MARK = "upload_too_large"


class LimitedUploadHandler(FileUploadHandler):
    """Rejects by the announced length, but reads the request to its end, so that a page can answer.

    Above LARGEST_DRAINED bytes (1 GiB) the connection is closed instead.
    """

    request: HttpRequest
    length = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Remember the announced length."""
        self.length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop the upload if it is too large."""
        super().new_file(*args, **kwargs)
        if self.length > LARGEST_UPLOAD:
            setattr(self.request, MARK, True)
            raise StopUpload(connection_reset=self.length > LARGEST_DRAINED)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
