"""Feedback reruns no job; the rankers are fitted with it where that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow.projects import Workflow

from trailerflow.recommendations.saved import load_ranker

pytestmark = pytest.mark.slow

MOVIES = "id,title,year,genres\n1,Alien,1979,Horror\n2,Aliens,1986,Action\n3,Heat,1995,Crime\n"
RATINGS = "userId,movieId,rating,timestamp\n" + "".join(
    f"{user},{film},{1 + (user + film) % 5},{user}\n"
    for user in range(1, 9)
    for film in (1, 2, 3)
    if (user + film) % 4
)


@pytest.fixture
def project(tmp_path: Path) -> Workflow:
    workflow = Workflow(tmp_path / "project")
    (workflow.folder / "movies.csv").write_text(MOVIES)
    (workflow.folder / "ratings.csv").write_text(RATINGS)
    (workflow.folder / "feedback.csv").write_text("user,movie,rating,timestamp\n")
    workflow.settings |= {
        "catalogue": {"movies": "movies.csv", "archive": "ratings.csv"},
        "recommendations": {"saved": ["ease"], "feedback": "feedback.csv"},
    }
    return workflow


def test_a_rating_that_comes_in_plans_no_job_and_is_fitted_where_that_is_asked_for(project: Workflow) -> None:
    project.run("saved_rankers")
    whole = project.jobs()
    assert "fit_rankers" not in whole and "retrain_rankers" not in whole
    with (project.folder / "feedback.csv").open("a") as table:
        table.write("guest,3,5,900\n1,2,4,901\n")
    assert project.jobs() == whole
    project.run("retrained_rankers")
    fitted, retrained = (
        load_ranker(project.folder / "results" / rule / "ease").about
        for rule in ("fit_rankers", "retrain_rankers")
    )
    assert retrained["users"] == fitted["users"] + 1
