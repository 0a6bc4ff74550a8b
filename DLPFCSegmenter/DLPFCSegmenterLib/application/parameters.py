"""What the user chose in the panel, kept in the scene so that a saved scene restores it."""

from enum import Enum
from typing import Annotated

import slicer
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

from ..plan import RULE_RANGE_MM, PlanOptions


class Hemisphere(Enum):
    """Which side to look for."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"left": _("Left"), "right": _("Right"), "both": _("Left and right")}[self.value]

    @property
    def sides(self) -> tuple[str, ...]:
        """The hemispheres that it stands for."""
        return ("left", "right") if self is Hemisphere.BOTH else (self.value,)


class Device(Enum):
    """Where the network runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"auto": _("Automatic"), "cpu": _("Processor (CPU)"), "cuda": _("NVIDIA GPU (CUDA)")}[self.value]


class HotspotSource(Enum):
    """Where the motor hotspot comes from."""

    ESTIMATED = "estimated"
    MINE = "mine"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"estimated": _("Estimated from anatomy"), "mine": _("Placed by me")}[self.value]


@parameterNodeWrapper
class PanelParameters:
    """The panel's choices.

    inputVolume    the T1 scan
    hemisphere     side or sides to find
    threshold      confidence below which a slice's detection is dropped, 0..1
    device         where the network runs
    hotspotSource  whether the motor hotspot is estimated or the user's own
    ruleMm         length of the walk from hotspot to landmark along the scalp, mm
    """

    inputVolume: slicer.vtkMRMLScalarVolumeNode
    hemisphere: Hemisphere = Hemisphere.LEFT
    threshold: Annotated[float, WithinRange(0.05, 0.99)] = 0.8
    device: Device = Device.AUTO
    hotspotSource: HotspotSource = HotspotSource.ESTIMATED
    ruleMm: Annotated[float, WithinRange(*RULE_RANGE_MM)] = 50.0


def plan_options(parameters: PanelParameters, hotspot_ras_mm: tuple[float, float, float] | None) -> PlanOptions:
    """The options of a run; `hotspot_ras_mm` is the user's own hotspot in world RAS, if any."""
    return PlanOptions(
        hemispheres=parameters.hemisphere.sides,
        threshold=parameters.threshold,
        device=parameters.device.value,
        hotspot_ras_mm=hotspot_ras_mm,
        rule_mm=parameters.ruleMm,
    )
