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
    int reply_grace_min; /* after the moment that was named: so long she has to answer before the
                            customer is told that it takes longer */
};

#endif
