"""Tape lengths over the scalp for a table that is live: asked for at once, told as soon as there is time."""

from collections.abc import Callable, Hashable

import numpy as np
import slicer

from ...targeting.distances import landmark_distances
from ..nodes.scalp_node import ScalpReader, surface_key
from ..timers import later


class ScalpDistances:
    """Measures one distance in a turn of the event loop, 20 ms each, so that a drag is never held up.

    on_known  told when a distance that was asked for is known
    """

    def __init__(self, scalps: ScalpReader, on_known: Callable[[], None]) -> None:
        self._scalps = scalps
        self._on_known = on_known
        self._known: dict[Hashable, tuple[tuple, float | None]] = {}
        self._asked: dict[Hashable, tuple[tuple, tuple]] = {}
        self._is_waiting = False

    def get_mm(
        self, name: Hashable, points_ras_mm: tuple[np.ndarray, np.ndarray], scalp: slicer.vtkMRMLModelNode
    ) -> tuple[bool, float | None]:
        """Whether the tape length between the scalp over two points is known, and the length.

        It is None where no tape can be laid. What is not known yet is measured soon, under its `name`.
        """
        question = (*surface_key(scalp), *(tuple(point) for point in points_ras_mm))
        known = self._known.get(name)
        if known is not None and known[0] == question:
            return True, known[1]
        self._asked[name] = (question, (points_ras_mm, scalp))
        if not self._is_waiting:
            self._is_waiting = True
            later(self._measure_one)
        return False, None

    def forget(self) -> None:
        """The nodes are about to go."""
        self._known.clear()
        self._asked.clear()

    def _measure_one(self) -> None:
        self._is_waiting = False
        if not self._asked:
            return
        name = next(iter(self._asked))
        question, ((landmark, target), scalp) = self._asked.pop(name)
        if scalp.GetScene() is not None:
            length_mm = landmark_distances(landmark, target, self._scalps.read(scalp)).along_scalp_mm
            self._known[name] = (question, length_mm)
        self._on_known()  # asks again for what is still missing
