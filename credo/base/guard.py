"""One guard for every address a person or a mail gave us: it resolves, checks, and connects to what it checked.

A name is resolved once for each connection, all its addresses must be public, and the connection goes to one of those
very addresses, so a name that answers differently a moment later leads nowhere else. Certificates are still checked
against the name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2

from credo.base.errors import CredoError, TooLarge

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")  # all of the public IPv6 there is; the rest is old, odd or our own
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class AddressForbidden(CredoError):
    """This address lies in a private network; whoever runs this desk can allow it with CREDO_ALLOWED_HOSTS."""


class FetchFailed(CredoError):
    """This address could not be fetched."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: final address, status, headers with lower-case names, and the content."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def type(self) -> str:
        """Media type without parameters, "" where none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Guard:
    """The rules of one installation: public addresses, and those `allowed` (hosts, `.suffix`, addresses, networks)."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        entries = [entry.strip().lower() for entry in allowed if entry.strip()]
        self._networks = [network for entry in entries if (network := _network(entry)) is not None]
        self._hosts = {entry for entry in entries if _network(entry) is None}

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of `host` that may be connected to; raises `AddressForbidden` if one of them is private.

        Every address is checked, because whoever controls a name could mix a public and a private one.
        """
        name = host.strip("[]").rstrip(".").lower()
        try:
            found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchFailed(f"The name {host} is not known.", host=host) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._allows_name(name) and not all(self.allows(address) for address in addresses):
            raise AddressForbidden(host=host)
        return addresses

    def allows(self, address: str) -> bool:
        """Whether an IP address is public or lies in an allowed network."""
        parsed = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
        return _is_public(parsed) or any(parsed in network for network in self._networks)

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        max_bytes: int = 10_000_000,
        seconds: float = 15,
        redirects: int = 4,
    ) -> Fetched:
        """Fetch an http(s) address within all limits, checking every hop of a redirect.

        Raises `AddressForbidden`, `TooLarge` beyond `max_bytes`, `FetchFailed` for everything else but a status.
        """
        try:
            async with asyncio.timeout(seconds), self.client() as client:
                for _ in range(redirects + 1):
                    fetched = await _one(client, method, url, headers, content, max_bytes)
                    onward = fetched.headers.get("location")
                    if fetched.status not in _REDIRECTS or onward is None:
                        return fetched
                    url, headers = _next_hop(url, onward, headers)
                    if fetched.status == 303 or (fetched.status in (301, 302) and method == "POST"):
                        method, content = "GET", None
        except TimeoutError as error:
            raise FetchFailed(f"There was no whole answer within {seconds:.0f} seconds.", url=url) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FetchFailed(f"This address could not be fetched: {error}", url=url) from error
        raise FetchFailed("This address forwards too often.", url=url)

    def client(self) -> httpx2.AsyncClient:
        """An HTTP client whose every connection goes through this guard; it follows no redirects and no proxies."""
        return httpx2.AsyncClient(transport=_Transport(self), trust_env=False, follow_redirects=False, timeout=15)

    def _allows_name(self, name: str) -> bool:
        return name in self._hosts or any(entry.startswith(".") and name.endswith(entry) for entry in self._hosts)


async def _one(
    client: httpx2.AsyncClient,
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    content: bytes | None,
    max_bytes: int,
) -> Fetched:
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchFailed("Only addresses with http and https can be fetched.", url=url)
    # Uncompressed, so that a small answer cannot unfold into a huge one.
    wanted = {**(headers or {}), "Accept-Encoding": "identity"}
    async with client.stream(method, url, headers=wanted, content=content) as response:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise FetchFailed("This server insists on a compressed answer.", url=url)
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > max_bytes:
                raise TooLarge(url=url)
        return Fetched(url, response.status_code, dict(response.headers), bytes(body))


def _next_hop(url: str, onward: str, headers: Mapping[str, str] | None) -> tuple[str, Mapping[str, str] | None]:
    """The next address, and the headers without credentials when it leads to another host."""
    target = urljoin(url, onward)
    old, new = urlsplit(url), urlsplit(target)
    if headers and (old.scheme, old.netloc) != (new.scheme, new.netloc):
        headers = {name: value for name, value in headers.items() if name.lower() not in ("authorization", "cookie")}
    return target, headers


class _Backend(httpcore2.AsyncNetworkBackend):
    """Opens connections only to addresses the guard has checked."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        failure: Exception | None = None
        for address in await self._guard.resolve(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Transport(httpx2.AsyncBaseTransport):
    """What connects httpx2's client with a pool of guarded connections."""

    def __init__(self, guard: Guard) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=True), network_backend=_Backend(guard)
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await self._pool.handle_async_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
            raise httpx2.ConnectError(str(error) or "the connection failed", request=request) from error
        except httpcore2.TimeoutException as error:
            raise httpx2.ConnectTimeout(str(error) or "no answer in time", request=request) from error
        assert isinstance(response.stream, AsyncIterable)
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response.stream),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> Any:
        try:
            async for piece in self._inner:
                yield piece
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            raise httpx2.ReadError(str(error) or "the connection broke off") from error

    async def aclose(self) -> None:
        await self._inner.aclose()


def _is_public(address: Address) -> bool:
    if address.version == 6 and address not in _GIVEN_OUT:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, where a gateway would unpack it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None
