"""Results in a folder and the scan in the scene that they belong to."""

from pathlib import Path

import slicer
from slicer.i18n import tr as _

from ...errors import UserError
from ...export.result_folder import read_findings
from .volume_node import scans_in_scene, source_path


def scan_of_results(folder: Path, chosen: slicer.vtkMRMLScalarVolumeNode | None) -> slicer.vtkMRMLScalarVolumeNode:
    """The volume that a result folder was planned on: one of the scene, else loaded from its file.

    Where the file has gone, or is a DICOM series, it is the `chosen` one; the worker looks whether that is so.
    Raises UserError where the folder holds no results, or there is no such volume.
    """
    file = Path(read_findings(folder).volume.source)
    for node in filter(None, (chosen, *scans_in_scene())):
        source = source_path(node)
        if source is not None and (source == file or source.parent == file):  # of a DICOM series one file is known
            return node
    if file.is_file():
        return slicer.util.loadVolume(str(file))
    if chosen is None:
        sentence = _("{folder}: its scan {file} is not there; load it, choose it above and open the results again.")
        raise UserError(sentence.format(folder=folder, file=file))
    return chosen
