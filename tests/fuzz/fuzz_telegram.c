/* fuzz_telegram -- fuzz_channel.h on Telegram. Seeds: tests/payload/telegram/. */
#include "fuzz_channel.h"
#include "telegram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_channel(&telegram, data, n);
}
