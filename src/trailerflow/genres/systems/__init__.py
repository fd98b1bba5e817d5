"""The systems that predict genres, each a file behind `trailerflow.genres.systems.contract.System`."""

from __future__ import annotations

REGISTER = "trailerflow.genres.systems:SYSTEMS"
"""Place of the register below; see `trailerflow.registers`."""

SYSTEMS: dict[str, str] = {
    "constant": "trailerflow.genres.systems.constant:ConstantSystem",
    "distilled": "trailerflow.genres.systems.distilled:DistilledSystem",
    "encoder": "trailerflow.genres.systems.encoder:EncoderSystem",
    "ensemble": "trailerflow.genres.systems.ensemble:EnsembleSystem",
    "kernel_ridge": "trailerflow.genres.systems.kernel_ridge:KernelRidgeSystem",
    "linear": "trailerflow.genres.systems.linear:LinearSystem",
    "llm": "trailerflow.genres.systems.llm:LlmSystem",
    "llm_few_shot": "trailerflow.genres.systems.llm_few_shot:FewShotSystem",
    "llm_yes_no": "trailerflow.genres.systems.llm_yes_no:YesNoSystem",
    "similarity": "trailerflow.genres.systems.similarity:SimilaritySystem",
    "tfidf": "trailerflow.genres.systems.tfidf:TfidfSystem",
}
"""Kind of a system to its class. A system joins by its file and its line here."""

ASKED = ("llm", "llm_few_shot", "llm_yes_no")
"""Kinds that ask a language model: each model of a run is asked, so they are no entries of ``genres.systems``."""
