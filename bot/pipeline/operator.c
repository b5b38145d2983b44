#include "operator.h"

#include "buf.h"
#include "err.h"
#include "http_server.h"
#include "log.h"
#include "report.h"
#include "turn.h"

bool operator_asks(const struct http_request *r)
{
    return r->kind == REQUEST_REPORT;
}

void operator_answer(struct turns *t, struct http_server *admin, struct http_request *r)
{
    struct buf out = {0};
    struct err e = {0};

    bool ok = report_write(t->store, t->config, t->arena, &out, &e) == 0;
    if (!ok) log_error("report", "error=\"%s\"", e.text);
    http_server_answer(admin, r->id, ok ? 200 : 503, NULL, buf_text(&out), ok ? out.len : 0);
    buf_free(&out);
    http_request_free(r);
}
