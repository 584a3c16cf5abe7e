/*
 * lanes.h - KZ_LANES numbers at a time: the types, and exp, log and the normal
 * distribution for them.
 *
 *     vd a = vset(1), b = vexp(a);
 *     vd c = vsel(a > b, a, b);
 *
 * Only for files that are built once for every width (bym2_lanes.c, meson.build).  Nothing
 * but + - * / of IEEE double arithmetic, in one fixed order and without fused
 * multiplication: a lane gives the same bits at every width and on every machine.
 *
 * vexp: |relative error| < 4e-16 for |x| <= 600, clamped outside.  vlog: x positive and normal, < 4e-16.
 * vphi: the normal distribution function, absolute error < 1e-15 inside ±7.07, 0 or 1 outside.
 * Sources: the reduction of Cody and Waite, Software Manual for the Elementary
 * Functions, 1980; the rational function of J. F. Hart et al., Computer Approximations,
 * 1968, no. 5666, in the form of G. West, Wilmott Magazine, May 2005.
 */
#ifndef KZ_STAT_LANES_H
#define KZ_STAT_LANES_H

#include <stdint.h>

#ifndef KZ_LANES
#define KZ_LANES 2 /* the build says 2, 4 or 8 (src/stat/meson.build); this is for tools that read a file alone */
#endif

typedef double   vd __attribute__((vector_size(8 * KZ_LANES)));
typedef int64_t  vi __attribute__((vector_size(8 * KZ_LANES)));
typedef uint64_t vu __attribute__((vector_size(8 * KZ_LANES)));

#define KZ_INLINE static inline __attribute__((always_inline))

KZ_INLINE vd vset(double x)
{
    return (vd){ 0 } + x;
}

/* Where the mask is set a, else b. */
KZ_INLINE vd vsel(vi mask, vd a, vd b)
{
    return (vd)(((vi)a & mask) | ((vi)b & ~mask));
}

KZ_INLINE vd vmax(vd a, vd b)
{
    return vsel((vi)(a > b), a, b);
}

KZ_INLINE vd vmin(vd a, vd b)
{
    return vsel((vi)(a < b), a, b);
}

KZ_INLINE vd vabs(vd a)
{
    return (vd)((vu)a & ((vu){ 0 } + UINT64_C(0x7fffffffffffffff)));
}

KZ_INLINE int vany(vi mask)
{
    int64_t any = 0;
    for (int k = 0; k < KZ_LANES; k++)
        any |= mask[k];
    return any != 0;
}

KZ_INLINE vd vexp(vd x)
{
    const vd shift = vset(0x1.8p52);
    x = vmin(vmax(x, vset(-600)), vset(600));
    vd t = x * 0x1.71547652b82fep0 + shift, n = t - shift;
    vd r = (x - n * 0x1.62e42fefa0000p-1) - n * 0x1.cf79abc9e3b39p-40;
    vd p = vset(1.0 / 6227020800);
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    return (vd)((vu)p + ((vu)t << 52)); /* the low bits of t are n */
}

KZ_INLINE vd vlog(vd x)
{
    vu bits = (vu)x;
    vd e = (vd)((bits >> 52) | ((vu){ 0 } + UINT64_C(0x4330000000000000))) - (0x1p52 + 1023);
    vd m = (vd)((bits & ((vu){ 0 } + UINT64_C(0xfffffffffffff))) | ((vu){ 0 } + UINT64_C(0x3ff0000000000000)));
    vi big = (vi)(m > vset(1.4142135623730951));
    m = vsel(big, m * 0.5, m);
    e = vsel(big, e + 1, e);
    vd f = m - 1, s = f / (f + 2), s2 = s * s;
    vd p = vset(2.0 / 21);
    p = p * s2 + 2.0 / 19;
    p = p * s2 + 2.0 / 17;
    p = p * s2 + 2.0 / 15;
    p = p * s2 + 2.0 / 13;
    p = p * s2 + 2.0 / 11;
    p = p * s2 + 2.0 / 9;
    p = p * s2 + 2.0 / 7;
    p = p * s2 + 2.0 / 5;
    p = p * s2 + 2.0 / 3;
    return e * 0x1.62e42fefa0000p-1 + (2 * s + (s * s2 * p + e * 0x1.cf79abc9e3b39p-40));
}

/* The normal distribution function; *density its derivative. */
KZ_INLINE vd vphi(vd z, vd *density)
{
    vd x = vabs(z), e = vexp(x * x * -0.5);
    vd a = x * 3.52624965998911e-02 + 0.700383064443688;
    a = a * x + 6.37396220353165;
    a = a * x + 33.912866078383;
    a = a * x + 112.079291497871;
    a = a * x + 221.213596169931;
    a = a * x + 220.206867912376;
    vd b = x * 8.83883476483184e-02 + 1.75566716318264;
    b = b * x + 16.064177579207;
    b = b * x + 86.7807322029461;
    b = b * x + 296.564248779674;
    b = b * x + 637.333633378831;
    b = b * x + 793.826512519948;
    b = b * x + 440.413735824752;
    vd tail = vsel((vi)(x < vset(7.07)), e * a / b, vset(0));
    *density = e * 0.3989422804014327;
    return vsel((vi)(z > vset(0)), 1 - tail, tail);
}

#endif
