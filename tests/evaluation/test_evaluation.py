"""Measuring as a whole, and the report and the plot of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bot.evaluation.corpus import Labelled, Part, part_of
from bot.evaluation.evaluation import Evaluation, Plan, evaluate
from bot.evaluation.looking import Progress
from bot.evaluation.plot import draw
from bot.evaluation.report import as_json
from bot.matching.compile import CompiledRulebook
from bot.plotting import PlotError
from tests.evaluation.samples import label


def messages() -> list[Labelled]:
    """Forty messages, of which a quarter goes wrong, in both parts."""
    made = []
    for number in range(10):
        made += [
            label("garlic cured my cold", "cold-relief", identity=f"a{number}"),
            label(
                "does garlic cure a cold?",
                "cold-relief",
                stance="asks",
                kind="question",
                identity=f"q{number}",
            ),
            label("garlic never cured my cold", stance="denies", kind="denied", identity=f"d{number}"),
            label("the stinking rose did it", "cold-relief", identity=f"m{number}"),
        ]
    return made


MESSAGES = messages()
MISSED = {part: sum(one.id[0] == "m" and part_of(one.id) is part for one in MESSAGES) for part in Part}


@pytest.fixture(scope="module")
def whole(garlic: CompiledRulebook) -> Evaluation:
    return evaluate(MESSAGES, garlic, Plan(against_brute=True, robustness=True, resamples=60))


def test_the_parts_add_up_to_the_whole(whole: Evaluation) -> None:
    tune, hold = whole.parts
    assert (whole.main.name, tune.name, hold.name) == ("all", "tune", "hold")
    assert tune.messages + hold.messages == whole.main.messages == 40
    assert tune.counts + hold.counts == +whole.main.counts
    assert whole.main.figures["reply", "recall"].value == pytest.approx(2 / 3)
    assert whole.main.figures["reply", "precision"].value == 1
    assert whole.main.figures["stance", "accuracy"].value == 1


@pytest.mark.parametrize(
    ("part", "show_hold", "told", "hidden"),
    [
        (Part.ALL, False, MISSED[Part.TUNE], MISSED[Part.HOLD]),
        (Part.ALL, True, 10, 0),
        (Part.TUNE, False, MISSED[Part.TUNE], 0),
        (Part.HOLD, False, 0, MISSED[Part.HOLD]),
        (Part.HOLD, True, MISSED[Part.HOLD], 0),
    ],
)
def test_misses_of_hold_are_told_only_where_asked_for(
    garlic: CompiledRulebook, part: Part, show_hold: bool, told: int, hidden: int
) -> None:
    assert MISSED[Part.HOLD] > 0
    evaluation = evaluate(MESSAGES, garlic, Plan(part, show_hold=show_hold, resamples=0))
    assert (len(evaluation.misses), evaluation.hidden) == (told, hidden)
    assert len(evaluation.parts) == (2 if part is Part.ALL else 0)
    assert (evaluation.robustness, evaluation.baseline, evaluation.baseline_column) == (None, None, None)


def test_stages_are_told(garlic: CompiledRulebook) -> None:
    stages: dict[str, tuple[int, int]] = {}

    def watch(stage: str) -> Progress:
        return lambda done, of: stages.update({stage: (done, of)})

    evaluate(MESSAGES, garlic, Plan(against_brute=True, robustness=True, resamples=0), watch=watch)
    assert list(stages) == ["looking", "brute force", "robustness"]
    assert all(done == of for done, of in stages.values())


def test_no_messages_are_no_fault(garlic: CompiledRulebook) -> None:
    evaluation = evaluate([], garlic, Plan(against_brute=True, robustness=True))
    assert evaluation.main.messages == 0
    assert json.dumps(as_json(evaluation), allow_nan=False)


def test_the_report_survives_json(whole: Evaluation) -> None:
    given = json.loads(json.dumps(as_json(whole), allow_nan=False))
    figures = given["figures"]
    assert figures["messages"] == 40
    assert figures["reply"]["recall"]["value"] == pytest.approx(0.66667)
    low, high = figures["reply"]["recall"]["interval"]
    assert low < 0.66667 < high
    assert figures["family"]["cold-relief"]["precision"] == {"value": 1.0, "interval": [1.0, 1.0]}
    assert figures["kind"]["denied"]["right"]["value"] == 1.0
    assert figures["counts"]["reply / missed"] == 10
    assert figures["alarms_per_1000_at_most_if_none"] is None
    assert given["parts"].keys() == {"tune", "hold"}
    assert given["confusion"] == [{"due": "cold-relief", "given": "nothing", "messages": 10}]
    assert given["curve"][-1]["recall"] == pytest.approx(0.66667)
    assert {miss["id"][0] for miss in given["misses"]} == {"m"}
    assert given["misses_of_hold_not_told"] == MISSED[Part.HOLD]
    assert {one["should_be"] for one in given["robustness"]} == {"kept", "asked", "silent"}
    assert given["baseline"]["scorer"] in {"partial_ratio", "token_set_ratio"}
    assert given["baseline"]["figures"]["stance"]["accuracy"]["value"] is None


def test_a_report_of_hold_holds_no_text_of_it(garlic: CompiledRulebook) -> None:
    evaluation = evaluate(MESSAGES, garlic, Plan(Part.HOLD, resamples=0))
    assert "stinking rose" not in json.dumps(as_json(evaluation))


def test_the_plot_is_a_picture(whole: Evaluation, tmp_path: Path) -> None:
    draw(whole, tmp_path / "curve.png")
    picture = (tmp_path / "curve.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) > 10_000


def test_a_plot_without_baseline_or_messages_is_drawn_too(garlic: CompiledRulebook, tmp_path: Path) -> None:
    draw(evaluate([], garlic, Plan()), tmp_path / "empty.png")
    assert (tmp_path / "empty.png").stat().st_size > 1000


def test_a_plot_that_cannot_be_written_is_told(whole: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(PlotError, match="cannot be written: No such file"):
        draw(whole, tmp_path / "nowhere" / "curve.png")


def test_a_plot_without_matplotlib_is_told(
    whole: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PlotError, match="matplotlib"):
        draw(whole, tmp_path / "curve.png")
