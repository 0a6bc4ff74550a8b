"""What is done again and again, or when there is time for it."""

import qt

import slicer_rig
from DLPFCSegmenterLib.application.timers import Debounce, Pace, Ticker


def test_a_ticker_that_was_stopped_and_started_again_calls_once_a_tick():
    calls = []
    ticker = Ticker(1, lambda: calls.append(1))
    for _time in range(3):
        ticker.start()
        ticker.start()
        ticker.stop()
    slicer_rig.drain_events(0.05)
    assert not calls and not ticker.is_on
    ticker.start()
    ticker._timer.timeout.emit()
    assert len(calls) == 1
    ticker.stop()


def test_a_picture_waits_for_as_long_as_the_last_one_took():
    pace = Pace(0.03)
    assert pace.turn(10.0), "the first one is drawn at once"
    assert not pace.turn(10.2), "it took 0.2 s"
    assert not pace.turn(10.39)
    assert pace.turn(10.41)
    assert not pace.turn(10.42)
    assert not pace.turn(10.43) and pace.turn(10.441), "this one took 0.01 s"


def test_a_pause_that_no_picture_made_does_not_hold_the_next_one_up_for_long():
    pace = Pace(0.03)
    pace.turn(10.0)
    assert pace.turn(100.0)
    assert not pace.turn(100.02) and not pace.turn(100.035) and pace.turn(100.045)


def test_what_was_to_change_a_widget_is_not_done_once_the_widget_is_gone():
    calls, widget = [], qt.QWidget()
    waiting, owned = Debounce(0, lambda: calls.append("free")), Debounce(0, lambda: calls.append("owned"), widget)
    waiting.start()
    owned.start()
    widget.deleteLater()
    slicer_rig.delete_what_is_due()
    slicer_rig.drain_events(0.05, until=lambda: calls)
    assert calls == ["free"]


def test_no_picture_is_asked_for_where_a_number_may_be_waiting_and_the_next_told_one_gets_it():
    pace = Pace(0.03)
    pace.turn(10.0)
    pace.turn(10.02)
    assert not pace.turn(10.041, is_fresh=False)
    assert pace.turn(10.045)
