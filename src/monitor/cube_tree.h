/*
 * cube_tree.h - the codes of a column as a tree in the order in which people read them.
 *
 *     kz_cube_tree t;
 *     KZ_TRY(kz_cube_tree_flat(codes, n, &arena, &t, err));                  // all below the whole
 *     KZ_TRY(kz_cube_tree_read("raum.csv", "zeilen.csv", "raum", codes, n, &arena, &t, err));  // as the file says
 *     use(t.label[t.node_of[i]], t.parent[t.node_of[i]]);                    // of codes[i]
 *
 * Node 0 is the whole and called Total.  Parents come before their children, brothers and sisters
 * in this order: whole numbers by value, then names by collate.h, equal ones by their bytes ("1" after "01").
 *
 * The file of a hierarchy is a table with the columns `code` and `parent`; the parent of the
 * highest codes is Total.  A line for Total itself may stand there, with empty parent.
 * Codes of the hierarchy that have no row below them are left out.
 *
 * Memory comes from the arena and lives as long.  O(n log n).
 */
#ifndef KZ_MONITOR_CUBE_TREE_H
#define KZ_MONITOR_CUBE_TREE_H

#include "base/arena.h"
#include "base/view.h"

#define KZ_CUBE_TOTAL "Total"

typedef struct kz_cube_tree {
    uint32_t        n_nodes;
    const kz_view  *label;   /* of each node                  */
    const uint32_t *parent;  /* NULL: flat                    */
    const uint32_t *node_of; /* node of each code as given    */
} kz_cube_tree;

/* A code of the data, and where it was met first. */
typedef struct kz_cube_code {
    kz_view  text;
    uint64_t line;
} kz_cube_code;

KZ_MUST_USE kz_status kz_cube_tree_flat(const kz_cube_code codes[], uint32_t n, kz_arena *a, kz_cube_tree *ret,
                                        kz_err *err);
/*
 * KZ_E_INPUT  not a tree with the root Total (a cycle, a second root, a code twice), or a code of the
 *             data is not in it or has others below it.  {file} and {line} are those of the
 *             hierarchy; of the data, `data` and {line}, where the data are wrong.
 */
KZ_MUST_USE kz_status kz_cube_tree_read(const char *path, const char *data, const char *column,
                                        const kz_cube_code codes[], uint32_t n, kz_arena *a, kz_cube_tree *ret,
                                        kz_err *err);

#endif
