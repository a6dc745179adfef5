/* SPDX-License-Identifier: BSD-3-Clause */
/* The choice among the candidates that judge.c has fitted, and what tells their noises apart. Called by
 * fit.c. */
#include "fit/judge.h"
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

/* By how much cycles that depend on each other tell less of means, or of deviations alone, than so
 * many that do not. Where they cannot be those of even levels, whatever their memory, all that is
 * asked is what describes them better. */
static double dilution_of(const struct mqc_fit_work *work, int deviations) {
    const struct mqc_fit_ladder *const ladder = work->ladder;
    if (!ladder || !isfinite(ladder->even_bic))
        return 1;
    return fmax(1, fmax(deviations ? 0 : ladder->dilution[0], ladder->dilution[1]));
}

/* BIC of a law, by what so many independent cycles would tell. */
static double bic_of_law(const struct mqc_fit_work *work, int index, double dilution) {
    struct mqc_fit_quality law = work->report.of[index];
    law.log_likelihood /= dilution;
    return bic(work, &law);
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
    const double dilution = dilution_of(work, 0); /* it ties the noise to the levels' means */
    double saved = 0;
    for (size_t d = 0; d < work->data.devices; d++)
        saved += log(count_pulses(&work->data, d) / dilution) - strong_evidence;
    return 2 * (linear->log_likelihood - proportional->log_likelihood) / dilution < saved;
}

/* Do levels one by one say more than the laws of even ones? */
static int are_uneven(const struct mqc_fit_work *work) {
    const double dilution = dilution_of(work, 0);
    double even = INFINITY;
    for (int i = MQC_FIT_LAW_CONSTANT; i <= MQC_FIT_LAW_PROPORTIONAL; i++)
        even = fmin(even, bic_of_law(work, i, dilution));
    return bic_of_law(work, MQC_FIT_LAW_LEVELS, dilution) < even - strong_evidence;
}

/* The law of noise along even levels. */
static int choose_law(const struct mqc_fit_work *work) {
    const double dilution = dilution_of(work, 1);
    int law = MQC_FIT_LAW_LINEAR;
    if (bic_of_law(work, MQC_FIT_LAW_CONSTANT, dilution) < bic_of_law(work, law, dilution))
        law = MQC_FIT_LAW_CONSTANT;
    if (bic_of_law(work, MQC_FIT_LAW_PROPORTIONAL, dilution) < bic_of_law(work, law, dilution) &&
        is_proportional(work))
        law = MQC_FIT_LAW_PROPORTIONAL;
    return law;
}

/* Is a candidate better than the best so far? Tables of jumps are compared with all others, and must
 * be better by strong evidence: they follow every law, and their likelihood of held-out pulses is
 * not that of the others. */
static int is_better(const struct mqc_fit_work *work, int index, int best) {
    const struct mqc_fit_quality *of = work->report.of;
    const double margin = index == MQC_FIT_JUMPS ? strong_evidence : 1e-6;
    if (!of[index].fitted)
        return 0;
    return best < 0 || bic(work, &of[index]) < bic(work, &of[best]) - margin;
}

int mqc_fit_choose(const struct mqc_fit_work *work) {
    const struct mqc_fit_quality *of = work->report.of;
    int law = choose_law(work), best = -1;
    if (of[MQC_FIT_LAW_LEVELS].fitted && are_uneven(work))
        law = MQC_FIT_LAW_LEVELS;
    for (int i = 0; i < MQC_FIT_LAW_CONSTANT; i++)
        if (i != MQC_FIT_JUMPS && is_better(work, i, best))
            best = i;
    if (of[law].fitted && (best < 0 || bic(work, &of[law]) < bic(work, &of[best])))
        best = law;
    return is_better(work, MQC_FIT_JUMPS, best) ? MQC_FIT_JUMPS : best;
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
