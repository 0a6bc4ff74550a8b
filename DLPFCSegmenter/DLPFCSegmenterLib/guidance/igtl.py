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
from types import TracebackType

from ..errors import UserError
from ..sentences import say
from .tracking import Sighting

PORT = 18944
_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:\s]*))(?::(?P<port>[0-9]{1,5}))?")
HEADER_BYTES = 58
_MOST_BYTES = 64_000
"""Of a message that is read; a transform has 48, and some words with it."""
_MOST_PASSED_OVER = 256_000_000
"""Of an image, which is let go by: its header is believed so far."""
_WAIT_S = 0.1
_PAUSE_S = 0.5
_CONNECT_S = 2.0
_READ = ("TRANSFORM", "STATUS")
_STATUS_OK = 1


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of 'HOST:PORT', 'HOST', ':PORT' or '[IPv6]:PORT'. Raises UserError for anything else."""
    found = _ADDRESS.fullmatch(text)
    port = int((found and found["port"]) or PORT)
    if found is None or not 0 < port < 65536:
        raise UserError("'{text}' is no address of a tracker; give HOST:PORT, such as localhost:18944.", text=text)
    return found["six"] or found["host"] or "localhost", port


CONNECTED = say("connected")


class Damaged(ValueError):
    """The bytes are no message: nothing after them can be read either."""


class Messages:
    """Takes bytes as they come, and keeps what the newest messages say of the tools of `names`."""

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
        header = bytes(self._held[:HEADER_BYTES])
        fields = self._fields(header)
        whole, is_read = HEADER_BYTES + fields["body_size"], self._is_wanted(fields)
        if whole > (_MOST_BYTES if is_read else _MOST_PASSED_OVER):
            raise Damaged(say("a message of {size} bytes", size=whole))
        if not is_read:
            self._to_pass = whole
            return True
        if len(self._held) < whole:
            return False
        body = bytes(self._held[HEADER_BYTES:whole])
        del self._held[:whole]
        with suppress(Exception):  # whatever the library makes of a damaged body: the next message is another
            self._keep(header, fields, body, now_s)
        return True

    def forget(self) -> None:
        """The connection is another: what began on the old one does not go on."""
        self._held.clear()
        self._to_pass = 0

    def _fields(self, header: bytes) -> dict:
        try:
            fields = self._library.MessageBase.parse_header(header)
        except (ValueError, struct.error) as error:
            raise Damaged(say("no header of a message")) from error
        if fields["header_version"] not in (1, 2) or not fields["message_type"].isprintable():
            raise Damaged(say("no header of a message"))
        return fields

    def _is_wanted(self, fields: dict) -> bool:
        return fields["message_type"] in _READ and fields["device_name"] in self._names

    def _keep(self, header: bytes, fields: dict, body: bytes, now_s: float) -> None:
        if self._library.CRC64(body) != int.from_bytes(header[50:58], "big"):
            return
        name, before = fields["device_name"], self._newest.get(fields["device_name"])
        if fields["message_type"] == "STATUS":
            start = 12 if fields["header_version"] > 1 else 0
            if struct.unpack_from(">H", body, start)[0] != _STATUS_OK and before is not None:
                self._newest[name] = Sighting(before.matrix, before.heard_s, "status")
            return
        message = self._library.TransformMessage()
        message.unpack(fields, body)
        stamp = header[34:42]
        is_repeated = any(stamp) and stamp == self._stamps.get(name)
        self._stamps[name] = stamp
        heard_s = before.heard_s if before is not None and is_repeated else now_s
        self._newest[name] = Sighting(message.matrix, heard_s, message.metadata.get("TransformStatus", ""))


class Tracker:
    """Hears a server from a thread of its own, and connects again when the server goes; to be used in a `with`.

    state  in words: what the connection is doing
    """

    def __init__(self, address: str, names: tuple[str, ...]) -> None:
        self._address = parse_address(address)
        self._messages = Messages(names)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tracker", daemon=True)
        self.state: str = say("connecting")

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

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with socket.create_connection(self._address, _CONNECT_S) as connection:
                    self.state = CONNECTED
                    connection.settimeout(_WAIT_S)
                    self._hear(connection)
                    self.state = say("the tracker's server has closed the connection")
            except (OSError, Damaged) as error:
                self.state = say("no connection ({reason})", reason=_reason(error))
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
