"""Whom a visit to YouTube may ask: hosts of YouTube itself, by TLS, whatever address an answer or a redirect names."""

from __future__ import annotations

from urllib.parse import urlsplit

from trailerflow.errors import TrailerflowError
from trailerflow.web.reading import told

CONSENT_HOST = "consent.google.com"
MEDIA_DOMAIN = "googlevideo.com"

_CAPTCHA_PATH = "/sorry/"


def is_youtube(host: str) -> bool:
    """Whether a host is of the site itself, not of its media servers."""
    return _is_of(host, "youtube.com")


def host_of(address: str) -> str:
    """Host of an address; empty where it is no address."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def is_captcha(address: str) -> bool:
    """Whether an address is the one to which Google sends whom it takes for a robot."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return _is_of(parts.hostname or "", "google.com") and parts.path.startswith(_CAPTCHA_PATH)


def check_address(address: str) -> None:
    """Make sure that an address is YouTube's: nothing is sent to another one, cookies least of all.

    Raises:
        TrailerflowError: It is of another host, another port, or not encrypted.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise TrailerflowError("YouTube names an address that is none, and it is not asked.") from None
    is_known = is_youtube(host) or _is_of(host, MEDIA_DOMAIN) or host == CONSENT_HOST
    if parts.scheme == "https" and port in (None, 443) and is_known and not parts.username:
        return
    place = told(f"{parts.scheme}://{host}{f':{port}' if port else ''}")
    raise TrailerflowError(
        f"YouTube leads to {place}, which is not YouTube's by TLS, and nothing is sent there; look whether this network "
        "puts a page of its own (a login, say) before the web."
    )


def _is_of(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
