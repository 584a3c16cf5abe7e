// The peer of bench/cube.sh: the same questions in DuckDB, in the best of the ways that we know.
//     node cube_duckdb.mjs FOLDER THREADS base|full|distinct OUT
// Prints the seconds of the fastest way; OUT gets its cells, in nodes as bench_cube.c numbers them.
import { createRequire } from "node:module";
const { DuckDBInstance } = createRequire(process.env.DUCKDB_FROM + "/")("@duckdb/node-api");
const [folder, threads, what, out] = process.argv.slice(2);
const TOP = 8, MIDDLE = 60;
const db = await DuckDBInstance.create(`${folder}/rows.duckdb`, { threads });
const con = await db.connect();
const run = (sql) => con.run(sql);
await run(`SET temp_directory='${folder}'`);

// Columns as narrow as their values, as one would keep them.
const known = (await (await run("SELECT table_name FROM duckdb_tables()")).getRows()).length > 0;
if (!known) {
    await run(`CREATE TABLE given AS SELECT * FROM read_csv('${folder}/rows.csv', header = true)`);
    const names = (await (await run("SELECT column_name FROM duckdb_columns() WHERE table_name = 'given'")).getRows())
        .map((r) => r[0]);
    await run(`CREATE TABLE rows AS SELECT ${names.map((n) => `${n}::${n === "child" ? "INTEGER" : "USMALLINT"} AS ${n}`)}
        FROM given`);
    await run("DROP TABLE given");
    await run(`CREATE TABLE area AS SELECT * FROM read_csv('${folder}/area.csv', header = true)`);
    await run("CHECKPOINT");
}

const OTHERS = what === "distinct" ? ["age", "sex", "year"] : ["age", "sex", "origin", "year", "status"];
const AREA = `CASE WHEN grouping(top) = 1 THEN 0 WHEN grouping(middle) = 1 THEN 1 + top
    WHEN grouping(area) = 1 THEN ${1 + TOP} + middle ELSE ${1 + TOP + MIDDLE} + area END`;
const nodes = [`${AREA} AS area_node`, ...OTHERS.map((d) => `CASE WHEN grouping(${d}) = 1 THEN 0 ELSE ${d} + 1 END AS ${d}_node`)];
const SETS = `GROUP BY ROLLUP (top, middle, area), CUBE (${OTHERS})`;
const GROUP = `SELECT area, ${OTHERS}, count(*) AS n FROM rows GROUP BY area, ${OTHERS}`;

const ways = {
    base: [
        [`CREATE OR REPLACE TEMP TABLE result AS SELECT area + ${1 + TOP + MIDDLE} AS area_node,
            ${OTHERS.map((d) => `${d} + 1 AS ${d}_node`)}, n FROM (${GROUP})`],
    ],
    full: [
        // all grouping sets from the base table
        [`CREATE OR REPLACE TEMP TABLE base AS ${GROUP}`,
         `CREATE OR REPLACE TEMP TABLE result AS SELECT ${nodes}, sum(n) AS n FROM base JOIN area USING (area) ${SETS}`],
        // one dimension after the other, each from the table before
        [`CREATE OR REPLACE TEMP TABLE s0 AS SELECT area, middle, top, ${OTHERS.map((d) => `${d} + 1 AS ${d}_node`)}, n
            FROM (${GROUP}) JOIN area USING (area)`,
         ...["top, middle, area", "top, middle", "top", ""].map((keys, i) => {
             const left = i < 3 ? keys + "," : "", node = [`${1 + TOP + MIDDLE} + area`, `${1 + TOP} + middle`, "1 + top", "0"][i];
             const all = OTHERS.map((d) => d + "_node");
             return `CREATE OR REPLACE TEMP TABLE a${i} AS SELECT ${node} AS area_node, ${left} ${all}, sum(n) AS n
                 FROM ${i ? "a" + (i - 1) : "s0"} GROUP BY ${left} ${all}`;
         }),
         `CREATE OR REPLACE TEMP TABLE r0 AS SELECT area_node, ${OTHERS.map((d) => d + "_node")}, n FROM a0
            ${[1, 2, 3].map((i) => `UNION ALL SELECT area_node, ${OTHERS.map((d) => d + "_node")}, n FROM a${i}`).join(" ")}`,
         ...OTHERS.map((d, i) => {
             const rest = ["area", ...OTHERS].filter((o) => o !== d).map((o) => o + "_node");
             const order = ["area", ...OTHERS].map((o) => (o === d ? `0 AS ${o}_node` : o + "_node"));
             return `CREATE OR REPLACE TEMP TABLE r${i + 1} AS SELECT * FROM r${i}
                 UNION ALL SELECT ${order}, sum(n) AS n FROM r${i} GROUP BY ${rest}`;
         }),
         `CREATE OR REPLACE TEMP VIEW result AS SELECT * FROM r${OTHERS.length}`],
    ],
    distinct: [
        [`CREATE OR REPLACE TEMP TABLE result AS SELECT ${nodes}, count(DISTINCT child) AS n
            FROM rows JOIN area USING (area) ${SETS}`],
    ],
};

let best = [Infinity, Infinity];
for (const [i, way] of ways[what].entries()) {
    await run("DROP VIEW IF EXISTS result").catch(() => run("DROP TABLE IF EXISTS result"));
    await run("DROP TABLE IF EXISTS result").catch(() => {});
    const start = performance.now(), cpu = process.cpuUsage();
    for (const sql of way) await run(sql);
    const took = (performance.now() - start) / 1000, { user, system } = process.cpuUsage(cpu);
    const used = (user + system) / 1e6;
    best = [Math.min(best[0], took), Math.min(best[1], used)];
    process.stderr.write(`# duckdb ${what}, way ${i + 1}, ${threads} threads: ${took.toFixed(2)} s, processor ${used.toFixed(2)} s\n`);
}
if (out !== "-") await run(`COPY (SELECT * FROM result ORDER BY ALL) TO '${out}' (HEADER false)`);
console.log(best.map((s) => s.toFixed(4)).join(" "));
