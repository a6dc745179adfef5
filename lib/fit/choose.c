/* SPDX-License-Identifier: BSD-3-Clause */
/* The choice among the candidates that judge.c has fitted, and what tells their noises apart. Called by
 * fit.c. */
#include "fit/judge.h"
#include "fit/levels.h"
#include "fit/report.h"

#include <math.h>

/* Differences in BIC: Kass and Raftery, J. Am. Stat. Assoc. 90 (1995) 773. The smaller one tells
 * nothing. */
static const double strong_evidence = 6, bare_mention = 2;

static double bic(const struct mqc_fit_work *work, const struct mqc_fit_quality *quality) {
    return mqc_fit_bic((double)work->data.points, quality);
}

/* Rows of a device, of which readings of one pulse say no more on its noise than one. */
static double count_pulses(const struct mqc_fit_data *data, size_t device) {
    double pulses = 0;
    for (size_t i = data->start[device]; i < data->start[device + 1]; i++)
        pulses += data->rows[i].repeat == 0;
    return pulses;
}

/* Is the noise in proportion to the conductance? LINEAR contains that law at the price of a
 * parameter a device, of which the BIC of a device with few points thinks too highly: the
 * difference in BIC must be strong evidence on each device. The parameter of a device is paid for
 * by its own points, since those of the others say nothing of it. */
static int is_proportional(const struct mqc_fit_work *work) {
    const struct mqc_fit_quality *linear = &work->report.of[MQC_FIT_LAW_LINEAR];
    const struct mqc_fit_quality *proportional = &work->report.of[MQC_FIT_LAW_PROPORTIONAL];
    if (!proportional->fitted || !linear->fitted)
        return proportional->fitted;
    double saved = 0;
    for (size_t d = 0; d < work->data.devices; d++)
        saved += log(count_pulses(&work->data, d)) - strong_evidence;
    return 2 * (linear->log_likelihood - proportional->log_likelihood) < saved;
}

/* BIC of a law, which counts cycles that depend on each other as fewer. Where these cannot be those
 * of even levels, whatever their memory, all that is asked is which describes them better. */
static double bic_of_law(const struct mqc_fit_work *work, int index) {
    const struct mqc_fit_quality *law = &work->report.of[index];
    if (!law->fitted || !isfinite(work->ladder->even_bic))
        return bic(work, law);
    return mqc_fit_levels_bic(work->ladder, law->parameters, law->log_likelihood);
}

/* Do levels one by one say more than the laws of even ones? */
static int are_uneven(const struct mqc_fit_work *work) {
    double even = INFINITY;
    for (int i = MQC_FIT_LAW_CONSTANT; i <= MQC_FIT_LAW_PROPORTIONAL; i++)
        even = fmin(even, bic_of_law(work, i));
    return bic_of_law(work, MQC_FIT_LAW_LEVELS) < even - strong_evidence;
}

int mqc_fit_choose(const struct mqc_fit_work *work) {
    const struct mqc_fit_quality *of = work->report.of;
    int law = MQC_FIT_LAW_LINEAR, best = -1;
    const double linear = bic(work, &of[MQC_FIT_LAW_LINEAR]);
    const double proportional = bic(work, &of[MQC_FIT_LAW_PROPORTIONAL]);
    if (bic(work, &of[MQC_FIT_LAW_CONSTANT]) < linear)
        law = MQC_FIT_LAW_CONSTANT;
    if (proportional < bic(work, &of[law]) && is_proportional(work))
        law = MQC_FIT_LAW_PROPORTIONAL;
    if (of[MQC_FIT_LAW_LEVELS].fitted && are_uneven(work))
        law = MQC_FIT_LAW_LEVELS;
    for (int i = 0; i < MQC_FIT_LAW_CONSTANT; i++)
        if (of[i].fitted && (best < 0 || bic(work, &of[i]) < bic(work, &of[best]) - 1e-6))
            best = i;
    if (of[law].fitted && (best < 0 || bic(work, &of[law]) < bic(work, &of[best])))
        best = law;
    return best;
}

/* Without repeated readings only their course tells, and of quantized levels, which are drawn
 * independently, nothing does. Where noise of the measurement was not fitted, half of the scatter
 * might still be noise of the measurement unless residuals would then alternate by more than they
 * do: their correlation is minus half the part of the measurement's in the variance of a change. */
int32_t mqc_fit_noise(const struct mqc_fit_work *work, int index) {
    const double half = 0.5, errors = 2;
    const double *const bics = work->bic[index];
    if (work->data.repeated || work->data.agreed)
        return MEMQC_DEVICE_FIT_NOISE_READS;
    if (index >= MQC_FIT_LAW_CONSTANT)
        return MEMQC_DEVICE_FIT_NOISE_UNKNOWN;
    if (isfinite(bics[1]))
        return fabs(bics[0] - bics[1]) < bare_mention ? MEMQC_DEVICE_FIT_NOISE_UNKNOWN
                                                      : MEMQC_DEVICE_FIT_NOISE_COURSE;
    /* Equal readings on a bound have no noise. */
    if (work->report.of[index].at_bounds > 0)
        return MEMQC_DEVICE_FIT_NOISE_COURSE;
    const double correlation =
        (fmax(work->alternations[index], 0) + errors) / sqrt((double)work->data.points);
    return 2 * correlation < half ? MEMQC_DEVICE_FIT_NOISE_COURSE : MEMQC_DEVICE_FIT_NOISE_UNKNOWN;
}
