// Compiles and runs a rendered Plan against the official npm packages and checks its Kubernetes objects (docs/offline.md).
// Arguments: the folder with node_modules, the folder with program.ts and objects.json. Writes its findings to standard output.
import path from "node:path";
import { createRequire } from "node:module";
import { compile } from "./lib/compile.mjs";
import { closedValues } from "./lib/values.mjs";
import { declared } from "./lib/run.mjs";
import { objects } from "./lib/objects.mjs";

const [packages, work] = process.argv.slice(2).map(p => path.resolve(p));
const require = createRequire(path.join(packages, "package.json"));
const ts = require("typescript");

const { program, source, problems } = compile(ts, path.join(work, "program.ts"));
problems.push(...closedValues(ts, program, source));
problems.push(...objects(require, path.join(work, "objects.json")));
// What does not compile may not run either, and its findings say why.
const resources = problems.some(p => p.line !== undefined) ? [] : await declared(ts, require, source, work);
// Pulumi's runtime keeps timers, so it must be ended; but only when all is written: a pipe takes 64 KiB at a time.
process.stdout.write(JSON.stringify({ problems, resources }), () => process.exit(0));
