"""The API's own description (OpenAPI 3.1), built from one table so that paths and parameters are said once."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_COUNT = {"type": "integer"}


def _object(**fields: object) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def _array(of: object) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _page_of(name: str) -> dict[str, Any]:
    return {
        **_object(
            items=_array(_ref(name)),
            next={"type": ["integer", "string", "null"], "description": "the next page's cursor"},
        ),
        "required": ["items", "next"],
    }


_SIDE = _object(
    op=_TEXT, value=_MAYBE, text=_TEXT, nature=_MAYBE, quote=_TEXT, name=_TEXT, unit=_TEXT, year={"type": ["integer", "string", "null"]},
    role=_TEXT, origin=_TEXT, section=_TEXT, start=_COUNT, end=_COUNT, disputed={"type": "boolean"},
)  # fmt: skip
_SCHEMAS: dict[str, Any] = {
    "Indicator": _object(
        name=_TEXT, key=_MAYBE, unit=_TEXT, year={"type": ["integer", "string", "null"]},
        role={"enum": ["baseline", "target", "actual", "change"]}, op={"enum": ["=", "<", "<=", ">", ">=", "~", "text"]},
        value=_MAYBE, text=_TEXT, nature=_MAYBE, origin={"enum": ["table", "prose"]}, section=_TEXT, quote=_TEXT, start=_COUNT,
        end=_COUNT, disputed={"type": "boolean"},
    ),
    "Move": _object(
        name=_TEXT, key=_MAYBE, year={"type": ["integer", "string", "null"]}, unit=_TEXT, kind=_TEXT, effect=_MAYBE,
        before={"anyOf": [_SIDE, {"type": "null"}]}, after={"anyOf": [_SIDE, {"type": "null"}]},
    ),
    "Edit": _object(
        kind=_TEXT, section=_TEXT, label=_TEXT, before=_TEXT, after=_TEXT,
        spans=_array({"type": "array", "prefixItems": [{"enum": ["equal", "delete", "insert"]}, _TEXT]}),
        before_at=_array(_COUNT), after_at=_array(_COUNT),
    ),
    "Reference": _object(version=_COUNT, stage=_TEXT, seen_at=_TEXT, url=_TEXT),
    "Diff": _object(
        **{"document": _TEXT, "from": _ref("Reference"), "to": _ref("Reference"), "moves": _array(_ref("Move")), "edits": _array(_ref("Edit"))}
    ),
    "Reading": _object(
        kind=_TEXT, title=_TEXT, stage=_TEXT, region=_MAYBE, verdict=_TEXT, portal=_TEXT, degraded={"type": "boolean"},
        metadata={"type": "object"}, text=_TEXT, attachments=_array(_object(name=_TEXT, url=_TEXT, format=_TEXT)),
        items=_array({"type": "object"}), next=_MAYBE,
    ),
    "Document": _object(
        document=_TEXT, title=_TEXT, region=_MAYBE, stage=_MAYBE, versions=_COUNT, indicators=_COUNT, seen_at=_MAYBE, page=_TEXT
    ),
    "Version": _object(
        version=_COUNT, stage=_TEXT, cause={"enum": ["first", "content", "rules"]}, seen_at=_TEXT, url=_TEXT, title=_TEXT, indicators=_COUNT,
        moves={"type": ["integer", "null"]}, edits={"type": ["integer", "null"]}, effects={"type": ["object", "null"]}, snapshot=_TEXT,
    ),
    "Change": _object(
        **{
            "id": _COUNT, "document": _TEXT, "title": _TEXT, "region": _MAYBE, "kind": {"enum": ["content", "stage"]}, "created_at": _TEXT,
            "from": {"type": "object"}, "to": {"type": "object"}, "moves": _array(_ref("Move")), "edits": _COUNT,
            "effects": {"type": "object"}, "page": _TEXT,
        }
    ),
    "Key": _object(key=_TEXT, name=_TEXT, unit=_TEXT, documents={"type": "integer", "description": "1000 means that or more"}),
    "Value": _object(document=_TEXT, title=_TEXT, region=_MAYBE, key=_MAYBE, value=_MAYBE, text=_TEXT, unit=_TEXT, year=_MAYBE, role=_TEXT),
    "Consultation": _object(document=_TEXT, title=_TEXT, region=_MAYBE, opens=_MAYBE, closes=_TEXT, contact=_MAYBE, url=_MAYBE),
    "Error": _object(error=_TEXT),
}  # fmt: skip

_LIST = ("cursor", "limit")
_TABLE: tuple[tuple[str, str, object, tuple[str, ...]], ...] = (
    ("/api/v1/documents", "Documents, the newest version first", _page_of("Document"), (*_LIST, "region", "stage", "q")),
    ("/api/v1/documents/{id}", "One document with its addresses", _ref("Document"), ()),
    ("/api/v1/documents/{id}/versions", "Its versions, newest first", _page_of("Version"), _LIST),
    ("/api/v1/documents/{id}/versions/{number}", "The cleaned reading of a version", _ref("Reading"), ()),
    ("/api/v1/documents/{id}/indicators", "The indicators of a version", _array(_ref("Indicator")), ("version",)),
    ("/api/v1/documents/{id}/diff", "Two versions compared; without parameters the last two", _ref("Diff"), ("from", "to")),
    ("/api/v1/documents/{id}/diff/{pair}", "Two versions compared, named as 1...2", _ref("Diff"), ()),
    (
        "/api/v1/changes", "Changes, newest first", _page_of("Change"),
        (*_LIST, "document", "region", "stage", "indicator", "effect", "q"),
    ),
    ("/api/v1/indicators", "Indicators that stand in a current text", _page_of("Key"), ()),
    (
        "/api/v1/indicators/{key}", "Current values of one indicator over documents", _page_of("Value"),
        ("limit", "after", "sort", "order", "place"),
    ),
    ("/api/v1/consultations", "Consultations that have not closed", _page_of("Consultation"), ("limit",)),
)  # fmt: skip


def _operation(path: str, summary: str, schema: object, query: tuple[str, ...]) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in names]
    parameters += [{"name": name, "in": "query", "schema": _TEXT} for name in query]
    problem = {"description": "says what is wrong", "content": {"application/json": {"schema": _ref("Error")}}}
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
                "304": {"description": "unchanged since the ETag that was sent"},
                "400": problem,
                "404": problem,
            },
        }
    }


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "watcher",
        "version": "1",
        "description": "Documents, versions, diffs, changes and indicators; read-only.",
    },
    "paths": {path: _operation(path, summary, schema, query) for path, summary, schema, query in _TABLE},
    "components": {
        "schemas": _SCHEMAS,
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic"},
        },
    },
    "security": [{"token": []}, {"basic": []}, {}],
}
"""Served at ``/api/openapi.json``."""
