/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of jumps: draws against quantiles, courses, device to device, files, errors. */
#include "core/alloc.h"
#include "device/cell/inside.h"
#include "device/property.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 20000, N_G = 4, N_Q = 5, ROOM = 1 << 16 };

static const float lo = 10e-6f, hi = 100e-6f;
static const float even[N_G] = {10e-6f, 40e-6f, 70e-6f, 100e-6f};
static const float uneven[N_G] = {10e-6f, 20e-6f, 70e-6f, 100e-6f};
/* Of either sign, skewed. */
static const float up[N_G * N_Q] = {1e-6f, 2e-6f,  3e-6f,  5e-6f,  9e-6f, 0,     1e-6f,
                                    2e-6f, 4e-6f,  8e-6f,  -1e-6f, 0,     1e-6f, 3e-6f,
                                    5e-6f, -3e-6f, -2e-6f, -1e-6f, 1e-6f, 2e-6f};
static const float down[N_G * N_Q] = {-2e-6f, -1e-6f, 0,      1e-6f,  2e-6f,  -4e-6f, -3e-6f,
                                      -2e-6f, 0,      1e-6f,  -8e-6f, -6e-6f, -3e-6f, -2e-6f,
                                      -1e-6f, -9e-6f, -7e-6f, -5e-6f, -4e-6f, -3e-6f};

static memqc_device *make(const float *g) {
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_JUMPS, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, (double)lo));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, (double)hi));
    OK(memqc_device_set_jumps(d, 0, 1, N_G, g, N_Q, up));
    OK(memqc_device_set_jumps(d, 0, -1, N_G, g, N_Q, down));
    OK(memqc_device_set_seed(d, 77));
    return d;
}

/* The quantile at u of a table at g, in double precision. */
static double quantile(const float *nodes, const float *q, double g, double u) {
    size_t i = 0, j = (size_t)fmin(u * (N_Q - 1), N_Q - 2);
    while (i < N_G - 2 && (double)nodes[i + 1] <= g)
        i++;
    const double rest = u * (N_Q - 1) - (double)j,
                 part = fmin(
                     fmax((g - (double)nodes[i]) / ((double)nodes[i + 1] - (double)nodes[i]), 0),
                     1);
    double at[2];
    for (size_t k = 0; k < 2; k++) {
        const float *row = q + (i + k) * N_Q;
        at[k] = (double)row[j] + rest * ((double)row[j + 1] - (double)row[j]);
    }
    return at[0] + part * (at[1] - at[0]);
}

