/* unit.h -- what every unit test includes first. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The number of tests in a group, its name and the run, in one line. */
#define UNIT_RUN(tests) cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL)

#endif
