"""What lies in the state folder is nobody else's business, also when the folder was deleted and made anew."""

import os
import shutil
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.paths import state_folder
from hardcore.store.durations import Durations
from hardcore.store.trusted_rules import TrustedRules


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_nobody_else_can_read_what_is_in_the_state_folder(home: Path, tmp_path: Path) -> None:
    with open_studio() as studio:
        studio.do(f"/save {tmp_path / 'a.hcs'}")
        shutil.rmtree(state_folder())
        with pytest.raises(UserError, match="the folder of unsaved work was deleted"):
            studio.do("/tempo 99")
        studio.do("/tempo 98")
        studio.do("/save")
        Durations(state_folder() / "durations.json").learn("a space", 1.0)
        TrustedRules(state_folder() / "rules.trusted").add({"kind": "launch"})
        there = [state_folder(), *state_folder().rglob("*")]
        assert {"recent.json", "durations.json", "rules.trusted", "work"} <= {path.name for path in there}
        assert [path for path in there if path.stat().st_mode & 0o077] == []
