// The peer of bench/import.sh: DuckDB's read_csv of the same file into a table.
//     node import_duckdb.mjs FILE
// Prints seconds and processor seconds.
import { createRequire } from "node:module";
const { DuckDBInstance } = createRequire(process.env.DUCKDB_FROM + "/")("@duckdb/node-api");
const con = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
const at = performance.now(), cpu = process.cpuUsage();
await con.run(`CREATE TABLE t AS SELECT * FROM read_csv('${process.argv[2]}', header = true)`);
const used = process.cpuUsage(cpu);
console.log(((performance.now() - at) / 1e3).toFixed(2), ((used.user + used.system) / 1e6).toFixed(2));
