"""From records to studies: each number of the flow, and who of the blind searches met what."""

from __future__ import annotations

from pathlib import Path

from kb.flow import completeness, flow
from kb.protocol import read_protocol
from kb.second_coding import BEFORE_CODEBOOK, BY_CODEBOOK, compare

PROTOCOL = read_protocol(Path(__file__).parents[1] / "records")
CIRCLES = {
    "alpha2001trust": "core",
    "beta2002moderator": "core",
    "gamma2003index": "comparable",
    "delta2004reform": "reform",
    "epsilon2005review": "core",
}


def test_the_flow_counts_records_duplicates_exclusions_and_studies() -> None:
    found = flow(PROTOCOL, CIRCLES, {"alpha2001trust", "beta2002moderator", "gamma2003index", "delta2004reform"})
    assert (found.records, found.duplicates, found.screened, found.included, found.coded) == (9, 2, 7, 5, 4)
    assert found.by_route == {"g": 4, "s": 3, "c": 2}
    assert found.excluded == {"entry-policy": 1, "thesis": 1}
    assert found.by_circle == {"core": 3, "reform": 1, "comparable": 1}
    assert found.unrecorded == []
    assert found.screened == found.included + sum(found.excluded.values())
    assert found.records == found.screened + found.duplicates == sum(found.by_route.values())


def test_a_study_that_no_record_leads_to_is_named() -> None:
    assert flow(PROTOCOL, {**CIRCLES, "omega2009new": "core"}, set()).unrecorded == ["omega2009new"]


def test_a_record_without_study_or_reason_is_not_lost() -> None:
    without = PROTOCOL._replace(excluded=[])
    assert flow(without, CIRCLES, set()).excluded == {"no reason recorded": 2}


def test_completeness_compares_blind_searches_with_each_other_and_with_the_collection() -> None:
    found = completeness(PROTOCOL, {"alpha2001trust", "beta2002moderator", "epsilon2005review"}, {"alpha2001trust"})
    assert found.routes[:3] == (2, 1, 1)
    assert found.routes_seen[:3] == (1, 1, 1)
    assert found.collection[:3] == (2, 2, 1)
    assert (found.met, found.held, found.core) == (2, 1, 3)


def test_two_codings_are_compared_over_the_results_that_both_have() -> None:
    found = compare(PROTOCOL.codings, BY_CODEBOOK)
    assert (found.studies, found.units, found.both, found.only_first, found.only_second) == (2, 4, 2, 1, 1)
    raw = {name: value.raw for name, value in found.variables.items()}
    expected = {"policy": 0.5, "policy_area": 1, "outcome": 1, "outcome_group": 1, "direction": 1, "role": 0.5}
    assert raw == expected


def test_codings_before_the_codebook_are_not_compared_by_outcome() -> None:
    found = compare(PROTOCOL.codings, BEFORE_CODEBOOK)
    assert "outcome" not in found.variables
    assert found.variables["direction"].raw == 0
