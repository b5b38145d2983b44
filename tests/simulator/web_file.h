/* web_file.h -- the page's files, built into the program (web_files.c is made by simulator.mk). */
#ifndef WEB_FILE_H
#define WEB_FILE_H

#include <stddef.h>

struct web_file {
    const char *path, *type; /* "phone.css", "text/css"; a NULL path ends the table */
    const unsigned char *bytes;
    size_t n;
};

extern const struct web_file web_files[];

#endif
