"""Which logs are left after a run."""

from __future__ import annotations

from trailerflow.planning.logs import remove_empty_logs


def test_logs_with_a_word_stay_and_so_does_what_is_no_log(tmp_path):
    (tmp_path / "rule/model").mkdir(parents=True)
    for name in ("merge.log", "rule/1.log", "rule/model/2.log", "rule/notes.txt"):
        (tmp_path / name).touch()
    for name in ("rule/3.log", "rule/model/4.log"):
        (tmp_path / name).write_text("a word")
    (tmp_path / "rule/gone.log").symlink_to(tmp_path / "nowhere")
    remove_empty_logs(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"rule/notes.txt", "rule/3.log", "rule/model/4.log"}
    assert (tmp_path / "rule/gone.log").is_symlink()


def test_a_run_without_logs_has_nothing_to_remove(tmp_path):
    remove_empty_logs(tmp_path / "logs")
    assert not any(tmp_path.iterdir())
