"""Files damaged at random are read or refused in one line; `make fuzz` does it for longer."""

import pytest

from fuzz import KINDS, run_round


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_read_or_refused_in_one_line(kind, tmp_path):
    assert 0 < run_round(kind, 1, tmp_path, examples=150) < 150
