"""What can be asked about promises: bindings of the vocabulary.

Which promises were given, a clock's row tells by the event it started with; what became of one is told by its events.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.sql import SQL

from credo.base.fields import Binding, today, told

_SAYS = "e.desk_id = k.desk_id and e.conversation_id = k.conversation_id and (e.payload->>'clock_id')::bigint = k.id"
_ENDS = "('promise.kept', 'promise.kept_late', 'promise.released')"
# The event that a clock starts with comes before the clock: what it decides must not count the clock itself.
_OPEN_THEN = f"""(select count(*) from conversation o join clock k on k.desk_id = o.desk_id and k.conversation_id = o.id
    where o.desk_id = c.desk_id and o.person_id = c.person_id and k.started_by < m.known
      and coalesce((select e.kind = 'promise.ran_on' from event e
                     where {_SAYS} and e.id <= m.known and (e.kind in {_ENDS} or e.kind = 'promise.ran_on')
                     order by e.id desc limit 1), true))"""
_OPEN_NOW = """(select count(*) from conversation o join clock k on k.desk_id = o.desk_id and k.conversation_id = o.id
    where o.desk_id = c.desk_id and o.person_id = c.person_id and k.state in ('running', 'paused'))"""
_STATE_NOW = """(select case k.state when 'kept' then 'kept' when 'late' then 'late' when 'void' then 'released'
            else case when k.broken_at is null then 'open' else 'broken' end end
   from clock k where k.desk_id = c.desk_id and k.conversation_id = c.id order by k.id desc limit 1)"""
_STATE_THEN = f"""(select coalesce(
     (select case e.kind when 'promise.kept' then 'kept' when 'promise.kept_late' then 'late'
             when 'promise.released' then 'released' else 'broken' end
        from event e where {_SAYS} and e.id <= m.known and (e.kind in {_ENDS} or e.kind = 'promise.broken')
         and not exists (select from event a where a.desk_id = e.desk_id and a.conversation_id = e.conversation_id
                            and a.id > e.id and a.id <= m.known and a.kind = 'promise.ran_on'
                            and (a.payload->>'clock_id')::bigint = k.id and e.kind <> 'promise.broken')
       order by e.id desc limit 1), 'open')
   from clock k where k.desk_id = c.desk_id and k.conversation_id = c.id and k.started_by < m.known
  order by k.id desc limit 1)"""

FIELDS: Mapping[str, Binding] = {
    "customer.broken_promises_90d": told(
        "How many promises to this customer broke in the ninety days before, in any of their conversations.",
        """(select count(*) from conversation o
             join event e on e.desk_id = o.desk_id and e.conversation_id = o.id
            where o.desk_id = c.desk_id and o.person_id = c.person_id and o.created_at <= m.at
              and e.kind = 'promise.broken'{e}
              and e.at > m.at - interval '90 days')""",
    ),
    "customer.open_promises": Binding(
        "How many promises to this customer are running, in any of their conversations.",
        SQL(_OPEN_NOW),
        SQL(_OPEN_THEN),
    ),
    "promise.state": Binding(
        "How the promise stands that was given last in this conversation; unknown where none was given.",
        SQL(_STATE_NOW),
        SQL(_STATE_THEN),
    ),
    "promise.due_in_h": today(
        "Hours until the nearest running promise is due, less than 0 after that; due times can move.",
        "(extract(epoch from c.next_due_at - m.at) / 3600)::float8",
    ),
}
