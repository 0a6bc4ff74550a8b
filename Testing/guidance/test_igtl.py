"""What comes over OpenIGTLink: good messages, every kind of bad ones, and servers that stall, close and flood."""

import socket
import struct
import sys
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyigtl.messages import CRC64, StringMessage

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.guidance import igtl
from DLPFCSegmenterLib.guidance.igtl import CONNECTED, Damaged, Messages, Tracker, parse_address
from DLPFCSegmenterLib.guidance.tracking import Guide, judged
from guidance.known_patient import MRI_FROM_REFERENCE
from simulated_tracker import Room, SimulatedTracker, packed, turned

COIL = "CoilToReference"
POSE = turned((20.0, 30.0, 40.0), (1.0, 2.0, 300.0))
ANOTHER = turned((50.0, 30.0, 40.0), (100.0, 2.0, 300.0))
PATIENCE_S = 20.0


def read(*pieces, names=(COIL,)):
    messages = Messages(names)
    for number, piece in enumerate(pieces):
        messages.take(piece, float(number))
    return messages.seen


def status(code, name=COIL):
    body = struct.pack(">Hq20s", code, 0, b"") + b"\0"
    return header("STATUS", name, len(body), CRC64(body)) + body


def header(kind, name, size, crc=0, version=1):
    return struct.pack(">H12s20sIIQQ", version, kind.encode(), name.encode(), 0, 0, size, crc)


def wait_until(is_so):
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.005)


def test_a_transform_is_read():
    seen = read(packed(COIL, POSE))
    assert np.allclose(seen[COIL].matrix, POSE, atol=1e-4) and seen[COIL].heard_s == 0.0


def test_the_newest_of_several_counts():
    assert np.allclose(read(packed(COIL, POSE, 1.0) + packed(COIL, ANOTHER, 2.0))[COIL].matrix, ANOTHER, atol=1e-4)


@given(st.lists(st.integers(1, 40), min_size=1))
def test_it_does_not_matter_how_the_bytes_are_cut(lengths):
    whole = packed("Image", POSE) + packed(COIL, POSE, 1.0) + StringMessage("hello", 1.0, "x").pack() + status(1)
    messages, at = Messages((COIL,)), 0
    for length in (*lengths, len(whole)):
        messages.take(whole[at : at + length], 0.0)
        at += length
    assert np.allclose(messages.seen[COIL].matrix, POSE, atol=1e-4)


def test_tools_that_nobody_asked_for_take_no_memory():
    messages = Messages((COIL,))
    for number in range(2000):
        messages.take(packed(f"Tool{number}ToTracker", POSE), 0.0)
    assert not messages.seen


def test_the_metadata_of_version_3_says_when_a_tool_is_not_seen():
    assert judged(read(packed(COIL, POSE, TransformStatus="OK"))[COIL], 0.0).matrix is not None
    assert judged(read(packed(COIL, POSE, TransformStatus="OUT_OF_VIEW"))[COIL], 0.0).lost == "not seen"


def test_a_status_message_says_that_a_tool_is_not_seen_until_it_is_again():
    assert judged(read(packed(COIL, POSE, 1.0), status(13))[COIL], 0.0).lost == "not seen"
    assert judged(read(packed(COIL, POSE, 1.0), status(1))[COIL], 0.0).matrix is not None
    assert judged(read(packed(COIL, POSE, 1.0), status(13), packed(COIL, POSE, 2.0))[COIL], 2.0).matrix is not None
    assert judged(read(packed(COIL, POSE, 1.0), status(13, "StylusToReference"))[COIL], 0.0).matrix is not None


def test_a_tool_of_which_the_same_moment_is_sent_again_and_again_grows_old():
    assert read(*[packed(COIL, POSE, 7.0)] * 5)[COIL].heard_s == 0.0
    assert read(*[packed(COIL, POSE, 7.0 + n) for n in range(5)])[COIL].heard_s == 4.0
    assert read(*[packed(COIL, POSE, 0.0)] * 5)[COIL].heard_s == 4.0, "a sender without a clock"


def named(raw, kind="TRANSFORM"):
    """A whole message of a device that is called so, whatever its bytes mean."""
    body = packed(COIL, POSE)[igtl.HEADER_BYTES :]
    return struct.pack(">H12s20sIIQQ", 1, kind.encode(), raw, 0, 0, len(body), CRC64(body)) + body


