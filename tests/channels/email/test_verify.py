"""Whether a sender is who the mail says, with real signatures and a resolver that needs no network."""

from __future__ import annotations

from dataclasses import replace

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from credo.channels import Address
from credo.channels.email import verify
from credo.channels.email.read import read
from credo.channels.email.verify import Envelope, NoDns, judge

pytestmark = pytest.mark.anyio

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
MAIL = b"From: Mara <mara@example.org>\r\nTo: care@lumen.example\r\nSubject: Lamp\r\n\r\nIt flickers.\r\n"


def _txt() -> str:
    from base64 import b64encode

    return f"v=DKIM1; k=rsa; p={b64encode(PUBLIC).decode()}"


ZONE = {
    ("s1._domainkey.example.org", "TXT"): [_txt()],
    ("s1._domainkey.mail.example.org", "TXT"): [_txt()],
    ("s1._domainkey.evil.example", "TXT"): [_txt()],
    ("_dmarc.example.org", "TXT"): ["v=DMARC1; p=reject"],
    ("example.org", "TXT"): ["v=spf1 ip4:192.0.2.10 -all"],
    ("_dmarc.strict.example", "TXT"): ["v=DMARC1; p=reject; adkim=s; aspf=s"],
    ("s1._domainkey.m.strict.example", "TXT"): [_txt()],
    ("plain.example", "TXT"): ["v=spf1 mx -all"],
    ("plain.example", "MX"): ["10 mx.plain.example"],
    ("mx.plain.example", "A"): ["192.0.2.20"],
}


def zone(name: str, kind: str) -> list[str]:
    """A name server of our own."""
    return ZONE.get((name.lower(), kind), [])


def silent(name: str, kind: str) -> list[str]:
    """A name server that never answers."""
    raise NoDns


def signed(content: bytes, domain: str, **more: object) -> bytes:
    """The mail with a real DKIM signature."""
    return dkim.sign(content, b"s1", domain.encode(), PEM, **more) + content


def verdict(content: bytes, envelope: Envelope | None = None, resolver: verify.Resolver = zone) -> str:
    return judge(content, read(content), envelope, resolver)


GOOD = Envelope("192.0.2.10", "mail.example.org", "mara@example.org")
BAD = Envelope("203.0.113.9", "evil.example", "mara@example.org")


def test_a_good_signature_of_the_shown_domain_verifies() -> None:
    assert verdict(signed(MAIL, "example.org")) == "verified"
    assert verdict(signed(MAIL, "mail.example.org")) == "verified", "a subdomain vouches when the policy is relaxed"


def test_a_changed_body_fails() -> None:
    assert verdict(signed(MAIL, "example.org").replace(b"flickers", b"explodes")) == "failed"


def test_a_stranger_who_signs_vouches_for_nobody_else() -> None:
    assert verdict(signed(MAIL, "evil.example")) == "unknown"
    assert verdict(signed(MAIL, "evil.example"), Envelope("203.0.113.9", "evil.example", "x@evil.example")) == "failed"


def test_a_signature_over_half_a_body_is_worth_nothing() -> None:
    half = signed(MAIL, "example.org", length=True) + b"Send me your password.\r\n"
    assert verdict(half) == "failed"


def test_a_strict_policy_wants_the_very_domain() -> None:
    shown = MAIL.replace(b"example.org", b"strict.example")
    envelope = Envelope("203.0.113.9", "m.strict.example", "x@m.strict.example")
    assert verdict(signed(shown, "m.strict.example"), envelope) == "failed"


@pytest.mark.parametrize(
    ("envelope", "expected"),
    [
        (GOOD, "verified"),
        (BAD, "failed"),
        (replace(GOOD, sender=""), "failed"),
        (replace(GOOD, ip="not an address"), "unknown"),
    ],
)
def test_spf_by_the_path_a_mail_took(envelope: Envelope, expected: str) -> None:
    assert verdict(MAIL, envelope) == expected


def test_spf_without_dmarc() -> None:
    shown = MAIL.replace(b"example.org", b"plain.example")
    assert verdict(shown, Envelope("192.0.2.20", "mx.plain.example", "a@plain.example")) == "verified"
    assert verdict(shown, Envelope("192.0.2.99", "mx.plain.example", "a@plain.example")) == "failed"
    assert verdict(shown, Envelope("192.0.2.99", "elsewhere.example", "a@elsewhere.example")) == "unknown"


def test_trouble_with_dns_is_no_verdict() -> None:
    assert verdict(signed(MAIL, "example.org"), GOOD, silent) == "unknown"


def test_of_two_senders_both_must_be_vouched_for() -> None:
    two = MAIL.replace(b"mara@example.org>", b"mara@example.org>, Boss <boss@evil.example>")
    assert verdict(signed(two, "example.org")) == "unknown"


RESULTS = "Authentication-Results: mx.trusted.example; {}\r\n"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("dmarc=pass (p=reject) header.from=example.org", "verified"),
        ("dmarc=fail header.from=example.org; spf=pass smtp.mailfrom=x@evil.example", "failed"),
        ("dkim=pass header.d=example.org; spf=softfail smtp.mailfrom=x@y.example", "verified"),
        ("dkim=pass header.i=@mail.example.org", "verified"),
        ("dkim=pass header.d=evil.example; spf=none", "unknown"),
        ("spf=fail smtp.mailfrom=mara@example.org", "failed"),
        ("dkim=fail header.d=example.org; spf=none", "failed"),
        ("none", "unknown"),
        ("dkim=pass (dmarc=pass) header.d=evil.example", "unknown"),
    ],
)
async def test_a_trusted_server_is_believed(told: str, expected: str) -> None:
    content = RESULTS.format(told).encode() + MAIL
    found = await verify.sender(content, read(content), trusted=["MX.trusted.example"], resolver=silent)
    assert found == expected


async def test_only_the_topmost_result_of_a_trusted_server_counts() -> None:
    forged = RESULTS.format("dmarc=pass").encode()
    real = RESULTS.format("dmarc=fail").encode()
    content = real + forged + MAIL
    assert await verify.sender(content, read(content), trusted=["mx.trusted.example"], resolver=silent) == "failed"
    content = forged + MAIL
    assert await verify.sender(content, read(content), trusted=["mx.other.example"], resolver=silent) == "unknown"
    assert await verify.sender(content, read(content), resolver=silent) == "unknown"


@pytest.mark.parametrize(
    "content",
    [
        b"DKIM-Signature: v=1; nonsense\r\n" + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=!; b=!\r\n" + MAIL,
        b"DKIM-Signature: \xff\xfe\r\n" + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=\xff; s=\xff; h=from; bh=aaaa; b=aaaa\r\n" + MAIL,
        b"\x00\x01\x02",
        MAIL.replace(b"mara@example.org", b"nobody"),
    ],
)
async def test_nothing_makes_it_raise(content: bytes) -> None:
    inbound = replace(read(MAIL), senders=(Address(name="", address="mara@example.org"),))
    assert await verify.sender(content, inbound, envelope=GOOD, resolver=zone) in ("verified", "unknown", "failed")
    assert await verify.sender(content, inbound, resolver=zone) in ("unknown", "failed")
