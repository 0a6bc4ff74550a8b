"""From the plan to the head under a tracker: the patient laid on the MRI, the coil seen there, how far off it is."""
