#include "operator.h"

#include <string.h>
#include <strings.h>

#include "buf.h"
#include "err.h"
#include "http_server.h"
#include "log.h"
#include "person.h"
#include "report.h"
#include "turn.h"

const char *const operator_headers[] = {[OPERATOR_HOST] = "host", [OPERATOR_TYPE] = "content-type", NULL};

static const char json_type[] = "application/json";

bool operator_trusts(const struct http_request *r)
{
    const char *type = r->header[OPERATOR_TYPE];
    size_t n = sizeof json_type - 1;

    if (r->header[OPERATOR_HOST] == NULL || type == NULL) return false;
    return strncasecmp(type, json_type, n) == 0 && (type[n] == '\0' || strchr("; ", type[n]) != NULL);
}

bool operator_asks(const struct http_request *r)
{
    return r->kind == REQUEST_REPORT || r->kind == REQUEST_PERSON;
}

bool operator_answer(struct turns *t, struct http_server *admin, struct http_request *r)
{
    bool person = r->kind == REQUEST_PERSON;
    struct buf out = {0};
    struct err e = {0};
    int status;

    if (person)
        status = person_answer(t, r->body, r->body_n, &out, &e);
    else
        status = report_write(t->store, t->config, t->arena, &out, &e) == 0 ? 200 : 503;
    if (status == 503) log_error(person ? "person" : "report", "error=\"%s\"", e.text);
    http_server_answer(admin, r->id, status, person && status == 200 ? json_type : NULL, buf_text(&out),
                       status == 200 ? out.len : 0);
    buf_free(&out);
    http_request_free(r);
    return person;
}
