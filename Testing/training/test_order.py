"""What a training is asked to begin from is a word or a file."""

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.order import start_of


def test_a_start_that_is_neither_a_word_nor_a_file_is_refused(tmp_path):
    (tmp_path / "a.pt").write_bytes(b"weights")
    assert start_of("coco") == ("coco", "") and start_of(str(tmp_path / "a.pt"))[0] == "a.pt"
    for wrong in ("cocoo", str(tmp_path), str(tmp_path / "b.pt"), ""):
        with pytest.raises(UserError, match=r"there is no weights file of this name, nor is it one of none, imagenet"):
            start_of(wrong)
