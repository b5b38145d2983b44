/* business.h -- who the bot works for: facts, no words. Read-only once loaded. */
#ifndef BUSINESS_H
#define BUSINESS_H

#include "hours.h"

struct business {
    const char *name;     /* "Get to the Point"                            */
    const char *human;    /* first name of who helps further: "Elisah"     */
    const char *phone;    /* as people write it: "06 44908448"             */
    const char *whatsapp; /* digits with country code; NULL: no chat link  */
    const char *email;
    const char *site;
    const char *social; /* one line; NULL: none                          */
    struct hours hours;
};

#endif
