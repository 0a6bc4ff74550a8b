"""The coil over the target of each side, at the angle that the user chose."""

from ...errors import NoScalpError
from ...targeting.coil import HANDLE_ANGLE_DEG, coil_pose, scalp_entry
from . import coil_node
from .plan_nodes import SideNodes
from .scalp_node import ScalpReader


class CoilRule:
    """Puts coils over targets, as the core does.

    angle_deg  the handle from the midline, backwards and to the side
    """

    def __init__(self, scalps: ScalpReader) -> None:
        self._scalps = scalps
        self.angle_deg = HANDLE_ANGLE_DEG

    def aim(self, side: SideNodes) -> tuple[str, ...]:
        """Put the coil of a side over its target as it is now; what is doubtful about that, a sentence each.

        It is hidden where there is no target, no scalp or no place for a coil.
        """
        target_ras_mm = side.target_ras_mm()
        if side.coil is None:
            return ()
        if target_ras_mm is None or side.scalp is None:
            coil_node.hide_coil(side.coil)
            return ()
        scalp = self._scalps.read(side.scalp)
        try:
            entry = scalp_entry(scalp, target_ras_mm)
            pose_ras_mm = coil_pose(scalp, entry, side.hemisphere, self.angle_deg)
        except NoScalpError as error:
            coil_node.hide_coil(side.coil)
            return (str(error),)
        coil_node.show_coil(side.coil, entry, pose_ras_mm)
        return entry.warnings
