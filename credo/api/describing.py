"""The description of the API (OpenAPI 3.1), made from the handlers: their addresses, their types, their docstrings.

Bodies and answers are described by the very types that read and write them, limits included.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar, Response, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute

from credo.api import problems
from credo.api.door import SAFE
from credo.api.problems import Problem
from credo.api.strict import Strict

_REF = "#/components/schemas/{name}"
_PROBLEM = {"$ref": "#/components/responses/Problem"}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name of yours for this one act, such as a random UUID. Sent again within a day with the same "
    "body, it gets the same answer and nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_ABOUT = """Everything the screens do, for programs.

A token goes into `Authorization: Bearer credo_…`; it sees and does at most what its owner may, within its scopes
(read, write, admin). Every error is `application/problem+json` with a sentence. Lists are paged: `next` of one page is
`?after=` of the following one. Fields that are not described are refused. Moments carry their zone."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, and the handler behind it."""

    path: str
    method: str
    handler: HTTPRouteHandler

    @property
    def body(self) -> Any:
        """The type of its body, None where it takes none."""
        return Strict.bodies.get(self.handler.handler_id)

    @property
    def answer(self) -> Any:
        """The type of what it answers, None where it answers nothing or bytes."""
        kind = self.handler.parsed_fn_signature.return_type
        return None if kind.annotation is type(None) or kind.is_subclass_of(Response) else kind.annotation


def operations(router: Router) -> list[Operation]:
    """Every operation of the API that is described."""
    return list(_operations(Litestar([router], openapi_config=None)))


def document(router: Router) -> dict[str, Any]:
    """The whole description as plain data."""
    app = Litestar([router], openapi_config=OpenAPIConfig(title="Credo", version="1", description=_ABOUT))
    found = list(_operations(app))
    paths = app.openapi_schema.to_schema()["paths"]
    bodies = {id(one): one for one in (op.body for op in found) if one is not None}
    answers = {id(one): one for one in (op.answer for op in found) if one is not None}
    kinds = [*bodies.values(), *answers.values(), Problem]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    named = dict(zip(map(id, kinds), schemas, strict=True))
    for op in found:
        _describe(paths[op.path][op.method.lower()], op, named)
    for schema in _reached(components, [named[one] for one in bodies]):
        schema["additionalProperties"] = False
    _tidy(components)
    problem = _answered("Nothing was done.", problems.MEDIA_TYPE, {"schema": named[id(Problem)]})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Credo", "version": "1", "description": _ABOUT},
        "paths": paths,
        "security": [{"token": []}],
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {"Problem": problem},
        },
    }


def _operations(app: Litestar) -> Iterator[Operation]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.resolve_include_in_schema():
                    yield from (Operation(route.path_format, method, handler) for method in handler.http_methods)


def _describe(shown: dict[str, Any], op: Operation, named: dict[int, Any]) -> None:
    """Complete what the framework knows about an operation."""
    said = inspect.getdoc(op.handler.fn) or ""
    shown["summary"] = said.partition("\n")[0].partition(". ")[0].rstrip(".")
    shown["description"] = said
    parameters = [_plain(one) for one in shown.get("parameters", [])]
    reads = op.method in SAFE
    once = not reads and not op.handler.opt.get("alone")
    shown["parameters"] = [*parameters, _KEY] if once else parameters
    if op.body is not None:
        shown["requestBody"] = {"required": True, "content": {"application/json": {"schema": named[id(op.body)]}}}
    elif op.handler.opt.get("upload"):
        shown["requestBody"] = {"required": True, "content": {"*/*": _BYTES}}
    refused = (401, 403, 404, 422, 429) if reads else (400, 401, 403, 404, 409, 413, 422, 429)
    shown["responses"] = {str(op.handler.status_code): _success(op, named)} | {str(code): _PROBLEM for code in refused}


def _success(op: Operation, named: dict[int, Any]) -> dict[str, Any]:
    if op.answer is not None:
        return _answered("Done.", "application/json", {"schema": named[id(op.answer)]})
    if op.handler.status_code == 204:
        return {"description": "Done."}
    return _answered("The bytes.", str(op.handler.media_type), _BYTES)


def _answered(description: str, media_type: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {media_type: content}}


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter without what says nothing; a query knows no null, it is left out instead."""
    schema = {key: value for key, value in parameter["schema"].items() if key not in ("oneOf", "description")}
    for one in parameter["schema"].get("oneOf", ()):
        schema |= one if one.get("type") != "null" else {}
    if schema.get("type") == "integer":
        schema |= {limit: int(schema[limit]) for limit in ("minimum", "maximum") if limit in schema}
    keep = ("name", "in", "required", "description")
    return {key: parameter[key] for key in keep if key in parameter} | {"schema": schema}


def _reached(components: dict[str, Any], schemas: list[Any]) -> Iterator[dict[str, Any]]:
    """The objects that `schemas` lead to, each once."""
    seen: set[str] = set()
    waiting = list(schemas)
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                yield components[name]
                waiting.append(components[name])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _tidy(components: dict[str, Any]) -> None:
    """Docstrings without the indentation they have in the source."""
    for schema in components.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
