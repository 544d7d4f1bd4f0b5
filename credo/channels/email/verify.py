"""Is the sender who the mail says? SPF, DKIM and DMARC by our own check, or by a server the mailbox trusts.

`verified` means that a domain vouched for the mail and is the domain people see; `failed` that somebody who should
have vouched did not; everything else, and every trouble with DNS, is `unknown`. Never raises, never blocks on data.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import dkim
import dns.exception
import dns.resolver

from credo.channels import Inbound

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its source has an escape sequence that Python is about to forbid
    import spf

Verdict = Literal["verified", "unknown", "failed"]
Resolver = Callable[[str, str], list[str]]
_SECONDS = 3.0
_SIGNATURES_AT_MOST = 5
_LABELS_AT_MOST = 8
_quiet = logging.getLogger("credo.dkim")
_quiet.setLevel(logging.CRITICAL)


class NoDns(Exception):
    """The name server did not answer in time."""


class DnsPython:
    """The system's name server, with a small cache; each instance serves one mail for at most three seconds."""

    _cache = dns.resolver.LRUCache(2000)

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._until = time.monotonic() + seconds

    def __call__(self, name: str, kind: str) -> list[str]:
        """The records of `name` as text: TXT joined, MX as `preference host`; empty when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise NoDns
        try:
            resolver = dns.resolver.Resolver()
            resolver.cache = self._cache
            answer = resolver.resolve(name, kind, lifetime=left, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as trouble:
            raise NoDns from trouble
        return [_text(record) for record in answer]


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    return str(record).rstrip(".")


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail came to our own listener: the client's address, its greeting and the sender it named."""

    ip: str
    greeting: str
    sender: str


async def sender(
    content: bytes,
    inbound: Inbound,
    *,
    envelope: Envelope | None = None,
    trusted: Sequence[str] = (),
    resolver: Resolver | None = None,
) -> Verdict:
    """What can be said about the sender of a mail; takes at most three seconds and touches no database.

    `envelope` is given only for mail that a foreign server brought to our listener; `trusted` names the servers whose
    Authentication-Results count.
    """
    if told := _told_by_a_trusted_server(inbound, trusted):
        return told
    if not _has_signature(content) and envelope is None:
        return "unknown"
    try:
        async with asyncio.timeout(_SECONDS + 0.5):
            return await asyncio.to_thread(judge, content, inbound, envelope, resolver or DnsPython())
    except TimeoutError:
        return "unknown"


def judge(content: bytes, inbound: Inbound, envelope: Envelope | None, resolver: Resolver) -> Verdict:
    """Our own check, synchronously; `resolver` may raise NoDns, which ends in `unknown`."""
    domains = {one.address.rpartition("@")[2].casefold().rstrip(".") for one in inbound.senders or ()} - {""}
    if not domains:
        return "unknown"
    try:
        signatures = list(_signatures(content, resolver))
        path = _spf(envelope, resolver) if envelope else None
        return _worst([_of_domain(domain, signatures, path, resolver) for domain in domains])
    except NoDns:
        return "unknown"


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    for one in ("failed", "unknown"):
        if one in verdicts:
            return one
    return "verified"


@dataclass(frozen=True, slots=True)
class _Signature:
    domain: str
    good: bool


@dataclass(frozen=True, slots=True)
class _Path:
    domain: str
    result: str


@dataclass(frozen=True, slots=True)
class _Policy:
    """A DMARC record and the domain it was found at, above which nothing is aligned."""

    domain: str
    asks: str
    strict_dkim: bool
    strict_spf: bool


def _of_domain(domain: str, signatures: list[_Signature], path: _Path | None, resolver: Resolver) -> Verdict:
    policy = _policy(domain, resolver)
    strict = (policy.strict_dkim, policy.strict_spf) if policy else (False, False)
    aligned = [one for one in signatures if _aligned(one.domain, domain, policy, strict[0])]
    if any(one.good for one in aligned):
        return "verified"
    ours = path if path and _aligned(path.domain, domain, policy, strict[1]) else None
    if ours and ours.result == "pass":
        return "verified"
    if aligned or (ours and ours.result == "fail"):
        return "failed"
    # Without a path (fetched mail) SPF may well have passed, so that a missing signature says nothing.
    return "failed" if policy and policy.asks != "none" and path else "unknown"


def _aligned(vouching: str, shown: str, policy: _Policy | None, strict: bool) -> bool:
    if vouching == shown:
        return True
    if strict:
        return False
    if policy:
        return _within(vouching, policy.domain) and _within(shown, policy.domain)
    return vouching.count(".") > 0 and (_within(shown, vouching) or _within(vouching, shown))


