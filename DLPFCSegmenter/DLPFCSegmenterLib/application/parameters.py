"""What the user chose in the panel, kept in the scene so that a saved scene restores it."""

import json
import pathlib
from enum import Enum
from typing import Annotated

import slicer
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

from ..errors import UserError
from ..plan import RULE_RANGE_MM, PlanOptions

_SHIPPED_CARD = pathlib.Path(__file__).parents[1] / "model" / "shipped" / "dlpfc.json"
_NO_FILE = pathlib.Path()
"""What an empty line for a path stands for."""


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


class ModelSource(Enum):
    """Which network is asked."""

    SHIPPED = "shipped"
    OWN = "own"

    def label(self) -> str:
        """What the user reads in the list; the shipped one by its name."""
        return {"shipped": _shipped_model(), "own": _("My own weights file")}[self.value]


class HotspotSource(Enum):
    """Where the motor hotspot comes from."""

    ESTIMATED = "estimated"
    MINE = "mine"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"estimated": _("Estimated from anatomy"), "mine": _("Placed by me")}[self.value]


class BatchSource(Enum):
    """Which scans a batch goes over."""

    SCENE = "scene"
    FOLDER = "folder"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"scene": _("All volumes of the scene"), "folder": _("All scans in a folder")}[self.value]


@parameterNodeWrapper
class PanelParameters:
    """The panel's choices.

    inputVolume    the T1 scan
    hemisphere     side or sides to find
    threshold      confidence below which a slice's detection is dropped, 0..1
    device         where the network runs
    model          whether the shipped network is asked or the user's own
    weightsFile    the user's own network, a file that `dlpfc train` wrote
    hotspotSource  whether the motor hotspot is estimated or the user's own
    ruleMm         length of the walk from hotspot to landmark along the scalp, mm
    exportFormats  names of the ticked formats (`export.exporting`)
    exportFolder   where exported files go
    batchSource    which scans a batch goes over
    batchFolder    folder of those scans, where it is a folder
    batchOutput    folder for the results of a batch
    """

    inputVolume: slicer.vtkMRMLScalarVolumeNode
    hemisphere: Hemisphere = Hemisphere.LEFT
    threshold: Annotated[float, WithinRange(0.05, 0.99)] = 0.5
    device: Device = Device.AUTO
    model: ModelSource = ModelSource.SHIPPED
    weightsFile: pathlib.Path
    hotspotSource: HotspotSource = HotspotSource.ESTIMATED
    ruleMm: Annotated[float, WithinRange(*RULE_RANGE_MM)] = 50.0
    exportFormats: list[str]
    exportFolder: pathlib.Path
    batchSource: BatchSource = BatchSource.SCENE
    batchFolder: pathlib.Path
    batchOutput: pathlib.Path


def plan_options(parameters: PanelParameters, hotspot_ras_mm: tuple[float, float, float] | None) -> PlanOptions:
    """The options of a run; `hotspot_ras_mm` is the user's own hotspot in world RAS, if any.

    Raises UserError where the user's own model is wanted and none was chosen.
    """
    return PlanOptions(
        hemispheres=parameters.hemisphere.sides,
        threshold=parameters.threshold,
        device=parameters.device.value,
        hotspot_ras_mm=hotspot_ras_mm,
        rule_mm=parameters.ruleMm,
        weights=_weights(parameters),
    )


def _weights(parameters: PanelParameters) -> pathlib.Path | None:
    if parameters.model is ModelSource.SHIPPED:
        return None
    if parameters.weightsFile == _NO_FILE:
        raise UserError(_("Choose your weights file under Advanced, or the shipped model."))
    return parameters.weightsFile


def _shipped_model() -> str:
    try:
        name = json.loads(_SHIPPED_CARD.read_text(encoding="utf-8"))["id"]
    except (OSError, ValueError, KeyError):
        return _("Shipped with the module")
    return _("Shipped: {name}").format(name=name)
