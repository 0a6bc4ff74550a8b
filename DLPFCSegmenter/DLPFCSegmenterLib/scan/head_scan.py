"""`HeadScan`: a checked scan with what every step wants of it, made once and only when asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..geometry.spaces import MIRROR_X
from .canonical import to_canonical, turned_on_ras_axes
from .head_frame import HeadFrame
from .missing_tissue import find_filled, missing_ml
from .volume import Volume

HeadFinder = Callable[[Volume], HeadFrame]
"""Finds where MNI space lies in a scan on its canonical grid; networks do it, which this room does not know."""


@dataclass(frozen=True)
class HeadScan:
    """A scan, its canonical grid and where MNI space lies in it.

    finder  None where nobody asks for the head; `segmentation.head_finding.head_scan` gives the shipped networks'
    maps    name -> what else is known of the head, on its canonical grid (`channels`)
    """

    scan: Volume
    finder: HeadFinder | None = None
    maps: Mapping[str, Volume] = field(default_factory=dict)

    @cached_property
    def canonical(self) -> Volume:
        """The scan on its canonical 2 mm grid, float32."""
        return to_canonical(self.scan)

    @cached_property
    def registration(self) -> HeadFrame:
        """MNI space laid on the scan, whatever its quality (`implausible_frame`). Raises TypeError without a finder."""
        if self.finder is None:
            raise TypeError("a HeadScan without a finder was asked for the head")
        return self.finder(self.canonical)

    @cached_property
    def _filled(self) -> Volume:
        return find_filled(self.scan, self.registration)

    def missing_ml(self, region_ras_mm: np.ndarray, hemisphere: str, is_dlpfc: bool = True) -> float:
        """How much brain is missing in or beside the region of a side (its voxels, RAS mm, shape (N, 3)), in ml."""
        return missing_ml(self.canonical, self._filled, self.registration, region_ras_mm, hemisphere, is_dlpfc)

    @staticmethod
    def of_canonical(canonical: Volume, registration: HeadFrame) -> "HeadScan":
        """A scan that lies on its canonical grid already, in which it is known where MNI space lies."""
        head = HeadScan(canonical)
        # cached_property keeps its value in the instance's dictionary, which a frozen dataclass leaves open.
        head.__dict__.update(canonical=canonical, registration=registration)
        return head

    def with_maps(self, maps: Mapping[str, Volume]) -> "HeadScan":
        """The same head with maps, which lie on its canonical grid; nothing is computed again."""
        head = HeadScan(self.scan, self.finder, maps)
        head.__dict__.update({name: value for name, value in self.__dict__.items() if name != "maps"})
        return head

    def mirrored(self) -> "HeadScan":
        """The same head and voxels in a world mirrored at x = 0 mm; nothing is computed again."""
        twin = self._mirror_image(self.canonical.mirrored())
        return twin.with_maps({name: each.mirrored() for name, each in self.maps.items()})

    def mirrored_on_ras_axes(self) -> "HeadScan":
        """The same with the voxels in the order that the canonical grid of the mirrored scan itself has."""
        return self._mirror_image(turned_on_ras_axes(self.canonical, MIRROR_X))

    def _mirror_image(self, canonical: Volume) -> "HeadScan":
        twin = HeadScan(self.scan.mirrored(), lambda _: self.registration.mirrored())
        twin.__dict__["canonical"] = canonical
        return twin
