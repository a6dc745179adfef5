# SPDX-License-Identifier: BSD-3-Clause
"""What `memqc report` and `memqc paper` do.

measured, training and studies compute; results is what they found; drawing makes figures of it,
words sentences, page and paper HTML. None of the first three knows of the others.
"""