@pytest.mark.parametrize("raw", [b"Ger\xe4tToTracker", "GerätGerätGerätäää".encode()[:20], b"\xff" * 20, b""])
def test_the_name_of_another_device_in_whatever_encoding_ends_nothing(raw):
    assert np.allclose(read(named(raw) + packed(COIL, POSE))[COIL].matrix, POSE, atol=1e-4)


@pytest.mark.parametrize("raw", [COIL.encode() + b"\0rest", COIL.encode() + b"  "])
def test_a_name_ends_with_its_text(raw):
    assert COIL in read(named(raw))


LONG, OTHER_LONG = "StylusTipOfMineToReference", "StylusTipOfMineToTracker"


def test_a_name_longer_than_a_message_has_room_for_is_known_by_its_beginning():
    assert list(read(packed(LONG, POSE), names=(COIL, LONG))) == [LONG]
    assert LONG in read(packed(LONG, POSE, IGTL_DEVICE_NAME=LONG), names=(LONG,))
    assert not read(packed(LONG, POSE, IGTL_DEVICE_NAME="StylusTipOfMineToReferee"), names=(LONG,))


def test_two_long_names_of_one_beginning_are_told_apart_by_their_whole_names_or_not_at_all():
    two = (LONG, OTHER_LONG.replace("Tracker", "Reference2"))
    assert not read(packed(LONG, POSE), names=two)
    assert list(read(packed(two[1], POSE, IGTL_DEVICE_NAME=two[1]), names=two)) == [two[1]]


def test_the_extended_header_of_a_status_may_be_longer():
    body = struct.pack(">HHIIQ", 20, 0, 0, 1, 0) + struct.pack(">Hq20s", 13, 0, b"") + b"\0"
    message = header("STATUS", COIL, len(body), CRC64(body), version=2) + body
    assert judged(read(packed(COIL, POSE, 1.0), message)[COIL], 0.0).lost == "not seen"


@pytest.mark.parametrize(
    "kind", ["IMAGE", "POSITION", "QTDATA", "TDATA", "STRING", "NDARRAY", "GET_STATUS", "STT_TDATA"]
)
def test_other_kinds_of_message_are_passed_over_and_told(kind):
    messages = Messages((COIL,))
    messages.take(named(COIL.encode(), kind) + packed("ProbeToTracker", POSE), 0.0)
    assert not messages.seen and messages.others == (f"CoilToReference ({kind})", "ProbeToTracker (TRANSFORM)")
    messages.take(packed(COIL, POSE), 0.0)
    assert COIL in messages.seen


def test_what_else_is_sent_is_told_of_a_few_alone():
    messages = Messages((COIL,))
    messages.take(b"".join(packed(f"Tool{number}ToTracker", POSE) for number in range(100)), 0.0)
    assert len(messages.others) == 6
    messages = Messages((COIL,))
    messages.take(status(1, "") + status(1, "Server"), 0.0)
    assert not messages.others, "a sign of life is no tool"


def test_a_clock_that_is_set_back_does_not_silence_a_tool():
    seen = read(packed(COIL, POSE, 9.0), packed(COIL, ANOTHER, 2.0))
    assert seen[COIL].heard_s == 1.0 and np.allclose(seen[COIL].matrix, ANOTHER, atol=1e-4)


def broken(at, value):
    whole = bytearray(packed(COIL, POSE, 1.0))
    whole[at] = value
    return bytes(whole)


@pytest.mark.parametrize("message", [broken(70, 1), broken(57, 99), broken(105, 255)])
def test_a_message_with_a_wrong_check_sum_is_passed_over(message):
    assert COIL not in read(message)
    assert COIL in read(message + packed(COIL, POSE, 2.0)), "the next one is read"


@pytest.mark.parametrize("size", [0, 4, 47, 49, 5000])
def test_a_transform_of_another_length_is_passed_over(size):
    body = b"\1" * size
    message = header("TRANSFORM", COIL, size, CRC64(body)) + body
    assert COIL not in read(message) and COIL in read(message + packed(COIL, POSE))


