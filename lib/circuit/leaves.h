/* SPDX-License-Identifier: BSD-3-Clause */
/* Square pieces of an array as meshes between what leaves them: MQC_MESHES pieces at once. */
#ifndef MQC_CIRCUIT_LEAVES_H
#define MQC_CIRCUIT_LEAVES_H

#include "circuit/inside.h"
#include "circuit/mesh_kernels.h"

/* The sides of a piece, and of a rectangle of them. The nodes of its left side are those of its
 * first column on the inner lines, those of the right side the ones of the next column; of the top
 * those of its first row on the outer lines, of the bottom those of the next row. At the edge of
 * the array they are terminals, joined to nothing where the line has none. */
enum mqc_side { MQC_LEFT, MQC_RIGHT, MQC_TOP, MQC_BOTTOM, MQC_SIDES };

/* Cells of a side of a piece; nodes of its sides, side by side in the order above. */
enum { MQC_LEAF = 8, MQC_LEAF_NODES = MQC_SIDES * MQC_LEAF };

/* Room for the work: numbers. */
enum { MQC_LEAF_ROOM = 1332 * MQC_MESHES };

/* Where a piece is, in pieces. */
struct mqc_leaf {
    size_t row, col;
};

/* Makes the meshes of MQC_MESHES pieces in `work`, as triangles whose elements are side by side.
 * Rows and columns that the array does not have lead on to its terminals without resistance. */
void mqc_leaves_make(const struct mqc_circuit *c, const struct mqc_leaf *leaves, double *work);

#endif
