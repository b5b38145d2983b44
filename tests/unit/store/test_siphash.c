#include "unit.h"

#include "siphash.h"

int test_siphash(void);

/* From the reference implementation: key 00 01 … 0f, input 00 01 … of growing length. */
static void agrees_with_the_reference_vectors(void **state)
{
    static const uint64_t expected[] = {
        UINT64_C(0x726fdb47dd0e0e31), UINT64_C(0x74f839c593dc67fd), UINT64_C(0x0d6c8009d9a94f5a),
        UINT64_C(0x85676696d7fb7e2d), UINT64_C(0xcf2794e0277187b7), UINT64_C(0x18765564cd99a68d),
        UINT64_C(0xcbc9466e58fee3ce), UINT64_C(0xab0200f58b01d137), UINT64_C(0x93f5f5799a932462)};
    unsigned char key[SIPHASH_KEY_BYTES], input[8];
    (void)state;
    for (size_t i = 0; i < sizeof key; i++) key[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof input; i++) input[i] = (unsigned char)i;
    for (size_t n = 0; n < sizeof expected / sizeof *expected; n++)
        assert_int_equal(siphash(key, input, n), expected[n]);
    /* The paper's own example, of 15 bytes. */
    unsigned char longer[15];
    for (size_t i = 0; i < sizeof longer; i++) longer[i] = (unsigned char)i;
    assert_int_equal(siphash(key, longer, sizeof longer), UINT64_C(0xa129ca6149be45e5));
}

static void another_key_gives_another_hash(void **state)
{
    static const unsigned char one[SIPHASH_KEY_BYTES] = {1}, two[SIPHASH_KEY_BYTES] = {2};
    (void)state;
    assert_int_not_equal(siphash(one, "wamid.A1", 8), siphash(two, "wamid.A1", 8));
}

int test_siphash(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_reference_vectors),
        cmocka_unit_test(another_key_gives_another_hash),
    };
    return UNIT_RUN(tests);
}
