"""How answers are scored: the sums behind `make bench-language`."""

from __future__ import annotations

import pytest

from benchmarks.language_cases import acts_report, calibration_error, macro, reliability, report, values_exact
from zhuhuan.improving.comparing import risks


def test_macro_counts_every_label_that_occurs_alike() -> None:
    told = report(["greet", "greet", "greet", "thank"], ["greet", "greet", "greet", "greet"])
    assert told["accuracy"] == 0.75
    assert macro(told) == pytest.approx((2 * 3 / 7 + 0) / 2)
    assert told["confused"] == [["thank", "greet", 1]]


def test_a_label_that_is_only_answered_and_never_true_does_not_count() -> None:
    assert macro(report(["greet"], ["thank"])) == 0.0
    assert macro(report(["greet", "greet"], ["greet", "thank"])) == pytest.approx(2 / 3)


def test_flags_are_counted_by_hits_and_false_alarms() -> None:
    found = risks([{"risk": ["self_harm"]}, {"risk": []}], [{"risk": [{"name": "self_harm"}, {"name": "violence"}]}, {"risk": [{"name": "self_harm"}]}])
    assert found["self_harm"] == {"n": 1, "hit": 1, "false": 1}
    assert found["violence"] == {"n": 0, "hit": 0, "false": 1}


def test_values_are_exact_only_with_bound_and_period() -> None:
    true = {"type": "amount", "value": "800.00", "bound": "at_most", "per": "month"}
    said = {"entity": "amount", "value": "800.00", "bound": "at_most", "per": "month"}
    cases = [{"entities": [true]}, {"entities": [true]}, {"entities": []}]
    answers = [{"entities": [said]}, {"entities": [said | {"per": None}]}, {"entities": [said]}]
    assert values_exact(cases, answers)["amount"] == (1, 3)


def test_a_bad_line_is_caught_by_any_bad_verdict() -> None:
    cases = [{"acts": ["threaten"]}, {"acts": ["greet"]}, {"acts": ["insult"]}]
    answers = [{"acts": [], "bad": [{"name": "pressure"}]}, {"acts": [{"name": "greet"}], "bad": []}, {"acts": [], "bad": []}]
    told = acts_report(cases, answers)
    assert (told["bad_recall"], told["bad_precision"]) == (0.5, 1.0)
    assert told["acts"]["greet"]["f1-score"] == pytest.approx(1.0) and told["acts"]["threaten"]["f1-score"] == 0


def test_confidence_that_says_what_it_means_has_no_calibration_error() -> None:
    rows = reliability([0.5, 0.5, 1.0, 1.0], [True, False, True, True])
    assert rows == [(0.5, 0.5, 2), (1.0, 1.0, 2)]
    assert calibration_error(rows) == 0.0
    assert calibration_error(reliability([0.9, 0.9], [False, False])) == pytest.approx(0.9)
