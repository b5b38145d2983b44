#include "graph.h"

#include "clock.h"
#include "faults.h"
#include "graph_account.h"
#include "graph_fault.h"
#include "graph_send.h"
#include "limbo.h"
#include "media.h"
#include "options.h"
#include "phone.h"
#include "refusal.h"
#include "server.h"
#include "uploads.h"
#include "wire.h"
#include "world.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Meta's versions that are alive: v20.0 went on 24 September 2026, v26.0 is the newest. */
enum { VERSION_FIRST = 21, VERSION_LAST = 26 };
bool graph_is(const char *path)
{
    return path[0] == '/' && path[1] == 'v' && isdigit((unsigned char)path[2]);
}

static int check_version(const char *path, struct refusal *r)
{
    char *end = NULL;
    long major = strtol(path + 2, &end, 10);
    if (end[0] != '.' || end[1] != '0' || end[2] != '/' || major > VERSION_LAST || major < 1)
        return refuse(r, 2500, "Unknown path components: %.200s", path);
    if (major < VERSION_FIRST)
        return refuse(r, 2635,
                      "You are calling a deprecated version of the API. Please update to the latest "
                      "version: v%d.0.",
                      VERSION_LAST);
    return 0;
}

int graph_token(const struct phone *p, const char *authorization, struct refusal *r)
{
    static const char bearer[] = "Bearer ";
    if (strncmp(authorization, bearer, sizeof bearer - 1) != 0)
        return refuse(r, 190, "An access token is required to request this resource.");
    if (p->token_expired) {
        refuse(r, 190, "Error validating access token: Session has expired.");
        r->subcode = 463;
        return -1;
    }
    if (strcmp(authorization + sizeof bearer - 1, p->token) != 0)
        return refuse(r, 190, "Invalid OAuth access token - Cannot parse access token");
    return 0;
}

static int check_number(const struct phone *p, const char *node, struct refusal *r)
{
    if (strcmp(node, p->options->phone_number_id) == 0) return 0;
    refuse(r, 100, "%s", "");
    r->subcode = 33;
    r->type = "GraphMethodException";
    snprintf(
        r->message, sizeof r->message,
        "Unsupported post request. Object with ID '%.40s' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        node);
    return -1;
}

/* Files have a fault only when a script has one for them. 1: nothing is done and nothing answered. */
static int meet_media(struct phone *p, struct verdict *v)
{
    v->met.fault = faults_draw_media(p->faults, &v->met.until_release);
    if (v->met.fault != FAULT_NONE) faults_count(p->faults, v->met.fault);
    if (graph_fault_refuse(v->met.fault, &v->refusal) != 0) return -1;
    return graph_fault_refrain(v->met.fault) ? 1 : 0;
}

static int upload(struct phone *p, const struct exchange *x, struct verdict *v)
{
    v->file = true;
    snprintf(v->summary, sizeof v->summary, "bestand van de bot");
    int met = meet_media(p, v);
    if (met != 0) return met < 0 ? -1 : 0;
    v->answer = uploads_take(p, x, v->note, sizeof v->note, &v->refusal);
    return v->answer == NULL ? -1 : 0;
}

static int get(struct phone *p, const struct exchange *x, const char *node, const char *edge,
               struct verdict *v)
{
    snprintf(v->summary, sizeof v->summary, "%s", edge[0] != '\0' ? edge : "account");
    if (edge[0] == '\0' && (v->answer = media_find(p, node)) != NULL) {
        snprintf(v->summary, sizeof v->summary, "adres van een bestand");
        return meet_media(p, v) < 0 ? -1 : 0;
    }
    return (v->answer = graph_account(p, node, edge, x->query, &v->refusal)) == NULL ? -1 : 0;
}

static int route(struct phone *p, const struct exchange *x, struct verdict *v)
{
    struct refusal *r = &v->refusal;
    char node[80] = "", edge[80] = "";
    if (check_version(x->path, r) != 0) return -1;
    sscanf(strchr(x->path + 1, '/'), "/%79[^/]/%79s", node, edge);
    if (graph_token(p, x->authorization, r) != 0) return -1;
    if (strcmp(x->method, "GET") == 0) return get(p, x, node, edge, v);
    if (check_number(p, node, r) != 0) return -1;
    if (strcmp(x->method, "POST") == 0 && strcmp(edge, "messages") == 0) return graph_messages(p, x, v);
    if (strcmp(x->method, "POST") == 0 && strcmp(edge, "media") == 0) return upload(p, x, v);
    return refuse(r, 2500, "Unknown path components: /%.70s", edge);
}

static int64_t on_wire(struct phone *p, const struct exchange *x, const struct verdict *v)
{
    const struct wire_start start = {.method = x->method,
                                     .target = x->path,
                                     .customer = v->customer,
                                     .summary = v->summary,
                                     .fault =
                                         v->met.fault == FAULT_NONE ? NULL : fault_kinds[v->met.fault].name,
                                     .attempt = 1,
                                     .body = v->file ? NULL : x->body,
                                     .body_n = x->body_n};
    return wire_begin(p->wire, world_now_ms(p->world), &start);
}

void graph_answer(struct phone *p, struct exchange *x)
{
    int64_t began = clock_mono_ms();
    struct verdict v = {.summary = "?"};
    bool ok = route(p, x, &v) == 0;
    if (!ok) {
        json_decref(v.answer);
        v.answer = refusal_json(&v.refusal);
        snprintf(v.note, sizeof v.note, "%s%s%s", v.refusal.message, v.refusal.details[0] != '\0' ? ": " : "",
                 v.refusal.details);
    }
    char *text = v.answer == NULL ? NULL : json_dumps(v.answer, JSON_COMPACT | JSON_ESCAPE_SLASH);
    const struct limbo_end end = {.wire_n = on_wire(p, x, &v),
                                  .began_ms = began,
                                  .status = text == NULL ? 500
                                            : ok         ? 200
                                                         : v.refusal.status,
                                  .bad = !ok || v.bad,
                                  .text = text == NULL ? "" : text,
                                  .note = v.note[0] != '\0' ? v.note : NULL};
    graph_fault_end(p, x, &v.met, &end);
    free(text);
    json_decref(v.answer);
}
