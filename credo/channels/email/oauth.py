"""Signing in to a mail server with OAuth 2: the owner consents once, then access tokens refresh by themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from credo.base.clock import now
from credo.base.db import Db
from credo.base.errors import CredoError
from credo.base.ids import token as random_token
from credo.base.secrets import Keyring
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.mailbox import Mailbox, OAuth, Secrets

_LEEWAY = 120  # seconds before its end at which a token counts as ended
_TIMEOUT = 20.0
_refreshing: dict[tuple[int, int], asyncio.Lock] = {}


class NotAuthorised(CredoError):
    """The mail provider no longer accepts this sign-in; connect the mailbox again."""

    permanent = True


class ProviderSilent(CredoError):
    """The mail provider's sign-in server does not answer at the moment; it is tried again."""

    permanent = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What Credo knows about a provider; `{tenant}` in the endpoints is filled in."""

    name: str
    authorize_url: str
    token_url: str
    scope: str
    imap_host: str
    smtp_host: str
    smtp_port: int
    smtp_security: mailboxes.Security
    more: tuple[tuple[str, str], ...] = ()


PRESETS: dict[str, Preset] = {
    "google": Preset(
        name="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        scope="https://mail.google.com/",
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        smtp_port=465,
        smtp_security="tls",
        more=(("access_type", "offline"), ("prompt", "consent")),
    ),
    "microsoft": Preset(
        name="Microsoft",
        authorize_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
        scope="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        smtp_port=587,
        smtp_security="starttls",
        more=(("prompt", "select_account"),),
    ),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """Where to send the owner of the mailbox, and what to keep (encrypted) until they come back."""

    url: str
    state: str
    verifier: str


def consent(settings: OAuth, redirect_uri: str, address: str) -> Consent:
    """Begin the authorization-code flow with PKCE for the mailbox `address`; opens no socket."""
    state, verifier = random_token(), random_token() + random_token()
    preset = PRESETS.get(settings.provider)
    more = dict(preset.more) if preset else {}
    client = _client(settings, Secrets(), redirect_uri)
    url, _ = client.create_authorization_url(
        _endpoint(settings, "authorize_url"), state=state, code_verifier=verifier, login_hint=address, **more
    )
    return Consent(url, state, verifier)


async def exchange(settings: OAuth, kept: Secrets, redirect_uri: str, *, code: str, verifier: str) -> Secrets:
    """Trade the code the owner came back with for tokens; raises NotAuthorised or ProviderSilent."""
    async with _client(settings, kept, redirect_uri) as client:
        answer = await _asked(
            client.fetch_token(
                _endpoint(settings, "token_url"), grant_type="authorization_code", code=code, code_verifier=verifier
            )
        )
    return _with_tokens(kept, answer)


async def access_token(db: Db, keys: Keyring, mailbox: Mailbox) -> str:
    """A token that is good for at least two minutes, refreshed and stored when needed.

    Raises NotAuthorised when the provider took back its consent, ProviderSilent when it does not answer.
    """
    lock = _refreshing.setdefault((mailbox.desk_id, mailbox.id), asyncio.Lock())
    async with lock:
        async with db.reading(mailbox.desk_id) as tx:
            fresh = await mailboxes.load(tx, mailbox.id)
        kept = mailboxes.secrets(keys, fresh)
        if kept.access_token and kept.expires_at - _LEEWAY > now().timestamp():
            return kept.access_token
        renewed = await refresh(fresh.oauth, kept)
        async with db.transaction(mailbox.desk_id) as tx:
            await mailboxes.keep_secrets(tx, keys, mailbox.id, renewed)
        return renewed.access_token


async def refresh(settings: OAuth, kept: Secrets) -> Secrets:
    """New tokens for the refresh token of `kept`; a provider may rotate the refresh token, so keep the result."""
    if not kept.refresh_token:
        raise NotAuthorised
    async with _client(settings, kept) as client:
        answer = await _asked(client.refresh_token(_endpoint(settings, "token_url"), refresh_token=kept.refresh_token))
    return _with_tokens(kept, answer)


def xoauth2(user: str, access: str) -> str:
    """The first answer of the SASL mechanism XOAUTH2."""
    return f"user={user}\x01auth=Bearer {access}\x01\x01"


def _client(settings: OAuth, kept: Secrets, redirect_uri: str | None = None) -> Any:
    preset = PRESETS.get(settings.provider)
    return AsyncOAuth2Client(
        settings.client_id,
        kept.client_secret or None,
        token_endpoint_auth_method="client_secret_post" if kept.client_secret else "none",
        scope=settings.scope or (preset.scope if preset else None),
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=_TIMEOUT,
    )


def _endpoint(settings: OAuth, which: str) -> str:
    preset = PRESETS.get(settings.provider)
    url = getattr(settings, which) or (getattr(preset, which) if preset else "")
    return str(url).replace("{tenant}", settings.tenant or "common")


async def _asked(request: Any) -> dict[str, Any]:
    """Await a call to the token endpoint and tell refusals, which need a person, from troubles, which pass."""
    try:
        return dict(await request)
    except AuthlibBaseError as refusal:
        raise NotAuthorised(error=refusal.error, description=refusal.description) from refusal
    except httpx2.HTTPStatusError as trouble:
        if trouble.response.status_code in (400, 401, 403):
            raise NotAuthorised(status=trouble.response.status_code) from trouble
        raise ProviderSilent(status=trouble.response.status_code) from trouble
    except (httpx2.HTTPError, ValueError) as trouble:
        raise ProviderSilent(reason=str(trouble)) from trouble


def _with_tokens(kept: Secrets, answer: dict[str, Any]) -> Secrets:
    access = answer.get("access_token")
    if not isinstance(access, str) or not access:
        raise NotAuthorised
    return msgspec.structs.replace(
        kept,
        access_token=access,
        refresh_token=str(answer.get("refresh_token") or kept.refresh_token),
        expires_at=now().timestamp() + float(answer.get("expires_in") or 3600),
    )
