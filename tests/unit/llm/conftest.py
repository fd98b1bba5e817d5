"""A stand-in for a service, which answers with what it was asked about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from loopback_llm import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(reply=lambda body: f"about {body['messages'][-1]['content']}") as site:
        yield site
