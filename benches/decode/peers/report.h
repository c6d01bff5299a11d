/* What each of these programs writes for a connection; see client.rs. */
#ifndef REPORT_H
#define REPORT_H
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* Nanoseconds of processor time of this process, all threads. */
static inline int64_t processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* A sum of all colours (FNV-1a); rows lie `stride` bytes apart, pixels are B, G, R and one byte more. */
static inline uint64_t colours(const uint8_t *pixels, int width, int height, int stride) {
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int channel = 0; channel < 3; channel++)
                sum = (sum ^ pixels[y * stride + x * 4 + channel]) * UINT64_C(0x100000001b3);
    return sum;
}

static inline void report(int64_t time, uint64_t sum) {
    printf("%lld %016llx\n", (long long)time, (unsigned long long)sum);
    fflush(stdout);
}
#endif
