"""Find the dorsolateral prefrontal cortex in a T1 scan and plan a TMS target.

Everything here but `application/` imports neither `slicer` nor `qt`, so that it runs from the
command line and is tested anywhere. Importing this package is cheap: torch and vtk load when used.
"""

__version__ = "0.1.0"
