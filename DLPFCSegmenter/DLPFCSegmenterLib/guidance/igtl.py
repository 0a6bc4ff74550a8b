"""A tracker that is heard over OpenIGTLink: the newest transform of each tool, whatever its server does.

pyigtl knows what a message means. Its own client would wait for ever for bytes that do not come, take any size that a
header names, and not see that a server has closed; so the bytes are taken from the socket here. Nothing listens: it
connects to the address that it is given.
"""

import re
import socket
import struct
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from ..errors import UserError
from ..sentences import say
from .tracking import Sighting

PORT = 18944
_ADDRESS = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+(?:%\w+)?)\]|(?P<host>(?![0-9]+$|[0-9]+:)[^\[\]:/\s]*))(?::(?P<port>[0-9]{1,5}))?"
)
_HEADER = struct.Struct(">H12s20s8sQQ")
HEADER_BYTES = _HEADER.size
_NAME_BYTES = 20
"""Of a longer name its sender sends the beginning; PLUS adds the whole one to what it tells beside the matrix."""
_WHOLE_NAME, _STATUS = "IGTL_DEVICE_NAME", "TransformStatus"
_MOST_BYTES = 64_000
"""Of a message that is read; a transform has 48, and some words with it."""
_MOST_PASSED_OVER = 256_000_000
"""Of an image, which is let go by: its header is believed so far."""
_WAIT_S = 0.1
_PAUSE_S = 0.5
_CONNECT_S = 2.0
_READ = ("TRANSFORM", "STATUS")
_STATUS_OK = 1
_MOST_OTHERS = 6
"""Of what else a tracker sends that is told."""


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of 'HOST:PORT', 'HOST', ':PORT' or '[IPv6]:PORT'. Raises UserError for anything else."""
    found = _ADDRESS.fullmatch(text)
    port = int((found and found["port"]) or PORT)
    if found is None or not 0 < port < 65536 or not _can_be_asked_for(found["host"] or ""):
        raise UserError("'{text}' is no address of a tracker; give HOST:PORT, such as localhost:18944.", text=text)
    return found["six"] or found["host"] or "localhost", port


def _can_be_asked_for(host: str) -> bool:
    """Whether the system would look a name up: it raises no OSError for one with an empty part, or one too long."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


CONNECTED = say("connected")


class Damaged(ValueError):
    """The bytes are no message: nothing after them can be read either."""


@dataclass(frozen=True)
class _Header:
    """What stands before each message; names end where the first NUL is, in whatever encoding."""

    version: int
    kind: str
    device: bytes
    stamp: bytes
    body_bytes: int
    checksum: int


def _header_of(raw: bytes) -> _Header:
    version, kind, device, stamp, body_bytes, checksum = _HEADER.unpack(raw)
    found = _Header(version, _text(kind).decode("ascii", "replace"), _text(device), stamp, body_bytes, checksum)
    if version not in (1, 2) or not (found.kind.isascii() and found.kind.isprintable()):
        raise Damaged(say("no header of a message"))
    return found


def _text(padded: bytes) -> bytes:
    return padded.split(b"\0")[0].rstrip()


