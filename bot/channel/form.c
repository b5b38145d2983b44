#include "form.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "mime.h"
#include "secret.h"

enum { BOUNDARY_CHARS = 32, BOUNDARY_TRIES = 8 };

static void put_field(const char *boundary, const struct form_field *field, struct buf *out)
{
    if (field->value == NULL) return;
    buf_addf(out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n", boundary, field->name);
    buf_adds(out, field->value);
    buf_adds(out, "\r\n");
}

/* Telegram's server undoes percent-encoding in names; older ones take a ';' for the end of a quoted name,
 * and what follows for another (td/net/HttpReader.cpp): "x; name=chat_id" would say where it goes. */
static void put_name(const char *s, struct buf *out)
{
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < ' ' || c == 0x7F || strchr("\"\\;%", c) != NULL)
            buf_addf(out, "%%%02X", c);
        else
            buf_addc(out, *s);
    }
}

static void put_file(const char *boundary, const struct form *f, struct buf *out)
{
    bool typed = f->mime != NULL && mime_is(f->mime);

    buf_addf(out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"", boundary,
             f->file_field);
    if (f->file_name != NULL && *f->file_name != '\0')
        put_name(f->file_name, out);
    else
        buf_addf(out, "%s%s", media_kind_name(f->kind), mime_extension(f->mime));
    buf_addf(out, "\"\r\nContent-Type: %s\r\n\r\n", typed ? f->mime : "application/octet-stream");
    buf_add(out, f->bytes, f->n);
    buf_addf(out, "\r\n--%s--\r\n", boundary);
}

/* Everything of the form but the file is in the boundary's hash, so that nothing in it can hold the
 * boundary; the file is looked through. Who made one to hold the first few would lose their own file. */
static int boundary_find(const struct form *f, char out[static 65], struct err *e)
{
    struct buf all = {0};
    int rc = -1;

    for (size_t i = 0; i < f->field_n; i++)
        if (f->fields[i].value != NULL) buf_adds(&all, f->fields[i].value);
    if (f->file_name != NULL) buf_adds(&all, f->file_name);
    if (f->mime != NULL) buf_adds(&all, f->mime);
    for (int i = 0; rc != 0 && !all.failed && i < BOUNDARY_TRIES; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "boundary %d", i);
        secret_hmac_hex(key, buf_text(&all), all.len, out);
        out[BOUNDARY_CHARS] = '\0';
        if (out[0] != '\0' && memmem(f->bytes, f->n, out, BOUNDARY_CHARS) == NULL) rc = 0;
    }
    buf_free(&all);
    return rc == 0 ? 0 : err_set(e, "no boundary for a file of %zu bytes", f->n);
}

int form_render(const struct form *f, struct buf *type, struct buf *body, struct err *e)
{
    char boundary[65];

    if (boundary_find(f, boundary, e) != 0) return -1;
    buf_addf(type, "multipart/form-data; boundary=%s", boundary);
    for (size_t i = 0; i < f->field_n; i++) put_field(boundary, &f->fields[i], body);
    put_file(boundary, f, body);
    return type->failed || body->failed ? err_set(e, "out of memory for a file of %zu bytes", f->n) : 0;
}
