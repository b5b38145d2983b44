#include "webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <time.h>

#include "bot.h"

/* Shapes: WhatsApp Cloud API, "Webhooks: messages" and "statuses". Meta signs its own escaped
 * text: no byte beyond ASCII, and slashes escaped. */

static void open_body(struct buf *body)
{
    buf_adds(body,
             "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"102290129340398\",\"changes\":"
             "[{\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":"
             "\"31201234567\",\"phone_number_id\":\"" BOT_ACCOUNT "\"},");
}

static void close_body(struct buf *body)
{
    buf_adds(body, "},\"field\":\"messages\"}]}]}");
}

static void sign_and_wrap(const struct buf *body, struct buf *out)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    char text[2 * EVP_MAX_MD_SIZE + 1];

    (void)HMAC(EVP_sha256(), BOT_SECRET, (int)strlen(BOT_SECRET), (const unsigned char *)body->data,
               body->len, mac, &n);
    for (unsigned int i = 0; i < n; i++) {
        text[2 * i] = hex[mac[i] >> 4];
        text[2 * i + 1] = hex[mac[i] & 15];
    }
    text[2 * n] = '\0';
    buf_addf(out,
             "POST /webhook/whatsapp HTTP/1.1\r\nHost: bench.example\r\nAccept: */*\r\n"
             "User-Agent: facebookexternalua\r\nContent-Type: application/json\r\n"
             "X-Hub-Signature-256: sha256=%s\r\nContent-Length: %zu\r\n\r\n",
             text, body->len);
    buf_add(out, body->data, body->len);
}

/* As long as theirs, which are base64 of the sender's number and a random part. */
static void put_id(struct buf *body, uint64_t id)
{
    buf_addf(body, "wamid.HBgLMzE2MDAwMDAwMDAVAgASGBQzQTk4%016llXRkYA", (unsigned long long)id);
}

static void put_words(const struct webhook_message *m, struct buf *body)
{
    if (m->text != NULL)
        buf_addf(body, "\"text\":{\"body\":\"%s\"},\"type\":\"text\"", m->text);
    else
        buf_addf(body,
                 "\"type\":\"interactive\",\"interactive\":{\"type\":\"%s\",\"%s\":{\"id\":\"%s\",\"title\":"
                 "\"%s\"}}",
                 m->list ? "list_reply" : "button_reply", m->list ? "list_reply" : "button_reply", m->choice,
                 m->title);
}

void webhook_message(const struct webhook_message *m, struct buf *out)
{
    struct buf body = {0};
    long long phone = WEBHOOK_PHONE_FIRST + m->person;

    open_body(&body);
    buf_addf(&body,
             "\"contacts\":[{\"profile\":{\"name\":\"Ren\\u00e9e \\ud83c\\udf37\"},\"wa_id\":\"%lld\","
             "\"user_id\":\"NL.1%015lld\"}],\"messages\":[{",
             phone, (long long)m->person);
    if (m->choice != NULL) buf_addf(&body, "\"context\":{\"from\":\"31201234567\",\"id\":\"%s\"},", m->about);
    buf_addf(&body, "\"from\":\"%lld\",\"from_user_id\":\"NL.1%015lld\",\"id\":\"", phone,
             (long long)m->person);
    put_id(&body, m->id);
    buf_addf(&body, "\",\"timestamp\":\"%lld\",", (long long)time(NULL));
    put_words(m, &body);
    buf_adds(&body, "}]");
    close_body(&body);
    sign_and_wrap(&body, out);
    out->failed = out->failed || body.failed;
    buf_free(&body);
}

void webhook_status(const struct webhook_status *s, struct buf *out)
{
    struct buf body = {0};
    long long phone = WEBHOOK_PHONE_FIRST + s->person;

    open_body(&body);
    buf_addf(
        &body,
        "\"contacts\":[{\"profile\":{\"name\":\"Ren\\u00e9e\"},\"wa_id\":\"%lld\",\"user_id\":\"NL.1%"
        "015lld\"}],"
        "\"statuses\":[{\"id\":\"%s\",\"status\":\"%s\",\"timestamp\":\"%lld\",\"recipient_id\":\"%lld\","
        "\"recipient_user_id\":\"NL.1%015lld\"",
        phone, (long long)s->person, s->id, s->status, (long long)time(NULL), phone, (long long)s->person);
    if (s->tracker[0] != '\0') buf_addf(&body, ",\"biz_opaque_callback_data\":\"%s\"", s->tracker);
    if (strcmp(s->status, "read") != 0) /* told with sent and delivered */
        buf_adds(&body, ",\"pricing\":{\"billable\":true,\"pricing_model\":\"PMP\",\"category\":\"service\","
                        "\"type\":\"regular\"}");
    buf_adds(&body, "}]");
    close_body(&body);
    sign_and_wrap(&body, out);
    out->failed = out->failed || body.failed;
    buf_free(&body);
}
