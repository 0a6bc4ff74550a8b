"""`python -m DLPFCSegmenterLib.cli`: the command where it is not installed, as under torchrun."""

import sys

from .main import main

if __name__ == "__main__":
    sys.exit(main())
