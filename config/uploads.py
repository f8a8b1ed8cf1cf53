"""Uploads that are larger than anything this site takes are not written to the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST_UPLOAD = 64 * 1024 * 1024  # a little more than the largest file that is taken
LARGEST_DRAINED = 1024 * 1024 * 1024
MARK = "upload_too_large"


class LimitedUploadHandler(FileUploadHandler):
    """Goes by what the browser says it sends. What is too large is heard out, so that the page can answer.

    Beyond a gigabyte the line is cut instead.
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
        """Remember how much is announced."""
        self.length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to take it when it is too much."""
        super().new_file(*args, **kwargs)
        if self.length > LARGEST_UPLOAD:
            setattr(self.request, MARK, True)
            raise StopUpload(connection_reset=self.length > LARGEST_DRAINED)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the keeping to the next one."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another one keeps it."""
