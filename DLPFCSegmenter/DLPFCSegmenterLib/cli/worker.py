"""The worker as a program (`DLPFCSegmenterLib.worker` says how it is talked to), with this folder's quiet threads."""

import sys

from ..worker import main

if __name__ == "__main__":
    sys.exit(main())