def test_a_body_that_lies_about_its_metadata_is_passed_over():
    body = struct.pack(">HHII", 12, 60000, 4_000_000_000, 1) + b"\0" * 48
    message = header("TRANSFORM", COIL, len(body), CRC64(body), version=2) + body
    assert COIL not in read(message) and COIL in read(message + packed(COIL, POSE))


@pytest.mark.parametrize("matrix", [np.full((4, 4), np.nan), np.zeros((4, 4)), np.full((4, 4), 3e38)])
def test_numbers_that_are_no_pose_are_read_and_then_lost(matrix):
    assert judged(read(packed(COIL, matrix))[COIL], 0.0).matrix is None


@pytest.mark.parametrize(
    "received",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b" " * 60,
        b"\xff" * 58,
        header("TRANSFORM", COIL, 1_000_000),
        header("TRANSFORM", COIL, 2**63),
        header("IMAGE", "Image", 2**40),
        header("TRANSFORM", COIL, 48, version=9),
        b"\0" * 58,
    ],
)
def test_what_is_no_message_or_far_too_long_ends_the_connection(received):
    with pytest.raises(Damaged):
        read(packed(COIL, POSE) + received)


def test_an_image_is_let_go_by_without_being_kept():
    messages = Messages((COIL,))
    messages.take(header("IMAGE", "Image", 100 * 65536), 0.0)
    for _ in range(100):
        messages.take(b"\7" * 65536, 0.0)
        assert len(messages._held) < igtl.HEADER_BYTES
    messages.take(packed(COIL, POSE), 0.0)
    assert COIL in messages.seen


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_end_the_connection(received):
    try:
        seen = read(received, received)
    except Damaged:
        return
    assert not seen or judged(seen[COIL], 0.0) is not None


