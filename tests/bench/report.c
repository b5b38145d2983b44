#include "report.h"

#include <stdio.h>

void report_title(const char *title)
{
    (void)printf("\n%s\n", title);
}

static void end_line(double value, const char *unit, double target)
{
    (void)printf(" %-6s", unit);
    if (target > 0) (void)printf(" <= %-6g %s", target, value <= target ? "ok" : "over");
    (void)putchar('\n');
    (void)fflush(stdout);
}

void report_figure(const char *what, double value, int decimals, const char *unit, double target)
{
    (void)printf("  %-44s %19.*f", what, decimals, value);
    end_line(value, unit, target);
}

void report_pair(const char *what, double first, double second, int decimals, const char *unit, double target)
{
    (void)printf("  %-44s %8.*f / %8.*f", what, decimals, first, decimals, second);
    end_line(second, unit, target);
}

void report_words(const char *what, const char *words)
{
    (void)printf("  %-44s %19s\n", what, words);
    (void)fflush(stdout);
}
