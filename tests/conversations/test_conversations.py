"""Every golden conversation goes as it is written; NEEDLING_REWRITE=1 writes down how it went instead."""

import os
from pathlib import Path

import pytest

from tests.conversations.play import files, played


@pytest.mark.parametrize("file", files(), ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(file: Path) -> None:
    written = file.read_text(encoding="utf-8")
    went = played(written)
    if os.environ.get("NEEDLING_REWRITE"):
        file.write_text(went, encoding="utf-8")
    else:
        assert went == written
