"""What the API answers when it refuses, in the vendor's shape."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """
    A refusal.

    errors   the vendor's list of field errors, or None (sent as null)
    """

    def __init__(self, status: int, code: str, message: str, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "errors": self.errors}


def invalid(noun: str, field: str, message: str, code: str = "InvalidField") -> ApiError:
    """400: the object cannot be saved because of one field."""
    return ApiError(
        400,
        "InvalidObject",
        f"{noun} object is invalid",
        [{"code": code, "message": message, "resource": noun, "field": field}],
    )


def missing(noun: str, field: str) -> ApiError:
    """400: a required field is not there."""
    return invalid(noun, field, f"The {field} field is required.", "MissingRequiredField")


def not_found(noun: str, record_id: int | str) -> ApiError:
    """404: there is no such object at this path."""
    return ApiError(404, "NotFound", f"{noun} {record_id} not found")
