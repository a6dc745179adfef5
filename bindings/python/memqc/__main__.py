# SPDX-License-Identifier: BSD-3-Clause
"""python3 -m memqc: the command line."""

import sys

from ._cli import main

sys.exit(main())
