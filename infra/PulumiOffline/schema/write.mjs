// Reads the typings and the sources of the official npm packages and writes what the generator needs (docs/offline.md).
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [typings, here] = process.argv.slice(2).map(p => path.resolve(p));
const require = createRequire(path.join(typings, "package.json"));
const ts = require("typescript");

const lines = fs.readFileSync(path.join(here, "resources.txt"), "utf8").split("\n")
    .filter(line => line.trim() !== "" && !line.startsWith("#")).map(line => line.trim().split(/\s+/));
const listed = lines.filter(([word]) => word !== "without").map(([pkg, module, name, ...facts]) =>
    // A fact without a type is about the listed one.
    ({ pkg, module, name, facts: facts.map(f => /^\w+\./.test(f) ? f : `${name.split(".").at(-1)}.${f}`) }));
const without = new Set(lines.filter(([word]) => word === "without").flatMap(([, pkg, ...members]) => members.map(m => `${pkg} ${m}`)));

const capital = word => word[0].toUpperCase() + word.slice(1);

class Package {
    constructor(name, entries) {
        this.name = name;
        this.entries = entries;
        this.root = path.dirname(require.resolve(`@pulumi/${name}/package.json`));
        this.version = require(`@pulumi/${name}/package.json`).version;
        this.net = name === "aws" ? "Pulumi.Aws" : "Pulumi.Kubernetes";
        this.facts = entries.flatMap(e => e.facts);
        // How .NET writes a module's name is told by the listed names: lb is LB.
        this.modules = new Map(entries.filter(e => e.module.includes("/")).map(e =>
            [path.dirname(e.module).replaceAll("/", "."), e.name.split(".").slice(2, -1).join(".")]));
        this.nested = { input: this.namespaces("types/input.d.ts"), output: this.namespaces("types/output.d.ts") };
        this.blocks = new Map();
        this.queue = [];
    }

    source(file) {
        const full = path.join(this.root, file);
        return ts.createSourceFile(full, fs.readFileSync(full, "utf8"), ts.ScriptTarget.Latest, true);
    }

    // Every interface of a types file by its dotted name.
    namespaces(file) {
        const found = new Map();
        const walk = (node, prefix) => ts.forEachChild(node, child => {
            if (ts.isInterfaceDeclaration(child)) {
                found.set([...prefix, child.name.text].join("."), child);
            } else if (ts.isModuleDeclaration(child)) {
                walk(child.body, [...prefix, child.name.text]);
            }
        });
        walk(this.source(file), []);
        return found;
    }

    module(dotted) {
        return dotted === "" ? "" : this.modules.get(dotted) ?? dotted.split(".").map(capital).join(".");
    }

    // The .NET name of a nested type: lb.TargetGroupHealthCheck is LB.Inputs.TargetGroupHealthCheckArgs.
    nestedName(kind, dotted) {
        const parts = dotted.split(".");
        let name = parts.pop();
        const module = this.module(parts.join("."));
        if (this.name === "kubernetes") {
            const where = kind === "output" ? "Outputs" : "Inputs";
            return [this.net, "Types", where, module || "Provider", kind === "output" ? name : `${name}Args`].join(".");
        }
        const lookup = name.startsWith("Get");
        if (kind === "output") {
            name += lookup ? "Result" : "";
        } else {
            name = lookup && name.endsWith("Args") ? name.replace(/Args$/, "InputArgs") : `${name}Args`;
        }
        return [this.net, module, kind === "output" ? "Outputs" : "Inputs", name].filter(p => p).join(".");
    }

