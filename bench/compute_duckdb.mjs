// The peer of bench/compute.sh: the same questions in DuckDB, all in one pass, in the better of two ways.
//     node compute_duckdb.mjs FOLDER THREADS QUESTIONS OUT
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const { DuckDBInstance } = createRequire(process.env.DUCKDB_FROM + "/")("@duckdb/node-api");
const [folder, threads, file, out] = process.argv.slice(2);
const questions = readFileSync(file, "utf8").trim().split("\n");
const db = await DuckDBInstance.create(`${folder}/rows.duckdb`, { threads });
const con = await db.connect();
const run = (sql) => con.run(sql);
const known = (await (await run("SELECT table_name FROM duckdb_tables()")).getRows()).length > 0;
if (!known) {
    await run(`CREATE TABLE given AS SELECT * FROM read_csv('${folder}/rows.csv', header = true)`);
    const names = (await (await run("SELECT column_name FROM duckdb_columns() WHERE table_name = 'given'")).getRows())
        .map((r) => r[0]);
    await run(`CREATE TABLE rows AS SELECT ${names.map((n) => `${n}::${n === "child" ? "INTEGER" : "USMALLINT"} AS ${n}`)}
        FROM given`);
    await run("DROP TABLE given");
    await run("CHECKPOINT");
}
const filtered = questions.map((q, i) => `count(*) FILTER (WHERE ${q}) AS q${i}`);
const summed = questions.map((q, i) => `sum((${q})::INTEGER) AS q${i}`);
const dims = "area, age, sex, origin, year, status";
const ways = [
    `CREATE OR REPLACE TEMP TABLE wide AS SELECT area, ${filtered} FROM rows GROUP BY area`,
    `CREATE OR REPLACE TEMP TABLE wide AS SELECT area, ${summed} FROM rows GROUP BY area`,
    // all combinations first, then the questions on these
    `CREATE OR REPLACE TEMP TABLE wide AS SELECT area, ${questions.map((q, i) => `sum(n) FILTER (WHERE ${q}) AS q${i}`)}
        FROM (SELECT ${dims}, count(*) AS n FROM rows GROUP BY ${dims}) GROUP BY area`,
];
let best = [Infinity, Infinity];
for (const [i, sql] of ways.entries()) {
    const start = performance.now(), cpu = process.cpuUsage();
    await run(sql);
    const took = (performance.now() - start) / 1000, { user, system } = process.cpuUsage(cpu);
    best = [Math.min(best[0], took), Math.min(best[1], (user + system) / 1e6)];
    process.stderr.write(`# duckdb, way ${i + 1}, ${threads} threads: ${took.toFixed(2)} s\n`);
}
await run(`COPY (${questions.map((_, i) => `SELECT ${i} AS q, area, q${i} AS n FROM wide WHERE q${i} > 0`).join(" UNION ALL ")})
    TO '${out}' (HEADER false)`);
console.log(best.map((s) => s.toFixed(4)).join(" "));
