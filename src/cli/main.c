#include "cli/cmd.h"

#include <stdio.h>

kz_status kz_cmd_version(kz_call *call)
{
    (void)call;
    puts("kekiz 0.1.0");
    return KZ_OK;
}

int main(void)
{
    return kz_cmd_version(0);
}
