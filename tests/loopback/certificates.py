"""A certificate authority that lives as long as a test, by the standard library alone.

Clients have to trust the stand-in's TLS, and nothing in the test environment can sign a certificate. So this writes
X.509 in DER itself, with ECDSA on P-256. It is for tests: the arithmetic is not constant in time, and the keys are
thrown away.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import secrets
import ssl
from pathlib import Path
from threading import Lock

Point = tuple[int, int] | None

_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

_EC_KEY = (1, 2, 840, 10045, 2, 1)
_P256 = (1, 2, 840, 10045, 3, 1, 7)
_ECDSA_SHA256 = (1, 2, 840, 10045, 4, 3, 2)
_COMMON_NAME = (2, 5, 4, 3)
_SUBJECT_KEY = (2, 5, 29, 14)
_KEY_USAGE = (2, 5, 29, 15)
_ALTERNATIVE_NAMES = (2, 5, 29, 17)
_BASIC_CONSTRAINTS = (2, 5, 29, 19)
_AUTHORITY_KEY = (2, 5, 29, 35)
_EXTENDED_USAGE = (2, 5, 29, 37)
_SERVER = (1, 3, 6, 1, 5, 5, 7, 3, 1)


class Authority:
    """Signs certificates for host names.

    Args:
        folder: Where certificates and keys are written.

    Attributes:
        path: PEM file of the authority's own certificate, for clients to trust.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "authority.pem"
        self._folder = folder
        self._name = "loopback, for tests only"
        self._key, self._host_key = _Key(), _Key()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = Lock()
        extensions = [
            _extension(_BASIC_CONSTRAINTS, _sequence(_tlv(0x01, b"\xff"), _integer(0)), critical=True),
            _extension(_KEY_USAGE, _tlv(0x03, b"\x01\x06"), critical=True),  # signs certificates and lists
            _extension(_SUBJECT_KEY, _tlv(0x04, self._key.identifier)),
        ]
        self.path.write_text(_pem("CERTIFICATE", self._certificate(self._name, self._key, extensions)))

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be ``host``."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._new_context(host)
            return self._contexts[host]

    def _new_context(self, host: str) -> ssl.SSLContext:
        extensions = [
            _extension(_ALTERNATIVE_NAMES, _sequence(_tlv(0x82, host.encode("ascii")))),
            _extension(_AUTHORITY_KEY, _sequence(_tlv(0x80, self._key.identifier))),
            _extension(_EXTENDED_USAGE, _sequence(_identifier(_SERVER))),
        ]
        file = self._folder / f"{host}.pem"
        file.write_text(
            _pem("CERTIFICATE", self._certificate(host, self._host_key, extensions))
            + _pem("EC PRIVATE KEY", self._host_key.private())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _certificate(self, subject: str, key: _Key, extensions: list[bytes]) -> bytes:
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        body = _sequence(
            _tlv(0xA0, _integer(2)),
            _integer(secrets.randbits(127) | 1),
            _sequence(_identifier(_ECDSA_SHA256)),
            _name(self._name),
            _sequence(_time(now - day), _time(now + day)),
            _name(subject),
            key.public_information(),
            _tlv(0xA3, _sequence(*extensions)),
        )
        return _sequence(body, _sequence(_identifier(_ECDSA_SHA256)), _bits(self._key.sign(body)))


class _Key:
    """A key pair on P-256."""

    def __init__(self) -> None:
        self._secret = 1 + secrets.randbelow(_ORDER - 1)
        x, y = _affine(_times(self._secret, _BASE))
        self._public = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        self.identifier = hashlib.sha1(self._public).digest()  # the name that RFC 5280 gives a key

    def public_information(self) -> bytes:
        return _sequence(_sequence(_identifier(_EC_KEY), _identifier(_P256)), _bits(self._public))

    def private(self) -> bytes:
        return _sequence(
            _integer(1),
            _tlv(0x04, self._secret.to_bytes(32, "big")),
            _tlv(0xA0, _identifier(_P256)),
            _tlv(0xA1, _bits(self._public)),
        )

    def sign(self, message: bytes) -> bytes:
        number = int.from_bytes(hashlib.sha256(message).digest(), "big")
        once = 1 + secrets.randbelow(_ORDER - 1)
        r = _affine(_times(once, _BASE))[0] % _ORDER
        s = pow(once, -1, _ORDER) * (number + r * self._secret) % _ORDER
        return _sequence(_integer(r), _integer(s))


def _times(factor: int, point: Point) -> Point:
    """A point added to itself, so many times."""
    result: Point = None
    while factor:
        if factor & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        factor >>= 1
    return result


def _sum(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _PRIME == 0:
        return None
    rise, run = (3 * (x1 * x1 - 1), 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, _PRIME)
    x = (slope * slope - x1 - x2) % _PRIME
    return x, (slope * (x1 - x) - y1) % _PRIME


def _affine(point: Point) -> tuple[int, int]:
    if point is None:
        raise ValueError("the point at infinity has no coordinates")
    return point


def _tlv(tag: int, content: bytes) -> bytes:
    """DER: a tag, the content's length, the content."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _bits(content: bytes) -> bytes:
    return _tlv(0x03, b"\x00" + content)


def _identifier(arcs: tuple[int, ...]) -> bytes:
    content = bytearray([40 * arcs[0] + arcs[1]])
    for arc in arcs[2:]:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content += bytes(reversed(groups))
    return _tlv(0x06, bytes(content))


def _name(text: str) -> bytes:
    attribute = _sequence(_identifier(_COMMON_NAME), _tlv(0x0C, text[:64].encode()))
    return _sequence(_tlv(0x31, attribute))


def _time(moment: datetime.datetime) -> bytes:
    return _tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def _extension(kind: tuple[int, ...], content: bytes, *, critical: bool = False) -> bytes:
    return _sequence(_identifier(kind), _tlv(0x01, b"\xff") if critical else b"", _tlv(0x04, content))


def _pem(label: str, content: bytes) -> str:
    lines = base64.encodebytes(content).decode()
    return f"-----BEGIN {label}-----\n{lines}-----END {label}-----\n"
