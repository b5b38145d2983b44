#include "admin.h"

#include <string.h>

#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "metrics.h"
#include "road.h"

static void refuse(struct http_server *s, struct http_request *r, int status)
{
    http_server_answer(s, r->id, status, NULL, "", 0);
    http_request_free(r);
}

void admin_handle(void *user, struct http_server *s, struct http_request *r)
{
    struct admin *admin = user;
    bool wake = false;

    if (strcmp(r->path, "/report") != 0) {
        metrics_handle(admin->metrics, s, r);
        return;
    }
    r->kind = REQUEST_REPORT;
    if (r->method != HTTP_GET)
        refuse(s, r, 405);
    else if (!handover_put(admin->handover, r, &wake))
        refuse(s, r, 503);
    else if (wake)
        http_client_wake(admin->wake);
}
