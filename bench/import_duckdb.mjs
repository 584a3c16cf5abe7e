// The peer of bench/import.sh: DuckDB's read_csv of the same file into a table.
//     node import_duckdb.mjs FILE [THREADS]
// Prints seconds, processor seconds and MiB.
import { createRequire } from "node:module";
const { DuckDBInstance } = createRequire(process.env.DUCKDB_FROM + "/")("@duckdb/node-api");
const con = await (await DuckDBInstance.create(":memory:", { threads: process.argv[3] ?? "1" })).connect();
const at = performance.now(), cpu = process.cpuUsage();
await con.run(`CREATE TABLE t AS SELECT * FROM read_csv('${process.argv[2]}', header = true)`);
const used = process.cpuUsage(cpu);
console.log(((performance.now() - at) / 1e3).toFixed(2), ((used.user + used.system) / 1e6).toFixed(2),
            (process.resourceUsage().maxRSS / 1024).toFixed(0));
