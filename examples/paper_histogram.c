/* SPDX-License-Identifier: BSD-3-Clause */
#include "paper_histogram.h"
#include "paper_csv.h"
#include "paper_staircase.h"

#include <math.h>
#include <string.h>

/* Bin 0 holds the draws that were clamped to 0; bin i > 0 those nearest to i - 1 widths of a
 * quarter of G0. */
enum { STATES = 32, BLOCK = 1000, BINS = 256, SEED = 1 };

static const double width = 0.25, fwhm_per_sd = 2.3548200450309493;
static const size_t pulses[] = {5, 29}, cycle_counts[] = {12, 100000};

enum { PULSES = sizeof pulses / sizeof *pulses, RUNS = sizeof cycle_counts / sizeof *cycle_counts };

struct histogram {
    size_t n, bin[BINS];
    double sum, squares; /* of G / G0 - shift */
    double shift;
};

struct gaussian {
    double mean, sd, sd_error;
};

static void count(struct histogram *h, double g) {
    size_t bin = g > 0.0 ? (size_t)(g / width + 0.5) + 1 : 0;
    h->bin[bin < BINS ? bin : BINS - 1]++;
    h->n++;
    h->sum += g - h->shift;
    h->squares += (g - h->shift) * (g - h->shift);
}

/* Upper edge of a bin but the last. */
static double edge_of(size_t bin) {
    return bin ? ((double)bin - 0.5) * width : 0.0;
}

static double middle_of(size_t bin) {
    return bin > 1 ? ((double)bin - 1.0) * width : 0.5 * (double)bin * edge_of(1);
}

static double mean_of(const struct histogram *h) {
    return h->shift + h->sum / (double)h->n;
}

static double sd_of(const struct histogram *h) {
    double n = (double)h->n;
    return sqrt(fmax(0.0, (h->squares - h->sum * h->sum / n) / (n - 1.0)));
}

/* Distribution function at the upper edge of a bin, and its derivatives by mean and sd. */
static void edge_terms(const struct gaussian *fit, size_t bin, double out[3]) {
    if (bin == BINS - 1) {
        out[0] = 1.0;
        out[1] = out[2] = 0.0;
        return;
    }
    double z = (edge_of(bin) - fit->mean) / fit->sd;
    double density = exp(-0.5 * z * z) / (2.5066282746310002 * fit->sd);
    out[0] = 0.5 * erfc(-z * 0.70710678118654752);
    out[1] = -density;
    out[2] = -density * z;
}

/* Score of the likelihood of the bins, and its expected square. Bin 0 stands for all that is below
 * 0: what was clamped. */
static void likelihood(const struct histogram *h, const struct gaussian *fit, double score[2],
                       double info[3]) {
    double low[3] = {0.0, 0.0, 0.0}, high[3];
    memset(score, 0, 2 * sizeof *score);
    memset(info, 0, 3 * sizeof *info);
    for (size_t bin = 0; bin < BINS; bin++, memcpy(low, high, sizeof low)) {
        edge_terms(fit, bin, high);
        double p = high[0] - low[0], by_mean = high[1] - low[1], by_sd = high[2] - low[2],
               n = (double)h->n;
        if (p < 1e-14) {
            continue;
        }
        score[0] += (double)h->bin[bin] * by_mean / p;
        score[1] += (double)h->bin[bin] * by_sd / p;
        info[0] += n * by_mean * by_mean / p;
        info[1] += n * by_mean * by_sd / p;
        info[2] += n * by_sd * by_sd / p;
    }
}

/* The Gaussian of the greatest likelihood, by Fisher's scoring. */
static struct gaussian fit_gaussian(const struct histogram *h) {
    struct gaussian fit = {mean_of(h), sd_of(h), 0.0};
    if (fit.sd < 0.1 * width) {
        return fit; /* all in a bin or two: there is nothing to fit */
    }
    for (int i = 0; i < 100; i++) {
        double score[2], info[3];
        likelihood(h, &fit, score, info);
        double determinant = info[0] * info[2] - info[1] * info[1];
        double by_mean = (info[2] * score[0] - info[1] * score[1]) / determinant;
        double by_sd = (info[0] * score[1] - info[1] * score[0]) / determinant;
        fit.sd_error = sqrt(info[0] / determinant);
        fit.mean += fmax(-fit.sd, fmin(by_mean, fit.sd));
        fit.sd += fmax(-0.5 * fit.sd, fmin(by_sd, fit.sd));
        if (fabs(by_mean) + fabs(by_sd) < 1e-12 * fit.sd) {
            break;
        }
    }
    return fit;
}