static int rising(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Sorted changes of N cells at g against the quantiles: Kolmogorov's distance as a difference of u,
 * whose 1e-6 quantile is 2.7 / sqrt(N). */
static void check_draws(const memqc_device *d, const float *nodes, int direction, double g) {
    static float state[N];
    double most = 0;
    for (size_t i = 0; i < N; i++)
        state[i] = (float)g;
    OK(memqc_device_pulse(d, 5, 3, N, direction, state, NULL, NULL));
    qsort(state, N, sizeof *state, rising);
    for (size_t i = 0; i < N; i++) {
        const double change = (double)state[i] - (double)(float)g;
        double low = 0, high = 1;
        for (int k = 0; k < 40; k++) {
            const double u = 0.5 * (low + high);
            if (quantile(nodes, direction > 0 ? up : down, g, u) <= change)
                low = u;
            else
                high = u;
        }
        most = fmax(most, fabs(low - ((double)i + 0.5) / N));
    }
    ck_assert_msg(most < 2.7 / sqrt(N), "at %g: distance %g", g, most);
}

START_TEST(draws_follow_the_quantiles) {
    const float *const grids[] = {even, uneven};
    for (int k = 0; k < 2; k++) {
        memqc_device *d = make(grids[k]);
        check_draws(d, grids[k], 1, 12e-6);
        check_draws(d, grids[k], 1, 40e-6);
        check_draws(d, grids[k], 1, 55e-6);
        check_draws(d, grids[k], -1, 63e-6);
        check_draws(d, grids[k], -1, 88e-6);
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Pulses by twos and by chunks of any size, of many cells or few, are the same. */
START_TEST(chunks_do_not_matter) {
    enum { M = 3000, PULSES = 7 };
    static float whole[M], parts[M];
    memqc_device *d = make(even);
    for (size_t i = 0; i < M; i++)
        whole[i] = parts[i] = lo + (hi - lo) * (float)i / M;
    OK(memqc_device_pulse(d, 9, 100, M, PULSES, whole, NULL, NULL));
    for (size_t first = 0, n = 0; first < M; first += n) {
        n = 1 + first % 613;
        n = n < M - first ? n : M - first;
        OK(memqc_device_pulse(d, 9 + first, 100, n, 3, parts + first, NULL, NULL));
        OK(memqc_device_pulse(d, 9 + first, 103, n, PULSES - 3, parts + first, NULL, NULL));
    }
    ck_assert_mem_eq(whole, parts, sizeof whole);
    for (size_t i = 0; i < M; i++)
        ck_assert(whole[i] >= lo && whole[i] <= hi);
    memqc_device_destroy(&d);
}
END_TEST

/* A table whose jumps are those of LINEAR, without noise. */
START_TEST(it_can_be_the_linear_model) {
    enum { NODES = 7, PULSES = 60 };
    float g[NODES], jumps[2][2 * NODES], course[2][PULSES];
    memqc_device *linear, *d;
    const double step = 2e-6;
    OK(memqc_device_create(MEMQC_DEVICE_LINEAR, &linear));
    OK(memqc_device_create(MEMQC_DEVICE_JUMPS, &d));
    memqc_device *const both[] = {linear, d};
    for (int k = 0; k < 2; k++) {
        OK(memqc_device_set(both[k], MEMQC_DEVICE_G_MIN, (double)lo));
        OK(memqc_device_set(both[k], MEMQC_DEVICE_G_MAX, (double)hi));
        OK(memqc_device_set(both[k], MEMQC_DEVICE_ASYMMETRY, 0.2));
    }
    OK(memqc_device_set(linear, MEMQC_DEVICE_STEP, step));
    OK(memqc_device_set(linear, MEMQC_DEVICE_SLOPE_UP, 0.6));
    OK(memqc_device_set(linear, MEMQC_DEVICE_SLOPE_DOWN, 0.3));
    for (int i = 0; i < NODES; i++) {
        const double x = i / (NODES - 1.0);
        g[i] = (float)((double)lo + x * (double)(hi - lo));
        jumps[0][2 * i] = jumps[0][2 * i + 1] = (float)(step * (1 - 0.6 * x));
        jumps[1][2 * i] = jumps[1][2 * i + 1] = (float)(-step * (1 - 0.3 * (1 - x)));
    }
    OK(memqc_device_set_jumps(d, 0, 1, NODES, g, 2, jumps[0]));
    OK(memqc_device_set_jumps(d, 0, -1, NODES, g, 2, jumps[1]));
    for (int sign = -1; sign < 2; sign += 2) {
        for (int k = 0; k < 2; k++) {
            float state = 50e-6f;
            for (int i = 0; i < PULSES; i++) {
                OK(memqc_device_pulse(both[k], 0, (uint64_t)i, 1, sign, &state, NULL, NULL));
                course[k][i] = state;
            }
        }
        for (int i = 0; i < PULSES; i++)
            ck_assert_double_eq_tol((double)course[0][i], (double)course[1][i], 2e-10);
    }
    for (int32_t level = 1; level <= 32; level++) {
        double mean[2], sd[2];
        for (int k = 0; k < 2; k++)
            OK(memqc_device_level(both[k], level, NULL, &mean[k], &sd[k]));
        ck_assert_double_eq_tol(mean[0], mean[1], 1e-9);
        ck_assert_double_eq_tol(sd[1], 0, 1e-9);
    }
    memqc_device_destroy(&linear);
    memqc_device_destroy(&d);
}
END_TEST

/* Nodes of several kinds, each of which is looked up in a way of its own: even; denser and denser;
 * in pairs, 2e-5 of the range apart; all but two in a thousandth of the range; one. */
enum { EVEN_NODES, DENSER, PAIRS, CLUSTER, SINGLE, KINDS };

static size_t nodes_of(int kind, float *g) {
    const size_t n = kind == SINGLE ? 1 : 64;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)i / 63;
        double part = x;
        if (kind == DENSER)
            part = x * x;
        else if (kind == PAIRS)
            part = (double)(i / 2) / 32 + 2e-5 * (double)(i % 2);
        else if (kind == CLUSTER)
            part = 1e-3 * x + (i + 2 > n) * x;
        g[i] = (float)((double)lo + part * (double)(hi - lo));
    }
    return n;
}

/* Without noise, a jump is a line through the nodes, by whichever look-up finds it: of one table, of
 * two as large, of two that differ in size. Single precision places a state to 1e-5 of the way
 * between even nodes, whose jumps differ by 2 uS. */
START_TEST(any_nodes_are_found) {
    enum { CELLS = 2000 };
    static float g[64], jumps[2 * 64], flat[] = {1e-6f, 1e-6f, 1e-6f}, state[CELLS], all[CELLS];
    for (int test = 0; test < 3 * KINDS; test++) {
        const int kind = test / 3, more = test % 3;
        const size_t n = nodes_of(kind, g);
        memqc_device *d = make(even);
        for (size_t i = 0; i < 2 * n; i++)
            jumps[i] = 1e-6f * (float)(1 + (i / 2) % 3);
        OK(memqc_device_set_jumps(d, 0, -1, n, g, 2, jumps));
        OK(memqc_device_set_jumps(d, 0, 1, n, g, 2, jumps));
        for (size_t k = 0; more == 1 && k < 2; k++)
            OK(memqc_device_set_jumps(d, 1, k ? -1 : 1, n, g, 2, jumps));
        if (more == 2)
            OK(memqc_device_set_jumps(d, 1, 1, 1, g, 3, flat));
        for (size_t i = 0; i < CELLS; i++)
            state[i] = i < n ? g[i] : lo + (hi - lo) * powf((float)i / CELLS, 4);
        memcpy(all, state, sizeof all);
        OK(memqc_device_pulse(d, 0, 0, CELLS, 1, all, NULL, NULL));
        for (size_t i = 0; i < CELLS; i++) {
            float now = state[i];
            size_t k = 0;
            while (k + 2 < n && g[k + 1] <= now)
                k++;
            const double way = n > 1 ? ((double)now - (double)g[k]) / (double)(g[k + 1] - g[k]) : 0;
            const double a = (double)jumps[2 * k], b = n > 1 ? (double)jumps[2 * k + 2] : a;
            const double jump = a + fmin(fmax(way, 0), 1) * (b - a);
            const double next = fmin((double)now + jump, (double)hi);
            OK(memqc_device_pulse(d, i, 0, 1, 1, &now, NULL, NULL));
            ck_assert(now == all[i]);
            if (more < 2 || fabs((double)now - fmin((double)state[i] + 1e-6, (double)hi)) > 1e-11)
                ck_assert_double_eq_tol((double)now, next, 4e-11);
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* A cell keeps one table for life, and each table has its share of the cells. */
START_TEST(cells_keep_their_table) {
    enum { TABLES = 3 };
    static float state[N], later[N];
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_JUMPS, &d));
    size_t count[TABLES] = {0};
    for (size_t k = 0; k < TABLES; k++) {
        const float g = 0, step = 1e-6f * (float)(k + 1), jumps[] = {step, step};
        const float back[] = {-step, -step};
        OK(memqc_device_set_jumps(d, k, 1, 1, &g, 2, jumps));
        OK(memqc_device_set_jumps(d, k, -1, 1, &g, 2, back));
    }
    for (size_t i = 0; i < N; i++)
        state[i] = later[i] = 500e-6f;
    OK(memqc_device_pulse(d, 0, 0, N, 1, state, NULL, NULL));
    OK(memqc_device_pulse(d, 0, 9, N, -1, later, NULL, NULL));
    for (size_t i = 0; i < N; i++) {
        const double by = ((double)state[i] - 500e-6) * 1e6;
        const size_t table = (size_t)lround(by) - 1;
        ck_assert_uint_lt(table, TABLES);
        count[table]++;
        ck_assert_double_eq_tol((double)later[i], 500e-6 - (double)(table + 1) * 1e-6, 1e-9);
    }
    for (size_t k = 0; k < TABLES; k++)
        ck_assert_double_eq_tol((double)count[k] / N, 1.0 / TABLES, 5 * sqrt(2.0 / 9 / N));
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(copies_and_files_keep_the_tables) {
    static unsigned char bytes[ROOM], again[ROOM];
    float g[N_G], q[N_G * N_Q], state[2] = {30e-6f, 30e-6f};
    size_t size, same, tables, n_g, n_q;
    memqc_device *d = make(uneven), *copy, *loaded;
    OK(memqc_device_set_jumps(d, 1, -1, N_G, even, N_Q, down));
    OK(memqc_device_copy(d, &copy));
    OK(memqc_device_save_memory(d, bytes, ROOM, &size));
    memqc_device_destroy(&d);
    OK(memqc_device_load_memory(bytes, size, &loaded));
    OK(memqc_device_save_memory(copy, again, ROOM, &same));
    ck_assert_uint_eq(size, same);
    ck_assert_mem_eq(bytes, again, size);
    OK(memqc_device_jumps_size(loaded, 1, 1, &tables, &n_g, &n_q));
    ck_assert_uint_eq(tables, 2);
    ck_assert_uint_eq(n_g, N_G);
    ck_assert_uint_eq(n_q, N_Q);
    OK(memqc_device_get_jumps(loaded, 1, 1, N_G, g, N_G * N_Q, q));
    ck_assert_mem_eq(g, uneven, sizeof g);
    ck_assert_mem_eq(q, up, sizeof q);
    OK(memqc_device_get_jumps(loaded, 1, -1, N_G, g, N_G * N_Q, q));
    ck_assert_mem_eq(g, even, sizeof g);
    OK(memqc_device_pulse(copy, 7, 1, 1, 4, &state[0], NULL, NULL));
    OK(memqc_device_pulse(loaded, 7, 1, 1, 4, &state[1], NULL, NULL));
    ck_assert(state[0] == state[1]);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&loaded);
}
END_TEST

/* Copies share the tables, until one of them changes its own. */
START_TEST(shared_tables_do_not_change) {
    static const enum mqc_property changing[] = {MQC_PROPERTY_LEVELS, MQC_PROPERTY_C2C,
                                                 MQC_PROPERTY_ASYMMETRY};
    float g[N_G], q[N_G * N_Q];
    memqc_device *d = make(even), *copy, *other;
    OK(memqc_device_copy(d, &copy));
    OK(memqc_device_copy(d, &other));
    ck_assert_ptr_eq(copy->jumps, d->jumps);
    OK(memqc_device_set_jumps(other, 0, 1, N_G, uneven, N_Q, down));
    for (size_t i = 0; i < COUNT(changing); i++) {
        mqc_alloc_fail_after(0);
        FAILS(MEMQC_ERROR_NOMEM, "memory", mqc_property_scale(copy, changing[i], 0.5));
        mqc_alloc_fail_after(-1);
        ck_assert_ptr_eq(copy->jumps, d->jumps);
        OK(mqc_property_scale(copy, changing[i], 0.5));
        ck_assert_ptr_ne(copy->jumps, d->jumps);
        mqc_device_assign(copy, d);
        ck_assert_ptr_eq(copy->jumps, d->jumps);
    }
    memqc_device_destroy(&copy);
    memqc_device_destroy(&other);
    OK(memqc_device_get_jumps(d, 0, 1, N_G, g, N_G * N_Q, q));
    ck_assert_mem_eq(g, even, sizeof g);
    ck_assert_mem_eq(q, up, sizeof q);
    memqc_device_destroy(&d);
}
END_TEST

/* Files cut anywhere, or with a byte changed, never crash. */
START_TEST(hostile_files) {
    static unsigned char bytes[ROOM], bad[ROOM];
    size_t size;
    memqc_device *d = make(even), *loaded;
    OK(memqc_device_save_memory(d, bytes, ROOM, &size));
    memqc_device_destroy(&d);
    for (size_t cut = 0; cut < size; cut += 7)
        ck_assert_int_eq(memqc_device_load_memory(bytes, cut, &loaded), MEMQC_ERROR_FORMAT);
    for (size_t at = 0; at < size; at += 5) {
        memcpy(bad, bytes, size);
        bad[at] ^= 0xc1;
        if (memqc_device_load_memory(bad, size, &loaded) == MEMQC_OK)
            memqc_device_destroy(&loaded);
    }
}
END_TEST

START_TEST(errors_name_the_argument) {
    memqc_device *d = make(even), *other;
    const float falling[] = {2e-6f, 1e-6f}, nan[] = {NAN, 1e-6f}, twice[] = {1e-5f, 1e-5f};
    const float flat[] = {0, 0, 0, 0};
    float room[N_G];
    OK(memqc_device_create(MEMQC_DEVICE_TABLE, &other));
#define REFUSED(status, text, call)                                                        \
    do {                                                                                   \
        ck_assert_int_eq(call, status);                                                    \
        ck_assert_msg(strstr(memqc_last_error(), text) != NULL, "%s", memqc_last_error()); \
    } while (0)
    REFUSED(MEMQC_ERROR_ARGUMENT, "\"jumps\"",
            memqc_device_set_jumps(other, 0, 1, 1, even, 2, flat));
    REFUSED(MEMQC_ERROR_ARGUMENT, "table = 2", memqc_device_set_jumps(d, 2, 1, 1, even, 2, flat));
    REFUSED(MEMQC_ERROR_ARGUMENT, "direction", memqc_device_set_jumps(d, 0, 2, 1, even, 2, flat));
    REFUSED(MEMQC_ERROR_ARGUMENT, "n_g = 0", memqc_device_set_jumps(d, 0, 1, 0, even, 2, flat));
    REFUSED(MEMQC_ERROR_ARGUMENT, "n_q = 1", memqc_device_set_jumps(d, 0, 1, 1, even, 1, flat));
    REFUSED(MEMQC_ERROR_ARGUMENT, "must rise", memqc_device_set_jumps(d, 0, 1, 2, twice, 2, flat));
    REFUSED(MEMQC_ERROR_DATA, "not fall", memqc_device_set_jumps(d, 0, 1, 1, even, 2, falling));
    REFUSED(MEMQC_ERROR_DATA, "nan", memqc_device_set_jumps(d, 0, 1, 1, even, 2, nan));
    REFUSED(MEMQC_ERROR_ARGUMENT, "g is NULL", memqc_device_set_jumps(d, 0, 1, 1, NULL, 2, flat));
    REFUSED(MEMQC_ERROR_ARGUMENT, "table = 1", memqc_device_get_jumps(d, 1, 1, 0, NULL, 0, NULL));
    REFUSED(MEMQC_ERROR_ARGUMENT, "room_g", memqc_device_get_jumps(d, 0, 1, 3, room, 0, NULL));
    REFUSED(MEMQC_ERROR_ARGUMENT, "table = 1", memqc_device_jumps_size(d, 1, 1, NULL, NULL, NULL));
    REFUSED(MEMQC_ERROR_ARGUMENT, "c2c_step", memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0.1));
    OK(memqc_device_get_jumps(d, 0, 1, N_G, room, 0, NULL));
    ck_assert_mem_eq(room, even, sizeof room); /* as it was */
    memqc_device_destroy(&d);
    memqc_device_destroy(&other);
}
END_TEST

/* The closed form of programming, against draws of cells far from the bounds. */
START_TEST(levels_have_their_noise) {
    static float g[N];
    static int32_t level[N];
    memqc_device *d;
    const float node = 0, jumps[] = {1e-6f, 2e-6f, 3e-6f, 4e-6f};
    double sum = 0, squares = 0, mean, sd;
    OK(memqc_device_create(MEMQC_DEVICE_JUMPS, &d));
    OK(memqc_device_set_jumps(d, 0, 1, 1, &node, 4, jumps));
    for (size_t i = 0; i < N; i++)
        level[i] = 16;
    OK(memqc_device_draw(d, 0, 0, N, level, g, NULL));
    for (size_t i = 0; i < N; i++)
        sum += (double)g[i] / N;
    for (size_t i = 0; i < N; i++)
        squares += ((double)g[i] - sum) * ((double)g[i] - sum) / N;
    OK(memqc_device_level(d, 16, NULL, &mean, &sd));
    ck_assert_double_eq_tol(sum, mean, 5 * sd / sqrt(N));
    ck_assert_double_eq_tol(sqrt(squares), sd, 5 * sd / sqrt(2.0 * N));
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("jumps", draws_follow_the_quantiles, chunks_do_not_matter, it_can_be_the_linear_model,
          any_nodes_are_found, cells_keep_their_table, copies_and_files_keep_the_tables,
          shared_tables_do_not_change, hostile_files, errors_name_the_argument,
          levels_have_their_noise)
