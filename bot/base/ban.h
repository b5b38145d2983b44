/* ban.h -- forced into every file of bot/ (-include): calls we never make.
 *
 * Unbounded copies and formats, calls with hidden state, parsers without errors.
 * The system headers come first, so that only our own use is an error. */
#ifndef BAN_H
#define BAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncat sprintf vsprintf gets strtok atoi atol atof
#pragma GCC poison gmtime localtime ctime asctime strerror setlocale system popen tmpnam mktemp

#endif