/* The staircase that Figure 3 shows 12 cycles of, cycle for cycle. */
static memqc_status collect(const memqc_device *device, size_t sample, size_t cycles,
                            struct histogram h[PULSES]) {
    static float g[BLOCK * STATES];
    memqc_status status = MEMQC_OK;
    memset(h, 0, PULSES * sizeof *h);
    for (size_t p = 0; p < PULSES; p++) {
        h[p].shift = 16.5 - 0.5 * (double)pulses[p];
    }
    for (size_t first = 0; first < cycles && status == MEMQC_OK; first += BLOCK) {
        size_t n = cycles - first < BLOCK ? cycles - first : BLOCK;
        status = memqc_device_staircase(device, sample, first * STATES, n, g, STATES, NULL);
        for (size_t c = 0; c < n && status == MEMQC_OK; c++) {
            for (size_t p = 0; p < PULSES; p++) {
                count(&h[p], (double)g[c * STATES + pulses[p] - 1] / MEMQC_G0);
            }
        }
    }
    return status;
}

/* Everything that is written, of each sample, number of cycles and pulse. */
static struct histogram histograms[3][RUNS][PULSES];

static const char *const sample_names[] = {"ideal", "A", "B"};

static const char *law_name(const struct options *options) {
    return memqc_device_choice_name(MEMQC_DEVICE_LAW, (int32_t)options->measured_law);
}

static void write_bins(FILE *file, const struct options *options, size_t sample, size_t run,
                       size_t p) {
    const struct histogram *h = &histograms[sample][run][p];
    for (size_t bin = 0; bin < BINS; bin++) {
        if (h->bin[bin]) {
            fprintf(file, "3c,%s,%s,%zu,%zu,%.4f,%zu\n", law_name(options), sample_names[sample],
                    pulses[p], cycle_counts[run], middle_of(bin), h->bin[bin]);
        }
    }
}

static void write_widths(FILE *file, const struct options *options, size_t sample, size_t run,
                         size_t p) {
    const struct histogram *h = &histograms[sample][run][p];
    struct gaussian fit = fit_gaussian(h);
    fprintf(file, "3c,%s,%s,%zu,%zu,%.6f,%.6f,%zu,%.6f,%.6f,%.6f,%.6f\n", law_name(options),
            sample_names[sample], pulses[p], cycle_counts[run], mean_of(h), sd_of(h), h->bin[0],
            fwhm_per_sd * sd_of(h), fit.mean, fwhm_per_sd * fit.sd, fwhm_per_sd * fit.sd_error);
}

static memqc_status collect_sample(const struct options *options, size_t sample) {
    memqc_device *device = NULL;
    memqc_status status = paper_device(sample, STATES, options->measured_law, &device);
    if (status == MEMQC_OK) {
        status = memqc_device_set_seed(device, SEED);
    }
    for (size_t run = 0; run < RUNS && status == MEMQC_OK; run++) {
        status = collect(device, sample, cycle_counts[run], histograms[sample][run]);
    }
    memqc_device_destroy(&device);
    return status;
}

static int write_table(const struct options *options, const struct list *samples, const char *name,
                       const char *heading,
                       void (*rows)(FILE *, const struct options *, size_t, size_t, size_t)) {
    struct csv csv;
    if (csv_open(&csv, options->out, name)) {
        return -1;
    }
    fprintf(csv.file, "%s\n", heading);
    for (size_t i = 0; i < samples->n * RUNS * PULSES; i++) {
        rows(csv.file, options, samples->value[i / (RUNS * PULSES)], i / PULSES % RUNS, i % PULSES);
    }
    return csv_close(&csv, 0);
}

int histogram_figure(const struct options *options) {
    static const struct list both = {.n = 2, .value = {SAMPLE_A, SAMPLE_B}};
    const struct list *samples = options->samples.n ? &options->samples : &both;
    for (size_t i = 0; i < samples->n; i++) {
        if (collect_sample(options, samples->value[i]) != MEMQC_OK) {
            fprintf(stderr, "paper: figure 3c: %s\n", memqc_last_error());
            return -1;
        }
    }
    return write_table(options, samples, "figure3c.csv",
                       "figure,law,sample,pulse,cycles,g_over_g0,count", write_bins) ||
           write_table(options, samples, "figure3c-widths.csv",
                       "figure,law,sample,pulse,cycles,mean_g0,sd_g0,clamped,fwhm_sd_g0,fit_mean_"
                       "g0,fwhm_fit_g0,fwhm_fit_error_g0",
                       write_widths);
}