class Messages:
    """Takes bytes as they come, and keeps what the newest messages say of the tools of `names`.

    seen    tool -> what was heard of it last
    others  what else is sent, a name and a kind of message each, the first of it
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        try:
            import pyigtl.messages as library
        except ImportError as error:
            raise UserError(
                "A tracker needs pyigtl, which is not installed: pip install 'dlpfcsegmenter[guide]'."
            ) from error
        self._library = library
        self._names = names
        self._held = bytearray()
        self._to_pass = 0
        self._stamps: dict[str, bytes] = {}
        self._newest: dict[str, Sighting] = {}
        self.seen: dict[str, Sighting] = {}
        self.others: tuple[str, ...] = ()

    def take(self, received: bytes, now_s: float) -> None:
        """Read what has come whole by now. Raises Damaged for what is no OpenIGTLink, or longer than any message.

        `seen` is exchanged at the end: the tools of one moment come together, and none is seen with another's past.
        """
        self._held += received
        try:
            while self._take_one(now_s):
                pass
        finally:
            self.seen = dict(self._newest)

    def _take_one(self, now_s: float) -> bool:
        passed = min(self._to_pass, len(self._held))
        del self._held[:passed]
        self._to_pass -= passed
        if self._to_pass or len(self._held) < HEADER_BYTES:
            return False
        header = _header_of(bytes(self._held[:HEADER_BYTES]))
        whole, is_read = HEADER_BYTES + header.body_bytes, header.kind in _READ and bool(self._meant(header.device))
        if whole > (_MOST_BYTES if is_read else _MOST_PASSED_OVER):
            raise Damaged(say("a message of {size} bytes", size=whole))
        if not is_read:
            self._to_pass = whole
            self._note_other(header)
            return True
        if len(self._held) < whole:
            return False
        body = bytes(self._held[HEADER_BYTES:whole])
        del self._held[:whole]
        with suppress(Exception):  # whatever the library makes of a damaged body: the next message is another
            self._keep(header, body, now_s)
        return True

    def forget(self) -> None:
        """The connection is another: what began on the old one does not go on."""
        self._held.clear()
        self._to_pass, self.others = 0, ()

    def _note_other(self, header: _Header) -> None:
        """A status tells nothing of a tool, and many senders tell it again and again."""
        if header.kind == "STATUS":
            return
        other = f"{header.device.decode('utf-8', 'replace')} ({header.kind})"
        if len(self.others) < _MOST_OTHERS and other not in self.others:
            self.others += (other,)

    def _meant(self, device: bytes) -> list[str]:
        """The names that a message's own name, which is cut short, may stand for."""
        return [name for name in self._names if name.encode()[:_NAME_BYTES] == device]

    def _keep(self, header: _Header, body: bytes, now_s: float) -> None:
        if self._library.CRC64(body) != header.checksum:
            return
        meant = self._meant(header.device)
        if header.kind == "STATUS":
            start = struct.unpack_from(">H", body)[0] if header.version > 1 else 0
            if struct.unpack_from(">H", body, start)[0] != _STATUS_OK:
                lost = {name: self._newest[name] for name in meant if name in self._newest}
                self._newest |= {name: Sighting(at.matrix, at.heard_s, "status") for name, at in lost.items()}
            return
        message = self._library.TransformMessage()
        fields = {"header_version": header.version, "message_type": header.kind, "device_name": "", "timestamp": 0.0}
        message.unpack(fields, body)
        told = message.metadata.get(_WHOLE_NAME)
        if (told not in meant) if told else len(meant) > 1:
            return
        name = told or meant[0]
        before = self._newest.get(name)
        is_repeated = any(header.stamp) and header.stamp == self._stamps.get(name)
        self._stamps[name] = header.stamp
        heard_s = before.heard_s if before is not None and is_repeated else now_s
        self._newest[name] = Sighting(message.matrix, heard_s, message.metadata.get(_STATUS, ""))


class Tracker:
    """Hears a server from a thread of its own, and connects again when the server goes; to be used in a `with`."""

    def __init__(self, address: str, names: tuple[str, ...]) -> None:
        self._address = parse_address(address)
        self._messages = Messages(names)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tracker", daemon=True)
        self._names = names
        self._state: str = say("connecting")

    def __enter__(self) -> "Tracker":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(_CONNECT_S + 1.0)

    def seen(self) -> Mapping[str, Sighting]:
        """What was heard of each tool last; times are those of `time.monotonic`."""
        return dict(self._messages.seen)

    @property
    def state(self) -> str:
        """In words: what the connection is doing, and what comes by it where a tool was never heard of."""
        seen, others = self._messages.seen, self._messages.others
        if self._state != CONNECTED or all(name in seen for name in self._names):
            return self._state
        if others:
            return say("connected; it sends {others}", others=", ".join(others))
        return self._state if seen else say("connected; nothing comes")

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with socket.create_connection(self._address, _CONNECT_S) as connection:
                    self._state = CONNECTED
                    connection.settimeout(_WAIT_S)
                    self._hear(connection)
                    self._state = say("the tracker's server has closed the connection")
            except (OSError, Damaged) as error:
                self._state = say("no connection ({reason})", reason=_reason(error))
            self._messages.forget()
            self._ended.wait(_PAUSE_S)

    def _hear(self, connection: socket.socket) -> None:
        """Until the server closes, or we end."""
        while not self._ended.is_set():
            try:
                received = connection.recv(65536)
            except TimeoutError:
                continue
            if not received:
                return
            self._messages.take(received, time.monotonic())


def _reason(error: Exception) -> str:
    """In words: the system's, or ours of what is no message."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