@pytest.mark.parametrize(
    "text, address",
    [
        ("localhost:18944", ("localhost", 18944)), (":1", ("localhost", 1)), ("10.0.0.7", ("10.0.0.7", 18944)),
        ("tracker.lab:80", ("tracker.lab", 80)), ("[::1]:5", ("::1", 5)), ("3d-room:5", ("3d-room", 5)),
        ("[fe80::1%eth0]", ("fe80::1%eth0", 18944)), ("träger:5", ("träger", 5)),
    ],
)  # fmt: skip
def test_an_address_is_read(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "localhost:", "localhost:0", "localhost:65536", "localhost:x", "::1", "a b:1", "x:-1", "18944", "18944:1",
        "http://tracker:80", "tracker..lab:1", f"{'x' * 64}:1", "[]:5", "[::1]5",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    with pytest.raises(UserError, match="HOST:PORT"):
        parse_address(text)


def test_without_pyigtl_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyigtl.messages", None)
    with pytest.raises(UserError, match=r"pip install 'dlpfcsegmenter\[guide\]'"):
        Messages((COIL,))


@contextmanager
def server(*manners):
    """Deals with one connection after the other in the manners that are given; the last one stays."""
    listening, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve():
        for number in range(1000):
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    manners[min(number, len(manners) - 1)](connection, ended)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(PATIENCE_S)


def sending(*pieces, stays=True):
    def manner(connection, ended):
        for piece in pieces:
            connection.sendall(piece)
        if stays:
            ended.wait()

    return manner


def flooding(connection, ended):
    """Far more than a thousand messages a second, each of another moment."""
    stamp = 1.0
    while not ended.is_set():
        connection.sendall(b"".join(packed(COIL, ANOTHER, stamp + n / 100) for n in range(100)))
        stamp += 1.0


GOOD = sending(packed(COIL, POSE))
BAD = {
    "closes at once": sending(stays=False),
    "closes in a header": sending(packed(COIL, ANOTHER)[:20], stays=False),
    "closes in a body": sending(packed(COIL, ANOTHER)[:80], stays=False),
    "speaks another language": sending(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10, stays=False),
    "names a size without end": sending(header("TRANSFORM", COIL, 2**62), stays=False),
}


@pytest.mark.parametrize("manner", BAD.values(), ids=BAD.keys())
def test_a_tracker_is_heard_again_after_a_server_that(manner, monkeypatch):
    monkeypatch.setattr(igtl, "_PAUSE_S", 0.01)
    with server(manner, GOOD) as address, Tracker(address, (COIL,)) as tracker:
        wait_until(lambda: COIL in tracker.seen())
        assert np.allclose(tracker.seen()[COIL].matrix, POSE, atol=1e-4) and tracker.state == CONNECTED


def test_a_server_that_stalls_in_a_message_leaves_the_tool_lost_and_the_end_quick():
    with server(sending(packed(COIL, POSE, 1.0) + packed(COIL, ANOTHER, 2.0)[:90])) as address:
        with Tracker(address, (COIL,)) as tracker:
            wait_until(lambda: COIL in tracker.seen())
            wait_until(lambda: judged(tracker.seen()[COIL], time.monotonic()).lost == "not heard of any more")
        assert not tracker._thread.is_alive()


def test_a_flood_of_messages_is_heard_and_ended():
    with server(flooding) as address, Tracker(address, (COIL,)) as tracker:
        wait_until(lambda: COIL in tracker.seen())
        first = tracker.seen()[COIL].heard_s
        wait_until(lambda: tracker.seen()[COIL].heard_s > first + 0.5)
        assert len(tracker._messages._held) < igtl._MOST_BYTES
    assert not tracker._thread.is_alive()


def test_an_address_where_nobody_listens_is_told():
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with Tracker(address, (COIL,)) as tracker:
        wait_until(lambda: tracker.state.startswith("no connection ("))
        assert not tracker.seen()


def test_a_host_that_is_not_there_is_told():
    with Tracker("no-such-host.invalid:18944", (COIL,)) as tracker:
        wait_until(lambda: tracker.state.startswith("no connection ("))


def test_a_server_by_ipv6_is_heard():
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening, Tracker(f"[::1]:{listening.getsockname()[1]}", (COIL,)) as tracker:
        with listening.accept()[0] as connection:
            connection.sendall(packed(COIL, POSE))
            wait_until(lambda: COIL in tracker.seen())


@pytest.mark.parametrize(
    "sent, state",
    [
        ((), "connected; nothing comes"),
        ((packed("ProbeToTracker", POSE),), "connected; it sends ProbeToTracker (TRANSFORM)"),
        ((packed(COIL, POSE),), CONNECTED),
    ],
)
def test_a_tool_that_is_never_heard_of_makes_it_told_what_is(sent, state):
    with server(sending(*sent)) as address, Tracker(address, (COIL,)) as tracker:
        wait_until(lambda: tracker.state == state)


def test_the_coil_of_a_moving_head_is_where_it_truly_is():
    room = Room(MRI_FROM_REFERENCE, ANOTHER, marker_from_coil=turned((5.0, 80.0, 10.0), (0.0, 60.0, 20.0)))
    guide = Guide(MRI_FROM_REFERENCE, room.names, room.marker_from_coil)
    with SimulatedTracker(room, latency_s=0.05) as simulated, Tracker(simulated.address, room.names.all) as tracker:
        wait_until(lambda: room.names.coil in tracker.seen())
        heads = []
        for _ in range(30):
            seen = tracker.seen()
            found = guide.coil_in_mri(seen, seen[room.names.coil].heard_s).matrix
            assert np.allclose(found, ANOTHER, atol=2e-3)
            heads.append(seen[room.names.reference].matrix[:3, 3])
            time.sleep(0.02)
    assert np.ptp(heads, axis=0).max() > 1.0, "the head did move"


@pytest.mark.parametrize("tool", ["coil", "reference"])
@pytest.mark.parametrize("manner", ["lost", "silent"])
def test_a_tool_that_leaves_the_view_is_lost_and_found_again(tool, manner):
    room = Room(MRI_FROM_REFERENCE, ANOTHER)
    guide, gone = Guide(MRI_FROM_REFERENCE, room.names), getattr(room, manner)
    with SimulatedTracker(room) as simulated, Tracker(simulated.address, room.names.all) as tracker:

        def is_seen():
            return guide.coil_in_mri(tracker.seen(), time.monotonic()).matrix is not None

        wait_until(is_seen)
        gone.add(getattr(room.names, tool))
        wait_until(lambda: not is_seen())
        gone.clear()
        wait_until(is_seen)
