/* SPDX-License-Identifier: BSD-3-Clause */
/* Tiles: the physical arrays that a plane is cut into, each with a reference column, where there is
 * one, as its last bit line. A tile behind wires that resist is a circuit (circuit/circuit.h). All
 * tiles of one shape share a circuit, which holds the conductances of one of them at a time. */
#ifndef MQC_CROSSBAR_READ_TILE_H
#define MQC_CROSSBAR_READ_TILE_H

#include "circuit/circuit.h"
#include "crossbar/array/array.h"

/* A tile of a plane. They are numbered row by row. */
struct mqc_tile {
    size_t row, col, rows, cols; /* its part of the plane */
    size_t lines;                /* bit lines: cols, and the reference column */
    size_t slot;                 /* circuit of its shape */
};

size_t mqc_tiles(const memqc_crossbar *xb); /* how many a plane has */
struct mqc_tile mqc_tile_of(const memqc_crossbar *xb, size_t number);

/* Does any wire resist? */
int mqc_wiring_on(const memqc_crossbar *xb);

/* Do tiles have a reference column? */
int mqc_tile_has_reference(const memqc_crossbar *xb);

/* What is taken off each conductance of a plane whose cells stand alone: the middle of the range.
 * 0 for cells that have a partner or a reference. */
double mqc_tile_offset(const memqc_crossbar *xb);

/* The circuit of a tile's shape, whatever it holds. NOMEM. */
memqc_status mqc_tile_circuit(memqc_crossbar *xb, const struct mqc_tile *tile,
                              struct mqc_circuit **out);

/* The circuit of a tile of a plane, holding its conductances. NOMEM, DATA. */
memqc_status mqc_tile_hold(memqc_crossbar *xb, size_t plane, size_t number,
                           const struct mqc_tile *tile, struct mqc_circuit **out);

/* What is kept for wires, without anything that is of other conductances than the present ones. */
struct mqc_wiring *mqc_wiring_present(memqc_crossbar *xb);

/* Vectors through wires since the last change of a conductance; and more of them. */
uint64_t mqc_wiring_seen(const memqc_crossbar *xb);
void mqc_wiring_count(memqc_crossbar *xb, uint64_t vectors);
void mqc_wiring_set_seen(memqc_crossbar *xb, uint64_t vectors);

/* Effective matrices are to be made anew. */
void mqc_wiring_forget(struct mqc_wiring *wiring);

/* Wires or tiles have changed. */
void mqc_wiring_drop(struct mqc_wiring *wiring);

void mqc_wiring_free(struct mqc_wiring *wiring);

#endif
