/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays of random shapes, devices, mappings and schemes under random operations. What must hold
 * after each of them: the matrix is what the conductances make of it, bit for bit; positions are
 * rungs; cells that an operation does not name keep their bits; stuck cells stay; counters and
 * costs never fall; and what is saved comes back and goes on alike. */
#include "crossbar/array/array.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

enum { MOST = 40, N = MOST * MOST, ARRAYS = 60, OPERATIONS = 25, ROOM = 1 << 20 };

static const char *const presets[] = {"hfox-a", "hfox-b",    "ideal",  "ag-asi", "taox-hfox",
                                      "pcmo",   "alox-hfo2", "epiram", "rpu",    "soft-bounds"};

/* A stream of whole numbers below a bound. */
static uint64_t draws;

static size_t below(size_t bound) {
    const struct mqc_rng rng = mqc_rng_make(4711, MQC_STREAM_INIT);
    uint32_t word;
    mqc_rng_kernels()->words(&rng, 0, draws++, 1, &word);
    return (size_t)((uint64_t)word * bound >> 32);
}

static void fill(size_t n, float *x) {
    const struct mqc_rng rng = mqc_rng_make(4712, MQC_STREAM_INIT);
    mqc_rng_kernels()->normal(&rng, 0, draws++, n, x);
}

static memqc_crossbar *random_array(void) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset(presets[below(sizeof presets / sizeof *presets)], &device));
    if (below(2)) {
        OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.1));
        OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.01));
    }
    if (below(3) == 0)
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ANYWHERE, 0.05));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.02));
    OK(memqc_crossbar_create(device, 1 + below(MOST), 1 + below(MOST), 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING,
                          MEMQC_CROSSBAR_MAPPING_SINGLE + (double)below(4)));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION,
                          MEMQC_CROSSBAR_NORMALIZATION_FIXED + (double)below(3)));
    const double base = (double)(2 + below(4)), slices = (double)(1 + below(4));
    const int32_t keys[] = {MEMQC_CROSSBAR_SLICES, MEMQC_CROSSBAR_SLICE_BASE};
    const double values[] = {slices, base};
    OK(memqc_crossbar_set_many(xb, slices > 1 ? 2 : 1, keys, values));
    if (below(3) == 0) {
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES, 200));
    }
    OK(memqc_crossbar_set_seed(xb, draws));
    return xb;
}

/* One operation; named, where it names weights, gets a mark for each. Returns whether it does. */
static int operate(memqc_crossbar *xb, unsigned char *named) {
    static float w[N];
    static size_t places[100];
    const size_t n = 1 + below(100);
    fill(N, w);
    memset(named, 0, N);
    for (size_t i = 0; i < n; i++)
        places[i] = below(xb->shape.cells);
    switch (below(6)) {
    case 0:
        OK(memqc_crossbar_program(xb, w, xb->shape.cols));
        return 0;
    case 1:
        OK(memqc_crossbar_update(xb, 0.2, w, xb->shape.cols));
        return 0;
    case 2:
        OK(memqc_crossbar_advance(xb, (double)below(1000)));
        return 0;
    case 3:
        OK(memqc_crossbar_stick(xb, below(xb->cells.planes), n / 10, places, NULL));
        return 1;
    case 4:
        OK(memqc_crossbar_remap(xb, NULL, NULL));
        return 0;
    default:
        OK(memqc_crossbar_program_list(xb, n, places, w));
        for (size_t i = 0; i < n; i++)
            named[places[i]] = 1;
        return 1;
    }
}

static void check_state(memqc_crossbar *xb) {
    static float matrix[N];
    memcpy(matrix, xb->weights.matrix, xb->shape.cells * sizeof *matrix);
    mqc_crossbar_refresh(xb, xb->shape.cells, 0, NULL);
    ck_assert_mem_eq(matrix, xb->weights.matrix, xb->shape.cells * sizeof *matrix);
    for (uint32_t i = 0; i < xb->shape.cells; i++) {
        float position, listed;
        mqc_positions_get(xb, 1, i, NULL, &position);
        mqc_positions_get(xb, 1, 0, &i, &listed);
        ck_assert(position >= xb->weights.ladder.lo && position <= xb->weights.ladder.hi &&
                  position == floorf(position) && position == listed);
    }
    for (size_t p = 0; p < xb->cells.planes; p++)
        for (size_t i = 0; i < xb->shape.cells; i++) {
            const struct mqc_plane *plane = &xb->cells.plane[p];
            ck_assert(isfinite(plane->g[i]) && plane->g[i] >= 0);
            ck_assert(!plane->stuck || plane->stuck[i] < 0 || plane->g[i] == plane->stuck[i]);
        }
}

/* What must never fall. */
static void totals(const memqc_crossbar *xb, double *t) {
    for (int32_t i = MEMQC_CROSSBAR_COST_SET; i <= MEMQC_CROSSBAR_COST_ENERGY; i++)
        OK(memqc_crossbar_get_cost(xb, i, t++));
    for (int32_t i = MEMQC_CROSSBAR_COUNT_PROGRAMMED; i <= MEMQC_CROSSBAR_COUNT_CLIPPED; i++) {
        uint64_t value;
        OK(memqc_crossbar_get_count(xb, i, &value));
        *t++ = (double)value;
    }
}

START_TEST(invariants_hold) {
    static float before[MQC_PLANES][N], w[N];
    static unsigned char named[N];
    for (int a = 0; a < ARRAYS; a++) {
        memqc_crossbar *xb = random_array();
        fill(N, w);
        OK(memqc_crossbar_program(xb, w, xb->shape.cols));
        for (int o = 0; o < OPERATIONS; o++) {
            double t[2][7];
            for (size_t p = 0; p < xb->cells.planes; p++)
                memcpy(before[p], xb->cells.plane[p].g, xb->shape.cells * sizeof(float));
            totals(xb, t[0]);
            const int listed = operate(xb, named);
            totals(xb, t[1]);
            for (size_t i = 0; i < 7; i++)
                ck_assert(t[1][i] >= t[0][i]);
            for (size_t p = 0; listed && p < xb->cells.planes; p++)
                for (size_t i = 0; i < xb->shape.cells; i++)
                    ck_assert(named[i] || xb->cells.plane[p].g[i] == before[p][i]);
            check_state(xb);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(saved_arrays_go_on_alike) {
    static unsigned char bytes[2][ROOM], named[N];
    static float w[N];
    for (int a = 0; a < ARRAYS / 2; a++) {
        memqc_crossbar *xb = random_array(), *copy;
        size_t size[2];
        fill(N, w);
        OK(memqc_crossbar_program(xb, w, xb->shape.cols));
        for (int o = 0; o < 4; o++)
            operate(xb, named);
        OK(memqc_crossbar_save_memory(xb, bytes[0], ROOM, &size[0]));
        OK(memqc_crossbar_load_memory(bytes[0], size[0], &copy));
        const uint64_t start = draws;
        for (int o = 0; o < 4; o++)
            operate(xb, named);
        draws = start;
        for (int o = 0; o < 4; o++)
            operate(copy, named);
        OK(memqc_crossbar_save_memory(xb, bytes[0], ROOM, &size[0]));
        OK(memqc_crossbar_save_memory(copy, bytes[1], ROOM, &size[1]));
        ck_assert_uint_eq(size[0], size[1]);
        ck_assert_mem_eq(bytes[0], bytes[1], size[0]);
        memqc_crossbar_destroy(&xb);
        memqc_crossbar_destroy(&copy);
    }
}
END_TEST

RUN_TESTS("crossbar_random", invariants_hold, saved_arrays_go_on_alike)
