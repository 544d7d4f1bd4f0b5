"""Settings: read once, explained everywhere, and a slip is never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from credo.base import settings
from credo.base.errors import Invalid

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_word_for_word() -> None:
    page = DOCS.read_text()
    for row in settings.described():
        assert f"| `{row.variable}` |" in page, f"{row.variable} is missing; run python -m tools.settings_table"
        assert row.meaning in page, f"{row.variable} is described differently in docs/settings.md"


def test_nothing_is_documented_that_does_not_exist() -> None:
    known = {row.variable for row in settings.described()} | settings.OUTSIDE
    written = {line.split("`")[1] for line in DOCS.read_text().splitlines() if line.startswith("| `CREDO_")}
    assert written <= known


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("CREDO_PORT", "8123", "port", 8123),
        ("CREDO_ALLOWED_HOSTS", "cal.lan, 10.0.0.0/8", "allowed_hosts", ("cal.lan", "10.0.0.0/8")),
        ("CREDO_DATA_DIR", "/srv/credo", "data_dir", Path("/srv/credo")),
        ("CREDO_PORT", "", "port", 8000),
    ],
)
def test_a_variable_becomes_a_value(variable: str, text: str, name: str, value: object) -> None:
    assert getattr(settings.read({variable: text}), name) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("CREDO_PORT", "eighty"),
        ("CREDO_PORT", "70000"),
        ("CREDO_WEB_PROCESSES", "0"),
        ("CREDO_SECRET_KEY", "short"),
        ("CREDO_BLOBS_URL", "/srv/blobs"),
        ("CREDO_LOG_LEVEL", "loud"),
        ("CREDO_SYSTEM_SMTP_URL", "mail.example.com"),
        ("CREDO_SYSTEM_SMTP_URL", "smtp://"),
        ("CREDO_SYSTEM_SMTP_URL", "smtp://mail.example.com:mail"),
        ("CREDO_SYSTEM_FROM", ""),
    ],
)
def test_what_does_not_fit_is_refused_by_name(variable: str, text: str) -> None:
    with pytest.raises(Invalid, match=variable):
        settings.read({"CREDO_SYSTEM_SMTP_URL": "smtp://mail.example.com", variable: text})


def test_an_option_wins_over_a_variable_and_none_does_not() -> None:
    assert settings.read({"CREDO_PORT": "8123"}, port=9000).port == 9000
    assert settings.read({"CREDO_PORT": "8123"}, port=None).port == 8123


def test_an_unknown_variable_gets_a_sentence_with_the_nearest_name() -> None:
    assert settings.unknown({"CREDO_PROT": "1", "CREDO_PORT": "1", "HOME": "/"}) == [
        "CREDO_PROT is not a setting and was ignored; did you mean CREDO_PORT?"
    ]


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(settings.read({"CREDO_SECRET_KEY": "s3cret" * 8, "CREDO_DATABASE_URL": "postgresql://a:hidden@b/c"}))
    assert "s3cret" not in shown
    assert "hidden" not in shown
