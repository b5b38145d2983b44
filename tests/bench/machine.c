#include "machine.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "times.h"

enum {
    TMPFS = 0x01021994, /* statfs(2)               */
    SYNCS = 100,        /* half a second or so     */
    SYNC_BYTES = 8192,  /* the log of a small turn */
    SLEEPS = 300,
    SLEEP_NS = 1000000
};

static void cpu_model(char *out, size_t size)
{
    char line[256];
    FILE *f = fopen("/proc/cpuinfo", "re");

    (void)snprintf(out, size, "unknown processor");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
        (void)snprintf(out, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
        break;
    }
    if (f != NULL) (void)fclose(f);
}

static double load_average(void)
{
    double load = 0;
    FILE *f = fopen("/proc/loadavg", "re");

    if (f == NULL) return 0;
    if (fscanf(f, "%lf", &load) != 1) load = 0;
    (void)fclose(f);
    return load;
}

static void describe(const char *dir)
{
    char model[128];
    struct utsname os = {0};
    struct statfs disk = {0};

    cpu_model(model, sizeof model);
    (void)uname(&os);
    (void)statfs(dir, &disk);
    (void)printf("%s, %ld cores, %s %s, load average before %.2f\n", model, sysconf(_SC_NPROCESSORS_ONLN),
                 os.sysname, os.release, load_average());
    if (disk.f_type == TMPFS) (void)printf("note: %s is in memory: commits cost nothing here\n", dir);
}

static void measure_disk(const char *dir, struct times *t)
{
    static const char bytes[SYNC_BYTES];
    char path[4096];

    (void)snprintf(path, sizeof path, "%s/sync", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (int i = 0; fd >= 0 && i < SYNCS; i++) {
        int64_t began = times_now_ns();
        if (write(fd, bytes, sizeof bytes) != (ssize_t)sizeof bytes || fdatasync(fd) != 0) break;
        times_add(t, times_now_ns() - began);
    }
    if (fd >= 0) (void)close(fd);
    (void)unlink(path);
}

static void measure_wakes(struct times *t)
{
    for (int i = 0; i < SLEEPS; i++) {
        int64_t due = times_now_ns() + SLEEP_NS;
        const struct timespec at = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        times_add(t, times_now_ns() - due);
    }
}

void machine_tell(const char *dir)
{
    struct times disk, wakes = {0};

    describe(dir);
    if (times_open(&disk, SYNCS) == 0 && times_open(&wakes, SLEEPS) == 0) {
        measure_disk(dir, &disk);
        measure_wakes(&wakes);
        (void)printf("8 KiB synced to its disk: p50 %.2f, p99 %.2f ms; a sleeper woken late by: p50 %.2f, "
                     "p99 %.2f ms\n",
                     times_ms(&disk, 0.5), times_ms(&disk, 0.99), times_ms(&wakes, 0.5),
                     times_ms(&wakes, 0.99));
    }
    times_close(&disk);
    times_close(&wakes);
}