    // kind: input (Input<T>), plain (arguments of a prompt lookup) or output.
    type(node, kind, number) {
        if (ts.isParenthesizedTypeNode(node)) return this.type(node.type, kind, number);
        if (ts.isUnionTypeNode(node)) {
            const kinds = node.types.filter(t => t.kind !== ts.SyntaxKind.UndefinedKeyword);
            // What comes back is a string, whether it is a known value or not.
            const enums = t => kind === "output" && ts.isTypeReferenceNode(t) && t.typeName.getText().startsWith("enums.");
            const known = [...new Set(kinds.map(t => enums(t) ? "string" : this.type(t, kind, number)))];
            // A resource may stand for its ARN; in .NET only the ARN can be given.
            const given = known.filter(t => t !== "resource");
            return given.join("|");
        }
        if (ts.isArrayTypeNode(node)) return `[${this.type(node.elementType, kind, number)}]`;
        if (ts.isTypeLiteralNode(node)) return `{${this.type(node.members[0].type, kind, number)}}`;
        if (ts.isLiteralTypeNode(node)) return "string";
        if (ts.isTypeReferenceNode(node)) {
            const name = node.typeName.getText();
            if (/^pulumi\.(Input|Output)$/.test(name)) return this.type(node.typeArguments[0], kind, number);
            if (name === "pulumi.ID" || name === "ARN") return "string";
            const [space, ...rest] = name.split(".");
            if (space === "inputs" || space === "outputs") return this.reference(kind === "output" ? "output" : kind, rest.join("."));
            if (space === "enums") return this.enumeration(rest);
            return "resource";
        }
        switch (node.kind) {
            case ts.SyntaxKind.StringKeyword: return "string";
            case ts.SyntaxKind.BooleanKeyword: return "bool";
            case ts.SyntaxKind.NumberKeyword: return number;
            case ts.SyntaxKind.AnyKeyword: return "json";
        }
        throw new Error(`no .NET type for ${node.getText()}`);
    }

    reference(kind, dotted) {
        const name = this.nestedName(kind, dotted);
        const key = `${kind} ${name}`;
        if (!this.blocks.has(key)) {
            this.blocks.set(key, null);
            this.queue.push({ key, kind, dotted, name });
        }
        return name;
    }

    enumeration(parts) {
        const name = [this.net, this.module(parts.slice(0, -1).join(".")), parts.at(-1)].join(".");
        if (!this.blocks.has(`enum ${name}`)) {
            const file = this.source(path.join("types/enums", ...parts.slice(0, -1), "index.d.ts"));
            const declaration = file.statements.filter(ts.isVariableStatement).flatMap(s => [...s.declarationList.declarations])
                .find(d => d.name.text === parts.at(-1));
            this.blocks.set(`enum ${name}`, {
                head: `enum ${name}`,
                lines: declaration.type.members.map(m => `${m.name.text} ${m.type.literal.text}`),
            });
        }
        return name;
    }

    fields(members, kind, owner, source = "") {
        const left = name => without.has(`${this.name} ${owner}.${name}`) || kind !== "output" && without.has(`${this.name} ${owner}Args.${name}`);
        return members.filter(m => (ts.isPropertySignature(m) || ts.isPropertyDeclaration(m)) && !left(m.name.text)).map(m => {
            const wire = m.name.text;
            const facts = this.facts.filter(f => f.replace(/[:=].*/, "") === `${owner}.${wire}`);
            const number = facts.some(f => f.endsWith(":double")) ? "double" : "int";
            const optional = m.questionToken !== undefined || /\bOutput<[^]*\| undefined>$/.test(m.type.getText());
            const line = [wire, this.type(m.type, kind, number)];
            const rename = facts.find(f => f.includes("="))?.split("=")[1];
            const pascal = capital(wire);
            if (rename || pascal === owner) line.push(`name=${rename ?? `${pascal}Value`}`);
            const assigned = source.match(new RegExp(`resourceInputs\\["${wire}"\\] = (.*args.*);`))?.[1] ?? "";
            if (kind === "output") {
                if (optional) line.push("optional");
            } else if (!facts.some(f => f.endsWith(":optional")) && (source ? source.includes(`args?.${wire} === undefined`) : !optional)) {
                line.push("required");
            }
            if (assigned.includes("JSON.stringify")) line.push("json");
            if (assigned.includes("pulumi.secret(")) line.push("secret");
            const fixed = assigned.match(/\?\? ("[^"]*"|true|false)[;)]?/)?.[1];
            if (fixed) line.push(`default=${fixed}`);
            const environment = assigned.match(/utilities\.getEnv(Boolean)?\(([^)]*)\)/);
            if (environment) line.push(`environment=${environment[2].replaceAll(/[" ]/g, "")}`);
            return line.join(" ");
        });
    }

