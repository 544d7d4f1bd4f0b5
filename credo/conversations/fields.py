"""What can be asked of a conversation, and of its customer as far as conversations tell: bindings of the vocabulary.

An event is known from the moment it is recorded, whatever time it is dated, so that a value of the past never rests on
what the desk learned later.
"""

from __future__ import annotations

from collections.abc import Mapping

from credo.base.fields import Binding, told, unchanging

ASKS = """e.kind = 'message.received' and coalesce(e.payload->>'nature', 'message') = 'message'
 and (coalesce(e.payload->>'automatic', 'no') = 'no'
      or (e.payload->>'automatic' = 'auto-generated' and coalesce((e.payload->>'opened')::boolean, false)))"""
"""Whether the event `e` is a message that asks for an answer: no bounce, complaint or automatic reply."""

_HERE = "e.desk_id = c.desk_id and e.conversation_id = c.id"
_ALSO = "{0}.desk_id = c.desk_id and {0}.conversation_id = c.id"
_CLOSES = "('conversation.solved', 'conversation.spam', 'conversation.trashed')"
_OPENS = "('conversation.reopened', 'conversation.restored')"

# An answer counts unless it reached nobody; one that reached somebody after all counts again.
_REACHED = f"""coalesce((
   select a.kind = 'delivery.accepted' from event a
    where {_ALSO.format("a")} and a.item_id = e.item_id{{a}}
      and (a.kind = 'delivery.failed' or (a.kind = 'delivery.accepted' and (a.payload->>'accepted')::integer > 0)
           or (a.kind = 'delivery.bounced' and (a.payload->>'permanent')::boolean and (a.payload->>'all')::boolean))
    order by a.id desc limit 1), true)"""
_ANSWERED = f"exists (select from event e where {_HERE}{{e}} and e.kind = 'message.replied' and {_REACHED})"

# An answer gives the turn to the customer, unless they wrote meanwhile or the conversation was closed when it left.
_GIVES_TURN = f"""not exists (select from event a
   where {_ALSO.format("a")} and a.id < e.id and a.kind = 'message.received'
     and coalesce(a.payload->>'nature', 'message') = 'message'
     and (a.payload->>'seq')::integer > (e.payload->>'seq')::integer)
 and coalesce((select a.kind in {_OPENS} from event a
     where {_ALSO.format("a")} and a.id < e.id and (a.kind in {_CLOSES} or a.kind in {_OPENS})
     order by a.id desc limit 1), true)"""
_BACK_TO = """(select case x.was when 'waiting' then 'waiting_on_customer' when 'solved' then 'solved' end
   from closure x where x.desk_id = c.desk_id and x.conversation_id = c.id and x.kind in ('spam', 'trash')
    and x.at <= e.at order by x.id desc limit 1)"""
_TURN = f"""(select case e.kind when 'conversation.solved' then 'solved' when 'conversation.reopened' then null
          when 'conversation.restored' then {_BACK_TO}
          when 'conversation.spam' then 'closed' when 'conversation.trashed' then 'closed'
          else 'waiting_on_customer' end
   from event e
  where {_HERE}{{e}}
    and (e.kind in {_CLOSES} or e.kind in {_OPENS} or e.kind = 'conversation.waiting'
         or (e.kind = 'message.replied' and {_GIVES_TURN}))
  order by e.id desc limit 1)"""
_STATE_NOW = """case coalesce((select x.was from snooze x where x.desk_id = c.desk_id and x.conversation_id = c.id
                       and x.ended_at is null and c.state = 'snoozed'), c.state)
   when 'solved' then 'solved' when 'waiting' then 'waiting_on_customer'
   when 'spam' then 'closed' when 'trash' then 'closed' end"""
_OURS = f"case when {_ANSWERED} then 'open' else 'new' end"

# Closures that hold: what a colleague took back does not. The next event of the kind tells.
_SETTLED = f"""coalesce((
   select max(x.id) from (
     select e.id, e.kind, lead(e.kind) over (order by e.id) as then_kind, lead(e.actor_kind) over (order by e.id) as who
       from event e where {_HERE}{{e}} and (e.kind in {_CLOSES} or e.kind in {_OPENS})) x
    where x.kind in {_CLOSES} and not (coalesce(x.then_kind, '') in {_OPENS} and x.who <> 'customer')), 0)"""
_ANSWERED_UP_TO = f"""coalesce((select max((e.payload->>'seq')::integer) from event e
   where {_HERE}{{e}} and e.kind = 'message.replied' and {_REACHED}), 0)"""
_ASKED_AT = f"""(select min(e.at) from event e where {_HERE}{{e}} and {ASKS}
   and e.id > {_SETTLED} and (e.payload->>'seq')::integer > {_ANSWERED_UP_TO})"""
_SPOKE_AT = f"(select max(e.at) from event e where {_HERE}{{e}} and e.kind = 'message.replied')"

_WROTE = """select from event e
    where e.desk_id = c.desk_id and e.conversation_id = o.id{e} and e.kind = 'message.received'
      and e.actor_kind = 'customer' and e.actor_id = c.person_id
      and coalesce(e.payload->>'nature', 'message') = 'message'
      and e.at > m.at - interval '30 days' and e.at <= m.at"""
_CONTACTS = f"""(select count(*) from conversation o
    where o.desk_id = c.desk_id and o.person_id = c.person_id and o.id <> c.id
      and o.last_item_at > m.at - interval '30 days' and o.created_at <= m.at and exists ({_WROTE}))"""


def _hours(since: str) -> str:
    return f"(extract(epoch from m.at - {since}) / 3600)::float8"


def _count(kind: str, more: str = "") -> str:
    return f"(select count(*) from event e where {_HERE}{{e}} and e.kind = '{kind}'{more})"


FIELDS: Mapping[str, Binding] = {
    "ticket.channel": unchanging("The way on which the conversation began.", "c.channel"),
    "ticket.status": told(
        "Whose turn it is: new until somebody answered, then open or waiting_on_customer; solved, or closed as spam or"
        " trash. Being put aside changes no turn.",
        f"coalesce({_TURN}, {_OURS})",
        f"coalesce({_STATE_NOW}, {_OURS})".replace("{e}", "").replace("{a}", ""),
    ),
    "ticket.created": unchanging("When the conversation began.", "c.created_at"),
    "ticket.age_h": unchanging("Hours since the conversation began.", _hours("c.created_at")),
    "ticket.waiting_h": told(
        "Hours since the oldest message of the customer that neither an answer nor a closure followed; 0 when nobody"
        " waits.",
        f"coalesce({_hours(_ASKED_AT)}, 0)",
    ),
    "ticket.silent_h": told(
        "Hours since the customer last heard from us, or since the conversation began when they never did.",
        _hours(f"coalesce({_SPOKE_AT}, c.created_at)"),
    ),
    "ticket.reopens": told(
        "How often it was opened again after it had been solved.",
        _count("conversation.reopened", " and e.payload->>'was' = 'solved'"),
    ),
    "ticket.transfers": told(
        "How often it went from one colleague to another.",
        _count("conversation.assigned", " and e.payload->>'was' <> e.payload->>'to'"),
    ),
    "ticket.touches": told("How many answers of ours have left.", _count("message.replied")),
    "now.ts": unchanging("The moment that is asked about.", "m.at"),
    "customer.new": unchanging(
        "Whether this is the customer's first conversation.",
        """(not exists (select from conversation o
              where o.desk_id = c.desk_id and o.person_id = c.person_id and o.id < c.id))""",
    ),
    "customer.contacts_30d": told(
        "In how many other conversations the customer wrote in the thirty days before.", _CONTACTS
    ),
}
