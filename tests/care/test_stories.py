"""Whole appointments, from booking to two weeks after, against story files read top to bottom."""

from pathlib import Path

import pytest

from tests.care.script import read_script, tell, wrong_words

STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_texts_of_the_story_go_out_as_written(path: Path) -> None:
    script = read_script(path)
    lines, sent = tell(script)
    assert lines == script.expected, script.caption
    assert not list(wrong_words(script, sent))
