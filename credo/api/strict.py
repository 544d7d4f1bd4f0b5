"""Bodies are read exactly: the right kind of value in every field, and no field that means nothing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Generator, Iterator
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import msgspec
from litestar.dto import AbstractDTO
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.typing import FieldDefinition

from credo.api.problems import WORDS, Misfit, Misfits, NotJson

_PLACE = re.compile(r"(?P<what>.*) - at `\$(?P<where>.*)`$")


class Strict(AbstractDTO[Any]):
    """How the router reads each handler's `data`; the types stay plain frozen dataclasses."""

    model_type = object
    bodies: ClassVar[dict[str, Any]] = {}

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Remember which type a handler takes."""
        cls.bodies[handler_id] = field_definition.annotation

    @classmethod
    def create_openapi_schema(cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any) -> Any:
        """The type as it stands; nothing is renamed or left out."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        """None: no transfer model is built."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Never: msgspec reads nested dataclasses itself."""
        return False

    def decode_bytes(self, value: bytes) -> Any:
        """The body as the handler's type; raises NotJson or Misfits."""
        handler: Any = self.asgi_connection.route_handler
        return read(value, self.bodies[handler.handler_id])


def read(body: bytes, kind: Any) -> Any:
    """`body` as a `kind`; raises NotJson, or Misfits naming the fields that do not fit."""
    try:
        plain = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise NotJson from wrong
    if unknown := [Misfit(place, WORDS["unknown"]) for place in _unknown(plain, kind, "body")]:
        raise Misfits(unknown[:20])
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as wrong:
        raise Misfits([_misfit(str(wrong))]) from wrong


def _misfit(told: str) -> Misfit:
    found = _PLACE.fullmatch(told)
    return Misfit(f"body{found['where']}", f"{found['what']}.") if found else Misfit("body", f"{told}.")


def _unknown(plain: Any, kind: Any, place: str) -> Iterator[str]:
    """Where `plain` has keys that `kind` knows nothing of."""
    kind = _bare(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and isinstance(plain, dict):
        known = _fields(kind)
        for key, value in plain.items():
            if key not in known:
                yield f"{place}.{key}"[:200]
            else:
                yield from _unknown(value, known[key], f"{place}.{key}")
    elif isinstance(plain, list) and get_origin(kind) in (list, tuple):
        for number, value in enumerate(plain):
            yield from _unknown(value, get_args(kind)[0], f"{place}[{number}]")


@cache
def _fields(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in dataclasses.fields(kind)}


def _bare(kind: Any) -> Any:
    """`kind` without `| None`."""
    if get_origin(kind) in (Union, UnionType):
        return next(one for one in get_args(kind) if one is not type(None))
    return kind
