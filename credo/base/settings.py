"""Everything that can be set from outside: one frozen record, read once from `CREDO_*` variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from credo.base.errors import Invalid

# Variables that steer the tests and the Makefile, never the running program.
OUTSIDE = frozenset({"CREDO_CORPORA", "CREDO_WITHOUT_BROWSER", "CREDO_TEST_DATABASE_URL", "CREDO_LIFELINE"})


def _setting(variable: str, default: Any, meaning: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"variable": variable, "meaning": meaning})


def default_data_dir() -> Path:
    """`data/` of the checkout this code runs from, or the user's data folder for an installed package."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "data"
    base = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return Path(base) / "credo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator chose; every field names its variable and says what it means."""

    data_dir: Path = _setting(
        "CREDO_DATA_DIR",
        None,
        "Folder for the embedded database, attachments and the generated secret key. "
        "Default: `data/` in a source checkout, `~/.local/share/credo` for an installed package.",
    )
    database_url: str = _setting(
        "CREDO_DATABASE_URL",
        "",
        "PostgreSQL 16 or later, as `postgresql://user:password@host/name`. Without it Credo runs its own.",
        secret=True,
    )
    database_pool: int = _setting("CREDO_DATABASE_POOL", 8, "Database connections each process keeps at most.")
    secret_key: str = _setting(
        "CREDO_SECRET_KEY",
        "",
        "Encrypts stored passwords and signs addresses; at least 32 characters. Several, separated by commas: "
        "the first encrypts, all decrypt. Without it a key is made once in the data folder.",
        secret=True,
    )
    host: str = _setting("CREDO_HOST", "127.0.0.1", "Address the web process listens on; `0.0.0.0` for all.")
    port: int = _setting("CREDO_PORT", 8000, "Port the web process listens on.")
    public_url: str = _setting(
        "CREDO_PUBLIC_URL", "", "Address people reach this desk at, for links in mail. Default: the host and port."
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "CREDO_TRUSTED_PROXIES", ("127.0.0.1",), "Addresses whose X-Forwarded headers are believed, comma separated."
    )
    web_processes: int = _setting("CREDO_WEB_PROCESSES", 1, "Web processes `credo serve` keeps running.")
    worker_processes: int = _setting("CREDO_WORKER_PROCESSES", 1, "Worker processes `credo serve` keeps running.")
    blobs_url: str = _setting(
        "CREDO_BLOBS_URL",
        "",
        "`s3://bucket/prefix` for attachments and raw mail. Default: `blobs/` of the data folder.",
    )
    s3_endpoint: str = _setting("CREDO_S3_ENDPOINT", "", "Endpoint of an S3-compatible store, if it is not Amazon's.")
    s3_region: str = _setting("CREDO_S3_REGION", "", "Region of the bucket.")
    s3_access_key: str = _setting("CREDO_S3_ACCESS_KEY", "", "Access key of the bucket; else the machine's own role.")
    s3_secret_key: str = _setting("CREDO_S3_SECRET_KEY", "", "Secret belonging to the access key.", secret=True)
    allowed_hosts: tuple[str, ...] = _setting(
        "CREDO_ALLOWED_HOSTS",
        (),
        "Own hosts or networks (`cal.lan`, `10.1.0.0/16`) Credo may fetch from although they are private.",
    )
    smtp_listen: str = _setting(
        "CREDO_SMTP_LISTEN", "", "`host:port` on which mail is taken by SMTP, for example `127.0.0.1:2525`."
    )
    lmtp_listen: str = _setting("CREDO_LMTP_LISTEN", "", "`host:port` on which mail is taken by LMTP.")
    listen_connections: int = _setting(
        "CREDO_LISTEN_CONNECTIONS",
        200,
        "Connections each SMTP or LMTP listener of a worker process holds at most; further ones hear 421.",
    )
    listen_connections_per_address: int = _setting(
        "CREDO_LISTEN_CONNECTIONS_PER_ADDRESS", 50, "How many of them may come from one address."
    )
    listen_idle_seconds: int = _setting(
        "CREDO_LISTEN_IDLE_SECONDS", 300, "After how many silent seconds such a connection is ended."
    )
    mail_max_bytes: int = _setting(
        "CREDO_MAIL_MAX_BYTES", 40_000_000, "Largest mail taken in; a larger one gets a polite refusal."
    )
    upload_max_bytes: int = _setting("CREDO_UPLOAD_MAX_BYTES", 25_000_000, "Largest file a colleague may attach.")
    system_smtp_url: str = _setting(
        "CREDO_SYSTEM_SMTP_URL",
        "",
        "Server for invitations and password resets: `smtps://user:password@host:465`, `smtp://host:587` with STARTTLS "
        "or `smtp+plain://host:25`. Default: the first mailbox that can send.",
        secret=True,
    )
    system_from: str = _setting(
        "CREDO_SYSTEM_FROM",
        "",
        "Sender of those letters, like `Help desk <desk@example.com>`; needed with CREDO_SYSTEM_SMTP_URL.",
    )
    log_level: str = _setting("CREDO_LOG_LEVEL", "info", "How much is logged: debug, info, warning or error.")

    @property
    def blobs_dir(self) -> Path:
        """Where blobs lie when no bucket is set."""
        return self.data_dir / "blobs"

    @property
    def address(self) -> str:
        """The address to show and to link to, without a trailing slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.host  # noqa: S104
        return f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Described:
    """One row of the settings table: `variable`, `default` as text, `meaning`, and the field's name."""

    name: str
    variable: str
    default: str
    meaning: str


