"""What can be asked of a customer: bindings of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

from credo.base.fields import Binding, today

FIELDS: Mapping[str, Binding] = {
    "customer.locale": today(
        "The customer's language; when it became known stands nowhere.",
        "(select p.language from person p where p.desk_id = c.desk_id and p.id = c.person_id)",
    ),
}
