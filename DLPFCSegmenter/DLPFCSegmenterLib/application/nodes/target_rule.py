"""Which point of its mask a target is, as the user chose it, for the panel's sections."""

from slicer.i18n import tr as _

from ..parameters import TargetChoice
from .plan_nodes import SideNodes
from .scalp_node import ScalpReader
from .target_node import follow_mask


class TargetRule:
    """Puts targets where their masks say.

    choice  which point of the mask; without a scalp it is the centroid
    """

    def __init__(self, scalps: ScalpReader) -> None:
        self._scalps = scalps
        self.choice = TargetChoice.CENTROID

    def doubts(self, sides: list[SideNodes]) -> tuple[str, ...]:
        """Why targets do not follow the choice, a sentence or none."""
        if self.choice is TargetChoice.CENTROID or all(side.scalp is not None for side in sides):
            return ()
        return (_("There is no scalp, so the target is the centroid of the mask."),)

    def follow(self, side: SideNodes) -> None:
        """Put the target of a side, which must be there, where its mask as it is now says."""
        nearest = self.choice is TargetChoice.NEAREST_SCALP and side.scalp is not None
        follow_mask(side.target, side.segmentation, self._scalps.read(side.scalp) if nearest else None)
