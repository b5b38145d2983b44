/* faults_inside.h -- what faults.c and faults_read.c share; for nobody else. */
#ifndef FAULTS_INSIDE_H
#define FAULTS_INSIDE_H

#include "faults.h"

#include <stddef.h>

/* A tester writes a script by hand; a longer one is a mistake. */
enum { SCRIPT_MAX = 1000, TIMES_MAX = 100000, CUSTOMER_ID_MAX = 64 };

/* One entry of "next". */
struct scripted {
    enum fault kind;
    char customer[CUSTOMER_ID_MAX]; /* "": anybody */
    int times;                      /* 0: used up  */
    bool until_release, media;
};

struct fault_plan {
    uint64_t seed;
    double percent[FAULTS_N];
    int64_t hang_ms, late_ms;
    struct scripted *next; /* owned */
    size_t next_n;
};

/* fault_plan_read(json, out, e): 0, or -1 with `e`, and nothing in `out` to free. */
int fault_plan_read(const json_t *json, struct fault_plan *out, struct err *e);

/* fault_find(stream, name): the kind, FAULT_NONE when there is no such. */
enum fault fault_find(enum fault_stream stream, const char *name);

/* What a `next` entry calls the stream: "send", "status", "webhook". */
extern const char *const fault_script_key[STREAMS];

#endif