def described() -> list[Described]:
    """Every setting in order, for the documentation and its test."""
    return [
        Described(f.name, f.metadata["variable"], _as_text(f.default), f.metadata["meaning"]) for f in fields(Settings)
    ]


def read(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read the settings; `given` (command-line options that are not None) wins over the environment.

    Raises `Invalid` with a sentence naming the variable that does not fit.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for f in fields(Settings):
        variable = f.metadata["variable"]
        text = environ.get(variable, "").strip()
        if text:
            values[f.name] = _parsed(variable, text, str(f.type))
    values.update((name, value) for name, value in given.items() if value is not None)
    values["data_dir"] = Path(os.path.abspath(values.get("data_dir") or default_data_dir()))
    return _checked(Settings(**values))


def unknown(environ: Mapping[str, str] | None = None) -> list[str]:
    """One sentence for each `CREDO_*` variable that means nothing, with the nearest known name."""
    environ = os.environ if environ is None else environ
    known = {f.metadata["variable"] for f in fields(Settings)}
    strange = sorted(name for name in environ if name.startswith("CREDO_") and name not in known | OUTSIDE)
    return [_strange(name, known) for name in strange]


def _strange(name: str, known: set[str]) -> str:
    import difflib  # only for somebody who mistyped

    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"{name} is not a setting and was ignored" + (f"; did you mean {near[0]}?" if near else ".")


def _parsed(variable: str, text: str, kind: str) -> Any:
    if kind == "int":
        if not text.removeprefix("-").isdecimal() or len(text) > 18:
            raise Invalid(f"{variable} must be a whole number, not {text!r}.")
        return int(text)
    if kind == "Path":
        return Path(text).expanduser()
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _checked(settings: Settings) -> Settings:
    if not 0 < settings.port < 65536:
        raise Invalid(f"CREDO_PORT must lie between 1 and 65535, not {settings.port}.")
    for variable, number in (
        ("CREDO_WEB_PROCESSES", settings.web_processes),
        ("CREDO_WORKER_PROCESSES", settings.worker_processes),
        ("CREDO_DATABASE_POOL", settings.database_pool),
        ("CREDO_LISTEN_CONNECTIONS", settings.listen_connections),
        ("CREDO_LISTEN_CONNECTIONS_PER_ADDRESS", settings.listen_connections_per_address),
        ("CREDO_LISTEN_IDLE_SECONDS", settings.listen_idle_seconds),
        ("CREDO_MAIL_MAX_BYTES", settings.mail_max_bytes),
        ("CREDO_UPLOAD_MAX_BYTES", settings.upload_max_bytes),
    ):
        if number < 1:
            raise Invalid(f"{variable} must be at least 1, not {number}.")
    if settings.log_level not in ("debug", "info", "warning", "error"):
        raise Invalid(f"CREDO_LOG_LEVEL must be debug, info, warning or error, not {settings.log_level!r}.")
    for key in settings.secret_key.split(",") if settings.secret_key else ():
        if len(key.strip()) < 32:
            raise Invalid("CREDO_SECRET_KEY needs at least 32 characters; `openssl rand -base64 48` makes a good one.")
    if settings.blobs_url and not settings.blobs_url.startswith("s3://"):
        raise Invalid("CREDO_BLOBS_URL must look like s3://bucket/prefix; leave it out to use the data folder.")
    if settings.system_smtp_url and not _is_server(settings.system_smtp_url):
        raise Invalid("CREDO_SYSTEM_SMTP_URL must look like smtps://user:password@host:465 or smtp://host:587.")
    if settings.system_smtp_url and "@" not in parseaddr(settings.system_from)[1]:
        raise Invalid("CREDO_SYSTEM_FROM must name the sender for CREDO_SYSTEM_SMTP_URL, like desk@example.com.")
    return settings


def _is_server(address: str) -> bool:
    try:
        url = urlsplit(address)
        return url.scheme in ("smtps", "smtp", "smtp+plain") and bool(url.hostname) and url.port != 0
    except ValueError:  # a port that is none
        return False


def _as_text(default: object) -> str:
    if default is MISSING or default in (None, "", ()):
        return ""
    return ", ".join(default) if isinstance(default, tuple) else str(default)
