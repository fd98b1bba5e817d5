"""The configuration as the report shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trailerflow.redaction import redact_document

CONTACT_SET = "set"


def shown_configuration(config: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration without secrets, and of ``web.contact`` only whether it is set.

    Args:
        config: The configuration of the run.
    """
    shown: dict[str, Any] = redact_document(config)
    web = shown.get("web")
    if isinstance(web, dict) and web.get("contact") is not None:
        web["contact"] = CONTACT_SET
    return shown
