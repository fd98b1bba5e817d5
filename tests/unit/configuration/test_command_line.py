"""Types of what ``--config`` sets, after Snakemake's own reading."""

from __future__ import annotations

from typing import Any

import pytest
from snakemake.cli import parse_config
from snakemake.utils import update_config

from trailerflow.configuration import give_types


def read(*entries: str, config: dict[str, Any] | None = None) -> dict[str, Any]:
    """A configuration as Snakemake merges it, with types."""
    merged = config or {}
    update_config(merged, parse_config(entries))
    give_types(merged, list(entries))
    return merged


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("300", 300),
        ("-3", -3),
        ("0.5", 0.5),
        (".5", 0.5),
        ("3.0", 3.0),
        ("1e-4", 0.0001),
        ("2E3", 2000.0),
        ("true", True),
        ("no", False),
        ("True", True),
        ("null", None),
        ("~", None),
        ("None", None),
        ("", None),
        ("'300'", "300"),
        ('"null"', "null"),
        ("'None'", "None"),
        ("Nonesuch", "Nonesuch"),
        ("nan", "nan"),
        ("e5", "e5"),
        ("resources/models", "resources/models"),
        ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"),
        ("2026-11-01", "2026-11-01"),
        ("[]", []),
        ("{}", {}),
        ("[en, 2, null, [true]]", ["en", 2, None, [True]]),
        ("[{name: a, slots: 4}]", [{"name": "a", "slots": 4}]),
        ("{keep: yes, seconds: 60}", {"keep": True, "seconds": 60}),
    ],
)
def test_values_within_braces_are_what_yaml_says(value: str, meant: object):
    assert read(f"trailers={{words: {value}}}") == {"trailers": {"words": meant}}


def test_pythons_form_that_snakemakes_help_asks_for_is_read_too():
    entry = "trailers={'words': 300, 'media': None, 'audio': {'keep': True, 'seconds': 60.5}}"
    audio = {"keep": True, "seconds": 60.5}
    assert read(entry) == {"trailers": {"words": 300, "media": None, "audio": audio}}


def test_quotes_around_the_whole_are_none_of_the_value():
    assert read("trailers='{words: 300}'") == read('trailers="{words: 300}"') == {"trailers": {"words": 300}}


def test_json_is_read_too():
    assert read('trailers={"words":300,"media":null}') == {"trailers": {"words": 300, "media": None}}


def test_the_rest_of_a_section_stays():
    config = {"trailers": {"words": 600, "audio": {"keep": False, "seconds": 600}}}
    assert read("trailers={audio: {keep: true}}", "seeds=[1, 2]", config=config) == {
        "trailers": {"words": 600, "audio": {"keep": True, "seconds": 600}},
        "seeds": [1, 2],
    }


def test_of_several_values_the_last_one_counts():
    assert read("trailers={words: 1}", "trailers={words: 2, media: null}", "trailers={words: 3}") == {
        "trailers": {"words": 3, "media": None}
    }


@pytest.mark.parametrize(
    ("entry", "meant"),
    [("seed=5", 5), ("seed=null", None), ("seed=", None), ("seed=None", None), ("seed=a b", "a b")],
)
def test_values_without_braces_are_snakemakes_but_for_nothing(entry: str, meant: object):
    assert read(entry) == {"seed": meant}


@pytest.mark.parametrize("entry", ["trailers={words: 300", "trailers={[1]: 2}", "trailers=a: b: c"])
def test_what_is_no_yaml_stays_text(entry: str):
    assert read(entry) == {"trailers": entry.partition("=")[2]}


def test_keys_stay_text():
    assert read("trailers={1: 2, on: 3, '1': 4}") == {"trailers": {"1": 4, "on": 3}}


def test_ours_may_be_a_section_of_a_larger_workflow():
    ours = {"trailers": {"words": "300"}, "genres": {"folds": 3}}
    give_types(ours, ["trailerflow={trailers: {words: 300}, genres: {folds: 4}, other: 1}"])
    # Folds were set by something stronger.
    assert ours == {"trailers": {"words": 300}, "genres": {"folds": 3}}


def test_without_the_option_nothing_changes():
    config = {"trailers": {"words": "300"}}
    give_types(config, None)
    give_types(config, [])
    assert config == {"trailers": {"words": "300"}}
