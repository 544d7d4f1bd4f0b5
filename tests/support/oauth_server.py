"""A real authorisation server on the loopback: authorize with PKCE, token, rotation of refresh tokens, refusals."""

from __future__ import annotations

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = "lumen-client"
SECRET = "lumen-client-secret"


@dataclass
class OAuthServer:
    """The server's memory; `down` lets it answer with a 503, `revoked` refuses every refresh."""

    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    access_tokens: set[str] = field(default_factory=set)
    lifetime: int = 3600
    asked: int = 0
    down: bool = False
    revoked: bool = False

    @property
    def base(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def consent(self, url: str) -> dict[str, str]:
        """What the owner's browser brings back after a yes: code and state of the redirect."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = token_urlsafe(16)
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """The token endpoint: status and JSON."""
        self.asked += 1
        if self.down:
            return 503, {"message": "try later"}
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "authorization_code":
            asked = self.codes.pop(form.get("code", ""), None)
            if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
                return 400, {"error": "invalid_grant", "error_description": "unknown code"}
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        elif form.get("grant_type") == "refresh_token":
            if self.revoked or form.get("refresh_token") not in self.refresh_tokens:
                return 400, {"error": "invalid_grant", "error_description": "Token has been revoked."}
            self.refresh_tokens.discard(form["refresh_token"])
        else:
            return 400, {"error": "unsupported_grant_type"}
        access, renewal = token_urlsafe(24), token_urlsafe(24)
        self.access_tokens.add(access)
        self.refresh_tokens.add(renewal)
        return 200, {
            "access_token": access,
            "refresh_token": renewal,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }


@asynccontextmanager
async def oauth_server() -> AsyncIterator[OAuthServer]:
    """A server on a free port of the loopback, gone after the block."""
    running = OAuthServer()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(h.split(":")[1]) for h in head.lower().split("\r\n") if h.startswith("content-length:")), 0)
        body = (await reader.readexactly(length)).decode()
        status, told = running.token({name: values[0] for name, values in parse_qs(body).items()})
        content = json.dumps(told).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            "Connection: close\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()
