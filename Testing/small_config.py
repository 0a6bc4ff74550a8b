"""The smallest networks that still have all their parts, for tests that train or load one."""

from dataclasses import replace

from DLPFCSegmenterLib.networks.configuration import Augmentation, MaskRCNNConfig
from DLPFCSegmenterLib.networks.unet import UNetConfig

SMALL = replace(
    MaskRCNNConfig(),
    name="small",
    fpn_channels=16,
    box_head_size=16,
    mask_head_channels=8,
    mask_head_layers=1,
    mask_size=28,
    detail_channels=8,
    frame="head",
    planes=("axial", "coronal"),
    image_size=(96, 96),
    window_centre_mm=(-24.0, 12.0, -65.0),
    depths_mm=(130.0,),
    pixel_mm=2.0,
    slice_mm=2.0,
    context=3,
    rois_per_image=8,
    batch=2,
    steps_per_epoch=3,
    heads_epochs=1,
    all_epochs=2,
    augmentation=Augmentation(),
)

SMALL_WINDOW = replace(
    UNetConfig(),
    name="small-window",
    frame="head",
    shape_kji=(24, 28, 32),
    spacing_mm=4.0,
    window_centre_mm=(-20.0, 30.0, -60.0),
    channels=(4, 6, 8),
    steps=4,
    check_every=2,
)
