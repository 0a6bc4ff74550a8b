"""What a long run says of itself in a log."""

import time

from DLPFCSegmenterLib.progress import LogProgress


def test_a_line_has_the_time_how_far_it_is_and_how_long_it_takes(capsys):
    clock = iter(range(0, 10000, 30))
    log = LogProgress(2, lambda: float(next(clock)))
    for done in range(1, 6):
        log.report(done, 9, "learning")
    log.report(1, 1, "epoch 1: mAP 0.5")
    lines = capsys.readouterr().out.splitlines()
    at = [time.strftime("%H:%M:%S", time.localtime(second)) for second in (0, 60, 120, 150)]
    assert lines == [
        f"{at[0]} 1/9 learning",
        f"{at[1]} 3/9 learning, 3 min left",
        f"{at[2]} 5/9 learning, 2 min left",
        f"{at[3]} epoch 1: mAP 0.5",
    ]


def test_a_resumed_run_counts_from_where_it_went_on(capsys):
    clock = iter((0.0, 60.0, 120.0))
    log = LogProgress(1, lambda: next(clock))
    for done in (90, 91, 92):
        log.report(done, 100, "learning")
    assert capsys.readouterr().out.splitlines()[-1].endswith("92/100 learning, 8 min left")
