# SPDX-License-Identifier: BSD-3-Clause
"""The public functions of the library: the prototypes of its headers, word for word.

Everything else about a function (argument types, whether it can fail) is read from here. A test
compares this table with the headers and with the exported symbols.
"""

PROTOTYPES = """
    const char *memqc_last_error(void);
    const char *memqc_status_name(memqc_status status);
    uint32_t memqc_version(void);
    const char *memqc_version_string(void);
    memqc_status memqc_summary(size_t n, const double *values, int32_t what, double *value);
    memqc_status memqc_crossed(size_t rows, size_t columns, const uint8_t *hits, const uint8_t
        *less, double *values);
    memqc_status memqc_nested(size_t groups, size_t rows, size_t columns, const uint8_t *hits,
        double *values);
    memqc_status memqc_combine(size_t n, const double *variances, const double *freedoms, double
        *half);
    memqc_status memqc_device_create(int32_t model, memqc_device **out);
    memqc_status memqc_device_create_preset(const char *name, memqc_device **out);
    memqc_status memqc_device_create_custom(const char *name, memqc_device_step step, void *user,
        memqc_device_release release, memqc_device **out);
    memqc_status memqc_device_set_custom(memqc_device *device, size_t n, const double *mean, const
        double *lognormal, const double *normal);
    memqc_status memqc_device_get_custom(const memqc_device *device, size_t room, double *mean,
        double *lognormal, double *normal, size_t *n);
    memqc_status memqc_device_custom_cells(const memqc_device *device, size_t parameter, uint64_t
        cell, size_t n, float *values);
    const char *memqc_device_preset_name(size_t index);
    memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out);
    void memqc_device_destroy(memqc_device **device);
    memqc_status memqc_device_set_seed(memqc_device *device, uint64_t seed);
    memqc_status memqc_device_get_seed(const memqc_device *device, uint64_t *seed);
    size_t memqc_device_keys(void);
    int32_t memqc_device_key_at(size_t index);
    memqc_status memqc_device_key(const char *name, int32_t *key);
    const char *memqc_device_key_text(int32_t key, int32_t what);
    memqc_status memqc_device_key_value(int32_t key, int32_t what, double *value);
    const char *memqc_device_choice_name(int32_t key, int32_t value);
    memqc_status memqc_device_choice(int32_t key, const char *name, int32_t *value);
    memqc_status memqc_device_set(memqc_device *device, int32_t key, double value);
    memqc_status memqc_device_get(const memqc_device *device, int32_t key, double *value);
    memqc_status memqc_device_set_many(memqc_device *device, size_t n, const int32_t *keys, const
        double *values);
    memqc_status memqc_device_uses(const memqc_device *device, int32_t key, int32_t *flag);
    memqc_status memqc_device_warnings(const memqc_device *device, size_t room, int32_t *warnings,
        size_t *n);
    const char *memqc_device_warning_text(int32_t warning);
    memqc_status memqc_device_set_levels(memqc_device *device, size_t n, const float *g, const
        float *sd, size_t n_quantiles, const float *quantiles);
    memqc_status memqc_device_get_levels(const memqc_device *device, size_t room, float *g, float
        *sd, size_t *n, size_t room_quantiles, float *quantiles, size_t *n_quantiles);
    memqc_status memqc_device_set_table(memqc_device *device, int32_t direction, size_t n, const
        float *g, const float *step);
    memqc_status memqc_device_get_table(const memqc_device *device, int32_t direction, size_t
        room, float *g, float *step, size_t *n);
    memqc_status memqc_device_set_jumps(memqc_device *device, size_t table, int32_t direction,
        size_t n_g, const float *g, size_t n_q, const float *quantiles);
    memqc_status memqc_device_jumps_size(const memqc_device *device, size_t table, int32_t
        direction, size_t *tables, size_t *n_g, size_t *n_q);
    memqc_status memqc_device_get_jumps(const memqc_device *device, size_t table, int32_t
        direction, size_t room_g, float *g, size_t room_quantiles, float *quantiles);
    memqc_status memqc_device_levels(const memqc_device *device, size_t *n);
    memqc_status memqc_device_level(const memqc_device *device, int32_t level, double *nominal,
        double *mean, double *sd);
    memqc_status memqc_device_nearest(const memqc_device *device, size_t n, const float *g,
        int32_t *levels);
    memqc_status memqc_device_draw(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t n, const int32_t *levels, float *g, uint64_t *negative);
    memqc_status memqc_device_draw_levels(const memqc_device *device, uint64_t cell, uint64_t
        draw, size_t cells, size_t n_levels, const int32_t *levels, float *g, size_t ldg);
    memqc_status memqc_device_staircase(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t cycles, float *g, size_t ldg, uint64_t *negative);
    memqc_status memqc_device_ramp(const memqc_device *device, float *volts);
    memqc_status memqc_device_cells(const memqc_device *device, int32_t key, uint64_t cell, size_t
        n, float *values);
    memqc_status memqc_device_response(const memqc_device *device, int32_t direction, double
        start, size_t n, float *g);
    memqc_status memqc_device_pulse(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t n, int32_t pulses, float *state, float *g, double *cost);
    memqc_status memqc_device_pulse_each(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t n, const int32_t *pulses, float *state, float *g, double *cost);
    memqc_status memqc_device_program(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t n, const int32_t *levels, float *state, float *g, double *cost);
    memqc_status memqc_device_apply(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t n, double volts, float *state, float *g, double *cost);
    memqc_status memqc_device_read(const memqc_device *device, uint64_t cell, uint64_t draw,
        size_t n, const float *g, float *out);
    memqc_status memqc_device_telegraph_begin(const memqc_device *device, uint64_t cell, uint64_t
        draw, size_t n, int32_t *traps);
    memqc_status memqc_device_telegraph_advance(const memqc_device *device, uint64_t cell,
        uint64_t draw, double seconds, size_t n, int32_t *traps);
    memqc_status memqc_device_telegraph_read(const memqc_device *device, size_t n, const int32_t
        *traps, const float *g, float *out);
    memqc_status memqc_device_age(const memqc_device *device, uint64_t cell, uint64_t draw, double
        seconds, double cycles, size_t n, const float *g0, float *g);
    memqc_status memqc_device_flicker(const memqc_device *device, uint64_t cell, uint64_t draw,
        double seconds, size_t n, const float *g2, float *g);
    memqc_status memqc_device_faults(const memqc_device *device, uint64_t cell, size_t n, int32_t
        *kinds, float *g);
    memqc_status memqc_device_current(const memqc_device *device, size_t n, const float *g, const
        float *volts, float *amps);
    memqc_status memqc_device_save(const memqc_device *device, const char *path);
    memqc_status memqc_device_load(const char *path, memqc_device **out);
    memqc_status memqc_device_save_memory(const memqc_device *device, void *data, size_t room,
        size_t *size);
    memqc_status memqc_device_load_memory(const void *data, size_t size, memqc_device **out);
    memqc_status memqc_device_fit(int32_t model, size_t n, size_t n_columns, const int32_t *const
        *columns, const float *g, memqc_progress progress, void *user, memqc_device **out);
    memqc_status memqc_device_fit_value(const memqc_device *device, int32_t what, int32_t which,
        double *value);
    memqc_status memqc_device_fit_draw(const memqc_device *device, uint64_t seed, uint64_t draw,
        memqc_device **out);
    memqc_status memqc_device_fit_jump_bands(const memqc_device *device, size_t table,
        int32_t direction, size_t room, float *low, float *high);
    memqc_status memqc_device_fit_level_errors(const memqc_device *device, size_t room, float *g,
        float *sd, size_t *n);
    memqc_status memqc_device_fit_left_out(const memqc_device *device, size_t room, size_t *rows,
        float *values, int32_t *reasons, size_t *n);
    const char *memqc_device_fit_reason(int32_t reason);
    memqc_status memqc_device_fit_residuals(const memqc_device *device, size_t room, float
        *residuals, size_t *n);
    memqc_status memqc_crossbar_create(const memqc_device *device, size_t rows, size_t cols,
        uint64_t seed, memqc_crossbar **out);
    memqc_status memqc_crossbar_copy(const memqc_crossbar *crossbar, memqc_crossbar **out);
    void memqc_crossbar_destroy(memqc_crossbar **crossbar);
    memqc_status memqc_crossbar_set(memqc_crossbar *crossbar, int32_t key, double value);
    memqc_status memqc_crossbar_set_many(memqc_crossbar *crossbar, size_t n, const int32_t *keys,
        const double *values);
    memqc_status memqc_crossbar_get(const memqc_crossbar *crossbar, int32_t key, double *value);
    memqc_status memqc_crossbar_uses(const memqc_crossbar *crossbar, int32_t key, int32_t *flag);
    size_t memqc_crossbar_keys(void);
    int32_t memqc_crossbar_key_at(size_t index);
    memqc_status memqc_crossbar_key(const char *name, int32_t *key);
    const char *memqc_crossbar_key_text(int32_t key, int32_t what);
    memqc_status memqc_crossbar_key_value(int32_t key, int32_t what, double *value);
    const char *memqc_crossbar_choice_name(int32_t key, int32_t value);
    memqc_status memqc_crossbar_choice(int32_t key, const char *name, int32_t *value);
    memqc_status memqc_crossbar_set_seed(memqc_crossbar *crossbar, uint64_t seed);
    memqc_status memqc_crossbar_get_seed(const memqc_crossbar *crossbar, uint64_t *seed);
    memqc_status memqc_crossbar_get_device(const memqc_crossbar *crossbar, memqc_device **out);
    memqc_status memqc_crossbar_set_device(memqc_crossbar *crossbar, const memqc_device *device);
    memqc_status memqc_crossbar_set_progress(memqc_crossbar *crossbar, memqc_progress progress,
        void *user);
    memqc_status memqc_crossbar_get_shape(const memqc_crossbar *crossbar, size_t *rows, size_t
        *cols, size_t *planes);
    memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw);
    memqc_status memqc_crossbar_program_cell(memqc_crossbar *crossbar, size_t row, size_t col,
        double w);
    memqc_status memqc_crossbar_program_list(memqc_crossbar *crossbar, size_t n, const size_t
        *places, const float *w);
    memqc_status memqc_crossbar_pulse(memqc_crossbar *crossbar, size_t plane, size_t n, const
        size_t *places, const int32_t *pulses);
    memqc_status memqc_crossbar_set_conductances(memqc_crossbar *crossbar, size_t plane, const
        float *g, size_t ldg);
    memqc_status memqc_crossbar_set_reference(memqc_crossbar *crossbar, size_t slice, const float
        *g);
    memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha, const float *dw,
        size_t ldd);
    memqc_status memqc_crossbar_update_outer(memqc_crossbar *crossbar, double alpha, size_t batch,
        const float *x, size_t ldx, const float *d, size_t ldd);
    memqc_status memqc_crossbar_follow(memqc_crossbar *crossbar, float *w, size_t ldw);
    memqc_status memqc_crossbar_get_weights(const memqc_crossbar *crossbar, float *w, size_t ldw);
    memqc_status memqc_crossbar_get_nominal_weights(const memqc_crossbar *crossbar, float *w,
        size_t ldw);
    memqc_status memqc_crossbar_get_levels(const memqc_crossbar *crossbar, size_t plane, int32_t
        *levels, size_t ld);
    memqc_status memqc_crossbar_get_conductances(const memqc_crossbar *crossbar, size_t plane,
        float *g, size_t ldg);
    memqc_status memqc_crossbar_get_reference(const memqc_crossbar *crossbar, size_t slice, float
        *g);
    memqc_status memqc_crossbar_stick(memqc_crossbar *crossbar, size_t plane, size_t n, const
        size_t *places, const float *g);
    memqc_status memqc_crossbar_unstick(memqc_crossbar *crossbar, size_t plane, size_t n, const
        size_t *places);
    memqc_status memqc_crossbar_get_stuck(const memqc_crossbar *crossbar, size_t plane, int32_t
        *stuck, size_t ld);
    memqc_status memqc_crossbar_remap(memqc_crossbar *crossbar, size_t *remapped, size_t *lost);
    memqc_status memqc_crossbar_advance(memqc_crossbar *crossbar, double seconds);
    memqc_status memqc_crossbar_get_clock(const memqc_crossbar *crossbar, double *seconds);
    memqc_status memqc_crossbar_get_count(const memqc_crossbar *crossbar, int32_t counter,
        uint64_t *value);
    memqc_status memqc_crossbar_get_report(const memqc_crossbar *crossbar, int32_t what, double
        *value);
    memqc_status memqc_crossbar_get_cost(const memqc_crossbar *crossbar, int32_t cost, double
        *value);
    memqc_status memqc_crossbar_save(const memqc_crossbar *crossbar, const char *path);
    memqc_status memqc_crossbar_load(const char *path, memqc_crossbar **out);
    memqc_status memqc_crossbar_save_memory(const memqc_crossbar *crossbar, void *data, size_t
        room, size_t *size);
    memqc_status memqc_crossbar_load_memory(const void *data, size_t size, memqc_crossbar **out);
    memqc_status memqc_crossbar_mac(memqc_crossbar *crossbar, size_t batch, const float *x, size_t
        ldx, float *y, size_t ldy);
    memqc_status memqc_crossbar_mac_transposed(memqc_crossbar *crossbar, size_t batch, const float
        *x, size_t ldx, float *y, size_t ldy);
    memqc_status memqc_crossbar_get_vector(const memqc_crossbar *crossbar, uint64_t *vector);
    memqc_status memqc_crossbar_rewind(memqc_crossbar *crossbar, uint64_t vector);
    memqc_status memqc_crossbar_calibrate(memqc_crossbar *crossbar, size_t n, const float *x,
        size_t ldx, double percentile);
    memqc_status memqc_crossbar_calibrate_transposed(memqc_crossbar *crossbar, size_t n, const
        float *x, size_t ldx, double percentile);
    memqc_status memqc_crossbar_get_compensation(const memqc_crossbar *crossbar, double *factor);
    memqc_status memqc_crossbar_currents(memqc_crossbar *crossbar, size_t plane, size_t batch,
        const float *volts, size_t ldv, float *amps, size_t ldi);
    memqc_status memqc_crossbar_currents_transposed(memqc_crossbar *crossbar, size_t plane, size_t
        batch, const float *volts, size_t ldv, float *amps, size_t ldi);
    memqc_status memqc_crossbar_ideal_currents(const memqc_crossbar *crossbar, size_t plane,
        size_t batch, const float *volts, size_t ldv, float *amps, size_t ldi);
    memqc_status memqc_crossbar_ideal_currents_transposed(const memqc_crossbar *crossbar, size_t
        plane, size_t batch, const float *volts, size_t ldv, float *amps, size_t ldi);
    memqc_status memqc_crossbar_tile(const memqc_crossbar *crossbar, size_t tile, size_t *row,
        size_t *col, size_t *rows, size_t *cols);
    memqc_status memqc_crossbar_nodes(memqc_crossbar *crossbar, size_t plane, size_t tile, const
        float *volts, float *word_volts, float *bit_volts);
    memqc_status memqc_crossbar_nodes_transposed(memqc_crossbar *crossbar, size_t plane, size_t
        tile, const float *volts, float *word_volts, float *bit_volts);
    memqc_status memqc_crossbar_branches(memqc_crossbar *crossbar, size_t plane, size_t tile,
        const float *volts, float *cell_amps, float *word_amps, float *bit_amps);
    memqc_status memqc_crossbar_branches_transposed(memqc_crossbar *crossbar, size_t plane, size_t
        tile, const float *volts, float *cell_amps, float *word_amps, float *bit_amps);
    memqc_status memqc_mlp_create(const size_t *sizes, size_t n_sizes, const memqc_device *device,
        uint64_t seed, memqc_mlp **out);
    memqc_status memqc_mlp_copy(const memqc_mlp *mlp, memqc_mlp **out);
    void memqc_mlp_destroy(memqc_mlp **mlp);
    memqc_status memqc_mlp_set_seed(memqc_mlp *mlp, uint64_t seed);
    memqc_status memqc_mlp_get_seed(const memqc_mlp *mlp, uint64_t *seed);
    memqc_status memqc_mlp_init(memqc_mlp *mlp);
    memqc_status memqc_mlp_reset(memqc_mlp *mlp);
    memqc_status memqc_mlp_get_shape(const memqc_mlp *mlp, size_t *layers, size_t *inputs, size_t
        *outputs);
    memqc_status memqc_mlp_get_sizes(const memqc_mlp *mlp, size_t room, size_t *sizes, size_t
        *n_sizes);
    size_t memqc_mlp_keys(void);
    int32_t memqc_mlp_key_at(size_t index);
    memqc_status memqc_mlp_key(const char *name, int32_t *key);
    const char *memqc_mlp_key_text(int32_t key, int32_t what);
    memqc_status memqc_mlp_key_value(int32_t key, int32_t what, double *value);
    const char *memqc_mlp_choice_name(int32_t key, int32_t value);
    memqc_status memqc_mlp_choice(int32_t key, const char *name, int32_t *value);
    memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value);
    memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value);
    memqc_status memqc_mlp_set_many(memqc_mlp *mlp, size_t n, const int32_t *keys, const double
        *values);
    memqc_status memqc_mlp_uses(const memqc_mlp *mlp, int32_t key, int32_t *flag);
    memqc_status memqc_mlp_set_layer(memqc_mlp *mlp, size_t layer, int32_t key, double value);
    memqc_status memqc_mlp_get_layer(const memqc_mlp *mlp, size_t layer, int32_t key, double
        *value);
    memqc_status memqc_mlp_set_crossbar(memqc_mlp *mlp, size_t layer, int32_t key, double value);
    memqc_status memqc_mlp_get_crossbar(const memqc_mlp *mlp, size_t layer, int32_t key, double
        *value);
    memqc_status memqc_mlp_set_device(memqc_mlp *mlp, size_t layer, const memqc_device *device);
    memqc_status memqc_mlp_get_device(const memqc_mlp *mlp, size_t layer, memqc_device **out);
    memqc_status memqc_mlp_set_progress(memqc_mlp *mlp, memqc_progress progress, void *user);
    memqc_status memqc_mlp_set_checkpoint(memqc_mlp *mlp, const char *path, uint64_t samples);
    memqc_status memqc_mlp_train_epoch(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const
        int32_t *labels);
    memqc_status memqc_mlp_fit(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t
        *labels, uint32_t epochs);
    memqc_status memqc_mlp_get_epochs(const memqc_mlp *mlp, uint32_t *epochs);
    memqc_status memqc_mlp_get_history(const memqc_mlp *mlp, uint32_t epoch, int32_t what, double
        *value);
    memqc_status memqc_mlp_get_best_epoch(const memqc_mlp *mlp, uint32_t *epoch);
    memqc_status memqc_mlp_predict(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, float
        *outputs, size_t ldo, int32_t *classes);
    memqc_status memqc_mlp_evaluate(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const
        int32_t *labels, double *loss, double *accuracy, uint64_t *confusion);
    memqc_status memqc_mlp_get_weights(memqc_mlp *mlp, size_t layer, float *w, size_t ldw, float
        *bias);
    memqc_status memqc_mlp_set_weights(memqc_mlp *mlp, size_t layer, const float *w, size_t ldw,
        const float *bias);
    memqc_status memqc_mlp_borrow_crossbar(memqc_mlp *mlp, size_t layer, const memqc_crossbar
        **out);
    memqc_status memqc_mlp_transfer(memqc_mlp *mlp, const memqc_device *device, memqc_mlp **out);
    memqc_status memqc_mlp_save(const memqc_mlp *mlp, const char *path);
    memqc_status memqc_mlp_load(const char *path, memqc_mlp **out);
    memqc_status memqc_mlp_save_memory(const memqc_mlp *mlp, void *data, size_t room, size_t
        *size);
    memqc_status memqc_mlp_load_memory(const void *data, size_t size, memqc_mlp **out);
    memqc_status memqc_mlp_monte_carlo(memqc_mlp *mlp, const memqc_device *device, size_t n, const
        float *x, size_t ldx, const int32_t *labels, double *accuracies);
    memqc_status memqc_mlp_monte_carlo_hits(memqc_mlp *mlp, const memqc_device *device, size_t n,
        const float *x, size_t ldx, const int32_t *labels, double *accuracies, uint8_t *hits);
    memqc_status memqc_mlp_sensitivity(memqc_mlp *mlp, const memqc_device *device, int32_t
        property, size_t n, const float *x, size_t ldx, const int32_t *labels, double *limits);
    memqc_status memqc_mlp_shapley(memqc_mlp *mlp, const memqc_device *device, size_t orders, size_t
        n, const float *x, size_t ldx, const int32_t *labels, double *shares);
"""
