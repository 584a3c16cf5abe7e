/* kz_test.h - cmocka with our habits: a test's name is a sentence. */
#ifndef KZ_TEST_H
#define KZ_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define KZ_TEST(f) cmocka_unit_test(f)
#define KZ_TEST_MAIN(...)                                         \
    int main(void)                                                \
    {                                                             \
        const struct CMUnitTest tests[] = { __VA_ARGS__ };        \
        cmocka_set_message_output(CM_OUTPUT_TAP);                 \
        return cmocka_run_group_tests(tests, NULL, NULL);         \
    }

#endif
