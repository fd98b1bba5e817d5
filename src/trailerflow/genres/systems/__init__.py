"""The systems that predict genres, each a file behind `trailerflow.genres.systems.contract.System`."""

from __future__ import annotations

REGISTER = "trailerflow.genres.systems:SYSTEMS"
"""Place of the register below; see `trailerflow.registers`."""

SYSTEMS: dict[str, str] = {
    "encoder": "trailerflow.genres.systems.encoder:EncoderSystem",
    "llm": "trailerflow.genres.systems.llm:LlmSystem",
}
"""Kind of a system to its class. A system joins by its file and its line here."""
