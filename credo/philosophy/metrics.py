"""Names of what is measured, for goals and pairs. A goal on speed needs a guard, because speed alone costs care."""

from __future__ import annotations

SPEED = (
    "first_human_reply_median",
    "first_human_reply_p90",
    "next_reply_median",
    "next_reply_p90",
    "resolution_time_median",
    "resolution_time_p90",
    "handle_time",
    "wait_time_p90",
    "answered_within_target",
    "replies_per_hour",
    "solved_per_day",
)
"""How fast something goes; never a measure of whether it went well."""

CARE = (
    "promise_kept_rate",
    "reply_depth",
    "csat",
    "csat_response_rate",
    "ces",
    "nps",
    "fcr_7d",
    "reopen_rate",
    "qa_score",
    "heard_rate",
    "solved_rate",
    "effort_score",
    "transfers_per_ticket",
    "repeat_purchase_180d",
    "churn_rate",
    "avoidable_contacts_per_100_orders",
    "contacts_per_100_orders",
    "repeat_contact_rate_14d",
    "loop_closed_rate_30d",
    "human_share",
    "consistency",
    "team_pulse",
    "enps",
    "knowledge_reuse",
)

METRICS = (*SPEED, *CARE)