def _within(domain: str, above: str) -> bool:
    return domain == above or domain.endswith("." + above)


def _policy(domain: str, resolver: Resolver) -> _Policy | None:
    """The DMARC record for `domain`, found by walking up the name; the highest record bounds what is aligned."""
    labels = domain.split(".")[-_LABELS_AT_MOST:]
    found: list[tuple[str, dict[str, str]]] = []
    for start in range(max(len(labels) - 1, 1)):
        name = ".".join(labels[start:])
        records = [r for r in resolver(f"_dmarc.{name}", "TXT") if r.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(records) == 1:
            found.append((name, _tags(records[0])))
    if not found:
        return None
    nearest, (top, _) = found[0][1], found[-1]
    asks = nearest.get("p", "none") if found[0][0] == domain else nearest.get("sp", nearest.get("p", "none"))
    return _Policy(top, asks.lower(), nearest.get("adkim") == "s", nearest.get("aspf") == "s")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _signatures(content: bytes, resolver: Resolver) -> Iterator[_Signature]:
    def key(name: bytes, timeout: int = 5) -> bytes | None:
        records = resolver(name.decode("ascii", "replace").rstrip("."), "TXT")
        return records[0].encode() if records else None

    try:
        mail = dkim.DKIM(content, logger=_quiet)
    except dkim.DKIMException:
        return
    count = sum(1 for name, _ in mail.headers if name.lower() == b"dkim-signature")
    for place in range(min(count, _SIGNATURES_AT_MOST)):
        try:
            good = bool(mail.verify(place, dnsfunc=key))
        except (dkim.DKIMException, ValueError, KeyError, IndexError):
            good = False
        if mail.domain:
            # A signature that covers only the beginning of the body lets anybody add to it.
            partial = b"l" in (mail.signature_fields or {})
            yield _Signature(mail.domain.decode("ascii", "replace").casefold(), good and not partial)


def _has_signature(content: bytes) -> bool:
    head = content[:200_000].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return b"dkim-signature:" in head.lower()


class _Query(spf.query):  # type: ignore[misc]  # the library has no types
    """An SPF evaluation that asks our resolver."""

    def __init__(self, envelope: Envelope, resolver: Resolver) -> None:
        super().__init__(i=envelope.ip, s=envelope.sender, h=envelope.greeting)
        self._resolver = resolver

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[object]:
        """The records in the shapes pyspf expects."""
        records = self._resolver(str(name).rstrip(".").lower(), qtype) if name else []
        if not records and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many empty lookups")
        if qtype in ("TXT", "SPF"):
            return [(one.encode(),) for one in records]
        if qtype == "MX":
            return [(int(one.split()[0]), one.split()[-1]) for one in records if " " in one]
        return list(records)


def _spf(envelope: Envelope, resolver: Resolver) -> _Path | None:
    domain = (envelope.sender.rpartition("@")[2] or envelope.greeting).casefold().rstrip(".")
    if not domain:
        return None
    try:
        result, _, _ = _Query(envelope, resolver).check()
    except (spf.PermError, spf.TempError, ValueError, IndexError):
        return None  # an address or greeting that no rule foresees
    return _Path(domain, str(result))


_METHOD = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_DOMAIN = re.compile(r"(?:header\.(?:d|i|from)|smtp\.(?:mailfrom|helo))\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def _told_by_a_trusted_server(inbound: Inbound, trusted: Sequence[str]) -> Verdict | None:
    """What the nearest trusted Authentication-Results say; older ones below it may be forged and do not count."""
    names = {one.casefold() for one in trusted}
    for value in inbound.authentication_results if names else ():
        parts = _COMMENT.sub("", value).split(";")
        if parts[0].strip().split(" ")[0].casefold() not in names:
            continue
        return _verdict_of(parts[1:], {one.address.rpartition("@")[2].casefold() for one in inbound.senders})
    return None


def _verdict_of(parts: Sequence[str], shown: set[str]) -> Verdict:
    results: dict[str, set[str]] = {}
    vouched: set[str] = set()
    for part in parts:
        if method := _METHOD.match(part):
            name, result = method.group(1).lower(), method.group(2).lower()
            results.setdefault(name, set()).add(result)
            if result == "pass":
                vouched |= {one.rpartition("@")[2].casefold() for one in _DOMAIN.findall(part)}
    if "pass" in results.get("dmarc", ()):
        return "verified"
    if "fail" in results.get("dmarc", ()):
        return "failed"
    if shown and all(any(_aligned(one, domain, None, strict=False) for one in vouched) for domain in shown):
        return "verified"
    if "fail" in results.get("spf", ()) or ("fail" in results.get("dkim", ()) and "pass" not in results["dkim"]):
        return "failed"
    return "unknown"
