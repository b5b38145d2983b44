/* menu.h -- the commands of the flow in the menu of the platform's app: Telegram's setMyCommands.
 *
 * A kindness at the start: tried once, nothing waits for it, trouble is told once and that is all. */
#ifndef MENU_H
#define MENU_H

#include <stdbool.h>

struct http_client;
struct platform;
struct script;

/* Must live until the client is polled no more. */
struct menu {
    bool told; /* that there is trouble */
};

/* menu_offer(m, platform, script, client): the commands that a button gives, described by what
 * stands on it: in the default language for everybody, in each other one for who has the app in it.
 * Of a platform that is off: nothing. */
void menu_offer(struct menu *m, const struct platform *platform, const struct script *script,
                struct http_client *client);

#endif
