#include "stat/bym2_lanes.h"

const kz_bym2_engine *kz_bym2_engine_find(int lanes)
{
#ifdef __x86_64__
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512vl");
    if (wide && (lanes == 0 || lanes == 8))
        return &kz_bym2_lanes_8;
    if (__builtin_cpu_supports("avx2") && (lanes == 0 || lanes == 4))
        return &kz_bym2_lanes_4;
#endif
    return lanes == 0 || lanes == 2 ? &kz_bym2_lanes_2 : NULL;
}
