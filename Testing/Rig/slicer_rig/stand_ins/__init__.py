"""What slicer-core lacks of the Slicer application: `slicer.app`, `slicer.modules`, the qMRML widgets."""
