#!/bin/sh
# tools.sh - the tools that judge the project can say no: the lint finds what it
# is there for, and the test runner lets no failure pass.
. "$(dirname "$0")/../cli/lib.sh"

# A small tree with one mistake a rule.
mkdir -p src/base src/web src/monitor assets/locale/de tools packaging
cat > assets/locale/de/base.txt << 'END'
base.used = Ein Text mit {file}.
base.unused = Niemand fragt nach mir.
base.loud = Fertig!
END
cat > src/base/good.h << 'END'
/* good.h - nothing wrong here: strcpy( in a comment is no call. */
#ifndef KZ_BASE_GOOD_H
#define KZ_BASE_GOOD_H
#endif
END
printf '#ifndef KZ_BASE_BAD_H\n#define KZ_BASE_BAD_H\n#endif\n' > src/base/bad.h
cat > src/base/bad.c << 'END'
#include "web/http.h"
void f(char *a, const char *b)
{
    strcpy(a, b);
    goto somewhere;
    kz_prepare(db, kz_buf_text(&sql), &q, err);
    kz_prepare(db, "SELECT 1", &q, err);
    helper(db, "SELECT 2");
    kz_html(out, format, b);
    kz_buf_fmt(out, "<b>%s</b>", b);
    kz_fail(err, KZ_E_IO, "base.nowhere");
    kz_fail(err, KZ_E_IO, "base.used");
    kz_fail(err, KZ_E_IO, "base.loud");
    puts("Die Datei fehlt");
    puts("strcpy(a, b) in a string is no call");
}
static void helper(kz_db *db, const char *sql)
{
    kz_prepare(db, sql, &q, err);
}
END
printf '#include "trust/user.h"\nint x;   \n\n' > src/monitor/bad.c
awk 'BEGIN { for (i = 0; i < 700; i++) print "int a" i ";" }' > src/web/long.c
printf 'name\tkind\tversion\tlicence\treason\nfoo\tbuild\t1\t\twhy\n' > packaging/dependencies.tsv

# finds RULE TEXT NAME
finds() {
    t_run python3 "$KZ_ROOT/tools/lint" --root . "$1"
    t_stdout_has "$2" "$3"
}
finds layers    "src/base/bad.c:1: layers: base includes web" "an include upward is found"
finds layers    "src/monitor/bad.c:1: layers: monitor must not ask trust" "only web and cli ask trust"
finds banned    "src/base/bad.c:4: banned: strcpy()" "a banned function is found"
t_stdout_lacks  "bad.c:15" "a banned name in a string is no call"
t_stdout_lacks  "good.h" "a banned name in a comment is no call"
t_stdout_has    "src/base/bad.c:5: banned: goto" "a jump to any label but out is found"
finds sql       "src/base/bad.c:6: sql:" "SQL from a buffer is found"
t_stdout_lacks  "bad.c:7" "SQL as a literal is fine"
t_stdout_lacks  "bad.c:19" "SQL that every caller hands in as a literal is fine"
finds markup    "src/base/bad.c:9: markup:" "markup by a variable format is found"
t_stdout_has    "src/base/bad.c:10: markup:" "markup past the escaping is found"
finds texts     "src/base/bad.c:11: texts: the id base.nowhere" "an id without a text is found"
t_stdout_has    "base.used needs the argument {file}" "a missing argument is found"
t_stdout_has    "nothing uses the text base.unused" "an unused text is found"
finds catalogue "base.loud: no exclamation marks" "a shouting text is found"
finds german    "src/base/bad.c:14: german:" "German in C is found"
finds size      "src/web/long.c:701: size: 700 lines" "a long file is found"
finds header    "src/base/bad.h:1: header:" "a header that does not say what it is for is found"
t_stdout_lacks  "good.h" "a header that does is fine"
finds blanks    "src/monitor/bad.c:2: blanks:" "blanks at the end of a line are found"
finds packages  "dependencies.tsv:2: packages:" "a package without a licence is found"
t_exit 1 "findings are an exit code" python3 "$KZ_ROOT/tools/lint" --root . header

# A build directory whose test programs end in every way there is.
mkdir -p b/test
program() {
    { echo '#!/bin/sh'; cat; } > "b/test/test_$1"
    chmod +x "b/test/test_$1"
}
# verdict LAST-LINE NAME: what the runner makes of the programs that are there now
verdict() {
    t_run python3 "$KZ_ROOT/tools/run-tests" --build "$PWD/b" --timeout 2 "$PWD/b/"
    t_is "$2" "$(tail -n 1 "$T_OUT")" "$1"
    rm -f b/test/test_*
}
program good << 'END'
echo 1..4; echo "ok 1 - a"; echo "ok 2 - b # SKIP no data"; echo "ok 3 - c"; echo "not ok 4 # SKIP of_cmocka"
END
verdict "2 passed, 0 failed, 2 skipped" "good results and skips are counted"
t_is "success is exit code 0" "$T_CODE" 0
program bad << 'END'
echo "ok 1 - a"; echo "not ok 2 - b"; echo 1..2
END
verdict "1 passed, 1 failed" "one bad result is a failure, even with exit code 0"
t_is "failure is exit code 1" "$T_CODE" 1
program quiet << 'END'
exit 0
END
verdict "0 passed, 1 failed" "a program that says nothing has failed"
program short << 'END'
echo 1..2; echo "ok 1 - a"
END
verdict "1 passed, 1 failed" "fewer results than planned is a failure"
program crash << 'END'
echo 1..1; echo "ok 1 - a"; kill -SEGV $$
END
verdict "1 passed, 1 failed" "a crash after good results is a failure"
program leak << 'END'
echo 1..1; echo "ok 1 - a"; exit 99
END
verdict "1 passed, 1 failed" "an exit code that no result explains is a failure"
program hang << 'END'
echo 1..1; echo "ok 1 - a"; sleep 60
END
verdict "1 passed, 1 failed" "a program that hangs is a failure"
verdict "0 passed, 1 failed" "no test at all is a failure"
t_done
