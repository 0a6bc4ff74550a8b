"""How the nodes of a plan know each other, kept in the scene so that a saved scene keeps it.

Every node that the module makes names its role, its hemisphere and the scan that it belongs to; a
segmentation refers to the points, the coil and the scalp that were made with it.
"""

import slicer

SEGMENTATION = "segmentation"
TARGET = "target"
LANDMARKS = "landmarks"
MEASURED = "measured"
LITERATURE = "literature"
CIRCUIT = "circuit"
CIRCUIT_MAP = "circuit map"
FIDUCIALS = "fiducials"
OWN = "own"
OWN_COIL = "own coil"
COIL = "coil"
SCALP = "scalp"
STIMULATED = "stimulated"
VOLUME = "volume"

_PREFIX = "DLPFCSegmenter."
_ROLE = _PREFIX + "Role"
_HEMISPHERE = _PREFIX + "Hemisphere"


def place_beside(node: slicer.vtkMRMLNode, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Put `node` under the scan's transform and beside it in the subject hierarchy."""
    node.SetAndObserveTransformNodeID(volume_node.GetTransformNodeID())
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = hierarchy.GetItemByDataNode(volume_node)
    parent = hierarchy.GetItemParent(item) if item else hierarchy.GetSceneItemID()
    hierarchy.CreateItem(parent, node)  # moves the item that Slicer may have made already


def mark(node: slicer.vtkMRMLNode, role: str, volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> None:
    """Write down what `node` is, on which side and of which scan ('' for a node of both sides)."""
    node.SetAttribute(_ROLE, role)
    node.SetAttribute(_HEMISPHERE, hemisphere)
    refer(node, VOLUME, volume_node)


def refer(node: slicer.vtkMRMLNode, role: str, other: slicer.vtkMRMLNode) -> None:
    """Let `node` know `other` in a role."""
    node.SetNodeReferenceID(_PREFIX + role, other.GetID())


def referred(node: slicer.vtkMRMLNode, role: str) -> slicer.vtkMRMLNode | None:
    """The node that `node` knows in a role, if it is still in the scene."""
    return node.GetNodeReference(_PREFIX + role)


def role_of(node: slicer.vtkMRMLNode) -> str:
    """What `node` is, '' for one that is not this module's."""
    return node.GetAttribute(_ROLE) or ""


def hemisphere_of(node: slicer.vtkMRMLNode) -> str:
    """'left' or 'right', or '' for a node of both sides."""
    return node.GetAttribute(_HEMISPHERE) or ""


def latest(role: str, volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> slicer.vtkMRMLNode | None:
    """The newest node of this role for a side of a scan, or None."""
    return next(reversed(every(role, volume_node, hemisphere)), None)


def every(role: str, volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> list[slicer.vtkMRMLNode]:
    """All nodes of this role for a side of a scan, oldest first."""
    return [node for node in own_nodes() if _is(node, role, volume_node, hemisphere)]


def own_nodes() -> list[slicer.vtkMRMLDisplayableNode]:
    """Every node in the scene that this module made, of whatever scan."""
    return [node for node in slicer.util.getNodesByClass("vtkMRMLDisplayableNode") if is_own(node)]


def is_own(node: slicer.vtkMRMLNode) -> bool:
    """Whether this module made the node."""
    return bool(node.GetAttribute(_ROLE))


def _is(node: slicer.vtkMRMLNode, role: str, volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> bool:
    same_role = node.GetAttribute(_ROLE) == role and hemisphere_of(node) == hemisphere
    return same_role and referred(node, VOLUME) is volume_node
