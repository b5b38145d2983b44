#include "act_hostile.h"

#include "err.h"
#include "faults.h"
#include "hostile.h"
#include "limbo.h"
#include "phone.h"

#include <stdlib.h>
#include <string.h>

int act_faults(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    if (faults_set(p->faults, arguments, e) != 0) return -1;
    *out = faults_json(p->faults);
    return 0;
}

int act_release(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    (void)arguments, (void)e;
    *out = json_pack("{s:I}", "released", (json_int_t)limbo_release(p->limbo));
    return 0;
}

int act_redeliver(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    (void)arguments, (void)e;
    *out = json_pack("{s:I}", "redelivered", (json_int_t)hostile_redeliver(p->hostile));
    return 0;
}

/* {"token":…}: a new one, which is not expired; {"expired":true}: none is good until the next call. */
int act_token(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    const json_t *token = json_object_get(arguments, "token"),
                 *expired = json_object_get(arguments, "expired");
    if (json_object_size(arguments) != 1 || (token == NULL && expired == NULL))
        return err_set(e, "expected either token or expired");
    if (token != NULL && (!json_is_string(token) || json_string_length(token) == 0))
        return err_set(e, "token: expected a text");
    if (expired != NULL && !json_is_boolean(expired)) return err_set(e, "expired: expected true or false");
    if (token != NULL) {
        char *copy = strdup(json_string_value(token));
        if (copy == NULL) return err_set(e, "out of memory");
        free(p->token);
        p->token = copy;
    }
    p->token_expired = json_is_true(expired);
    *out = json_pack("{s:s, s:b}", "token", p->token, "expired", (int)p->token_expired);
    return 0;
}
