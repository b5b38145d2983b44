/* fuzz_whatsapp -- fuzz_channel.h on WhatsApp. Seeds: tests/payload/whatsapp/. */
#include "fuzz_channel.h"
#include "whatsapp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_channel(&whatsapp, data, n);
}
