// SPDX-License-Identifier: BSD-3-Clause
// memqc.hpp without exceptions: failures are statuses. One without a status aborts, with its text.
#include <memqc.hpp>

#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

#if MEMQC_EXCEPTIONS
#error "this is to be compiled with -fno-exceptions"
#endif

namespace {

int failures = 0;

void check(bool condition, const char *what) {
    if (!condition) {
        std::fprintf(stderr, "not true: %s\n", what);
        failures++;
    }
}

// Runs a call in another process; returns whether it aborted, with its messages.
template <class Function> bool aborts(Function function, char *text, std::size_t size) {
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        function();
        _exit(0);
    }
    close(ends[1]);
    const ssize_t n = read(ends[0], text, size - 1);
    text[n > 0 ? n : 0] = '\0';
    close(ends[0]);
    int result = 0;
    return waitpid(child, &result, 0) == child && WIFSIGNALED(result);
}

} // namespace

int main() {
    memqc::Status status;
    memqc::Device device("hfox-a", {{"states", 64}}, status);
    check(status.ok() && device.levels(status) == 64, "a device");
    device.set("states", 1, status);
    check(status.code() == MEMQC_ERROR_ARGUMENT, "a bad value");
    check(status.text().find("4096") != std::string::npos, "its text");
    memqc::Crossbar crossbar(device, 2, 2, 1, status);
    crossbar.program({1, 0, 0, 1}, status);
    check(crossbar.mac({1, 1}, status).size() == 2 && status.ok(), "a product");
    const memqc::Crossbar none(device, 0, 2, 1, status);
    check(none.empty() && !status.ok(), "no array");
    memqc::MLP mlp({2, 2}, 1, status);
    mlp.set_progress([](const memqc::Progress &) { return true; }, status);
    mlp.train_epoch({1, 0}, {1}, status);
    check(status.code() == MEMQC_STOPPED, "a stop");
    char text[256];
    check(aborts([&] { device.set("states", 1); }, text, sizeof text), "an abort");
    check(std::strstr(text, "MEMQC_ERROR_ARGUMENT") && std::strstr(text, "4096"), "and its text");
    return failures == 0 ? 0 : 1;
}
