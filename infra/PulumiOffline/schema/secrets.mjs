// Writes which inputs the official packages mark as secret, for every resource of theirs, into infra/Plan/Reading/secret-inputs.txt.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [typings, target] = process.argv.slice(2).map(p => path.resolve(p));
const require = createRequire(path.join(typings, "package.json"));

function* sources(folder) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== "node_modules") {
            yield* sources(full);
        } else if (entry.name.endsWith(".js")) {
            yield fs.readFileSync(full, "utf8");
        }
    }
}

const found = new Map();
const versions = [];
for (const name of ["aws", "kubernetes"]) {
    const manifest = require.resolve(`@pulumi/${name}/package.json`);
    versions.push(`@pulumi/${name} ${require(manifest).version}`);
    for (const source of sources(path.dirname(manifest))) {
        const type = /__pulumiType = '([^']+)'/.exec(source)?.[1];
        const marked = [...source.matchAll(/resourceInputs\["(\w+)"\] = (?:args\?\.\w+ \? )?(?:pulumi\.output\()?pulumi\.secret\(/g)].map(m => m[1]);
        const outputs = [...source.matchAll(/additionalSecretOutputs: \[([^\]]*)\]/g)].flatMap(m => [...m[1].matchAll(/"(\w+)"/g)].map(n => n[1]));
        if (type && marked.length + outputs.length > 0) {
            // A provider's type is the package's name.
            found.set(type.includes(":") ? type : `pulumi:providers:${type}`, [...new Set([...marked, ...outputs])].sort());
        }
    }
}
found.set("pulumi:providers:kubernetes", ["kubeconfig"]);

const lines = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, names]) => `${type} ${names.join(" ")}`);
fs.writeFileSync(target, `# Inputs that ${versions.join(" and ")} mark as secret. Written by infra/PulumiOffline/schema/update.\n${lines.join("\n")}\n`);