    drain() {
        while (this.queue.length > 0) {
            const { key, kind, dotted, name } = this.queue.shift();
            const declaration = this.nested[kind === "output" ? "output" : "input"].get(dotted);
            if (!declaration) throw new Error(`${dotted} is not in types/${kind}.d.ts`);
            const owner = dotted.split(".").at(-1);
            const word = kind === "output" ? "output" : kind === "plain" ? "plain" : "args";
            const open = this.name === "kubernetes" && kind !== "output" ? " open" : "";
            this.blocks.set(key, { head: `${word} ${name}${open}`, lines: this.fields(declaration.members, kind, owner) });
        }
    }

    resource(entry, file, source) {
        const owner = entry.name.split(".").at(-1);
        const declaration = file.statements.find(s => ts.isClassDeclaration(s) && s.name.text === owner);
        const args = file.statements.find(s => ts.isInterfaceDeclaration(s) && s.name.text === `${owner}Args`);
        const parameter = declaration.members.find(ts.isConstructorDeclaration).parameters[1];
        const kube = this.name === "kubernetes" && entry.module !== "provider";
        const argsName = kube ? entry.name.replace("Pulumi.Kubernetes.", "Pulumi.Kubernetes.Types.Inputs.") + "Args" : `${entry.name}Args`;
        const head = ["resource", entry.name, source.match(/__pulumiType = '([^']*)'/)[1], argsName];
        const required = source.match(/args\?\.\w+ === undefined/) !== null;
        if (parameter.questionToken || !required) head.push("optional");
        for (const [, wire, value] of source.matchAll(/resourceInputs\["(apiVersion|kind)"\] = "([^"]*)"/g)) head.push(`${wire}=${value}`);
        const secrets = source.match(/additionalSecretOutputs: \[([^\]]*)\]/)?.[1];
        if (secrets) head.push(`secrets=${secrets.replaceAll(/[" ]/g, "")}`);
        const outputs = declaration.members.filter(m => ts.isPropertyDeclaration(m) && m.type && /^pulumi\.Output</.test(m.type.getText()));
        this.blocks.set(entry.name, { head: head.join(" "), lines: this.fields(outputs, "output", owner) });
        this.blocks.set(argsName, { head: `args ${argsName}${kube ? " open" : ""}`, lines: this.fields(args.members, "input", owner, source) });
    }

    lookup(entry, file, source) {
        const owner = entry.name.split(".").at(-1);
        const members = name => [...(file.statements.find(s => ts.isInterfaceDeclaration(s) && s.name.text === name)?.members ?? [])];
        const token = source.match(/invoke(?:Output)?\("([^"]*)"/)[1];
        const plain = this.fields(members(`${owner}Args`), "plain", owner);
        const inputs = this.fields(members(`${owner}OutputArgs`), "input", owner);
        const optional = [...plain].every(line => !line.includes(" required")) ? " optional" : "";
        this.blocks.set(entry.name, { head: `function ${entry.name} ${token}${optional}`, lines: [] });
        this.blocks.set(`${entry.name}Args`, { head: `plain ${entry.name}Args`, lines: plain });
        this.blocks.set(`${entry.name}InvokeArgs`, { head: `lookup ${entry.name}InvokeArgs`, lines: inputs });
        this.blocks.set(`${entry.name}Result`, { head: `output ${entry.name}Result`, lines: this.fields(members(`${owner}Result`), "output", owner) });
    }

    write() {
        for (const entry of this.entries) {
            const file = this.source(`${entry.module}.d.ts`);
            const source = fs.readFileSync(path.join(this.root, `${entry.module}.js`), "utf8");
            if (path.basename(entry.module).startsWith("get")) this.lookup(entry, file, source);
            else this.resource(entry, file, source);
        }
        this.drain();
        const blocks = [...this.blocks.values()].sort((a, b) => a.head.split(" ")[1] < b.head.split(" ")[1] ? -1 : 1);
        const shorten = text => text.replaceAll(`${this.net}.`, "~");
        const text = [
            `# Written by ./update from @pulumi/${this.name} ${this.version}; change resources.txt instead. ~ is ${this.net}.`,
            `package ${this.net} ${this.version}`,
            ...blocks.flatMap(b => [shorten(b.head), ...b.lines.map(line => ` ${shorten(line)}`)]),
        ];
        fs.writeFileSync(path.join(here, `${this.name}.schema`), text.join("\n") + "\n");
        console.log(`${this.name}.schema: ${blocks.length} types`);
    }
}

for (const name of [...new Set(listed.map(e => e.pkg))]) {
    new Package(name, listed.filter(e => e.pkg === name)).write();
}
