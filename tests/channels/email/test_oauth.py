"""OAuth 2: consent with PKCE, tokens refreshed and kept encrypted, refusals told from silence, in both protocols."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from psycopg.types.json import Jsonb

from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email import imap as connections
from credo.channels.email import mailbox as mailboxes
from credo.channels.email import oauth
from credo.channels.email.fetch import Fetcher
from credo.channels.email.mailbox import Mailbox, OAuth, Secrets
from credo.channels.email.send import Postman, SignInRefused, Unsent
from support.desks import Desk
from support.imap_server import USER, ImapServer
from support.mails import mail
from support.oauth_server import CLIENT, SECRET, OAuthServer, oauth_server
from support.smtp_server import smtp_server

pytestmark = pytest.mark.anyio
BACK = "https://desk.example/settings/mailboxes/consent"


@pytest.fixture
async def provider() -> AsyncIterator[OAuthServer]:
    """An authorisation server."""
    async with oauth_server() as running:
        yield running


def told(provider: OAuthServer) -> OAuth:
    """The settings a mailbox has for it."""
    return OAuth(
        client_id=CLIENT, authorize_url=f"{provider.base}/authorize", token_url=f"{provider.base}/token", scope="mail"
    )


async def connected(
    db: Db, keys: Keyring, desk: Desk, provider: OAuthServer, imap_port: int, smtp_port: int = 1
) -> Mailbox:
    """A mailbox whose owner has given consent."""
    settings = told(provider)
    begun = oauth.consent(settings, BACK, USER)
    back = provider.consent(begun.url)
    assert back["state"] == begun.state
    kept = await oauth.exchange(
        settings, Secrets(client_secret=SECRET), BACK, code=back["code"], verifier=begun.verifier
    )
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """update mailbox set incoming = %(incoming)s, outgoing = %(outgoing)s, oauth = %(oauth)s
                where desk_id = %(desk)s and id = %(id)s""",
            incoming=Jsonb(
                {"host": "127.0.0.1", "port": imap_port, "security": "plain", "user": USER, "sign_in": "oauth"}
            ),
            outgoing=Jsonb(
                {"host": "127.0.0.1", "port": smtp_port, "security": "plain", "user": USER, "sign_in": "oauth"}
            ),
            oauth=Jsonb(msgspec.to_builtins(settings)),
            id=desk.mailbox_id,
        )
        await mailboxes.keep_secrets(tx, keys, desk.mailbox_id, kept)
        return await mailboxes.load(tx, desk.mailbox_id)


async def test_consent_asks_for_what_the_provider_needs() -> None:
    google = oauth.consent(OAuth(provider="google", client_id="mine"), BACK, "care@lumen.example")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(google.url).query).items()}
    assert google.url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert asked["access_type"] == "offline"
    assert asked["scope"] == "https://mail.google.com/"
    assert asked["code_challenge_method"] == "S256"
    assert asked["login_hint"] == "care@lumen.example"
    assert asked["state"] == google.state
    assert google.verifier not in google.url
    microsoft = oauth.consent(OAuth(provider="microsoft", client_id="mine", tenant="lumen"), BACK, "care@lumen.example")
    assert microsoft.url.startswith("https://login.microsoftonline.com/lumen/oauth2/v2.0/authorize?")
    assert "offline_access" in microsoft.url


async def test_a_code_without_its_verifier_is_worth_nothing(provider: OAuthServer) -> None:
    settings = told(provider)
    begun = oauth.consent(settings, BACK, USER)
    back = provider.consent(begun.url)
    with pytest.raises(oauth.NotAuthorised):
        await oauth.exchange(settings, Secrets(client_secret=SECRET), BACK, code=back["code"], verifier="another")


async def test_a_token_serves_until_its_end_and_is_refreshed_once(
    db: Db, keys: Keyring, desk: Desk, provider: OAuthServer
) -> None:
    mailbox = await connected(db, keys, desk, provider, 1)
    assert provider.asked == 1
    first = await oauth.access_token(db, keys, mailbox)
    assert provider.asked == 1, "what is still good is used"
    with frozen(now() + timedelta(hours=2)):
        fresh = await asyncio.gather(*(oauth.access_token(db, keys, mailbox) for _ in range(5)))
        assert provider.asked == 2, "five who ask at once refresh once"
        assert await oauth.access_token(db, keys, mailbox) == fresh[0]
    assert set(fresh) == {fresh[0]}
    assert first != fresh[0]
    with frozen(now() + timedelta(hours=4)):
        await oauth.access_token(db, keys, mailbox)
        assert provider.asked == 3, "the rotated refresh token was kept"
    async with db.reading(desk.id) as tx:
        sealed = await tx.value("select secret from mailbox where desk_id = %(desk)s and id = %(id)s", id=mailbox.id)
    assert fresh[0].encode() not in sealed


async def test_refusal_is_told_from_silence(db: Db, keys: Keyring, desk: Desk, provider: OAuthServer) -> None:
    mailbox = await connected(db, keys, desk, provider, 1)
    with frozen(now() + timedelta(hours=2)):
        provider.down = True
        with pytest.raises(oauth.ProviderSilent):
            await oauth.access_token(db, keys, mailbox)
        provider.down, provider.revoked = False, True
        with pytest.raises(oauth.NotAuthorised):
            await oauth.access_token(db, keys, mailbox)
        provider.revoked = False
        assert await oauth.access_token(db, keys, mailbox)


async def test_imap_by_token(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, provider: OAuthServer, imap: ImapServer
) -> None:
    mailbox = await connected(db, keys, desk, provider, imap.port)
    fetcher = Fetcher(db, blobs, keys, mailbox, max_bytes=1_000_000)
    with pytest.raises(connections.SignInRefused):
        await fetcher.once()
    imap.backend.login.tokens_known |= provider.access_tokens
    await fetcher.once()
    await imap.deliver(mail())
    assert (await fetcher.once()).stored == 1
    with frozen(now() + timedelta(hours=2)):
        await oauth.access_token(db, keys, mailbox)
        imap.backend.login.tokens_known = set(provider.access_tokens)
        await fetcher.once()


async def test_smtp_by_token(db: Db, keys: Keyring, desk: Desk, provider: OAuthServer) -> None:
    async with smtp_server(auth=True, auth_required=False) as server:
        mailbox = await connected(db, keys, desk, provider, 1, server.port)
        postman = Postman(db, keys)
        with pytest.raises(SignInRefused):
            async with postman.session(mailbox):
                pass
        server.tokens |= provider.access_tokens
        async with postman.session(mailbox) as session:
            (fate,) = await session.send(USER, ["hanna@example.com"], mail())
        assert fate.state == "accepted"
        provider.revoked = True
        with frozen(now() + timedelta(hours=2)), pytest.raises(Unsent, match="connect the mailbox again"):
            async with postman.session(mailbox):
                pass


async def test_smtp_by_password(db: Db, keys: Keyring, desk: Desk) -> None:
    async with smtp_server(auth=True, auth_required=False) as server:
        server.passwords = {USER: "right"}
        async with db.transaction(desk.id) as tx:
            await tx.run(
                "update mailbox set outgoing = %(outgoing)s where desk_id = %(desk)s and id = %(id)s",
                outgoing=Jsonb({"host": "127.0.0.1", "port": server.port, "security": "plain", "user": USER}),
                id=desk.mailbox_id,
            )
            await mailboxes.keep_secrets(tx, keys, desk.mailbox_id, Secrets(password="wrong"))
            wrong = await mailboxes.load(tx, desk.mailbox_id)
            await mailboxes.keep_secrets(tx, keys, desk.mailbox_id, Secrets(smtp_password="right", password="wrong"))
            right = await mailboxes.load(tx, desk.mailbox_id)
        with pytest.raises(SignInRefused):
            async with Postman(db, keys).session(wrong):
                pass
        async with Postman(db, keys).session(right) as session:
            (fate,) = await session.send(USER, ["hanna@example.com"], mail())
        assert fate.state == "accepted"
