"""What the files of an output folder are called."""

from ..terminology import DLPFC, stem_of_region

TARGETS_FILE = "targets.mrk.json"
OVERVIEW_FILE = "overview.png"
RESULT_FILE = "result.json"
SCENE_FILE = "scene.mrb"
REPORT_FILE = "report.html"
CIRCUIT_MAP_FILE = "circuit_z.nii.gz"
CIRCUIT_TABLE_FILE = "circuit.tsv"


def mask_file_name(hemisphere: str, region: str = DLPFC) -> str:
    """Name of the NIfTI mask of 'left' or 'right'."""
    return f"{stem_of_region(region)}_{hemisphere}.nii.gz"


def circuit_picture_name(hemisphere: str) -> str:
    """Name of the picture of the connectivity of 'left' or 'right'."""
    return f"circuit_{hemisphere}.png"


def segmentation_file_name(hemisphere: str, region: str = DLPFC) -> str:
    """Name of Slicer's segmentation file of 'left' or 'right'."""
    return f"{stem_of_region(region)}_{hemisphere}.seg.nrrd"
