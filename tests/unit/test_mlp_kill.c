/* SPDX-License-Identifier: BSD-3-Clause */
/* A process that trains and writes checkpoints is killed again and again, at random moments and in
 * the midst of writing too; each time another goes on from the file. What comes out has the bytes
 * of a run that nobody disturbed, energy and counters included. With MEMQC_TEST_MANY=1, trainings are three
 * times as long and there are 10 kills or more of each kind: 230 or more. */
#define _POSIX_C_SOURCE 200809L
#include "beside.h"
#include "mlp.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int many(void) {
    const char *const asked = getenv("MEMQC_TEST_MANY");
    return asked && *asked;
}

static uint32_t epochs(void) {
    return many() ? 12 : 4;
}

static int kills_at_least(void) {
    return many() ? 10 : 2;
}

static char folder[] = "kill-XXXXXX", path[64], whole[64];

static void make_folder(void) {
    make_task();
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    snprintf(whole, sizeof whole, "%s/whole", folder);
}

static void remove_folder(void) {
    remove(path);
    files_beside(path, 1);
    remove(whole);
    ck_assert_int_eq(rmdir(folder), 0);
}

static const char *name_of(int i) {
    return i < KINDS ? kinds[i].name : rule_kinds[i - KINDS].name;
}

/* Validation, the best weights, dropout, and what the kind can: everything that has to be gone on
 * with. */
static memqc_mlp *make_run(int i) {
    memqc_mlp *mlp =
        i < KINDS ? make_task_net(&kinds[i], 21) : make_rule_net(&rule_kinds[i - KINDS], 21);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, 0.2));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RESTORE_BEST, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 7));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_EXPONENTIAL));
    if (i < KINDS && !kinds[i].preset) {
        OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 0.02));
    }
    return mlp;
}

static void sleep_for(double microseconds) {
    const struct timespec time = {0, (long)(1000 * microseconds)};
    nanosleep(&time, NULL);
}

/* Where writing costs nothing, a minibatch must take some time for there to be one to be killed in.
 * */
static int32_t linger(void *user, const double *at, size_t n) {
    (void)user, (void)at, (void)n;
    sleep_for(200);
    return 0;
}

/* The whole run, or what is left of it: 0 where it comes to its end. */
static int run_to_the_end(int i, const char *file, uint64_t samples) {
    memqc_mlp *mlp = NULL;
    if (access(file, F_OK) != 0)
        mlp = make_run(i);
    else if (memqc_mlp_load(file, &mlp) != MEMQC_OK) /* whatever was done to it, it is a good file
                                                        */
        return 2;
    if (memqc_mlp_set_checkpoint(mlp, file, samples) != MEMQC_OK ||
        memqc_mlp_set_progress(mlp, linger, NULL) != MEMQC_OK ||
        memqc_mlp_fit(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, epochs()) != MEMQC_OK)
        return 3;
    memqc_mlp_destroy(&mlp);
    return 0;
}

/* Waits until the child has ended or has renamed so many files to path; returns whether it has
 * ended. */
static int wait_for(pid_t child, int checkpoints, int *status) {
    struct stat about = {0};
    ino_t last = stat(path, &about) == 0 ? about.st_ino : 0;
    while (checkpoints > 0) {
        if (waitpid(child, status, WNOHANG) == child)
            return 1;
        if (stat(path, &about) == 0 && about.st_ino != last) {
            last = about.st_ino;
            checkpoints--;
        }
        sleep_for(20);
    }
    return 0;
}

/* Waits until the child is writing a checkpoint, for a while: where that takes no time, it is
 * seldom seen. */
static int wait_for_writing(pid_t child, int *status) {
    for (int looks = 0; looks < 500 && files_beside(path, 0) == 0; looks++)
        if (waitpid(child, status, WNOHANG) == child)
            return 1;
    return 0;
}

static size_t read_file(const char *name, unsigned char *data, size_t room) {
    FILE *file = fopen(name, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t n = fread(data, 1, room, file);
    fclose(file);
    return n;
}

START_TEST(a_killed_run_ends_as_one_that_was_not) {
    static unsigned char bytes[2][1 << 17];
    int kills = 0, in_writing = 0, status = 0;
    ck_assert_int_eq(run_to_the_end(_i, whole, 0), 0);
    for (;;) {
        files_beside(path, 1); /* what a killed one left is no sign of life */
        const pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
            _exit(run_to_the_end(_i, path, 14));
        /* Most of the time some checkpoints are awaited, so that there is progress, but not always.
         * */
        int ended = wait_for(child, (int)uniform(0, 4), &status);
        if (!ended && uniform(0, 3) < 1)
            ended = wait_for_writing(child, &status);
        else if (!ended)
            sleep_for(uniform(0, 500));
        if (!ended) {
            kill(child, SIGKILL);
            ck_assert_int_eq(waitpid(child, &status, 0), child);
        }
        if (WIFEXITED(status)) {
            ck_assert_int_eq(WEXITSTATUS(status), 0);
            break;
        }
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        kills++;
        in_writing += files_beside(path, 0) > 0;
    }
    ck_assert_msg(kills >= kills_at_least(), "%s: only %d kills", name_of(_i), kills);
    printf("%s: %d kills, %d of them while a checkpoint was written\n", name_of(_i), kills,
           in_writing);
    const size_t n = read_file(path, bytes[0], sizeof bytes[0]);
    ck_assert_uint_lt(n, sizeof bytes[0]);
    ck_assert_uint_eq(read_file(whole, bytes[1], sizeof bytes[1]), n);
    ck_assert_msg(memcmp(bytes[0], bytes[1], n) == 0, "%s: %d kills left another network",
                  name_of(_i), kills);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_kill");
    TCase *tc = tcase_create("kill");
    tcase_add_checked_fixture(tc, make_folder, remove_folder);
    tcase_set_timeout(tc, 0);
    tcase_add_loop_test(tc, a_killed_run_ends_as_one_that_was_not, 0, KINDS + RULE_KINDS);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
