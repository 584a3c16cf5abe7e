#include "monitor/cell.h"

static const struct {
    const char *name, *sign;
} STATES[KZ_N_CELL_STATES] = {
    [KZ_CELL_SHOWN] = { "shown", "" },
    [KZ_CELL_ZERO] = { "zero", "–" },
    [KZ_CELL_BELOW_UNIT] = { "below_unit", "0" },
    [KZ_CELL_HIDDEN] = { "hidden", "." },
    [KZ_CELL_LATER] = { "later", "…" },
    [KZ_CELL_MEANINGLESS] = { "meaningless", "x" },
    [KZ_CELL_UNRELIABLE] = { "unreliable", "/" },
    [KZ_CELL_LIMITED] = { "limited", "()" },
    [KZ_CELL_PRELIMINARY] = { "preliminary", "p" },
    [KZ_CELL_REVISED] = { "revised", "r" },
    [KZ_CELL_ESTIMATED] = { "estimated", "s" },
};

const char *kz_cell_state_name(kz_cell_state s)
{
    KZ_ASSERT((unsigned)s < KZ_N_CELL_STATES);
    return STATES[s].name;
}

const char *kz_cell_state_sign(kz_cell_state s)
{
    KZ_ASSERT((unsigned)s < KZ_N_CELL_STATES);
    return STATES[s].sign;
}
