"""Tables say what their columns are, and those of old runs are still read."""

from DLPFCSegmenterLib.training.tables import COLUMNS, append_row, read_rows


def test_a_table_begins_with_its_header_and_gives_its_rows_back(tmp_path):
    path = tmp_path / "epochs.csv"
    append_row(path, ["heads", 1, "0.1", "0.1"])
    append_row(path, ["heads", 2, "0.3", "0.3"])
    assert path.read_text().splitlines()[0] == "phase,epoch,map50,best"
    assert [row["map50"] for row in read_rows(path)] == ["0.1", "0.3"]


def test_tables_without_a_header_or_with_fewer_losses_are_read_by_their_order(tmp_path):
    path = tmp_path / "losses.csv"
    path.write_text("heads,1,0.1,0.2,0.3,0.4,0.5\nheads,2,0.1,0.2,0.3,0.4,0.6\n")
    assert [row["loss_mask"] for row in read_rows(path)] == ["0.5", "0.6"]
    append_row(path, ["heads", 3, *[0.7] * 6])
    last = read_rows(path)[-1]
    assert list(last) == list(COLUMNS["losses.csv"]) and last["step"] == "3"


def test_the_later_lines_of_a_repeated_epoch_count(tmp_path):
    path = tmp_path / "losses.csv"
    for step, loss in ((1, 0.9), (2, 0.8), (3, 0.7), (2, 0.5), (3, 0.4)):
        append_row(path, ["heads", step, *[loss] * 6])
    assert [row["loss_mask"] for row in read_rows(path)] == ["0.9", "0.5", "0.4"]


def test_no_table_has_no_rows(tmp_path):
    assert read_rows(tmp_path / "losses.csv") == []
