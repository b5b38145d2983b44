#include "unit.h"

#include "message.h"

int test_message(void);

static void names_every_kind(void **state)
{
    (void)state;
    for (int i = 0; i < MESSAGE_N; i++) assert_non_null(message_kind_name((enum message_kind)i));
    assert_string_equal(message_kind_name(MESSAGE_TEXT), "text");
    assert_string_equal(message_kind_name(MESSAGE_OPEN), "open");
}

static void reads_back_every_kind_of_media(void **state)
{
    (void)state;
    for (int i = 0; i < MEDIA_N; i++) {
        enum media_kind back = MEDIA_N;
        assert_int_equal(media_kind_from(media_kind_name((enum media_kind)i), &back), 0);
        assert_int_equal(back, i);
    }
}

static void refuses_media_it_does_not_know(void **state)
{
    enum media_kind kind = MEDIA_ORDER;

    (void)state;
    assert_int_equal(media_kind_from("hologram", &kind), -1);
    assert_int_equal(kind, MEDIA_ORDER);
}

int test_message(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_kind),
        cmocka_unit_test(reads_back_every_kind_of_media),
        cmocka_unit_test(refuses_media_it_does_not_know),
    };
    return UNIT_RUN(tests);
}
