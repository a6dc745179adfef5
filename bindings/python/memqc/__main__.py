# SPDX-License-Identifier: BSD-3-Clause
"""python3 -m memqc: the command line."""

import sys

from ._cli import main

if __name__ == "__main__":  # ranks of MPI that wait for work import this file, too
    sys.exit(main())
