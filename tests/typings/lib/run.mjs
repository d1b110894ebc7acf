import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

/** Runs the program with Pulumi's mocks and tells which resources, by type token and name, it declared. */
export async function declared(ts, require, source, work) {
    const pulumi = require("@pulumi/pulumi");
    const resources = [];
    await pulumi.runtime.setMocks({
        newResource: args => {
            resources.push({ type: args.type, name: args.name });
            return { id: `${args.name}-id`, state: args.inputs };
        },
        call: args => args.inputs,
    }, "typings", "typings", false);
    const file = path.join(work, "program.js");
    const { outputText } = ts.transpileModule(source.text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
    fs.writeFileSync(file, outputText);
    const made = createRequire(file)(file).declare();
    await Promise.all(made.map(resource => new Promise(resolve => resource.urn.apply(resolve))));
    await pulumi.runtime.disconnect();
    return resources;
}
