"""Kinds of values that many resources share, with their limits, and the shape of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from litestar.params import PathParameter, QueryParameter
from msgspec import Meta

from credo.base.errors import Invalid
from credo.base.paging import Page
from credo.channels import Address

Shape = TypeVar("Shape")
Row = TypeVar("Row")

_BIGGEST = 2**53 - 1  # what every JSON reader can tell from its neighbours
_BIGGEST_SEQ = 2**31 - 1

Id = Annotated[int, PathParameter(ge=1, le=_BIGGEST)]
Number = Annotated[int, Meta(ge=1, le=_BIGGEST)]
Seq = Annotated[int, Meta(ge=0, le=_BIGGEST_SEQ)]
Line = Annotated[str, Meta(max_length=500)]
Name = Annotated[str, Meta(max_length=200)]
MailAddress = Annotated[str, Meta(min_length=3, max_length=254, extra_json_schema={"format": "email"})]
Letter = Annotated[str, Meta(max_length=1_000_000)]
Markup = Annotated[str, Meta(max_length=2_000_000)]
Moment = Annotated[datetime, Meta(tz=True)]
After = Annotated[str | None, QueryParameter(max_length=200, description="The `next` of the page before.")]


class NotAnAddress(Invalid):
    """This does not look like a mail address."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[Shape]):
    """A page of a list. `next` goes into `?after=` for the following page and is null on the last one."""

    rows: list[Shape]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A mail address with the name written beside it."""

    address: MailAddress
    name: Name = ""

    def as_address(self) -> Address:
        """The same as channels and rooms want it; raises NotAnAddress."""
        local, at, domain = self.address.rpartition("@")
        if not (local and at and domain) or any(c.isspace() or c in "<>,;\x00" for c in self.address):
            raise NotAnAddress("“%(address)s” does not look like a mail address.", address=self.address)
        return Address(name=self.name, address=self.address)


def addresses(people: Iterable[Person]) -> tuple[Address, ...]:
    """Each of `people` as an address; raises NotAnAddress."""
    return tuple(person.as_address() for person in people)


def people(plain: Any) -> list[Person]:
    """Addresses as they are stored, [name, address] each."""
    return [Person(address, name) for name, address in plain or ()]


def shaped(shape: type[Shape], row: object, **more: object) -> Shape:
    """The fields of `shape`, taken from the attributes of `row` that have the same names, and from `more`."""
    names = [f.name for f in fields(shape) if f.name not in more]  # type: ignore[arg-type]
    return shape(**{name: getattr(row, name) for name in names}, **more)


def listed(shape: type[Shape], page: Page[Any]) -> Listed[Shape]:
    """A room's page in the shape of the API."""
    return Listed([shaped(shape, row) for row in page.rows], str(page.next) if page.next else None)
