#include "act_hostile.h"

#include "faults.h"
#include "hostile.h"
#include "limbo.h"
#include "phone.h"

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
