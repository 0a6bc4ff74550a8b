"""A tracker that is simulated: a real OpenIGTLink server on loopback, a head that moves, and a hand that holds tools.

What it sends of the coil and the pointer follows from where they truly are in the MRI, which a test sets: so what
guidance makes of it has a truth to be held against. Noise, latency and tools out of view are added on the way.

As a program it is a tracker of its own: it takes a pickled room, says its address, and ends with its input.
"""

import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
from pyigtl.messages import TransformMessage

from DLPFCSegmenterLib.geometry.poses import pose_from_axes, rotation_from_euler
from DLPFCSegmenterLib.guidance.tracking import ToolNames

SPEED_MM_S, PERIOD_S = 100.0, 2.0


def turned(angles_deg, shift_mm) -> np.ndarray:
    """4x4 of a turn (x, then y, then z) and a shift."""
    return pose_from_axes(*rotation_from_euler(angles_deg).T, shift_mm)


@dataclass
class Room:
    """Where everything truly is, and how the tracker sees it; a test may change each while the server runs.

    mri_from_reference  4x4, fixed: how the reference tool sits on the head
    coil_ras_mm         4x4, the coil in the MRI, and the pointer's tip alike; None: not in the room
    marker_from_coil    4x4, the coil's own axes to those of the marker on it
    head_speed          how fast head and reference tool move through the room, as a share of a slow sway
    noise_mm, noise_deg  standard deviation of each shift and turn that is sent
    lost                names that are sent as the identity, as PLUS does of a tool that is not seen
    silent              names that are not sent
    """

    mri_from_reference: np.ndarray
    coil_ras_mm: np.ndarray | None = None
    stylus_ras_mm: np.ndarray | None = None
    marker_from_coil: np.ndarray = field(default_factory=lambda: np.eye(4))
    names: ToolNames = ToolNames("CoilToTracker", "StylusToTracker")
    head_speed: float = 1.0
    noise_mm: float = 0.0
    noise_deg: float = 0.0
    lost: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)

    def sent(self, at_s: float, noise: np.random.Generator) -> dict[str, np.ndarray]:
        """What is sent of each tool at a moment, 4x4."""
        sway = self.head_speed * np.sin(at_s * np.array([0.9, 1.1, 0.7, 0.8, 0.6, 1.0]))
        tracker_from_reference = turned(60.0 + 8.0 * sway[:3], (300.0, -100.0, 1500.0) + 25.0 * sway[3:])
        reference_from_mri = np.linalg.inv(self.mri_from_reference)
        poses = {
            self.names.coil: (self.coil_ras_mm, np.linalg.inv(self.marker_from_coil)),
            self.names.stylus: (self.stylus_ras_mm, np.eye(4)),
        }
        found = {self.names.reference: tracker_from_reference}
        for name, (pose, own) in poses.items():
            if pose is not None:
                in_reference = reference_from_mri @ pose @ own
                found[name] = (
                    tracker_from_reference @ in_reference if self.names.needs_reference(name) else in_reference
                )
        seen = {name: self._seen(matrix, noise) for name, matrix in found.items() if name not in self.silent}
        return {name: np.eye(4) if name in self.lost else matrix for name, matrix in seen.items()}

    def _seen(self, matrix: np.ndarray, noise: np.random.Generator) -> np.ndarray:
        shift, turn = noise.normal(0.0, self.noise_mm, 3), noise.normal(0.0, self.noise_deg, 3)
        return matrix @ turned(turn, shift)


@dataclass
class Gliding(Room):
    """A room in which the coil's centre is `SPEED_MM_S` times the moment away from the planned one, along its x axis.

    So a number tells when it was sent, from one `PERIOD_S` to the next.
    """

    planned_ras_mm: np.ndarray = field(default_factory=lambda: np.eye(4))

    def sent(self, at_s: float, noise: np.random.Generator) -> dict[str, np.ndarray]:
        away = turned((0.0, 0.0, 0.0), (SPEED_MM_S * (time.monotonic() % PERIOD_S), 0.0, 0.0))
        self.coil_ras_mm = self.planned_ras_mm @ away
        return super().sent(at_s, noise)


class SimulatedTracker:
    """The server; to be used in a `with`.

    rate_hz    moments a second
    latency_s  how late each moment is sent
    """

    def __init__(self, room: Room, rate_hz: float = 60.0, latency_s: float = 0.0) -> None:
        self.room, self.rate_hz = room, rate_hz
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._latency_s = latency_s
        self._noise = np.random.default_rng(5)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "SimulatedTracker":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError, OSError):
                connection, _ = self._socket.accept()
                with connection:
                    self._send_to(connection)

    def _send_to(self, connection: socket.socket) -> None:
        """Until the client goes, or we end."""
        start = time.monotonic()
        while not self._ended.is_set():
            now = time.monotonic()
            sent = self.room.sent(now - start, self._noise)
            self._waiting.append((now, b"".join(packed(name, matrix) for name, matrix in sent.items())))
            while self._waiting and self._waiting[0][0] <= now - self._latency_s:
                connection.sendall(self._waiting.popleft()[1])
            self._ended.wait(1.0 / self.rate_hz)


def packed(name: str, matrix: np.ndarray, stamp_s: float | None = None, **metadata: str) -> bytes:
    """A TRANSFORM message; with metadata one of header version 2."""
    message = TransformMessage(matrix, device_name=name, timestamp=stamp_s)
    if metadata:
        message.header_version, message.metadata = 2, metadata
    return message.pack()


@contextmanager
def apart(room: Room) -> Iterator[str]:
    """The server in a process of its own, which no work of this one holds up; gives its address."""
    pipe, paths = subprocess.PIPE, {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, env=os.environ | paths) as process:
        pickle.dump(room, process.stdin)
        process.stdin.flush()
        yield process.stdout.readline().decode().strip()
        process.stdin.close()


if __name__ == "__main__":
    with SimulatedTracker(pickle.load(sys.stdin.buffer)) as simulated:
        print(simulated.address, flush=True)
        sys.stdin.buffer.read()
