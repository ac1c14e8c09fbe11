"""The records of how the collection was made agree with it: nothing unaccounted for, nothing claimed twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from kb.protocol import read_protocol
from kb.second_coding import BEFORE_CODEBOOK, BY_CODEBOOK, compare
from tests.data.test_studies import FILES, findings, words

PROTOCOL = read_protocol(Path(__file__).resolve().parents[2] / "protocol")
KEYS = {path.stem for path in FILES}
CATEGORIES = {
    "no-policy-measure",
    "no-outcome",
    "entry-policy",
    "method-paper",
    "thesis",
    "duplicate-version",
    "incomplete-reference",
    "result-not-seen",
    "not-a-study",
    "outside-scope",
}


def test_every_study_of_the_collection_was_found_by_a_recorded_route() -> None:
    assert KEYS - {record.key for record in PROTOCOL.found} == set()


def test_every_record_found_is_in_the_collection_or_left_out_with_a_reason() -> None:
    assert {record.key for record in PROTOCOL.found} - KEYS - {record.key for record in PROTOCOL.excluded} == set()


def test_nothing_is_both_in_and_left_out_and_every_exclusion_was_found() -> None:
    excluded = [record.key for record in PROTOCOL.excluded]
    assert KEYS & set(excluded) == set()
    assert [key for key, count in Counter(excluded).items() if count > 1] == []
    assert set(excluded) - {record.key for record in PROTOCOL.found} == set()


def test_every_exclusion_has_a_reason_of_a_known_category_and_a_date() -> None:
    for record in PROTOCOL.excluded:
        assert record.reason, record.key
        assert record.category in CATEGORIES, record.key
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", record.date), record.key


def test_every_route_is_described_and_every_search_belongs_to_one() -> None:
    routes = {route.route for route in PROTOCOL.routes}
    assert {record.route for record in PROTOCOL.found} <= routes
    assert {search.route for search in PROTOCOL.searches} <= routes
    assert all(route.description and route.kind in ("subject", "citation", "gathering") for route in PROTOCOL.routes)


def test_both_kinds_of_blind_search_are_recorded_look_up_by_look_up() -> None:
    blind = {route.route: route for route in PROTOCOL.routes if route.blind == "yes"}
    assert {route.kind for route in blind.values()} == {"subject", "citation"}
    counts = Counter(search.route for search in PROTOCOL.searches)
    assert {name: int(route.lookups) for name, route in blind.items()} == {name: counts[name] for name in blind}


def test_at_least_50_studies_were_coded_twice_by_the_codebook() -> None:
    assert compare(PROTOCOL.codings, BY_CODEBOOK).studies >= 50
    assert compare(PROTOCOL.codings, BEFORE_CODEBOOK).studies >= 39


def test_a_unit_holds_at_most_one_finding_of_each_coder_and_two_coders_at_most() -> None:
    units = Counter((coding.round, coding.study, coding.unit, coding.coder) for coding in PROTOCOL.codings)
    assert [unit for unit, count in units.items() if count > 1] == []
    coders = Counter((number, study, unit) for number, study, unit, _ in units)
    assert max(coders.values()) == 2


def test_codings_by_the_codebook_use_its_policies_and_codes() -> None:
    for coding in PROTOCOL.codings:
        assert coding.direction in ("positive", "negative", "null", "mixed", "unclear")
        assert coding.role in ("direct", "moderator")
        assert words().get("policy", coding.policy), coding.policy
        assert words().top("policy", coding.policy) == coding.policy_area


def test_every_difference_of_two_coders_was_resolved() -> None:
    resolved = {(record.round, record.study, record.unit, record.what) for record in PROTOCOL.resolutions}
    units: dict[tuple[str, str, str], list[tuple[str, ...]]] = {}
    for coding in PROTOCOL.codings:
        codes = (coding.policy, coding.outcome_group, coding.role, coding.direction)
        units.setdefault((coding.round, coding.study, coding.unit), []).append(codes)
    names = ("policy", "outcome", "role", "direction")
    for unit, found in units.items():
        if len(found) == 2:
            for name, one, other in zip(names, *found, strict=True):
                assert one == other or (*unit, name) in resolved, (unit, name)
        else:
            assert any((*unit, f"only {coder}") in resolved for coder in ("c1", "c2", "g1", "g2")), unit


def test_studies_that_were_coded_twice_say_who_verified_them() -> None:
    twice = {coding.study for coding in PROTOCOL.codings if coding.round in BY_CODEBOOK}
    verified = {path.stem for path in FILES for finding in findings(path) if finding.verifier == "c2"}
    assert verified <= twice
    assert len(verified) >= 50


def test_nobody_verifies_what_they_coded_themselves() -> None:
    for path in FILES:
        for finding in findings(path):
            assert bool(finding.verifier) == bool(finding.verified), finding.key
            assert finding.verifier != finding.coder, finding.key
