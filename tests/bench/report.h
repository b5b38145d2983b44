/* report.h -- the table: a figure, its unit, its target. Judged in words, never by exit status. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

void report_title(const char *title);

/* One line; `target` is the most it should be, 0: none. */
void report_figure(const char *what, double value, int decimals, const char *unit, double target);

/* Two in one line: "p50 / p99"; the target is for the second. */
void report_pair(const char *what, double first, double second, int decimals, const char *unit,
                 double target);

void report_words(const char *what, const char *words);

#endif
