"""`HeadScan`: a checked scan with what every step wants of it, made once and only when asked for."""

from dataclasses import dataclass
from functools import cached_property

from .canonical import mirrored_canonical, to_canonical
from .registration import Registration, best_affine
from .volume import Volume


@dataclass(frozen=True)
class HeadScan:
    """A scan, its canonical grid and where MNI space lies in it."""

    scan: Volume

    @cached_property
    def canonical(self) -> Volume:
        """The scan on its canonical 2 mm grid, float32."""
        return to_canonical(self.scan)

    @cached_property
    def registration(self) -> Registration:
        """MNI space laid on the scan, whatever its quality (`registration.implausible`)."""
        return best_affine(self.canonical)

    @staticmethod
    def of_canonical(canonical: Volume, registration: Registration | None = None) -> "HeadScan":
        """A scan that lies on its canonical grid already, with its registration where that is known."""
        head = HeadScan(canonical)
        # cached_property keeps its value in the instance's dictionary, which a frozen dataclass leaves open.
        head.__dict__["canonical"] = canonical
        if registration is not None:
            head.__dict__["registration"] = registration
        return head

    def mirrored(self) -> "HeadScan":
        """The same head and voxels in a world mirrored at x = 0 mm; nothing is computed again."""
        return self._mirror_image(self.canonical.mirrored())

    def mirrored_on_ras_axes(self) -> "HeadScan":
        """The same with the voxels in the order that the canonical grid of the mirrored scan itself has."""
        return self._mirror_image(mirrored_canonical(self.canonical))

    def _mirror_image(self, canonical: Volume) -> "HeadScan":
        known = self.__dict__.get("registration")
        mirrored = HeadScan.of_canonical(canonical, known.mirrored() if known else None)
        object.__setattr__(mirrored, "scan", self.scan.mirrored())
        return mirrored
