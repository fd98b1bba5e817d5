"""Which functions of a rule Snakemake calls for every job."""

from __future__ import annotations

from types import SimpleNamespace

from trailerflow.planning.functions import rule_functions


def test_functions_among_inputs_and_parameters_and_nothing_else() -> None:
    def held(wildcards: object) -> str:
        return ""

    def plain(wildcards: object) -> str:
        return ""

    rule = SimpleNamespace(input=["a.txt", SimpleNamespace(callable=held)], params=[plain, 3, ["b"], len])
    assert list(rule_functions([rule])) == [held, plain]
